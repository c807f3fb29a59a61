//! Lists of deployments (D-DEPLOY-07): filtered, in an order that is asked for, in pages by key.

use rusqlite::Row;

use super::pages::{self, Conditions, Cursor, Sorted};
use super::related::{self, Kind, Related};
use super::seen::{Seen, Thing};
use super::{StorageError, deployments, projects};
use crate::domain::deployment::{Deployment, Source};
use crate::domain::ids::{DeploymentId, DomainId, ProjectId, ScheduleId};
use crate::domain::pms::Pms;

/// What deployments are ordered by. How many computers one reaches is not among it: that is not in
/// the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeploymentOrder {
    /// As repositories are ordered and lists merged (D-DEPLOY-13).
    Name,
    Project,
    Source,
    Enabled,
    StartDate,
    Schedule,
    Packages,
}

impl DeploymentOrder {
    /// Reads the name of a column of the list.
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "name" => Self::Name,
            "project" => Self::Project,
            "source" => Self::Source,
            "enabled" => Self::Enabled,
            "start-date" => Self::StartDate,
            "schedule" => Self::Schedule,
            "packages" => Self::Packages,
            _ => return None,
        })
    }

    fn sql(self) -> &'static str {
        match self {
            Self::Name => "deployment.name",
            Self::Project => "project.name COLLATE NOCASE",
            Self::Source => "deployment.source",
            Self::Enabled => "deployment.enabled",
            Self::StartDate => "deployment.start_date",
            Self::Schedule => "ifnull(schedule.name, '') COLLATE NOCASE",
            Self::Packages => PACKAGES,
        }
    }

    fn is_number(self) -> bool {
        matches!(self, Self::Enabled | Self::Packages)
    }
}

const PACKAGES: &str =
    "(SELECT count(*) FROM deployment_package WHERE deployment_id = deployment.id)";

const FROM: &str = "
    FROM deployment
    JOIN project ON project.id = deployment.project_id
    LEFT JOIN schedule ON schedule.id = deployment.schedule_id";

/// Which deployments to list (D-DEPLOY-07).
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub project: Option<ProjectId>,
    pub enabled: Option<bool>,
    /// Part of the name, or of the file name of a package in it, or in a set in it.
    pub search: Option<String>,
    pub domain: Option<DomainId>,
    pub source: Option<Source>,
    pub schedule: Option<ScheduleId>,
    /// Belongs to this object.
    pub related: Option<Related>,
    /// Only these.
    pub ids: Option<Vec<DeploymentId>>,
    /// By name if nothing is asked for.
    pub sorted: Option<Sorted<DeploymentOrder>>,
    pub after: Option<Cursor>,
    pub limit: u32,
}

/// A deployment in a list, without attributes and packages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub deployment: Deployment,
    pub project: String,
    /// Package system of the project.
    pub pms: Pms,
    pub packages: i64,
    /// Name of the schedule.
    pub schedule: Option<String>,
    /// Where the page that ends here goes on.
    pub cursor: Cursor,
}

/// Lists a page of deployments.
pub fn list(tx: &Seen<'_>, filter: &Filter) -> Result<Vec<Listed>, StorageError> {
    let (sql, values) = statement(tx, filter);
    let mut statement = tx.sql().prepare_cached(&sql)?;
    pages::all(statement.query(&*values.parameters())?, from_row)
}

/// What is shown of them is read for the page only.
fn statement(tx: &Seen<'_>, filter: &Filter) -> (String, Conditions) {
    let sorted = filter.sorted.unwrap_or(Sorted { by: DeploymentOrder::Name, descending: false });
    let key = sorted.by.sql();
    let order = sorted.sql(key, "deployment.id");
    let mut all = conditions(tx, filter);
    if let Some(cursor) = &filter.after {
        order.after(&mut all, cursor, sorted.by.is_number());
    }
    all.bind(":limit", filter.limit);
    let sql = format!(
        "WITH page AS MATERIALIZED (
             SELECT deployment.id AS on_page {FROM} WHERE {} {order} LIMIT :limit)
         SELECT deployment.*, project.name AS project, project.pms AS pms,
                {PACKAGES} AS packages, schedule.name AS schedule, {key} AS sort_value
         {FROM} JOIN page ON on_page = deployment.id
         {order}",
        all.sql(),
    );
    (sql, all)
}

fn from_row(row: &Row<'_>) -> Result<Listed, StorageError> {
    Ok(Listed {
        deployment: deployments::from_row(row)?,
        project: row.get("project")?,
        pms: projects::pms_from_row(row)?,
        packages: row.get("packages")?,
        schedule: row.get("schedule")?,
        cursor: Cursor::of_row(row.get("id")?, row.get_ref("sort_value")?),
    })
}

