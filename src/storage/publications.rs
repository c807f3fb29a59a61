//! Published repositories: generations, their files, the pieces these are made of, and which
//! payload stands behind which path.
//!
//! A generation is visible from the commit of [`switch`] on, whole. What it replaced stays
//! reachable by hash, payloads included, until [`collect`] finds it old enough. Pieces are shared
//! and change nothing by being there.

use std::collections::HashSet;

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, Row, named_params};

use super::tx::instant;
use super::{ReadTx, StorageError, WriteTx};
use crate::domain::ids::{PayloadId, ProjectId};

/// Identity of a piece of an index.
pub type PieceIdentity = [u8; 32];

/// A published state of a repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generation {
    pub id: i64,
    pub published_at: Timestamp,
    /// SHA-256 in hexadecimal of what clients ask for first: InRelease or repomd.xml.
    pub digest: String,
    pub signed_by: String,
}

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

/// The digest of a file in course, as far as some of its first parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    pub parts: u64,
    pub state: [u8; STATE_BYTES],
}

/// Bytes of a digest in course.
const STATE_BYTES: usize = 96;

/// A piece within a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    pub piece: PieceIdentity,
    pub size_bytes: u64,
}

/// A file a repository offers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Offered {
    pub payload: PayloadId,
    pub name: String,
}

/// A file a repository will offer; its payload may not be stored yet.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Coming {
    pub sha256: [u8; 32],
    pub name: String,
}

/// A new generation, and how it differs from the one before.
#[derive(Debug, Clone)]
pub struct Switch<'a> {
    pub project: ProjectId,
    pub slug: &'a str,
    pub published_at: Timestamp,
    pub digest: &'a str,
    pub signed_by: &'a str,
    pub files: &'a [File],
    pub gone: &'a [Offered],
    pub come: &'a [Coming],
}

/// Finds the generation being served.
pub fn current(
    tx: &ReadTx<'_>,
    project: ProjectId,
    slug: &str,
) -> Result<Option<Generation>, StorageError> {
    let mut statement = tx.sql().prepare_cached(
        "SELECT id, published_at, digest, signed_by FROM generation
         WHERE project_id = :project AND slug = :slug AND replaced_at IS NULL",
    )?;
    let mut rows = statement.query(named_params! { ":project": project.0, ":slug": slug })?;
    let from_row = |row: &Row<'_>| -> Result<_, StorageError> {
        Ok(Generation {
            id: row.get(0)?,
            published_at: instant(row.get(1)?)?,
            digest: row.get(2)?,
            signed_by: row.get(3)?,
        })
    };
    rows.next()?.map(from_row).transpose()
}

