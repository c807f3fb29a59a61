//! Stores: added by hand or by an upload, deleted with a list of what goes with them (7.1).

use std::collections::BTreeSet;

use crate::domain::account::{Action, Model};
use crate::domain::ids::{ProjectId, StoreId};
use crate::domain::package::{Store, StoreNameError, store_name};
use crate::storage::deployment_packages::EntryRow;
use crate::storage::seen::{Seen, Thing};
pub use crate::storage::stores::{Counted, StoreOrder, StorePage};
use crate::storage::{ReadTx, packages, projects, stores};

use super::actor::Actor;
use super::history::Object;
use super::publishing::{Effects, Target};
use super::reason::{Reason, reason};
use super::{App, AppError};

impl App {
    /// Lists stores, of the project with this name or of all.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right.
    pub async fn stores(
        &self,
        actor: &Actor,
        project: Option<String>,
        page: StorePage,
    ) -> Result<Vec<Counted>, AppError> {
        actor.permit(Model::Store, Action::View)?;
        self.see(actor, move |tx| -> Result<_, AppError> {
            let project = project.map(|name| project_in_sight(tx, &name)).transpose()?;
            Ok(stores::list(tx, project, &page)?)
        })
        .await
    }

    /// Returns a store with the name of its project and what is in it.
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::NotFound`].
    pub async fn store(&self, actor: &Actor, id: StoreId) -> Result<Counted, AppError> {
        actor.permit(Model::Store, Action::View)?;
        self.see(actor, move |tx| -> Result<_, AppError> {
            tx.check(Thing::Store, id.0)?;
            Ok(stores::count(tx, id)?)
        })
        .await
    }

    /// Adds a store; its name becomes a slug.
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::Invalid`], [`AppError::Conflict`] for a taken name.
    pub async fn add_store(
        &self,
        actor: &Actor,
        project: &str,
        name: &str,
    ) -> Result<Store, AppError> {
        let permit = actor.permit(Model::Store, Action::Add)?;
        let name = checked_name(name)?;
        let project = project.to_owned();
        let view = actor.view();
        self.storage()
            .write(move |tx| -> Result<_, AppError> {
                let id = project_in_sight(&tx.seen_by(view), &project)?;
                refuse_taken(tx, id, &name)?;
                let store = stores::insert(tx, id, &name)?;
                let about = serde_json::json!({ "project": project, "name": name });
                permit.added(tx, Object { id: store.id.0, name: &name }, &about)?;
                Ok(store)
            })
            .await
    }

    /// Renames a store: its URL changes, no payload is touched.
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::Invalid`], [`AppError::Conflict`], [`AppError::NotFound`].
    pub async fn rename_store(
        &self,
        actor: &Actor,
        id: StoreId,
        name: &str,
    ) -> Result<Store, AppError> {
        let permit = actor.permit(Model::Store, Action::Change)?;
        let name = checked_name(name)?;
        let view = actor.view();
        self.storage()
            .write(move |tx| -> Result<_, AppError> {
                tx.seen_by(view).check(Thing::Store, id.0)?;
                let before = stores::get(tx, id)?;
                if before.name == name {
                    return Ok(before);
                }
                refuse_taken(tx, before.project, &name)?;
                stores::rename(tx, id, &name)?;
                let after = Store { name, ..before.clone() };
                let fields = |store: &Store| serde_json::json!({ "name": store.name });
                let object = Object { id: id.0, name: &after.name };
                permit.changed(tx, object, &fields(&before), &fields(&after))?;
                Ok(after)
            })
            .await
    }

    /// Deletes a store with its files and package records; deployments that held some are
    /// published without them in the same transaction (D-STORE-03).
    ///
    /// # Errors
    /// [`AppError::Conflict`] tells what is in it unless `confirmed`; [`AppError::Denied`],
    /// [`AppError::NotFound`].
    pub async fn delete_store(
        &self,
        actor: &Actor,
        id: StoreId,
        confirmed: bool,
    ) -> Result<(), AppError> {
        let permit = actor.permit(Model::Store, Action::Delete)?;
        let view = actor.view();
        let plan = move |tx: &ReadTx<'_>| {
            tx.seen_by(view).check(Thing::Store, id.0)?;
            let store = stores::get(tx, id)?;
            let files: BTreeSet<String> =
                packages::files(tx, id)?.into_iter().map(|file| file.name).collect();
            let mut publish = Vec::new();
            for deployment in packages::deployments_with_store(tx, id)? {
                let stays = |row: &EntryRow| !files.contains(&row.file_name);
                publish.extend(Target::keeping(tx, deployment, stays)?);
            }
            if !(confirmed || files.is_empty()) {
                return Err(AppError::Conflict(reason!(
                    "store {name} has {count} files, {deployments} deployments hold some of \
                     them: confirm",
                    name = &store.name,
                    count = files.len(),
                    deployments = publish.len()
                )));
            }
            Ok((store, Effects { publish, ..Effects::default() }))
        };
        self.release(actor.at, plan, move |tx, store: &Store| {
            let about = serde_json::json!({ "name": store.name });
            permit.deleted(tx, Object { id: id.0, name: &store.name }, &about)?;
            Ok(stores::delete(tx, id)?)
        })
        .await
    }
}

/// The project with this name.
pub(super) fn project_id(tx: &ReadTx<'_>, name: &str) -> Result<ProjectId, AppError> {
    let found = projects::find_by_name(tx, name)?;
    Ok(found.ok_or_else(|| AppError::not_found("project", name))?.id)
}

/// The project with this name, if it is in sight.
pub(super) fn project_in_sight(seen: &Seen<'_>, name: &str) -> Result<ProjectId, AppError> {
    let id = project_id(seen, name)?;
    match seen.contains(Thing::Project, id.0)? {
        true => Ok(id),
        false => Err(AppError::not_found("project", name)),
    }
}

fn checked_name(text: &str) -> Result<String, AppError> {
    store_name(text).map_err(|error| AppError::invalid("name", unusable_name(error)))
}

/// Why a name cannot be a store's.
pub(super) fn unusable_name(error: StoreNameError) -> Reason {
    match error {
        StoreNameError::Empty(name) => {
            reason!("{name} has no letter or digit that can stand in a URL", name = name)
        }
        StoreNameError::Long => Reason::of(&error),
    }
}

fn refuse_taken(tx: &ReadTx<'_>, project: ProjectId, name: &str) -> Result<(), AppError> {
    match stores::find(tx, project, name)? {
        Some(_) => {
            Err(AppError::Conflict(reason!("a store named {name} exists already", name = name)))
        }
        None => Ok(()),
    }
}
