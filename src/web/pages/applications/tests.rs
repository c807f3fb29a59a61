//! Pages of the catalogue over a real site.

use actix_web::http::StatusCode;

use crate::web::tests::visitor::Visitor;

fn form(name: &str) -> Vec<(&str, &str)> {
    vec![
        ("name", name),
        ("category", "7"),
        ("level", "A"),
        ("score", "3"),
        ("description", "Draws **pictures**, an alternative <b>to</b> others"),
        ("available_for_attributes", "SET-ALL SYSTEMS\r\n"),
        ("packages of debian-12", "gimp gimp-data"),
    ]
}

#[actix_web::test]
async fn d_app_03_an_application_has_its_packages_by_project_and_a_harmless_description() {
    let visitor = Visitor::of("admin").await;
    let answer = visitor.post("/applications", &form("GIMP")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let html = visitor.page(&answer.location).await;
    for text in ["value=\"gimp gimp-data\"", "<strong>pictures</strong>", "&lt;b&gt;", "Graphics"] {
        assert!(html.contains(text), "{text}: {html}");
    }
    let list = visitor.page("/applications?search=alternative&category=7").await;
    assert!(list.contains("GIMP"), "{list}");
    assert!(!visitor.page("/applications?category=1").await.contains("GIMP"));
    assert!(html.contains(&format!("src=\"{}/icon\"", answer.location)), "{html}");
    let again = visitor.post("/applications", &form("GIMP")).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[actix_web::test]
async fn d_gen_09_deleting_an_application_of_a_policy_asks_first() {
    let visitor = Visitor::of("admin").await;
    let url = visitor.post("/applications", &form("GIMP")).await.location;
    let policy = [
        ("name", "graphics"),
        ("enabled", "on"),
        ("included_attributes", "SET-ALL SYSTEMS"),
        ("group0_priority", "1"),
        ("group0_included_attributes", "SET-ALL SYSTEMS"),
        ("group0_applications", "GIMP"),
    ];
    assert_eq!(visitor.post("/policies", &policy).await.status, StatusCode::SEE_OTHER);
    let delete = format!("{url}/delete");
    assert!(visitor.page(&delete).await.contains("One policy loses it."));
    assert_eq!(visitor.post(&delete, &[]).await.status, StatusCode::CONFLICT);
    let confirmed = visitor.post(&delete, &[("confirmed", "yes")]).await;
    assert_eq!(confirmed.location, "/applications");
}
