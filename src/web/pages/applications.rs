//! The catalogue: list, form, icon (8.1).

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::web::Path;
use maud::{Markup, html};

use crate::app::AppError;
use crate::app::catalogue::{ApplicationForm, ApplicationRow, Filter as Wanted, MAX_ICON};
use crate::app::computers::Cursor;
use crate::catalogue::Lang;
use crate::domain::account::Model;
use crate::domain::application::{Category, Level};
use crate::domain::ids::ApplicationId;
use crate::http::forms::Fields;
use crate::http::uploads::receive_small_file;
use crate::t;
use crate::web::components::filters::{Filter, Filters};
use crate::web::components::form::{Choice, Form};
use crate::web::components::list::List;
use crate::web::components::lookup::enter_button;
use crate::web::components::panel::card;
use crate::web::components::table::{Row, Table, column};
use crate::web::components::target::target;
use crate::web::crud::{self, Crud, Typed};
use crate::web::error::PageResult;
use crate::web::flash::Flash;
use crate::web::layout::Frame;
use crate::web::markdown;
use crate::web::pages::lookups;
use crate::web::pages::paging;
use crate::web::related;
use crate::web::urls::{self, Query};
use crate::web::visit::Visit;

/// A page of the list.
pub struct ListView {
    pub items: Vec<ApplicationRow>,
    pub next: Option<String>,
}

/// Renders the list.
pub fn list_page<'a>(frame: &'a Frame, query: &'a Query, view: &'a ListView) -> List<'a> {
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
        selection: crud::selection::<Applications>(frame),
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
    List::new(table)
        .filtered(filters)
        .paged(view.next.as_deref())
        .with_actions(crud::addition::<Applications>(frame))
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

/// What the package list of a project is called in the form.
const PACKAGES: &str = "packages of ";

/// Renders the form.
fn form_page(frame: &Frame, view: &Typed<Applications>, projects: &[String]) -> Markup {
    let lang = frame.lang();
    let form = view.form(frame);
    let body = html! {
        @if let Some(id) = view.id {
            (card(&t!(lang, "application-shown"), shown(id, &view.form)))
        }
        section.card {
            (view.framed(form, fields(form, view, projects)))
        }
        @if let Some(id) = view.id.filter(|_| form.writable) {
            (card(&t!(lang, "field-icon"), icon_form(form, id)))
        }
    };
    frame.page(view.content(frame, &view.form.name, body))
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

fn fields(form: Form<'_>, view: &Typed<Applications>, projects: &[String]) -> Markup {
    let (lang, data) = (form.lang, &view.form);
    let (category, score) = (data.category.number().to_string(), data.score.to_string());
    let available = data.available_for_attributes.join("\n");
    let scores = (1..=5).map(|score| Choice::new(score, score.to_string())).collect();
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
        (view.lookup(form, "available_for_attributes"))
        fieldset {
            legend { (t!(lang, "application-packages")) }
            @for project in projects {
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
    let frame = visit.frame().await?;
    let limit = frame.page_size;
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
    visit.list(&frame, list_page(&frame, &query, &view))
}

/// What is done with applications.
pub struct Applications;

impl Crud for Applications {
    type Id = ApplicationId;
    type Form = ApplicationForm;
    type Stored = ApplicationRow;

    const MODEL: Model = Model::Application;
    const LIST: &'static str = urls::APPLICATIONS;
    const NAV: &'static str = "nav-applications";
    const NEW: &'static str = "application-new";
    const QUESTION: &'static str = "application-delete-question";
    const SEARCHED: &'static [&'static str] = &["available_for_attributes"];

    fn id(number: i64) -> ApplicationId {
        ApplicationId(number)
    }

    fn name(stored: &ApplicationRow) -> String {
        stored.name.clone()
    }

    fn blank(_query: &Query) -> ApplicationForm {
        read(&Fields::default())
    }

    fn typed(stored: &ApplicationRow) -> ApplicationForm {
        stored.clone().into()
    }

    fn read(fields: &Fields) -> ApplicationForm {
        read(fields)
    }

    async fn find(visit: &Visit, id: ApplicationId) -> Result<ApplicationRow, AppError> {
        visit.app.application(visit.actor(), id).await
    }

    async fn save(
        visit: &Visit,
        id: Option<ApplicationId>,
        form: ApplicationForm,
    ) -> Result<ApplicationRow, AppError> {
        match id {
            Some(id) => visit.app.change_application(visit.actor(), id, form).await,
            None => visit.app.add_application(visit.actor(), form).await,
        }
    }

    async fn delete(visit: &Visit, id: ApplicationId, confirmed: bool) -> Result<(), AppError> {
        visit.app.delete_application(visit.actor(), id, confirmed).await
    }

    async fn show(visit: &Visit, typed: Typed<Self>) -> PageResult {
        let projects = visit.if_allowed(visit.app.projects(visit.actor()).await)?;
        let mut projects: Vec<String> = projects.into_iter().map(|project| project.name).collect();
        projects.sort();
        visit.show_as(typed.status(), |frame| form_page(frame, &typed, &projects)).await
    }

    fn losses(lang: Lang, stored: &ApplicationRow) -> Vec<String> {
        let count = stored.policies;
        let loss = (count > 0).then(|| t!(lang, "loss-policies", count = count));
        loss.into_iter().collect()
    }

    /// Its icon is set there.
    fn saved_at(stored: &ApplicationRow) -> String {
        urls::object(urls::APPLICATIONS, stored.id)
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
