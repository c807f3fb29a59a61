//! Deployments: made, changed, published and deleted (7.3).
//!
//! Whatever changes a repository is published in the transaction that changes it: when an
//! operation returns, the new repository is being served.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::domain::account::{Action, Model};
use crate::domain::deployment::{Deployment, PackageLists, Source};
use crate::domain::ids::{ComputerId, DeploymentId, DomainId, ProjectId, ScheduleId};
use crate::domain::notification::Notice;
use crate::domain::pms::Pms;
use crate::domain::schedule::{Span, Standing, Timeline};
use crate::domain::target;
use crate::storage::deployments::{self, Filter};
use crate::storage::related::Related;
use crate::storage::revisions::{self, Revision};
use crate::storage::schedule_admin::ScheduleRow;
use crate::storage::seen::{Seen, Thing};
use crate::storage::{
    ReadTx, StorageError, WriteTx, domains, notifications, projects, publications, regenerations,
    schedule_admin, schedules,
};

use super::actor::{Actor, Permit};
use super::deployment_changes::{Packages, Recorded, Resolved, check_own, names};
use super::history::Object;
use super::publishing::{self, Effects};
use super::reach::{self, released};
use super::reason::reason;
use super::release_cache::Site;
use super::stores::project_in_sight;
use super::{App, AppError};

pub use super::deployment_changes::DeploymentChange;
pub use super::external_changes::ExternalChange;
pub use crate::storage::deployments::{Listed, Reached};

