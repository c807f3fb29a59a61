//! What a site must not be moved by: names that lead elsewhere, bodies without end, packages that
//! are none. Each refusal has its reason, and nothing is left of it.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use reqwest::{Body, Method, StatusCode};
use serde_json::json;

use crate::support::{Site, raw, small_package};

const PROJECT: &str = "debian-12";

fn with_project(site: Site) -> Site {
    site.post("/projects", &json!({ "name": PROJECT, "platform": "Linux", "pms": "apt" }));
    site
}

/// An ar archive as dpkg-deb writes it, with whatever control archive.
fn package(dir: &Path, name: &str, control: &[u8]) -> PathBuf {
    let member = |name: &str, bytes: &[u8]| {
        let mut text = format!("{name:<16}0           0     0     100644  {:<10}`\n", bytes.len())
            .into_bytes();
        text.extend_from_slice(bytes);
        text.extend_from_slice(if bytes.len() % 2 == 1 { b"\n" } else { b"" });
        text
    };
    let data = tar(dir, &[]);
    let mut bytes = b"!<arch>\n".to_vec();
    for (name, content) in [
        ("debian-binary", b"2.0\n".as_slice()),
        ("control.tar.gz", control),
        ("data.tar.gz", &data),
    ] {
        bytes.extend(member(name, content));
    }
    let path = dir.join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

/// A compressed tar archive of these files, by GNU tar.
fn tar(dir: &Path, files: &[(&str, &[u8])]) -> Vec<u8> {
    let tree = tempfile::TempDir::new_in(dir).unwrap();
    for (name, content) in files {
        std::fs::write(tree.path().join(name), content).unwrap();
    }
    let output = Command::new("tar").arg("-cz").arg("-C").arg(tree.path()).arg(".").output();
    output.unwrap().stdout
}

/// A text as a value of a query: every byte but letters and digits escaped.
fn encoded(text: &str) -> String {
    let escape = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(escape).collect()
}

#[test]
fn d_pkg_07_no_path_leads_out_of_the_public_tree() {
    let site = with_project(Site::start());
    let file = small_package(site.dir(), "acme", "1.0", &[]);
    site.upload(PROJECT, "acme", &[&file]);
    site.post(
        "/deployments",
        &json!({ "project": PROJECT, "name": "all", "enabled": true, "start_date": "2024-06-03",
            "available_packages": ["acme_1.0_all.deb"] }),
    );
    let good = format!("/public/{PROJECT}/STORES/acme/acme_1.0_all.deb");
    assert_eq!(raw::get(site.address(), &good).0, 200);
    let data = site.data();
    let data = data.to_str().unwrap();
    let climbs = [
        "..",
        "%2e%2e",
        "%2E.",
        ".%2e",
        "..%2f..",
        "%2e%2e%2f%2e%2e",
        "..%5c..",
        "..\\..",
        "%252e%252e",
        "....//..",
        "..;",
        "%c0%ae%c0%ae",
        "%u002e%u002e",
        "..%00",
        "%00",
        "..%0d%0a",
    ];
    let roots = [
        "/public".to_owned(),
        "/repo".to_owned(),
        format!("/public/{PROJECT}"),
        format!("/public/{PROJECT}/STORES/acme"),
        format!("/public/{PROJECT}/REPOSITORIES/dists/all"),
        format!("/public/{PROJECT}/REPOSITORIES/dists/all/PKGS"),
        "/assets/0000".to_owned(),
    ];
    for root in &roots {
        for climb in climbs {
            let up = [climb; 8].join("/");
            for target in ["etc/passwd".to_owned(), format!("{data}/migas.db"), String::new()] {
                let path = format!("{root}/{up}/{}", target.trim_start_matches('/'));
                let (status, answer) = raw::get(site.address(), &path);
                assert!((300..500).contains(&status), "{path}: {status}");
                let text = String::from_utf8_lossy(&answer);
                for secret in ["root:x:", "SQLite format 3"] {
                    assert!(!text.contains(secret), "{path}: {text}");
                }
            }
        }
    }
    assert_eq!(raw::get(site.address(), &good).0, 200, "the site goes on");
}

#[test]
fn d_pkg_04_d_prj_02_names_that_lead_elsewhere_are_refused_or_tamed() {
    let site = with_project(Site::start());
    let file = small_package(site.dir(), "acme", "1.0", &[]);
    let bytes = std::fs::read(&file).unwrap();
    let hostile = [
        "..",
        "../evil.deb",
        "a/../../evil.deb",
        "/etc/evil.deb",
        "a\\..\\evil.deb",
        "evil\0.deb",
        "evil\n.deb",
        "..deb",
        ".hidden.deb",
    ];
    for name in hostile {
        // As a parameter, as the header of a body, as the file of a form.
        let path = "/upload?project=debian-12&store=acme";
        let in_query = format!("{path}&name={}", encoded(name));
        let mut requests = vec![site.authorized(Method::POST, &in_query).body(bytes.clone())];
        if !name.contains(['\0', '\n']) {
            let escaped = name.replace('\\', "\\\\");
            let header = format!("attachment; filename=\"{escaped}\"");
            requests.push(
                site.authorized(Method::POST, path)
                    .header("Content-Disposition", &header)
                    .body(bytes.clone()),
            );
            let mut form = format!(
                "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{escaped}\"\r\n\r\n"
            )
            .into_bytes();
            form.extend_from_slice(&bytes);
            form.extend_from_slice(b"\r\n--x--\r\n");
            requests.push(
                site.authorized(Method::POST, path)
                    .header("Content-Type", "multipart/form-data; boundary=x")
                    .body(form),
            );
        }
        for request in requests {
            let answer = site.send(request);
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name:?}");
        }
    }
    // A store is called by a slug, too.
    let stores = [("..", None), ("", None), ("../../etc", Some("etc")), ("<b>", Some("b"))];
    for (store, slug) in stores {
        let answer =
            site.call(Method::POST, "/stores", Some(&json!({ "project": PROJECT, "name": store })));
        match slug {
            None => assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "store {store:?}"),
            Some(slug) => assert_eq!(answer.expect_status(StatusCode::CREATED)["name"], slug),
        }
    }
    for name in ["..", "../etc", "a/b", "%2e%2e", "", "<b>", "a\0b", "año"] {
        let body = json!({ "name": name, "platform": "Linux", "pms": "apt" });
        let answer = site.call(Method::POST, "/projects", Some(&body));
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "project {name:?}");
    }
    // A deployment may be called anything; its repository is a slug.
    for (name, slug) in [
        ("../../etc/passwd", "etcpasswd"),
        ("<script>alert(1)</script>", "scriptalert1script"),
        ("%2e%2e%2f", "2e2e2f"),
        ("a b/../c", "a-bc"),
    ] {
        let body = json!({ "project": PROJECT, "name": name, "start_date": "2024-06-03" });
        let made = site.post("/deployments", &body);
        assert_eq!(made["slug"], slug, "{name}");
        let release = format!("/public/{PROJECT}/REPOSITORIES/dists/{slug}/InRelease");
        assert_eq!(site.fetch(&release).status, StatusCode::OK, "{name}");
    }
    for name in ["..", "", "///", "\u{0}", "中文"] {
        let body = json!({ "project": PROJECT, "name": name, "start_date": "2024-06-03" });
        let answer = site.call(Method::POST, "/deployments", Some(&body));
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "deployment {name:?}");
    }
    assert_eq!(site.list("/packages").len(), 0);
    assert_eq!(site.list("/stores").len(), 2);
    assert_eq!(site.list("/projects").len(), 1);
}

