//! Whom deployments reach and from which day on: the evaluator asked for every productive computer
//! of a project, with the pools in memory.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::domain::ids::{AttributeId, ComputerId, DeploymentId, ProjectId};
use crate::domain::release::{Deployment, Subject};
use crate::storage::seen::Seen;
use crate::storage::{StorageError, productive};

use super::release_cache::Site;

/// A deployment as the evaluator knows it.
pub(super) fn released(site: &Site, project: ProjectId, id: DeploymentId) -> Option<&Deployment> {
    site.release.deployments(project).iter().find(|deployment| deployment.id == id)
}

/// Counts the productive computers that have each deployment available today (D-DEPLOY-08): one
/// query for each project.
pub(super) fn counts(
    tx: &Seen<'_>,
    site: &Site,
    deployments: impl Iterator<Item = (ProjectId, DeploymentId)>,
    today: Date,
) -> Result<BTreeMap<DeploymentId, i64>, StorageError> {
    let mut projects: BTreeMap<ProjectId, Vec<&Deployment>> = BTreeMap::new();
    for (project, id) in deployments {
        let found = released(site, project, id).filter(|deployment| deployment.enabled);
        projects.entry(project).or_default().extend(found);
    }
    let mut counts = BTreeMap::new();
    for (project, deployments) in projects {
        let named: BTreeSet<AttributeId> =
            deployments.iter().flat_map(|deployment| deployment.attributes()).collect();
        let pools = productive::pools(tx, project, named.into_iter(), ComputerId(0))?;
        for deployment in deployments {
            let reached = pools.iter().filter(|(computer, pool)| {
                let subject = Subject { computer: **computer, project, pool, today };
                deployment.reaches(&subject).is_ok()
            });
            counts.insert(deployment.id, i64::try_from(reached.count()).unwrap_or(i64::MAX));
        }
    }
    Ok(counts)
}

/// The day from which on each productive computer after `after` has the deployment, or would have
/// it if it were enabled; by id.
pub(super) fn dues(
    tx: &Seen<'_>,
    deployment: &Deployment,
    after: ComputerId,
) -> Result<Vec<(ComputerId, Date)>, StorageError> {
    let enabled = Deployment { enabled: true, ..deployment.clone() };
    let named: BTreeSet<AttributeId> = deployment.attributes().collect();
    let pools = productive::pools(tx, deployment.project, named.into_iter(), after)?;
    let due = |(computer, pool): (&ComputerId, &_)| {
        let today = deployment.start_date;
        let subject = Subject { computer: *computer, project: deployment.project, pool, today };
        Some((*computer, enabled.due(&subject).ok()?.since))
    };
    Ok(pools.iter().filter_map(due).collect())
}

#[cfg(test)]
mod tests {
    use crate::app::deployments::{DeploymentChange, DeploymentQuery};
    use crate::app::fixtures::Site;
    use crate::domain::deployment::Source;
    use crate::domain::schedule::Standing;
    use crate::storage::{WriteTx, fixtures};

