//! Package records: list with the orphan filter, upload, deletion (7.2).

use actix_multipart::Multipart;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use maud::{Markup, html};

use crate::app::AppError;
use crate::app::packages::{Listed, PackageQuery};
use crate::app::stores::StorePage;
use crate::app::uploads::UploadRequest;
use crate::domain::account::{Action as Right, Model};
use crate::domain::ids::PackageId;
use crate::domain::project::Project;
use crate::http::actor::Refused;
use crate::http::forms::Fields;
use crate::http::uploads::{UploadError, receive_form};
use crate::t;
use crate::web::components::filters::{Filter, Filters};
use crate::web::components::form::{Choice, Form, Problems};
use crate::web::components::list::List;
use crate::web::components::panel::{Confirm, link_button};
use crate::web::components::status::{Level, badge};
use crate::web::components::table::{Action, Row, Selection, Table, column};
use crate::web::components::time::time;
use crate::web::error::{PageError, PageResult, problems};
use crate::web::flash::Flash;
use crate::web::layout::{Content, Frame};
use crate::web::pages::package::format_name;
use crate::web::pages::{paging, project_filter};
use crate::web::reader::size;
use crate::web::related;
use crate::web::urls::{self, Query};
use crate::web::visit::{Post, Visit};

/// What the list shows.
pub struct View {
    pub packages: Vec<Listed>,
    pub next: Option<String>,
    pub projects: Vec<Project>,
}

/// Renders the list.
pub fn list_page<'a>(frame: &'a Frame, query: &'a Query, view: &'a View) -> List<'a> {
    let lang = frame.lang();
    let table = Table {
        lang,
        caption: t!(lang, "nav-packages"),
        columns: vec![
            column(lang, "file"),
            column(lang, "package"),
            column(lang, "version"),
            column(lang, "project"),
            column(lang, "store"),
            column(lang, "size").number(),
            column(lang, "uploaded"),
            column(lang, "deployments"),
        ],
        rows: view.packages.iter().map(|listed| row(frame, listed)).collect(),
        order: None,
        selection: Some(selection(frame, query)),
        empty: if query.filtered() {
            t!(lang, "ui-nothing-found")
        } else {
            t!(lang, "packages-empty")
        },
    };
    let show = vec![
        Choice::new("orphan", t!(lang, "packages-orphan")),
        Choice::new("unregistered", t!(lang, "packages-unregistered")),
    ];
    let filters = Filters {
        lang,
        query,
        filters: vec![
            Filter::Search(t!(lang, "packages-search")),
            project_filter::filter(lang, &view.projects),
            Filter::Text { name: "store", label: t!(lang, "field-store") },
            Filter::Choice { name: "show", label: t!(lang, "packages-show"), options: show },
        ],
    };
    let actions = html! {
        @if query.get("show") == "orphan" && frame.may(Model::Package, Right::Delete) {
            (link_button(urls::ORPHANS, "delete", &t!(lang, "orphans-clean-up")))
        }
        @if frame.may(Model::Package, Right::Add) {
            (link_button(&urls::object(urls::PACKAGES, "upload"), "upload",
                &t!(lang, "packages-upload")))
            (link_button(urls::UPLOAD_SET, "folder", &t!(lang, "set-upload")))
        }
    };
    List::new(table).filtered(filters).paged(view.next.as_deref()).with_actions(actions)
}

fn row(frame: &Frame, listed: &Listed) -> Row {
    let lang = frame.lang();
    let package = &listed.package;
    let identity = listed.identity.as_ref();
    let cells = vec![
        html! { a href=(urls::object(urls::PACKAGES, package.id)) { (package.name) } },
        match (identity, listed.format) {
            (Some(identity), _) => html! { (identity.name) },
            (None, Some(format)) => html! { span.muted { (format_name(lang, format)) } },
            (None, None) => Markup::default(),
        },
        html! { span.mono { (identity.map(|it| it.version.as_str()).unwrap_or_default()) } },
        html! { (listed.project) },
        html! { (listed.store) },
        html! { (size(listed.size_bytes)) },
        time(&frame.reader, package.uploaded_at),
        match (package.is_registered, listed.deployments) {
            (false, _) => badge(Level::Muted, &t!(lang, "package-no-record")),
            (true, 0) => badge(Level::Warning, &t!(lang, "package-orphan")),
            (true, count) => html! {
                a href=(urls::filtered(urls::DEPLOYMENTS, "q", &package.name)) { (count) }
            },
        },
    ];
    Row::new("package", package.id, cells)
}

