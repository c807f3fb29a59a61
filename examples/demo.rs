//! `make demo`: the whole job, from an empty directory to a package upgraded on a desktop.
//!
//! A site starts in a temporary directory on a free port of the loopback address; a computer
//! registers; its editor is replaced; a package of the site's own is uploaded, released and
//! upgraded. After each step it is said what the server knows, as its API tells it. The computer
//! is a throw-away Debian 12 system with real apt where that can be made (root, debootstrap), and
//! an emulated package manager otherwise. Exits 0 only if everything happened.

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
use std::time::Instant;

use serde_json::{Value, json};
use support::{AcmeTestFiles, DebianRoot, Desktop, Emulated, PASSWORD, Site, migas};

const PROJECT: &str = "debian-12";

fn main() {
    let begun = Instant::now();
    let is_real = can_be_real();
    let site = Site::start_first_time();
    println!("A site is running at {}, in {}.", site.url("/"), site.dir().display());
    println!("Its administrator is admin, with the password `{PASSWORD}`.");

    let computer = Computer::new(&site, is_real);
    first_computer(&site, &computer);
    replace_nano_by_vim(&site, &computer);
    own_package(&site, &computer);
    println!("\nDone in {} seconds; everything made is removed.", begun.elapsed().as_secs());
}

/// D-SCN-01
fn first_computer(site: &Site, computer: &Computer) {
    chapter("1. A computer meets the site: it registers and tells what it is");
    computer.update();
    let known = site.get("/computers/1");
    say(
        "project",
        &format!("{} on {}", text(&known["project"]["name"]), text(&known["platform"]["name"])),
    );
    say("computer", &format!("{}, {}", text(&known["display_name"]), text(&known["status"])));
    say("attributes", &names(&site.list("/computers/1/attributes"), "name").join(", "));
    say("hardware", &format!("{} parts", site.list("/computers/1/hardware").len()));
    say("packages", &format!("{} installed", site.list("/computers/1/software").len()));
    for notification in site.list("/notifications") {
        say("notification", text(&notification["message"]));
    }
    assert_eq!(known["project"]["name"], PROJECT);
}

/// D-SCN-02
fn replace_nano_by_vim(site: &Site, computer: &Computer) {
    chapter("2. Another editor: a deployment installs vim and removes nano");
    let available = computer.own_vim(site);
    let made = site.post(
        "/deployments",
        &json!({
            "project": PROJECT,
            "name": "sustituir nano por vim",
            "enabled": true,
            "start_date": "2024-06-03",
            "included_attributes": ["SET-ALL SYSTEMS"],
            "available_packages": available,
            "packages_to_install": ["vim"],
            "packages_to_remove": ["nano"],
        }),
    );
    say("deployment", &format!("{} as {}", text(&made["name"]), text(&made["slug"])));
    computer.update();
    say_history(site);
    let software = names(&site.list("/computers/1/software"), "name");
    assert!(software.iter().any(|name| name == "vim"), "vim was not installed");
    assert!(!software.iter().any(|name| name == "nano"), "nano was not removed");
}

/// D-SCN-03
fn own_package(site: &Site, computer: &Computer) {
    chapter("3. A package of your own: uploaded, released, upgraded");
    let acme = AcmeTestFiles::build();
    upload(site, &acme.first);
    let orphans = names(&site.list("/packages?orphan=true"), "name");
    say("in no deployment", &orphans.join(", "));
    let made = site.post(
        "/deployments",
        &json!({
            "project": PROJECT,
            "name": "ficheros de ejemplo #24543",
            "enabled": true,
            "start_date": "2024-06-03",
            "included_attributes": ["SET-ALL SYSTEMS"],
            "available_packages": ["acme-test-files_1.0-1_all.deb"],
            "packages_to_install": ["acme-test-files"],
        }),
    );
    say("deployment", &format!("{} as {}", text(&made["name"]), text(&made["slug"])));
    computer.update();
    say_history(site);
    computer.check(site, "1.0-1");

    upload(site, &acme.second);
    let more = json!({ "add_packages": ["acme-test-files_1.0-2_all.deb"] });
    let made = site.patch(&format!("/deployments/{}", made["id"]), &more);
    say("deployment", &format!("now offers {} packages", made["packages"]));
    computer.update();
    say_history(site);
    computer.check(site, "1.0-2");
}

