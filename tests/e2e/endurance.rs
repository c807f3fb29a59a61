//! Power cuts and full disks: nothing acknowledged is lost, what is published stays valid.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::json;
use tempfile::TempDir;

use crate::support::{Emulated, Repository, Site, SmallDisk, small_package};

const PROJECT: &str = "debian-12";
/// How often the server is killed.
const ROUNDS: usize = 100;

fn project(site: &Site) {
    let project = json!({ "name": PROJECT, "platform": "Linux", "pms": "apt",
        "auto_register_computers": true });
    site.post("/projects", &project);
}

/// Names of all packages of the site.
fn packages(site: &Site) -> BTreeSet<String> {
    let items = site.list("/packages?limit=1000");
    items.iter().map(|package| package["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn killed_a_hundred_times_the_server_keeps_what_it_acknowledged() {
    let dir = TempDir::new().unwrap();
    let mut site = Site::start();
    project(&site);
    let made = site.post(
        "/deployments",
        &json!({ "project": PROJECT, "name": "all", "enabled": true, "start_date": "2024-06-03",
            "included_attributes": ["SET-ALL SYSTEMS"] }),
    );
    let deployment = format!("/deployments/{}", made["id"]);
    let computer = Emulated::new(&site, PROJECT, "pc13098");
    assert!(computer.update().status.success());
    let mut syncs = 1;
    let mut stored: BTreeSet<String> = BTreeSet::new();
    for round in 0..ROUNDS {
        let file = small_package(dir.path(), &format!("p{round}"), "1.0", &[]);
        let name = file.file_name().unwrap().to_str().unwrap().to_owned();
        let offered: Vec<String> = stored.iter().cloned().collect();
        let published = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let uploaded = scope.spawn(|| {
                let request = site.upload_request(PROJECT, "tools", &file);
                site.try_send(request).is_ok_and(|answer| answer.status.is_success())
            });
            let synchronised = scope.spawn(|| computer.update().status.success());
            scope.spawn(|| {
                let body = json!({ "available_packages": offered });
                let request = site.authorized(reqwest::Method::PATCH, &deployment).json(&body);
                let answer = site.try_send(request);
                let is_done = answer.is_ok_and(|answer| answer.status.is_success());
                published.store(is_done, Ordering::Relaxed);
            });
            // From at once to when all is done, so that every moment has its turn.
            std::thread::park_timeout(Duration::from_millis(8 * (round as u64 % 50)));
            site.signal("KILL");
            if uploaded.join().unwrap() {
                stored.insert(name);
            }
            syncs += i64::from(synchronised.join().unwrap());
        });
        site = site.start_again();
        let there = packages(&site);
        assert!(there.is_superset(&stored), "round {round}: lost {:?}", stored.difference(&there));
        let names = Repository::check(&site, PROJECT, "all").names();
        if published.into_inner() {
            let expected = offered.len();
            assert_eq!(names.len(), expected, "round {round}: an acknowledged change is lost");
        }
        let known = site.get("/computers/1")["counts"]["synchronizations"].as_i64().unwrap();
        assert!(known >= syncs, "round {round}: {known} synchronisations known, {syncs} reported");
        syncs = known;
        stored = there;
    }
    assert!(computer.update().status.success(), "a computer that met all this still synchronises");
    assert!(stored.len() > ROUNDS / 4, "only {} uploads of {ROUNDS} got through", stored.len());
}

#[test]
fn a_full_disk_refuses_uploads_and_loses_nothing() {
    let disk = SmallDisk::new(140);
    let dir = TempDir::new().unwrap();
    let site = Site::start_on(disk.path());
    project(&site);
    site.upload(PROJECT, "tools", &[&small_package(dir.path(), "small", "1.0", &[])]);
    let huge = incompressible_package(dir.path(), 150);
    let announced = site.send(site.upload_request(PROJECT, "tools", &huge));
    assert_eq!(announced.status, 507, "{}\n{}", announced.text(), site.log());
    assert!(announced.text().contains("full"), "{}", announced.text());
    assert_eq!(packages(&site), BTreeSet::from(["small_1.0_all.deb".to_owned()]));
    // What the refused upload took is free again.
    site.upload(PROJECT, "tools", &[&small_package(dir.path(), "other", "1.0", &[])]);
    let fields = json!({ "project": PROJECT, "name": "all", "start_date": "2024-06-03",
        "enabled": true, "available_packages": ["small_1.0_all.deb", "other_1.0_all.deb"] });
    site.post("/deployments", &fields);
    assert_eq!(Repository::check(&site, PROJECT, "all").names().len(), 2);
}

#[test]
fn a_disk_that_fills_up_during_an_upload_of_unknown_length_stops_it_in_time() {
    let disk = SmallDisk::new(140);
    let dir = TempDir::new().unwrap();
    let mut site = Site::start_on(disk.path());
    project(&site);
    site.upload(PROJECT, "tools", &[&small_package(dir.path(), "small", "1.0", &[])]);
    let huge = std::fs::read(incompressible_package(dir.path(), 150)).unwrap();
    let computer = Emulated::new(&site, PROJECT, "pc13098");
    for attempt in 0..2 {
        let pieces: Vec<_> =
            huge.chunks(1 << 18).map(|piece| Ok::<_, std::io::Error>(piece.to_vec())).collect();
        let path = format!("/upload?project={PROJECT}&store=tools&name=huge.deb");
        let request = site.authorized(reqwest::Method::POST, &path);
        let body = reqwest::Body::wrap_stream(futures_util::stream::iter(pieces));
        let answer = site.send(request.body(body));
        assert_eq!(answer.status, 507, "attempt {attempt}: {}\n{}", answer.text(), site.log());
        // What was kept free is enough for everything else, also while the rest is cleared away.
        assert!(computer.update().status.success(), "attempt {attempt}");
    }
    assert_eq!(packages(&site), BTreeSet::from(["small_1.0_all.deb".to_owned()]));
    site.upload(PROJECT, "tools", &[&small_package(dir.path(), "other", "1.0", &[])]);
    let fields = json!({ "project": PROJECT, "name": "all", "start_date": "2024-06-03",
        "enabled": true, "available_packages": ["small_1.0_all.deb", "other_1.0_all.deb"] });
    site.post("/deployments", &fields);
    assert_eq!(Repository::check(&site, PROJECT, "all").names().len(), 2);
    assert!(site.stop().success());
    let database = rusqlite::Connection::open(site.data().join("migas.db")).unwrap();
    let sound: String = database.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(sound, "ok");
    drop(database);
    let site = site.start_again();
    assert_eq!(packages(&site).len(), 2);
}

/// A package of that many MiB that no compression makes smaller.
fn incompressible_package(dir: &std::path::Path, mib: usize) -> PathBuf {
    let mut state = 88_172_645_463_325_252_u64;
    let mut random = Vec::with_capacity(mib << 20);
    while random.len() < mib << 20 {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        random.extend_from_slice(&state.to_le_bytes());
    }
    let control =
        b"Package: huge\nVersion: 1.0\nArchitecture: all\nMaintainer: T <t@example.org>\n\
        Description: takes room\n";
    let control = ::migas::formats::deb822::Stanza::parse(control).unwrap();
    let mut recipe = ::migas::formats::deb::write::Recipe::of(control);
    recipe.compression = ::migas::formats::decompress::Compression::None;
    let recipe = recipe.file("usr/share/huge/random", random);
    let path = dir.join(recipe.file_name());
    std::fs::write(&path, recipe.build().unwrap()).unwrap();
    path
}
