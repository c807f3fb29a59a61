//! `make run`: a site with something in it, to click through.
//!
//! It is a demonstration site (`migas serve --demo`: the accounts of the book, loopback only) in a
//! temporary directory, filled through the API and by computers without a machine: projects,
//! packages, deployments, a dozen computers that synchronised, errors and notifications. It runs
//! until Ctrl-C, and leaves nothing behind. An argument is the address and port to use.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a demonstration that cannot go on stops where it is"
)]

#[path = "../tests/support/mod.rs"]
#[allow(dead_code, unused_imports, reason = "the tests use other parts of it")]
mod support;

use std::path::{Path, PathBuf};

use migas::formats::deb::write::Recipe;
use migas::formats::deb822::Stanza;
use serde_json::{Value, json};
use support::{AcmeTestFiles, Emulated, Site, migas};
use tempfile::TempDir;

const PROJECT: &str = "debian-12";
/// Computers of `migas emulate`.
const COMPUTERS: &str = "12";

fn main() {
    let listen = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:8080".to_owned());
    let site = Site::start_demo(&listen);
    println!("Filling the site...");
    for (name, pms) in [(PROJECT, "apt"), ("ubuntu-24.04", "apt")] {
        site.post("/projects", &json!({ "name": name, "platform": "Linux", "pms": pms, "auto_register_computers": true }));
    }
    packages(&site);
    deployments(&site);
    computers(&site);
    println!("\n    {}\n", site.url("/"));
    println!("Accounts, each with its name as its password:");
    println!("    {}", account_names().join(", "));
    println!("Ctrl-C ends the site and removes it.");
    wait_for_the_end();
}

/// Two stores: what the site makes itself, and what it took from elsewhere.
fn packages(site: &Site) {
    let dir = TempDir::new().unwrap();
    let acme = AcmeTestFiles::build();
    let own = [("acme-wallpaper", "2.1-1"), ("acme-printers", "0.9-3"), ("acme-printers", "1.0-1")];
    let own: Vec<PathBuf> = own.map(|(name, version)| package(dir.path(), name, version)).into();
    let others = [("vim", "2:9.0-1"), ("geogebra", "6.0.8-1"), ("openboard", "1.7.3-1")];
    let others = others.map(|(name, version)| package(dir.path(), name, version));
    let mut acmes = vec![acme.first.as_path(), acme.second.as_path()];
    acmes.extend(own.iter().map(PathBuf::as_path));
    site.upload(PROJECT, "acme", &acmes);
    let others: Vec<&Path> = others.iter().map(PathBuf::as_path).collect();
    site.upload(PROJECT, "third-party", &others);
    classroom(site, dir.path());
}

/// A folder as a package set, as `migas upload` makes one.
fn classroom(site: &Site, dir: &Path) {
    let folder = dir.join("classroom");
    for (below, packages) in [
        ("pool/tools", [("classroom-timer", "1.2-1"), ("classroom-voting", "0.4-2")]),
        ("pool/media", [("classroom-pictures", "3.0-1"), ("classroom-sounds", "3.0-1")]),
    ] {
        let below = folder.join(below);
        std::fs::create_dir_all(&below).unwrap();
        packages.iter().for_each(|(name, version)| drop(package(&below, name, version)));
    }
    std::fs::write(folder.join("README"), "What every classroom has.\n").unwrap();
    let mut upload = migas(["upload", "--server", &site.url(""), "--user", "admin"]);
    upload.args(["--pwd", "admin", "--project", PROJECT, "--store", "third-party", "-d"]);
    assert!(upload.arg(&folder).status().unwrap().success(), "the set is uploaded");
}

fn package(dir: &Path, name: &str, version: &str) -> PathBuf {
    let control = format!(
        "Package: {name}\nVersion: {version}\nArchitecture: all\nSection: misc\n\
         Maintainer: Acme IT <it@example.org>\nDescription: {name} of the demonstration\n \
         It has no use but to be released.\n"
    );
    let control = Stanza::parse(control.as_bytes()).unwrap();
    let recipe = Recipe::of(control).file(&format!("usr/share/{name}/version"), version);
    let path = dir.join(recipe.file_name());
    std::fs::write(&path, recipe.build().unwrap()).unwrap();
    path
}

fn deployments(site: &Site) {
    let add = |name: &str, fields: Value| {
        let mut body = json!({
            "project": PROJECT, "name": name, "enabled": true, "start_date": "2024-06-03",
            "included_attributes": ["SET-ALL SYSTEMS"],
        });
        let Value::Object(fields) = fields else { panic!("fields are an object") };
        body.as_object_mut().unwrap().extend(fields);
        site.post("/deployments", &body);
    };
    add(
        "Corporate look",
        json!({
            "available_packages": ["acme-wallpaper_2.1-1_all.deb", "acme-printers_1.0-1_all.deb"],
            "packages_to_install": ["acme-wallpaper", "acme-printers"],
        }),
    );
    add(
        "Classrooms",
        json!({
            "available_packages": ["classroom"],
            "packages_to_install": ["classroom-timer"],
        }),
    );
    add(
        "sustituir nano por vim",
        json!({
            "available_packages": ["vim_9.0-1_all.deb"],
            "packages_to_install": ["vim"],
            "packages_to_remove": ["nano"],
        }),
    );
    add(
        "Next term",
        json!({
            "enabled": false,
            "comment": "Waits for the new licences.",
            "available_packages": ["geogebra_6.0.8-1_all.deb"],
            "packages_to_install": ["geogebra"],
        }),
    );
}

/// A dozen computers that are fine, and one that is asked for a package nobody has.
fn computers(site: &Site) {
    let load = ["emulate", "--project", PROJECT, "--computers", COMPUTERS, "--syncs", "1"];
    let output = migas(load).args(["--json", "--server", &site.url("")]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));

    let teacher = Emulated::new(site, PROJECT, "teacher-07");
    teacher.update();
    let newest = site.list("/computers?search=teacher-07");
    site.post(
        "/deployments",
        &json!({
            "project": PROJECT, "name": "Whiteboards", "enabled": true, "start_date": "2024-06-03",
            "included_attributes": [format!("CID-{}", newest[0]["id"])],
            "packages_to_install": ["whiteboard-driver"],
        }),
    );
    teacher.update();
}

fn account_names() -> Vec<&'static str> {
    let accounts = migas::domain::groups::demo_accounts().into_iter();
    accounts.filter(|account| account.is_active).map(|account| account.name).collect()
}

/// Ctrl-C reaches the server too; here it only ends the waiting, so that everything is removed.
fn wait_for_the_end() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(tokio::signal::ctrl_c()).unwrap();
}
