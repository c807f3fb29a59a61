//! What became of a computer: its projects and its statuses, in order (D-MIG).

use jiff::Timestamp;
use rusqlite::named_params;

use super::{StorageError, WriteTx};
use crate::domain::ids::{ComputerId, ProjectId};
use crate::domain::status::Status;

/// Records that a computer belongs to a project from now on (D-MIG-01).
pub fn add(
    tx: &WriteTx<'_>,
    computer: ComputerId,
    project: ProjectId,
    now: Timestamp,
) -> Result<(), StorageError> {
    tx.sql()
        .prepare_cached(
            "INSERT INTO migration (computer_id, project_id, created_at)
             VALUES (:computer, :project, :now)",
        )?
        .execute(named_params! {
            ":computer": computer.0,
            ":project": project.0,
            ":now": now.as_millisecond(),
        })?;
    Ok(())
}

/// Records that a computer has a status from now on (D-STATUS-05).
pub fn add_status(
    tx: &WriteTx<'_>,
    computer: ComputerId,
    status: Status,
    now: Timestamp,
) -> Result<(), StorageError> {
    tx.sql()
        .prepare_cached(
            "INSERT INTO status_log (computer_id, status, created_at)
             VALUES (:computer, :status, :now)",
        )?
        .execute(named_params! {
            ":computer": computer.0,
            ":status": status.as_str(),
            ":now": now.as_millisecond(),
        })?;
    Ok(())
}
