//! "Regenerate metadata" of a selection: asked for in one transaction, done by a job that publishes
//! one repository after the other (D-DEPLOY-04, alert 7).
//!
//! What waits stands in the database, so that a restart goes on with it; publishing twice does no
//! harm. One that fails leaves the queue, keeps its old repository and is told.

use jiff::Timestamp;

use crate::domain::account::{Action, Model};
use crate::domain::deployment::Source;
use crate::domain::ids::DeploymentId;
use crate::domain::notification::Notice;
use crate::storage::{ReadTx, WriteTx, deployments, notifications, regenerations};

use super::actor::Actor;
use super::deployment_changes::check_own;
use super::history::Object;
use super::publishing::{Effects, Target};
use super::reason::reason;
use super::{App, AppError};

impl App {
    /// Asks for the repositories of internal deployments to be published again; returns at once.
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::NotFound`]; [`AppError::Conflict`] for an external one.
    pub async fn ask_regeneration(
        &self,
        actor: &Actor,
        ids: Vec<DeploymentId>,
    ) -> Result<(), AppError> {
        let permit = actor.permit(Model::Deployment, Action::Change)?;
        let by = actor.clone();
        let asked = self.storage().write(move |tx| -> Result<_, AppError> {
            for id in ids {
                let deployment = deployments::get_brief(tx, id)?;
                check_own(&by, tx, &deployment, Action::Change)?;
                if deployment.source() != Source::Internal {
                    return Err(AppError::Conflict(reason!(
                        "{name} has no packages of this site",
                        name = &deployment.name
                    )));
                }
                let object = Object { id: id.0, name: &deployment.name };
                permit.noted(tx, "regenerate", object, &())?;
                regenerations::ask(tx, id, permit.at())?;
            }
            Ok(())
        });
        asked.await?;
        self.regeneration_asked().notify_one();
        Ok(())
    }

    /// Publishes the repository that has waited longest; says whether there was one.
    ///
    /// # Errors
    /// [`AppError`] from the database. A repository that cannot be published is told as a
    /// notification and leaves the queue.
    pub async fn regenerate_next(&self, now: Timestamp) -> Result<bool, AppError> {
        let next = self.storage().read(|tx| Ok::<_, AppError>(regenerations::next(tx)?));
        let Some(id) = next.await? else { return Ok(false) };
        let plan = move |tx: &ReadTx<'_>| {
            // One that was deleted meanwhile has left the queue with its row.
            let publish = match deployments::get_brief(tx, id) {
                Ok(_) => Target::of(tx, id)?.into_iter().collect(),
                Err(_) => Vec::new(),
            };
            Ok(((), Effects { publish, ..Effects::default() }))
        };
        let published = move |tx: &WriteTx<'_>, (): &()| Ok(regenerations::done(tx, id)?);
        if let Err(error) = self.release(now, plan, published).await {
            let text = super::chain(&error);
            tracing::error!(error = text, deployment = id.0, "a repository was not published");
            let told = move |tx: &WriteTx<'_>| -> Result<(), AppError> {
                let name = deployments::get_brief(tx, id)?.name;
                regenerations::done(tx, id)?;
                let notice = Notice::RegenerationFailed { deployment: id, name };
                Ok(notifications::add(tx, &notice, now)?)
            };
            self.storage().write(told).await?;
        }
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::deployments::{DeploymentChange, DeploymentQuery};
    use crate::app::fixtures::Site;
    use crate::domain::alert::Alert;

    #[tokio::test]
    async fn d_deploy_04_a_selection_is_published_by_a_job_that_alert_7_shows() {
        let site = Site::new().await;
        let mut ids = Vec::new();
        for name in ["a", "b"] {
            let change =
                DeploymentChange { name: Some(name.into()), ..DeploymentChange::default() };
            let made = site.app.add_deployment(&site.admin, "debian-12".into(), change);
            ids.push(made.await.unwrap().deployment.id);
        }
        let running = async || {
            let alerts = site.app.alerts(&site.admin).await.unwrap();
            alerts.shown().find(|(alert, _)| *alert == Alert::Regenerations).map_or(0, |(_, n)| n)
        };
        site.app.ask_regeneration(&site.admin, ids.clone()).await.unwrap();
        site.app.ask_regeneration(&site.admin, vec![ids[0]]).await.unwrap();
        // rule         step  repositories being generated
        let table = [("D-ALERT-07", true, 2), ("D-ALERT-07", true, 1), ("D-ALERT-07", false, 0)];
        for (rule, worked, waiting) in table {
            assert_eq!(running().await, waiting, "{rule}");
            let query = DeploymentQuery { regenerating: true, limit: 9, ..Default::default() };
            let listed = site.app.deployments(&site.admin, query).await.unwrap();
            assert_eq!(listed.len() as u64, waiting, "{rule}: with their names");
            let now = site.later(60).at;
            assert_eq!(site.app.regenerate_next(now).await.unwrap(), worked, "{rule}");
        }
        let gone = site.app.ask_regeneration(&site.admin, vec![DeploymentId(99)]).await;
        assert!(matches!(gone, Err(AppError::NotFound { .. })), "{gone:?}");
    }
}
