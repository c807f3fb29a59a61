//! `/api/v1/stores`.

use actix_web::web::{Json, Path, Query, ServiceConfig};
use actix_web::{HttpResponse, delete, get, patch, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::stores::{Counted, StorePage};
use crate::domain::ids::StoreId;
use crate::domain::package::Store;

use super::caller::Caller;
use super::page::{Page, PageQuery};
use super::problem::{ApiError, ApiResult, Problem};
use super::projects::Confirm;

/// Registers the routes.
pub fn routes(service: &mut ServiceConfig) {
    service.service(list).service(show).service(add).service(change).service(remove);
}

/// A store as the API shows it.
#[derive(Debug, Serialize, ToSchema)]
pub struct StoreBody {
    pub id: i64,
    pub name: String,
    /// The name, as it stands in URLs.
    pub slug: String,
    /// Name of the project.
    pub project: String,
}

impl StoreBody {
    fn new(store: Store, project: String) -> Self {
        Self { id: store.id.0, slug: store.name.clone(), name: store.name, project }
    }
}

/// A store to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewStore {
    pub project: String,
    /// Kept as a slug: `Third Party` becomes `third-party`.
    pub name: String,
}

/// A store to rename.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StorePatch {
    pub name: String,
}

/// Which stores.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
pub struct StoreQuery {
    /// Name of the project.
    project: Option<String>,
}

/// Lists stores.
#[utoipa::path(tag = "packages", params(StoreQuery, PageQuery),
    responses((status = 200, body = Page<StoreBody>)))]
#[get("/stores")]
pub async fn list(
    caller: Caller,
    query: Query<StoreQuery>,
    page: Query<PageQuery>,
) -> ApiResult<Page<StoreBody>> {
    let limit = page.limit();
    let after = page.after_id().map(StoreId);
    let found = caller
        .app
        .stores(&caller.actor, query.into_inner().project, StorePage::by_id(after, limit + 1))
        .await?;
    let body = |counted: Counted| StoreBody::new(counted.store, counted.project);
    let items = found.into_iter().map(body).collect();
    Ok(Json(Page::new(items, limit, |store: &StoreBody| store.id.to_string())))
}

/// Returns a store.
#[utoipa::path(tag = "packages", responses(
    (status = 200, body = StoreBody), (status = 404, body = Problem)))]
#[get("/stores/{id}")]
pub async fn show(caller: Caller, id: Path<i64>) -> ApiResult<StoreBody> {
    let Counted { store, project, .. } = caller.app.store(&caller.actor, StoreId(*id)).await?;
    Ok(Json(StoreBody::new(store, project)))
}

/// Adds a store.
#[utoipa::path(tag = "packages", request_body = NewStore, responses(
    (status = 201, body = StoreBody), (status = 409, body = Problem)))]
#[post("/stores")]
pub async fn add(caller: Caller, new: Json<NewStore>) -> Result<HttpResponse, ApiError> {
    let NewStore { project, name } = new.into_inner();
    let store = caller.app.add_store(&caller.actor, &project, &name).await?;
    Ok(HttpResponse::Created().json(StoreBody::new(store, project)))
}

/// Renames a store.
#[utoipa::path(tag = "packages", request_body = StorePatch, responses(
    (status = 200, body = StoreBody), (status = 409, body = Problem)))]
#[patch("/stores/{id}")]
pub async fn change(
    caller: Caller,
    id: Path<i64>,
    given: Json<StorePatch>,
) -> ApiResult<StoreBody> {
    caller.app.rename_store(&caller.actor, StoreId(*id), &given.name).await?;
    let Counted { store, project, .. } = caller.app.store(&caller.actor, StoreId(*id)).await?;
    Ok(Json(StoreBody::new(store, project)))
}

/// Deletes a store with its files; what is in it must be confirmed.
#[utoipa::path(tag = "packages", params(Confirm), responses(
    (status = 204), (status = 409, body = Problem)))]
#[delete("/stores/{id}")]
pub async fn remove(
    caller: Caller,
    id: Path<i64>,
    query: Query<Confirm>,
) -> Result<HttpResponse, ApiError> {
    caller.app.delete_store(&caller.actor, StoreId(*id), query.confirm).await?;
    Ok(HttpResponse::NoContent().finish())
}
