//! Pages of formulas over a real site.

use actix_web::http::StatusCode;

use crate::domain::formula::{Formula, Sort};
use crate::web::tests::visitor::Visitor;

fn form<'a>(prefix: &'a str, code: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("prefix", prefix),
        ("name", "PLACE <b>"),
        ("enabled", "on"),
        ("kind", "R"),
        ("auto_add", "on"),
        ("language", "python"),
        ("code", code),
    ]
}

async fn formula(visitor: &Visitor, prefix: &str) -> Formula {
    let all = visitor.site.app.formulas(&visitor.site.admin).await.unwrap();
    all.into_iter().map(|(formula, _)| formula).find(|one| one.prefix == prefix).unwrap()
}

#[actix_web::test]
async fn d_form_14_of_a_built_in_formula_only_the_name_and_the_switch_are_offered() {
    let visitor = Visitor::of("admin").await;
    let set = formula(&visitor, "SET").await;
    assert_eq!(set.sort, Sort::Basic);
    let url = format!("/formulas/{}", set.id);
    let html = visitor.page(&url).await;
    let prefix = html.split("<input").find(|tag| tag.contains("name=\"prefix\"")).unwrap();
    assert!(prefix.contains("readonly"), "{prefix}");
    assert!(!html.contains("name=\"code\"") && !html.contains("/delete\""), "{html}");
    assert!(!html.contains("<select"), "neither class nor language");

    let mut disabled = form("SET", "");
    disabled.retain(|(name, _)| !matches!(*name, "enabled" | "kind" | "language"));
    disabled.extend([("kind", set.kind.as_str()), ("language", set.language.as_str())]);
    assert_eq!(visitor.post(&url, &disabled).await.status, StatusCode::SEE_OTHER);
    assert!(!formula(&visitor, "SET").await.enabled);
    let renamed: Vec<_> = disabled
        .iter()
        .map(|(name, value)| if *name == "prefix" { (*name, "XXX") } else { (*name, *value) })
        .collect();
    assert_eq!(visitor.post(&url, &renamed).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let answer = visitor.post(&format!("{url}/delete"), &[("confirmed", "yes")]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
}

#[actix_web::test]
async fn d_form_14_a_formula_of_clients_is_deleted_with_its_attributes_after_a_question() {
    let visitor = Visitor::of("admin").await;
    let answer = visitor.post("/formulas", &form("PLC", "print('A.B')")).await;
    assert_eq!(answer.location, "/formulas");
    let html = visitor.page("/formulas").await;
    assert!(html.contains("PLACE &lt;b&gt;") && !html.contains("PLACE <b>"));
    let id = formula(&visitor, "PLC").await.id.to_string();
    visitor.post("/attributes", &[("formula", &id), ("value", "A.B")]).await;
    let url = format!("/formulas/{id}/delete");
    assert!(visitor.page(&url).await.contains("1 attribute"), "says what goes with it");
    assert_eq!(visitor.post(&url, &[]).await.status, StatusCode::CONFLICT);
    assert_eq!(visitor.post(&url, &[("confirmed", "yes")]).await.location, "/formulas");
    assert!(!visitor.page("/attributes").await.contains("PLC-A.B"));
}

#[actix_web::test]
async fn d_perm_04_who_may_only_read_sees_the_same_fields_locked() {
    let visitor = Visitor::of("admin").await;
    visitor.post("/formulas", &form("PLC", "print('A.B')")).await;
    let id = formula(&visitor, "PLC").await.id;
    let reader = visitor.turns("reader").await;
    let html = reader.page(&format!("/formulas/{id}")).await;
    assert!(html.contains("print(&#39;A.B&#39;)") || html.contains("print('A.B')"), "{html}");
    let main = html.split("<main").nth(1).unwrap();
    assert!(!main.contains("type=\"submit\""), "{main}");
    assert_eq!(reader.post("/formulas", &form("QQQ", "x")).await.status, StatusCode::FORBIDDEN);
}
