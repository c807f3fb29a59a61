//! Files of generations, as publishing reads them again and as clients ask for them.

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, Row, named_params};

use super::parts::{Mark, Part, parse_marks, parse_parts};
use crate::domain::ids::{PayloadId, ProjectId};
use crate::storage::tx::instant;
use crate::storage::{ReadTx, StorageError};

/// A file of a generation, its path below the repository's folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    pub path: String,
    pub size_bytes: u64,
    pub sha256: [u8; 32],
    /// Size and SHA-256 of the plain form, where the format tells them.
    pub open: Option<(u64, [u8; 32])>,
    pub content: Content,
}

/// What a file consists of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    Bytes(Vec<u8>),
    /// Pieces one after the other, in the form `codec`: `plain`, `gz` or `zst`.
    Pieces {
        codec: String,
        parts: Vec<Part>,
        /// Empty where a file is read to be served.
        marks: Vec<Mark>,
    },
}

/// Returns every file of a generation.
pub fn files(tx: &ReadTx<'_>, generation: i64) -> Result<Vec<File>, StorageError> {
    let mut statement = tx.sql().prepare_cached(
        "SELECT path, size, sha256, open_size, open_sha256, codec, bytes, pieces, marks
         FROM generation_file
         WHERE generation_id = :id ORDER BY path",
    )?;
    let mut rows = statement.query(named_params! { ":id": generation })?;
    let mut files = Vec::new();
    while let Some(row) = rows.next()? {
        let mut file = file_from_row(row)?;
        if let (Content::Pieces { marks, .. }, Some(stored)) =
            (&mut file.content, row.get::<_, Option<Vec<u8>>>("marks")?)
        {
            *marks = parse_marks(&stored)?;
        }
        files.push(file);
    }
    Ok(files)
}

/// A file of a repository in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    pub path: String,
    pub size_bytes: u64,
    pub sha256: [u8; 32],
    /// An index, not a text that was signed.
    pub is_index: bool,
    pub published_at_ms: i64,
}

