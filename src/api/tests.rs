//! A site in memory's reach for tests of the API: real storage, real operations, a token.

use actix_web::body::MessageBody;
use actix_web::dev::{Service, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use actix_web::web::Data;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use crate::app::actor::Actor;
use crate::app::first_start::FirstPassword;
use crate::app::tokens::TokenForm;
use crate::app::{App, Options};
use crate::http::limits::Limits;
use crate::storage::Storage;

/// A fresh site with the administrator `admin` and the demonstration accounts.
pub(crate) struct Site {
    pub app: App,
    pub token: String,
    dir: tempfile::TempDir,
}

impl Site {
    pub(crate) async fn new() -> Self {
        Self::with_limit(1 << 30).await
    }

    /// A site that accepts files of this many bytes.
    pub(crate) async fn with_limit(max_package_size: u64) -> Self {
        Self::open(max_package_size, false).await
    }

    /// The small site with a key that signs repositories.
    pub(crate) async fn small_with_key() -> Self {
        let site = Self::with_key().await;
        site.app.storage().write(crate::storage::fixtures::small_site).await.unwrap();
        site
    }

    /// A fresh site with a key that signs repositories.
    pub(crate) async fn with_key() -> Self {
        Self::open(1 << 30, true).await
    }

    async fn open(max_package_size: u64, with_key: bool) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let now = crate::clock::now();
        let options = Options { time_zone: TimeZone::UTC, max_package_size, demo: true };
        // Opening waits for the writer, which no thread of a runtime may do.
        let path = dir.path().to_owned();
        let opening = std::thread::spawn(move || {
            let storage = Storage::open(&path).unwrap();
            if with_key {
                crate::app::fixtures::give_key(&storage);
            }
            let app = App::new(storage, options, now).unwrap();
            app.first_start(FirstPassword::Generate, now).unwrap();
            app
        });
        let app = opening.join().unwrap();
        let token =
            app.create_token(&Actor::system(now), TokenForm::of("admin", "test")).await.unwrap();
        Self { app, token, dir }
    }

    /// The same with the computers of `storage/fixtures.sql`.
    pub(crate) async fn small() -> Self {
        let site = Self::new().await;
        site.app.storage().write(crate::storage::fixtures::small_site).await.unwrap();
        site
    }

    /// Runs statements in the database.
    pub(crate) async fn sql(&self, sql: &'static str) {
        let run = move |tx: &crate::storage::WriteTx<'_>| crate::storage::fixtures::run(tx, sql);
        self.app.storage().write(run).await.unwrap();
    }

    /// Returns the number that a query of the database finds.
    pub(crate) async fn number(&self, sql: &'static str) -> i64 {
        let ask = move |tx: &crate::storage::ReadTx<'_>| crate::storage::fixtures::number(tx, sql);
        self.app.storage().read(ask).await.unwrap()
    }

    /// The application, and the folder that must outlive it.
    pub(crate) fn into_parts(self) -> (App, tempfile::TempDir) {
        (self.app, self.dir)
    }

    /// Sends a request with the token of `account` and returns status and JSON body.
    pub(crate) async fn send_as(&self, account: &str, request: TestRequest) -> (StatusCode, Value) {
        let now = crate::clock::now();
        let form = TokenForm::of(account, "test");
        let token = self.app.create_token(&Actor::system(now), form).await.unwrap();
        self.send_with(&token, request).await
    }

    /// Sends a request with the administrator's token.
    pub(crate) async fn send(&self, request: TestRequest) -> (StatusCode, Value) {
        self.send_with(&self.token, request).await
    }

    async fn send_with(&self, token: &str, request: TestRequest) -> (StatusCode, Value) {
        self.send_plain(request.insert_header(("Authorization", format!("Bearer {token}")))).await
    }

    /// Sends a request as it is.
    pub(crate) async fn send_plain(&self, request: TestRequest) -> (StatusCode, Value) {
        self.send_limited(&Data::new(Limits::default()), request).await
    }

    /// Sends a request as it is to a server that has counted earlier ones.
    pub(crate) async fn send_limited(
        &self,
        limits: &Data<Limits>,
        request: TestRequest,
    ) -> (StatusCode, Value) {
        let service = init_service(
            actix_web::App::new()
                .app_data(Data::new(self.app.clone()))
                .app_data(limits.clone())
                .configure(super::routes),
        )
        .await;
        answer(&service, request).await
    }
}

async fn answer<S, B>(service: &S, request: TestRequest) -> (StatusCode, Value)
where
    S: Service<actix_http::Request, Response = ServiceResponse<B>, Error = actix_web::Error>,
    B: MessageBody,
{
    let response = call_service(service, request.to_request()).await;
    let status = response.status();
    let body = read_body(response).await;
    (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
}

pub(crate) fn post(path: &str, body: Value) -> TestRequest {
    TestRequest::post().uri(path).set_json(body)
}

pub(crate) fn patch(path: &str, body: Value) -> TestRequest {
    TestRequest::patch().uri(path).set_json(body)
}

pub(crate) fn get(path: &str) -> TestRequest {
    TestRequest::get().uri(path)
}

#[actix_web::test]
async fn d_prj_01_a_project_is_added_changed_and_listed() {
    let site = Site::new().await;
    let body = json!({ "name": "aula 3", "platform": "Linux", "pms": "apt" });
    let (status, project) = site.send(post("/api/v1/projects", body.clone())).await;
    assert_eq!(status, StatusCode::CREATED, "{project}");
    assert_eq!(project["name"], "aula-3");
    assert_eq!(project["pms"], "apt-get");
    assert_eq!(project["auto_register_computers"], true, "AUTOREGISTER is on");

    let (status, problem) = site.send(post("/api/v1/projects", body)).await;
    assert_eq!((status, &problem["status"]), (StatusCode::CONFLICT, &json!(409)));

    let path = format!("/api/v1/projects/{}", project["id"]);
    let (_, changed) = site.send(patch(&path, json!({ "auto_register_computers": false }))).await;
    assert_eq!(changed["auto_register_computers"], false);
    let (_, list) = site.send(get("/api/v1/projects")).await;
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
    let (_, platforms) = site.send(get("/api/v1/platforms")).await;
    assert_eq!(platforms["items"][0]["projects"], 1);
}

#[actix_web::test]
async fn d_perm_01_what_is_not_granted_is_denied() {
    let site = Site::new().await;
    let body = json!({ "name": "x", "platform": "Linux", "pms": "apt" });
    let (status, _) = site.send_as("reader", post("/api/v1/projects", body.clone())).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let (status, _) = site.send_as("configurator", post("/api/v1/projects", body)).await;
    assert_eq!(status, StatusCode::CREATED);
    let (status, _) = site.send_as("reader", get("/api/v1/projects")).await;
    assert_eq!(status, StatusCode::OK);
}

#[actix_web::test]
async fn a_wrong_call_gets_a_problem_document() {
    let site = Site::new().await;
    let (status, problem) = site.send(post("/api/v1/projects", json!({ "name": 1 }))).await;
    assert_eq!((status, &problem["title"]), (StatusCode::BAD_REQUEST, &json!("Bad Request")));
    let (status, _) = site.send(get("/api/v1/nothing")).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let bad = json!({ "name": "../x", "platform": "Linux", "pms": "apt" });
    let (status, problem) = site.send(post("/api/v1/projects", bad)).await;
    assert_eq!((status, &problem["field"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("name")));
    let (status, _) = site.send_with("nonsense", get("/api/v1/projects")).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
}
