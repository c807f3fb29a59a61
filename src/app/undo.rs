//! Taking administrative changes back: all rows as they were, repositories published to match,
//! and a record of who did it. A change can be seen first like any other, see [`super::trial`].

use std::collections::BTreeSet;

use serde::Serialize;

use crate::domain::account::{Action, Model};
use crate::domain::ids::{ChangeId, DeploymentId, PackageId, ProjectId};
use crate::storage::changes::{self, ChangeSet, Obstructed, RowChange};
use crate::storage::revisions::{self, Revision};
use crate::storage::{ReadTx, WriteTx, audit, packages};

use super::actor::{Actor, Permit};
use super::history::{Entry, Object, Recorded};
use super::publishing::{Effects, Target};
use super::reason::reason;
use super::{App, AppError};

/// Most audit rows that are undone at once.
const MAX_AT_ONCE: usize = 1_000;

/// What was undone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Undone {
    /// Audit rows, the newest first.
    pub audit: Vec<i64>,
}

/// A change to take back, with what was recorded of it and the permits to.
struct Wanted {
    change: ChangeSet,
    recorded: Vec<(Recorded, Permit)>,
}

/// Why an attempt to undo goes no further.
enum Stop {
    Failed(AppError),
    Obstructed(Obstructed),
}

impl<E: Into<AppError>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

impl App {
    /// Undoes the changes that these audit rows belong to, the newest first. Rows of one operation
    /// go together.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right to do the reverse by hand; [`AppError::NotFound`];
    /// [`AppError::Conflict`] for what was undone before, cannot be undone, or was changed again
    /// since.
    pub async fn undo(&self, actor: &Actor, audit: &[i64]) -> Result<Undone, AppError> {
        if audit.is_empty() || audit.len() > MAX_AT_ONCE {
            let text = reason!("1 to {limit} rows of the audit log", limit = MAX_AT_ONCE);
            return Err(AppError::invalid("audit", text));
        }
        let (asked, by) = (audit.to_vec(), actor.clone());
        // What repositories would hold is known only once it has been tried.
        let effects = self
            .storage()
            .try_out(move |tx| -> Result<_, AppError> {
                let revision = revisions::get(tx, Revision::Release)?;
                let wanted = wanted(tx, &by, &asked)?;
                revert(tx, &wanted)?;
                Ok((revision, effects(tx, &changes::noted(tx)?)?))
            })
            .await?;
        let (asked, by) = (audit.to_vec(), actor.clone());
        let plan = move |tx: &ReadTx<'_>| {
            let (revision, effects) = &effects;
            if revisions::get(tx, Revision::Release)? != *revision {
                return Err(AppError::Unavailable("the release changed meanwhile".into()));
            }
            Ok(((), effects.clone()))
        };
        let change = move |tx: &WriteTx<'_>, (): &()| {
            let wanted = wanted(tx, &by, &asked)?;
            revert(tx, &wanted)?;
            let mut undone = Vec::new();
            for (recorded, permit) in wanted.iter().flat_map(|wanted| &wanted.recorded) {
                let Recorded { id, entry, .. } = recorded;
                let object = Object { id: entry.object_id.unwrap_or(0), name: &entry.object_name };
                permit.noted(tx, "undo", object, &About { audit: *id, action: &entry.action })?;
                undone.push(*id);
            }
            revisions::bump(tx, Revision::Formulas)?;
            Ok(Undone { audit: undone })
        };
        self.release(actor.at, plan, change).await
    }
}

impl App {
    /// Returns all that [`App::undo`] of these audit rows would take back, the newest first: every
    /// row of the operations that they belong to.
    ///
    /// # Errors
    /// Those of [`App::undo`], as far as they show before anything is tried.
    pub async fn undoing(&self, actor: &Actor, audit: &[i64]) -> Result<Vec<Recorded>, AppError> {
        let (asked, by) = (audit.to_vec(), actor.clone());
        self.storage()
            .read(move |tx| {
                let changes = wanted(tx, &by, &asked)?.into_iter();
                let recorded = changes.flat_map(|wanted| wanted.recorded);
                Ok(recorded.map(|(recorded, _)| recorded).collect())
            })
            .await
    }
}

/// What the audit log says of an undo.
#[derive(Serialize)]
struct About<'a> {
    /// The row that was undone.
    audit: i64,
    action: &'a str,
}

