//! `/api/v1/deployments/…` and `/api/v1/packages/orphans`: copies, moves, regeneration, clean-up
//! (D-PROC-01, D-PROC-02).

use actix_web::web::{Json, Path, Query, ServiceConfig};
use actix_web::{HttpResponse, get, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::orphans::{CleanUp, OrphanTotals};
use crate::app::package_moves::Move;
use crate::domain::ids::DeploymentId;

use super::caller::Caller;
use super::deployments::{DeploymentBody, DeploymentFields};
use super::problem::{ApiError, ApiResult, Problem};

/// Registers the routes; they stand before those of one object.
pub fn routes(service: &mut ServiceConfig) {
    service.service(regenerate).service(duplicate).service(relocate);
    service.service(orphans).service(clean_up);
}

/// A selection of deployments.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Selection {
    pub ids: Vec<i64>,
}

/// Asks for the repositories of internal deployments to be published again by a job.
#[utoipa::path(tag = "deployments", request_body = Selection, responses(
    (status = 202), (status = 404, body = Problem), (status = 409, body = Problem)))]
#[post("/deployments/regenerate")]
pub async fn regenerate(caller: Caller, given: Json<Selection>) -> Result<HttpResponse, ApiError> {
    let ids = given.into_inner().ids.into_iter().map(DeploymentId).collect();
    caller.app.ask_regeneration(&caller.actor, ids).await?;
    Ok(HttpResponse::Accepted().finish())
}

/// Makes a deployment with everything of another one but the fields that are given; disabled
/// unless they say otherwise.
#[utoipa::path(tag = "deployments", request_body = DeploymentFields, responses(
    (status = 201, body = DeploymentBody), (status = 404, body = Problem),
    (status = 409, body = Problem), (status = 422, body = Problem)))]
#[post("/deployments/{id}/clone")]
pub async fn duplicate(
    caller: Caller,
    id: Path<i64>,
    fields: Json<DeploymentFields>,
) -> Result<HttpResponse, ApiError> {
    let (id, fields) = (DeploymentId(*id), fields.into_inner());
    if let Some(project) = &fields.project {
        caller.app.check_project_of(&caller.actor, id, project).await?;
    }
    let made = caller.app.clone_deployment(&caller.actor, id, fields.into()).await?;
    Ok(HttpResponse::Created().json(DeploymentBody::from(made)))
}

/// Which packages move where.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveFields {
    /// The deployment of the same project that takes them.
    pub to: i64,
    /// File names; all packages if absent.
    #[serde(default)]
    pub packages: Option<Vec<String>>,
    /// Disable the deployment they leave.
    #[serde(default)]
    pub disable: bool,
}

/// How many objects were concerned.
#[derive(Debug, Serialize, ToSchema)]
pub struct Concerned {
    pub count: usize,
}

/// Moves packages from a deployment to another one; both repositories change in the same moment.
#[utoipa::path(tag = "deployments", request_body = MoveFields, responses(
    (status = 200, body = Concerned), (status = 404, body = Problem),
    (status = 422, body = Problem)))]
#[post("/deployments/{id}/move")]
pub async fn relocate(
    caller: Caller,
    id: Path<i64>,
    fields: Json<MoveFields>,
) -> ApiResult<Concerned> {
    let MoveFields { to, packages, disable } = fields.into_inner();
    let wanted = Move { to: DeploymentId(to), packages, disable };
    let count = caller.app.move_packages(&caller.actor, DeploymentId(*id), wanted).await?;
    Ok(Json(Concerned { count }))
}

/// Whose orphans.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(default)]
pub struct OrphanParams {
    /// Name of the project; all if absent.
    project: Option<String>,
}

/// Says what a clean-up of the packages in no deployment would remove.
#[utoipa::path(tag = "packages", params(OrphanParams), responses(
    (status = 200, body = OrphanTotals), (status = 404, body = Problem)))]
#[get("/packages/orphans")]
pub async fn orphans(caller: Caller, query: Query<OrphanParams>) -> ApiResult<OrphanTotals> {
    Ok(Json(caller.app.orphans(&caller.actor, query.into_inner().project).await?))
}

/// What to clean up.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CleanUpFields {
    /// Name of the project; all if absent.
    #[serde(default)]
    pub project: Option<String>,
    /// Remove the files too; otherwise only the records go, and the files can be registered again.
    #[serde(default)]
    pub files: bool,
    /// How many there are: if that has changed, nothing is removed.
    pub count: i64,
}

/// Deletes the records of all packages in no deployment, and their files if that is wanted.
#[utoipa::path(tag = "packages", request_body = CleanUpFields, responses(
    (status = 200, body = Concerned), (status = 404, body = Problem),
    (status = 409, body = Problem)))]
#[post("/packages/orphans/clean-up")]
pub async fn clean_up(caller: Caller, fields: Json<CleanUpFields>) -> ApiResult<Concerned> {
    let CleanUpFields { project, files, count } = fields.into_inner();
    let count =
        caller.app.clean_up_orphans(&caller.actor, CleanUp { project, files, count }).await?;
    Ok(Json(Concerned { count }))
}

#[cfg(test)]
mod tests;
