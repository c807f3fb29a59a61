//! Package sets from the list of their files to the repositories that hold them, and back.

use super::*;
use crate::app::deployments::DeploymentChange;
use crate::app::fixtures::{Site, package};
use crate::app::orphans::{CleanUp, OrphanTotals};
use crate::app::packages::PackageQuery;
use crate::app::stores::project_id;
use crate::app::uploads::Outcome;
use crate::storage::audit;

/// Two packages, one in a folder, and a plain file.
fn files<'a>(one: &'a [u8], two: &'a [u8]) -> Vec<(&'a str, &'a [u8])> {
    vec![("one_1_all.deb", one), ("pool/two_1_all.deb", two), ("docs/notes.txt", b"hello")]
}

async fn paths(site: &Site, id: PackageId) -> Vec<String> {
    let files = site.app.set_files(&site.admin, id, None, 100).await.unwrap();
    files.items.into_iter().map(|file| file.path).collect()
}

async fn listed(site: &Site, unregistered: bool) -> Vec<String> {
    let query = PackageQuery { unregistered, limit: 9, ..PackageQuery::default() };
    let found = site.app.packages(&site.admin, query).await.unwrap();
    found.into_iter().map(|one| one.package.name).collect()
}

async fn deploy(site: &Site, name: &str, packages: &[&str]) -> crate::domain::ids::DeploymentId {
    let change = DeploymentChange {
        name: Some(name.into()),
        add_packages: packages.iter().map(|name| (*name).to_owned()).collect(),
        ..DeploymentChange::default()
    };
    let made = site.app.add_deployment(&site.admin, "debian-12".into(), change).await;
    made.unwrap().deployment.id
}

/// Names of the packages that a repository offers.
async fn offered(site: &Site, slug: &'static str) -> Vec<String> {
    let read = site.app.storage().read(move |tx| -> Result<_, AppError> {
        let (project, mut names) = (project_id(tx, "debian-12")?, Vec::new());
        let each = |_, name: &str| names.push(name.to_owned());
        crate::storage::publications::offered(tx, project, slug, each)?;
        Ok(names)
    });
    let mut names: Vec<String> = read.await.unwrap();
    names.sort();
    names
}

#[tokio::test]
async fn d_pkg_02_d_pkg_08_a_set_is_one_record_and_an_orphan() {
    let site = Site::new().await;
    let (one, two) = (package("one", "1", b"x"), package("two", "1", b"x"));
    let files = files(&one, &two);
    let stored = site.upload_set(&site.admin, "acme-set", &files, false).await.unwrap();
    assert_eq!((stored.outcome, stored.file.deployments), (Outcome::Stored, 0));
    assert_eq!(stored.file.format, Some(Format::Set));
    let set = stored.file.set.unwrap();
    assert_eq!((set.files, set.packages), (3, 2));
    assert_eq!(stored.file.size_bytes, (one.len() + two.len() + 5) as u64);
    assert_eq!(listed(&site, false).await, ["acme-set"], "what is inside has no records");
    assert!(listed(&site, true).await.is_empty());
    let id = stored.file.package.id;
    let all = ["docs/notes.txt", "one_1_all.deb", "pool/two_1_all.deb"];
    assert_eq!(paths(&site, id).await, all);
    let page = site.app.set_files(&site.admin, id, Some("docs/notes.txt".into()), 1).await.unwrap();
    assert_eq!(page.items[0].identity.as_ref().unwrap().name, "one");
    assert_eq!(page.next.as_deref(), Some("one_1_all.deb"));
    assert_eq!(site.app.count_orphans().await.unwrap(), 1);
    let inside = PackageQuery { search: Some("TWO_1".into()), limit: 9, ..Default::default() };
    let found = site.app.packages(&site.admin, inside).await.unwrap();
    assert_eq!(found.len(), 1, "it is found by what is inside");
    let change = DeploymentChange {
        name: Some("d".into()),
        add_packages: vec!["one_1_all.deb".into()],
        ..DeploymentChange::default()
    };
    let single = site.app.add_deployment(&site.admin, "debian-12".into(), change).await;
    assert!(matches!(single, Err(AppError::Invalid { .. })), "not selectable one by one");
    deploy(&site, "d", &["acme-set"]).await;
    assert_eq!(site.app.count_orphans().await.unwrap(), 0);
}

