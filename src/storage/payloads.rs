//! Bytes of packages, content-addressed, in rows of 256 KiB.
//!
//! The interface is narrow on purpose, so that a big site can keep payloads in a folder or an
//! object store: [`begin`], [`append`], [`finish`] or [`trim`] while an upload streams;
//! [`Chunks`] while a download does. A payload is real once `finish` ran in the transaction that
//! records its package; [`drop_incomplete`] clears at start what a crash left. A payload that
//! nothing refers to any more is marked, and dropped when every download of it has ended.

use jiff::Timestamp;
use rusqlite::blob::Blob;
use rusqlite::{MAIN_DB, OptionalExtension as _, named_params};

use super::{ReadTx, StorageError, WriteTx};

/// Bytes of one row: a whole number of pages, and one read of a download.
pub const CHUNK_BYTES: usize = 256 * 1024;

/// Chunks that one transaction drops, 16 MiB.
pub const TRIM_ROWS: u64 = 64;

/// Digests of a payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digests {
    pub sha256: [u8; 32],
    /// Those that only some formats tell.
    pub further: Option<Further>,
}

/// What the stanzas of apt carry beside SHA-256.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Further {
    pub md5: [u8; 16],
    pub sha1: [u8; 20],
    pub sha512: [u8; 64],
}

/// A complete payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payload {
    pub id: i64,
    pub size: u64,
    pub sha256: [u8; 32],
    pub created_at: Timestamp,
}

/// Starts an incomplete payload and returns its id.
pub fn begin(tx: &WriteTx<'_>, now: Timestamp) -> Result<i64, StorageError> {
    tx.sql()
        .prepare_cached("INSERT INTO payload (created_at) VALUES (:now)")?
        .execute(named_params! { ":now": now.as_millisecond() })?;
    Ok(tx.sql().last_insert_rowid())
}

/// Adds bytes that begin at the chunk with number `first`, counted from 0. All but the last bytes
/// of a payload come in multiples of [`CHUNK_BYTES`].
pub fn append(tx: &WriteTx<'_>, id: i64, first: u64, bytes: &[u8]) -> Result<(), StorageError> {
    let mut insert = tx.sql().prepare_cached(
        "INSERT INTO payload_chunk (payload_id, seq, bytes) VALUES (:id, :seq, :bytes)",
    )?;
    for (seq, chunk) in (first..).zip(bytes.chunks(CHUNK_BYTES)) {
        let seq = seq.cast_signed();
        insert.execute(named_params! { ":id": id, ":seq": seq, ":bytes": chunk })?;
    }
    Ok(())
}

/// Makes an upload real and returns the payload to use.
///
/// Equal content is stored once: if it is already there, that payload is returned and the upload
/// stays incomplete, to be [`trim`]med.
pub fn finish(
    tx: &WriteTx<'_>,
    id: i64,
    size: u64,
    digests: &Digests,
) -> Result<Payload, StorageError> {
    if let Some(known) = find(tx, &digests.sha256)? {
        tx.sql()
            .prepare_cached("UPDATE payload SET dropped_at = NULL WHERE id = :id")?
            .execute(named_params! { ":id": known.id })?;
        return Ok(known);
    }
    let further = digests.further.as_ref();
    tx.sql()
        .prepare_cached(
            "UPDATE payload SET complete = 1, size = :size, md5 = :md5, sha1 = :sha1,
                 sha256 = :sha256, sha512 = :sha512
             WHERE id = :id AND complete = 0",
        )?
        .execute(named_params! {
            ":id": id,
            ":size": size.cast_signed(),
            ":md5": further.map(|further| further.md5),
            ":sha1": further.map(|further| further.sha1),
            ":sha256": digests.sha256,
            ":sha512": further.map(|further| further.sha512.as_slice()),
        })?;
    get(tx, id)
}

