//! Repositories over HTTP: what apt fetches, what stays reachable, what is refused.

mod sets;

use actix_web::dev::ServiceResponse;
use actix_web::http::{StatusCode, header};
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use actix_web::web::Data;
use bytes::Bytes;

use crate::app::AppError;
use crate::app::deployments::{DeploymentChange, DeploymentDetail};
use crate::app::fixtures::{Site, package};
use crate::formats::deb822::stanzas;
use crate::storage::{WriteTx, fixtures};

async fn answer(site: &Site, request: TestRequest) -> ServiceResponse {
    let app = actix_web::App::new().app_data(Data::new(site.app.clone())).configure(super::routes);
    call_service(&init_service(app).await, request.to_request()).await.map_into_boxed_body()
}

async fn fetch(site: &Site, path: &str) -> (StatusCode, Bytes) {
    let response = answer(site, TestRequest::get().uri(path)).await;
    let status = response.status();
    (status, read_body(response).await)
}

async fn text(site: &Site, path: &str) -> String {
    let (status, body) = fetch(site, path).await;
    assert_eq!(status, StatusCode::OK, "{path}");
    String::from_utf8(body.to_vec()).unwrap()
}

const ROOT: &str = "/public/debian-12/REPOSITORIES";

fn change(packages: &[&str]) -> DeploymentChange {
    DeploymentChange {
        available_packages: Some(packages.iter().map(|name| (*name).to_owned()).collect()),
        ..DeploymentChange::default()
    }
}

async fn deploy(site: &Site, name: &str, packages: &[&str]) -> DeploymentDetail {
    let change = DeploymentChange {
        name: Some(name.into()),
        included_attributes: Some(vec!["SET-ALL SYSTEMS".into()]),
        ..change(packages)
    };
    site.app.add_deployment(&site.admin, "debian-12".into(), change).await.unwrap()
}

/// The `Filename`s of an index.
async fn filenames(site: &Site, slug: &str) -> Vec<String> {
    let index = text(site, &format!("{ROOT}/dists/{slug}/PKGS/binary-amd64/Packages")).await;
    let names = stanzas(index.as_bytes()).map(|stanza| stanza.unwrap());
    names.map(|stanza| stanza.get("Filename").unwrap().to_owned()).collect()
}

#[actix_web::test]
async fn d_repo_01_d_pms_02_d_deploy_04_a_deployment_is_a_repository_that_names_its_payloads() {
    let site = Site::new().await;
    let bytes = package("acme", "1.0", b"one");
    site.upload(&site.admin, "acme_1.0_all.deb", &bytes, false).await.unwrap();
    let made = deploy(&site, "ficheros de ejemplo #24543", &["acme_1.0_all.deb"]).await;
    assert_eq!(made.deployment.slug, "ficheros-de-ejemplo-24543");
    let slug = made.deployment.slug;
    let release = text(&site, &format!("{ROOT}/dists/{slug}/Release")).await;
    assert!(release.contains("\nSuite: ficheros-de-ejemplo-24543\n"), "{release}");
    assert!(release.contains(" PKGS/binary-i386/Packages.gz\n"));
    let signed = text(&site, &format!("{ROOT}/dists/{slug}/InRelease")).await;
    assert!(signed.contains("BEGIN PGP SIGNATURE"));

    let names = filenames(&site, &slug).await;
    assert_eq!(names.len(), 1);
    for path in [
        format!("{ROOT}/{}", names[0]),
        format!("{ROOT}/dists/{slug}/PKGS/acme_1.0_all.deb"),
        "/public/debian-12/STORES/acme/acme_1.0_all.deb".to_owned(),
        "/repo/debian-12/STORES/acme/acme_1.0_all.deb".to_owned(),
    ] {
        let (status, body) = fetch(&site, &path).await;
        assert_eq!((status, &body[..]), (StatusCode::OK, &bytes[..]), "D-REPO-01 {path}");
    }
}

#[actix_web::test]
async fn d_op_05_d_repo_05_the_key_of_the_repositories_is_public() {
    let site = Site::new().await;
    let key = text(&site, "/get_key_repositories").await;
    assert!(key.starts_with("-----BEGIN PGP PUBLIC KEY BLOCK-----"), "{key}");
    assert!(!key.contains("PRIVATE"));
}

