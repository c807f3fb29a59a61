//! The catalogue: list, form, icon, deletion (8.1).

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::web::Path;
use maud::{Markup, html};

use crate::app::AppError;
use crate::app::catalogue::{ApplicationForm, ApplicationRow, Filter as Wanted, MAX_ICON};
use crate::app::computers::Cursor;
use crate::catalogue::Lang;
use crate::domain::account::{Action, Model};
use crate::domain::application::{Category, Level};
use crate::domain::ids::ApplicationId;
use crate::http::forms::Fields;
use crate::http::uploads::receive_small_file;
use crate::t;
use crate::web::components::filters::{Filter, Filters};
use crate::web::components::form::{Choice, Form, Problems};
use crate::web::components::lookup::{Lookup, enter_button, sought_name};
use crate::web::components::panel::{Confirm, card, link_button};
use crate::web::components::table::{Row, Table, column, pager};
use crate::web::components::target::target;
use crate::web::error::{PageResult, problems};
use crate::web::flash::Flash;
use crate::web::layout::{Content, Frame};
use crate::web::markdown;
use crate::web::pages::lookups::{self, Search, Searches};
use crate::web::pages::paging;
use crate::web::related;
use crate::web::urls::{self, Query};
use crate::web::visit::{Post, Visit};

/// A page of the list.
pub struct ListView {
    pub items: Vec<ApplicationRow>,
    pub next: Option<String>,
}

/// Renders the list.
pub fn list_page(frame: &Frame, query: &Query, view: &ListView) -> Markup {
    let lang = frame.lang();
    let rows = view.items.iter().map(|application| {
        let names: Vec<String> =
            application.available_for_attributes.iter().map(|n| n.name.clone()).collect();
        let projects: Vec<&str> = application.packages.keys().map(String::as_str).collect();
        let cells = vec![
            html! {
                img.app-icon src=(urls::part(urls::APPLICATIONS, application.id, "icon")) alt=""
                    width="24" height="24";
                " "
                a href=(urls::object(urls::APPLICATIONS, application.id)) { (application.name) }
            },
            html! { (category_name(lang, application.category)) },
            html! { (level_name(lang, application.level)) },
            html! { (application.score) },
            target(lang, &names, &[]),
            html! { (projects.join(", ")) },
        ];
        Row::new("application", application.id, cells)
    });
    let table = Table {
        lang,
        caption: t!(lang, "nav-applications"),
        columns: ["name", "category", "level", "score", "target", "projects"]
            .map(|name| column(lang, name))
            .into(),
        rows: rows.collect(),
        order: None,
        selection: None,
        empty: t!(lang, "applications-empty"),
    };
    let filters = Filters {
        lang,
        query,
        filters: vec![
            Filter::Text { name: "search", label: t!(lang, "ui-search") },
            Filter::Choice {
                name: "category",
                label: t!(lang, "field-category"),
                options: categories(lang),
            },
            Filter::Choice { name: "level", label: t!(lang, "field-level"), options: levels(lang) },
        ],
    };
    let actions = html! {
        @if frame.may(Model::Application, Action::Add) {
            (link_button(&urls::new(urls::APPLICATIONS), "plus", &t!(lang, "application-new")))
        }
    };
    let body = html! {
        (filters) (table) (pager(lang, query, view.items.len(), view.next.as_deref()))
    };
    frame.page(Content::new(t!(lang, "nav-applications"), body).with_actions(actions))
}

fn category_name(lang: Lang, category: Category) -> String {
    t!(lang, &format!("category-{}", category.number()))
}

fn level_name(lang: Lang, level: Level) -> String {
    t!(lang, &format!("level-{}", level.as_str()))
}

fn categories(lang: Lang) -> Vec<Choice> {
    let choice =
        |category: &Category| Choice::new(category.number(), category_name(lang, *category));
    Category::ALL.iter().map(choice).collect()
}

fn levels(lang: Lang) -> Vec<Choice> {
    Level::ALL.iter().map(|level| Choice::new(level.as_str(), level_name(lang, *level))).collect()
}

/// One application, or a new one.
pub struct FormView {
    pub id: Option<ApplicationId>,
    pub form: ApplicationForm,
    pub projects: Vec<String>,
    pub searches: Searches,
    pub problems: Problems,
}

/// Fields with a search.
const SEARCHED: [&str; 1] = ["available_for_attributes"];
/// What the package list of a project is called in the form.
const PACKAGES: &str = "packages of ";

