//! What published repositories leave behind, and how it is dropped once nobody can be fetching it.

use std::collections::HashSet;

use jiff::Timestamp;
use rusqlite::named_params;

use super::PieceIdentity;
use super::parts::parse_parts;
use crate::storage::{ReadTx, StorageError, WriteTx};

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
