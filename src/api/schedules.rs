//! `/api/v1/schedules`.

use actix_web::web::{Json, Path, Query, ServiceConfig};
use actix_web::{HttpResponse, delete, get, patch, post};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::app::schedules::{DelayForm, ScheduleFilter, ScheduleForm, ScheduleRow};
use crate::app::timelines::ProvidedAfter;
use crate::domain::ids::ScheduleId;

use super::caller::Caller;
use super::page::{Page, PageQuery};
use super::problem::{ApiError, ApiResult, Problem};
use super::projects::Confirm;

/// Registers the routes.
pub fn routes(service: &mut ServiceConfig) {
    service.service(list).service(add).service(show).service(change).service(remove);
    service.service(provided);
}

/// Which schedules.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(default)]
pub struct ScheduleParams {
    /// Part of the name or of the description.
    search: Option<String>,
}

/// Fields of a schedule to change; the others stay. `delays` are all of them.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SchedulePatch {
    pub name: Option<String>,
    pub description: Option<String>,
    pub delays: Option<Vec<DelayForm>>,
}

/// Lists schedules by name.
#[utoipa::path(tag = "schedules", params(ScheduleParams, PageQuery),
    responses((status = 200, body = Page<ScheduleRow>)))]
#[get("/schedules")]
pub async fn list(
    caller: Caller,
    query: Query<ScheduleParams>,
    page: Query<PageQuery>,
) -> ApiResult<Page<ScheduleRow>> {
    let search = query.into_inner().search;
    let filter =
        ScheduleFilter { related: None, search, after: page.cursor.clone(), limit: page.limit() };
    Ok(Json(caller.app.schedules(&caller.actor, filter).await?.into()))
}

/// Returns a schedule.
#[utoipa::path(tag = "schedules", responses(
    (status = 200, body = ScheduleRow), (status = 404, body = Problem)))]
#[get("/schedules/{id}")]
pub async fn show(caller: Caller, id: Path<i64>) -> ApiResult<ScheduleRow> {
    Ok(Json(caller.app.schedule(&caller.actor, ScheduleId(*id)).await?))
}

/// Adds a schedule.
#[utoipa::path(tag = "schedules", request_body = ScheduleForm, responses(
    (status = 201, body = ScheduleRow), (status = 409, body = Problem),
    (status = 422, body = Problem)))]
#[post("/schedules")]
pub async fn add(caller: Caller, form: Json<ScheduleForm>) -> Result<HttpResponse, ApiError> {
    let row = caller.app.add_schedule(&caller.actor, form.into_inner()).await?;
    Ok(HttpResponse::Created().json(row))
}

/// Changes the fields of a schedule that are given, and with them when the deployments that use
/// it reach each computer.
#[utoipa::path(tag = "schedules", request_body = SchedulePatch, responses(
    (status = 200, body = ScheduleRow), (status = 404, body = Problem),
    (status = 422, body = Problem)))]
#[patch("/schedules/{id}")]
pub async fn change(
    caller: Caller,
    id: Path<i64>,
    given: Json<SchedulePatch>,
) -> ApiResult<ScheduleRow> {
    let SchedulePatch { name, description, delays } = given.into_inner();
    let id = ScheduleId(*id);
    let old = ScheduleForm::from(caller.app.schedule(&caller.actor, id).await?);
    let form = ScheduleForm {
        name: name.unwrap_or(old.name),
        description: description.unwrap_or(old.description),
        delays: delays.unwrap_or(old.delays),
    };
    Ok(Json(caller.app.change_schedule(&caller.actor, id, form).await?))
}

/// Deletes a schedule; deployments that use it lose it, which must be confirmed if there are some.
#[utoipa::path(tag = "schedules", params(Confirm), responses(
    (status = 204), (status = 409, body = Problem)))]
#[delete("/schedules/{id}")]
pub async fn remove(
    caller: Caller,
    id: Path<i64>,
    query: Query<Confirm>,
) -> Result<HttpResponse, ApiError> {
    caller.app.delete_schedule(&caller.actor, ScheduleId(*id), query.confirm).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Whose computers.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
pub struct ProvidedParams {
    /// Name of the project.
    project: String,
}

/// Says how many productive computers of a project the schedule has reached after how many
/// business days.
#[utoipa::path(tag = "schedules", params(ProvidedParams), responses(
    (status = 200, body = Vec<ProvidedAfter>), (status = 404, body = Problem)))]
#[get("/schedules/{id}/provided")]
pub async fn provided(
    caller: Caller,
    id: Path<i64>,
    query: Query<ProvidedParams>,
) -> ApiResult<Vec<ProvidedAfter>> {
    let project = query.into_inner().project;
    Ok(Json(caller.app.schedule_provided(&caller.actor, ScheduleId(*id), project).await?))
}
