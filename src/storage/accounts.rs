//! Accounts and what they may do (6.2).

use std::collections::BTreeSet;

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, Row, Rows, named_params};

use super::tx::instant;
use super::{ReadTx, StorageError, WriteTx, pages};
use crate::domain::account::{Account, Action, Model, Permission};
use crate::domain::ids::AccountId;

const COLUMNS: &str = "id, username, first_name, last_name, email, date_joined, last_login, \
                       is_active, is_superuser, is_staff, is_demo";

/// Says whether there is any account at all: before the first start there is none.
pub fn any(tx: &ReadTx<'_>) -> Result<bool, StorageError> {
    Ok(tx.sql().query_row("SELECT EXISTS (SELECT 1 FROM account)", [], |row| row.get(0))?)
}

/// Returns an account.
pub fn get(tx: &ReadTx<'_>, id: AccountId) -> Result<Account, StorageError> {
    let sql = format!("SELECT {COLUMNS} FROM account WHERE id = :id");
    let mut statement = tx.sql().prepare_cached(&sql)?;
    pages::one(statement.query(named_params! { ":id": id.0 })?, from_row, "account", id.0)
}

/// Finds an account by its name.
pub fn find_by_username(tx: &ReadTx<'_>, name: &str) -> Result<Option<Account>, StorageError> {
    let sql = format!("SELECT {COLUMNS} FROM account WHERE username = :name");
    let mut statement = tx.sql().prepare_cached(&sql)?;
    let mut rows = statement.query(named_params! { ":name": name })?;
    rows.next()?.map(from_row).transpose()
}

/// Lists all accounts by name: there are as many as administrators.
pub fn list(tx: &ReadTx<'_>) -> Result<Vec<Account>, StorageError> {
    let sql = format!("SELECT {COLUMNS} FROM account ORDER BY username");
    let mut statement = tx.sql().prepare_cached(&sql)?;
    pages::all(statement.query([])?, from_row)
}

/// Adds an account (its `id` is ignored) and returns its id.
pub fn insert(
    tx: &WriteTx<'_>,
    account: &Account,
    password_hash: Option<&str>,
) -> Result<AccountId, StorageError> {
    tx.sql()
        .prepare_cached(
            "INSERT INTO account (username, first_name, last_name, email, password_hash,
                 date_joined, is_active, is_superuser, is_staff, is_demo)
             VALUES (:username, :first_name, :last_name, :email, :password_hash,
                 :date_joined, :is_active, :is_superuser, :is_staff, :is_demo)",
        )?
        .execute(named_params! {
            ":username": account.username,
            ":first_name": account.first_name,
            ":last_name": account.last_name,
            ":email": account.email,
            ":password_hash": password_hash,
            ":date_joined": account.date_joined.as_millisecond(),
            ":is_active": account.is_active,
            ":is_superuser": account.is_superuser,
            ":is_staff": account.is_staff,
            ":is_demo": account.is_demo,
        })?;
    Ok(AccountId(tx.sql().last_insert_rowid()))
}

/// Stores the fields of an account but for its password.
pub fn update(tx: &WriteTx<'_>, account: &Account) -> Result<(), StorageError> {
    let changed = tx
        .sql()
        .prepare_cached(
            "UPDATE account SET username = :username, first_name = :first_name,
                 last_name = :last_name, email = :email, is_active = :is_active,
                 is_superuser = :is_superuser, is_staff = :is_staff, is_demo = :is_demo
             WHERE id = :id",
        )?
        .execute(named_params! {
            ":id": account.id.0,
            ":username": account.username,
            ":first_name": account.first_name,
            ":last_name": account.last_name,
            ":email": account.email,
            ":is_active": account.is_active,
            ":is_superuser": account.is_superuser,
            ":is_staff": account.is_staff,
            ":is_demo": account.is_demo,
        })?;
    if changed == 0 { Err(StorageError::not_found("account", account.id.0)) } else { Ok(()) }
}

/// Returns the PHC string of the password, `None` where none was set.
pub fn password_hash(tx: &ReadTx<'_>, id: AccountId) -> Result<Option<String>, StorageError> {
    let sql = "SELECT password_hash FROM account WHERE id = :id";
    let mut statement = tx.sql().prepare_cached(sql)?;
    let found = statement.query_row(named_params! { ":id": id.0 }, |row| row.get(0));
    Ok(found.optional()?.flatten())
}

/// Sets the password; an account with a password of its own is no demo account any more.
pub fn set_password_hash(tx: &WriteTx<'_>, id: AccountId, hash: &str) -> Result<(), StorageError> {
    let sql = "UPDATE account SET password_hash = :hash, is_demo = 0 WHERE id = :id";
    tx.sql().prepare_cached(sql)?.execute(named_params! { ":hash": hash, ":id": id.0 })?;
    Ok(())
}

