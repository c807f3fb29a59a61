//! Stores: list, form, deletion with what goes with it (7.1).

use actix_web::http::StatusCode;
use actix_web::web::Path;
use maud::{Markup, html};

use crate::app::AppError;
use crate::app::stores::Counted;
use crate::domain::account::{Action, Model};
use crate::domain::ids::StoreId;
use crate::domain::project::Project;
use crate::t;
use crate::web::components::filters::Filters;
use crate::web::components::form::{Choice, Form, Problems};
use crate::web::components::list::List;
use crate::web::components::panel::{Confirm, link_button};
use crate::web::components::table::{Row, Table, column};
use crate::web::error::{PageResult, problems};
use crate::web::flash::Flash;
use crate::web::layout::{Content, Frame};
use crate::web::pages::{paging, project_filter};
use crate::web::urls::{self, Query};
use crate::web::visit::{Post, Visit};

/// What the list shows.
pub struct View {
    pub stores: Vec<Counted>,
    pub next: Option<String>,
    pub projects: Vec<Project>,
}

/// Renders the list.
pub fn list_page<'a>(frame: &'a Frame, query: &'a Query, view: &'a View) -> List<'a> {
    let lang = frame.lang();
    let rows = view.stores.iter().map(|counted| {
        let id = counted.store.id;
        let cells = vec![
            html! { a href=(urls::object(urls::STORES, id)) { (counted.store.name) } },
            html! { (counted.project) },
            html! { a href=(packages_of(counted)) { (counted.packages) } },
            html! { (counted.files) },
        ];
        Row::new("store", id, cells)
    });
    let table = Table {
        lang,
        caption: t!(lang, "nav-stores"),
        columns: vec![
            column(lang, "name"),
            column(lang, "project"),
            column(lang, "packages").number(),
            column(lang, "files").number(),
        ],
        rows: rows.collect(),
        order: None,
        selection: None,
        empty: t!(lang, "stores-empty"),
    };
    let filters =
        Filters { lang, query, filters: vec![project_filter::filter(lang, &view.projects)] };
    let actions = html! {
        @if frame.may(Model::Store, Action::Add) {
            (link_button(&urls::new(urls::STORES), "plus", &t!(lang, "store-new")))
        }
    };
    List::new(table).filtered(filters).paged(view.next.as_deref()).with_actions(actions)
}

fn packages_of(counted: &Counted) -> String {
    let project = counted.store.project.to_string();
    let pairs = [("project", project.as_str()), ("store", counted.store.name.as_str())];
    urls::with_query(urls::PACKAGES, pairs.into_iter())
}

/// One store, or a new one.
pub struct FormView {
    pub id: Option<StoreId>,
    pub name: String,
    pub project: String,
    /// Names of the projects a new one may be in.
    pub projects: Vec<String>,
    pub problems: Problems,
}

/// Renders the form.
pub fn form_page(frame: &Frame, view: &FormView) -> Markup {
    let lang = frame.lang();
    let action = if view.id.is_some() { Action::Change } else { Action::Add };
    let writable = frame.may(Model::Store, action);
    let form = Form { lang, csrf: &frame.csrf, problems: &view.problems, writable };
    let projects = view.projects.iter().map(|name| Choice::plain(name)).collect();
    let fields = html! {
        (form.choice("project", &view.project, projects).required().fixed(view.id.is_some()))
        (form.text("name", &view.name).required().max(50).hint("hint-store-name"))
    };
    let url = view.id.map_or(urls::STORES.to_owned(), |id| urls::object(urls::STORES, id));
    let body = html! {
        section.card.narrow { (form.frame(&url, fields, form.save_or(urls::STORES))) }
    };
    let title = if view.id.is_some() { view.name.clone() } else { t!(lang, "store-new") };
    let delete = view.id.filter(|_| frame.may(Model::Store, Action::Delete));
    let actions = html! {
        @if let Some(id) = delete {
            (link_button(&urls::part(urls::STORES, id, "delete"), "delete", &t!(lang, "ui-delete")))
        }
    };
    let content = Content::new(title, body).below(urls::STORES, t!(lang, "nav-stores"));
    frame.page(content.with_actions(actions))
}

