//! Stores: list and form (7.1).

use maud::{Markup, html};

use crate::app::AppError;
use crate::app::computers::{Cursor, Sorted};
use crate::app::stores::{Counted, StoreOrder, StorePage};
use crate::catalogue::Lang;
use crate::domain::account::Model;
use crate::domain::ids::StoreId;
use crate::domain::project::Project;
use crate::http::forms::Fields;
use crate::t;
use crate::web::components::filters::Filters;
use crate::web::components::form::Choice;
use crate::web::components::list::List;
use crate::web::components::table::{Order, Row, Table, column};
use crate::web::crud::{self, Crud, Typed};
use crate::web::error::PageResult;
use crate::web::layout::Frame;
use crate::web::pages::{paging, project_filter};
use crate::web::urls::{self, Query};
use crate::web::visit::Visit;

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
            column(lang, "name").sortable("name"),
            column(lang, "project").sortable("project"),
            column(lang, "packages").number().sortable("packages"),
            column(lang, "files").number().sortable("files"),
        ],
        rows: rows.collect(),
        order: Some(Order::of(&frame.query)),
        selection: crud::selection::<Stores>(frame),
        empty: t!(lang, "stores-empty"),
    };
    let filters =
        Filters { lang, query, filters: vec![project_filter::filter(lang, &view.projects)] };
    List::new(table)
        .filtered(filters)
        .paged(view.next.as_deref())
        .with_actions(crud::addition::<Stores>(frame))
}

fn packages_of(counted: &Counted) -> String {
    let project = counted.store.project.to_string();
    let pairs = [("project", project.as_str()), ("store", counted.store.name.as_str())];
    urls::with_query(urls::PACKAGES, pairs.into_iter())
}

/// What is typed about a store.
#[derive(Clone)]
pub struct Typing {
    /// Name of the project of a new one.
    project: String,
    name: String,
}

/// Renders the form; `projects` are those that a new one may be in.
fn form_page(frame: &Frame, view: &Typed<Stores>, projects: &[Project]) -> Markup {
    let form = view.form(frame);
    let project = view.stored.as_ref().map_or(&view.form.project, |stored| &stored.project);
    let known = projects.iter().any(|one| one.name == *project);
    let other = Some(project).filter(|name| !(known || name.is_empty()));
    let names = projects.iter().map(|one| &one.name).chain(other);
    let options = names.map(|name| Choice::plain(name)).collect();
    let fields = html! {
        (form.choice("project", project, options).required().fixed(view.id.is_some()))
        (form.text("name", &view.form.name).required().max(50).hint("hint-store-name"))
    };
    let body = html! { section.card.narrow { (view.framed(form, fields)) } };
    frame.page(view.content(frame, &view.form.name, body))
}

/// `GET /stores`.
pub async fn list(visit: Visit) -> PageResult {
    let query = visit.query.clone();
    let frame = visit.frame().await?;
    let limit = frame.page_size;
    let projects = visit.if_allowed(visit.app.projects(visit.actor()).await)?;
    let project = project_filter::chosen(&query, &projects);
    let by_id = Sorted { by: StoreOrder::Id, descending: false };
    let sorted = Sorted::parse(query.get("sort"), StoreOrder::parse).unwrap_or(by_id);
    let after = query.cursor().and_then(Cursor::parse);
    let page = StorePage { sorted, after, limit: limit + 1 };
    let found = visit.app.stores(visit.actor(), project, page).await?;
    let (stores, next) = paging::split(found, limit, |one| sorted.by.cursor(one).to_string());
    let view = View { stores, next, projects };
    visit.list(&frame, list_page(&frame, &query, &view))
}

/// What is done with stores.
pub struct Stores;

impl Crud for Stores {
    type Id = StoreId;
    type Form = Typing;
    type Stored = Counted;

    const MODEL: Model = Model::Store;
    const LIST: &'static str = urls::STORES;
    const NAV: &'static str = "nav-stores";
    const NEW: &'static str = "store-new";
    const QUESTION: &'static str = "store-delete-question";

    fn id(number: i64) -> StoreId {
        StoreId(number)
    }

    fn name(stored: &Counted) -> String {
        stored.store.name.clone()
    }

    fn blank(query: &Query) -> Typing {
        Typing { project: query.get("project").to_owned(), name: String::new() }
    }

    fn typed(stored: &Counted) -> Typing {
        Typing { project: stored.project.clone(), name: stored.store.name.clone() }
    }

    fn read(fields: &Fields) -> Typing {
        let text = |name| fields.get(name).to_owned();
        Typing { project: text("project"), name: text("name") }
    }

    async fn find(visit: &Visit, id: StoreId) -> Result<Counted, AppError> {
        visit.app.store(visit.actor(), id).await
    }

    async fn save(visit: &Visit, id: Option<StoreId>, form: Typing) -> Result<Counted, AppError> {
        let Typing { project, name } = form;
        let store = match id {
            Some(id) => visit.app.rename_store(visit.actor(), id, &name).await?,
            None => visit.app.add_store(visit.actor(), &project, &name).await?,
        };
        Ok(Counted { store, project, packages: 0, files: 0 })
    }

    async fn delete(visit: &Visit, id: StoreId, confirmed: bool) -> Result<(), AppError> {
        visit.app.delete_store(visit.actor(), id, confirmed).await
    }

    async fn show(visit: &Visit, typed: Typed<Self>) -> PageResult {
        let projects = visit.if_allowed(visit.app.projects(visit.actor()).await)?;
        visit.show_as(typed.status(), |frame| form_page(frame, &typed, &projects)).await
    }

    fn losses(lang: Lang, stored: &Counted) -> Vec<String> {
        let loss = (stored.files > 0).then(|| t!(lang, "loss-files", count = stored.files));
        loss.into_iter().collect()
    }
}
