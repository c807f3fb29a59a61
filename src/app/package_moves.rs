//! Deployments from other ones: copies, and packages that move on (D-PROC-01, D-PROC-02).

use std::collections::HashSet;

use crate::domain::account::{Action, Model};
use crate::domain::deployment::{Deployment, Source};
use crate::domain::ids::{DeploymentId, PackageId};
use crate::storage::deployment_packages::{self, EntryRow};
use crate::storage::pages::Named;
use crate::storage::seen::Thing;
use crate::storage::{ReadTx, WriteTx, deployments};

use super::actor::Actor;
use super::deployment_changes::{Recorded, check_own};
use super::deployments::{DeploymentChange, DeploymentDetail, announce};
use super::history::Object;
use super::publishing::{Effects, Target};
use super::reason::reason;
use super::{App, AppError};

/// Which packages move where.
#[derive(Debug, Clone)]
pub struct Move {
    pub to: DeploymentId,
    /// File names; all if absent.
    pub packages: Option<Vec<String>>,
    /// Disable the deployment they leave: it stays as history (D-PROC-01).
    pub disable: bool,
}

/// A move that can be made.
struct Planned {
    from: Deployment,
    to: Deployment,
    moved: Vec<EntryRow>,
    /// Those that the other one does not have yet.
    come: Vec<EntryRow>,
}

impl App {
    /// Makes a deployment with all of another one but what `change` says otherwise. Unless it says
    /// so, the copy is disabled, to be looked at first.
    ///
    /// # Errors
    /// As [`App::add_deployment`]; [`AppError::NotFound`] for the other one.
    pub async fn clone_deployment(
        &self,
        actor: &Actor,
        id: DeploymentId,
        change: DeploymentChange,
    ) -> Result<DeploymentDetail, AppError> {
        actor.permit(Model::Deployment, Action::Add)?;
        let detail = self.deployment(actor, id).await?;
        let project = detail.project.clone();
        let mut copied = copy(detail, change.clone());
        if actor.is_confined() {
            copied.domain = change.domain;
        }
        self.add_deployment(actor, project, copied).await
    }

    /// Moves packages from a deployment to another one of its project; both repositories change in
    /// the same moment.
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::NotFound`]; [`AppError::Invalid`] for a package that is
    /// not there, or a deployment that cannot take it.
    pub async fn move_packages(
        &self,
        actor: &Actor,
        id: DeploymentId,
        wanted: Move,
    ) -> Result<usize, AppError> {
        let permit = actor.permit(Model::Deployment, Action::Change)?;
        let disable = wanted.disable;
        let by = actor.clone();
        let plan = move |tx: &ReadTx<'_>| plan(&by, tx, id, &wanted);
        let moved = move |tx: &WriteTx<'_>, planned: &Planned| {
            let Planned { from, to, moved, come } = planned;
            let ids =
                |rows: &[EntryRow]| rows.iter().map(|row| row.package).collect::<Vec<PackageId>>();
            deployment_packages::take(tx, from.id, &ids(moved))?;
            deployment_packages::add(tx, to.id, &ids(come))?;
            let left = Deployment { enabled: from.enabled && !disable, ..from.clone() };
            if left != *from {
                deployments::update(tx, &left)?;
            }
            for (before, after, taken, added) in
                [(from, &left, moved.as_slice(), &[][..]), (to, to, &[][..], come.as_slice())]
            {
                let old = Recorded::new(tx, before, taken)?;
                let new = Recorded::new(tx, after, added)?;
                let object = Object { id: after.id.0, name: &after.name };
                permit.changed(tx, object, &old, &new)?;
                announce(tx, &permit, after.id, &after.name, false)?;
            }
            Ok(moved.len())
        };
        self.release(actor.at, plan, moved).await
    }

    /// Names the deployments of the same project that can take packages of this one.
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::NotFound`].
    pub async fn move_targets(
        &self,
        actor: &Actor,
        id: DeploymentId,
    ) -> Result<Vec<Named>, AppError> {
        actor.permit(Model::Deployment, Action::View)?;
        self.see(actor, move |tx| -> Result<_, AppError> {
            tx.check(Thing::Deployment, id.0)?;
            let own = deployments::get_brief(tx, id)?;
            let mut names = deployments::names(tx, own.project, Source::Internal)?;
            names.retain(|named| named.id != id.0);
            Ok(names)
        })
        .await
    }
}

