//! The form of a deployment. Its lists can be long: packages and attributes are searched, and
//! what is ticked joins them.

use actix_web::web::Path;
use maud::{Markup, html};

use crate::app::AppError;
use crate::app::deployments::{DeploymentChange, DeploymentDetail};
use crate::domain::account::{Action, Model};
use crate::domain::deployment::Source;
use crate::domain::external::External;
use crate::domain::ids::{DeploymentId, DomainId};
use crate::http::forms::Fields;
use crate::t;
use crate::web::components::form::{Choice, Form, Problems};
use crate::web::components::lookup::{Lookup, enter_button, sought_name};
use crate::web::error::{PageResult, problems};
use crate::web::flash::Flash;
use crate::web::layout::{Content, Frame};
use crate::web::pages::deployments::is_own;
use crate::web::pages::lookups::{self, Search, Searches};
use crate::web::urls;
use crate::web::visit::{Post, Visit};

use super::external;

/// Fields with a search.
const SEARCHED: [&str; 3] = ["included_attributes", "excluded_attributes", "available_packages"];

/// What is typed about a deployment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed {
    pub name: String,
    pub project: String,
    /// Name of its domain, empty: of none; absent where the form does not ask.
    pub domain: Option<String>,
    pub enabled: bool,
    pub start_date: String,
    /// Name of the schedule, empty for none.
    pub schedule: String,
    pub comment: String,
    /// `PREFIX-value`, one in a line.
    pub included_attributes: String,
    pub excluded_attributes: String,
    /// File names, one in a line.
    pub available_packages: String,
    pub packages_to_install: String,
    pub packages_to_remove: String,
    pub default_preincluded_packages: String,
    pub default_included_packages: String,
    pub default_excluded_packages: String,
    /// The source of an external one.
    pub external: Option<external::Typed>,
}

/// The form.
pub struct View {
    pub id: Option<DeploymentId>,
    /// Its domain as it is stored.
    pub domain: Option<DomainId>,
    pub typed: Typed,
    /// Names of the projects a new one may be in.
    pub projects: Vec<String>,
    /// Names of the schedules there are.
    pub schedules: Vec<String>,
    /// Domains it may be of.
    pub domains: Vec<Choice>,
    pub searches: Searches,
    pub problems: Problems,
}

/// Renders the form.
pub fn page(frame: &Frame, view: &View) -> Markup {
    let lang = frame.lang();
    let action = if view.id.is_some() { Action::Change } else { Action::Add };
    let own = view.id.is_none() || is_own(frame, view.domain);
    let writable = own && frame.may(Model::Deployment, action);
    let form = Form { lang, csrf: &frame.csrf, problems: &view.problems, writable };
    let (url, back) = match view.id {
        Some(id) => {
            (urls::part(urls::DEPLOYMENTS, id, "edit"), urls::object(urls::DEPLOYMENTS, id))
        }
        None => (urls::DEPLOYMENTS.to_owned(), urls::DEPLOYMENTS.to_owned()),
    };
    let fields = html! {
        (enter_button())
        (about(form, view))
        @if let Some(typed) = &view.typed.external { (external::fields(form, typed)) }
        (whom(form, view))
        (packages(form, view))
    };
    let source = if view.typed.external.is_some() { Source::External } else { Source::Internal };
    let body = html! {
        @if view.id.is_none() { (external::chooser(form, source)) }
        (form.frame(&url, fields, form.save_or(&back)))
    };
    let content =
        |title| Content::new(title, body).below(urls::DEPLOYMENTS, t!(lang, "nav-deployments"));
    frame.page(match view.id {
        None => content(t!(lang, "deployment-new")),
        Some(_) => content(t!(lang, "ui-edit")).below(back, view.typed.name.clone()),
    })
}

fn about(form: Form<'_>, view: &View) -> Markup {
    let (typed, lang) = (&view.typed, form.lang);
    let mut projects: Vec<Choice> = view.projects.iter().map(|name| Choice::plain(name)).collect();
    if typed.project.is_empty() {
        projects.insert(0, Choice::new("", t!(lang, "deployment-choose-project")));
    }
    html! {
        section.card {
            div.pair {
                (form.text("name", &typed.name).required().max(50).hint("hint-deployment-name"))
                (form.choice("project", &typed.project, projects).required()
                    .fixed(view.id.is_some()).hint("hint-deployment-project"))
            }
            @let domain = typed.domain.as_deref().unwrap_or_default();
            @if view.domains.len() > 1 || !domain.is_empty() {
                (form.choice("domain", domain, view.domains.clone())
                    .hint("hint-deployment-domain"))
            }
            div.pair {
                (form.tick("enabled", typed.enabled).hint("hint-deployment-enabled"))
                (form.date("start_date", &typed.start_date).required())
            }
            (form.area("comment", &typed.comment))
        }
    }
}

