//! Schedules, timelines, copies, moves and clean-up through the API.

use actix_web::http::StatusCode;
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use actix_web::web::Data;
use serde_json::{Value, json};

use crate::api::tests::{get, patch, post};
use crate::app::actor::Actor;
use crate::app::fixtures::{Site, now};
use crate::app::tokens::TokenForm;
use crate::http::limits::Limits;

/// A site that can publish, with the API in front.
struct Api(Site);

impl Api {
    async fn new() -> Self {
        Self(Site::new().await)
    }

    async fn send(&self, request: TestRequest) -> (StatusCode, Value) {
        self.send_as("admin", request).await
    }

    async fn send_as(&self, account: &str, request: TestRequest) -> (StatusCode, Value) {
        let system = Actor::system(now());
        let token = self.0.app.create_token(&system, TokenForm::of(account, "test")).await.unwrap();
        let service = init_service(
            actix_web::App::new()
                .app_data(Data::new(self.0.app.clone()))
                .app_data(Data::new(Limits::default()))
                .configure(crate::api::routes),
        )
        .await;
        let request = request.insert_header(("Authorization", format!("Bearer {token}")));
        let response = call_service(&service, request.to_request()).await;
        let status = response.status();
        let body = read_body(response).await;
        (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
    }
}

#[actix_web::test]
async fn d_deploy_07_a_deployment_names_a_schedule_and_tells_its_timeline() {
    let site = Api::new().await;
    let slow = json!({ "name": "SLOW", "delays": [
        { "delay": 5, "duration": 2, "attributes": ["SET-ALL SYSTEMS"] }, { "delay": 0 } ] });
    let (status, schedule) = site.send(post("/api/v1/schedules", slow)).await;
    assert_eq!(status, StatusCode::CREATED, "{schedule}");
    assert_eq!(schedule["delays"][0], json!({ "delay": 0, "duration": 1, "attributes": [] }));
    let body = json!({ "project": "debian-12", "name": "Vim", "start_date": "2024-06-03",
                       "schedule": "SLOW" });
    let (status, made) = site.send(post("/api/v1/deployments", body)).await;
    assert_eq!(
        (status, &made["schedule"], &made["percent"]),
        (StatusCode::CREATED, &json!("SLOW"), &json!(100))
    );

    let (status, timeline) = site.send(get("/api/v1/deployments/1/timeline")).await;
    assert_eq!(status, StatusCode::OK, "{timeline}");
    let days = (&timeline["begin"], &timeline["end"], &timeline["total_days"]);
    assert_eq!(days, (&json!("2024-06-03"), &json!("2024-06-12"), &json!(9)), "D-TIME-01");
    assert_eq!(timeline["delays"][1]["attributes"], json!(["SET-ALL SYSTEMS"]));
    let first = json!({ "date": "2024-06-03", "planned": 0, "actual": 0 });
    assert_eq!(timeline["days"][0], first, "D-TIME-05");

    for (query, expected) in [
        ("schedule=SLOW", 1),
        ("schedule=2%20weeks", 0),
        ("timeline=finished", 1),
        ("timeline=active", 0),
        ("source=I", 1),
        ("source=E", 0),
        ("regenerating=true", 0),
    ] {
        let (status, list) = site.send(get(&format!("/api/v1/deployments?{query}"))).await;
        assert_eq!(status, StatusCode::OK, "{query}: {list}");
        assert_eq!(list["items"].as_array().map(Vec::len), Some(expected), "{query}");
    }
    let (_, same) = site.send(patch("/api/v1/deployments/1", json!({ "comment": "x" }))).await;
    assert_eq!(same["schedule"], "SLOW", "what is absent stays");
    let (_, without) = site.send(patch("/api/v1/deployments/1", json!({ "schedule": null }))).await;
    assert_eq!((&without["schedule"], &without["percent"]), (&json!(null), &json!(null)));
    let (status, _) = site.send(get("/api/v1/deployments/1/timeline")).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let unknown = json!({ "schedule": "NONE" });
    let (status, problem) = site.send(patch("/api/v1/deployments/1", unknown)).await;
    assert_eq!((status, &problem["field"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("schedule")));
    let path = format!("/api/v1/schedules/{}", schedule["id"]);
    let (status, provided) = site.send(get(&format!("{path}/provided?project=debian-12"))).await;
    assert_eq!((status, provided), (StatusCode::OK, json!([])), "D-TIME-06: nobody is there");
}

#[actix_web::test]
async fn d_proc_02_copies_moves_and_regeneration_are_one_call_each() {
    let site = Api::new().await;
    for name in ["a", "b"] {
        let body = json!({ "project": "debian-12", "name": name });
        site.send(post("/api/v1/deployments", body)).await;
    }
    let (status, copy) =
        site.send(post("/api/v1/deployments/1/clone", json!({ "name": "c" }))).await;
    assert_eq!((status, &copy["enabled"]), (StatusCode::CREATED, &json!(false)), "{copy}");
    let moving = json!({ "to": 2, "disable": true });
    let (status, moved) = site.send(post("/api/v1/deployments/1/move", moving)).await;
    assert_eq!((status, moved), (StatusCode::OK, json!({ "count": 0 })));
    let (_, left) = site.send(get("/api/v1/deployments/1")).await;
    assert_eq!(left["enabled"], false);
    let ids = json!({ "ids": [1, 2] });
    let (status, _) = site.send(post("/api/v1/deployments/regenerate", ids.clone())).await;
    assert_eq!(status, StatusCode::ACCEPTED);
    let (status, _) = site.send_as("reader", post("/api/v1/deployments/regenerate", ids)).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let (_, totals) = site.send(get("/api/v1/packages/orphans?project=debian-12")).await;
    assert_eq!(totals, json!({ "count": 0, "bytes": 0, "freed_bytes": 0 }));
    let wrong = json!({ "count": 3 });
    let (status, _) = site.send(post("/api/v1/packages/orphans/clean-up", wrong)).await;
    assert_eq!(status, StatusCode::CONFLICT);
}
