//! Administration of formulas (4.1). A change reaches each computer at its next synchronisation.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::account::{Action, Model};
use crate::domain::formula::{Formula, FormulaError, Kind, Language, Sort};
use crate::domain::ids::FormulaId;
use crate::domain::scopes::View;
use crate::domain::text;
use crate::storage::named_by::formula_named_by;
use crate::storage::revisions::{self, Revision};
use crate::storage::seen::Seen;
use crate::storage::{ReadTx, StorageError, WriteTx, formula_admin, formulas};

use super::actor::Actor;
use super::history::Object;
use super::reason::{Reason, reason};
use super::{App, AppError};

/// What is typed about a formula.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FormulaForm {
    /// One to three letters or digits.
    pub prefix: String,
    pub name: String,
    #[serde(default = "yes")]
    pub enabled: bool,
    /// `N` normal, `-` list, `R` add to the right, `L` add to the left.
    #[serde(default = "normal")]
    #[schema(value_type = String)]
    pub kind: Kind,
    /// Unknown values are added by themselves (D-FORM-09).
    #[serde(default = "yes")]
    pub auto_add: bool,
    #[serde(default = "bash")]
    #[schema(value_type = String)]
    pub language: Language,
    pub code: String,
}

fn yes() -> bool {
    true
}

fn normal() -> Kind {
    Kind::Normal
}

fn bash() -> Language {
    Language::Bash
}

impl From<Formula> for FormulaForm {
    fn from(formula: Formula) -> Self {
        Self {
            prefix: formula.prefix,
            name: formula.name,
            enabled: formula.enabled,
            kind: formula.kind,
            auto_add: formula.auto_add,
            language: formula.language,
            code: formula.code,
        }
    }
}

impl App {
    /// Lists formulas by name with the number of their attributes, tag categories among them.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right.
    pub async fn formulas(&self, actor: &Actor) -> Result<Vec<(Formula, i64)>, AppError> {
        actor.permit(Model::Formula, Action::View)?;
        self.see(actor, |tx| Ok(formula_admin::list(tx)?)).await
    }

