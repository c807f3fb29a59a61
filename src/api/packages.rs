//! `/api/v1/packages`: package records and their files.

use actix_web::web::{Json, Path, Query, ServiceConfig};
use actix_web::{HttpResponse, delete, get, post};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::computers::Cursor;
use crate::app::package_information::{ContentsFile, PackageInformation};
use crate::app::package_sets::SetFile;
use crate::app::packages::{Listed, PackageQuery};
use crate::domain::ids::PackageId;
use crate::http::paths;

use super::caller::Caller;
use super::page::{Page, PageQuery};
use super::problem::{ApiError, ApiResult, Problem};

/// Registers the routes.
pub fn routes(service: &mut ServiceConfig) {
    service.service(list).service(show).service(remove).service(register);
    service.service(information).service(set_files);
}

/// A package file as the API shows it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PackageBody {
    pub id: i64,
    /// The file's name, or that of a set.
    pub name: String,
    /// Name of the project.
    pub project: String,
    /// Name of the store.
    pub store: String,
    /// Has a package record; a file without one is in no list and no deployment.
    pub registered: bool,
    /// Of a set, the bytes of all its files.
    pub size_bytes: u64,
    /// In hexadecimal; of a set, the digest of the list of its files.
    pub sha256: String,
    /// `deb`, `rpm`, or what stands beside packages in a repository of yum: `comps`, `updateinfo`,
    /// `modules`; `set` for a package set; null for a regular file.
    pub format: Option<String>,
    /// Name, version and architecture the package says of itself; null for what is no package.
    pub package: Option<String>,
    pub version: Option<String>,
    pub architecture: Option<String>,
    /// How many files a set has, and how many of them are packages; null for what is no set.
    pub files: Option<u64>,
    pub packages: Option<u64>,
    /// In no deployment, enabled or not.
    pub orphan: bool,
    #[schema(value_type = String)]
    pub created_at: Timestamp,
    #[schema(value_type = String)]
    pub uploaded_at: Timestamp,
    /// Path of the file, or of the set's folder, on this server.
    pub url: String,
}

impl From<Listed> for PackageBody {
    fn from(listed: Listed) -> Self {
        let Listed {
            package,
            project,
            store,
            size_bytes,
            sha256,
            format,
            set,
            identity,
            deployments,
        } = listed;
        let (name, version, architecture) = match identity {
            Some(is) => (Some(is.name), Some(is.version), Some(is.architecture)),
            None => (None, None, None),
        };
        Self {
            id: package.id.0,
            url: match set {
                Some(_) => paths::set_folder(&project, &store, &package.name),
                None => paths::store_file(&project, &store, &package.name),
            },
            files: set.map(|set| set.files),
            packages: set.map(|set| set.packages),
            name: package.name,
            project,
            store,
            registered: package.is_registered,
            size_bytes,
            sha256: hex::encode(sha256),
            format: format.map(|format| format.as_str().to_owned()),
            package: name,
            version,
            architecture,
            orphan: package.is_registered && deployments == 0,
            created_at: package.created_at,
            uploaded_at: package.uploaded_at,
        }
    }
}

/// Lists package records in the order they were first uploaded.
#[utoipa::path(tag = "packages", params(PackageParams, PageQuery),
    responses((status = 200, body = Page<PackageBody>)))]
#[get("/packages")]
pub async fn list(
    caller: Caller,
    query: Query<PackageParams>,
    page: Query<PageQuery>,
) -> ApiResult<Page<PackageBody>> {
    let limit = page.limit();
    let PackageParams { project, store, search, orphan, unregistered } = query.into_inner();
    let asked = PackageQuery {
        related: None,
        project,
        store,
        search,
        orphan,
        unregistered,
        sorted: None,
        after: page.after_id().map(Cursor::of_id),
        limit: limit + 1,
    };
    let found = caller.app.packages(&caller.actor, asked).await?;
    let items = found.into_iter().map(PackageBody::from).collect();
    Ok(Json(Page::new(items, limit, |package: &PackageBody| package.id.to_string())))
}

/// Which packages.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(default)]
pub struct PackageParams {
    /// Name of the project.
    project: Option<String>,
    /// Name of the store.
    store: Option<String>,
    /// Part of the file's name.
    search: Option<String>,
    /// Only packages in no deployment.
    orphan: bool,
    /// Files without a package record instead.
    unregistered: bool,
}

/// Returns a package.
#[utoipa::path(tag = "packages", responses(
    (status = 200, body = PackageBody), (status = 404, body = Problem)))]
