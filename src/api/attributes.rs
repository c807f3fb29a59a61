//! `/api/v1/attributes`.

use actix_web::web::{Data, Json, Path, Query, ServiceConfig};
use actix_web::{HttpResponse, delete, get, patch, post};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::app::attributes::{AttributeDetail, AttributeFilter, AttributeForm, AttributeRow};
use crate::app::computers::Cursor;
use crate::domain::ids::{AttributeId, FormulaId};

use super::caller::Caller;
use super::page::{Page, PageQuery};
use super::problem::{ApiError, Problem};
use super::projects::Confirm;

/// Registers the routes.
pub fn routes(service: &mut ServiceConfig) {
    service.service(list).service(add).service(show).service(change).service(remove);
}

/// Which attributes.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub struct AttributesQuery {
    /// Id of a formula.
    pub formula: Option<i64>,
    /// Text in `PREFIX-value` or the description.
    pub search: Option<String>,
}

/// An attribute to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAttribute {
    /// Id of a formula that computers evaluate.
    pub formula: i64,
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
    app: Data<App>,
    caller: Caller,
    query: Query<AttributesQuery>,
    page: Query<PageQuery>,
) -> Result<Json<Page<AttributeRow>>, ApiError> {
    let query = query.into_inner();
    let filter = AttributeFilter {
        related: None,
        formula: query.formula.map(FormulaId),
        search: query.search.filter(|text| !text.trim().is_empty()),
        sorted: None,
        after: page.cursor.as_deref().and_then(Cursor::parse),
        limit: page.limit(),
    };
    Ok(Json(app.attributes(&caller.0, filter).await?.into()))
}

/// Returns an attribute with what names it.
#[utoipa::path(tag = "attributes", responses(
    (status = 200, body = AttributeDetail), (status = 404, body = Problem)))]
#[get("/attributes/{id}")]
pub async fn show(
    app: Data<App>,
    caller: Caller,
    id: Path<i64>,
) -> Result<Json<AttributeDetail>, ApiError> {
    Ok(Json(app.attribute(&caller.0, AttributeId(*id)).await?))
}

/// Adds an attribute of a client formula by hand.
#[utoipa::path(tag = "attributes", request_body = NewAttribute, responses(
    (status = 201, body = AttributeRow), (status = 409, body = Problem),
    (status = 422, body = Problem)))]
#[post("/attributes")]
pub async fn add(
    app: Data<App>,
    caller: Caller,
    new: Json<NewAttribute>,
) -> Result<HttpResponse, ApiError> {
    let NewAttribute { formula, value, description } = new.into_inner();
    let form = AttributeForm { value, description };
    let row = app.add_attribute(&caller.0, FormulaId(formula), form).await?;
    Ok(HttpResponse::Created().json(row))
}

/// Changes an attribute of a client formula.
#[utoipa::path(tag = "attributes", request_body = AttributePatch, responses(
    (status = 200, body = AttributeRow), (status = 404, body = Problem),
    (status = 422, body = Problem)))]
#[patch("/attributes/{id}")]
pub async fn change(
    app: Data<App>,
    caller: Caller,
    id: Path<i64>,
    given: Json<AttributePatch>,
) -> Result<Json<AttributeRow>, ApiError> {
    let given = given.into_inner();
    let id = AttributeId(*id);
    let old = app.attribute(&caller.0, id).await?.attribute;
    let form = AttributeForm {
        value: given.value.unwrap_or(old.value),
        description: given.description.or(old.description),
    };
    Ok(Json(app.change_attribute(&caller.0, id, form).await?))
}

/// Deletes an attribute of a client formula; what names it must be confirmed.
#[utoipa::path(tag = "attributes", params(Confirm), responses(
    (status = 204), (status = 409, body = Problem), (status = 422, body = Problem)))]
#[delete("/attributes/{id}")]
pub async fn remove(
    app: Data<App>,
    caller: Caller,
    id: Path<i64>,
    query: Query<Confirm>,
) -> Result<HttpResponse, ApiError> {
    app.delete_attribute(&caller.0, AttributeId(*id), query.confirm).await?;
    Ok(HttpResponse::NoContent().finish())
}
