//! Read-only lists of what happened: synchronisations, migrations, status logs (3.4, 5.4), and
//! the users of computers (6.1).

use maud::{Markup, html};

use crate::app::computers::{Cursor, Named};
use crate::app::histories::{EventFilter, MigrationRow, StatusLogRow, SynchronizationRow, UserRow};
use crate::app::listed::Listed;
use crate::domain::project::Project;
use crate::domain::status::Status;
use crate::t;
use crate::web::components::filters::{Filter, Filters, yes_no};
use crate::web::components::form::Choice;
use crate::web::components::list::List;
use crate::web::components::status::{Level, badge, status, status_name};
use crate::web::components::table::{Column, Row, Table, column};
use crate::web::components::time::time;
use crate::web::error::{PageError, PageResult};
use crate::web::layout::Frame;
use crate::web::pages::project_filter;
use crate::web::reader::duration;
use crate::web::urls::{self, Query};
use crate::web::visit::Visit;

/// What differs between these lists.
struct Page<'a> {
    title: &'a str,
    columns: Vec<Column>,
    rows: Vec<Row>,
    next: Option<&'a str>,
    filters: Vec<Filter>,
}

impl<'a> Page<'a> {
    fn list(self, frame: &Frame, query: &'a Query) -> List<'a> {
        let lang = frame.lang();
        let table = Table {
            lang,
            caption: t!(lang, self.title),
            columns: self.columns,
            rows: self.rows,
            order: None,
            selection: None,
            empty: t!(lang, "ui-nothing-here"),
        };
        let filters = Filters { lang, query, filters: self.filters };
        List::new(table).filtered(filters).paged(self.next)
    }
}

fn computer(named: &Named) -> Markup {
    html! { a href=(urls::object(urls::COMPUTERS, named.id)) { (named.name) } }
}

fn days(frame: &Frame) -> [Filter; 2] {
    ["from", "to"]
        .map(|name| Filter::Date { name, label: t!(frame.lang(), &format!("field-{name}")) })
}

fn wanted(visit: &Visit, limit: u32) -> Result<EventFilter, PageError> {
    let query = &visit.query;
    Ok(EventFilter {
        computer: query.number("computer"),
        project: query.number("project"),
        user: query.number("user"),
        ok: match query.get("ok") {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        },
        status: query.find("status").and_then(Status::parse),
        from: query.find("from").map(|day| visit.app.read_from("from", day)).transpose()?,
        to: query.find("to").map(|day| visit.app.read_to("to", day)).transpose()?,
        before: query.number("cursor"),
        limit,
    })
}

/// Renders the synchronisations.
pub fn synchronizations_page<'a>(
    frame: &'a Frame,
    query: &'a Query,
    list: &'a Listed<SynchronizationRow>,
    projects: &'a [Project],
) -> List<'a> {
    let lang = frame.lang();
    let rows = list.items.iter().map(|row| {
        let took = row.created_at.as_second() - row.started_at.as_second();
        let outcome = if row.ok {
            badge(Level::Ok, &t!(lang, "sync-ok"))
        } else {
            badge(Level::Danger, &t!(lang, "sync-failed"))
        };
        let cells = vec![
            time(&frame.reader, row.created_at),
            computer(&row.computer),
            html! { @if let Some(user) = &row.user { (user.name) } },
            html! { (row.project.name) },
            html! { span.number { (duration(lang, took)) } },
            outcome,
        ];
        Row::new("synchronization", row.id, cells)
    });
    let mut filters: Vec<Filter> = days(frame).into();
    filters.push(project_filter::filter(lang, projects));
    filters.push(Filter::Choice {
        name: "ok",
        label: t!(lang, "field-outcome"),
        options: yes_no(t!(lang, "sync-ok"), t!(lang, "sync-failed")),
    });
    Page {
        title: "nav-synchronizations",
        columns: ["end", "computer", "user", "project", "last-update-time", "outcome"]
            .map(|name| column(lang, name))
            .into(),
        rows: rows.collect(),
        next: list.next.as_deref(),
        filters,
    }
    .list(frame, query)
}

/// `GET /synchronizations`.
pub async fn synchronizations(visit: Visit) -> PageResult {
    let query = visit.query.clone();
    let frame = visit.frame().await?;
    let limit = frame.page_size;
    let list = visit.app.synchronizations(visit.actor(), wanted(&visit, limit)?).await?;
    let projects = visit.if_allowed(visit.app.projects(visit.actor()).await)?;
    visit.list(&frame, synchronizations_page(&frame, &query, &list, &projects))
}

