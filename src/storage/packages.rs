//! Files of stores; those with `registered` are the package records (7.2).

use rusqlite::{Row, named_params};

use super::package_sets::Totals;
use super::seen::{Seen, Thing};
use super::tx::instant;
use super::{ReadTx, StorageError, WriteTx, headers};
use crate::domain::ids::{DeploymentId, PackageId, PayloadId, ProjectId, StoreId};
use crate::domain::package::{Format, Identity, Package};

const SELECT: &str = "SELECT id, project_id, store_id, name, payload_id, registered, created_at,
                             uploaded_at
                      FROM package";

/// Returns a file.
pub fn get(tx: &ReadTx<'_>, id: PackageId) -> Result<Package, StorageError> {
    let mut statement = tx.sql().prepare_cached(&format!("{SELECT} WHERE id = :id"))?;
    let mut rows = statement.query(named_params! { ":id": id.0 })?;
    rows.next()?.map_or_else(|| Err(StorageError::not_found("package", id.0)), from_row)
}

/// Finds a file of a project by its name, whatever its store.
pub fn find(
    tx: &ReadTx<'_>,
    project: ProjectId,
    name: &str,
) -> Result<Option<Package>, StorageError> {
    let sql = format!("{SELECT} WHERE project_id = :project AND name = :name");
    let mut statement = tx.sql().prepare_cached(&sql)?;
    let mut rows = statement.query(named_params! { ":project": project.0, ":name": name })?;
    rows.next()?.map(from_row).transpose()
}

/// Adds a file (its `id` is ignored) and returns its id.
pub fn insert(tx: &WriteTx<'_>, package: &Package) -> Result<PackageId, StorageError> {
    tx.sql()
        .prepare_cached(
            "INSERT INTO package
                 (project_id, store_id, name, payload_id, registered, created_at, uploaded_at)
             VALUES (:project, :store, :name, :payload, :registered, :created, :uploaded)",
        )?
        .execute(named_params! {
            ":project": package.project.0,
            ":store": package.store.0,
            ":name": package.name,
            ":payload": package.payload.0,
            ":registered": package.is_registered,
            ":created": package.created_at.as_millisecond(),
            ":uploaded": package.uploaded_at.as_millisecond(),
        })?;
    Ok(PackageId(tx.sql().last_insert_rowid()))
}

/// Stores what may change of a file: store, payload, record.
pub fn update(tx: &WriteTx<'_>, package: &Package) -> Result<(), StorageError> {
    tx.sql()
        .prepare_cached(
            "UPDATE package SET store_id = :store, payload_id = :payload,
                 registered = :registered, uploaded_at = :uploaded
             WHERE id = :id",
        )?
        .execute(named_params! {
            ":id": package.id.0,
            ":store": package.store.0,
            ":payload": package.payload.0,
            ":registered": package.is_registered,
            ":uploaded": package.uploaded_at.as_millisecond(),
        })?;
    Ok(())
}

/// Lists the ids of deployments that contain a package.
pub fn deployments_of(tx: &ReadTx<'_>, id: PackageId) -> Result<Vec<DeploymentId>, StorageError> {
    let sql = "SELECT deployment_id FROM deployment_package WHERE package_id = :id
               ORDER BY deployment_id";
    let mut statement = tx.sql().prepare_cached(sql)?;
    let rows = statement.query_map(named_params! { ":id": id.0 }, |row| row.get(0))?;
    Ok(rows.map(|id| id.map(DeploymentId)).collect::<Result<_, _>>()?)
}

/// Lists the ids of deployments that contain a package of a store.
pub fn deployments_with_store(
    tx: &ReadTx<'_>,
    store: StoreId,
) -> Result<Vec<DeploymentId>, StorageError> {
    let sql = "SELECT DISTINCT deployment_id FROM package
               JOIN deployment_package ON package_id = package.id
               WHERE store_id = :store ORDER BY deployment_id";
    let mut statement = tx.sql().prepare_cached(sql)?;
    let rows = statement.query_map(named_params! { ":store": store.0 }, |row| row.get(0))?;
    Ok(rows.map(|id| id.map(DeploymentId)).collect::<Result<_, _>>()?)
}