/// Returns when the repository was last published under this name, current or not.
pub fn last_published(
    tx: &ReadTx<'_>,
    project: ProjectId,
    slug: &str,
) -> Result<Option<Timestamp>, StorageError> {
    let sql = "SELECT max(published_at) FROM generation
               WHERE project_id = :project AND slug = :slug";
    let mut statement = tx.sql().prepare_cached(sql)?;
    let params = named_params! { ":project": project.0, ":slug": slug };
    let last: Option<i64> = statement.query_row(params, |row| row.get(0))?;
    last.map(instant).transpose()
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

/// Lists what the repository offers now, by payload and name.
pub fn offered(
    tx: &ReadTx<'_>,
    project: ProjectId,
    slug: &str,
) -> Result<Vec<Offered>, StorageError> {
    let mut statement = tx.sql().prepare_cached(
        "SELECT payload_id, name FROM repository_payload
         WHERE project_id = :project AND slug = :slug AND last_generation IS NULL
         ORDER BY payload_id, name",
    )?;
    let rows = statement
        .query_map(named_params! { ":project": project.0, ":slug": slug }, |row| {
            Ok(Offered { payload: PayloadId(row.get(0)?), name: row.get(1)? })
        })?;
    Ok(rows.collect::<Result<_, _>>()?)
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

/// Returns the forms a piece is kept in, with their lengths.
pub fn piece_sizes(
    tx: &ReadTx<'_>,
    piece: &PieceIdentity,
) -> Result<Vec<(String, u64)>, StorageError> {
    let sql = "SELECT codec, length(bytes) FROM index_piece WHERE identity = :identity";
    let mut statement = tx.sql().prepare_cached(sql)?;
    let rows = statement.query_map(named_params! { ":identity": piece }, |row| {
        Ok((row.get(0)?, row.get::<_, i64>(1)?.cast_unsigned()))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Hands the bytes of a piece to `sink`.
pub fn read_piece(
    tx: &ReadTx<'_>,
    piece: &PieceIdentity,
    codec: &str,
    sink: &mut dyn FnMut(&[u8]),
) -> Result<(), StorageError> {
    let sql = "SELECT bytes FROM index_piece WHERE identity = :identity AND codec = :codec";
    let mut statement = tx.sql().prepare_cached(sql)?;
    let mut rows = statement.query(named_params! { ":identity": piece, ":codec": codec })?;
    let missing = || StorageError::not_found("piece", hex::encode(piece));
    let row = rows.next()?.ok_or_else(missing)?;
    sink(row.get_ref(0)?.as_blob().map_err(|_| missing())?);
    Ok(())
}

/// Keeps one form of a piece; the same one may come twice.
pub fn put_piece(
    tx: &WriteTx<'_>,
    piece: &PieceIdentity,
    codec: &str,
    bytes: &[u8],
) -> Result<(), StorageError> {
    tx.sql()
        .prepare_cached(
            "INSERT INTO index_piece (identity, codec, bytes) VALUES (:identity, :codec, :bytes)
             ON CONFLICT (identity, codec) DO NOTHING",
        )?
        .execute(named_params! { ":identity": piece, ":codec": codec, ":bytes": bytes })?;
    Ok(())
}

/// Makes a generation the one being served.
pub fn switch(tx: &WriteTx<'_>, new: &Switch<'_>) -> Result<i64, StorageError> {
    retire(tx, new.project, new.slug, new.published_at)?;
    tx.sql()
        .prepare_cached(
            "INSERT INTO generation
                 (project_id, deployment_id, slug, published_at, digest, signed_by)
             VALUES (:project,
                     (SELECT id FROM deployment WHERE project_id = :project AND slug = :slug),
                     :slug, :published_at, :digest, :signed_by)",
        )?
        .execute(named_params! {
            ":project": new.project.0,
            ":slug": new.slug,
            ":published_at": new.published_at.as_millisecond(),
            ":digest": new.digest,
            ":signed_by": new.signed_by,
        })?;
    let id = tx.sql().last_insert_rowid();
    for file in new.files {
        put_file(tx, id, file)?;
    }
    for offered in new.gone {
        withdraw(tx, new, id, offered)?;
    }
    for offered in new.come {
        offer(tx, new, id, offered)?;
    }
    Ok(id)
}

/// Takes a repository away: the names answer no more, what clients may be fetching still does.
pub fn remove(
    tx: &WriteTx<'_>,
    project: ProjectId,
    slug: &str,
    now: Timestamp,
) -> Result<(), StorageError> {
    let Some(last) = current(tx, project, slug)? else { return Ok(()) };
    retire(tx, project, slug, now)?;
    tx.sql()
        .prepare_cached(
            "UPDATE repository_payload SET last_generation = :last
             WHERE project_id = :project AND slug = :slug AND last_generation IS NULL",
        )?
        .execute(named_params! { ":last": last.id, ":project": project.0, ":slug": slug })?;
    Ok(())
}

/// How many rows published repositories have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    pub generations: i64,
    pub pieces: i64,
    /// Payloads that repositories offer or offered.
    pub offered: i64,
}

/// Counts rows of published repositories.
pub fn counts(tx: &ReadTx<'_>) -> Result<Counts, StorageError> {
    let sql = "SELECT (SELECT count(*) FROM generation), (SELECT count(*) FROM index_piece),
                      (SELECT count(*) FROM repository_payload)";
    let mut statement = tx.sql().prepare_cached(sql)?;
    Ok(statement.query_row([], |row| {
        Ok(Counts { generations: row.get(0)?, pieces: row.get(1)?, offered: row.get(2)? })
    })?)
}

/// Forgets generations replaced before `before`, except the last that each served repository
/// replaced; returns how many.
pub fn collect(tx: &WriteTx<'_>, before: Timestamp) -> Result<usize, StorageError> {
    let forgotten = tx.sql().execute(
        "DELETE FROM generation
         WHERE replaced_at < :before
           AND id < coalesce(
               (SELECT max(kept.id) FROM generation AS kept
                WHERE kept.project_id = generation.project_id AND kept.slug = generation.slug
                  AND kept.replaced_at IS NOT NULL
                  AND EXISTS (SELECT 1 FROM generation AS served
                              WHERE served.project_id = kept.project_id
                                AND served.slug = kept.slug AND served.replaced_at IS NULL)),
               9223372036854775807)",
        named_params! { ":before": before.as_millisecond() },
    )?;
    tx.sql().execute(
        "DELETE FROM repository_payload
         WHERE last_generation IS NOT NULL AND NOT EXISTS
             (SELECT 1 FROM generation
              WHERE generation.project_id = repository_payload.project_id
                AND generation.slug = repository_payload.slug
                AND generation.id BETWEEN first_generation AND last_generation)",
        [],
    )?;
    Ok(forgotten)
}

/// Drops up to `limit` pieces that no generation names; returns how many. Must not run while a
/// repository is being computed, whose pieces no generation names yet.
pub fn collect_pieces(tx: &WriteTx<'_>, limit: usize) -> Result<usize, StorageError> {
    let mut named = HashSet::new();
    let mut statement =
        tx.sql().prepare_cached("SELECT pieces FROM generation_file WHERE pieces IS NOT NULL")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        named.extend(parse_parts(&row.get::<_, Vec<u8>>(0)?)?.iter().map(|part| part.piece));
    }
    let mut statement = tx.sql().prepare_cached("SELECT id, identity FROM index_piece")?;
    let mut rows = statement.query([])?;
    let mut unnamed = Vec::new();
    while let Some(row) = rows.next()? {
        let identity: PieceIdentity = row.get(1)?;
        if unnamed.len() < limit && !named.contains(&identity) {
            unnamed.push(row.get::<_, i64>(0)?);
        }
    }
    let mut delete = tx.sql().prepare_cached("DELETE FROM index_piece WHERE id = :id")?;
    for id in &unnamed {
        delete.execute(named_params! { ":id": id })?;
    }
    Ok(unnamed.len())
}

fn retire(
    tx: &WriteTx<'_>,
    project: ProjectId,
    slug: &str,
    now: Timestamp,
) -> Result<(), StorageError> {
    tx.sql()
        .prepare_cached(
            "UPDATE generation SET replaced_at = :now
             WHERE project_id = :project AND slug = :slug AND replaced_at IS NULL",
        )?
        .execute(named_params! {
            ":now": now.as_millisecond(), ":project": project.0, ":slug": slug,
        })?;
    Ok(())
}

fn put_file(tx: &WriteTx<'_>, generation: i64, file: &File) -> Result<(), StorageError> {
    let (codec, bytes, pieces, marks) = match &file.content {
        Content::Bytes(bytes) => (None, Some(bytes.as_slice()), None, None),
        Content::Pieces { codec, parts, marks } => {
            (Some(codec.as_str()), None, Some(print_parts(parts)), Some(print_marks(marks)))
        }
    };
    tx.sql()
        .prepare_cached(
            "INSERT INTO generation_file
                 (generation_id, path, size, sha256, open_size, open_sha256, codec, bytes, pieces,
                  marks)
             VALUES (:generation, :path, :size, :sha256, :open_size, :open_sha256, :codec, :bytes,
                     :pieces, :marks)",
        )?
        .execute(named_params! {
            ":generation": generation,
            ":path": file.path,
            ":size": file.size_bytes.cast_signed(),
            ":sha256": file.sha256,
            ":open_size": file.open.map(|(size, _)| size.cast_signed()),
            ":open_sha256": file.open.map(|(_, sha256)| sha256),
            ":codec": codec,
            ":bytes": bytes,
            ":pieces": pieces,
            ":marks": marks,
        })?;
    Ok(())
}

fn withdraw(
    tx: &WriteTx<'_>,
    new: &Switch<'_>,
    generation: i64,
    gone: &Offered,
) -> Result<(), StorageError> {
    tx.sql()
        .prepare_cached(
            "UPDATE repository_payload SET last_generation = :last
             WHERE project_id = :project AND slug = :slug AND name = :name
               AND last_generation IS NULL AND payload_id = :payload",
        )?
        .execute(named_params! {
            ":last": generation - 1,
            ":project": new.project.0,
            ":slug": new.slug,
            ":name": gone.name,
            ":payload": gone.payload.0,
        })?;
    Ok(())
}

fn offer(
    tx: &WriteTx<'_>,
    new: &Switch<'_>,
    generation: i64,
    come: &Coming,
) -> Result<(), StorageError> {
    tx.sql()
        .prepare_cached(
            "INSERT INTO repository_payload
                 (project_id, slug, name, payload_id, first_generation)
             VALUES (:project, :slug, :name, (SELECT id FROM payload WHERE sha256 = :sha256),
                     :first)",
        )?
        .execute(named_params! {
            ":project": new.project.0,
            ":slug": new.slug,
            ":name": come.name,
            ":sha256": come.sha256,
            ":first": generation,
        })?;
    Ok(())
}

/// Bytes of a part as they are stored: the identity, and the length, big-endian.
const PART_BYTES: usize = 40;

fn print_parts(parts: &[Part]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(parts.len() * PART_BYTES);
    for part in parts {
        bytes.extend_from_slice(&part.piece);
        bytes.extend_from_slice(&part.size_bytes.to_be_bytes());
    }
    bytes
}

fn parse_parts(bytes: &[u8]) -> Result<Vec<Part>, StorageError> {
    let part = |bytes: &[u8; PART_BYTES]| {
        let (piece, size) = bytes.split_first_chunk::<32>()?;
        Some(Part { piece: *piece, size_bytes: u64::from_be_bytes(*size.first_chunk()?) })
    };
    let (parts, rest) = bytes.as_chunks::<PART_BYTES>();
    let parts: Option<Vec<Part>> = parts.iter().map(part).collect();
    let corrupt = || StorageError::Corrupt {
        what: "list of pieces",
        value: format!("{} bytes", bytes.len()),
    };
    parts.filter(|_| rest.is_empty()).ok_or_else(corrupt)
}

/// Bytes of a mark as they are stored: the number of parts, big-endian, and the state.
const MARK_BYTES: usize = 8 + STATE_BYTES;

fn print_marks(marks: &[Mark]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(marks.len() * MARK_BYTES);
    for mark in marks {
        bytes.extend_from_slice(&mark.parts.to_be_bytes());
        bytes.extend_from_slice(&mark.state);
    }
    bytes
}

fn parse_marks(bytes: &[u8]) -> Result<Vec<Mark>, StorageError> {
    let mark = |bytes: &[u8; MARK_BYTES]| {
        let (parts, state) = bytes.split_first_chunk::<8>()?;
        Some(Mark { parts: u64::from_be_bytes(*parts), state: *state.first_chunk()? })
    };
    let (marks, rest) = bytes.as_chunks::<MARK_BYTES>();
    let marks: Option<Vec<Mark>> = marks.iter().map(mark).collect();
    let corrupt =
        || StorageError::Corrupt { what: "list of marks", value: format!("{} bytes", bytes.len()) };
    marks.filter(|_| rest.is_empty()).ok_or_else(corrupt)
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
