//! Stores of a project (7.1).

use rusqlite::{OptionalExtension as _, Row, named_params};

use super::seen::{Seen, Thing};
use super::{ReadTx, StorageError, WriteTx};
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

/// Lists stores after `after`, in the order they were made, of one project or of all.
pub fn list(
    tx: &Seen<'_>,
    project: Option<ProjectId>,
    after: Option<StoreId>,
    limit: u32,
) -> Result<Vec<Counted>, StorageError> {
    let mut statement = tx.sql().prepare_cached(&format!(
        "SELECT store.id, project_id, store.name, project.name AS project,
                (SELECT count(*) FROM package WHERE store_id = store.id AND registered = 1)
                    AS packages,
                (SELECT count(*) FROM package WHERE store_id = store.id) AS files
         FROM store JOIN project ON project.id = project_id
         WHERE store.id > :after AND (:project IS NULL OR project_id = :project) AND {}
         ORDER BY store.id LIMIT :limit",
        tx.condition(Thing::Store, "store"),
    ))?;
    let params = named_params! {
        ":after": after.map_or(0, |id| id.0),
        ":project": project.map(|id| id.0),
        ":limit": limit,
    };
    let rows = statement.query_map(params, |row| {
        Ok(Counted {
            store: from_row(row)?,
            project: row.get("project")?,
            packages: row.get("packages")?,
            files: row.get("files")?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
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
