//! Whole synchronisations against a fake server, with an emulated machine.

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

#[tokio::test]
async fn d_sync_21_an_unchanged_synchronisation_is_two_requests() {
    let mut bench = Bench::new(vec![plan(base_plan()), stored()]).await;
    let (record, result) = bench.run().await;
    result.unwrap();
    assert!(record.ok && record.cid == 7);
    assert_eq!(bench.server.paths(), ["/sync/v1/sync", "/sync/v1/sync/s1/report"]);
    let report = bench.report();
    assert_eq!(report.changes, []);
    assert_eq!((report.software, report.hardware), (None, None));
    assert!(report.outcome.ok);
}

#[tokio::test]
async fn d_sync_18_d_msg_01_the_server_is_told_of_a_step_while_it_lasts() {
    let faults = vec![program("LONG", "long")];
    let order = Plan { faults, install: orders(&["vim"]), ..base_plan() };
    let mut bench = Bench::new(vec![plan(order), stored()]).await;
    bench.options.titles.insert(Step::Faults, "Running fault definitions".to_owned());
    bench.machine.heard = Some(bench.server.seen.clone());
    // The fault definition ends only after the server has heard of it.
    bench.run().await.1.unwrap();
    let told = bench.server.bodies("/s1/progress");
    assert_eq!(told, [json!({ "text": "Running fault definitions" })]);
    let paths = bench.server.paths();
    let place = |end: &str| paths.iter().position(|path| path.ends_with(end)).unwrap();
    assert!(place("/progress") < place("/report"), "{paths:?}");
}

#[tokio::test]
async fn d_sync_04_formulas_are_evaluated_and_the_question_repeated() {
    let set = FormulaSet {
        fingerprint: "f1".to_owned(),
        formulas: vec![program("HST", "pc1\n"), program("BAD", "fail"), program("WIN", "unspoken")],
    };
    let formulas = Answer::ok(&SyncAnswer::Formulas(set));
    let mut bench = Bench::new(vec![formulas, plan(base_plan()), stored()]).await;
    let (record, result) = bench.run().await;
    result.unwrap();
    let (first, second) = (bench.request(0), bench.request(1));
    assert_eq!((first.formulas_fingerprint.as_str(), first.attributes.len()), ("", 0));
    assert_eq!(second.formulas_fingerprint, "f1");
    // D-FORM-13, D-FORM-17: no value for one that failed or has another system's language.
    assert_eq!(second.attributes, BTreeMap::from([("HST".to_owned(), "pc1\n".to_owned())]));
    assert_eq!((second.user.as_str(), second.user_fullname.as_str()), ("jdoe", "John Doe"));
    assert_eq!(second.identity.pms, "apt-get");
    let errors = bench.report().errors;
    assert_eq!(errors.len(), 1);
    assert_eq!(errors[0].text, "formula BAD: ended with exit status: 1\nfail");
    assert!(record.ok, "a broken formula is no failure of the run (D-CLI-05)");
    assert!(!step(&record, "formulas").unwrap().ok);
    assert_eq!(bench.state.formulas.fingerprint, "f1");
    assert_eq!(bench.state.errors, []);
}

#[tokio::test]
async fn d_fault_02_d_sync_07_only_what_a_fault_definition_prints_is_reported() {
    let faults =
        vec![program("LOW", "disk full\n"), program("FINE", " \n"), program("BAD", "fail")];
    let mut bench = Bench::new(vec![plan(Plan { faults, ..base_plan() }), stored()]).await;
    bench.run().await.1.unwrap();
    let report = bench.report();
    assert_eq!(report.faults, BTreeMap::from([("LOW".to_owned(), "disk full\n".to_owned())]));
    assert!(report.errors[0].text.starts_with("fault BAD: "));
}

#[tokio::test]
async fn d_sync_11_to_13_packages_are_removed_then_installed_then_upgraded() {
    let order = Plan {
        remove: orders(&["nano", "absent", "-o"]),
        install: orders(&["vim", "bash", "nano"]),
        ..base_plan()
    };
    let mut bench = Bench::new(vec![plan(order), stored()]).await;
    bench.options.upgrade = true;
    let (record, result) = bench.run().await;
    result.unwrap();
    // D-MERGE-03: ordered both ways it ends installed.
    assert_eq!(bench.installed().await, ["bash-5", "nano-8", "vim-9"]);
    let names: Vec<&str> = record.steps.iter().map(|step| step.name).collect();
    assert_eq!(
        names,
        [
            "pre-hooks",
            "connect",
            "repositories",
            "refresh",
            "remove",
            "install",
            "upgrade",
            "post-hooks",
            "report"
        ]
    );
    let changes = bench.report().changes;
    assert_eq!(changes.len(), 1);
    assert!(!changes[0].manual);
    let lines = crate::client::managers::inventory::change_lines(&changes[0]);
    assert_eq!(lines, ["+nano-8", "+vim-9", "-nano-7.2"]);
}

