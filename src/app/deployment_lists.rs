//! Lists of deployments, and of the computers that one reaches (D-DEPLOY-07, D-DEPLOY-08).

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::domain::account::{Action, Model};
use crate::domain::deployment::Source;
use crate::domain::ids::{ComputerId, DeploymentId, DomainId, ScheduleId};
use crate::domain::schedule::{Span, Standing, Timeline};
use crate::storage::deployment_lists::{self, DeploymentOrder, Filter, Listed};
use crate::storage::deployments::{self, Reached};
use crate::storage::pages::{Cursor, Sorted};
use crate::storage::related::Related;
use crate::storage::seen::{Seen, Thing};
use crate::storage::{ReadTx, StorageError, domains, regenerations, schedule_admin, schedules};

use super::actor::Actor;
use super::deployment_changes::names;
use super::deployments::timeline;
use super::reach::{self, released};
use super::stores::project_in_sight;
use super::{App, AppError};

/// Which deployments to list; things are named.
#[derive(Debug, Clone, Default)]
pub struct DeploymentQuery {
    pub project: Option<String>,
    pub enabled: Option<bool>,
    /// Name of the domain.
    pub domain: Option<String>,
    pub source: Option<Source>,
    /// Name of the schedule.
    pub schedule: Option<String>,
    /// Only those that belong to this object.
    pub related: Option<Related>,
    /// Only enabled ones whose schedule has delays and stands so (D-ALERT-08, D-ALERT-09).
    pub standing: Option<Standing>,
    /// Only those whose repository waits to be published again (D-ALERT-07).
    pub regenerating: bool,
    /// Part of the name, or of the file name of a package in it.
    pub search: Option<String>,
    /// By name if nothing is asked for.
    pub sorted: Option<Sorted<DeploymentOrder>>,
    pub after: Option<Cursor>,
    pub limit: u32,
}

/// A deployment in a list.
#[derive(Debug, Clone)]
pub struct DeploymentRow {
    pub listed: Listed,
    /// Name of its domain.
    pub domain: Option<String>,
    pub included_attributes: Vec<String>,
    pub excluded_attributes: Vec<String>,
    /// Where it stands today, with a schedule that has delays (D-TIME-01).
    pub timeline: Option<Timeline>,
    /// Productive computers that have it available today (D-DEPLOY-08).
    pub computers: i64,
}

/// A computer that a deployment is for, and since when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReachedComputer {
    pub computer: Reached,
    /// The day from which on it has the deployment.
    pub since: Date,
}

impl App {
    /// Lists deployments by name, or as asked (D-DEPLOY-07).
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right.
    pub async fn deployments(
        &self,
        actor: &Actor,
        query: DeploymentQuery,
    ) -> Result<Vec<DeploymentRow>, AppError> {
        actor.permit(Model::Deployment, Action::View)?;
        let today = self.today(actor.at);
        let app = self.clone();
        self.see(actor, move |tx| -> Result<_, AppError> {
            let ids = chosen(tx, &query, today)?;
            let project = query.project.map(|name| project_in_sight(tx, &name)).transpose()?;
            let filter = Filter {
                project,
                enabled: query.enabled,
                domain: query.domain.map(|name| domain_id(tx, &name)).transpose()?,
                source: query.source,
                schedule: query.schedule.map(|name| schedule_id(tx, &name)).transpose()?,
                related: query.related,
                ids,
                search: query.search.filter(|text| !text.is_empty()),
                sorted: query.sorted,
                after: query.after,
                limit: query.limit,
            };
            let found = deployment_lists::list(tx, &filter)?;
            let site = app.site(tx)?;
            let keys = found.iter().map(|row| (row.deployment.project, row.deployment.id));
            let counts = reach::counts(tx, &site, keys, today)?;
            let domains: BTreeMap<i64, String> =
                domains::names(tx)?.into_iter().map(|one| (one.id, one.name)).collect();
            let mut rows = Vec::new();
            for mut listed in found {
                let id = listed.deployment.id;
                listed.deployment.target = deployments::target(tx, id)?;
                rows.push(DeploymentRow {
                    domain: listed.deployment.domain.and_then(|id| domains.get(&id.0).cloned()),
                    included_attributes: names(tx, &listed.deployment.target.included)?,
                    excluded_attributes: names(tx, &listed.deployment.target.excluded)?,
                    timeline: timeline(&site, &listed.deployment, today),
                    computers: counts.get(&id).copied().unwrap_or_default(),
                    listed,
                });
            }
            Ok(rows)
        })
        .await
    }

    /// Lists productive computers that the deployment is for, each with its day.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the rights to view deployments and computers,
    /// [`AppError::NotFound`].
    pub async fn deployment_computers(
        &self,
        actor: &Actor,
        id: DeploymentId,
        after: i64,
        limit: u32,
    ) -> Result<Vec<ReachedComputer>, AppError> {
        actor.permit(Model::Deployment, Action::View)?;
        actor.permit(Model::Computer, Action::View)?;
        let app = self.clone();
        self.see(actor, move |tx| -> Result<_, AppError> {
            tx.check(Thing::Deployment, id.0)?;
            let project = deployments::get_brief(tx, id)?.project;
            let site = app.site(tx)?;
            let Some(deployment) = released(&site, project, id) else {
                return Ok(Vec::new());
            };
            let mut dues = reach::dues(tx, deployment, ComputerId(after))?;
            dues.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
            let ids: Vec<ComputerId> = dues.iter().map(|(id, _)| *id).collect();
            let found = deployments::computers(tx, &ids)?;
            let day = |(computer, (_, since))| ReachedComputer { computer, since };
            Ok(found.into_iter().zip(dues).map(day).collect())
        })
        .await
    }
}

/// The deployments that an alert counts, where the list is that of one.
fn chosen(
    tx: &Seen<'_>,
    query: &DeploymentQuery,
    today: Date,
) -> Result<Option<Vec<DeploymentId>>, StorageError> {
    let scheduled = query.standing.map(|wanted| standing(tx, wanted, today)).transpose()?;
    if !query.regenerating {
        return Ok(scheduled);
    }
    let mut waiting = regenerations::all(tx)?;
    if let Some(scheduled) = scheduled {
        waiting.retain(|id| scheduled.contains(id));
    }
    Ok(Some(waiting))
}

/// Deployments whose schedule is active or finished (D-ALERT-08, D-ALERT-09).
fn standing(
    tx: &Seen<'_>,
    wanted: Standing,
    today: Date,
) -> Result<Vec<DeploymentId>, StorageError> {
    let all = schedules::spans(tx)?.into_iter();
    let stands = |(_, span): &(_, Span)| Standing::of(span.percent(today)) == wanted;
    Ok(all.filter(stands).map(|(id, _)| id).collect())
}

fn domain_id(tx: &ReadTx<'_>, name: &str) -> Result<DomainId, AppError> {
    domains::find(tx, name)?.ok_or_else(|| AppError::not_found("domain", name))
}

fn schedule_id(tx: &ReadTx<'_>, name: &str) -> Result<ScheduleId, AppError> {
    let found = schedule_admin::find_by_name(tx, name)?;
    found.ok_or_else(|| AppError::not_found("schedule", name))
}
