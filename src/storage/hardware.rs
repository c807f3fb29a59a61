//! Hardware of the computers: the tree of the last capture, and its summary (D-HW-01, D-HW-03).

use jiff::Timestamp;
use rusqlite::named_params;
use serde_json::{Map, Value};

use super::{StorageError, WriteTx};
use crate::domain::hardware::{Node, Summary};
use crate::domain::ids::ComputerId;

/// Replaces the tree of a computer; nodes name their parents by their place in the list.
pub fn replace(tx: &WriteTx<'_>, computer: ComputerId, nodes: &[Node]) -> Result<(), StorageError> {
    tx.sql()
        .prepare_cached("DELETE FROM hardware_node WHERE computer_id = :computer")?
        .execute(named_params! { ":computer": computer.0 })?;
    let mut insert = tx.sql().prepare_cached(
        "INSERT INTO hardware_node (computer_id, parent_id, level, name, class, enabled, claimed,
             description, vendor, product, version, serial, bus_info, physid, slot, size, capacity,
             clock, width, dev, capabilities, configuration, logical_names)
         VALUES (:computer, :parent, :level, :name, :class, :enabled, :claimed, :description,
             :vendor, :product, :version, :serial, :bus_info, :physid, :slot, :size, :capacity,
             :clock, :width, :dev, :capabilities, :configuration, :logical_names)",
    )?;
    let mut ids: Vec<i64> = Vec::with_capacity(nodes.len());
    for node in nodes {
        let parent = node.parent.and_then(|parent| ids.get(parent).copied());
        insert.execute(named_params! {
            ":computer": computer.0,
            ":parent": parent,
            ":level": i64::try_from(node.level).unwrap_or(i64::MAX),
            ":name": node.name,
            ":class": node.class,
            ":enabled": node.enabled,
            ":claimed": node.claimed,
            ":description": node.description,
            ":vendor": node.vendor,
            ":product": node.product,
            ":version": node.version,
            ":serial": node.serial,
            ":bus_info": node.bus_info,
            ":physid": node.physid,
            ":slot": node.slot,
            ":size": node.size,
            ":capacity": node.capacity,
            ":clock": node.clock,
            ":width": node.width,
            ":dev": node.dev,
            ":capabilities": object(&node.capabilities),
            ":configuration": object(&node.configuration),
            ":logical_names": Value::from(node.logical_names.clone()).to_string(),
        })?;
        ids.push(tx.sql().last_insert_rowid());
    }
    Ok(())
}

/// Stores the summary of a capture, and when and of what tree it was.
pub fn set_summary(
    tx: &WriteTx<'_>,
    computer: ComputerId,
    summary: &Summary,
    fingerprint: &str,
    now: Timestamp,
) -> Result<(), StorageError> {
    tx.sql()
        .prepare_cached(
            "UPDATE computer SET product = :product, machine = :machine, cpu = :cpu, ram = :ram,
                 storage = :storage, disks = :disks, mac_address = :mac,
                 hardware_fingerprint = :fingerprint, last_hardware_capture = :now
             WHERE id = :computer",
        )?
        .execute(named_params! {
            ":computer": computer.0,
            ":product": summary.product,
            ":machine": summary.machine.as_str(),
            ":cpu": summary.cpu,
            ":ram": summary.ram,
            ":storage": summary.storage,
            ":disks": summary.disks,
            ":mac": summary.mac_address,
            ":fingerprint": fingerprint,
            ":now": now.as_millisecond(),
        })?;
    Ok(())
}

/// Stores that the same tree was captured again.
pub fn touch(tx: &WriteTx<'_>, computer: ComputerId, now: Timestamp) -> Result<(), StorageError> {
    tx.sql()
        .prepare_cached("UPDATE computer SET last_hardware_capture = :now WHERE id = :computer")?
        .execute(named_params! { ":computer": computer.0, ":now": now.as_millisecond() })?;
    Ok(())
}

fn object(pairs: &[(String, String)]) -> String {
    let fields = pairs.iter().map(|(name, value)| (name.clone(), Value::from(value.as_str())));
    Value::Object(fields.collect::<Map<_, _>>()).to_string()
}
