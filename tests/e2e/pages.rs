//! The pages in a real browser: signing in, reading, changing, with and without JavaScript, on a
//! narrow screen, light and dark, and as a screen reader meets them.

use serde_json::json;

use crate::support::{Browser, Emulated, Look, PASSWORD, Site};

const PROJECT: &str = "debian-12";

/// A site with a computer that was asked for a package nobody has, and reported the error.
pub fn site() -> Site {
    let site = Site::start();
    let project = json!({ "name": PROJECT, "platform": "Linux", "pms": "apt",
        "auto_register_computers": true });
    site.post("/projects", &project);
    site.post(
        "/deployments",
        &json!({ "project": PROJECT, "name": "whiteboards", "enabled": true,
            "start_date": "2024-06-03", "included_attributes": ["SET-ALL SYSTEMS"],
            "packages_to_install": ["whiteboard-driver"] }),
    );
    let computer = Emulated::new(&site, PROJECT, "pc13098");
    let update = computer.update();
    assert_eq!(update.status.code(), Some(1), "{}", String::from_utf8_lossy(&update.stderr));
    assert_eq!(site.list("/errors").len(), 1);
    site
}

/// Opens a browser where `admin` is signed in.
pub fn signed_in(site: &Site, look: Look) -> Browser {
    let browser = Browser::open(look);
    browser.goto(&site.url("/login"));
    browser.fill("[name=username]", "admin");
    browser.fill("[name=password]", PASSWORD);
    browser.click("main button[type=submit]");
    browser.text("header.bar");
    browser
}

#[test]
fn who_is_not_signed_in_is_asked_first_and_led_on() {
    let site = site();
    let browser = Browser::open(Look { javascript: false, ..Look::default() });
    browser.goto(&site.url("/computers"));
    assert!(browser.url().contains("/login"), "{}", browser.url());
    browser.fill("[name=username]", "admin");
    browser.fill("[name=password]", "not the password");
    browser.click("main button[type=submit]");
    assert!(browser.url().contains("/login"), "{}", browser.url());
    browser.fill("[name=username]", "admin");
    browser.fill("[name=password]", PASSWORD);
    browser.click("main button[type=submit]");
    assert_eq!(browser.url(), site.url("/computers"));
    assert!(browser.text("main table").contains("CID-1"), "{}", browser.text("main table"));
}

#[test]
fn d_err_04_errors_are_checked_off_without_javascript() {
    let site = site();
    let browser = signed_in(&site, Look { javascript: false, ..Look::default() });
    browser.goto(&site.url("/errors"));
    assert!(browser.text("#error-1").contains("whiteboard-driver"), "{}", browser.text("#error-1"));
    browser.click("#error-1 input[type=checkbox]");
    browser.click("button[name=action][value=check]");
    assert!(browser.url().starts_with(&site.url("/errors")), "{}", browser.url());
    assert_eq!(site.get("/errors/1")["checked"], true);
}

#[test]
fn pages_follow_the_light_and_the_dark_of_the_system() {
    let site = site();
    let brightness = |dark: bool| {
        let browser = signed_in(&site, Look { dark, ..Look::default() });
        browser.goto(&site.url("/computers"));
        let of = |property: &str| {
            let color =
                browser.script(&format!("return getComputedStyle(document.body).{property}"));
            let color = color.as_str().unwrap().to_owned();
            let inside = color.split(['(', ')']).nth(1).unwrap();
            let parts = inside.split([',', ' ']).filter_map(|part| part.trim().parse::<f64>().ok());
            parts.take(3).sum::<f64>()
        };
        (of("color"), of("backgroundColor"))
    };
    let (text, ground) = brightness(false);
    assert!(text < ground, "light: dark text ({text}) on a light ground ({ground})");
    let (text, ground) = brightness(true);
    assert!(text > ground, "dark: light text ({text}) on a dark ground ({ground})");
}

#[test]
fn pages_speak_the_language_of_the_browser() {
    let site = site();
    let browser = signed_in(&site, Look { language: "es", ..Look::default() });
    browser.goto(&site.url("/computers"));
    assert_eq!(browser.text("h1"), "Ordenadores");
    assert_eq!(browser.script("return document.documentElement.lang"), "es");
}

