//! Attributes: lists with the number of their computers, and those added by hand (4.2).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::account::{Action, Model};
use crate::domain::attribute::{ALL_SYSTEMS, parse_name};
use crate::domain::formula::{MAX_VALUE, Sort};
use crate::domain::formula_name::FormulaName;
use crate::domain::ids::AttributeId;
use crate::domain::scopes::View;
use crate::domain::text;
use crate::storage::named_by::named_by;
use crate::storage::pages::Named;
use crate::storage::revisions::{self, Revision};
use crate::storage::{
    ReadTx, StorageError, WriteTx, attribute_lists, attribute_sets, attributes, formula_admin,
};

pub use crate::storage::attribute_lists::{AttributeFilter, AttributeOrder, AttributeRow};
pub use crate::storage::named_by::NamedBy;

use super::actor::Actor;
use super::history::Object;
use super::listed::Listed;
use super::reason::reason;
use super::{App, AppError};

/// What is typed about an attribute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AttributeForm {
    pub value: String,
    #[serde(default)]
    pub description: Option<String>,
}

/// An attribute with what names it (D-ATTR-04).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AttributeDetail {
    #[serde(flatten)]
    pub attribute: AttributeRow,
    /// The set that it stands for.
    pub attribute_set: Option<Named>,
    pub named_by: NamedBy,
}

impl App {
    /// Lists attributes by formula and value (D-ATTR-02), or as asked.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right.
    pub async fn attributes(
        &self,
        actor: &Actor,
        filter: AttributeFilter,
    ) -> Result<Listed<AttributeRow>, AppError> {
        actor.permit(Model::Attribute, Action::View)?;
        self.see(actor, move |tx| {
            let found = attribute_lists::list(tx, &filter)?;
            Ok(Listed::new(found, filter.limit, |row| row.cursor.to_string()))
        })
        .await
    }

