//! Package sets through the API, as `migas upload -d` sends them.

use actix_web::http::StatusCode;
use actix_web::test::TestRequest;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::api::tests::{Site, get, post};
use crate::app::fixtures::package;

async fn site() -> Site {
    let site = Site::with_key().await;
    for (name, pms) in [("debian-12", "apt"), ("fedora-40", "dnf")] {
        let project = json!({ "name": name, "platform": "Linux", "pms": pms });
        let (status, body) = site.send(post("/api/v1/projects", project)).await;
        assert_eq!(status, StatusCode::CREATED, "{body}");
    }
    site
}

fn list(project: &str, name: &str, files: &[(&str, &[u8])]) -> Value {
    let one = |(path, bytes): &(&str, &[u8])| json!({ "path": path, "sha256": hex::encode(Sha256::digest(bytes)) });
    let files: Vec<Value> = files.iter().map(one).collect();
    json!({ "project": project, "store": "acme", "name": name, "files": files })
}

fn file(project: &str, path: &str, bytes: &[u8]) -> TestRequest {
    TestRequest::post()
        .uri(&format!("/api/v1/upload/set/file?project={project}&path={path}"))
        .insert_header(("Content-Type", "application/octet-stream"))
        .set_payload(bytes.to_vec())
}

#[actix_web::test]
async fn d_pkg_02_the_list_says_what_to_send_and_the_same_list_makes_the_set() {
    let site = site().await;
    let one = package("one", "1.0", b"1");
    let files: [(&str, &[u8]); 2] = [("pool/one_1.0_all.deb", &one), ("notes.txt", b"hello")];
    let asked = list("debian-12", "acme-set", &files);
    let (status, body) = site.send(post("/api/v1/upload/set", asked.clone())).await;
    assert_eq!(
        (status, body),
        (StatusCode::ACCEPTED, json!({ "missing": ["notes.txt", "pool/one_1.0_all.deb"] }))
    );
    let (_, packages) = site.send(get("/api/v1/packages")).await;
    assert_eq!(packages["items"], json!([]), "nothing yet");
    for (path, bytes) in files {
        let (status, body) = site.send(file("debian-12", path, bytes)).await;
        assert_eq!(status, StatusCode::CREATED, "{body}");
        assert_eq!(body["package"], json!(path.ends_with(".deb")));
        assert_eq!(body["sha256"], hex::encode(Sha256::digest(bytes)));
    }
    let (status, body) = site.send(post("/api/v1/upload/set", asked.clone())).await;
    assert_eq!((status, &body["outcome"]), (StatusCode::CREATED, &json!("stored")), "{body}");
    assert_eq!(
        (&body["format"], &body["files"], &body["packages"]),
        (&json!("set"), &json!(2), &json!(1))
    );
    assert_eq!((&body["orphan"], &body["package"]), (&json!(true), &Value::Null));
    assert_eq!(body["url"], "/public/debian-12/STORES/acme/acme-set/");
    let (status, again) = site.send(post("/api/v1/upload/set", asked)).await;
    assert_eq!((status, &again["outcome"]), (StatusCode::OK, &json!("unchanged")));

    let path = format!("/api/v1/packages/{}/files?limit=1", body["id"]);
    let (_, page) = site.send(get(&path)).await;
    assert_eq!(page["items"][0]["path"], "notes.txt");
    assert_eq!(page["items"][0]["package"], Value::Null);
    let (_, page) = site.send(get(&format!("{path}&cursor=notes.txt"))).await;
    assert_eq!((&page["items"][0]["package"], &page["next"]), (&json!("one"), &Value::Null));
    assert_eq!(
        page["items"][0]["url"],
        "/public/debian-12/STORES/acme/acme-set/pool/one_1.0_all.deb"
    );
    let path = format!("/api/v1/packages/{}/information", body["id"]);
    let (_, information) = site.send(get(&path)).await;
    assert_eq!((&information["format"], &information["files"]), (&json!("set"), &json!([])));
}

