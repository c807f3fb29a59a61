//! Seeing what a form would do before it is saved (button *Preview*), and the number that must be
//! typed where many computers would lose something.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{Method, StatusCode, header};
use actix_web::middleware::Next;
use actix_web::web::Bytes;
use actix_web::{Error, HttpRequest, HttpResponse};
use maud::{Markup, html};

use super::components::panel::table_card;
use super::components::status::Level;
use super::components::table::{Row, Table, column};
use super::crud::Progress;
use super::error::PageError;
use super::layout::{Content, Frame, message};
use super::pages::audit;
use super::reader::size;
use super::visit::Visit;
use super::{menu, urls};
use crate::app::history::Recorded;
use crate::app::preview::{AffectedComputer, Preview};
use crate::app::trial::Purpose;
use crate::http::trial::{self, OnTrial};
use crate::t;

/// The button that asks for a preview, and the field with the number of computers.
pub const ASKED: &str = "preview";
const CONFIRMED: &str = "confirmed_computers";

/// Middleware: looks at what posted forms do. One that asks for its preview gets it instead; one
/// that takes something from many computers is saved with their number only. Its errors are answers,
/// as those of handlers are, so that they become pages.
pub async fn previews(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    if *request.method() != Method::POST || !is_plain_form(&request) {
        return Ok(next.call(request).await?.map_into_boxed_body());
    }
    let (mut fields, purpose, begun) = match begin(&mut request).await {
        Ok((fields, purpose, Some(begun))) => (fields, purpose, begun),
        Ok((_, _, None)) => return Ok(next.call(request).await?.map_into_boxed_body()),
        Err(error) => return Ok(request.error_response(error)),
    };
    let response = next.call(request).await?.map_into_boxed_body();
    let asked = purpose == Purpose::Preview;
    let nothing = asked && !begun.trial.has_seen() && is_done(response.status());
    if !begun.trial.has_seen() && !nothing {
        return Ok(response);
    }
    let progress = response.response().extensions().get::<Progress>().cloned();
    if let Some(progress) = &progress {
        progress.rest(&mut fields);
    }
    let sent = Form { fields: &fields, asked, progress };
    let shown = show(response.request(), begun, sent).await;
    Ok(response.into_response(shown.unwrap_or_else(HttpResponse::from_error)))
}

/// Names and values.
type Sent = Vec<(String, String)>;

/// A form to be sent again.
struct Form<'a> {
    fields: &'a [(String, String)],
    /// Its preview was asked for.
    asked: bool,
    /// What a selection had done of it.
    progress: Option<Progress>,
}

/// Puts a posted form on trial; `None` for one of nobody.
async fn begin(request: &mut ServiceRequest) -> Result<(Sent, Purpose, Option<OnTrial>), Error> {
    let body = request.extract::<Bytes>().await?;
    let fields = fields_of(&body);
    trial::give_back(request, body);
    let field = |name: &str| fields.iter().find(|(key, _)| key == name).map(|(_, value)| value);
    let purpose = match field(ASKED) {
        Some(_) => Purpose::Preview,
        None => Purpose::Guard { confirmed: field(CONFIRMED).and_then(|n| n.trim().parse().ok()) },
    };
    let begun = trial::begin(request, purpose).await.map_err(PageError::from)?;
    Ok((fields, purpose, begun))
}

/// The page with what the form would do.
async fn show(
    request: &HttpRequest,
    begun: OnTrial,
    sent: Form<'_>,
) -> Result<HttpResponse, Error> {
    let OnTrial { trial, by, app } = begun;
    let preview = app.preview(&trial).await.map_err(PageError::from)?;
    let status = if sent.asked { StatusCode::OK } else { StatusCode::CONFLICT };
    let visit = Visit::of(request, by)?;
    let undoing = match visit.query.path() {
        urls::AUDIT => {
            let ids = sent.fields.iter().filter(|(name, _)| name == "id");
            let ids: Vec<i64> = ids.filter_map(|(_, id)| id.parse().ok()).collect();
            app.undoing(visit.actor(), &ids).await.map_err(PageError::from)?
        }
        _ => Vec::new(),
    };
    Ok(visit.show_as(status, |frame| page(frame, &sent, undoing, preview.as_ref())).await?)
}

/// A form without files, which can be posted again.
fn is_plain_form(request: &ServiceRequest) -> bool {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"))
}

/// The fields of a form in order; what cannot be read is for the handler to refuse.
fn fields_of(body: &[u8]) -> Sent {
    std::str::from_utf8(body)
        .ok()
        .and_then(|text| actix_web::web::Query::<Vec<(String, String)>>::from_query(text).ok())
        .map(actix_web::web::Query::into_inner)
        .unwrap_or_default()
}

/// What handlers answer when a form was accepted.
fn is_done(status: StatusCode) -> bool {
    status.is_success() || status.is_redirection()
}

