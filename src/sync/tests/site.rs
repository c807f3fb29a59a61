//! A site in a temporary directory and computers that sign as real ones do; time stands still
//! until a test moves it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use actix_web::web::Data;
use actix_web::{App as Service, test as actix};
use base64::Engine as _;
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::app::first_start::FirstPassword;
use crate::app::{App, Options};
use crate::http::arrival::Clock;
use crate::http::limits::Limits;
use crate::storage::{Storage, StorageError, WriteTx};
use crate::wire::keys::{PublicKey, SecretKey};
use crate::wire::signing;
use crate::wire::sync::{
    Identity, Plan, Problem, Program, RegisterAnswer, RegisterRequest, Report, ReportAnswer,
    SoftwarePackage, SyncAnswer, SyncRequest, formulas_fingerprint, software_fingerprint,
};

/// Friday 2024-06-07, 08:00 UTC.
pub const NOW_MS: i64 = 1_717_747_200_000;
pub const PASSWORD: &str = "correct horse";

pub struct Site {
    dir: tempfile::TempDir,
    pub app: App,
    pub now_ms: Arc<AtomicI64>,
}

/// An answer whose signature was checked.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn read<T: DeserializeOwned>(&self) -> T {
        let text = String::from_utf8_lossy(&self.body);
        assert_eq!(self.status, 200, "{text}");
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {text}"))
    }

    /// Status and type of a problem.
    pub fn problem(&self) -> (u16, String) {
        let problem: Problem = serde_json::from_slice(&self.body).unwrap();
        assert_eq!(problem.status, self.status);
        (self.status, problem.r#type)
    }
}

/// A request about to be sent: tests spoil parts of it.
#[derive(Debug, Clone)]
pub struct Letter {
    pub method: &'static str,
    pub path: String,
    pub body: Vec<u8>,
    pub key_id: String,
    pub time_ms: i64,
    pub nonce: String,
    pub signature: String,
}

impl Site {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let app = open(&dir, NOW_MS);
        let given = FirstPassword::Given(PASSWORD.into());
        off_runtime(|| app.first_start(given, at(NOW_MS))).unwrap();
        Self { dir, app, now_ms: Arc::new(AtomicI64::new(NOW_MS)) }
    }

    /// Stops and starts the server.
    pub fn reopen(self) -> Self {
        let Self { dir, app, now_ms } = self;
        drop(app);
        let app = open(&dir, now_ms.load(Ordering::Relaxed));
        Self { dir, app, now_ms }
    }

    pub fn pass_ms(&self, ms: i64) {
        self.now_ms.fetch_add(ms, Ordering::Relaxed);
    }

    /// Sends a letter over the real routes and checks the seal of the answer.
    pub async fn send(&self, letter: &Letter) -> Answer {
        self.send_from(letter, "192.0.2.7").await
    }

    pub async fn send_from(&self, letter: &Letter, address: &str) -> Answer {
        let time = self.now_ms.clone();
        let clock = Clock(Arc::new(move || at(time.load(Ordering::Relaxed))));
        let service = Service::new()
            .app_data(Data::new(self.app.clone()))
            .app_data(Data::new(Limits::default()))
            .app_data(Data::new(clock))
            .configure(super::super::routes);
        let service = actix::init_service(service).await;
        let request = actix::TestRequest::with_uri(&letter.path)
            .method(letter.method.parse().unwrap())
            .peer_addr(format!("{address}:40000").parse().unwrap())
            .insert_header((signing::KEY_HEADER, letter.key_id.clone()))
            .insert_header((signing::TIME_HEADER, letter.time_ms.to_string()))
            .insert_header((signing::NONCE_HEADER, letter.nonce.clone()))
            .insert_header((signing::SIGNATURE_HEADER, letter.signature.clone()))
            .set_payload(letter.body.clone());
        let response = actix::call_service(&service, request.to_request()).await;
        let status = response.status().as_u16();
        let seal = response.headers().get(signing::SIGNATURE_HEADER).cloned();
        let seal = seal.expect("every answer is signed").to_str().unwrap().to_owned();
        let body = actix::read_body(response).await.to_vec();
        let digest = signing::answer_digest(status, &body, &letter.nonce);
        assert!(self.app.sync_key().public().verifies_base64(&digest, &seal));
        Answer { status, body }
    }

    /// Reads one number out of the database.
    pub fn count(&self, sql: &'static str) -> i64 {
        self.text(sql).parse().unwrap()
    }

    /// Reads one value out of the database.
    pub fn text(&self, sql: &'static str) -> String {
        self.app.storage().read_now(|tx| tx.value_for_tests(sql)).unwrap()
    }

    /// Changes the database behind the operations' back.
    pub fn change(&self, sql: &'static str) {
        self.write(move |tx| tx.change_for_tests(sql));
    }

    pub fn set(&self, name: &'static str, value: &'static str) {
        self.write(move |tx| crate::storage::settings::put(tx, name, value));
    }

    pub fn write(
        &self,
        change: impl FnOnce(&WriteTx<'_>) -> Result<(), StorageError> + Send + 'static,
    ) {
        off_runtime(|| self.app.storage().write_now(change)).unwrap();
    }
}

