//! `/api/v1/policies`.

use actix_web::web::{Json, Path, ServiceConfig};
use actix_web::{HttpResponse, delete, get, patch, post};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::app::policies::{GroupForm, PolicyForm, PolicyRow};
use crate::domain::ids::PolicyId;

use super::caller::Caller;
use super::page::Page;
use super::problem::{ApiError, ApiResult, Problem};

/// Registers the routes.
pub fn routes(service: &mut ServiceConfig) {
    service.service(list).service(add).service(show).service(change).service(remove);
}

/// Fields of a policy to change; the others stay.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PolicyPatch {
    pub name: Option<String>,
    pub comment: Option<String>,
    pub enabled: Option<bool>,
    pub exclusive: Option<bool>,
    pub included_attributes: Option<Vec<String>>,
    pub excluded_attributes: Option<Vec<String>>,
    /// All groups of the policy.
    pub groups: Option<Vec<GroupForm>>,
}

/// Lists policies by name, the order in which they act.
#[utoipa::path(tag = "policies", responses((status = 200, body = Page<PolicyRow>)))]
#[get("/policies")]
pub async fn list(caller: Caller) -> ApiResult<Page<PolicyRow>> {
    Ok(Json(Page { items: caller.app.policies(&caller.actor).await?, next: None }))
}

/// Returns a policy.
#[utoipa::path(tag = "policies", responses(
    (status = 200, body = PolicyRow), (status = 404, body = Problem)))]
#[get("/policies/{id}")]
pub async fn show(caller: Caller, id: Path<i64>) -> ApiResult<PolicyRow> {
    Ok(Json(caller.app.policy(&caller.actor, PolicyId(*id)).await?))
}

/// Adds a policy.
#[utoipa::path(tag = "policies", request_body = PolicyForm, responses(
    (status = 201, body = PolicyRow), (status = 409, body = Problem),
    (status = 422, body = Problem)))]
#[post("/policies")]
pub async fn add(caller: Caller, form: Json<PolicyForm>) -> Result<HttpResponse, ApiError> {
    let row = caller.app.add_policy(&caller.actor, form.into_inner()).await?;
    Ok(HttpResponse::Created().json(row))
}

/// Changes the fields of a policy that are given.
#[utoipa::path(tag = "policies", request_body = PolicyPatch, responses(
    (status = 200, body = PolicyRow), (status = 404, body = Problem),
    (status = 422, body = Problem)))]
#[patch("/policies/{id}")]
pub async fn change(
    caller: Caller,
    id: Path<i64>,
    given: Json<PolicyPatch>,
) -> ApiResult<PolicyRow> {
    let (given, id) = (given.into_inner(), PolicyId(*id));
    let old = caller.app.policy(&caller.actor, id).await?.form;
    let form = PolicyForm {
        name: given.name.unwrap_or(old.name),
        comment: given.comment.unwrap_or(old.comment),
        enabled: given.enabled.unwrap_or(old.enabled),
        exclusive: given.exclusive.unwrap_or(old.exclusive),
        included_attributes: given.included_attributes.unwrap_or(old.included_attributes),
        excluded_attributes: given.excluded_attributes.unwrap_or(old.excluded_attributes),
        groups: given.groups.unwrap_or(old.groups),
    };
    Ok(Json(caller.app.change_policy(&caller.actor, id, form).await?))
}

/// Deletes a policy with its groups.
#[utoipa::path(tag = "policies", responses((status = 204), (status = 404, body = Problem)))]
#[delete("/policies/{id}")]
pub async fn remove(caller: Caller, id: Path<i64>) -> Result<HttpResponse, ApiError> {
    caller.app.delete_policy(&caller.actor, PolicyId(*id)).await?;
    Ok(HttpResponse::NoContent().finish())
}
