//! Attribute sets through the API.

use actix_web::http::StatusCode;
use actix_web::test::TestRequest;
use serde_json::{Value, json};

use crate::api::tests::{Site, get, patch, post};

const PATH: &str = "/api/v1/attribute-sets";

async fn add(site: &Site, name: &str, included: &[&str], excluded: &[&str]) -> (StatusCode, Value) {
    let body = json!({
        "name": name, "included_attributes": included, "excluded_attributes": excluded,
    });
    site.send(post(PATH, body)).await
}

async fn attributes(site: &Site) -> Vec<String> {
    let (_, page) = site.send(get("/api/v1/attributes?search=SET-")).await;
    let items = page["items"].as_array().unwrap().iter();
    items.map(|item| item["name"].as_str().unwrap().to_owned()).collect()
}

#[actix_web::test]
async fn d_aset_01_d_form_15_a_set_has_its_attribute_from_the_start_to_the_end() {
    let site = Site::small().await;
    let (status, set) = add(&site, "RED LENTA", &["NET-10.0.0.0/24"], &[]).await;
    assert_eq!((status, &set["attribute"]["name"]), (StatusCode::CREATED, &json!("SET-RED LENTA")));
    assert_eq!(attributes(&site).await, ["SET-ALL SYSTEMS", "SET-RED LENTA"]);
    let path = format!("{PATH}/{}", set["id"]);
    let (status, _) = site.send(patch(&path, json!({ "name": "LENTA" }))).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(attributes(&site).await, ["SET-ALL SYSTEMS", "SET-LENTA"]);
    let (status, rapid) = add(&site, "RAPIDA", &["ALL SYSTEMS"], &["SET-LENTA"]).await;
    assert_eq!(status, StatusCode::CREATED, "{rapid}");
    // rule        name          status
    let table = [
        ("D-ASET-01", "LENTA", StatusCode::CONFLICT),
        ("D-FORM-16", "ALL SYSTEMS", StatusCode::UNPROCESSABLE_ENTITY),
        ("D-ASET-01", " ", StatusCode::UNPROCESSABLE_ENTITY),
    ];
    for (rule, name, expected) in table {
        assert_eq!(add(&site, name, &[], &[]).await.0, expected, "{rule} {name}");
        let body = json!({ "name": name });
        let other = format!("{PATH}/{}", rapid["id"]);
        assert_eq!(site.send(patch(&other, body)).await.0, expected, "{rule} {name}");
    }
    let (status, problem) = site.send(TestRequest::delete().uri(&path)).await;
    assert_eq!(status, StatusCode::CONFLICT, "RAPIDA names it");
    assert!(problem["detail"].as_str().unwrap().contains("RAPIDA"), "{problem}");
    let confirmed = format!("{path}?confirm=true");
    let (status, _) = site.send(TestRequest::delete().uri(&confirmed)).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    assert_eq!(attributes(&site).await, ["SET-ALL SYSTEMS", "SET-RAPIDA"]);
    let (_, rapid) = site.send(get(&format!("{PATH}/{}", rapid["id"]))).await;
    assert_eq!(rapid["excluded_attributes"], json!([]), "deleted everywhere");
}

#[actix_web::test]
async fn d_aset_04_a_circle_of_sets_is_refused_naming_them() {
    let site = Site::small().await;
    let (_, a) = add(&site, "A", &["ALL SYSTEMS"], &[]).await;
    let (_, b) = add(&site, "B", &["SET-A"], &[]).await;
    add(&site, "C", &["ALL SYSTEMS"], &["SET-B"]).await;
    // rule        set  names            circle
    let table = [
        ("D-ASET-04", &a, "SET-A", "A → A"),
        ("D-ASET-04", &a, "SET-B", "A → B → A"),
        ("D-ASET-04", &a, "SET-C", "A → C → B → A"),
        ("D-ASET-04", &b, "SET-C", "B → C → B"),
    ];
    for (rule, set, named, circle) in table {
        let path = format!("{PATH}/{}", set["id"]);
        let body = json!({ "excluded_attributes": [named] });
        let (status, problem) = site.send(patch(&path, body)).await;
        assert_eq!(status, StatusCode::CONFLICT, "{rule}");
        assert!(problem["detail"].as_str().unwrap().ends_with(circle), "{rule} {problem}");
        let (_, shown) = site.send(get(&path)).await;
        assert_eq!(shown["excluded_attributes"], json!([]), "{rule}: nothing was saved");
    }
}

#[actix_web::test]
async fn d_gen_11_sets_are_listed_by_name_page_by_page() {
    let site = Site::small().await;
    for name in ["c", "a", "b"] {
        add(&site, name, &[], &[]).await;
    }
    let (_, first) = site.send(get(&format!("{PATH}?limit=2"))).await;
    let cursor = first["next"].as_str().unwrap();
    let (_, rest) = site.send(get(&format!("{PATH}?limit=2&cursor={cursor}"))).await;
    let name = |page: &Value, at: usize| page["items"][at]["name"].clone();
    assert_eq!([name(&first, 0), name(&first, 1), name(&rest, 0)], ["a", "b", "c"]);
    assert_eq!(rest["next"], Value::Null);
    let revision = "SELECT value FROM revision WHERE name = 'formulas'";
    let before = site.number(revision).await;
    let path = format!("{PATH}/{}", rest["items"][0]["id"]);
    site.send(patch(&path, json!({ "enabled": false }))).await;
    assert_eq!(site.number(revision).await, before + 1, "pools are computed anew");
}
