//! `/api/v1/tag-categories`.

use actix_web::web::{Json, Path, Query, ServiceConfig};
use actix_web::{HttpResponse, delete, get, patch, post};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::app::tag_categories::{Category, CategoryForm};
use crate::domain::formula::Kind;
use crate::domain::ids::FormulaId;

use super::caller::Caller;
use super::page::Page;
use super::problem::{ApiError, ApiResult, Problem};
use super::projects::Confirm;

/// Registers the routes.
pub fn routes(service: &mut ServiceConfig) {
    service.service(list).service(add).service(show).service(change).service(remove);
}

/// Fields of a tag category to change; the others stay.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CategoryPatch {
    pub prefix: Option<String>,
    pub name: Option<String>,
    pub enabled: Option<bool>,
    /// `N` normal, `-` list, `R` add to the right, `L` add to the left.
    #[schema(value_type = Option<String>)]
    pub kind: Option<Kind>,
}

/// Lists tag categories by name.
#[utoipa::path(tag = "tags", responses((status = 200, body = Page<Category>)))]
#[get("/tag-categories")]
pub async fn list(caller: Caller) -> ApiResult<Page<Category>> {
    Ok(Json(Page { items: caller.app.tag_categories(&caller.actor).await?, next: None }))
}

/// Returns a tag category.
#[utoipa::path(tag = "tags", responses(
    (status = 200, body = Category), (status = 404, body = Problem)))]
#[get("/tag-categories/{id}")]
pub async fn show(caller: Caller, id: Path<i64>) -> ApiResult<Category> {
    Ok(Json(caller.app.tag_category(&caller.actor, FormulaId(*id)).await?.0))
}

/// Adds a tag category.
#[utoipa::path(tag = "tags", request_body = CategoryForm, responses(
    (status = 201, body = Category), (status = 409, body = Problem),
    (status = 422, body = Problem)))]
#[post("/tag-categories")]
pub async fn add(caller: Caller, form: Json<CategoryForm>) -> Result<HttpResponse, ApiError> {
    let category = caller.app.add_tag_category(&caller.actor, form.into_inner()).await?;
    Ok(HttpResponse::Created().json(category))
}

/// Changes the fields of a tag category that are given. Another kind makes the attributes that its
/// tags stand for then.
#[utoipa::path(tag = "tags", request_body = CategoryPatch, responses(
    (status = 200, body = Category), (status = 404, body = Problem),
    (status = 422, body = Problem)))]
#[patch("/tag-categories/{id}")]
pub async fn change(
    caller: Caller,
    id: Path<i64>,
    given: Json<CategoryPatch>,
) -> ApiResult<Category> {
    let given = given.into_inner();
    let id = FormulaId(*id);
    let old = caller.app.tag_category(&caller.actor, id).await?.0.category;
    let form = CategoryForm {
        prefix: given.prefix.unwrap_or(old.prefix),
        name: given.name.unwrap_or(old.name),
        enabled: given.enabled.unwrap_or(old.enabled),
        kind: given.kind.unwrap_or(old.kind),
    };
    Ok(Json(caller.app.change_tag_category(&caller.actor, id, form).await?))
}

/// Deletes a tag category with its tags, which must be confirmed if there are some.
#[utoipa::path(tag = "tags", params(Confirm), responses(
    (status = 204), (status = 409, body = Problem)))]
#[delete("/tag-categories/{id}")]
pub async fn remove(
    caller: Caller,
    id: Path<i64>,
    query: Query<Confirm>,
) -> Result<HttpResponse, ApiError> {
    caller.app.delete_tag_category(&caller.actor, FormulaId(*id), query.confirm).await?;
    Ok(HttpResponse::NoContent().finish())
}
