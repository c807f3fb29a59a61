//! Changing computers: status, name and comment, a new key, hardware, deleting (3.1, 3.2).

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::domain::account::{Action, Model};
use crate::domain::ids::ComputerId;
use crate::domain::scopes::View;
use crate::domain::status::Status;
use crate::domain::text;
use crate::storage::computer_admin::{self, Released};
use crate::storage::computer_details::{self, ComputerDetail};
use crate::storage::revisions::{self, Revision};
use crate::storage::seen::Thing;
use crate::storage::{WriteTx, computer_lists, computers};

use super::actor::{Actor, Permit};
use super::history::Object;
use super::reason::reason;
use super::{App, AppError, given_tags};

/// How long an operator's permission for a new key holds (`design.md`, Keys).
const KEY_HOURS: i64 = 24;
/// Longest name of a computer, in characters.
const MAX_NAME: usize = 50;

/// What is typed about a computer; an absent field stays as it is.
#[derive(Debug, Clone, Default, serde::Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ComputerForm {
    /// Superusers only.
    pub name: Option<String>,
    pub comment: Option<String>,
    #[schema(value_type = Option<String>)]
    pub status: Option<Status>,
    /// Its tags, `PREFIX-value` of each: they replace those it has (D-TAG-06).
    pub tags: Option<Vec<String>>,
}

#[derive(Serialize)]
struct StatusRecord {
    status: Status,
    /// What no longer configures the computer.
    #[serde(skip_serializing_if = "Option::is_none")]
    released: Option<Released>,
}

#[derive(Serialize)]
struct NameRecord<'a> {
    name: &'a str,
    comment: Option<&'a str>,
}

impl App {
    /// Changes the status of computers and returns how many had another one (D-STATUS-05 to
    /// D-STATUS-07).
    ///
    /// # Errors
    /// [`AppError::Denied`]; [`AppError::NotFound`] changes nothing.
    pub async fn change_status(
        &self,
        actor: &Actor,
        ids: Vec<ComputerId>,
        status: Status,
    ) -> Result<usize, AppError> {
        let permit = actor.permit(Model::Computer, Action::Change)?;
        let view = actor.view();
        self.storage()
            .write(move |tx| -> Result<_, AppError> {
                let mut changed = 0;
                for id in ids {
                    tx.seen_by(view).check(Thing::Computer, id.0)?;
                    changed += usize::from(set_status(tx, &permit, id, status)?);
                }
                Ok(changed)
            })
            .await
    }

    /// Changes name, comment, status and tags of a computer, whichever are given.
    ///
    /// # Errors
    /// [`AppError::Denied`]: the name is for superusers only (3.1); [`AppError::Invalid`],
    /// [`AppError::NotFound`].
    pub async fn change_computer(
        &self,
        actor: &Actor,
        id: ComputerId,
        form: ComputerForm,
    ) -> Result<ComputerDetail, AppError> {
        let permit = actor.permit(Model::Computer, Action::Change)?;
        let actor = actor.clone();
        self.storage()
            .write(move |tx| -> Result<_, AppError> {
                let seen = tx.seen_by(actor.view());
                let before = computer_details::get(&seen, id)?;
                let name = match form.name.as_deref().map(str::trim) {
                    Some(name) if name != before.row.name => {
                        actor.superuser_permit(Model::Computer, Action::Change)?;
                        check_name(name)?;
                        name.to_owned()
                    }
                    _ => before.row.name.clone(),
                };
                let comment = match form.comment {
                    Some(text) => Some(text::normalise_lines(&text)).filter(|t| !t.is_empty()),
                    None => before.comment.clone(),
                };
                let old = NameRecord { name: &before.row.name, comment: before.comment.as_deref() };
                let new = NameRecord { name: &name, comment: comment.as_deref() };
                if permit.changed(tx, Object { id: id.0, name: &name }, &old, &new)? {
                    let (comment, at) = (comment.as_deref(), permit.at());
                    computer_admin::set_name_and_comment(tx, id, &name, comment, at)?;
                    // The next synchronisation compares the name again (D-UUID-07).
                    computers::forget_pool(tx, id)?;
                }
                if let Some(status) = form.status {
                    set_status(tx, &permit, id, status)?;
                }
                if let Some(tags) = form.tags {
                    given_tags::change(tx, &permit, id, &tags)?;
                }
                Ok(computer_details::get(&tx.seen_by(View::EVERYTHING), id)?)
            })
            .await
    }

