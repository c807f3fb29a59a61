//! The site's own keys. They never leave the database but for their public halves.

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, named_params};

use super::revisions::{self, Revision};
use super::{ReadTx, StorageError, WriteTx};

/// Which key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SiteKey {
    /// Ed25519, minisign's format: signs answers of the sync protocol.
    Sync,
    /// OpenPGP, armoured: signs repositories.
    Repository,
}

impl SiteKey {
    fn name(self) -> &'static str {
        match self {
            Self::Sync => "sync",
            Self::Repository => "repository",
        }
    }
}

/// Both halves of a key, as text.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyText {
    pub secret: String,
    pub public: String,
}

impl std::fmt::Debug for KeyText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyText").field("public", &self.public).finish_non_exhaustive()
    }
}

/// Finds a key.
pub fn find(tx: &ReadTx<'_>, key: SiteKey) -> Result<Option<KeyText>, StorageError> {
    let sql = "SELECT secret, public FROM site_key WHERE name = :name";
    let mut statement = tx.sql().prepare_cached(sql)?;
    let found = statement.query_row(named_params! { ":name": key.name() }, |row| {
        Ok(KeyText { secret: row.get(0)?, public: row.get(1)? })
    });
    Ok(found.optional()?)
}

/// Stores a key if there is none yet, and returns the one that is there afterwards.
pub fn keep(
    tx: &WriteTx<'_>,
    key: SiteKey,
    text: &KeyText,
    now: Timestamp,
) -> Result<KeyText, StorageError> {
    tx.sql()
        .prepare_cached(
            "INSERT INTO site_key (name, secret, public, created_at)
             VALUES (:name, :secret, :public, :now) ON CONFLICT (name) DO NOTHING",
        )?
        .execute(named_params! {
            ":name": key.name(),
            ":secret": text.secret,
            ":public": text.public,
            ":now": now.as_millisecond(),
        })?;
    // Plans name the key of the repositories.
    revisions::bump(tx, Revision::Release)?;
    find(tx, key)?.ok_or_else(|| StorageError::not_found("key", key.name()))
}