/// Notes that the account signed in.
pub fn touch_login(tx: &WriteTx<'_>, id: AccountId, now: Timestamp) -> Result<(), StorageError> {
    let sql = "UPDATE account SET last_login = :now WHERE id = :id";
    let now = now.as_millisecond();
    tx.sql().prepare_cached(sql)?.execute(named_params! { ":now": now, ":id": id.0 })?;
    Ok(())
}

/// Says whether an account whose password is known from the book is active (D-ACC-03).
pub fn any_active_demo(tx: &ReadTx<'_>) -> Result<bool, StorageError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM account WHERE is_demo = 1 AND is_active = 1)";
    Ok(tx.sql().prepare_cached(sql)?.query_row([], |row| row.get(0))?)
}

/// Returns what an account may do by itself and through its groups (D-ACC-01).
pub fn permissions(tx: &ReadTx<'_>, id: AccountId) -> Result<BTreeSet<Permission>, StorageError> {
    let mut statement = tx.sql().prepare_cached(
        "SELECT model, action FROM account_permission WHERE account_id = :id
         UNION
         SELECT model, action FROM group_permission
         JOIN account_member USING (group_id) WHERE account_id = :id",
    )?;
    permissions_of(statement.query(named_params! { ":id": id.0 })?)
}

/// Reads rows of model and action.
pub(super) fn permissions_of(mut rows: Rows<'_>) -> Result<BTreeSet<Permission>, StorageError> {
    let mut granted = BTreeSet::new();
    while let Some(row) = rows.next()? {
        let (model, action): (String, String) = (row.get(0)?, row.get(1)?);
        // A model of a newer or older program grants nothing here.
        let known = Model::parse(&model).zip(Action::parse(&action));
        granted.extend(known.map(|(model, action)| Permission { model, action }));
    }
    Ok(granted)
}

/// Returns what was granted to the account itself, beside its groups.
pub fn own_permissions(
    tx: &ReadTx<'_>,
    id: AccountId,
) -> Result<BTreeSet<Permission>, StorageError> {
    let sql = "SELECT model, action FROM account_permission WHERE account_id = :id";
    let mut statement = tx.sql().prepare_cached(sql)?;
    permissions_of(statement.query(named_params! { ":id": id.0 })?)
}

/// Replaces what is granted to the account itself.
pub fn set_own_permissions(
    tx: &WriteTx<'_>,
    id: AccountId,
    permissions: &BTreeSet<Permission>,
) -> Result<(), StorageError> {
    let revoke = "DELETE FROM account_permission WHERE account_id = :id";
    let grant =
        "INSERT INTO account_permission (account_id, model, action) VALUES (:id, :model, :action)";
    replace_permissions(tx, [revoke, grant], id.0, permissions)
}

/// Runs the statement that takes all permissions from `:id`, then for each the one that grants it.
pub(super) fn replace_permissions(
    tx: &WriteTx<'_>,
    [revoke, grant]: [&str; 2],
    id: i64,
    permissions: &BTreeSet<Permission>,
) -> Result<(), StorageError> {
    tx.sql().prepare_cached(revoke)?.execute(named_params! { ":id": id })?;
    let mut statement = tx.sql().prepare_cached(grant)?;
    for permission in permissions {
        statement.execute(named_params! {
            ":id": id,
            ":model": permission.model.as_str(),
            ":action": permission.action.as_str(),
        })?;
    }
    Ok(())
}

/// Deletes an account with its sessions, tokens and scopes.
pub fn delete(tx: &WriteTx<'_>, id: AccountId) -> Result<(), StorageError> {
    let mut statement = tx.sql().prepare_cached("DELETE FROM account WHERE id = :id")?;
    statement.execute(named_params! { ":id": id.0 })?;
    Ok(())
}

fn from_row(row: &Row<'_>) -> Result<Account, StorageError> {
    Ok(Account {
        id: AccountId(row.get("id")?),
        username: row.get("username")?,
        first_name: row.get("first_name")?,
        last_name: row.get("last_name")?,
        email: row.get("email")?,
        date_joined: instant(row.get("date_joined")?)?,
        last_login: row.get::<_, Option<i64>>("last_login")?.map(instant).transpose()?,
        is_active: row.get("is_active")?,
        is_superuser: row.get("is_superuser")?,
        is_staff: row.get("is_staff")?,
        is_demo: row.get("is_demo")?,
    })
}
