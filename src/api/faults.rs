//! `/api/v1/faults`: reading and checking off.

use actix_web::web::{Json, Path, Query, ServiceConfig};
use actix_web::{get, patch, post};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::app::checks::Checkable;
use crate::app::found_faults::{FaultQuery, FaultRow};
use crate::domain::fault::Assignment;
use crate::domain::ids::{FaultDefinitionId, FaultId};

use super::caller::Caller;
use super::checks::{Check, CheckMany, FoundQuery};
use super::computers::Changed;
use super::page::{Page, PageQuery};
use super::problem::{ApiResult, Problem};

/// Registers the routes.
pub fn routes(service: &mut ServiceConfig) {
    service.service(list).service(check_many).service(show).service(check);
}

/// Which faults, beside what all found things are filtered by.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub struct FaultsQuery {
    /// Id of a fault definition.
    pub definition: Option<i64>,
    /// `to-check-for-me` (mine or nobody's), `assigned-to-me`, `assigned-to-others` or
    /// `unassigned`.
    #[param(value_type = Option<String>)]
    pub assignment: Option<Assignment>,
}

/// Lists faults, newest first.
#[utoipa::path(tag = "faults", params(FoundQuery, FaultsQuery, PageQuery),
    responses((status = 200, body = Page<FaultRow>)))]
#[get("/faults")]
pub async fn list(
    caller: Caller,
    found: Query<FoundQuery>,
    query: Query<FaultsQuery>,
    page: Query<PageQuery>,
) -> ApiResult<Page<FaultRow>> {
    let query = FaultQuery {
        found: found.read(&caller.app, &page)?,
        definition: query.definition.map(FaultDefinitionId),
        assignment: query.assignment,
    };
    Ok(Json(caller.app.faults(&caller.actor, query).await?.into()))
}

/// Returns one of them.
#[utoipa::path(tag = "faults", responses(
    (status = 200, body = FaultRow), (status = 404, body = Problem)))]
#[get("/faults/{id}")]
pub async fn show(caller: Caller, id: Path<i64>) -> ApiResult<FaultRow> {
    Ok(Json(caller.app.fault(&caller.actor, FaultId(*id)).await?))
}

/// Checks or unchecks one of them.
#[utoipa::path(tag = "faults", request_body = Check, responses(
    (status = 200, body = FaultRow), (status = 404, body = Problem)))]
#[patch("/faults/{id}")]
pub async fn check(caller: Caller, id: Path<i64>, body: Json<Check>) -> ApiResult<FaultRow> {
    caller.app.set_checked(&caller.actor, Checkable::Fault, vec![*id], body.checked).await?;
    Ok(Json(caller.app.fault(&caller.actor, FaultId(*id)).await?))
}

/// Checks or unchecks a selection.
#[utoipa::path(tag = "faults", request_body = CheckMany, responses((status = 200, body = Changed)))]
#[post("/faults/check")]
pub async fn check_many(caller: Caller, selection: Json<CheckMany>) -> ApiResult<Changed> {
    selection.into_inner().apply(&caller, Checkable::Fault).await
}
