//! Schedules over a real site: defaults, changes, and deployments that use them.

use super::*;
use crate::app::deployments::DeploymentChange;
use crate::app::fixtures::Site;

fn delay(delay: u32, duration: u32, attributes: &[&str]) -> DelayForm {
    let attributes = attributes.iter().map(|&name| name.to_owned()).collect();
    DelayForm { delay, duration, attributes }
}

fn form(name: &str, delays: Vec<DelayForm>) -> ScheduleForm {
    ScheduleForm { name: name.into(), description: String::new(), delays }
}

async fn all(site: &Site) -> Vec<ScheduleRow> {
    let filter = ScheduleFilter { limit: 100, ..ScheduleFilter::default() };
    site.app.schedules(&site.admin, filter).await.unwrap().items
}

#[tokio::test]
async fn d_sched_01_a_new_site_has_two_schedules() {
    let site = Site::new().await;
    let found: Vec<(String, Vec<DelayForm>)> = all(&site)
        .await
        .into_iter()
        .map(|row| (row.name.clone(), ScheduleForm::from(row).delays))
        .collect();
    let of = |duration| vec![delay(0, duration, &["SET-ALL SYSTEMS"])];
    assert_eq!(found, [("2 weeks".into(), of(10)), ("4 weeks".into(), of(20))]);
}

#[tokio::test]
async fn d_sched_02_delays_are_kept_in_order_and_each_number_once() {
    let site = Site::new().await;
    let slow = form("SLOW", vec![delay(15, 1, &["SET-ALL SYSTEMS"]), delay(5, 2, &[])]);
    let row = site.app.add_schedule(&site.admin, slow.clone()).await.unwrap();
    let numbers: Vec<_> = row.delays.iter().map(|one| (one.delay, one.duration)).collect();
    assert_eq!(numbers, [(5, 2), (15, 1)]);
    let revision = site.app.release_revision().await.unwrap();
    site.app.change_schedule(&site.admin, row.id, row.clone().into()).await.unwrap();
    assert_eq!(site.app.release_revision().await.unwrap(), revision, "nothing changed");
    let changed = form("SLOW", vec![delay(5, 2, &["SET-ALL SYSTEMS"])]);
    let row = site.app.change_schedule(&site.admin, row.id, changed).await.unwrap();
    assert_eq!(row.delays.len(), 1);
    assert!(site.app.release_revision().await.unwrap() > revision, "clients get it");

    let table = [
        ("name", form(" ", vec![])),
        ("delay", form("X", vec![delay(1, 1, &[]), delay(1, 2, &[])])),
        ("delay", form("X", vec![delay(MAX_DAYS + 1, 1, &[])])),
        ("duration", form("X", vec![delay(1, 0, &[])])),
        ("attributes", form("X", vec![delay(1, 1, &["NET-nowhere"])])),
    ];
    for (wrong, form) in table {
        match site.app.add_schedule(&site.admin, form).await {
            Err(AppError::Invalid { field, .. }) => assert_eq!(field, wrong),
            other => panic!("{wrong}: {other:?}"),
        }
    }
    let taken = site.app.add_schedule(&site.admin, slow).await;
    assert!(matches!(taken, Err(AppError::Conflict(_))), "{taken:?}");
}

#[tokio::test]
async fn d_gen_09_a_schedule_in_use_goes_only_when_that_is_confirmed() {
    let site = Site::new().await;
    let id = all(&site).await[0].id;
    let change = DeploymentChange {
        name: Some("Vim".into()),
        schedule: Some(Some("2 weeks".into())),
        ..DeploymentChange::default()
    };
    let made = site.app.add_deployment(&site.admin, "debian-12".into(), change).await.unwrap();
    assert_eq!(made.schedule.as_ref().map(|one| one.deployments), Some(1));
    let refused = site.app.delete_schedule(&site.admin, id, false).await;
    assert!(refused.unwrap_err().to_string().contains("Vim"), "it is named");
    site.app.delete_schedule(&site.admin, id, true).await.unwrap();
    let left = site.app.deployment(&site.admin, made.deployment.id).await.unwrap();
    assert_eq!((left.schedule, left.timeline), (None, None), "the deployment stays");
    assert_eq!(all(&site).await.len(), 1);
}

#[tokio::test]
async fn saving_a_schedule_as_it_is_leaves_what_was_done_to_it_to_be_undone() {
    let site = Site::new().await;
    let slow = form("SLOW", vec![delay(5, 2, &["SET-ALL SYSTEMS"]), delay(15, 1, &[])]);
    let row = site.app.add_schedule(&site.admin, slow).await.unwrap();
    site.app.change_schedule(&site.admin, row.id, row.clone().into()).await.unwrap();
    let filter = crate::app::history::Filter { limit: 1, ..Default::default() };
    let added = site.app.history(&site.admin, None, filter).await.unwrap()[0].id;
    site.app.undo(&site.admin, &[added]).await.unwrap();
    assert!(all(&site).await.iter().all(|other| other.id != row.id));
}
