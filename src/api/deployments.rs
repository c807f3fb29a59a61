//! `/api/v1/deployments`.

use actix_web::web::{Json, Path, Query, ServiceConfig};
use actix_web::{HttpResponse, delete, get, patch, post};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::computers::Cursor;
use crate::app::deployments::{
    DeploymentChange, DeploymentDetail, DeploymentQuery, DeploymentRow, ExternalChange, Reached,
    ReachedComputer,
};
use crate::app::external_cache::Usage;
use crate::domain::deployment::{Deployment, Source};
use crate::domain::external::External;
use crate::domain::ids::DeploymentId;
use crate::domain::pms::Pms;
use crate::domain::schedule::Standing;
use crate::domain::text::package_list;
use crate::http::paths;

use super::caller::Caller;
use super::page::{Page, PageQuery};
use super::problem::{ApiError, ApiResult, Problem};

/// Registers the routes.
pub fn routes(service: &mut ServiceConfig) {
    service.service(list).service(show).service(add).service(change).service(remove);
    service.service(computers).service(publish).service(empty_cache);
}

/// A deployment as the API shows it.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeploymentBody {
    pub id: i64,
    pub name: String,
    /// Name of the repository: it stands in URLs and source lines.
    pub slug: String,
    /// Name of the project.
    pub project: String,
    /// Only the computers of this domain get it.
    pub domain: Option<String>,
    pub enabled: bool,
    /// `I`: its packages are in stores of this site; `E`: it passes on a public repository.
    pub source: String,
    /// Of an external deployment only, like the five that follow.
    #[serde(flatten)]
    pub external: Option<ExternalBody>,
    pub comment: String,
    #[schema(value_type = String, format = Date)]
    pub start_date: Date,
    /// Name of the schedule.
    pub schedule: Option<String>,
    /// How far the schedule has come, 0 to 100; null without delays.
    pub percent: Option<u8>,
    /// `PREFIX-value`.
    pub included_attributes: Vec<String>,
    pub excluded_attributes: Vec<String>,
    /// File names; absent in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub available_packages: Option<Vec<String>>,
    pub packages_to_install: Vec<String>,
    pub packages_to_remove: Vec<String>,
    pub default_preincluded_packages: Vec<String>,
    pub default_included_packages: Vec<String>,
    pub default_excluded_packages: Vec<String>,
    /// Number of packages in its repository.
    pub packages: i64,
    /// Productive computers that have it available today.
    pub computers: i64,
    /// Path of its repository on this server.
    pub url: String,
    /// What the cache of an external deployment holds; absent in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache: Option<CacheBody>,
    /// SHA-256 of the InRelease or repomd.xml being served; absent in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub generation: Option<String>,
}

/// What a cache holds.
#[derive(Debug, Serialize, ToSchema)]
pub struct CacheBody {
    pub files: u64,
    pub size_bytes: u64,
}

/// The source of an external deployment.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExternalBody {
    pub base_url: String,
    pub suite: String,
    /// Between blanks.
    pub components: String,
    /// As they stand in a source line.
    pub options: String,
    /// What was fetched once is never fetched again.
    pub frozen: bool,
    /// Minutes after which what is no package is fetched again.
    pub expire: i32,
}

impl From<External> for ExternalBody {
    fn from(external: External) -> Self {
        let External { base_url, suite, components, options, frozen, expire_minutes } = external;
        Self { base_url, suite, components, options, frozen, expire: expire_minutes }
    }
}

