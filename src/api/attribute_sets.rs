//! `/api/v1/attribute-sets`.

use actix_web::web::{Json, Path, Query, ServiceConfig};
use actix_web::{HttpResponse, delete, get, patch, post};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::app::attribute_sets::{SetDetail, SetFilter, SetForm, SetRow};
use crate::app::computers::Cursor;
use crate::domain::ids::AttributeSetId;

use super::caller::Caller;
use super::page::{Page, PageQuery};
use super::problem::{ApiError, ApiResult, Problem};
use super::projects::Confirm;

/// Registers the routes.
pub fn routes(service: &mut ServiceConfig) {
    service.service(list).service(add).service(show).service(change).service(remove);
}

/// Which attribute sets.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub struct SetsQuery {
    /// Text in the name or the description.
    pub search: Option<String>,
}

/// Fields of an attribute set to change; the others stay.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SetPatch {
    pub name: Option<String>,
    pub description: Option<String>,
    pub enabled: Option<bool>,
    pub included_attributes: Option<Vec<String>>,
    pub excluded_attributes: Option<Vec<String>>,
}

/// Lists attribute sets by name.
#[utoipa::path(tag = "attribute sets", params(SetsQuery, PageQuery),
    responses((status = 200, body = Page<SetRow>)))]
#[get("/attribute-sets")]
pub async fn list(
    caller: Caller,
    query: Query<SetsQuery>,
    page: Query<PageQuery>,
) -> ApiResult<Page<SetRow>> {
    let filter = SetFilter {
        related: None,
        search: query.into_inner().search.filter(|text| !text.trim().is_empty()),
        after: page.cursor.as_deref().and_then(Cursor::parse),
        limit: page.limit(),
    };
    Ok(Json(caller.app.attribute_sets(&caller.actor, filter).await?.into()))
}

/// Returns an attribute set with what names its attribute.
#[utoipa::path(tag = "attribute sets", responses(
    (status = 200, body = SetDetail), (status = 404, body = Problem)))]
#[get("/attribute-sets/{id}")]
pub async fn show(caller: Caller, id: Path<i64>) -> ApiResult<SetDetail> {
    Ok(Json(caller.app.attribute_set(&caller.actor, AttributeSetId(*id)).await?))
}

/// Adds an attribute set and its attribute `SET-<name>`.
#[utoipa::path(tag = "attribute sets", request_body = SetForm, responses(
    (status = 201, body = SetRow), (status = 409, body = Problem),
    (status = 422, body = Problem)))]
#[post("/attribute-sets")]
pub async fn add(caller: Caller, form: Json<SetForm>) -> Result<HttpResponse, ApiError> {
    let row = caller.app.add_attribute_set(&caller.actor, form.into_inner()).await?;
    Ok(HttpResponse::Created().json(row))
}

/// Changes the fields of an attribute set that are given.
#[utoipa::path(tag = "attribute sets", request_body = SetPatch, responses(
    (status = 200, body = SetRow), (status = 404, body = Problem),
    (status = 409, body = Problem), (status = 422, body = Problem)))]
#[patch("/attribute-sets/{id}")]
pub async fn change(caller: Caller, id: Path<i64>, given: Json<SetPatch>) -> ApiResult<SetRow> {
    let given = given.into_inner();
    let id = AttributeSetId(*id);
    let old = SetForm::from(caller.app.attribute_set(&caller.actor, id).await?.set);
    let form = SetForm {
        name: given.name.unwrap_or(old.name),
        description: given.description.unwrap_or(old.description),
        enabled: given.enabled.unwrap_or(old.enabled),
        included_attributes: given.included_attributes.unwrap_or(old.included_attributes),
        excluded_attributes: given.excluded_attributes.unwrap_or(old.excluded_attributes),
    };
    Ok(Json(caller.app.change_attribute_set(&caller.actor, id, form).await?))
}

/// Deletes an attribute set with its attribute, everywhere; what names it must be confirmed.
#[utoipa::path(tag = "attribute sets", params(Confirm), responses(
    (status = 204), (status = 409, body = Problem)))]
#[delete("/attribute-sets/{id}")]
pub async fn remove(
    caller: Caller,
    id: Path<i64>,
    query: Query<Confirm>,
) -> Result<HttpResponse, ApiError> {
    caller.app.delete_attribute_set(&caller.actor, AttributeSetId(*id), query.confirm).await?;
    Ok(HttpResponse::NoContent().finish())
}

#[cfg(test)]
mod tests;
