//! Domains: `/domains`. Superusers write them.

use actix_web::web::{Data, Json, Path, Query, ServiceConfig};
use actix_web::{HttpResponse, delete, get, post, put};

use crate::app::App;
use crate::app::domains::{DomainForm, DomainRow};
use crate::domain::ids::DomainId;

use super::caller::Caller;
use super::page::{Page, PageQuery};
use super::problem::{ApiError, Problem};
use super::projects::Confirm;

/// Registers the routes.
pub fn routes(service: &mut ServiceConfig) {
    service.service(list).service(add).service(show).service(change).service(remove);
}

/// Lists domains by name.
#[utoipa::path(tag = "accounts", params(PageQuery),
    responses((status = 200, body = Page<DomainRow>)))]
#[get("/domains")]
pub async fn list(
    app: Data<App>,
    caller: Caller,
    page: Query<PageQuery>,
) -> Result<Json<Page<DomainRow>>, ApiError> {
    let found = app.domains(&caller.0, None, page.cursor.clone(), page.limit()).await?;
    Ok(Json(found.into()))
}

/// Returns a domain.
#[utoipa::path(tag = "accounts", responses(
    (status = 200, body = DomainRow), (status = 404, body = Problem)))]
#[get("/domains/{id}")]
pub async fn show(
    app: Data<App>,
    caller: Caller,
    id: Path<i64>,
) -> Result<Json<DomainRow>, ApiError> {
    Ok(Json(app.domain(&caller.0, DomainId(*id)).await?))
}

/// Adds a domain with its tag `DMN-<NAME>`; superusers only.
#[utoipa::path(tag = "accounts", request_body = DomainForm, responses(
    (status = 201, body = DomainRow), (status = 409, body = Problem),
    (status = 422, body = Problem)))]
#[post("/domains")]
pub async fn add(
    app: Data<App>,
    caller: Caller,
    form: Json<DomainForm>,
) -> Result<HttpResponse, ApiError> {
    let added = app.add_domain(&caller.0, form.into_inner()).await?;
    Ok(HttpResponse::Created().json(added))
}

/// Changes a domain but for its name; superusers only.
#[utoipa::path(tag = "accounts", request_body = DomainForm, responses(
    (status = 200, body = DomainRow), (status = 404, body = Problem),
    (status = 409, body = Problem), (status = 422, body = Problem)))]
#[put("/domains/{id}")]
pub async fn change(
    app: Data<App>,
    caller: Caller,
    id: Path<i64>,
    form: Json<DomainForm>,
) -> Result<Json<DomainRow>, ApiError> {
    Ok(Json(app.change_domain(&caller.0, DomainId(*id), form.into_inner()).await?))
}

/// Deletes a domain; that its deployments lose it must be confirmed. Superusers only.
#[utoipa::path(tag = "accounts", params(Confirm), responses(
    (status = 204), (status = 404, body = Problem), (status = 409, body = Problem)))]
#[delete("/domains/{id}")]
pub async fn remove(
    app: Data<App>,
    caller: Caller,
    id: Path<i64>,
    asked: Query<Confirm>,
) -> Result<HttpResponse, ApiError> {
    app.delete_domain(&caller.0, DomainId(*id), asked.confirm).await?;
    Ok(HttpResponse::NoContent().finish())
}
