//! Lists (D-UI-03): their rows as a file, and what is done with a selection of them.

use actix_web::http::StatusCode;

use super::browser::Browser;
use crate::api::tests::Site;

#[actix_web::test]
async fn d_ui_03_every_list_is_exported_as_it_is_filtered() {
    let site = Site::small().await;
    let browser = Browser::signed_in(&site.app, "admin").await;
    // list, how many rows
    let table = [
        ("/accounts", None),
        ("/attributes", None),
        ("/attribute-sets", Some(0)),
        ("/audit", None),
        ("/auto-check-errors", None),
        ("/computers", Some(4)),
        ("/computers?q=pc-one", Some(1)),
        ("/computers?sort=-name&status=group-productive", Some(2)),
        ("/deployments", Some(0)),
        ("/errors?checked=no", Some(2)),
        ("/fault-definitions", None),
        ("/faults", Some(4)),
        ("/formulas", None),
        ("/groups", None),
        ("/migrations", Some(4)),
        ("/notifications", None),
        ("/packages", Some(0)),
        ("/platforms", None),
        ("/policies", Some(0)),
        ("/projects", None),
        ("/schedules", None),
        ("/status-logs", Some(4)),
        ("/stores", Some(0)),
        ("/synchronizations", Some(3)),
        ("/tags", None),
        ("/users", Some(2)),
    ];
    for (list, rows) in table {
        let sign = if list.contains('?') { '&' } else { '?' };
        let shown = browser.get(&format!("{list}{sign}export=csv")).await;
        assert_eq!(shown.status, StatusCode::OK, "D-UI-03: {list}");
        let lines: Vec<&str> = shown.body.lines().collect();
        assert!(lines[0].contains(',') || list == "/auto-check-errors", "{list}: {}", lines[0]);
        assert!(!shown.body.contains("</"), "{list} holds text only: {}", shown.body);
        let found = lines.len() - 1;
        assert!(rows.is_none_or(|rows| rows == found), "{list}: {found} rows: {}", shown.body);
        let page = browser.get(list).await.body;
        let offers = page.contains("export=csv");
        assert_eq!(offers, found > 0, "{list} offers its rows");
    }
    let computers = browser.get("/computers?export=csv&q=pc-one").await.body;
    assert!(computers.contains("CID-1") && computers.contains("debian-12"), "{computers}");
    assert!(!computers.contains("Physical"), "icons have no text in a file: {computers}");
}

#[actix_web::test]
async fn d_ui_03_d_gen_09_a_selection_is_switched_off_and_deleted_after_a_question() {
    let site = Site::small().await;
    let browser = Browser::signed_in(&site.app, "admin").await;
    let list = browser.get("/fault-definitions").await.body;
    for action in ["enable", "disable", "delete"] {
        assert!(list.contains(&format!("name=\"action\" value=\"{action}\"")), "{action}: {list}");
    }
    let url = "/fault-definitions/selection";
    let two = [("id", "81"), ("id", "83")];
    browser.post(url, &[two[0], two[1], ("action", "disable")]).await;
    let off = "SELECT count(*) FROM fault_definition WHERE enabled = 0 AND id IN (81, 83)";
    assert_eq!(site.number(off).await, 2);
    assert_eq!(site.number("SELECT count(*) FROM fault_definition WHERE enabled = 0").await, 2);
    let asked = browser.post(url, &[two[0], two[1], ("action", "delete")]).await;
    for text in ["LOW_SPACE", "FOR_OTHER", "Delete these 2?", "name=\"confirmed\""] {
        assert!(asked.body.contains(text), "{text}: {}", asked.body);
    }
    let all = "SELECT count(*) FROM fault_definition WHERE id > 80";
    assert_eq!(site.number(all).await, 3, "nothing is lost yet");
    let fields = [two[0], two[1], ("action", "delete"), ("confirmed", "yes")];
    let told = browser.submit(url, &fields).await;
    assert!(told.body.contains("2 were deleted."), "{}", told.body);
    assert_eq!(site.number(all).await, 1);
    // Who may only read has nothing to tick.
    let reader = Browser::signed_in(&site.app, "reader").await;
    assert!(!reader.get("/fault-definitions").await.body.contains("type=\"checkbox\""));
    let refused = reader.post(url, &[two[0], ("action", "disable")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

#[actix_web::test]
async fn d_ui_03_an_empty_list_says_whether_anything_was_sought_and_how_to_begin() {
    let site = Site::small().await;
    site.sql("DELETE FROM attribute_set; DELETE FROM schedule; DELETE FROM notification").await;
    let browser = Browser::signed_in(&site.app, "admin").await;
    let reader = Browser::signed_in(&site.app, "reader").await;
    // list, what it says, the form that adds one
    let table = [
        ("/applications", "There are no applications yet.", "/applications/new"),
        ("/attribute-sets", "There are no attribute sets yet.", "/attribute-sets/new"),
        ("/auto-check-errors", "There are no patterns yet.", "/auto-check-errors/new"),
        ("/deployments", "There are no deployments yet.", "/deployments/new?source=E"),
        ("/domains", "There are no domains yet.", "/domains/new"),
        ("/packages", "There are no packages yet.", "/packages/upload"),
        ("/policies", "There are no policies yet.", "/policies/new"),
        ("/schedules", "There are no schedules yet.", "/schedules/new"),
        ("/stores", "There are no stores yet.", "/stores/new"),
        ("/tags", "There are no tags yet.", "/tags/new"),
        ("/tag-categories", "There are no tag categories yet.", "/tag-categories/new"),
        ("/notifications", "There are no notifications yet.", ""),
    ];
    let instead = regex::Regex::new("(?s)<div class=\"empty\">.*").unwrap();
    for (list, text, add) in table {
        let page = browser.get(list).await.body;
        let shown = instead.find(&page).unwrap_or_else(|| panic!("{list}: {page}")).as_str();
        assert!(shown.contains(text), "D-UI-03: {list}: {shown}");
        assert!(add.is_empty() || shown.contains(&format!("href=\"{add}\"")), "{list}: {shown}");
        let page = reader.get(list).await.body;
        let shown = instead.find(&page).unwrap().as_str();
        let offered = !add.is_empty() && shown.contains(add);
        assert!(shown.contains(text) && !offered, "D-PERM-04: {list}: {shown}");
        for filter in ["q=none", "project=debian-12", "related=project.11"] {
            let page = browser.get(&format!("{list}?{filter}")).await.body;
            let shown = instead.find(&page).unwrap().as_str();
            assert!(shown.contains("Nothing matches these filters."), "{list}: {filter}: {shown}");
            assert!(add.is_empty() || !shown.contains(add), "{list}: {filter}: {shown}");
        }
        let page = browser.get(&format!("{list}?cursor=9")).await.body;
        assert!(page.contains("There are no more rows."), "{list}: {page}");
    }
}
