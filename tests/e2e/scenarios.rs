//! The worked scenarios of the behaviour specification, with real package managers on real systems.

use std::path::Path;

use serde_json::{Value, json};

use crate::support::{
    AcmeTestFiles, Browser, Desktop, Look, PASSWORD, PackageSystem, Repository, Site, in_network,
    with_host_name,
};

/// A site with one project, `debian-12`.
fn site() -> Site {
    let site = Site::start();
    let project = json!({ "name": "debian-12", "platform": "Linux", "pms": "apt",
        "auto_register_computers": true });
    site.post("/projects", &project);
    site
}

/// A deployment for every computer of the project, since long ago.
fn deployment(name: &str, fields: Value) -> Value {
    let mut deployment = json!({
        "project": "debian-12",
        "name": name,
        "enabled": true,
        "start_date": "2024-06-03",
        "included_attributes": ["SET-ALL SYSTEMS"],
        "excluded_attributes": [],
        "available_packages": [],
        "packages_to_install": [],
        "packages_to_remove": [],
    });
    let Value::Object(fields) = fields else { panic!("fields are an object") };
    deployment.as_object_mut().unwrap().extend(fields);
    deployment
}

#[test]
fn d_scn_01_d_sync_01_first_computer() {
    in_network("scenarios::d_scn_01_d_sync_01_first_computer", "10.0.2.15/24", || {
        let site = Site::start();
        let desktop = Desktop::unconfigured();
        desktop.configure(&format!("Server = {}\n", site.address()));
        assert_eq!(site.list("/projects").len(), 0, "an empty server");
        {
            let _devices = desktop.root.with_devices();
            desktop.sync();
        }

        let known = site.get("/computers/1");
        assert_eq!(known["status"], "intended");
        assert_eq!(known["platform"]["name"], "Linux");
        assert_eq!(known["project"]["name"], "debian-12", "as /etc/os-release has it");
        assert_eq!(known["ip_address"], "10.0.2.15");
        for count in ["migrations", "status_logs", "synchronizations"] {
            assert_eq!(known["counts"][count], 1, "{count}");
        }
        let attributes = names(&site.list("/computers/1/attributes"), "name");
        let expected = [
            "SET-ALL SYSTEMS",
            "CID-1",
            "PLT-Linux",
            "PRJ-debian-12",
            "IP-10.0.2.15",
            "USR-root",
            "NET-10.0.2.0/24",
        ];
        for attribute in expected {
            let found = attributes.iter().any(|name| name == attribute);
            assert!(found, "{attribute} is not in {attributes:?}");
        }
        for prefix in ["HST-", "PCI-"] {
            let found = attributes.iter().any(|name| name.starts_with(prefix));
            let needed = prefix != "PCI-" || Path::new("/sys/bus/pci/devices").exists();
            assert!(found || !needed, "no {prefix} in {attributes:?}");
        }
        let told = names(&site.list("/notifications"), "message");
        assert_eq!(told.len(), 2, "a platform and a project (D-NOTIF-12): {told:?}");
        assert!(!site.list("/computers/1/hardware").is_empty());
        let installed = names(&site.list("/computers/1/software"), "name");
        assert!(installed.iter().any(|name| name == "nano"), "{installed:?}");

        let kept = desktop.root.run("find", &["/var/lib/migas-client/keys", "-type", "f"]);
        assert!(kept.lines().any(|path| path.ends_with(".key")), "{kept}");
        let mode = desktop.root.run("sh", &["-c", "stat -c %a /var/lib/migas-client/keys/*/*.key"]);
        assert_eq!(mode.trim(), "600");
    });
}

#[test]
fn d_scn_02_d_sync_09_d_sync_12_replace_nano_by_vim() {
    let site = Site::start();
    let desktop = first_contact(&site, PackageSystem::Apt);
    replace_nano_by_vim(&site, &desktop);
    assert_eq!(Repository::check(&site, "debian-12", "sustituir-nano-por-vim").names().len(), 0);
    assert!(desktop.root.installed("vim-tiny").is_some());
}

#[test]
fn d_scn_02_d_scn_03_d_gen_02_d_cli_08_one_server_for_apt_dnf_and_zypper() {
    let site = Site::start();
    let desktops = PackageSystem::ALL.map(|packages| first_contact(&site, packages));
    for desktop in &desktops {
        replace_nano_by_vim(&site, desktop);
    }
    for desktop in &desktops {
        own_package(&site, desktop);
        one_order_that_cannot_be_carried_out(&site, desktop);
    }
    let computers = site.list("/computers");
    assert_eq!(computers.len(), 3);
}

/// A computer of a new project meets the server.
fn first_contact(site: &Site, packages: PackageSystem) -> Desktop {
    let project = json!({ "name": packages.project(), "platform": "Linux",
        "pms": packages.pms(), "auto_register_computers": true });
    site.post("/projects", &project);
    let desktop = Desktop::with(packages, site, packages.project());
    desktop.sync();
    assert_eq!(desktop.sources(), "", "no deployment, no source");
    desktop
}

