//! Sessions and one-time links. Only SHA-256 of each secret is stored.

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, named_params};

use super::{ReadTx, StorageError, WriteTx};
use crate::domain::ids::AccountId;

/// A signed-in browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub account: AccountId,
    /// Token that its forms carry.
    pub csrf: String,
}

/// Starts a session.
pub fn start(
    tx: &WriteTx<'_>,
    key_hash: &[u8],
    session: &Session,
    expires_at: Timestamp,
) -> Result<(), StorageError> {
    tx.sql()
        .prepare_cached(
            "INSERT INTO session (key_hash, account_id, csrf, expires_at)
             VALUES (:key_hash, :account, :csrf, :expires_at)",
        )?
        .execute(named_params! {
            ":key_hash": key_hash,
            ":account": session.account.0,
            ":csrf": session.csrf,
            ":expires_at": expires_at.as_millisecond(),
        })?;
    Ok(())
}

/// Finds a session that has not expired.
pub fn find(
    tx: &ReadTx<'_>,
    key_hash: &[u8],
    now: Timestamp,
) -> Result<Option<Session>, StorageError> {
    let sql = "SELECT account_id, csrf FROM session WHERE key_hash = :key AND expires_at > :now";
    let mut statement = tx.sql().prepare_cached(sql)?;
    let found = statement
        .query_row(named_params! { ":key": key_hash, ":now": now.as_millisecond() }, |row| {
            Ok(Session { account: AccountId(row.get(0)?), csrf: row.get(1)? })
        });
    Ok(found.optional()?)
}

/// Ends a session.
pub fn end(tx: &WriteTx<'_>, key_hash: &[u8]) -> Result<(), StorageError> {
    let sql = "DELETE FROM session WHERE key_hash = :key";
    tx.sql().prepare_cached(sql)?.execute(named_params! { ":key": key_hash })?;
    Ok(())
}

/// Ends every session of an account: its password changed, or it was deactivated.
pub fn end_all(tx: &WriteTx<'_>, account: AccountId) -> Result<(), StorageError> {
    let sql = "DELETE FROM session WHERE account_id = :account";
    tx.sql().prepare_cached(sql)?.execute(named_params! { ":account": account.0 })?;
    Ok(())
}

/// Drops sessions and links that have expired.
pub fn drop_expired(tx: &WriteTx<'_>, now: Timestamp) -> Result<(), StorageError> {
    let now = now.as_millisecond();
    tx.sql().execute("DELETE FROM session WHERE expires_at <= ?1", [now])?;
    tx.sql().execute("DELETE FROM login_link WHERE expires_at <= ?1", [now])?;
    Ok(())
}

/// Stores a one-time link.
pub fn add_link(
    tx: &WriteTx<'_>,
    account: AccountId,
    secret_hash: &[u8],
    expires_at: Timestamp,
) -> Result<(), StorageError> {
    tx.sql()
        .prepare_cached(
            "INSERT INTO login_link (secret_hash, account_id, expires_at)
             VALUES (:hash, :account, :expires_at)",
        )?
        .execute(named_params! {
            ":hash": secret_hash,
            ":account": account.0,
            ":expires_at": expires_at.as_millisecond(),
        })?;
    Ok(())
}

/// Finds the account of a link that is still valid.
pub fn link_account(
    tx: &ReadTx<'_>,
    secret_hash: &[u8],
    now: Timestamp,
) -> Result<Option<AccountId>, StorageError> {
    let sql = "SELECT account_id FROM login_link WHERE secret_hash = :hash AND expires_at > :now";
    let mut statement = tx.sql().prepare_cached(sql)?;
    let found = statement
        .query_row(named_params! { ":hash": secret_hash, ":now": now.as_millisecond() }, |row| {
            row.get(0)
        });
    Ok(found.optional()?.map(AccountId))
}

/// Uses a link up.
pub fn remove_link(tx: &WriteTx<'_>, secret_hash: &[u8]) -> Result<(), StorageError> {
    let sql = "DELETE FROM login_link WHERE secret_hash = :hash";
    tx.sql().prepare_cached(sql)?.execute(named_params! { ":hash": secret_hash })?;
    Ok(())
}
