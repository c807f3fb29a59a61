//! `/api/v1/attributes`.

use actix_web::web::{Json, Path, Query, ServiceConfig};
use actix_web::{HttpResponse, delete, get, patch, post};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::app::attributes::{AttributeDetail, AttributeFilter, AttributeForm, AttributeRow};
use crate::app::computers::Cursor;
use crate::domain::formula_name::FormulaName;
use crate::domain::ids::AttributeId;

use super::caller::Caller;
use super::formula_name::FormulaKey;
use super::page::{Page, PageQuery};
use super::problem::{ApiError, ApiResult, Problem};
use super::projects::Confirm;

/// Registers the routes.
pub fn routes(service: &mut ServiceConfig) {
    service.service(list).service(add).service(show).service(change).service(remove);
}

/// Which attributes.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub struct AttributesQuery {
    /// Prefix of a formula, or its id.
    #[param(value_type = Option<String>)]
    pub formula: Option<FormulaKey>,
    /// Text in `PREFIX-value` or the description.
    pub search: Option<String>,
}

/// An attribute to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAttribute {
    /// Prefix of a formula that computers evaluate, or its id.
    pub formula: FormulaKey,
    pub value: String,
    #[serde(default)]
    pub description: Option<String>,
}

/// Fields of an attribute to change; the others stay.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AttributePatch {
    pub value: Option<String>,
    pub description: Option<String>,
}

/// Lists attributes by formula and value.
#[utoipa::path(tag = "attributes", params(AttributesQuery, PageQuery),
    responses((status = 200, body = Page<AttributeRow>)))]
#[get("/attributes")]
pub async fn list(
    caller: Caller,
    query: Query<AttributesQuery>,
    page: Query<PageQuery>,
) -> ApiResult<Page<AttributeRow>> {
    let query = query.into_inner();
    let filter = AttributeFilter {
        related: None,
        formula: query.formula.map(Into::into),
        search: query.search.filter(|text| !text.trim().is_empty()),
        sorted: None,
        after: page.cursor.as_deref().and_then(Cursor::parse),
        limit: page.limit(),
    };
    Ok(Json(caller.app.attributes(&caller.actor, filter).await?.into()))
}

/// Returns an attribute with what names it.
#[utoipa::path(tag = "attributes", responses(
    (status = 200, body = AttributeDetail), (status = 404, body = Problem)))]
#[get("/attributes/{id}")]
pub async fn show(caller: Caller, id: Path<i64>) -> ApiResult<AttributeDetail> {
    Ok(Json(caller.app.attribute(&caller.actor, AttributeId(*id)).await?))
}

/// Adds an attribute of a client formula by hand.
#[utoipa::path(tag = "attributes", request_body = NewAttribute, responses(
    (status = 201, body = AttributeRow), (status = 409, body = Problem),
    (status = 422, body = Problem)))]
#[post("/attributes")]
pub async fn add(caller: Caller, new: Json<NewAttribute>) -> Result<HttpResponse, ApiError> {
    let NewAttribute { formula, value, description } = new.into_inner();
    let form = AttributeForm { value, description };
    let row = caller.app.add_attribute(&caller.actor, FormulaName::from(formula), form).await?;
    Ok(HttpResponse::Created().json(row))
}

/// Changes an attribute of a client formula.
#[utoipa::path(tag = "attributes", request_body = AttributePatch, responses(
    (status = 200, body = AttributeRow), (status = 404, body = Problem),
    (status = 422, body = Problem)))]
#[patch("/attributes/{id}")]
pub async fn change(
    caller: Caller,
    id: Path<i64>,
    given: Json<AttributePatch>,
) -> ApiResult<AttributeRow> {
    let given = given.into_inner();
    let id = AttributeId(*id);
    let old = caller.app.attribute(&caller.actor, id).await?.attribute;
    let form = AttributeForm {
        value: given.value.unwrap_or(old.value),
        description: given.description.or(old.description),
    };
    Ok(Json(caller.app.change_attribute(&caller.actor, id, form).await?))
}

/// Deletes an attribute of a client formula; what names it must be confirmed.
#[utoipa::path(tag = "attributes", params(Confirm), responses(
    (status = 204), (status = 409, body = Problem), (status = 422, body = Problem)))]
#[delete("/attributes/{id}")]
pub async fn remove(
    caller: Caller,
    id: Path<i64>,
    query: Query<Confirm>,
) -> Result<HttpResponse, ApiError> {
    caller.app.delete_attribute(&caller.actor, AttributeId(*id), query.confirm).await?;
    Ok(HttpResponse::NoContent().finish())
}
