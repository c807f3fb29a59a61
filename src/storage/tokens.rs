//! Bearer tokens of accounts (D-ACC-07). Only SHA-256 of each secret is stored.

use std::collections::BTreeSet;

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, Row, named_params};

use super::related::{self, Kind, Related};
use super::tx::instant;
use super::{ReadTx, StorageError, WriteTx, pages};
use crate::domain::account::Permission;
use crate::domain::ids::{AccountId, TokenId};

/// A token without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    pub id: TokenId,
    pub account: AccountId,
    pub username: String,
    /// What it is for.
    pub name: String,
    pub created_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    /// What it may do of what its account may; `None`: all of it.
    pub rights: Option<BTreeSet<Permission>>,
    pub last_used_at: Option<Timestamp>,
}

/// A token to store.
#[derive(Debug, Clone)]
pub struct NewToken<'a> {
    pub account: AccountId,
    pub secret_hash: &'a [u8],
    pub name: &'a str,
    pub created_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    pub rights: Option<&'a BTreeSet<Permission>>,
}

const SELECT: &str = "
    SELECT token.id, account_id, username, name, created_at, expires_at, rights, last_used_at
    FROM token JOIN account ON account.id = account_id";

/// Stores a token and returns its id.
pub fn add(tx: &WriteTx<'_>, token: &NewToken<'_>) -> Result<TokenId, StorageError> {
    let rights = token.rights.map(|rights| {
        let names: Vec<String> = rights.iter().map(ToString::to_string).collect();
        serde_json::json!(names).to_string()
    });
    tx.sql()
        .prepare_cached(
            "INSERT INTO token (secret_hash, account_id, name, created_at, expires_at, rights)
             VALUES (:hash, :account, :name, :created_at, :expires_at, :rights)",
        )?
        .execute(named_params! {
            ":hash": token.secret_hash,
            ":account": token.account.0,
            ":name": token.name,
            ":created_at": token.created_at.as_millisecond(),
            ":expires_at": token.expires_at.map(Timestamp::as_millisecond),
            ":rights": rights,
        })?;
    Ok(TokenId(tx.sql().last_insert_rowid()))
}

/// Finds the token with this secret, unless it has expired.
pub fn find(
    tx: &ReadTx<'_>,
    secret_hash: &[u8],
    now: Timestamp,
) -> Result<Option<Token>, StorageError> {
    let sql = format!("{SELECT} WHERE secret_hash = :hash AND ifnull(expires_at > :now, 1)");
    let mut statement = tx.sql().prepare_cached(&sql)?;
    let now = now.as_millisecond();
    let mut rows = statement.query(named_params! { ":hash": secret_hash, ":now": now })?;
    rows.next()?.map(from_row).transpose()
}

/// Returns a token.
pub fn get(tx: &ReadTx<'_>, id: TokenId) -> Result<Token, StorageError> {
    let mut statement = tx.sql().prepare_cached(&format!("{SELECT} WHERE token.id = :id"))?;
    pages::one(statement.query(named_params! { ":id": id.0 })?, from_row, "token", id)
}

/// Lists tokens after one of them, oldest first; one more than asked if there are more.
pub fn list(
    tx: &ReadTx<'_>,
    related: Option<Related>,
    after: Option<TokenId>,
    limit: u32,
) -> Result<Vec<Token>, StorageError> {
    let related = related::condition(related, Kind::Token, "token.id");
    let sql =
        format!("{SELECT} WHERE {related} AND token.id > :after ORDER BY token.id LIMIT :limit");
    let mut statement = tx.sql().prepare_cached(&sql)?;
    let (after, limit) = (after.map_or(0, |id| id.0), i64::from(limit) + 1);
    pages::all(statement.query(named_params! { ":after": after, ":limit": limit })?, from_row)
}

/// Notes that a token was used.
pub fn touch(tx: &WriteTx<'_>, id: TokenId, now: Timestamp) -> Result<(), StorageError> {
    let sql = "UPDATE token SET last_used_at = :now WHERE id = :id";
    let now = now.as_millisecond();
    tx.sql().prepare_cached(sql)?.execute(named_params! { ":now": now, ":id": id.0 })?;
    Ok(())
}

/// Revokes a token.
pub fn delete(tx: &WriteTx<'_>, id: TokenId) -> Result<(), StorageError> {
    let sql = "DELETE FROM token WHERE id = :id";
    tx.sql().prepare_cached(sql)?.execute(named_params! { ":id": id.0 })?;
    Ok(())
}

/// Counts the tokens of an account.
pub fn count_of(tx: &ReadTx<'_>, account: AccountId) -> Result<i64, StorageError> {
    let sql = "SELECT count(*) FROM token WHERE account_id = :account";
    let mut statement = tx.sql().prepare_cached(sql)?;
    let found = statement.query_row(named_params! { ":account": account.0 }, |row| row.get(0));
    Ok(found.optional()?.unwrap_or_default())
}

fn from_row(row: &Row<'_>) -> Result<Token, StorageError> {
    let at = |column: &str| -> Result<Option<Timestamp>, StorageError> {
        row.get::<_, Option<i64>>(column)?.map(instant).transpose()
    };
    let rights: Option<String> = row.get("rights")?;
    Ok(Token {
        id: TokenId(row.get("id")?),
        account: AccountId(row.get("account_id")?),
        username: row.get("username")?,
        name: row.get("name")?,
        created_at: instant(row.get("created_at")?)?,
        expires_at: at("expires_at")?,
        rights: rights.as_deref().map(rights_of).transpose()?,
        last_used_at: at("last_used_at")?,
    })
}

/// A right of a newer or older program grants nothing here.
fn rights_of(text: &str) -> Result<BTreeSet<Permission>, StorageError> {
    let corrupt = |_| StorageError::Corrupt { what: "rights of a token", value: text.to_owned() };
    let names: Vec<String> = serde_json::from_str(text).map_err(corrupt)?;
    Ok(names.iter().filter_map(|name| Permission::parse(name)).collect())
}