/// Renders the page.
fn page(
    frame: &Frame,
    sent: &Form<'_>,
    undoing: Vec<Recorded>,
    preview: Option<&Preview>,
) -> Markup {
    let lang = frame.lang();
    let done = sent.progress.as_ref().and_then(|progress| progress.told(lang));
    let body = html! {
        @if let Some(done) = done { (message(Level::Ok, &done)) }
        @if !undoing.is_empty() { (audit::undoing(frame, undoing)) }
        @match preview {
            Some(preview) if preview.changed > 0 => (effects(frame, preview)),
            _ => (message(Level::Info, &t!(lang, "preview-nobody"))),
        }
        (save(frame, sent.fields, preview))
    };
    let content = Content::new(t!(lang, "preview-title"), body);
    let menus = menu::menus(&frame.actor);
    let list = menus.iter().flat_map(|menu| &menu.entries).find(|entry| frame.is_at(entry.url));
    frame.page(match list {
        Some(list) => content.below(list.url, t!(lang, list.key)),
        None => content,
    })
}

fn effects(frame: &Frame, preview: &Preview) -> Markup {
    let lang = frame.lang();
    html! {
        p { (t!(lang, "preview-text")) }
        section.card {
            dl.facts {
                @for (key, number) in [("preview-gained", preview.gained),
                    ("preview-lost", preview.lost), ("preview-unchanged", preview.unchanged)] {
                    dt { (t!(lang, key)) } dd { (number) }
                }
                dt { (t!(lang, "preview-bytes")) } dd { (size(preview.bytes)) }
            }
        }
        (table_card(&t!(lang, "preview-packages"), None, packages(frame, preview)))
        @if !preview.days.is_empty() {
            (table_card(&t!(lang, "preview-days"), None, days(frame, preview)))
        }
        (computers(frame, "preview-gaining", &preview.gaining, preview.gained))
        (computers(frame, "preview-losing", &preview.losing, preview.lost))
    }
}

fn packages(frame: &Frame, preview: &Preview) -> Table<'static> {
    let lang = frame.lang();
    let rows = preview.packages.iter().map(|effect| {
        let cells = vec![
            html! { code { (effect.package) } },
            html! { (t!(lang, &format!("preview-effect-{}", effect.effect))) },
            html! { (effect.computers) },
            html! { (size(effect.bytes)) },
        ];
        Row::new("effect", format!("{}-{}", effect.effect, effect.package), cells)
    });
    Table {
        lang,
        caption: t!(lang, "preview-packages"),
        columns: ["package", "effect", "computers", "size"].map(|n| column(lang, n)).into(),
        rows: rows.collect(),
        order: None,
        selection: None,
        empty: t!(lang, "preview-no-packages"),
    }
}

fn days(frame: &Frame, preview: &Preview) -> Table<'static> {
    let lang = frame.lang();
    let rows = preview.days.iter().map(|day| {
        let cells =
            vec![html! { (day.date) }, html! { (day.computers) }, html! { (size(day.bytes)) }];
        Row::new("day", &day.date, cells)
    });
    Table {
        lang,
        caption: t!(lang, "preview-days"),
        columns: ["date", "computers", "size"].map(|name| column(lang, name)).into(),
        rows: rows.collect(),
        order: None,
        selection: None,
        empty: t!(lang, "preview-no-days"),
    }
}

fn computers(frame: &Frame, key: &str, computers: &[AffectedComputer], all: i64) -> Markup {
    let lang = frame.lang();
    let listed = i64::try_from(computers.len()).unwrap_or(i64::MAX);
    html! {
        @if !computers.is_empty() {
            details {
                summary { (t!(lang, key)) " (" (all) ")" }
                ul.chips {
                    @for computer in computers {
                        li { a href=(urls::object(urls::COMPUTERS, computer.id)) { (computer.name) } }
                    }
                    @if all > listed { li { (t!(lang, "preview-more", count = all - listed)) } }
                }
            }
        }
    }
}

/// The same form again, to be saved now.
fn save(frame: &Frame, fields: &[(String, String)], preview: Option<&Preview>) -> Markup {
    let lang = frame.lang();
    let action = fields.iter().find(|(name, _)| name == "action").map(|(_, value)| value.as_str());
    let kept = fields.iter().filter(|(name, _)| name != ASKED && name != CONFIRMED);
    html! {
        form.card method="post" action=(frame.path) {
            @for (name, value) in kept { input type="hidden" name=(name) value=(value); }
            @if let Some(number) = preview.and_then(|preview| preview.confirm) {
                (message(Level::Warning, &t!(lang, "preview-confirm", count = number)))
                div.field {
                    label for=(CONFIRMED) { (t!(lang, "preview-type-number")) }
                    input id=(CONFIRMED) name=(CONFIRMED) inputmode="numeric" autocomplete="off"
                        required pattern="[0-9]*";
                }
            }
            div.form-end {
                @if frame.path.ends_with("/delete") || action == Some("delete") {
                    button.button.danger type="submit" { (t!(lang, "ui-delete")) }
                } @else {
                    @let undo = frame.path == urls::AUDIT;
                    @let key = if undo { "audit-undo-action" } else { "ui-save" };
                    button.button.main type="submit" { (t!(lang, key)) }
                }
                a.button href=(way_back(&frame.path)) { (t!(lang, "ui-cancel")) }
            }
        }
    }
}

/// The page of what a form was about: those that only take forms have none to go back to.
fn way_back(path: &str) -> &str {
    let object = path.strip_suffix("/selection").or_else(|| path.strip_suffix("/delete"));
    object.unwrap_or(path)
}
