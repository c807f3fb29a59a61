//! Platforms and projects: adding, changing, deleting with a count of what goes with them.

use serde::{Deserialize, Serialize};

use crate::domain::account::{Action, Model};
use crate::domain::ids::{PlatformId, ProjectId};
use crate::domain::pms::Pms;
use crate::domain::project::{NameError, Platform, Project, platform_name, project_name};
use crate::domain::scopes::View;
use crate::storage::projects;
use crate::storage::revisions::{self, Revision};
use crate::storage::seen::Thing;
use crate::storage::{ReadTx, WriteTx};

pub use crate::storage::projects::Dependants;

use super::actor::{Actor, Permit};
use super::attributes::rename_built_in;
use super::history::Object;
use super::reason::{Reason, reason};
use super::{App, AppError};

/// What is typed about a project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ProjectForm {
    pub name: String,
    /// Operating-system family, `Linux`; added if unknown.
    pub platform: String,
    /// `apt-get`, `yum`, `zypper`, `msi`, or the aliases `apt`, `dnf`.
    pub pms: String,
    /// Computers are added without any account (D-PRJ-03). Left out, a new project follows the
    /// setting AUTOREGISTER, as one that a client makes does.
    #[serde(default)]
    pub auto_register_computers: Option<bool>,
}

impl From<&Project> for ProjectForm {
    fn from(project: &Project) -> Self {
        Self {
            name: project.name.clone(),
            platform: project.platform.name.clone(),
            pms: project.pms.as_str().to_owned(),
            auto_register_computers: Some(project.auto_register_computers),
        }
    }
}

impl App {
    /// Lists projects by name.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right.
    pub async fn projects(&self, actor: &Actor) -> Result<Vec<Project>, AppError> {
        actor.permit(Model::Project, Action::View)?;
        self.see(actor, |tx| Ok(projects::list(tx)?)).await
    }

    /// Lists projects for anybody: their names stand in public addresses (D-OP-02).
    ///
    /// # Errors
    /// [`AppError`] from the database.
    pub async fn public_projects(&self) -> Result<Vec<Project>, AppError> {
        let list = |tx: &ReadTx<'_>| projects::list(&tx.seen_by(View::EVERYTHING));
        Ok(self.storage().read(list).await?)
    }