/// Everything of a deployment, under what is said otherwise.
fn copy(detail: DeploymentDetail, change: DeploymentChange) -> DeploymentChange {
    let DeploymentDetail { deployment, .. } = detail;
    let (source, lists) = (deployment.source(), deployment.lists);
    // What an external one offers is its source's.
    let packages = deployment.external.is_none().then_some(detail.available_packages);
    DeploymentChange {
        name: change.name,
        domain: change.domain.or(detail.domain),
        enabled: change.enabled.or(Some(false)),
        comment: change.comment.or(Some(deployment.comment)),
        start_date: change.start_date.or(Some(deployment.start_date)),
        schedule: change.schedule.or(Some(detail.schedule.map(|schedule| schedule.name))),
        included_attributes: change.included_attributes.or(Some(detail.included_attributes)),
        excluded_attributes: change.excluded_attributes.or(Some(detail.excluded_attributes)),
        available_packages: change.available_packages.or(packages),
        packages_to_install: change.packages_to_install.or(Some(lists.install)),
        packages_to_remove: change.packages_to_remove.or(Some(lists.remove)),
        default_preincluded_packages: change
            .default_preincluded_packages
            .or(Some(lists.default_preincluded_packages)),
        default_included_packages: change
            .default_included_packages
            .or(Some(lists.default_included_packages)),
        default_excluded_packages: change
            .default_excluded_packages
            .or(Some(lists.default_excluded_packages)),
        external: change.external.or(source, deployment.external),
        add_packages: change.add_packages,
        remove_packages: change.remove_packages,
    }
}

fn plan(
    by: &Actor,
    tx: &ReadTx<'_>,
    id: DeploymentId,
    wanted: &Move,
) -> Result<(Planned, Effects), AppError> {
    let load = |id| -> Result<Deployment, AppError> {
        let mut deployment = deployments::get_brief(tx, id)?;
        check_own(by, tx, &deployment, Action::Change)?;
        deployment.target = deployments::target(tx, id)?;
        check_internal(&deployment)?;
        Ok(deployment)
    };
    let (from, to) = (load(id)?, load(wanted.to)?);
    if from.project != to.project || from.id == to.id {
        let reason = reason!("{name} cannot take these packages", name = &to.name);
        return Err(AppError::invalid("to", reason));
    }
    let (moved, stay) = split(deployment_packages::entries(tx, id)?, wanted.packages.as_deref())?;
    let mut there = deployment_packages::entries(tx, to.id)?;
    let known: HashSet<PackageId> = there.iter().map(|row| row.package).collect();
    let come: Vec<EntryRow> =
        moved.iter().filter(|row| !known.contains(&row.package)).cloned().collect();
    there.extend(come.iter().cloned());
    let target = |deployment: &Deployment, rows: Vec<EntryRow>| {
        Target::new(tx, deployment.project, deployment.slug.clone(), rows)
    };
    let publish = [target(&from, stay)?, target(&to, there)?].into_iter().flatten().collect();
    let effects = Effects { publish, ..Effects::default() };
    Ok((Planned { from, to, moved, come }, effects))
}

/// What moves and what stays; each name that is wanted must be there.
fn split(
    rows: Vec<EntryRow>,
    wanted: Option<&[String]>,
) -> Result<(Vec<EntryRow>, Vec<EntryRow>), AppError> {
    let Some(wanted) = wanted else { return Ok((rows, Vec::new())) };
    let mut missing: HashSet<&str> = wanted.iter().map(String::as_str).collect();
    let (moved, stay): (Vec<_>, Vec<_>) =
        rows.into_iter().partition(|row| missing.remove(row.file_name.as_str()));
    match missing.into_iter().min() {
        Some(name) => Err(AppError::invalid(
            "packages",
            reason!("{name} is not in this deployment", name = name),
        )),
        None => Ok((moved, stay)),
    }
}

