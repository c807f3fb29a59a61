//! What is installed on a computer, now or on a day, and what came and went (D-SCN-04).

use actix_web::web::Path;
use maud::{Markup, html};

use super::around;
use crate::app::computers::ComputerDetail;
use crate::app::listed::Listed;
use crate::app::software_history::{HistoryEntry, InstalledPackage};
use crate::domain::ids::ComputerId;
use crate::t;
use crate::web::components::filters::{Filter, Filters};
use crate::web::components::panel::empty;
use crate::web::components::status::{Level, badge};
use crate::web::components::table::{Row, Table, column, pager};
use crate::web::components::time::time;
use crate::web::error::PageResult;
use crate::web::layout::Frame;
use crate::web::urls::Query;
use crate::web::visit::Visit;

/// Renders the packages.
pub fn packages_page(
    frame: &Frame,
    query: &Query,
    computer: &ComputerDetail,
    packages: &[InstalledPackage],
) -> Markup {
    let lang = frame.lang();
    let wanted = query.get("q").to_lowercase();
    let shown = packages.iter().filter(|package| package.name.to_lowercase().contains(&wanted));
    let rows = shown.enumerate().map(|(place, package)| {
        let cells = vec![
            html! { (package.name) },
            html! { span.mono { (package.version) } },
            html! { (package.architecture) },
        ];
        Row::new("package", place, cells)
    });
    let table = Table {
        lang,
        caption: t!(lang, "computer-software"),
        columns: ["package", "version", "architecture"].map(|name| column(lang, name)).into(),
        rows: rows.collect(),
        order: None,
        selection: None,
        empty: t!(lang, "computer-no-software"),
    };
    let filters = Filters {
        lang,
        query,
        filters: vec![
            Filter::Search(t!(lang, "field-package")),
            Filter::Date { name: "at", label: t!(lang, "field-as-of") },
        ],
    };
    let count = i64::try_from(table.rows.len()).unwrap_or(i64::MAX);
    let total = html! { p.soft { (t!(lang, "computer-packages", count = count)) } };
    around(frame, computer, "software", html! { (filters) (total) (table) })
}

/// `GET /computers/{id}/software`.
pub async fn packages(visit: Visit, id: Path<ComputerId>) -> PageResult {
    let query = visit.query.clone();
    let at = query.find("at").map(|day| visit.app.read_to("at", day)).transpose()?;
    let computer = visit.app.computer(visit.actor(), *id).await?;
    let packages = visit.app.computer_software(visit.actor(), *id, at).await?;
    visit.show(|frame| packages_page(frame, &query, &computer, &packages)).await
}

/// Renders the history.
pub fn history_page(
    frame: &Frame,
    query: &Query,
    computer: &ComputerDetail,
    history: &Listed<HistoryEntry>,
) -> Markup {
    let lang = frame.lang();
    let body = html! {
        @if history.items.is_empty() { div.card { (empty(&t!(lang, "computer-no-history"))) } }
        @for entry in &history.items { (run(frame, entry)) }
        (pager(lang, query, history.items.len(), history.next.as_deref()))
    };
    around(frame, computer, "history", body)
}

/// One run, or what others changed between two.
fn run(frame: &Frame, entry: &HistoryEntry) -> Markup {
    let lang = frame.lang();
    html! {
        section.card id={ "history-" (entry.id) } {
            h2 {
                (time(&frame.reader, entry.from)) " – " (time(&frame.reader, entry.to)) " "
                @if entry.manual { (badge(Level::Warning, &t!(lang, "history-manual"))) }
                @else { (badge(Level::Info, &t!(lang, "history-migas"))) }
            }
            ul.chips {
                @for change in &entry.changes {
                    li.mono.came[change.starts_with('+')].went[change.starts_with('-')] { (change) }
                }
            }
        }
    }
}

/// `GET /computers/{id}/history`.
pub async fn history(visit: Visit, id: Path<ComputerId>) -> PageResult {
    let query = visit.query.clone();
    let limit = visit.frame().await?.page_size;
    let computer = visit.app.computer(visit.actor(), *id).await?;
    let before = query.number("cursor");
    let history = visit.app.computer_software_history(visit.actor(), *id, before, limit).await?;
    visit.show(|frame| history_page(frame, &query, &computer, &history)).await
}