    /// Lets a computer register with another key, once, within 24 hours; `accept` false takes
    /// that back.
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::NotFound`].
    pub async fn accept_new_key(
        &self,
        actor: &Actor,
        id: ComputerId,
        accept: bool,
    ) -> Result<Option<Timestamp>, AppError> {
        let permit = actor.permit(Model::Computer, Action::Change)?;
        let until = permit.at().checked_add(SignedDuration::from_hours(KEY_HOURS)).ok();
        let until = until.filter(|_| accept);
        let view = actor.view();
        self.storage()
            .write(move |tx| -> Result<_, AppError> {
                let row = computer_lists::get(&tx.seen_by(view), id)?;
                computers::set_accept_key(tx, id, until)?;
                let verb = if accept { "accept a new key" } else { "refuse a new key" };
                let object = Object { id: id.0, name: &row.name };
                permit.noted(tx, verb, object, &serde_json::json!({ "until": until }))?;
                Ok(until)
            })
            .await
    }

    /// Makes the next synchronisation of a computer capture its hardware (3.1, D-HW-02).
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::NotFound`].
    pub async fn capture_hardware(&self, actor: &Actor, id: ComputerId) -> Result<(), AppError> {
        let permit = actor.permit(Model::Computer, Action::Change)?;
        let view = actor.view();
        self.storage()
            .write(move |tx| -> Result<_, AppError> {
                let before = computer_details::get(&tx.seen_by(view), id)?;
                computer_admin::forget_hardware_capture(tx, id)?;
                let record = |at| serde_json::json!({ "last_hardware_capture": at });
                let (old, new) = (record(before.last_hardware_capture), record(None));
                permit.changed(tx, Object { id: id.0, name: &before.row.name }, &old, &new)?;
                Ok(())
            })
            .await
    }

    /// Deletes computers with their CID attribute, hardware, events and history (D-COMP-01).
    ///
    /// # Errors
    /// [`AppError::Denied`]; [`AppError::NotFound`] deletes none of them.
    pub async fn delete_computers(
        &self,
        actor: &Actor,
        ids: Vec<ComputerId>,
    ) -> Result<(), AppError> {
        let permit = actor.permit(Model::Computer, Action::Delete)?;
        let deleted = ids.clone();
        let view = actor.view();
        self.storage()
            .write(move |tx| -> Result<_, AppError> {
                for id in ids {
                    let before = computer_lists::get(&tx.seen_by(view), id)?;
                    permit.deleted(tx, Object { id: id.0, name: &before.name }, &before)?;
                    computer_admin::delete(tx, id)?;
                }
                revisions::bump(tx, Revision::Release)?;
                Ok(())
            })
            .await?;
        for id in deleted {
            self.forget_message(id);
        }
        Ok(())
    }
}

/// Sets the status unless the computer has it, and says whether it had another; a released
/// computer keeps nothing that configures it (D-STATUS-06).
fn set_status(
    tx: &WriteTx<'_>,
    permit: &Permit,
    id: ComputerId,
    status: Status,
) -> Result<bool, AppError> {
    let before = computer_lists::get(&tx.seen_by(View::EVERYTHING), id)?;
    if before.status == status {
        return Ok(false);
    }
    computer_admin::set_status(tx, id, status, permit.at())?;
    let mut released = None;
    if status.is_released() {
        let taken = computer_admin::release(tx, id)?;
        if !taken.is_empty() {
            revisions::bump(tx, Revision::Release)?;
            if !taken.attribute_sets.is_empty() {
                revisions::bump(tx, Revision::Formulas)?;
            }
            computers::forget_pool(tx, id)?;
            released = Some(taken);
        }
    }
    let old = StatusRecord { status: before.status, released: None };
    let new = StatusRecord { status, released };
    permit.changed(tx, Object { id: id.0, name: &before.name }, &old, &new)?;
    Ok(true)
}

fn check_name(name: &str) -> Result<(), AppError> {
    let length = name.chars().count();
    if (1..=MAX_NAME).contains(&length) && !name.chars().any(char::is_control) {
        return Ok(());
    }
    Err(AppError::invalid("name", reason!("1 to {limit} characters in one line", limit = MAX_NAME)))
}