fn whom(form: Form<'_>, view: &View) -> Markup {
    let typed = &view.typed;
    html! {
        section.card {
            h2 { (t!(form.lang, "deployment-whom")) }
            (form.choice("schedule", &typed.schedule, schedules(form, view)))
            div.pair {
                div {
                    (form.picker("included_attributes", &typed.included_attributes,
                        urls::SUGGEST_ATTRIBUTES))
                    (lookup(form, view, "included_attributes"))
                }
                div {
                    (form.picker("excluded_attributes", &typed.excluded_attributes,
                        urls::SUGGEST_ATTRIBUTES))
                    (lookup(form, view, "excluded_attributes"))
                }
            }
        }
    }
}

/// The schedules there are; one that its reader may not list stays where it stands.
fn schedules(form: Form<'_>, view: &View) -> Vec<Choice> {
    let none = Choice::new("", t!(form.lang, "deployment-no-schedule"));
    let own = &view.typed.schedule;
    let unlisted = (!own.is_empty() && !view.schedules.contains(own)).then_some(own);
    let names = view.schedules.iter().chain(unlisted).map(|name| Choice::plain(name));
    std::iter::once(none).chain(names).collect()
}

fn packages(form: Form<'_>, view: &View) -> Markup {
    let (typed, lang) = (&view.typed, form.lang);
    let suggest = urls::filtered(urls::SUGGEST_PACKAGES, "project", &typed.project);
    let defaults = [
        ("default_preincluded_packages", &typed.default_preincluded_packages),
        ("default_included_packages", &typed.default_included_packages),
        ("default_excluded_packages", &typed.default_excluded_packages),
    ];
    let in_use =
        defaults.iter().any(|(name, text)| !text.is_empty() || view.problems.of(name).is_some());
    html! {
        section.card {
            h2 { (t!(lang, "nav-packages")) }
            @if typed.external.is_none() {
                (form.picker("available_packages", &typed.available_packages, &suggest))
                (lookup(form, view, "available_packages"))
            }
            div.pair {
                (form.lines("packages_to_install", &typed.packages_to_install))
                (form.lines("packages_to_remove", &typed.packages_to_remove))
            }
            details.fold open[in_use] {
                summary { (t!(lang, "deployment-defaults")) }
                div.inside {
                    p.hint { (t!(lang, "deployment-defaults-text")) }
                    @for (name, text) in defaults { (form.lines(name, text)) }
                }
            }
        }
    }
}

fn lookup<'a>(form: Form<'a>, view: &'a View, field: &'a str) -> Lookup<'a> {
    let (sought, found) = view.searches.of(field);
    Lookup { form, field, sought, found }
}

/// `GET /deployments/new`: today and the only project are filled in (D-DEPLOY-07); `?from=` takes
/// everything but the name from another one, disabled; `?project=&package=` come from a list;
/// `?source=E` asks for an external one.
pub async fn new(visit: Visit) -> PageResult {
    visit.actor().permit(Model::Deployment, Action::Add).map_err(AppError::from)?;
    let typed = match visit.query.number("from") {
        Some(id) => {
            let copied = typed(visit.app.deployment(visit.actor(), id).await?);
            Typed { name: String::new(), enabled: false, ..copied }
        }
        None => Typed {
            project: visit.query.get("project").to_owned(),
            domain: visit.app.choices(visit.actor()).await?.domain_name().map(str::to_owned),
            enabled: true,
            start_date: visit.app.today(visit.actor().at).to_string(),
            available_packages: visit.query.get("package").to_owned(),
            external: (visit.query.get("source") == Source::External.as_str())
                .then(|| External::default().into()),
            ..Typed::default()
        },
    };
    show(&visit, None, typed, Searches::default(), Problems::none()).await
}

/// `GET /deployments/{id}/edit`.
pub async fn edit(visit: Visit, id: Path<DeploymentId>) -> PageResult {
    let detail = visit.app.deployment(visit.actor(), *id).await?;
    show(&visit, Some(*id), typed(detail), Searches::default(), Problems::none()).await
}

/// `POST /deployments`.
pub async fn add(post: Post) -> PageResult {
    submit(post, None).await
}

/// `POST /deployments/{id}/edit`.
pub async fn save(post: Post, id: Path<DeploymentId>) -> PageResult {
    submit(post, Some(*id)).await
}

/// Searches or saves, whatever the button said.
async fn submit(post: Post, id: Option<DeploymentId>) -> PageResult {
    let (visit, fields) = (post.visit, post.fields);
    let mut typed = read(&fields);
    if let Some(id) = id {
        typed.project = visit.app.deployment(visit.actor(), id).await?.project;
    }
    if let Some(field) = lookups::asked(&fields, &SEARCHED) {
        let sought = fields.get(&sought_name(field)).to_owned();
        let found = match field {
            "available_packages" => lookups::packages(&visit, &typed.project, &sought).await?,
            _ => lookups::attributes(&visit, &sought).await?,
        };
        let searches = Searches(vec![Search { field, sought, found }]);
        return show(&visit, id, typed, searches, Problems::none()).await;
    }
    let saved = match (change(&typed), id) {
        (Ok(change), Some(id)) => visit.app.change_deployment(visit.actor(), id, change).await,
        (Ok(change), None) => {
            visit.app.add_deployment(visit.actor(), typed.project.clone(), change).await
        }
        (Err(error), _) => Err(error),
    };
    match saved {
        Ok(detail) => {
            let key = if id.is_some() { "done-saved" } else { "done-added" };
            let url = urls::object(urls::DEPLOYMENTS, detail.deployment.id);
            Ok(visit.done(&url, Flash::done(key, detail.deployment.name)))
        }
        Err(error) => {
            let wrong = problems(visit.lang, error)?;
            show(&visit, id, typed, Searches::default(), wrong).await
        }
    }
}

