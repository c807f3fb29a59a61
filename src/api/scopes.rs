//! Own scopes, `/scopes`, and what the account sees: `/selection`.

use actix_web::web::{Data, Json, Path, ServiceConfig};
use actix_web::{HttpResponse, delete, get, post, put};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::app::computers::Named;
use crate::app::scopes::{Choices, ScopeForm, ScopeRow};
use crate::domain::ids::{DomainId, ScopeId};

use super::caller::Caller;
use super::page::Page;
use super::problem::{ApiError, Problem};

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
pub async fn list(app: Data<App>, caller: Caller) -> Result<Json<Page<ScopeRow>>, ApiError> {
    Ok(Json(Page { items: app.scopes(&caller.0).await?, next: None }))
}

/// Returns an own scope; to superusers any.
#[utoipa::path(tag = "accounts", responses(
    (status = 200, body = ScopeRow), (status = 404, body = Problem)))]
#[get("/scopes/{id}")]
pub async fn show(
    app: Data<App>,
    caller: Caller,
    id: Path<i64>,
) -> Result<Json<ScopeRow>, ApiError> {
    Ok(Json(app.scope(&caller.0, ScopeId(*id)).await?))
}

/// Adds a scope to the selected domain.
#[utoipa::path(tag = "accounts", request_body = ScopeForm, responses(
    (status = 201, body = ScopeRow), (status = 409, body = Problem),
    (status = 422, body = Problem)))]
#[post("/scopes")]
pub async fn add(
    app: Data<App>,
    caller: Caller,
    form: Json<ScopeForm>,
) -> Result<HttpResponse, ApiError> {
    let added = app.add_scope(&caller.0, form.into_inner()).await?;
    Ok(HttpResponse::Created().json(added))
}

/// Changes an own scope.
#[utoipa::path(tag = "accounts", request_body = ScopeForm, responses(
    (status = 200, body = ScopeRow), (status = 404, body = Problem),
    (status = 422, body = Problem)))]
#[put("/scopes/{id}")]
pub async fn change(
    app: Data<App>,
    caller: Caller,
    id: Path<i64>,
    form: Json<ScopeForm>,
) -> Result<Json<ScopeRow>, ApiError> {
    Ok(Json(app.change_scope(&caller.0, ScopeId(*id), form.into_inner()).await?))
}

/// Deletes an own scope.
#[utoipa::path(tag = "accounts", responses((status = 204), (status = 404, body = Problem)))]
#[delete("/scopes/{id}")]
pub async fn remove(
    app: Data<App>,
    caller: Caller,
    id: Path<i64>,
) -> Result<HttpResponse, ApiError> {
    app.delete_scope(&caller.0, ScopeId(*id)).await?;
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
pub async fn selection(app: Data<App>, caller: Caller) -> Result<Json<SelectionBody>, ApiError> {
    Ok(Json(app.choices(&caller.0).await?.into()))
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
pub async fn select(
    app: Data<App>,
    caller: Caller,
    wanted: Json<NewSelection>,
) -> Result<Json<SelectionBody>, ApiError> {
    let mut chosen = app.select_domain(&caller.0, wanted.domain.map(DomainId)).await?;
    if wanted.scope.is_some() {
        chosen = app.select_scope(&caller.0, wanted.scope.map(ScopeId)).await?;
    }
    Ok(Json(chosen.into()))
}