/// Takes some [`TRIM_ROWS`] chunks off an upload that came to nothing, or off a payload that was
/// retired; a complete one is left alone. Returns whether all of it is gone. Large payloads go in several short transactions.
pub fn trim(tx: &WriteTx<'_>, id: i64) -> Result<bool, StorageError> {
    let sql = "DELETE FROM payload_chunk WHERE rowid IN
                   (SELECT payload_chunk.rowid FROM payload
                    JOIN payload_chunk ON payload_id = payload.id
                    WHERE payload.id = :id AND complete = 0 LIMIT :rows)";
    let mut delete = tx.sql().prepare_cached(sql)?;
    if delete.execute(named_params! { ":id": id, ":rows": TRIM_ROWS.cast_signed() })? as u64
        == TRIM_ROWS
    {
        return Ok(false);
    }
    tx.sql()
        .prepare_cached("DELETE FROM payload WHERE id = :id AND complete = 0")?
        .execute(named_params! { ":id": id })?;
    Ok(true)
}

/// Marks payloads that nothing refers to, takes the mark off those that something refers to
/// again, and returns those marked before `before`.
pub fn collect(
    tx: &WriteTx<'_>,
    now: Timestamp,
    before: Timestamp,
) -> Result<Vec<i64>, StorageError> {
    let used = "EXISTS (SELECT 1 FROM package WHERE payload_id = payload.id)
                OR EXISTS (SELECT 1 FROM payload_set_file WHERE payload_id = payload.id)
                OR EXISTS (SELECT 1 FROM repository_payload WHERE payload_id = payload.id)
                OR EXISTS (SELECT 1 FROM change_payload WHERE payload_id = payload.id)";
    tx.sql().execute(
        &format!("UPDATE payload SET dropped_at = NULL WHERE dropped_at IS NOT NULL AND ({used})"),
        [],
    )?;
    tx.sql().execute(
        &format!(
            "UPDATE payload SET dropped_at = :now
             WHERE complete = 1 AND dropped_at IS NULL AND NOT ({used})"
        ),
        named_params! { ":now": now.as_millisecond() },
    )?;
    let sql = "SELECT id FROM payload WHERE complete = 1 AND dropped_at < :before";
    let mut statement = tx.sql().prepare_cached(sql)?;
    let rows = statement
        .query_map(named_params! { ":before": before.as_millisecond() }, |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Takes a payload that is about to be trimmed out of use, unless something refers to it again.
pub fn retire(tx: &WriteTx<'_>, id: i64) -> Result<bool, StorageError> {
    let sql = "UPDATE payload SET complete = 0, sha256 = NULL WHERE id = :id
               AND NOT EXISTS (SELECT 1 FROM package WHERE payload_id = :id)
               AND NOT EXISTS (SELECT 1 FROM payload_set_file WHERE payload_id = :id)
               AND NOT EXISTS (SELECT 1 FROM repository_payload WHERE payload_id = :id)
               AND NOT EXISTS (SELECT 1 FROM change_payload WHERE payload_id = :id)";
    Ok(tx.sql().prepare_cached(sql)?.execute(named_params! { ":id": id })? == 1)
}

/// Drops what a crash left of uploads; returns how many. Run at start, before any upload.
pub fn drop_incomplete(tx: &WriteTx<'_>) -> Result<usize, StorageError> {
    Ok(tx.sql().execute("DELETE FROM payload WHERE complete = 0", [])?)
}

/// How many payloads there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    pub complete: i64,
    pub incomplete: i64,
    /// Bytes of the complete ones.
    pub bytes: i64,
}

/// Counts payloads.
pub fn counts(tx: &ReadTx<'_>) -> Result<Counts, StorageError> {
    let sql = "SELECT count(*) FILTER (WHERE complete = 1), count(*) FILTER (WHERE complete = 0),
                      coalesce(sum(size) FILTER (WHERE complete = 1), 0)
               FROM payload";
    let counts = tx.sql().prepare_cached(sql)?.query_row([], |row| {
        Ok(Counts { complete: row.get(0)?, incomplete: row.get(1)?, bytes: row.get(2)? })
    });
    Ok(counts?)
}

/// Finds a complete payload by its content.
pub fn find(tx: &ReadTx<'_>, sha256: &[u8; 32]) -> Result<Option<Payload>, StorageError> {
    let sql =
        "SELECT id, size, sha256, created_at FROM payload WHERE sha256 = :sha256 AND complete = 1";
    let mut statement = tx.sql().prepare_cached(sql)?;
    let mut rows = statement.query(named_params! { ":sha256": sha256 })?;
    rows.next()?.map(from_row).transpose()
}

/// Returns a complete payload.
pub fn get(tx: &ReadTx<'_>, id: i64) -> Result<Payload, StorageError> {
    let sql = "SELECT id, size, sha256, created_at FROM payload WHERE id = :id AND complete = 1";
    let mut statement = tx.sql().prepare_cached(sql)?;
    let mut rows = statement.query(named_params! { ":id": id })?;
    rows.next()?.map_or_else(|| Err(StorageError::not_found("payload", id)), from_row)
}

fn from_row(row: &rusqlite::Row<'_>) -> Result<Payload, StorageError> {
    Ok(Payload {
        id: row.get("id")?,
        size: row.get::<_, i64>("size")?.cast_unsigned(),
        sha256: row.get("sha256")?,
        created_at: super::tx::instant(row.get("created_at")?)?,
    })
}

/// Reads chunks of payloads, one after another.
///
/// A handle that goes from row to row reads straight into the memory of the caller; the value of a
/// query would be copied once more.
pub struct Chunks<'a> {
    tx: &'a ReadTx<'a>,
    handle: Option<Blob<'a>>,
}

