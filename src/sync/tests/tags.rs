//! Tags as a computer asks for them and sets them, and the sets it is then in.

use super::site::{Desktop, Site};
use crate::app::actor::Actor;
use crate::app::attribute_sets::SetForm;
use crate::app::computer_changes::ComputerForm;
use crate::domain::ids::ComputerId;
use crate::wire::tags::{SetTags, TagPackages, TagsAnswer};

/// Categories LAB and FLV (enabled) and OFF (disabled), with tags; the deployments of D-TAGPKG-06.
fn tagged_site() -> Site {
    let site = Site::new();
    site.change(
        "INSERT INTO formula (id, prefix, name, enabled, kind, sort, auto_add, language, code) VALUES
             (901, 'FLV', 'FLAVOUR', 1, 'N', 'server', 1, 'bash', ''),
             (902, 'OFF', 'OFF', 0, 'N', 'server', 1, 'bash', ''),
             (903, 'UBI', 'LOCATION', 1, 'R', 'server', 1, 'bash', '');
         INSERT INTO attribute (id, formula_id, value) VALUES
             (9001, 901, 'KIDS'), (9002, 901, 'PROF'), (9003, 902, 'x'),
             (9004, 903, 'PLANTA-1.SEDE_CENTRAL.MADRID'), (9005, 903, 'SEDE_CENTRAL.MADRID'),
             (9006, 903, 'MADRID');
         UPDATE revision SET value = value + 1;",
    );
    site
}

/// The deployments of D-TAGPKG-06, of the project of the computer.
fn flavours(site: &Site) {
    site.change(
        "INSERT INTO deployment (id, project_id, name, slug, start_date, packages_to_install,
             packages_to_remove, default_preincluded_packages, default_included_packages,
             default_excluded_packages) VALUES
             (91, 1, 'base', 'base', '2024-06-01', '', '', '', 'a b', ''),
             (92, 1, 'kids', 'kids', '2024-06-01', '', '', 'repo-k', 'k c', 'x'),
             (93, 1, 'prof', 'prof', '2024-06-01', '', '', '', 'p c', '');
         INSERT INTO deployment_attribute VALUES (91, 1, 0), (92, 9001, 0), (93, 9002, 0);
         UPDATE revision SET value = value + 1;",
    );
}

fn list(names: &str) -> Vec<String> {
    names.split_whitespace().map(str::to_owned).collect()
}

async fn set(desktop: &Desktop, site: &Site, names: &[&str]) -> super::site::Answer {
    let tags = names.iter().map(|name| (*name).to_owned()).collect();
    site.send(&desktop.letter_with("PUT", "/sync/v1/tags", &SetTags { tags })).await
}

async fn ask(desktop: &Desktop, site: &Site) -> TagsAnswer {
    site.send(&desktop.letter_with("GET", "/sync/v1/tags", &())).await.read()
}

/// Attributes of the computer now, of these prefixes.
fn pool(site: &Site) -> String {
    site.text(
        "SELECT ifnull(group_concat(prefix || '-' || value, ' '), '') FROM (
             SELECT prefix, value FROM computer_attribute
             JOIN attribute ON attribute.id = attribute_id
             JOIN formula ON formula.id = formula_id
             WHERE computer_id = 1 AND valid_to IS NULL
               AND (sort = 'server' OR prefix = 'SET') AND attribute.id > 1
             ORDER BY attribute.id)",
    )
}

#[actix_web::test]
async fn d_tag_01_d_tagpkg_01_d_tagpkg_06_d_dist_03_packages_follow_a_change_of_tags() {
    let site = tagged_site();
    let desktop = Desktop::settled(1, &site).await;
    flavours(&site);
    // rule          tags             preinstall  install      remove
    let table: &[(&str, &[&str], &str, &str, &str)] = &[
        ("D-TAGPKG-06", &["FLV-KIDS"], "repo-k", "a b k c", "x"),
        ("D-TAGPKG-06", &["FLV-PROF"], "", "x a b p c", "k repo-k"),
        ("D-TAGPKG-06", &["FLV-KIDS"], "repo-k", "a b k c", "p x"),
        ("D-TAGPKG-06", &["FLV-KIDS"], "repo-k", "a b k c", "x"),
        ("D-TAGPKG-06", &[""], "", "x a b", "k c repo-k"),
        ("D-TAGPKG-04", &[], "", "a b", ""),
    ];
    for (rule, tags, preinstall, install, remove) in table {
        let packages: TagPackages = set(&desktop, &site, tags).await.read();
        let (preinstall, install, remove) = (list(preinstall), list(install), list(remove));
        assert_eq!(packages, TagPackages { preinstall, install, remove }, "{rule} {tags:?}");
        let plan = desktop.sync(&site).await;
        desktop.report(&site, &plan).await;
    }
}

