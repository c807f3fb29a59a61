//! Progress and reports: what is stored, and what only once.

use super::site::{Desktop, NOW_MS, Site, packages};
use crate::wire::sync::{
    ClientError, Progress, Report, ReportAnswer, SoftwareChange, software_fingerprint,
};

#[actix_web::test]
async fn d_sync_02_d_sync_16_d_msg_02_d_msg_03_a_report_ends_the_synchronisation() {
    let site = Site::new();
    let desktop = Desktop::new(1);
    desktop.register(&site).await;
    site.pass_ms(1000);
    let plan = desktop.sync(&site).await;
    assert_eq!(site.count("SELECT sync_start_date FROM computer"), NOW_MS + 1000);
    assert_eq!(site.app.messages().len(), 1);
    assert_eq!(site.count("SELECT count(*) FROM synchronization"), 0);
    site.pass_ms(65_000);
    assert_eq!(desktop.report(&site, &plan).await, ReportAnswer::Stored);
    let row = "SELECT computer_id || ' ' || user_id || ' ' || project_id || ' ' || ok || ' ' ||
                   (created_at - started_at) FROM synchronization";
    assert_eq!(site.text(row), "1 1 1 1 65000");
    assert_eq!(site.count("SELECT sync_end_date FROM computer"), NOW_MS + 66_000);
    assert!(site.app.messages().is_empty());
}

#[actix_web::test]
async fn d_msg_01_only_the_last_message_is_kept_and_only_in_memory() {
    let site = Site::new();
    let desktop = Desktop::new(1);
    desktop.register(&site).await;
    let plan = desktop.sync(&site).await;
    let path = format!("/sync/v1/sync/{}/progress", plan.sync_id);
    let say = |text: &str| desktop.letter(&path, &Progress { text: text.into() });
    let first = say("Removing packages");
    site.send(&first).await.read::<serde_json::Value>();
    site.send(&say(&format!("Installing\u{0} {}", "x".repeat(999))))
        .await
        .read::<serde_json::Value>();
    assert_eq!(site.send(&first).await.problem(), (401, "replay".into()));
    let messages = site.app.messages();
    let message = messages.values().next().unwrap();
    assert!(message.text.starts_with("Installing xxx") && message.text.chars().count() == 250);
    site.send(&say("")).await.read::<serde_json::Value>();
    assert!(site.app.messages().is_empty());
    // Another computer's synchronisation is none of its business.
    let other = Desktop::settled(2, &site).await;
    let letter = other.letter(&path, &Progress { text: "x".into() });
    assert_eq!(site.send(&letter).await.problem(), (404, "unknown-sync".into()));
}

#[actix_web::test]
async fn a_report_sent_again_is_stored_once_also_after_a_restart() {
    let mut site = Site::new();
    let desktop = Desktop::new(1);
    desktop.register(&site).await;
    let plan = desktop.sync(&site).await;
    let mut report = desktop.quiet_report(&plan);
    report.errors = vec![ClientError { time_ms: 1, text: "broken".into() }];
    for _ in 0..2 {
        for _ in 0..2 {
            let answer = desktop.try_report(&site, &plan.sync_id, &report).await;
            assert_eq!(answer.read::<ReportAnswer>(), ReportAnswer::Stored);
        }
        site = site.reopen();
    }
    assert_eq!(site.count("SELECT count(*) FROM error"), 1);
    assert_eq!(site.count("SELECT count(*) FROM synchronization"), 1);
    let path = format!("/sync/v1/sync/{}/report", plan.sync_id);
    let letter = desktop.letter(&path, &report);
    site.send(&letter).await.read::<ReportAnswer>();
    assert_eq!(site.send(&letter).await.problem(), (401, "replay".into()));
}

#[actix_web::test]
async fn a_report_for_a_synchronisation_that_is_not_ones_own_is_refused() {
    let site = Site::new();
    let (one, two) = (Desktop::settled(1, &site).await, Desktop::settled(2, &site).await);
    two.wait_ms(500);
    let (plan, other) = (one.sync(&site).await, two.sync(&site).await);
    let unknown = (404, "unknown-sync".to_owned());
    let report = one.quiet_report(&plan);
    let renamed = other.sync_id.replacen("2-", "1-", 1);
    for id in [&other.sync_id, &renamed, "", "1", "1-", "-1-5", "1-99999", "../../x"] {
        let answer = one.try_report(&site, id, &report).await;
        assert!(
            answer.problem() == unknown || answer.status == 400,
            "{id}: {:?}",
            answer.problem()
        );
    }
    assert_eq!(site.count("SELECT count(*) FROM synchronization"), 2);
    assert_eq!(two.report(&site, &other).await, ReportAnswer::Stored);
}

