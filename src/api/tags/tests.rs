//! Tag categories and tags through the API.

use actix_web::http::StatusCode;
use actix_web::test::TestRequest;
use serde_json::{Value, json};

use crate::api::tests::{Site, get, patch, post};

fn delete(path: &str) -> TestRequest {
    TestRequest::delete().uri(path)
}

async fn category(site: &Site, prefix: &str, name: &str, kind: &str) -> i64 {
    let body = json!({ "prefix": prefix, "name": name, "kind": kind });
    let (status, category) = site.send(post("/api/v1/tag-categories", body)).await;
    assert_eq!(status, StatusCode::CREATED, "{category}");
    category["id"].as_i64().unwrap()
}

async fn tag(site: &Site, category: i64, value: &str) -> Value {
    let body = json!({ "category": category, "value": value });
    let (status, tag) = site.send(post("/api/v1/tags", body)).await;
    assert_eq!(status, StatusCode::CREATED, "{tag}");
    tag
}

async fn names(site: &Site, path: &str) -> Vec<String> {
    let (_, page) = site.send(get(path)).await;
    let items = page["items"].as_array().unwrap().iter();
    items.map(|item| item["name"].as_str().unwrap().to_owned()).collect()
}

fn given(tag: &Value) -> Vec<i64> {
    tag["given_to"].as_array().unwrap().iter().map(|one| one["id"].as_i64().unwrap()).collect()
}