/// A deployment with the names of what it refers to.
#[derive(Debug, Clone)]
pub struct DeploymentDetail {
    pub deployment: Deployment,
    pub project: String,
    /// Name of its domain.
    pub domain: Option<String>,
    /// Package system of the project.
    pub pms: Pms,
    pub schedule: Option<ScheduleRow>,
    /// Where it stands today, with a schedule that has delays (D-TIME-01).
    pub timeline: Option<Timeline>,
    pub included_attributes: Vec<String>,
    pub excluded_attributes: Vec<String>,
    /// File names in order.
    pub available_packages: Vec<String>,
    /// Productive computers that have it available today (D-DEPLOY-08).
    pub computers: i64,
    /// SHA-256 of the InRelease or repomd.xml being served, in hexadecimal.
    pub generation: Option<String>,
}

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
    /// Cursor: name and id of the last of the page before.
    pub after: Option<(String, DeploymentId)>,
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
    /// Lists deployments by name (D-DEPLOY-07).
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
                after: query.after,
                limit: query.limit,
                ..Filter::default()
            };
            let found = deployments::list(tx, &filter)?;
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

    /// Returns a deployment.
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::NotFound`].
    pub async fn deployment(
        &self,
        actor: &Actor,
        id: DeploymentId,
    ) -> Result<DeploymentDetail, AppError> {
        actor.permit(Model::Deployment, Action::View)?;
        self.see(actor, move |tx| Ok(tx.check(Thing::Deployment, id.0)?)).await?;
        self.deployment_detail(actor, id).await
    }

    async fn deployment_detail(
        &self,
        actor: &Actor,
        id: DeploymentId,
    ) -> Result<DeploymentDetail, AppError> {
        let today = self.today(actor.at);
        let app = self.clone();
        self.see(actor, move |tx| -> Result<_, AppError> {
            let site = app.site(tx)?;
            let mut deployment = deployments::get_brief(tx, id)?;
            deployment.target = deployments::target(tx, id)?;
            let mut files = deployments::files(tx, id)?;
            deployment.available_packages = files.iter().map(|(id, _)| *id).collect();
            files.sort_by(|a, b| a.1.cmp(&b.1));
            let served = publications::current(tx, deployment.project, &deployment.slug)?;
            let project = projects::get(tx, deployment.project)?;
            let key = std::iter::once((deployment.project, id));
            let counts = reach::counts(tx, &site, key, today)?;
            let schedule = deployment.schedule.map(|id| schedule_admin::get(tx, id));
            Ok(DeploymentDetail {
                project: project.name,
                domain: domain_name(tx, &deployment)?,
                pms: project.pms,
                schedule: schedule.transpose()?,
                timeline: timeline(&site, &deployment, today),
                included_attributes: names(tx, &deployment.target.included)?,
                excluded_attributes: names(tx, &deployment.target.excluded)?,
                available_packages: files.into_iter().map(|(_, name)| name).collect(),
                computers: counts.get(&id).copied().unwrap_or_default(),
                generation: served.map(|served| served.digest),
                deployment,
            })
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

    /// Makes a deployment in the project of this name; its repository is served on return.
    ///
    /// # Errors
    /// [`AppError::Denied`]; [`AppError::NotFound`] for the project; [`AppError::Invalid`];
    /// [`AppError::Conflict`] for a taken repository name.
    pub async fn add_deployment(
        &self,
        actor: &Actor,
        project: String,
        mut change: DeploymentChange,
    ) -> Result<DeploymentDetail, AppError> {
        let permit = actor.permit(Model::Deployment, Action::Add)?;
        change.name = Some(change.name.unwrap_or_default());
        let today = self.today(actor.at);
        let by = actor.clone();
        let plan = move |tx: &ReadTx<'_>| {
            let project = project_in_sight(&tx.seen_by(by.view()), &project)?;
            let project = projects::get(tx, project)?;
            let change = change.clone().asked_by(&by, tx)?;
            let resolved = change.resolve(tx, blank(project.id, today), &project)?;
            let effects = effects(tx, &resolved)?;
            Ok((resolved, effects))
        };
        let saved = move |tx: &WriteTx<'_>, resolved: &Resolved| {
            let Resolved { after, packages, .. } = resolved;
            let id = deployments::insert(tx, after)?;
            deployments::add_packages(tx, id, &packages.added_ids())?;
            let recorded = Recorded::new(tx, after, &packages.added)?;
            permit.added(tx, Object { id: id.0, name: &after.name }, &recorded)?;
            announce(tx, &permit, id, &after.name, true)?;
            Ok(id)
        };
        let id = self.release(actor.at, plan, saved).await?;
        self.deployment_detail(actor, id).await
    }

    /// Changes a deployment; where its packages or its repository name change, the new repository
    /// is served on return (D-DEPLOY-04, D-DEPLOY-05).
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::NotFound`], [`AppError::Invalid`],
    /// [`AppError::Conflict`] for a taken repository name.
    pub async fn change_deployment(
        &self,
        actor: &Actor,
        id: DeploymentId,
        change: DeploymentChange,
    ) -> Result<DeploymentDetail, AppError> {
        let permit = actor.permit(Model::Deployment, Action::Change)?;
        let by = actor.clone();
        let plan = move |tx: &ReadTx<'_>| {
            let mut before = deployments::get_brief(tx, id)?;
            check_own(&by, tx, &before, Action::Change)?;
            let change = change.clone().asked_by(&by, tx)?;
            before.target = deployments::target(tx, id)?;
            let project = projects::get(tx, before.project)?;
            let resolved = change.resolve(tx, before, &project)?;
            let effects = effects(tx, &resolved)?;
            Ok((resolved, effects))
        };
        let saved = move |tx: &WriteTx<'_>, resolved: &Resolved| {
            let Resolved { before, after, packages } = resolved;
            deployments::update(tx, after)?;
            deployments::take_packages(tx, id, &packages.taken_ids())?;
            deployments::add_packages(tx, id, &packages.added_ids())?;
            let old = Recorded::new(tx, before, &packages.taken)?;
            let new = Recorded::new(tx, after, &packages.added)?;
            permit.changed(tx, Object { id: id.0, name: &after.name }, &old, &new)?;
            announce(tx, &permit, id, &after.name, false)
        };
        self.release(actor.at, plan, saved).await?;
        self.forget_old_sources().await;
        self.deployment_detail(actor, id).await
    }

    /// Refuses to move a deployment to another project (7.3: it cannot change once saved).
    ///
    /// # Errors
    /// [`AppError::Invalid`] if `project` is not the name of its own.
    pub async fn check_project_of(
        &self,
        actor: &Actor,
        id: DeploymentId,
        project: &str,
    ) -> Result<(), AppError> {
        actor.permit(Model::Deployment, Action::View)?;
        let read = self.see(actor, move |tx| -> Result<_, AppError> {
            Ok(projects::get(tx, deployments::get_brief(tx, id)?.project)?.name)
        });
        match read.await? {
            own if own == project => Ok(()),
            own => Err(AppError::invalid(
                "project",
                reason!("it is {name} and cannot change", name = own),
            )),
        }
    }

    /// Publishes a deployment again: with the present key and the present content of its packages
    /// (D-REPO-05).
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::NotFound`].
    pub async fn publish_deployment(
        &self,
        actor: &Actor,
        id: DeploymentId,
    ) -> Result<DeploymentDetail, AppError> {
        let permit = actor.permit(Model::Deployment, Action::Change)?;
        let by = actor.clone();
        let plan = move |tx: &ReadTx<'_>| {
            let deployment = deployments::get_brief(tx, id)?;
            check_own(&by, tx, &deployment, Action::Change)?;
            let publish = publishing::Target::of(tx, id)?.into_iter().collect();
            Ok((deployment.name, Effects { publish, ..Effects::default() }))
        };
        let published = move |tx: &WriteTx<'_>, name: &String| {
            Ok(permit.noted(tx, "publish", Object { id: id.0, name }, &())?)
        };
        self.release(actor.at, plan, published).await?;
        self.deployment_detail(actor, id).await
    }

    /// Deletes a deployment and its repository (D-DEPLOY-06).
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::NotFound`].
    pub async fn delete_deployment(&self, actor: &Actor, id: DeploymentId) -> Result<(), AppError> {
        let permit = actor.permit(Model::Deployment, Action::Delete)?;
        let by = actor.clone();
        let plan = move |tx: &ReadTx<'_>| {
            let mut deployment = deployments::get_brief(tx, id)?;
            check_own(&by, tx, &deployment, Action::Delete)?;
            deployment.target = deployments::target(tx, id)?;
            let packages = deployments::entries(tx, id)?;
            let remove = vec![(deployment.project, deployment.slug.clone())];
            Ok(((deployment, packages), Effects { remove, ..Effects::default() }))
        };
        let deleted = move |tx: &WriteTx<'_>, (deployment, packages): &(Deployment, Vec<_>)| {
            let recorded = Recorded::new(tx, deployment, packages)?;
            permit.deleted(tx, Object { id: id.0, name: &deployment.name }, &recorded)?;
            Ok(deployments::delete(tx, id)?)
        };
        self.release(actor.at, plan, deleted).await?;
        self.forget_old_sources().await;
        Ok(())
    }

    /// Sweeps the cache after a change. Its folders are named so that none answers for another
    /// source; if this fails, the hourly job does it.
    async fn forget_old_sources(&self) {
        if self.is_preview() {
            return;
        }
        if let Err(error) = self.sweep_external_cache().await {
            tracing::warn!(error = super::chain(&error), "the cache was not swept");
        }
    }

    /// Says where the release stands: a number that changes with every change of it.
    ///
    /// # Errors
    /// [`AppError`] from the database.
    pub async fn release_revision(&self) -> Result<i64, AppError> {
        self.storage().read(|tx| Ok(revisions::get(tx, Revision::Release)?)).await
    }
}

