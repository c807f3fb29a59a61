//! Timelines over a real site.

use super::*;
use crate::app::deployments::DeploymentChange;
use crate::app::fixtures::Site;
use crate::app::schedules::{DelayForm, ScheduleForm};
use crate::domain::alert::Alert;
use crate::storage::{WriteTx, fixtures};

/// Ten productive computers with ALL SYSTEMS, one in each bucket of the schedule `2 weeks`.
async fn site() -> (Site, DeploymentId) {
    let site = Site::new().await;
    let sql = "
        WITH RECURSIVE n (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < 10)
        INSERT INTO computer (id, uuid, name, project_id, status, created_at, updated_at)
        SELECT id, 'U' || id, 'pc' || id, (SELECT id FROM project), 'intended', {0}, {0} FROM n;
        INSERT INTO computer_attribute (computer_id, attribute_id, valid_from)
        SELECT id, 1, {0} FROM computer;
        INSERT INTO user (id, name, fullname) VALUES (1, 'ana', '');";
    site.app.storage().write(move |tx: &WriteTx<'_>| fixtures::run(tx, sql)).await.unwrap();
    let change = DeploymentChange {
        name: Some("Vim".into()),
        schedule: Some(Some("2 weeks".into())),
        ..DeploymentChange::default()
    };
    let made = site.app.add_deployment(&site.admin, "debian-12".into(), change).await.unwrap();
    (site, made.deployment.id)
}

/// A synchronisation of a computer that ended at noon of a day of June 2024.
async fn synchronised(site: &Site, computer: i64, day: i64) {
    let at = crate::app::fixtures::now().as_millisecond() + (day - 5) * 86_400_000;
    let sql = format!(
        "INSERT INTO synchronization (computer_id, user_id, project_id, started_at, created_at, ok)
         VALUES ({computer}, 1, (SELECT id FROM project), {at}, {at}, 1)"
    );
    site.app.storage().write(move |tx: &WriteTx<'_>| tx.change_for_tests(&sql)).await.unwrap();
}

#[tokio::test]
async fn d_time_05_planned_and_actual_computers_by_day() {
    let (site, id) = site().await;
    // Bucket 0 (computer 10) is due on Wed 5, 1 on the 6th, 2 on the 7th, 3 on Mon 10th…
    for (computer, day) in [(10, 4), (10, 5), (10, 6), (1, 5), (2, 8), (3, 9)] {
        synchronised(&site, computer, day).await;
    }
    let actor = site.later(5 * 86_400);
    let got = site.app.deployment_timeline(&actor, id).await.unwrap().unwrap();
    assert_eq!((got.schedule.as_str(), got.attributes.len()), ("2 weeks", 1));
    let days: Vec<_> = got
        .days
        .iter()
        .map(|day| (i64::from(day.date.day()), day.planned, day.actual))
        .take(7)
        .collect();
    // Computer 1 came before its day only, 2 on the Saturday after its Friday, 3 too early.
    let expected = [
        (5, 1, Some(1)),
        (6, 2, Some(1)),
        (7, 3, Some(1)),
        (8, 3, Some(2)),
        (9, 3, Some(2)),
        (10, 4, Some(2)),
        (11, 5, None),
    ];
    assert_eq!(days, expected);
    assert_eq!(got.days.last().map(|day| (day.date.day(), day.planned)), Some((19, 10)));

    let none = DeploymentChange { schedule: Some(None), ..DeploymentChange::default() };
    site.app.change_deployment(&site.admin, id, none).await.unwrap();
    assert_eq!(site.app.deployment_timeline(&actor, id).await.unwrap(), None, "D-TIME-01");
}

#[tokio::test]
async fn d_time_06_a_schedule_says_whom_it_reaches_after_how_many_days() {
    let (site, _) = site().await;
    let schedule = site.app.schedule_names(&site.admin).await.unwrap()[0].id;
    let id = ScheduleId(schedule);
    let got = site.app.schedule_provided(&site.admin, id, "debian-12".into()).await.unwrap();
    let expected: Vec<_> = (0..10_u32).map(|day| (day, day as usize + 1)).collect();
    let got: Vec<_> = got.into_iter().map(|one| (one.days, one.computers)).collect();
    assert_eq!(got, expected, "one more each business day");
    let nowhere = site.app.schedule_provided(&site.admin, id, "nowhere".into()).await;
    assert!(matches!(nowhere, Err(AppError::NotFound { .. })));
}

#[tokio::test]
async fn d_alert_12_a_schedule_without_delays_counts_in_no_alert() {
    let (site, id) = site().await;
    let counted = async |days: i64| {
        let alerts = site.app.alerts(&site.later(days * 86_400)).await.unwrap();
        let of = |wanted| {
            alerts.shown().find(|(alert, _)| *alert == wanted).map_or(0, |(_, count)| count)
        };
        (of(Alert::ActiveSchedules), of(Alert::FinishedSchedules))
    };
    assert_eq!(counted(0).await, (1, 0));
    assert_eq!(counted(14).await, (0, 1), "D-ALERT-09");
    let empty = ScheduleForm { name: "EMPTY".into(), ..ScheduleForm::default() };
    site.app.add_schedule(&site.admin, empty).await.unwrap();
    let change =
        DeploymentChange { schedule: Some(Some("EMPTY".into())), ..DeploymentChange::default() };
    let changed = site.app.change_deployment(&site.admin, id, change).await.unwrap();
    assert_eq!((counted(0).await, counted(14).await), ((0, 0), (0, 0)));
    assert_eq!((changed.timeline, changed.computers), (None, 0), "it reaches nobody");
}

/// The book's graphics workaround: 120 of 200 computers have the device.
#[tokio::test]
async fn d_scn_06_some_six_computers_a_day_and_only_those_with_the_device() {
    let (site, id) = site().await;
    let sql = "
        INSERT INTO attribute (formula_id, value)
        SELECT id, '8086:1912' FROM formula WHERE prefix = 'PCI';
        WITH RECURSIVE n (id) AS (SELECT 11 UNION ALL SELECT id + 1 FROM n WHERE id < 200)
        INSERT INTO computer (id, uuid, name, project_id, status, created_at, updated_at)
        SELECT id, 'U' || id, 'pc' || id, (SELECT id FROM project), 'intended', {0}, {0} FROM n;
        INSERT INTO computer_attribute (computer_id, attribute_id, valid_from)
        SELECT computer.id, (SELECT max(id) FROM attribute), {0} FROM computer
        WHERE computer.id > 80;";
    site.app.storage().write(move |tx: &WriteTx<'_>| fixtures::run(tx, sql)).await.unwrap();
    let attributes = vec!["PCI-8086:1912".to_owned()];
    let slow = ScheduleForm {
        name: "WORKAROUND".into(),
        delays: vec![DelayForm { delay: 0, duration: 20, attributes }],
        ..ScheduleForm::default()
    };
    site.app.add_schedule(&site.admin, slow).await.unwrap();
    let change = DeploymentChange {
        schedule: Some(Some("WORKAROUND".into())),
        ..DeploymentChange::default()
    };
    site.app.change_deployment(&site.admin, id, change).await.unwrap();
    let got = site.app.deployment_timeline(&site.admin, id).await.unwrap().unwrap();
    let mut before = 0;
    for day in &got.days {
        let new = day.planned - before;
        before = day.planned;
        assert!(new == 6 || new == 0, "{}: {new}", day.date);
    }
    assert_eq!(before, 120, "the others never");
    let reached = site.app.deployment_computers(&site.admin, id, 0, 1_000).await.unwrap();
    assert!(reached.len() == 120 && reached.iter().all(|one| one.computer.id > 80));
}
