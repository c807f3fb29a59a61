//! `/api/v1/projects` and `/api/v1/platforms`.

use actix_web::web::{self, Json, Path, Query, ServiceConfig};
use actix_web::{HttpResponse, delete, get, patch, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::projects::ProjectForm;
use crate::domain::ids::ProjectId;
use crate::domain::project::Project;

use super::caller::Caller;
use super::page::Page;
use super::problem::{ApiError, ApiResult, Problem};

/// Registers the routes.
pub fn routes(service: &mut ServiceConfig) {
    service.service(list).service(show).service(add).service(change).service(remove);
    service.route("/platforms", web::get().to(platforms));
}

/// A project as the API shows it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProjectBody {
    pub id: i64,
    pub name: String,
    /// The name, as it stands in URLs.
    pub slug: String,
    pub platform: String,
    pub pms: String,
    pub auto_register_computers: bool,
}

impl From<Project> for ProjectBody {
    fn from(project: Project) -> Self {
        Self {
            id: project.id.0,
            slug: project.name.clone(),
            name: project.name,
            platform: project.platform.name,
            pms: project.pms.as_str().into(),
            auto_register_computers: project.auto_register_computers,
        }
    }
}

/// Fields of a project to change; the others stay.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ProjectPatch {
    pub name: Option<String>,
    pub platform: Option<String>,
    pub pms: Option<String>,
    pub auto_register_computers: Option<bool>,
}

/// Lists projects by name.
#[utoipa::path(tag = "projects", responses((status = 200, body = Page<ProjectBody>)))]
#[get("/projects")]
pub async fn list(caller: Caller) -> ApiResult<Page<ProjectBody>> {
    let items =
        caller.app.projects(&caller.actor).await?.into_iter().map(ProjectBody::from).collect();
    Ok(Json(Page { items, next: None }))
}

/// Returns a project.
#[utoipa::path(tag = "projects", responses(
    (status = 200, body = ProjectBody), (status = 404, body = Problem)))]
#[get("/projects/{id}")]
pub async fn show(caller: Caller, id: Path<i64>) -> ApiResult<ProjectBody> {
    let (project, _) = caller.app.project(&caller.actor, ProjectId(*id)).await?;
    Ok(Json(project.into()))
}

/// Adds a project; an unknown platform is added too.
#[utoipa::path(tag = "projects", request_body = ProjectForm, responses(
    (status = 201, body = ProjectBody), (status = 409, body = Problem),
    (status = 422, body = Problem)))]
#[post("/projects")]
pub async fn add(caller: Caller, form: Json<ProjectForm>) -> Result<HttpResponse, ApiError> {
    let project = caller.app.add_project(&caller.actor, form.into_inner()).await?;
    Ok(HttpResponse::Created().json(ProjectBody::from(project)))
}

/// Changes the fields of a project that are given.
#[utoipa::path(tag = "projects", request_body = ProjectPatch, responses(
    (status = 200, body = ProjectBody), (status = 404, body = Problem)))]
#[patch("/projects/{id}")]
pub async fn change(
    caller: Caller,
    id: Path<i64>,
    given: Json<ProjectPatch>,
) -> ApiResult<ProjectBody> {
    let given = given.into_inner();
    let id = ProjectId(*id);
    let (old, _) = caller.app.project(&caller.actor, id).await?;
    let form = ProjectForm {
        name: given.name.unwrap_or(old.name),
        platform: given.platform.unwrap_or(old.platform.name),
        pms: given.pms.unwrap_or_else(|| old.pms.as_str().into()),
        auto_register_computers: given.auto_register_computers,
    };
    Ok(Json(caller.app.change_project(&caller.actor, id, form).await?.into()))
}

/// `?confirm=true` where more than the project itself disappears.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
pub struct Confirm {
    #[serde(default)]
    pub confirm: bool,
}

/// Deletes a project; what hangs on it must be confirmed, computers must be gone.
#[utoipa::path(tag = "projects", params(Confirm), responses(
    (status = 204), (status = 409, body = Problem)))]
#[delete("/projects/{id}")]
pub async fn remove(
    caller: Caller,
    id: Path<i64>,
    query: Query<Confirm>,
) -> Result<HttpResponse, ApiError> {
    caller.app.delete_project(&caller.actor, ProjectId(*id), query.confirm).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// A platform as the API shows it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlatformBody {
    pub id: i64,
    pub name: String,
    /// Number of its projects.
    pub projects: i64,
}

/// Lists platforms by name.
#[utoipa::path(get, path = "/platforms", tag = "projects",
    responses((status = 200, body = Page<PlatformBody>)))]
pub async fn platforms(caller: Caller) -> ApiResult<Page<PlatformBody>> {
    let found = caller.app.platforms(&caller.actor).await?;
    let body = |(platform, projects): (crate::domain::project::Platform, i64)| PlatformBody {
        id: platform.id.0,
        name: platform.name,
        projects,
    };
    Ok(Json(Page { items: found.into_iter().map(body).collect(), next: None }))
}