impl<'a> Chunks<'a> {
    /// Reads as of a transaction.
    pub fn new(tx: &'a ReadTx<'a>) -> Self {
        Self { tx, handle: None }
    }

    /// Returns chunk `seq` of a payload, at most [`CHUNK_BYTES`] long.
    ///
    /// # Errors
    /// [`StorageError::NotFound`] behind the last chunk.
    pub fn read(&mut self, payload: i64, seq: u64) -> Result<Vec<u8>, StorageError> {
        let chunk = self.open(payload, seq)?;
        let mut bytes = vec![0; chunk.len()];
        chunk.read_at_exact(&mut bytes, 0)?;
        Ok(bytes)
    }

    /// Fills `bytes` with those of chunk `seq` of a payload from `skip` on.
    ///
    /// # Errors
    /// [`StorageError::NotFound`] behind the last chunk; a chunk that ends earlier.
    pub fn fill(
        &mut self,
        payload: i64,
        seq: u64,
        skip: usize,
        bytes: &mut [u8],
    ) -> Result<(), StorageError> {
        Ok(self.open(payload, seq)?.read_at_exact(bytes, skip)?)
    }

    fn open(&mut self, payload: i64, seq: u64) -> Result<&Blob<'a>, StorageError> {
        let sql = "SELECT rowid FROM payload_chunk WHERE payload_id = :id AND seq = :seq";
        let row: Option<i64> = self
            .tx
            .sql()
            .prepare_cached(sql)?
            .query_row(named_params! { ":id": payload, ":seq": seq.cast_signed() }, |row| {
                row.get(0)
            })
            .optional()?;
        let absent = || StorageError::not_found("chunk", format!("{payload}/{seq}"));
        let row = row.ok_or_else(absent)?;
        match &mut self.handle {
            Some(handle) => {
                handle.reopen(row)?;
                Ok(handle)
            }
            none => {
                let sql = self.tx.sql();
                Ok(none.insert(sql.blob_open(MAIN_DB, "payload_chunk", "bytes", row, true)?))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::Storage;

    fn digests(byte: u8) -> Digests {
        let further = Further { md5: [byte; 16], sha1: [byte; 20], sha512: [byte; 64] };
        Digests { sha256: [byte; 32], further: Some(further) }
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
        let bytes: Result<_, StorageError> =
            storage.read_now(|tx| Chunks::new(tx).read(other.id, 0));
        assert_eq!(bytes.unwrap(), [2; 100]);
    }

    #[test]
    fn an_upload_that_came_to_nothing_goes_in_short_transactions() {
        let dir = tempfile::tempdir().unwrap();
        let storage = Storage::open(dir.path()).unwrap();
        let id: Result<i64, StorageError> = storage.write_now(|tx| {
            let id = begin(tx, now())?;
            for seq in 0..(TRIM_ROWS + 5) {
                append(tx, id, seq, b"x")?;
            }
            Ok(id)
        });
        let id = id.unwrap();
        let trimmed =
            || -> Result<bool, StorageError> { storage.write_now(move |tx| trim(tx, id)) };
        assert_eq!(
            (trimmed().unwrap(), trimmed().unwrap(), trimmed().unwrap()),
            (false, true, true)
        );
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
