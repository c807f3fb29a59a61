//! `/src` over HTTP.

use actix_web::dev::ServiceResponse;
use actix_web::http::{StatusCode, header};
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use actix_web::web::Data;

use crate::app::deployments::{DeploymentChange, ExternalChange};
use crate::app::fixtures::Site;
use crate::domain::deployment::Source;
use crate::upstream::fake::{Says, Upstream};

const ROOT: &str = "/src/debian-12/EXTERNAL/mirror";

async fn site(upstream: &Upstream) -> Site {
    let site = Site::new().await;
    let external = ExternalChange {
        source: Some(Source::External),
        base_url: Some(format!("{}/debian", upstream.url())),
        suite: Some("stable".into()),
        ..ExternalChange::default()
    };
    let name = Some("mirror".into());
    let change = DeploymentChange { name, external, ..DeploymentChange::default() };
    site.app.add_deployment(&site.admin, "debian-12".into(), change).await.unwrap();
    site
}

async fn answer(site: &Site, request: TestRequest) -> ServiceResponse {
    let app =
        actix_web::App::new().app_data(Data::new(site.app.clone())).configure(crate::repos::routes);
    call_service(&init_service(app).await, request.to_request()).await.map_into_boxed_body()
}

fn of<'a>(response: &'a ServiceResponse, name: &header::HeaderName) -> &'a str {
    response.headers().get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
}

#[actix_web::test]
async fn d_ext_10_d_repo_08_files_have_lengths_ranges_and_dates() {
    let upstream = Upstream::start();
    let site = site(&upstream).await;
    upstream.put("/debian/pool/g%2B%2B_1.deb", Says::File(b"0123456789".to_vec()));
    let path = format!("{ROOT}/pool/g++_1.deb");

    let first = answer(&site, TestRequest::get().uri(&path)).await;
    assert_eq!(first.status(), StatusCode::OK);
    let (etag, date) = (of(&first, &header::ETAG).to_owned(), of(&first, &header::LAST_MODIFIED));
    assert!(!etag.is_empty() && date.ends_with("GMT"), "{etag} {date}");
    let date = date.to_owned();
    assert_eq!(read_body(first).await, "0123456789");
    // The rename is a little later than the last byte.
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;

    let encoded = format!("{ROOT}/pool/g%2b%2B_1.deb");
    let head = TestRequest::default().method(actix_web::http::Method::HEAD).uri(&encoded);
    let head = answer(&site, head).await;
    assert_eq!(head.status(), StatusCode::OK);
    assert_eq!(of(&head, &header::ETAG), etag, "the same file by another spelling");
    assert_eq!(of(&head, &header::LAST_MODIFIED), date);
    assert_eq!(of(&head, &header::ACCEPT_RANGES), "bytes");
    let size = actix_web::body::MessageBody::size(head.response().body());
    assert_eq!(size, actix_web::body::BodySize::Sized(10));

    let asked = |name, value: &str| TestRequest::get().uri(&path).insert_header((name, value));
    let part = answer(&site, asked(header::RANGE, "bytes=2-4")).await;
    assert_eq!(part.status(), StatusCode::PARTIAL_CONTENT);
    assert_eq!(of(&part, &header::CONTENT_RANGE), "bytes 2-4/10");
    assert_eq!(read_body(part).await, "234");
    let far = answer(&site, asked(header::RANGE, "bytes=10-")).await;
    assert_eq!(far.status(), StatusCode::RANGE_NOT_SATISFIABLE);
    for (name, value) in [(header::IF_NONE_MATCH, &etag), (header::IF_MODIFIED_SINCE, &date)] {
        assert_eq!(answer(&site, asked(name, value)).await.status(), StatusCode::NOT_MODIFIED);
    }
    assert_eq!(upstream.asked("/debian/pool/g%2B%2B_1.deb"), 1);
}

#[actix_web::test]
async fn d_ext_02_d_ext_09_d_op_01_statuses_without_an_account() {
    let mut upstream = Upstream::start();
    let site = site(&upstream).await;
    upstream.put("/debian/dists/InRelease", Says::File(b"x".to_vec()));
    upstream.put("/debian/forbidden", Says::Status(403));
    upstream.put("/debian/odd", Says::Status(204));
    upstream.put("/debian/away", Says::Redirect("http://10.0.0.1/".into()));
    upstream.put("/debian/loop", Says::Redirect("/debian/loop".into()));
    let table = [
        ("D-EXT-09", "/dists/InRelease", 200),
        ("D-EXT-09", "/dists", 204),
        ("D-EXT-09", "/dists/", 204),
        ("D-EXT-09", "/", 204),
        ("D-EXT-09", "", 204),
        ("D-EXT-09", "/nothing", 404),
        ("D-EXT-09", "/forbidden", 403),
        ("D-EXT-09", "/odd", 502),
        ("D-EXT-02", "/away", 404),
        ("D-EXT-02", "/loop", 404),
        ("D-EXT-02", "/../../../public", 404),
        ("D-EXT-02", "/dists/..%2f..%2fx", 404),
        ("D-EXT-02", "//dists/InRelease", 404),
        ("D-EXT-02", "/../other/dists/InRelease", 404),
    ];
    for (rule, path, expected) in table {
        let response = answer(&site, TestRequest::get().uri(&format!("{ROOT}{path}"))).await;
        assert_eq!(response.status().as_u16(), expected, "{rule}: {path}");
        read_body(response).await;
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    for path in ["/src", "/src/", "/src/debian-12", "/src/debian-12/STORES/mirror/x"] {
        let response = answer(&site, TestRequest::get().uri(path)).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "D-EXT-02: {path}");
    }
    upstream.stop();
    let response = answer(&site, TestRequest::get().uri(&format!("{ROOT}/new"))).await;
    assert_eq!(response.status(), StatusCode::NOT_FOUND, "D-EXT-09: network error");
}