/// Takes a package out of every deployment.
pub fn remove_from_deployments(tx: &WriteTx<'_>, id: PackageId) -> Result<(), StorageError> {
    tx.sql()
        .prepare_cached("DELETE FROM deployment_package WHERE package_id = :id")?
        .execute(named_params! { ":id": id.0 })?;
    Ok(())
}

/// A file with what a list shows of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub package: Package,
    pub project: String,
    pub store: String,
    /// Of a set, the bytes of all its files.
    pub size_bytes: u64,
    /// Of a set, the digest of the list of its files.
    pub sha256: [u8; 32],
    /// `None` for a regular file.
    pub format: Option<Format>,
    /// `None` for what is no set.
    pub set: Option<Totals>,
    /// `None` for a file that is no package.
    pub identity: Option<Identity>,
    /// Number of deployments that contain it.
    pub deployments: i64,
}

/// What the columns of a list are read from.
pub(super) const FROM: &str = "
    FROM package
    JOIN project ON project.id = package.project_id
    JOIN store ON store.id = store_id
    JOIN payload ON payload.id = package.payload_id
    LEFT JOIN payload_package ON payload_package.payload_id = package.payload_id
    LEFT JOIN payload_set ON payload_set.payload_id = package.payload_id";

/// What [`listed_from_row`] reads.
pub(super) const COLUMNS: &str = "
    package.id, package.project_id, store_id, package.name, package.payload_id,
    registered, package.created_at, uploaded_at, project.name AS project,
    store.name AS store, coalesce(payload_set.size, payload.size) AS size,
    payload.sha256, files AS set_files, packages AS set_packages, format,
    payload_package.name AS package, version, architecture,
    (SELECT count(*) FROM deployment_package WHERE package_id = package.id) AS deployments";

/// Returns one file as lists show it.
pub fn get_listed(tx: &Seen<'_>, id: PackageId) -> Result<Listed, StorageError> {
    let seen = tx.condition(Thing::Package, "package");
    let sql = format!("SELECT {COLUMNS} {FROM} WHERE package.id = :id AND {seen}");
    let mut statement = tx.sql().prepare_cached(&sql)?;
    let mut rows = statement.query(named_params! { ":id": id.0 })?;
    rows.next()?.map_or_else(|| Err(StorageError::not_found("package", id.0)), listed_from_row)
}

/// Counts package records in no deployment (D-PKG-08, alert 4).
pub fn count_orphans(tx: &Seen<'_>) -> Result<i64, StorageError> {
    let sql = format!(
        "SELECT count(*) FROM package WHERE registered = 1 AND {} AND NOT EXISTS
             (SELECT 1 FROM deployment_package WHERE package_id = package.id)",
        tx.condition(Thing::Package, "package"),
    );
    Ok(tx.sql().prepare_cached(&sql)?.query_row([], |row| row.get(0))?)
}

/// What a clean-up of the orphans would remove.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Orphans {
    /// Package records in no deployment.
    pub count: i64,
    /// Bytes of their files.
    pub bytes: i64,
    /// Bytes that are free once the files are gone: equal content is stored once, and other files
    /// may still have it.
    pub freed_bytes: i64,
}

/// What an orphan is, of the project `:project` or of all.
const ORPHAN: &str = "registered = 1 AND (:project IS NULL OR project_id = :project)
    AND NOT EXISTS (SELECT 1 FROM deployment_package WHERE package_id = package.id)";

/// Counts orphans and their bytes.
pub fn orphan_totals(tx: &Seen<'_>, project: Option<ProjectId>) -> Result<Orphans, StorageError> {
    let seen = tx.condition(Thing::Package, "package");
    let mut statement = tx.sql().prepare_cached(&format!(
        "WITH orphan AS (SELECT id, payload_id FROM package WHERE {ORPHAN} AND {seen}),
         held AS (
             SELECT payload_id FROM orphan
                 WHERE payload_id NOT IN (SELECT payload_id FROM payload_set)
             UNION
             SELECT inside.payload_id FROM orphan
                 JOIN payload_set_file AS inside ON set_id = orphan.payload_id)
         SELECT (SELECT count(*) FROM orphan),
                (SELECT ifnull(sum(coalesce(payload_set.size, payload.size)), 0) FROM orphan
                 JOIN payload ON payload.id = orphan.payload_id
                 LEFT JOIN payload_set ON payload_set.payload_id = orphan.payload_id),
                (SELECT ifnull(sum(size), 0) FROM payload
                 WHERE id IN (SELECT payload_id FROM held)
                   AND NOT EXISTS
                       (SELECT 1 FROM package WHERE package.payload_id = payload.id
                          AND package.id NOT IN (SELECT id FROM orphan))
                   AND NOT EXISTS
                       (SELECT 1 FROM payload_set_file AS inside
                        JOIN package ON package.payload_id = inside.set_id
                        WHERE inside.payload_id = payload.id
                          AND package.id NOT IN (SELECT id FROM orphan)))"
    ))?;
    let values = named_params! { ":project": project.map(|id| id.0) };
    Ok(statement.query_row(values, |row| {
        Ok(Orphans { count: row.get(0)?, bytes: row.get(1)?, freed_bytes: row.get(2)? })
    })?)
}

