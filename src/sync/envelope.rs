//! The headers of a signed request, and the seal of an answer (`design.md`, "Signing").

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap};
use actix_web::{HttpRequest, HttpResponse};

use crate::app::App;
use crate::wire::signing::{
    KEY_HEADER, NONCE_HEADER, SIGNATURE_HEADER, TIME_HEADER, answer_digest, request_digest,
};

/// Longest nonce that is taken: base64 of 16 bytes, with room for other lengths.
const MAX_NONCE: usize = 64;

/// What came with a request beside its body.
#[derive(Debug, Clone)]
pub struct Envelope {
    pub key_id: String,
    pub time_ms: i64,
    pub nonce: String,
    pub signature: String,
    method: String,
    path_and_query: String,
}

impl Envelope {
    /// Reads the headers; `None` if one is missing or is not what it should be.
    pub fn of(request: &HttpRequest) -> Option<Self> {
        let headers = request.headers();
        let nonce = nonce(request);
        let path = request.uri().path_and_query().map(|path| path.as_str().to_owned());
        Some(Self {
            key_id: text(headers, KEY_HEADER)?.to_ascii_lowercase(),
            time_ms: text(headers, TIME_HEADER)?.parse().ok()?,
            nonce: Some(nonce).filter(|nonce| !nonce.is_empty())?,
            signature: text(headers, SIGNATURE_HEADER)?.to_owned(),
            method: request.method().as_str().to_owned(),
            path_and_query: path?,
        })
    }

    /// What the signature must cover.
    pub fn digest(&self, body: &[u8]) -> [u8; 64] {
        request_digest(&self.method, &self.path_and_query, body, self.time_ms, &self.nonce)
    }
}

/// The nonce of a request, empty when there is none worth repeating.
pub fn nonce(request: &HttpRequest) -> String {
    let nonce = text(request.headers(), NONCE_HEADER).unwrap_or_default();
    if nonce.len() <= MAX_NONCE { nonce.to_owned() } else { String::new() }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// An answer signed by the site, so that a computer trusts nobody in between.
pub fn sealed(
    app: &App,
    nonce: &str,
    status: StatusCode,
    media_type: &'static str,
    body: Vec<u8>,
) -> HttpResponse {
    let digest = answer_digest(status.as_u16(), &body, nonce);
    HttpResponse::build(status)
        .insert_header((SIGNATURE_HEADER, app.sync_key().sign_base64(&digest)))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .content_type(media_type)
        .body(body)
}
