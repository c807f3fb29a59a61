//! What people change about computers: status, name, comment; and deleting them.

use jiff::Timestamp;
use rusqlite::named_params;

use super::{StorageError, WriteTx, migrations};
use crate::domain::ids::ComputerId;
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

/// What configured a computer by its CID and does no longer.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Released {
    /// Names of deployments that included or excluded it.
    pub deployments: Vec<String>,
    /// Names of fault definitions that included or excluded it.
    pub fault_definitions: Vec<String>,
}

impl Released {
    /// Says whether anything was taken away.
    pub fn is_empty(&self) -> bool {
        self.deployments.is_empty() && self.fault_definitions.is_empty()
    }
}

/// Takes the CID attribute of a computer out of all that configures computers (D-STATUS-06).
pub fn release_cid(tx: &WriteTx<'_>, id: ComputerId) -> Result<Released, StorageError> {
    const CID: &str = "(SELECT attribute.id FROM attribute
                        JOIN formula ON formula.id = attribute.formula_id
                        WHERE formula.prefix = 'CID' AND attribute.value = :cid)";
    let cid = id.to_string();
    let names = |sql: String| -> Result<Vec<String>, StorageError> {
        let mut statement = tx.sql().prepare_cached(&sql)?;
        let rows = statement.query_map(named_params! { ":cid": cid }, |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    };
    let released = Released {
        deployments: names(format!(
            "SELECT DISTINCT deployment.name FROM deployment_attribute
             JOIN deployment ON deployment.id = deployment_id
             WHERE attribute_id = {CID} ORDER BY deployment.name"
        ))?,
        fault_definitions: names(format!(
            "SELECT DISTINCT fault_definition.name FROM fault_definition_attribute
             JOIN fault_definition ON fault_definition.id = fault_definition_id
             WHERE attribute_id = {CID} ORDER BY fault_definition.name"
        ))?,
    };
    for table in ["deployment_attribute", "fault_definition_attribute"] {
        let sql = format!("DELETE FROM {table} WHERE attribute_id = {CID}");
        tx.sql().prepare_cached(&sql)?.execute(named_params! { ":cid": cid })?;
    }
    Ok(released)
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