fn open(dir: &tempfile::TempDir, now_ms: i64) -> App {
    let storage = Storage::open(dir.path()).unwrap();
    let options =
        Options { time_zone: jiff::tz::TimeZone::UTC, max_package_size: 1 << 30, demo: false };
    off_runtime(|| App::new(storage, options, at(now_ms)).unwrap())
}

/// Waiting for the writer is nothing a thread of a runtime may do.
fn off_runtime<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| scope.spawn(work).join().unwrap())
}

pub fn at(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap()
}

/// A desktop as the server sees it.
pub struct Desktop {
    pub key: SecretKey,
    pub identity: Identity,
    time_ms: AtomicI64,
}

impl Desktop {
    /// Each number gives another key, UUID and name.
    pub fn new(number: u8) -> Self {
        let identity = Identity {
            uuid: format!("4C4C4544-004A-3410-804F-B5C04F4D33{number:02X}"),
            name: format!("pc{number}"),
            fqdn: format!("pc{number}.example.org"),
            ip_address: format!("10.0.2.{number}"),
            platform: "Linux".into(),
            project: "debian-9.3".into(),
            pms: "apt-get".into(),
        };
        let key = SecretKey::from_random([number; 40]).unwrap();
        Self { key, identity, time_ms: AtomicI64::new(NOW_MS) }
    }

    /// The same machine with a key of its own making.
    pub fn with_key(mut self, seed: u8) -> Self {
        self.key = SecretKey::from_random([seed; 40]).unwrap();
        self
    }

    /// A signed request, a millisecond later than the one before.
    pub fn letter(&self, path: &str, message: &impl Serialize) -> Letter {
        let body = serde_json::to_vec(message).unwrap();
        self.signed(path, body, self.time_ms.fetch_add(1, Ordering::Relaxed) + 1)
    }

    /// The same with another method; a GET has no body.
    pub fn letter_with(
        &self,
        method: &'static str,
        path: &str,
        message: &impl Serialize,
    ) -> Letter {
        let body = match method {
            "GET" => Vec::new(),
            _ => serde_json::to_vec(message).unwrap(),
        };
        let time_ms = self.time_ms.fetch_add(1, Ordering::Relaxed) + 1;
        self.signed_with(method, path, body, time_ms)
    }

    pub fn signed(&self, path: &str, body: Vec<u8>, time_ms: i64) -> Letter {
        self.signed_with("POST", path, body, time_ms)
    }

    fn signed_with(&self, method: &'static str, path: &str, body: Vec<u8>, time_ms: i64) -> Letter {
        let nonce = base64::engine::general_purpose::STANDARD.encode([time_ms as u8; 16]);
        let digest = signing::request_digest(method, path, &body, time_ms, &nonce);
        Letter {
            method,
            path: path.into(),
            body,
            key_id: self.key.public().id.to_string(),
            time_ms,
            nonce,
            signature: self.key.sign_base64(&digest),
        }
    }

    pub fn wait_ms(&self, ms: i64) {
        self.time_ms.fetch_add(ms, Ordering::Relaxed);
    }

