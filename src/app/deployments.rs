//! Deployments: made, changed, published and deleted (7.3).
//!
//! Whatever changes a repository is published in the transaction that changes it: when an
//! operation returns, the new repository is being served.

use crate::domain::account::{Action, Model};
use crate::domain::deployment::{Deployment, PackageLists, Source};
use crate::domain::ids::{DeploymentId, ProjectId};
use crate::domain::notification::Notice;
use crate::domain::pms::Pms;
use crate::domain::target;
use crate::storage::deployments::{self, Filter};
use crate::storage::revisions::{self, Revision};
use crate::storage::{ReadTx, WriteTx, notifications, projects, publications};

use super::actor::{Actor, Permit};
use super::deployment_changes::{Packages, Recorded, Resolved, names};
use super::history::Object;
use super::publishing::{self, Effects};
use super::reason::reason;
use super::stores::project_id;
use super::{App, AppError};

pub use super::deployment_changes::DeploymentChange;
pub use crate::storage::deployments::{Listed, Reached};

/// A deployment with the names of what it refers to.
#[derive(Debug, Clone)]
pub struct DeploymentDetail {
    pub deployment: Deployment,
    pub project: String,
    /// Package system of the project.
    pub pms: Pms,
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
    pub included_attributes: Vec<String>,
    pub excluded_attributes: Vec<String>,
    /// Productive computers that have it available today (D-DEPLOY-08).
    pub computers: i64,
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
        self.storage()
            .read(move |tx| -> Result<_, AppError> {
                let project = query.project.map(|name| project_id(tx, &name)).transpose()?;
                let filter = Filter {
                    project,
                    enabled: query.enabled,
                    search: query.search.filter(|text| !text.is_empty()),
                    after: query.after,
                    limit: query.limit,
                    ..Filter::default()
                };
                let mut rows = Vec::new();
                for mut listed in deployments::list(tx, &filter)? {
                    listed.deployment.target = deployments::target(tx, listed.deployment.id)?;
                    rows.push(DeploymentRow {
                        included_attributes: names(tx, &listed.deployment.target.included)?,
                        excluded_attributes: names(tx, &listed.deployment.target.excluded)?,
                        computers: computers(tx, &listed.deployment, today)?,
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
        self.deployment_detail(actor, id).await
    }

    async fn deployment_detail(
        &self,
        actor: &Actor,
        id: DeploymentId,
    ) -> Result<DeploymentDetail, AppError> {
        let today = self.today(actor.at);
        self.storage()
            .read(move |tx| -> Result<_, AppError> {
                let mut deployment = deployments::get_brief(tx, id)?;
                deployment.target = deployments::target(tx, id)?;
                let mut files = deployments::files(tx, id)?;
                deployment.available_packages = files.iter().map(|(id, _)| *id).collect();
                files.sort_by(|a, b| a.1.cmp(&b.1));
                let served = publications::current(tx, deployment.project, &deployment.slug)?;
                let project = projects::get(tx, deployment.project)?;
                Ok(DeploymentDetail {
                    project: project.name,
                    pms: project.pms,
                    included_attributes: names(tx, &deployment.target.included)?,
                    excluded_attributes: names(tx, &deployment.target.excluded)?,
                    available_packages: files.into_iter().map(|(_, name)| name).collect(),
                    computers: computers(tx, &deployment, today)?,
                    generation: served.map(|served| served.digest),
                    deployment,
                })
            })
            .await
    }

    /// Lists productive computers whose attributes match the deployment, whatever its dates.
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
    ) -> Result<Vec<Reached>, AppError> {
        actor.permit(Model::Deployment, Action::View)?;
        actor.permit(Model::Computer, Action::View)?;
        self.storage()
            .read(move |tx| -> Result<_, AppError> {
                let deployment = deployments::get_brief(tx, id)?;
                Ok(deployments::matching_computers(tx, &deployment, after, limit)?)
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
        let plan = move |tx: &ReadTx<'_>| {
            let id = project_id(tx, &project)?;
            let resolved = change.resolve(tx, blank(id, today), &project)?;
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
        let plan = move |tx: &ReadTx<'_>| {
            let mut before = deployments::get_brief(tx, id)?;
            before.target = deployments::target(tx, id)?;
            let project = projects::get(tx, before.project)?.name;
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
        let read = self.storage().read(move |tx| -> Result<_, AppError> {
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
        let plan = move |tx: &ReadTx<'_>| {
            let deployment = deployments::get_brief(tx, id)?;
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
        let plan = move |tx: &ReadTx<'_>| {
            let mut deployment = deployments::get_brief(tx, id)?;
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
        self.release(actor.at, plan, deleted).await
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
fn blank(project: ProjectId, today: jiff::civil::Date) -> Deployment {
    Deployment {
        id: DeploymentId(0),
        project,
        name: String::new(),
        slug: String::new(),
        enabled: true,
        source: Source::Internal,
        comment: String::new(),
        start_date: today,
        target: target::Target::default(),
        available_packages: Vec::new(),
        lists: PackageLists::default(),
    }
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
    let entries = entries.iter().cloned().map(publishing::entry).collect();
    let slug = after.slug.clone();
    let Some(target) = publishing::Target::new(tx, after.project, slug, entries)? else {
        return Ok(Effects::default());
    };
    let had_another = renamed && !before.slug.is_empty();
    let remove = had_another.then(|| (before.project, before.slug.clone())).into_iter().collect();
    Ok(Effects { publish: vec![target], remove, fresh: None })
}

/// Counts the computers that have the deployment available today (D-DEPLOY-08).
fn computers(
    tx: &ReadTx<'_>,
    deployment: &Deployment,
    today: jiff::civil::Date,
) -> Result<i64, AppError> {
    if !deployment.enabled || deployment.start_date > today {
        return Ok(0);
    }
    Ok(deployments::count_matching(tx, deployment)?)
}

fn announce(
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
