//! Administration of schedules (7.6): their delays with attributes by name, and who uses them.

use std::collections::BTreeSet;

use rusqlite::{OptionalExtension as _, Row, named_params};
use serde::Serialize;
use utoipa::ToSchema;

use super::pages::Named;
use super::related::{self, Kind, Related};
use super::seen::{Seen, Thing};
use super::{ReadTx, StorageError, WriteTx, pages, targets};
use crate::domain::ids::{AttributeId, ScheduleId};

/// A schedule as people see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ScheduleRow {
    #[schema(value_type = i64)]
    pub id: ScheduleId,
    pub name: String,
    pub description: String,
    /// By delay, each number once.
    pub delays: Vec<DelayRow>,
    /// Deployments that use it.
    pub deployments: i64,
}

/// A delay of a schedule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DelayRow {
    /// Business days from the start of the deployment.
    pub delay: u32,
    /// Business days over which its computers are spread.
    pub duration: u32,
    pub attributes: Vec<Named>,
}

/// Schedules are seen by all, with the delays and the deployments in sight (6.6).
fn select(tx: &Seen<'_>) -> String {
    format!(
        "
    SELECT id, name, description,
           (SELECT count(*) FROM deployment
            WHERE schedule_id = schedule.id AND {deployment}) AS deployments,
           (SELECT json_group_array(json_array(delay, duration, json(attributes)) ORDER BY delay)
            FROM (SELECT delay, duration, {attributes} AS attributes
                  FROM schedule_delay WHERE schedule_id = schedule.id AND {delay})) AS delays
    FROM schedule",
        deployment = tx.condition(Thing::Deployment, "deployment"),
        attributes = targets::names(
            "schedule_delay_attribute",
            "target.schedule_delay_id = schedule_delay.id",
        ),
        delay = tx.condition(Thing::ScheduleDelay, "schedule_delay"),
    )
}

/// Which schedules to list.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub related: Option<Related>,
    /// Part of the name or of the description.
    pub search: Option<String>,
    /// Cursor: the name of the last of the page before.
    pub after: Option<String>,
    pub limit: u32,
}

/// Lists schedules by name.
pub fn list(tx: &Seen<'_>, filter: &Filter) -> Result<Vec<ScheduleRow>, StorageError> {
    let sql = format!(
        r"{} WHERE {} AND (:after IS NULL OR name > :after)
            AND (:search IS NULL OR name LIKE :search ESCAPE '\'
                 OR description LIKE :search ESCAPE '\')
          ORDER BY name LIMIT :limit",
        select(tx),
        related::condition(filter.related, Kind::Schedule, "schedule.id"),
    );
    let mut statement = tx.sql().prepare_cached(&sql)?;
    let rows = statement.query(named_params! {
        ":after": filter.after,
        ":search": filter.search.as_deref().map(pages::contains),
        ":limit": filter.limit,
    })?;
    pages::all(rows, from_row)
}

/// Returns one schedule.
pub fn get(tx: &Seen<'_>, id: ScheduleId) -> Result<ScheduleRow, StorageError> {
    let mut statement = tx.sql().prepare_cached(&format!("{} WHERE id = :id", select(tx)))?;
    pages::one(statement.query(named_params! { ":id": id.0 })?, from_row, "schedule", id)
}

/// Finds a schedule by its name.
pub fn find_by_name(tx: &ReadTx<'_>, name: &str) -> Result<Option<ScheduleId>, StorageError> {
    let mut statement = tx.sql().prepare_cached("SELECT id FROM schedule WHERE name = :name")?;
    let found = statement.query_row(named_params! { ":name": name }, |row| row.get(0));
    Ok(found.optional()?.map(ScheduleId))
}

/// Lists all schedules by name: the options of a form.
pub fn names(tx: &ReadTx<'_>) -> Result<Vec<Named>, StorageError> {
    let mut statement = tx.sql().prepare_cached("SELECT id, name FROM schedule ORDER BY name")?;
    pages::all(statement.query([])?, Named::from_row)
}

/// Lists the deployments that use a schedule, by name.
pub fn users(tx: &Seen<'_>, id: ScheduleId) -> Result<Vec<Named>, StorageError> {
    let sql = format!(
        "SELECT id, name FROM deployment WHERE schedule_id = :id AND {} ORDER BY name, id",
        tx.condition(Thing::Deployment, "deployment"),
    );
    let mut statement = tx.sql().prepare_cached(&sql)?;
    pages::all(statement.query(named_params! { ":id": id.0 })?, Named::from_row)
}

/// Adds a schedule without delays, and returns its id.
pub fn insert(tx: &WriteTx<'_>, name: &str, description: &str) -> Result<ScheduleId, StorageError> {
    tx.sql()
        .prepare_cached("INSERT INTO schedule (name, description) VALUES (:name, :description)")?
        .execute(named_params! { ":name": name, ":description": description })?;
    Ok(ScheduleId(tx.sql().last_insert_rowid()))
}

/// Stores name and description of a schedule.
pub fn update(
    tx: &WriteTx<'_>,
    id: ScheduleId,
    name: &str,
    description: &str,
) -> Result<(), StorageError> {
    tx.sql()
        .prepare_cached(
            "UPDATE schedule SET name = :name, description = :description WHERE id = :id",
        )?
        .execute(named_params! { ":id": id.0, ":name": name, ":description": description })?;
    Ok(())
}

/// A delay to store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDelay {
    pub delay: u32,
    pub duration: u32,
    pub attributes: Vec<AttributeId>,
}

