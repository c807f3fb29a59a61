//! Package records: list with the orphan filter, deletion (7.2).

use actix_web::web::Path;
use maud::{Markup, html};

use crate::app::AppError;
use crate::app::actor::Actor;
use crate::app::computers::{Cursor, Sorted};
use crate::app::packages::{BY_UPLOAD, Listed, PackageOrder, PackageQuery};
use crate::catalogue::Lang;
use crate::domain::account::{Action as Right, Model};
use crate::domain::ids::PackageId;
use crate::domain::project::Project;
use crate::http::forms::Fields;
use crate::t;
use crate::web::components::filters::{Filter, Filters};
use crate::web::components::form::Choice;
use crate::web::components::list::List;
use crate::web::components::panel::link_button;
use crate::web::components::status::{Level, badge};
use crate::web::components::table::{Action, Order, Row, Selection, Table, column};
use crate::web::components::time::time;
use crate::web::crud::{self, Ticked};
use crate::web::error::PageResult;
use crate::web::layout::Frame;
use crate::web::pages::package::format_name;
use crate::web::pages::{paging, project_filter};
use crate::web::reader::size;
use crate::web::related;
use crate::web::urls::{self, Query};
use crate::web::visit::Visit;

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
            column(lang, "file").sortable("file"),
            column(lang, "package").sortable("package"),
            column(lang, "version"),
            column(lang, "project").sortable("project"),
            column(lang, "store").sortable("store"),
            column(lang, "size").number().sortable("size"),
            column(lang, "uploaded").sortable("uploaded"),
            column(lang, "deployments").sortable("deployments"),
        ],
        rows: view.packages.iter().map(|listed| row(frame, listed)).collect(),
        order: Some(Order::of(query)),
        selection: Some(selection(frame, query)),
        empty: t!(lang, "packages-empty"),
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
            (link_button(urls::UPLOAD, "upload",
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
    let sorted = Sorted::parse(query.get("sort"), PackageOrder::parse).unwrap_or(BY_UPLOAD);
    let wanted = PackageQuery {
        related: related::wanted(&visit),
        project: project_filter::chosen(&query, &projects),
        store: text("store"),
        search: text("q"),
        orphan: query.get("show") == "orphan",
        unregistered: query.get("show") == "unregistered",
        sorted: Some(sorted),
        after: query.cursor().and_then(Cursor::parse),
        limit: limit + 1,
    };
    let found = visit.app.packages(visit.actor(), wanted).await?;
    let (packages, next) = paging::split(found, limit, |one| sorted.by.cursor(one).to_string());
    let view = View { packages, next, projects };
    visit.list(&frame, list_page(&frame, &query, &view))
}

/// `GET /packages/{id}/delete`.
pub async fn confirm_one(visit: Visit, id: Path<PackageId>) -> PageResult {
    crud::ask_one::<Packages>(&visit, id.0).await
}

/// Packages ticked in their list.
pub struct Packages;

/// What a button does to each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// A file gets its record again.
    Register,
    /// The record; the file stays.
    Delete,
}

impl Ticked for Packages {
    type Deed = Deed;
    type Stored = Listed;

    const LIST: &'static str = urls::PACKAGES;
    const NAV: &'static str = "nav-packages";
    const QUESTION: &'static str = "packages-delete-question";
    const BUTTON: &'static str = "packages-delete-records";
    const LOSES: Deed = Deed::Delete;

    fn deed(fields: &Fields) -> Option<Deed> {
        Some(match fields.get("action") {
            "register" => Deed::Register,
            "delete" => Deed::Delete,
            _ => return None,
        })
    }

    fn permit(actor: &Actor, deed: Deed) -> Result<(), AppError> {
        let right = if deed == Self::LOSES { Right::Delete } else { Right::Add };
        Ok(actor.permit(Model::Package, right).map(drop)?)
    }

    fn done(deed: Deed) -> &'static str {
        match deed {
            Deed::Register => "done-registered",
            Deed::Delete => "done-records-deleted",
        }
    }

    async fn find(visit: &Visit, number: i64) -> Result<Listed, AppError> {
        visit.app.package(visit.actor(), PackageId(number)).await
    }

    fn name(stored: &Listed) -> String {
        stored.package.name.clone()
    }

    fn losses(lang: Lang, stored: &Listed) -> Vec<String> {
        let name = stored.package.name.as_str();
        vec![t!(lang, "loss-record", name = name, count = stored.deployments)]
    }

    async fn act(
        visit: &Visit,
        deed: Deed,
        number: i64,
        _stored: &Listed,
    ) -> Result<usize, AppError> {
        let (app, actor, id) = (&visit.app, visit.actor(), PackageId(number));
        match deed {
            Deed::Register => drop(app.register_package(actor, id).await?),
            Deed::Delete => app.delete_package(actor, id).await?,
        }
        Ok(1)
    }
}
