//! Files of external deployments: fetched for the first computer that asks, kept for the others
//! (7.5).
//!
//! The file on the disk answers while it is fresh; then the source is asked, and if it fails, what
//! is there is still better than nothing (D-EXT-09).

use std::net::IpAddr;

use jiff::Timestamp;

use crate::domain::account::{Action, Model};
use crate::domain::deployment::Deployment;
use crate::domain::external::SourcePath;
use crate::domain::ids::DeploymentId;
use crate::domain::notification::Notice;
use crate::domain::site_settings::SiteSettings;
use crate::storage::external_deployments::{self, Found};
use crate::storage::seen::Thing;
use crate::storage::{ReadTx, StorageError, deployments, notifications, settings};
use crate::upstream::{self, Asked, Cache, Folder};

use super::actor::Actor;
use super::deployment_changes::check_own;
use super::history::Object;
use super::reason::reason;
use super::{App, AppError};

pub use crate::upstream::{Failure, Follower, StoredFile, Usage};

/// Notifications of one deployment that wait unchecked; more of them would say nothing new.
const MAX_WAITING: i64 = 100;

/// A file that a computer asks for.
#[derive(Debug, Clone)]
pub struct ExternalRequest {
    pub project: String,
    pub slug: String,
    /// As it stands in the request, not decoded.
    pub path: String,
    pub address: Option<IpAddr>,
    pub at: Timestamp,
}

/// What a computer is given.
#[derive(Debug)]
pub enum Passed {
    /// A directory of the cache: it is there, and nothing is to be seen.
    Directory,
    Stored(StoredFile),
    Arriving(Follower),
    Failed(Failure),
}

impl App {
    /// Passes on a file of the source of an external deployment; `None` for a deployment or a path
    /// that cannot be.
    ///
    /// # Errors
    /// [`AppError`] from the database or the disk.
    pub async fn external_file(&self, asked: ExternalRequest) -> Result<Option<Passed>, AppError> {
        let (project, slug) = (asked.project.clone(), asked.slug.clone());
        let read = self.storage().read(move |tx| -> Result<_, AppError> {
            let settings = SiteSettings::from_rows(&settings::all(tx)?);
            Ok((external_deployments::find(tx, &project, &slug)?, settings))
        });
        let (found, settings) = read.await?;
        let Some(found) = found else { return Ok(None) };
        let (cache, folder) = (self.upstream(), Folder::of(found.id, &found.external));
        if asked.path.is_empty() {
            return Ok(Some(Passed::Directory));
        }
        let is_directory = asked.path.ends_with('/');
        let Some(path) = SourcePath::parse(asked.path.trim_end_matches('/')) else {
            return Ok(None);
        };
        if is_directory {
            let is_there = cache.is_directory(&folder, &path).await;
            return Ok(is_there.then_some(Passed::Directory));
        }
        let stored = cache.find(&folder, &path).await;
        let stored = stored.map_err(|error| AppError::Internal(error.into()))?;
        match stored {
            Some(stored) if found.external.is_fresh(&path, stored.modified, asked.at) => {
                return Ok(Some(Passed::Stored(stored)));
            }
            None if cache.is_directory(&folder, &path).await => {
                return Ok(Some(Passed::Directory));
            }
            _ => {}
        }
        let wanted = Asked {
            folder,
            url: found.external.url_of(&path),
            path: path.clone(),
            permitted: settings.external_hosts,
            limit: self.options().max_package_size,
            at: asked.at,
        };
        let told = Told { found: found.clone(), url: wanted.url.clone(), path: path.text(), asked };
        let (at, app) = (told.asked.at, self.clone());
        let is_fresh = |modified| found.external.is_fresh(&path, modified, at);
        let failed = async move |failure| app.tell_failure(told, failure).await;
        Ok(Some(match (cache.fetch(wanted, is_fresh, failed).await, stored) {
            (Ok(upstream::Found::Stored(file)), _) => Passed::Stored(file),
            (Ok(upstream::Found::Arriving(follower)), _) => Passed::Arriving(follower),
            (Err(_), Some(expired)) => Passed::Stored(expired),
            (Err(failure), None) => Passed::Failed(failure),
        }))
    }