async fn show(
    visit: &Visit,
    id: Option<DeploymentId>,
    mut typed: Typed,
    searches: Searches,
    problems: Problems,
) -> PageResult {
    let projects = visit.if_allowed(visit.app.projects(visit.actor()).await)?.into_iter();
    let mut projects: Vec<String> = projects.map(|project| project.name).collect();
    match projects.as_slice() {
        // The only one there is stands there from the start (D-DEPLOY-07).
        [only] if typed.project.is_empty() => typed.project.clone_from(only),
        known if id.is_some() && !known.contains(&typed.project) => {
            projects.push(typed.project.clone());
        }
        _ => {}
    }
    let schedules = visit.if_allowed(visit.app.schedule_names(visit.actor()).await)?;
    let schedules = schedules.into_iter().map(|one| one.name).collect();
    let status = problems.status();
    let choices = visit.app.choices(visit.actor()).await?;
    let none = choices.all.then(|| Choice::new("", t!(visit.lang, "deployment-no-domain")));
    let named = choices.domains.iter().map(|domain| Choice::plain(&domain.name));
    let domains = none.into_iter().chain(named).collect();
    let domain = match id {
        Some(id) => visit.app.deployment(visit.actor(), id).await?.deployment.domain,
        None => None,
    };
    let view = View { id, domain, typed, projects, schedules, domains, searches, problems };
    visit.show_as(status, |frame| page(frame, &view)).await
}

fn typed(detail: DeploymentDetail) -> Typed {
    let DeploymentDetail { deployment, project, .. } = detail;
    Typed {
        name: deployment.name,
        project,
        domain: detail.domain,
        enabled: deployment.enabled,
        start_date: deployment.start_date.to_string(),
        schedule: detail.schedule.map(|schedule| schedule.name).unwrap_or_default(),
        comment: deployment.comment,
        included_attributes: detail.included_attributes.join("\n"),
        excluded_attributes: detail.excluded_attributes.join("\n"),
        available_packages: detail.available_packages.join("\n"),
        packages_to_install: deployment.lists.install,
        packages_to_remove: deployment.lists.remove,
        default_preincluded_packages: deployment.lists.default_preincluded_packages,
        default_included_packages: deployment.lists.default_included_packages,
        default_excluded_packages: deployment.lists.default_excluded_packages,
        external: deployment.external.map(external::Typed::from),
    }
}

fn read(fields: &Fields) -> Typed {
    let text = |name| fields.get(name).to_owned();
    let lines = |name| lookups::lines(fields, name).join("\n");
    Typed {
        name: text("name"),
        project: text("project"),
        domain: fields.find("domain").map(str::to_owned),
        enabled: fields.ticked("enabled"),
        start_date: text("start_date"),
        schedule: text("schedule"),
        comment: text("comment"),
        included_attributes: lines("included_attributes"),
        excluded_attributes: lines("excluded_attributes"),
        available_packages: lines("available_packages"),
        packages_to_install: text("packages_to_install"),
        packages_to_remove: text("packages_to_remove"),
        default_preincluded_packages: text("default_preincluded_packages"),
        default_included_packages: text("default_included_packages"),
        default_excluded_packages: text("default_excluded_packages"),
        external: external::Typed::read(fields),
    }
}

fn change(typed: &Typed) -> Result<DeploymentChange, AppError> {
    if typed.project.is_empty() {
        return Err(AppError::invalid("project", "a project is needed"));
    }
    let date = typed.start_date.trim().parse();
    let date = date.map_err(|_| AppError::invalid("start_date", "a day is needed"))?;
    let lines = |text: &str| Some(text.lines().map(str::to_owned).collect());
    let text = |text: &String| Some(text.clone());
    Ok(DeploymentChange {
        name: text(&typed.name),
        domain: typed.domain.clone(),
        enabled: Some(typed.enabled),
        comment: text(&typed.comment),
        start_date: Some(date),
        schedule: Some(Some(typed.schedule.clone()).filter(|name| !name.is_empty())),
        included_attributes: lines(&typed.included_attributes),
        excluded_attributes: lines(&typed.excluded_attributes),
        available_packages: lines(&typed.available_packages),
        packages_to_install: text(&typed.packages_to_install),
        packages_to_remove: text(&typed.packages_to_remove),
        default_preincluded_packages: text(&typed.default_preincluded_packages),
        default_included_packages: text(&typed.default_included_packages),
        default_excluded_packages: text(&typed.default_excluded_packages),
        external: typed
            .external
            .as_ref()
            .map(external::Typed::change)
            .transpose()?
            .unwrap_or_default(),
        ..DeploymentChange::default()
    })
}