/// The deployment of this name for the project of `desktop`.
fn deployment_for(desktop: &Desktop, name: &str, fields: Value) -> Value {
    let mut deployment = deployment(name, fields);
    deployment["project"] = json!(desktop.root.packages().project());
    deployment
}

/// D-SCN-02 on a desktop that has met its server.
fn replace_nano_by_vim(site: &Site, desktop: &Desktop) {
    let (root, packages) = (&desktop.root, desktop.root.packages());
    assert!(root.installed("nano").is_some(), "{packages:?}");
    let orders = json!({ "packages_to_install": ["vim"], "packages_to_remove": ["nano"] });
    let made = deployment_for(desktop, "sustituir nano por vim", orders);
    let made = site.post("/deployments", &made);
    assert_eq!(made["slug"], "sustituir-nano-por-vim");
    desktop.sync();
    let source = packages.source("sustituir-nano-por-vim");
    assert!(desktop.sources().contains(&source), "{}", desktop.sources());
    assert!(root.read(packages.key_file()).is_some());
    assert_eq!(root.installed("nano"), None, "{packages:?}");
    assert!(root.installed("vim").is_some() && root.installed("vim-tiny").is_some());

    let change = json!({ "packages_to_install": ["vim", "emacs"], "packages_to_remove": [] });
    site.patch(&format!("/deployments/{}", made["id"]), &change);
    assert_eq!(root.installed("emacs"), None, "not before the next synchronisation");
    desktop.sync();
    assert!(root.installed("emacs").is_some(), "{packages:?}");
}

/// D-SCN-03 on a desktop that has met its server.
fn own_package(site: &Site, desktop: &Desktop) {
    let (root, packages) = (&desktop.root, desktop.root.packages());
    let dir = tempfile::tempdir().unwrap();
    let files = packages.acme_test_files(dir.path());
    let [first, second] = [0, 1].map(|n| files[n].file_name().unwrap().to_str().unwrap());
    site.upload(packages.project(), "acme", &[&files[0]]);
    assert_eq!(orphans(site), [first]);
    let fields = json!({
        "available_packages": [first],
        "packages_to_install": ["acme-test-files"],
    });
    let made = deployment_for(desktop, "ficheros de ejemplo #24543", fields);
    let made = site.post("/deployments", &made);
    assert_eq!(made["slug"], "ficheros-de-ejemplo-24543");
    assert_eq!(orphans(site), Vec::<String>::new());
    desktop.sync();
    assert_eq!(root.installed("acme-test-files").as_deref(), Some("1.0-1"), "{packages:?}");
    assert_eq!(newest_change(site, packages.project()), ["+acme-test-files-1.0-1"]);

    site.upload(packages.project(), "acme", &[&files[1]]);
    let id = &made["id"];
    let both = json!({ "available_packages": [first, second] });
    site.patch(&format!("/deployments/{id}"), &both);
    desktop.sync();
    assert_eq!(root.installed("acme-test-files").as_deref(), Some("1.0-2"), "{packages:?}");
    let change = newest_change(site, packages.project());
    assert_eq!(change, ["+acme-test-files-1.0-2", "-acme-test-files-1.0-1"]);
}

/// A package that nobody has keeps no other away, and the server learns of it (D-SYNC-17).
fn one_order_that_cannot_be_carried_out(site: &Site, desktop: &Desktop) {
    let (root, packages) = (&desktop.root, desktop.root.packages());
    let orders = ["no-such-package".to_owned(), packages.token("gimp", "2.10-1")];
    let made = json!({ "packages_to_install": orders });
    site.post("/deployments", &deployment_for(desktop, "imagenes", made));
    let run = desktop.run(&["update"]);
    assert_eq!(run.status, Some(1), "{}{}", run.output, run.words);
    assert_eq!(root.installed("gimp").as_deref(), Some("2.10-1"), "{packages:?}: {}", run.words);
    let told = names(&site.list("/errors"), "description");
    let about = |text: &&String| text.starts_with("install: no-such-package: ");
    assert!(told.iter().any(|text| about(&text)), "{packages:?}: {told:?}");
}

#[test]
fn d_scn_03_d_merge_05_d_sync_10_d_sync_13_own_package() {
    let site = Site::start();
    let desktop = first_contact(&site, PackageSystem::Apt);
    own_package(&site, &desktop);
    let names = Repository::check(&site, "debian-12", "ficheros-de-ejemplo-24543").names();
    assert_eq!(names, ["acme-test-files 1.0-1", "acme-test-files 1.0-2"]);

    // The information page of the newer one tells both changes, the newest first.
    let browser = Browser::open(Look::default());
    browser.goto(&site.url("/login?next=/packages"));
    browser.fill("[name=username]", "admin");
    browser.fill("[name=password]", PASSWORD);
    browser.click("main button[type=submit]");
    browser.follow("acme-test-files_1.0-2_all.deb");
    let changelog = browser.text("#changelog");
    let entries: Vec<&str> =
        changelog.lines().filter(|line| line.starts_with("acme-test-files (")).collect();
    assert_eq!(entries.len(), 2, "{changelog}");
    assert!(entries[0].contains("(1.0-2)") && entries[1].contains("(1.0-1)"), "{changelog}");
    let written = acme_changelog();
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(words(&changelog), words(&written), "complete");
}

