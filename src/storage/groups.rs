//! Groups of accounts and what their members may do (6.3).

use std::collections::BTreeSet;

use rusqlite::{OptionalExtension as _, Row, named_params};

use super::accounts::{permissions_of, replace_permissions};
use super::{ReadTx, StorageError, WriteTx, pages};
use crate::domain::account::Permission;
use crate::domain::ids::{AccountId, GroupId};

/// A group as the list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    pub id: GroupId,
    pub name: String,
    /// An administrator changed it: upgrades leave it alone (D-PERM-05).
    pub is_modified: bool,
    /// Accounts in it.
    pub members: i64,
}

const SELECT: &str = "
    SELECT id, name, modified,
           (SELECT count(*) FROM account_member WHERE group_id = account_group.id) AS members
    FROM account_group";

/// Lists groups by name: there are as many as kinds of administrators.
pub fn list(tx: &ReadTx<'_>) -> Result<Vec<Group>, StorageError> {
    let mut statement = tx.sql().prepare_cached(&format!("{SELECT} ORDER BY name"))?;
    pages::all(statement.query([])?, from_row)
}

/// Returns a group.
pub fn get(tx: &ReadTx<'_>, id: GroupId) -> Result<Group, StorageError> {
    let mut statement = tx.sql().prepare_cached(&format!("{SELECT} WHERE id = :id"))?;
    pages::one(statement.query(named_params! { ":id": id.0 })?, from_row, "group", id)
}

/// Finds a group by its name.
pub fn find(tx: &ReadTx<'_>, name: &str) -> Result<Option<GroupId>, StorageError> {
    let sql = "SELECT id FROM account_group WHERE name = :name";
    let mut statement = tx.sql().prepare_cached(sql)?;
    let found = statement.query_row(named_params! { ":name": name }, |row| row.get(0));
    Ok(found.optional()?.map(GroupId))
}

/// Returns what the members of a group may do.
pub fn permissions(tx: &ReadTx<'_>, id: GroupId) -> Result<BTreeSet<Permission>, StorageError> {
    let sql = "SELECT model, action FROM group_permission WHERE group_id = :id";
    let mut statement = tx.sql().prepare_cached(sql)?;
    permissions_of(statement.query(named_params! { ":id": id.0 })?)
}

/// Adds a group without permissions.
pub fn insert(tx: &WriteTx<'_>, name: &str, is_modified: bool) -> Result<GroupId, StorageError> {
    tx.sql()
        .prepare_cached(
            "INSERT INTO account_group (id, name, modified)
             VALUES (1 + max((SELECT ifnull(max(id), 0) FROM account_group),
                             (SELECT ifnull(max(object_id), 0) FROM audit
                              WHERE object_kind = 'group')), :name, :modified)",
        )?
        .execute(named_params! { ":name": name, ":modified": is_modified })?;
    Ok(GroupId(tx.sql().last_insert_rowid()))
}

/// Renames a group, as an administrator does.
pub fn update(tx: &WriteTx<'_>, id: GroupId, name: &str) -> Result<(), StorageError> {
    let sql = "UPDATE account_group SET name = :name, modified = 1 WHERE id = :id";
    tx.sql().prepare_cached(sql)?.execute(named_params! { ":name": name, ":id": id.0 })?;
    Ok(())
}

/// Replaces what the members of a group may do.
pub fn set_permissions(
    tx: &WriteTx<'_>,
    id: GroupId,
    permissions: &BTreeSet<Permission>,
) -> Result<(), StorageError> {
    let revoke = "DELETE FROM group_permission WHERE group_id = :id";
    let grant =
        "INSERT INTO group_permission (group_id, model, action) VALUES (:id, :model, :action)";
    replace_permissions(tx, [revoke, grant], id.0, permissions)
}

/// Deletes a group; its members stay.
pub fn delete(tx: &WriteTx<'_>, id: GroupId) -> Result<(), StorageError> {
    let mut statement = tx.sql().prepare_cached("DELETE FROM account_group WHERE id = :id")?;
    statement.execute(named_params! { ":id": id.0 })?;
    Ok(())
}

/// Names the members of a group.
pub fn members(tx: &ReadTx<'_>, id: GroupId) -> Result<Vec<pages::Named>, StorageError> {
    let mut statement = tx.sql().prepare_cached(
        "SELECT id, username FROM account JOIN account_member ON account_id = id
         WHERE group_id = :id ORDER BY username",
    )?;
    pages::all(statement.query(named_params! { ":id": id.0 })?, pages::Named::from_row)
}

/// Returns the names of the groups of an account.
pub fn names_of(tx: &ReadTx<'_>, account: AccountId) -> Result<Vec<String>, StorageError> {
    let mut statement = tx.sql().prepare_cached(
        "SELECT name FROM account_group JOIN account_member ON group_id = id
         WHERE account_id = :account ORDER BY name",
    )?;
    pages::all(statement.query(named_params! { ":account": account.0 })?, |row| Ok(row.get(0)?))
}

/// Replaces the groups of an account.
pub fn set_of(
    tx: &WriteTx<'_>,
    account: AccountId,
    groups: &[GroupId],
) -> Result<(), StorageError> {
    tx.sql()
        .prepare_cached("DELETE FROM account_member WHERE account_id = :account")?
        .execute(named_params! { ":account": account.0 })?;
    let mut statement = tx.sql().prepare_cached(
        "INSERT OR IGNORE INTO account_member (account_id, group_id) VALUES (:account, :group)",
    )?;
    for group in groups {
        statement.execute(named_params! { ":account": account.0, ":group": group.0 })?;
    }
    Ok(())
}

fn from_row(row: &Row<'_>) -> Result<Group, StorageError> {
    Ok(Group {
        id: GroupId(row.get("id")?),
        name: row.get("name")?,
        is_modified: row.get("modified")?,
        members: row.get("members")?,
    })
}