fn selection<'a>(frame: &'a Frame, query: &Query) -> Selection<'a> {
    let lang = frame.lang();
    let mut actions = Vec::new();
    if query.get("show") == "unregistered" {
        if frame.may(Model::Package, Right::Add) {
            let label = t!(lang, "packages-register");
            actions.push(Action { name: "register", label, danger: false });
        }
    } else if frame.may(Model::Package, Right::Delete) {
        let label = t!(lang, "packages-delete-records");
        actions.push(Action { name: "delete", label, danger: true });
    }
    Selection { url: urls::selection(urls::PACKAGES), csrf: &frame.csrf, actions, extra: None }
}

/// `GET /packages`.
pub async fn list(visit: Visit) -> PageResult {
    let query = visit.query.clone();
    let frame = visit.frame().await?;
    let limit = frame.page_size;
    let text = |name: &str| query.find(name).map(str::to_owned);
    let projects = visit.if_allowed(visit.app.projects(visit.actor()).await)?;
    let wanted = PackageQuery {
        related: related::wanted(&visit),
        project: project_filter::chosen(&query, &projects),
        store: text("store"),
        search: text("q"),
        orphan: query.get("show") == "orphan",
        unregistered: query.get("show") == "unregistered",
        after: query.number("cursor"),
        limit: limit + 1,
    };
    let found = visit.app.packages(visit.actor(), wanted).await?;
    let (packages, next) = paging::split(found, limit, |listed| listed.package.id.to_string());
    let view = View { packages, next, projects };
    visit.list(&frame, list_page(&frame, &query, &view))
}

/// `POST /packages/selection`: asks before records are deleted; registers files again.
pub async fn selected(post: Post) -> PageResult {
    let (visit, fields) = (post.visit, post.fields);
    let ids: Vec<PackageId> = fields.ids("id").into_iter().map(PackageId).collect();
    if fields.get("action") == "register" {
        let count = ids.len();
        for id in ids {
            visit.app.register_package(visit.actor(), id).await?;
        }
        let url = visit.came_from(urls::PACKAGES);
        return Ok(visit.done(&url, Flash::counted("done-registered", count)));
    }
    confirm(&visit, ids).await
}

/// `GET /packages/{id}/delete`.
pub async fn confirm_one(visit: Visit, id: Path<PackageId>) -> PageResult {
    confirm(&visit, vec![*id]).await
}

async fn confirm(visit: &Visit, ids: Vec<PackageId>) -> PageResult {
    visit.actor().permit(Model::Package, Right::Delete).map_err(AppError::from)?;
    let lang = visit.lang;
    let mut losses = Vec::new();
    for id in &ids {
        let listed = visit.app.package(visit.actor(), *id).await?;
        let name = listed.package.name.as_str();
        losses.push(t!(lang, "loss-record", name = name, count = listed.deployments));
    }
    if ids.is_empty() {
        return Ok(visit.done(urls::PACKAGES, Flash::nothing_selected()));
    }
    let count = i64::try_from(ids.len()).unwrap_or(i64::MAX);
    let page = |frame: &Frame| {
        let confirm = Confirm {
            lang,
            csrf: &frame.csrf,
            url: urls::object(urls::PACKAGES, "delete"),
            back: urls::PACKAGES.to_owned(),
            question: t!(lang, "packages-delete-question", count = count),
            losses,
            fields: ids.iter().map(|id| ("id", id.to_string())).collect(),
            button: t!(lang, "packages-delete-records"),
        };
        let content = Content::new(t!(lang, "ui-delete"), confirm);
        frame.page(content.below(urls::PACKAGES, t!(lang, "nav-packages")))
    };
    visit.show(page).await
}