/// The changelog of 1.0-2 as it was packed.
fn acme_changelog() -> String {
    let acme = AcmeTestFiles::build();
    let path = "./usr/share/doc/acme-test-files/changelog.Debian.gz";
    let unpacked = std::process::Command::new("sh")
        .args(["-c", "dpkg-deb --fsys-tarfile \"$0\" | tar -xO \"$1\" | gzip -dc"])
        .arg(&acme.second)
        .arg(path)
        .output()
        .unwrap();
    String::from_utf8(unpacked.stdout).unwrap()
}

#[test]
fn d_scn_04_who_what_and_when_with_every_computer_switched_off() {
    let site = site();
    let acme = AcmeTestFiles::build();
    site.upload("debian-12", "acme", &[&acme.first, &acme.second]);
    let fields = json!({
        "available_packages": ["acme-test-files_1.0-1_all.deb"],
        "packages_to_install": ["acme-test-files"],
    });
    let made = site.post("/deployments", &deployment("ficheros de ejemplo", fields));
    let between = {
        let desktop = Desktop::new(&site, "debian-12");
        desktop.sync();
        let between = site.list("/computers/1/history")[0]["to"].clone();
        let fields = json!({ "add_packages": ["acme-test-files_1.0-2_all.deb"] });
        site.patch(&format!("/deployments/{}", made["id"]), &fields);
        desktop.sync();
        between
    };
    // The only computer is gone; everything below is what the server knows.

    // Who had that version, and when?
    for (package, is_over) in [("acme-test-files-1.0-1", true), ("acme-test-files-1.0-2", false)] {
        let holders = site.list(&format!("/software?package={package}"));
        let [holder] = &holders[..] else { panic!("{package}: {holders:?}") };
        assert_eq!(holder["computer"]["id"], 1);
        assert_eq!(holder["to"].is_null(), !is_over, "{package}: {holder}");
    }
    // What was on it then, what is on it now?
    let version = |path: &str| {
        let software = site.list(path);
        let found = software.iter().find(|package| package["name"] == "acme-test-files");
        found.map(|package| package["version"].as_str().unwrap().to_owned())
    };
    let then = format!("/computers/1/software?at={}", between.as_str().unwrap());
    assert_eq!(version(&then).as_deref(), Some("1.0-1"));
    assert_eq!(version("/computers/1/software").as_deref(), Some("1.0-2"));
    assert_eq!(version("/computers/1/software?at=2024-01-01"), None);
    // What changed on it, and when?
    let history = site.list("/computers/1/history");
    let changes: Vec<&Value> = history.iter().map(|entry| &entry["changes"]).collect();
    assert_eq!(changes[0], &json!(["+acme-test-files-1.0-2", "-acme-test-files-1.0-1"]));
    assert_eq!(changes[1], &json!(["+acme-test-files-1.0-1"]));
    // What was it?
    let held = site.list("/computers/1/attributes/history");
    assert!(names(&held, "name").contains(&"PRJ-debian-12".to_owned()));
    assert!(!site.list("/computers/1/settings").is_empty());
}

#[test]
fn d_scn_08_subnet_minus_one() {
    in_network("scenarios::d_scn_08_subnet_minus_one", "192.168.92.10/24", || {
        let site = site();
        let deployment = deployment(
            "for the subnet",
            json!({
                "included_attributes": ["NET-192.168.92.0/24"],
                "excluded_attributes": ["HST-PC13098"],
                "packages_to_install": ["vim"],
            }),
        );
        let (excluded, included) =
            (Desktop::new(&site, "debian-12"), Desktop::new(&site, "debian-12"));
        for (desktop, name) in [(&excluded, "PC13098"), (&included, "PC13099")] {
            let run = with_host_name(name, &desktop.client(&["update"])).output().unwrap();
            assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
        }
        // The attributes exist since the first synchronisation: now they can be named.
        site.post("/deployments", &deployment);
        for (desktop, name) in [(&excluded, "PC13098"), (&included, "PC13099")] {
            let run = with_host_name(name, &desktop.client(&["update"])).output().unwrap();
            assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
        }
        assert_eq!(excluded.root.installed("vim"), None);
        assert!(included.root.installed("vim").is_some());
    });
}

/// One field of every item.
fn names(items: &[Value], field: &str) -> Vec<String> {
    items.iter().map(|item| item[field].as_str().unwrap().to_owned()).collect()
}

/// File names of the packages in no deployment.
fn orphans(site: &Site) -> Vec<String> {
    names(&site.list("/packages?orphan=true"), "name")
}

/// The lines of the newest entry in the software history of the only computer of a project.
fn newest_change(site: &Site, project: &str) -> Vec<String> {
    let computers = site.list("/computers");
    let is_its = |computer: &&Value| computer["project"]["name"] == project;
    let id = &computers.iter().find(is_its).expect("a computer of the project")["id"];
    let history = site.list(&format!("/computers/{id}/history"));
    let lines = history[0]["changes"].as_array().unwrap();
    lines.iter().map(|line| line.as_str().unwrap().to_owned()).collect()
}
