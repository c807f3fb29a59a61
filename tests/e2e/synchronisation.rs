//! Synchronisations that do not go smoothly: seen while they last, cut off before their report,
//! with programs that hang, flood and fail.

use std::path::Path;
use std::process::{Child, Stdio};
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Browser, Desktop, Emulated, Look, PASSWORD, Site, small_package, wait_for};

const PROJECT: &str = "debian-12";
/// The longest a synchronisation may take to get somewhere on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

fn site() -> Site {
    let site = Site::start();
    let project = json!({ "name": PROJECT, "platform": "Linux", "pms": "apt",
        "auto_register_computers": true });
    site.post("/projects", &project);
    site
}

fn fault_definition(site: &Site, name: &str, code: &str) {
    site.post(
        "/fault-definitions",
        &json!({ "name": name, "code": code, "included_attributes": ["SET-ALL SYSTEMS"] }),
    );
}

/// A program that makes `waiting` and goes on when somebody makes `go`.
fn wait_in(directory: &str) -> String {
    format!("touch {directory}/waiting\nuntil [ -e {directory}/go ]; do sleep 0.05; done\n")
}

fn until_waiting(directory: &Path) {
    let file = directory.join("waiting");
    wait_for("the computer to be in the middle", PATIENCE, || file.exists().then_some(()));
}

fn go(directory: &Path) {
    std::fs::write(directory.join("go"), "").unwrap();
}