#[actix_web::test]
async fn d_deploy_04_a_replaced_package_is_published_at_once_and_the_old_one_stays_reachable() {
    let site = Site::new().await;
    let (old, new) = (package("acme", "1.0", b"one"), package("acme", "1.0", b"two"));
    site.upload(&site.admin, "a.deb", &old, false).await.unwrap();
    deploy(&site, "one", &["a.deb"]).await;
    let index = format!("{ROOT}/dists/one/PKGS/binary-amd64");
    let before = filenames(&site, "one").await;
    let old_hash = by_hash(&text(&site, &format!("{ROOT}/dists/one/Release")).await);

    let refused = site.upload(&site.later(1), "a.deb", &new, false).await;
    assert!(matches!(refused, Err(AppError::Conflict(_))));
    site.upload(&site.later(2), "a.deb", &new, true).await.unwrap();
    let after = filenames(&site, "one").await;
    assert_ne!(before, after);
    let file = |path: &str| format!("{ROOT}/{path}");
    assert_eq!(fetch(&site, &file(&before[0])).await.1, old);
    assert_eq!(fetch(&site, &file(&after[0])).await.1, new);
    assert_eq!(fetch(&site, &format!("{ROOT}/dists/one/PKGS/a.deb")).await.1, new);
    let (status, _) = fetch(&site, &format!("{index}/by-hash/SHA256/{old_hash}")).await;
    assert_eq!(status, StatusCode::OK, "the old index is still there");

    // A day later the generation before the present one is kept, the one before that is not.
    site.upload(&site.later(3), "a.deb", &old, true).await.unwrap();
    site.upload(&site.later(4), "a.deb", &package("acme", "1.0", b"three"), true).await.unwrap();
    site.app.collect_publications(site.later(90_000).at).await.unwrap();
    let (status, _) = fetch(&site, &file(&after[0])).await;
    assert_eq!(status, StatusCode::NOT_FOUND, "second generation");
    let (status, body) = fetch(&site, &file(&before[0])).await;
    assert_eq!((status, &body[..]), (StatusCode::OK, &old[..]), "third generation");
}

/// The digest of the plain amd64 index.
fn by_hash(release: &str) -> String {
    let line = release.lines().find(|line| line.ends_with(" PKGS/binary-amd64/Packages")).unwrap();
    line.split_whitespace().next().unwrap().to_owned()
}

#[actix_web::test]
async fn d_deploy_05_saving_without_packages_changed_publishes_nothing() {
    let site = Site::new().await;
    let made = deploy(&site, "one", &[]).await;
    let id = made.deployment.id;
    let orders =
        DeploymentChange { packages_to_install: Some("vim".into()), ..DeploymentChange::default() };
    let saved = site.app.change_deployment(&site.later(60), id, orders).await.unwrap();
    assert_eq!(saved.generation, made.generation);
    let again = site.app.publish_deployment(&site.later(60), id).await.unwrap();
    assert_eq!(again.generation, made.generation, "publishing the same rewrites nothing");
}

#[actix_web::test]
async fn d_deploy_01_d_deploy_02_d_deploy_06_an_empty_repository_moves_with_its_name_and_goes() {
    let site = Site::new().await;
    let id = deploy(&site, "one", &[]).await.deployment.id;
    assert_eq!(text(&site, &format!("{ROOT}/dists/one/PKGS/binary-i386/Packages")).await, "");
    let rename = DeploymentChange { name: Some("Two!".into()), ..DeploymentChange::default() };
    site.app.change_deployment(&site.later(1), id, rename).await.unwrap();
    let (status, _) = fetch(&site, &format!("{ROOT}/dists/one/InRelease")).await;
    assert_eq!(status, StatusCode::NOT_FOUND, "D-DEPLOY-02");
    text(&site, &format!("{ROOT}/dists/two/InRelease")).await;
    site.app.delete_deployment(&site.later(2), id).await.unwrap();
    let (status, _) = fetch(&site, &format!("{ROOT}/dists/two/InRelease")).await;
    assert_eq!(status, StatusCode::NOT_FOUND, "D-DEPLOY-06");
}

#[actix_web::test]
async fn d_deploy_04_d_pkg_06_a_deleted_record_leaves_the_repository() {
    let site = Site::new().await;
    let file = site.upload(&site.admin, "a.deb", &package("a", "1", b""), false).await.unwrap();
    site.upload(&site.admin, "b.deb", &package("b", "1", b""), false).await.unwrap();
    deploy(&site, "one", &["a.deb", "b.deb"]).await;
    assert_eq!(filenames(&site, "one").await.len(), 2);
    let id = file.file.package.id;
    site.app.delete_package(&site.later(1), id).await.unwrap();
    let names = filenames(&site, "one").await;
    assert_eq!(names.len(), 1);
    assert!(names[0].ends_with("/b.deb"), "{names:?}");
}