#[actix_web::test]
async fn d_tagpkg_05_a_computer_that_never_synchronised_has_what_every_computer_has() {
    let site = tagged_site();
    let desktop = Desktop::new(1);
    desktop.register(&site).await;
    flavours(&site);
    let packages: TagPackages = set(&desktop, &site, &["FLV-PROF"]).await.read();
    assert_eq!((packages.install, packages.remove), (list("a b p c"), list("")));
}

#[actix_web::test]
async fn d_tag_02_d_tag_06_d_tag_09_d_tag_10_a_computer_sets_its_tags() {
    let site = tagged_site();
    let desktop = Desktop::settled(1, &site).await;
    let all = "UBI-PLANTA-1.SEDE_CENTRAL.MADRID";
    set(&desktop, &site, &[all, "FLV-KIDS", "none"]).await.read::<TagPackages>();
    assert_eq!(pool(&site), "", "D-TAG-09: from the next synchronisation on");
    let mut selected = ask(&desktop, &site).await.selected;
    selected.sort();
    assert_eq!(selected, ["FLV-KIDS", all]);
    let recorded = "SELECT count(*) FROM audit
                    WHERE actor = 'computer CID-1' AND object_kind = 'computer' AND object_id = 1";
    assert_eq!(site.count(recorded), 1, "what it chose is on record");
    desktop.sync(&site).await;
    let expected = format!("FLV-KIDS {all} UBI-SEDE_CENTRAL.MADRID UBI-MADRID");
    assert_eq!(pool(&site), expected, "D-TAG-02");
    // rule       tags that are refused
    let table: &[(&str, &[&str])] = &[
        ("D-TAG-06", &["FLV-PROF", "FLV-NONE"]),
        ("D-TAG-10", &["OFF-x"]),
        ("D-TAG-10", &["SET-ALL SYSTEMS"]),
    ];
    for (rule, tags) in table {
        let problem = set(&desktop, &site, tags).await.problem();
        assert_eq!(problem, (400, "invalid".to_owned()), "{rule} {tags:?}");
        assert_eq!(site.count("SELECT count(*) FROM computer_tag"), 2, "{rule} {tags:?}");
    }
    set(&desktop, &site, &[""]).await.read::<TagPackages>();
    desktop.sync(&site).await;
    assert_eq!(pool(&site), "", "D-TAG-06: all are gone");
    // D-TAG-03: those of a disabled category have no effect.
    set(&desktop, &site, &["FLV-KIDS"]).await.read::<TagPackages>();
    site.change(
        "UPDATE formula SET enabled = 0 WHERE prefix = 'FLV'; UPDATE revision SET value = value + 1",
    );
    desktop.sync(&site).await;
    assert_eq!(pool(&site), "", "D-TAG-03");
}

#[actix_web::test]
async fn d_tag_05_tags_of_deployments_are_offered_by_category() {
    let site = tagged_site();
    let desktop = Desktop::settled(1, &site).await;
    assert_eq!(ask(&desktop, &site).await, TagsAnswer::default());
    flavours(&site);
    site.change(
        "INSERT INTO deployment_attribute VALUES (91, 9006, 0), (91, 9003, 0), (91, 9005, 1);
         UPDATE deployment SET enabled = 0 WHERE id = 93;
         UPDATE revision SET value = value + 1;",
    );
    let available: Vec<(String, Vec<String>)> =
        ask(&desktop, &site).await.available.into_iter().collect();
    let expected = [
        ("FLAVOUR".to_owned(), vec!["FLV-KIDS".to_owned()]),
        ("LOCATION".to_owned(), vec!["UBI-MADRID".to_owned()]),
    ];
    assert_eq!(available, expected, "neither excluded, nor disabled ones");
}

#[actix_web::test]
async fn d_status_07_a_computer_out_of_service_is_given_no_tag() {
    let site = tagged_site();
    let desktop = Desktop::settled(1, &site).await;
    site.change("UPDATE computer SET status = 'available'");
    assert_eq!(set(&desktop, &site, &["FLV-KIDS"]).await.problem().0, 400);
    set(&desktop, &site, &[""]).await.read::<TagPackages>();
}