#[actix_web::test]
async fn d_sync_22_of_two_synchronisations_of_one_computer_the_later_one_wins() {
    let site = Site::new();
    let desktop = Desktop::settled(1, &site).await;
    let ended = "SELECT count(*) FROM synchronization";
    let before = site.count(ended);
    let mut asked = desktop.question(&site);
    asked.user = "first".into();
    let earlier = desktop.sync_with(&site, &asked).await;
    site.pass_ms(1000);
    asked.user = "second".into();
    let later = desktop.sync_with(&site, &asked).await;
    let mut report = desktop.quiet_report(&earlier);
    report.errors = vec![ClientError { time_ms: 1, text: "of the earlier one".into() }];
    report.faults.insert("LOW_HOME_PARTITION_SPACE".into(), "95%".into());
    // What the earlier one did has happened; it is stored once and does not end the later one.
    for _ in 0..2 {
        let answer = desktop.try_report(&site, &earlier.sync_id, &report).await;
        assert_eq!(answer.read::<ReportAnswer>(), ReportAnswer::Stored);
        assert_eq!(site.app.messages().len(), 1);
    }
    let known = "SELECT (SELECT count(*) FROM error) || ' ' || (SELECT count(*) FROM fault)";
    assert_eq!(site.text(known), "1 1");
    assert_eq!(site.count(ended), before + 1);
    assert_eq!(site.count("SELECT sync_end_date < sync_start_date FROM computer"), 1);
    assert_eq!(desktop.report(&site, &later).await, ReportAnswer::Stored);
    assert!(site.app.messages().is_empty());
    assert_eq!(site.count(ended), before + 2);
    assert_eq!(site.count("SELECT sync_end_date >= sync_start_date FROM computer"), 1);
    let user = "SELECT user.name FROM computer JOIN user ON user.id = sync_user_id";
    assert_eq!(site.text(user), "second");
}

#[actix_web::test]
async fn d_sync_22_after_the_later_one_has_ended_the_earlier_is_not_known_any_more() {
    let site = Site::new();
    let desktop = Desktop::settled(1, &site).await;
    let (earlier, later) = (desktop.sync(&site).await, desktop.sync(&site).await);
    assert_eq!(desktop.report(&site, &later).await, ReportAnswer::Stored);
    let mut report = desktop.quiet_report(&earlier);
    report.errors = vec![ClientError { time_ms: 1, text: "late".into() }];
    let refused = desktop.try_report(&site, &earlier.sync_id, &report).await;
    assert_eq!(refused.problem(), (404, "unknown-sync".into()));
    assert_eq!(site.count("SELECT count(*) FROM error"), 0);
    assert_eq!(site.count("SELECT count(*) FROM synchronization"), 2);
}

#[actix_web::test]
async fn d_sync_14_package_lists_are_shared_and_sent_only_where_unknown() {
    let site = Site::new();
    let one = Desktop::settled(1, &site).await;
    assert_eq!(site.count("SELECT count(*) FROM software_list_item"), 2);
    let two = Desktop::new(2);
    two.register(&site).await;
    let plan = two.sync(&site).await;
    assert!(!plan.want_software, "the other computer has told it");
    two.report(&site, &plan).await;
    assert_eq!(site.count("SELECT count(DISTINCT software_list_id) FROM computer"), 1);
    // One of them changes: its new list is asked for, the other keeps the old one.
    let list = packages(&["bash=5.2", "vim=9.0"]);
    let plan = one.sync(&site).await;
    let mut report =
        Report { software_fingerprint: software_fingerprint(&list), ..Report::default() };
    report.changes = vec![SoftwareChange {
        from_ms: NOW_MS,
        to_ms: i64::MAX,
        manual: false,
        installed: packages(&["vim=9.0"]),
        removed: packages(&["nano=7.2"]),
    }];
    let answer = one.try_report(&site, &plan.sync_id, &report).await;
    assert_eq!(answer.read::<ReportAnswer>(), ReportAnswer::NeedSoftware);
    assert_eq!(site.count("SELECT count(*) FROM software_history"), 0, "nothing stored");
    report.software = Some(list);
    let answer = one.try_report(&site, &plan.sync_id, &report).await;
    assert_eq!(answer.read::<ReportAnswer>(), ReportAnswer::Stored);
    assert_eq!(site.count("SELECT count(*) FROM software_list"), 2);
    let history = site.text(
        "SELECT group_concat(CASE installed WHEN 1 THEN '+' ELSE '-' END || name || '-' || version, ' ')
         FROM (SELECT * FROM software_change JOIN software ON software.id = software_id
               ORDER BY installed DESC, name)",
    );
    assert_eq!(("D-SYNC-19", &*history), ("D-SYNC-19", "+vim-9.0 -nano-7.2"));
    assert_eq!(site.count("SELECT to_at FROM software_history"), NOW_MS);
    // The second follows: nobody has the first list any more, and it is dropped.
    let plan = two.sync(&site).await;
    let follow = Report { software_fingerprint: report.software_fingerprint, ..Report::default() };
    two.try_report(&site, &plan.sync_id, &follow).await.read::<ReportAnswer>();
    assert_eq!(site.count("SELECT count(*) FROM software_list"), 1);
    assert_eq!(site.count("SELECT count(*) FROM software"), 3);
}

