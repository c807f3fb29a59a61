//! `POST /docs/{operation}`: the request of a form is sent to the API, and shown with its answer.
//!
//! The request itself becomes that of the API and goes on to the API's own handlers, which stand
//! behind this middleware (docs/adr/0019): whoever is signed in here is the caller, with exactly the
//! permissions of the account, and the audit, preview and guard are those of every call. Invariant:
//! nothing goes on that is not an operation of the document, posted from a page of ours.

use std::future::poll_fn;
use std::pin::Pin;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse, Url};
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::http::{Method, Uri};
use actix_web::middleware::Next;
use actix_web::web::Bytes;
use actix_web::{Error, HttpResponse};

use super::call::Call;
use super::operation::{self, Answer, Sent, Text};
use crate::http::actor::Refused;
use crate::http::forms::{self, Fields, Posted};
use crate::http::reference::{Operation, Reference};
use crate::http::trial;
use crate::t;
use crate::web::components::form::Problems;
use crate::web::error::PageError;
use crate::web::visit::Visit;

/// Bytes of an answer that are shown.
const SHOWN: usize = 256 << 10;

/// Headers of an answer that say something to who sends requests.
const TELLING: [HeaderName; 4] =
    [header::CONTENT_TYPE, header::LOCATION, header::ETAG, header::RETRY_AFTER];

/// What stands in the form, before anything is sent.
struct Asked {
    operation: &'static Operation,
    visit: Visit,
    fields: Fields,
    site: String,
    csrf: String,
}

/// Middleware before the API.
pub async fn send(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let asked = match read(&mut request).await {
        Ok(asked) => asked,
        Err(error) => return Ok(request.error_response(error)),
    };
    let Asked { operation, visit, fields, site, csrf } = asked;
    let call = match Call::of(operation, &fields) {
        Ok(call) => call,
        Err(missing) => {
            let text = t!(visit.lang, "reference-missing", name = missing.field.name.as_str());
            let shown = show(&visit, operation, &fields, &Problems::whole(text), None).await;
            return Ok(request.into_response(shown));
        }
    };
    let sent = Sent { command: call.command(&site), call, answer: None };
    if fields.ticked(operation::ONLY_COMMAND) || !sent.call.is_complete() {
        let shown = show(&visit, operation, &fields, &Problems::none(), Some(&sent)).await;
        return Ok(request.into_response(shown));
    }
    if let Err(error) = turn_into(&mut request, &sent.call, &csrf) {
        return Ok(request.error_response(error));
    }
    let (request, answer) = next.call(request).await?.into_parts();
    let sent = Sent { answer: Some(read_answer(answer.map_into_boxed_body()).await), ..sent };
    let shown = show(&visit, operation, &fields, &Problems::none(), Some(&sent)).await;
    Ok(ServiceResponse::new(request, shown))
}

/// Reads the form; the token of the session must be in it.
async fn read(request: &mut ServiceRequest) -> Result<Asked, Error> {
    let Posted { by, fields } = request.extract::<Posted>().await?;
    let info = request.match_info();
    let operation = Reference::get().find(info.query("operation"));
    let operation = operation.filter(|_| info.unprocessed().is_empty());
    let operation = operation.ok_or(PageError::Unknown)?;
    let site = {
        let to = request.connection_info();
        format!("{}://{}", to.scheme(), to.host())
    };
    let csrf = by.csrf().to_owned();
    Ok(Asked { operation, visit: Visit::of(request.request(), by)?, fields, site, csrf })
}

/// Makes the posted form the request it describes. The session stays, and says who calls.
fn turn_into(request: &mut ServiceRequest, call: &Call, csrf: &str) -> Result<(), Error> {
    let unreadable = |_| PageError::Refused(Refused::Unreadable);
    let uri = Uri::try_from(&call.address).map_err(|_| unreadable(()))?;
    let method = call.method.parse::<Method>().map_err(|_| unreadable(()))?;
    let csrf = HeaderValue::from_str(csrf).map_err(|_| unreadable(()))?;
    request.match_info_mut().set(Url::new(uri.clone()));
    let head = request.head_mut();
    head.uri = uri;
    head.method = method;
    head.headers.remove(header::CONTENT_LENGTH);
    head.headers.remove(header::CONTENT_TYPE);
    head.headers.insert(HeaderName::from_static(forms::CSRF_HEADER), csrf);
    if call.body.is_some() {
        head.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    trial::give_back(request, Bytes::from(call.body.clone().unwrap_or_default()));
    Ok(())
}

async fn read_answer(answer: HttpResponse) -> Answer {
    let status = answer.status();
    let headers = TELLING.iter().filter_map(|name| {
        let value = answer.headers().get(name)?.to_str().ok()?;
        Some((name.to_string(), value.to_owned()))
    });
    let headers = headers.collect();
    let text = read_text(answer.into_body()).await;
    Answer { status, headers, text }
}

/// As much of the body as is shown; the rest is not waited for.
async fn read_text(mut body: BoxBody) -> Text {
    let (mut bytes, mut is_whole) = (Vec::new(), true);
    while let Some(Ok(part)) = poll_fn(|context| Pin::new(&mut body).poll_next(context)).await {
        bytes.extend_from_slice(&part);
        if bytes.len() > SHOWN {
            bytes.truncate(SHOWN);
            is_whole = false;
            break;
        }
    }
    if let Ok(json) = serde_json::from_slice::<serde_json::Value>(&bytes) {
        return Text::Whole(serde_json::to_string_pretty(&json).unwrap_or_default());
    }
    match (String::from_utf8(bytes), is_whole) {
        (Ok(text), true) => Text::Whole(text),
        (Ok(text), false) => Text::Beginning(text),
        // A character may have been cut; a file is not text from its first bytes on.
        (Err(error), false) if error.utf8_error().error_len().is_none() => {
            Text::Beginning(String::from_utf8_lossy(error.as_bytes()).into_owned())
        }
        (Err(error), _) => Text::Bytes(error.as_bytes().len()),
    }
}

async fn show(
    visit: &Visit,
    operation: &Operation,
    fields: &Fields,
    problems: &Problems,
    sent: Option<&Sent>,
) -> HttpResponse {
    let status = problems.status();
    let view = operation::View { operation, fields, problems, sent };
    let shown = visit.show_as(status, |frame| operation::page(frame, &view)).await;
    shown.unwrap_or_else(HttpResponse::from_error)
}
