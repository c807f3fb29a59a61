//! Reports: what is in them, and what becomes of one that cannot be delivered.

use super::*;

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
