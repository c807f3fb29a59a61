//! The steps of packages: sources, removing, installing, upgrading.

use super::*;

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