#[actix_web::test]
async fn d_deploy_09_what_is_not_of_the_project_is_refused() {
    let site = Site::new().await;
    site.upload(&site.admin, "a.deb", &package("a", "1", b""), false).await.unwrap();
    let id = deploy(&site, "one", &["a.deb"]).await.deployment.id;
    let table: Vec<(&str, DeploymentChange)> = vec![
        ("D-DEPLOY-09", change(&["a.deb", "b.deb"])),
        (
            "D-DEPLOY-09",
            DeploymentChange { add_packages: vec!["../a.deb".into()], ..Default::default() },
        ),
        ("D-GEN-04", DeploymentChange { name: Some("中文".into()), ..Default::default() }),
        (
            "D-DEPLOY-09",
            DeploymentChange {
                included_attributes: Some(vec!["CID-77".into()]),
                ..Default::default()
            },
        ),
        (
            "D-GEN-02",
            DeploymentChange {
                packages_to_install: Some("--force-yes vim".into()),
                ..Default::default()
            },
        ),
    ];
    for (rule, change) in table {
        let refused = site.app.change_deployment(&site.later(1), id, change).await;
        assert!(matches!(refused, Err(AppError::Invalid { .. })), "{rule}: {refused:?}");
    }
    let taken = DeploymentChange { name: Some("ONE".into()), ..Default::default() };
    let refused = site.app.add_deployment(&site.later(1), "debian-12".into(), taken).await;
    assert!(matches!(refused, Err(AppError::Conflict(_))), "{refused:?}");
    assert_eq!(filenames(&site, "one").await.len(), 1);
}

