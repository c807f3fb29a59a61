//! `/api/v1/errors`: reading and checking off.

use actix_web::web::{Data, Json, Path, Query, ServiceConfig};
use actix_web::{get, patch, post};

use crate::app::App;
use crate::app::checks::Checkable;
use crate::app::reported_errors::ErrorRow;
use crate::domain::ids::ErrorId;

use super::caller::Caller;
use super::checks::{Check, CheckMany, FoundQuery};
use super::computers::Changed;
use super::page::{Page, PageQuery};
use super::problem::{ApiError, Problem};

/// Registers the routes.
pub fn routes(service: &mut ServiceConfig) {
    service.service(list).service(check_many).service(show).service(check);
}

/// Lists errors, newest first.
#[utoipa::path(tag = "errors", params(FoundQuery, PageQuery),
    responses((status = 200, body = Page<ErrorRow>)))]
#[get("/errors")]
pub async fn list(
    app: Data<App>,
    caller: Caller,
    query: Query<FoundQuery>,
    page: Query<PageQuery>,
) -> Result<Json<Page<ErrorRow>>, ApiError> {
    let filter = query.read(&app, &page)?;
    Ok(Json(app.errors(&caller.0, filter).await?.into()))
}

/// Returns one of them.
#[utoipa::path(tag = "errors", responses(
    (status = 200, body = ErrorRow), (status = 404, body = Problem)))]
#[get("/errors/{id}")]
pub async fn show(
    app: Data<App>,
    caller: Caller,
    id: Path<i64>,
) -> Result<Json<ErrorRow>, ApiError> {
    Ok(Json(app.error(&caller.0, ErrorId(*id)).await?))
}

/// Checks or unchecks one of them.
#[utoipa::path(tag = "errors", request_body = Check, responses(
    (status = 200, body = ErrorRow), (status = 404, body = Problem)))]
#[patch("/errors/{id}")]
pub async fn check(
    app: Data<App>,
    caller: Caller,
    id: Path<i64>,
    body: Json<Check>,
) -> Result<Json<ErrorRow>, ApiError> {
    app.set_checked(&caller.0, Checkable::Error, vec![*id], body.checked).await?;
    Ok(Json(app.error(&caller.0, ErrorId(*id)).await?))
}

/// Checks or unchecks a selection.
#[utoipa::path(tag = "errors", request_body = CheckMany, responses((status = 200, body = Changed)))]
#[post("/errors/check")]
pub async fn check_many(
    app: Data<App>,
    caller: Caller,
    selection: Json<CheckMany>,
) -> Result<Json<Changed>, ApiError> {
    selection.into_inner().apply(&app, &caller, Checkable::Error).await
}
