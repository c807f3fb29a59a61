//! The folders of packages that people browse (D-PKG-07): STORES and REPOSITORIES of a project.
//!
//! Names are looked up and never joined to a path of the disk, so no path leads out of them.

use crate::domain::account::{Action, Model};
use crate::domain::ids::{PackageId, ProjectId};
use crate::storage::packages::{self, Listed};
use crate::storage::{ReadTx, deployment_packages, deployments, projects, publications, stores};

use super::actor::Actor;
use super::listed::Listed as Page;
use super::stores::project_in_sight;
use super::{App, AppError};

/// One of the two folders of a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Branch {
    /// Where the files are.
    Stores,
    /// A folder per deployment, with links to the files of the stores.
    Repositories,
}

impl Branch {
    /// Both of them.
    pub const ALL: [Self; 2] = [Self::Stores, Self::Repositories];

    /// The folder's name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Stores => "STORES",
            Self::Repositories => "REPOSITORIES",
        }
    }

    /// Reads the folder's name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|branch| branch.as_str() == text)
    }
}

/// Which files of a folder to list; things are named.
#[derive(Debug, Clone)]
pub struct FolderQuery {
    pub project: String,
    pub branch: Branch,
    /// Name of a store, or of a repository.
    pub folder: String,
    /// Cursor: the last name of the page before.
    pub after: Option<String>,
    pub limit: u32,
}

impl App {
    /// Names the projects.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right to view packages.
    pub async fn package_projects(&self, actor: &Actor) -> Result<Vec<String>, AppError> {
        actor.permit(Model::Package, Action::View)?;
        self.see(actor, |tx| {
            Ok(projects::list(tx)?.into_iter().map(|project| project.name).collect())
        })
        .await
    }

    /// Names the folders of a branch: stores, or repositories.
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::NotFound`].
    pub async fn package_folders(
        &self,
        actor: &Actor,
        project: String,
        branch: Branch,
    ) -> Result<Vec<String>, AppError> {
        actor.permit(Model::Package, Action::View)?;
        self.see(actor, move |tx| -> Result<_, AppError> {
            let project = project_in_sight(tx, &project)?;
            Ok(match branch {
                Branch::Stores => stores::names(tx, project)?,
                Branch::Repositories => publications::slugs(tx, project)?,
            })
        })
        .await
    }

    /// Lists the files of a folder by name.
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::NotFound`].
    pub async fn package_files(
        &self,
        actor: &Actor,
        query: FolderQuery,
    ) -> Result<Page<Listed>, AppError> {
        actor.permit(Model::Package, Action::View)?;
        self.see(actor, move |tx| -> Result<_, AppError> {
            let FolderQuery { project, branch, folder, after, limit } = query;
            let project = project_in_sight(tx, &project)?;
            let mut names = match branch {
                Branch::Stores => in_store(tx, project, &folder)?,
                Branch::Repositories => in_repository(tx, project, &folder)?,
            };
            names.sort_unstable();
            let after = after.unwrap_or_default();
            let wanted = names.into_iter().filter(|name| *name > after);
            let mut files = Vec::new();
            for name in wanted.take(usize::try_from(limit).unwrap_or(usize::MAX) + 1) {
                if let Some(package) = packages::find(tx, project, &name)? {
                    files.push(packages::get_listed(tx, package.id)?);
                }
            }
            Ok(Page::new(files, limit, |file| file.package.name.clone()))
        })
        .await
    }
}

fn in_store(tx: &ReadTx<'_>, project: ProjectId, name: &str) -> Result<Vec<String>, AppError> {
    let store = stores::find(tx, project, name)?;
    let store = store.ok_or_else(|| AppError::not_found("store", name))?;
    Ok(packages::files(tx, store.id)?.into_iter().map(|file| file.name).collect())
}

fn in_repository(tx: &ReadTx<'_>, project: ProjectId, slug: &str) -> Result<Vec<String>, AppError> {
    let deployment = deployments::find_by_slug(tx, project, slug)?;
    let deployment = deployment.ok_or_else(|| AppError::not_found("repository", slug))?;
    let files: Vec<(PackageId, String)> = deployment_packages::files(tx, deployment)?;
    Ok(files.into_iter().map(|(_, name)| name).collect())
}
