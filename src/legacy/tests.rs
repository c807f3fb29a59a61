//! The public answers, and that nothing else answers without a login.

use actix_web::http::StatusCode;
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use actix_web::web::Data;
use serde_json::{Value, json};

use crate::app::App;

/// A site with a project on each of two platforms, and one more.
async fn site() -> (App, tempfile::TempDir) {
    let site = crate::api::tests::Site::new().await;
    for (name, platform) in [("school-12", "Linux"), ("lab", "Linux"), ("office", "Windows")] {
        let body = json!({ "name": name, "platform": platform, "pms": "apt" });
        site.send(crate::api::tests::post("/api/v1/projects", body)).await;
    }
    site.into_parts()
}

async fn get(app: &App, path: &str) -> (StatusCode, Vec<u8>) {
    let data = Data::new(app.clone());
    let limits = Data::new(crate::http::limits::Limits::default());
    let service = actix_web::App::new().app_data(data).app_data(limits);
    let service = init_service(service.configure(crate::cli::routes)).await;
    let answer = call_service(&service, TestRequest::get().uri(path).to_request()).await;
    (answer.status(), read_body(answer).await.to_vec())
}

#[actix_web::test]
async fn d_op_02_d_plt_02_projects_are_public_and_classified_by_platform() {
    let (app, _dir) = site().await;
    let expected = json!([
        { "platform": "Linux", "projects": [{ "name": "lab" }, { "name": "school-12" }] },
        { "platform": "Windows", "projects": [{ "name": "office" }] },
    ]);
    for path in ["/get_projects", "/get_projects/"] {
        let (status, body) = get(&app, path).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(serde_json::from_slice::<Value>(&body).unwrap(), expected);
    }
}

/// Only the public set answers without a session, token or client key.
#[actix_web::test]
async fn d_op_01_everything_else_needs_a_session_token_or_key() {
    let (app, _dir) = site().await;
    for path in ["/login", "/healthz", "/public/", "/public/lab/", "/repo/", "/get_projects"] {
        assert_eq!(get(&app, path).await.0, StatusCode::OK, "{path} is public");
    }
    let private = [
        "/",
        "/computers",
        "/computers/1",
        "/packages",
        "/deployments",
        "/settings",
        "/audit",
        "/accounts",
        "/projects",
        "/alerts",
        "/alerts/count",
    ];
    for path in private {
        let (status, _) = get(&app, path).await;
        let refused = [StatusCode::SEE_OTHER, StatusCode::UNAUTHORIZED];
        assert!(refused.contains(&status), "{path} answered {status}");
    }
    for path in [
        "computers",
        "projects",
        "packages",
        "deployments",
        "errors",
        "faults",
        "notifications",
        "accounts",
        "audit",
        "settings",
        "attributes",
        "formulas",
    ] {
        let (status, _) = get(&app, &format!("/api/v1/{path}")).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "/api/v1/{path}");
    }
}
