//! Administration of schedules (7.6). A change reaches each computer at its next synchronisation.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::account::{Action, Model};
use crate::domain::ids::ScheduleId;
use crate::domain::schedule::{MAX_DAYS, MAX_NAME};
use crate::domain::scopes::View;
use crate::domain::text;
use crate::storage::ReadTx;
use crate::storage::pages::Named;
use crate::storage::revisions::{self, Revision};
use crate::storage::schedule_admin::{self, NewDelay};

pub use crate::storage::schedule_admin::{DelayRow, Filter as ScheduleFilter, ScheduleRow};

use super::actor::Actor;
use super::attributes::find_named;
use super::history::Object;
use super::listed::Listed;
use super::reason::reason;
use super::{App, AppError};

/// Most delays of a schedule.
const MAX_DELAYS: usize = 200;

/// What is typed about a schedule.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScheduleForm {
    pub name: String,
    #[serde(default)]
    pub description: String,
    /// Each `delay` once, in any order.
    #[serde(default)]
    pub delays: Vec<DelayForm>,
}

/// What is typed about a delay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DelayForm {
    /// Business days from the start of the deployment, 0 or more.
    pub delay: u32,
    /// Business days over which its computers are spread, 1 or more.
    #[serde(default = "one")]
    pub duration: u32,
    /// `PREFIX-value` of each; without any it reaches nobody.
    #[serde(default)]
    pub attributes: Vec<String>,
}

fn one() -> u32 {
    1
}

impl From<ScheduleRow> for ScheduleForm {
    fn from(row: ScheduleRow) -> Self {
        let ScheduleRow { name, description, delays, .. } = row;
        Self { name, description, delays: delays.into_iter().map(DelayForm::from).collect() }
    }
}

impl From<DelayRow> for DelayForm {
    fn from(row: DelayRow) -> Self {
        let DelayRow { delay, duration, attributes } = row;
        Self { delay, duration, attributes: attributes.into_iter().map(|one| one.name).collect() }
    }
}

impl App {
    /// Lists schedules by name.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right.
    pub async fn schedules(
        &self,
        actor: &Actor,
        filter: ScheduleFilter,
    ) -> Result<Listed<ScheduleRow>, AppError> {
        actor.permit(Model::Schedule, Action::View)?;
        let limit = filter.limit;
        let filter = ScheduleFilter {
            search: filter.search.filter(|text| !text.is_empty()),
            limit: limit.saturating_add(1),
            ..filter
        };
        let found = self.see(actor, move |tx| Ok(schedule_admin::list(tx, &filter)?)).await?;
        Ok(Listed::new(found, limit, |row| row.name.clone()))
    }

    /// Lists the names of all schedules.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right.
    pub async fn schedule_names(&self, actor: &Actor) -> Result<Vec<Named>, AppError> {
        actor.permit(Model::Schedule, Action::View)?;
        self.storage().read(|tx| Ok(schedule_admin::names(tx)?)).await
    }

