//! Tags set from the machine: what they install and remove, and programs that read them.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use migas::formats::deb::write::Recipe;
use migas::formats::deb822::Stanza;
use serde_json::{Value, json};

use crate::support::{Desktop, Emulated, Site, executable, migas, small_package};

const PROJECT: &str = "debian-12";

/// A site with the category FLV, tags KIDS and PROF, and a deployment of packages for each.
fn flavours(files: &[&Path]) -> Site {
    let site = Site::start();
    let project = json!({ "name": PROJECT, "platform": "Linux", "pms": "apt",
        "auto_register_computers": true });
    site.post("/projects", &project);
    site.upload(PROJECT, "acme", files);
    let category = json!({ "prefix": "FLV", "name": "FLAVOUR" });
    let category = site.post("/tag-categories", &category)["id"].clone();
    for value in ["KIDS", "PROF"] {
        site.post("/tags", &json!({ "category": category, "value": value }));
    }
    let names: Vec<&str> =
        files.iter().map(|file| file.file_name().unwrap().to_str().unwrap()).collect();
    deployment(&site, "base", "SET-ALL SYSTEMS", json!({ "available_packages": names }));
    site
}

fn deployment(site: &Site, name: &str, attribute: &str, fields: Value) {
    let mut made = json!({ "project": PROJECT, "name": name, "enabled": true,
        "start_date": "2024-06-03", "included_attributes": [attribute] });
    made.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    site.post("/deployments", &made);
}

fn has(site: &Site, package: &str) -> bool {
    site.list("/computers/1/software").iter().any(|found| found["name"] == package)
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn d_cli_01_d_cli_06_d_dist_03_a_computer_changes_its_flavour() {
    let dir = tempfile::tempdir().unwrap();
    let files =
        ["kids", "prof", "nano", "vim-tiny"].map(|name| small_package(dir.path(), name, "1", &[]));
    let files: Vec<&Path> = files.iter().map(PathBuf::as_path).collect();
    let site = flavours(&files);
    let defaults = |included: &str, excluded: &str| json!({ "default_included_packages": [included], "default_excluded_packages": [excluded] });
    deployment(&site, "kids", "FLV-KIDS", defaults("kids", "nano"));
    deployment(&site, "prof", "FLV-PROF", defaults("prof", "vim-tiny"));
    let computer = Emulated::new(&site, PROJECT, "pc1");
    let tags = |args: &[&str]| -> Output {
        migas(["client", "tags", "--root"]).arg(computer.path()).args(args).output().unwrap()
    };
    let done = |args: &[&str]| -> String {
        let output = tags(args);
        let words = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{args:?}: {}{words}", text(&output));
        text(&output)
    };
    // It never synchronised: asking registers it.
    let available: Value = serde_json::from_str(&done(&["-a"])).unwrap();
    assert_eq!(available, json!({ "FLAVOUR": ["FLV-KIDS", "FLV-PROF"] }));
    assert_eq!(done(&["-g"]), "");

    done(&["-s", "FLV-KIDS"]);
    assert_eq!(done(&["--get"]), "\"FLV-KIDS\"\n");
    assert_eq!((has(&site, "kids"), has(&site, "nano")), (true, false));
    done(&["-s", "FLV-PROF"]);
    assert_eq!((has(&site, "kids"), has(&site, "prof")), (false, true));
    done(&["--communicate", "FLV-KIDS"]);
    assert_eq!(done(&["-g"]), "\"FLV-KIDS\"\n");
    assert!(has(&site, "prof"), "communicate changes no package");
    done(&["-s", ""]);
    assert_eq!(done(&["-g"]), "");

    for (args, status) in [
        (&["-a", "-g"][..], 64),
        (&["-g", "-s", "FLV-KIDS"], 64),
        (&["-s", "FLV-KIDS", "-c", "FLV-KIDS"], 64),
        (&[], 64),
        (&["-s"], 64), // no terminal to choose at
        (&["-s", "FLV-NONE"], 2),
    ] {
        assert_eq!(tags(args).status.code(), Some(status), "{args:?}");
    }
    assert_eq!(done(&["-g"]), "", "what was refused changed nothing");
}

/// A package whose script writes down the tags of the computer.
fn proxy_by_centre(dir: &Path) -> std::path::PathBuf {
    let control = "Package: proxy-by-centre\nVersion: 1\nArchitecture: all\n\
                   Maintainer: Tests <tests@example.org>\nDescription: x\n";
    let script = "#!/bin/sh\nset -e\ncentre=$(migas-tags -g | sed -n 's/^\"FLV-\\(.*\\)\"$/\\1/p')\n\
                  echo \"MIGASFREE_CLIENT_PACKAGE_PROXY_CACHE=proxy.$centre:8080\" > /etc/proxy-by-centre\n";
    let mut recipe = Recipe::of(Stanza::parse(control.as_bytes()).unwrap());
    recipe.scripts.push(("postinst".to_owned(), script.to_owned()));
    let path = dir.join(recipe.file_name());
    std::fs::write(&path, recipe.build().unwrap()).unwrap();
    path
}

#[test]
fn d_scn_12_d_dist_02_a_script_of_a_package_reads_the_tags_in_a_chroot() {
    let dir = tempfile::tempdir().unwrap();
    let file = proxy_by_centre(dir.path());
    let site = flavours(&[&file]);
    let fields = json!({ "default_included_packages": ["proxy-by-centre"],
        "default_excluded_packages": ["nano"] });
    deployment(&site, "kids", "FLV-KIDS", fields);
    let desktop = Desktop::new(&site, PROJECT);
    let root = &desktop.root;
    // As in the image of a live system: the program and its names, no session, no systemd.
    std::fs::copy(executable(), root.path().join("usr/bin/migas")).unwrap();
    for name in ["migas-tags", "migasfree-tags"] {
        std::os::unix::fs::symlink("migas", root.path().join("usr/bin").join(name)).unwrap();
    }
    let inside = |args: &[&str]| -> Output {
        let mut command: Command = root.command("migasfree-tags");
        command.args(args).output().unwrap()
    };
    let set = inside(&["--set", "FLV-KIDS"]);
    let words = String::from_utf8_lossy(&set.stderr);
    assert_eq!(set.status.code(), Some(0), "{}{words}", text(&set));
    assert_eq!(root.installed("proxy-by-centre").as_deref(), Some("1"));
    assert_eq!(root.installed("nano"), None);
    let written = root.read("/etc/proxy-by-centre").unwrap();
    assert_eq!(written, "MIGASFREE_CLIENT_PACKAGE_PROXY_CACHE=proxy.KIDS:8080\n");
    // Without tags, what the flavour brought goes and what it took comes back.
    let unset = inside(&["--set", ""]);
    let words = String::from_utf8_lossy(&unset.stderr);
    assert_eq!(unset.status.code(), Some(0), "{}{words}", text(&unset));
    assert_eq!(root.installed("proxy-by-centre"), None);
    assert!(root.installed("nano").is_some());
}
