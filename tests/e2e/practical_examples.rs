//! The practical examples of the book: who is affected is said in one place, and computers follow
//! at their next synchronisation.

use jiff::civil::{Date, Weekday};
use serde_json::{Value, json};

use crate::support::{Desktop, Emulated, Site, in_network, move_to, small_package};

const PROJECT: &str = "debian-12";

/// A site with one project and a package in it.
fn site(package: &str, version: &str) -> Site {
    let site = Site::start();
    let project = json!({ "name": PROJECT, "platform": "Linux", "pms": "apt",
        "auto_register_computers": true });
    site.post("/projects", &project);
    site.upload(PROJECT, "acme", &[&small_package(site.dir(), package, version, &[])]);
    site
}

/// The path of a new deployment of the project, with these fields.
fn deploy(site: &Site, name: &str, fields: Value) -> String {
    let mut made = json!({ "project": PROJECT, "name": name, "enabled": true });
    made.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    format!("/deployments/{}", site.post("/deployments", &made)["id"])
}

/// Names of the computers that the server knows to have a package, in their order.
fn holders(site: &Site, package: &str) -> Vec<String> {
    let found = site.list(&format!("/software?package={package}"));
    let still = found.iter().filter(|holder| holder["to"].is_null());
    let mut ids: Vec<i64> =
        still.map(|holder| holder["computer"]["id"].as_i64().unwrap()).collect();
    ids.sort_unstable();
    ids.iter().map(|id| format!("CID-{id}")).collect()
}

