//! Administration of attribute sets (4.4). A set has its attribute `SET-<name>` from the start;
//! who is in it follows at each computer's next synchronisation.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::account::{Action, Model};
use crate::domain::attribute::ALL_SYSTEMS;
use crate::domain::attribute_set::{SetError, check_name, cycle_of};
use crate::domain::ids::{AttributeId, AttributeSetId, FormulaId};
use crate::domain::scopes::View;
use crate::domain::text;
use crate::storage::attribute_sets::{self, Fields};
use crate::storage::named_by::{NamedBy, named_by};
use crate::storage::pages::Named;
use crate::storage::revisions::{self, Revision};
use crate::storage::{ReadTx, WriteTx, attribute_lists, attributes, classification};

pub use crate::storage::attribute_sets::{SetFilter, SetRow};

use super::actor::Actor;
use super::attributes::find_named;
use super::history::Object;
use super::listed::Listed;
use super::reason::{Reason, reason};
use super::{App, AppError};

/// What is typed about an attribute set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetForm {
    pub name: String,
    #[serde(default)]
    pub description: String,
    /// Nobody is in a disabled set.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// `PREFIX-value` of each.
    #[serde(default)]
    pub included_attributes: Vec<String>,
    #[serde(default)]
    pub excluded_attributes: Vec<String>,
}

fn yes() -> bool {
    true
}

impl From<SetRow> for SetForm {
    fn from(row: SetRow) -> Self {
        let names = |named: Vec<Named>| named.into_iter().map(|named| named.name).collect();
        Self {
            name: row.name,
            description: row.description,
            enabled: row.enabled,
            included_attributes: names(row.included_attributes),
            excluded_attributes: names(row.excluded_attributes),
        }
    }
}

/// A set with what names its attribute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SetDetail {
    #[serde(flatten)]
    pub set: SetRow,
    pub named_by: NamedBy,
}

impl App {
    /// Lists attribute sets by name.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right.
    pub async fn attribute_sets(
        &self,
        actor: &Actor,
        filter: SetFilter,
    ) -> Result<Listed<SetRow>, AppError> {
        actor.permit(Model::AttributeSet, Action::View)?;
        self.see(actor, move |tx| {
            let found = attribute_sets::list(tx, &filter)?;
            Ok(Listed::new(found, filter.limit, |row| row.cursor.to_string()))
        })
        .await
    }

