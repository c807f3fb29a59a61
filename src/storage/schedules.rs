//! Schedules and their delays (7.6).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{ReadTx, StorageError};
use crate::domain::ids::{AttributeId, DelayId, ScheduleId};
use crate::domain::schedule::Delay;

/// Returns the delays of every schedule that has some, by delay.
pub fn delays(tx: &ReadTx<'_>) -> Result<BTreeMap<ScheduleId, Arc<[Delay]>>, StorageError> {
    let mut attributes: BTreeMap<i64, BTreeSet<AttributeId>> = BTreeMap::new();
    let mut statement = tx
        .sql()
        .prepare_cached("SELECT schedule_delay_id, attribute_id FROM schedule_delay_attribute")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        attributes.entry(row.get(0)?).or_default().insert(AttributeId(row.get(1)?));
    }
    let mut statement = tx.sql().prepare_cached(
        "SELECT id, schedule_id, delay, duration FROM schedule_delay ORDER BY schedule_id, delay",
    )?;
    let mut rows = statement.query([])?;
    let mut delays: BTreeMap<ScheduleId, Vec<Delay>> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let id: i64 = row.get("id")?;
        delays.entry(ScheduleId(row.get("schedule_id")?)).or_default().push(Delay {
            id: DelayId(id),
            delay: row.get("delay")?,
            duration: row.get("duration")?,
            attributes: attributes.remove(&id).unwrap_or_default(),
        });
    }
    Ok(delays.into_iter().map(|(id, delays)| (id, delays.into())).collect())
}
