//! Errors of computers, and the patterns of those that need no check (5.2).

use jiff::Timestamp;
use rusqlite::named_params;

use super::{ReadTx, StorageError, WriteTx};
use crate::domain::ids::{ComputerId, ProjectId};

/// An error to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewError<'a> {
    pub computer: ComputerId,
    /// The project at that moment.
    pub project: ProjectId,
    /// When it happened by the client's clock.
    pub client_time_ms: Option<i64>,
    pub description: &'a str,
    pub checked: bool,
}

/// Adds an error.
pub fn add(tx: &WriteTx<'_>, error: &NewError<'_>, now: Timestamp) -> Result<(), StorageError> {
    tx.sql()
        .prepare_cached(
            "INSERT INTO error
                 (computer_id, project_id, created_at, client_time_ms, description, checked)
             VALUES (:computer, :project, :now, :client_time, :description, :checked)",
        )?
        .execute(named_params! {
            ":computer": error.computer.0,
            ":project": error.project.0,
            ":now": now.as_millisecond(),
            ":client_time": error.client_time_ms,
            ":description": error.description,
            ":checked": error.checked,
        })?;
    Ok(())
}

/// Returns the patterns of errors that are stored as checked (D-ERR-02).
pub fn patterns(tx: &ReadTx<'_>) -> Result<Vec<String>, StorageError> {
    let mut statement = tx.sql().prepare_cached("SELECT message FROM auto_check_error")?;
    let rows = statement.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
