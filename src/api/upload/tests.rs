//! Uploads through the API: what is accepted, what is refused, and that a refusal leaves nothing.

mod metadata;
mod rpm;

use actix_web::http::StatusCode;
use actix_web::test::TestRequest;
use serde_json::{Value, json};

use crate::api::tests::{Site, get, post};
use crate::formats::deb::write::Recipe;
use crate::formats::deb::write::acme_test_files;
use crate::formats::deb822::Stanza;

async fn site() -> Site {
    let site = Site::new().await;
    let project = json!({ "name": "debian-12", "platform": "Linux", "pms": "apt" });
    let (status, body) = site.send(post("/api/v1/projects", project)).await;
    assert_eq!(status, StatusCode::CREATED, "{body}");
    site
}

fn upload(query: &str, bytes: impl Into<Vec<u8>>) -> TestRequest {
    TestRequest::post()
        .uri(&format!("/api/v1/upload?project=debian-12&store=acme&{query}"))
        .insert_header(("Content-Type", "application/octet-stream"))
        .set_payload(bytes.into())
}

/// A small package with some text in it, so that two differ.
fn package(name: &str, text: &str) -> Vec<u8> {
    let control = format!(
        "Package: {name}\nVersion: 1.0\nArchitecture: all\nMaintainer: A <a@b.c>\nDescription: x\n"
    );
    let recipe = Recipe::of(Stanza::parse(control.as_bytes()).unwrap());
    recipe.file("usr/share/x", text.as_bytes()).build().unwrap()
}

async fn files(site: &Site) -> Vec<String> {
    let mut names = Vec::new();
    for unregistered in ["false", "true"] {
        let path = format!("/api/v1/packages?unregistered={unregistered}");
        let (_, list) = site.send(get(&path)).await;
        let items = list["items"].as_array().unwrap().iter();
        names.extend(items.map(|item| item["name"].as_str().unwrap().to_owned()));
    }
    names
}

#[actix_web::test]
async fn d_pkg_01_d_pkg_08_d_store_02_an_upload_makes_store_and_orphan_record() {
    let site = site().await;
    let (name, bytes) = acme_test_files(1).unwrap();
    let (status, body) = site.send(upload(&format!("name={name}"), bytes.clone())).await;
    assert_eq!(status, StatusCode::CREATED, "{body}");
    assert_eq!(body["outcome"], "stored");
    assert_eq!(body["store"], "acme");
    assert_eq!(body["package"], "acme-test-files");
    assert_eq!(body["version"], "1.0-1");
    assert_eq!(body["orphan"], true, "D-PKG-08");
    assert_eq!(body["size_bytes"], bytes.len());

    let (status, body) = site.send(upload(&format!("name={name}"), bytes.clone())).await;
    assert_eq!((status, &body["outcome"]), (StatusCode::OK, &json!("unchanged")));

    let other = TestRequest::post()
        .uri(&format!("/api/v1/upload?project=debian-12&store=Third+Party&name={name}"))
        .set_payload(bytes);
    let (status, body) = site.send(other).await;
    assert_eq!((status, &body["outcome"]), (StatusCode::CREATED, &json!("moved")));
    assert_eq!(body["store"], "third-party");
    assert_eq!(files(&site).await, [name]);
}

#[actix_web::test]
async fn d_pkg_01_other_content_replaces_only_when_asked() {
    let site = site().await;
    let (status, _) = site.send(upload("name=a.deb", package("a", "one"))).await;
    assert_eq!(status, StatusCode::CREATED);
    let (status, problem) = site.send(upload("name=a.deb", package("a", "two"))).await;
    assert_eq!(status, StatusCode::CONFLICT, "{problem}");
    assert!(problem["detail"].as_str().unwrap().contains("a.deb exists with other content"));
    let (status, body) = site.send(upload("name=a.deb&replace=1", package("a", "two"))).await;
    assert_eq!((status, &body["outcome"]), (StatusCode::CREATED, &json!("replaced")));
}

