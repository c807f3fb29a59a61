//! What errors, faults and notifications have in common: lists by date, newest first, and being
//! checked off one by one or as a selection (D-FAULT-04, D-ERR-04, D-NOTIF-13).

use jiff::Timestamp;
use rusqlite::named_params;

use super::pages::Conditions;
use super::seen::{Seen, Thing};
use super::{StorageError, WriteTx};
use crate::domain::ids::{ComputerId, ProjectId};
use crate::domain::scopes::View;

/// Which rows to list, newest first.
#[derive(Debug, Clone, Default)]
pub struct FoundFilter {
    pub checked: Option<bool>,
    /// Not for notifications, which concern the whole site.
    pub computer: Option<ComputerId>,
    pub project: Option<ProjectId>,
    /// Stored at this instant or later.
    pub from: Option<Timestamp>,
    /// Stored before this instant.
    pub to: Option<Timestamp>,
    /// Only rows older than this id: the last of the page before.
    pub before: Option<i64>,
    pub limit: u32,
}

impl FoundFilter {
    /// The conditions on the table `found`.
    pub(super) fn conditions(&self) -> Conditions {
        let mut all = self.since_and_checked();
        all.with(self.computer.map(|id| id.0), ":computer", "found.computer_id = :computer");
        all.with(self.project.map(|id| id.0), ":project", "found.project_id = :project");
        all
    }

    /// The same for rows that belong to no computer.
    pub(super) fn since_and_checked(&self) -> Conditions {
        let mut all = Conditions::default();
        // Literals, so that the partial index of the unchecked ones is used.
        all.when(self.checked == Some(false), "found.checked = 0");
        all.when(self.checked == Some(true), "found.checked = 1");
        all.with(self.from.map(|at| at.as_millisecond()), ":from", "found.created_at >= :from");
        all.with(self.to.map(|at| at.as_millisecond()), ":to", "found.created_at < :to");
        all.with(self.before, ":before", "found.id < :before");
        all.bind(":limit", i64::from(self.limit) + 1);
        all
    }
}

/// A table whose rows are checked off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Checkable {
    Error,
    Fault,
    Notification,
}

impl Checkable {
    fn update(self, seen: &Seen<'_>) -> String {
        let (table, condition) = match self {
            Self::Error => ("error", seen.condition(Thing::Error, "error")),
            Self::Fault => ("fault", seen.condition(Thing::Fault, "fault")),
            Self::Notification => ("notification", "TRUE".to_owned()),
        };
        format!(
            "UPDATE {table} SET checked = :checked
             WHERE id IN (SELECT value FROM json_each(:ids)) AND checked <> :checked
               AND {condition}
             RETURNING id"
        )
    }
}

/// Checks or unchecks the rows and returns the ids of those that changed; unknown ids, and what is
/// out of sight, are left out.
pub fn set_checked(
    tx: &WriteTx<'_>,
    view: View,
    what: Checkable,
    ids: &[i64],
    checked: bool,
) -> Result<Vec<i64>, StorageError> {
    let ids = serde_json::json!(ids).to_string();
    let mut statement = tx.sql().prepare_cached(&what.update(&tx.seen_by(view)))?;
    let rows = statement
        .query_map(named_params! { ":ids": ids, ":checked": checked }, |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
