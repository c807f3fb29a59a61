//! Requests sent from the reference, over the real API.

use actix_web::http::StatusCode;

use crate::http::reference::Reference;
use crate::web::tests::browser::text_of;
use crate::web::tests::visitor::Visitor;

const CATEGORY: &str = r#"{"prefix": "UBI", "name": "PLACE"}"#;

/// A form that adds a tag category, and what is counted to see whether it did.
async fn add_category(visitor: &Visitor, more: &[(&str, &str)]) -> String {
    let fields = [&[("body", CATEGORY)], more].concat();
    let shown = visitor.post("/docs/post_tag_categories", &fields).await;
    assert_eq!(shown.status, StatusCode::OK, "{}", text_of(&shown.body));
    text_of(&shown.body)
}

async fn categories(visitor: &Visitor) -> bool {
    visitor.page("/tag-categories").await.contains("UBI")
}

#[actix_web::test]
async fn d_ui_07_every_operation_has_a_form_and_reads_nothing_before_it_is_sent() {
    let visitor = Visitor::of("admin").await;
    let list = visitor.page("/docs").await;
    for operation in Reference::get().sections.iter().flat_map(|section| &section.operations) {
        let path = format!("/docs/{}", operation.id);
        assert!(list.contains(&format!("href=\"{path}\"")), "{path} stands in the list");
        let page = visitor.page(&path).await;
        assert!(page.contains(&format!("<form method=\"post\" action=\"{path}\"")), "{path}");
        for parameter in &operation.parameters {
            let label = format!("for=\"parameter-{}\"", parameter.field.name);
            assert!(page.contains(&label), "{path}: {label}");
        }
        assert!(!page.contains("id=\"answer\""), "{path}");
    }
    assert_eq!(visitor.get("/docs/no_such_operation").await.status, StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn d_ui_07_an_answer_is_shown_with_its_command() {
    let visitor = Visitor::of("admin").await.with_computers().await;
    let shown = visitor.post("/docs/get_computers", &[("query.limit", "1")]).await;
    let text = text_of(&shown.body);
    for part in [
        "GET /api/v1/computers?limit=1",
        "curl --header &quot;Authorization: Bearer $TOKEN&quot;",
        "'http://localhost:8080/api/v1/computers?limit=1'",
        "200 OK",
        "application/json",
        "&quot;pc&lt;",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(shown.body.contains("name=\"query.limit\" type=\"text\" value=\"1\""), "kept");
    // Refusals of the API are answers, too.
    let shown = visitor.post("/docs/get_tags_id", &[("path.id", "999")]).await;
    assert!(text_of(&shown.body).contains("404 Not Found"), "{}", text_of(&shown.body));
    let shown = visitor.post("/docs/get_tags_id", &[("path.id", "")]).await;
    assert_eq!(shown.status, StatusCode::UNPROCESSABLE_ENTITY);
    let shown = visitor.post("/docs/post_tags", &[("body", "{no json")]).await;
    assert!(text_of(&shown.body).contains("400 Bad Request"), "{}", text_of(&shown.body));
}

#[actix_web::test]
async fn d_ui_07_a_change_is_that_of_the_account_and_audited() {
    let visitor = Visitor::of("admin").await;
    let text = add_category(&visitor, &[("only_command", "yes")]).await;
    assert!(text.contains("Nothing was sent") && text.contains("--data-raw"), "{text}");
    let text = add_category(&visitor, &[("query.preview", "true")]).await;
    assert!(text.contains("200 OK"), "{text}");
    assert!(!categories(&visitor).await, "a preview and a command change nothing");
    let text = add_category(&visitor, &[]).await;
    assert!(text.contains("201 Created") && text.contains("&quot;prefix&quot;: &quot;UBI&quot;"));
    assert!(text.contains("confirmed_computers=0"), "it is guarded: {text}");
    assert!(categories(&visitor).await);
    let audit = visitor.page("/audit?q=UBI").await;
    assert!(audit.contains("UBI") && audit.contains("admin"), "{}", text_of(&audit));
}

#[actix_web::test]
async fn d_ui_07_d_perm_03_the_form_may_what_its_account_may() {
    let visitor = Visitor::of("admin").await.turns("reader").await;
    let text = add_category(&visitor, &[]).await;
    assert!(text.contains("403 Forbidden"), "{text}");
    assert!(!categories(&visitor).await);
    let shown = visitor.post("/docs/get_tag_categories", &[]).await;
    assert!(text_of(&shown.body).contains("200 OK"), "{}", text_of(&shown.body));
}

#[actix_web::test]
async fn d_ui_07_d_perm_03_nothing_is_sent_without_the_token_of_the_session() {
    let visitor = Visitor::of("admin").await;
    visitor.forget_token();
    let shown = visitor.post("/docs/post_tag_categories", &[("body", CATEGORY)]).await;
    assert_eq!(shown.status, StatusCode::FORBIDDEN, "{}", text_of(&shown.body));
    assert!(!categories(&visitor).await);
}

#[actix_web::test]
async fn d_ui_07_the_api_behind_the_form_is_reached_by_the_form_only() {
    let visitor = Visitor::of("admin").await;
    let behind = "/docs/get_tags/api/v1/tag-categories";
    assert_eq!(visitor.get(behind).await.status, StatusCode::NOT_FOUND);
    let shown = visitor.post(behind, &[("body", CATEGORY)]).await;
    assert_eq!(shown.status, StatusCode::NOT_FOUND, "{}", text_of(&shown.body));
    assert_eq!(visitor.post("/docs/no_such", &[]).await.status, StatusCode::NOT_FOUND);
    assert!(!categories(&visitor).await);
}

#[actix_web::test]
async fn d_ui_07_taking_something_from_many_computers_wants_their_number() {
    let visitor = Visitor::of("admin").await.with_a_fleet().await;
    let off = |more: &'static [(&str, &str)]| {
        let fields = [&[("path.id", "1"), ("body", r#"{"enabled": false}"#)], more].concat();
        let visitor = &visitor;
        async move { visitor.post("/docs/patch_deployments_id", &fields).await.body }
    };
    let refused = text_of(&off(&[("query.confirmed_computers", "")]).await);
    assert!(refused.contains("409 Conflict") && refused.contains("&quot;confirm&quot;: 60"));
    let done = text_of(&off(&[("query.confirmed_computers", "60")]).await);
    assert!(done.contains("200 OK") && done.contains("&quot;enabled&quot;: false"), "{done}");
}

#[actix_web::test]
async fn d_ui_07_what_is_no_text_or_long_is_not_poured_out() {
    let visitor = Visitor::of("admin").await;
    let icon = [("path.id", "1"), ("body", "")];
    let add = visitor.post("/docs/post_applications", &[("body", r#"{"name": "Acme"}"#)]).await;
    assert!(text_of(&add.body).contains("201 Created"), "{}", text_of(&add.body));
    let shown = visitor.post("/docs/get_applications_id_icon", &icon).await;
    let text = text_of(&shown.body);
    assert!(text.contains("image/png") && text.contains("is no text"), "{text}");
    let shown = visitor.post("/docs/put_applications_id_icon", &icon).await;
    let text = text_of(&shown.body);
    assert!(text.contains("--data-binary @FILE"), "{text}");
    assert!(!shown.body.contains("id=\"answer\""), "a file is not sent");
}
