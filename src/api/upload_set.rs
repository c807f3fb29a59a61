//! `POST /api/v1/upload/set`: package sets, by their list of files and the contents that lack.

use actix_web::http::header;
use actix_web::web::{self, Json, Payload, Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::AppError;
use crate::app::package_sets::{SetAnswer, SetRequest, StoredFile, WantedFile};
use crate::app::uploads::Outcome;
use crate::http::uploads;

use super::problem::{ApiError, Problem};
use super::upload::UploadedBody;
use super::uploader::Uploader;

/// Registers the routes.
pub fn routes(service: &mut ServiceConfig) {
    service
        .route("/upload/set", web::post().to(save))
        .route("/upload/set/file", web::post().to(file));
}

/// A package set that is wanted.
#[derive(Debug, Deserialize, ToSchema)]
pub struct SetFields {
    /// Name of the project.
    project: String,
    /// Name of the store; made if it does not exist.
    store: String,
    /// Name of the set: of its folder in the store.
    name: String,
    /// All its files.
    files: Vec<SetFileFields>,
    /// Other files may take the place of those of a set of the same name; without it that is a 409.
    #[serde(default)]
    replace: bool,
    /// Deployments with the set keep what it held until published again.
    #[serde(default)]
    no_create_repo: bool,
}

/// A file of a set that is wanted.
#[derive(Debug, Deserialize, ToSchema)]
pub struct SetFileFields {
    /// Below the set's folder, with slashes: `pool/acme_1.0_all.deb`. Files whose names end as
    /// packages of the project do must be such packages; all others are stored as they are.
    path: String,
    /// Of its content, in hexadecimal.
    sha256: String,
}

/// A set whose contents are not all there: nothing was changed.
#[derive(Debug, Serialize, ToSchema)]
pub struct MissingBody {
    /// Paths of the files to send.
    pub missing: Vec<String>,
}

/// Makes a package set, or gives one other files, all of them at once: the body is the list of its
/// files. 202 names those whose content is not there yet; send them (`POST /upload/set/file`) and
/// then the same list again. Deployments with the set are published with its new files before the
/// answer. Bearer token, or user and password (HTTP Basic). 200 if nothing new came, else 201.
#[utoipa::path(post, path = "/upload/set", tag = "packages", request_body = SetFields, responses(
    (status = 201, body = UploadedBody), (status = 200, body = UploadedBody),
    (status = 202, body = MissingBody), (status = 404, body = Problem),
    (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn save(
    Uploader(caller): Uploader,
    fields: Json<SetFields>,
) -> Result<HttpResponse, ApiError> {
    let SetFields { project, store, name, files, replace, no_create_repo } = fields.into_inner();
    let files = files.into_iter().map(wanted).collect::<Result<_, _>>()?;
    let asked = SetRequest { project, store, name, files, replace, no_create_repo };
    Ok(match caller.app.save_set(&caller.actor, asked).await? {
        SetAnswer::Missing(missing) => HttpResponse::Accepted().json(MissingBody { missing }),
        SetAnswer::Saved(saved) => match saved.outcome {
            Outcome::Unchanged => HttpResponse::Ok().json(UploadedBody::from(*saved)),
            _ => HttpResponse::Created().json(UploadedBody::from(*saved)),
        },
    })
}

fn wanted(file: SetFileFields) -> Result<WantedFile, AppError> {
    let mut sha256 = [0; 32];
    match hex::decode_to_slice(&file.sha256, &mut sha256) {
        Ok(()) => Ok(WantedFile { path: file.path, sha256 }),
        Err(_) => Err(AppError::invalid("sha256", "a digest has 64 hexadecimal digits")),
    }
}

/// Which file of a set it is.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
pub struct SetFileQuery {
    /// Name of the project.
    project: String,
    /// Path the file is to have within the set.
    path: String,
}

/// A file that a set can name now.
#[derive(Debug, Serialize, ToSchema)]
pub struct StoredFileBody {
    pub path: String,
    pub size_bytes: u64,
    /// In hexadecimal.
    pub sha256: String,
    /// It was read as a package of the project; others are plain files.
    pub package: bool,
}

impl From<StoredFile> for StoredFileBody {
    fn from(stored: StoredFile) -> Self {
        let StoredFile { path, size_bytes, sha256, is_package } = stored;
        Self { path, size_bytes, sha256: hex::encode(sha256), package: is_package }
    }
}

/// Takes the content of a file of a set, as the body (`application/octet-stream`). It is in no list
/// until a set names it, and is forgotten after a day if none does.
#[utoipa::path(post, path = "/upload/set/file", tag = "packages", params(SetFileQuery),
    request_body(content_type = "application/octet-stream"), responses(
    (status = 201, body = StoredFileBody), (status = 404, body = Problem),
    (status = 413, body = Problem), (status = 422, body = Problem),
    (status = 507, body = Problem)))]
pub async fn file(
    Uploader(caller): Uploader,
    query: Query<SetFileQuery>,
    request: HttpRequest,
    body: Payload,
) -> Result<HttpResponse, ApiError> {
    let announced = request.headers().get(header::CONTENT_LENGTH);
    let announced = announced.and_then(|value| value.to_str().ok()?.parse().ok());
    let SetFileQuery { project, path } = query.into_inner();
    let upload = caller.app.begin_set_file(&caller.actor, &project, path, announced).await?;
    let stored = uploads::receive(upload, body).await?;
    Ok(HttpResponse::Created().json(StoredFileBody::from(stored)))
}

#[cfg(test)]
mod tests;
