//! Domains: `/domains`. Superusers write them.

use actix_web::web::{Json, Path, Query, ServiceConfig};
use actix_web::{HttpResponse, delete, get, post, put};

use crate::app::domains::{DomainForm, DomainRow};
use crate::domain::ids::DomainId;

use super::caller::Caller;
use super::page::{Page, PageQuery};
use super::problem::{ApiError, ApiResult, Problem};
use super::projects::Confirm;

/// Registers the routes.
pub fn routes(service: &mut ServiceConfig) {
    service.service(list).service(add).service(show).service(change).service(remove);
}

/// Lists domains by name.
#[utoipa::path(tag = "accounts", params(PageQuery),
    responses((status = 200, body = Page<DomainRow>)))]
#[get("/domains")]
pub async fn list(caller: Caller, page: Query<PageQuery>) -> ApiResult<Page<DomainRow>> {
    let found = caller.app.domains(&caller.actor, None, page.cursor.clone(), page.limit()).await?;
    Ok(Json(found.into()))
}

/// Returns a domain.
#[utoipa::path(tag = "accounts", responses(
    (status = 200, body = DomainRow), (status = 404, body = Problem)))]
#[get("/domains/{id}")]
pub async fn show(caller: Caller, id: Path<i64>) -> ApiResult<DomainRow> {
    Ok(Json(caller.app.domain(&caller.actor, DomainId(*id)).await?))
}

/// Adds a domain with its tag `DMN-<NAME>`; superusers only.
#[utoipa::path(tag = "accounts", request_body = DomainForm, responses(
    (status = 201, body = DomainRow), (status = 409, body = Problem),
    (status = 422, body = Problem)))]
#[post("/domains")]
pub async fn add(caller: Caller, form: Json<DomainForm>) -> Result<HttpResponse, ApiError> {
    let added = caller.app.add_domain(&caller.actor, form.into_inner()).await?;
    Ok(HttpResponse::Created().json(added))
}

/// Changes a domain but for its name; superusers only.
#[utoipa::path(tag = "accounts", request_body = DomainForm, responses(
    (status = 200, body = DomainRow), (status = 404, body = Problem),
    (status = 409, body = Problem), (status = 422, body = Problem)))]
#[put("/domains/{id}")]
pub async fn change(caller: Caller, id: Path<i64>, form: Json<DomainForm>) -> ApiResult<DomainRow> {
    Ok(Json(caller.app.change_domain(&caller.actor, DomainId(*id), form.into_inner()).await?))
}

/// Deletes a domain; that its deployments lose it must be confirmed. Superusers only.
#[utoipa::path(tag = "accounts", params(Confirm), responses(
    (status = 204), (status = 404, body = Problem), (status = 409, body = Problem)))]
#[delete("/domains/{id}")]
pub async fn remove(
    caller: Caller,
    id: Path<i64>,
    asked: Query<Confirm>,
) -> Result<HttpResponse, ApiError> {
    caller.app.delete_domain(&caller.actor, DomainId(*id), asked.confirm).await?;
    Ok(HttpResponse::NoContent().finish())
}