/// Renders the form.
pub fn form_page(frame: &Frame, view: &FormView) -> Markup {
    let lang = frame.lang();
    let action = if view.id.is_some() { Action::Change } else { Action::Add };
    let writable = frame.may(Model::Application, action);
    let form = Form { lang, csrf: &frame.csrf, problems: &view.problems, writable };
    let url =
        view.id.map_or(urls::APPLICATIONS.to_owned(), |id| urls::object(urls::APPLICATIONS, id));
    let body = html! {
        @if let Some(id) = view.id {
            (card(&t!(lang, "application-shown"), shown(id, &view.form)))
        }
        section.card {
            (form.frame(&url, fields(form, view), form.save_or(urls::APPLICATIONS)))
        }
        @if let Some(id) = view.id.filter(|_| writable) {
            (card(&t!(lang, "field-icon"), icon_form(form, id)))
        }
    };
    let title =
        if view.id.is_some() { view.form.name.clone() } else { t!(lang, "application-new") };
    let deletable = view.id.filter(|_| frame.may(Model::Application, Action::Delete));
    let actions = html! {
        @if let Some(id) = deletable {
            (link_button(&urls::part(urls::APPLICATIONS, id, "delete"), "delete",
                &t!(lang, "ui-delete")))
        }
    };
    let content = Content::new(title, body);
    let list = t!(lang, "nav-applications");
    frame.page(content.below(urls::APPLICATIONS, list).with_actions(actions))
}

/// As users see it.
fn shown(id: ApplicationId, form: &ApplicationForm) -> Markup {
    html! {
        div.application {
            img.app-icon src=(urls::part(urls::APPLICATIONS, id, "icon")) alt="" width="64" height="64";
            div { (markdown::render(&form.description)) }
        }
    }
}

fn fields(form: Form<'_>, view: &FormView) -> Markup {
    let (lang, data) = (form.lang, &view.form);
    let (category, score) = (data.category.number().to_string(), data.score.to_string());
    let available = data.available_for_attributes.join("\n");
    let scores = (1..=5).map(|score| Choice::new(score, score.to_string())).collect();
    let (sought, found) = view.searches.of("available_for_attributes");
    html! {
        (enter_button())
        (form.text("name", &data.name).required().max(50))
        div.pair {
            (form.choice("category", &category, categories(lang)))
            (form.choice("level", data.level.as_str(), levels(lang)))
        }
        (form.choice("score", &score, scores))
        (form.area("description", &data.description).hint("hint-application-description"))
        (form.picker("available_for_attributes", &available, urls::SUGGEST_ATTRIBUTES))
        (Lookup { form, field: "available_for_attributes", sought, found })
        fieldset {
            legend { (t!(lang, "application-packages")) }
            @for project in &view.projects {
                @let name = format!("{PACKAGES}{project}");
                @let id = format!("field-packages-{project}");
                div.field {
                    label for=(id) { (project) }
                    input id=(id) name=(name) readonly[!form.writable]
                        value=(data.packages.get(project).map(String::as_str).unwrap_or_default());
                }
            }
        }
    }
}

fn icon_form(form: Form<'_>, id: ApplicationId) -> Markup {
    let lang = form.lang;
    let buttons = html! { button.button type="submit" { (t!(lang, "application-set-icon")) } };
    let url = urls::part(urls::APPLICATIONS, id, "icon");
    form.frame_with_files(&url, form.file("icon").required().hint("hint-application-icon"), buttons)
}

/// `GET /applications`.
pub async fn list(visit: Visit) -> PageResult {
    let query = visit.query.clone();
    let limit = visit.frame().await?.page_size;
    let wanted = Wanted {
        related: related::wanted(&visit),
        category: query.number("category").and_then(Category::of_number),
        level: query.find("level").and_then(Level::parse),
        search: query.find("search").map(str::to_owned),
        after: query.cursor().and_then(Cursor::parse),
        limit: limit + 1,
    };
    let found = visit.app.applications(visit.actor(), wanted).await?;
    let cursor = |row: &ApplicationRow| Cursor::named(row.id.0, &row.name).to_string();
    let (items, next) = paging::split(found, limit, cursor);
    let view = ListView { items, next };
    visit.show(|frame| list_page(frame, &query, &view)).await
}

/// `GET /applications/new`.
pub async fn new(visit: Visit) -> PageResult {
    visit.actor().permit(Model::Application, Action::Add).map_err(AppError::from)?;
    let form = read(&Fields::default());
    show_form(&visit, None, form, Searches::default(), Problems::none()).await
}

/// `GET /applications/{id}`.
pub async fn edit(visit: Visit, id: Path<ApplicationId>) -> PageResult {
    let application = visit.app.application(visit.actor(), *id).await?;
    show_form(&visit, Some(*id), application.into(), Searches::default(), Problems::none()).await
}

/// `POST /applications`.
pub async fn add(post: Post) -> PageResult {
    submit(post, None).await
}

/// `POST /applications/{id}`.
pub async fn change(post: Post, id: Path<ApplicationId>) -> PageResult {
    submit(post, Some(*id)).await
}

