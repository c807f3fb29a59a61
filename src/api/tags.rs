//! `/api/v1/tags`.

use actix_web::web::{Json, Path, Query, ServiceConfig};
use actix_web::{HttpResponse, delete, get, patch, post};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::app::computers::Cursor;
use crate::app::tags::{TagDetail, TagFilter, TagForm, TagRow};
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

/// Which tags.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub struct TagsQuery {
    /// Prefix of a tag category, or its id.
    #[param(value_type = Option<String>)]
    pub category: Option<FormulaKey>,
    /// Text in `PREFIX-value` or the description.
    pub search: Option<String>,
}

/// A tag to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTag {
    /// Prefix of its category, or the id.
    pub category: FormulaKey,
    pub value: String,
    #[serde(default)]
    pub description: Option<String>,
    /// Computers that have it, `CID-7` or `7` each.
    #[serde(default)]
    pub computers: Option<Vec<String>>,
}

/// Fields of a tag to change; the others stay.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TagPatch {
    pub value: Option<String>,
    pub description: Option<String>,
    /// Computers that have it, `CID-7` or `7` each: they replace those that had it.
    pub computers: Option<Vec<String>>,
}

/// Lists tags by category and value.
#[utoipa::path(tag = "tags", params(TagsQuery, PageQuery),
    responses((status = 200, body = Page<TagRow>)))]
#[get("/tags")]
pub async fn list(
    caller: Caller,
    query: Query<TagsQuery>,
    page: Query<PageQuery>,
) -> ApiResult<Page<TagRow>> {
    let query = query.into_inner();
    let filter = TagFilter {
        related: None,
        category: query.category.map(Into::into),
        search: query.search.filter(|text| !text.trim().is_empty()),
        sorted: None,
        after: page.cursor.as_deref().and_then(Cursor::parse),
        limit: page.limit(),
    };
    Ok(Json(caller.app.tags(&caller.actor, filter).await?.into()))
}

/// Returns a tag with the computers it was given to and what names it.
#[utoipa::path(tag = "tags", responses(
    (status = 200, body = TagDetail), (status = 404, body = Problem)))]
#[get("/tags/{id}")]
pub async fn show(caller: Caller, id: Path<i64>) -> ApiResult<TagDetail> {
    Ok(Json(caller.app.tag(&caller.actor, AttributeId(*id)).await?))
}

/// Adds a tag with the attributes it stands for.
#[utoipa::path(tag = "tags", request_body = NewTag, responses(
    (status = 201, body = TagDetail), (status = 409, body = Problem),
    (status = 422, body = Problem)))]
#[post("/tags")]
pub async fn add(caller: Caller, new: Json<NewTag>) -> Result<HttpResponse, ApiError> {
    let NewTag { category, value, description, computers } = new.into_inner();
    let form = TagForm { value, description, computers };
    let added = caller.app.add_tag(&caller.actor, FormulaName::from(category), form).await?;
    Ok(HttpResponse::Created().json(added))
}

/// Changes the fields of a tag that are given.
#[utoipa::path(tag = "tags", request_body = TagPatch, responses(
    (status = 200, body = TagDetail), (status = 404, body = Problem),
    (status = 422, body = Problem)))]
#[patch("/tags/{id}")]
pub async fn change(caller: Caller, id: Path<i64>, given: Json<TagPatch>) -> ApiResult<TagDetail> {
    let given = given.into_inner();
    let id = AttributeId(*id);
    let old = caller.app.tag(&caller.actor, id).await?.tag;
    let form = TagForm {
        value: given.value.unwrap_or(old.value),
        description: given.description.or(old.description),
        computers: given.computers,
    };
    Ok(Json(caller.app.change_tag(&caller.actor, id, form).await?))
}

/// Deletes a tag; whose it is and what names it must be confirmed.
#[utoipa::path(tag = "tags", params(Confirm), responses(
    (status = 204), (status = 409, body = Problem)))]
#[delete("/tags/{id}")]
pub async fn remove(
    caller: Caller,
    id: Path<i64>,
    query: Query<Confirm>,
) -> Result<HttpResponse, ApiError> {
    caller.app.delete_tag(&caller.actor, AttributeId(*id), query.confirm).await?;
    Ok(HttpResponse::NoContent().finish())
}

#[cfg(test)]
mod tests;
