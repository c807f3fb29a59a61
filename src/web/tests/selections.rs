//! Administration lists (D-UI-03): what is done to their ticked rows, and how they are sorted.

use std::collections::BTreeSet;

use actix_web::http::StatusCode;

use super::browser::{Browser, text_of};
use crate::api::tests::Site;
use crate::app::actor::Actor;
use crate::app::attributes::{AttributeFilter, AttributeOrder};
use crate::app::computers::{Cursor, Sorted};
use crate::app::stores::{StoreOrder, StorePage};
use crate::app::tags::{TagFilter, TagOrder};

/// The small site with some more of each kind.
async fn site() -> Site {
    let site = Site::small_with_key().await;
    site.sql(
        "INSERT INTO store (id, project_id, name) VALUES (201, 11, 'zoo'), (202, 12, 'Acme');
         INSERT INTO formula (id, prefix, name, sort) VALUES (601, 'UBI', 'place', 'server'),
             (602, 'ROO', 'Room', 'server');
         INSERT INTO formula (id, prefix, name, code) VALUES (603, 'PLC', 'own', 'echo');
         INSERT INTO attribute (id, formula_id, value, description) VALUES (611, 601, 'b', 'x'),
             (612, 601, 'A', NULL), (613, 602, 'c', 'Y'), (614, 603, 'own', NULL),
             (615, 603, 'other', NULL);
         INSERT INTO computer_tag VALUES (1, 611), (2, 611), (2, 613);
         INSERT INTO auto_check_error (id, message) VALUES (701, 'down'), (702, 'Again');
         INSERT INTO schedule (id, name) VALUES (711, 'slow');
         INSERT INTO payload (id, sha256, size, complete, created_at)
             VALUES (301, zeroblob(32), 1, 1, {0}), (302, randomblob(32), 2, 1, {0});
         INSERT INTO payload_package (payload_id, format, name, version, architecture)
             VALUES (302, 'deb', 'vim', '1', 'all');
         INSERT INTO package (id, project_id, store_id, name, payload_id, registered, created_at,
                 uploaded_at)
             VALUES (401, 11, 201, 'b.deb', 302, 1, {0}, {2}), (402, 12, 202, 'A.deb', 301, 1, {0}, {1});
         INSERT INTO deployment (id, project_id, name, slug, enabled, start_date)
             VALUES (501, 12, 'one', 'one', 1, '2024-01-02'), (502, 11, 'two', 'two', 0, '2024-01-01');
         INSERT INTO deployment_package VALUES (502, 401);
         INSERT INTO account_group (id, name, modified) VALUES (91, 'Own', 1), (92, 'other', 0);
         INSERT INTO account_member SELECT id, 91 FROM account WHERE username = 'reader';",
    )
    .await;
    site
}

