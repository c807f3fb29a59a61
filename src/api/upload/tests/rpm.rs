//! Uploads of RPM packages: what is read of them, and that damaged ones leave nothing.

use actix_web::http::StatusCode;
use actix_web::test::TestRequest;
use serde_json::{Value, json};

use super::files;
use crate::api::tests::{Site, get, post};
use crate::formats::deb::write::acme_test_files;

const FULL: &[u8] = include_bytes!("../../../../testdata/rpms/acme-full-1.0~rc1-3.x86_64.rpm");
pub(super) const PLAIN: &[u8] =
    include_bytes!("../../../../testdata/rpms/acme-plain-1.0-1.noarch.rpm");
const LATIN: &[u8] = include_bytes!("../../../../testdata/rpms/acme-latin-1-1.noarch.rpm");

pub(super) async fn site() -> Site {
    let site = Site::with_key().await;
    for (name, pms) in
        [("fedora-40", "dnf"), ("leap-15", "zypper"), ("debian-12", "apt"), ("windows", "msi")]
    {
        let project = json!({ "name": name, "platform": "Any", "pms": pms });
        let (status, body) = site.send(post("/api/v1/projects", project)).await;
        assert_eq!(status, StatusCode::CREATED, "{body}");
    }
    site
}

pub(super) fn upload(project: &str, name: &str, bytes: &[u8]) -> TestRequest {
    TestRequest::post()
        .uri(&format!("/api/v1/upload?project={project}&store=acme&name={name}"))
        .insert_header(("Content-Type", "application/octet-stream"))
        .set_payload(bytes.to_vec())
}

fn value<'a>(information: &'a Value, field: &str) -> &'a str {
    let fields = information["control"].as_array().unwrap();
    let found = fields.iter().find(|pair| pair[0] == field).expect(field);
    found[1].as_str().unwrap()
}

#[actix_web::test]
async fn d_pms_03_an_rpm_says_what_it_is_and_what_it_brings() {
    let site = site().await;
    let (status, body) = site.send(upload("fedora-40", "acme-full.rpm", FULL)).await;
    assert_eq!(status, StatusCode::CREATED, "{body}");
    assert_eq!(body["package"], "acme-full");
    assert_eq!(body["version"], "2:1.0~rc1-3");
    assert_eq!(body["architecture"], "x86_64");

    let path = format!("/api/v1/packages/{}/information", body["id"]);
    let (status, information) = site.send(get(&path)).await;
    assert_eq!(status, StatusCode::OK, "{information}");
    assert_eq!(information["format"], "rpm");
    assert_eq!(information["control"][0], json!(["Name", "acme-full"]));
    assert_eq!(value(&information, "Vendor"), "Acme & Söhne <vendor@example.org>");
    assert_eq!(value(&information, "Build Date"), "2026-01-15 00:00 UTC");
    assert!(value(&information, "Requires").lines().any(|entry| entry == "acme-base >= 1:2.0-1"));
    assert!(value(&information, "Recommends").lines().any(|entry| entry == "(acme-x or acme-y)"));
    let scripts = information["scripts"].as_array().unwrap();
    let has = |title: &str| scripts.iter().any(|script| script[0] == title);
    assert!(has("%pretrans -p <lua>") && has("%triggerin -- acme-base > 1, acme-lib"));
    assert_eq!(information["conffiles"], json!(["/etc/acme/full.conf"]));
    let changelog = information["changelog"].as_str().unwrap();
    assert!(
        changelog
            .starts_with("* Thu Jan 15 2026 Ana Núñez <ana@example.org> - 2:1.0~rc1-3\n- Third")
    );
    assert!(changelog.ends_with("- First build"), "complete: {changelog}");
    let kind = |path: &str| {
        let files = information["files"].as_array().unwrap();
        files.iter().find(|file| file["path"] == path).expect(path)["kind"].clone()
    };
    assert_eq!(kind("/var/log/acme/full.log"), "ghost");
    assert_eq!(kind("/usr/bin/acme"), "symlink");
    assert_eq!(kind("/etc/acme"), "directory");
    let (_, again) = site.send(get(&path)).await;
    assert_eq!(information, again, "what was kept is the same");

    let (status, body) = site.send(upload("leap-15", "acme-plain.rpm", PLAIN)).await;
    assert_eq!((status, &body["version"]), (StatusCode::CREATED, &json!("1.0-1")), "zypper");
}

#[actix_web::test]
async fn d_pkg_04_damaged_and_foreign_packages_are_refused_with_a_reason_and_leave_nothing() {
    let site = site().await;
    let (_, deb) = acme_test_files(1).unwrap();
    let half = &FULL[..FULL.len() / 2];
    let short = &FULL[..FULL.len() - 1];
    let longer = [FULL, b"trailing"].concat();
    let flipped = |at: usize| {
        let mut bytes = FULL.to_vec();
        bytes[at] ^= 0x40;
        bytes
    };
    let oversized = [&FULL[..96 + 8], &[0xff; 8], &FULL[96 + 16..]].concat();
    let table: [(&str, &str, &[u8], &str); 11] = [
        ("D-PKG-04", "fedora-40", &deb, "not an RPM package: it is a Debian package"),
        ("D-PKG-04", "leap-15", &deb, "not an RPM package: it is a Debian package"),
        ("D-PKG-04", "debian-12", FULL, "not a Debian package: it is an RPM package"),
        ("D-PKG-04", "windows", FULL, "packages of msi are not handled yet"),
        ("D-PKG-04", "fedora-40", b"", "the package is truncated in the lead"),
        ("D-PKG-04", "fedora-40", half, "the package is truncated"),
        ("D-PKG-04", "fedora-40", short, "the package is truncated in the payload"),
        ("D-PKG-04", "fedora-40", &longer, "the package goes on after the"),
        ("D-PKG-04", "fedora-40", &flipped(FULL.len() - 40), "the payload differs from its digest"),
        ("D-PKG-04", "fedora-40", &flipped(6000), "the main header differs from its digest"),
        ("D-PKG-04", "fedora-40", &oversized, "the signature header claims"),
    ];
    for (rule, project, bytes, expected) in table {
        let (status, problem) = site.send(upload(project, "a.rpm", bytes)).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{rule} {project}: {problem}");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains(expected), "{rule} {project}: {detail:?} instead of {expected:?}");
    }
    assert_eq!(files(&site).await, Vec::<String>::new());
    assert_eq!(site.app.payload_counts().await.unwrap().complete, 0);
}

#[actix_web::test]
async fn texts_of_an_old_rpm_arrive_clean() {
    let site = site().await;
    let (_, body) = site.send(upload("fedora-40", "acme-latin.rpm", LATIN)).await;
    let path = format!("/api/v1/packages/{}/information", body["id"]);
    let (_, information) = site.send(get(&path)).await;
    assert_eq!(value(&information, "Summary"), "Café and a bell");
    assert!(
        information["changelog"]
            .as_str()
            .unwrap()
            .ends_with("José <jose@example.org> - 1-1\n- Café")
    );
}
