//! Lists of package records (7.2): filtered, in an order that is asked for, in pages by key.

use super::StorageError;
use super::packages::{COLUMNS, FROM, Listed, listed_from_row};
use super::pages::{self, Conditions, Cursor, Sorted};
use super::related::{self, Kind, Related};
use super::seen::{Seen, Thing};
use crate::domain::ids::ProjectId;

/// What packages are ordered by. Versions are not among it: each package system compares them in a
/// way of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PackageOrder {
    /// In the order they were first uploaded.
    Id,
    File,
    /// Name of the package in the file.
    Package,
    Project,
    Store,
    Size,
    Uploaded,
    Deployments,
}

impl PackageOrder {
    /// Reads the name of a column of the list.
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "file" => Self::File,
            "package" => Self::Package,
            "project" => Self::Project,
            "store" => Self::Store,
            "size" => Self::Size,
            "uploaded" => Self::Uploaded,
            "deployments" => Self::Deployments,
            _ => return None,
        })
    }

    fn sql(self) -> &'static str {
        match self {
            Self::Id => "package.id",
            Self::File => "package.name COLLATE NOCASE",
            Self::Package => {
                "CASE WHEN format IN ('deb', 'rpm') THEN payload_package.name ELSE '' END
                 COLLATE NOCASE"
            }
            Self::Project => "project.name COLLATE NOCASE",
            Self::Store => "store.name COLLATE NOCASE",
            Self::Size => "coalesce(payload_set.size, payload.size)",
            Self::Uploaded => "package.uploaded_at",
            Self::Deployments => {
                "(SELECT count(*) FROM deployment_package WHERE package_id = package.id)"
            }
        }
    }

    fn is_number(self) -> bool {
        matches!(self, Self::Id | Self::Size | Self::Uploaded | Self::Deployments)
    }

    /// Where the page that ends with this package goes on.
    pub fn cursor(self, listed: &Listed) -> Cursor {
        let package = &listed.package;
        let id = package.id.0;
        match self {
            Self::Id => Cursor::of_id(id),
            Self::File => Cursor::named(id, &package.name),
            Self::Package => {
                Cursor::named(id, listed.identity.as_ref().map_or("", |identity| &identity.name))
            }
            Self::Project => Cursor::named(id, &listed.project),
            Self::Store => Cursor::named(id, &listed.store),
            Self::Size => Cursor::new(id, listed.size_bytes.cast_signed()),
            Self::Uploaded => Cursor::new(id, package.uploaded_at.as_millisecond()),
            Self::Deployments => Cursor::new(id, listed.deployments),
        }
    }
}

/// Which packages to list.
#[derive(Debug, Clone)]
pub struct Filter {
    pub related: Option<Related>,
    pub project: Option<ProjectId>,
    /// Name of the store.
    pub store: Option<String>,
    /// Part of the file name, or of the path of a file in a set, in any case.
    pub search: Option<String>,
    /// Only those in no deployment, enabled or not (D-PKG-08).
    pub orphan: bool,
    /// Files without a record instead of package records.
    pub unregistered: bool,
    pub sorted: Sorted<PackageOrder>,
    pub after: Option<Cursor>,
    pub limit: u32,
}

/// Lists a page of files.
pub fn list(tx: &Seen<'_>, filter: &Filter) -> Result<Vec<Listed>, StorageError> {
    let (sql, values) = statement(tx, filter);
    let mut statement = tx.sql().prepare_cached(&sql)?;
    pages::all(statement.query(&*values.parameters())?, listed_from_row)
}

/// What is shown of them is read for the page only.
fn statement(tx: &Seen<'_>, filter: &Filter) -> (String, Conditions) {
    let Sorted { by, .. } = filter.sorted;
    let order = filter.sorted.sql(by.sql(), "package.id");
    let mut all = conditions(tx, filter);
    if let Some(cursor) = &filter.after {
        order.after(&mut all, cursor, by.is_number());
    }
    all.bind(":limit", filter.limit);
    let sql = format!(
        "WITH page AS MATERIALIZED (
             SELECT package.id AS on_page {FROM} WHERE {} {order} LIMIT :limit)
         SELECT {COLUMNS} {FROM} JOIN page ON on_page = package.id
         {order}",
        all.sql(),
    );
    (sql, all)
}