    /// Forty productive computers with ALL SYSTEMS, `CID-10` for the tenth; 41 is in repair.
    async fn site() -> Site {
        let site = Site::new().await;
        let sql = "
            WITH RECURSIVE n (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < 41)
            INSERT INTO computer (id, uuid, name, project_id, status, created_at, updated_at)
            SELECT id, 'U' || id, 'pc' || id, (SELECT id FROM project),
                   iif(id = 41, 'in repair', 'intended'), {0}, {0} FROM n;
            INSERT INTO attribute (formula_id, value)
            SELECT id, '10' FROM formula WHERE prefix = 'CID';
            INSERT INTO computer_attribute (computer_id, attribute_id, valid_from)
            SELECT id, 1, {0} FROM computer;
            INSERT INTO computer_attribute (computer_id, attribute_id, valid_from)
            SELECT 10, max(id), {0} FROM attribute;";
        site.app.storage().write(move |tx: &WriteTx<'_>| fixtures::run(tx, sql)).await.unwrap();
        site
    }

    fn scheduled(name: &str, schedule: &str) -> DeploymentChange {
        DeploymentChange {
            name: Some(name.into()),
            schedule: Some(Some(schedule.into())),
            ..DeploymentChange::default()
        }
    }

    #[tokio::test]
    async fn computers_are_counted_bucket_by_bucket() {
        let site = site().await;
        let names = |names: &[&str]| Some(names.iter().map(|&name| name.to_owned()).collect());
        let plain = scheduled("plain", "2 weeks");
        let excluding = DeploymentChange {
            excluded_attributes: names(&["CID-10"]),
            ..scheduled("excluding", "2 weeks")
        };
        let both = DeploymentChange {
            included_attributes: names(&["SET-ALL SYSTEMS"]),
            ..scheduled("both", "4 weeks")
        };
        let off = DeploymentChange { enabled: Some(false), ..scheduled("off", "2 weeks") };
        for change in [plain, excluding, both, off] {
            site.app.add_deployment(&site.admin, "debian-12".into(), change).await.unwrap();
        }
        // The site's today is Wed 2024-06-05: of forty computers four are in each of ten buckets.
        // rule           days later  plain  excluding  both  off
        let table = [
            ("D-DEPLOY-08", 0, 4, 3, 40, 0),
            ("D-SCHED-04", 1, 8, 7, 40, 0),
            ("D-SCHED-07", 2, 12, 11, 40, 0),
            ("D-SCHED-07", 4, 12, 11, 40, 0),
            ("D-SCHED-07", 5, 16, 15, 40, 0),
            ("D-DEPLOY-12", 60, 40, 39, 40, 0),
        ];
        for (rule, days, plain, excluding, both, off) in table {
            let actor = site.later(days * 86_400);
            let query = DeploymentQuery { limit: 10, ..DeploymentQuery::default() };
            let found = site.app.deployments(&actor, query).await.unwrap();
            let counted: Vec<_> =
                found.iter().map(|row| (&*row.listed.deployment.name, row.computers)).collect();
            let expected =
                [("both", both), ("excluding", excluding), ("off", off), ("plain", plain)];
            assert_eq!(counted, expected, "{rule}: after {days} days");
            let id = found[3].listed.deployment.id;
            let detail = site.app.deployment(&actor, id).await.unwrap();
            assert_eq!(detail.computers, plain, "{rule}: the page says the same");
        }
        // Whom it is for, whatever today is, each with its day; also while it is disabled.
        for name in ["plain", "off"] {
            let query = DeploymentQuery {
                search: Some(name.into()),
                limit: 1,
                ..DeploymentQuery::default()
            };
            let id =
                site.app.deployments(&site.admin, query).await.unwrap()[0].listed.deployment.id;
            let found = site.app.deployment_computers(&site.admin, id, 8, 3).await.unwrap();
            let days: Vec<_> =
                found.iter().map(|one| (one.computer.id, one.since.to_string())).collect();
            let expected = [(9, "2024-06-18"), (10, "2024-06-05"), (11, "2024-06-06")];
            assert_eq!(days, expected.map(|(id, day)| (id, day.to_owned())), "D-SCHED-04 {name}");
        }
    }

    #[tokio::test]
    async fn d_deploy_07_deployments_are_filtered_by_schedule_source_and_progress() {
        let site = site().await;
        for (name, schedule) in [("a", Some("2 weeks")), ("b", Some("4 weeks")), ("c", None)] {
            let change = DeploymentChange {
                schedule: Some(schedule.map(str::to_owned)),
                ..scheduled(name, "")
            };
            site.app.add_deployment(&site.admin, "debian-12".into(), change).await.unwrap();
        }
        let all = || DeploymentQuery { limit: 10, ..DeploymentQuery::default() };
        let by = |schedule: &str| DeploymentQuery { schedule: Some(schedule.into()), ..all() };
        let standing = |standing| DeploymentQuery { standing: Some(standing), ..all() };
        let source = |source| DeploymentQuery { source: Some(source), ..all() };
        // rule, days later, filter, names
        let table = [
            ("D-DEPLOY-07", 0, by("2 weeks"), "a"),
            ("D-DEPLOY-07", 0, source(Source::Internal), "abc"),
            ("D-DEPLOY-07", 0, source(Source::External), ""),
            ("D-ALERT-08", 0, standing(Standing::Active), "ab"),
            ("D-ALERT-08", 15, standing(Standing::Active), "b"),
            ("D-ALERT-09", 13, standing(Standing::Finished), ""),
            ("D-ALERT-09", 14, standing(Standing::Finished), "a"),
            ("D-ALERT-09", 40, standing(Standing::Finished), "ab"),
        ];
        for (rule, days, query, expected) in table {
            let actor = site.later(days * 86_400);
            let found = site.app.deployments(&actor, query).await.unwrap();
            let names: String =
                found.iter().map(|row| row.listed.deployment.name.as_str()).collect();
            assert_eq!(names, expected, "{rule}: after {days} days");
        }
    }
}