    /// Returns a formula with the number of its attributes.
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::NotFound`].
    pub async fn formula(&self, actor: &Actor, id: FormulaId) -> Result<(Formula, i64), AppError> {
        actor.permit(Model::Formula, Action::View)?;
        self.see(actor, move |tx| get(tx, id)).await
    }

    /// Adds a formula that computers evaluate.
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::Invalid`], [`AppError::Conflict`] for a taken prefix.
    pub async fn add_formula(&self, actor: &Actor, form: FormulaForm) -> Result<Formula, AppError> {
        let permit = actor.permit(Model::Formula, Action::Add)?;
        self.storage()
            .write(move |tx| -> Result<_, AppError> {
                let mut formula = read_form(tx, form, FormulaId(0))?;
                formula.id = formulas::insert(tx, &formula)?;
                permit.added(tx, object(&formula), &FormulaForm::from(formula.clone()))?;
                revisions::bump(tx, Revision::Formulas)?;
                Ok(formula)
            })
            .await
    }

    /// Changes a formula. Of a built-in one only the name and whether it is enabled (D-FORM-14).
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::Invalid`], [`AppError::Conflict`], [`AppError::NotFound`].
    pub async fn change_formula(
        &self,
        actor: &Actor,
        id: FormulaId,
        form: FormulaForm,
    ) -> Result<Formula, AppError> {
        let permit = actor.permit(Model::Formula, Action::Change)?;
        self.storage()
            .write(move |tx| -> Result<_, AppError> {
                let (before, _) = get(&tx.seen_by(View::EVERYTHING), id)?;
                let after = match before.sort {
                    Sort::Basic => change_basic(&before, form)?,
                    Sort::Client | Sort::Server => read_form(tx, form, id)?,
                };
                formula_admin::update(tx, &after)?;
                let (old, new) = (before.into(), FormulaForm::from(after.clone()));
                if permit.changed(tx, object(&after), &old, &new)? {
                    revisions::bump(tx, Revision::Formulas)?;
                }
                Ok(after)
            })
            .await
    }

    /// Deletes a formula with its attributes; if it has some, what goes with it must be confirmed
    /// (D-FORM-14, D-GEN-09).
    ///
    /// # Errors
    /// [`AppError::Conflict`] for a built-in one, and to list what would disappear;
    /// [`AppError::Denied`], [`AppError::NotFound`].
    pub async fn delete_formula(
        &self,
        actor: &Actor,
        id: FormulaId,
        confirmed: bool,
    ) -> Result<(), AppError> {
        let permit = actor.permit(Model::Formula, Action::Delete)?;
        let view = actor.view();
        self.storage()
            .write(move |tx| -> Result<_, AppError> {
                let (formula, attributes) = get(&tx.seen_by(View::EVERYTHING), id)?;
                if !formula.may_be_deleted() {
                    return Err(AppError::Conflict(reason!(
                        "formula {prefix} is built in: it can be disabled, not deleted",
                        prefix = &formula.prefix
                    )));
                }
                if attributes > 0 && !confirmed {
                    return Err(AppError::Conflict(reason!(
                        "formula {prefix} has {count} attributes, named by: {objects}; confirm \
                         that they disappear",
                        prefix = &formula.prefix,
                        count = attributes,
                        objects = formula_named_by(&tx.seen_by(view), id)?.listed(),
                    )));
                }
                permit.deleted(tx, object(&formula), &FormulaForm::from(formula.clone()))?;
                Ok(delete(tx, id)?)
            })
            .await
    }
}

pub(super) fn object(formula: &Formula) -> Object<'_> {
    Object { id: formula.id.0, name: &formula.prefix }
}

fn read_form(tx: &ReadTx<'_>, form: FormulaForm, id: FormulaId) -> Result<Formula, AppError> {
    let formula = Formula {
        id,
        prefix: form.prefix.trim().to_owned(),
        name: form.name.trim().to_owned(),
        enabled: form.enabled,
        kind: form.kind,
        sort: Sort::Client,
        auto_add: form.auto_add,
        language: form.language,
        code: text::normalise_lines(&form.code),
    };
    checked(tx, formula)
}

/// Formulas and tag categories share their prefixes.
pub(super) fn checked(tx: &ReadTx<'_>, formula: Formula) -> Result<Formula, AppError> {
    formula.check().map_err(invalid)?;
    let prefix = &formula.prefix;
    if formula_admin::find_by_prefix(tx, prefix)?.is_some_and(|other| other != formula.id) {
        let text = reason!("a formula with prefix {prefix} exists already", prefix = prefix);
        return Err(AppError::Conflict(text));
    }
    Ok(formula)
}

/// Deletes a formula or tag category with its attributes.
pub(super) fn delete(tx: &WriteTx<'_>, id: FormulaId) -> Result<(), StorageError> {
    formula_admin::delete(tx, id)?;
    revisions::bump(tx, Revision::Formulas)?;
    revisions::bump(tx, Revision::Release)
}

/// A formula that is no tag category: those have operations of their own.
fn get(tx: &Seen<'_>, id: FormulaId) -> Result<(Formula, i64), AppError> {
    match formula_admin::get(tx, id)? {
        (formula, _) if formula.sort == Sort::Server => Err(AppError::not_found("formula", id)),
        found => Ok(found),
    }
}

/// What may be changed about a built-in formula; anything else that differs is refused rather
/// than left out in silence.
fn change_basic(before: &Formula, form: FormulaForm) -> Result<Formula, AppError> {
    let after = Formula {
        prefix: form.prefix.trim().to_owned(),
        name: form.name.trim().to_owned(),
        enabled: form.enabled,
        ..before.clone()
    };
    before.check_change(&after).map_err(invalid)?;
    let same_class = form.kind == before.kind;
    if !same_class || text::normalise_lines(&form.code).trim() != before.code.trim() {
        let field = if same_class { "code" } else { "kind" };
        return Err(AppError::invalid(
            field,
            reason!("{prefix} is built in", prefix = &before.prefix),
        ));
    }
    Ok(after)
}

fn invalid(error: FormulaError) -> AppError {
    let field = match error {
        FormulaError::Prefix | FormulaError::BuiltInPrefix => "prefix",
        FormulaError::Name => "name",
        FormulaError::NoCode => "code",
        FormulaError::Sort => "sort",
    };
    AppError::invalid(field, Reason::of(&error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::defaults;

    #[test]
    fn d_form_14_a_built_in_formula_is_renamed_or_disabled_only() {
        let cid = defaults::formulas().into_iter().find(|formula| formula.prefix == "CID").unwrap();
        let form = FormulaForm::from(cid.clone());
        let renamed = FormulaForm { name: "NUMBER".into(), enabled: false, ..form.clone() };
        let after = change_basic(&cid, renamed).unwrap();
        assert_eq!((after.name.as_str(), after.enabled), ("NUMBER", false));
        assert!(change_basic(&cid, FormulaForm { prefix: "XXX".into(), ..form.clone() }).is_err());
        assert!(change_basic(&cid, FormulaForm { kind: Kind::List, ..form.clone() }).is_err());
        assert!(change_basic(&cid, FormulaForm { code: "echo 1".into(), ..form }).is_err());
    }
}