#[actix_web::test]
async fn d_pkg_03_a_regular_file_has_no_record() {
    let site = site().await;
    let (status, body) = site.send(upload("name=notes.txt&regular_file=1", "hello")).await;
    assert_eq!(status, StatusCode::CREATED, "{body}");
    assert_eq!((&body["registered"], &body["package"]), (&json!(false), &Value::Null));
    let (_, list) = site.send(get("/api/v1/packages")).await;
    assert_eq!(list["items"], json!([]));
    let path = format!("/api/v1/packages/{}/register", body["id"]);
    let (status, _) = site.send(TestRequest::post().uri(&path)).await;
    assert_eq!(status, StatusCode::CONFLICT);
}

#[actix_web::test]
async fn d_pkg_04_bad_uploads_are_refused_and_leave_nothing() {
    let site = site().await;
    let (_, good) = acme_test_files(1).unwrap();
    let (half, _) = good.split_at(good.len() / 2);
    let mut flipped = good.clone();
    flipped[70] ^= 0x20; // inside the first member's header or body
    let rpm = b"\xed\xab\xee\xdb\x03\x00".to_vec();
    let too_long = format!("name={}.deb", "x".repeat(97));
    let table: &[(&str, &str, &[u8], StatusCode)] = &[
        ("D-PKG-04", "name=../../etc/passwd", &good, StatusCode::UNPROCESSABLE_ENTITY),
        ("D-PKG-04", "name=..%2Fx.deb", &good, StatusCode::UNPROCESSABLE_ENTITY),
        ("D-PKG-04", "name=a%5Cb.deb", &good, StatusCode::UNPROCESSABLE_ENTITY),
        ("D-PKG-04", "name=a%00b.deb", &good, StatusCode::UNPROCESSABLE_ENTITY),
        ("D-PKG-04", "name=", &good, StatusCode::UNPROCESSABLE_ENTITY),
        ("D-PKG-04", &too_long, &good, StatusCode::UNPROCESSABLE_ENTITY),
        ("D-PKG-04", "name=half.deb", half, StatusCode::UNPROCESSABLE_ENTITY),
        ("D-PKG-04", "name=empty.deb", b"", StatusCode::UNPROCESSABLE_ENTITY),
        ("D-PKG-04", "name=flipped.deb", &flipped, StatusCode::UNPROCESSABLE_ENTITY),
        ("D-PKG-04", "name=a.deb", &rpm, StatusCode::UNPROCESSABLE_ENTITY),
        ("D-PKG-04", "name=a.deb", b"PK\x03\x04 a zip file", StatusCode::UNPROCESSABLE_ENTITY),
        ("D-PKG-04", "name=a.deb&project=other", &good, StatusCode::BAD_REQUEST),
    ];
    for (rule, query, bytes, expected) in table {
        let (status, problem) = site.send(upload(query, *bytes)).await;
        assert_eq!(status, *expected, "{rule} {query}: {problem}");
        assert!(!problem["detail"].as_str().unwrap().is_empty());
    }
    let unknown = TestRequest::post()
        .uri("/api/v1/upload?project=nowhere&store=acme&name=a.deb")
        .set_payload(good);
    let (status, problem) = site.send(unknown).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert_eq!(problem["detail"], "project nowhere does not exist");
    assert_eq!(files(&site).await, Vec::<String>::new());
    let (_, stores) = site.send(get("/api/v1/stores")).await;
    assert_eq!(stores["items"], json!([]));
}

#[actix_web::test]
async fn a_large_upload_is_stored_in_several_transactions_and_a_bad_end_drops_it() {
    let site = site().await;
    let noise: Vec<u8> =
        (0..3_000_000_u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
    let control = "Package: big\nVersion: 1\nArchitecture: all\nMaintainer: a\nDescription: x\n";
    let recipe = Recipe::of(Stanza::parse(control.as_bytes()).unwrap()).file("usr/share/b", noise);
    let big = recipe.build().unwrap();
    assert!(big.len() > 5 << 20, "{} bytes", big.len());
    let (cut, _) = big.split_at(big.len() - 1);
    let (status, problem) = site.send(upload("name=big.deb", cut)).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{problem}");
    let (status, body) = site.send(upload("name=big.deb", big.clone())).await;
    assert_eq!((status, &body["size_bytes"]), (StatusCode::CREATED, &json!(big.len())));
    // Equal content under another name is the same payload.
    let (status, twin) = site.send(upload("name=twin.deb", big)).await;
    assert_eq!((status, &twin["sha256"]), (StatusCode::CREATED, &body["sha256"]));
    let left = site.app.payload_counts().await.unwrap();
    assert_eq!(left.complete, 1);
}

#[actix_web::test]
async fn a_body_over_the_limit_is_413_from_its_length_or_when_it_is_exceeded() {
    let site = Site::with_limit(1_000).await;
    let project = json!({ "name": "debian-12", "platform": "Linux", "pms": "apt" });
    site.send(post("/api/v1/projects", project)).await;
    let announced = upload("name=a.deb&regular_file=1", vec![0; 1_001])
        .insert_header(("Content-Length", "1001"));
    let (status, _) = site.send(announced).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    let (status, problem) = site.send(upload("name=a.deb&regular_file=1", vec![0; 1_001])).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE, "{problem}");
    let (status, _) = site.send(upload("name=a.deb&regular_file=1", vec![0; 1_000])).await;
    assert_eq!(status, StatusCode::CREATED);
}