#[get("/packages/{id}")]
pub async fn show(caller: Caller, id: Path<i64>) -> ApiResult<PackageBody> {
    Ok(Json(caller.app.package(&caller.actor, PackageId(*id)).await?.into()))
}

/// Deletes a package record, never the file; deployments are published without it.
#[utoipa::path(tag = "packages", responses((status = 204), (status = 404, body = Problem)))]
#[delete("/packages/{id}")]
pub async fn remove(caller: Caller, id: Path<i64>) -> Result<HttpResponse, ApiError> {
    caller.app.delete_package(&caller.actor, PackageId(*id)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Gives a file its package record back.
#[utoipa::path(tag = "packages", responses(
    (status = 200, body = PackageBody), (status = 409, body = Problem)))]
#[post("/packages/{id}/register")]
pub async fn register(caller: Caller, id: Path<i64>) -> ApiResult<PackageBody> {
    Ok(Json(caller.app.register_package(&caller.actor, PackageId(*id)).await?.into()))
}

/// What a package says about itself and what it installs.
#[derive(Debug, Serialize, ToSchema)]
pub struct InformationBody {
    pub package: PackageBody,
    /// `deb`, `rpm`, `comps`, `updateinfo`, `modules` or `set`; null for a regular file.
    pub format: Option<String>,
    /// What it says of itself, in order: the fields of a control file, or those of an RPM header
    /// with the entries of a dependency a line each. Of metadata what is in it: `groups`,
    /// `environments`, `categories`, `updates`, `modules`, `defaults`.
    pub control: Vec<(String, String)>,
    /// Paths that are marked as configuration.
    pub conffiles: Vec<String>,
    /// Maintainer scripts, scriptlets and triggers: name and text.
    pub scripts: Vec<(String, String)>,
    /// Newest first.
    pub changelog: String,
    pub files: Vec<ContentsFile>,
    /// There are more files than are listed.
    pub truncated: bool,
}

impl From<PackageInformation> for InformationBody {
    fn from(known: PackageInformation) -> Self {
        let PackageInformation { package, header, contents } = known;
        let contents = contents.unwrap_or_default();
        let format = package.format.map(|format| format.as_str().to_owned());
        let (control, scripts, conffiles) = header
            .map(|header| (header.control, header.scripts, header.conffiles))
            .unwrap_or_default();
        Self {
            package: package.into(),
            format,
            control,
            conffiles,
            scripts,
            changelog: contents.changelog,
            files: contents.files,
            truncated: contents.truncated,
        }
    }
}

/// Returns what a package says about itself and what it installs.
#[utoipa::path(tag = "packages", responses(
    (status = 200, body = InformationBody), (status = 404, body = Problem)))]
#[get("/packages/{id}/information")]
pub async fn information(caller: Caller, id: Path<i64>) -> ApiResult<InformationBody> {
    Ok(Json(caller.app.package_information(&caller.actor, PackageId(*id)).await?.into()))
}

/// A file of a package set.
#[derive(Debug, Serialize, ToSchema)]
pub struct SetFileBody {
    /// Below the set's folder.
    pub path: String,
    pub size_bytes: u64,
    /// In hexadecimal.
    pub sha256: String,
    /// Name, version and architecture the package says of itself; null for a plain file, which no
    /// repository holds.
    pub package: Option<String>,
    pub version: Option<String>,
    pub architecture: Option<String>,
    /// Path of the file on this server.
    pub url: String,
}

/// Lists the files of a package set by path; none for what is no set.
#[utoipa::path(tag = "packages", params(PageQuery), responses(
    (status = 200, body = Page<SetFileBody>), (status = 404, body = Problem)))]
#[get("/packages/{id}/files")]
pub async fn set_files(
    caller: Caller,
    id: Path<i64>,
    page: Query<PageQuery>,
) -> ApiResult<Page<SetFileBody>> {
    let id = PackageId(*id);
    let Listed { package, project, store, .. } = caller.app.package(&caller.actor, id).await?;
    let found = caller.app.set_files(&caller.actor, id, page.cursor.clone(), page.limit()).await?;
    let body = |file: SetFile| {
        let (name, version, architecture) = match file.identity {
            Some(is) => (Some(is.name), Some(is.version), Some(is.architecture)),
            None => (None, None, None),
        };
        SetFileBody {
            url: paths::set_file(&project, &store, &package.name, &file.path),
            path: file.path,
            size_bytes: file.size_bytes,
            sha256: hex::encode(file.sha256),
            package: name,
            version,
            architecture,
        }
    };
    let items = found.items.into_iter().map(body).collect();
    Ok(Json(Page { items, next: found.next }))
}
