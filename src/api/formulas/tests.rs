//! Formulas, attributes, fault definitions and patterns through the API.

use actix_web::http::StatusCode;
use actix_web::test::TestRequest;
use serde_json::{Value, json};

use crate::api::tests::{Site, get, patch, post};

fn delete(path: &str) -> TestRequest {
    TestRequest::delete().uri(path)
}

/// A formula made by hand, which takes attributes.
async fn formula(site: &Site, prefix: &str) -> i64 {
    let body = json!({ "prefix": prefix, "name": "GROUP", "code": "echo x\r\n", "kind": "-" });
    let (status, formula) = site.send(post("/api/v1/formulas", body)).await;
    assert_eq!(status, StatusCode::CREATED, "{formula}");
    assert_eq!((&formula["sort"], &formula["code"]), (&json!("client"), &json!("echo x\n")));
    formula["id"].as_i64().unwrap()
}

async fn id_of(site: &Site, path: &str, key: &str, value: &str) -> i64 {
    let (_, page) = site.send(get(path)).await;
    let items = page["items"].as_array().unwrap();
    items.iter().find(|item| item[key] == value).unwrap()["id"].as_i64().unwrap()
}

#[actix_web::test]
async fn d_form_02_a_changed_formula_makes_clients_evaluate_again() {
    let site = Site::small().await;
    let revision = "SELECT value FROM revision WHERE name = 'formulas'";
    let before = site.number(revision).await;
    let id = formula(&site, "GRP").await;
    let path = format!("/api/v1/formulas/{id}");
    let (status, _) = site.send(patch(&path, json!({ "code": "echo y" }))).await;
    assert_eq!((status, site.number(revision).await), (StatusCode::OK, before + 2));
    let (_, _) = site.send(patch(&path, json!({ "code": "echo y" }))).await;
    assert_eq!(site.number(revision).await, before + 2, "nothing changed");
    for (body, field) in [
        (json!({ "prefix": "LONG", "name": "x", "code": "x" }), "prefix"),
        (json!({ "prefix": "A", "name": "", "code": "x" }), "name"),
        (json!({ "prefix": "A", "name": "x", "code": " " }), "code"),
    ] {
        let (status, problem) = site.send(post("/api/v1/formulas", body)).await;
        assert_eq!((status, &problem["field"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!(field)));
    }
    let taken = json!({ "prefix": "GRP", "name": "x", "code": "x" });
    assert_eq!(site.send(post("/api/v1/formulas", taken)).await.0, StatusCode::CONFLICT);
}

#[actix_web::test]
async fn d_form_14_built_in_formulas_are_disabled_not_deleted() {
    let site = Site::small().await;
    let id = id_of(&site, "/api/v1/formulas", "prefix", "IP").await;
    let path = format!("/api/v1/formulas/{id}");
    assert_eq!(site.send(delete(&path)).await.0, StatusCode::CONFLICT);
    let (status, _) = site.send(patch(&path, json!({ "prefix": "IPX" }))).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let (status, formula) = site.send(patch(&path, json!({ "enabled": false }))).await;
    assert_eq!((status, &formula["enabled"]), (StatusCode::OK, &json!(false)));
}

#[actix_web::test]
async fn d_form_14_deleting_a_formula_takes_its_attributes_after_confirmation() {
    let site = Site::small().await;
    let id = formula(&site, "GRP").await;
    let body = json!({ "formula": id, "value": "TEST", "description": "testers" });
    let (status, attribute) = site.send(post("/api/v1/attributes", body)).await;
    assert_eq!((status, &attribute["name"]), (StatusCode::CREATED, &json!("GRP-TEST")));
    let path = format!("/api/v1/formulas/{id}");
    assert_eq!(site.send(delete(&path)).await.0, StatusCode::CONFLICT);
    assert_eq!(site.send(delete(&format!("{path}?confirm=true"))).await.0, StatusCode::NO_CONTENT);
    let path = format!("/api/v1/attributes/{}", attribute["id"]);
    assert_eq!(site.send(get(&path)).await.0, StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn d_attr_02_d_attr_03_d_gen_11_attributes_are_listed_by_formula_and_added_by_hand() {
    let site = Site::small().await;
    let net = id_of(&site, "/api/v1/formulas", "prefix", "NET").await;
    let (_, page) = site.send(get(&format!("/api/v1/attributes?formula={net}"))).await;
    let row = |item: &Value| {
        let name = item["name"].as_str().unwrap().to_owned();
        (name, item["description"].clone(), item["computers"].as_i64().unwrap())
    };
    let rows: Vec<_> = page["items"].as_array().unwrap().iter().map(row).collect();
    assert_eq!(
        rows,
        [
            ("NET-10.0.0.0/24".to_owned(), json!("office"), 2),
            ("NET-10.9.0.0/24".to_owned(), Value::Null, 0),
        ]
    );
    // Only productive computers count.
    let body = json!({ "ids": [2], "status": "in repair" });
    site.send(post("/api/v1/computers/status", body)).await;
    let (_, page) = site.send(get("/api/v1/attributes?search=office")).await;
    assert_eq!(row(&page["items"][0]).2, 1);
    let (_, first) = site.send(get("/api/v1/attributes?limit=1")).await;
    let cursor = first["next"].as_str().unwrap().replace(' ', "%20");
    let (_, second) = site.send(get(&format!("/api/v1/attributes?limit=1&cursor={cursor}"))).await;
    assert_ne!(first["items"][0]["id"], second["items"][0]["id"]);

    let body = json!({ "formula": net, "value": "10.8.0.0/24" });
    let (status, _) = site.send(post("/api/v1/attributes", body.clone())).await;
    assert_eq!(status, StatusCode::CREATED);
    assert_eq!(site.send(post("/api/v1/attributes", body.clone())).await.0, StatusCode::CONFLICT);
    let (status, _) = site.send_as("configurator", post("/api/v1/attributes", body)).await;
    assert_eq!(status, StatusCode::FORBIDDEN, "manual attributes are for superusers (D-PERM-01)");
    let long = json!({ "formula": net, "value": "x".repeat(251) });
    let (status, _) = site.send(post("/api/v1/attributes", long)).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "typed values are not cut (D-SYNC-23)");
}

#[actix_web::test]
async fn d_form_16_all_systems_is_number_one_and_stays() {
    let site = Site::small().await;
    let (_, all) = site.send(get("/api/v1/attributes/1")).await;
    assert_eq!(all["name"], "SET-ALL SYSTEMS");
    let path = "/api/v1/attributes/1?confirm=true";
    assert_eq!(site.send(delete(path)).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    let (status, _) = site.send(patch("/api/v1/attributes/1", json!({ "value": "X" }))).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let set = id_of(&site, "/api/v1/formulas", "prefix", "SET").await;
    let body = json!({ "formula": set, "value": "MINE" });
    let (status, _) = site.send(post("/api/v1/attributes", body)).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[actix_web::test]
async fn d_gen_09_what_names_an_attribute_is_confirmed_before_it_disappears() {
    let site = Site::small().await;
    let id = id_of(&site, "/api/v1/attributes?search=10.9", "name", "NET-10.9.0.0/24").await;
    let body = json!({ "name": "NO ROOM", "included_attributes": ["NET-10.9.0.0/24"] });
    let (status, _) = site.send(post("/api/v1/fault-definitions", body)).await;
    assert_eq!(status, StatusCode::CREATED);
    let path = format!("/api/v1/attributes/{id}");
    let (_, detail) = site.send(get(&path)).await;
    assert_eq!(detail["named_by"]["fault_definitions"][0]["name"], "NO_ROOM");
    let (status, problem) = site.send(delete(&path)).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(problem["detail"].as_str().unwrap().contains("NO_ROOM"), "{problem}");
    assert_eq!(site.send(delete(&format!("{path}?confirm=true"))).await.0, StatusCode::NO_CONTENT);
}

#[actix_web::test]
async fn d_fault_01_d_fault_05_d_fault_07_definitions_name_attributes_and_accounts() {
    let site = Site::small().await;
    let revision = "SELECT value FROM revision WHERE name = 'release'";
    let before = site.number(revision).await;
    let body = json!({
        "name": "NO SPACE LEFT", "language": "python", "code": "print(1)\r\n",
        "included_attributes": ["ALL SYSTEMS"], "excluded_attributes": ["CID-2"],
        "users": ["checker"],
    });
    let (status, made) = site.send(post("/api/v1/fault-definitions", body)).await;
    assert_eq!((status, &made["name"]), (StatusCode::CREATED, &json!("NO_SPACE_LEFT")));
    assert_eq!(made["included_attributes"], json!([{ "id": 1, "name": "SET-ALL SYSTEMS" }]));
    assert_eq!(
        (&made["excluded_attributes"][0]["name"], &made["users"][0]["name"]),
        (&json!("CID-2"), &json!("checker"))
    );
    assert_eq!(site.number(revision).await, before + 1);
    let path = format!("/api/v1/fault-definitions/{}", made["id"]);
    let (_, changed) = site.send(patch(&path, json!({ "users": [], "enabled": false }))).await;
    assert_eq!((&changed["users"], &changed["code"]), (&json!([]), &json!("print(1)\n")));
    for (body, field) in [
        (json!({ "name": "x", "included_attributes": ["NET-1.2.3.0/24"] }), "included_attributes"),
        (json!({ "name": "x", "users": ["nobody"] }), "users"),
        (json!({ "name": " " }), "name"),
    ] {
        let (status, problem) = site.send(post("/api/v1/fault-definitions", body)).await;
        assert_eq!((status, &problem["field"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!(field)));
    }
    // A renamed definition keeps its faults, a deleted one takes them along.
    let path = "/api/v1/fault-definitions/81";
    let (_, renamed) = site.send(patch(path, json!({ "name": "OTHER" }))).await;
    assert_eq!((&renamed["faults"], &renamed["unchecked_faults"]), (&json!(2), &json!(1)));
    assert_eq!(site.send(delete(path)).await.0, StatusCode::CONFLICT);
    let (status, _) = site.send(delete(&format!("{path}?confirm=true"))).await;
    assert_eq!(
        (status, site.number("SELECT count(*) FROM fault").await),
        (StatusCode::NO_CONTENT, 2)
    );
}

#[actix_web::test]
async fn d_err_03_patterns_are_validated_and_leave_old_errors_alone() {
    let site = Site::small().await;
    for message in ["", "  ", "(", "a{9999999}"] {
        let body = json!({ "message": message });
        let (status, problem) = site.send(post("/api/v1/auto-check-errors", body)).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{message}: {problem}");
    }
    let body = json!({ "message": "broken" });
    let (status, made) = site.send_as("checker", post("/api/v1/auto-check-errors", body)).await;
    assert_eq!(status, StatusCode::CREATED);
    let (_, error) = site.send(get("/api/v1/errors/71")).await;
    assert_eq!(error["checked"], json!(false));
    let path = format!("/api/v1/auto-check-errors/{}", made["id"]);
    let (_, changed) = site.send(patch(&path, json!({ "message": "brok.n" }))).await;
    assert_eq!(changed["message"], "brok.n");
    assert_eq!(site.send(delete(&path)).await.0, StatusCode::NO_CONTENT);
    assert_eq!(site.send(get(&path)).await.0, StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn d_attr_02_a_formula_is_named_by_prefix_or_id() {
    let site = Site::small().await;
    let id = formula(&site, "GRP").await;
    for (named, value) in [(json!("GRP"), "A"), (json!(id), "B")] {
        let body = json!({ "formula": named, "value": value });
        let (status, attribute) = site.send(post("/api/v1/attributes", body)).await;
        let expected = (StatusCode::CREATED, &json!(format!("GRP-{value}")));
        assert_eq!((status, &attribute["name"]), expected, "{named}");
    }
    for query in ["GRP".to_owned(), id.to_string()] {
        let (_, page) = site.send(get(&format!("/api/v1/attributes?formula={query}"))).await;
        assert_eq!(page["items"].as_array().unwrap().len(), 2, "{query}: {page}");
    }
    let body = json!({ "formula": "XYZ", "value": "A" });
    for request in [get("/api/v1/attributes?formula=XYZ"), post("/api/v1/attributes", body)] {
        let (status, problem) = site.send(request).await;
        assert_eq!(status, StatusCode::NOT_FOUND);
        assert_eq!(problem["detail"], "formula XYZ does not exist");
    }
}
