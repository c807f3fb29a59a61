//! `/api/v1/tags`.

use actix_web::web::{Data, Json, Path, Query, ServiceConfig};
use actix_web::{HttpResponse, delete, get, patch, post};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::app::computers::Cursor;
use crate::app::tags::{TagDetail, TagFilter, TagForm, TagRow};
use crate::domain::ids::{AttributeId, FormulaId};

use super::caller::Caller;
use super::page::{Page, PageQuery};
use super::problem::{ApiError, Problem};
use super::projects::Confirm;

/// Registers the routes.
pub fn routes(service: &mut ServiceConfig) {
    service.service(list).service(add).service(show).service(change).service(remove);
}

/// Which tags.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub struct TagsQuery {
    /// Id of a tag category.
    pub category: Option<i64>,
    /// Text in `PREFIX-value` or the description.
    pub search: Option<String>,
}

/// A tag to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTag {
    /// Id of its category.
    pub category: i64,
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
    app: Data<App>,
    caller: Caller,
    query: Query<TagsQuery>,
    page: Query<PageQuery>,
) -> Result<Json<Page<TagRow>>, ApiError> {
    let query = query.into_inner();
    let filter = TagFilter {
        related: None,
        category: query.category.map(FormulaId),
        search: query.search.filter(|text| !text.trim().is_empty()),
        sorted: None,
        after: page.cursor.as_deref().and_then(Cursor::parse),
        limit: page.limit(),
    };
    Ok(Json(app.tags(&caller.0, filter).await?.into()))
}

/// Returns a tag with the computers it was given to and what names it.
#[utoipa::path(tag = "tags", responses(
    (status = 200, body = TagDetail), (status = 404, body = Problem)))]
#[get("/tags/{id}")]
pub async fn show(
    app: Data<App>,
    caller: Caller,
    id: Path<i64>,
) -> Result<Json<TagDetail>, ApiError> {
    Ok(Json(app.tag(&caller.0, AttributeId(*id)).await?))
}

/// Adds a tag with the attributes it stands for.
#[utoipa::path(tag = "tags", request_body = NewTag, responses(
    (status = 201, body = TagDetail), (status = 409, body = Problem),
    (status = 422, body = Problem)))]
#[post("/tags")]
pub async fn add(
    app: Data<App>,
    caller: Caller,
    new: Json<NewTag>,
) -> Result<HttpResponse, ApiError> {
    let NewTag { category, value, description, computers } = new.into_inner();
    let form = TagForm { value, description, computers };
    let added = app.add_tag(&caller.0, FormulaId(category), form).await?;
    Ok(HttpResponse::Created().json(added))
}

/// Changes the fields of a tag that are given.
#[utoipa::path(tag = "tags", request_body = TagPatch, responses(
    (status = 200, body = TagDetail), (status = 404, body = Problem),
    (status = 422, body = Problem)))]
#[patch("/tags/{id}")]
pub async fn change(
    app: Data<App>,
    caller: Caller,
    id: Path<i64>,
    given: Json<TagPatch>,
) -> Result<Json<TagDetail>, ApiError> {
    let given = given.into_inner();
    let id = AttributeId(*id);
    let old = app.tag(&caller.0, id).await?.tag;
    let form = TagForm {
        value: given.value.unwrap_or(old.value),
        description: given.description.or(old.description),
        computers: given.computers,
    };
    Ok(Json(app.change_tag(&caller.0, id, form).await?))
}

/// Deletes a tag; whose it is and what names it must be confirmed.
#[utoipa::path(tag = "tags", params(Confirm), responses(
    (status = 204), (status = 409, body = Problem)))]
#[delete("/tags/{id}")]
pub async fn remove(
    app: Data<App>,
    caller: Caller,
    id: Path<i64>,
    query: Query<Confirm>,
) -> Result<HttpResponse, ApiError> {
    app.delete_tag(&caller.0, AttributeId(*id), query.confirm).await?;
    Ok(HttpResponse::NoContent().finish())
}

#[cfg(test)]
mod tests;
