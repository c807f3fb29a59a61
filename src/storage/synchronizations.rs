//! Synchronisations in course and those that ended.
//!
//! One that changes nothing writes two small updates of the computer's row and one short row
//! here: the database grows with change, not with the number of synchronisations.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, named_params};

use super::computers::SignedTime;
use super::tx::instant;
use super::{ReadTx, StorageError, WriteTx};
use crate::domain::ids::{ComputerId, ProjectId, UserId};
use crate::domain::status::Status;

/// Hash of all that decides an attribute pool.
pub type PoolFingerprint = [u8; 32];

/// What a request of a computer is decided by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncState {
    pub key_id: String,
    pub last_time_ms: i64,
    pub status: Status,
    pub project: ProjectId,
    pub user: Option<UserId>,
    pub started_at: Option<Timestamp>,
    /// Signed time of the synchronisation in course, which is also its number.
    pub current_sync: Option<i64>,
    /// The same of the last one that ended.
    pub last_sync: Option<i64>,
    pub pool_fingerprint: Option<PoolFingerprint>,
    pub software_list: Option<i64>,
    pub hardware_fingerprint: Option<String>,
    pub last_hardware_capture: Option<Timestamp>,
}

impl SyncState {
    /// Says whether a request signed at `time` may be accepted.
    pub fn accepts(&self, key_id: &str, time: SignedTime) -> bool {
        self.key_id == key_id && time.follows(self.last_time_ms)
    }
}

/// Finds the state of a computer.
pub fn find(tx: &ReadTx<'_>, id: ComputerId) -> Result<Option<SyncState>, StorageError> {
    let mut statement = tx.sql().prepare_cached(
        "SELECT key_id, last_time_ms, status, project_id, sync_user_id, sync_start_date,
                current_sync, last_sync, pool_fingerprint, software_list_id,
                hardware_fingerprint, last_hardware_capture
         FROM computer WHERE id = :id",
    )?;
    let mut rows = statement.query(named_params! { ":id": id.0 })?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let status: String = row.get("status")?;
    let moment = |name: &str| -> Result<Option<Timestamp>, StorageError> {
        row.get::<_, Option<i64>>(name)?.map(instant).transpose()
    };
    Ok(Some(SyncState {
        key_id: row.get::<_, Option<String>>("key_id")?.unwrap_or_default(),
        last_time_ms: row.get("last_time_ms")?,
        status: Status::parse(&status)
            .ok_or(StorageError::Corrupt { what: "status", value: status })?,
        project: ProjectId(row.get("project_id")?),
        user: row.get::<_, Option<i64>>("sync_user_id")?.map(UserId),
        started_at: moment("sync_start_date")?,
        current_sync: row.get("current_sync")?,
        last_sync: row.get("last_sync")?,
        pool_fingerprint: row.get("pool_fingerprint")?,
        software_list: row.get("software_list_id")?,
        hardware_fingerprint: row.get("hardware_fingerprint")?,
        last_hardware_capture: moment("last_hardware_capture")?,
    }))
}

/// Begins a synchronisation; its number is the signed time, which this accepts (D-SYNC-02).
pub fn begin(
    tx: &WriteTx<'_>,
    id: ComputerId,
    time_ms: i64,
    now: Timestamp,
) -> Result<(), StorageError> {
    tx.sql()
        .prepare_cached(
            "UPDATE computer SET last_time_ms = :time, current_sync = :time, sync_start_date = :now
             WHERE id = :id",
        )?
        .execute(named_params! {
            ":id": id.0, ":time": time_ms, ":now": now.as_millisecond(),
        })?;
    Ok(())
}

/// Stores by what the pool was computed, and the user of the computer.
pub fn set_pool_of(
    tx: &WriteTx<'_>,
    id: ComputerId,
    fingerprint: &PoolFingerprint,
    user: Option<UserId>,
) -> Result<(), StorageError> {
    tx.sql()
        .prepare_cached(
            "UPDATE computer SET pool_fingerprint = :fingerprint, sync_user_id = :user
             WHERE id = :id",
        )?
        .execute(named_params! {
            ":id": id.0,
            ":fingerprint": fingerprint,
            ":user": user.map(|user| user.0),
        })?;
    Ok(())
}