    /// Returns one attribute set.
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::NotFound`].
    pub async fn attribute_set(
        &self,
        actor: &Actor,
        id: AttributeSetId,
    ) -> Result<SetDetail, AppError> {
        actor.permit(Model::AttributeSet, Action::View)?;
        self.see(actor, move |tx| {
            let set = attribute_sets::get(tx, id)?;
            let named_by = named_by(tx, &[AttributeId(set.attribute.id)])?;
            Ok(SetDetail { set, named_by })
        })
        .await
    }

    /// Adds an attribute set and its attribute (D-ASET-01).
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::Invalid`], [`AppError::Conflict`].
    pub async fn add_attribute_set(
        &self,
        actor: &Actor,
        form: SetForm,
    ) -> Result<SetRow, AppError> {
        let permit = actor.permit(Model::AttributeSet, Action::Add)?;
        self.storage()
            .write(move |tx| -> Result<_, AppError> {
                let form = checked(form)?;
                check_free(tx, &form.name, None)?;
                let description = Some(form.description.as_str()).filter(|text| !text.is_empty());
                let attribute = attributes::insert(tx, formula(tx)?, &form.name, description)?;
                let id = attribute_sets::insert(tx, attribute, &fields(&form))?;
                let added = store_target(tx, id, &form)?;
                let record = SetForm::from(added.clone());
                permit.added(tx, Object { id: id.0, name: &added.name }, &record)?;
                revisions::bump(tx, Revision::Formulas)?;
                Ok(added)
            })
            .await
    }

    /// Changes an attribute set; another name renames its attribute (D-ASET-01).
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::Invalid`], [`AppError::Conflict`], [`AppError::NotFound`].
    pub async fn change_attribute_set(
        &self,
        actor: &Actor,
        id: AttributeSetId,
        form: SetForm,
    ) -> Result<SetRow, AppError> {
        let permit = actor.permit(Model::AttributeSet, Action::Change)?;
        let view = actor.view();
        self.storage()
            .write(move |tx| -> Result<_, AppError> {
                let before = attribute_sets::get(&tx.seen_by(view), id)?;
                let attribute = AttributeId(before.attribute.id);
                let form = checked(form)?;
                check_free(tx, &form.name, Some(attribute))?;
                let description = Some(form.description.as_str()).filter(|text| !text.is_empty());
                attribute_lists::update(tx, attribute, &form.name, description)?;
                attribute_sets::update(tx, id, &fields(&form))?;
                let after = store_target(tx, id, &form)?;
                let (old, new) = (SetForm::from(before), SetForm::from(after.clone()));
                if permit.changed(tx, Object { id: id.0, name: &after.name }, &old, &new)? {
                    revisions::bump(tx, Revision::Formulas)?;
                }
                Ok(after)
            })
            .await
    }

    /// Deletes an attribute set with its attribute, everywhere (D-ASET-01); what names it must be
    /// confirmed (D-GEN-09).
    ///
    /// # Errors
    /// [`AppError::Conflict`] says what names it; [`AppError::Denied`], [`AppError::NotFound`].
    pub async fn delete_attribute_set(
        &self,
        actor: &Actor,
        id: AttributeSetId,
        confirmed: bool,
    ) -> Result<(), AppError> {
        let permit = actor.permit(Model::AttributeSet, Action::Delete)?;
        let view = actor.view();
        self.storage()
            .write(move |tx| -> Result<_, AppError> {
                let before = attribute_sets::get(&tx.seen_by(view), id)?;
                let attribute = AttributeId(before.attribute.id);
                let named_by = named_by(&tx.seen_by(view), &[attribute])?;
                if !(named_by.is_empty() || confirmed) {
                    return Err(AppError::Conflict(reason!(
                        "attribute {name} is named by: {objects}; confirm that it disappears",
                        name = &before.attribute.name,
                        objects = named_by.listed(),
                    )));
                }
                let name = before.name.clone();
                permit.deleted(tx, Object { id: id.0, name: &name }, &SetForm::from(before))?;
                attribute_sets::delete(tx, id)?;
                attribute_lists::delete(tx, attribute)?;
                revisions::bump(tx, Revision::Formulas)?;
                revisions::bump(tx, Revision::Release)?;
                Ok(())
            })
            .await
    }
}

fn checked(form: SetForm) -> Result<SetForm, AppError> {
    let name = form.name.trim().to_owned();
    let invalid = |error: SetError| AppError::invalid("name", Reason::of(&error));
    check_name(&name).map_err(invalid)?;
    Ok(SetForm { name, description: text::normalise_lines(form.description.trim()), ..form })
}

fn check_free(tx: &ReadTx<'_>, name: &str, own: Option<AttributeId>) -> Result<(), AppError> {
    match attributes::find_by_name(tx, "SET", name)? {
        Some(other) if Some(other) != own => Err(AppError::Conflict(reason!(
            "attribute {name} exists already",
            name = format!("SET-{name}")
        ))),
        _ => Ok(()),
    }
}

/// The formula of sets: that of ALL SYSTEMS.
fn formula(tx: &ReadTx<'_>) -> Result<FormulaId, AppError> {
    let all = attribute_lists::get(&tx.seen_by(View::EVERYTHING), ALL_SYSTEMS)?;
    Ok(FormulaId(all.formula.id))
}

fn fields(form: &SetForm) -> Fields<'_> {
    Fields { name: &form.name, description: &form.description, enabled: form.enabled }
}

/// Stores what puts computers into the set, unless sets would name each other in a circle
/// (D-ASET-04).
fn store_target(tx: &WriteTx<'_>, id: AttributeSetId, form: &SetForm) -> Result<SetRow, AppError> {
    let included = find_named(tx, "included_attributes", &form.included_attributes)?;
    let excluded = find_named(tx, "excluded_attributes", &form.excluded_attributes)?;
    attribute_sets::set_targets(tx, id, &included, &excluded)?;
    let sets = classification::sets(tx)?;
    if let Some(cycle) = cycle_of(&sets, id) {
        let name = |place: usize| sets.get(place).map_or("", |set| set.name.as_str());
        let begin = cycle.first().copied();
        let names: Vec<&str> = cycle.iter().copied().chain(begin).map(name).collect();
        return Err(AppError::Conflict(reason!(
            "attribute sets cannot name each other in a circle: {names}",
            names = names.join(" → ")
        )));
    }
    Ok(attribute_sets::get(&tx.seen_by(View::EVERYTHING), id)?)
}