fn update(computer: &Emulated) {
    let output = computer.update();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Their network is the first thing two of the three computers differ in.
const BANNED: &str = "192.168.100.10/24";
const ELSEWHERE: &str = "10.0.9.7/24";

#[test]
fn d_scn_05_d_aset_07_d_pol_05_usb_is_banned_by_editing_a_set() {
    let name = "practical_examples::d_scn_05_d_aset_07_d_pol_05_usb_is_banned_by_editing_a_set";
    in_network(name, BANNED, usb_ban);
}

fn usb_ban() {
    const BAN: &str = "acme-media-disable";
    let site = site(BAN, "1.0");
    let group = json!({ "prefix": "GRP", "name": "GROUP", "kind": "N", "language": "bash",
        "code": "cat /etc/group-of-this-computer 2>/dev/null || echo none" });
    site.post("/formulas", &group);
    let (inside, outside) = (Desktop::new(&site, PROJECT), Desktop::new(&site, PROJECT));
    let spared = Emulated::new(&site, PROJECT, "spared");
    outside.root.write("/etc/group-of-this-computer", "NO-MEDIA\n");
    let everyone = || {
        move_to(ELSEWHERE);
        outside.sync();
        move_to(BANNED);
        update(&spared);
    };
    inside.sync();
    everyone();

    // Repository, application, policy: made once, never touched again.
    let all = ["SET-ALL SYSTEMS"];
    let available =
        json!({ "included_attributes": all, "available_packages": [format!("{BAN}_1.0_all.deb")] });
    deploy(&site, "media", available);
    site.post("/applications", &json!({ "name": "NO-MEDIA", "packages": { PROJECT: BAN } }));
    let set = site.post("/attribute-sets", &json!({ "name": "NO-MEDIA" }));
    let set = format!("/attribute-sets/{}", set["id"]);
    site.post(
        "/policies",
        &json!({ "name": "NO-MEDIA", "included_attributes": all, "groups": [
            { "priority": 1, "included_attributes": ["SET-NO-MEDIA"], "applications": ["NO-MEDIA"] },
            { "priority": 2, "included_attributes": all },
        ] }),
    );
    inside.sync();
    everyone();
    assert_eq!(holders(&site, BAN).len(), 0, "the set is empty");

    let network = "NET-192.168.100.0/24";
    // included                              excluded   who is banned
    let table: [(&[&str], &[&str], [bool; 3]); 4] = [
        (&[network, "GRP-NO-MEDIA"], &["CID-3"], [true, true, false]),
        (&[network], &[], [true, false, true]),
        (&["CID-2", network], &["CID-1", "CID-3"], [false, true, false]),
        (&["GRP-NO-MEDIA"], &["CID-2"], [false, false, false]),
    ];
    let banned = |desktop: &Desktop| desktop.root.installed(BAN).is_some();
    for (included, excluded, expected) in table {
        let before = (banned(&inside), banned(&outside));
        let edited = json!({ "included_attributes": included, "excluded_attributes": excluded });
        site.patch(&set, &edited);
        assert_eq!((banned(&inside), banned(&outside)), before, "not before they synchronise");
        inside.sync();
        everyone();
        assert_eq!([banned(&inside), banned(&outside)], expected[..2], "{included:?} {excluded:?}");
        let by_server = (1..=3).zip(expected).filter(|(_, banned)| *banned);
        let by_server: Vec<String> = by_server.map(|(id, _)| format!("CID-{id}")).collect();
        assert_eq!(holders(&site, BAN), by_server, "{included:?} {excluded:?}");
    }
}

/// A desktop with this device on its PCI bus.
fn desktop_with(site: &Site, vendor: &str, device: &str) -> Desktop {
    let desktop = Desktop::new(site, PROJECT);
    for (file, id) in [("vendor", vendor), ("device", device)] {
        desktop.root.write(&format!("/sys/bus/pci/devices/0000:00:02.0/{file}"), id);
    }
    desktop
}

/// The day `count` business days before a day, or before the Friday that a weekend follows.
fn business_days_before(day: Date, count: usize) -> Date {
    let is_business = |day: &Date| !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    day.series(jiff::Span::new().days(-1)).filter(is_business).nth(count).unwrap()
}

#[test]
fn d_scn_06_d_sched_04_a_device_is_mended_a_few_computers_a_day() {
    const MENDED: &str = "acme-graphics";
    let site = site(MENDED, "1.0");
    let graphics = || desktop_with(&site, "0x8086\n", "0x1912\n");
    let desktops = [graphics(), graphics(), desktop_with(&site, "0x8086\n", "0x5912\n")];
    desktops.iter().for_each(|desktop| drop(desktop.sync()));
    let named = |id: usize| site.list(&format!("/computers/{id}/attributes"));
    let has = |id: usize| named(id).iter().any(|held| held["name"] == "PCI-8086:1912");
    assert_eq!([1, 2, 3].map(has), [true, true, false]);

    let delay = json!({ "delay": 0, "duration": 20, "attributes": ["PCI-8086:1912"] });
    site.post("/schedules", &json!({ "name": "HP ProDesk", "delays": [delay] }));
    let fields = json!({ "schedule": "HP ProDesk", "packages_to_install": [MENDED],
        "available_packages": [format!("{MENDED}_1.0_all.deb")] });
    let path = deploy(&site, "graphics", fields);
    // It starts today, as a new deployment does where nothing else is said.
    let today: Date = site.get(&path)["start_date"].as_str().unwrap().parse().unwrap();
    // Bucket 1 is reached on the first business day after the start, bucket 2 on the second. Days
    // cannot be waited for: it is the start that moves back.
    for (days_since, expected) in
        [(0, [false; 3]), (1, [true, false, false]), (2, [true, true, false])]
    {
        let start = business_days_before(today, days_since).to_string();
        site.patch(&path, &json!({ "start_date": start }));
        desktops.iter().for_each(|desktop| drop(desktop.sync()));
        let mended = [0, 1, 2].map(|n| desktops[n].root.installed(MENDED).is_some());
        assert_eq!(mended, expected, "{days_since} business days after the start");
        assert_eq!(desktops[2].sources(), "", "no other computer ever sees the repository");
    }
    let start = business_days_before(today, 40).to_string();
    site.patch(&path, &json!({ "start_date": start }));
    desktops[2].sync();
    assert_eq!(desktops[2].root.installed(MENDED), None, "not even when the schedule is over");
}

#[test]
fn d_scn_07_a_classroom_gets_a_package_at_the_next_synchronisation_of_each() {
    // Newer than what the systems of the tests could have from elsewhere.
    let site = site("gimp", "2.10.36");
    let desktop = Desktop::new(&site, PROJECT);
    desktop.sync();
    let names = (2..=9).map(|number| format!("aula-3-{number}"));
    let others: Vec<Emulated> = names.map(|name| Emulated::new(&site, PROJECT, &name)).collect();
    others.iter().for_each(update);
    let cids: Vec<String> = (1..=8).map(|id| format!("CID-{id}")).collect();
    site.post("/attribute-sets", &json!({ "name": "AULA-3", "included_attributes": cids }));
    let fields = json!({ "included_attributes": ["SET-AULA-3"], "start_date": "2024-06-03",
        "available_packages": ["gimp_2.10.36_all.deb"] });
    let path = deploy(&site, "per-aula-3", fields);
    desktop.sync();
    others.iter().for_each(update);
    assert_eq!(holders(&site, "gimp").len(), 0, "available, and nobody asked for it");
    assert!(desktop.sources().contains(" per-aula-3 PKGS\n"), "{}", desktop.sources());

    site.patch(&path, &json!({ "packages_to_install": ["gimp"] }));
    assert_eq!(desktop.root.installed("gimp"), None, "not before the next synchronisation");
    desktop.sync();
    assert_eq!(desktop.root.installed("gimp").as_deref(), Some("2.10.36"));
    // One after the other; the ninth computer is in another room.
    for (number, other) in (2..).zip(&others) {
        assert_eq!(holders(&site, "gimp"), cids[..number - 1], "before CID-{number}");
        update(other);
    }
    assert_eq!(holders(&site, "gimp"), cids);
}
