//! What is asked before anything changes: formulas, fault definitions, hooks, progress; and when
//! the answer is no.

use super::*;

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
async fn d_sync_03_old_errors_go_out_with_the_question() {
    let mut bench = Bench::new(vec![plan(base_plan()), stored()]).await;
    bench.state.add_error(5, "yesterday's trouble");
    bench.run().await.1.unwrap();
    assert_eq!(bench.request(0).errors[0].text, "yesterday's trouble");
    assert_eq!(bench.report().errors, []);
    assert_eq!(bench.state.errors, []);
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
