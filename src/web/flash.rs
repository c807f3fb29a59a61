//! What the last action did, told once on the page that follows it.
//!
//! It travels in a cookie that the next page takes away, so that nothing is kept on the server
//! and a reload does not repeat it. Only the key of a message and its subject travel.

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite, time::Duration};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use super::components::status::Level;

pub const COOKIE: &str = "migas-flash";

/// A message for the next page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flash {
    pub level: Level,
    /// A message of the catalogue with the variables `name` and `count`.
    pub key: String,
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub count: i64,
}

impl Flash {
    /// Something was done to `name`.
    pub fn done(key: &str, name: impl Into<String>) -> Self {
        Self { level: Level::Ok, key: key.to_owned(), name: name.into(), count: 1 }
    }

    /// Something was done to `count` objects.
    pub fn counted(key: &str, count: usize) -> Self {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        Self { level: Level::Ok, key: key.to_owned(), name: String::new(), count }
    }

    /// An action on a selection without any row.
    pub fn nothing_selected() -> Self {
        Self { level: Level::Warning, ..Self::counted("done-nothing-selected", 0) }
    }

    /// The cookie that carries it.
    pub fn cookie(&self) -> Cookie<'static> {
        let text = serde_json::to_vec(self).unwrap_or_default();
        Cookie::build(COOKIE, URL_SAFE_NO_PAD.encode(text))
            .path("/")
            .http_only(true)
            .same_site(SameSite::Lax)
            .max_age(Duration::minutes(2))
            .finish()
    }

    /// Reads the one that a request carries. Only messages of ours are told.
    pub fn of(request: &HttpRequest) -> Option<Self> {
        let cookie = request.cookie(COOKIE)?;
        let bytes = URL_SAFE_NO_PAD.decode(cookie.value()).ok()?;
        let flash: Self = serde_json::from_slice(&bytes).ok()?;
        flash.key.starts_with("done-").then_some(flash)
    }
}

/// The cookie that takes it away.
pub fn removal() -> Cookie<'static> {
    let mut cookie = Cookie::build(COOKIE, "").path("/").finish();
    cookie.make_removal();
    cookie
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[test]
    fn it_survives_the_way_and_takes_only_our_messages() {
        let flash = Flash::done("done-saved", "café <b>");
        let request = TestRequest::get().cookie(flash.cookie()).to_http_request();
        assert_eq!(Flash::of(&request), Some(flash));
        let foreign = Flash::done("nav-computers", "");
        let request = TestRequest::get().cookie(foreign.cookie()).to_http_request();
        assert_eq!(Flash::of(&request), None);
    }
}
