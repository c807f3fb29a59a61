//! Patterns of errors that need no check (5.2).

use rusqlite::named_params;

use super::{ReadTx, StorageError, WriteTx};
use crate::domain::client_error::AutoCheckError;
use crate::domain::ids::AutoCheckErrorId;

/// Lists all patterns in the order they were added.
pub fn list(tx: &ReadTx<'_>) -> Result<Vec<AutoCheckError>, StorageError> {
    let mut statement =
        tx.sql().prepare_cached("SELECT id, message FROM auto_check_error ORDER BY id")?;
    let rows = statement.query_map([], |row| {
        Ok(AutoCheckError { id: AutoCheckErrorId(row.get(0)?), message: row.get(1)? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Returns one pattern.
pub fn get(tx: &ReadTx<'_>, id: AutoCheckErrorId) -> Result<AutoCheckError, StorageError> {
    let found = list(tx)?.into_iter().find(|pattern| pattern.id == id);
    found.ok_or_else(|| StorageError::not_found("pattern", id))
}

/// Adds a pattern.
pub fn insert(tx: &WriteTx<'_>, message: &str) -> Result<AutoCheckErrorId, StorageError> {
    tx.sql()
        .prepare_cached("INSERT INTO auto_check_error (message) VALUES (:message)")?
        .execute(named_params! { ":message": message })?;
    Ok(AutoCheckErrorId(tx.sql().last_insert_rowid()))
}

/// Stores another pattern; errors that are there are not looked at again (D-ERR-03).
pub fn update(tx: &WriteTx<'_>, id: AutoCheckErrorId, message: &str) -> Result<(), StorageError> {
    tx.sql()
        .prepare_cached("UPDATE auto_check_error SET message = :message WHERE id = :id")?
        .execute(named_params! { ":id": id.0, ":message": message })?;
    Ok(())
}

/// Deletes a pattern.
pub fn delete(tx: &WriteTx<'_>, id: AutoCheckErrorId) -> Result<(), StorageError> {
    let mut statement = tx.sql().prepare_cached("DELETE FROM auto_check_error WHERE id = :id")?;
    statement.execute(named_params! { ":id": id.0 })?;
    Ok(())
}
