//! Related data (D-UI-06): numbers on the page of an object, and the lists they lead to.

use super::browser::Browser;
use crate::api::tests::Site;

/// Every list that a page of an object leads to has as many rows as it says.
#[actix_web::test]
async fn d_ui_06_d_attr_04_related_lists_hold_what_their_numbers_say() {
    let site = Site::small().await;
    site.sql(
        "INSERT INTO deployment (id, project_id, name, slug, enabled, source, start_date)
                 VALUES (501, 11, 'tools', 'tools', 1, 'I', '2023-01-01');
             INSERT INTO deployment_attribute (deployment_id, attribute_id, excluded)
                 VALUES (501, 1, 0);
             INSERT INTO store (id, project_id, name) VALUES (201, 11, 'acme');
             INSERT INTO payload (id, sha256, size, complete, created_at)
                 VALUES (301, zeroblob(32), 1, 1, {0});
             INSERT INTO package (id, project_id, store_id, name, payload_id, registered,
                     created_at, uploaded_at)
                 VALUES (401, 11, 201, 'a.deb', 301, 1, {0}, {0});
             INSERT INTO deployment_package (deployment_id, package_id) VALUES (501, 401);
             UPDATE deployment SET schedule_id = 1;
             INSERT INTO fault_definition_attribute (fault_definition_id, attribute_id, excluded)
                 VALUES (81, 1, 0);",
    )
    .await;
    let browser = Browser::signed_in(&site.app, "admin").await;
    let link = regex::Regex::new(r#"<a href="(/[a-z-]+\?[^"]*)">[^<]*<b>(\d+)</b>"#).unwrap();
    let row = regex::Regex::new(r#"<tr id=""#).unwrap();
    let mut followed = 0;
    for page in [
        "/attributes/1",
        "/projects/11",
        "/projects/12",
        "/platforms/1",
        "/deployments/501",
        "/stores/201",
        "/packages/401",
        "/schedules/1",
        "/fault-definitions/81",
        "/formulas/1",
        "/accounts/1",
        "/groups/1",
    ] {
        let html = browser.get(page).await.body;
        assert!(html.contains("/audit?kind="), "{page} has a history");
        let links: Vec<(String, usize)> = link
            .captures_iter(&html)
            .map(|found| (found[1].replace("&amp;", "&"), found[2].parse().unwrap()))
            .collect();
        assert!(!links.is_empty(), "{page} leads to lists");
        for (url, count) in links {
            let list = browser.get(&url).await.body;
            assert_eq!(row.find_iter(&list).count(), count, "{page}: {url}");
            followed += 1;
        }
    }
    assert!(followed > 40, "{followed}");
    let narrowed = browser.get("/deployments?related=attribute.1").await.body;
    assert!(narrowed.contains("Only what belongs to"), "{narrowed}");
    assert!(narrowed.contains("name=\"related\" value=\"attribute.1\""), "it stays");
    let unknown = browser.get("/deployments?related=attribute.999").await;
    assert_eq!(unknown.status.as_u16(), 404);
}