#[test]
fn d_pkg_04_packages_that_are_none_are_refused_with_the_reason() {
    let site = with_project(Site::start());
    let dir = site.dir();
    let control = |text: &[u8]| tar(dir, &[("control", text)]);
    let head = "Version: 1\nArchitecture: all\nMaintainer: T <t@example.org>\nDescription: x\n";
    let with = |fields: &str| control(format!("{fields}{head}").as_bytes());
    let many: Vec<String> = (0..100_000).map(|number| format!("f{number}")).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|name| (name.as_str(), &b""[..])).collect();
    // name                   control.tar                                   what the reason says
    let table: Vec<(&str, Vec<u8>, &str)> = vec![
        ("climbing-name.deb", with("Package: ../../x\n"), "Package"),
        ("script-name.deb", with("Package: <script>\n"), "Package"),
        (
            "climbing-version.deb",
            control(b"Package: a\nVersion: ../1\nArchitecture: all\n"),
            "Version",
        ),
        (
            "climbing-arch.deb",
            control(b"Package: a\nVersion: 1\nArchitecture: ../x\n"),
            "Architecture",
        ),
        ("twice.deb", with("Package: a\nPACKAGE: b\n"), "control file is malformed"),
        ("bytes.deb", control(b"Package: a\nVersion: 1\nDescription: \xff\xfe\n"), "UTF-8"),
        ("nothing.deb", tar(dir, &[]), "control is missing"),
        ("huge-control.deb", control(&vec![b'x'; 2 << 20]), "control"),
        ("bomb.deb", tar(dir, &[("md5sums", &vec![0; 80 << 20])]), "bytes unpacked"),
        ("crowd.deb", tar(dir, &many), "more than 1000 entries"),
    ];
    for (name, control, says) in table {
        let file = package(dir, name, &control);
        let answer = site.send(site.upload_request(PROJECT, "acme", &file));
        let reason = answer.text().to_owned();
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}: {reason}");
        assert!(reason.contains(says), "{name}: {reason}");
    }
    assert_eq!(site.list("/packages").len(), 0);
    // The same archive with nothing wrong in it is a package.
    let fine = package(dir, "fine.deb", &with("Package: fine\n"));
    site.upload(PROJECT, "acme", &[&fine]);
}

