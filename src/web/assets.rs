//! Style, script and icons: embedded files under addresses that name their content.
//!
//! `/assets/<hash>/<name>` never changes, so browsers keep it for a year; a new release has new
//! addresses. Each file is compressed once, at its first use.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::LazyLock;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use flate2::Compression;
use flate2::write::GzEncoder;
use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "assets/css/"]
struct Css;

#[derive(RustEmbed)]
#[folder = "assets/js/"]
struct Js;

#[derive(RustEmbed)]
#[folder = "assets/icons/"]
struct Icons;

struct Asset {
    /// First 16 hex digits of the SHA-256 of the content.
    hash: String,
    content_type: &'static str,
    plain: Vec<u8>,
    gzip: Vec<u8>,
}

static ASSETS: LazyLock<BTreeMap<String, Asset>> = LazyLock::new(|| {
    let mut assets = BTreeMap::new();
    collect::<Css>(&mut assets, "text/css; charset=utf-8");
    collect::<Js>(&mut assets, "text/javascript; charset=utf-8");
    collect::<Icons>(&mut assets, "image/svg+xml");
    assets
});

fn collect<E: RustEmbed>(assets: &mut BTreeMap<String, Asset>, content_type: &'static str) {
    for name in E::iter() {
        if let Some(file) = E::get(&name) {
            assets.insert(name.into_owned(), asset(file, content_type));
        }
    }
}

fn asset(file: EmbeddedFile, content_type: &'static str) -> Asset {
    let hash = hex::encode(file.metadata.sha256_hash()).chars().take(16).collect();
    let plain = file.data.into_owned();
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    let compressed = encoder.write_all(&plain).and_then(|()| encoder.finish());
    Asset { hash, content_type, plain, gzip: compressed.unwrap_or_default() }
}

/// Address of an embedded file.
pub fn url(name: &str) -> String {
    let hash = ASSETS.get(name).map_or("missing", |asset| asset.hash.as_str());
    format!("/assets/{hash}/{name}")
}

/// `GET /assets/{hash}/{name}`.
pub async fn serve(request: HttpRequest, path: web::Path<(String, String)>) -> HttpResponse {
    let (hash, name) = path.into_inner();
    let Some(asset) = ASSETS.get(&name) else {
        return HttpResponse::NotFound().finish();
    };
    // An old address (a page left open over an upgrade) gets the new file, but keeps it not.
    let caching =
        if hash == asset.hash { "public, max-age=31536000, immutable" } else { "no-cache" };
    let accepted = request.headers().get(header::ACCEPT_ENCODING);
    let accepts_gzip = accepted
        .and_then(|value| value.to_str().ok())
        .is_some_and(|text| text.split(',').any(|coding| coding.trim().starts_with("gzip")));
    let mut response = HttpResponse::Ok();
    response
        .insert_header((header::CONTENT_TYPE, asset.content_type))
        .insert_header((header::CACHE_CONTROL, caching))
        .insert_header((header::VARY, "Accept-Encoding"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"));
    if accepts_gzip && !asset.gzip.is_empty() {
        response.insert_header((header::CONTENT_ENCODING, "gzip")).body(asset.gzip.clone())
    } else {
        response.body(asset.plain.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_asset_has_an_address_of_its_content() {
        for name in ["migas.css", "migas.js", "icons.svg"] {
            let url = url(name);
            let hash = url.trim_start_matches("/assets/").split('/').next().unwrap();
            assert_eq!(hash.len(), 16, "{url}");
            assert!(hash.bytes().all(|byte| byte.is_ascii_hexdigit()), "{url}");
        }
    }

    #[actix_web::test]
    async fn an_address_of_this_release_is_kept_and_an_old_one_is_not() {
        let service = web::resource("/assets/{hash}/{name}").to(serve);
        let site = actix_web::test::init_service(actix_web::App::new().service(service)).await;
        let table = [
            (url("migas.css"), 200, Some("public, max-age=31536000, immutable")),
            ("/assets/0123456789abcdef/migas.css".into(), 200, Some("no-cache")),
            ("/assets/0123456789abcdef/other.css".into(), 404, None),
        ];
        for (path, status, caching) in table {
            let request = actix_web::test::TestRequest::get().uri(&path).to_request();
            let response = actix_web::test::call_service(&site, request).await;
            assert_eq!(response.status().as_u16(), status, "{path}");
            let got = response.headers().get("cache-control").map(|v| v.to_str().unwrap());
            assert_eq!(got, caching, "{path}");
        }
    }
}