#[tokio::test]
async fn d_cfg_04_without_auto_update_nothing_is_upgraded_but_orders_hold() {
    let order = Plan { install: orders(&["vim"]), ..base_plan() };
    let mut bench = Bench::new(vec![plan(order), stored()]).await;
    let (record, _) = bench.run().await;
    assert_eq!(bench.installed().await, ["bash-5", "nano-7.2", "vim-9"]);
    assert!(step(&record, "upgrade").is_none());
    let mut bench = Bench::new(vec![plan(base_plan()), stored()]).await;
    bench.options.upgrade = true;
    bench.run().await.1.unwrap();
    assert_eq!(bench.installed().await, ["bash-5", "nano-8"]);
}

#[tokio::test]
async fn d_merge_04_nothing_is_run_for_what_is_so_already() {
    let order =
        Plan { remove: orders(&["vim"]), install: orders(&["bash", "nano=7.2"]), ..base_plan() };
    let mut bench = Bench::new(vec![plan(order), stored()]).await;
    let (record, _) = bench.run().await;
    assert!(step(&record, "remove").is_none() && step(&record, "install").is_none());
}

#[tokio::test]
async fn d_sync_17_a_failed_step_is_an_error_and_the_next_ones_go_on() {
    let order = Plan { install: orders(&["no-such"]), want_hardware: true, ..base_plan() };
    let mut bench = Bench::new(vec![plan(order), stored()]).await;
    bench.options.upgrade = true;
    let (record, result) = bench.run().await;
    result.unwrap();
    assert!(!record.ok && record.has_failed_step());
    assert!(step(&record, "upgrade").unwrap().ok);
    let report = bench.report();
    assert_eq!(report.outcome.failed_steps, ["install"]);
    assert_eq!(report.errors[0].text, "install: package no-such is not available");
    assert_eq!(report.hardware, Some(json!({"id": "pc1"})));
}

#[tokio::test]
async fn d_sync_12_a_package_that_cannot_be_had_keeps_no_other_away() {
    let order = Plan { install: orders(&["gone", "vim", "lost", "emacs"]), ..base_plan() };
    let mut bench = Bench::new(vec![plan(order), stored()]).await;
    let (record, result) = bench.run().await;
    result.unwrap();
    assert_eq!(bench.installed().await, ["bash-5", "emacs-28", "nano-7.2", "vim-9"]);
    let errors: Vec<String> = bench.report().errors.into_iter().map(|error| error.text).collect();
    assert_eq!(
        errors,
        [
            "install: gone: package gone is not available",
            "install: lost: package lost is not available"
        ]
    );
    assert!(!record.ok, "the step failed all the same");
    assert_eq!(record.steps.iter().filter(|step| step.name == "install").count(), 1);
}

#[tokio::test]
async fn d_sync_08_what_others_changed_is_told_first_and_once() {
    let answers = vec![plan(base_plan()), stored(), plan(base_plan()), stored()];
    let mut bench = Bench::new(answers).await;
    bench.run().await.1.unwrap();
    assert_eq!(bench.report().changes, [], "a first run has nothing to compare with");
    bench.manager.install(&["vim".to_owned()]).await.unwrap();
    bench.run().await.1.unwrap();
    let changes = bench.report().changes;
    assert_eq!(changes.len(), 1);
    assert!(changes[0].manual);
    assert_eq!(changes[0].installed, [package("vim", "9")]);
}

