//! Faults that definitions found on computers (5.1).

use maud::html;

use super::{checks, project_filter};
use crate::app::checks::Checkable;
use crate::app::found_faults::{FaultQuery, FaultRow};
use crate::app::listed::Listed;
use crate::domain::account::Model;
use crate::domain::fault::Assignment;
use crate::domain::project::Project;
use crate::t;
use crate::web::components::code::folded;
use crate::web::components::filters::{Filter, Filters};
use crate::web::components::form::Choice;
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
    pub faults: Listed<FaultRow>,
    pub projects: Vec<Project>,
}

/// Renders the list.
pub fn page<'a>(frame: &'a Frame, query: &'a Query, view: &'a View) -> List<'a> {
    let lang = frame.lang();
    let rows = view.faults.items.iter().map(|fault| {
        let definition = urls::object(urls::FAULT_DEFINITIONS, fault.fault_definition.id);
        let cells = vec![
            time(&frame.reader, fault.created_at),
            html! {
                a href=(urls::object(urls::COMPUTERS, fault.computer.id)) { (fault.computer.name) }
            },
            html! { a href=(definition) { (fault.fault_definition.name) } },
            folded(&fault.result),
            html! { (fault.project.name) },
            checked(lang, fault.checked),
        ];
        Row::new("fault", fault.id, cells)
    });
    let table = Table {
        lang,
        caption: t!(lang, "nav-faults"),
        columns: vec![
            column(lang, "time"),
            column(lang, "computer"),
            column(lang, "fault-definition"),
            column(lang, "result").wide(),
            column(lang, "project"),
            column(lang, "checked"),
        ],
        rows: rows.collect(),
        order: None,
        selection: Some(checks::selection(frame, urls::FAULTS, Model::Fault)),
        empty: t!(lang, "faults-empty"),
    };
    let whose = Assignment::ALL.iter().map(|whose| {
        let name = whose.as_str();
        Choice::new(name, t!(lang, &format!("faults-{name}")))
    });
    let mut filters = checks::filters(lang);
    filters.push(Filter::Choice {
        name: "whose",
        label: t!(lang, "faults-whose"),
        options: whose.collect(),
    });
    filters.push(project_filter::filter(lang, &view.projects));
    let filters = Filters { lang, query, filters };
    List::new(table).filtered(filters).paged(view.faults.next.as_deref())
}

/// `GET /faults`.
pub async fn list(visit: Visit) -> PageResult {
    let query = visit.query.clone();
    let frame = visit.frame().await?;
    let limit = frame.page_size;
    let wanted = FaultQuery {
        found: checks::wanted(&visit, limit)?,
        definition: query.number("definition"),
        assignment: query.find("whose").and_then(Assignment::parse),
    };
    let faults = visit.app.faults(visit.actor(), wanted).await?;
    let projects = visit.if_allowed(visit.app.projects(visit.actor()).await)?;
    let view = View { faults, projects };
    visit.list(&frame, page(&frame, &query, &view))
}

/// `POST /faults/selection`.
pub async fn selected(post: Post) -> PageResult {
    checks::apply(post, Checkable::Fault, urls::FAULTS).await
}
