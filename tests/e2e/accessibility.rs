//! Every page for everybody (WCAG 2.2, level AA), in light and dark, on a narrow screen, in both
//! languages, and by keyboard alone: by an audit of our own, which looks at names, headings,
//! landmarks, focus and contrast, and by that of others, axe-core.
//!
//! The pages are those of `testdata/permissions.txt`, so that a new one is looked at as soon as it is
//! there; what it shows is made in [`site_with_everything`].

use serde_json::{Value, json};

use crate::pages::{signed_in, site};
use crate::support::{
    Browser, ENTER, Emulated, Look, PASSWORD, Site, TAB, axe_core, small_package,
};

const WAYS: &str = include_str!("../../testdata/permissions.txt");
const PROJECT: &str = "debian-12";

/// Addresses that answer no page, or none to who is signed in.
const NO_PAGES: &[&str] = &[
    "/alerts/count",
    "/applications/{id}/icon",
    "/assets/{hash}/{name}",
    "/first-login/{secret}",
    "/login",
    "/suggest/attributes",
    "/suggest/packages",
    "/suggest/tags",
];

/// Pages with something asked of them.
const ASKED: &[&str] = &[
    "/computers/1/simulation?package=whiteboard-driver",
    "/computers?search=nothing",
    "/packages-information?search=acme",
    "/no-such-page",
];

/// Forms that are sent as they are: what is wrong is said on the page.
const WRONG: &[&str] = &[
    "/attribute-sets/new",
    "/attributes/new",
    "/deployments/new",
    "/formulas/new",
    "/policies/new",
    "/projects/new",
    "/schedules/new",
];

/// One of each thing that has a page of its own.
fn site_with_everything() -> Site {
    let site = site();
    let add = |path: &str, fields: Value| drop(site.post(path, &fields));
    site.upload(PROJECT, "acme", &[&small_package(site.dir(), "acme", "1.0", &[])]);
    let all = ["SET-ALL SYSTEMS"];
    add(
        "/deployments",
        json!({ "project": PROJECT, "name": "public", "source": "E", "suite": "bookworm",
            "base_url": "http://deb.example.org/debian", "components": "main",
            "schedule": "2 weeks", "included_attributes": all }),
    );
    add("/applications", json!({ "name": "Acme", "packages": { PROJECT: "acme" } }));
    let group = json!({ "priority": 1, "included_attributes": all, "applications": ["Acme"] });
    add("/policies", json!({ "name": "Acme", "included_attributes": all, "groups": [group] }));
    add("/tag-categories", json!({ "prefix": "FLV", "name": "FLAVOUR" }));
    add("/attribute-sets", json!({ "name": "AULA-3", "included_attributes": ["CID-1"] }));
    add("/domains", json!({ "name": "Goya", "included_attributes": ["CID-1"] }));
    add("/scopes", json!({ "name": "office", "included_attributes": ["CID-1"] }));
    add("/auto-check-errors", json!({ "message": "acme" }));
    add(
        "/fault-definitions",
        json!({ "name": "LOUD", "code": "echo loud",
        "included_attributes": all }),
    );
    Emulated::new(&site, PROJECT, "pc13099").update();
    Emulated::new(&site, PROJECT, "pc13098-again").update();
    site
}

/// All pages, about the first thing of each kind.
fn pages(site: &Site) -> Vec<String> {
    let first = |kind: &str| -> i64 {
        let id = site.list(&format!("/{kind}")).first().and_then(|thing| thing["id"].as_i64());
        id.unwrap_or_else(|| panic!("site_with_everything makes no {kind}"))
    };
    let pages = WAYS.lines().filter_map(|line| line.strip_prefix("page | get "));
    let pages = pages.map(|line| line.split(" | ").next().unwrap().trim());
    let filled = pages.filter(|path| !NO_PAGES.contains(path)).map(|path| {
        let kind = path.split('/').nth(1).unwrap_or_default();
        match kind {
            "data-model" => path.replace("{list}", "computers"),
            "docs" => path.replace("{operation}", "patch_deployments_id"),
            "guide" => path.replace("{name}", "external"),
            _ if !path.contains("{id}") => path.to_owned(),
            // The first is one of our own; only an external one has a cache.
            "deployments" if !path.ends_with("/cache") => path.replace("{id}", "1"),
            "deployments" => path.replace("{id}", "2"),
            _ => path.replace("{id}", &first(kind).to_string()).replace("{delay}", "0"),
        }
    });
    let more = ["/deployments/2", "/deployments/2/edit"];
    filled.chain(more.iter().chain(ASKED).map(|path| (*path).to_owned())).collect()
}

