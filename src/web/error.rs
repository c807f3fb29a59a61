//! Why a page cannot be shown, as a page in the reader's language.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{StatusCode, header};
use actix_web::middleware::Next;
use actix_web::{HttpResponse, ResponseError};
use fluent_bundle::FluentValue;
use maud::html;

use super::components::form::Problems;
use super::layout::Door;
use super::{respond, urls};
use crate::app::reason::{Reason, Value};
use crate::app::{AppError, chain};
use crate::catalogue::{self, Lang};
use crate::http::actor::Refused;
use crate::http::language;
use crate::http::uploads::UploadError;
use crate::t;

/// An error of a handler; [`pages`] makes a page of it.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    #[error(transparent)]
    App(#[from] AppError),
    #[error(transparent)]
    Refused(#[from] Refused),
    /// No such page.
    #[error("no such page")]
    Unknown,
    /// Too many attempts to log in.
    #[error("too many attempts")]
    TooMany { retry_after_seconds: u64 },
}

impl From<UploadError> for PageError {
    fn from(error: UploadError) -> Self {
        match error {
            UploadError::App(error) => error.into(),
            UploadError::Forged => Refused::Forged.into(),
            UploadError::Body(_) => Refused::Unreadable.into(),
        }
    }
}

/// What handlers return.
pub type PageResult = Result<HttpResponse, PageError>;

impl PageError {
    fn status(&self) -> StatusCode {
        match self {
            Self::Unknown | Self::App(AppError::NotFound { .. }) => StatusCode::NOT_FOUND,
            Self::App(AppError::Denied(_)) | Self::Refused(Refused::Forged) => {
                StatusCode::FORBIDDEN
            }
            Self::App(AppError::Invalid { .. }) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::App(AppError::Conflict(_)) => StatusCode::CONFLICT,
            Self::App(AppError::TooLarge { .. }) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::App(AppError::DiskFull) => StatusCode::INSUFFICIENT_STORAGE,
            Self::App(AppError::Unavailable(_)) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Refused(Refused::Anonymous) => StatusCode::SEE_OTHER,
            Self::Refused(Refused::Unreadable) => StatusCode::BAD_REQUEST,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::App(AppError::Internal(_)) | Self::Refused(Refused::Failed(_)) => {
                StatusCode::INTERNAL_SERVER_ERROR
            }
        }
    }

    /// The text for people: what happened, without what only the log should know.
    fn text(&self, lang: Lang) -> String {
        match self {
            Self::App(error) => explain(lang, error),
            Self::Refused(Refused::Forged) => t!(lang, "error-forged"),
            Self::Refused(Refused::Unreadable) => t!(lang, "error-unreadable"),
            Self::Refused(Refused::Anonymous | Refused::Failed(_)) => t!(lang, "error-internal"),
            Self::Unknown => t!(lang, "error-no-page"),
            Self::TooMany { .. } => t!(lang, "error-too-many"),
        }
    }
}

impl ResponseError for PageError {
    fn status_code(&self) -> StatusCode {
        self.status()
    }

    fn error_response(&self) -> HttpResponse {
        HttpResponse::build(self.status()).body(self.to_string())
    }
}

/// An error of an operation in the words of the reader.
pub fn explain(lang: Lang, error: &AppError) -> String {
    match error {
        AppError::NotFound { what, key } => {
            let what = catalogue::find(lang, &format!("thing-{}", slug(what)))
                .unwrap_or_else(|| (*what).to_owned());
            t!(lang, "error-not-found", what = what, key = key.as_str())
        }
        AppError::Denied(denied) => {
            let model = t!(lang, &format!("model-{}", slug(denied.model.as_str())));
            let action = t!(lang, &format!("right-{}", denied.action.as_str()));
            t!(lang, "error-denied", model = model, action = action)
        }
        AppError::Invalid { reason, .. } | AppError::Conflict(reason) => reason_text(lang, reason),
        AppError::TooLarge { limit_bytes } => {
            t!(lang, "error-too-large", limit = super::reader::size(*limit_bytes))
        }
        AppError::DiskFull => t!(lang, "error-disk-full"),
        AppError::Unavailable(reason) => {
            t!(lang, "error-unavailable", reason = reason_text(lang, reason))
        }
        AppError::Internal(_) => t!(lang, "error-internal"),
    }
}

/// The reason as a sentence: from the catalogue, or, in English, its own words.
fn reason_text(lang: Lang, reason: &Reason) -> String {
    let value = |(name, value): &(&'static str, Value)| match value {
        Value::Text(text) => (*name, FluentValue::from(text.clone())),
        Value::Count(count) => (*name, FluentValue::from(*count)),
    };
    let values: Vec<_> = reason.values().iter().map(value).collect();
    catalogue::find_with(lang, &reason.key(), &values).unwrap_or_else(|| {
        let (text, mut first) = (reason.to_string(), String::new());
        let mut rest = text.chars();
        if !reason.begins_with_value() {
            first.extend(rest.next().into_iter().flat_map(char::to_uppercase));
        }
        format!("{first}{}.", rest.as_str())
    })
}

fn slug(text: &str) -> String {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("-")
}

/// What a form shows when its operation refused it; errors that no other input mends stay errors.
///
/// # Errors
/// Hands back what is not about the form.
pub fn problems(lang: Lang, error: AppError) -> Result<Problems, PageError> {
    match &error {
        AppError::Invalid { field, .. } => Ok(Problems::field(field, explain(lang, &error))),
        AppError::Conflict(_) => Ok(Problems::whole(explain(lang, &error))),
        _ => Err(error.into()),
    }
}

/// Middleware: turns errors of handlers and extractors into pages, and a missing session into
/// the way to the login.
pub async fn pages(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let lang = language::of(request.request());
    let here = request.uri().path_and_query().map_or("/", |it| it.as_str()).to_owned();
    let is_get = request.method() == actix_web::http::Method::GET;
    let response = next.call(request).await?.map_into_boxed_body();
    let shown = response.response().error().map(|error| {
        let back = if is_get { here.as_str() } else { urls::HOME };
        show(lang, error, back)
    });
    Ok(match shown {
        Some(page) => response.into_response(page),
        None => response,
    })
}

fn show(lang: Lang, error: &actix_web::Error, here: &str) -> HttpResponse {
    if let Some(error) = error.as_error::<PageError>() {
        return page(lang, error, here);
    }
    if let Some(Refused::Anonymous) = error.as_error::<Refused>() {
        return to_login(here);
    }
    let refused = error.as_error::<Refused>();
    let key = match refused {
        Some(Refused::Forged) => "error-forged",
        Some(Refused::Failed(_)) => "error-internal",
        _ => "error-unreadable",
    };
    let status = error.as_response_error().status_code();
    if let Some(Refused::Failed(cause)) = refused {
        tracing::error!(error = chain(cause), "nobody could be signed in");
    }
    respond::html(status, sheet(lang, status, &t!(lang, key), here))
}

fn page(lang: Lang, error: &PageError, here: &str) -> HttpResponse {
    match error {
        PageError::Refused(Refused::Anonymous) => return to_login(here),
        PageError::App(AppError::Internal(_)) | PageError::Refused(Refused::Failed(_)) => {
            tracing::error!(error = chain(error), "a page failed");
        }
        _ => {}
    }
    let status = error.status();
    let mut response = respond::html(status, sheet(lang, status, &error.text(lang), here));
    if let PageError::TooMany { retry_after_seconds } = error {
        response.headers_mut().insert(header::RETRY_AFTER, (*retry_after_seconds).into());
    }
    response
}

fn to_login(here: &str) -> HttpResponse {
    let next = if here == urls::HOME { "" } else { here };
    let url = urls::with_query(urls::LOGIN, [("next", next)].into_iter());
    respond::go(&url, None)
}

fn sheet(lang: Lang, status: StatusCode, text: &str, here: &str) -> maud::Markup {
    let body = html! {
        p { (text) }
        p { a.button href=(urls::HOME) { (t!(lang, "ui-to-start")) } }
    };
    let key = match status.as_u16() {
        404 => "error-title-not-found",
        403 => "error-title-denied",
        500..=599 => "error-title-server",
        _ => "error-title-refused",
    };
    Door { lang, organization: "migas", title: t!(lang, key), body, back: here }.page()
}