#[actix_web::test]
async fn d_ui_03_every_administration_list_has_its_selection() {
    let site = site().await;
    let browser = Browser::signed_in(&site.app, "admin").await;
    let reader = Browser::signed_in(&site.app, "reader").await;
    let (delete, all) = (vec!["delete"], vec!["enable", "disable", "delete"]);
    // list, what its selection does, one that is deleted
    let table = [
        ("/accounts", &all, "reader"),
        ("/attributes", &delete, "615"),
        ("/auto-check-errors", &delete, "701"),
        ("/formulas", &all, "603"),
        ("/groups", &delete, "92"),
        ("/stores", &delete, "202"),
        ("/tag-categories", &all, "602"),
        ("/tags", &delete, "612"),
        ("/projects", &delete, "12"),
        ("/schedules", &delete, "711"),
    ];
    let id = "SELECT id FROM account WHERE username = 'reader'";
    let account = site.number(id).await.to_string();
    site.sql("DELETE FROM computer WHERE project_id = 12").await;
    for (list, actions, id) in table {
        let page = browser.get(list).await.body;
        let offered =
            |action: &&&str| page.contains(&format!("name=\"action\" value=\"{action}\""));
        let offered = ["enable", "disable", "delete"].iter().filter(offered).count();
        assert_eq!(offered, actions.len(), "D-UI-03: {list}");
        assert!(page.contains("name=\"id\" value="), "D-UI-03: {list} has boxes");
        let seen = reader.get(list).await.body;
        assert!(!seen.contains("type=\"checkbox\""), "D-PERM-04: {list}");

        let url = format!("{list}/selection");
        let id = if list == "/accounts" { account.as_str() } else { id };
        let refused = reader_after(&reader, list, &url, id).await;
        assert!(refused, "D-PERM-03: {list}");
        let box_ = format!("name=\"id\" value=\"{id}\"");
        assert!(page.contains(&box_), "{list}: {id}");
        let asked = browser.post(&url, &[("id", id), ("action", "delete")]).await;
        assert!(asked.body.contains("Delete this one?"), "D-GEN-09: {list}: {}", asked.body);
        let fields = [("id", id), ("action", "delete"), ("confirmed", "yes")];
        if list == "/accounts" {
            continue; // Its session is needed for the others.
        }
        let audit = site.number("SELECT count(*) FROM audit").await;
        let told = browser.submit(&url, &fields).await;
        assert!(told.body.contains("1 was deleted."), "{list}: {}", text_of(&told.body));
        assert!(!browser.get(list).await.body.contains(&box_), "{list}");
        assert_eq!(site.number("SELECT count(*) FROM audit").await, audit + 1, "D-GEN-10: {list}");
        // Whoever was quicker deleted it already: nothing is left to ask about.
        assert_eq!(browser.post(&url, &fields[..2]).await.location, list, "{list}");
    }
}

/// Whether somebody who may only read is refused.
async fn reader_after(reader: &Browser, list: &str, url: &str, id: &str) -> bool {
    let fields = [("id", id), ("action", "delete"), ("confirmed", "yes")];
    let shown = reader.post(url, &fields).await;
    assert!(shown.location.is_empty(), "{list}: {}", shown.location);
    shown.status == StatusCode::FORBIDDEN
}

