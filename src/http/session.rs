//! The cookie of a signed-in browser.
//!
//! A session is a row (`storage/sessions.rs`), its key 256 random bits of which the database
//! keeps only the hash, so it can be revoked and a stolen database opens nothing.

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite, time::Duration};

/// Hours after which a browser must sign in again.
pub const HOURS: i64 = 12;

const COOKIE: &str = "migas-session";

/// The key that the browser sent.
pub fn key(request: &HttpRequest) -> Option<String> {
    request.cookie(COOKIE).map(|cookie| cookie.value().to_owned())
}

/// The cookie that carries a new session.
pub fn cookie(key: String) -> Cookie<'static> {
    Cookie::build(COOKIE, key)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .max_age(Duration::hours(HOURS))
        .finish()
}

/// The cookie that makes the browser forget its session.
pub fn removal() -> Cookie<'static> {
    let mut cookie = cookie(String::new());
    cookie.make_removal();
    cookie
}