#[tokio::test]
async fn d_pkg_01_d_pkg_02_a_set_is_replaced_whole_and_costs_what_differs() {
    let site = Site::new().await;
    let (one, two) = (package("one", "1", b"x"), package("two", "1", b"x"));
    site.upload_set(&site.admin, "acme-set", &files(&one, &two), false).await.unwrap();
    deploy(&site, "d", &["acme-set"]).await;
    assert_eq!(offered(&site, "d").await, ["one_1_all.deb", "two_1_all.deb"]);
    let again = site.ask_set(&site.later(1), "acme-set", &files(&one, &two), false).await;
    let SetAnswer::Saved(again) = again.unwrap() else { panic!("all is there") };
    assert_eq!(again.outcome, Outcome::Unchanged);

    let newer = package("two", "2", b"x");
    let next = [("one_1_all.deb", &one[..]), ("pool/two_2_all.deb", &newer)];
    let refused = site.ask_set(&site.later(2), "acme-set", &next, false).await;
    assert!(matches!(refused, Err(AppError::Conflict(_))), "before a byte is sent: {refused:?}");
    let asked = site.ask_set(&site.later(2), "acme-set", &next, true).await.unwrap();
    let SetAnswer::Missing(missing) = asked else { panic!("{asked:?}") };
    assert_eq!(missing, ["pool/two_2_all.deb"]);
    site.send_set_file(&site.later(3), "pool/two_2_all.deb", &newer).await.unwrap();
    assert_eq!(offered(&site, "d").await, ["one_1_all.deb", "two_1_all.deb"], "nothing half");
    let saved = site.upload_set(&site.later(4), "acme-set", &next, true).await.unwrap();
    assert_eq!(saved.outcome, Outcome::Replaced);
    assert_eq!(offered(&site, "d").await, ["one_1_all.deb", "two_2_all.deb"]);
    assert_eq!(paths(&site, saved.file.package.id).await, ["one_1_all.deb", "pool/two_2_all.deb"]);
}

#[tokio::test]
async fn d_pkg_04_what_cannot_be_in_a_set_is_refused_by_name() {
    let site = Site::new().await;
    let good = package("one", "1", b"x");
    let half = &good[..good.len() / 2];
    let told = |error: AppError| error.to_string();
    // rule       path                 bytes        what is told
    let table: [(&str, &str, &[u8], &str); 5] = [
        ("D-PKG-04", "../one_1_all.deb", &good, "\"../one_1_all.deb\" cannot be a path"),
        ("D-PKG-04", "/etc/passwd", b"x", "cannot be a path"),
        ("D-PKG-04", "a//one_1_all.deb", &good, "cannot be a path"),
        ("D-PKG-04", "pool/one_1_all.deb", half, "pool/one_1_all.deb is refused: "),
        ("D-PKG-04", "one_1_all.deb", b"\xed\xab\xee\xdb\x03\x00", "one_1_all.deb is refused: "),
    ];
    for (rule, path, bytes, expected) in table {
        let refused = told(site.send_set_file(&site.admin, path, bytes).await.unwrap_err());
        assert!(refused.contains(expected), "{rule} {path}: {refused}");
    }
    // An rpm is a plain file where computers install Debian packages.
    let rpm = site.send_set_file(&site.admin, "x.rpm", b"\xed\xab\xee\xdb").await.unwrap();
    assert!(!rpm.is_package);
    let ask = async |name: &str, files: &[(&str, &[u8])]| {
        told(site.ask_set(&site.admin, name, files, false).await.unwrap_err())
    };
    let one: [(&str, &[u8]); 1] = [("one_1_all.deb", &good)];
    for name in ["", "..", "a/b", "../x", ".hidden"] {
        assert!(ask(name, &one).await.contains("is not acceptable"), "D-PKG-04: {name:?}");
    }
    let plain: [(&str, &[u8]); 1] = [("notes.txt", b"x")];
    assert!(ask("acme-set", &plain).await.contains("none of 1 files is a package"));
    site.upload(&site.admin, "taken_1_all.deb", &good, false).await.unwrap();
    assert!(ask("taken_1_all.deb", &one).await.contains("is a file, not a package set"));
    site.upload_set(&site.admin, "acme-set", &one, false).await.unwrap();
    let over = site.upload(&site.admin, "acme-set", &good, true).await.unwrap_err();
    assert!(told(over).contains("is a package set, not a file"));
    let nowhere = SetRequest { project: "nowhere".into(), name: "x".into(), ..Default::default() };
    let nowhere = SetRequest { store: "acme".into(), ..nowhere };
    let nowhere = site.app.save_set(&site.admin, nowhere).await;
    assert!(matches!(nowhere, Err(AppError::NotFound { what: "project", .. })));
}