#[actix_web::test]
async fn d_perm_03_uploading_needs_to_add_and_change_packages_and_stores() {
    let site = site().await;
    let (name, bytes) = acme_test_files(1).unwrap();
    let query = format!("name={name}");
    let (status, _) = site.send_as("liberator", upload(&query, bytes.clone())).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let (status, _) = site.send_as("packager", upload(&query, bytes.clone())).await;
    assert_eq!(status, StatusCode::CREATED);
}

#[actix_web::test]
async fn an_upload_goes_with_user_and_password() {
    let site = site().await;
    let (name, bytes) = acme_test_files(1).unwrap();
    let query = format!("name={name}");
    let basic = |user: &str, password: &str| {
        use base64::Engine as _;
        let text = format!("{user}:{password}");
        let text = base64::engine::general_purpose::STANDARD.encode(text);
        upload(&query, bytes.clone()).insert_header(("Authorization", format!("Basic {text}")))
    };
    let (status, _) = site.send_plain(basic("packager", "wrong")).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    let (status, body) = site.send_plain(basic("packager", "packager")).await;
    assert_eq!(status, StatusCode::CREATED, "{body}");
    let (status, _) = site.send_plain(upload(&query, bytes.clone())).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
}

#[actix_web::test]
async fn many_files_of_one_user_are_no_guessing_but_a_wrong_password_is() {
    let site = site().await;
    let send = |password: &str, n: usize| {
        let basic = base64::Engine::encode(
            &base64::engine::general_purpose::STANDARD,
            format!("admin:{password}"),
        );
        let bytes = format!("file {n}").into_bytes();
        upload(&format!("name=f{n}.txt&regular_file=1"), bytes)
            .insert_header(("Authorization", format!("Basic {basic}")))
    };
    let limits = actix_web::web::Data::new(crate::http::limits::Limits::unforgiving());
    for n in 0..30 {
        let (status, body) = site.send_limited(&limits, send("admin", n)).await;
        assert!(status.is_success(), "{n}: {status} {body}");
    }
    let mut refusals = Vec::new();
    for n in 0..12 {
        refusals.push(site.send_limited(&limits, send("wrong", n)).await.0);
    }
    assert!(refusals.contains(&StatusCode::UNAUTHORIZED), "{refusals:?}");
    assert_eq!(refusals.last(), Some(&StatusCode::TOO_MANY_REQUESTS));
}