#[actix_web::test]
async fn d_scn_07_d_scn_05_d_aset_07_only_the_set_says_who_is_affected() {
    let site = Site::new();
    let desktops = [Desktop::settled(1, &site).await, Desktop::settled(2, &site).await];
    let admin = Actor::system(super::site::at(super::site::NOW_MS));
    let form = |included: &[&str], excluded: &[&str]| SetForm {
        name: "AULA-3".into(),
        description: String::new(),
        enabled: true,
        included_attributes: included.iter().map(|name| (*name).to_owned()).collect(),
        excluded_attributes: excluded.iter().map(|name| (*name).to_owned()).collect(),
    };
    let set = site.app.add_attribute_set(&admin, form(&["CID-1"], &[])).await.unwrap();
    site.change(
        "INSERT INTO deployment (id, project_id, name, slug, start_date, packages_to_install,
             packages_to_remove)
         VALUES (91, 1, 'per-aula-3', 'per-aula-3', '2024-06-01', '', '');
         INSERT INTO deployment_attribute
             SELECT 91, attribute_id, 0 FROM attribute_set;
         UPDATE revision SET value = value + 1;",
    );
    let installs = async |number: usize| -> Vec<String> {
        let plan = desktops[number - 1].sync(&site).await;
        plan.install.into_iter().map(|order| order.package).collect()
    };
    assert_eq!(installs(1).await, [""; 0]);
    site.change(
        "UPDATE deployment SET packages_to_install = 'gimp'; UPDATE revision SET value = value + 1",
    );
    assert_eq!((installs(1).await, installs(2).await), (list("gimp"), list("")), "D-SCN-07");
    // rule         included             excluded     gimp on 1  and on 2
    type Row<'a> = (&'a str, &'a [&'a str], &'a [&'a str], &'a str, &'a str);
    let table: &[Row<'_>] = &[
        ("D-SCN-05", &["CID-2"], &[], "", "gimp"),
        ("D-ASET-07", &["NET-10.0.2.0/24"], &["CID-2"], "gimp", ""),
        ("D-ASET-07", &["NET-10.9.0.0/24", "CID-2"], &[], "", "gimp"),
    ];
    site.change("INSERT INTO attribute (formula_id, value) SELECT id, '10.9.0.0/24' FROM formula WHERE prefix = 'NET'");
    for (rule, included, excluded, first, second) in table {
        let changed = form(included, excluded);
        site.app.change_attribute_set(&admin, set.id, changed).await.unwrap();
        assert_eq!((installs(1).await, installs(2).await), (list(first), list(second)), "{rule}");
    }
    // Disabled, nobody is in it (D-ASET-05); deleted, it is gone from the deployment (D-ASET-01).
    let off = SetForm { enabled: false, ..form(&["SET-ALL SYSTEMS"], &[]) };
    site.app.change_attribute_set(&admin, set.id, off).await.unwrap();
    assert_eq!(installs(1).await, list(""), "D-ASET-05");
    site.app.delete_attribute_set(&admin, set.id, true).await.unwrap();
    assert_eq!(site.count("SELECT count(*) FROM deployment_attribute"), 0, "D-ASET-01");
    let given = ComputerForm { tags: Some(Vec::new()), ..ComputerForm::default() };
    site.app.change_computer(&admin, ComputerId(1), given).await.unwrap();
}

#[actix_web::test]
async fn d_aset_02_d_aset_06_sets_name_sets_whatever_their_order() {
    let site = Site::new();
    let desktop = Desktop::settled(1, &site).await;
    site.change("INSERT INTO attribute (formula_id, value) SELECT id, '10.9.0.0/24' FROM formula WHERE prefix = 'NET'");
    let admin = Actor::system(super::site::at(super::site::NOW_MS));
    let form = |name: &str, included: &[&str], excluded: &[&str]| SetForm {
        name: name.into(),
        description: String::new(),
        enabled: true,
        included_attributes: included.iter().map(|name| (*name).to_owned()).collect(),
        excluded_attributes: excluded.iter().map(|name| (*name).to_owned()).collect(),
    };
    let slow = site.app.add_attribute_set(&admin, form("Z LENTA", &["NET-10.0.2.0/24"], &[]));
    let slow = slow.await.unwrap();
    let fast = form("A RAPIDA", &["ALL SYSTEMS"], &["SET-Z LENTA"]);
    site.app.add_attribute_set(&admin, fast).await.unwrap();
    desktop.sync(&site).await;
    assert_eq!(pool(&site), "SET-Z LENTA", "D-ASET-06");
    let other = form("Z LENTA", &["NET-10.9.0.0/24"], &[]);
    site.app.change_attribute_set(&admin, slow.id, other).await.unwrap();
    desktop.sync(&site).await;
    assert_eq!(pool(&site), "SET-A RAPIDA", "D-ASET-06");
}
