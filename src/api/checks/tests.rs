//! Errors, faults and notifications through the API.

use actix_web::http::StatusCode;
use serde_json::{Value, json};

use crate::api::tests::{Site, get, patch, post};

fn ids(page: &Value) -> Vec<i64> {
    page["items"].as_array().unwrap().iter().map(|item| item["id"].as_i64().unwrap()).collect()
}

#[actix_web::test]
async fn errors_faults_and_notifications_are_listed_and_checked_off() {
    let site = Site::small().await;
    // rule          path                                        ids
    let table = [
        ("D-ERR-04", "/api/v1/errors", vec![73, 72, 71]),
        ("D-ERR-04", "/api/v1/errors?checked=false", vec![73, 71]),
        ("D-ERR-04", "/api/v1/errors?checked=true", vec![72]),
        ("D-ERR-04", "/api/v1/errors?project=11", vec![72, 71]),
        ("D-ERR-04", "/api/v1/errors?computer=CID-2", vec![73]),
        ("D-ERR-04", "/api/v1/errors?computer=2", vec![73]),
        ("D-ERR-04", "/api/v1/errors?to=2023-11-14T22:16:00Z", vec![71]),
        ("D-ERR-04", "/api/v1/errors?from=2023-11-14&to=2023-11-14", vec![73, 72, 71]),
        ("D-ERR-04", "/api/v1/errors?from=2023-11-15", vec![]),
        ("D-FAULT-04", "/api/v1/faults?checked=false", vec![93, 92, 91]),
        ("D-FAULT-04", "/api/v1/faults?definition=81", vec![94, 91]),
        ("D-NOTIF-13", "/api/v1/notifications?checked=false", vec![102, 101]),
        ("D-NOTIF-13", "/api/v1/notifications?from=2023-11-15", vec![]),
    ];
    for (rule, path, expected) in table {
        let (status, page) = site.send(get(path)).await;
        assert_eq!((status, ids(&page)), (StatusCode::OK, expected), "{rule}: {path}");
    }
    for (path, id) in [("errors", 71), ("faults", 91), ("notifications", 101)] {
        let one = format!("/api/v1/{path}/{id}");
        let (status, answer) = site.send(patch(&one, json!({ "checked": true }))).await;
        assert_eq!((status, &answer["checked"]), (StatusCode::OK, &json!(true)), "{one}");
        let (_, answer) = site.send(patch(&one, json!({ "checked": false }))).await;
        assert_eq!(answer["checked"], json!(false), "{one}");
        let many = format!("/api/v1/{path}/check");
        let body = json!({ "ids": [id, 9999], "checked": true });
        let (_, answer) = site.send(post(&many, body)).await;
        assert_eq!(answer["changed"], json!(1), "{many}");
        let (status, _) =
            site.send(patch(&format!("/api/v1/{path}/9999"), json!({ "checked": true }))).await;
        assert_eq!(status, StatusCode::NOT_FOUND);
    }
    let changes = "SELECT count(*) FROM audit WHERE object_kind = 'error' AND object_id = 71";
    assert_eq!(site.number(changes).await, 3);
}

#[actix_web::test]
async fn d_err_04_a_list_is_paged_newest_first() {
    let site = Site::small().await;
    let (_, page) = site.send(get("/api/v1/errors?limit=2")).await;
    assert_eq!(ids(&page), [73, 72]);
    let next = page["next"].as_str().unwrap();
    let (_, page) = site.send(get(&format!("/api/v1/errors?limit=2&cursor={next}"))).await;
    assert_eq!((ids(&page), &page["next"]), (vec![71], &Value::Null));
    assert_eq!(page["items"][0]["client_time"], "2023-11-14T22:14:50Z");
    assert_eq!(page["items"][0]["computer"], json!({ "id": 1, "name": "CID-1" }));
}

#[actix_web::test]
async fn d_fault_05_faults_concern_whom_their_definition_names() {
    let site = Site::small().await;
    site.sql(
        "INSERT INTO fault_definition_account
             SELECT 82, id FROM account WHERE username = 'checker'
             UNION ALL SELECT 83, id FROM account WHERE username = 'packager'",
    )
    .await;
    // rule           assignment        faults
    let table = [
        ("D-FAULT-05", "to-check-for-me", vec![94, 92, 91]),
        ("D-FAULT-05", "assigned-to-me", vec![92]),
        ("D-FAULT-05", "assigned-to-others", vec![93]),
        ("D-FAULT-05", "unassigned", vec![94, 91]),
    ];
    for (rule, assignment, expected) in table {
        let path = format!("/api/v1/faults?assignment={assignment}");
        let (_, page) = site.send_as("checker", get(&path)).await;
        assert_eq!(ids(&page), expected, "{rule}: {assignment}");
    }
}

#[actix_web::test]
async fn d_perm_03_the_checker_checks_errors_but_no_notifications() {
    let site = Site::small().await;
    let check = json!({ "checked": true });
    let (status, _) = site.send_as("checker", patch("/api/v1/errors/71", check.clone())).await;
    assert_eq!(status, StatusCode::OK);
    let (status, _) = site.send_as("checker", patch("/api/v1/notifications/101", check)).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
}

#[actix_web::test]
async fn d_gen_13_a_notification_speaks_the_readers_language() {
    let site = Site::small().await;
    let (_, english) = site.send(get("/api/v1/notifications/102")).await;
    assert_eq!(english["message"], "New computer CID-1: pc-one, UUID UUID-1.");
    let request = get("/api/v1/notifications/102").insert_header(("Accept-Language", "es"));
    let (_, spanish) = site.send(request).await;
    assert_eq!(spanish["message"], "Nuevo ordenador CID-1: pc-one, UUID UUID-1.");
    assert_eq!(spanish["event"]["kind"], "new-computer");
}
