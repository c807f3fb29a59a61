//! `POST /api/v1/upload`: package files, streamed.

use actix_multipart::Multipart;
use actix_web::http::header::{self, ContentDisposition};
use actix_web::web::{self, Payload, Query, ServiceConfig};
use actix_web::{FromRequest as _, HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::uploads::{Outcome, UploadRequest, Uploaded};
use crate::domain::text::boolean;
use crate::http::uploads::{self, UploadError};

use super::packages::PackageBody;
use super::page::Page;
use super::problem::{ApiError, Problem};
use super::uploader::Uploader;

/// Registers the route.
pub fn routes(service: &mut ServiceConfig) {
    service.route("/upload", web::post().to(upload));
}

/// What the upload is, where a form does not say it. Flags: `1`, `true`, `yes`.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(default)]
pub struct UploadQuery {
    /// Name of the project.
    project: String,
    /// Name of the store; made if it does not exist.
    store: String,
    /// Name of the file, where the body is one and `Content-Disposition` does not name it.
    name: String,
    /// Other content may take the place of a file of the same name; without it that is a 409.
    replace: String,
    /// Store the file without a package record and do not look into it.
    regular_file: String,
    /// Deployments with a replaced package keep the old one until published again.
    no_create_repo: String,
}

/// A file that was uploaded.
#[derive(Debug, Serialize, ToSchema)]
pub struct UploadedBody {
    /// `stored`, `replaced`, `moved` or `unchanged`.
    pub outcome: Outcome,
    #[serde(flatten)]
    pub package: PackageBody,
}

impl From<Uploaded> for UploadedBody {
    fn from(uploaded: Uploaded) -> Self {
        Self { outcome: uploaded.outcome, package: uploaded.file.into() }
    }
}

impl From<UploadError> for ApiError {
    fn from(error: UploadError) -> Self {
        match error {
            UploadError::App(error) => Self::App(error),
            UploadError::Body(text) => Self::Unreadable(text),
            UploadError::Forged => Self::Refused(crate::http::actor::Refused::Forged),
        }
    }
}

/// Uploads a package file, or metadata of a repository of yum (`comps.xml`, `updateinfo.xml`,
/// `modules.yaml`, packed or not), which is told by its content: the body itself (`application/octet-stream`), or the files of a form
/// (`multipart/form-data`, text fields named like the parameters before the files), which answers
/// a list. Bearer token, or user and password (HTTP Basic). 200 if nothing new came, else 201.
#[utoipa::path(post, path = "/upload", tag = "packages", params(UploadQuery),
    request_body(content_type = "application/octet-stream"), responses(
    (status = 201, body = UploadedBody), (status = 200, body = UploadedBody),
    (status = 404, body = Problem), (status = 409, body = Problem),
    (status = 413, body = Problem), (status = 422, body = Problem),
    (status = 507, body = Problem)))]
pub async fn upload(
    Uploader(caller): Uploader,
    query: Query<UploadQuery>,
    request: HttpRequest,
    body: Payload,
) -> Result<HttpResponse, ApiError> {
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    let announced = header(header::CONTENT_LENGTH).and_then(|length| length.parse().ok());
    let asked = asked(query.into_inner());
    let kind = header(header::CONTENT_TYPE).unwrap_or_default();
    if kind.starts_with("multipart/form-data") {
        let form = Multipart::from_request(&request, &mut body.into_inner()).await;
        let form = form.map_err(|error| ApiError::Unreadable(error.to_string()))?;
        let done = uploads::receive_form(&caller.app, &caller.actor, asked, form, |_| true).await?;
        let items: Vec<UploadedBody> = done.into_iter().map(UploadedBody::from).collect();
        return Ok(HttpResponse::Created().json(Page { items, next: None }));
    }
    let disposition = request.headers().get(header::CONTENT_DISPOSITION);
    let disposition = disposition.and_then(|value| ContentDisposition::from_raw(value).ok());
    let named = disposition.as_ref().and_then(uploads::file_name);
    let file_name = if asked.file_name.is_empty() { named } else { Some(asked.file_name) };
    let asked = UploadRequest {
        file_name: file_name.unwrap_or_default(),
        announced_bytes: announced,
        ..asked
    };
    let upload = caller.app.begin_upload(&caller.actor, asked).await?;
    let done = uploads::receive(upload, body).await?;
    let mut answer = match done.outcome {
        Outcome::Unchanged => HttpResponse::Ok(),
        _ => HttpResponse::Created(),
    };
    Ok(answer.json(UploadedBody::from(done)))
}

fn asked(query: UploadQuery) -> UploadRequest {
    let flag = |text: &str| boolean(text).unwrap_or(false);
    UploadRequest {
        replace: flag(&query.replace),
        is_regular_file: flag(&query.regular_file),
        no_create_repo: flag(&query.no_create_repo),
        project: query.project,
        store: query.store,
        file_name: query.name,
        announced_bytes: None,
    }
}

#[cfg(test)]
mod tests;
