//! One operation of the API, `/docs/{operation}`: a form with all it takes, and what was answered.

use actix_web::http::StatusCode;
use actix_web::web::Path;
use maud::{Markup, html};

use super::call::{self, BODY, Call};
use super::{answers, fields_table};
use crate::http::forms::Fields;
use crate::http::reference::{Body, Operation, Parameter, Reference};
use crate::t;
use crate::web::components::code;
use crate::web::components::form::{Form, Problems};
use crate::web::components::panel::card;
use crate::web::components::status::Level;
use crate::web::error::{PageError, PageResult};
use crate::web::layout::{Content, Frame, message};
use crate::web::reader::size;
use crate::web::urls;
use crate::web::visit::Visit;

/// The button that shows the command and sends nothing.
pub const ONLY_COMMAND: &str = "only_command";

/// What the page shows.
pub struct View<'a> {
    pub operation: &'a Operation,
    /// What was typed; nothing before the first time.
    pub fields: &'a Fields,
    pub problems: &'a Problems,
    pub sent: Option<&'a Sent>,
}

/// A request, and its answer if it was sent.
pub struct Sent {
    pub call: Call,
    /// The same for a shell.
    pub command: String,
    pub answer: Option<Answer>,
}

/// What the API answered.
pub struct Answer {
    pub status: StatusCode,
    pub headers: Vec<(String, String)>,
    pub text: Text,
}

/// The body of an answer.
pub enum Text {
    Whole(String),
    /// The first part of a longer one.
    Beginning(String),
    /// No text: its length at least.
    Bytes(usize),
}

/// Renders the page.
pub fn page(frame: &Frame, view: &View<'_>) -> Markup {
    let lang = frame.lang();
    let operation = view.operation;
    let body = html! {
        p { (operation.summary) }
        @if let Some(sent) = view.sent { (sent_part(frame, sent)) }
        (card(&t!(lang, "reference-request"), form(frame, view)))
        @if let Some(shape) = operation.body.as_ref().and_then(|body| body.kind.shape.as_deref())
            .and_then(|name| Reference::get().shape(name)) {
            (card(&shape.name, html! {
                p { (shape.description) }
                (fields_table(frame, &shape.name, &shape.fields, urls::DOCS))
            }))
        }
        (card(&t!(lang, "reference-answers"), answers(operation, urls::DOCS)))
    };
    let title = format!("{} {}", operation.method, operation.path);
    frame.page(Content::new(title, body).below(urls::DOCS, t!(lang, "nav-api")))
}

/// The request as it was sent, and its answer.
fn sent_part(frame: &Frame, sent: &Sent) -> Markup {
    let lang = frame.lang();
    html! {
        @if let Some(answer) = &sent.answer {
            div #answer { (card(&t!(lang, "reference-answer"), answer_part(frame, answer))) }
        } @else if sent.call.is_complete() {
            (message(Level::Info, &t!(lang, "reference-not-sent")))
        } @else {
            (message(Level::Info, &t!(lang, "reference-file")))
        }
        div #command {
            (card(&t!(lang, "reference-as-command"), html! {
                p { code { (sent.call.method) " " (sent.call.address) } }
                (code::wrapped(&sent.command))
                p.soft { (t!(lang, "reference-token")) }
            }))
        }
    }
}

fn answer_part(frame: &Frame, answer: &Answer) -> Markup {
    let lang = frame.lang();
    html! {
        dl.facts {
            dt { (t!(lang, "field-status")) } dd { strong { (answer.status) } }
            @for (name, value) in &answer.headers { dt { (name) } dd { code { (value) } } }
        }
        @match &answer.text {
            Text::Whole(text) if text.is_empty() => p.soft { (t!(lang, "reference-empty")) },
            Text::Whole(text) => (code::code(text)),
            Text::Beginning(text) => {
                p.soft { (t!(lang, "reference-beginning")) }
                (code::code(text))
            },
            Text::Bytes(length) => {
                p.soft { (t!(lang, "reference-no-text", size = size(*length as u64))) }
            },
        }
    }
}

fn form(frame: &Frame, view: &View<'_>) -> Markup {
    let lang = frame.lang();
    let View { operation, fields, problems, .. } = view;
    let form = Form { lang, csrf: &frame.csrf, problems, writable: true };
    let reads = operation.method == "GET";
    let about = if reads { "reference-reads" } else { "reference-changes" };
    let inputs = html! {
        p.soft { (t!(lang, about, account = frame.actor.name())) }
        @for parameter in &operation.parameters { (input(frame, parameter, fields)) }
        @if let Some(body) = &operation.body { (body_input(frame, body, fields)) }
    };
    let is_complete = operation.body.as_ref().is_none_or(|body| body.sample.is_some());
    let buttons = html! {
        @if is_complete {
            button.button.main type="submit" { (t!(lang, "reference-send")) }
        }
        button.button type="submit" name=(ONLY_COMMAND) value="yes" {
            (t!(lang, "reference-only-command"))
        }
        a.button href=(urls::DOCS) { (t!(lang, "ui-back")) }
    };
    form.frame(&urls::object(urls::DOCS, &operation.id), inputs, buttons)
}

fn input(frame: &Frame, parameter: &Parameter, fields: &Fields) -> Markup {
    let (lang, field) = (frame.lang(), &parameter.field);
    let (id, name) = (format!("parameter-{}", field.name), call::field_name(parameter));
    let value = call::value_of(parameter, fields);
    let hint = (!field.description.is_empty()).then(|| format!("{id}-hint"));
    html! {
        div.field {
            label for=(id) {
                code { (field.name) } " " span.soft { (field.kind.text) }
                @if field.required { " " span.required { (t!(lang, "ui-required")) } }
            }
            @if field.kind.text.starts_with("boolean") {
                select id=(id) name=(name) aria-describedby=[&hint] {
                    @for option in ["", "true", "false"] {
                        option value=(option) selected[option == value] { (option) }
                    }
                }
            } @else {
                input id=(id) name=(name) type="text" value=(value) required[field.required]
                    autocomplete="off" spellcheck="false" aria-describedby=[&hint];
            }
            @if let Some(hint) = &hint { p.hint id=(hint) { (field.description) } }
        }
    }
}

fn body_input(frame: &Frame, body: &Body, fields: &Fields) -> Markup {
    let lang = frame.lang();
    let Some(sample) = &body.sample else {
        return html! { p { (t!(lang, "reference-file")) " " code { (body.media_type) } } };
    };
    let text = fields.find(BODY).unwrap_or(sample);
    html! {
        div.field {
            label for="request-body" {
                (t!(lang, "reference-body")) " " span.soft { (body.kind.text) }
            }
            textarea.code id="request-body" name=(BODY) rows="12" spellcheck="false" { "\n" (text) }
        }
    }
}

/// `GET /docs/{operation}`.
pub async fn show(visit: Visit, id: Path<String>) -> PageResult {
    let operation = Reference::get().find(&id).ok_or(PageError::Unknown)?;
    let (fields, problems) = (Fields::default(), Problems::none());
    let view = View { operation, fields: &fields, problems: &problems, sent: None };
    visit.show(|frame| page(frame, &view)).await
}
