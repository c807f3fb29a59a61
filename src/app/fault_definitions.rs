//! Administration of fault definitions (5.1). A change reaches each computer at its next
//! synchronisation.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::account::{Action, Model};
use crate::domain::fault::{MAX_NAME, definition_name};
use crate::domain::formula::Language;
use crate::domain::ids::{AccountId, AttributeId, FaultDefinitionId};
use crate::domain::scopes::View;
use crate::domain::text;
use crate::storage::fault_definition_admin::{self, Fields};
use crate::storage::pages::Named;
use crate::storage::revisions::{self, Revision};
use crate::storage::{ReadTx, WriteTx, accounts};

pub use crate::storage::fault_definition_admin::DefinitionRow;

use super::actor::Actor;
use super::attributes::find_named;
use super::history::Object;
use super::reason::reason;
use super::{App, AppError};

/// What is typed about a fault definition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DefinitionForm {
    /// Spaces become `_`.
    pub name: String,
    #[serde(default)]
    pub description: String,
    #[serde(default = "yes")]
    pub enabled: bool,
    #[serde(default = "bash")]
    #[schema(value_type = String)]
    pub language: Language,
    #[serde(default)]
    pub code: String,
    /// `PREFIX-value` of each.
    #[serde(default)]
    pub included_attributes: Vec<String>,
    #[serde(default)]
    pub excluded_attributes: Vec<String>,
    /// Names of accounts; none: the faults concern everybody (D-FAULT-05).
    #[serde(default)]
    pub users: Vec<String>,
}

fn yes() -> bool {
    true
}

fn bash() -> Language {
    Language::Bash
}

impl From<DefinitionRow> for DefinitionForm {
    fn from(row: DefinitionRow) -> Self {
        let names = |named: Vec<Named>| named.into_iter().map(|named| named.name).collect();
        Self {
            name: row.name,
            description: row.description,
            enabled: row.enabled,
            language: row.language,
            code: row.code,
            included_attributes: names(row.included_attributes),
            excluded_attributes: names(row.excluded_attributes),
            users: names(row.users),
        }
    }
}

/// A form whose names were found.
struct Checked {
    form: DefinitionForm,
    included: Vec<AttributeId>,
    excluded: Vec<AttributeId>,
    users: Vec<AccountId>,
}

impl App {
    /// Lists fault definitions by name.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right.
    pub async fn fault_definitions(&self, actor: &Actor) -> Result<Vec<DefinitionRow>, AppError> {
        actor.permit(Model::FaultDefinition, Action::View)?;
        self.see(actor, |tx| Ok(fault_definition_admin::list(tx)?)).await
    }

