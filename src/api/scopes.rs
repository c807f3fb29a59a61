//! Own scopes, `/scopes`, and what the account sees: `/selection`.

use actix_web::web::{Json, Path, ServiceConfig};
use actix_web::{HttpResponse, delete, get, post, put};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::computers::Named;
use crate::app::scopes::{Choices, ScopeForm, ScopeRow};
use crate::domain::ids::{DomainId, ScopeId};

use super::caller::Caller;
use super::page::Page;
use super::problem::{ApiError, ApiResult, Problem};

/// Registers the routes.
pub fn routes(service: &mut ServiceConfig) {
    service
        .service(list)
        .service(add)
        .service(show)
        .service(change)
        .service(remove)
        .service(selection)
        .service(select);
}

/// Lists the own scopes of the selected domain.
#[utoipa::path(tag = "accounts", responses((status = 200, body = Page<ScopeRow>)))]
#[get("/scopes")]
pub async fn list(caller: Caller) -> ApiResult<Page<ScopeRow>> {
    Ok(Json(Page { items: caller.app.scopes(&caller.actor).await?, next: None }))
}

/// Returns an own scope; to superusers any.
#[utoipa::path(tag = "accounts", responses(
    (status = 200, body = ScopeRow), (status = 404, body = Problem)))]
#[get("/scopes/{id}")]
pub async fn show(caller: Caller, id: Path<i64>) -> ApiResult<ScopeRow> {
    Ok(Json(caller.app.scope(&caller.actor, ScopeId(*id)).await?))
}

/// Adds a scope to the selected domain.
#[utoipa::path(tag = "accounts", request_body = ScopeForm, responses(
    (status = 201, body = ScopeRow), (status = 409, body = Problem),
    (status = 422, body = Problem)))]
#[post("/scopes")]
pub async fn add(caller: Caller, form: Json<ScopeForm>) -> Result<HttpResponse, ApiError> {
    let added = caller.app.add_scope(&caller.actor, form.into_inner()).await?;
    Ok(HttpResponse::Created().json(added))
}

/// Changes an own scope.
#[utoipa::path(tag = "accounts", request_body = ScopeForm, responses(
    (status = 200, body = ScopeRow), (status = 404, body = Problem),
    (status = 422, body = Problem)))]
#[put("/scopes/{id}")]
pub async fn change(caller: Caller, id: Path<i64>, form: Json<ScopeForm>) -> ApiResult<ScopeRow> {
    Ok(Json(caller.app.change_scope(&caller.actor, ScopeId(*id), form.into_inner()).await?))
}

/// Deletes an own scope.
#[utoipa::path(tag = "accounts", responses((status = 204), (status = 404, body = Problem)))]
#[delete("/scopes/{id}")]
pub async fn remove(caller: Caller, id: Path<i64>) -> Result<HttpResponse, ApiError> {
    caller.app.delete_scope(&caller.actor, ScopeId(*id)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// What the account sees, and what it could select.
#[derive(Debug, Serialize, ToSchema)]
pub struct SelectionBody {
    /// Null: all domains.
    pub domain: Option<i64>,
    /// Null: all of the domain.
    pub scope: Option<i64>,
    /// Whether all domains can be selected at once.
    pub all: bool,
    pub domains: Vec<Named>,
    /// Own scopes of the selected domain.
    pub scopes: Vec<Named>,
}

impl From<Choices> for SelectionBody {
    fn from(choices: Choices) -> Self {
        Self {
            domain: choices.domain.map(|id| id.0),
            scope: choices.scope.map(|id| id.0),
            all: choices.all,
            domains: choices.domains,
            scopes: choices.scopes,
        }
    }
}

/// Returns the selected domain and scope.
#[utoipa::path(tag = "accounts", responses((status = 200, body = SelectionBody)))]
#[get("/selection")]
pub async fn selection(caller: Caller) -> ApiResult<SelectionBody> {
    Ok(Json(caller.app.choices(&caller.actor).await?.into()))
}

/// What to select.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NewSelection {
    /// Null: all domains.
    pub domain: Option<i64>,
    /// Null: all of the domain.
    pub scope: Option<i64>,
}

/// Selects a domain and a scope; the account keeps the choice, and its tokens and pages share it.
#[utoipa::path(tag = "accounts", request_body = NewSelection, responses(
    (status = 200, body = SelectionBody), (status = 403, body = Problem),
    (status = 404, body = Problem)))]
#[put("/selection")]
pub async fn select(caller: Caller, wanted: Json<NewSelection>) -> ApiResult<SelectionBody> {
    let mut chosen = caller.app.select_domain(&caller.actor, wanted.domain.map(DomainId)).await?;
    if wanted.scope.is_some() {
        chosen = caller.app.select_scope(&caller.actor, wanted.scope.map(ScopeId)).await?;
    }
    Ok(Json(chosen.into()))
}