/// `GET /stores`.
pub async fn list(visit: Visit) -> PageResult {
    let query = visit.query.clone();
    let frame = visit.frame().await?;
    let limit = frame.page_size;
    let projects = visit.if_allowed(visit.app.projects(visit.actor()).await)?;
    let project = project_filter::chosen(&query, &projects);
    let after = query.number("cursor");
    let found = visit.app.stores(visit.actor(), project, after, limit + 1).await?;
    let (stores, next) = paging::split(found, limit, |counted| counted.store.id.to_string());
    let view = View { stores, next, projects };
    visit.list(&frame, list_page(&frame, &query, &view))
}

/// `GET /stores/new`.
pub async fn new(visit: Visit) -> PageResult {
    visit.actor().permit(Model::Store, Action::Add).map_err(AppError::from)?;
    let project = visit.query.get("project").to_owned();
    show_form(&visit, None, String::new(), project, Problems::none()).await
}

/// `GET /stores/{id}`.
pub async fn edit(visit: Visit, id: Path<StoreId>) -> PageResult {
    let (store, project) = visit.app.store(visit.actor(), *id).await?;
    show_form(&visit, Some(*id), store.name, project, Problems::none()).await
}

/// `POST /stores`.
pub async fn add(post: Post) -> PageResult {
    let (visit, fields) = (post.visit, post.fields);
    let (project, name) = (fields.get("project").to_owned(), fields.get("name").to_owned());
    match visit.app.add_store(visit.actor(), &project, &name).await {
        Ok(store) => Ok(visit.done(urls::STORES, Flash::done("done-added", store.name))),
        Err(error) => {
            let wrong = problems(visit.lang, error)?;
            show_form(&visit, None, name, project, wrong).await
        }
    }
}

/// `POST /stores/{id}`.
pub async fn change(post: Post, id: Path<StoreId>) -> PageResult {
    let (visit, fields) = (post.visit, post.fields);
    let name = fields.get("name").to_owned();
    match visit.app.rename_store(visit.actor(), *id, &name).await {
        Ok(store) => Ok(visit.done(urls::STORES, Flash::done("done-saved", store.name))),
        Err(error) => {
            let wrong = problems(visit.lang, error)?;
            let (_, project) = visit.app.store(visit.actor(), *id).await?;
            show_form(&visit, Some(*id), name, project, wrong).await
        }
    }
}

/// `GET /stores/{id}/delete`.
pub async fn confirm(visit: Visit, id: Path<StoreId>) -> PageResult {
    visit.actor().permit(Model::Store, Action::Delete).map_err(AppError::from)?;
    let (store, project) = visit.app.store(visit.actor(), *id).await?;
    let all = visit.app.stores(visit.actor(), Some(project), None, u32::MAX).await?;
    let counted = all.into_iter().find(|counted| counted.store.id == *id);
    let lang = visit.lang;
    let files = counted.map_or(0, |counted| counted.files);
    let page = |frame: &Frame| {
        let confirm = Confirm {
            lang,
            csrf: &frame.csrf,
            url: urls::part(urls::STORES, *id, "delete"),
            back: urls::object(urls::STORES, *id),
            question: t!(lang, "store-delete-question", name = store.name.as_str()),
            losses: (files > 0)
                .then(|| t!(lang, "loss-files", count = files))
                .into_iter()
                .collect(),
            fields: Vec::new(),
            button: t!(lang, "ui-delete"),
        };
        let content = Content::new(t!(lang, "ui-delete"), confirm);
        frame.page(content.below(urls::STORES, t!(lang, "nav-stores")))
    };
    visit.show(page).await
}

/// `POST /stores/{id}/delete`.
pub async fn delete(post: Post, id: Path<StoreId>) -> PageResult {
    let visit = post.visit;
    let (store, _) = visit.app.store(visit.actor(), *id).await?;
    visit.app.delete_store(visit.actor(), *id, post.fields.ticked("confirmed")).await?;
    Ok(visit.done(urls::STORES, Flash::done("done-deleted", store.name)))
}

async fn show_form(
    visit: &Visit,
    id: Option<StoreId>,
    name: String,
    project: String,
    problems: Problems,
) -> PageResult {
    let projects = visit.if_allowed(visit.app.projects(visit.actor()).await)?.into_iter();
    let mut projects: Vec<String> = projects.map(|project| project.name).collect();
    if !project.is_empty() && !projects.contains(&project) {
        projects.push(project.clone());
    }
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let view = FormView { id, name, project, projects, problems };
    visit.show_as(status, |frame| form_page(frame, &view)).await
}
