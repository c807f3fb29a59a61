//! One deployment: what it gives, to whom, and the repository that computers read.

use actix_web::HttpRequest;
use actix_web::web::Path;
use jiff::Timestamp;
use maud::{Markup, html};

use crate::app::deployments::{DeploymentDetail, ReachedComputer};
use crate::app::external_cache::Usage;
use crate::app::timelines::DeploymentTimeline;
use crate::domain::account::{Action, Model};
use crate::domain::attribute::ALL_SYSTEMS;
use crate::domain::ids::{AttributeId, DeploymentId};
use crate::domain::pms::Pms;
use crate::domain::status::Status;
use crate::domain::text::package_list;
use crate::formats::apt::SourceLine;
use crate::formats::yum::Section;
use crate::http::paths;
use crate::t;
use crate::web::components::code::code;
use crate::web::components::facts::Facts;
use crate::web::components::panel::{card, link_button, post_button, table_card};
use crate::web::components::progress;
use crate::web::components::related::Related;
use crate::web::components::status::{Level, badge, enabled, status};
use crate::web::components::table::{Row, Table, column, pager};
use crate::web::components::time::time_or_dash;
use crate::web::error::PageResult;
use crate::web::layout::{Content, Frame};
use crate::web::pages::deployments::is_own;
use crate::web::pages::paging;
use crate::web::urls::{self, Query};
use crate::web::visit::Visit;

use super::timeline::timeline;
use super::{external, list};

/// File names shown here; all of them are in the packages information.
const SHOWN: usize = 60;

/// Where the migas client keeps the key of the site's repositories.
const KEYRING: &str = "/etc/apt/keyrings/migas.asc";

/// What the page shows.
pub struct View {
    pub detail: DeploymentDetail,
    /// With a schedule that has delays, for whoever may see computers.
    pub timeline: Option<DeploymentTimeline>,
    /// Computers it is for, a page of them.
    pub computers: Vec<ReachedComputer>,
    pub next: Option<String>,
    /// What stands in `sources.list` or a `.repo` file, where this site makes the repository.
    pub source: Option<String>,
    /// What the cache of an external one holds.
    pub cache: Option<Usage>,
    pub today: jiff::civil::Date,
}

/// Renders the page.
pub fn page(frame: &Frame, query: &Query, view: &View) -> Markup {
    let lang = frame.lang();
    let (detail, deployment) = (&view.detail, &view.detail.deployment);
    let computers =
        Related::new(lang, "nav-computers", count(detail.computers), "#computers".into());
    let contents = urls::browse(&detail.project, "REPOSITORIES", &deployment.slug);
    let contents = Related::view(lang, "nav-packages-information", contents);
    let is_ours = deployment.external.is_none();
    let views = [computers].into_iter().chain(is_ours.then_some(contents)).collect();
    let body = html! {
        div.columns {
            (card(&t!(lang, "deployment-summary"), facts(frame, view)))
            (card(&t!(lang, "nav-packages"), packages(frame, detail)))
        }
        @if let Some(view) = &view.timeline { (timeline(lang, view)) }
        @if let Some(external) = &deployment.external {
            div.columns {
                (card(&t!(lang, "deployment-source"), external::facts(lang, external)))
                @if let Some(usage) = view.cache {
                    (card(&t!(lang, "deployment-cache"),
                        external::cache(frame, deployment.id, usage)))
                }
            }
        }
        @if let Some(source) = &view.source {
            (card(&t!(lang, "deployment-repository"), html! {
                p.soft { (t!(lang, "deployment-repository-text")) }
                (code(source))
            }))
        }
        (reached(frame, query, view))
    };
    let content = Content::new(deployment.name.clone(), body);
    let content = content.below(urls::DEPLOYMENTS, t!(lang, "nav-deployments")).with_views(views);
    frame.page(content.with_actions(actions(frame, view)))
}

