//! Refusals as problem documents (RFC 9457), signed like every answer.

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use jiff::Timestamp;

use super::envelope::sealed;
use crate::app::refusal::Refusal;
use crate::app::{App, AppError, chain};
use crate::wire::sync::Problem;

/// Media type of a problem document.
const MEDIA_TYPE: &str = "application/problem+json";

/// Answers a refusal; what is our own fault is logged and not told.
pub fn refuse(app: &App, nonce: &str, refusal: &Refusal, now: Timestamp) -> HttpResponse {
    let (status, kind) = kind(refusal);
    if status == StatusCode::INTERNAL_SERVER_ERROR {
        tracing::error!(error = chain(refusal), "a request of a computer failed");
    }
    let clock = matches!(refusal, Refusal::Clock);
    let problem = Problem {
        r#type: kind.to_owned(),
        title: status.canonical_reason().unwrap_or_default().to_owned(),
        status: status.as_u16(),
        detail: refusal.to_string(),
        server_time_ms: clock.then(|| now.as_millisecond()),
    };
    let body = serde_json::to_vec(&problem).unwrap_or_default();
    let mut response = sealed(app, nonce, status, MEDIA_TYPE, body);
    let wait = match refusal {
        Refusal::TooMany { retry_after_s } => Some(*retry_after_s),
        _ if status == StatusCode::SERVICE_UNAVAILABLE => Some(5),
        _ => None,
    };
    if let Some(wait) = wait {
        response.headers_mut().insert(header::RETRY_AFTER, wait.max(1).into());
    }
    response
}

fn kind(refusal: &Refusal) -> (StatusCode, &'static str) {
    match refusal {
        Refusal::Clock => (StatusCode::UNAUTHORIZED, "clock"),
        Refusal::Signature => (StatusCode::UNAUTHORIZED, "signature"),
        Refusal::Replay => (StatusCode::UNAUTHORIZED, "replay"),
        Refusal::UnknownComputer => (StatusCode::UNAUTHORIZED, "unknown-computer"),
        Refusal::KeyMismatch => (StatusCode::FORBIDDEN, "key-mismatch"),
        Refusal::Unsubscribed => (StatusCode::FORBIDDEN, "unsubscribed"),
        Refusal::CanNotRegister(_) => (StatusCode::FORBIDDEN, "can-not-register"),
        Refusal::UnknownSync(_) => (StatusCode::NOT_FOUND, "unknown-sync"),
        Refusal::Invalid(_) => (StatusCode::BAD_REQUEST, "invalid"),
        Refusal::TooLarge { .. } => (StatusCode::PAYLOAD_TOO_LARGE, "invalid"),
        Refusal::TooMany { .. } => (StatusCode::TOO_MANY_REQUESTS, "unavailable"),
        Refusal::Stale => (StatusCode::SERVICE_UNAVAILABLE, "unavailable"),
        Refusal::Failed(error) => match error {
            AppError::NotFound { .. } => (StatusCode::NOT_FOUND, "invalid"),
            AppError::Invalid { .. } | AppError::Denied(_) | AppError::Conflict(_) => {
                (StatusCode::UNPROCESSABLE_ENTITY, "invalid")
            }
            AppError::TooLarge { .. } => (StatusCode::PAYLOAD_TOO_LARGE, "invalid"),
            AppError::DiskFull => (StatusCode::INSUFFICIENT_STORAGE, "unavailable"),
            AppError::Unavailable(_) => (StatusCode::SERVICE_UNAVAILABLE, "unavailable"),
            AppError::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, "unavailable"),
        },
    }
}
