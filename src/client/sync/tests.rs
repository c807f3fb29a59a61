//! Whole synchronisations against a fake server, with an emulated machine.

mod packages;
mod questions;
mod reports;
mod tags;

use std::sync::Mutex;

use serde_json::json;

use super::*;
use crate::client::fake_server::{Answer, FakeServer};
use crate::client::managers::emulated::Emulated;
use crate::wire::keys::SecretKey;
use crate::wire::sync::{
    FormulaSet, Order, RegisterAnswer, Report, ReportAnswer, Repository, SoftwarePackage,
};

/// A computer whose programs answer from a table.
#[derive(Default)]
struct FakeMachine {
    hooks: Mutex<Vec<&'static str>>,
    failing_hook: Option<String>,
    kept: Mutex<Option<State>>,
    interrupt: Option<tokio::sync::watch::Sender<bool>>,
    /// What a long step waits for: the server to have heard of it.
    heard: Option<std::sync::Arc<Mutex<Vec<crate::client::fake_server::Seen>>>>,
}

impl FakeMachine {
    /// Waits until the server was told that something lasts.
    async fn until_heard(&self) {
        let heard = self.heard.as_ref().unwrap();
        while !heard.lock().unwrap().iter().any(|seen| seen.path.ends_with("/progress")) {
            tokio::task::yield_now().await;
        }
    }
}

impl Machine for FakeMachine {
    fn identity(&self) -> Identity {
        Identity { uuid: "U".to_owned(), name: "pc1".to_owned(), ..Identity::default() }
    }

    fn user(&self) -> (String, String) {
        ("jdoe".to_owned(), "John Doe".to_owned())
    }

    fn run<'a>(&'a self, program: &'a Program) -> Doing<'a, Result<Option<String>, String>> {
        Box::pin(async {
            match program.code.as_str() {
                "fail" => Err("ended with exit status: 1".to_owned()),
                "unspoken" => Ok(None),
                "long" => {
                    self.until_heard().await;
                    Ok(None)
                }
                "interrupt" => {
                    self.interrupt.as_ref().unwrap().send(true).unwrap();
                    std::future::pending().await
                }
                code => Ok(Some(code.to_owned())),
            }
        })
    }

    fn has_hooks(&self, _stage: HookStage) -> bool {
        true
    }

    fn hooks(&self, stage: HookStage) -> Doing<'_, Vec<String>> {
        self.hooks.lock().unwrap().push(match stage {
            HookStage::Pre => "pre",
            HookStage::Post => "post",
        });
        Box::pin(std::future::ready(self.failing_hook.clone().into_iter().collect()))
    }

    fn hardware(&self) -> serde_json::Value {
        json!({"id": "pc1"})
    }

    fn keep(&self, state: &State) -> std::io::Result<()> {
        *self.kept.lock().unwrap() = Some(state.clone());
        Ok(())
    }
}

fn package(name: &str, version: &str) -> SoftwarePackage {
    SoftwarePackage {
        name: name.to_owned(),
        version: version.to_owned(),
        architecture: "all".to_owned(),
    }
}

fn program(name: &str, code: &str) -> Program {
    Program { name: name.to_owned(), language: "bash".to_owned(), code: code.to_owned() }
}

fn orders(tokens: &[&str]) -> Vec<Order> {
    tokens
        .iter()
        .map(|t| Order { package: (*t).to_owned(), reasons: vec!["d".to_owned()] })
        .collect()
}

fn base_plan() -> Plan {
    Plan { sync_id: "s1".to_owned(), cid: 7, upgrade: true, ..Plan::default() }
}

fn plan(plan: Plan) -> Answer {
    Answer::ok(&SyncAnswer::Plan(Box::new(plan)))
}

fn stored() -> Answer {
    Answer::ok(&ReportAnswer::Stored)
}

/// What a test sets up before the run, and looks at after it.
struct Bench {
    server: FakeServer,
    machine: FakeMachine,
    manager: Emulated,
    state: State,
    options: Options,
    interrupt: Interrupt,
}

impl Bench {
    async fn new(answers: Vec<Answer>) -> Self {
        let manager = Emulated::in_memory(vec![package("nano", "7.2"), package("bash", "5")], None);
        manager.offer([package("vim", "9"), package("nano", "8"), package("emacs", "28")]);
        Self {
            server: FakeServer::start(answers).await,
            machine: FakeMachine::default(),
            manager,
            state: State::default(),
            options: Options {
                upgrade: false,
                last_words: "killed before time".to_owned(),
                ..Options::default()
            },
            interrupt: Interrupt::never(),
        }
    }

    async fn run(&mut self) -> (Record, Result<(), SyncError>) {
        let mut session = Session::new(self.server.pinned());
        Synchronisation::new(
            &mut session,
            &self.machine,
            &self.manager,
            &mut Silent,
            &mut self.state,
            &self.options,
        )
        .interruptible(self.interrupt.clone())
        .run()
        .await
    }

    fn report(&self) -> Report {
        let body = self.server.bodies("/report").pop().expect("a report was sent");
        serde_json::from_value(body).unwrap()
    }

    fn request(&self, n: usize) -> SyncRequest {
        serde_json::from_value(self.server.bodies("/sync/v1/sync")[n].clone()).unwrap()
    }

    async fn installed(&self) -> Vec<String> {
        let list = self.manager.installed().await.unwrap();
        list.packages().iter().map(|p| format!("{}-{}", p.name, p.version)).collect()
    }
}

fn step<'a>(record: &'a Record, name: &str) -> Option<&'a StepRecord> {
    record.steps.iter().find(|step| step.name == name)
}