fn actions(frame: &Frame, view: &View) -> Markup {
    let (lang, deployment) = (frame.lang(), &view.detail.deployment);
    let url = |part| urls::part(urls::DEPLOYMENTS, deployment.id, part);
    let (key, value) = if deployment.enabled { ("ui-disable", "no") } else { ("ui-enable", "yes") };
    html! {
        @let own = is_own(frame, deployment.domain);
        @if own && frame.may(Model::Deployment, Action::Change) {
            (link_button(&url("edit"), "edit", &t!(lang, "ui-edit")))
            (post_button(&url("enabled"), &frame.csrf, &t!(lang, key), &[("enabled", value)]))
        }
        @if frame.may(Model::Deployment, Action::Change)
            && !view.detail.available_packages.is_empty()
        {
            (link_button(&url("move"), "next", &t!(lang, "move-packages")))
        }
        @if frame.may(Model::Deployment, Action::Add) {
            @let copy = urls::filtered(&urls::new(urls::DEPLOYMENTS), "from", deployment.id);
            (link_button(&copy, "plus", &t!(lang, "deployment-copy")))
        }
        @if own && frame.may(Model::Deployment, Action::Delete) {
            (link_button(&url("delete"), "delete", &t!(lang, "ui-delete")))
        }
    }
}

fn facts(frame: &Frame, view: &View) -> Facts {
    let lang = frame.lang();
    let (detail, deployment) = (&view.detail, &view.detail.deployment);
    let start = html! {
        (deployment.start_date)
        @if deployment.start_date > view.today {
            " " (badge(Level::Info, &t!(lang, "deployment-later")))
        }
    };
    let schedule = detail.schedule.as_ref().map(|schedule| {
        html! {
            a href=(urls::object(urls::SCHEDULES, schedule.id)) { (schedule.name) }
            @if let Some(timeline) = &detail.timeline { (progress::summary(lang, timeline)) }
        }
    });
    let included: Vec<AttributeId> = deployment.target.included.iter().copied().collect();
    let excluded: Vec<AttributeId> = deployment.target.excluded.iter().copied().collect();
    let some = |chips: Markup, none: bool| (!none).then_some(chips);
    Facts::new(lang)
        .add("project", detail.project.as_str())
        .add_some("domain", detail.domain.as_deref())
        .add("source", list::source_name(lang, deployment.source()))
        .add("enabled", enabled(lang, deployment.enabled))
        .add("start-date", start)
        .add_some("schedule", schedule)
        .add_some(
            "included-attributes",
            some(chips(&included, &detail.included_attributes), included.is_empty()),
        )
        .add_some(
            "excluded-attributes",
            some(chips(&excluded, &detail.excluded_attributes), excluded.is_empty()),
        )
        .add_text("comment", &deployment.comment)
        .add("repository", html! { span.mono { (deployment.slug) } })
}

/// Names with links; the operation gives them in the order of the ids.
fn chips(ids: &[AttributeId], names: &[String]) -> Markup {
    html! {
        ul.chips {
            @for (id, name) in ids.iter().zip(names) {
                li {
                    @if *id == ALL_SYSTEMS {
                        (name)
                    } @else {
                        a href=(urls::object(urls::ATTRIBUTES, id)) { (name) }
                    }
                }
            }
        }
    }
}

fn packages(frame: &Frame, detail: &DeploymentDetail) -> Markup {
    let (lang, lists) = (frame.lang(), &detail.deployment.lists);
    let names = &detail.available_packages;
    let more = i64::try_from(names.len().saturating_sub(SHOWN)).unwrap_or(i64::MAX);
    let available = (!names.is_empty()).then(|| {
        html! {
            ul.chips { @for name in names.iter().take(SHOWN) { li.mono { (name) } } }
            @if more > 0 {
                p {
                    a href=(urls::browse(&detail.project, "REPOSITORIES", &detail.deployment.slug)) {
                        (t!(lang, "deployment-more-packages", count = more))
                    }
                }
            }
        }
    });
    let list = |text: &str| {
        let names = package_list(text);
        (!names.is_empty())
            .then(|| html! { ul.chips { @for name in names { li.mono { (name) } } } })
    };
    let is_ours = detail.deployment.external.is_none();
    let nothing =
        is_ours && names.is_empty() && lists.install.is_empty() && lists.remove.is_empty();
    let facts = Facts::new(lang)
        .add_some("available-packages", available)
        .add_some("packages-to-install", list(&lists.install))
        .add_some("packages-to-remove", list(&lists.remove))
        .add_some("default-preincluded-packages", list(&lists.default_preincluded_packages))
        .add_some("default-included-packages", list(&lists.default_included_packages))
        .add_some("default-excluded-packages", list(&lists.default_excluded_packages));
    html! {
        @if nothing { p.soft { (t!(lang, "deployment-no-packages")) } }
        (facts)
    }
}

