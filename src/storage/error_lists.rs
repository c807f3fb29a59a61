//! Reading the errors computers reported (5.2).

use jiff::Timestamp;
use rusqlite::{Row, named_params};
use serde::Serialize;
use utoipa::ToSchema;

use super::checks::FoundFilter;
use super::pages::Named;
use super::seen::{Seen, Thing};
use super::tx::instant;
use super::{StorageError, display, pages};
use crate::domain::ids::ErrorId;

/// An error as it is listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ErrorRow {
    #[schema(value_type = i64)]
    pub id: ErrorId,
    /// The computer by its display name.
    pub computer: Named,
    /// Its project at that moment.
    pub project: Named,
    /// When the server stored it.
    pub created_at: Timestamp,
    /// When it happened, by the computer's own clock.
    pub client_time: Option<Timestamp>,
    pub description: String,
    pub checked: bool,
}

fn select(tx: &Seen<'_>, conditions: &str) -> Result<String, StorageError> {
    let display = display::expression(tx)?;
    let seen = tx.condition(Thing::Error, "found");
    Ok(format!(
        "SELECT found.id, found.computer_id, {display} AS display, found.project_id,
                project.name AS project, found.created_at, found.client_time_ms,
                found.description, found.checked
         FROM error AS found
         JOIN computer ON computer.id = found.computer_id
         JOIN project ON project.id = found.project_id
         WHERE {seen} AND {conditions}"
    ))
}

/// Lists a page of errors, newest first; one more than asked if there are more.
pub fn list(tx: &Seen<'_>, filter: &FoundFilter) -> Result<Vec<ErrorRow>, StorageError> {
    let conditions = filter.conditions();
    let sql = select(tx, &conditions.sql())? + " ORDER BY found.id DESC LIMIT :limit";
    let mut statement = tx.sql().prepare_cached(&sql)?;
    pages::all(statement.query(&*conditions.parameters())?, from_row)
}

/// Returns one error.
pub fn get(tx: &Seen<'_>, id: ErrorId) -> Result<ErrorRow, StorageError> {
    let mut statement = tx.sql().prepare_cached(&select(tx, "found.id = :id")?)?;
    pages::one(statement.query(named_params! { ":id": id.0 })?, from_row, "error", id)
}

fn from_row(row: &Row<'_>) -> Result<ErrorRow, StorageError> {
    let client_time: Option<i64> = row.get("client_time_ms")?;
    Ok(ErrorRow {
        id: ErrorId(row.get("id")?),
        computer: Named { id: row.get("computer_id")?, name: row.get("display")? },
        project: Named { id: row.get("project_id")?, name: row.get("project")? },
        created_at: instant(row.get("created_at")?)?,
        // A clock may say anything: what is no instant is not shown.
        client_time: client_time.and_then(|ms| Timestamp::from_millisecond(ms).ok()),
        description: row.get("description")?,
        checked: row.get("checked")?,
    })
}
