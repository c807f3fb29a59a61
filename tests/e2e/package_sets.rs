//! Package sets: a directory becomes one record, and computers install and upgrade what is inside.

use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Output;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{Desktop, PASSWORD, PackageSystem, Site, executable, migas, small_package};

/// A site with the project of computers with `packages`.
fn site(packages: PackageSystem) -> Site {
    let site = Site::start();
    let project = json!({ "name": packages.project(), "platform": "Linux", "pms": packages.pms(),
        "auto_register_computers": true });
    site.post("/projects", &project);
    site
}

/// Puts a copy of a file into a folder of a directory.
fn place(file: &Path, dir: &Path, folder: &str) {
    let folder = dir.join(folder);
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::copy(file, folder.join(file.file_name().unwrap())).unwrap();
}

/// `migas upload --dir`, as the set `acme-set`.
fn upload(site: &Site, packages: PackageSystem, dir: &Path, options: &[&str]) -> Output {
    let mut command = migas(["upload", "--server", &site.url(""), "--user", "admin"]);
    command.arg("--password-file").arg(site.password_file()).arg("-d").arg(dir);
    command.args(["-n", "acme-set", "--project", packages.project(), "--store", "acme"]);
    command.args(options).output().unwrap()
}

fn said(output: &Output) -> (Option<i32>, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout) + &text(&output.stderr))
}

/// Releases a set to all computers, with an order to install what is inside.
fn deploy(site: &Site, packages: PackageSystem, set: &str, install: &str) {
    let fields = json!({ "project": packages.project(), "name": "sets", "enabled": true,
        "included_attributes": ["SET-ALL SYSTEMS"], "available_packages": [set],
        "packages_to_install": [install], "start_date": "2024-06-03" });
    site.post("/deployments", &fields);
}

/// The one package record of the site, and the paths of its files.
fn record(site: &Site) -> (Value, Vec<String>) {
    let records = site.list("/packages");
    assert_eq!(records.len(), 1, "{records:?}");
    let files = site.list(&format!("/packages/{}/files", records[0]["id"]));
    let paths = files.iter().map(|file| file["path"].as_str().unwrap().to_owned()).collect();
    (records[0].clone(), paths)
}

fn a_desktop_follows_a_set(packages: PackageSystem) {
    let site = site(packages);
    let (built, dir) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let [first, second] = packages.acme_test_files(built.path());
    place(&first, dir.path(), "pool/a");
    std::fs::write(dir.path().join("README"), "what this is\n").unwrap();
    let done = said(&upload(&site, packages, dir.path(), &[]));
    let stored = "acme-set: stored (files: 2, packages: 1, sent: 2)\n";
    assert_eq!(done, (Some(0), stored.to_owned()));
    deploy(&site, packages, "acme-set", "acme-test-files");
    let desktop = Desktop::with(packages, &site, packages.project());
    desktop.sync();
    let installed = || packages.installed(&desktop.root, "acme-test-files");
    assert_eq!(installed().as_deref(), Some("1.0-1"), "it is only inside the set");
    let path = format!("/public/{}/STORES/acme/acme-set/README", packages.project());
    assert_eq!(site.fetch(&path).text(), "what this is\n");

    // A package that is none: it is named, and the old set stays whole.
    let (before, name) = (record(&site), second.file_name().unwrap().to_str().unwrap());
    let whole = std::fs::read(&second).unwrap();
    std::fs::create_dir(dir.path().join("new")).unwrap();
    let broken = dir.path().join("new").join(name);
    std::fs::write(&broken, &whole[..whole.len() / 2]).unwrap();
    let (status, words) = said(&upload(&site, packages, dir.path(), &["--replace"]));
    assert_eq!(status, Some(1), "{words}");
    assert!(words.contains(&format!("new/{name} is refused: ")), "{words}");
    assert_eq!(record(&site), before);

    // Whole, and in the place of the first version: without --replace nothing happens.
    std::fs::write(&broken, &whole).unwrap();
    std::fs::remove_dir_all(dir.path().join("pool")).unwrap();
    let (status, words) = said(&upload(&site, packages, dir.path(), &[]));
    assert_eq!(status, Some(1), "{words}");
    assert!(words.contains("acme-set exists with other content"), "{words}");
    desktop.sync();
    assert_eq!(installed().as_deref(), Some("1.0-1"));
    let done = said(&upload(&site, packages, dir.path(), &["--replace"]));
    let replaced = "acme-set: replaced (files: 2, packages: 1, sent: 1)\n";
    assert_eq!(done, (Some(0), replaced.to_owned()), "only what the server lacks is sent");
    desktop.sync();
    assert_eq!(installed().as_deref(), Some("1.0-2"));
    assert_eq!(record(&site).1, ["README".to_owned(), format!("new/{name}")]);
    let again = upload(&site, packages, dir.path(), &["--replace", "--json"]);
    let again: Value = serde_json::from_slice(&again.stdout).unwrap();
    assert_eq!((&again["outcome"], &again["sent"]), (&json!("unchanged"), &json!(0)));
}

