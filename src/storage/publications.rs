//! Published repositories: generations, their files, the pieces these are made of, and which
//! payload stands behind which path.
//!
//! A generation is visible from the commit of [`switch`] on, whole. What it replaced stays
//! reachable by hash, payloads included, until [`collect`] finds it old enough.

mod collection;
mod files;
mod parts;
mod pieces;

use jiff::Timestamp;
use rusqlite::{Row, named_params};

use super::tx::instant;
use super::{ReadTx, StorageError, WriteTx};
use crate::domain::ids::{PayloadId, ProjectId};
use parts::{print_marks, print_parts};

pub use collection::{Counts, collect, collect_pieces, counts};
pub use files::{
    Content, File, Found, Named, file_names, files, find_by_hash, find_file, find_file_of,
    find_payload, offered, slugs,
};
pub use parts::{Mark, Part};
pub use pieces::{PieceIdentity, piece_sizes, put_piece, read_piece};

/// A published state of a repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generation {
    pub id: i64,
    pub published_at: Timestamp,
    /// SHA-256 in hexadecimal of what clients ask for first: InRelease or repomd.xml.
    pub digest: String,
    pub signed_by: String,
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
