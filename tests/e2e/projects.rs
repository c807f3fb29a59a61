//! A project with published repositories gets another name, and goes away.

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::support::{Desktop, Repository, Site, small_package};

#[test]
fn d_prj_02_renaming_a_project_moves_what_it_serves() {
    let site = Site::start();
    let project = site.post(
        "/projects",
        &json!({ "name": "aula", "platform": "Linux", "pms": "apt",
            "auto_register_computers": true }),
    );
    site.upload("aula", "acme", &[&small_package(site.dir(), "acme", "1.0", &[])]);
    site.post(
        "/deployments",
        &json!({ "project": "aula", "name": "base", "enabled": true, "start_date": "2024-06-03",
            "included_attributes": ["SET-ALL SYSTEMS"],
            "available_packages": ["acme_1.0_all.deb"], "packages_to_install": ["acme"] }),
    );
    let desktop = Desktop::new(&site, "aula");
    desktop.sync();
    assert!(desktop.sources().contains("/public/aula/REPOSITORIES base PKGS"));

    let renamed = json!({ "name": "aula-norte" });
    let path = format!("/projects/{}", project["id"]);
    assert_eq!(site.patch(&path, &renamed)["name"], "aula-norte");
    for gone in ["/public/aula/", "/public/aula/REPOSITORIES/dists/base/InRelease"] {
        assert_eq!(site.fetch(gone).status, StatusCode::NOT_FOUND, "{gone}");
    }
    assert_eq!(Repository::check(&site, "aula-norte", "base").names(), ["acme 1.0"]);
    let stored = "/public/aula-norte/STORES/acme/acme_1.0_all.deb";
    assert_eq!(site.fetch(stored).status, StatusCode::OK);

    // The computer is told its project's new name, and gets what is new from the new place.
    site.upload("aula-norte", "acme", &[&small_package(site.dir(), "acme", "1.1", &[])]);
    let more = json!({ "add_packages": ["acme_1.1_all.deb"] });
    site.patch("/deployments/1", &more);
    let configuration = desktop.root.read("/etc/migas.conf").unwrap();
    let configuration = configuration.replace("Project = aula\n", "Project = aula-norte\n");
    desktop.root.write("/etc/migas.conf", &configuration);
    desktop.sync();
    assert!(desktop.sources().contains("/public/aula-norte/REPOSITORIES base PKGS"));
    assert_eq!(desktop.root.installed("acme").as_deref(), Some("1.1"));
    // It is the same project: nothing migrated, no second one was made.
    assert_eq!(site.list("/projects").len(), 1);
    assert_eq!(site.get("/computers/1")["counts"]["migrations"], 1);
    let attributes = site.list("/computers/1/attributes");
    assert!(attributes.iter().any(|held| held["name"] == "PRJ-aula-norte"), "{attributes:?}");
    assert!(!attributes.iter().any(|held| held["name"] == "PRJ-aula"), "{attributes:?}");
}

#[test]
fn d_prj_02_d_gen_09_deleting_a_project_asks_and_takes_what_it_served() {
    let site = Site::start();
    let project = json!({ "name": "aula", "platform": "Linux", "pms": "apt",
        "auto_register_computers": true });
    let id = site.post("/projects", &project)["id"].clone();
    site.upload("aula", "acme", &[&small_package(site.dir(), "acme", "1.0", &[])]);
    let fields = json!({ "project": "aula", "name": "base", "enabled": true,
        "start_date": "2024-06-03", "included_attributes": ["SET-ALL SYSTEMS"],
        "available_packages": ["acme_1.0_all.deb"], "packages_to_install": ["acme"] });
    site.post("/deployments", &fields);
    let desktop = Desktop::new(&site, "aula");
    desktop.sync();

    let delete =
        |confirm: &str| site.call(Method::DELETE, &format!("/projects/{id}{confirm}"), None);
    for confirm in ["", "?confirm=true"] {
        let refused = delete(confirm).expect_status(StatusCode::CONFLICT);
        let reason = refused["detail"].as_str().unwrap();
        assert!(reason.contains("1 computers, 1 deployments and 1 packages"), "{reason}");
    }
    assert_eq!(Repository::check(&site, "aula", "base").names(), ["acme 1.0"]);

    assert_eq!(site.call(Method::DELETE, "/computers/1", None).status, StatusCode::NO_CONTENT);
    delete("").expect_status(StatusCode::CONFLICT);
    assert_eq!(delete("?confirm=true").status, StatusCode::NO_CONTENT);
    for gone in [
        "/public/aula/",
        "/public/aula/REPOSITORIES/dists/base/InRelease",
        "/public/aula/STORES/acme/acme_1.0_all.deb",
    ] {
        assert_eq!(site.fetch(gone).status, StatusCode::NOT_FOUND, "{gone}");
    }
    for list in ["/projects", "/deployments", "/packages", "/stores", "/computers"] {
        assert_eq!(site.list(list).len(), 0, "{list}");
    }
    // The computer comes back: a project of that name is a new one, with nothing in it.
    desktop.sync();
    assert_eq!(desktop.sources(), "");
    assert_eq!(site.list("/projects").len(), 1);
    // And the site works on with the same names.
    site.upload("aula", "acme", &[&small_package(site.dir(), "acme", "1.0", &[])]);
    site.post("/deployments", &fields);
    assert_eq!(Repository::check(&site, "aula", "base").names(), ["acme 1.0"]);
}
