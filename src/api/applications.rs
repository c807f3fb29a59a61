//! `/api/v1/applications`, and what a computer is offered.

use std::collections::BTreeMap;

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::web::{Bytes, Json, Path, Query, ServiceConfig};
use actix_web::{HttpResponse, delete, get, patch, post, put};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::app::catalogue::{ApplicationForm, ApplicationRow, Filter};
use crate::app::computers::Cursor;
use crate::domain::application::{Category, Level};
use crate::domain::ids::ApplicationId;

use super::caller::Caller;
use super::cid::Cid;
use super::page::{Page, PageQuery};
use super::problem::{ApiError, ApiResult, Problem};
use super::projects::Confirm;

/// Registers the routes.
pub fn routes(service: &mut ServiceConfig) {
    service
        .service(list)
        .service(add)
        .service(show)
        .service(change)
        .service(remove)
        .service(icon)
        .service(set_icon)
        .service(offered);
}

/// Which applications.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub struct ApplicationQuery {
    /// Part of the name or of the description.
    pub search: Option<String>,
    /// `accessories`, `books`…
    #[param(value_type = Option<String>)]
    pub category: Option<Category>,
    /// `U` or `A`.
    #[param(value_type = Option<String>)]
    pub level: Option<Level>,
}

/// Fields of an application to change; the others stay.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ApplicationPatch {
    pub name: Option<String>,
    #[schema(value_type = Option<String>)]
    pub category: Option<Category>,
    #[schema(value_type = Option<String>)]
    pub level: Option<Level>,
    pub score: Option<u8>,
    pub description: Option<String>,
    pub available_for_attributes: Option<Vec<String>>,
    pub packages: Option<BTreeMap<String, String>>,
}

/// Lists applications by name.
#[utoipa::path(tag = "applications", params(ApplicationQuery, PageQuery),
    responses((status = 200, body = Page<ApplicationRow>)))]
#[get("/applications")]
pub async fn list(
    caller: Caller,
    query: Query<ApplicationQuery>,
    page: Query<PageQuery>,
) -> ApiResult<Page<ApplicationRow>> {
    let query = query.into_inner();
    let filter = Filter {
        related: None,
        category: query.category,
        level: query.level,
        search: query.search,
        after: page.cursor.as_deref().and_then(Cursor::parse),
        limit: page.limit() + 1,
    };
    let items = caller.app.applications(&caller.actor, filter).await?;
    let cursor = |row: &ApplicationRow| Cursor::named(row.id.0, &row.name).to_string();
    Ok(Json(Page::new(items, page.limit(), cursor)))
}

/// Returns an application.
#[utoipa::path(tag = "applications", responses(
    (status = 200, body = ApplicationRow), (status = 404, body = Problem)))]
#[get("/applications/{id}")]
pub async fn show(caller: Caller, id: Path<i64>) -> ApiResult<ApplicationRow> {
    Ok(Json(caller.app.application(&caller.actor, ApplicationId(*id)).await?))
}

/// Adds an application.
#[utoipa::path(tag = "applications", request_body = ApplicationForm, responses(
    (status = 201, body = ApplicationRow), (status = 409, body = Problem),
    (status = 422, body = Problem)))]
#[post("/applications")]
pub async fn add(caller: Caller, form: Json<ApplicationForm>) -> Result<HttpResponse, ApiError> {
    let row = caller.app.add_application(&caller.actor, form.into_inner()).await?;
    Ok(HttpResponse::Created().json(row))
}

/// Changes the fields of an application that are given.
#[utoipa::path(tag = "applications", request_body = ApplicationPatch, responses(
    (status = 200, body = ApplicationRow), (status = 404, body = Problem),
    (status = 422, body = Problem)))]
#[patch("/applications/{id}")]
pub async fn change(
    caller: Caller,
    id: Path<i64>,
    given: Json<ApplicationPatch>,
) -> ApiResult<ApplicationRow> {
    let (given, id) = (given.into_inner(), ApplicationId(*id));
    let old = ApplicationForm::from(caller.app.application(&caller.actor, id).await?);
    let attributes = given.available_for_attributes;
    let form = ApplicationForm {
        name: given.name.unwrap_or(old.name),
        category: given.category.unwrap_or(old.category),
        level: given.level.unwrap_or(old.level),
        score: given.score.unwrap_or(old.score),
        description: given.description.unwrap_or(old.description),
        available_for_attributes: attributes.unwrap_or(old.available_for_attributes),
        packages: given.packages.unwrap_or(old.packages),
    };
    Ok(Json(caller.app.change_application(&caller.actor, id, form).await?))
}

/// Deletes an application; if policies name it, that must be confirmed.
#[utoipa::path(tag = "applications", params(Confirm), responses(
    (status = 204), (status = 409, body = Problem)))]
#[delete("/applications/{id}")]
pub async fn remove(
    caller: Caller,
    id: Path<i64>,
    query: Query<Confirm>,
) -> Result<HttpResponse, ApiError> {
    caller.app.delete_application(&caller.actor, ApplicationId(*id), query.confirm).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Returns the icon of an application.
#[utoipa::path(tag = "applications", responses(
    (status = 200, content_type = "image/png"), (status = 404, body = Problem)))]
#[get("/applications/{id}/icon")]
pub async fn icon(caller: Caller, id: Path<i64>) -> Result<HttpResponse, ApiError> {
    let icon = caller.app.application_icon(&caller.actor, ApplicationId(*id)).await?;
    let mut response = HttpResponse::Ok();
    response.insert_header((CONTENT_TYPE, icon.content_type));
    response.insert_header((CACHE_CONTROL, "private, no-cache"));
    Ok(response.body(icon.bytes))
}

/// Gives an application its icon; the body is a PNG, JPEG, GIF or WebP image.
#[utoipa::path(tag = "applications", request_body(content_type = "image/png"), responses(
    (status = 204), (status = 413, body = Problem), (status = 422, body = Problem)))]
#[put("/applications/{id}/icon")]
pub async fn set_icon(
    caller: Caller,
    id: Path<i64>,
    body: Bytes,
) -> Result<HttpResponse, ApiError> {
    caller.app.set_application_icon(&caller.actor, ApplicationId(*id), body.to_vec()).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Lists what a computer is offered, the most relevant first.
#[utoipa::path(tag = "applications",
    params(("cid" = String, Path, description = "`CID-7` or `7`")),
    responses((status = 200, body = Page<ApplicationRow>), (status = 404, body = Problem)))]
#[get("/computers/{cid}/applications")]
pub async fn offered(caller: Caller, cid: Path<Cid>) -> ApiResult<Page<ApplicationRow>> {
    Ok(Json(Page {
        items: caller.app.offered_applications(&caller.actor, cid.0).await?,
        next: None,
    }))
}

#[cfg(test)]
mod tests;