    /// What the cache of an external deployment holds.
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::NotFound`]; [`AppError::Conflict`] for one with packages
    /// of the site's own.
    pub async fn external_usage(&self, actor: &Actor, id: DeploymentId) -> Result<Usage, AppError> {
        actor.permit(Model::Deployment, Action::View)?;
        let read = self.see(actor, move |tx| {
            tx.check(Thing::Deployment, id.0)?;
            folder(tx, id)
        });
        let (_, folder) = read.await?;
        let usage = self.upstream().usage(&folder).await;
        usage.map_err(|error| AppError::Internal(error.into()))
    }

    /// Empties the cache of an external deployment: what is asked for from now on is fetched anew.
    ///
    /// # Errors
    /// As [`App::external_usage`].
    pub async fn empty_external_cache(
        &self,
        actor: &Actor,
        id: DeploymentId,
    ) -> Result<Deployment, AppError> {
        let permit = actor.permit(Model::Deployment, Action::Change)?;
        let by = actor.clone();
        let noted = self.storage().write(move |tx| -> Result<_, AppError> {
            check_own(&by, tx, &deployments::get_brief(tx, id)?, Action::Change)?;
            let (deployment, folder) = folder(tx, id)?;
            let object = Object { id: id.0, name: &deployment.name };
            permit.noted(tx, "empty-cache", object, &())?;
            Ok((deployment, folder))
        });
        let (deployment, folder) = noted.await?;
        if self.is_preview() {
            return Ok(deployment);
        }
        let emptied = self.upstream().empty(folder).await;
        emptied.map_err(|error| AppError::Internal(error.into()))?;
        Ok(deployment)
    }

    /// Deletes what belongs to no deployment any more: one that was deleted (D-DEPLOY-06), or a
    /// base URL that was changed (D-EXT-06).
    ///
    /// # Errors
    /// [`AppError`] from the database or the disk.
    pub async fn sweep_external_cache(&self) -> Result<(), AppError> {
        let cache = self.upstream();
        let internal = |error: std::io::Error| AppError::Internal(error.into());
        let there = cache.folders().await.map_err(internal)?;
        let read = self.storage().read(|tx| Ok::<_, AppError>(external_deployments::all(tx)?));
        let of = |found: &Found| Folder::of(found.id, &found.external);
        let wanted: Vec<Folder> = read.await?.iter().map(of).collect();
        for folder in there.into_iter().filter(|folder| !wanted.contains(folder)) {
            cache.empty(folder).await.map_err(internal)?;
        }
        Ok(())
    }

    /// Deletes what an earlier run of the server was fetching when it ended.
    pub(super) fn clean_up_external_cache(&self) -> Result<(), AppError> {
        self.upstream().clean_up().map_err(|error| AppError::Internal(error.into()))
    }

    fn upstream(&self) -> &Cache {
        &self.0.upstream
    }

    /// D-NOTIF-10; a failure to say so is logged, nobody waits for it.
    async fn tell_failure(&self, told: Told, failure: Failure) {
        let Told { found, url, path, asked } = told;
        let slug = &found.slug;
        tracing::warn!(deployment = slug, url, %failure, "a file of a source was not had");
        if failure == Failure::Busy {
            return;
        }
        let notice = Notice::SourceFailed {
            deployment: found.id,
            name: found.name,
            path,
            url,
            error: failure.to_string(),
            address: asked.address.map(|address| address.to_string()).unwrap_or_default(),
        };
        let added = self.storage().write(move |tx| -> Result<(), StorageError> {
            let is_new = notifications::is_new_of_source(tx, &notice, MAX_WAITING)?;
            if is_new { notifications::add(tx, &notice, asked.at) } else { Ok(()) }
        });
        if let Err(error) = added.await {
            tracing::error!(error = super::chain(&error), "a notification was not added");
        }
    }
}

/// What is told about a fetch that fails.
struct Told {
    found: Found,
    url: String,
    path: String,
    asked: ExternalRequest,
}

fn folder(tx: &ReadTx<'_>, id: DeploymentId) -> Result<(Deployment, Folder), AppError> {
    let deployment = deployments::get_brief(tx, id)?;
    match &deployment.external {
        Some(external) => {
            let folder = Folder::of(id, external);
            Ok((deployment, folder))
        }
        None => {
            let name = deployment.name;
            Err(AppError::Conflict(reason!("deployment {name} has no cache", name = name)))
        }
    }
}

#[cfg(test)]
mod tests;
