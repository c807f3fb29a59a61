//! Pages of attribute sets over a real site.

use actix_web::http::StatusCode;

use crate::app::attribute_sets::{SetFilter, SetRow};
use crate::web::tests::visitor::Visitor;

async fn set(visitor: &Visitor, name: &str) -> SetRow {
    let filter = SetFilter { limit: 10, ..SetFilter::default() };
    let all = visitor.site.app.attribute_sets(&visitor.site.admin, filter).await.unwrap().items;
    all.into_iter().find(|one| one.name == name).unwrap()
}

#[actix_web::test]
async fn d_aset_01_d_aset_04_d_attr_04_sets_are_made_and_deleted_on_their_pages() {
    let visitor = Visitor::of("admin").await.with_computers().await;
    let form =
        |name, included| [("name", name), ("enabled", "on"), ("included_attributes", included)];
    let answer = visitor.post("/attribute-sets", &form("AU<LA", "SET-ALL SYSTEMS")).await;
    assert_eq!(answer.location, "/attribute-sets");
    visitor.post("/attribute-sets", &form("OTHER", "SET-AU<LA")).await;
    let first = set(&visitor, "AU<LA").await;
    let url = format!("/attribute-sets/{}", first.id);
    let page = visitor.page(&url).await;
    for text in ["AU&lt;LA", "SET-ALL SYSTEMS", "OTHER"] {
        assert!(page.contains(text), "{text}: {page}");
    }
    let circle = visitor.post(&url, &form("AU<LA", "SET-OTHER")).await;
    assert_eq!(circle.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(circle.body.contains("AU&lt;LA → OTHER → AU&lt;LA"), "{}", circle.body);

    let attribute = visitor.page(&format!("/attributes/{}", first.attribute.id)).await;
    assert!(attribute.contains(&format!("href=\"{url}\"")), "leads to its set: {attribute}");
    assert!(attribute.contains("OTHER"), "D-ATTR-04: and to what names it");
    let delete = format!("{url}/delete");
    assert!(visitor.page(&delete).await.contains("its place in the attribute set OTHER"));
    visitor.post(&delete, &[("confirmed", "yes")]).await;
    assert_eq!(visitor.get(&url).await.status, StatusCode::NOT_FOUND);
}
