//! Bytes of packages, content-addressed, in rows of 256 KiB.
//!
//! The interface is narrow on purpose, so that a big site can keep payloads in a folder or an
//! object store: [`begin`], [`append`], [`finish`] or [`abandon`] while an upload streams;
//! [`chunk`] while a download does. A payload is real once `finish` ran in the transaction that
//! records its package; [`drop_incomplete`] clears at start what a crash left.

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, named_params};

use super::{ReadTx, StorageError, WriteTx};

/// Bytes of one row: a whole number of pages, and one read of a download.
pub const CHUNK_BYTES: usize = 256 * 1024;

/// Digests of a payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digests {
    pub md5: [u8; 16],
    pub sha1: [u8; 20],
    pub sha256: [u8; 32],
    pub sha512: [u8; 64],
}

/// A complete payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payload {
    pub id: i64,
    pub size: u64,
    pub sha256: [u8; 32],
}

/// Starts an incomplete payload and returns its id.
pub fn begin(tx: &WriteTx<'_>, now: Timestamp) -> Result<i64, StorageError> {
    tx.sql()
        .prepare_cached("INSERT INTO payload (created_at) VALUES (:now)")?
        .execute(named_params! { ":now": now.as_millisecond() })?;
    Ok(tx.sql().last_insert_rowid())
}

/// Adds the chunk with number `seq`, counted from 0; all but the last are [`CHUNK_BYTES`] long.
pub fn append(tx: &WriteTx<'_>, id: i64, seq: u64, bytes: &[u8]) -> Result<(), StorageError> {
    tx.sql()
        .prepare_cached(
            "INSERT INTO payload_chunk (payload_id, seq, bytes) VALUES (:id, :seq, :bytes)",
        )?
        .execute(named_params! { ":id": id, ":seq": seq.cast_signed(), ":bytes": bytes })?;
    Ok(())
}

/// Makes an upload real and returns the payload to use.
///
/// Equal content is stored once: if it is already there, the upload's rows are dropped and the
/// old payload returned.
pub fn finish(
    tx: &WriteTx<'_>,
    id: i64,
    size: u64,
    digests: &Digests,
) -> Result<Payload, StorageError> {
    if let Some(known) = find(tx, &digests.sha256)? {
        abandon(tx, id)?;
        tx.sql()
            .prepare_cached("UPDATE payload SET dropped_at = NULL WHERE id = :id")?
            .execute(named_params! { ":id": known.id })?;
        return Ok(known);
    }
    tx.sql()
        .prepare_cached(
            "UPDATE payload SET complete = 1, size = :size, md5 = :md5, sha1 = :sha1,
                 sha256 = :sha256, sha512 = :sha512
             WHERE id = :id AND complete = 0",
        )?
        .execute(named_params! {
            ":id": id,
            ":size": size.cast_signed(),
            ":md5": digests.md5,
            ":sha1": digests.sha1,
            ":sha256": digests.sha256,
            ":sha512": digests.sha512.as_slice(),
        })?;
    Ok(Payload { id, size, sha256: digests.sha256 })
}

/// Drops an upload in course.
pub fn abandon(tx: &WriteTx<'_>, id: i64) -> Result<(), StorageError> {
    tx.sql()
        .prepare_cached("DELETE FROM payload WHERE id = :id AND complete = 0")?
        .execute(named_params! { ":id": id })?;
    Ok(())
}

/// Drops what a crash left of uploads; returns how many. Run at start, before any upload.
pub fn drop_incomplete(tx: &WriteTx<'_>) -> Result<usize, StorageError> {
    Ok(tx.sql().execute("DELETE FROM payload WHERE complete = 0", [])?)
}

/// Finds a complete payload by its content.
pub fn find(tx: &ReadTx<'_>, sha256: &[u8; 32]) -> Result<Option<Payload>, StorageError> {
    let sql = "SELECT id, size, sha256 FROM payload WHERE sha256 = :sha256 AND complete = 1";
    let mut statement = tx.sql().prepare_cached(sql)?;
    Ok(statement.query_row(named_params! { ":sha256": sha256 }, from_row).optional()?)
}

/// Returns a complete payload.
pub fn get(tx: &ReadTx<'_>, id: i64) -> Result<Payload, StorageError> {
    let sql = "SELECT id, size, sha256 FROM payload WHERE id = :id AND complete = 1";
    tx.sql()
        .prepare_cached(sql)?
        .query_row(named_params! { ":id": id }, from_row)
        .optional()?
        .ok_or_else(|| StorageError::not_found("payload", id))
}

fn from_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<Payload> {
    let size: i64 = row.get("size")?;
    Ok(Payload { id: row.get("id")?, size: size.cast_unsigned(), sha256: row.get("sha256")? })
}

/// Returns chunk `seq` of a payload, at most [`CHUNK_BYTES`] long.
pub fn chunk(tx: &ReadTx<'_>, id: i64, seq: u64) -> Result<Vec<u8>, StorageError> {
    let sql = "SELECT bytes FROM payload_chunk WHERE payload_id = :id AND seq = :seq";
    tx.sql()
        .prepare_cached(sql)?
        .query_row(named_params! { ":id": id, ":seq": seq.cast_signed() }, |row| row.get(0))
        .optional()?
        .ok_or_else(|| StorageError::not_found("chunk", format!("{id}/{seq}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::Storage;

    fn digests(byte: u8) -> Digests {
        Digests { md5: [byte; 16], sha1: [byte; 20], sha256: [byte; 32], sha512: [byte; 64] }
    }

    fn now() -> Timestamp {
        Timestamp::from_millisecond(1_700_000_000_000).unwrap()
    }

    #[test]
    fn equal_content_is_stored_once() {
        let dir = tempfile::tempdir().unwrap();
        let storage = Storage::open(dir.path()).unwrap();
        let upload = |content: u8| -> Payload {
            let done: Result<Payload, StorageError> = storage.write_now(move |tx| {
                let id = begin(tx, now())?;
                append(tx, id, 0, &[content; 100])?;
                finish(tx, id, 100, &digests(content))
            });
            done.unwrap()
        };
        let (first, again, other) = (upload(1), upload(1), upload(2));
        assert_eq!(first, again);
        assert_ne!(first.id, other.id);
        let bytes: Result<_, StorageError> = storage.read_now(|tx| chunk(tx, other.id, 0));
        assert_eq!(bytes.unwrap(), [2; 100]);
    }

    #[test]
    fn what_a_crash_left_of_an_upload_is_dropped() {
        let dir = tempfile::tempdir().unwrap();
        let storage = Storage::open(dir.path()).unwrap();
        let left: Result<i64, StorageError> = storage.write_now(|tx| {
            let id = begin(tx, now())?;
            append(tx, id, 0, b"half")?;
            drop_incomplete(tx)?;
            Ok(tx.sql().query_row("SELECT count(*) FROM payload_chunk", [], |row| row.get(0))?)
        });
        assert_eq!(left.unwrap(), 0);
    }
}