impl DeploymentBody {
    fn of(deployment: Deployment, project: String, pms: Pms) -> Self {
        let source = deployment.source();
        let lists = deployment.lists;
        Self {
            id: deployment.id.0,
            url: match source {
                Source::Internal => paths::repository(&project, pms, &deployment.slug),
                Source::External => paths::external(&project, &deployment.slug),
            },
            external: deployment.external.map(ExternalBody::from),
            name: deployment.name,
            slug: deployment.slug,
            project,
            domain: None,
            enabled: deployment.enabled,
            source: source.as_str().to_owned(),
            comment: deployment.comment,
            start_date: deployment.start_date,
            schedule: None,
            percent: None,
            included_attributes: Vec::new(),
            excluded_attributes: Vec::new(),
            available_packages: None,
            packages_to_install: package_list(&lists.install),
            packages_to_remove: package_list(&lists.remove),
            default_preincluded_packages: package_list(&lists.default_preincluded_packages),
            default_included_packages: package_list(&lists.default_included_packages),
            default_excluded_packages: package_list(&lists.default_excluded_packages),
            packages: 0,
            computers: 0,
            cache: None,
            generation: None,
        }
    }
}

impl From<DeploymentDetail> for DeploymentBody {
    fn from(detail: DeploymentDetail) -> Self {
        Self {
            domain: detail.domain,
            included_attributes: detail.included_attributes,
            excluded_attributes: detail.excluded_attributes,
            packages: i64::try_from(detail.available_packages.len()).unwrap_or(i64::MAX),
            available_packages: Some(detail.available_packages),
            computers: detail.computers,
            generation: detail.generation,
            schedule: detail.schedule.map(|schedule| schedule.name),
            percent: detail.timeline.map(|timeline| timeline.percent),
            ..Self::of(detail.deployment, detail.project, detail.pms)
        }
    }
}

impl From<DeploymentRow> for DeploymentBody {
    fn from(row: DeploymentRow) -> Self {
        Self {
            domain: row.domain,
            included_attributes: row.included_attributes,
            excluded_attributes: row.excluded_attributes,
            packages: row.listed.packages,
            computers: row.computers,
            schedule: row.listed.schedule,
            percent: row.timeline.map(|timeline| timeline.percent),
            ..Self::of(row.listed.deployment, row.listed.project, row.listed.pms)
        }
    }
}

/// A list of packages: tokens, or a text that holds them.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum PackageList {
    Tokens(Vec<String>),
    Text(String),
}

impl From<PackageList> for String {
    fn from(given: PackageList) -> Self {
        match given {
            PackageList::Tokens(tokens) => tokens.join("\n"),
            PackageList::Text(text) => text,
        }
    }
}

/// Fields of a deployment; those that are absent keep their value, or get the default of a new
/// one.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DeploymentFields {
    /// Name of the project: needed for a new one, and cannot change.
    pub project: Option<String>,
    pub name: Option<String>,
    /// Name of its domain; empty: of none. A domain administrator's are those of its own.
    pub domain: Option<String>,
    pub enabled: Option<bool>,
    pub comment: Option<String>,
    #[schema(value_type = Option<String>, format = Date)]
    pub start_date: Option<Date>,
    /// Name of the schedule; null takes it away.
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    pub schedule: Option<Option<String>>,
    /// `PREFIX-value`, such as `SET-ALL SYSTEMS` or `CID-7`.
    pub included_attributes: Option<Vec<String>>,
    pub excluded_attributes: Option<Vec<String>>,
    /// File names of all packages in it.
    pub available_packages: Option<Vec<String>>,
    /// File names of packages to put in beside those that are there.
    pub add_packages: Vec<String>,
    /// File names of packages to take out.
    pub remove_packages: Vec<String>,
    pub packages_to_install: Option<PackageList>,
    pub packages_to_remove: Option<PackageList>,
    pub default_preincluded_packages: Option<PackageList>,
    pub default_included_packages: Option<PackageList>,
    pub default_excluded_packages: Option<PackageList>,
    /// `I` or `E`, chosen for a new one; it cannot change.
    #[schema(value_type = Option<String>)]
    pub source: Option<Source>,
    /// Of an external deployment only, like the five that follow.
    pub base_url: Option<String>,
    pub suite: Option<String>,
    /// Between blanks.
    pub components: Option<String>,
    pub options: Option<String>,
    pub frozen: Option<bool>,
    /// Minutes.
    pub expire: Option<i32>,
}