/// Ends the synchronisation in course and accepts the time of its report (D-SYNC-16).
pub fn end(
    tx: &WriteTx<'_>,
    id: ComputerId,
    time_ms: i64,
    now: Timestamp,
) -> Result<(), StorageError> {
    tx.sql()
        .prepare_cached(
            "UPDATE computer SET last_time_ms = :time, last_sync = current_sync,
                 current_sync = NULL, sync_end_date = :now
             WHERE id = :id",
        )?
        .execute(named_params! {
            ":id": id.0, ":time": time_ms, ":now": now.as_millisecond(),
        })?;
    Ok(())
}

/// Ends a synchronisation that a later one overtook, which stays open, and accepts the time of
/// its report (D-SYNC-22).
pub fn end_overtaken(
    tx: &WriteTx<'_>,
    id: ComputerId,
    number: i64,
    time_ms: i64,
) -> Result<(), StorageError> {
    tx.sql()
        .prepare_cached(
            "UPDATE computer SET last_time_ms = :time, last_sync = :number WHERE id = :id",
        )?
        .execute(named_params! { ":id": id.0, ":number": number, ":time": time_ms })?;
    Ok(())
}

/// A synchronisation that ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    pub computer: ComputerId,
    pub user: Option<UserId>,
    /// The project at that moment.
    pub project: ProjectId,
    pub started_at: Timestamp,
    pub ended_at: Timestamp,
    pub ok: bool,
}

/// Adds the record of a synchronisation.
pub fn add(tx: &WriteTx<'_>, ended: &Ended) -> Result<(), StorageError> {
    tx.sql()
        .prepare_cached(
            "INSERT INTO synchronization
                 (computer_id, user_id, project_id, started_at, created_at, ok)
             VALUES (:computer, :user, :project, :started, :ended, :ok)",
        )?
        .execute(named_params! {
            ":computer": ended.computer.0,
            ":user": ended.user.map(|user| user.0),
            ":project": ended.project.0,
            ":started": ended.started_at.as_millisecond(),
            ":ended": ended.ended_at.as_millisecond(),
            ":ok": ended.ok,
        })?;
    Ok(())
}

/// How far the order of ids may differ from that of their times, in milliseconds: a day, more than
/// a clock is ever set back.
const DISORDER_MS: i64 = 86_400_000;

/// Returns when each computer ended its first synchronisation at its instant or later; those that
/// did not are left out. The index by computer is entered where the earliest instant lies.
pub fn first_since(
    tx: &ReadTx<'_>,
    asked: &[(ComputerId, Timestamp)],
) -> Result<BTreeMap<ComputerId, Timestamp>, StorageError> {
    let Some(earliest) = asked.iter().map(|(_, from)| from.as_millisecond()).min() else {
        return Ok(BTreeMap::new());
    };
    let sql = "SELECT id FROM synchronization WHERE created_at >= :from
               ORDER BY created_at LIMIT 1";
    let first: Option<i64> = tx
        .sql()
        .prepare_cached(sql)?
        .query_row(named_params! { ":from": earliest - DISORDER_MS }, |row| row.get(0))
        .optional()?;
    let Some(first) = first else { return Ok(BTreeMap::new()) };
    let mut statement = tx.sql().prepare_cached(
        "SELECT created_at FROM synchronization
         WHERE computer_id = :computer AND id >= :first AND created_at >= :from
         ORDER BY id LIMIT 1",
    )?;
    let mut found = BTreeMap::new();
    for (computer, from) in asked {
        let values = named_params! {
            ":computer": computer.0, ":first": first, ":from": from.as_millisecond(),
        };
        let at: Option<i64> = statement.query_row(values, |row| row.get(0)).optional()?;
        if let Some(at) = at {
            found.insert(*computer, instant(at)?);
        }
    }
    Ok(found)
}
