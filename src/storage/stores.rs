//! Stores of a project (7.1).

use rusqlite::{OptionalExtension as _, Row, named_params};

use super::pages::{Conditions, Cursor, Sorted};
use super::seen::{Seen, Thing};
use super::{ReadTx, StorageError, WriteTx, pages};
use crate::domain::ids::{ProjectId, StoreId};
use crate::domain::package::Store;

const SELECT: &str = "SELECT id, project_id, name FROM store";

/// Returns a store.
pub fn get(tx: &ReadTx<'_>, id: StoreId) -> Result<Store, StorageError> {
    tx.sql()
        .prepare_cached(&format!("{SELECT} WHERE id = :id"))?
        .query_row(named_params! { ":id": id.0 }, from_row)
        .optional()?
        .ok_or_else(|| StorageError::not_found("store", id.0))
}

/// Finds a store of a project by its name.
pub fn find(
    tx: &ReadTx<'_>,
    project: ProjectId,
    name: &str,
) -> Result<Option<Store>, StorageError> {
    let sql = format!("{SELECT} WHERE project_id = :project AND name = :name");
    let mut statement = tx.sql().prepare_cached(&sql)?;
    let params = named_params! { ":project": project.0, ":name": name };
    Ok(statement.query_row(params, from_row).optional()?)
}

/// A store with the number of its package records and of all its files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    pub store: Store,
    /// Name of the project.
    pub project: String,
    pub packages: i64,
    pub files: i64,
}

/// What stores are ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreOrder {
    /// In the order they were made.
    Id,
    Name,
    Project,
    Packages,
    Files,
}

impl StoreOrder {
    /// Reads the name of a column of the list.
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "name" => Self::Name,
            "project" => Self::Project,
            "packages" => Self::Packages,
            "files" => Self::Files,
            _ => return None,
        })
    }

    fn sql(self) -> &'static str {
        match self {
            Self::Id => "store.id",
            Self::Name => "store.name COLLATE NOCASE",
            Self::Project => "project.name COLLATE NOCASE",
            Self::Packages => PACKAGES,
            Self::Files => FILES,
        }
    }

    fn is_number(self) -> bool {
        matches!(self, Self::Id | Self::Packages | Self::Files)
    }

    /// Where the page that ends with this store goes on.
    pub fn cursor(self, counted: &Counted) -> Cursor {
        let id = counted.store.id.0;
        match self {
            Self::Id => Cursor::of_id(id),
            Self::Name => Cursor::named(id, &counted.store.name),
            Self::Project => Cursor::named(id, &counted.project),
            Self::Packages => Cursor::new(id, counted.packages),
            Self::Files => Cursor::new(id, counted.files),
        }
    }
}

const PACKAGES: &str =
    "(SELECT count(*) FROM package WHERE store_id = store.id AND registered = 1)";
const FILES: &str = "(SELECT count(*) FROM package WHERE store_id = store.id)";

fn select() -> String {
    format!(
        "SELECT store.id, project_id, store.name, project.name AS project,
                {PACKAGES} AS packages, {FILES} AS files
         FROM store JOIN project ON project.id = project_id"
    )
}

/// A page of stores to read.
#[derive(Debug, Clone)]
pub struct StorePage {
    pub sorted: Sorted<StoreOrder>,
    pub after: Option<Cursor>,
    pub limit: u32,
}

impl StorePage {
    /// In the order they were made.
    pub fn by_id(after: Option<StoreId>, limit: u32) -> Self {
        let sorted = Sorted { by: StoreOrder::Id, descending: false };
        Self { sorted, after: after.map(|id| Cursor::of_id(id.0)), limit }
    }
}

/// Lists a page of stores, of one project or of all.
pub fn list(
    tx: &Seen<'_>,
    project: Option<ProjectId>,
    page: &StorePage,
) -> Result<Vec<Counted>, StorageError> {
    let by = page.sorted.by;
    let order = page.sorted.sql(by.sql(), "store.id");
    let mut all = Conditions::default();
    all.add(tx.condition(Thing::Store, "store"));
    all.with(project.map(|id| id.0), ":project", "project_id = :project");
    if let Some(cursor) = &page.after {
        order.after(&mut all, cursor, by.is_number());
    }
    all.bind(":limit", page.limit);
    let sql = format!("{} WHERE {} {order} LIMIT :limit", select(), all.sql());
    let mut statement = tx.sql().prepare_cached(&sql)?;
    pages::all(statement.query(&*all.parameters())?, counted)
}

/// Returns a store with its counts.
pub fn count(tx: &ReadTx<'_>, id: StoreId) -> Result<Counted, StorageError> {
    let sql = format!("{} WHERE store.id = :id", select());
    let mut statement = tx.sql().prepare_cached(&sql)?;
    pages::one(statement.query(named_params! { ":id": id.0 })?, counted, "store", id.0)
}

fn counted(row: &Row<'_>) -> Result<Counted, StorageError> {
    Ok(Counted {
        store: from_row(row)?,
        project: row.get("project")?,
        packages: row.get("packages")?,
        files: row.get("files")?,
    })
}

/// Lists the names of a project's stores in order.
pub fn names(tx: &ReadTx<'_>, project: ProjectId) -> Result<Vec<String>, StorageError> {
    let sql = "SELECT name FROM store WHERE project_id = :project ORDER BY name";
    let mut statement = tx.sql().prepare_cached(sql)?;
    let rows = statement.query_map(named_params! { ":project": project.0 }, |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Adds a store.
pub fn insert(tx: &WriteTx<'_>, project: ProjectId, name: &str) -> Result<Store, StorageError> {
    tx.sql()
        .prepare_cached("INSERT INTO store (project_id, name) VALUES (:project, :name)")?
        .execute(named_params! { ":project": project.0, ":name": name })?;
    let id = StoreId(tx.sql().last_insert_rowid());
    Ok(Store { id, project, name: name.to_owned() })
}

/// Renames a store.
pub fn rename(tx: &WriteTx<'_>, id: StoreId, name: &str) -> Result<(), StorageError> {
    tx.sql()
        .prepare_cached("UPDATE store SET name = :name WHERE id = :id")?
        .execute(named_params! { ":name": name, ":id": id.0 })?;
    Ok(())
}

/// Deletes a store with its files and package records.
pub fn delete(tx: &WriteTx<'_>, id: StoreId) -> Result<(), StorageError> {
    tx.sql()
        .prepare_cached("DELETE FROM store WHERE id = :id")?
        .execute(named_params! { ":id": id.0 })?;
    Ok(())
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Store> {
    Ok(Store {
        id: StoreId(row.get("id")?),
        project: ProjectId(row.get("project_id")?),
        name: row.get("name")?,
    })
}
