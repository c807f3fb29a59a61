//! EDGE: `/public` and its alias `/repo`: repositories and stores as clients browse them
//! (D-REPO-01), the key that signs them, and `/src`, what external deployments pass on.
//!
//! Plain HTTP, no account. Files have `Content-Length`, `ETag`, `Last-Modified`, single ranges and
//! conditional requests; what is named by its content may be cached for ever.

mod answer;
mod conditions;
mod external;
mod listing;

use actix_web::http::{Method, header};
use actix_web::web::{self, Data, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};

use crate::app::public::{Place, Reader};
use crate::app::{App, AppError, chain};
use crate::http::language::Language;
use crate::http::{moment, peer};

/// Registers the routes.
pub fn routes(service: &mut ServiceConfig) {
    for root in ["/public", "/repo"] {
        for path in [root.to_owned(), format!("{root}/{{path:.*}}")] {
            let resource =
                web::resource(path).route(web::get().to(show)).route(web::head().to(show));
            service.service(resource);
        }
    }
    let external = web::resource("/src/{path:.*}");
    service.service(
        external.route(web::get().to(external::pass)).route(web::head().to(external::pass)),
    );
    service.route("/get_key_repositories", web::get().to(key));
}

/// A file or a folder of the public tree.
async fn show(
    app: Data<App>,
    request: HttpRequest,
    path: Option<Path<String>>,
    language: Language,
) -> HttpResponse {
    let path = path.map(Path::into_inner).unwrap_or_default();
    let segments: Vec<String> = match path.strip_suffix('/').unwrap_or(&path) {
        "" => Vec::new(),
        inner => inner.split('/').map(str::to_owned).collect(),
    };
    let agent = request.headers().get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
    let reader = Reader {
        address: peer::address(&request),
        agent: agent.unwrap_or_default().to_owned(),
        at: moment::of(&request),
        only_looks: request.method() == Method::HEAD,
    };
    match app.public(reader, segments).await {
        Ok(Some(Place::File(_))) if path.ends_with('/') => not_found(),
        Ok(Some(Place::File(file))) => answer::file(app.into_inner(), &request, file),
        Ok(Some(Place::Folder(entries))) if request.path().ends_with('/') => HttpResponse::Ok()
            .content_type("text/html; charset=utf-8")
            .insert_header((header::CACHE_CONTROL, "no-cache"))
            .body(listing::page(language.0, request.path(), &entries)),
        // Links of a listing are relative: they need the slash.
        Ok(Some(Place::Folder(_))) => HttpResponse::PermanentRedirect()
            .insert_header((header::LOCATION, format!("{}/", request.path())))
            .finish(),
        Ok(None) => not_found(),
        Err(error) => failed(&error),
    }
}

/// `/get_key_repositories`: the public key, ASCII-armoured (D-REPO-05).
async fn key(app: Data<App>) -> HttpResponse {
    match app.repository_public_key().await {
        Ok(key) => HttpResponse::Ok().content_type("application/pgp-keys").body(key),
        Err(error) => failed(&error),
    }
}

fn not_found() -> HttpResponse {
    HttpResponse::NotFound().content_type("text/plain; charset=utf-8").body("not found\n")
}

fn failed(error: &AppError) -> HttpResponse {
    if let AppError::Unavailable(reason) = error {
        return HttpResponse::ServiceUnavailable()
            .insert_header((header::RETRY_AFTER, "5"))
            .content_type("text/plain; charset=utf-8")
            .body(format!("{reason}\n"));
    }
    tracing::error!(error = chain(error), "a file of the public tree could not be read");
    HttpResponse::InternalServerError().content_type("text/plain").body("internal error\n")
}

#[cfg(test)]
mod tests;