    /// Returns one attribute with what names it.
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::NotFound`].
    pub async fn attribute(
        &self,
        actor: &Actor,
        id: AttributeId,
    ) -> Result<AttributeDetail, AppError> {
        actor.permit(Model::Attribute, Action::View)?;
        self.see(actor, move |tx| {
            let attribute = attribute_lists::get(tx, id)?;
            let named_by = named_by(tx, &[id])?;
            let set = attribute_sets::find_by_attribute(tx, id)?;
            let value = || attribute.value.clone();
            let attribute_set = set.map(|set| Named { id: set.0, name: value() });
            Ok(AttributeDetail { attribute, attribute_set, named_by })
        })
        .await
    }

    /// Adds an attribute of a client formula by hand: needed where unknown values are not added
    /// by themselves (D-ATTR-02, D-FORM-09).
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::Invalid`], [`AppError::Conflict`], [`AppError::NotFound`].
    pub async fn add_attribute(
        &self,
        actor: &Actor,
        formula: impl Into<FormulaName>,
        form: AttributeForm,
    ) -> Result<AttributeRow, AppError> {
        let permit = actor.permit(Model::Attribute, Action::Add)?;
        let (formula, form) = (formula.into(), checked(form)?);
        self.storage()
            .write(move |tx| -> Result<_, AppError> {
                let formula = formula_admin::named(tx, &formula)?;
                let (formula, _) = formula_admin::get(&tx.seen_by(View::EVERYTHING), formula)?;
                if !formula.takes_attributes_by_hand() {
                    let prefix = &formula.prefix;
                    let reason =
                        reason!("the server makes the attributes of {prefix}", prefix = prefix);
                    return Err(AppError::invalid("formula", reason));
                }
                check_free(tx, &formula.prefix, &form.value, None)?;
                let id =
                    attributes::insert(tx, formula.id, &form.value, form.description.as_deref())?;
                let row = attribute_lists::get(&tx.seen_by(View::EVERYTHING), id)?;
                permit.added(tx, Object { id: id.0, name: &row.name }, &form)?;
                // Computers that always said this value have it from their next synchronisation.
                revisions::bump(tx, Revision::Formulas)?;
                Ok(row)
            })
            .await
    }

    /// Changes value and description of an attribute of a client formula.
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::Invalid`], [`AppError::Conflict`], [`AppError::NotFound`].
    pub async fn change_attribute(
        &self,
        actor: &Actor,
        id: AttributeId,
        form: AttributeForm,
    ) -> Result<AttributeRow, AppError> {
        let permit = actor.permit(Model::Attribute, Action::Change)?;
        let form = checked(form)?;
        let view = actor.view();
        self.storage()
            .write(move |tx| -> Result<_, AppError> {
                let before = attribute_lists::get(&tx.seen_by(view), id)?;
                check_by_hand(&before)?;
                check_free(tx, &before.prefix, &form.value, Some(id))?;
                attribute_lists::update(tx, id, &form.value, form.description.as_deref())?;
                let after = attribute_lists::get(&tx.seen_by(View::EVERYTHING), id)?;
                let old = AttributeForm { value: before.value, description: before.description };
                if permit.changed(tx, Object { id: id.0, name: &after.name }, &old, &form)? {
                    revisions::bump(tx, Revision::Formulas)?;
                    revisions::bump(tx, Revision::Release)?;
                }
                Ok(after)
            })
            .await
    }

    /// Deletes an attribute of a client formula. What names it must be confirmed (D-GEN-09).
    ///
    /// # Errors
    /// [`AppError::Conflict`] lists what names it; [`AppError::Denied`], [`AppError::Invalid`],
    /// [`AppError::NotFound`].
    pub async fn delete_attribute(
        &self,
        actor: &Actor,
        id: AttributeId,
        confirmed: bool,
    ) -> Result<(), AppError> {
        let permit = actor.permit(Model::Attribute, Action::Delete)?;
        let view = actor.view();
        self.storage()
            .write(move |tx| -> Result<_, AppError> {
                let before = attribute_lists::get(&tx.seen_by(view), id)?;
                check_by_hand(&before)?;
                let named_by = named_by(&tx.seen_by(view), &[id])?;
                if !(named_by.is_empty() || confirmed) {
                    return Err(AppError::Conflict(reason!(
                        "attribute {name} is named by: {objects}; confirm that it disappears",
                        name = &before.name,
                        objects = named_by.listed(),
                    )));
                }
                permit.deleted(tx, Object { id: id.0, name: &before.name }, &before)?;
                Ok(delete(tx, id)?)
            })
            .await
    }
}

/// Deletes an attribute or tag, also from what names it.
pub(super) fn delete(tx: &WriteTx<'_>, id: AttributeId) -> Result<(), StorageError> {
    attribute_lists::delete(tx, id)?;
    revisions::bump(tx, Revision::Formulas)?;
    revisions::bump(tx, Revision::Release)
}

/// Finds attributes by their names, `PREFIX-value` each (D-FORM-16).
pub(super) fn find_named(
    tx: &ReadTx<'_>,
    field: &'static str,
    names: &[String],
) -> Result<Vec<AttributeId>, AppError> {
    let find = |name: &String| {
        let found = match parse_name(name) {
            Some((prefix, value)) => attributes::find_by_name(tx, prefix, value)?,
            None => None,
        };
        found.ok_or_else(|| {
            AppError::invalid(field, reason!("there is no attribute {name}", name = name))
        })
    };
    names.iter().map(find).collect()
}

/// Gives the attribute of something that was renamed its new value, so that deployments that name it
/// go on reaching the same computers. The value may be taken by an attribute that something of that
/// name left behind when it was deleted: that one goes, unless it is still named.
///
/// # Errors
/// [`AppError::Conflict`] lists what names the attribute that is in the way.
pub(super) fn rename_built_in(
    tx: &WriteTx<'_>,
    prefix: &str,
    before: &str,
    after: &str,
) -> Result<(), AppError> {
    let Some(id) = attributes::find_by_name(tx, prefix, before)? else { return Ok(()) };
    if let Some(left) = attributes::find_by_name(tx, prefix, after)?.filter(|left| *left != id) {
        let named_by = named_by(&tx.seen_by(View::EVERYTHING), &[left])?;
        if !named_by.is_empty() {
            return Err(AppError::Conflict(reason!(
                "attribute {name} of something that is gone is still named by: {objects}; take it \
                 out of them first",
                name = format!("{prefix}-{after}"),
                objects = named_by.listed(),
            )));
        }
        attribute_lists::delete(tx, left)?;
    }
    attributes::rename(tx, id, after)?;
    Ok(revisions::bump(tx, Revision::Formulas)?)
}

/// Built-in attributes come and go with what they stand for (D-FORM-14, D-FORM-16).
fn check_by_hand(attribute: &AttributeRow) -> Result<(), AppError> {
    if attribute.id == ALL_SYSTEMS || attribute.sort != Sort::Client {
        let name = &attribute.name;
        let reason = reason!("{name} is built in: it cannot be changed by hand", name = name);
        return Err(AppError::invalid("value", reason));
    }
    Ok(())
}

fn check_free(
    tx: &ReadTx<'_>,
    prefix: &str,
    value: &str,
    own: Option<AttributeId>,
) -> Result<(), AppError> {
    match attributes::find_by_name(tx, prefix, value)? {
        Some(other) if Some(other) != own => Err(AppError::Conflict(reason!(
            "attribute {name} exists already",
            name = format!("{prefix}-{value}")
        ))),
        _ => Ok(()),
    }
}

/// Values typed by an account are refused where a computer's would be cut (D-SYNC-23).
fn checked(form: AttributeForm) -> Result<AttributeForm, AppError> {
    let value = form.value.trim().to_owned();
    if !(1..=MAX_VALUE).contains(&value.chars().count()) {
        return Err(AppError::invalid(
            "value",
            reason!("1 to {limit} characters", limit = MAX_VALUE),
        ));
    }
    let description = form.description.map(|text| text::normalise_lines(text.trim()));
    Ok(AttributeForm { value, description: description.filter(|text| !text.is_empty()) })
}