#[test]
fn d_pkg_02_d_cli_01_a_debian_desktop_installs_and_upgrades_what_is_in_a_set() {
    a_desktop_follows_a_set(PackageSystem::Apt);
}

#[test]
fn d_pkg_02_d_cli_01_a_desktop_with_dnf_installs_and_upgrades_what_is_in_a_set() {
    a_desktop_follows_a_set(PackageSystem::Dnf);
}

#[test]
fn d_pkg_09_d_cli_01_a_repository_is_frozen_with_the_command_of_the_book() {
    const APT: PackageSystem = PackageSystem::Apt;
    let site = site(APT);
    // A mirror: packages in folders, their indexes beside them.
    let mirror = site.dir().join("debian-main");
    let pool = mirror.join("pool/main");
    std::fs::create_dir_all(&pool).unwrap();
    std::fs::create_dir_all(mirror.join("dists/stable")).unwrap();
    std::fs::write(mirror.join("dists/stable/InRelease"), "Suite: stable\n").unwrap();
    small_package(&pool, "library", "1.0", &[]);
    small_package(&pool, "tool", "1.0", &["Depends: library (>= 1.0)"]);
    let configuration = site.dir().join("packager.conf");
    let lines = format!(
        "[client]\nServer = {}\n[packager]\nUser = admin\nPassword = {PASSWORD}\nProject = {}\n\
         Store = frozen\n",
        site.address(),
        APT.project()
    );
    std::fs::write(&configuration, lines).unwrap();
    let freeze = || {
        let mut command = std::process::Command::new(executable());
        command.arg0("migasfree-upload").arg("-d").arg(&mirror);
        command.env("MIGASFREE_CONF", &configuration).env("LC_ALL", "C.UTF-8");
        said(&command.output().unwrap())
    };
    let stored = "debian-main: stored (files: 3, packages: 2, sent: 3)\n";
    assert_eq!(freeze(), (Some(0), stored.to_owned()), "its name is that of the directory");
    deploy(&site, APT, "debian-main", "tool");
    let desktop = Desktop::with(APT, &site, APT.project());
    desktop.sync();
    let installed = || ["library", "tool"].map(|name| desktop.root.installed(name));
    assert_eq!(installed(), [Some("1.0".into()), Some("1.0".into())]);

    // The mirror moves on; the site does when somebody freezes it again.
    std::fs::remove_file(pool.join("tool_1.0_all.deb")).unwrap();
    small_package(&pool, "tool", "2.0", &["Depends: library (>= 1.0)"]);
    desktop.sync();
    assert_eq!(installed(), [Some("1.0".into()), Some("1.0".into())]);
    let replaced = "debian-main: replaced (files: 3, packages: 2, sent: 1)\n";
    assert_eq!(freeze(), (Some(0), replaced.to_owned()));
    desktop.sync();
    assert_eq!(installed(), [Some("1.0".into()), Some("2.0".into())]);
}

#[test]
fn d_cli_01_d_pkg_04_an_upload_takes_files_or_one_directory_and_says_what_is_wrong() {
    let site = site(PackageSystem::Apt);
    let usage: [&[&str]; 4] =
        [&["a.deb", "-d", "x"], &["a.deb", "-n", "x"], &["-d", "x", "--regular-file"], &[]];
    for args in usage {
        let output = migas(["upload"]).args(args).output().unwrap();
        assert_eq!(output.status.code(), Some(64), "D-CLI-01: {args:?}");
    }
    let dir = TempDir::new().unwrap();
    small_package(dir.path(), "tool", "1.0", &[]);
    std::os::unix::fs::symlink("/", dir.path().join("everything")).unwrap();
    // options                          exit  what is told
    let table: [(&[&str], i32, &str); 3] = [
        (&["--project", "nowhere"], 1, "project nowhere does not exist"),
        (&["-n", "../x"], 1, "is not acceptable"),
        (&[], 0, "everything is a link to a directory: it was left out"),
    ];
    for (options, expected, told) in table {
        let mut command = migas(["upload", "--server", &site.url(""), "--user", "admin"]);
        command.arg("--password-file").arg(site.password_file()).arg("-d").arg(dir.path());
        if !options.contains(&"--project") {
            command.args(["--project", "debian-12"]);
        }
        if !options.contains(&"-n") {
            command.args(["-n", "acme-set"]);
        }
        let output = command.args(["--store", "acme"]).args(options).output().unwrap();
        let (status, words) = said(&output);
        assert_eq!(status, Some(expected), "{options:?}: {words}");
        assert!(words.contains(told), "{options:?}: {words}");
    }
    std::fs::write(dir.path().join("a\nb.deb"), "x").unwrap();
    let (status, words) = said(&upload(&site, PackageSystem::Apt, dir.path(), &["--replace"]));
    assert_eq!(status, Some(1), "{words}");
    assert!(words.contains("cannot be a path within a set"), "D-PKG-04: {words}");
    let missing = upload(&site, PackageSystem::Apt, &dir.path().join("nowhere"), &[]);
    assert_eq!(missing.status.code(), Some(2), "D-PKG-04");
    assert_eq!(record(&site).1, ["tool_1.0_all.deb"]);
}