fn conditions(tx: &Seen<'_>, filter: &Filter) -> Conditions {
    let mut all = Conditions::default();
    all.add(tx.condition(Thing::Package, "package"));
    all.add(related::condition(filter.related, Kind::Package, "package.id"));
    all.add(if filter.unregistered { "registered = 0" } else { "registered = 1" });
    all.with(filter.project.map(|id| id.0), ":project", "package.project_id = :project");
    all.with(filter.store.clone(), ":store", "store.name = :store");
    all.with(
        filter.search.as_ref().map(|text| text.to_ascii_lowercase()),
        ":search",
        "(instr(lower(package.name), :search) > 0 OR EXISTS
             (SELECT 1 FROM payload_set_file AS inside WHERE inside.set_id = package.payload_id
                AND instr(lower(path), :search) > 0))",
    );
    all.when(
        filter.orphan,
        "NOT EXISTS (SELECT 1 FROM deployment_package WHERE package_id = package.id)",
    );
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::scopes::View;
    use crate::storage::{Storage, fixtures};

    const ORDERS: [PackageOrder; 8] = [
        PackageOrder::Id,
        PackageOrder::File,
        PackageOrder::Package,
        PackageOrder::Project,
        PackageOrder::Store,
        PackageOrder::Size,
        PackageOrder::Uploaded,
        PackageOrder::Deployments,
    ];

    /// Packages 1 to 12: names in no order, some things equal, every third without an identity.
    fn site() -> (tempfile::TempDir, Storage) {
        let dir = tempfile::tempdir().unwrap();
        let storage = Storage::open(dir.path()).unwrap();
        let filled: Result<(), StorageError> = storage.write_now(|tx| {
            fixtures::small_site(tx)?;
            fixtures::run(
                tx,
                "INSERT INTO store (id, project_id, name) VALUES (21, 11, 'Zoo'), (22, 12, 'acme');
                 INSERT INTO payload (id, sha256, size, complete, created_at)
                     SELECT value, randomblob(32), value % 4 * 9, 1, {0}
                     FROM json_each('[1,2,3,4,5,6,7,8,9,10,11,12]');
                 INSERT INTO payload_package (payload_id, format, name, version, architecture)
                     SELECT id, 'deb', char(112 - id), '1', 'all' FROM payload WHERE id % 3 > 0;
                 INSERT INTO package (id, project_id, store_id, name, payload_id, registered,
                         created_at, uploaded_at)
                     SELECT id, 11 + id % 2, 21 + id % 2,
                            substr('AbCdEfGhIjKl', id * 5 % 12 + 1, 1) || '.deb', id, 1, {0},
                            {0} + id % 5
                     FROM payload;
                 INSERT INTO deployment (id, project_id, name, slug, start_date)
                     VALUES (31, 11, 'a', 'a', '2024-01-01'), (32, 11, 'b', 'b', '2024-01-01');
                 INSERT INTO deployment_package VALUES (31, 2), (32, 2), (31, 4)",
            )
        });
        filled.unwrap();
        (dir, storage)
    }

    fn filter(by: PackageOrder, descending: bool) -> Filter {
        Filter {
            related: None,
            project: None,
            store: None,
            search: None,
            orphan: false,
            unregistered: false,
            sorted: Sorted { by, descending },
            after: None,
            limit: 5,
        }
    }

    #[test]
    fn d_ui_03_in_any_order_the_pages_hold_every_package_once() {
        let (_dir, storage) = site();
        for (by, descending) in ORDERS.into_iter().flat_map(|by| [(by, false), (by, true)]) {
            let (mut ids, mut keys, mut after) = (Vec::new(), Vec::new(), None);
            loop {
                let asked = Filter { after, ..filter(by, descending) };
                let page: Result<_, StorageError> =
                    storage.read_now(move |tx| list(&tx.seen_by(View::EVERYTHING), &asked));
                let page = page.unwrap();
                let Some(last) = page.last() else { break };
                after = Cursor::parse(&by.cursor(last).to_string());
                let key = |one: &Listed| {
                    let cursor = by.cursor(one).to_string().to_lowercase();
                    let value = cursor.split_once('.').map_or("", |(_, value)| value).to_owned();
                    (value.parse::<i64>().unwrap_or_default(), value, one.package.id)
                };
                keys.extend(page.iter().map(key));
                ids.extend(page.iter().map(|one| one.package.id.0));
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
    fn the_order_by_file_and_by_upload_walks_an_index() {
        let (_dir, storage) = site();
        let orders = [
            (PackageOrder::Id, "INTEGER PRIMARY KEY"),
            (PackageOrder::File, "INDEX package_name"),
            (PackageOrder::Uploaded, "INDEX package_uploaded"),
        ];
        for (by, index) in orders {
            let plan: Result<Vec<String>, StorageError> = storage.read_now(move |tx| {
                let (sql, values) = statement(&tx.seen_by(View::EVERYTHING), &filter(by, true));
                let mut statement = tx.sql().prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
                pages::all(statement.query(&*values.parameters())?, |row| Ok(row.get("detail")?))
            });
            let plan = plan.unwrap();
            let sorts = plan.iter().filter(|line| line.contains("TEMP B-TREE")).count();
            assert!(plan.iter().any(|line| line.contains(index)), "{by:?}: {plan:#?}");
            assert!(sorts <= 1, "only the page itself is sorted: {by:?}: {plan:#?}");
        }
    }
}
