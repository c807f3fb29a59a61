//! Every page for everybody: names, headings, landmarks, focus and contrast (WCAG 2.2, level AA),
//! in light and dark, on a narrow screen, in both languages, and by keyboard alone.

use crate::pages::{addresses, signed_in, site};
use crate::support::{Browser, ENTER, Look, PASSWORD, TAB};

/// Pages that no list leads to.
const OTHERS: &[&str] = &[
    "/alerts",
    "/account/password",
    "/computers/1/edit",
    "/computers/1/delete",
    "/computers/1/attributes",
    "/computers/1/software",
    "/computers/1/history",
    "/computers/1/hardware",
    "/computers/1/simulation?package=whiteboard-driver",
    "/deployments/new",
    "/deployments/1/edit",
    "/projects/new",
    "/stores/new",
    "/packages/upload",
    "/formulas/new",
    "/fault-definitions/new",
    "/attributes/new",
    "/applications/new",
    "/policies/new",
    "/schedules/new",
    "/schedules/1",
    "/tag-categories/new",
    "/tags/new",
    "/attribute-sets/new",
    "/domains/new",
    "/scopes/new",
    "/groups/new",
    "/deployments/1",
    "/no-such-page",
    "/docs",
];

#[test]
fn no_page_has_obstacles() {
    let site = site();
    let looks = [
        Look::default(),
        Look { dark: true, ..Look::default() },
        Look { width: 400, ..Look::default() },
        Look { width: 400, language: "es", ..Look::default() },
    ];
    for look in looks {
        let stranger = Browser::open(look);
        stranger.goto(&site.url("/login"));
        assert_eq!(stranger.obstacles(), Vec::<String>::new(), "/login");
        drop(stranger);
        let browser = signed_in(&site, look);
        let mut pages = addresses(&site, &browser);
        pages.extend(OTHERS.iter().map(|path| (*path).to_owned()));
        let mut found = Vec::new();
        for path in pages {
            browser.goto(&site.url(&path));
            found.extend(browser.obstacles().into_iter().map(|what| format!("{path}: {what}")));
        }
        let Look { width, dark, language, .. } = look;
        assert!(found.is_empty(), "{width} wide, dark: {dark}, {language}:\n{}", found.join("\n"));
    }
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