/// A deployment nobody has said anything about yet.
fn blank(project: ProjectId, today: Date) -> Deployment {
    Deployment {
        id: DeploymentId(0),
        project,
        domain: None,
        name: String::new(),
        slug: String::new(),
        enabled: true,
        external: None,
        comment: String::new(),
        start_date: today,
        target: target::Target::default(),
        schedule: None,
        available_packages: Vec::new(),
        lists: PackageLists::default(),
    }
}

fn domain_name(tx: &ReadTx<'_>, deployment: &Deployment) -> Result<Option<String>, StorageError> {
    Ok(deployment.domain.map(|id| domains::get(tx, id)).transpose()?.map(|domain| domain.name))
}

/// What the change does to repositories (D-DEPLOY-02, D-DEPLOY-04).
fn effects(tx: &ReadTx<'_>, resolved: &Resolved) -> Result<Effects, AppError> {
    let Resolved { before, after, packages } = resolved;
    let renamed = before.slug != after.slug;
    let Packages { entries: Some(entries), added, taken } = packages else {
        return Ok(Effects::default());
    };
    if !renamed && added.is_empty() && taken.is_empty() {
        return Ok(Effects::default());
    }
    let members = entries.iter().cloned().map(publishing::member).collect();
    let slug = after.slug.clone();
    let Some(target) = publishing::Target::new(tx, after.project, slug, members)? else {
        return Ok(Effects::default());
    };
    let had_another = renamed && !before.slug.is_empty();
    let remove = had_another.then(|| (before.project, before.slug.clone())).into_iter().collect();
    Ok(Effects { publish: vec![target], remove, fresh: None })
}

/// Where the schedule of a deployment stands.
fn timeline(site: &Site, deployment: &Deployment, today: Date) -> Option<Timeline> {
    let released = released(site, deployment.project, deployment.id)?;
    Timeline::new(&released.delays, released.start_date, today)
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

pub(super) fn announce(
    tx: &WriteTx<'_>,
    permit: &Permit,
    id: DeploymentId,
    name: &str,
    created: bool,
) -> Result<(), AppError> {
    let notice = Notice::DeploymentSaved {
        deployment: id,
        name: name.to_owned(),
        account: permit.actor().to_owned(),
        created,
    };
    Ok(notifications::add(tx, &notice, permit.at())?)
}
