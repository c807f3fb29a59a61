//! `/api/v1/errors`: reading and checking off.

use actix_web::web::{Json, Path, Query, ServiceConfig};
use actix_web::{get, patch, post};

use crate::app::checks::Checkable;
use crate::app::reported_errors::ErrorRow;
use crate::domain::ids::ErrorId;

use super::caller::Caller;
use super::checks::{Check, CheckMany, FoundQuery};
use super::computers::Changed;
use super::page::{Page, PageQuery};
use super::problem::{ApiResult, Problem};

/// Registers the routes.
pub fn routes(service: &mut ServiceConfig) {
    service.service(list).service(check_many).service(show).service(check);
}

/// Lists errors, newest first.
#[utoipa::path(tag = "errors", params(FoundQuery, PageQuery),
    responses((status = 200, body = Page<ErrorRow>)))]
#[get("/errors")]
pub async fn list(
    caller: Caller,
    query: Query<FoundQuery>,
    page: Query<PageQuery>,
) -> ApiResult<Page<ErrorRow>> {
    let filter = query.read(&caller.app, &page)?;
    Ok(Json(caller.app.errors(&caller.actor, filter).await?.into()))
}

/// Returns one of them.
#[utoipa::path(tag = "errors", responses(
    (status = 200, body = ErrorRow), (status = 404, body = Problem)))]
#[get("/errors/{id}")]
pub async fn show(caller: Caller, id: Path<i64>) -> ApiResult<ErrorRow> {
    Ok(Json(caller.app.error(&caller.actor, ErrorId(*id)).await?))
}

/// Checks or unchecks one of them.
#[utoipa::path(tag = "errors", request_body = Check, responses(
    (status = 200, body = ErrorRow), (status = 404, body = Problem)))]
#[patch("/errors/{id}")]
pub async fn check(caller: Caller, id: Path<i64>, body: Json<Check>) -> ApiResult<ErrorRow> {
    caller.app.set_checked(&caller.actor, Checkable::Error, vec![*id], body.checked).await?;
    Ok(Json(caller.app.error(&caller.actor, ErrorId(*id)).await?))
}

/// Checks or unchecks a selection.
#[utoipa::path(tag = "errors", request_body = CheckMany, responses((status = 200, body = Changed)))]
#[post("/errors/check")]
pub async fn check_many(caller: Caller, selection: Json<CheckMany>) -> ApiResult<Changed> {
    selection.into_inner().apply(&caller, Checkable::Error).await
}