    pub fn registration(&self, username: &str, password: &str) -> RegisterRequest {
        RegisterRequest {
            identity: self.identity.clone(),
            username: username.into(),
            password: password.into(),
            public_key: self.key.public().to_base64(),
            client_version: "0".into(),
        }
    }

    pub async fn try_register(&self, site: &Site) -> Answer {
        site.send(&self.letter("/sync/v1/register", &self.registration("", ""))).await
    }

    pub async fn try_register_as(&self, site: &Site, username: &str, password: &str) -> Answer {
        let registration = self.registration(username, password);
        site.send(&self.letter("/sync/v1/register", &registration)).await
    }

    pub async fn register(&self, site: &Site) -> RegisterAnswer {
        self.try_register(site).await.read()
    }

    /// What it asks when it holds the formulas of the site.
    pub fn question(&self, site: &Site) -> SyncRequest {
        let formulas = site.app.storage().read_now(crate::storage::formulas::all).unwrap();
        let sent = formulas.iter().filter(|formula| formula.enabled && !formula.code.is_empty());
        let programs: Vec<Program> = sent
            .map(|formula| Program {
                name: formula.prefix.clone(),
                language: formula.language.as_str().into(),
                code: formula.code.clone(),
            })
            .collect();
        let outputs = [
            ("HST", self.identity.name.as_str()),
            ("NET", "10.0.2.0/24"),
            ("PCI", "8086:1237~Host bridge,8086:7000~ISA bridge,"),
        ];
        let attributes = outputs.map(|(prefix, output)| (prefix.to_owned(), output.to_owned()));
        SyncRequest {
            identity: self.identity.clone(),
            user: "root".into(),
            user_fullname: "root".into(),
            formulas_fingerprint: formulas_fingerprint(&programs),
            attributes: attributes.into(),
            software_fingerprint: software_fingerprint(&packages(&["bash=5.2", "nano=7.2"])),
            ..SyncRequest::default()
        }
    }

    pub async fn try_sync(&self, site: &Site, question: &SyncRequest) -> Answer {
        site.send(&self.letter("/sync/v1/sync", question)).await
    }

    pub async fn sync_with(&self, site: &Site, question: &SyncRequest) -> Plan {
        match self.try_sync(site, question).await.read() {
            SyncAnswer::Plan(plan) => *plan,
            SyncAnswer::Formulas(formulas) => panic!("{formulas:?}"),
        }
    }

    pub async fn sync(&self, site: &Site) -> Plan {
        self.sync_with(site, &self.question(site)).await
    }

    /// A report of a run that changed nothing.
    pub fn quiet_report(&self, plan: &Plan) -> Report {
        let list = packages(&["bash=5.2", "nano=7.2"]);
        let mut report = Report {
            software_fingerprint: software_fingerprint(&list),
            software: plan.want_software.then_some(list),
            ..Report::default()
        };
        report.outcome.ok = true;
        report
    }

    pub async fn try_report(&self, site: &Site, sync_id: &str, report: &Report) -> Answer {
        site.send(&self.letter(&format!("/sync/v1/sync/{sync_id}/report"), report)).await
    }

    pub async fn report(&self, site: &Site, plan: &Plan) -> ReportAnswer {
        self.try_report(site, &plan.sync_id, &self.quiet_report(plan)).await.read()
    }

    /// Registered, and synchronised once.
    pub async fn settled(number: u8, site: &Site) -> Self {
        let desktop = Self::new(number);
        desktop.register(site).await;
        let plan = desktop.sync(site).await;
        desktop.report(site, &plan).await;
        desktop
    }
}

/// A key that nobody registered.
pub fn stranger() -> PublicKey {
    SecretKey::from_random([99; 40]).unwrap().public()
}

/// Packages from `name=version`.
pub fn packages(tokens: &[&str]) -> Vec<SoftwarePackage> {
    let package = |token: &&str| {
        let (name, version) = token.split_once('=').unwrap();
        SoftwarePackage { name: name.into(), version: version.into(), architecture: "amd64".into() }
    };
    tokens.iter().map(package).collect()
}
