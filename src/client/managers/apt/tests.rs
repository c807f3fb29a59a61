//! What the driver asks of apt and dpkg, and what it makes of their answers.

use std::path::Path;

use super::*;
use crate::client::files;
use crate::wire::sync::{ExternalSource, Repository, SoftwarePackage};

const STATUS: &str = "\
Package: vim
Status: install ok installed
Architecture: amd64
Version: 2:9.0.1378-2
Description: editor
 Package: not a field
 Status: neither

Package: libc6
Status: install ok installed
Architecture: i386
Version: 2.36-9

Package: nano
Status: deinstall ok config-files
Architecture: amd64
Version: 7.2-1

Package: half
Status: install ok half-configured
Architecture: all
Version: 1

Package: man-db
Status: install ok triggers-pending
Architecture: amd64
Version: 2.11
";

fn apt(root: &Path) -> Apt {
    Apt::new(Launcher::new(Some(root)), Places::new(Some(root)))
}

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

fn repository(name: &str) -> Repository {
    let path = "/public/debian-12/REPOSITORIES".to_owned();
    Repository { name: name.to_owned(), path, ..Repository::default() }
}

fn sources(names: &[&str]) -> Sources {
    Sources::new("http://srv", None, names.iter().map(|name| repository(name)).collect())
}

#[tokio::test]
async fn d_cli_08_installed_packages_are_those_dpkg_calls_so() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "var/lib/dpkg/status", STATUS);
    let inventory = apt(root.path()).installed().await.unwrap();
    let names: Vec<&str> = inventory.packages().iter().map(|p| p.name.as_str()).collect();
    assert_eq!(names, ["libc6", "man-db", "vim"]);
    assert_eq!(
        inventory.packages()[2],
        SoftwarePackage {
            name: "vim".to_owned(),
            version: "2:9.0.1378-2".to_owned(),
            architecture: "amd64".to_owned(),
        }
    );
}

#[tokio::test]
async fn tokens_and_what_is_installed() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "var/lib/dpkg/status", STATUS);
    let apt = apt(root.path());
    let inventory = apt.installed().await.unwrap();
    let table = [
        ("D-MERGE-04", "vim", true),
        ("D-MERGE-04", "vim=2:9.0.1378-2", true),
        ("D-MERGE-04", "vim=2:9.0", false),
        ("D-MERGE-04", "nano", false),
        ("D-MERGE-04", "libc6:i386", true),
        ("D-MERGE-04", "libc6:amd64", false),
        ("D-MERGE-04", "vi", false),
    ];
    for (rule, token, expected) in table {
        assert_eq!(apt.satisfies(&inventory, token), expected, "{rule}: {token}");
    }
}

#[test]
fn d_repo_06_the_source_file_has_all_sources_and_only_them() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "var/lib/dpkg/status", STATUS);
    write(root.path(), "etc/apt/sources.list.d/migasfree.list", "deb http://old x y\n");
    let apt = apt(root.path());
    let list = root.path().join("etc/apt/sources.list.d/migas.list");
    apt.write_sources(&sources(&["a", "b"])).unwrap();
    let text = std::fs::read_to_string(&list).unwrap();
    let options = "[signed-by=/etc/apt/keyrings/migas.asc check-date=no]";
    let url = "http://srv/public/debian-12/REPOSITORIES";
    assert_eq!(
        text.lines().skip(1).collect::<Vec<_>>(),
        [format!("deb {options} {url} a PKGS"), format!("deb {options} {url} b PKGS")]
    );
    assert!(!root.path().join("etc/apt/sources.list.d/migasfree.list").exists(), "D-CFG-09");
    apt.write_sources(&sources(&["b"])).unwrap();
    assert!(!std::fs::read_to_string(&list).unwrap().contains(" a PKGS"));
    apt.write_sources(&sources(&[])).unwrap();
    assert!(!list.exists());
}