/// `POST /packages/delete`.
pub async fn delete(post: Post) -> PageResult {
    let (visit, fields) = (post.visit, post.fields);
    let ids = fields.ids("id");
    for id in &ids {
        visit.app.delete_package(visit.actor(), PackageId(*id)).await?;
    }
    Ok(visit.done(urls::PACKAGES, Flash::counted("done-records-deleted", ids.len())))
}

/// The form that uploads files.
pub struct UploadView {
    /// As they were typed; files are chosen again.
    pub typed: Fields,
    pub projects: Vec<String>,
    /// Names that exist already.
    pub stores: Vec<String>,
    pub problems: Problems,
}

/// Renders the form. The fields stand before the files, since they are read first.
pub fn upload_page(frame: &Frame, view: &UploadView) -> Markup {
    let lang = frame.lang();
    let form = Form { lang, csrf: &frame.csrf, problems: &view.problems, writable: true };
    let projects = view.projects.iter().map(|name| Choice::plain(name)).collect();
    let typed = &view.typed;
    let fields = html! {
        div.pair {
            (form.choice("project", typed.get("project"), projects).required())
            (form.text("store", typed.get("store")).required().max(50).hint("hint-upload-store"))
        }
        @if !view.stores.is_empty() {
            p.hint { (t!(lang, "upload-known-stores", names = view.stores.join(", "))) }
        }
        (form.tick("replace", typed.ticked("replace")))
        (form.tick("no_create_repo", typed.ticked("no_create_repo")))
        (form.tick("regular_file", typed.ticked("regular_file")))
        (form.file("file").required().several())
    };
    let buttons = html! {
        button.button.main type="submit" { (t!(lang, "packages-upload")) }
        a.button href=(urls::PACKAGES) { (t!(lang, "ui-cancel")) }
    };
    let url = urls::object(urls::PACKAGES, "upload");
    let body = html! {
        section.card.narrow { (form.frame_with_files(&url, fields, buttons)) }
    };
    let content = Content::new(t!(lang, "packages-upload"), body);
    frame.page(content.below(urls::PACKAGES, t!(lang, "nav-packages")))
}

/// `GET /packages/upload`.
pub async fn upload_form(visit: Visit) -> PageResult {
    visit.actor().permit(Model::Package, Right::Add).map_err(AppError::from)?;
    let asked = |name: &str| (name.to_owned(), visit.query.get(name).to_owned());
    let typed = ["project", "store"].map(asked).into_iter().collect();
    show_upload(&visit, typed, Problems::none()).await
}

/// `POST /packages/upload`: streamed; the token is checked before a file is taken.
pub async fn upload(visit: Visit, form: Multipart) -> PageResult {
    let (request, mut typed) = (UploadRequest::default(), Fields::default());
    let admit = |fields: &Fields| {
        typed = fields.clone();
        visit.by.accepts_csrf(fields.get("csrf"))
    };
    match receive_form(&visit.app, visit.actor(), request, form, admit).await {
        Ok(uploaded) => {
            let flash = Flash::counted("done-uploaded", uploaded.len());
            Ok(visit.done(urls::PACKAGES, flash))
        }
        Err(UploadError::App(error)) => {
            let wrong = problems(visit.lang, error)?;
            show_upload(&visit, typed, wrong).await
        }
        Err(UploadError::Forged) => Err(Refused::Forged.into()),
        Err(UploadError::Body(_)) => Err(PageError::Refused(Refused::Unreadable)),
    }
}

async fn show_upload(visit: &Visit, typed: Fields, problems: Problems) -> PageResult {
    let projects = visit.if_allowed(visit.app.projects(visit.actor()).await)?;
    let stores = visit.app.stores(visit.actor(), None, StorePage::by_id(None, 100)).await;
    let mut stores: Vec<String> =
        visit.if_allowed(stores)?.into_iter().map(|counted| counted.store.name).collect();
    stores.sort();
    stores.dedup();
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let view = UploadView {
        typed,
        projects: projects.into_iter().map(|project| project.name).collect(),
        stores,
        problems,
    };
    visit.show_as(status, |frame| upload_page(frame, &view)).await
}
