//! Pages of policies over a real site.

use actix_web::http::StatusCode;

use crate::web::tests::visitor::Visitor;

#[actix_web::test]
async fn d_pol_03_a_policy_is_made_with_its_groups_and_changed_in_its_form() {
    let visitor = Visitor::of("liberator").await;
    let mut form = vec![
        ("name", "media"),
        ("enabled", "on"),
        ("exclusive", "on"),
        ("included_attributes", "SET-ALL SYSTEMS"),
        ("group0_priority", "20"),
        ("group0_included_attributes", "SET-ALL SYSTEMS"),
        ("group1_priority", "10"),
        ("group1_included_attributes", "SET-ALL SYSTEMS"),
        ("group2_priority", ""),
    ];
    let answer = visitor.post("/policies", &form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let html = visitor.page(&answer.location).await;
    let (ten, twenty) = (html.find("Priority 10"), html.find("Priority 20"));
    assert!(ten.is_some() && ten < twenty, "{html}");

    form[6] = ("group1_priority", "20");
    let doubled = visitor.post(&answer.location, &form).await;
    assert_eq!(doubled.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(doubled.body.contains("Two groups have priority 20"), "{}", doubled.body);

    // A preview of the same form changes nothing.
    form[6] = ("group1_priority", "30");
    form.push(("preview", "yes"));
    let preview = visitor.post(&answer.location, &form).await;
    assert_eq!(preview.status, StatusCode::OK, "{}", preview.body);
    assert!(preview.body.contains("What would happen"), "{}", preview.body);
    assert!(preview.body.contains("value=\"30\""), "it can be saved from there");
    assert!(!visitor.page(&answer.location).await.contains("Priority 30"));

    let reader = Visitor::of("reader").await;
    assert_eq!(reader.post("/policies", &form).await.status, StatusCode::FORBIDDEN);
}