fn conditions(tx: &Seen<'_>, filter: &Filter) -> Conditions {
    let mut all = Conditions::default();
    all.add(tx.condition(Thing::Deployment, "deployment"));
    all.add(related::condition(filter.related, Kind::Deployment, "deployment.id"));
    all.with(filter.project.map(|id| id.0), ":project", "deployment.project_id = :project");
    all.with(filter.enabled, ":enabled", "deployment.enabled = :enabled");
    all.with(filter.domain.map(|id| id.0), ":domain", "deployment.domain_id = :domain");
    all.with(filter.source.map(Source::as_str), ":source", "deployment.source = :source");
    all.with(filter.schedule.map(|id| id.0), ":schedule", "deployment.schedule_id = :schedule");
    all.with(
        filter.ids.as_ref().map(|ids| serde_json::json!(ids).to_string()),
        ":ids",
        "deployment.id IN (SELECT value FROM json_each(:ids))",
    );
    all.with(
        filter.search.as_ref().map(|text| text.to_lowercase()),
        ":search",
        "(instr(lower(deployment.name), :search) > 0 OR EXISTS
             (SELECT 1 FROM deployment_package JOIN package ON package.id = package_id
              WHERE deployment_id = deployment.id
                AND (instr(lower(package.name), :search) > 0 OR EXISTS
                    (SELECT 1 FROM payload_set_file AS inside
                     WHERE inside.set_id = package.payload_id
                       AND instr(lower(path), :search) > 0))))",
    );
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::scopes::View;
    use crate::storage::{Storage, fixtures};

    /// Deployments 1 to 12: names in no order, some of them with the same schedule or packages.
    fn site() -> (tempfile::TempDir, Storage) {
        let dir = tempfile::tempdir().unwrap();
        let storage = Storage::open(dir.path()).unwrap();
        let filled: Result<(), StorageError> = storage.write_now(|tx| {
            fixtures::small_site(tx)?;
            fixtures::run(
                tx,
                "INSERT INTO schedule (id, name) VALUES (41, 'slow'), (42, 'At once');
                 INSERT INTO store (id, project_id, name) VALUES (21, 11, 'acme');
                 INSERT INTO payload (id, sha256, size, complete, created_at)
                     VALUES (1, randomblob(32), 1, 1, {0});
                 INSERT INTO package (id, project_id, store_id, name, payload_id, registered,
                         created_at, uploaded_at)
                     VALUES (51, 11, 21, 'one.deb', 1, 1, {0}, {0}),
                            (52, 11, 21, 'two.deb', 1, 1, {0}, {0});
                 INSERT INTO deployment (id, project_id, name, slug, enabled, source, start_date,
                         schedule_id)
                     SELECT value, 11 + value % 2, char(97 + value * 5 % 12), value, value % 3 = 0,
                            iif(value % 4, 'I', 'E'), date('2024-01-01', (value % 6) || ' days'),
                            iif(value % 5, 41 + value % 2, NULL)
                     FROM json_each('[1,2,3,4,5,6,7,8,9,10,11,12]');
                 INSERT INTO deployment_package VALUES (3, 51), (3, 52), (5, 51)",
            )
        });
        filled.unwrap();
        (dir, storage)
    }

    #[test]
    fn d_ui_03_d_deploy_13_in_any_order_the_pages_hold_every_deployment_once() {
        let (_dir, storage) = site();
        use DeploymentOrder::{Enabled, Name, Packages, Project, Schedule, StartDate};
        let orders =
            [Name, Project, DeploymentOrder::Source, Enabled, StartDate, Schedule, Packages];
        let asked = orders.into_iter().flat_map(|by| [false, true].map(|to| (Some(by), to)));
        for (by, descending) in asked.chain([(None, false)]) {
            let (mut ids, mut keys, mut after) = (Vec::new(), Vec::new(), None);
            loop {
                let sorted = by.map(|by| Sorted { by, descending });
                let filter = Filter { sorted, after, limit: 5, ..Filter::default() };
                let page: Result<_, StorageError> =
                    storage.read_now(move |tx| list(&tx.seen_by(View::EVERYTHING), &filter));
                let page = page.unwrap();
                let Some(last) = page.last() else { break };
                after = Cursor::parse(&last.cursor.to_string());
                let key = |one: &Listed| {
                    let cursor = one.cursor.to_string().to_lowercase();
                    let value = cursor.split_once('.').map_or("", |(_, value)| value).to_owned();
                    (value, one.deployment.id)
                };
                keys.extend(page.iter().map(key));
                ids.extend(page.iter().map(|one| one.deployment.id.0));
            }
            if descending {
                keys.reverse();
            }
            assert!(keys.is_sorted(), "D-UI-03: {by:?} {descending}: {keys:?}");
            ids.sort_unstable();
            assert_eq!(ids, Vec::from_iter(1..=12), "D-UI-03: {by:?} {descending}");
        }
    }

    #[test]
    fn the_order_by_name_walks_an_index() {
        let (_dir, storage) = site();
        let plan: Result<Vec<String>, StorageError> = storage.read_now(|tx| {
            let filter = Filter { limit: 5, ..Filter::default() };
            let (sql, values) = statement(&tx.seen_by(View::EVERYTHING), &filter);
            let mut statement = tx.sql().prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
            pages::all(statement.query(&*values.parameters())?, |row| Ok(row.get("detail")?))
        });
        let plan = plan.unwrap();
        let sorts = plan.iter().filter(|line| line.contains("TEMP B-TREE")).count();
        assert!(plan.iter().any(|line| line.contains("INDEX deployment_name")), "{plan:#?}");
        assert!(sorts <= 1, "only the page itself is sorted: {plan:#?}");
    }
}
