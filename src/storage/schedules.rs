//! Schedules and their delays (7.6).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::seen::{Seen, Thing};
use super::{ReadTx, StorageError, pages};
use crate::domain::ids::{AttributeId, DelayId, DeploymentId, ScheduleId};
use crate::domain::schedule::{Delay, Span};

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

/// Returns the days of every enabled deployment whose schedule has delays (D-ALERT-08 to
/// D-ALERT-12).
pub fn spans(tx: &Seen<'_>) -> Result<Vec<(DeploymentId, Span)>, StorageError> {
    let mut statement = tx.sql().prepare_cached(&format!(
        "SELECT deployment.id, start_date, min(delay) AS first, max(delay + duration) AS last
         FROM deployment JOIN schedule_delay USING (schedule_id)
         WHERE enabled = 1 AND {} GROUP BY deployment.id",
        tx.condition(Thing::Deployment, "deployment"),
    ))?;
    pages::all(statement.query([])?, |row| {
        let start: String = row.get("start_date")?;
        let start = start
            .parse()
            .map_err(|_| StorageError::Corrupt { what: "start date", value: start })?;
        let span = Span::new(start, row.get("first")?, row.get("last")?);
        Ok((DeploymentId(row.get("id")?), span))
    })
}