#[actix_web::test]
async fn a_form_uploads_several_files() {
    let site = site().await;
    let mut body = Vec::new();
    for (field, value) in [("project", "debian-12"), ("store", "acme")] {
        let head =
            format!("--b\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(head.as_bytes());
    }
    for revision in [1, 2] {
        let (name, bytes) = acme_test_files(revision).unwrap();
        let head = format!(
            "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(&bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--b--\r\n");
    let request = TestRequest::post()
        .uri("/api/v1/upload")
        .insert_header(("Content-Type", "multipart/form-data; boundary=b"))
        .set_payload(body);
    let (status, list) = site.send(request).await;
    assert_eq!(status, StatusCode::CREATED, "{list}");
    let versions: Vec<&Value> =
        list["items"].as_array().unwrap().iter().map(|i| &i["version"]).collect();
    assert_eq!(versions, ["1.0-1", "1.0-2"]);
}

#[actix_web::test]
async fn d_pkg_06_deleting_a_record_keeps_the_file() {
    let site = site().await;
    let (name, bytes) = acme_test_files(1).unwrap();
    let (_, body) = site.send(upload(&format!("name={name}"), bytes)).await;
    let path = format!("/api/v1/packages/{}", body["id"]);
    let (status, _) = site.send(TestRequest::delete().uri(&path)).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    let (_, list) = site.send(get("/api/v1/packages")).await;
    assert_eq!(list["items"], json!([]));
    let (_, list) = site.send(get("/api/v1/packages?unregistered=true")).await;
    assert_eq!(list["items"][0]["name"], json!(name));
}

#[actix_web::test]
async fn d_pkg_06_a_new_upload_or_registering_again_restores_the_record() {
    let site = site().await;
    let (name, bytes) = acme_test_files(1).unwrap();
    let query = format!("name={name}");
    let (_, body) = site.send(upload(&query, bytes.clone())).await;
    let path = format!("/api/v1/packages/{}", body["id"]);
    let register = || TestRequest::post().uri(&format!("{path}/register"));
    // rule        how the record comes back             status
    let table: [(&str, &dyn Fn() -> TestRequest, StatusCode); 2] = [
        ("D-PKG-06", &|| upload(&query, bytes.clone()), StatusCode::CREATED),
        ("D-PKG-06", &register, StatusCode::OK),
    ];
    for (nth, (rule, restore, expected)) in table.into_iter().enumerate() {
        site.send(TestRequest::delete().uri(&path)).await;
        let (_, list) = site.send(get("/api/v1/packages")).await;
        assert_eq!(list["items"], json!([]), "{rule}, row {nth}");
        let (status, restored) = site.send(restore()).await;
        assert_eq!(
            (status, &restored["registered"]),
            (expected, &json!(true)),
            "{rule}: {restored}"
        );
        assert_eq!(restored["id"], body["id"], "{rule}: it is the same file");
        let (_, list) = site.send(get("/api/v1/packages")).await;
        assert_eq!(list["items"][0]["name"], json!(name), "{rule}, row {nth}");
    }
    let regular = upload("name=notes.txt&regular_file=1", b"notes".to_vec());
    let (_, file) = site.send(regular).await;
    let path = format!("/api/v1/packages/{}/register", file["id"]);
    let (status, problem) = site.send(TestRequest::post().uri(&path)).await;
    assert_eq!(status, StatusCode::CONFLICT, "D-PKG-03: {problem}");
}

#[actix_web::test]
async fn d_store_03_a_store_goes_with_its_files_after_a_confirmation() {
    let site = site().await;
    let (name, bytes) = acme_test_files(1).unwrap();
    site.send(upload(&format!("name={name}"), bytes)).await;
    let (_, stores) = site.send(get("/api/v1/stores?project=debian-12")).await;
    let path = format!("/api/v1/stores/{}", stores["items"][0]["id"]);
    let (status, problem) = site.send(TestRequest::delete().uri(&path)).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(problem["detail"].as_str().unwrap().contains("1 files"), "{problem}");
    let confirmed = TestRequest::delete().uri(&format!("{path}?confirm=true"));
    let (status, _) = site.send(confirmed).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    assert_eq!(files(&site).await, Vec::<String>::new());
}

#[actix_web::test]
async fn d_pms_03_d_pkg_05_the_information_page_reads_contents_once_and_keeps_them() {
    let site = site().await;
    let (name, bytes) = acme_test_files(2).unwrap();
    let (_, body) = site.send(upload(&format!("name={name}"), bytes)).await;
    let path = format!("/api/v1/packages/{}/information", body["id"]);
    let (status, first) = site.send(get(&path)).await;
    assert_eq!(status, StatusCode::OK, "{first}");
    assert_eq!(first["control"][0], json!(["Package", "acme-test-files"]));
    let changelog = first["changelog"].as_str().unwrap();
    let (newer, older) = (changelog.find("1.0-2"), changelog.find("1.0-1"));
    assert!(newer.is_some() && newer < older, "newest first: {changelog}");
    let files = first["files"].as_array().unwrap();
    assert!(files.iter().any(|file| file["kind"] == "file"), "{files:?}");
    let (_, second) = site.send(get(&path)).await;
    assert_eq!(first, second);
    assert_eq!(site.number("SELECT count(*) FROM payload_contents").await, 1);
}
