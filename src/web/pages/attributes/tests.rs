//! Pages of attributes over a real site.

use actix_web::http::StatusCode;

use crate::web::tests::visitor::Visitor;

/// The formula of clients with this prefix.
async fn formula(visitor: &Visitor, prefix: &str) -> String {
    let all = visitor.site.app.formulas(&visitor.site.admin).await.unwrap();
    all.iter().find(|(one, _)| one.prefix == prefix).unwrap().0.id.to_string()
}

#[actix_web::test]
async fn d_attr_02_the_list_counts_productive_computers_and_filters_by_formula() {
    let visitor = Visitor::of("admin").await.with_computers().await;
    let (set, net) = (formula(&visitor, "SET").await, formula(&visitor, "NET").await);
    let fields = [("formula", net.as_str()), ("value", "10.0.0.0/24"), ("description", "a <b>")];
    assert_eq!(visitor.post("/attributes", &fields).await.status, StatusCode::SEE_OTHER);

    let html = visitor.page("/attributes").await;
    let row = |name: &str| html.split("<tr").find(|row| row.contains(name)).unwrap();
    // Two computers have it; the one in repair is not counted.
    assert!(row("SET-ALL SYSTEMS").contains(">1</a>"), "{html}");
    assert!(row("NET-10.0.0.0/24").contains(">0</a>"), "{html}");
    assert!(row("NET-10.0.0.0/24").contains("a &lt;b&gt;"), "{html}");
    for (formula, all_systems, network) in [(&set, true, false), (&net, false, true)] {
        let html = visitor.page(&format!("/attributes?formula={formula}")).await;
        assert_eq!(html.contains("SET-ALL SYSTEMS"), all_systems);
        assert_eq!(html.contains("NET-10.0.0.0/24"), network);
    }
}

#[actix_web::test]
async fn d_attr_02_only_those_of_clients_are_added_by_hand() {
    let visitor = Visitor::of("admin").await;
    let html = visitor.page("/attributes/new").await;
    assert!(html.contains("NET – ") && !html.contains("CID – "), "{html}");
    let cid = formula(&visitor, "CID").await;
    let answer = visitor.post("/attributes", &[("formula", &cid), ("value", "7")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[actix_web::test]
async fn d_form_16_all_systems_cannot_be_renamed_or_deleted() {
    let visitor = Visitor::of("admin").await;
    let html = visitor.page("/attributes/1").await;
    let value = html.split("<input").find(|tag| tag.contains("name=\"value\"")).unwrap();
    assert!(value.contains("readonly") && !html.contains("/delete\""), "{html}");
    let answer = visitor.post("/attributes/1", &[("value", "SOME")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let answer = visitor.post("/attributes/1/delete", &[("confirmed", "yes")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[actix_web::test]
async fn what_names_an_attribute_is_told_before_it_is_deleted() {
    let visitor = Visitor::of("admin").await;
    let net = formula(&visitor, "NET").await;
    visitor.post("/attributes", &[("formula", &net), ("value", "home")]).await;
    let deployment = [
        ("name", "Tools"),
        ("project", "debian-12"),
        ("start_date", "2024-01-01"),
        ("included_attributes", "NET-home"),
    ];
    visitor.post("/deployments", &deployment).await;
    let suggested = visitor.page("/suggest/attributes?q=home").await;
    assert!(suggested.contains("\"NET-home\""), "{suggested}");
    let list = visitor.page("/attributes?q=NET-home").await;
    let id = list.split("href=\"/attributes/").find(|rest| rest.contains(">NET-home<")).unwrap();
    let url = format!("/attributes/{}", id.split('"').next().unwrap());
    assert!(visitor.page(&url).await.contains("href=\"/deployments/1\""));
    assert!(visitor.page(&format!("{url}/delete")).await.contains("Tools"));
    let answer = visitor.post(&format!("{url}/delete"), &[]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    let answer = visitor.post(&format!("{url}/delete"), &[("confirmed", "yes")]).await;
    assert_eq!(answer.location, "/attributes");
    assert!(!visitor.page("/deployments/1").await.contains("NET-home"));
}
