//! What can be done with computers from their pages (3.1, 3.2).

use super::browser::{Browser, text_of};
use crate::api::tests::Site;
use crate::catalogue::Lang;
use crate::domain::site_settings::SiteSettings;
use crate::domain::status::Status;

#[actix_web::test]
async fn d_comp_07_one_computer_is_simulated_and_its_hardware_shown() {
    let site = Site::small().await;
    let browser = Browser::signed_in(&site.app, "admin").await;
    let page = browser.get("/computers/1").await.body;
    for (link, shows) in
        [("/computers/1/simulation", "Simulate"), ("/computers/1/hardware", "OptiPlex 7010")]
    {
        assert!(page.contains(&format!("href=\"{link}\"")), "no way to {link}");
        let shown = browser.get(link).await;
        assert_eq!(shown.status, 200, "{link}");
        assert!(shown.body.contains(shows), "{link}: {}", text_of(&shown.body));
    }
}

#[actix_web::test]
async fn d_comp_07_a_selection_changes_its_status_is_deleted_or_exported() {
    let site = Site::small().await;
    site.sql("UPDATE computer SET name = '=1+1,\"x\"' WHERE id = 3").await;
    let browser = Browser::signed_in(&site.app, "admin").await;
    let page = browser.get("/computers").await.body;
    for action in ["status", "delete", "export"] {
        let button = format!("name=\"action\" value=\"{action}\"");
        assert!(page.contains(&button), "the list cannot {action}");
    }

    let fields = [("id", "1"), ("id", "3"), ("action", "export")];
    let file = browser.post("/computers/selection", &fields).await;
    assert_eq!(file.status, 200);
    let lines: Vec<&str> = file.body.split("\r\n").collect();
    assert_eq!(lines.len(), 4, "a head, two computers, the end: {}", file.body);
    assert!(lines[0].starts_with("Number,Name,"), "{}", lines[0]);
    assert!(lines[1].starts_with("1,pc-one,,UUID-1,Assigned,Linux,debian-12,ana,"), "{}", lines[1]);
    assert!(lines[1].contains("2023-11-14 22:47:40"), "the end of its last synchronisation");
    assert!(lines[2].starts_with("3,\"'=1+1,\"\"x\"\"\",,UUID-3,In repair,"), "{}", lines[2]);

    let fields = [("id", "1"), ("action", "status"), ("status", "reserved")];
    browser.submit("/computers/selection", &fields).await;
    let reserved = "SELECT count(*) FROM computer WHERE id = 1 AND status = 'reserved'";
    assert_eq!(site.number(reserved).await, 1);
    browser.post("/computers/selection", &[("id", "2"), ("action", "delete")]).await;
    browser
        .submit("/computers/selection", &[("id", "2"), ("action", "delete"), ("confirmed", "yes")])
        .await;
    assert_eq!(site.number("SELECT count(*) FROM computer WHERE id = 2").await, 0);
    // Nothing ticked is no error, and no file.
    let shown = browser.post("/computers/selection", &[("action", "export")]).await;
    assert_eq!(shown.location, "/computers");
}

#[actix_web::test]
async fn d_status_03_each_status_says_what_it_means() {
    assert_eq!(SiteSettings::default().default_computer_status, Status::Intended);
    let site = Site::small().await;
    // rule           status          English                 Spanish
    let table = [
        ("D-STATUS-03", Status::Intended, "In its normal use", "En su uso normal"),
        ("D-STATUS-03", Status::Reserved, "In special use, for tests", "uso especial"),
        ("D-STATUS-03", Status::Unknown, "In any other use", "otro uso"),
        ("D-STATUS-03", Status::Available, "Free and ready for use", "Libre y listo"),
        ("D-STATUS-03", Status::InRepair, "Being repaired", "Se está reparando"),
        ("D-STATUS-03", Status::Unsubscribed, "Will never be used again", "No se volverá a usar"),
    ];
    for lang in [Lang::En, Lang::Es] {
        let browser = Browser::signed_in(&site.app, "admin").await.speaks(lang.code());
        for path in ["/computers", "/computers/1/edit"] {
            let page = browser.get(path).await.body;
            for (rule, status, english, spanish) in table {
                let meaning = if lang == Lang::En { english } else { spanish };
                assert!(page.contains(meaning), "{rule} {status:?}: {meaning} is not on {path}");
            }
        }
    }
}
