//! Runs of the client against a server that answers as it is told.

use super::*;
use crate::catalogue::Lang;
use crate::client::fake_server::{Answer, FakeServer, clock};
use crate::client::sync::Silent;
use crate::client::ui;
use crate::wire::keys::SecretKey;
use crate::wire::sync::{Plan, ReportAnswer, SyncAnswer};

const UUID: &str = "4D494741-5300-4000-8000-000000000001";

/// A computer below a directory, with the emulated package manager.
struct Computer {
    root: tempfile::TempDir,
}

impl Computer {
    fn new(server: &FakeServer, more: &str) -> Self {
        let computer = Self { root: tempfile::tempdir().unwrap() };
        computer.configure(server, UUID, more);
        computer
    }

    fn configure(&self, server: &FakeServer, uuid: &str, more: &str) {
        let server = server.base.trim_start_matches("http://");
        let text = format!(
            "[client]\nServer = {server}\nProject = debian-12\nComputer_Name = pc1\n\
             Package_Manager = emulated\nComputer_UUID = {uuid}\n{more}\n"
        );
        std::fs::create_dir_all(self.root.path().join("etc")).unwrap();
        std::fs::write(self.root.path().join("etc/migas.conf"), text).unwrap();
    }

    fn client(&self) -> Client {
        let choice = Choice { root: Some(self.root.path().to_path_buf()), ..Choice::default() };
        Client::open(&choice, &Environment::new(), clock).unwrap()
    }
}

fn registered(server_key: &SecretKey) -> Answer {
    let server_key = server_key.public().to_base64();
    Answer::ok(&RegisterAnswer { cid: 5, server_key, ..RegisterAnswer::default() })
}

fn key(byte: u8) -> SecretKey {
    SecretKey::from_random([byte; 40]).unwrap()
}

fn plan() -> Answer {
    let plan = Plan { sync_id: "s".to_owned(), cid: 5, ..Plan::default() };
    Answer::ok(&SyncAnswer::Plan(Box::new(plan)))
}

#[tokio::test]
async fn d_reg_08_a_new_computer_registers_silently_and_only_once() {
    let stored = || Answer::ok(&ReportAnswer::Stored);
    let answers = vec![registered(&key(1)), plan(), stored(), plan(), stored()];
    let server = FakeServer::start(answers).await;
    let computer = Computer::new(&server, "");
    for _ in 0..2 {
        let mut client = computer.client();
        let mut session = client.session(&mut Silent).await.unwrap();
        let options = Options::default();
        let (record, result) =
            client.update(&mut session, &mut Silent, &options, Interrupt::never()).await;
        result.unwrap();
        assert_eq!(record.cid, 5);
    }
    let registers = server.bodies("/register");
    assert_eq!(registers.len(), 1);
    assert_eq!((&registers[0]["username"], &registers[0]["password"]), (&"".into(), &"".into()));
    assert_eq!(registers[0]["identity"]["project"], "debian-12");
    assert_eq!(registers[0]["identity"]["uuid"], UUID);
}

#[tokio::test]
async fn d_reg_08_a_refusal_is_reported() {
    let server = FakeServer::start(vec![Answer::problem(403, "can-not-register")]).await;
    let error = Computer::new(&server, "").client().session(&mut Silent).await.unwrap_err();
    assert_eq!(error.transport().unwrap().problem_type(), Some("can-not-register"));
}

#[tokio::test]
async fn d_cfg_07_a_cloned_machine_makes_a_key_of_its_own() {
    let server = FakeServer::start(vec![registered(&key(1)), registered(&key(1))]).await;
    let computer = Computer::new(&server, "");
    computer.client().session(&mut Silent).await.unwrap();
    computer.configure(&server, "4D494741-5300-4000-8000-000000000002", "");
    computer.client().session(&mut Silent).await.unwrap();
    let bodies = server.bodies("/register");
    assert_ne!(bodies[0]["public_key"], bodies[1]["public_key"]);
}

#[tokio::test]
async fn d_faq_06_registering_by_hand_trusts_a_new_server_key() {
    let server = FakeServer::start(vec![registered(&key(1)), registered(&key(1))]).await;
    let computer = Computer::new(&server, "");
    let client = computer.client();
    client.keys.pin_server(&key(9).public()).unwrap();
    let mut client = computer.client();
    // The pinned key is another's: nothing of this server is believed.
    let error = client.session(&mut Silent).await.unwrap_err();
    assert!(matches!(error.transport(), Some(TransportError::Signature { .. })), "{error:?}");
    let account = Account { name: "admin".to_owned(), password: "secret".to_owned() };
    server.seen.lock().unwrap().clear();
    client.register(&account).await.unwrap();
    assert_eq!(client.keys.find_server().unwrap(), Some(key(1).public()));
    assert_eq!(server.bodies("/register")[0]["username"], "admin");
}

#[tokio::test]
async fn a_configured_server_key_is_the_only_one_believed() {
    let server = FakeServer::start(vec![registered(&key(1))]).await;
    let line = format!("Server_Key = {}", key(9).public().to_base64());
    let mut client = Computer::new(&server, &line).client();
    let error = client.register(&Account::default()).await.unwrap_err();
    assert!(matches!(error.transport(), Some(TransportError::Signature { .. })), "{error:?}");
}

#[tokio::test]
async fn d_cli_03_the_start_shows_how_the_client_is_set_up() {
    let server = FakeServer::start(Vec::new()).await;
    let client = Computer::new(&server, "Package_Proxy_Cache = cache:3142\nDebug = yes").client();
    let banner = ui::banner(Lang::En, &client);
    let value = |label: &str| {
        banner.iter().find(|(name, _)| name == label).map(|(_, value)| value.as_str())
    };
    assert_eq!(banner.len(), 15);
    assert_eq!(value("Client version"), Some(env!("CARGO_PKG_VERSION")));
    assert_eq!(value("Project"), Some("debian-12"));
    assert_eq!(value("Computer name"), Some("pc1"));
    assert_eq!(value("Package proxy cache"), Some("cache:3142"));
    assert_eq!(value("Debug"), Some("yes"));
    assert_eq!(value("Proxy"), Some("not set"));
    assert_eq!(value("Package manager"), Some("apt-get"));
    assert_eq!(value("Graphical user"), Some("none: no graphical session was found"));
}

#[tokio::test]
async fn d_cfg_05_the_proxy_is_used_for_the_server_only() {
    let proxy = FakeServer::start(vec![registered(&key(1))]).await;
    let server = FakeServer::start(Vec::new()).await;
    let line = format!("Proxy = {}", proxy.base.trim_start_matches("http://"));
    let mut client = Computer::new(&server, &line).client();
    client.session(&mut Silent).await.unwrap();
    // A proxy is asked with the whole address of the server.
    assert_eq!(proxy.paths(), [format!("{}/sync/v1/register", server.base)]);
    assert_eq!(server.paths(), Vec::<String>::new());
}