/// Who gets it: how many today, and which computers match whatever the date.
fn reached(frame: &Frame, query: &Query, view: &View) -> Markup {
    let (lang, deployment) = (frame.lang(), &view.detail.deployment);
    let rows = view.computers.iter().map(|ReachedComputer { computer, since }| {
        let at = computer.synchronised_at.and_then(|at| Timestamp::from_millisecond(at).ok());
        let cells = vec![
            html! { a href=(urls::object(urls::COMPUTERS, computer.id)) { (computer.name) } },
            match Status::parse(&computer.status) {
                Some(known) => status(lang, known),
                None => html! { (computer.status) },
            },
            html! { span.nowrap { (since) } },
            time_or_dash(&frame.reader, at),
        ];
        Row::new("computer", computer.id, cells)
    });
    let table = Table {
        lang,
        caption: t!(lang, "nav-computers"),
        columns: ["computer", "status", "since", "sync-end-date"]
            .map(|name| column(lang, name))
            .into(),
        rows: rows.collect(),
        order: None,
        selection: None,
        empty: t!(lang, "deployment-reaches-nobody"),
    };
    let now = t!(lang, "deployment-reaches", count = view.detail.computers);
    let today = |reached: &ReachedComputer| reached.since <= view.today;
    let later = !deployment.enabled || !view.computers.iter().all(today);
    html! {
        div id="computers" {
            (table_card(&t!(lang, "deployment-who"), None, html! {
                p.inset {
                    (now)
                    @if later { " " (t!(lang, "deployment-reaches-later")) }
                }
                @if frame.may(Model::Computer, Action::View) { (table) }
            }))
            (pager(lang, query, view.computers.len(), view.next.as_deref()))
        }
    }
}

/// `GET /deployments/{id}`.
pub async fn show(visit: Visit, id: Path<DeploymentId>, request: HttpRequest) -> PageResult {
    let query = visit.query.clone();
    let limit = visit.frame().await?.page_size;
    let detail = visit.app.deployment(visit.actor(), *id).await?;
    let after = query.number("cursor").unwrap_or_default();
    let found = visit.app.deployment_computers(visit.actor(), *id, after, limit + 1).await;
    let (computers, next) =
        paging::split(visit.if_allowed(found)?, limit, |reached: &ReachedComputer| {
            reached.computer.id.to_string()
        });
    let is_served = detail.generation.is_some() || detail.deployment.external.is_some();
    let source = is_served.then(|| source(&request, &detail));
    let cache = match detail.deployment.external {
        Some(_) => Some(visit.app.external_usage(visit.actor(), *id).await?),
        None => None,
    };
    let today = visit.app.today(visit.actor().at);
    let timeline = visit.app.deployment_timeline(visit.actor(), *id).await;
    let timeline = visit.if_allowed(timeline)?;
    let view = View { detail, timeline, computers, next, source, cache, today };
    visit.show(|frame| page(frame, &query, &view)).await
}

/// What the client writes (D-REPO-02), with the host that this page was asked from.
fn source(request: &HttpRequest, detail: &DeploymentDetail) -> String {
    let host = request.connection_info();
    let server = format!("{}://{}", host.scheme(), host.host());
    let slug = &detail.deployment.slug;
    if let Some(external) = &detail.deployment.external {
        let path = paths::external(&detail.project, slug);
        let address = format!("{server}{}", path.trim_end_matches('/'));
        return external::source(&address, slug, detail.pms, external);
    }
    match detail.pms {
        Pms::AptGet | Pms::Msi => {
            let project = paths::segment(&detail.project);
            let uri = format!("{server}/public/{project}/REPOSITORIES");
            let (signed_by, suite) = (Some(KEYRING), slug.as_str());
            SourceLine { signed_by, check_date: false, uri: &uri, suite, component: "PKGS" }
                .to_string()
        }
        Pms::Yum | Pms::Zypper => {
            let path = paths::repository(&detail.project, detail.pms, slug);
            let base_url = format!("{server}{}", path.trim_end_matches('/'));
            let key_url = format!("{server}/get_key_repositories");
            Section { slug, base_url: &base_url, key_url: Some(&key_url) }.to_string()
        }
    }
}

fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}
