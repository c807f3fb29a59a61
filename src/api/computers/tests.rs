//! Computers through the API: real storage, real operations.

use actix_web::http::StatusCode;
use actix_web::test::TestRequest;
use serde_json::{Value, json};

use crate::api::tests::{Site, get, patch, post};

fn delete(path: &str) -> TestRequest {
    TestRequest::delete().uri(path)
}

fn ids(page: &Value) -> Vec<i64> {
    page["items"].as_array().unwrap().iter().map(|item| item["id"].as_i64().unwrap()).collect()
}

#[actix_web::test]
async fn d_comp_04_the_list_is_filtered_sorted_and_paged() {
    let site = Site::small().await;
    let (status, page) = site.send(get("/api/v1/computers")).await;
    assert_eq!(
        (status, ids(&page), &page["next"]),
        (StatusCode::OK, vec![1, 2, 3, 4], &Value::Null)
    );
    let first = &page["items"][0];
    assert_eq!(first["display_name"], "CID-1");
    assert_eq!(first["sync_user"]["name"], "ana");
    assert_eq!((&first["unchecked_errors"], &first["unchecked_faults"]), (&json!(1), &json!(1)));
    let table = [
        ("?status=productive", vec![1, 2]),
        ("?status=active", vec![1, 2, 3]),
        ("?status=unsubscribed,in%20repair", vec![3, 4]),
        ("?search=cid-2", vec![2]),
        ("?sort=-name", vec![2, 3, 1, 4]),
        ("?machine=V", vec![2]),
        ("?never_synchronised=true", vec![3, 4]),
        ("?stale_days=7", vec![1, 2, 3, 4]),
        ("?package=vim", vec![1]),
    ];
    for (query, expected) in table {
        let (_, page) = site.send(get(&format!("/api/v1/computers{query}"))).await;
        assert_eq!(ids(&page), expected, "{query}");
    }
    let (_, page) = site.send(get("/api/v1/computers?sort=-name&limit=3")).await;
    let next = page["next"].as_str().unwrap().to_owned();
    let (_, page) =
        site.send(get(&format!("/api/v1/computers?sort=-name&limit=3&cursor={next}"))).await;
    assert_eq!((ids(&page), &page["next"]), (vec![4], &Value::Null));
    let (status, problem) = site.send(get("/api/v1/computers?sort=colour")).await;
    assert_eq!((status, &problem["field"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("sort")));
}

#[actix_web::test]
async fn d_comp_08_a_computer_shows_counts_of_what_is_related() {
    let site = Site::small().await;
    for path in ["/api/v1/computers/1", "/api/v1/computers/CID-1"] {
        let (status, computer) = site.send(get(path)).await;
        assert_eq!((status, &computer["name"]), (StatusCode::OK, &json!("pc-one")));
        let counts = json!({
            "errors": 2, "faults": 2, "synchronizations": 2, "migrations": 2, "status_logs": 1,
            "attributes": 3, "packages": 3, "software_history": 3, "hardware_nodes": 2,
            "deployments": 0, "tags": 0,
        });
        assert_eq!(computer["counts"], counts);
    }
    let (status, _) = site.send(get("/api/v1/computers/99")).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let (status, _) = site.send(get("/api/v1/computers/pc-one")).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
}

#[actix_web::test]
async fn d_scn_04_software_attributes_and_settings_are_known_with_the_computer_off() {
    let site = Site::small().await;
    let names = |page: &Value| -> Vec<String> {
        let items = page["items"].as_array().unwrap();
        items.iter().map(|item| item["name"].as_str().unwrap().to_owned()).collect()
    };
    let (_, now) = site.send(get("/api/v1/computers/1/software")).await;
    assert_eq!(names(&now), ["acme-test-files", "base-files", "vim"]);
    let (_, then) = site.send(get("/api/v1/computers/1/software?at=2023-11-14T22:13:30Z")).await;
    assert_eq!(names(&then), ["base-files", "nano"]);
    let (_, before) = site.send(get("/api/v1/computers/1/software?at=2023-11-13")).await;
    assert_eq!(names(&before), Vec::<String>::new());
    let (_, history) = site.send(get("/api/v1/computers/CID-1/history?limit=1")).await;
    assert_eq!(
        history["items"][0]["changes"],
        json!(["+acme-test-files-1.0-2", "-acme-test-files-1.0-1"])
    );
    let (_, who) = site.send(get("/api/v1/software?package=nano&from=2023-11-15")).await;
    assert_eq!(who["items"].as_array().unwrap().len(), 1);
    let (_, attributes) = site.send(get("/api/v1/computers/1/attributes")).await;
    assert_eq!(names(&attributes), ["CID-1", "NET-10.0.0.0/24", "SET-ALL SYSTEMS"]);
    let (_, then) = site.send(get("/api/v1/computers/1/attributes?at=2023-11-14T22:13:30Z")).await;
    assert_eq!(names(&then), ["NET-10.9.0.0/24"]);
    let (_, history) = site.send(get("/api/v1/computers/1/attributes/history?limit=2")).await;
    let next = history["next"].as_str().unwrap();
    let path = format!("/api/v1/computers/1/attributes/history?cursor={next}");
    assert_eq!(names(&site.send(get(&path)).await.1).len(), 2);
    let (_, settings) = site.send(get("/api/v1/computers/1/settings")).await;
    assert_eq!(settings["items"][0]["value"], "pc-one");
}

#[actix_web::test]
async fn d_hw_04_the_hardware_is_a_tree_with_what_each_node_can() {
    let site = Site::small().await;
    let (_, hardware) = site.send(get("/api/v1/computers/1/hardware")).await;
    assert_eq!(hardware["items"][1]["parent_id"], 61);
    assert_eq!(hardware["items"][0]["capabilities"], json!({ "smp": "Symmetric" }));
}

#[actix_web::test]
async fn d_status_05_d_status_06_a_status_is_logged_and_a_released_computer_configured_by_nothing()
{
    let site = Site::small().await;
    site.sql(
        "INSERT INTO deployment (id, project_id, name, slug, start_date)
             VALUES (1, 11, 'base', 'base', '2023-01-01');
         INSERT INTO deployment_attribute SELECT 1, id, 1 FROM attribute WHERE value = '1';
         INSERT INTO fault_definition_attribute SELECT 81, id, 0 FROM attribute WHERE value = '1';",
    )
    .await;
    let logs = "SELECT count(*) FROM status_log WHERE computer_id = 1";
    let held = "SELECT (SELECT count(*) FROM deployment_attribute)
                     + (SELECT count(*) FROM fault_definition_attribute
                        WHERE fault_definition_id = 81)";
    let release = "SELECT value FROM revision WHERE name = 'release'";
    let revision = site.number(release).await;

    let body = json!({ "ids": ["CID-1"], "status": "in repair" });
    let (status, answer) = site.send(post("/api/v1/computers/status", body.clone())).await;
    assert_eq!((status, &answer["changed"]), (StatusCode::OK, &json!(1)));
    assert_eq!((site.number(logs).await, site.number(held).await), (2, 2));
    let (_, answer) = site.send(post("/api/v1/computers/status", body)).await;
    assert_eq!((&answer["changed"], site.number(logs).await), (&json!(0), 2));
    assert_eq!(site.number(release).await, revision);

    let (status, computer) =
        site.send(patch("/api/v1/computers/1", json!({ "status": "available" }))).await;
    assert_eq!((status, &computer["status"]), (StatusCode::OK, &json!("available")));
    assert_eq!((site.number(logs).await, site.number(held).await), (3, 0));
    assert_eq!(site.number(release).await, revision + 1);

    let body = json!({ "ids": [1, 99], "status": "reserved" });
    let (status, _) = site.send(post("/api/v1/computers/status", body)).await;
    assert_eq!((status, site.number(logs).await), (StatusCode::NOT_FOUND, 3));
}

#[actix_web::test]
async fn d_perm_01_names_are_for_superusers_and_readers_change_nothing() {
    let site = Site::small().await;
    let (status, _) =
        site.send_as("reader", patch("/api/v1/computers/1", json!({ "comment": "x" }))).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let (status, _) = site.send_as("reader", delete("/api/v1/computers/1")).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let body = json!({ "name": "pc-new", "comment": "by the\r\nwindow" });
    let (status, computer) = site.send(patch("/api/v1/computers/1", body)).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(
        (&computer["name"], &computer["comment"]),
        (&json!("pc-new"), &json!("by the\nwindow"))
    );
    let (status, _) = site.send(patch("/api/v1/computers/1", json!({ "name": "" }))).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let changes = "SELECT count(*) FROM audit WHERE object_kind = 'computer' AND action = 'change'";
    assert_eq!(site.number(changes).await, 1);
}

#[actix_web::test]
async fn d_comp_01_deleting_takes_cid_hardware_and_events_along() {
    let site = Site::small().await;
    let (status, _) = site.send(delete("/api/v1/computers/CID-1")).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    let left = "SELECT (SELECT count(*) FROM attribute JOIN formula ON formula.id = formula_id
                        WHERE prefix = 'CID' AND value = '1')
                     + (SELECT count(*) FROM hardware_node) + (SELECT count(*) FROM software_history)
                     + (SELECT count(*) FROM error WHERE computer_id = 1)
                     + (SELECT count(*) FROM software_list WHERE id = 41)";
    assert_eq!(site.number(left).await, 0);
    let body = json!({ "ids": ["CID-2", 99] });
    let (status, _) = site.send(post("/api/v1/computers/delete", body)).await;
    assert_eq!(
        (status, site.number("SELECT count(*) FROM computer").await),
        (StatusCode::NOT_FOUND, 3)
    );
    let body = json!({ "ids": ["CID-2", 3] });
    let (status, _) = site.send(post("/api/v1/computers/delete", body)).await;
    assert_eq!(
        (status, site.number("SELECT count(*) FROM computer").await),
        (StatusCode::NO_CONTENT, 1)
    );
}

#[actix_web::test]
async fn d_comp_01_computers_are_never_added_by_hand() {
    let site = Site::small().await;
    let (status, _) = site.send(post("/api/v1/computers", json!({ "name": "pc" }))).await;
    assert!(status.is_client_error(), "{status}");
    assert_eq!(site.number("SELECT count(*) FROM computer").await, 4);
}

#[actix_web::test]
async fn d_hw_02_a_cleared_capture_date_is_null_and_a_new_key_is_accepted_for_a_day() {
    let site = Site::small().await;
    let path = "/api/v1/computers/1/hardware/capture";
    let (status, _) = site.send(post(path, json!({}))).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    let (_, computer) = site.send(get("/api/v1/computers/1")).await;
    assert_eq!(computer["last_hardware_capture"], Value::Null);
    let path = "/api/v1/computers/1/accept-key";
    let (_, answer) = site.send(post(path, json!({ "accept": true }))).await;
    assert!(answer["until"].is_string());
    let (_, answer) = site.send(post(path, json!({ "accept": false }))).await;
    assert_eq!(answer["until"], Value::Null);
}