/// Lists the delays of a schedule that are out of sight.
pub fn hidden_delays(tx: &Seen<'_>, id: ScheduleId) -> Result<BTreeSet<u32>, StorageError> {
    let sql = format!(
        "SELECT delay FROM schedule_delay WHERE schedule_id = :id AND NOT {}",
        tx.condition(Thing::ScheduleDelay, "schedule_delay"),
    );
    let mut statement = tx.sql().prepare_cached(&sql)?;
    let rows = statement.query_map(named_params! { ":id": id.0 }, |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Replaces the delays of a schedule but those that are out of the sight of `seen`, whose numbers
/// are not among `delays`.
pub fn set_delays(
    seen: &Seen<'_>,
    tx: &WriteTx<'_>,
    id: ScheduleId,
    delays: &[NewDelay],
) -> Result<(), StorageError> {
    let sql = format!(
        "DELETE FROM schedule_delay WHERE schedule_id = :id AND {}",
        seen.condition(Thing::ScheduleDelay, "schedule_delay"),
    );
    tx.sql().prepare_cached(&sql)?.execute(named_params! { ":id": id.0 })?;
    let mut insert = tx.sql().prepare_cached(
        "INSERT INTO schedule_delay (schedule_id, delay, duration) VALUES (:id, :delay, :duration)",
    )?;
    let mut name = tx.sql().prepare_cached(
        "INSERT OR IGNORE INTO schedule_delay_attribute (schedule_delay_id, attribute_id)
         VALUES (:delay, :attribute)",
    )?;
    for NewDelay { delay, duration, attributes } in delays {
        insert.execute(named_params! { ":id": id.0, ":delay": delay, ":duration": duration })?;
        let row = tx.sql().last_insert_rowid();
        for attribute in attributes {
            name.execute(named_params! { ":delay": row, ":attribute": attribute.0 })?;
        }
    }
    Ok(())
}

/// Deletes a schedule with its delays; the deployments that used it stay, without one.
pub fn delete(tx: &WriteTx<'_>, id: ScheduleId) -> Result<(), StorageError> {
    for sql in [
        "UPDATE deployment SET schedule_id = NULL WHERE schedule_id = :id",
        "DELETE FROM schedule WHERE id = :id",
    ] {
        tx.sql().prepare_cached(sql)?.execute(named_params! { ":id": id.0 })?;
    }
    Ok(())
}

fn from_row(row: &Row<'_>) -> Result<ScheduleRow, StorageError> {
    type Stored = Vec<(u32, u32, Vec<(i64, String)>)>;
    let text: String = row.get("delays")?;
    let delays: Stored = serde_json::from_str(&text)
        .map_err(|_| StorageError::Corrupt { what: "delays", value: text })?;
    let named = |(id, name)| Named { id, name };
    let delay = |(delay, duration, attributes): (_, _, Vec<(i64, String)>)| DelayRow {
        delay,
        duration,
        attributes: attributes.into_iter().map(named).collect(),
    };
    Ok(ScheduleRow {
        id: ScheduleId(row.get("id")?),
        name: row.get("name")?,
        description: row.get("description")?,
        delays: delays.into_iter().map(delay).collect(),
        deployments: row.get("deployments")?,
    })
}
