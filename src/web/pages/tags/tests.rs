//! Pages of tag categories and tags over a real site.

use actix_web::http::StatusCode;

use crate::web::tests::visitor::Visitor;

#[actix_web::test]
async fn d_tag_07_a_tag_is_made_and_given_on_its_page_and_on_that_of_a_computer() {
    let visitor = Visitor::of("admin").await.with_computers().await;
    let category = [("prefix", "UBI"), ("name", "Lo<cation"), ("enabled", "on"), ("kind", "R")];
    let answer = visitor.post("/tag-categories", &category).await;
    assert_eq!(answer.location, "/tag-categories");
    let found = visitor.site.app.tag_categories(&visitor.site.admin).await.unwrap();
    let id = found[0].id.to_string();
    let form = visitor.page(&format!("/tag-categories/{id}")).await;
    assert!(form.contains("Lo&lt;cation"));
    // The words are those of tags, which have no output.
    assert!(form.contains("Normal: a tag stands for itself") && !form.contains("output"), "{form}");

    let form = [("category", id.as_str()), ("value", "A.B"), ("computers", "CID-1\r\n2\r\n")];
    assert_eq!(visitor.post("/tags", &form).await.location, "/tags");
    let list = visitor.page("/tags").await;
    for name in ["UBI-A.B", "UBI-B", "Lo&lt;cation"] {
        assert!(list.contains(name), "{name}: {list}");
    }
    let filter = crate::app::tags::TagFilter { limit: 10, ..Default::default() };
    let tags = visitor.site.app.tags(&visitor.site.admin, filter).await.unwrap().items;
    let tag = tags.iter().find(|tag| tag.value == "A.B").unwrap();
    let url = format!("/tags/{}", tag.id);
    let page = visitor.page(&url).await;
    assert!(page.contains("CID-1\nCID-2</textarea>"), "{page}");

    let computer = visitor.page("/computers/1/edit").await;
    assert!(computer.contains("UBI-A.B</textarea>"), "{computer}");
    let sought = [("name", "pc"), ("tags", "UBI-A.B"), ("look", "tags"), ("find_tags", "ubi-b")];
    let found = visitor.post("/computers/1/edit", &sought).await;
    assert!(found.body.contains("value=\"UBI-B\""), "found beside the field: {}", found.body);
    let typed = [("tags", "UBI-A.B"), ("pick_tags", "UBI-B")];
    assert_eq!(visitor.post("/computers/1/edit", &typed).await.location, "/computers/1");
    assert!(visitor.page("/computers/1").await.contains("UBI-B"));
    assert!(visitor.page("/suggest/tags?q=ubi").await.contains("UBI-A.B"));
    let wrong = visitor.post("/computers/1/edit", &[("tags", "UBI-C")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);

    let delete = format!("{url}/delete");
    assert!(visitor.page(&delete).await.contains("2 computers that it was given to"));
    assert_eq!(visitor.post(&delete, &[]).await.status, StatusCode::CONFLICT);
    visitor.post(&delete, &[("confirmed", "yes")]).await;
    assert_eq!(visitor.get(&url).await.status, StatusCode::NOT_FOUND);
    assert!(visitor.page(&format!("/tag-categories/{id}/delete")).await.contains("1 tag"));
}
