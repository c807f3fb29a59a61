//! What every page keeps to, in both languages: headings, labels, table heads, no inline style or
//! script, no text without a translation, hostile names harmless.

use std::collections::BTreeSet;

use regex::Regex;

use super::browser::Browser;
use crate::api::tests::Site;

/// Every page that can be opened on the small site of the fixtures.
const PAGES: &[&str] = &[
    "/",
    "/alerts",
    "/account/password",
    "/computers",
    "/computers?q=pc&status=group-active&machine=P&stale=7&sort=-sync_end_date",
    "/computers/1",
    "/computers/1/edit",
    "/computers/1/delete",
    "/computers/1/attributes",
    "/computers/1/attributes?at=2023-11-14",
    "/computers/1/software",
    "/computers/1/history",
    "/computers/1/hardware",
    "/computers/1/simulation?package=vim",
    "/computers/4/simulation",
    "/users",
    "/attributes",
    "/attributes/new",
    "/attributes/1",
    "/synchronizations",
    "/errors",
    "/errors?checked=no&from=2023-01-01&to=2030-01-01",
    "/faults",
    "/faults?whose=to-check-for-me",
    "/status-logs",
    "/migrations",
    "/notifications",
    "/messages",
    "/docs",
    "/docs/get_tags",
    "/docs/patch_deployments_id",
    "/docs/put_applications_id_icon",
    "/data-model",
    "/data-model/computers",
    "/guide",
    "/guide/releasing",
    "/formulas",
    "/formulas/new",
    "/formulas/1",
    "/applications",
    "/applications/new",
    "/policies",
    "/policies/new",
    "/tag-categories",
    "/tag-categories/new",
    "/attribute-sets",
    "/attribute-sets/new",
    "/tags",
    "/tags/new",
    "/fault-definitions",
    "/fault-definitions/new",
    "/auto-check-errors",
    "/auto-check-errors/new",
    "/projects",
    "/projects/new",
    "/projects/11",
    "/projects/11/delete",
    "/platforms",
    "/accounts",
    "/accounts/new",
    "/accounts/1",
    "/accounts/2/delete",
    "/groups",
    "/groups/new",
    "/groups/1",
    "/groups/1/delete",
    "/domains",
    "/domains/new",
    "/scopes",
    "/scopes/new",
    "/tokens",
    "/settings",
    "/audit",
    "/audit?kind=account&object=1",
    "/deployments",
    "/deployments?source=E",
    "/deployments/new?source=E",
    "/deployments/new",
    "/schedules",
    "/schedules?q=weeks",
    "/schedules/new",
    "/schedules/1",
    "/schedules/1/delete",
    "/schedules/1/statistics?project=11",
    "/schedules/1/delays/new",
    "/schedules/1/delays/0",
    "/stores",
    "/stores/new",
    "/packages",
    "/packages?show=orphan",
    "/packages/orphans",
    "/packages/upload",
    "/packages/upload-set",
    "/packages-information",
];

const HOSTILE: &str = r#"<script>alert(1)</script>"'><img src=x onerror=alert(1)>"#;

/// The small site with names that would do harm if they were not escaped.
async fn hostile_site() -> Site {
    let site = Site::small().await;
    site.sql(
        r#"UPDATE computer SET name = '<script>alert(1)</script>"''><b>', comment = '</textarea><script>alert(1)</script>' WHERE id = 1;
           UPDATE error SET description = '<script>alert(1)</script>' || description;
           UPDATE fault SET result = '<script>alert(1)</script>';
           UPDATE user SET fullname = '"><script>alert(1)</script>';
           UPDATE attribute SET description = '<script>alert(1)</script>' WHERE id > 1;
           UPDATE hardware_node SET product = '<script>alert(1)</script>';
           INSERT INTO setting (name, value) VALUES ('COMPUTER_SEARCH_FIELDS', 'name, id');"#,
    )
    .await;
    let permit = crate::app::actor::Actor::system(crate::clock::now());
    site.app.change_setting(&permit, "ORGANIZATION", Some(HOSTILE.into())).await.unwrap();
    site
}

