//! Policies and their groups (8.2).

use std::collections::{BTreeMap, BTreeSet};

use super::release::targets;
use super::{ReadTx, StorageError};
use crate::domain::ids::{ApplicationId, PolicyGroupId, PolicyId};
use crate::domain::policy::{Policy, PolicyGroup};

/// Returns every policy with its groups, by name.
pub fn all(tx: &ReadTx<'_>) -> Result<Vec<Policy>, StorageError> {
    let (mut own, mut groups) = (targets(tx, "policy")?, groups(tx)?);
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
    let mut targets = targets(tx, "policy_group")?;
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
