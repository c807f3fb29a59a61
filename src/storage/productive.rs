//! Pools of the productive computers of a project: what the evaluator counts with.

use std::collections::BTreeMap;

use rusqlite::named_params;

use super::StorageError;
use super::seen::{Seen, Thing};
use crate::domain::ids::{AttributeId, ComputerId, ProjectId};
use crate::domain::target::Pool;

/// Returns the pools of productive computers in sight after `after` by id, as far as `attributes` go;
/// computers that have none of them are left out.
pub fn pools(
    tx: &Seen<'_>,
    project: ProjectId,
    attributes: impl Iterator<Item = AttributeId>,
    after: ComputerId,
) -> Result<BTreeMap<ComputerId, Pool>, StorageError> {
    let attributes: Vec<i64> = attributes.map(|attribute| attribute.0).collect();
    let mut statement = tx.sql().prepare_cached(&format!(
        "SELECT held.computer_id, held.attribute_id
         FROM json_each(:attributes) AS asked
         CROSS JOIN computer_attribute AS held ON held.attribute_id = asked.value
         JOIN computer ON computer.id = held.computer_id
         WHERE held.valid_to IS NULL AND held.computer_id > :after
           AND computer.project_id = :project
           AND computer.status IN ('intended', 'reserved', 'unknown') AND {}",
        tx.condition(Thing::Computer, "computer"),
    ))?;
    let mut rows = statement.query(named_params! {
        ":attributes": serde_json::json!(attributes).to_string(),
        ":after": after.0,
        ":project": project.0,
    })?;
    let mut pools: BTreeMap<ComputerId, Pool> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        pools.entry(ComputerId(row.get(0)?)).or_default().insert(AttributeId(row.get(1)?));
    }
    Ok(pools)
}
