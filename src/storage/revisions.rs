//! Counters that tell a cache whether it is stale, bumped in the transaction of the change.

use rusqlite::named_params;

use super::{ReadTx, StorageError, WriteTx};

/// What a counter stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Revision {
    /// Deployments, their attributes and packages, schedules, policies, applications, fault
    /// definitions, projects.
    Release,
    /// All that decides attribute pools: formulas and tag categories, sets, domains.
    Formulas,
}

impl Revision {
    fn name(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Formulas => "formulas",
        }
    }
}

/// Returns the counter.
pub fn get(tx: &ReadTx<'_>, revision: Revision) -> Result<i64, StorageError> {
    let sql = "SELECT value FROM revision WHERE name = :name";
    let mut statement = tx.sql().prepare_cached(sql)?;
    Ok(statement.query_row(named_params! { ":name": revision.name() }, |row| row.get(0))?)
}

/// Makes every cache built on the counter stale.
pub fn bump(tx: &WriteTx<'_>, revision: Revision) -> Result<(), StorageError> {
    tx.sql()
        .prepare_cached("UPDATE revision SET value = value + 1 WHERE name = :name")?
        .execute(named_params! { ":name": revision.name() })?;
    Ok(())
}