    /// Returns a project with what hangs on it.
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::NotFound`].
    pub async fn project(
        &self,
        actor: &Actor,
        id: ProjectId,
    ) -> Result<(Project, Dependants), AppError> {
        actor.permit(Model::Project, Action::View)?;
        self.see(actor, move |tx| {
            tx.check(Thing::Project, id.0)?;
            Ok((projects::get(tx, id)?, projects::dependants(tx, id)?))
        })
        .await
    }

    /// Adds a project, and its platform if that is new.
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::Invalid`], [`AppError::Conflict`].
    pub async fn add_project(&self, actor: &Actor, form: ProjectForm) -> Result<Project, AppError> {
        let permit = actor.permit(Model::Project, Action::Add)?;
        let actor = actor.clone();
        let unsaid = self.site_settings().await?.autoregister;
        self.storage()
            .write(move |tx| -> Result<_, AppError> {
                let platform = platform_of(tx, &actor, &form.platform)?;
                let mut project = read_form(tx, &form, platform, None)?;
                project.auto_register_computers = form.auto_register_computers.unwrap_or(unsaid);
                project.id = projects::insert(tx, &project)?;
                permit.added(tx, object(&project), &ProjectForm::from(&project))?;
                revisions::bump(tx, Revision::Release)?;
                Ok(project)
            })
            .await
    }

    /// Changes a project. Renaming moves its URLs: rows change, no payload is touched
    /// (D-PRJ-02). Its attribute is renamed with it.
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::Invalid`], [`AppError::Conflict`], [`AppError::NotFound`].
    pub async fn change_project(
        &self,
        actor: &Actor,
        id: ProjectId,
        form: ProjectForm,
    ) -> Result<Project, AppError> {
        let permit = actor.permit(Model::Project, Action::Change)?;
        let actor = actor.clone();
        self.storage()
            .write(move |tx| -> Result<_, AppError> {
                tx.seen_by(actor.view()).check(Thing::Project, id.0)?;
                let before = projects::get(tx, id)?;
                let platform = platform_of(tx, &actor, &form.platform)?;
                let auto_register_computers =
                    form.auto_register_computers.unwrap_or(before.auto_register_computers);
                let read = read_form(tx, &form, platform, Some(id))?;
                let after = Project { id, auto_register_computers, ..read };
                if after.pms != before.pms && projects::dependants(tx, id)?.packages > 0 {
                    return Err(AppError::Conflict(reason!(
                        "project {name} has packages: its package system cannot change",
                        name = &before.name
                    )));
                }
                projects::update(tx, &after)?;
                if after.name != before.name {
                    rename_built_in(tx, "PRJ", &before.name, &after.name)?;
                }
                permit.changed(
                    tx,
                    object(&after),
                    &ProjectForm::from(&before),
                    &ProjectForm::from(&after),
                )?;
                revisions::bump(tx, Revision::Release)?;
                Ok(after)
            })
            .await
    }

    /// Deletes a project. With computers, deployments or packages the caller must confirm what
    /// will disappear (D-GEN-09); computers are moved or deleted first.
    ///
    /// # Errors
    /// [`AppError::Conflict`] lists what hangs on it; [`AppError::Denied`], [`AppError::NotFound`].
    pub async fn delete_project(
        &self,
        actor: &Actor,
        id: ProjectId,
        confirmed: bool,
    ) -> Result<(), AppError> {
        let permit = actor.permit(Model::Project, Action::Delete)?;
        let view = actor.view();
        self.storage()
            .write(move |tx| -> Result<_, AppError> {
                tx.seen_by(view).check(Thing::Project, id.0)?;
                let project = projects::get(tx, id)?;
                let Dependants { computers, deployments, packages } = projects::dependants(tx, id)?;
                let empty = computers + deployments + packages == 0;
                if computers > 0 || !(empty || confirmed) {
                    return Err(AppError::Conflict(reason!(
                        "project {name} has {computers} computers, {deployments} deployments and \
                         {packages} packages: move or delete its computers, and confirm the rest",
                        name = &project.name,
                        computers = computers,
                        deployments = deployments,
                        packages = packages
                    )));
                }
                permit.deleted(tx, object(&project), &ProjectForm::from(&project))?;
                projects::delete(tx, id)?;
                revisions::bump(tx, Revision::Release)?;
                Ok(())
            })
            .await
    }

    /// Lists platforms with their number of projects.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right.
    pub async fn platforms(&self, actor: &Actor) -> Result<Vec<(Platform, i64)>, AppError> {
        actor.permit(Model::Platform, Action::View)?;
        self.see(actor, |tx| Ok(projects::platforms(tx)?)).await
    }

    /// Renames a platform, and its attribute with it.
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::Invalid`], [`AppError::Conflict`], [`AppError::NotFound`].
    pub async fn rename_platform(
        &self,
        actor: &Actor,
        id: PlatformId,
        name: &str,
    ) -> Result<Platform, AppError> {
        let permit = actor.permit(Model::Platform, Action::Change)?;
        let name = platform_name(name).map_err(|error| invalid("name", error))?;
        let view = actor.view();
        self.storage()
            .write(move |tx| -> Result<_, AppError> {
                tx.seen_by(view).check(Thing::Platform, id.0)?;
                let before = projects::get_platform(tx, id)?;
                let after = Platform { id, name };
                if projects::find_platform(tx, &after.name)?.is_some_and(|other| other.id != id) {
                    let name = &after.name;
                    let taken = reason!("a platform named {name} exists already", name = name);
                    return Err(AppError::Conflict(taken));
                }
                projects::rename_platform(tx, id, &after.name)?;
                if after.name != before.name {
                    rename_built_in(tx, "PLT", &before.name, &after.name)?;
                }
                let object = Object { id: id.0, name: &after.name };
                if permit.changed(tx, object, &before, &after)? {
                    revisions::bump(tx, Revision::Release)?;
                }
                Ok(after)
            })
            .await
    }

    /// Deletes a platform that has no projects (D-GEN-09).
    ///
    /// # Errors
    /// [`AppError::Conflict`] while it has projects; [`AppError::Denied`], [`AppError::NotFound`].
    pub async fn delete_platform(&self, actor: &Actor, id: PlatformId) -> Result<(), AppError> {
        let permit = actor.permit(Model::Platform, Action::Delete)?;
        let view = actor.view();
        self.storage()
            .write(move |tx| -> Result<_, AppError> {
                tx.seen_by(view).check(Thing::Platform, id.0)?;
                let platform = projects::get_platform(tx, id)?;
                let used = projects::platforms(&tx.seen_by(View::EVERYTHING))?;
                if used.iter().any(|(other, count)| other.id == id && *count > 0) {
                    let name = &platform.name;
                    let text =
                        reason!("platform {name} has projects: delete them first", name = name);
                    return Err(AppError::Conflict(text));
                }
                permit.deleted(tx, Object { id: id.0, name: &platform.name }, &platform)?;
                projects::delete_platform(tx, id)?;
                Ok(())
            })
            .await
    }
}

/// Finds the platform, or adds it with the actor's right to.
fn platform_of(tx: &WriteTx<'_>, actor: &Actor, name: &str) -> Result<Platform, AppError> {
    let name = platform_name(name).map_err(|error| invalid("platform", error))?;
    if let Some(platform) = projects::find_platform(tx, &name)? {
        return Ok(platform);
    }
    let permit: Permit = actor.permit(Model::Platform, Action::Add)?;
    let platform = projects::insert_platform(tx, &name)?;
    permit.added(tx, Object { id: platform.id.0, name: &name }, &platform)?;
    Ok(platform)
}

fn read_form(
    tx: &ReadTx<'_>,
    form: &ProjectForm,
    platform: Platform,
    own: Option<ProjectId>,
) -> Result<Project, AppError> {
    let name = project_name(&form.name).map_err(|error| invalid("name", error))?;
    let pms = Pms::parse(&form.pms).ok_or_else(|| {
        AppError::invalid(
            "pms",
            reason!("{name} is not apt-get, yum, zypper or msi", name = &form.pms),
        )
    })?;
    if projects::find_by_name(tx, &name)?.is_some_and(|other| Some(other.id) != own) {
        let taken = reason!("a project named {name} exists already", name = name);
        return Err(AppError::Conflict(taken));
    }
    let auto_register_computers = form.auto_register_computers.unwrap_or_default();
    Ok(Project { id: ProjectId(0), name, platform, pms, auto_register_computers })
}

fn object(project: &Project) -> Object<'_> {
    Object { id: project.id.0, name: &project.name }
}

fn invalid(field: &'static str, error: NameError) -> AppError {
    AppError::invalid(field, Reason::of(&error))
}
