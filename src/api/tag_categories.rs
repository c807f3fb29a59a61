//! `/api/v1/tag-categories`.

use actix_web::web::{Data, Json, Path, Query, ServiceConfig};
use actix_web::{HttpResponse, delete, get, patch, post};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::app::tag_categories::{Category, CategoryForm};
use crate::domain::formula::Kind;
use crate::domain::ids::FormulaId;

use super::caller::Caller;
use super::page::Page;
use super::problem::{ApiError, Problem};
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
pub async fn list(app: Data<App>, caller: Caller) -> Result<Json<Page<Category>>, ApiError> {
    Ok(Json(Page { items: app.tag_categories(&caller.0).await?, next: None }))
}

/// Returns a tag category.
#[utoipa::path(tag = "tags", responses(
    (status = 200, body = Category), (status = 404, body = Problem)))]
#[get("/tag-categories/{id}")]
pub async fn show(
    app: Data<App>,
    caller: Caller,
    id: Path<i64>,
) -> Result<Json<Category>, ApiError> {
    Ok(Json(app.tag_category(&caller.0, FormulaId(*id)).await?.0))
}

/// Adds a tag category.
#[utoipa::path(tag = "tags", request_body = CategoryForm, responses(
    (status = 201, body = Category), (status = 409, body = Problem),
    (status = 422, body = Problem)))]
#[post("/tag-categories")]
pub async fn add(
    app: Data<App>,
    caller: Caller,
    form: Json<CategoryForm>,
) -> Result<HttpResponse, ApiError> {
    let category = app.add_tag_category(&caller.0, form.into_inner()).await?;
    Ok(HttpResponse::Created().json(category))
}

/// Changes the fields of a tag category that are given. Another kind makes the attributes that its
/// tags stand for then.
#[utoipa::path(tag = "tags", request_body = CategoryPatch, responses(
    (status = 200, body = Category), (status = 404, body = Problem),
    (status = 422, body = Problem)))]
#[patch("/tag-categories/{id}")]
pub async fn change(
    app: Data<App>,
    caller: Caller,
    id: Path<i64>,
    given: Json<CategoryPatch>,
) -> Result<Json<Category>, ApiError> {
    let given = given.into_inner();
    let id = FormulaId(*id);
    let old = app.tag_category(&caller.0, id).await?.0.category;
    let form = CategoryForm {
        prefix: given.prefix.unwrap_or(old.prefix),
        name: given.name.unwrap_or(old.name),
        enabled: given.enabled.unwrap_or(old.enabled),
        kind: given.kind.unwrap_or(old.kind),
    };
    Ok(Json(app.change_tag_category(&caller.0, id, form).await?))
}

/// Deletes a tag category with its tags, which must be confirmed if there are some.
#[utoipa::path(tag = "tags", params(Confirm), responses(
    (status = 204), (status = 409, body = Problem)))]
#[delete("/tag-categories/{id}")]
pub async fn remove(
    app: Data<App>,
    caller: Caller,
    id: Path<i64>,
    query: Query<Confirm>,
) -> Result<HttpResponse, ApiError> {
    app.delete_tag_category(&caller.0, FormulaId(*id), query.confirm).await?;
    Ok(HttpResponse::NoContent().finish())
}
