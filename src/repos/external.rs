//! `/src/<project>/EXTERNAL/<slug>/<path>`: what external deployments pass on (D-EXT-02, D-REPO-08).
//!
//! A file that is kept has ranges and conditions like any other; one that is still arriving is sent
//! from its beginning, while it comes.

use actix_web::body::{BodyStream, SizedStream};
use actix_web::http::{Method, StatusCode, header};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, stream};

use super::answer::{self, Broken, Headed};
use super::conditions::Validators;
use super::not_found;
use crate::app::external_cache::{ExternalRequest, Failure, Follower, Passed, StoredFile};
use crate::app::{App, chain};
use crate::domain::external::SourcePath;
use crate::http::{moment, peer};

/// Stretches that are being read while one is sent.
const AHEAD: usize = 2;
/// A copy may be replaced: whoever kept it asks again.
const CACHE_CONTROL: &str = "no-cache";
const MEDIA_TYPE: &str = "application/octet-stream";

/// A file of a source. The path is taken as it was sent: it is decoded once, where it is checked.
pub(super) async fn pass(app: Data<App>, request: HttpRequest) -> HttpResponse {
    let Some(asked) = read(&request) else { return not_found() };
    match app.external_file(asked).await {
        Ok(None) => not_found(),
        Ok(Some(Passed::Directory)) => HttpResponse::NoContent().finish(),
        Ok(Some(Passed::Stored(file))) => stored(&request, file),
        Ok(Some(Passed::Arriving(follower))) => arriving(&request, follower),
        Ok(Some(Passed::Failed(failure))) => failed(&failure),
        Err(error) => {
            tracing::error!(error = chain(&error), "a file of a source cannot be passed on");
            HttpResponse::InternalServerError().finish()
        }
    }
}

fn read(request: &HttpRequest) -> Option<ExternalRequest> {
    let mut parts = request.uri().path().splitn(6, '/').skip(2);
    let (project, branch, slug) = (parts.next()?, parts.next()?, parts.next()?);
    if branch != "EXTERNAL" {
        return None;
    }
    let name = |segment| SourcePath::parse(segment).map(|path| path.text());
    Some(ExternalRequest {
        project: name(project)?,
        slug: name(slug)?,
        path: parts.next().unwrap_or_default().to_owned(),
        address: peer::address(request),
        at: moment::of(request),
    })
}

fn stored(request: &HttpRequest, file: StoredFile) -> HttpResponse {
    let validators = Validators::stored(file.modified);
    let (mut response, start, length) =
        match answer::head(request, validators, file.length, CACHE_CONTROL) {
            Headed::Body { response, start, length } => (response, start, length),
            Headed::Whole(response) => return response,
        };
    response.content_type(MEDIA_TYPE);
    if request.method() == Method::HEAD {
        return answer::nothing(response, length);
    }
    let stretches = stream::iter(file.stretches(start, length));
    let body = stretches
        .map(move |stretch| {
            let file = file.clone();
            async move { file.read(stretch).await.map_err(|error| Broken(error.into())) }
        })
        .buffered(AHEAD);
    response.body(SizedStream::new(length, Box::pin(body)))
}

fn arriving(request: &HttpRequest, follower: Follower) -> HttpResponse {
    let validators = Validators::stored(follower.modified());
    let length = follower.length();
    let mut response = HttpResponse::Ok();
    response
        .insert_header((header::ETAG, validators.etag))
        .insert_header((header::LAST_MODIFIED, validators.modified.to_string()))
        .insert_header((header::CACHE_CONTROL, CACHE_CONTROL))
        .content_type(MEDIA_TYPE);
    match (request.method() == Method::HEAD, length) {
        (true, Some(length)) => answer::nothing(response, length),
        (true, None) => response.finish(),
        (false, Some(length)) => response.body(SizedStream::new(length, Box::pin(body(follower)))),
        (false, None) => response.body(BodyStream::new(Box::pin(body(follower)))),
    }
}

/// If the source breaks off, so does the answer: nobody takes half a file for a whole one.
fn body(follower: Follower) -> impl Stream<Item = Result<Bytes, Broken>> {
    stream::unfold(Some(follower), |follower| async move {
        let mut follower = follower?;
        match follower.next().await? {
            Ok(bytes) => Some((Ok(bytes), Some(follower))),
            Err(failure) => Some((Err(Broken(failure.into())), None)),
        }
    })
}

/// The status of the source where it gave one; what cannot be reached is not there (D-EXT-09).
fn failed(failure: &Failure) -> HttpResponse {
    let status = match failure {
        Failure::Status(status @ 400..600) => {
            StatusCode::from_u16(*status).unwrap_or(StatusCode::BAD_GATEWAY)
        }
        Failure::Status(_) | Failure::TooLarge(_) => StatusCode::BAD_GATEWAY,
        Failure::Unreachable(_)
        | Failure::Stalled
        | Failure::Redirect(_)
        | Failure::Redirects
        | Failure::Broken => StatusCode::NOT_FOUND,
        Failure::Disk(_) => StatusCode::INSUFFICIENT_STORAGE,
        Failure::Busy => StatusCode::SERVICE_UNAVAILABLE,
    };
    let mut response = HttpResponse::build(status);
    if *failure == Failure::Busy {
        response.insert_header((header::RETRY_AFTER, "5"));
    }
    response.content_type("text/plain; charset=utf-8").body(format!("{failure}\n"))
}

#[cfg(test)]
mod tests;
