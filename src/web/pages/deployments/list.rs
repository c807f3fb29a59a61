//! The list of deployments (D-DEPLOY-07).

use maud::html;

use crate::app::computers::{Cursor, Named, Sorted};
use crate::app::deployments::{DeploymentOrder, DeploymentQuery, DeploymentRow};
use crate::catalogue::Lang;
use crate::domain::account::{Action as Right, Model};
use crate::domain::deployment::Source;
use crate::domain::project::Project;
use crate::domain::schedule::Standing;
use crate::t;
use crate::web::components::filters::{Filter, Filters, yes_no};
use crate::web::components::form::Choice;
use crate::web::components::list::List;
use crate::web::components::panel::link_button;
use crate::web::components::progress;
use crate::web::components::status::{Level, badge, enabled};
use crate::web::components::table::{Action, Order, Row, Selection, Table, column};
use crate::web::error::PageResult;
use crate::web::layout::Frame;
use crate::web::pages::{paging, project_filter};
use crate::web::related;
use crate::web::urls::{self, Query};
use crate::web::visit::Visit;

/// What the list shows.
pub struct View {
    pub deployments: Vec<DeploymentRow>,
    pub next: Option<String>,
    pub projects: Vec<Project>,
    /// Names of the schedules there are.
    pub schedules: Vec<String>,
    pub today: jiff::civil::Date,
}

/// Renders the list.
pub fn page<'a>(frame: &'a Frame, query: &'a Query, view: &'a View) -> List<'a> {
    let lang = frame.lang();
    let table = Table {
        lang,
        caption: t!(lang, "nav-deployments"),
        columns: vec![
            column(lang, "name").sortable("name"),
            column(lang, "project").sortable("project"),
            column(lang, "source").sortable("source"),
            column(lang, "enabled").sortable("enabled"),
            column(lang, "start-date").sortable("start-date"),
            column(lang, "schedule").sortable("schedule"),
            column(lang, "included-attributes"),
            column(lang, "packages").number().sortable("packages"),
            column(lang, "computers").number(),
        ],
        rows: view.deployments.iter().map(|row| line(frame, row, view.today)).collect(),
        order: Some(Order::of(query)),
        selection: Some(selection(frame)),
        empty: t!(lang, "deployments-empty"),
    };
    let filters = Filters {
        lang,
        query,
        filters: vec![
            Filter::Search(t!(lang, "deployments-search")),
            project_filter::filter(lang, &view.projects),
            Filter::Choice {
                name: "enabled",
                label: t!(lang, "field-enabled"),
                options: yes_no(t!(lang, "ui-enabled"), t!(lang, "ui-disabled")),
            },
            Filter::Choice {
                name: "domain",
                label: t!(lang, "field-domain"),
                options: domains(frame),
            },
            Filter::Choice {
                name: "source",
                label: t!(lang, "field-source"),
                options: [Source::Internal, Source::External]
                    .map(|source| Choice::new(source.as_str(), source_name(lang, source)))
                    .into(),
            },
            Filter::Choice {
                name: "schedule",
                label: t!(lang, "field-schedule"),
                options: view.schedules.iter().map(|name| Choice::plain(name)).collect(),
            },
            Filter::Choice {
                name: "show",
                label: t!(lang, "packages-show"),
                options: vec![Choice::new("regenerating", t!(lang, "deployments-regenerating"))],
            },
            Filter::Choice {
                name: "timeline",
                label: t!(lang, "field-timeline"),
                options: [Standing::Active, Standing::Finished]
                    .map(|one| (one.as_str(), t!(lang, &format!("timeline-{}", one.as_str()))))
                    .map(|(value, text)| Choice::new(value, text))
                    .into(),
            },
        ],
    };
    let actions = html! {
        @if frame.may(Model::Deployment, Right::Add) {
            @let new = urls::new(urls::DEPLOYMENTS);
            @let external = urls::filtered(&new, "source", Source::External.as_str());
            (link_button(&new, "plus", &t!(lang, "deployment-new")))
            (link_button(&external, "plus", &t!(lang, "deployment-new-external")))
        }
    };
    List::new(table).filtered(filters).paged(view.next.as_deref()).with_actions(actions)
}

