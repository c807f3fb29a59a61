//! Figures of the home page, of the alerts and of the metrics (D-STATS-03, 5.5).

use jiff::Timestamp;
use rusqlite::named_params;
use serde::Serialize;
use utoipa::ToSchema;

use super::pages::Named;
use super::seen::{Seen, Thing};
use super::{ReadTx, StorageError};

/// A figure with the object it belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Figure {
    pub of: Named,
    /// The platform of a project; empty elsewhere.
    pub platform: String,
    pub count: i64,
}

/// Productive computers by project, with its platform (D-STATUS-10).
pub fn productive_computers(tx: &Seen<'_>) -> Result<Vec<Figure>, StorageError> {
    let sql = format!(
        "SELECT project.id, project.name, platform.name, count(computer.id)
         FROM project
         JOIN platform ON platform.id = project.platform_id
         LEFT JOIN computer ON computer.project_id = project.id
           AND computer.status IN ('intended', 'reserved', 'unknown') AND {}
         WHERE {}
         GROUP BY project.id ORDER BY platform.name, project.name",
        tx.condition(Thing::Computer, "computer"),
        tx.condition(Thing::Project, "project"),
    );
    figures(tx, &sql)
}

/// Unchecked errors by project, only projects that have some.
pub fn unchecked_errors(tx: &Seen<'_>) -> Result<Vec<Figure>, StorageError> {
    let sql = format!(
        "SELECT project.id, project.name, platform.name, found.count
         FROM (SELECT project_id, count(*) AS count FROM error
               WHERE checked = 0 AND {} GROUP BY project_id) AS found
         JOIN project ON project.id = found.project_id
         JOIN platform ON platform.id = project.platform_id
         ORDER BY platform.name, project.name",
        tx.condition(Thing::Error, "error"),
    );
    figures(tx, &sql)
}

/// Unchecked faults by definition, only definitions that have some.
pub fn unchecked_faults(tx: &Seen<'_>) -> Result<Vec<Figure>, StorageError> {
    let sql = format!(
        "SELECT definition.id, definition.name, '', found.count
         FROM (SELECT fault_definition_id, count(*) AS count FROM fault
               WHERE checked = 0 AND {} GROUP BY fault_definition_id) AS found
         JOIN fault_definition AS definition ON definition.id = found.fault_definition_id
         ORDER BY definition.name",
        tx.condition(Thing::Fault, "fault"),
    );
    figures(tx, &sql)
}

/// Computers by status.
pub fn statuses(tx: &Seen<'_>) -> Result<Vec<(String, i64)>, StorageError> {
    let seen = tx.condition(Thing::Computer, "computer");
    let sql = format!(
        "SELECT status, count(*) FROM computer WHERE {seen} GROUP BY status ORDER BY status"
    );
    let mut statement = tx.sql().prepare_cached(&sql)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Computers that finished a synchronisation in each stretch of time (D-STATS-01): stretch `n`
/// begins at `starts[n]` and ends where the next one begins, the last one at `end`.
pub fn synchronised(
    tx: &Seen<'_>,
    starts: &[Timestamp],
    end: Timestamp,
) -> Result<Vec<i64>, StorageError> {
    let mut statement = tx.sql().prepare_cached(&format!(
        "SELECT count(DISTINCT computer_id) FROM synchronization
         WHERE created_at >= :from AND created_at < :to AND {}",
        tx.computer("computer_id"),
    ))?;
    let ends = starts.iter().skip(1).chain(std::iter::once(&end));
    let count = |(from, to): (&Timestamp, &Timestamp)| {
        let values = named_params! { ":from": from.as_millisecond(), ":to": to.as_millisecond() };
        Ok(statement.query_row(values, |row| row.get(0))?)
    };
    starts.iter().zip(ends).map(count).collect()
}

/// What nobody has checked yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unchecked {
    pub errors: i64,
    pub notifications: i64,
}

/// Counts what nobody has checked yet, which stands in partial indexes.
pub fn unchecked(tx: &Seen<'_>) -> Result<Unchecked, StorageError> {
    let mut statement = tx.sql().prepare_cached(&format!(
        "SELECT (SELECT count(*) FROM error WHERE checked = 0 AND {}),
                (SELECT count(*) FROM notification WHERE checked = 0)",
        tx.condition(Thing::Error, "error"),
    ))?;
    Ok(statement
        .query_row([], |row| Ok(Unchecked { errors: row.get(0)?, notifications: row.get(1)? }))?)
}

/// What the database holds, for the metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Totals {
    pub computers: i64,
    pub unchecked_errors: i64,
    pub unchecked_faults: i64,
    pub unchecked_notifications: i64,
    pub synchronizations: i64,
    pub generations: i64,
    /// Bytes of the database file, free pages included.
    pub database_bytes: i64,
    pub free_bytes: i64,
}

/// Counts what is there. Unchecked ones stand in partial indexes; the number of synchronisations
/// that ever ended is the highest id given.
pub fn totals(tx: &ReadTx<'_>) -> Result<Totals, StorageError> {
    let pragma = |name: &str| -> Result<i64, StorageError> {
        Ok(tx.sql().pragma_query_value(None, name, |row| row.get(0))?)
    };
    let page = pragma("page_size")?;
    let mut statement = tx.sql().prepare_cached(
        "SELECT (SELECT count(*) FROM computer),
                (SELECT count(*) FROM error WHERE checked = 0),
                (SELECT count(*) FROM fault WHERE checked = 0),
                (SELECT count(*) FROM notification WHERE checked = 0),
                ifnull((SELECT seq FROM sqlite_sequence WHERE name = 'synchronization'), 0),
                ifnull((SELECT seq FROM sqlite_sequence WHERE name = 'generation'), 0)",
    )?;
    let pages = (pragma("page_count")?, pragma("freelist_count")?);
    Ok(statement.query_row([], |row| {
        Ok(Totals {
            computers: row.get(0)?,
            unchecked_errors: row.get(1)?,
            unchecked_faults: row.get(2)?,
            unchecked_notifications: row.get(3)?,
            synchronizations: row.get(4)?,
            generations: row.get(5)?,
            database_bytes: pages.0 * page,
            free_bytes: pages.1 * page,
        })
    })?)
}

fn figures(tx: &ReadTx<'_>, sql: &str) -> Result<Vec<Figure>, StorageError> {
    let mut statement = tx.sql().prepare_cached(sql)?;
    let rows = statement.query_map([], |row| {
        Ok(Figure {
            of: Named { id: row.get(0)?, name: row.get(1)? },
            platform: row.get(2)?,
            count: row.get(3)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
