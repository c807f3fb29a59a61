//! Users of the computers, one row per login name (6.1).

use rusqlite::named_params;

use super::{StorageError, WriteTx};
use crate::domain::ids::UserId;

/// Returns the user of this name, made if new; a full name that is not empty replaces the stored
/// one (D-USR-01).
pub fn keep(tx: &WriteTx<'_>, name: &str, fullname: &str) -> Result<UserId, StorageError> {
    tx.sql()
        .prepare_cached(
            "INSERT INTO user (name, fullname) VALUES (:name, :fullname)
             ON CONFLICT (name) DO UPDATE SET fullname = excluded.fullname
                 WHERE excluded.fullname NOT IN ('', fullname)",
        )?
        .execute(named_params! { ":name": name, ":fullname": fullname })?;
    let mut statement = tx.sql().prepare_cached("SELECT id FROM user WHERE name = :name")?;
    Ok(UserId(statement.query_row(named_params! { ":name": name }, |row| row.get(0))?))
}