#[actix_web::test]
async fn d_tag_02_d_tag_08_d_form_08_a_tag_comes_with_the_attributes_it_stands_for() {
    let site = Site::small().await;
    let right = category(&site, "UBI", "LOCATION", "R").await;
    let added = tag(&site, right, "PLANTA-1.SEDE_CENTRAL.MADRID").await;
    assert_eq!(added["name"], "UBI-PLANTA-1.SEDE_CENTRAL.MADRID");
    let all = names(&site, &format!("/api/v1/tags?category={right}")).await;
    assert_eq!(all, ["UBI-MADRID", "UBI-PLANTA-1.SEDE_CENTRAL.MADRID", "UBI-SEDE_CENTRAL.MADRID"]);
    let plain = category(&site, "LAB", "CLASSROOM", "N").await;
    tag(&site, plain, "A.B").await;
    assert_eq!(names(&site, &format!("/api/v1/tags?category={plain}")).await, ["LAB-A.B"]);
    // Another kind makes what the tags stand for then.
    let path = format!("/api/v1/tag-categories/{plain}");
    let (status, changed) = site.send(patch(&path, json!({ "kind": "L" }))).await;
    assert_eq!((status, &changed["tags"]), (StatusCode::OK, &json!(2)));
    assert_eq!(names(&site, &format!("/api/v1/tags?category={plain}")).await, ["LAB-A", "LAB-A.B"]);
    for (value, field) in [("", "value"), ("a~b", "value"), (&"x".repeat(251), "value")] {
        let body = json!({ "category": plain, "value": value });
        let (status, problem) = site.send(post("/api/v1/tags", body)).await;
        assert_eq!((status, &problem["field"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!(field)));
    }
    let taken = json!({ "category": plain, "value": "A" });
    assert_eq!(site.send(post("/api/v1/tags", taken)).await.0, StatusCode::CONFLICT);
    let (_, formulas) = site.send(get("/api/v1/formulas")).await;
    assert!(!formulas.to_string().contains("\"LAB\""), "categories are no formulas: {formulas}");
}

#[actix_web::test]
async fn d_tag_07_d_tag_09_a_tag_is_given_from_either_side() {
    let site = Site::small().await;
    let lab = category(&site, "LAB", "CLASSROOM", "N").await;
    let (one, two) = (tag(&site, lab, "one").await, tag(&site, lab, "two").await);
    let path = format!("/api/v1/tags/{}", one["id"]);
    site.sql("UPDATE computer SET pool_fingerprint = zeroblob(32)").await;
    let (_, saved) = site.send(patch(&path, json!({ "computers": ["CID-1", "3"] }))).await;
    assert_eq!(given(&saved), [1, 3]);
    let fresh = "SELECT count(*) FROM computer WHERE pool_fingerprint IS NOT NULL";
    assert_eq!(site.number(fresh).await, 2, "1 and 3 compute their attributes anew");
    let (_, saved) = site.send(patch(&path, json!({ "computers": ["CID-2", "CID-3"] }))).await;
    assert_eq!(given(&saved), [2, 3], "the list replaces");
    let (_, saved) = site.send(patch(&path, json!({ "description": "first" }))).await;
    assert_eq!(given(&saved), [2, 3], "without a list they stay");
    // The same from the computer.
    let body = json!({ "tags": ["LAB-two", "LAB-one"] });
    let (status, computer) = site.send(patch("/api/v1/computers/CID-1", body)).await;
    assert_eq!(status, StatusCode::OK, "{computer}");
    assert_eq!(
        (&computer["tags"][0]["name"], &computer["counts"]["tags"]),
        (&json!("LAB-one"), &json!(2))
    );
    let (_, shown) = site.send(get(&format!("/api/v1/tags/{}", two["id"]))).await;
    assert_eq!(given(&shown), [1]);
    let (_, found) = site.send(get(&format!("/api/v1/computers?tag={}", two["id"]))).await;
    assert_eq!(found["items"].as_array().unwrap().len(), 1);
    let body = json!({ "tags": ["LAB-none"] });
    let (status, _) = site.send(patch("/api/v1/computers/CID-1", body)).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let audited =
        "SELECT count(*) FROM audit WHERE object_kind = 'computer' AND after LIKE '%LAB-two%'";
    assert_eq!(site.number(audited).await, 1);
}

#[actix_web::test]
async fn d_status_06_d_status_07_tags_leave_with_the_computer_and_are_refused_meanwhile() {
    let site = Site::small().await;
    let lab = category(&site, "LAB", "CLASSROOM", "N").await;
    let one = tag(&site, lab, "one").await;
    let body = json!({ "included_attributes": ["CID-1", "SET-ALL SYSTEMS"], "name": "ROOM" });
    site.send(post("/api/v1/attribute-sets", body)).await;
    site.send(patch("/api/v1/computers/1", json!({ "tags": ["LAB-one"] }))).await;
    site.sql(
        "INSERT INTO policy (id, name) VALUES (1, 'p');
         INSERT INTO schedule (id, name) VALUES (9, 's');
         INSERT INTO schedule_delay (id, schedule_id, delay) VALUES (9, 9, 0);
         INSERT INTO policy_attribute SELECT 1, id, 0 FROM attribute WHERE value = '1'
             AND formula_id = (SELECT id FROM formula WHERE prefix = 'CID');
         INSERT INTO schedule_delay_attribute SELECT 9, attribute_id FROM policy_attribute;",
    )
    .await;
    let (status, _) =
        site.send(patch("/api/v1/computers/1", json!({ "status": "available" }))).await;
    assert_eq!(status, StatusCode::OK);
    let of_nine = "schedule_delay_attribute WHERE schedule_delay_id = 9";
    for table in ["computer_tag", "policy_attribute", of_nine] {
        let left: &'static str = Box::leak(format!("SELECT count(*) FROM {table}").into());
        assert_eq!(site.number(left).await, 0, "D-STATUS-06 {table}");
    }
    let (_, sets) = site.send(get("/api/v1/attribute-sets")).await;
    assert_eq!(sets["items"][0]["included_attributes"].as_array().unwrap().len(), 1);
    let log = "SELECT count(*) FROM audit WHERE after LIKE '%\"tags\":[\"LAB-one\"]%' AND after LIKE '%released%'";
    assert_eq!(site.number(log).await, 1);
    // rule          request
    let table = [
        ("D-STATUS-07", patch("/api/v1/computers/1", json!({ "tags": ["LAB-one"] }))),
        (
            "D-STATUS-07",
            patch(&format!("/api/v1/tags/{}", one["id"]), json!({ "computers": [1.to_string()] })),
        ),
    ];
    for (rule, request) in table {
        let (status, problem) = site.send(request).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{rule} {problem}");
        assert!(problem["detail"].as_str().unwrap().contains("available"), "{rule} {problem}");
    }
    let (status, _) = site.send(patch("/api/v1/computers/1", json!({ "tags": [] }))).await;
    assert_eq!(status, StatusCode::OK, "nothing is given to it");
}

#[actix_web::test]
async fn d_gen_09_d_perm_01_what_a_tag_takes_along_is_confirmed_by_whoever_may() {
    let site = Site::small().await;
    let lab = category(&site, "LAB", "CLASSROOM", "N").await;
    let one = tag(&site, lab, "one").await;
    let body = json!({ "name": "ROOM", "included_attributes": ["LAB-one"] });
    site.send(post("/api/v1/attribute-sets", body)).await;
    let path = format!("/api/v1/tags/{}", one["id"]);
    let (status, problem) = site.send(delete(&path)).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(problem["detail"].as_str().unwrap().contains("ROOM"), "{problem}");
    let (_, attribute) = site.send(get(&format!("/api/v1/attributes/{}", one["id"]))).await;
    assert_eq!(attribute["named_by"]["attribute_sets"][0]["name"], "ROOM", "D-ATTR-04");
    let new = json!({ "category": lab, "value": "two" });
    let (status, _) = site.send_as("configurator", post("/api/v1/tags", new)).await;
    assert_eq!(status, StatusCode::FORBIDDEN, "tags are for superusers (D-PERM-01)");
    let category = format!("/api/v1/tag-categories/{lab}");
    assert_eq!(site.send(delete(&category)).await.0, StatusCode::CONFLICT);
    assert_eq!(site.send(delete(&format!("{path}?confirm=true"))).await.0, StatusCode::NO_CONTENT);
    let (_, sets) = site.send(get("/api/v1/attribute-sets")).await;
    assert_eq!(sets["items"][0]["included_attributes"], json!([]));
    assert_eq!(site.send(delete(&category)).await.0, StatusCode::NO_CONTENT);
    // The tag of a domain goes with the domain only.
    let dmn = self::category(&site, "DMN", "DOMAIN", "L").await;
    tag(&site, dmn, "GOYA").await;
    site.sql(
        "INSERT INTO domain (name, attribute_id)
         SELECT 'GOYA', id FROM attribute WHERE value = 'GOYA'",
    )
    .await;
    let path = format!("/api/v1/tag-categories/{dmn}?confirm=true");
    assert_eq!(site.send(delete(&path)).await.0, StatusCode::CONFLICT);
}

#[actix_web::test]
async fn d_tag_01_a_category_is_named_by_prefix_or_id() {
    let site = Site::small().await;
    let id = category(&site, "UBI", "LOCATION", "N").await;
    for (named, value) in [(json!("UBI"), "A"), (json!(id), "B"), (json!(id.to_string()), "C")] {
        let body = json!({ "category": named, "value": value });
        let (status, tag) = site.send(post("/api/v1/tags", body)).await;
        assert_eq!((status, &tag["prefix"]), (StatusCode::CREATED, &json!("UBI")), "{named}");
    }
    for query in ["UBI".to_owned(), id.to_string()] {
        let all = names(&site, &format!("/api/v1/tags?category={query}")).await;
        assert_eq!(all, ["UBI-A", "UBI-B", "UBI-C"], "{query}");
    }
    let (status, problem) = site.send(get("/api/v1/tags?category=XYZ")).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert_eq!(problem["detail"], "formula XYZ does not exist");
    // NET is a formula, but none whose values are given by hand.
    for (named, detail) in
        [("XYZ", "formula XYZ does not exist"), ("NET", "tag category NET does not exist")]
    {
        let body = json!({ "category": named, "value": "A" });
        let (status, problem) = site.send(post("/api/v1/tags", body)).await;
        assert_eq!((status, &problem["detail"]), (StatusCode::NOT_FOUND, &json!(detail)));
    }
}
