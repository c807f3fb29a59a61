//! Cleaning up packages that are in no deployment (D-PKG-08, D-PROC-01): what it would remove, and
//! removing it.

use crate::domain::account::{Action, Model};
use crate::domain::package::Package;
use crate::storage::WriteTx;
use crate::storage::packages::{self, Orphans};
use crate::storage::revisions::{self, Revision};
use crate::storage::seen::Seen;

use super::actor::Actor;
use super::history::Object;
use super::reason::reason;
use super::stores::project_in_sight;
use super::{App, AppError};

pub use crate::storage::packages::Orphans as OrphanTotals;

/// A clean-up.
#[derive(Debug, Clone, Default)]
pub struct CleanUp {
    /// Name of the project; all if absent.
    pub project: Option<String>,
    /// Remove the files too, not only the records.
    pub files: bool,
    /// How many records its preview said.
    pub count: i64,
}

impl App {
    /// Says what a clean-up would remove.
    ///
    /// # Errors
    /// [`AppError::Denied`]; [`AppError::NotFound`] for the project.
    pub async fn orphans(
        &self,
        actor: &Actor,
        project: Option<String>,
    ) -> Result<OrphanTotals, AppError> {
        actor.permit(Model::Package, Action::View)?;
        self.see(actor, move |tx| totals(tx, project.as_deref())).await
    }

    /// Deletes the records of all orphans, and their files if that is wanted; returns how many.
    /// Without the files they can be registered again.
    ///
    /// # Errors
    /// [`AppError::Conflict`] if there are not as many as the preview said; [`AppError::Denied`];
    /// [`AppError::NotFound`] for the project.
    pub async fn clean_up_orphans(
        &self,
        actor: &Actor,
        wanted: CleanUp,
    ) -> Result<usize, AppError> {
        let permit = actor.permit(Model::Package, Action::Delete)?;
        let view = actor.view();
        self.storage()
            .write(move |tx: &WriteTx<'_>| -> Result<_, AppError> {
                let CleanUp { project, files, count } = wanted;
                let seen = tx.seen_by(view);
                let project = project.map(|name| project_in_sight(&seen, &name)).transpose()?;
                let orphans = packages::orphans(&seen, project)?;
                if i64::try_from(orphans.len()).ok() != Some(count) {
                    return Err(AppError::Conflict(reason!(
                        "there are {now} packages in no deployment now, not {count}: look again",
                        now = orphans.len(),
                        count = count
                    )));
                }
                for orphan in &orphans {
                    let about = serde_json::json!({ "name": orphan.name, "file": files });
                    let object = Object { id: orphan.id.0, name: &orphan.name };
                    permit.deleted(tx, object, &about)?;
                    match files {
                        true => packages::delete(tx, orphan.id)?,
                        false => {
                            let record = Package { is_registered: false, ..orphan.clone() };
                            packages::update(tx, &record)?;
                        }
                    }
                }
                // Whoever puts one of them into a deployment at this moment looks again.
                revisions::bump(tx, Revision::Release)?;
                Ok(orphans.len())
            })
            .await
    }
}

fn totals(tx: &Seen<'_>, project: Option<&str>) -> Result<Orphans, AppError> {
    let project = project.map(|name| project_in_sight(tx, name)).transpose()?;
    Ok(packages::orphan_totals(tx, project)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::deployments::DeploymentChange;
    use crate::app::fixtures::{Site, package};
    use crate::app::packages::PackageQuery;

    #[tokio::test]
    async fn d_pkg_08_a_clean_up_says_what_it_removes_and_takes_nothing_else() {
        let site = Site::new().await;
        site.add_project("ubuntu", "apt-get").await;
        let (kept, shared) = (package("kept", "1", b"x"), package("shared", "1", b"x"));
        let lone = package("lone", "1", b"x");
        site.upload(&site.admin, "kept_1_all.deb", &kept, false).await.unwrap();
        site.upload(&site.admin, "lone_1_all.deb", &lone, false).await.unwrap();
        for project in ["debian-12", "ubuntu"] {
            let upload = site.upload_to(project, &site.admin, "shared_1_all.deb", &shared, false);
            upload.await.unwrap();
        }
        let change = DeploymentChange {
            name: Some("d".into()),
            add_packages: vec!["kept_1_all.deb".into()],
            ..DeploymentChange::default()
        };
        site.app.add_deployment(&site.admin, "debian-12".into(), change).await.unwrap();
        let totals = |project: Option<&str>| {
            let project = project.map(str::to_owned);
            async { site.app.orphans(&site.admin, project).await.unwrap() }
        };
        let (one, two) = (lone.len() as i64, shared.len() as i64);
        let all = Orphans { count: 3, bytes: one + 2 * two, freed_bytes: one + two };
        assert_eq!(totals(None).await, all, "equal content is stored once");
        let own = Orphans { count: 2, bytes: one + two, freed_bytes: one };
        assert_eq!(totals(Some("debian-12")).await, own, "the other project keeps its file");

        let clean = |files, count| CleanUp { project: Some("debian-12".into()), files, count };
        let other = site.app.clean_up_orphans(&site.admin, clean(false, 3)).await;
        assert!(matches!(other, Err(AppError::Conflict(_))), "{other:?}");
        assert_eq!(site.app.clean_up_orphans(&site.admin, clean(false, 2)).await.unwrap(), 2);
        let files = |unregistered| PackageQuery { unregistered, limit: 9, ..Default::default() };
        let left = site.app.packages(&site.admin, files(true)).await.unwrap();
        assert_eq!(left.len(), 2, "D-PKG-06: the files stay");
        for file in left {
            site.app.register_package(&site.admin, file.package.id).await.unwrap();
        }
        assert_eq!(site.app.clean_up_orphans(&site.admin, clean(true, 2)).await.unwrap(), 2);
        assert!(site.app.packages(&site.admin, files(true)).await.unwrap().is_empty());
        let names: Vec<_> = site.app.packages(&site.admin, files(false)).await.unwrap();
        let names: Vec<_> = names.iter().map(|one| one.package.name.as_str()).collect();
        assert_eq!(names, ["kept_1_all.deb", "shared_1_all.deb"]);
    }
}