#[test]
fn d_ext_03_an_external_source_stands_beside_ours_in_either_form() {
    let external = Repository {
        path: "/src/debian-12/EXTERNAL/mirror".to_owned(),
        external: Some(ExternalSource {
            suite: "bookworm".to_owned(),
            components: vec!["main".to_owned(), "contrib".to_owned()],
            options: "[arch=amd64]".to_owned(),
        }),
        ..repository("mirror")
    };
    let sources = Sources::new("http://srv", Some("cache:3142"), vec![repository("a"), external]);
    let url = "http://cache:3142/srv/src/debian-12/EXTERNAL/mirror";
    // rule          deb822  what the file has, at the address of the cache (D-REPO-07)
    let table = [
        ("D-EXT-03", false, format!("deb [arch=amd64] {url} bookworm main contrib\n")),
        (
            "D-EXT-03",
            true,
            format!(
                "\nTypes: deb\nURIs: {url}\nSuites: bookworm\nComponents: main contrib\n\
                 Architectures: amd64\n"
            ),
        ),
    ];
    for (rule, deb822, expected) in table {
        let text = super::source_file::text(&sources, deb822).unwrap();
        assert!(text.ends_with(&expected), "{rule}: {text}");
        assert_eq!(text.to_lowercase().matches("signed-by").count(), 1, "{rule}: {text}");
    }
    // Nothing is promised of it, so nothing of it is stale.
    let root = tempfile::tempdir().unwrap();
    let stale = apt(root.path()).stale(&sources.without(&["a"]));
    assert_eq!(stale, []);
}

#[test]
fn d_repo_02_apt_3_gets_a_deb822_file() {
    let root = tempfile::tempdir().unwrap();
    let new = "Package: apt\nStatus: install ok installed\nVersion: 3.0.3\nArchitecture: amd64\n";
    write(root.path(), "var/lib/dpkg/status", new);
    write(root.path(), "etc/apt/sources.list.d/migas.list", "deb http://old x y\n");
    apt(root.path()).write_sources(&sources(&["a"])).unwrap();
    let directory = root.path().join("etc/apt/sources.list.d");
    let text = std::fs::read_to_string(directory.join("migas.sources")).unwrap();
    assert!(text.contains("\nTypes: deb\nURIs: http://srv/public/debian-12/REPOSITORIES\n"));
    assert!(
        text.contains("\nSuites: a\nComponents: PKGS\nSigned-By: /etc/apt/keyrings/migas.asc\n")
    );
    assert!(!directory.join("migas.list").exists());
}

#[tokio::test]
async fn d_cfg_07_everybody_may_read_the_repository_key() {
    let root = tempfile::tempdir().unwrap();
    apt(root.path()).import_key("-----BEGIN PGP").await.unwrap();
    let key = root.path().join("etc/apt/keyrings/migas.asc");
    assert_eq!(files::mode(&key), Some(0o644));
    assert_eq!(std::fs::read_to_string(key).unwrap(), "-----BEGIN PGP");
}

#[test]
fn a_repository_older_than_promised_is_named() {
    let root = tempfile::tempdir().unwrap();
    let name = "var/lib/apt/lists/srv_public_debian-12_REPOSITORIES_dists_a_InRelease";
    write(root.path(), name, "Date: Sat, 21 Nov 2026 11:22:13 UTC\n");
    let mut sources = sources(&["a", "b"]);
    for repository in &mut sources.repositories {
        repository.digest = "00".repeat(32);
        repository.published_at = 1_795_260_133;
    }
    let stale = apt(root.path()).stale(&sources);
    assert_eq!(stale.len(), 1);
    assert_eq!(stale[0].to_string(), "repository b: it could not be fetched");
    assert_eq!(sources.without(&["b"]).repositories.len(), 1);
}

#[test]
fn what_an_end_of_apt_means() {
    let held = "E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 7 (apt)";
    let table = [
        ("D-CLI-08", 0, "", "done"),
        ("D-CLI-08", 100, held, "locked"),
        ("D-CLI-08", 100, "E: Unable to locate package x", "about packages"),
    ];
    for (rule, code, output, expected) in table {
        let found = match judge(command::ended(code, output)) {
            Ok(()) => "done",
            Err(ManagerError::Locked { .. }) => "locked",
            Err(error) if error.is_about_packages() => "about packages",
            Err(_) => "something else",
        };
        assert_eq!(found, expected, "{rule}: {code} {output}");
    }
}