#[test]
fn d_pms_03_a_package_of_a_hundred_thousand_files_has_its_page() {
    let site = with_project(Site::start());
    let tree = site.dir().join("tree");
    std::fs::create_dir_all(tree.join("DEBIAN")).unwrap();
    std::fs::create_dir_all(tree.join("usr/share/crowd")).unwrap();
    let control = "Package: crowd\nVersion: 1\nArchitecture: all\n\
        Maintainer: T <t@example.org>\nDescription: many files\n";
    std::fs::write(tree.join("DEBIAN/control"), control).unwrap();
    for number in 0..100_100 {
        std::fs::write(tree.join(format!("usr/share/crowd/{number:06}")), "").unwrap();
    }
    let file = site.dir().join("crowd_1_all.deb");
    let built = Command::new("dpkg-deb")
        .args(["--root-owner-group", "-Zgzip", "-z1", "-b"])
        .args([&tree, &file])
        .stdout(Stdio::null())
        .status();
    assert!(built.unwrap().success());
    site.upload(PROJECT, "acme", &[&file]);
    let shown = site.get("/packages/1/information");
    let files = shown["files"].as_array().unwrap();
    assert!(files.len() >= 90_000 && files.len() <= 100_000, "{}", files.len());
    assert_eq!(shown["truncated"], true, "it says that there are more");
}

/// A stream of `size` bytes that does not say how long it is.
fn chunked(size: usize) -> Body {
    let pieces = (0..size.div_ceil(65_536)).map(move |number| {
        let rest = size - number * 65_536;
        Ok::<_, std::io::Error>(vec![b'x'; rest.min(65_536)])
    });
    Body::wrap_stream(futures_util::stream::iter(pieces))
}

#[test]
fn a_body_over_the_limit_is_413_with_and_without_its_length() {
    const LIMIT: usize = 3 << 20;
    let site = Site::start_with_settings(&format!("max_package_size = {LIMIT}\n"));
    let site = with_project(site);
    let request = |name: &str| {
        let path = format!("/upload?project={PROJECT}&store=acme&regular_file=1&name={name}");
        site.authorized(Method::POST, &path)
    };
    for over in [1, 20 << 20] {
        let bodies = [Body::from(vec![b'x'; LIMIT + over]), chunked(LIMIT + over)];
        for (body, kind) in bodies.into_iter().zip(["announced", "unannounced"]) {
            let answer = site.send(request("large").body(body));
            let reason = answer.expect_status(StatusCode::PAYLOAD_TOO_LARGE);
            assert!(
                reason["detail"].as_str().unwrap().contains(&LIMIT.to_string()),
                "{kind}: {reason}"
            );
        }
    }
    // A client that asks first is refused before it sends anything.
    let head = format!(
        "POST /api/v1/upload?project={PROJECT}&store=acme&regular_file=1&name=large HTTP/1.1\r\n\
         Host: x\r\nAuthorization: Bearer {}\r\nContent-Length: {}\r\nExpect: 100-continue\r\n\
         Connection: close\r\n\r\n",
        site.token(),
        100_usize << 30,
    );
    let answer = raw::exchange(site.address(), head.as_bytes());
    let answer = String::from_utf8_lossy(&answer);
    assert!(answer.contains("HTTP/1.1 413 "), "{answer}");
    assert_eq!(site.list("/stores").len(), 0);
    for (body, name) in [(Body::from(vec![b'x'; LIMIT]), "a"), (chunked(LIMIT), "b")] {
        let answer = site.send(request(name).body(body));
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    }
}

#[test]
fn a_client_that_breaks_off_leaves_nothing() {
    let site = with_project(Site::start());
    let file = small_package(site.dir(), "acme", "1.0", &[]);
    let bytes = std::fs::read(&file).unwrap();
    let head = format!(
        "POST /api/v1/upload?project={PROJECT}&store=acme&name=acme.deb HTTP/1.1\r\nHost: x\r\n\
         Authorization: Bearer {}\r\nContent-Length: {}\r\n\r\n",
        site.token(),
        bytes.len()
    );
    let mut stream = std::net::TcpStream::connect(site.address()).unwrap();
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(&bytes[..bytes.len() / 2]).unwrap();
    drop(stream);
    site.upload(PROJECT, "acme", &[&file]);
    assert_eq!(site.list("/packages").len(), 1);
}
