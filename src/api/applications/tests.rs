//! The catalogue and policies as scripts use them.

use actix_web::http::StatusCode;
use actix_web::test::TestRequest;
use serde_json::{Value, json};

use crate::api::tests::Site;

async fn post(site: &Site, uri: &str, body: Value) -> (StatusCode, Value) {
    site.send(TestRequest::post().uri(&format!("/api/v1{uri}")).set_json(body)).await
}

async fn get(site: &Site, uri: &str) -> Value {
    let (status, body) = site.send(TestRequest::get().uri(&format!("/api/v1{uri}"))).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    body
}

fn application(name: &str, score: u8, attribute: &str, project: &str) -> Value {
    json!({ "name": name, "score": score, "available_for_attributes": [attribute],
            "packages": { project: name.to_lowercase() } })
}

#[actix_web::test]
async fn d_app_01_a_computer_is_offered_what_is_for_it_the_most_relevant_first() {
    let site = Site::small().await;
    for (name, score, attribute, project) in [
        ("Zim", 5, "ALL SYSTEMS", "debian-12"),
        ("Gimp", 2, "ALL SYSTEMS", "debian-12"),
        ("Blender", 2, "ALL SYSTEMS", "debian-12"),
        ("Elsewhere", 5, "ALL SYSTEMS", "haiku-1"),
        ("Others", 5, "CID-2", "debian-12"),
    ] {
        let (status, body) =
            post(&site, "/applications", application(name, score, attribute, project)).await;
        assert_eq!(status, StatusCode::CREATED, "{body}");
    }
    let sql = "INSERT OR IGNORE INTO computer_attribute (computer_id, attribute_id, valid_from)
               VALUES (1, 1, 0)";
    site.sql(sql).await;
    let offered = get(&site, "/computers/CID-1/applications").await;
    let names: Vec<&Value> =
        offered["items"].as_array().unwrap().iter().map(|i| &i["name"]).collect();
    assert_eq!(names, ["Zim", "Blender", "Gimp"]);
    let page = get(&site, "/applications?limit=2").await;
    let next = page["next"].as_str().unwrap();
    let rest = get(&site, &format!("/applications?limit=9&cursor={next}")).await;
    assert_eq!(rest["items"].as_array().unwrap().len(), 3, "{rest}");
}

#[actix_web::test]
async fn an_icon_is_an_image_and_no_script() {
    let site = Site::small().await;
    let (_, made) = post(&site, "/applications", json!({ "name": "Gimp" })).await;
    let uri = format!("/api/v1/applications/{}/icon", made["id"]);
    let put = |bytes: &'static [u8]| site.send(TestRequest::put().uri(&uri).set_payload(bytes));
    assert_eq!(put(b"<svg onload='x()'/>").await.0, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(put(b"\x89PNG\r\n\x1a\nimage").await.0, StatusCode::NO_CONTENT);
    assert_eq!(
        site.number("SELECT count(*) FROM application WHERE icon_type = 'image/png'").await,
        1
    );
}

#[actix_web::test]
async fn d_pol_01_a_policy_decides_what_a_simulation_shows() {
    let site = Site::small().await;
    for name in ["Gimp", "Krita"] {
        let body = application(name, 1, "ALL SYSTEMS", "debian-12");
        assert_eq!(post(&site, "/applications", body).await.0, StatusCode::CREATED);
    }
    let sql = "INSERT OR IGNORE INTO computer_attribute (computer_id, attribute_id, valid_from)
               VALUES (1, 1, 0)";
    site.sql(sql).await;
    let policy = json!({ "name": "graphics", "included_attributes": ["ALL SYSTEMS"], "groups": [
        { "priority": 2, "included_attributes": ["ALL SYSTEMS"], "applications": ["Krita"] },
        { "priority": 1, "included_attributes": ["CID-2"], "applications": ["Gimp"] },
    ] });
    let (status, made) = post(&site, "/policies", policy).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    assert_eq!(made["groups"][0]["applications"], json!(["Gimp"]), "by priority");
    let plan = get(&site, "/computers/CID-1/simulation").await;
    assert_eq!(
        plan["install"][0],
        json!({ "package": "krita", "deployments": [],
        "policies": ["graphics"] })
    );
    assert_eq!(plan["remove"][0]["package"], "gimp");
    assert_eq!(plan["policies"][0]["priority"], 2);
    let why = get(&site, "/computers/CID-1/why?package=krita").await;
    assert_eq!(
        (&why["reasons"][0]["kind"], &why["reasons"][0]["condition"]),
        (&json!("policy"), &json!("group")),
        "{why}"
    );

    let unknown = json!({ "name": "x", "groups": [{ "priority": 1, "applications": ["None"] }] });
    assert_eq!(post(&site, "/policies", unknown).await.0, StatusCode::UNPROCESSABLE_ENTITY);
}
