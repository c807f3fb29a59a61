//! Deployments: made, changed, published and deleted (7.3).
//!
//! Whatever changes a repository is published in the transaction that changes it: when an
//! operation returns, the new repository is being served.

use jiff::civil::Date;

use crate::domain::account::{Action, Model};
use crate::domain::deployment::{Deployment, PackageLists};
use crate::domain::ids::{DeploymentId, ProjectId};
use crate::domain::notification::Notice;
use crate::domain::pms::Pms;
use crate::domain::schedule::Timeline;
use crate::domain::target;
use crate::storage::revisions::{self, Revision};
use crate::storage::schedule_admin::ScheduleRow;
use crate::storage::seen::Thing;
use crate::storage::{
    ReadTx, StorageError, WriteTx, deployment_packages, deployments, domains, notifications,
    projects, publications, schedule_admin,
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
pub use super::deployment_lists::{DeploymentQuery, DeploymentRow, ReachedComputer};
pub use super::external_changes::ExternalChange;
pub use crate::storage::deployment_lists::{DeploymentOrder, Listed};
pub use crate::storage::deployments::Reached;

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

impl App {
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
            let mut files = deployment_packages::files(tx, id)?;
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
            deployment_packages::add(tx, id, &packages.added_ids())?;
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
            deployment_packages::take(tx, id, &packages.taken_ids())?;
            deployment_packages::add(tx, id, &packages.added_ids())?;
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
            let packages = deployment_packages::entries(tx, id)?;
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
    let slug = after.slug.clone();
    let Some(target) = publishing::Target::new(tx, after.project, slug, entries.clone())? else {
        return Ok(Effects::default());
    };
    let had_another = renamed && !before.slug.is_empty();
    let remove = had_another.then(|| (before.project, before.slug.clone())).into_iter().collect();
    Ok(Effects { publish: vec![target], remove, fresh: None })
}

/// Where the schedule of a deployment stands.
pub(super) fn timeline(site: &Site, deployment: &Deployment, today: Date) -> Option<Timeline> {
    let released = released(site, deployment.project, deployment.id)?;
    Timeline::new(&released.delays, released.start_date, today)
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