#[actix_web::test]
async fn a_package_list_that_is_not_the_one_it_says_is_refused() {
    let site = Site::new();
    let desktop = Desktop::new(1);
    desktop.register(&site).await;
    let plan = desktop.sync(&site).await;
    let mut report = desktop.quiet_report(&plan);
    report.software = Some(packages(&["bash=9"]));
    let answer = desktop.try_report(&site, &plan.sync_id, &report).await;
    assert_eq!(answer.problem(), (400, "invalid".into()));
    report.software_fingerprint = "no hex".into();
    let answer = desktop.try_report(&site, &plan.sync_id, &report).await;
    assert_eq!(answer.problem(), (400, "invalid".into()));
    assert_eq!(site.count("SELECT count(*) FROM software_list"), 0);
}

#[actix_web::test]
async fn d_fault_03_each_reported_result_is_a_fault_and_what_nobody_defined_is_none() {
    let site = Site::new();
    let desktop = Desktop::settled(1, &site).await;
    for _ in 0..2 {
        let plan = desktop.sync(&site).await;
        let mut report = desktop.quiet_report(&plan);
        for (name, result) in [
            ("LOW_HOME_PARTITION_SPACE", "/dev/sda2 95% delete files\n"),
            ("LOW_SYSTEM_PARTITION_SPACE", " \n"),
            ("NO_SUCH_DEFINITION", "x"),
        ] {
            report.faults.insert(name.into(), result.into());
        }
        desktop.try_report(&site, &plan.sync_id, &report).await.read::<ReportAnswer>();
    }
    let faults = site.text("SELECT group_concat(result || project_id || checked, ';') FROM fault");
    assert_eq!(faults, "/dev/sda2 95% delete files10;/dev/sda2 95% delete files10");
}

#[actix_web::test]
async fn d_hw_01_a_capture_replaces_the_tree_and_one_that_is_none_changes_nothing() {
    let site = Site::new();
    let desktop = Desktop::settled(1, &site).await;
    let tree = |product: &str| {
        serde_json::json!({"id": "pc1", "class": "system", "product": product, "children": [
            {"id": "core", "class": "bus", "children": [
                {"id": "memory", "class": "memory", "size": 8_589_934_592_i64},
                {"id": "network", "class": "network", "serial": "52:54:00:12:34:56",
                 "logicalname": "eth0"}]}]})
    };
    let send = async |hardware: serde_json::Value| {
        let plan = desktop.sync(&site).await;
        let mut report = desktop.quiet_report(&plan);
        report.hardware = Some(hardware);
        let answer = desktop.try_report(&site, &plan.sync_id, &report).await;
        assert_eq!(answer.read::<ReportAnswer>(), ReportAnswer::Stored);
    };
    send(tree("OptiPlex")).await;
    send(tree("OptiPlex 2")).await;
    let nodes = "SELECT group_concat(name || coalesce(parent_id - (SELECT min(id) FROM hardware_node), ''), ' ')
                 FROM hardware_node";
    let summary = "SELECT product || machine || ram || mac_address FROM computer";
    for (rule, sql, expected) in [
        ("D-HW-01", nodes, "pc1 core0 memory1 network1"),
        ("D-HW-03", summary, "OptiPlex 2P8589934592525400123456"),
    ] {
        assert_eq!(site.text(sql), expected, "{rule}");
    }
    send(serde_json::json!("no tree")).await;
    assert_eq!(site.text(nodes), "pc1 core0 memory1 network1");
    let told = "SELECT count(*) FROM notification WHERE kind = 'hardware-invalid'";
    assert_eq!(("D-NOTIF-09", site.count(told)), ("D-NOTIF-09", 1));
}

#[actix_web::test]
async fn d_sync_23_a_report_full_of_hostile_text_is_cut_and_stored() {
    let site = Site::new();
    let desktop = Desktop::settled(1, &site).await;
    let plan = desktop.sync(&site).await;
    let mut list = packages(&["bash=5.2"]);
    list[0].name = "<b>\u{0}".repeat(1000);
    let mut report = Report {
        software_fingerprint: software_fingerprint(&list),
        software: Some(list),
        ..Report::default()
    };
    report.errors = vec![ClientError { time_ms: i64::MIN, text: "\u{1b}]0;x".repeat(100_000) }];
    report.faults.insert("LOW_HOME_PARTITION_SPACE".into(), "y".repeat(1 << 20));
    report.changes =
        vec![SoftwareChange { from_ms: i64::MIN, to_ms: i64::MIN, ..Default::default() }];
    let answer = desktop.try_report(&site, &plan.sync_id, &report).await;
    assert_eq!(answer.read::<ReportAnswer>(), ReportAnswer::Stored);
    let sizes = "SELECT (SELECT max(length(name)) FROM software) || ' ' ||
                 (SELECT max(length(description)) FROM error) || ' ' ||
                 (SELECT max(length(result)) FROM fault)";
    assert_eq!(site.text(sizes), "255 32768 32768");
}
