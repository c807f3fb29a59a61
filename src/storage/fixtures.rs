//! Test data: a small site with two projects and four computers, at fixed times.
//!
//! Times are seconds after [`START`]. Computers: 1 `pc-one` (two synchronisations, packages,
//! hardware), 2 `pc-two` (virtual, in the other project), 3 `pc-three` (in repair, never
//! synchronised), 4 `pc-four` (unsubscribed).

use jiff::Timestamp;

use super::{ReadTx, Storage, StorageError, WriteTx};

/// 2023-11-14 22:13:20 UTC, in milliseconds.
pub(crate) const START: i64 = 1_700_000_000_000;

/// The instant so many seconds after [`START`].
pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millisecond(START + seconds * 1000).unwrap()
}

/// Puts the site into the database.
pub(crate) fn small_site(tx: &WriteTx<'_>) -> Result<(), StorageError> {
    run(tx, include_str!("fixtures.sql"))
}

/// A database with that site, in a folder that goes with it.
pub(crate) fn small_storage() -> (tempfile::TempDir, Storage) {
    let dir = tempfile::tempdir().unwrap();
    let storage = Storage::open(dir.path()).unwrap();
    storage.write_now(small_site).unwrap();
    (dir, storage)
}

/// Runs statements in which `{N}` is the instant N seconds after [`START`].
pub(crate) fn run(tx: &WriteTx<'_>, sql: &str) -> Result<(), StorageError> {
    let instant = regex::Regex::new(r"\{(-?\d+)\}").unwrap();
    let sql = instant.replace_all(sql, |found: &regex::Captures<'_>| {
        (START + found[1].parse::<i64>().unwrap() * 1000).to_string()
    });
    Ok(tx.sql().execute_batch(&sql)?)
}

/// Returns the number that a query finds.
pub(crate) fn number(tx: &ReadTx<'_>, sql: &str) -> Result<i64, StorageError> {
    Ok(tx.sql().query_row(sql, [], |row| row.get(0))?)
}