/// Renders the migrations.
pub fn migrations_page<'a>(
    frame: &'a Frame,
    query: &'a Query,
    list: &'a Listed<MigrationRow>,
    projects: &'a [Project],
) -> List<'a> {
    let lang = frame.lang();
    let rows = list.items.iter().map(|row| {
        let project = urls::object(urls::PROJECTS, row.project.id);
        let cells = vec![
            time(&frame.reader, row.created_at),
            computer(&row.computer),
            html! { a href=(project) { (row.project.name) } },
        ];
        Row::new("migration", row.id, cells)
    });
    let mut filters: Vec<Filter> = days(frame).into();
    filters.push(project_filter::filter(lang, projects));
    Page {
        title: "nav-migrations",
        columns: ["time", "computer", "new-project"].map(|name| column(lang, name)).into(),
        rows: rows.collect(),
        next: list.next.as_deref(),
        filters,
    }
    .list(frame, query)
}

/// `GET /migrations`.
pub async fn migrations(visit: Visit) -> PageResult {
    let query = visit.query.clone();
    let frame = visit.frame().await?;
    let limit = frame.page_size;
    let list = visit.app.migrations(visit.actor(), wanted(&visit, limit)?).await?;
    let projects = visit.if_allowed(visit.app.projects(visit.actor()).await)?;
    visit.list(&frame, migrations_page(&frame, &query, &list, &projects))
}

/// Renders the status logs.
pub fn status_logs_page<'a>(
    frame: &'a Frame,
    query: &'a Query,
    list: &'a Listed<StatusLogRow>,
) -> List<'a> {
    let lang = frame.lang();
    let rows = list.items.iter().map(|row| {
        let cells = vec![
            time(&frame.reader, row.created_at),
            computer(&row.computer),
            status(lang, row.status),
        ];
        Row::new("status-log", row.id, cells)
    });
    let statuses = Status::ALL.iter().map(|one| Choice::new(one.as_str(), status_name(lang, *one)));
    let mut filters: Vec<Filter> = days(frame).into();
    filters.push(Filter::Choice {
        name: "status",
        label: t!(lang, "field-status"),
        options: statuses.collect(),
    });
    Page {
        title: "nav-status-logs",
        columns: ["time", "computer", "new-status"].map(|name| column(lang, name)).into(),
        rows: rows.collect(),
        next: list.next.as_deref(),
        filters,
    }
    .list(frame, query)
}

/// `GET /status-logs`.
pub async fn status_logs(visit: Visit) -> PageResult {
    let query = visit.query.clone();
    let frame = visit.frame().await?;
    let limit = frame.page_size;
    let list = visit.app.status_logs(visit.actor(), wanted(&visit, limit)?).await?;
    visit.list(&frame, status_logs_page(&frame, &query, &list))
}

/// Renders the users of computers.
pub fn users_page<'a>(frame: &'a Frame, query: &'a Query, list: &'a Listed<UserRow>) -> List<'a> {
    let lang = frame.lang();
    let rows = list.items.iter().map(|user| {
        let id = user.id.to_string();
        let computers = urls::with_query(
            urls::COMPUTERS,
            [("user", id.as_str()), ("status", "group-productive")].into_iter(),
        );
        let synchronizations = urls::filtered(urls::SYNCHRONIZATIONS, "user", user.id);
        let cells = vec![
            html! { (user.name) },
            html! { (user.fullname) },
            html! { a href=(computers) { (user.computers) } },
            html! { a href=(synchronizations) { (t!(lang, "nav-synchronizations")) } },
        ];
        Row::new("user", user.id, cells)
    });
    Page {
        title: "nav-users",
        columns: vec![
            column(lang, "login"),
            column(lang, "full-name"),
            column(lang, "computers").number(),
            column(lang, "more"),
        ],
        rows: rows.collect(),
        next: list.next.as_deref(),
        filters: vec![Filter::Search(t!(lang, "users-search"))],
    }
    .list(frame, query)
}

/// `GET /users`.
pub async fn users(visit: Visit) -> PageResult {
    let query = visit.query.clone();
    let frame = visit.frame().await?;
    let limit = frame.page_size;
    let search = query.find("q").map(str::to_owned);
    let after = query.cursor().and_then(Cursor::parse);
    let list = visit.app.users(visit.actor(), search, after, limit).await?;
    visit.list(&frame, users_page(&frame, &query, &list))
}