#[actix_web::test]
async fn d_ui_03_d_form_14_what_cannot_be_deleted_is_told_with_its_reason() {
    let site = site().await;
    let browser = Browser::signed_in(&site.app, "admin").await;
    let fields =
        [("id", "1"), ("id", "603"), ("id", "2"), ("action", "delete"), ("confirmed", "yes")];
    let told = browser.post("/formulas/selection", &fields).await;
    assert_eq!(told.status, StatusCode::CONFLICT);
    let text = text_of(&told.body);
    for part in ["1 was deleted.", "These 2 were refused:", "is built in: it can be disabled"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert_eq!(site.number("SELECT count(*) FROM formula WHERE id = 603").await, 0);
    assert_eq!(site.number("SELECT count(*) FROM formula WHERE id IN (1, 2)").await, 2);
    let deleted = "SELECT count(*) FROM audit WHERE object_kind = 'formula' AND action = 'delete'";
    assert_eq!(site.number(deleted).await, 1);

    // Built-in ones can be switched off.
    let fields = [("id", "1"), ("id", "2"), ("action", "disable")];
    let told = browser.submit("/formulas/selection", &fields).await;
    assert!(told.body.contains("2 were disabled."), "{}", text_of(&told.body));
    let off = "SELECT count(*) FROM formula WHERE enabled = 0 AND id IN (1, 2)";
    assert_eq!(site.number(off).await, 2);

    // A project keeps its computers, and the own account is kept.
    let fields = [("id", "11"), ("action", "delete"), ("confirmed", "yes")];
    let told = browser.post("/projects/selection", &fields).await;
    assert!(text_of(&told.body).contains("This one was refused:"), "D-PRJ-02: {}", told.body);
    let admin = site.number("SELECT id FROM account WHERE username = 'admin'").await.to_string();
    let reader = site.number("SELECT id FROM account WHERE username = 'reader'").await.to_string();
    let fields = [("id", admin.as_str()), ("id", reader.as_str()), ("action", "disable")];
    let told = browser.post("/accounts/selection", &fields).await;
    let text = text_of(&told.body);
    assert!(
        text.contains("admin : You cannot take your own rights away, or lock yourself out."),
        "{text}"
    );
    let active = "SELECT count(*) FROM account WHERE is_active AND username IN ('admin', 'reader')";
    assert_eq!(site.number(active).await, 1);
}

#[actix_web::test]
async fn d_gen_09_many_computers_are_confirmed_by_their_number_in_a_selection_too() {
    let site = site().await;
    site.sql(
        "WITH RECURSIVE n(i) AS (SELECT 101 UNION ALL SELECT i + 1 FROM n WHERE i < 160)
         INSERT INTO computer (id, uuid, name, project_id, status, created_at, updated_at,
             sync_start_date) SELECT i, 'V' || i, 'pc' || i, 11, 'intended', 0, 0, 1 FROM n;
         INSERT INTO computer_attribute (computer_id, attribute_id, valid_from)
             SELECT id, 614, 0 FROM computer WHERE id > 100;",
    )
    .await;
    let browser = Browser::signed_in(&site.app, "admin").await;
    let deployment = [
        ("name", "one"),
        ("project", "debian-12"),
        ("start_date", "2023-01-01"),
        ("enabled", "on"),
        ("included_attributes", "PLC-own"),
    ];
    let added = browser.post("/deployments", &deployment).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", text_of(&added.body));
    let url = "/attributes/selection";
    let fields = vec![("id", "615"), ("id", "614"), ("id", "1"), ("action", "delete")];
    let confirmed = [fields, vec![("confirmed", "yes")]].concat();
    let asked = browser.post(url, &confirmed).await;
    assert_eq!(asked.status, StatusCode::CONFLICT);
    assert!(asked.body.contains("name=\"confirmed_computers\""), "{}", text_of(&asked.body));
    for part in ["href=\"/attributes\">Cancel", "type=\"submit\">Delete</button>"] {
        assert!(asked.body.contains(part), "{part}: {}", asked.body);
    }
    let there = "SELECT count(*) FROM attribute WHERE id IN (614, 615)";
    assert_eq!(site.number(there).await, 1, "the first took nothing from anybody");
    // The form is about the rest, and knows what was done.
    let told = text_of(&asked.body);
    assert!(told.contains("1 was deleted."), "{told}");
    let rest = asked.body.split("<form class=\"card\"").nth(1).unwrap();
    let hidden = regex::Regex::new("type=\"hidden\" name=\"(\\w+)\" value=\"(\\w+)\"").unwrap();
    let sent = hidden.captures_iter(rest).map(|found| (found[1].to_owned(), found[2].to_owned()));
    let sent: Vec<_> = sent.filter(|(name, _)| name != "csrf").collect();
    let sent: Vec<_> = sent.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let expected =
        [("id", "614"), ("id", "1"), ("action", "delete"), ("confirmed", "yes"), ("done", "1")];
    assert_eq!(sent, expected);
    let wrong = [sent.clone(), vec![("confirmed_computers", "59")]].concat();
    assert_eq!(browser.post(url, &wrong).await.status, StatusCode::CONFLICT);
    assert_eq!(site.number(there).await, 1);
    let right = [sent, vec![("confirmed_computers", "60")]].concat();
    let told = text_of(&browser.post(url, &right).await.body);
    assert_eq!(site.number(there).await, 0);
    assert!(told.contains("2 were deleted.") && told.contains("This one was refused:"), "{told}");
}

#[actix_web::test]
async fn d_ui_03_each_is_tried_and_what_is_refused_does_not_keep_the_others() {
    let site = site().await;
    site.sql(
        "INSERT INTO deployment (id, project_id, name, slug, enabled, source, start_date, base_url,
                 suite, components)
             VALUES (503, 11, 'far', 'far', 1, 'E', '2024-01-01', 'http://far', 'stable', 'main');
         INSERT INTO package (id, project_id, store_id, name, payload_id, registered, created_at,
                 uploaded_at)
             VALUES (403, 11, 201, 'notes.txt', 301, 0, {0}, {0}),
                    (404, 11, 201, 'c.deb', 302, 0, {0}, {0})",
    )
    .await;
    let browser = Browser::signed_in(&site.app, "admin").await;
    // list, ticked, button, told, what is left
    let table = [
        (
            "/deployments",
            vec!["503", "501", "999"],
            "publish",
            vec![
                "1 repository is being published again.",
                "This one was refused:",
                "has no packages of",
            ],
            "SELECT count(*) FROM regeneration WHERE deployment_id = 501",
        ),
        (
            "/packages",
            vec!["403", "404"],
            "register",
            vec!["1 file was registered again.", "This one was refused:", "is no package"],
            "SELECT count(*) FROM package WHERE id = 404 AND registered = 1",
        ),
        (
            "/packages",
            vec!["403", "402"],
            "delete",
            vec!["1 record was deleted; its file stays.", "This one was refused:", "notes.txt"],
            "SELECT count(*) FROM package WHERE id = 402 AND registered = 0",
        ),
        (
            "/deployments",
            vec!["501", "999", "502"],
            "delete",
            vec!["2 deployments were deleted."],
            "SELECT count(*) = 0 FROM deployment WHERE id IN (501, 502)",
        ),
        (
            "/computers",
            vec!["1", "999", "3"],
            "delete",
            vec!["2 computers were deleted."],
            "SELECT count(*) = 0 FROM computer WHERE id IN (1, 3)",
        ),
    ];
    for (list, ticked, button, told, left) in table {
        let mut fields: Vec<_> = ticked.into_iter().map(|id| ("id", id)).collect();
        fields.extend([("action", button), ("confirmed", "yes")]);
        let mut shown = browser.post(&format!("{list}/selection"), &fields).await;
        if !shown.location.is_empty() {
            shown = browser.get(&shown.location).await;
        }
        let text = text_of(&shown.body);
        for part in told {
            assert!(text.contains(part), "D-UI-03: {list} {button}: {part}: {text}");
        }
        assert_eq!(site.number(left).await, 1, "D-UI-03: {list} {button}");
    }
}

