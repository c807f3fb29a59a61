//! Package sets as clients and people reach them (D-PKG-02, D-PKG-09).

use super::*;

/// Paths in an index without the digits of their content.
async fn plain(site: &Site, slug: &str) -> Vec<String> {
    let names = filenames(site, slug).await.into_iter();
    let mut names: Vec<String> =
        names.map(|name| name.rsplit_once('/').unwrap().1.to_owned()).collect();
    names.sort();
    names
}

#[actix_web::test]
async fn d_pkg_02_a_deployment_with_a_set_publishes_what_is_inside() {
    let site = Site::new().await;
    let single = package("single", "1.0", b"s");
    let (one, two) = (package("one", "1.0", b"1"), package("two", "1.0", b"2"));
    site.upload(&site.admin, "single_1.0_all.deb", &single, false).await.unwrap();
    // The same file once more, under another path and beside the set: it is published once.
    site.upload(&site.admin, "one_1.0_all.deb", &one, false).await.unwrap();
    let files = [
        ("a/one_1.0_all.deb", &one[..]),
        ("b/one_1.0_all.deb", &one),
        ("pool/t/two_1.0_all.deb", &two),
        ("SHA256SUMS", b"whatever"),
        ("other.rpm", b"\xed\xab\xee\xdb"),
    ];
    site.upload_set(&site.admin, "acme-set", &files, false).await.unwrap();
    let names = ["acme-set", "one_1.0_all.deb", "single_1.0_all.deb"];
    let made = deploy(&site, "d", &names).await.deployment.id;
    let all = ["one_1.0_all.deb", "single_1.0_all.deb", "two_1.0_all.deb"];
    assert_eq!(plain(&site, "d").await, all);
    for name in filenames(&site, "d").await {
        let (status, bytes) = fetch(&site, &format!("{ROOT}/{name}")).await;
        assert_eq!(status, StatusCode::OK, "{name}");
        assert!([&single, &one, &two].iter().any(|known| known[..] == bytes[..]), "{name}");
    }
    // Taking out the package that is in the set, too, leaves the repository as it was.
    let before = text(&site, &format!("{ROOT}/dists/d/Release")).await;
    let out = change(&["acme-set", "single_1.0_all.deb"]);
    site.app.change_deployment(&site.later(5), made, out).await.unwrap();
    assert_eq!(text(&site, &format!("{ROOT}/dists/d/Release")).await, before);
    assert_eq!(plain(&site, "d").await, all);
}

#[actix_web::test]
async fn d_pkg_02_the_store_shows_a_set_as_a_folder_with_its_sub_paths() {
    let site = Site::new().await;
    let one = package("one", "1.0", b"1");
    let files = [
        ("pool/o/one_1.0_all.deb", &one[..]),
        ("pool/léame notes.txt", b"hello"),
        ("pool.txt", b"x"),
    ];
    site.upload_set(&site.admin, "acme-set", &files, false).await.unwrap();
    let store = "/public/debian-12/STORES/acme";
    // path                                lines that are there    and not
    let table: [(&str, &[&str], &str); 4] = [
        ("/", &["acme-set/"], "one_1.0_all.deb"),
        ("/acme-set/", &["pool/", "pool.txt"], "one_1.0_all.deb"),
        ("/acme-set/pool/", &["o/", "notes.txt"], "pool.txt"),
        ("/acme-set/pool/o/", &["one_1.0_all.deb"], "notes.txt"),
    ];
    for (path, there, not) in table {
        let page = text(&site, &format!("{store}{path}")).await;
        assert!(there.iter().all(|line| page.contains(line)), "{path}: {page}");
        assert!(!page.contains(not), "{path}: {page}");
    }
    let (status, bytes) = fetch(&site, &format!("{store}/acme-set/pool/o/one_1.0_all.deb")).await;
    assert_eq!((status, &bytes[..]), (StatusCode::OK, &one[..]));
    let url = crate::http::paths::set_file("debian-12", "acme", "acme-set", files[1].0);
    assert_eq!(text(&site, &url).await, "hello");
    for path in ["/acme-set/nowhere", "/acme-set/pool/o/one_1.0_all.deb/x", "/other/acme-set/"] {
        assert_eq!(
            fetch(&site, &format!("{store}{path}")).await.0,
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
}

#[actix_web::test]
async fn d_pkg_09_a_repository_is_frozen_as_a_set_of_its_packages() {
    let site = Site::new().await;
    // As a mirror has it: packages in a pool, indexes beside them.
    let (one, two) = (package("one", "1.0", b"1"), package("two", "1.0", b"2"));
    let mirror = [
        ("dists/stable/InRelease", &b"-----BEGIN PGP SIGNED MESSAGE-----"[..]),
        ("dists/stable/main/binary-amd64/Packages", b"Package: other\n"),
        ("pool/main/o/one/one_1.0_all.deb", &one),
        ("pool/main/t/two/two_1.0_all.deb", &two),
    ];
    site.upload_set(&site.admin, "debian-main", &mirror, false).await.unwrap();
    let id = deploy(&site, "main", &["debian-main"]).await.deployment.id;
    let frozen = text(&site, &format!("{ROOT}/dists/main/InRelease")).await;
    assert_eq!(plain(&site, "main").await, ["one_1.0_all.deb", "two_1.0_all.deb"]);
    // The standard repository moves on; whoever uploads it anew under another name changes nothing.
    let newer = package("one", "2.0", b"3");
    let moved = [("pool/main/o/one/one_2.0_all.deb", &newer[..])];
    site.upload_set(&site.later(60), "debian-main-june", &moved, false).await.unwrap();
    assert_eq!(text(&site, &format!("{ROOT}/dists/main/InRelease")).await, frozen);
    // One step brings computers from one state of it to the other.
    let release = change(&["debian-main-june"]);
    site.app.change_deployment(&site.later(120), id, release).await.unwrap();
    assert_eq!(plain(&site, "main").await, ["one_2.0_all.deb"]);
}