#[tokio::test]
async fn d_sync_14_the_list_is_sent_only_to_a_server_that_lacks_it() {
    let lacks = Plan { want_software: true, ..base_plan() };
    let mut bench = Bench::new(vec![plan(lacks), stored()]).await;
    bench.run().await.1.unwrap();
    assert_eq!(bench.report().software.unwrap().len(), 2);
    let need = Answer::ok(&ReportAnswer::NeedSoftware);
    let mut bench = Bench::new(vec![plan(base_plan()), need, stored()]).await;
    let (record, result) = bench.run().await;
    result.unwrap();
    assert!(record.ok);
    let reports = bench.server.bodies("/report");
    assert_eq!((&reports[0]["software"], reports.len()), (&json!(null), 2));
    assert_eq!(bench.report().software.unwrap().len(), 2);
}

#[tokio::test]
async fn d_sync_03_old_errors_go_out_with_the_question() {
    let mut bench = Bench::new(vec![plan(base_plan()), stored()]).await;
    bench.state.add_error(5, "yesterday's trouble");
    bench.run().await.1.unwrap();
    assert_eq!(bench.request(0).errors[0].text, "yesterday's trouble");
    assert_eq!(bench.report().errors, []);
    assert_eq!(bench.state.errors, []);
}

#[tokio::test]
async fn d_sync_17_an_undelivered_report_is_kept_and_sent_first() {
    let order = Plan { install: orders(&["vim", "no-such"]), ..base_plan() };
    // The script ends: the server hangs up on the report.
    let mut bench = Bench::new(vec![plan(order)]).await;
    let (record, result) = bench.run().await;
    assert!(matches!(result, Err(SyncError::Transport(_))));
    assert!(!record.ok && record.failure.is_some());
    let unsent = bench.state.unsent.clone().unwrap();
    assert_eq!(unsent.report.software.as_ref().unwrap().len(), 3);
    assert_eq!(bench.machine.kept.lock().unwrap().as_ref().unwrap().unsent, Some(unsent.clone()));

    let next = Plan { sync_id: "s2".to_owned(), ..base_plan() };
    bench.server = FakeServer::start(vec![stored(), plan(next), stored()]).await;
    bench.run().await.1.unwrap();
    assert_eq!(
        bench.server.paths(),
        ["/sync/v1/sync/s1/report", "/sync/v1/sync", "/sync/v1/sync/s2/report"]
    );
    assert_eq!(bench.server.bodies("/s1/report")[0], json!(unsent.report));
    assert_eq!(bench.state.unsent, None);
    // The failure to deliver is itself an error that the server learns now.
    assert_eq!(bench.request(0).errors.len(), 1);
}

#[tokio::test]
async fn d_sync_17_a_report_that_will_never_be_taken_does_not_block() {
    let mut bench =
        Bench::new(vec![Answer::problem(404, "invalid"), plan(base_plan()), stored()]).await;
    let mut report = Report::default();
    report.errors.push(Default::default());
    report.changes.push(Default::default());
    bench.state.unsent = Some(crate::client::state::Unsent { sync_id: "old".to_owned(), report });
    bench.run().await.1.unwrap();
    assert_eq!(bench.state.unsent, None);
    assert_eq!(bench.request(0).errors.len(), 1);
    assert_eq!(bench.report().changes.len(), 1);
}

#[tokio::test]
async fn d_sync_17_a_report_of_a_forgotten_synchronisation_goes_out_with_the_next_one() {
    let faults = vec![program("LOW", "95%"), program("OLD", "once")];
    let order = Plan { faults, install: orders(&["vim"]), ..base_plan() };
    let mut bench = Bench::new(vec![plan(order), Answer::problem(404, "unknown-sync")]).await;
    assert!(bench.run().await.1.is_err());
    assert!(bench.state.unsent.is_some());
    let faults = vec![program("LOW", "97%")];
    let next = Plan { sync_id: "s2".to_owned(), faults, ..base_plan() };
    let unknown = Answer::problem(404, "unknown-sync");
    bench.server = FakeServer::start(vec![unknown, plan(next), stored()]).await;
    let (record, result) = bench.run().await;
    result.unwrap();
    assert!(record.ok);
    let report = bench.report();
    assert_eq!(
        report.faults,
        [("LOW", "97%"), ("OLD", "once")].map(|(n, r)| (n.to_owned(), r.to_owned())).into()
    );
    assert_eq!(report.changes.len(), 1);
    assert!(!report.changes[0].manual, "it was our doing");
    assert_eq!(report.changes[0].installed, [package("vim", "9")]);
}

#[tokio::test]
async fn d_sync_17_a_report_refused_for_its_signature_is_kept() {
    let mut bench = Bench::new(vec![plan(base_plan()), Answer::problem(401, "signature")]).await;
    assert!(bench.run().await.1.is_err());
    assert!(bench.state.unsent.is_some());
}

