//! Timelines: how a deployment spreads by its schedule, planned and as it came (7.7).

use jiff::civil::Date;
use jiff::{Timestamp, tz::TimeZone};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::account::{Action, Model};
use crate::domain::ids::{ComputerId, DeploymentId, ProjectId, ScheduleId};
use crate::domain::provided::{ProvidedDay, Provision, days_until, provided_days};
use crate::domain::schedule::{Span, Timeline};
use crate::storage::seen::Thing;
use crate::storage::{deployments, productive, schedule_admin, schedules, synchronizations};

use super::actor::Actor;
use super::reach;
use super::stores::project_in_sight;
use super::{App, AppError};

/// The timeline of a deployment, with the computers it has provided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeploymentTimeline {
    pub timeline: Timeline,
    /// Name of the schedule.
    pub schedule: String,
    /// Names of the attributes of each delay, in the order of the timeline.
    pub attributes: Vec<Vec<String>>,
    /// By day, from the first to the last on which something happens.
    pub days: Vec<ProvidedDay>,
}

/// Computers of a project that a schedule has reached after some days (D-TIME-06).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct ProvidedAfter {
    /// Business days after the start.
    pub days: u32,
    /// Productive computers, those of the days before included.
    pub computers: usize,
}

impl App {
    /// Returns the timeline of a deployment; none without a schedule that has delays (D-TIME-01).
    ///
    /// # Errors
    /// [`AppError::Denied`] without the rights to view deployments and computers,
    /// [`AppError::NotFound`].
    pub async fn deployment_timeline(
        &self,
        actor: &Actor,
        id: DeploymentId,
    ) -> Result<Option<DeploymentTimeline>, AppError> {
        actor.permit(Model::Deployment, Action::View)?;
        actor.permit(Model::Computer, Action::View)?;
        let today = self.today(actor.at);
        let zone = self.options().time_zone.clone();
        let app = self.clone();
        self.see(actor, move |tx| -> Result<_, AppError> {
            tx.check(Thing::Deployment, id.0)?;
            let stored = deployments::get_brief(tx, id)?;
            let site = app.site(tx)?;
            let released = reach::released(&site, stored.project, id);
            let (Some(released), Some(schedule)) = (released, stored.schedule) else {
                return Ok(None);
            };
            let Some(timeline) = Timeline::new(&released.delays, released.start_date, today) else {
                return Ok(None);
            };
            let dues = reach::dues(tx, released, ComputerId(0))?;
            let began: Vec<_> = dues
                .iter()
                .filter(|(_, due)| *due <= today)
                .map(|(computer, due)| (*computer, first_moment(*due, &zone)))
                .collect();
            let came = synchronizations::first_since(tx, &began)?;
            let provision = |(computer, due): &(ComputerId, Date)| Provision {
                due: *due,
                synchronised: came.get(computer).map(|at| at.to_zoned(zone.clone()).date()),
            };
            let provisions: Vec<Provision> = dues.iter().map(provision).collect();
            let schedule = schedule_admin::get(tx, schedule)?;
            let span = Span { begin: timeline.begin, end: timeline.end };
            // Delays are listed as far as they are in sight (6.6); the days are those of all.
            let mut timeline = timeline;
            timeline.delays.retain(|one| schedule.delays.iter().any(|row| row.delay == one.delay));
            let names = |delay: schedule_admin::DelayRow| {
                delay.attributes.into_iter().map(|one| one.name).collect()
            };
            Ok(Some(DeploymentTimeline {
                days: provided_days(span, &provisions, today),
                timeline,
                schedule: schedule.name,
                attributes: schedule.delays.into_iter().map(names).collect(),
            }))
        })
        .await
    }

    /// Says how many productive computers of a project a schedule reaches after how many business
    /// days (D-TIME-06); from day 0 to the last on which one is reached.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the rights to view schedules and computers,
    /// [`AppError::NotFound`].
    pub async fn schedule_provided(
        &self,
        actor: &Actor,
        id: ScheduleId,
        project: String,
    ) -> Result<Vec<ProvidedAfter>, AppError> {
        actor.permit(Model::Schedule, Action::View)?;
        actor.permit(Model::Computer, Action::View)?;
        self.see(actor, move |tx| -> Result<_, AppError> {
            schedule_admin::get(tx, id)?;
            let project: ProjectId = project_in_sight(tx, &project)?;
            let all = schedules::delays(tx)?;
            let delays = all.get(&id).cloned().unwrap_or_default();
            let named = delays.iter().flat_map(|delay| delay.attributes.iter().copied());
            let named: std::collections::BTreeSet<_> = named.collect();
            let pools = productive::pools(tx, project, named.into_iter(), ComputerId(0))?;
            let days = pools.iter().filter_map(|(id, pool)| days_until(&delays, *id, pool));
            let mut days: Vec<u32> = days.collect();
            days.sort_unstable();
            let last = days.last().copied();
            let after = |day: u32| ProvidedAfter {
                days: day,
                computers: days.partition_point(|one| *one <= day),
            };
            Ok(last.into_iter().flat_map(|last| 0..=last).map(after).collect())
        })
        .await
    }
}

/// The first moment of a day in the zone of the site.
fn first_moment(day: Date, zone: &TimeZone) -> Timestamp {
    day.to_zoned(zone.clone()).map_or(Timestamp::MAX, |zoned| zoned.timestamp())
}

#[cfg(test)]
mod tests;