/// Searches or saves, whatever the button said.
async fn submit(post: Post, id: Option<ApplicationId>) -> PageResult {
    let (visit, fields) = (post.visit, post.fields);
    let form = read(&fields);
    if let Some(field) = lookups::asked(&fields, &SEARCHED) {
        let sought = fields.get(&sought_name(field)).to_owned();
        let found = lookups::attributes(&visit, &sought).await?;
        let searches = Searches(vec![Search { field, sought, found }]);
        return show_form(&visit, id, form, searches, Problems::none()).await;
    }
    let (key, saved) = match id {
        Some(id) => {
            ("done-saved", visit.app.change_application(visit.actor(), id, form.clone()).await)
        }
        None => ("done-added", visit.app.add_application(visit.actor(), form.clone()).await),
    };
    match saved {
        Ok(saved) => {
            let url = urls::object(urls::APPLICATIONS, saved.id);
            Ok(visit.done(&url, Flash::done(key, saved.name)))
        }
        Err(error) => {
            let wrong = problems(visit.lang, error)?;
            show_form(&visit, id, form, Searches::default(), wrong).await
        }
    }
}

/// `GET /applications/{id}/icon`.
pub async fn icon(visit: Visit, id: Path<ApplicationId>) -> PageResult {
    let icon = visit.app.application_icon(visit.actor(), *id).await?;
    let mut response = HttpResponse::Ok();
    response.insert_header((CONTENT_TYPE, icon.content_type));
    response.insert_header((CACHE_CONTROL, "private, no-cache"));
    Ok(response.body(icon.bytes))
}

/// `POST /applications/{id}/icon`.
pub async fn set_icon(
    visit: Visit,
    id: Path<ApplicationId>,
    form: actix_multipart::Multipart,
) -> PageResult {
    let admit = |fields: &Fields| visit.by.accepts_csrf(fields.get("csrf"));
    let limit = MAX_ICON;
    let bytes = receive_small_file(form, admit, limit).await?;
    let name = visit.app.application(visit.actor(), *id).await?.name;
    visit.app.set_application_icon(visit.actor(), *id, bytes).await?;
    let url = urls::object(urls::APPLICATIONS, *id);
    Ok(visit.done(&url, Flash::done("done-saved", name)))
}

/// `GET /applications/{id}/delete`.
pub async fn confirm(visit: Visit, id: Path<ApplicationId>) -> PageResult {
    visit.actor().permit(Model::Application, Action::Delete).map_err(AppError::from)?;
    let application = visit.app.application(visit.actor(), *id).await?;
    let lang = visit.lang;
    let losses =
        (application.policies > 0).then(|| t!(lang, "loss-policies", count = application.policies));
    let name = application.name.as_str();
    let page = |frame: &Frame| {
        let confirm = Confirm {
            lang,
            csrf: &frame.csrf,
            url: urls::part(urls::APPLICATIONS, *id, "delete"),
            back: urls::object(urls::APPLICATIONS, *id),
            question: t!(lang, "application-delete-question", name = name),
            losses: losses.into_iter().collect(),
            fields: Vec::new(),
            button: t!(lang, "ui-delete"),
        };
        let content = Content::new(t!(lang, "ui-delete"), confirm);
        frame.page(content.below(urls::APPLICATIONS, t!(lang, "nav-applications")))
    };
    visit.show(page).await
}

/// `POST /applications/{id}/delete`.
pub async fn delete(post: Post, id: Path<ApplicationId>) -> PageResult {
    let visit = post.visit;
    let application = visit.app.application(visit.actor(), *id).await?;
    let confirmed = post.fields.ticked("confirmed");
    visit.app.delete_application(visit.actor(), *id, confirmed).await?;
    Ok(visit.done(urls::APPLICATIONS, Flash::done("done-deleted", application.name)))
}

async fn show_form(
    visit: &Visit,
    id: Option<ApplicationId>,
    form: ApplicationForm,
    searches: Searches,
    problems: Problems,
) -> PageResult {
    let projects = visit.if_allowed(visit.app.projects(visit.actor()).await)?;
    let mut projects: Vec<String> = projects.into_iter().map(|project| project.name).collect();
    projects.sort();
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let view = FormView { id, form, projects, searches, problems };
    visit.show_as(status, |frame| form_page(frame, &view)).await
}

fn read(fields: &Fields) -> ApplicationForm {
    let number = |name: &str| fields.get(name).parse::<i64>().ok();
    let packages: BTreeMap<String, String> = fields
        .iter()
        .filter_map(|(name, value)| Some((name.strip_prefix(PACKAGES)?, value)))
        .filter(|(_, value)| !value.trim().is_empty())
        .map(|(project, value)| (project.to_owned(), value.to_owned()))
        .collect();
    ApplicationForm {
        name: fields.get("name").to_owned(),
        category: number("category").and_then(Category::of_number).unwrap_or(Category::Accessories),
        level: Level::parse(fields.get("level")).unwrap_or(Level::User),
        score: number("score").and_then(|score| u8::try_from(score).ok()).unwrap_or(1),
        description: fields.get("description").to_owned(),
        available_for_attributes: lookups::lines(fields, "available_for_attributes"),
        packages,
    }
}

#[cfg(test)]
mod tests;