/// Lists orphans by id.
pub fn orphans(tx: &Seen<'_>, project: Option<ProjectId>) -> Result<Vec<Package>, StorageError> {
    let seen = tx.condition(Thing::Package, "package");
    let sql = format!("{SELECT} WHERE {ORPHAN} AND {seen} ORDER BY id");
    let mut statement = tx.sql().prepare_cached(&sql)?;
    let mut rows = statement.query(named_params! { ":project": project.map(|id| id.0) })?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(from_row(row)?);
    }
    Ok(found)
}

/// Deletes a file; its payload is collected once nothing else refers to it.
pub fn delete(tx: &WriteTx<'_>, id: PackageId) -> Result<(), StorageError> {
    let mut statement = tx.sql().prepare_cached("DELETE FROM package WHERE id = :id")?;
    statement.execute(named_params! { ":id": id.0 })?;
    Ok(())
}

/// A line of the folder of a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FolderLine {
    pub name: String,
    pub size_bytes: u64,
    pub uploaded_at_ms: i64,
    /// A folder of its own.
    pub is_set: bool,
}

/// Lists the files of a store by name, with size and time: what `/public/` shows.
pub fn files(tx: &ReadTx<'_>, store: StoreId) -> Result<Vec<FolderLine>, StorageError> {
    let mut statement = tx.sql().prepare_cached(
        "SELECT name, payload.size, uploaded_at, payload_set.payload_id IS NOT NULL
         FROM package JOIN payload ON payload.id = package.payload_id
         LEFT JOIN payload_set ON payload_set.payload_id = package.payload_id
         WHERE store_id = :store ORDER BY name",
    )?;
    let rows = statement.query_map(named_params! { ":store": store.0 }, |row| {
        Ok(FolderLine {
            name: row.get(0)?,
            size_bytes: row.get::<_, i64>(1)?.cast_unsigned(),
            uploaded_at_ms: row.get(2)?,
            is_set: row.get(3)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn from_row(row: &Row<'_>) -> Result<Package, StorageError> {
    Ok(Package {
        id: PackageId(row.get("id")?),
        project: ProjectId(row.get("project_id")?),
        store: StoreId(row.get("store_id")?),
        name: row.get("name")?,
        payload: PayloadId(row.get("payload_id")?),
        is_registered: row.get("registered")?,
        created_at: instant(row.get("created_at")?)?,
        uploaded_at: instant(row.get("uploaded_at")?)?,
    })
}

pub(super) fn listed_from_row(row: &Row<'_>) -> Result<Listed, StorageError> {
    let format: Option<String> = row.get("format")?;
    let format = format.map(headers::parse_format).transpose()?;
    let identity = match format {
        Some(format) if format.is_package() => Some(Identity {
            name: row.get("package")?,
            version: row.get("version")?,
            architecture: row.get("architecture")?,
        }),
        _ => None,
    };
    let size_bytes = row.get::<_, i64>("size")?.cast_unsigned();
    let set = match row.get::<_, Option<i64>>("set_files")? {
        Some(files) => Some(Totals {
            files: files.cast_unsigned(),
            packages: row.get::<_, i64>("set_packages")?.cast_unsigned(),
            size_bytes,
        }),
        None => None,
    };
    Ok(Listed {
        package: from_row(row)?,
        project: row.get("project")?,
        store: row.get("store")?,
        size_bytes,
        sha256: row.get("sha256")?,
        format,
        set,
        identity,
        deployments: row.get("deployments")?,
    })
}
