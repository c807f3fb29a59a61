//! Package lists, shared by all computers that have just these packages, and their changes
//! (D-SYNC-14, D-SYNC-19).

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, named_params};

use super::{ReadTx, StorageError, WriteTx};
use crate::domain::ids::ComputerId;

/// A package as its package manager names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Package<'a> {
    pub name: &'a str,
    pub version: &'a str,
    pub architecture: &'a str,
}

/// Finds the list with this fingerprint.
pub fn find_list(tx: &ReadTx<'_>, fingerprint: &[u8; 32]) -> Result<Option<i64>, StorageError> {
    let mut statement =
        tx.sql().prepare_cached("SELECT id FROM software_list WHERE fingerprint = :fingerprint")?;
    let values = named_params! { ":fingerprint": fingerprint };
    Ok(statement.query_row(values, |row| row.get(0)).optional()?)
}

/// Adds a list.
pub fn insert_list<'a>(
    tx: &WriteTx<'_>,
    fingerprint: &[u8; 32],
    packages: impl IntoIterator<Item = Package<'a>>,
) -> Result<i64, StorageError> {
    tx.sql()
        .prepare_cached("INSERT INTO software_list (fingerprint) VALUES (:fingerprint)")?
        .execute(named_params! { ":fingerprint": fingerprint })?;
    let list = tx.sql().last_insert_rowid();
    let mut insert = tx.sql().prepare_cached(
        "INSERT OR IGNORE INTO software_list_item (list_id, software_id)
         VALUES (:list, :software)",
    )?;
    for package in packages {
        let software = keep(tx, package)?;
        insert.execute(named_params! { ":list": list, ":software": software })?;
    }
    Ok(list)
}

/// Gives a computer its list, and drops the one before if nobody has it any more.
pub fn set_list(
    tx: &WriteTx<'_>,
    computer: ComputerId,
    list: i64,
    before: Option<i64>,
) -> Result<(), StorageError> {
    tx.sql()
        .prepare_cached("UPDATE computer SET software_list_id = :list WHERE id = :id")?
        .execute(named_params! { ":list": list, ":id": computer.0 })?;
    if let Some(before) = before {
        tx.sql()
            .prepare_cached(
                "DELETE FROM software_list WHERE id = :list
                   AND NOT EXISTS (SELECT 1 FROM computer WHERE software_list_id = :list)",
            )?
            .execute(named_params! { ":list": before })?;
    }
    Ok(())
}

/// Stores what came and went between two moments.
pub fn add_change<'a>(
    tx: &WriteTx<'_>,
    computer: ComputerId,
    (from, to): (Timestamp, Timestamp),
    manual: bool,
    changes: impl IntoIterator<Item = (Package<'a>, bool)>,
) -> Result<(), StorageError> {
    tx.sql()
        .prepare_cached(
            "INSERT INTO software_history (computer_id, from_at, to_at, manual)
             VALUES (:computer, :from, :to, :manual)",
        )?
        .execute(named_params! {
            ":computer": computer.0,
            ":from": from.as_millisecond(),
            ":to": to.as_millisecond(),
            ":manual": manual,
        })?;
    let history = tx.sql().last_insert_rowid();
    let mut insert = tx.sql().prepare_cached(
        "INSERT OR IGNORE INTO software_change (history_id, software_id, installed)
         VALUES (:history, :software, :installed)",
    )?;
    for (package, installed) in changes {
        let software = keep(tx, package)?;
        insert.execute(named_params! {
            ":history": history, ":software": software, ":installed": installed,
        })?;
    }
    Ok(())
}

/// Returns the number of a package, given if it is new.
fn keep(tx: &WriteTx<'_>, package: Package<'_>) -> Result<i64, StorageError> {
    let values = named_params! {
        ":name": package.name,
        ":version": package.version,
        ":architecture": package.architecture,
    };
    let mut find = tx.sql().prepare_cached(
        "SELECT id FROM software
         WHERE name = :name AND version = :version AND architecture = :architecture",
    )?;
    if let Some(id) = find.query_row(values, |row| row.get(0)).optional()? {
        return Ok(id);
    }
    tx.sql()
        .prepare_cached(
            "INSERT INTO software (name, version, architecture)
             VALUES (:name, :version, :architecture)",
        )?
        .execute(values)?;
    Ok(tx.sql().last_insert_rowid())
}