#[tokio::test]
async fn d_reg_09_a_deleted_computer_registers_again_and_goes_on() {
    let key = SecretKey::from_random([1; 40]).unwrap().public().to_base64();
    let registered = RegisterAnswer { cid: 9, server_key: key, ..Default::default() };
    let answers = vec![
        Answer::problem(404, "unknown-computer"),
        Answer::ok(&registered),
        plan(Plan { cid: 9, ..base_plan() }),
        stored(),
    ];
    let mut bench = Bench::new(answers).await;
    bench.state.cid = 3;
    let (record, result) = bench.run().await;
    result.unwrap();
    assert_eq!((record.cid, bench.state.cid), (9, 9));
    assert!(record.ok, "that it was deleted is no failure of the run");
    assert_eq!(bench.server.bodies("/register")[0]["username"], "");
}

#[tokio::test]
async fn d_status_08_a_refused_computer_stops() {
    let mut bench = Bench::new(vec![Answer::problem(403, "unsubscribed")]).await;
    let (record, result) = bench.run().await;
    let Err(SyncError::Transport(error)) = result else { panic!("{result:?}") };
    assert_eq!(error.problem_type(), Some("unsubscribed"));
    assert!(!record.ok);
    assert_eq!(bench.server.paths().len(), 1);
    // D-SYNC-17: what could not be delivered waits for the next run.
    assert_eq!(bench.state.errors.len(), 1);
}

#[tokio::test]
async fn d_cli_05_an_interrupted_run_says_its_last_words() {
    let faults = vec![program("HANG", "interrupt")];
    let order = Plan { faults, install: orders(&["vim"]), ..base_plan() };
    let mut bench = Bench::new(vec![plan(order)]).await;
    let (sender, interrupt) = Interrupt::new();
    bench.machine.interrupt = Some(sender);
    bench.interrupt = interrupt;
    let (record, result) = bench.run().await;
    assert!(matches!(result, Err(SyncError::Interrupted)));
    assert!(!record.ok);
    assert_eq!(step(&record, "faults").unwrap().error.as_deref(), Some("interrupted"));
    assert_eq!(bench.server.bodies("/s1/progress")[0]["text"], "killed before time");
    assert_eq!(bench.installed().await, ["bash-5", "nano-7.2"]);
    assert_eq!(bench.state.errors[0].text, "killed before time");
}

#[tokio::test]
async fn d_sync_05_d_sync_15_hooks_run_before_and_after_and_their_failures_are_told() {
    let mut bench = Bench::new(vec![plan(base_plan()), stored()]).await;
    bench.machine.failing_hook = Some("hook 10-x: ended with exit status: 1".to_owned());
    let (record, result) = bench.run().await;
    result.unwrap();
    assert!(record.ok);
    assert_eq!(*bench.machine.hooks.lock().unwrap(), ["pre", "post"]);
    assert!(bench.report().errors.iter().any(|error| error.text.starts_with("hook 10-x")));
}

#[tokio::test]
async fn d_repo_05_the_key_must_be_the_one_the_plan_announces() {
    use sha2::{Digest as _, Sha256};
    let key = "-----BEGIN PGP PUBLIC KEY BLOCK-----";
    let repository = Repository { name: "a".to_owned(), ..Repository::default() };
    let announced = |digest: String| Plan {
        repositories: vec![repository.clone()],
        repository_key_digest: digest,
        ..base_plan()
    };
    for (digest, ok) in [(hex::encode(Sha256::digest(key)), true), ("00".repeat(32), false)] {
        let mut bench = Bench::new(Vec::new()).await;
        let files = vec![("/get_key_repositories".to_owned(), key.as_bytes().to_vec())];
        bench.server = FakeServer::start_with(vec![plan(announced(digest)), stored()], files).await;
        let (record, _) = bench.run().await;
        assert_eq!(step(&record, "repositories").unwrap().ok, ok);
        assert_eq!(bench.state.repository_key == key, ok);
    }
    let mut bench = Bench::new(vec![plan(announced(String::new())), stored()]).await;
    let (record, _) = bench.run().await;
    let reason = step(&record, "repositories").unwrap().error.clone().unwrap();
    assert!(reason.contains("not given the key"), "{reason}");
}
