//! Answers of the admin pages and the headers that they carry.

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use maud::Markup;

use super::flash::Flash;

/// A page; the listener adds what every answer carries, the content policy for one.
pub fn html(status: StatusCode, page: Markup) -> HttpResponse {
    HttpResponse::build(status)
        .content_type("text/html; charset=utf-8")
        .insert_header(("Cross-Origin-Opener-Policy", "same-origin"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::VARY, "Accept-Language, Cookie"))
        .body(page.into_string())
}

/// Goes on to another page after a form (303), with what to tell there.
pub fn go(url: &str, flash: Option<&Flash>) -> HttpResponse {
    let mut response = HttpResponse::SeeOther();
    response.insert_header((header::LOCATION, url));
    if let Some(flash) = flash {
        response.cookie(flash.cookie());
    }
    response.finish()
}

/// A path on this site, or `/`: where a login goes on to, whatever the address said.
pub fn own_path(text: &str) -> &str {
    let own = text.starts_with('/')
        && !text.starts_with("//")
        && !text.contains(['\\', '\r', '\n'])
        && text.len() <= 2_000;
    if own { text } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn a_login_goes_on_within_the_site_only() {
        let table = [
            ("/computers?q=a", "/computers?q=a"),
            ("//evil.example/", "/"),
            ("https://evil.example/", "/"),
            ("/\\evil.example", "/"),
            ("", "/"),
        ];
        for (text, expected) in table {
            assert_eq!(own_path(text), expected, "{text}");
        }
    }
}
