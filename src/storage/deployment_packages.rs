//! Packages of deployments: the records in them, as publishing and operations know them.

use std::collections::HashSet;

use rusqlite::{Row, named_params};

use super::{ReadTx, StorageError, WriteTx, headers, pages};
use crate::domain::ids::{DeploymentId, PackageId, PayloadId, ProjectId};
use crate::domain::package::Format;
use crate::domain::package_set::file_name;

/// Puts packages into a deployment.
pub fn add(tx: &WriteTx<'_>, id: DeploymentId, packages: &[PackageId]) -> Result<(), StorageError> {
    let mut insert = tx.sql().prepare_cached(
        "INSERT INTO deployment_package (deployment_id, package_id) VALUES (:id, :package)
         ON CONFLICT DO NOTHING",
    )?;
    for package in packages {
        insert.execute(named_params! { ":id": id.0, ":package": package.0 })?;
    }
    Ok(())
}

/// Takes packages out of a deployment.
pub fn take(
    tx: &WriteTx<'_>,
    id: DeploymentId,
    packages: &[PackageId],
) -> Result<(), StorageError> {
    let mut delete = tx.sql().prepare_cached(
        "DELETE FROM deployment_package WHERE deployment_id = :id AND package_id = :package",
    )?;
    for package in packages {
        delete.execute(named_params! { ":id": id.0, ":package": package.0 })?;
    }
    Ok(())
}

/// A package of a deployment, or a set of packages, as far as publishing must know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryRow {
    pub package: PackageId,
    pub file_name: String,
    pub payload: PayloadId,
    pub sha256: [u8; 32],
    pub format: Format,
    /// Name of the package within the file.
    pub identity_name: String,
    pub architecture: String,
}

const ENTRY: &str = "
    SELECT package.id, package.name, payload.id, sha256, payload_package.name, architecture, format
    FROM package
    JOIN payload ON payload.id = package.payload_id
    JOIN payload_package ON payload_package.payload_id = package.payload_id";

/// Lists the packages of a deployment by id.
pub fn entries(tx: &ReadTx<'_>, id: DeploymentId) -> Result<Vec<EntryRow>, StorageError> {
    let sql = format!(
        "{ENTRY} JOIN deployment_package ON package_id = package.id
         WHERE deployment_id = :id ORDER BY package_id"
    );
    let mut statement = tx.sql().prepare_cached(&sql)?;
    pages::all(statement.query(named_params! { ":id": id.0 })?, entry_from_row)
}

/// Puts what is inside sets in their places, and beside that what a set is about to hold: what a
/// repository holds. A file that is there more than once, in two sets or beside one, is taken once.
pub fn published(
    tx: &ReadTx<'_>,
    rows: Vec<EntryRow>,
    mut coming: Vec<EntryRow>,
) -> Result<Vec<EntryRow>, StorageError> {
    if coming.is_empty() && rows.iter().all(|row| row.format != Format::Set) {
        return Ok(rows);
    }
    let mut published = Vec::new();
    for row in rows {
        match row.format {
            Format::Set => published.extend(inside(tx, &row)?),
            _ => published.push(row),
        }
    }
    published.append(&mut coming);
    let mut seen = HashSet::new();
    published.retain(|row| seen.insert((row.payload, row.file_name.clone())));
    Ok(published)
}

/// The packages in a set; the record of each is the set's.
fn inside(tx: &ReadTx<'_>, set: &EntryRow) -> Result<Vec<EntryRow>, StorageError> {
    let mut statement = tx.sql().prepare_cached(
        "SELECT :package, path, payload.id, sha256, name, architecture, format
         FROM payload_set_file AS inside
         JOIN payload ON payload.id = inside.payload_id
         JOIN payload_package ON payload_package.payload_id = inside.payload_id
         WHERE set_id = :set AND released = 1 ORDER BY path",
    )?;
    let values = named_params! { ":package": set.package.0, ":set": set.payload.0 };
    let mut rows = pages::all(statement.query(values)?, entry_from_row)?;
    for row in &mut rows {
        row.file_name = file_name(&row.file_name).to_owned();
    }
    Ok(rows)
}

/// Lists ids and file names of the packages of a deployment.
pub fn files(tx: &ReadTx<'_>, id: DeploymentId) -> Result<Vec<(PackageId, String)>, StorageError> {
    let sql = "SELECT package.id, name FROM deployment_package
               JOIN package ON package.id = package_id
               WHERE deployment_id = :id ORDER BY package_id";
    let mut statement = tx.sql().prepare_cached(sql)?;
    let rows = statement.query_map(named_params! { ":id": id.0 }, |row| {
        Ok((PackageId(row.get(0)?), row.get(1)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Finds a package record of a project by its file name.
pub fn find_entry(
    tx: &ReadTx<'_>,
    project: ProjectId,
    file_name: &str,
) -> Result<Option<EntryRow>, StorageError> {
    let sql =
        format!("{ENTRY} WHERE project_id = :project AND package.name = :name AND registered = 1");
    let mut statement = tx.sql().prepare_cached(&sql)?;
    let params = named_params! { ":project": project.0, ":name": file_name };
    let mut rows = statement.query(params)?;
    rows.next()?.map(entry_from_row).transpose()
}

fn entry_from_row(row: &Row<'_>) -> Result<EntryRow, StorageError> {
    Ok(EntryRow {
        package: PackageId(row.get(0)?),
        file_name: row.get(1)?,
        payload: PayloadId(row.get(2)?),
        sha256: row.get(3)?,
        identity_name: row.get(4)?,
        architecture: row.get(5)?,
        format: headers::parse_format(row.get(6)?)?,
    })
}