impl From<DeploymentFields> for DeploymentChange {
    fn from(fields: DeploymentFields) -> Self {
        Self {
            name: fields.name,
            domain: fields.domain,
            enabled: fields.enabled,
            comment: fields.comment,
            start_date: fields.start_date,
            schedule: fields.schedule,
            included_attributes: fields.included_attributes,
            excluded_attributes: fields.excluded_attributes,
            available_packages: fields.available_packages,
            add_packages: fields.add_packages,
            remove_packages: fields.remove_packages,
            packages_to_install: fields.packages_to_install.map(Into::into),
            packages_to_remove: fields.packages_to_remove.map(Into::into),
            default_preincluded_packages: fields.default_preincluded_packages.map(Into::into),
            default_included_packages: fields.default_included_packages.map(Into::into),
            default_excluded_packages: fields.default_excluded_packages.map(Into::into),
            external: ExternalChange {
                source: fields.source,
                base_url: fields.base_url,
                suite: fields.suite,
                components: fields.components,
                options: fields.options,
                frozen: fields.frozen,
                expire_minutes: fields.expire,
            },
        }
    }
}

/// Tells `null`, which takes something away, from a field that is absent.
fn given<'de, D: serde::Deserializer<'de>>(value: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(value).map(Some)
}

/// Which deployments.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(default)]
pub struct DeploymentParams {
    /// Name of the project.
    project: Option<String>,
    enabled: Option<bool>,
    /// Name of the domain.
    domain: Option<String>,
    /// `I` for internal, `E` for external ones.
    #[param(value_type = Option<String>)]
    source: Option<Source>,
    /// Name of the schedule.
    schedule: Option<String>,
    /// `active` or `finished`: enabled ones whose schedule stands so.
    #[param(value_type = Option<String>)]
    timeline: Option<Standing>,
    /// Only those whose repository waits to be published again.
    regenerating: Option<bool>,
    /// Part of the name, or of the file name of a package in it.
    search: Option<String>,
}

/// Lists deployments by name.
#[utoipa::path(tag = "deployments", params(DeploymentParams, PageQuery),
    responses((status = 200, body = Page<DeploymentBody>)))]
#[get("/deployments")]
pub async fn list(
    caller: Caller,
    query: Query<DeploymentParams>,
    page: Query<PageQuery>,
) -> ApiResult<Page<DeploymentBody>> {
    let limit = page.limit();
    let query = query.into_inner();
    let DeploymentParams { project, enabled, domain, source, schedule, .. } = query;
    let query = DeploymentQuery {
        project,
        enabled,
        domain,
        source,
        schedule,
        related: None,
        standing: query.timeline,
        regenerating: query.regenerating.unwrap_or(false),
        search: query.search,
        sorted: None,
        after: page.cursor.as_deref().and_then(Cursor::parse),
        limit: limit + 1,
    };
    let found = caller.app.deployments(&caller.actor, query).await?;
    let items = found.into_iter().map(DeploymentBody::from).collect();
    Ok(Json(Page::new(items, limit, |last: &DeploymentBody| format!("{}.{}", last.id, last.name))))
}

/// Returns a deployment.
#[utoipa::path(tag = "deployments", responses(
    (status = 200, body = DeploymentBody), (status = 404, body = Problem)))]
#[get("/deployments/{id}")]
pub async fn show(caller: Caller, id: Path<i64>) -> ApiResult<DeploymentBody> {
    let id = DeploymentId(*id);
    let mut body = DeploymentBody::from(caller.app.deployment(&caller.actor, id).await?);
    if body.external.is_some() {
        let Usage { files, size_bytes } = caller.app.external_usage(&caller.actor, id).await?;
        body.cache = Some(CacheBody { files, size_bytes });
    }
    Ok(Json(body))
}

/// Makes a deployment; its repository is being served when this answers.
#[utoipa::path(tag = "deployments", request_body(content = DeploymentFields, example = json!({
    "project": "", "name": "", "start_date": "", "included_attributes": [],
    "available_packages": [], "packages_to_install": []
})), responses(
    (status = 201, body = DeploymentBody), (status = 404, body = Problem),
    (status = 409, body = Problem), (status = 422, body = Problem)))]