    /// Returns one fault definition.
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::NotFound`].
    pub async fn fault_definition(
        &self,
        actor: &Actor,
        id: FaultDefinitionId,
    ) -> Result<DefinitionRow, AppError> {
        actor.permit(Model::FaultDefinition, Action::View)?;
        self.see(actor, move |tx| Ok(fault_definition_admin::get(tx, id)?)).await
    }

    /// Adds a fault definition.
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::Invalid`], [`AppError::Conflict`].
    pub async fn add_fault_definition(
        &self,
        actor: &Actor,
        form: DefinitionForm,
    ) -> Result<DefinitionRow, AppError> {
        let permit = actor.permit(Model::FaultDefinition, Action::Add)?;
        self.storage()
            .write(move |tx| -> Result<_, AppError> {
                let checked = check(tx, form, None)?;
                let id = fault_definition_admin::insert(tx, &fields(&checked.form))?;
                store_relations(tx, id, &checked)?;
                permit.added(tx, Object { id: id.0, name: &checked.form.name }, &checked.form)?;
                revisions::bump(tx, Revision::Release)?;
                Ok(fault_definition_admin::get(&tx.seen_by(View::EVERYTHING), id)?)
            })
            .await
    }

    /// Changes a fault definition; its faults stay its own (D-FAULT-07).
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::Invalid`], [`AppError::Conflict`], [`AppError::NotFound`].
    pub async fn change_fault_definition(
        &self,
        actor: &Actor,
        id: FaultDefinitionId,
        form: DefinitionForm,
    ) -> Result<DefinitionRow, AppError> {
        let permit = actor.permit(Model::FaultDefinition, Action::Change)?;
        let view = actor.view();
        self.storage()
            .write(move |tx| -> Result<_, AppError> {
                let before = fault_definition_admin::get(&tx.seen_by(view), id)?;
                let checked = check(tx, form, Some(id))?;
                fault_definition_admin::update(tx, id, &fields(&checked.form))?;
                store_relations(tx, id, &checked)?;
                let after = fault_definition_admin::get(&tx.seen_by(View::EVERYTHING), id)?;
                let (old, new) = (before.into(), DefinitionForm::from(after.clone()));
                if permit.changed(tx, Object { id: id.0, name: &after.name }, &old, &new)? {
                    revisions::bump(tx, Revision::Release)?;
                }
                Ok(after)
            })
            .await
    }

    /// Deletes a fault definition with its faults, which must be confirmed if there are some
    /// (D-FAULT-07, D-GEN-09).
    ///
    /// # Errors
    /// [`AppError::Conflict`] counts the faults; [`AppError::Denied`], [`AppError::NotFound`].
    pub async fn delete_fault_definition(
        &self,
        actor: &Actor,
        id: FaultDefinitionId,
        confirmed: bool,
    ) -> Result<(), AppError> {
        let permit = actor.permit(Model::FaultDefinition, Action::Delete)?;
        let view = actor.view();
        self.storage()
            .write(move |tx| -> Result<_, AppError> {
                let before = fault_definition_admin::get(&tx.seen_by(view), id)?;
                if before.faults > 0 && !confirmed {
                    return Err(AppError::Conflict(reason!(
                        "fault definition {name} has {count} faults: confirm that they disappear",
                        name = &before.name,
                        count = before.faults
                    )));
                }
                let name = before.name.clone();
                let object = Object { id: id.0, name: &name };
                permit.deleted(tx, object, &DefinitionForm::from(before))?;
                fault_definition_admin::delete(tx, id)?;
                revisions::bump(tx, Revision::Release)?;
                Ok(())
            })
            .await
    }
}

fn check(
    tx: &ReadTx<'_>,
    form: DefinitionForm,
    own: Option<FaultDefinitionId>,
) -> Result<Checked, AppError> {
    let name = definition_name(&form.name);
    if !(1..=MAX_NAME).contains(&name.chars().count()) || name.chars().any(char::is_control) {
        return Err(AppError::invalid(
            "name",
            reason!("1 to {limit} characters", limit = MAX_NAME),
        ));
    }
    if fault_definition_admin::find_by_name(tx, &name)?.is_some_and(|other| Some(other) != own) {
        let taken = reason!("a fault definition named {name} exists already", name = name);
        return Err(AppError::Conflict(taken));
    }
    let account = |username: &String| {
        let found = accounts::find_by_username(tx, username)?.map(|account| account.id);
        found.ok_or_else(|| {
            AppError::invalid("users", reason!("there is no account {name}", name = username))
        })
    };
    let users = form.users.iter().map(account).collect::<Result<_, AppError>>()?;
    Ok(Checked {
        included: find_named(tx, "included_attributes", &form.included_attributes)?,
        excluded: find_named(tx, "excluded_attributes", &form.excluded_attributes)?,
        users,
        form: DefinitionForm {
            name,
            description: text::normalise_lines(form.description.trim()),
            code: text::normalise_lines(&form.code),
            ..form
        },
    })
}

fn fields(form: &DefinitionForm) -> Fields<'_> {
    Fields {
        name: &form.name,
        description: &form.description,
        enabled: form.enabled,
        language: form.language,
        code: &form.code,
    }
}

fn store_relations(
    tx: &WriteTx<'_>,
    id: FaultDefinitionId,
    checked: &Checked,
) -> Result<(), AppError> {
    fault_definition_admin::set_targets(tx, id, &checked.included, &checked.excluded)?;
    fault_definition_admin::set_users(tx, id, &checked.users)?;
    Ok(())
}