#[test]
fn d_comp_08_a_computer_is_looked_at_from_every_side() {
    let site = site();
    let browser = signed_in(&site, Look { javascript: false, ..Look::default() });
    browser.goto(&site.url("/computers"));
    browser.follow("CID-1");
    assert_eq!(browser.text("h1"), "CID-1");
    assert!(browser.text("main").contains("pc13098"), "{}", browser.text("main"));
    // view, what stands there
    let table = [
        ("attributes", "SET-ALL SYSTEMS"),
        ("software", "Package"),
        ("hardware", "Captured"),
        ("simulation", "whiteboard-driver"),
        ("simulation?package=whiteboard-driver", "whiteboards"),
    ];
    for (view, expected) in table {
        browser.goto(&site.url(&format!("/computers/1/{view}")));
        let text = browser.text("main");
        assert!(text.contains(expected), "{view} lacks {expected}: {text}");
        assert!(browser.title().contains("CID-1"), "{view}: {}", browser.title());
    }
    browser.goto(&site.url("/computers/1"));
    browser.follow("Edit");
    browser.fill("[name=comment]", "in the library");
    browser.click("main button.main");
    assert_eq!(browser.url(), site.url("/computers/1"));
    assert_eq!(site.get("/computers/1")["comment"], "in the library");
}

#[test]
fn d_deploy_07_a_deployment_is_made_and_changed_without_javascript() {
    let site = site();
    let browser = signed_in(&site, Look { javascript: false, ..Look::default() });
    browser.goto(&site.url("/deployments"));
    browser.follow("New deployment");
    browser.fill("[name=name]", "Drawing board");
    browser.click("details:has([name=find_included_attributes]) > summary");
    browser.fill("[name=find_included_attributes]", "PRJ-");
    browser.click("button[name=look][value=included_attributes]");
    browser.click("[name=pick_included_attributes][value='PRJ-debian-12']");
    browser.fill("[name=packages_to_install]", "drawing-board");
    // What is wrong is said beside its field, and nothing typed is lost.
    browser.fill("[name=packages_to_remove]", "no/package");
    browser.click("main button.main");
    assert!(browser.text("main").contains("no/package is no package"), "{}", browser.text("main"));
    browser.fill("[name=packages_to_remove]", "");
    browser.click("main button.main");
    assert_eq!(browser.text("h1"), "Drawing board");
    // Who gets it: the one computer of the project.
    let reached = browser.texts("#computers tbody tr");
    assert!(reached.len() == 1 && reached[0].contains("CID-1"), "{reached:?}");
    let id = browser.url().rsplit('/').next().unwrap().parse::<i64>().unwrap();
    let read = || site.get(&format!("/deployments/{id}"));
    assert_eq!(read()["included_attributes"], json!(["PRJ-debian-12"]));
    assert_eq!(read()["packages_to_install"], json!(["drawing-board"]));

    browser.follow("Edit");
    browser.fill("[name=excluded_attributes]", "SET-ALL SYSTEMS");
    browser.click("main button.main");
    assert!(browser.text("#computers").contains("No computer"), "{}", browser.text("#computers"));
    browser.click("form[action$='/enabled'] button");
    assert_eq!(read()["enabled"], false);
    assert!(browser.text("main").contains("Disabled"), "{}", browser.text("main"));
    browser.click("form[action$='/enabled'] button");
    assert_eq!(read()["enabled"], true);
}

#[test]
fn names_are_found_and_added_while_one_types() {
    let site = site();
    let browser = signed_in(&site, Look::default());
    browser.goto(&site.url("/deployments/new"));
    browser.fill("[aria-label^='Included attributes']", "PRJ-debian-12");
    browser.click("[data-suggest]:has([name=included_attributes]) .picker-add button");
    let lines = browser.script("return document.querySelector('[name=included_attributes]').value");
    assert_eq!(lines.as_str().unwrap().trim(), "PRJ-debian-12");
    assert_eq!(browser.complaints(), Vec::<String>::new());
}
