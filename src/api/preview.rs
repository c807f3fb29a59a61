//! `?preview=true` on any change: what it would do to computers, and nothing is changed.
//! `?confirmed_computers=N`: it is refused if it takes something from many computers, and theirs is
//! another number.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::middleware::Next;
use actix_web::web::Query;
use actix_web::{HttpResponse, ResponseError as _};
use serde::Deserialize;

use super::problem::ApiError;
use crate::app::trial::Purpose;
use crate::http::trial;

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    preview: bool,
    confirmed_computers: Option<i64>,
}

impl Asked {
    fn purpose(&self) -> Option<Purpose> {
        match (self.preview, self.confirmed_computers) {
            (true, _) => Some(Purpose::Preview),
            (false, confirmed @ Some(_)) => Some(Purpose::Guard { confirmed }),
            (false, None) => None,
        }
    }
}

/// Middleware: answers changes that ask for it with their preview, and keeps an eye on those that
/// name a number of computers. Refusals stay as they are.
pub async fn previews(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if reads {
        return Ok(next.call(request).await?.map_into_boxed_body());
    }
    // A number that cannot be read must not pass for none.
    let asked = match Query::<Asked>::from_query(request.query_string()) {
        Ok(asked) => asked,
        Err(error) => {
            let unreadable = ApiError::Unreadable(error.to_string());
            return Ok(request.into_response(unreadable.error_response()));
        }
    };
    let Some(purpose) = asked.purpose() else {
        return Ok(next.call(request).await?.map_into_boxed_body());
    };
    let begun = trial::begin(&mut request, purpose).await.map_err(ApiError::from)?;
    let Some(begun) = begun else {
        return Ok(next.call(request).await?.map_into_boxed_body());
    };
    let response = next.call(request).await?.map_into_boxed_body();
    let nothing = purpose == Purpose::Preview && response.status().is_success();
    if !begun.trial.has_seen() && !nothing {
        return Ok(response);
    }
    let preview = begun.app.preview(&begun.trial).await.map_err(ApiError::from)?;
    let preview = preview.unwrap_or_default();
    if let Purpose::Guard { .. } = purpose {
        let unconfirmed = ApiError::Unconfirmed(preview.confirm.unwrap_or_default());
        return Ok(response.into_response(unconfirmed.error_response()));
    }
    Ok(response.into_response(HttpResponse::Ok().json(preview)))
}

#[cfg(test)]
mod tests;
