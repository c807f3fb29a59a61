//! Platforms and projects.

use rusqlite::{OptionalExtension as _, Row, named_params};

use super::seen::{Seen, Thing};
use super::{ReadTx, StorageError, WriteTx, pages};
use crate::domain::ids::{PlatformId, ProjectId};
use crate::domain::pms::Pms;
use crate::domain::project::{Platform, Project};

const SELECT: &str = "SELECT project.id, project.name, platform_id, platform.name AS platform, \
                      pms, auto_register
                      FROM project JOIN platform ON platform.id = platform_id";

/// Returns a project.
pub fn get(tx: &ReadTx<'_>, id: ProjectId) -> Result<Project, StorageError> {
    let mut statement = tx.sql().prepare_cached(&format!("{SELECT} WHERE project.id = :id"))?;
    pages::one(statement.query(named_params! { ":id": id.0 })?, from_row, "project", id.0)
}

/// Finds a project by its name.
pub fn find_by_name(tx: &ReadTx<'_>, name: &str) -> Result<Option<Project>, StorageError> {
    let mut statement = tx.sql().prepare_cached(&format!("{SELECT} WHERE project.name = :name"))?;
    let mut rows = statement.query(named_params! { ":name": name })?;
    rows.next()?.map(from_row).transpose()
}

/// Lists all projects by name: there are as many as operating systems.
pub fn list(tx: &Seen<'_>) -> Result<Vec<Project>, StorageError> {
    let seen = tx.condition(Thing::Project, "project");
    let mut statement =
        tx.sql().prepare_cached(&format!("{SELECT} WHERE {seen} ORDER BY project.name"))?;
    pages::all(statement.query([])?, from_row)
}

/// Adds a project (its `id` is ignored) and returns its id.
pub fn insert(tx: &WriteTx<'_>, project: &Project) -> Result<ProjectId, StorageError> {
    tx.sql()
        .prepare_cached(
            "INSERT INTO project (name, platform_id, pms, auto_register)
             VALUES (:name, :platform, :pms, :auto_register)",
        )?
        .execute(named_params! {
            ":name": project.name,
            ":platform": project.platform.id.0,
            ":pms": project.pms.as_str(),
            ":auto_register": project.auto_register_computers,
        })?;
    Ok(ProjectId(tx.sql().last_insert_rowid()))
}

/// Stores the fields of a project.
pub fn update(tx: &WriteTx<'_>, project: &Project) -> Result<(), StorageError> {
    tx.sql()
        .prepare_cached(
            "UPDATE project SET name = :name, platform_id = :platform, pms = :pms,
                 auto_register = :auto_register
             WHERE id = :id",
        )?
        .execute(named_params! {
            ":id": project.id.0,
            ":name": project.name,
            ":platform": project.platform.id.0,
            ":pms": project.pms.as_str(),
            ":auto_register": project.auto_register_computers,
        })?;
    Ok(())
}

/// Deletes a project that has no computers, with its stores, packages and deployments.
pub fn delete(tx: &WriteTx<'_>, id: ProjectId) -> Result<(), StorageError> {
    let sql = "DELETE FROM project WHERE id = :id";
    tx.sql().prepare_cached(sql)?.execute(named_params! { ":id": id.0 })?;
    Ok(())
}

/// What hangs on a project: shown before it is deleted (D-PRJ-02, D-GEN-09).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Dependants {
    pub computers: i64,
    pub deployments: i64,
    pub packages: i64,
}

/// Counts what hangs on a project.
pub fn dependants(tx: &ReadTx<'_>, id: ProjectId) -> Result<Dependants, StorageError> {
    let mut statement = tx.sql().prepare_cached(
        "SELECT (SELECT count(*) FROM computer WHERE project_id = :id),
                (SELECT count(*) FROM deployment WHERE project_id = :id),
                (SELECT count(*) FROM package WHERE project_id = :id)",
    )?;
    Ok(statement.query_row(named_params! { ":id": id.0 }, |row| {
        Ok(Dependants { computers: row.get(0)?, deployments: row.get(1)?, packages: row.get(2)? })
    })?)
}

/// Finds a platform by its name.
pub fn find_platform(tx: &ReadTx<'_>, name: &str) -> Result<Option<Platform>, StorageError> {
    let sql = "SELECT id, name FROM platform WHERE name = :name";
    let mut statement = tx.sql().prepare_cached(sql)?;
    Ok(statement.query_row(named_params! { ":name": name }, platform_from_row).optional()?)
}

/// Returns a platform.
pub fn get_platform(tx: &ReadTx<'_>, id: PlatformId) -> Result<Platform, StorageError> {
    let sql = "SELECT id, name FROM platform WHERE id = :id";
    tx.sql()
        .prepare_cached(sql)?
        .query_row(named_params! { ":id": id.0 }, platform_from_row)
        .optional()?
        .ok_or_else(|| StorageError::not_found("platform", id.0))
}

/// Lists platforms with their number of projects, by name.
pub fn platforms(tx: &Seen<'_>) -> Result<Vec<(Platform, i64)>, StorageError> {
    let mut statement = tx.sql().prepare_cached(&format!(
        "SELECT id, name, (SELECT count(*) FROM project WHERE platform_id = platform.id AND {})
         FROM platform WHERE {} ORDER BY name",
        tx.condition(Thing::Project, "project"),
        tx.condition(Thing::Platform, "platform"),
    ))?;
    let rows = statement.query_map([], |row| Ok((platform_from_row(row)?, row.get(2)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Adds a platform.
pub fn insert_platform(tx: &WriteTx<'_>, name: &str) -> Result<Platform, StorageError> {
    tx.sql()
        .prepare_cached("INSERT INTO platform (name) VALUES (:name)")?
        .execute(named_params! { ":name": name })?;
    Ok(Platform { id: PlatformId(tx.sql().last_insert_rowid()), name: name.to_owned() })
}

/// Renames a platform.
pub fn rename_platform(tx: &WriteTx<'_>, id: PlatformId, name: &str) -> Result<(), StorageError> {
    let sql = "UPDATE platform SET name = :name WHERE id = :id";
    tx.sql().prepare_cached(sql)?.execute(named_params! { ":name": name, ":id": id.0 })?;
    Ok(())
}

/// Deletes a platform; one with projects is protected by the schema.
pub fn delete_platform(tx: &WriteTx<'_>, id: PlatformId) -> Result<(), StorageError> {
    let sql = "DELETE FROM platform WHERE id = :id";
    tx.sql().prepare_cached(sql)?.execute(named_params! { ":id": id.0 })?;
    Ok(())
}

fn platform_from_row(row: &Row<'_>) -> rusqlite::Result<Platform> {
    Ok(Platform { id: PlatformId(row.get("id")?), name: row.get("name")? })
}

/// The package system in the column `pms`.
pub(super) fn pms_from_row(row: &Row<'_>) -> Result<Pms, StorageError> {
    let pms: String = row.get("pms")?;
    Pms::parse(&pms).ok_or(StorageError::Corrupt { what: "package system", value: pms })
}

fn from_row(row: &Row<'_>) -> Result<Project, StorageError> {
    Ok(Project {
        id: ProjectId(row.get("id")?),
        name: row.get("name")?,
        platform: Platform { id: PlatformId(row.get("platform_id")?), name: row.get("platform")? },
        pms: pms_from_row(row)?,
        auto_register_computers: row.get("auto_register")?,
    })
}
