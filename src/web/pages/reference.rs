//! The API for readers, `/docs`: drawn from the document that programs read, with a form for each
//! operation behind it (D-UI-07).

use maud::{Markup, html};

use crate::http::reference::{Field, Kind, Operation, Reference, Section, Shape};
use crate::t;
use crate::web::components::panel::card;
use crate::web::components::table::short_table;
use crate::web::error::PageResult;
use crate::web::layout::{Content, Frame};
use crate::web::urls;
use crate::web::visit::Visit;

mod call;
pub mod operation;
pub mod send;
#[cfg(test)]
mod tests;

/// Renders the page. Texts of operations are those of the document, in English.
pub fn page(frame: &Frame, reference: &Reference) -> Markup {
    let lang = frame.lang();
    let body = html! {
        p { (t!(lang, "reference-intro")) " " a href="/api/openapi.json" { "openapi.json" } }
        nav aria-label=(t!(lang, "nav-api")) {
            ul {
                @for section in &reference.sections {
                    li { a href={ "#" (anchor(&section.name)) } { (section.name) } }
                }
            }
        }
        @for section in &reference.sections { (section_card(frame, section)) }
        (card(&t!(lang, "reference-bodies"), html! {
            @for shape in &reference.shapes { (shape_part(frame, shape)) }
        }))
    };
    frame.page(Content::new(t!(lang, "nav-api"), body))
}

fn section_card(frame: &Frame, section: &Section) -> Markup {
    html! {
        div #(anchor(&section.name)) {
            (card(&section.name, html! {
                @for operation in &section.operations { (operation_part(frame, operation)) }
            }))
        }
    }
}

fn operation_part(frame: &Frame, operation: &Operation) -> Markup {
    let lang = frame.lang();
    html! {
        details #(operation.id) {
            summary { code { (operation.method) " " (operation.path) } " " (operation.summary) }
            @if !operation.parameters.is_empty() {
                h3 { (t!(lang, "reference-parameters")) }
                @let parameters = operation.parameters.iter().map(|parameter| &parameter.field);
                (fields_table(frame, &t!(lang, "reference-parameters"), parameters, ""))
            }
            @if let Some(body) = &operation.body {
                p { (t!(lang, "reference-body")) ": " (kind(&body.kind, "")) }
            }
            (answers(operation, ""))
            p {
                a.button href=(urls::object(urls::DOCS, &operation.id)) {
                    (t!(lang, "reference-try")) span.hidden-text { " " (operation.id) }
                }
            }
        }
    }
}

/// What it may answer; `reference` is the page with the shapes.
fn answers(operation: &Operation, reference: &str) -> Markup {
    html! {
        ul {
            @for answer in &operation.answers {
                li { code { (answer.status) }
                    @if let Some(body) = &answer.body { " " (kind(body, reference)) }
                }
            }
        }
    }
}

fn shape_part(frame: &Frame, shape: &Shape) -> Markup {
    html! {
        details #{ "shape-" (shape.name) } {
            summary { code { (shape.name) } " " (shape.description) }
            (fields_table(frame, &shape.name, &shape.fields, ""))
        }
    }
}

fn fields_table<'a>(
    frame: &Frame,
    caption: &str,
    fields: impl IntoIterator<Item = &'a Field>,
    reference: &str,
) -> Markup {
    let lang = frame.lang();
    let rows = html! {
        @for field in fields {
            tr {
                th scope="row" { code { (field.name) } @if field.required { " *" } }
                td data-label=(t!(lang, "reference-kind")) { (kind(&field.kind, reference)) }
                td data-label=(t!(lang, "field-description")) { (field.description) }
            }
        }
    };
    short_table(lang, caption, ["field-name", "reference-kind", "field-description"], rows)
}

fn kind(kind: &Kind, reference: &str) -> Markup {
    html! {
        @match &kind.shape {
            Some(shape) => { a href={ (reference) "#shape-" (shape) } { (kind.text) } }
            None => { (kind.text) }
        }
    }
}

fn anchor(name: &str) -> String {
    name.replace(' ', "-")
}

/// `GET /docs`.
pub async fn show(visit: Visit) -> PageResult {
    visit.show(|frame| page(frame, Reference::get())).await
}