#[tokio::test]
async fn d_pkg_05_d_pkg_06_a_set_goes_and_comes_back_like_a_package() {
    let site = Site::new().await;
    let (one, two) = (package("one", "1", b"x"), package("two", "1", b"x"));
    let stored = site.upload_set(&site.admin, "acme-set", &files(&one, &two), false).await;
    let id = stored.unwrap().file.package.id;
    deploy(&site, "d", &["acme-set"]).await;
    site.app.delete_package(&site.later(1), id).await.unwrap();
    assert!(offered(&site, "d").await.is_empty(), "taken out of its deployments");
    assert_eq!(listed(&site, true).await, ["acme-set"], "D-PKG-06: the files stay");
    assert_eq!(paths(&site, id).await.len(), 3);
    site.app.register_package(&site.later(2), id).await.unwrap();
    assert_eq!(listed(&site, false).await, ["acme-set"]);
    // Moves: to another store by an upload, to another deployment by hand.
    let wanted = |(path, bytes): &(&str, &[u8])| WantedFile {
        path: (*path).into(),
        sha256: Sha256::digest(bytes).into(),
    };
    let request = SetRequest {
        project: "debian-12".into(),
        store: "third party".into(),
        name: "acme-set".into(),
        files: files(&one, &two).iter().map(wanted).collect(),
        ..SetRequest::default()
    };
    let moved = site.app.save_set(&site.later(3), request).await.unwrap();
    let SetAnswer::Saved(moved) = moved else { panic!("all is there") };
    assert_eq!((moved.outcome, moved.file.store.as_str()), (Outcome::Moved, "third-party"));
    let (from, to) = (deploy(&site, "from", &["acme-set"]).await, deploy(&site, "to", &[]).await);
    let wanted = crate::app::package_moves::Move { to, packages: None, disable: false };
    site.app.move_packages(&site.later(4), from, wanted).await.unwrap();
    assert!(offered(&site, "from").await.is_empty());
    assert_eq!(offered(&site, "to").await, ["one_1_all.deb", "two_1_all.deb"]);
    let store = moved.file.package.store;
    let unsure = site.app.delete_store(&site.later(5), store, false).await;
    assert!(matches!(unsure, Err(AppError::Conflict(_))));
    site.app.delete_store(&site.later(5), store, true).await.unwrap();
    assert!(offered(&site, "to").await.is_empty());
}

#[tokio::test]
async fn d_pkg_08_a_clean_up_knows_what_sets_share() {
    let site = Site::new().await;
    let (one, two) = (package("one", "1", b"x"), package("two", "1", b"y"));
    let (single, both) = ([("one_1_all.deb", &one[..])], files(&one, &two));
    site.upload_set(&site.admin, "both", &both, false).await.unwrap();
    site.upload_set(&site.admin, "kept", &single, false).await.unwrap();
    site.upload(&site.admin, "two_1_all.deb", &two, false).await.unwrap();
    deploy(&site, "d", &["kept"]).await;
    let totals = site.app.orphans(&site.admin, None).await.unwrap();
    let (a, b) = (one.len() as i64, two.len() as i64);
    let expected = OrphanTotals { count: 2, bytes: a + b + 5 + b, freed_bytes: b + 5 };
    assert_eq!(totals, expected, "the content of `one` stays with `kept`");
    let clean = CleanUp { project: None, files: true, count: 2 };
    assert_eq!(site.app.clean_up_orphans(&site.later(1), clean).await.unwrap(), 2);
    assert_eq!(listed(&site, false).await, ["kept"]);
}

#[tokio::test]
async fn undoing_the_replacement_of_a_set_brings_its_files_back() {
    let site = Site::new().await;
    let (one, two) = (package("one", "1", b"x"), package("one", "2", b"x"));
    let set = |bytes| [("one_all.deb", bytes)];
    let first = site.upload_set(&site.admin, "acme-set", &set(&one[..]), false).await.unwrap();
    deploy(&site, "d", &["acme-set"]).await;
    let state = async || {
        let read = |tx: &ReadTx<'_>| crate::storage::changes::state_for_tests(tx);
        site.app.storage().read(read).await.unwrap()
    };
    let before = state().await;
    site.upload_set(&site.later(1), "acme-set", &set(&two[..]), true).await.unwrap();
    let digest = async || {
        let set = site.app.package(&site.admin, first.file.package.id).await.unwrap();
        set.sha256
    };
    assert_ne!(digest().await, first.file.sha256);
    // Some weeks later, all that nobody refers to is collected.
    let late = site.later(27 * 24 * 3600);
    site.app.collect_publications(late.at).await.unwrap();
    site.app.collect_publications(site.later(27 * 24 * 3600 + 90_000).at).await.unwrap();
    let filter = audit::Filter { limit: 1, ..audit::Filter::default() };
    let rows = site.app.history(&site.admin, None, filter).await.unwrap();
    site.app.undo(&late, &[rows[0].id]).await.unwrap();
    assert_eq!(digest().await, first.file.sha256);
    assert_eq!(state().await, before);
    assert_eq!(paths(&site, first.file.package.id).await, ["one_all.deb"]);
}

#[tokio::test]
async fn what_no_set_came_to_name_is_collected_and_a_replaced_set_with_it() {
    let site = Site::new().await;
    let (one, two) = (package("one", "1", b"x"), package("one", "2", b"x"));
    site.send_set_file(&site.admin, "stray_1_all.deb", &package("stray", "1", b"x")).await.unwrap();
    site.upload_set(&site.admin, "acme-set", &[("one_all.deb", &one)], false).await.unwrap();
    site.upload_set(&site.later(1), "acme-set", &[("one_all.deb", &two)], true).await.unwrap();
    let counts = async || site.app.payload_counts().await.unwrap().complete;
    assert_eq!(counts().await, 5, "three packages and two lists");
    let day = 24 * 3600 + 60;
    // The old list can be restored for thirty days, and keeps its files; then both go.
    for (days, left) in [(1, 5), (2, 4), (31, 4), (32, 3), (33, 3), (34, 2)] {
        site.app.collect_publications(site.later(days * day).at).await.unwrap();
        assert_eq!(counts().await, left, "after {days} days");
    }
}
