//! The attributes of a computer: now, or as they were on a day (D-SCN-04).

use actix_web::web::Path;
use maud::{Markup, html};

use super::around;
use crate::app::computers::{ComputerDetail, HeldAttribute};
use crate::domain::ids::ComputerId;
use crate::t;
use crate::web::components::filters::{Filter, Filters};
use crate::web::components::table::{Row, Table, column};
use crate::web::components::time::time;
use crate::web::error::PageResult;
use crate::web::layout::Frame;
use crate::web::urls::{self, Query};
use crate::web::visit::Visit;

/// Renders the page.
pub fn page(
    frame: &Frame,
    query: &Query,
    computer: &ComputerDetail,
    attributes: &[HeldAttribute],
) -> Markup {
    let lang = frame.lang();
    let rows = attributes.iter().map(|attribute| {
        let cells = vec![
            html! { a href=(urls::object(urls::ATTRIBUTES, attribute.id)) { (attribute.name) } },
            html! { (attribute.description.as_deref().unwrap_or_default()) },
            html! { (attribute.formula) },
            time(&frame.reader, attribute.from),
        ];
        Row::new("attribute", attribute.id, cells)
    });
    let table = Table {
        lang,
        caption: t!(lang, "nav-attributes"),
        columns: ["attribute", "description", "formula", "since"]
            .map(|name| column(lang, name))
            .into(),
        rows: rows.collect(),
        order: None,
        selection: None,
        empty: t!(lang, "computer-no-attributes"),
    };
    let filters = Filters {
        lang,
        query,
        filters: vec![Filter::Date { name: "at", label: t!(lang, "field-as-of") }],
    };
    around(frame, computer, "attributes", html! { (filters) (table) })
}

/// `GET /computers/{id}/attributes`.
pub async fn show(visit: Visit, id: Path<ComputerId>) -> PageResult {
    let query = visit.query.clone();
    let at = query.find("at").map(|day| visit.app.read_to("at", day)).transpose()?;
    let computer = visit.app.computer(visit.actor(), *id).await?;
    let attributes = visit.app.computer_attributes(visit.actor(), *id, at).await?;
    visit.show(|frame| page(frame, &query, &computer, &attributes)).await
}