/// The domains whose deployments are in sight.
fn domains(frame: &Frame) -> Vec<Choice> {
    let choices = &frame.choices;
    let in_sight = |one: &&Named| choices.domain.is_none_or(|domain| domain.0 == one.id);
    let domains = choices.domains.iter().filter(in_sight);
    domains.map(|one| Choice::plain(&one.name)).collect()
}

fn line(frame: &Frame, row: &DeploymentRow, today: jiff::civil::Date) -> Row {
    let lang = frame.lang();
    let deployment = &row.listed.deployment;
    let cells = vec![
        html! {
            a href=(urls::object(urls::DEPLOYMENTS, deployment.id)) { (deployment.name) }
            @if let Some(domain) = &row.domain { " " (badge(Level::Info, domain)) }
        },
        html! { (row.listed.project) },
        html! { (source_name(lang, deployment.source())) },
        enabled(lang, deployment.enabled),
        html! {
            // One box, since on a narrow screen a cell lays its boxes below each other.
            div {
                span.nowrap { (deployment.start_date) }
                @if deployment.start_date > today {
                    " " (badge(Level::Info, &t!(lang, "deployment-later")))
                }
            }
        },
        html! {
            @if let Some(name) = &row.listed.schedule {
                (progress::folded(lang, name, row.timeline.as_ref()))
            }
        },
        html! {
            ul.chips {
                @for name in &row.included_attributes { li { (name) } }
                @for name in &row.excluded_attributes { li.out { (name) } }
            }
        },
        html! { (row.listed.packages) },
        html! { (row.computers) },
    ];
    Row::new("deployment", deployment.id, cells)
}

/// Where packages come from, in words.
pub fn source_name(lang: Lang, source: Source) -> String {
    t!(
        lang,
        match source {
            Source::Internal => "source-internal",
            Source::External => "source-external",
        }
    )
}

fn selection(frame: &Frame) -> Selection<'_> {
    let lang = frame.lang();
    let action = |name, key, danger| Action { name, label: t!(lang, key), danger };
    let mut actions = Vec::new();
    if frame.may(Model::Deployment, Right::Change) {
        actions.push(action("enable", "ui-enable", false));
        actions.push(action("disable", "ui-disable", false));
        actions.push(action("publish", "deployments-publish", false));
    }
    if frame.may(Model::Deployment, Right::Delete) {
        actions.push(action("delete", "ui-delete", true));
    }
    Selection { url: urls::selection(urls::DEPLOYMENTS), csrf: &frame.csrf, actions, extra: None }
}

/// `GET /deployments`.
pub async fn list(visit: Visit) -> PageResult {
    let query = visit.query.clone();
    let frame = visit.frame().await?;
    let limit = frame.page_size;
    let projects = visit.if_allowed(visit.app.projects(visit.actor()).await)?;
    let wanted = DeploymentQuery {
        project: project_filter::chosen(&query, &projects),
        enabled: match query.get("enabled") {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        },
        domain: query.find("domain").map(str::to_owned),
        source: query.find("source").and_then(Source::parse),
        schedule: query.find("schedule").map(str::to_owned),
        regenerating: query.get("show") == "regenerating",
        related: related::wanted(&visit),
        standing: query.find("timeline").and_then(Standing::parse),
        search: query.find("q").map(|text| text.trim().to_owned()),
        sorted: Sorted::parse(query.get("sort"), DeploymentOrder::parse),
        after: query.cursor().and_then(Cursor::parse),
        limit: limit + 1,
    };
    let found = visit.app.deployments(visit.actor(), wanted).await?;
    let (deployments, next) = paging::split(found, limit, |row| row.listed.cursor.to_string());
    let today = visit.app.today(visit.actor().at);
    let schedules = visit.if_allowed(visit.app.schedule_names(visit.actor()).await)?;
    let schedules = schedules.into_iter().map(|one| one.name).collect();
    let view = View { deployments, next, projects, schedules, today };
    visit.list(&frame, page(&frame, &query, &view))
}
