//! Settings of the site as rows of text; their types are the domain's.

use std::collections::BTreeMap;

use rusqlite::named_params;

use super::revisions::{self, Revision};
use super::{ReadTx, StorageError, WriteTx};

/// Returns every setting that differs from its default, by name.
pub fn all(tx: &ReadTx<'_>) -> Result<BTreeMap<String, String>, StorageError> {
    let mut statement = tx.sql().prepare_cached("SELECT name, value FROM setting")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Stores a setting.
pub fn put(tx: &WriteTx<'_>, name: &str, value: &str) -> Result<(), StorageError> {
    tx.sql()
        .prepare_cached(
            "INSERT INTO setting (name, value) VALUES (:name, :value)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        )?
        .execute(named_params! { ":name": name, ":value": value })?;
    // Synchronisations keep the settings in memory.
    revisions::bump(tx, Revision::Release)
}

/// Returns a setting to its default.
pub fn remove(tx: &WriteTx<'_>, name: &str) -> Result<(), StorageError> {
    tx.sql()
        .prepare_cached("DELETE FROM setting WHERE name = :name")?
        .execute(named_params! { ":name": name })?;
    revisions::bump(tx, Revision::Release)
}
