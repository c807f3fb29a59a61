//! Errors that computers reported (5.2).

use maud::html;

use super::{checks, project_filter};
use crate::app::checks::Checkable;
use crate::app::listed::Listed;
use crate::app::reported_errors::ErrorRow;
use crate::domain::account::Model;
use crate::domain::project::Project;
use crate::t;
use crate::web::components::code::folded;
use crate::web::components::filters::Filters;
use crate::web::components::list::List;
use crate::web::components::status::checked;
use crate::web::components::table::{Row, Table, column};
use crate::web::components::time::time;
use crate::web::error::PageResult;
use crate::web::layout::Frame;
use crate::web::urls::{self, Query};
use crate::web::visit::{Post, Visit};

/// What the list shows.
pub struct View {
    pub errors: Listed<ErrorRow>,
    pub projects: Vec<Project>,
}

/// Renders the list.
pub fn page<'a>(frame: &'a Frame, query: &'a Query, view: &'a View) -> List<'a> {
    let lang = frame.lang();
    let rows = view.errors.items.iter().map(|error| {
        let cells = vec![
            time(&frame.reader, error.created_at),
            html! {
                a href=(urls::object(urls::COMPUTERS, error.computer.id)) { (error.computer.name) }
            },
            html! { (error.project.name) },
            folded(&error.description),
            checked(lang, error.checked),
        ];
        Row::new("error", error.id, cells)
    });
    let table = Table {
        lang,
        caption: t!(lang, "nav-errors"),
        columns: vec![
            column(lang, "time"),
            column(lang, "computer"),
            column(lang, "project"),
            column(lang, "error").wide(),
            column(lang, "checked"),
        ],
        rows: rows.collect(),
        order: None,
        selection: Some(checks::selection(frame, urls::ERRORS, Model::Error)),
        empty: t!(lang, "errors-empty"),
    };
    let mut filters = checks::filters(lang);
    filters.push(project_filter::filter(lang, &view.projects));
    let filters = Filters { lang, query, filters };
    List::new(table).filtered(filters).paged(view.errors.next.as_deref())
}

/// `GET /errors`.
pub async fn list(visit: Visit) -> PageResult {
    let query = visit.query.clone();
    let frame = visit.frame().await?;
    let limit = frame.page_size;
    let errors = visit.app.errors(visit.actor(), checks::wanted(&visit, limit)?).await?;
    let projects = visit.if_allowed(visit.app.projects(visit.actor()).await)?;
    let view = View { errors, projects };
    visit.list(&frame, page(&frame, &query, &view))
}

/// `POST /errors/selection`.
pub async fn selected(post: Post) -> PageResult {
    checks::apply(post, Checkable::Error, urls::ERRORS).await
}