#[post("/deployments")]
pub async fn add(caller: Caller, fields: Json<DeploymentFields>) -> Result<HttpResponse, ApiError> {
    let fields = fields.into_inner();
    let project = fields.project.clone().unwrap_or_default();
    let made = caller.app.add_deployment(&caller.actor, project, fields.into()).await?;
    Ok(HttpResponse::Created().json(DeploymentBody::from(made)))
}

/// Changes the fields that are given; answers when the new repository is being served.
#[utoipa::path(tag = "deployments", request_body = DeploymentFields, responses(
    (status = 200, body = DeploymentBody), (status = 404, body = Problem),
    (status = 409, body = Problem), (status = 422, body = Problem)))]
#[patch("/deployments/{id}")]
pub async fn change(
    caller: Caller,
    id: Path<i64>,
    fields: Json<DeploymentFields>,
) -> ApiResult<DeploymentBody> {
    let fields = fields.into_inner();
    let id = DeploymentId(*id);
    if let Some(project) = &fields.project {
        caller.app.check_project_of(&caller.actor, id, project).await?;
    }
    Ok(Json(caller.app.change_deployment(&caller.actor, id, fields.into()).await?.into()))
}

/// Deletes a deployment and its repository.
#[utoipa::path(tag = "deployments", responses((status = 204), (status = 404, body = Problem)))]
#[delete("/deployments/{id}")]
pub async fn remove(caller: Caller, id: Path<i64>) -> Result<HttpResponse, ApiError> {
    caller.app.delete_deployment(&caller.actor, DeploymentId(*id)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Empties the cache of an external deployment: its files are fetched anew when they are asked for.
#[utoipa::path(tag = "deployments", responses(
    (status = 204), (status = 404, body = Problem), (status = 409, body = Problem)))]
#[delete("/deployments/{id}/cache")]
pub async fn empty_cache(caller: Caller, id: Path<i64>) -> Result<HttpResponse, ApiError> {
    caller.app.empty_external_cache(&caller.actor, DeploymentId(*id)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Publishes the repository again, with the present key and content.
#[utoipa::path(tag = "deployments", responses(
    (status = 200, body = DeploymentBody), (status = 404, body = Problem)))]
#[post("/deployments/{id}/publish")]
pub async fn publish(caller: Caller, id: Path<i64>) -> ApiResult<DeploymentBody> {
    Ok(Json(caller.app.publish_deployment(&caller.actor, DeploymentId(*id)).await?.into()))
}

/// A computer a deployment is for, and from which day on.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReachedBody {
    /// Its CID.
    pub id: i64,
    pub name: String,
    pub status: String,
    /// End of its last synchronisation, in milliseconds since the epoch.
    pub synchronised_at: Option<i64>,
    /// The day from which on it has the deployment.
    #[schema(value_type = String, format = Date)]
    pub since: Date,
}

impl From<ReachedComputer> for ReachedBody {
    fn from(reached: ReachedComputer) -> Self {
        let ReachedComputer { computer, since } = reached;
        let Reached { id, name, status, synchronised_at } = computer;
        Self { id, name, status, synchronised_at, since }
    }
}

/// Lists the productive computers that the deployment is for, each with the day from which on it
/// has it.
#[utoipa::path(tag = "deployments", params(PageQuery), responses(
    (status = 200, body = Page<ReachedBody>), (status = 404, body = Problem)))]
#[get("/deployments/{id}/computers")]
pub async fn computers(
    caller: Caller,
    id: Path<i64>,
    page: Query<PageQuery>,
) -> ApiResult<Page<ReachedBody>> {
    let limit = page.limit();
    let after = page.after_id().unwrap_or(0);
    let id = DeploymentId(*id);
    let found = caller.app.deployment_computers(&caller.actor, id, after, limit + 1).await?;
    let items = found.into_iter().map(ReachedBody::from).collect();
    Ok(Json(Page::new(items, limit, |last: &ReachedBody| last.id.to_string())))
}
