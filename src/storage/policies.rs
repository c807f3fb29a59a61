//! Policies and their groups (8.2).

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{OptionalExtension as _, named_params};

use super::{ReadTx, StorageError, WriteTx, targets};
use crate::domain::ids::{ApplicationId, PolicyGroupId, PolicyId};
use crate::domain::policy::{Policy, PolicyGroup};
use crate::domain::target::Target;

/// Returns every policy with its groups, by name.
pub fn all(tx: &ReadTx<'_>) -> Result<Vec<Policy>, StorageError> {
    let (mut own, mut groups) = (targets::all(tx, "policy")?, groups(tx)?);
    let mut statement = tx
        .sql()
        .prepare_cached("SELECT id, name, comment, enabled, exclusive FROM policy ORDER BY name")?;
    let mut rows = statement.query([])?;
    let mut policies = Vec::new();
    while let Some(row) = rows.next()? {
        let id: i64 = row.get("id")?;
        policies.push(Policy {
            id: PolicyId(id),
            name: row.get("name")?,
            comment: row.get("comment")?,
            enabled: row.get("enabled")?,
            exclusive: row.get("exclusive")?,
            target: own.remove(&id).unwrap_or_default(),
            groups: groups.remove(&id).unwrap_or_default(),
        });
    }
    Ok(policies)
}

/// Groups of each policy, by priority.
fn groups(tx: &ReadTx<'_>) -> Result<BTreeMap<i64, Vec<PolicyGroup>>, StorageError> {
    let mut applications: BTreeMap<i64, BTreeSet<ApplicationId>> = BTreeMap::new();
    let mut statement = tx
        .sql()
        .prepare_cached("SELECT policy_group_id, application_id FROM policy_group_application")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        applications.entry(row.get(0)?).or_default().insert(ApplicationId(row.get(1)?));
    }
    let mut targets = targets::all(tx, "policy_group")?;
    let mut statement = tx.sql().prepare_cached(
        "SELECT id, policy_id, priority FROM policy_group ORDER BY policy_id, priority",
    )?;
    let mut rows = statement.query([])?;
    let mut groups: BTreeMap<i64, Vec<PolicyGroup>> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let id: i64 = row.get("id")?;
        groups.entry(row.get("policy_id")?).or_default().push(PolicyGroup {
            id: PolicyGroupId(id),
            priority: row.get("priority")?,
            target: targets.remove(&id).unwrap_or_default(),
            applications: applications.remove(&id).unwrap_or_default(),
        });
    }
    Ok(groups)
}

/// Returns a policy with its groups.
pub fn get(tx: &ReadTx<'_>, id: PolicyId) -> Result<Policy, StorageError> {
    let found = all(tx)?.into_iter().find(|policy| policy.id == id);
    found.ok_or_else(|| StorageError::not_found("policy", id))
}

/// Finds a policy by its name.
pub fn find_by_name(tx: &ReadTx<'_>, name: &str) -> Result<Option<PolicyId>, StorageError> {
    let mut statement = tx.sql().prepare_cached("SELECT id FROM policy WHERE name = :name")?;
    let found = statement.query_row(named_params! { ":name": name }, |row| row.get(0));
    Ok(found.optional()?.map(PolicyId))
}

/// Adds a policy without groups, and returns its id.
pub fn insert(tx: &WriteTx<'_>, policy: &Policy) -> Result<PolicyId, StorageError> {
    tx.sql()
        .prepare_cached(
            "INSERT INTO policy (name, comment, enabled, exclusive)
             VALUES (:name, :comment, :enabled, :exclusive)",
        )?
        .execute(named_params! {
            ":name": policy.name,
            ":comment": policy.comment,
            ":enabled": policy.enabled,
            ":exclusive": policy.exclusive,
        })?;
    Ok(PolicyId(tx.sql().last_insert_rowid()))
}

/// Stores a policy: its own fields, its target, and its groups in place of those it had. A group
/// that keeps its priority keeps its id.
pub fn store(tx: &WriteTx<'_>, policy: &Policy) -> Result<(), StorageError> {
    tx.sql()
        .prepare_cached(
            "UPDATE policy SET name = :name, comment = :comment, enabled = :enabled,
                 exclusive = :exclusive
             WHERE id = :id",
        )?
        .execute(named_params! {
            ":id": policy.id.0,
            ":name": policy.name,
            ":comment": policy.comment,
            ":enabled": policy.enabled,
            ":exclusive": policy.exclusive,
        })?;
    let Target { included, excluded } = &policy.target;
    targets::replace(tx, "policy", policy.id.0, included, excluded)?;
    let priorities: Vec<i64> = policy.groups.iter().map(|group| group.priority).collect();
    tx.sql()
        .prepare_cached(
            "DELETE FROM policy_group WHERE policy_id = :policy
             AND priority NOT IN (SELECT value FROM json_each(:priorities))",
        )?
        .execute(named_params! {
            ":policy": policy.id.0,
            ":priorities": serde_json::json!(priorities).to_string(),
        })?;
    for group in &policy.groups {
        store_group(tx, policy.id, group)?;
    }
    Ok(())
}

fn store_group(
    tx: &WriteTx<'_>,
    policy: PolicyId,
    group: &PolicyGroup,
) -> Result<(), StorageError> {
    let id: i64 = tx
        .sql()
        .prepare_cached(
            "INSERT INTO policy_group (policy_id, priority) VALUES (:policy, :priority)
             ON CONFLICT (policy_id, priority) DO UPDATE SET priority = :priority RETURNING id",
        )?
        .query_row(named_params! { ":policy": policy.0, ":priority": group.priority }, |row| {
            row.get(0)
        })?;
    let Target { included, excluded } = &group.target;
    targets::replace(tx, "policy_group", id, included, excluded)?;
    tx.sql()
        .prepare_cached("DELETE FROM policy_group_application WHERE policy_group_id = :id")?
        .execute(named_params! { ":id": id })?;
    let mut insert = tx.sql().prepare_cached(
        "INSERT INTO policy_group_application (policy_group_id, application_id)
         VALUES (:id, :application)",
    )?;
    for application in &group.applications {
        insert.execute(named_params! { ":id": id, ":application": application.0 })?;
    }
    Ok(())
}

/// Deletes a policy with its groups.
pub fn delete(tx: &WriteTx<'_>, id: PolicyId) -> Result<(), StorageError> {
    let mut statement = tx.sql().prepare_cached("DELETE FROM policy WHERE id = :id")?;
    statement.execute(named_params! { ":id": id.0 })?;
    Ok(())
}