#[actix_web::test]
async fn d_status_07_d_deploy_09_a_computer_out_of_use_cannot_be_named() {
    let site = Site::new().await;
    let id = deploy(&site, "one", &[]).await.deployment.id;
    let sql = "
        INSERT INTO computer (id, uuid, name, project_id, status, created_at, updated_at)
        SELECT value ->> 0, value ->> 0, 'pc', (SELECT id FROM project), value ->> 1, {0}, {0}
        FROM json_each('[[1, \"intended\"], [2, \"in repair\"], [3, \"available\"],
                         [4, \"unsubscribed\"]]');
        INSERT INTO attribute (formula_id, value)
        SELECT formula.id, computer.id FROM formula, computer WHERE prefix = 'CID';";
    let add = move |tx: &WriteTx<'_>| fixtures::run(tx, sql);
    site.app.storage().write(add).await.unwrap();
    for (rule, cid, is_taken) in [
        ("D-STATUS-07", "CID-1", true),
        ("D-STATUS-07", "CID-2", true),
        ("D-DEPLOY-09", "CID-3", false),
        ("D-DEPLOY-09", "CID-4", false),
    ] {
        let names = Some(vec![cid.to_owned()]);
        for change in [
            DeploymentChange { included_attributes: names.clone(), ..Default::default() },
            DeploymentChange { excluded_attributes: names, ..Default::default() },
        ] {
            let done = site.app.change_deployment(&site.later(1), id, change).await;
            match done {
                Ok(_) => assert!(is_taken, "{rule} {cid}"),
                Err(AppError::Invalid { reason, .. }) => {
                    assert!(
                        !is_taken && reason.to_string().contains(cid),
                        "{rule} {cid}: {reason}"
                    );
                }
                Err(other) => panic!("{rule} {cid}: {other}"),
            }
        }
    }
}

#[actix_web::test]
async fn a_file_has_validators_ranges_and_a_head() {
    let site = Site::new().await;
    let noise: Vec<u8> =
        (0..200_000_u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
    let bytes = package("big", "1", &noise);
    assert!(bytes.len() > 600_000);
    site.upload(&site.admin, "big.deb", &bytes, false).await.unwrap();
    let path = "/public/debian-12/STORES/acme/big.deb";
    let get = || TestRequest::get().uri(path);
    let whole = answer(&site, get()).await;
    let etag = whole.headers().get(header::ETAG).unwrap().clone();
    let modified = whole.headers().get(header::LAST_MODIFIED).unwrap().clone();
    assert_eq!(modified, "Wed, 05 Jun 2024 10:00:00 GMT");
    assert_eq!(read_body(whole).await, bytes);

    let part = answer(&site, get().insert_header((header::RANGE, "bytes=262140-524300"))).await;
    assert_eq!(part.status(), StatusCode::PARTIAL_CONTENT);
    let range = format!("bytes 262140-524300/{}", bytes.len());
    assert_eq!(part.headers().get(header::CONTENT_RANGE).unwrap(), range.as_str());
    assert_eq!(read_body(part).await, bytes[262_140..=524_300]);
    let beyond = answer(&site, get().insert_header((header::RANGE, "bytes=9999999-"))).await;
    assert_eq!(beyond.status(), StatusCode::RANGE_NOT_SATISFIABLE);

    let same = answer(&site, get().insert_header((header::IF_NONE_MATCH, etag))).await;
    assert_eq!(same.status(), StatusCode::NOT_MODIFIED);
    let same = answer(&site, get().insert_header((header::IF_MODIFIED_SINCE, modified))).await;
    assert_eq!(same.status(), StatusCode::NOT_MODIFIED);
}

#[actix_web::test]
async fn d_repo_01_d_store_01_the_tree_is_browsable() {
    let site = Site::new().await;
    site.upload(&site.admin, "a.deb", &package("a", "1", b""), false).await.unwrap();
    deploy(&site, "one", &["a.deb"]).await;
    for (path, link) in [
        ("/public/", "./debian-12/"),
        ("/repo/", "./debian-12/"),
        ("/public/debian-12/", "./STORES/"),
        ("/public/debian-12/STORES/", "./acme/"),
        ("/public/debian-12/STORES/acme/", "./a.deb"),
        ("/public/debian-12/REPOSITORIES/", "./dists/"),
        ("/public/debian-12/REPOSITORIES/dists/", "./one/"),
        ("/public/debian-12/REPOSITORIES/dists/one/", "./InRelease"),
        ("/public/debian-12/REPOSITORIES/dists/one/", "./PKGS/"),
        ("/public/debian-12/REPOSITORIES/dists/one/PKGS/", "./a.deb"),
        ("/public/debian-12/REPOSITORIES/dists/one/PKGS/", "./binary-amd64/"),
        ("/public/debian-12/REPOSITORIES/dists/one/PKGS/binary-amd64/", "./Packages.gz"),
    ] {
        let html = text(&site, path).await;
        assert!(html.contains(&format!("href=\"{link}\"")), "D-REPO-01 {path} {link}: {html}");
    }
    let moved = answer(&site, TestRequest::get().uri("/public/debian-12/STORES")).await;
    assert_eq!(moved.status(), StatusCode::PERMANENT_REDIRECT);
    assert_eq!(moved.headers().get(header::LOCATION).unwrap(), "/public/debian-12/STORES/");
}

#[actix_web::test]
async fn d_pkg_07_no_path_leads_out_of_the_tree() {
    let site = Site::new().await;
    site.upload(&site.admin, "a.deb", &package("a", "1", b""), false).await.unwrap();
    deploy(&site, "one", &["a.deb"]).await;
    for path in [
        "/public/../migas.db",
        "/public/%2e%2e/migas.db",
        "/public/debian-12/../../migas.db",
        "/public/debian-12/STORES/acme/..%2f..%2fmigas.db",
        "/public/debian-12/STORES/acme/../../../../../etc/passwd",
        "/public/debian-12/STORES//acme/a.deb",
        "/public/debian-12/STORES/acme/a.deb/",
        "/public/debian-12/STORES/acme/%00",
        "/public/debian-12/REPOSITORIES/dists/one/PKGS/zzzzzzzzzzzzzzzz/a.deb",
        "/public/debian-12/REPOSITORIES/dists/one/PKGS/0000000000000000/a.deb",
        "/public/debian-12/REPOSITORIES/dists/one/PKGS/binary-amd64/by-hash/SHA256/00",
        "/public/debian-12/REPOSITORIES/dists/other/InRelease",
        "/public/other/",
    ] {
        let (status, _) = fetch(&site, path).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "D-PKG-07 {path}");
    }
}

#[actix_web::test]
async fn a_package_more_writes_one_row_whatever_is_there() {
    let site = Site::new().await;
    let mut names = Vec::new();
    for n in 0..120 {
        let name = format!("p{n}_1_all.deb");
        let bytes = package(&format!("p{n}"), "1", b"");
        site.upload(&site.admin, &name, &bytes, false).await.unwrap();
        names.push(name);
    }
    let (last, first) = names.split_last().unwrap();
    let first: Vec<&str> = first.iter().map(String::as_str).collect();
    let id = deploy(&site, "one", &first).await.deployment.id;
    assert_eq!(filenames(&site, "one").await.len(), 119);
    let add = DeploymentChange { add_packages: vec![last.clone()], ..Default::default() };
    site.app.change_deployment(&site.later(1), id, add).await.unwrap();
    assert_eq!(filenames(&site, "one").await.len(), 120);
    let rows = site.app.publication_counts().await.unwrap();
    assert_eq!(rows.offered, 120, "one row for each payload, none written twice");
    let take = DeploymentChange { remove_packages: names.clone(), ..Default::default() };
    let left = site.app.change_deployment(&site.later(2), id, take).await.unwrap();
    assert_eq!((left.available_packages.len(), filenames(&site, "one").await.len()), (0, 0));
}