/// Lists what the repository holds now, by path.
pub fn file_names(
    tx: &ReadTx<'_>,
    project: ProjectId,
    slug: &str,
) -> Result<Vec<Named>, StorageError> {
    let mut statement = tx.sql().prepare_cached(
        "SELECT path, size, sha256, codec IS NOT NULL, published_at FROM generation
         JOIN generation_file ON generation_id = generation.id
         WHERE project_id = :project AND slug = :slug AND replaced_at IS NULL ORDER BY path",
    )?;
    let rows =
        statement.query_map(named_params! { ":project": project.0, ":slug": slug }, |row| {
            Ok(Named {
                path: row.get(0)?,
                size_bytes: row.get::<_, i64>(1)?.cast_unsigned(),
                sha256: row.get(2)?,
                is_index: row.get(3)?,
                published_at_ms: row.get(4)?,
            })
        })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Lists the repositories of a project that are being served.
pub fn slugs(tx: &ReadTx<'_>, project: ProjectId) -> Result<Vec<String>, StorageError> {
    let sql = "SELECT slug FROM generation WHERE project_id = :project AND replaced_at IS NULL
               ORDER BY slug";
    let mut statement = tx.sql().prepare_cached(sql)?;
    let rows = statement.query_map(named_params! { ":project": project.0 }, |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A file found for a client, and when it was published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub generation: i64,
    pub file: File,
    pub published_at: Timestamp,
}

/// Finds a file of the generation being served.
pub fn find_file(
    tx: &ReadTx<'_>,
    project: ProjectId,
    slug: &str,
    path: &str,
) -> Result<Option<Found>, StorageError> {
    let mut statement = tx.sql().prepare_cached(
        "SELECT generation.id, path, size, sha256, open_size, open_sha256, codec, bytes, pieces,
                published_at
         FROM generation
         JOIN generation_file ON generation_id = generation.id
         WHERE project_id = :project AND slug = :slug AND replaced_at IS NULL AND path = :path",
    )?;
    let params = named_params! { ":project": project.0, ":slug": slug, ":path": path };
    let mut rows = statement.query(params)?;
    rows.next()?.map(found_from_row).transpose()
}

/// Finds a file of a generation of the repository that is still kept.
pub fn find_file_of(
    tx: &ReadTx<'_>,
    generation: i64,
    path: &str,
) -> Result<Option<Found>, StorageError> {
    let mut statement = tx.sql().prepare_cached(
        "SELECT generation.id, path, size, sha256, open_size, open_sha256, codec, bytes, pieces,
                published_at
         FROM generation JOIN generation_file ON generation_id = generation.id
         WHERE generation.id = :generation AND path = :path",
    )?;
    let mut rows = statement.query(named_params! { ":generation": generation, ":path": path })?;
    rows.next()?.map(found_from_row).transpose()
}

/// Finds a file by its digest in any generation of the repository that is still kept.
pub fn find_by_hash(
    tx: &ReadTx<'_>,
    project: ProjectId,
    slug: &str,
    sha256: &[u8; 32],
) -> Result<Option<Found>, StorageError> {
    let mut statement = tx.sql().prepare_cached(
        "SELECT generation.id, path, size, sha256, open_size, open_sha256, codec, bytes, pieces,
                published_at
         FROM generation_file
         JOIN generation ON generation.id = generation_id
         WHERE sha256 = :sha256 AND project_id = :project AND slug = :slug LIMIT 1",
    )?;
    let params = named_params! { ":project": project.0, ":slug": slug, ":sha256": sha256 };
    let mut rows = statement.query(params)?;
    rows.next()?.map(found_from_row).transpose()
}

/// Tells what the repository offers now, in the order of payload and name. A visitor, because
/// nearly all of ten thousand names are read to find that they are still there.
pub fn offered(
    tx: &ReadTx<'_>,
    project: ProjectId,
    slug: &str,
    mut each: impl FnMut(PayloadId, &str),
) -> Result<(), StorageError> {
    let mut statement = tx.sql().prepare_cached(
        "SELECT payload_id, name FROM repository_payload
         WHERE project_id = :project AND slug = :slug AND last_generation IS NULL
         ORDER BY payload_id, name",
    )?;
    let mut rows = statement.query(named_params! { ":project": project.0, ":slug": slug })?;
    while let Some(row) = rows.next()? {
        let name = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
        each(PayloadId(row.get(0)?), name);
    }
    Ok(())
}

/// Finds the payload behind `PKGS/<name>`: the current one, or with the first bytes of its
/// digest any that a kept generation names.
pub fn find_payload(
    tx: &ReadTx<'_>,
    project: ProjectId,
    slug: &str,
    name: &str,
    digest: Option<&[u8; 8]>,
) -> Result<Option<PayloadId>, StorageError> {
    let mut statement = tx.sql().prepare_cached(
        "SELECT payload_id FROM repository_payload JOIN payload ON payload.id = payload_id
         WHERE project_id = :project AND slug = :slug AND name = :name
           AND CASE WHEN :digest IS NULL THEN last_generation IS NULL
                    ELSE substr(sha256, 1, 8) = :digest END
         ORDER BY last_generation IS NULL DESC LIMIT 1",
    )?;
    let params = named_params! {
        ":project": project.0, ":slug": slug, ":name": name, ":digest": digest,
    };
    let found = statement.query_row(params, |row| row.get(0)).optional()?;
    Ok(found.map(PayloadId))
}

fn found_from_row(row: &Row<'_>) -> Result<Found, StorageError> {
    Ok(Found {
        generation: row.get("id")?,
        file: file_from_row(row)?,
        published_at: instant(row.get("published_at")?)?,
    })
}

fn file_from_row(row: &Row<'_>) -> Result<File, StorageError> {
    let codec: Option<String> = row.get("codec")?;
    let content = match codec {
        Some(codec) => {
            let parts = parse_parts(&row.get::<_, Vec<u8>>("pieces")?)?;
            Content::Pieces { codec, parts, marks: Vec::new() }
        }
        None => Content::Bytes(row.get("bytes")?),
    };
    let open_size: Option<i64> = row.get("open_size")?;
    Ok(File {
        path: row.get("path")?,
        size_bytes: row.get::<_, i64>("size")?.cast_unsigned(),
        sha256: row.get("sha256")?,
        open: open_size.map(i64::cast_unsigned).zip(row.get("open_sha256")?),
        content,
    })
}