#[actix_web::test]
async fn d_pkg_04_bad_requests_for_sets_are_problems() {
    let site = site().await;
    let one = package("one", "1.0", b"1");
    let good: [(&str, &[u8]); 1] = [("one_1.0_all.deb", &one)];
    let mut odd = list("debian-12", "x", &good);
    odd["files"][0]["sha256"] = json!("0123");
    // rule       request                                     status  told
    let table = [
        ("D-PKG-04", list("nowhere", "x", &good), 404, "project nowhere does not exist"),
        ("D-PKG-04", list("debian-12", "../x", &good), 422, "is not acceptable"),
        ("D-PKG-04", list("debian-12", "x", &[("../y.deb", b"")]), 422, "cannot be a path"),
        ("D-PKG-02", list("debian-12", "x", &[]), 422, "none of 0 files"),
        ("D-PKG-02", list("fedora-40", "x", &good), 422, "their names end in .rpm"),
        ("D-PKG-02", odd, 422, "64 hexadecimal digits"),
    ];
    for (rule, request, expected, told) in table {
        let (status, problem) = site.send(post("/api/v1/upload/set", request)).await;
        assert_eq!(status.as_u16(), expected, "{rule}: {problem}");
        assert!(problem["detail"].as_str().unwrap().contains(told), "{rule}: {problem}");
    }
    let bad = site.send(file("debian-12", "pool/bad_1_all.deb", b"no package")).await;
    assert_eq!(bad.0, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        bad.1["detail"].as_str().unwrap().contains("pool/bad_1_all.deb is refused"),
        "{}",
        bad.1
    );
    let (status, _) = site.send_as("reader", file("debian-12", "x", b"x")).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert_eq!(site.number("SELECT count(*) FROM payload").await, 0, "nothing is left");
}

#[actix_web::test]
async fn d_pkg_02_computers_with_dnf_see_the_rpms_of_a_set() {
    let site = site().await;
    let rpm = include_bytes!("../../../testdata/rpms/acme-full-1.0~rc1-3.x86_64.rpm");
    let deb = package("one", "1.0", b"1");
    let files: [(&str, &[u8]); 2] =
        [("Packages/a/acme-full-1.0~rc1-3.x86_64.rpm", rpm), ("one_1.0_all.deb", &deb)];
    for (path, bytes) in files {
        let (status, body) = site.send(file("fedora-40", path, bytes)).await;
        assert_eq!(status, StatusCode::CREATED, "{body}");
    }
    let (status, set) = site.send(post("/api/v1/upload/set", list("fedora-40", "s", &files))).await;
    assert_eq!((status, &set["packages"]), (StatusCode::CREATED, &json!(1)), "{set}");
    // The content that is a plain file there must be read as a package here.
    let both = list("debian-12", "s", &files);
    let (status, body) = site.send(post("/api/v1/upload/set", both.clone())).await;
    assert_eq!((status, body), (StatusCode::ACCEPTED, json!({ "missing": ["one_1.0_all.deb"] })));
    site.send(file("debian-12", "one_1.0_all.deb", &deb)).await;
    let (status, other) = site.send(post("/api/v1/upload/set", both)).await;
    assert_eq!((status, &other["packages"]), (StatusCode::CREATED, &json!(1)), "{other}");
    assert_ne!(other["sha256"], set["sha256"], "each releases what its computers install");
    let made = json!({ "project": "fedora-40", "name": "d", "start_date": "2024-06-03",
                       "available_packages": ["s"] });
    let (status, made) = site.send(post("/api/v1/deployments", made)).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    let offered = "SELECT count(*) FROM repository_payload
                   WHERE slug = 'd' AND name = 'acme-full-1.0~rc1-3.x86_64.rpm'";
    assert_eq!(site.number(offered).await, 1);
}
