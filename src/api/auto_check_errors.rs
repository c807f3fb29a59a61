//! `/api/v1/auto-check-errors`: patterns of errors that need no check.

use actix_web::web::{Json, Path, ServiceConfig};
use actix_web::{HttpResponse, delete, get, patch, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::client_error::AutoCheckError;
use crate::domain::ids::AutoCheckErrorId;

use super::caller::Caller;
use super::page::Page;
use super::problem::{ApiError, ApiResult, Problem};

/// Registers the routes.
pub fn routes(service: &mut ServiceConfig) {
    service.service(list).service(add).service(show).service(change).service(remove);
}

/// A pattern as the API shows it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PatternBody {
    pub id: i64,
    /// Regular expression; an error in which it is found is stored as checked.
    pub message: String,
}

impl From<AutoCheckError> for PatternBody {
    fn from(pattern: AutoCheckError) -> Self {
        Self { id: pattern.id.0, message: pattern.message }
    }
}

/// A pattern to save.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PatternForm {
    /// Regular expression.
    pub message: String,
}

/// Lists patterns.
#[utoipa::path(tag = "errors", responses((status = 200, body = Page<PatternBody>)))]
#[get("/auto-check-errors")]
pub async fn list(caller: Caller) -> ApiResult<Page<PatternBody>> {
    let found = caller.app.auto_check_errors(&caller.actor).await?;
    Ok(Json(Page { items: found.into_iter().map(PatternBody::from).collect(), next: None }))
}

/// Returns a pattern.
#[utoipa::path(tag = "errors", responses(
    (status = 200, body = PatternBody), (status = 404, body = Problem)))]
#[get("/auto-check-errors/{id}")]
pub async fn show(caller: Caller, id: Path<i64>) -> ApiResult<PatternBody> {
    Ok(Json(caller.app.auto_check_error(&caller.actor, AutoCheckErrorId(*id)).await?.into()))
}

/// Adds a pattern; errors that are there are not looked at again.
#[utoipa::path(tag = "errors", request_body = PatternForm, responses(
    (status = 201, body = PatternBody), (status = 422, body = Problem)))]
#[post("/auto-check-errors")]
pub async fn add(caller: Caller, form: Json<PatternForm>) -> Result<HttpResponse, ApiError> {
    let pattern = caller.app.add_auto_check_error(&caller.actor, &form.message).await?;
    Ok(HttpResponse::Created().json(PatternBody::from(pattern)))
}

/// Changes a pattern.
#[utoipa::path(tag = "errors", request_body = PatternForm, responses(
    (status = 200, body = PatternBody), (status = 404, body = Problem),
    (status = 422, body = Problem)))]
#[patch("/auto-check-errors/{id}")]
pub async fn change(
    caller: Caller,
    id: Path<i64>,
    form: Json<PatternForm>,
) -> ApiResult<PatternBody> {
    let id = AutoCheckErrorId(*id);
    Ok(Json(caller.app.change_auto_check_error(&caller.actor, id, &form.message).await?.into()))
}

/// Deletes a pattern.
#[utoipa::path(tag = "errors", responses((status = 204), (status = 404, body = Problem)))]
#[delete("/auto-check-errors/{id}")]
pub async fn remove(caller: Caller, id: Path<i64>) -> Result<HttpResponse, ApiError> {
    caller.app.delete_auto_check_error(&caller.actor, AutoCheckErrorId(*id)).await?;
    Ok(HttpResponse::NoContent().finish())
}