fn start(desktop: &Desktop) -> Child {
    let mut client = desktop.client(&["update"]);
    client.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

#[test]
fn d_msg_04_d_sync_18_what_computers_are_doing_is_seen_live() {
    let site = site();
    let computer = Emulated::new(&site, PROJECT, "pc13098");
    let place = computer.path().to_str().unwrap();
    fault_definition(&site, "SLOW", &wait_in(place));
    let put = |name: &str, value: &str| {
        let answer =
            site.call(Method::PUT, &format!("/settings/{name}"), Some(&json!({ "value": value })));
        answer.expect_status(reqwest::StatusCode::OK);
    };
    let browser = Browser::open(Look::default());
    browser.goto(&site.url("/login?next=/messages"));
    browser.fill("[name=username]", "admin");
    browser.fill("[name=password]", PASSWORD);
    browser.click("main button[type=submit]");
    let page = |what: &str, is_so: &dyn Fn(&str) -> bool| {
        wait_for(what, PATIENCE, || {
            let text = browser.text("main");
            is_so(&text).then_some(text)
        })
    };
    page("an empty list", &|text| !text.contains("CID-1"));
    std::thread::scope(|scope| {
        let update = scope.spawn(|| computer.update());
        until_waiting(computer.path());
        // The page is never loaded again by us.
        let text = page("the message", &|text| text.contains("Looking for faults"));
        for part in ["CID-1", PROJECT, "root"] {
            assert!(text.contains(part), "no {part} in {text}");
        }
        assert!(!text.contains("delayed"), "{text}");
        put("SECONDS_MESSAGE_ALERT", "1");
        page("the mark of a delay", &|text| text.contains("delayed: 00:00:0"));
        put("SECONDS_MESSAGE_ALERT", "1800");
        go(computer.path());
        let output = update.join().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    });
    page("its end", &|text| !text.contains("CID-1"));
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

#[test]
fn d_sync_17_a_server_that_is_away_at_the_report_gets_it_later() {
    let site = site();
    let desktop = Desktop::new(&site, PROJECT);
    desktop.sync();
    site.upload(PROJECT, "acme", &[&small_package(site.dir(), "acme", "1.0", &[])]);
    site.post(
        "/deployments",
        &json!({ "project": PROJECT, "name": "all", "enabled": true, "start_date": "2024-06-03",
            "included_attributes": ["SET-ALL SYSTEMS"],
            "available_packages": ["acme_1.0_all.deb"], "packages_to_install": ["acme"] }),
    );
    fault_definition(&site, "LOW", "echo only this once");
    fault_definition(&site, "BAD", "exit 3");
    // Hooks after the packages: the plan is carried out, the report not yet sent.
    let hook = "/etc/migas/post-sync.d/10-wait";
    desktop.root.write(hook, &format!("#!/bin/sh\n{}", wait_in("/tmp")));
    desktop.root.run("chmod", &["755", hook]);
    let client = start(&desktop);
    let tmp = desktop.root.path().join("tmp");
    until_waiting(&tmp);
    site.signal("KILL");
    go(&tmp);
    let output = client.wait_with_output().unwrap();
    let words = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(69), "{words}");
    assert!(desktop.root.installed("acme").is_some());

    let site = site.start_again();
    assert_eq!(site.get("/computers/1")["counts"]["synchronizations"], 1, "the report is not here");
    assert_eq!(site.list("/faults").len(), 0);
    // What was found then is not found any more: it must come out of what the client kept.
    let definitions = site.list("/fault-definitions");
    let low = definitions.iter().find(|one| one["name"] == "LOW").unwrap();
    site.patch(&format!("/fault-definitions/{}", low["id"]), &json!({ "code": "true" }));
    desktop.root.run("rm", &[hook]);
    desktop.sync();

    assert_eq!(site.get("/computers/1")["counts"]["synchronizations"], 3);
    let faults = site.list("/faults");
    assert_eq!(faults.len(), 1, "{faults:?}");
    assert_eq!(faults[0]["result"], "only this once");
    let errors = texts(&site.list("/errors"), "description");
    let bad = errors.iter().filter(|text| text.starts_with("fault BAD: ")).count();
    assert_eq!(bad, 2, "one of each run: {errors:?}");
    let history = site.list("/computers/1/history");
    assert_eq!(history[0]["changes"], json!(["+acme-1.0"]), "once: {history:?}");
    assert_eq!(history.len(), 1, "{history:?}");
    assert_eq!(history[0]["manual"], false);
}

#[test]
fn d_form_13_formulas_that_hang_flood_or_fail_give_an_error_and_no_attribute() {
    let site = site();
    // prefix  code                                            what the error says
    let table = [
        ("HNG", "sleep 1000 & sleep 1000", "60 seconds"),
        ("FLD", "head -c 100000000 /dev/zero | tr '\\0' x", "more than 1048576 bytes"),
        ("FAI", "echo half a value; echo the reason >&2; exit 3", "the reason"),
        ("BIN", "printf '\\377\\376'", ""),
        ("GUD", "echo good", ""),
    ];
    for (prefix, code, _) in table {
        site.post(
            "/formulas",
            &json!({ "prefix": prefix, "name": format!("formula {prefix}"), "code": code,
                "language": "bash", "kind": "N" }),
        );
    }
    let computer = Emulated::new(&site, PROJECT, "pc13098");
    let output = computer.update();
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "the rest goes on: {words}");
    let attributes = texts(&site.list("/computers/1/attributes"), "name");
    assert!(attributes.contains(&"GUD-good".to_owned()), "{attributes:?}");
    let errors = texts(&site.list("/errors"), "description");
    for (prefix, _, says) in table.iter().filter(|(.., says)| !says.is_empty()) {
        let error = errors.iter().find(|text| text.contains(&format!("formula {prefix}: ")));
        let error = error.unwrap_or_else(|| panic!("no error of {prefix}: {errors:?}"));
        assert!(error.contains(says), "{error}");
        assert!(error.len() < 100_000, "the error of {prefix} is bounded");
        let held = attributes.iter().any(|name| name.starts_with(&format!("{prefix}-")));
        assert!(!held, "{attributes:?}");
    }
    // What a formula started has ended with it.
    let left = std::process::Command::new("pgrep").args(["-f", "^sleep 1000$"]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&left.stdout), "");
}

/// One field of every item.
fn texts(items: &[Value], field: &str) -> Vec<String> {
    items.iter().map(|item| item[field].as_str().unwrap().to_owned()).collect()
}
