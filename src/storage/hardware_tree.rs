//! Reading the hardware of a computer: the tree of the last capture (D-HW-01, D-HW-04).

use rusqlite::{Row, named_params};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::seen::{Seen, Thing};
use super::{StorageError, pages};
use crate::domain::ids::ComputerId;

/// A node of the tree.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct HardwareNode {
    pub id: i64,
    pub parent_id: Option<i64>,
    /// Depth, 0 at the root.
    pub level: i64,
    pub name: String,
    pub class: String,
    pub enabled: Option<bool>,
    pub claimed: Option<bool>,
    pub description: Option<String>,
    pub vendor: Option<String>,
    pub product: Option<String>,
    pub version: Option<String>,
    pub serial: Option<String>,
    pub bus_info: Option<String>,
    pub physid: Option<String>,
    pub slot: Option<String>,
    /// Bytes for memory and disks, otherwise the unit of the class.
    pub size: Option<i64>,
    pub capacity: Option<i64>,
    /// Hertz.
    pub clock: Option<i64>,
    /// Bits.
    pub width: Option<i64>,
    pub dev: Option<String>,
    #[schema(value_type = Object)]
    pub capabilities: Value,
    #[schema(value_type = Object)]
    pub configuration: Value,
    #[schema(value_type = Vec<String>)]
    pub logical_names: Value,
}

const COLUMNS: &str = "id, parent_id, level, name, class, enabled, claimed, description, vendor,
    product, version, serial, bus_info, physid, slot, size, capacity, clock, width, dev,
    capabilities, configuration, logical_names";

/// The nodes of a computer, each after its parent, as they were captured.
pub fn list(tx: &Seen<'_>, computer: ComputerId) -> Result<Vec<HardwareNode>, StorageError> {
    tx.check(Thing::Computer, computer.0)?;
    let sql =
        format!("SELECT {COLUMNS} FROM hardware_node WHERE computer_id = :computer ORDER BY id");
    let mut statement = tx.sql().prepare_cached(&sql)?;
    pages::all(statement.query(named_params! { ":computer": computer.0 })?, from_row)
}

/// One node of a computer.
pub fn get(tx: &Seen<'_>, computer: ComputerId, id: i64) -> Result<HardwareNode, StorageError> {
    tx.check(Thing::Computer, computer.0)?;
    let sql =
        format!("SELECT {COLUMNS} FROM hardware_node WHERE id = :id AND computer_id = :computer");
    let mut statement = tx.sql().prepare_cached(&sql)?;
    pages::one(
        statement.query(named_params! { ":id": id, ":computer": computer.0 })?,
        from_row,
        "hardware node",
        id,
    )
}

fn from_row(row: &Row<'_>) -> Result<HardwareNode, StorageError> {
    let json = |column: &str| -> Result<Value, StorageError> {
        let text: String = row.get(column)?;
        serde_json::from_str(&text)
            .map_err(|_| StorageError::Corrupt { what: "hardware node", value: text })
    };
    Ok(HardwareNode {
        id: row.get("id")?,
        parent_id: row.get("parent_id")?,
        level: row.get("level")?,
        name: row.get("name")?,
        class: row.get("class")?,
        enabled: row.get("enabled")?,
        claimed: row.get("claimed")?,
        description: row.get("description")?,
        vendor: row.get("vendor")?,
        product: row.get("product")?,
        version: row.get("version")?,
        serial: row.get("serial")?,
        bus_info: row.get("bus_info")?,
        physid: row.get("physid")?,
        slot: row.get("slot")?,
        size: row.get("size")?,
        capacity: row.get("capacity")?,
        clock: row.get("clock")?,
        width: row.get("width")?,
        dev: row.get("dev")?,
        capabilities: json("capabilities")?,
        configuration: json("configuration")?,
        logical_names: json("logical_names")?,
    })
}