/// Finds the changes, the newest first, and obtains the permits to do their reverse.
fn wanted(tx: &ReadTx<'_>, actor: &Actor, asked: &[i64]) -> Result<Vec<Wanted>, AppError> {
    let mut ids: BTreeSet<ChangeId> = BTreeSet::new();
    for row in asked {
        ids.insert(changes::find_by_audit(tx, *row)?.ok_or_else(|| {
            AppError::Conflict(reason!(
                "audit row {id} cannot be undone: it changed nothing that can be taken back, or is \
                 more than 30 days old",
                id = row.to_string()
            ))
        })?);
    }
    let mut wanted = Vec::new();
    for id in ids.into_iter().rev() {
        let change = changes::get(tx, id)?;
        if change.undone {
            let id = change.audit.0.to_string();
            return Err(AppError::Conflict(reason!("audit row {id} is undone already", id = id)));
        }
        let mut recorded = Vec::new();
        for row in audit::between(tx, change.audit.0, change.audit.1)?.into_iter().rev() {
            let permit = permit(actor, &row.entry)?;
            recorded.push((row, permit));
        }
        wanted.push(Wanted { change, recorded });
    }
    Ok(wanted)
}

/// The permit to do by hand what undoing an entry does.
fn permit(actor: &Actor, entry: &Entry) -> Result<Permit, AppError> {
    let model = Model::parse(&entry.object_kind)
        .ok_or_else(|| AppError::internal(format!("model {}", entry.object_kind)))?;
    let action = match entry.action.as_str() {
        "add" => Action::Delete,
        "delete" => Action::Add,
        _ => Action::Change,
    };
    Ok(actor.permit(model, action)?)
}

fn revert(tx: &WriteTx<'_>, wanted: &[Wanted]) -> Result<(), AppError> {
    let reverted = |wanted: &Wanted| -> Result<(), Stop> {
        changes::revert(tx, &wanted.change)?.map_err(Stop::Obstructed)
    };
    for wanted in wanted {
        reverted(wanted).map_err(|stop| match stop {
            Stop::Failed(error) => error,
            Stop::Obstructed(Obstructed { table, row }) => {
                let id = wanted.change.audit.0.to_string();
                AppError::Conflict(reason!(
                    "audit row {id} cannot be undone: {table} {row} was changed again since, or is \
                     in use; undo that first",
                    id = id,
                    table = table.replace('_', " "),
                    row = row
                ))
            }
        })?;
    }
    Ok(())
}

/// What the reverted rows do to repositories.
fn effects(tx: &ReadTx<'_>, rows: &[RowChange]) -> Result<Effects, AppError> {
    let mut touched: BTreeSet<DeploymentId> = BTreeSet::new();
    let mut left: BTreeSet<(ProjectId, String)> = BTreeSet::new();
    for row in rows {
        let number = |fields: &serde_json::Map<String, serde_json::Value>, name: &str| {
            fields.get(name).and_then(serde_json::Value::as_i64)
        };
        let either = row.after.as_ref().or(row.before.as_ref());
        match row.table.as_str() {
            "deployment" => {
                touched.extend(either.and_then(|fields| number(fields, "id")).map(DeploymentId));
                left.extend(row.before.as_ref().and_then(|fields| {
                    let slug = fields.get("slug")?.as_str()?.to_owned();
                    Some((ProjectId(number(fields, "project_id")?), slug))
                }));
            }
            "deployment_package" => {
                let id = either.and_then(|fields| number(fields, "deployment_id"));
                touched.extend(id.map(DeploymentId));
            }
            "package" => {
                if let Some(id) = either.and_then(|fields| number(fields, "id")) {
                    touched.extend(packages::deployments_of(tx, PackageId(id))?);
                }
            }
            _ => {}
        }
    }
    let mut effects = Effects::default();
    for id in touched {
        match Target::of(tx, id) {
            Ok(target) => effects.publish.extend(target),
            // It goes with the change.
            Err(AppError::NotFound { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    let served = |target: &Target| (target.project, target.slug.clone());
    let stay: BTreeSet<(ProjectId, String)> = effects.publish.iter().map(served).collect();
    effects.remove = left.into_iter().filter(|repository| !stay.contains(repository)).collect();
    Ok(effects)
}
