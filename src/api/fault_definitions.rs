//! `/api/v1/fault-definitions`.

use actix_web::web::{Json, Path, Query, ServiceConfig};
use actix_web::{HttpResponse, delete, get, patch, post};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::app::fault_definitions::{DefinitionForm, DefinitionRow};
use crate::domain::formula::Language;
use crate::domain::ids::FaultDefinitionId;

use super::caller::Caller;
use super::page::Page;
use super::problem::{ApiError, ApiResult, Problem};
use super::projects::Confirm;

/// Registers the routes.
pub fn routes(service: &mut ServiceConfig) {
    service.service(list).service(add).service(show).service(change).service(remove);
}

/// Fields of a fault definition to change; the others stay.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DefinitionPatch {
    pub name: Option<String>,
    pub description: Option<String>,
    pub enabled: Option<bool>,
    #[schema(value_type = Option<String>)]
    pub language: Option<Language>,
    pub code: Option<String>,
    pub included_attributes: Option<Vec<String>>,
    pub excluded_attributes: Option<Vec<String>>,
    pub users: Option<Vec<String>>,
}

/// Lists fault definitions by name.
#[utoipa::path(tag = "fault definitions",
    responses((status = 200, body = Page<DefinitionRow>)))]
#[get("/fault-definitions")]
pub async fn list(caller: Caller) -> ApiResult<Page<DefinitionRow>> {
    Ok(Json(Page { items: caller.app.fault_definitions(&caller.actor).await?, next: None }))
}

/// Returns a fault definition.
#[utoipa::path(tag = "fault definitions", responses(
    (status = 200, body = DefinitionRow), (status = 404, body = Problem)))]
#[get("/fault-definitions/{id}")]
pub async fn show(caller: Caller, id: Path<i64>) -> ApiResult<DefinitionRow> {
    Ok(Json(caller.app.fault_definition(&caller.actor, FaultDefinitionId(*id)).await?))
}

/// Adds a fault definition.
#[utoipa::path(tag = "fault definitions", request_body = DefinitionForm, responses(
    (status = 201, body = DefinitionRow), (status = 409, body = Problem),
    (status = 422, body = Problem)))]
#[post("/fault-definitions")]
pub async fn add(caller: Caller, form: Json<DefinitionForm>) -> Result<HttpResponse, ApiError> {
    let row = caller.app.add_fault_definition(&caller.actor, form.into_inner()).await?;
    Ok(HttpResponse::Created().json(row))
}

/// Changes the fields of a fault definition that are given.
#[utoipa::path(tag = "fault definitions", request_body = DefinitionPatch, responses(
    (status = 200, body = DefinitionRow), (status = 404, body = Problem),
    (status = 422, body = Problem)))]
#[patch("/fault-definitions/{id}")]
pub async fn change(
    caller: Caller,
    id: Path<i64>,
    given: Json<DefinitionPatch>,
) -> ApiResult<DefinitionRow> {
    let given = given.into_inner();
    let id = FaultDefinitionId(*id);
    let old = DefinitionForm::from(caller.app.fault_definition(&caller.actor, id).await?);
    let form = DefinitionForm {
        name: given.name.unwrap_or(old.name),
        description: given.description.unwrap_or(old.description),
        enabled: given.enabled.unwrap_or(old.enabled),
        language: given.language.unwrap_or(old.language),
        code: given.code.unwrap_or(old.code),
        included_attributes: given.included_attributes.unwrap_or(old.included_attributes),
        excluded_attributes: given.excluded_attributes.unwrap_or(old.excluded_attributes),
        users: given.users.unwrap_or(old.users),
    };
    Ok(Json(caller.app.change_fault_definition(&caller.actor, id, form).await?))
}

/// Deletes a fault definition with its faults, which must be confirmed if there are some.
#[utoipa::path(tag = "fault definitions", params(Confirm), responses(
    (status = 204), (status = 409, body = Problem)))]
#[delete("/fault-definitions/{id}")]
pub async fn remove(
    caller: Caller,
    id: Path<i64>,
    query: Query<Confirm>,
) -> Result<HttpResponse, ApiError> {
    caller
        .app
        .delete_fault_definition(&caller.actor, FaultDefinitionId(*id), query.confirm)
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
