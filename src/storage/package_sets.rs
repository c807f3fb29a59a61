//! What is in package sets: the list behind the payload of each, as rows (D-PKG-02).
//!
//! The rows of a payload never change: a set that is replaced gets another payload. They go with
//! it, and keep the payloads of their files.

use rusqlite::{OptionalExtension as _, Row, named_params};

use super::{ReadTx, StorageError, WriteTx, pages};
use crate::domain::ids::PayloadId;
use crate::domain::package::{Format, Identity};

/// What a set amounts to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Totals {
    pub files: u64,
    /// Those of them that repositories hold.
    pub packages: u64,
    /// Bytes of all files.
    pub size_bytes: u64,
}

/// A file of a new set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub path: String,
    pub payload: PayloadId,
    pub size_bytes: u64,
    pub is_package: bool,
}

/// A file of a set as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetFile {
    pub path: String,
    pub payload: PayloadId,
    pub size_bytes: u64,
    pub sha256: [u8; 32],
    /// `None` for a plain file.
    pub identity: Option<Identity>,
}

/// Keeps what is in the set behind a payload; what is there already stays.
pub fn insert(tx: &WriteTx<'_>, id: PayloadId, members: &[Member]) -> Result<(), StorageError> {
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let new = tx
        .sql()
        .prepare_cached(
            "INSERT INTO payload_set (payload_id, files, packages, size)
             VALUES (:id, :files, :packages, :size) ON CONFLICT DO NOTHING",
        )?
        .execute(named_params! {
            ":id": id.0,
            ":files": count(members.len()),
            ":packages": count(members.iter().filter(|member| member.is_package).count()),
            ":size": members.iter().map(|member| member.size_bytes).sum::<u64>().cast_signed(),
        })?;
    if new == 0 {
        return Ok(());
    }
    tx.sql()
        .prepare_cached(
            "INSERT INTO payload_package (payload_id, format, name, version, architecture)
             VALUES (:id, :format, '', '', '') ON CONFLICT (payload_id) DO NOTHING",
        )?
        .execute(named_params! { ":id": id.0, ":format": Format::Set.as_str() })?;
    let mut insert = tx.sql().prepare_cached(
        "INSERT INTO payload_set_file (set_id, path, payload_id, released)
         VALUES (:set, :path, :payload, :released)",
    )?;
    for member in members {
        insert.execute(named_params! {
            ":set": id.0,
            ":path": member.path,
            ":payload": member.payload.0,
            ":released": member.is_package,
        })?;
    }
    Ok(())
}

/// Says whether a payload is the list of a set.
pub fn is_set(tx: &ReadTx<'_>, id: PayloadId) -> Result<bool, StorageError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM payload_set WHERE payload_id = :id)";
    Ok(tx.sql().prepare_cached(sql)?.query_row(named_params! { ":id": id.0 }, |row| row.get(0))?)
}

/// Content that is stored, as a file of a set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    pub payload: PayloadId,
    pub size_bytes: u64,
    /// Name and architecture of a package.
    pub identity: Option<(String, String)>,
}

/// Finds stored content: any, or what was read as a package of `format`.
pub fn find_content(
    tx: &ReadTx<'_>,
    sha256: &[u8; 32],
    format: Option<Format>,
) -> Result<Option<Stored>, StorageError> {
    let mut statement = tx.sql().prepare_cached(
        "SELECT id, size, name, architecture FROM payload
         LEFT JOIN payload_package ON payload_id = id AND format = :format
         WHERE sha256 = :sha256 AND complete = 1 AND (:format IS NULL OR name IS NOT NULL)",
    )?;
    let values = named_params! { ":sha256": sha256, ":format": format.map(Format::as_str) };
    let found = statement.query_row(values, |row| {
        let name: Option<String> = row.get(2)?;
        Ok(Stored {
            payload: PayloadId(row.get(0)?),
            size_bytes: row.get::<_, i64>(1)?.cast_unsigned(),
            identity: name.zip(row.get(3)?),
        })
    });
    Ok(found.optional()?)
}

const FILE: &str = "
    SELECT path, inside.payload_id, size, sha256, name, version, architecture
    FROM payload_set_file AS inside
    JOIN payload ON payload.id = inside.payload_id
    LEFT JOIN payload_package
           ON payload_package.payload_id = inside.payload_id AND released = 1";

/// Lists the files of a set by path.
pub fn files(
    tx: &ReadTx<'_>,
    set: PayloadId,
    after: Option<&str>,
    limit: u32,
) -> Result<Vec<SetFile>, StorageError> {
    let sql = format!("{FILE} WHERE set_id = :set AND path > :after ORDER BY path LIMIT :limit");
    let mut statement = tx.sql().prepare_cached(&sql)?;
    let after = after.unwrap_or_default();
    let values = named_params! { ":set": set.0, ":after": after, ":limit": limit };
    pages::all(statement.query(values)?, from_row)
}

/// Finds a file of a set.
pub fn find_file(
    tx: &ReadTx<'_>,
    set: PayloadId,
    path: &str,
) -> Result<Option<SetFile>, StorageError> {
    let sql = format!("{FILE} WHERE set_id = :set AND path = :path");
    let mut statement = tx.sql().prepare_cached(&sql)?;
    let mut rows = statement.query(named_params! { ":set": set.0, ":path": path })?;
    rows.next()?.map(from_row).transpose()
}

/// Lists paths and sizes of the files below a folder of a set, by path; all for the folder ``.
pub fn below(
    tx: &ReadTx<'_>,
    set: PayloadId,
    folder: &str,
) -> Result<Vec<(String, u64)>, StorageError> {
    // All that begins with `folder/` comes before `folder0`, the next character.
    let (first, end) = match folder {
        "" => (String::new(), None),
        folder => (format!("{folder}/"), Some(format!("{folder}0"))),
    };
    let mut statement = tx.sql().prepare_cached(
        "SELECT path, size FROM payload_set_file AS inside
         JOIN payload ON payload.id = inside.payload_id
         WHERE set_id = :set AND path > :first AND (:end IS NULL OR path < :end) ORDER BY path",
    )?;
    let values = named_params! { ":set": set.0, ":first": first, ":end": end };
    let rows = statement
        .query_map(values, |row| Ok((row.get(0)?, row.get::<_, i64>(1)?.cast_unsigned())))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn from_row(row: &Row<'_>) -> Result<SetFile, StorageError> {
    let name: Option<String> = row.get("name")?;
    let identity = match name {
        Some(name) => Some(Identity {
            name,
            version: row.get("version")?,
            architecture: row.get("architecture")?,
        }),
        None => None,
    };
    Ok(SetFile {
        path: row.get("path")?,
        payload: PayloadId(row.get("payload_id")?),
        size_bytes: row.get::<_, i64>("size")?.cast_unsigned(),
        sha256: row.get("sha256")?,
        identity,
    })
}