#[actix_web::test]
async fn d_ui_03_a_list_is_sorted_by_the_column_that_was_pressed() {
    let site = site().await;
    let browser = Browser::signed_in(&site.app, "admin").await;
    // list, key of the column, its place
    let table = [
        ("/accounts", "username", 0),
        ("/accounts", "is-active", 3),
        ("/accounts", "last-login", 4),
        ("/attributes", "attribute", 0),
        ("/attributes", "description", 1),
        ("/attributes", "formula", 2),
        ("/auto-check-errors", "pattern", 0),
        ("/deployments", "name", 0),
        ("/deployments", "project", 1),
        ("/deployments", "source", 2),
        ("/deployments", "enabled", 3),
        ("/deployments", "start-date", 4),
        ("/deployments", "packages", 7),
        ("/fault-definitions", "name", 0),
        ("/formulas", "prefix", 0),
        ("/formulas", "name", 1),
        ("/formulas", "enabled", 4),
        ("/formulas", "attributes", 5),
        ("/groups", "name", 0),
        ("/groups", "members", 1),
        ("/packages", "file", 0),
        ("/packages", "package", 1),
        ("/packages", "project", 3),
        ("/packages", "store", 4),
        ("/platforms", "name", 0),
        ("/platforms", "projects", 1),
        ("/projects", "name", 0),
        ("/projects", "platform", 1),
        ("/projects", "pms", 2),
        ("/stores", "name", 0),
        ("/stores", "project", 1),
        ("/stores", "packages", 2),
        ("/stores", "files", 3),
        ("/tag-categories", "prefix", 0),
        ("/tag-categories", "name", 1),
        ("/tag-categories", "tags", 4),
        ("/tags", "tag", 0),
        ("/tags", "description", 1),
        ("/tags", "category", 2),
        ("/tags", "given", 3),
        ("/tags", "computers", 4),
    ];
    let quoted = regex::Regex::new("\"[^\"]*\"").unwrap();
    for (list, key, place) in table {
        let page = browser.get(list).await.body;
        assert!(page.contains(&format!("?sort={key}\"")), "D-UI-03: {list} by {key}");
        let mut orders = Vec::new();
        for sign in ["", "-"] {
            let shown = browser.get(&format!("{list}?sort={sign}{key}")).await.body;
            let sorted = if sign.is_empty() { "ascending" } else { "descending" };
            assert!(shown.contains(&format!("aria-sort=\"{sorted}\"")), "{list} by {sign}{key}");
            let csv = browser.get(&format!("{list}?sort={sign}{key}&export=csv")).await.body;
            let csv = quoted.replace_all(&csv, "quoted");
            let cells = csv.lines().skip(1).map(|line| {
                let cell = line.split(',').nth(place).unwrap().to_lowercase();
                (cell.parse::<i64>().unwrap_or_default(), cell)
            });
            orders.push(cells.collect::<Vec<_>>());
        }
        if key == "last-login" {
            continue; // What is shown is how long ago it was.
        }
        assert!(orders[0].is_sorted(), "D-UI-03: {list} by {key}: {:?}", orders[0]);
        orders[1].reverse();
        assert!(orders[1].is_sorted(), "D-UI-03: {list} by -{key}: {:?}", orders[1]);
        assert_eq!(orders[0].len(), orders[1].len());
    }
}

