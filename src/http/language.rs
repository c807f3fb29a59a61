//! The language of a request: a cookie set by the switch, else `Accept-Language`.

use std::convert::Infallible;
use std::future::{Ready, ready};

use actix_web::cookie::{Cookie, SameSite, time::Duration};
use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest};

use crate::catalogue::Lang;

const COOKIE: &str = "migas-lang";

/// Extractor for the language of the reader.
#[derive(Debug, Clone, Copy)]
pub struct Language(pub Lang);

impl FromRequest for Language {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self(of(request))))
    }
}

/// Returns the language of the reader of `request`.
pub fn of(request: &HttpRequest) -> Lang {
    let chosen = request.cookie(COOKIE).and_then(|cookie| Lang::parse(cookie.value()));
    let header = request.headers().get(header::ACCEPT_LANGUAGE);
    let accepted = || header.and_then(|value| value.to_str().ok()).unwrap_or_default();
    chosen.unwrap_or_else(|| Lang::from_accept_language(accepted()))
}

/// The cookie that keeps the choice for a year.
pub fn choice(lang: Lang) -> Cookie<'static> {
    Cookie::build(COOKIE, lang.code())
        .path("/")
        .same_site(SameSite::Lax)
        .http_only(true)
        .max_age(Duration::days(365))
        .finish()
}
