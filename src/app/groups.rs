//! Groups of accounts and their permissions (6.3); upgrades renew those nobody changed (D-PERM-05).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::account::{Action, Model};
use crate::domain::groups::default_groups;
use crate::domain::ids::GroupId;
use crate::storage::pages::Named;
use crate::storage::{ReadTx, StorageError, WriteTx, groups};

pub use crate::storage::groups::Group;

use super::actor::Actor;
use super::grants::{parse_permissions, permission_names};
use super::history::Object;
use super::reason::reason;
use super::{App, AppError};

/// What is typed about a group.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountGroupForm {
    pub name: String,
    /// `deployment:change` and the like.
    #[serde(default)]
    pub permissions: Vec<String>,
}

/// A group with what it grants and whom.
#[derive(Debug, Clone)]
pub struct GroupDetail {
    pub group: Group,
    pub permissions: Vec<String>,
    pub members: Vec<Named>,
}

impl From<&GroupDetail> for AccountGroupForm {
    fn from(detail: &GroupDetail) -> Self {
        Self { name: detail.group.name.clone(), permissions: detail.permissions.clone() }
    }
}

impl App {
    /// Lists groups by name.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right.
    pub async fn groups(&self, actor: &Actor) -> Result<Vec<Group>, AppError> {
        actor.permit(Model::Group, Action::View)?;
        self.storage().read(|tx| Ok(groups::list(tx)?)).await
    }

    /// Returns a group with its permissions and members.
    ///
    /// # Errors
    /// [`AppError::Denied`] for who may see names only, [`AppError::NotFound`].
    pub async fn group(&self, actor: &Actor, id: GroupId) -> Result<GroupDetail, AppError> {
        actor.permit(Model::Group, Action::Change)?;
        self.storage().read(move |tx| Ok(detail(tx, id)?)).await
    }

    /// Adds a group.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right, or for rights the actor has not;
    /// [`AppError::Invalid`], [`AppError::Conflict`].
    pub async fn add_group(
        &self,
        actor: &Actor,
        form: AccountGroupForm,
    ) -> Result<GroupDetail, AppError> {
        let permit = actor.permit(Model::Group, Action::Add)?;
        let actor = actor.clone();
        self.storage()
            .write(move |tx| -> Result<_, AppError> {
                let name = checked_name(tx, &form.name, None)?;
                let id = groups::insert(tx, &name, true)?;
                store_permissions(tx, &actor, id, &form)?;
                let added = detail(tx, id)?;
                permit.added(
                    tx,
                    Object { id: id.0, name: &name },
                    &AccountGroupForm::from(&added),
                )?;
                Ok(added)
            })
            .await
    }

    /// Changes a group; from then on upgrades leave it alone (D-PERM-05).
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right, or where the group has or gets rights that the
    /// actor has not; [`AppError::Invalid`], [`AppError::Conflict`], [`AppError::NotFound`].
    pub async fn change_group(
        &self,
        actor: &Actor,
        id: GroupId,
        form: AccountGroupForm,
    ) -> Result<GroupDetail, AppError> {
        let permit = actor.permit(Model::Group, Action::Change)?;
        let actor = actor.clone();
        self.storage()
            .write(move |tx| -> Result<_, AppError> {
                let before = AccountGroupForm::from(&detail(tx, id)?);
                actor.holds(&groups::permissions(tx, id)?)?;
                let name = checked_name(tx, &form.name, Some(id))?;
                store_permissions(tx, &actor, id, &form)?;
                let mut after = detail(tx, id)?;
                after.group.name.clone_from(&name);
                let object = Object { id: id.0, name: &name };
                if permit.changed(tx, object, &before, &AccountGroupForm::from(&after))? {
                    groups::update(tx, id, &name)?;
                }
                Ok(detail(tx, id)?)
            })
            .await
    }

    /// Deletes a group; that its members lose what it granted must be confirmed.
    ///
    /// # Errors
    /// [`AppError::Denied`] as for a change; [`AppError::Conflict`] counts the members;
    /// [`AppError::NotFound`].
    pub async fn delete_group(
        &self,
        actor: &Actor,
        id: GroupId,
        confirmed: bool,
    ) -> Result<(), AppError> {
        let permit = actor.permit(Model::Group, Action::Delete)?;
        let actor = actor.clone();
        self.storage()
            .write(move |tx| -> Result<_, AppError> {
                let before = detail(tx, id)?;
                actor.holds(&groups::permissions(tx, id)?)?;
                let name = &before.group.name;
                if before.group.members > 0 && !confirmed {
                    return Err(AppError::Conflict(reason!(
                        "group {name} has {count} members: confirm that they lose its rights",
                        name = name,
                        count = before.group.members
                    )));
                }
                permit.deleted(tx, Object { id: id.0, name }, &AccountGroupForm::from(&before))?;
                groups::delete(tx, id)?;
                Ok(())
            })
            .await
    }

    /// Gives the groups of 6.3 that nobody changed the permissions of this program (D-PERM-05),
    /// and returns the names of those that differed. A group that was deleted stays deleted.
    ///
    /// # Errors
    /// [`AppError`] from the database.
    pub fn renew_groups(&self, now: Timestamp) -> Result<Vec<String>, AppError> {
        let permit = Actor::system(now).permit(Model::Group, Action::Change)?;
        self.storage().write_now(move |tx| -> Result<_, AppError> {
            let mut renewed = Vec::new();
            for (name, permissions) in default_groups() {
                let Some(id) = groups::find(tx, name)? else { continue };
                let before = detail(tx, id)?;
                if before.group.is_modified || groups::permissions(tx, id)? == permissions {
                    continue;
                }
                groups::set_permissions(tx, id, &permissions)?;
                let (old, new) =
                    (AccountGroupForm::from(&before), AccountGroupForm::from(&detail(tx, id)?));
                permit.changed(tx, Object { id: id.0, name }, &old, &new)?;
                renewed.push(name.to_owned());
            }
            Ok(renewed)
        })
    }
}

fn detail(tx: &ReadTx<'_>, id: GroupId) -> Result<GroupDetail, StorageError> {
    Ok(GroupDetail {
        group: groups::get(tx, id)?,
        permissions: permission_names(&groups::permissions(tx, id)?),
        members: groups::members(tx, id)?,
    })
}

fn store_permissions(
    tx: &WriteTx<'_>,
    actor: &Actor,
    id: GroupId,
    form: &AccountGroupForm,
) -> Result<(), AppError> {
    let permissions = parse_permissions("permissions", &form.permissions)?;
    actor.holds(&permissions)?;
    groups::set_permissions(tx, id, &permissions)?;
    Ok(())
}

fn checked_name(tx: &ReadTx<'_>, name: &str, own: Option<GroupId>) -> Result<String, AppError> {
    let name = name.trim().to_owned();
    if !(1..=150).contains(&name.chars().count()) || name.chars().any(char::is_control) {
        return Err(AppError::invalid("name", reason!("1 to {limit} characters", limit = 150_u64)));
    }
    if groups::find(tx, &name)?.is_some_and(|other| Some(other) != own) {
        let taken = reason!("a group named {name} exists already", name = name);
        return Err(AppError::Conflict(taken));
    }
    Ok(name)
}
