//! Answers a file: headers, and a body that is read while it is sent.

use std::sync::Arc;

use actix_web::body::SizedStream;
use actix_web::http::{Method, StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use bytes::Bytes;
use futures_util::StreamExt as _;
use futures_util::future::Either;
use futures_util::stream;

use crate::app::public::PublicFile;
use crate::app::{App, AppError, chain};

use super::conditions::{Validators, Wanted, decide};

/// Bytes handed to the connection at once. It copies them, and a processor's cache holds this much.
const SLICE_BYTES: usize = 64 * 1024;

/// The answer for a file.
pub(super) fn file(app: Arc<App>, request: &HttpRequest, file: PublicFile) -> HttpResponse {
    let validators = Validators::new(&file.sha256, file.modified.into());
    let cache_control = cache_control(&file);
    let headed = head(request, validators, file.size_bytes, cache_control);
    let (mut response, start, length) = match headed {
        Headed::Body { response, start, length } => (response, start, length),
        Headed::Whole(response) => return response,
    };
    response.content_type(media_type(request.path()));
    if request.method() == Method::HEAD {
        return nothing(response, length);
    }
    let body = app
        .download(&file, start, length)
        .inspect(|read| {
            if let Err(error) = read {
                tracing::warn!(error = chain(error), "a download broke off");
            }
        })
        .flat_map(|read| match read {
            Ok(read) => Either::Left(stream::iter(slices(read).map(Ok))),
            Err(error) => Either::Right(stream::iter([Err(Broken(error.into()))])),
        });
    response.body(SizedStream::new(length, Box::pin(body)))
}

fn slices(mut bytes: Bytes) -> impl Iterator<Item = Bytes> {
    std::iter::from_fn(move || {
        let length = bytes.len().min(SLICE_BYTES);
        (length > 0).then(|| bytes.split_to(length))
    })
}

/// An answer as far as its headers go.
pub(super) enum Headed {
    /// What follows is this part of the file.
    Body { response: HttpResponseBuilder, start: u64, length: u64 },
    /// Nothing follows.
    Whole(HttpResponse),
}

/// Decides from the conditions of the request what of a file of `size` bytes is answered.
pub(super) fn head(
    request: &HttpRequest,
    validators: Validators,
    size: u64,
    cache_control: &'static str,
) -> Headed {
    let wanted = decide(request.headers(), &validators, size);
    let mut response = HttpResponse::Ok();
    response
        .insert_header((header::ETAG, validators.etag))
        .insert_header((header::LAST_MODIFIED, validators.modified.to_string()))
        .insert_header((header::ACCEPT_RANGES, "bytes"))
        .insert_header((header::CACHE_CONTROL, cache_control));
    match wanted {
        Wanted::NotModified => Headed::Whole(response.status(StatusCode::NOT_MODIFIED).finish()),
        Wanted::Unsatisfiable => Headed::Whole(
            response
                .status(StatusCode::RANGE_NOT_SATISFIABLE)
                .insert_header((header::CONTENT_RANGE, format!("bytes */{size}")))
                .finish(),
        ),
        Wanted::All => Headed::Body { response, start: 0, length: size },
        Wanted::Part(start, length) => {
            let range = format!("bytes {start}-{}/{size}", start + length - 1);
            response
                .status(StatusCode::PARTIAL_CONTENT)
                .insert_header((header::CONTENT_RANGE, range));
            Headed::Body { response, start, length }
        }
    }
}

/// The answer to HEAD: the length of what is not sent.
pub(super) fn nothing(mut response: HttpResponseBuilder, length: u64) -> HttpResponse {
    response.body(SizedStream::new(length, stream::empty::<Result<Bytes, AppError>>()))
}

/// The body cannot go on; the connection ends before its announced length.
#[derive(Debug, thiserror::Error)]
#[error("the download broke off")]
pub(super) struct Broken(#[source] pub Box<dyn std::error::Error + Send + Sync>);

fn cache_control(file: &PublicFile) -> &'static str {
    if file.is_immutable { "public, max-age=31536000, immutable" } else { "no-cache" }
}

/// Uploaded files are never given a type that a browser would run.
fn media_type(path: &str) -> &'static str {
    let name = path.rsplit('/').next().unwrap_or_default();
    let in_repository = path.contains("/REPOSITORIES/");
    match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "rpm" => "application/x-rpm",
        "xml" if in_repository => "text/xml; charset=utf-8",
        "asc" if in_repository => "application/pgp-signature",
        "key" if in_repository => "application/pgp-keys",
        "deb" => "application/vnd.debian.binary-package",
        "gz" if in_repository => "application/gzip",
        "zst" if in_repository => "application/zstd",
        "gpg" if in_repository => "application/pgp-signature",
        "" if in_repository => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
