//! `?preview=true` on any change: what it would do to computers, and nothing is changed.

use actix_web::HttpResponse;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::middleware::Next;
use actix_web::web::Query;
use serde::Deserialize;

use super::problem::ApiError;
use crate::app::trial::Purpose;
use crate::http::trial;

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    preview: bool,
}

/// Middleware: answers changes that ask for it with their preview. Refusals stay as they are.
pub async fn previews(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let asked = Query::<Asked>::from_query(request.query_string()).is_ok_and(|asked| asked.preview);
    if reads || !asked {
        return Ok(next.call(request).await?.map_into_boxed_body());
    }
    let Some(begun) = trial::begin(&mut request, Purpose::Preview).await.map_err(ApiError::from)?
    else {
        return Ok(next.call(request).await?.map_into_boxed_body());
    };
    let response = next.call(request).await?.map_into_boxed_body();
    if !begun.trial.has_seen() && !response.status().is_success() {
        return Ok(response);
    }
    let preview = begun.app.preview(&begun.trial).await.map_err(ApiError::from)?;
    Ok(response.into_response(HttpResponse::Ok().json(preview.unwrap_or_default())))
}

#[cfg(test)]
mod tests;