fn upload(site: &Site, file: &Path) {
    println!("   $ migas upload --project {PROJECT} --store acme {}", file_name(file));
    site.upload(PROJECT, "acme", &[file]);
}

/// The computer of the demonstration.
enum Computer {
    /// A Debian system with real apt.
    Debian(Desktop),
    /// Packages are only noted down.
    Emulated(Emulated),
}

/// Makes the Debian system ready, or says why there is none.
fn can_be_real() -> bool {
    let is_real = DebianRoot::can_be_made();
    if is_real {
        println!("The computer is a throw-away Debian 12 system with real apt.");
    } else {
        println!("No Debian system can be made here (it needs root and debootstrap), so");
        println!("the computer has an EMULATED package manager: nothing is really installed.");
    }
    is_real
}

impl Computer {
    fn new(site: &Site, is_real: bool) -> Computer {
        if !is_real {
            return Computer::Emulated(Emulated::new(site, PROJECT, "pc13098"));
        }
        let desktop = Desktop::unconfigured();
        desktop.configure(&format!("Server = {}\n", site.address()));
        Computer::Debian(desktop)
    }

    /// Synchronises, showing what a person at the computer would see.
    fn update(&self) {
        let root = match self {
            Computer::Debian(desktop) => desktop.root.path(),
            Computer::Emulated(computer) => computer.path(),
        };
        println!("   $ migas client update --root {}", root.display());
        let output = migas(["client", "update", "--root"]).arg(root).output().unwrap();
        for line in String::from_utf8_lossy(&output.stdout).lines() {
            println!("   | {line}");
        }
        let words = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "the client failed: {}\n{words}", output.status);
    }

    /// Real systems have a vim in their distribution; for the emulated one it is uploaded.
    fn own_vim(&self, site: &Site) -> Vec<String> {
        let Computer::Emulated(computer) = self else { return Vec::new() };
        let file = vim(computer.path());
        upload(site, &file);
        vec![file_name(&file)]
    }

    /// The package has that version, as the server says and as dpkg says.
    fn check(&self, site: &Site, version: &str) {
        let software = site.list("/computers/1/software");
        let installed = software.iter().find(|package| package["name"] == "acme-test-files");
        assert_eq!(installed.map(|package| text(&package["version"])), Some(version));
        if let Computer::Debian(desktop) = self {
            let found = desktop.root.installed("acme-test-files");
            assert_eq!(found.as_deref(), Some(version));
            println!("   dpkg says            acme-test-files {version} is installed");
        }
    }
}

/// A package without files that stands for vim.
fn vim(dir: &Path) -> PathBuf {
    let control = b"Package: vim\nVersion: 2:9.0-1\nArchitecture: all\n\
        Maintainer: Demo <demo@example.org>\nDescription: stands for an editor\n";
    let control = migas::formats::deb822::Stanza::parse(control).unwrap();
    let recipe = migas::formats::deb::write::Recipe::of(control);
    let path = dir.join(recipe.file_name());
    std::fs::write(&path, recipe.build().unwrap()).unwrap();
    path
}

fn chapter(title: &str) {
    println!("\n{title}");
}

fn say(what: &str, value: &str) {
    println!("   {what:<20} {value}");
}

/// What came and went at the last synchronisation.
fn say_history(site: &Site) {
    let history = site.list("/computers/1/history");
    for change in history[0]["changes"].as_array().unwrap() {
        say("history of CID-1", text(change));
    }
}

fn names(items: &[Value], field: &str) -> Vec<String> {
    items.iter().map(|item| text(&item[field]).to_owned()).collect()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}
