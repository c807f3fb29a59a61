//! What people change about computers: status, name, comment; and deleting them.

use jiff::Timestamp;
use rusqlite::named_params;

use super::named_by::named_by;
use super::pages::Named;
use super::{StorageError, WriteTx, attributes, migrations, tags};
use crate::domain::ids::ComputerId;
use crate::domain::scopes::View;
use crate::domain::status::Status;

/// Stores another status and its log entry (D-STATUS-05).
pub fn set_status(
    tx: &WriteTx<'_>,
    id: ComputerId,
    status: Status,
    now: Timestamp,
) -> Result<(), StorageError> {
    tx.sql()
        .prepare_cached("UPDATE computer SET status = :status, updated_at = :now WHERE id = :id")?
        .execute(named_params! {
            ":id": id.0,
            ":status": status.as_str(),
            ":now": now.as_millisecond(),
        })?;
    migrations::add_status(tx, id, status, now)
}

/// What configured a computer and does no longer: names of what named its CID, and its tags.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Released {
    pub deployments: Vec<String>,
    pub fault_definitions: Vec<String>,
    pub attribute_sets: Vec<String>,
    pub policies: Vec<String>,
    pub schedules: Vec<String>,
    pub applications: Vec<String>,
    /// `PREFIX-value` of each.
    pub tags: Vec<String>,
}

impl Released {
    /// Says whether anything was taken away.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Tables in which a CID configures a computer. Those of domains and scopes are not among them:
/// they decide who sees it.
const CONFIGURING: [&str; 7] = [
    "application_attribute",
    "attribute_set_attribute",
    "deployment_attribute",
    "fault_definition_attribute",
    "policy_attribute",
    "policy_group_attribute",
    "schedule_delay_attribute",
];

/// Takes the tags of a computer away, and its CID attribute out of all that configures computers
/// (D-STATUS-06).
pub fn release(tx: &WriteTx<'_>, id: ComputerId) -> Result<Released, StorageError> {
    let mut released = Released { tags: names(tags::of_computer(tx, id)?), ..Released::default() };
    tx.sql()
        .prepare_cached("DELETE FROM computer_tag WHERE computer_id = :id")?
        .execute(named_params! { ":id": id.0 })?;
    let Some(cid) = attributes::find_by_name(tx, "CID", &id.to_string())? else {
        return Ok(released);
    };
    let naming = named_by(&tx.seen_by(View::EVERYTHING), &[cid])?;
    for table in CONFIGURING {
        let sql = format!("DELETE FROM {table} WHERE attribute_id = :cid");
        tx.sql().prepare_cached(&sql)?.execute(named_params! { ":cid": cid.0 })?;
    }
    released.deployments = names(naming.deployments);
    released.fault_definitions = names(naming.fault_definitions);
    released.attribute_sets = names(naming.attribute_sets);
    released.policies = names(naming.policies);
    released.schedules = names(naming.schedules);
    released.applications = names(naming.applications);
    Ok(released)
}

fn names(named: Vec<Named>) -> Vec<String> {
    named.into_iter().map(|named| named.name).collect()
}

/// Stores the name and the comment.
pub fn set_name_and_comment(
    tx: &WriteTx<'_>,
    id: ComputerId,
    name: &str,
    comment: Option<&str>,
    now: Timestamp,
) -> Result<(), StorageError> {
    tx.sql()
        .prepare_cached(
            "UPDATE computer SET name = :name, comment = :comment, updated_at = :now
             WHERE id = :id",
        )?
        .execute(named_params! {
            ":id": id.0,
            ":name": name,
            ":comment": comment,
            ":now": now.as_millisecond(),
        })?;
    Ok(())
}

/// Forgets when hardware was captured, which makes the next synchronisation capture it (D-HW-02).
pub fn forget_hardware_capture(tx: &WriteTx<'_>, id: ComputerId) -> Result<(), StorageError> {
    tx.sql()
        .prepare_cached("UPDATE computer SET last_hardware_capture = NULL WHERE id = :id")?
        .execute(named_params! { ":id": id.0 })?;
    Ok(())
}

/// Deletes a computer with its hardware, events and history, and its CID attribute (D-COMP-01).
/// A list of packages that no other computer has goes with it.
pub fn delete(tx: &WriteTx<'_>, id: ComputerId) -> Result<(), StorageError> {
    let list: Option<i64> = tx
        .sql()
        .prepare_cached("SELECT software_list_id FROM computer WHERE id = :id")?
        .query_row(named_params! { ":id": id.0 }, |row| row.get(0))?;
    tx.sql()
        .prepare_cached(
            "DELETE FROM attribute WHERE value = :cid
               AND formula_id = (SELECT id FROM formula WHERE prefix = 'CID')",
        )?
        .execute(named_params! { ":cid": id.to_string() })?;
    tx.sql()
        .prepare_cached("DELETE FROM computer WHERE id = :id")?
        .execute(named_params! { ":id": id.0 })?;
    tx.sql()
        .prepare_cached(
            "DELETE FROM software_list WHERE id = :list
               AND NOT EXISTS (SELECT 1 FROM computer WHERE software_list_id = :list)",
        )?
        .execute(named_params! { ":list": list })?;
    Ok(())
}
