//! Pages of the audit log over a real site.

use actix_web::http::StatusCode;

use crate::web::tests::browser::text_of;
use crate::web::tests::visitor::Visitor;

#[actix_web::test]
async fn d_gen_10_the_preview_of_an_undo_lists_what_it_takes_back() {
    let visitor = Visitor::of("admin").await.with_a_fleet().await;
    let schedule = [("name", "SLOW <b>"), ("description", "for the labs")];
    visitor.post("/schedules", &schedule).await;
    let boxes = regex::Regex::new("name=\"id\" value=\"(\\d+)\"").unwrap();
    let log = visitor.page("/audit").await;
    let ids: Vec<&str> = boxes.captures_iter(&log).map(|found| found.extract::<1>().1[0]).collect();
    let fields = [("id", ids[1]), ("id", ids[0]), ("preview", "yes")];
    let shown = visitor.post("/audit", &fields).await;
    assert_eq!(shown.status, StatusCode::OK);
    let (list, rest) = shown.body.split_once("</section>").unwrap();
    let text = text_of(list);
    // Who, when, what: the newest first, as they are undone.
    for part in ["Changes that would be undone", "admin", "Added", "whiteboards", "for the labs"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert_eq!(list.matches("<time").count(), 2, "{list}");
    let places = ["SLOW &lt;b&gt;", "whiteboards"].map(|name| list.find(name).unwrap());
    assert!(places.is_sorted(), "{list}");
    let buttons = text_of(rest);
    assert!(buttons.contains("Undo") && !buttons.contains("Save"), "{buttons}");
    // Nothing is undone yet; other previews list no changes.
    assert_eq!(visitor.get("/schedules/3").await.status, StatusCode::OK);
    let fields = [("name", "SLOWER"), ("preview", "yes")];
    let other = visitor.post("/schedules/3", &fields).await.body;
    assert!(!other.contains("Changes that would be undone"), "{other}");
}