#[actix_web::test]
async fn d_ui_03_in_any_order_the_pages_hold_every_row_once() {
    let site = site().await;
    let system = Actor::system(crate::clock::now());
    for descending in [false, true] {
        use TagOrder::{Category, Computers, Description, Given, Name};
        for by in [Name, Description, Category, Given, Computers] {
            let (mut ids, mut after) = (Vec::new(), None);
            loop {
                let sorted = Some(Sorted { by, descending });
                let filter = TagFilter { sorted, after, limit: 1, ..TagFilter::default() };
                let page = site.app.tags(&system, filter).await.unwrap();
                ids.extend(page.items.iter().map(|row| row.id.0));
                let Some(next) = page.next else { break };
                after = Cursor::parse(&next);
            }
            assert_eq!(BTreeSet::from_iter(ids.clone()), BTreeSet::from([611, 612, 613]), "{by:?}");
            assert_eq!(ids.len(), 3, "{by:?} {descending}");
        }
        for by in [AttributeOrder::Name, AttributeOrder::Description, AttributeOrder::Formula] {
            let (mut ids, mut after) = (Vec::new(), None);
            loop {
                let sorted = Some(Sorted { by, descending });
                let filter = AttributeFilter { sorted, after, limit: 2, ..Default::default() };
                let page = site.app.attributes(&system, filter).await.unwrap();
                ids.extend(page.items.iter().map(|row| row.id.0));
                let Some(next) = page.next else { break };
                after = Cursor::parse(&next);
            }
            let all = site.number("SELECT count(*) FROM attribute").await;
            let each = BTreeSet::from_iter(ids.clone());
            assert_eq!((ids.len() as i64, each.len() as i64), (all, all), "{by:?} {descending}");
        }
        use StoreOrder::{Files, Id, Packages, Project};
        for by in [Id, StoreOrder::Name, Project, Packages, Files] {
            let (mut ids, mut after) = (Vec::new(), None);
            loop {
                let page = StorePage { sorted: Sorted { by, descending }, after, limit: 1 };
                let found = site.app.stores(&system, None, page).await.unwrap();
                let Some(store) = found.first() else { break };
                ids.push(store.store.id.0);
                after = Cursor::parse(&by.cursor(store).to_string());
            }
            ids.sort_unstable();
            assert_eq!(ids, [201, 202], "{by:?} {descending}");
        }
    }
}
