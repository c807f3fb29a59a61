//! Reading what happened to computers: synchronisations, migrations, status logs (3.4, 5.4).
//!
//! Read-only lists, newest first, filtered by date, computer, project or status (D-MIG-02).

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::pages::{self, Conditions, Named};
use super::seen::Seen;
use super::tx::instant;
use super::{StorageError, display};
use crate::domain::ids::{ComputerId, MigrationId, ProjectId, StatusLogId, UserId};
use crate::domain::situation::{Migration, StatusLog};
use crate::domain::status::Status;

/// Which events to list, newest first.
#[derive(Debug, Clone, Default)]
pub struct EventFilter {
    pub computer: Option<ComputerId>,
    /// Not for status logs, which have no project.
    pub project: Option<ProjectId>,
    /// Synchronisations only.
    pub user: Option<UserId>,
    /// Synchronisations only: whether every step succeeded.
    pub ok: Option<bool>,
    /// Status logs only.
    pub status: Option<Status>,
    pub from: Option<Timestamp>,
    /// Before this instant.
    pub to: Option<Timestamp>,
    /// Only events older than this id: the last of the page before.
    pub before: Option<i64>,
    pub limit: u32,
}

impl EventFilter {
    fn conditions(&self) -> Conditions {
        let mut all = Conditions::default();
        all.with(self.computer.map(|id| id.0), ":computer", "event.computer_id = :computer");
        all.with(self.from.map(|at| at.as_millisecond()), ":from", "event.created_at >= :from");
        all.with(self.to.map(|at| at.as_millisecond()), ":to", "event.created_at < :to");
        all.with(self.before, ":before", "event.id < :before");
        all.bind(":limit", i64::from(self.limit) + 1);
        all
    }

    fn with_project(&self) -> Conditions {
        let mut all = self.conditions();
        all.with(self.project.map(|id| id.0), ":project", "event.project_id = :project");
        all
    }
}

/// A synchronisation that ended (D-MSG-02).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SynchronizationRow {
    pub id: i64,
    /// The computer by its display name.
    pub computer: Named,
    pub user: Option<Named>,
    /// Its project at that moment.
    pub project: Named,
    pub started_at: Timestamp,
    /// Its end.
    pub created_at: Timestamp,
    /// Every step succeeded.
    pub ok: bool,
}

/// Lists synchronisations; one more than asked if there are more.
pub fn synchronizations(
    tx: &Seen<'_>,
    filter: &EventFilter,
) -> Result<Vec<SynchronizationRow>, StorageError> {
    let mut all = filter.with_project();
    all.add(tx.computer("event.computer_id"));
    all.with(filter.user.map(|id| id.0), ":user", "event.user_id = :user");
    all.with(filter.ok, ":ok", "event.ok = :ok");
    let sql = format!(
        "SELECT event.id, event.computer_id, {} AS display, user.id AS user_id, user.name AS user,
                project.id AS project_id, project.name AS project, event.started_at,
                event.created_at, event.ok
         FROM synchronization AS event
         JOIN computer ON computer.id = event.computer_id
         JOIN project ON project.id = event.project_id
         LEFT JOIN user ON user.id = event.user_id
         WHERE {} ORDER BY event.id DESC LIMIT :limit",
        display::expression(tx)?,
        all.sql(),
    );
    let mut statement = tx.sql().prepare_cached(&sql)?;
    pages::all(statement.query(&*all.parameters())?, |row| {
        let user: Option<i64> = row.get("user_id")?;
        let name: Option<String> = row.get("user")?;
        Ok(SynchronizationRow {
            id: row.get("id")?,
            computer: Named { id: row.get("computer_id")?, name: row.get("display")? },
            user: user.zip(name).map(|(id, name)| Named { id, name }),
            project: Named { id: row.get("project_id")?, name: row.get("project")? },
            started_at: instant(row.get("started_at")?)?,
            created_at: instant(row.get("created_at")?)?,
            ok: row.get("ok")?,
        })
    })
}

/// A change of project (D-MIG-01).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct MigrationRow {
    pub id: i64,
    pub computer: Named,
    /// The new one.
    pub project: Named,
    pub created_at: Timestamp,
}

/// Lists migrations; one more than asked if there are more.
pub fn migrations(tx: &Seen<'_>, filter: &EventFilter) -> Result<Vec<MigrationRow>, StorageError> {
    let mut all = filter.with_project();
    all.add(tx.event("event"));
    let sql = format!(
        "SELECT event.id, event.computer_id, {} AS display, project.id AS project_id,
                project.name AS project, event.created_at
         FROM migration AS event
         JOIN computer ON computer.id = event.computer_id
         JOIN project ON project.id = event.project_id
         WHERE {} ORDER BY event.id DESC LIMIT :limit",
        display::expression(tx)?,
        all.sql(),
    );
    let mut statement = tx.sql().prepare_cached(&sql)?;
    pages::all(statement.query(&*all.parameters())?, |row| {
        Ok(MigrationRow {
            id: row.get("id")?,
            computer: Named { id: row.get("computer_id")?, name: row.get("display")? },
            project: Named { id: row.get("project_id")?, name: row.get("project")? },
            created_at: instant(row.get("created_at")?)?,
        })
    })
}

/// A change of status (D-STATUS-05).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct StatusLogRow {
    pub id: i64,
    pub computer: Named,
    /// The new one.
    #[schema(value_type = String)]
    pub status: Status,
    pub created_at: Timestamp,
}

/// Lists status logs; one more than asked if there are more.
pub fn status_logs(tx: &Seen<'_>, filter: &EventFilter) -> Result<Vec<StatusLogRow>, StorageError> {
    let mut all = filter.conditions();
    all.add(tx.computer("event.computer_id"));
    all.with(filter.status.map(Status::as_str), ":status", "event.status = :status");
    let sql = format!(
        "SELECT event.id, event.computer_id, {} AS display, event.status, event.created_at
         FROM status_log AS event
         JOIN computer ON computer.id = event.computer_id
         WHERE {} ORDER BY event.id DESC LIMIT :limit",
        display::expression(tx)?,
        all.sql(),
    );
    let mut statement = tx.sql().prepare_cached(&sql)?;
    pages::all(statement.query(&*all.parameters())?, |row| {
        Ok(StatusLogRow {
            id: row.get("id")?,
            computer: Named { id: row.get("computer_id")?, name: row.get("display")? },
            status: status(row.get("status")?)?,
            created_at: instant(row.get("created_at")?)?,
        })
    })
}

/// All migrations and status logs of one computer: a handful each.
pub fn of_computer(
    tx: &Seen<'_>,
    id: ComputerId,
) -> Result<(Vec<Migration>, Vec<StatusLog>), StorageError> {
    let filter = EventFilter { computer: Some(id), limit: 10_000, ..EventFilter::default() };
    let migrations = migrations(tx, &filter)?.into_iter().map(|row| Migration {
        id: MigrationId(row.id),
        computer: id,
        project: ProjectId(row.project.id),
        created_at: row.created_at,
    });
    let logs = status_logs(tx, &filter)?.into_iter().map(|row| StatusLog {
        id: StatusLogId(row.id),
        computer: id,
        status: row.status,
        created_at: row.created_at,
    });
    Ok((migrations.collect(), logs.collect()))
}

fn status(text: String) -> Result<Status, StorageError> {
    Status::parse(&text).ok_or(StorageError::Corrupt { what: "status", value: text })
}
