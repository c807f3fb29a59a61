//! The data model, `/data-model`: tables, their fields and relations, all or those of a list
//! (D-UI-07). Tables and relations are read from the database; the catalogue says what they mean.

use actix_web::web::Path;
use maud::{Markup, html};

use crate::app::AppError;
use crate::app::data_model::{Column, Table};
use crate::catalogue::{self, Lang};
use crate::t;
use crate::web::components::panel::card;
use crate::web::components::table::short_table;
use crate::web::error::PageResult;
use crate::web::help::{self, HELP};
use crate::web::layout::{Content, Frame};
use crate::web::urls;
use crate::web::visit::Visit;

/// Renders the page: of all tables, those named.
fn page(frame: &Frame, all: &[Table], names: &[&str], is_part: bool) -> Markup {
    let lang = frame.lang();
    let tables = names.iter().filter_map(|name| all.iter().find(|table| table.name == *name));
    let shown: Vec<&Table> = tables.collect();
    let body = html! {
        p { (t!(lang, "model-intro")) }
        @if is_part { p { a href=(urls::DATA_MODEL) { (t!(lang, "model-all")) } } }
        nav aria-label=(t!(lang, "model-tables")) {
            ul.chips { @for table in &shown { li { (link(&table.name, names)) } } }
        }
        @for table in &shown { (one(lang, table, all, names)) }
    };
    let content = Content::new(t!(lang, "nav-data-model"), body);
    frame.page(content)
}

fn one(lang: Lang, table: &Table, all: &[Table], names: &[&str]) -> Markup {
    let rows = html! {
        @for column in &table.columns {
            tr {
                th scope="row" { code { (column.name) } @if column.required { " *" } }
                td data-label=(t!(lang, "reference-kind")) { (kind(lang, column)) }
                td data-label=(t!(lang, "field-description")) {
                    @if let Some(other) = &column.references { (link(other, names)) " " }
                    (meaning(lang, table, column).unwrap_or_default())
                }
            }
        }
    };
    let referring: Vec<(&str, &str)> = all
        .iter()
        .flat_map(|other| other.columns.iter().map(move |column| (other, column)))
        .filter(|(_, column)| column.references.as_deref() == Some(table.name.as_str()))
        .map(|(other, column)| (other.name.as_str(), column.name.as_str()))
        .filter(|(other, _)| is_shown(other))
        .collect();
    html! {
        div #(table.name) {
            (card(&table.name, html! {
                p { (table_meaning(lang, &table.name)) }
                (short_table(lang, &table.name,
                    ["field-name", "reference-kind", "field-description"], rows))
                @if !referring.is_empty() {
                    p.soft { (t!(lang, "model-referred-by")) }
                    ul.chips {
                        @for (other, column) in &referring {
                            li { (link(other, names)) "." (column) }
                        }
                    }
                }
            }))
        }
    }
}

/// A link to a table: on this page, or on that of all.
fn link(table: &str, names: &[&str]) -> Markup {
    let page = if names.contains(&table) { "" } else { urls::DATA_MODEL };
    html! { a href={ (page) "#" (table) } { code { (table) } } }
}

fn is_shown(table: &str) -> bool {
    HELP.iter().any(|help| help.tables.contains(&table))
}

fn kind(lang: Lang, column: &Column) -> String {
    t!(lang, &format!("model-kind-{}", column.kind.to_ascii_lowercase()))
}

fn table_meaning(lang: Lang, table: &str) -> String {
    t!(lang, &format!("model-table-{}", table.replace('_', "-")))
}

/// What a column holds: the id of something, what its name says in this table or everywhere.
pub fn meaning(lang: Lang, table: &Table, column: &Column) -> Option<String> {
    let (table, name) = (table.name.replace('_', "-"), column.name.replace('_', "-"));
    if let Some(other) = &column.references {
        return Some(table_meaning(lang, other));
    }
    let find = |key: String| catalogue::find(lang, &format!("model-column-{key}"));
    find(format!("{table}-{name}")).or_else(|| find(name))
}

/// `GET /data-model`.
pub async fn all(visit: Visit) -> PageResult {
    let tables = visit.app.data_model(visit.actor()).await?;
    let names: Vec<&str> =
        tables.iter().map(|table| table.name.as_str()).filter(|name| is_shown(name)).collect();
    visit.show(|frame| page(frame, &tables, &names, false)).await
}

/// `GET /data-model/{list}`.
pub async fn of_list(visit: Visit, list: Path<String>) -> PageResult {
    let help = help::find(&format!("/{list}"));
    let help = help.ok_or_else(|| AppError::not_found("list", list.as_str()))?;
    let tables = visit.app.data_model(visit.actor()).await?;
    visit.show(|frame| page(frame, &tables, help.tables, true)).await
}