    /// Returns one schedule.
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::NotFound`].
    pub async fn schedule(&self, actor: &Actor, id: ScheduleId) -> Result<ScheduleRow, AppError> {
        actor.permit(Model::Schedule, Action::View)?;
        self.see(actor, move |tx| Ok(schedule_admin::get(tx, id)?)).await
    }

    /// Lists the deployments that use a schedule.
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::NotFound`].
    pub async fn schedule_users(
        &self,
        actor: &Actor,
        id: ScheduleId,
    ) -> Result<Vec<Named>, AppError> {
        actor.permit(Model::Schedule, Action::View)?;
        self.see(actor, move |tx| Ok(schedule_admin::users(tx, id)?)).await
    }

    /// Adds a schedule.
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::Invalid`], [`AppError::Conflict`].
    pub async fn add_schedule(
        &self,
        actor: &Actor,
        form: ScheduleForm,
    ) -> Result<ScheduleRow, AppError> {
        let permit = actor.permit(Model::Schedule, Action::Add)?;
        self.storage()
            .write(move |tx| -> Result<_, AppError> {
                let everything = tx.seen_by(View::EVERYTHING);
                let (form, delays) = check(tx, form, None)?;
                let id = schedule_admin::insert(tx, &form.name, &form.description)?;
                schedule_admin::set_delays(&everything, tx, id, &delays)?;
                let after = schedule_admin::get(&everything, id)?;
                permit.added(
                    tx,
                    Object { id: id.0, name: &form.name },
                    &ScheduleForm::from(after.clone()),
                )?;
                revisions::bump(tx, Revision::Release)?;
                Ok(after)
            })
            .await
    }

    /// Changes a schedule, with it the days of every deployment that uses it. Delays out of sight
    /// stay as they are (6.6).
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::Invalid`], [`AppError::Conflict`], [`AppError::NotFound`].
    pub async fn change_schedule(
        &self,
        actor: &Actor,
        id: ScheduleId,
        form: ScheduleForm,
    ) -> Result<ScheduleRow, AppError> {
        let permit = actor.permit(Model::Schedule, Action::Change)?;
        let view = actor.view();
        self.storage()
            .write(move |tx| -> Result<_, AppError> {
                let (everything, seen) = (tx.seen_by(View::EVERYTHING), tx.seen_by(view));
                let before = schedule_admin::get(&everything, id)?;
                let (form, delays) = check(tx, form, Some(id))?;
                let hidden = schedule_admin::hidden_delays(&seen, id)?;
                if let Some(taken) = delays.iter().find(|delay| hidden.contains(&delay.delay)) {
                    return Err(same_delay(taken.delay));
                }
                let stored = schedule_admin::get(&seen, id)?.delays;
                schedule_admin::update(tx, id, &form.name, &form.description)?;
                // Rows that stay keep their ids: others would stand in the way of an undo.
                if !are_stored(&delays, &stored) {
                    schedule_admin::set_delays(&seen, tx, id, &delays)?;
                }
                let after = schedule_admin::get(&everything, id)?;
                let (old, new) = (ScheduleForm::from(before), ScheduleForm::from(after));
                if permit.changed(tx, Object { id: id.0, name: &new.name }, &old, &new)? {
                    revisions::bump(tx, Revision::Release)?;
                }
                Ok(schedule_admin::get(&seen, id)?)
            })
            .await
    }

    /// Deletes a schedule. Deployments that use it stay and lose it, which must be confirmed: whom
    /// only the schedule gave them to has them no longer (D-GEN-09).
    ///
    /// # Errors
    /// [`AppError::Conflict`] names the deployments; [`AppError::Denied`], [`AppError::NotFound`].
    pub async fn delete_schedule(
        &self,
        actor: &Actor,
        id: ScheduleId,
        confirmed: bool,
    ) -> Result<(), AppError> {
        let permit = actor.permit(Model::Schedule, Action::Delete)?;
        let view = actor.view();
        self.storage()
            .write(move |tx| -> Result<_, AppError> {
                let everything = tx.seen_by(View::EVERYTHING);
                let before = schedule_admin::get(&everything, id)?;
                let names = |named: Vec<Named>| named.into_iter().map(|one| one.name).collect();
                let used: Vec<String> = names(schedule_admin::users(&everything, id)?);
                if !used.is_empty() && !confirmed {
                    let mut told: Vec<String> =
                        names(schedule_admin::users(&tx.seen_by(view), id)?);
                    let hidden = used.len().saturating_sub(told.len());
                    told.extend((hidden > 0).then(|| format!("+{hidden}")));
                    return Err(AppError::Conflict(reason!(
                        "deployments use schedule {name}, confirm that they lose it: {deployments}",
                        name = &before.name,
                        deployments = told.join(", ")
                    )));
                }
                let name = before.name.clone();
                let mut recorded = serde_json::json!(ScheduleForm::from(before));
                if let Some(fields) = recorded.as_object_mut() {
                    fields.insert("deployments".to_owned(), serde_json::json!(used));
                }
                permit.deleted(tx, Object { id: id.0, name: &name }, &recorded)?;
                schedule_admin::delete(tx, id)?;
                revisions::bump(tx, Revision::Release)?;
                Ok(())
            })
            .await
    }
}

/// Says whether these delays are those that are stored, all of them in any order.
fn are_stored(delays: &[NewDelay], stored: &[DelayRow]) -> bool {
    let new = delays.iter().map(|delay| {
        let attributes: BTreeSet<i64> = delay.attributes.iter().map(|id| id.0).collect();
        (delay.delay, delay.duration, attributes)
    });
    let old = stored.iter().map(|delay| {
        let attributes: BTreeSet<i64> = delay.attributes.iter().map(|one| one.id).collect();
        (delay.delay, delay.duration, attributes)
    });
    new.collect::<BTreeSet<_>>() == old.collect::<BTreeSet<_>>()
}

fn same_delay(delay: u32) -> AppError {
    let reason = reason!("there is a delay of {delay} days already", delay = delay.to_string());
    AppError::invalid("delay", reason)
}

/// What is typed, put in order, with the attributes that were found.
fn check(
    tx: &ReadTx<'_>,
    form: ScheduleForm,
    own: Option<ScheduleId>,
) -> Result<(ScheduleForm, Vec<NewDelay>), AppError> {
    let name = form.name.trim().to_owned();
    if !(1..=MAX_NAME).contains(&name.chars().count()) || name.chars().any(char::is_control) {
        return Err(AppError::invalid(
            "name",
            reason!("1 to {limit} characters in one line", limit = MAX_NAME),
        ));
    }
    if schedule_admin::find_by_name(tx, &name)?.is_some_and(|other| Some(other) != own) {
        let taken = reason!("a schedule named {name} exists already", name = name);
        return Err(AppError::Conflict(taken));
    }
    if form.delays.len() > MAX_DELAYS {
        let reason = reason!("at most {limit} delays", limit = MAX_DELAYS);
        return Err(AppError::invalid("delays", reason));
    }
    let mut numbers = BTreeSet::new();
    let mut delays = Vec::new();
    for given in &form.delays {
        if given.delay > MAX_DAYS {
            let reason = reason!("0 to {limit} business days", limit = u64::from(MAX_DAYS));
            return Err(AppError::invalid("delay", reason));
        }
        if !(1..=MAX_DAYS).contains(&given.duration) {
            let reason = reason!("1 to {limit} business days", limit = u64::from(MAX_DAYS));
            return Err(AppError::invalid("duration", reason));
        }
        if !numbers.insert(given.delay) {
            return Err(same_delay(given.delay));
        }
        let attributes = find_named(tx, "attributes", &given.attributes)?;
        delays.push(NewDelay { delay: given.delay, duration: given.duration, attributes });
    }
    delays.sort_by_key(|delay| delay.delay);
    let description = text::normalise_lines(form.description.trim());
    Ok((ScheduleForm { name, description, ..form }, delays))
}

#[cfg(test)]
mod tests;