fn check_internal(deployment: &Deployment) -> Result<(), AppError> {
    if deployment.source() == Source::Internal {
        return Ok(());
    }
    let name = &deployment.name;
    Err(AppError::Conflict(reason!("{name} has no packages of this site", name = name)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::deployments::ExternalChange;
    use crate::app::fixtures::{Site, package};

    fn names(names: &[&str]) -> Option<Vec<String>> {
        Some(names.iter().map(|&name| name.to_owned()).collect())
    }

    async fn add(site: &Site, name: &str, packages: &[&str]) -> DeploymentId {
        let change = DeploymentChange {
            name: Some(name.into()),
            available_packages: names(packages),
            schedule: Some(Some("2 weeks".into())),
            packages_to_install: Some("tool".into()),
            ..DeploymentChange::default()
        };
        let made = site.app.add_deployment(&site.admin, "debian-12".into(), change).await;
        made.unwrap().deployment.id
    }

    #[tokio::test]
    async fn d_proc_01_packages_move_on_and_the_old_deployment_stays_as_history() {
        let site = Site::new().await;
        for version in ["1", "2"] {
            let (name, bytes) = (format!("tool_{version}_all.deb"), package("tool", version, b"x"));
            site.upload(&site.admin, &name, &bytes, false).await.unwrap();
        }
        let old = add(&site, "old", &["tool_1_all.deb", "tool_2_all.deb"]).await;
        let all = add(&site, "all", &["tool_1_all.deb"]).await;
        let wanted = |packages| Move { to: all, packages, disable: true };
        let stranger = site.app.move_packages(&site.admin, old, wanted(names(&["x.deb"]))).await;
        assert!(matches!(stranger, Err(AppError::Invalid { field: "packages", .. })));
        let itself = Move { to: old, ..wanted(None) };
        let itself = site.app.move_packages(&site.admin, old, itself).await;
        assert!(matches!(itself, Err(AppError::Invalid { field: "to", .. })));

        let before = site.app.deployment(&site.admin, all).await.unwrap().generation;
        let moved = site.app.move_packages(&site.later(9), old, wanted(None)).await.unwrap();
        assert_eq!(moved, 2);
        let left = site.app.deployment(&site.admin, old).await.unwrap();
        assert!(left.available_packages.is_empty() && !left.deployment.enabled);
        let taken = site.app.deployment(&site.admin, all).await.unwrap();
        assert_eq!(taken.available_packages, ["tool_1_all.deb", "tool_2_all.deb"]);
        assert_ne!(taken.generation, before, "it is being served");
        assert_eq!(site.app.count_orphans().await.unwrap(), 0);
        let targets = site.app.move_targets(&site.admin, old).await.unwrap();
        assert_eq!(targets.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["all"]);
    }

    #[tokio::test]
    async fn d_proc_02_d_ext_07_a_copy_of_an_external_deployment_has_its_source() {
        let site = Site::new().await;
        let change = DeploymentChange {
            name: Some("mirror".into()),
            packages_to_install: Some("tool".into()),
            external: ExternalChange {
                source: Some(Source::External),
                base_url: Some("http://archive.example/debian".into()),
                suite: Some("bookworm".into()),
                components: Some("main".into()),
                frozen: Some(true),
                ..ExternalChange::default()
            },
            ..DeploymentChange::default()
        };
        let old = site.app.add_deployment(&site.admin, "debian-12".into(), change).await.unwrap();
        let change = DeploymentChange {
            name: Some("next".into()),
            external: ExternalChange { suite: Some("trixie".into()), ..ExternalChange::default() },
            ..DeploymentChange::default()
        };
        let id = old.deployment.id;
        let made = site.app.clone_deployment(&site.admin, id, change).await.unwrap().deployment;
        let source = made.external.unwrap();
        assert_eq!(source.suite, "trixie");
        assert_eq!(
            (source.base_url.as_str(), source.frozen),
            ("http://archive.example/debian", true)
        );
        assert_eq!((made.lists.install.as_str(), made.enabled), ("tool", false));
    }

    #[tokio::test]
    async fn d_proc_02_a_deployment_is_made_from_another_in_one_step() {
        let site = Site::new().await;
        let bytes = package("tool", "1", b"x");
        site.upload(&site.admin, "tool_1_all.deb", &bytes, false).await.unwrap();
        let old = add(&site, "old", &["tool_1_all.deb"]).await;
        let change = DeploymentChange {
            name: Some("new".into()),
            packages_to_install: Some(String::new()),
            ..DeploymentChange::default()
        };
        let made = site.app.clone_deployment(&site.admin, old, change).await.unwrap();
        assert_eq!(made.available_packages, ["tool_1_all.deb"]);
        assert_eq!(made.schedule.map(|one| one.name).as_deref(), Some("2 weeks"));
        assert_eq!((made.deployment.lists.install.as_str(), made.deployment.enabled), ("", false));
        let same = DeploymentChange { name: Some("old".into()), ..DeploymentChange::default() };
        let same = site.app.clone_deployment(&site.admin, old, same).await;
        assert!(matches!(same, Err(AppError::Conflict(_))), "{same:?}");
    }
}