#[actix_web::test]
async fn every_page_is_sound_in_both_languages() {
    let site = hostile_site().await;
    for language in ["en", "es"] {
        let browser = Browser::signed_in(&site.app, "admin").await.speaks(language);
        for path in PAGES {
            let shown = browser.get(path).await;
            assert_eq!(shown.status, 200, "{path}: {}", super::browser::text_of(&shown.body));
            assert!(shown.policy.contains("default-src 'none'"), "{path}: {}", shown.policy);
            check(&format!("{path} ({language})"), language, &shown.body);
        }
    }
}

#[actix_web::test]
async fn pages_of_strangers_are_sound() {
    let site = hostile_site().await;
    for language in ["en", "es"] {
        let browser = Browser::new(&site.app).speaks(language);
        let shown = browser.get("/login").await;
        check("/login", language, &shown.body);
        let shown = browser.get("/first-login/unknown").await;
        assert_eq!(shown.status, 404);
        check("/first-login", language, &shown.body);
    }
}

fn check(page: &str, language: &str, html: &str) {
    let has = |pattern: &str| Regex::new(pattern).unwrap().is_match(html);
    let count = |pattern: &str| Regex::new(pattern).unwrap().find_iter(html).count();
    let found = |pattern: &str| -> Vec<String> {
        let pattern = Regex::new(pattern).unwrap();
        pattern.captures_iter(html).map(|found| found[1].to_owned()).collect()
    };
    assert!(html.contains(&format!("<html lang=\"{language}\">")), "{page}: language");
    assert_eq!(count("<h1"), 1, "{page}: one heading of the first level");
    assert_eq!(count("<main"), 1, "{page}: one main part");
    // Nothing inline, which the policy would refuse anyway; hostile text stays text.
    let valueless = Regex::new(r#""[^"]*""#).unwrap().replace_all(html, "\"\"");
    let inline = Regex::new(r#"<[^>]*\s(?:style|on[a-z]+)="#).unwrap();
    assert!(!inline.is_match(&valueless), "{page}: an inline style or handler");
    assert!(!has("<script>"), "{page}: a script that somebody typed");
    assert_eq!(count("<script"), count("<script src=\"/assets/"), "{page}: an inline script");
    assert!(!has("<img"), "{page}: an image that somebody typed");
    // Every control has a name for those who do not see the page.
    let labelled: BTreeSet<String> = found(r#"<label[^>]* for="([^"]+)""#).into_iter().collect();
    let id = Regex::new(r#" id="([^"]+)""#).unwrap();
    for control in found(r"<((?:input|select|textarea)\b[^>]*)>") {
        let hidden = control.contains("type=\"hidden\"")
            || control.contains("type=\"search\" name=\"q\" placeholder");
        let named = control.contains("aria-label") || {
            id.captures(&control).is_some_and(|id| labelled.contains(&id[1]))
        };
        assert!(hidden || named, "{page}: no label for <{control}>");
    }
    for head in found(r"<(th\b[^>]*)>") {
        assert!(head.contains("scope="), "{page}: <{head}> without scope");
    }
    // Ids are unique, and what refers to one finds it.
    let ids = found(r#"\sid="([^"]+)""#);
    let unique: BTreeSet<&String> = ids.iter().collect();
    assert_eq!(ids.len(), unique.len(), "{page}: ids are not unique: {ids:?}");
    for reference in found(r#"aria-(?:labelledby|describedby)="([^"]+)""#) {
        for id in reference.split(' ') {
            assert!(unique.contains(&id.to_owned()), "{page}: nothing has the id {id}");
        }
    }
    // A message without translation shows as its key.
    let bare = r">\s*((?:ui|nav|field|menu|done|error|hint|status|alert|computers?|home|model|audit|origin|machine)-[a-z]+[a-z-]*)\s*<";
    assert_eq!(found(bare), Vec::<String>::new(), "{page}: texts that are not in the catalogue");
    // Every form that changes something carries the token.
    for form in found(r#"(?s)<form[^>]*method="post"[^>]*>(.*?)</form>"#) {
        assert!(form.contains("name=\"csrf\""), "{page}: a form without token");
    }
}