/// What our own audit and, where its script is given, axe-core find on the page that is shown.
fn findings(browser: &Browser, axe: Option<&str>) -> Vec<String> {
    let mut all = browser.obstacles();
    let Some(axe) = axe else { return all };
    let serious = "const serious = found => ['serious', 'critical'].includes(found.impact);
        return axe.run(document, { resultTypes: ['violations'], preload: false }).then(result =>
            result.violations.filter(serious).map(found => found.impact + ' ' + found.id + ': '
                + found.help + ': ' + found.nodes.map(node => node.html).slice(0, 3).join(' ')))";
    let found = browser.script(&format!("{axe}\n{serious}"));
    let found = found.as_array().unwrap_or_else(|| panic!("axe-core: {found}"));
    all.extend(found.iter().map(|text| format!("axe-core: {}", text.as_str().unwrap())));
    all
}

/// Walks all pages in one look; what is wrong, with its address.
fn walk(site: &Site, pages: &[String], look: Look, axe: Option<&str>) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut note = |path: &str, browser: &Browser| {
        wrong.extend(findings(browser, axe).into_iter().map(|what| format!("{path}: {what}")));
    };
    let stranger = Browser::open(look);
    stranger.goto(&site.url("/login"));
    note("/login", &stranger);
    drop(stranger);
    let browser = signed_in(site, look);
    let status = "return performance.getEntriesByType('navigation')[0].responseStatus";
    for path in pages {
        browser.goto(&site.url(path));
        let expected = if path == "/no-such-page" { 404 } else { 200 };
        assert_eq!(browser.script(status), expected, "{path}");
        note(path, &browser);
    }
    for path in WRONG {
        browser.goto(&site.url(path));
        browser.script("document.querySelector('main form').noValidate = true");
        browser.click("main button.main");
        browser.text("main .flash.danger, main [aria-invalid]");
        note(&format!("{path}, sent empty"), &browser);
    }
    browser.goto(&site.url("/deployments/1/edit"));
    browser.fill("[name=packages_to_install]", "acme");
    browser.click("button[name=preview]");
    note("/deployments/1/edit, previewed", &browser);
    // A built-in formula: it is asked about, and then refused.
    browser.goto(&site.url("/formulas?sort=-name"));
    browser.click("[name=id][value='1']");
    browser.click("button[value=delete]");
    browser.text("main [name=confirmed]");
    note("/formulas/selection, asked", &browser);
    browser.click("main button.danger");
    browser.text("main li strong");
    note("/formulas/selection, refused", &browser);
    browser.goto(&site.url("/docs/get_deployments"));
    browser.click("main button.main");
    browser.text("#answer");
    note("/docs/get_deployments, answered", &browser);
    wrong
}

#[test]
fn no_page_has_obstacles() {
    let (axe, site) = (axe_core(), &site_with_everything());
    let pages = &pages(site);
    assert!(pages.len() > 90, "{}", pages.len());
    // Structure is the same in every look: axe-core, which takes a while, sees each colour, width
    // and language once.
    let looks = [
        (Look::default(), Some(axe)),
        (Look { dark: true, width: 400, language: "es", ..Look::default() }, Some(axe)),
        (Look { dark: true, ..Look::default() }, None),
        (Look { width: 400, ..Look::default() }, None),
    ];
    let found = std::thread::scope(|scope| {
        let walks = looks.map(|(look, axe)| {
            let Look { width, dark, language, .. } = look;
            let name = format!("{width} wide, dark: {dark}, {language}: ");
            (name, scope.spawn(move || walk(site, pages, look, axe)))
        });
        let found = walks.into_iter().flat_map(|(name, walk)| {
            walk.join().unwrap().into_iter().map(move |what| format!("{name}{what}"))
        });
        found.collect::<Vec<String>>()
    });
    assert!(found.is_empty(), "{} obstacles:\n{}", found.len(), found.join("\n"));
}

#[test]
fn a_form_needs_no_mouse() {
    let site = site();
    let browser = Browser::open(Look::default());
    browser.goto(&site.url("/login?next=/projects/new"));
    // The first field has the focus already.
    browser.press(&format!("admin{TAB}{PASSWORD}{ENTER}"));
    browser.text("header.bar");
    assert_eq!(browser.url(), site.url("/projects/new"));

    // The first stop leads past the menus.
    browser.press(TAB);
    assert_eq!(browser.script("return document.activeElement.className"), "skip");
    browser.press(ENTER);
    assert_eq!(browser.script("return location.hash"), "#main");
    browser.tab_to("[name=name]");
    browser.press("aula-3");
    browser.tab_to("[name=auto_register_computers]");
    browser.press(" ");
    browser.tab_to("button.main");
    browser.press(ENTER);
    assert!(browser.text("main").contains("aula-3"), "{}", browser.text("main"));
    let projects = site.list("/projects");
    let made = projects.iter().find(|project| project["name"] == "aula-3").unwrap();
    assert_eq!(made["auto_register_computers"], true);
}
