//! `/api/openapi.json`: the API as OpenAPI 3.1, made of the handlers' own types.
//!
//! The document is a file of the source, embedded and served as it is. Invariants (tested): it is
//! what the handlers' types describe today (`make golden` rewrites it, so that a change of the API
//! is a change one reviews); each route of this room stands in it, and nothing else does.

use actix_web::web::ServiceConfig;
use actix_web::{HttpResponse, Responder, get};

use crate::http::reference;

use super::caller::Caller;

#[cfg(test)]
mod document;
#[cfg(test)]
pub(crate) use document::routes_in_source;

/// Registers the document.
pub fn routes(service: &mut ServiceConfig) {
    service.service(show);
}

/// For everybody who may sign in (D-OP-01).
#[get("/api/openapi.json")]
async fn show(_caller: Caller) -> impl Responder {
    HttpResponse::Ok().content_type("application/json").body(reference::DOCUMENT)
}
