//! Tag categories (4.3): formulas of sort `server`, whose values people give to computers.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::account::{Action, Model};
use crate::domain::formula::{Formula, Kind, Language, Sort};
use crate::domain::ids::FormulaId;
use crate::domain::scopes::{PREFIX, View};
use crate::storage::named_by::{NamedBy, formula_named_by};
use crate::storage::revisions::{self, Revision};
use crate::storage::seen::Seen;
use crate::storage::{ReadTx, WriteTx, formula_admin, formulas, tags};

use super::actor::Actor;
use super::formulas::{checked, delete, object};
use super::reason::reason;
use super::tags::make_expansion;
use super::{App, AppError};

/// What is typed about a tag category.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CategoryForm {
    /// One to three letters or digits.
    pub prefix: String,
    pub name: String,
    /// Tags of a disabled category have no effect and are not offered.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// `N` normal, `-` list, `R` add to the right, `L` add to the left.
    #[serde(default = "normal")]
    #[schema(value_type = String)]
    pub kind: Kind,
}

fn yes() -> bool {
    true
}

fn normal() -> Kind {
    Kind::Normal
}

impl From<&Formula> for CategoryForm {
    fn from(formula: &Formula) -> Self {
        Self {
            prefix: formula.prefix.clone(),
            name: formula.name.clone(),
            enabled: formula.enabled,
            kind: formula.kind,
        }
    }
}

/// A tag category.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Category {
    #[schema(value_type = i64)]
    pub id: FormulaId,
    #[serde(flatten)]
    pub category: CategoryForm,
    /// Number of its tags.
    pub tags: i64,
}

impl App {
    /// Lists tag categories by name: there are some dozens at most.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right.
    pub async fn tag_categories(&self, actor: &Actor) -> Result<Vec<Category>, AppError> {
        actor.permit(Model::Formula, Action::View)?;
        self.see(actor, |tx| {
            let all = formula_admin::list(tx)?.into_iter();
            let categories = all.filter(|(formula, _)| formula.sort == Sort::Server);
            Ok(categories.map(|(formula, tags)| category(&formula, tags)).collect())
        })
        .await
    }

    /// Returns a tag category with what names its tags.
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::NotFound`].
    pub async fn tag_category(
        &self,
        actor: &Actor,
        id: FormulaId,
    ) -> Result<(Category, NamedBy), AppError> {
        actor.permit(Model::Formula, Action::View)?;
        self.see(actor, move |tx| {
            let (formula, tags) = get(tx, id)?;
            Ok((category(&formula, tags), formula_named_by(tx, id)?))
        })
        .await
    }

    /// Adds a tag category.
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::Invalid`], [`AppError::Conflict`] for a taken prefix.
    pub async fn add_tag_category(
        &self,
        actor: &Actor,
        form: CategoryForm,
    ) -> Result<Category, AppError> {
        let permit = actor.permit(Model::Formula, Action::Add)?;
        self.storage()
            .write(move |tx| -> Result<_, AppError> {
                let mut formula = read_form(tx, form, FormulaId(0))?;
                formula.id = formulas::insert(tx, &formula)?;
                permit.added(tx, object(&formula), &CategoryForm::from(&formula))?;
                revisions::bump(tx, Revision::Formulas)?;
                Ok(category(&formula, 0))
            })
            .await
    }

    /// Changes a tag category. Another kind gives its tags other attributes, which are made.
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::Invalid`], [`AppError::Conflict`], [`AppError::NotFound`].
    pub async fn change_tag_category(
        &self,
        actor: &Actor,
        id: FormulaId,
        form: CategoryForm,
    ) -> Result<Category, AppError> {
        let permit = actor.permit(Model::Formula, Action::Change)?;
        let view = actor.view();
        self.storage()
            .write(move |tx| -> Result<_, AppError> {
                let (before, _) = get(&tx.seen_by(view), id)?;
                let after = read_form(tx, form, id)?;
                if before.prefix == PREFIX && after.prefix != PREFIX {
                    let reason = reason!("domains live by {prefix}: it stays", prefix = PREFIX);
                    return Err(AppError::invalid("prefix", reason));
                }
                formula_admin::update(tx, &after)?;
                if before.kind != after.kind {
                    make_expansions(tx, &after)?;
                }
                let (old, new) = (CategoryForm::from(&before), CategoryForm::from(&after));
                if permit.changed(tx, object(&after), &old, &new)? {
                    revisions::bump(tx, Revision::Formulas)?;
                }
                let (_, tags) = get(&tx.seen_by(view), id)?;
                Ok(category(&after, tags))
            })
            .await
    }

    /// Deletes a tag category with its tags, which must be confirmed if there are some
    /// (D-FORM-14, D-GEN-09).
    ///
    /// # Errors
    /// [`AppError::Conflict`] says what would disappear; [`AppError::Denied`],
    /// [`AppError::NotFound`].
    pub async fn delete_tag_category(
        &self,
        actor: &Actor,
        id: FormulaId,
        confirmed: bool,
    ) -> Result<(), AppError> {
        let permit = actor.permit(Model::Formula, Action::Delete)?;
        let view = actor.view();
        self.storage()
            .write(move |tx| -> Result<_, AppError> {
                let (formula, count) = get(&tx.seen_by(View::EVERYTHING), id)?;
                let values = tags::values_of(tx, id)?.into_iter().map(|(id, ..)| id).collect();
                if let Some(domain) = tags::domain_of(tx, &values)? {
                    return Err(AppError::Conflict(reason!(
                        "a tag of category {prefix} stands for the domain {domain}",
                        prefix = &formula.prefix,
                        domain = domain
                    )));
                }
                if count > 0 && !confirmed {
                    return Err(AppError::Conflict(reason!(
                        "category {prefix} has {count} tags, named by: {objects}; confirm that \
                         they disappear",
                        prefix = &formula.prefix,
                        count = count,
                        objects = formula_named_by(&tx.seen_by(view), id)?.listed(),
                    )));
                }
                permit.deleted(tx, object(&formula), &CategoryForm::from(&formula))?;
                Ok(delete(tx, id)?)
            })
            .await
    }
}

fn category(formula: &Formula, tags: i64) -> Category {
    Category { id: formula.id, category: formula.into(), tags }
}

fn get(tx: &Seen<'_>, id: FormulaId) -> Result<(Formula, i64), AppError> {
    let (formula, tags) = formula_admin::get(tx, id)?;
    if formula.sort == Sort::Server {
        return Ok((formula, tags));
    }
    Err(AppError::not_found("tag category", id))
}

fn read_form(tx: &ReadTx<'_>, form: CategoryForm, id: FormulaId) -> Result<Formula, AppError> {
    let formula = Formula {
        id,
        prefix: form.prefix.trim().to_owned(),
        name: form.name.trim().to_owned(),
        enabled: form.enabled,
        kind: form.kind,
        sort: Sort::Server,
        auto_add: true,
        language: Language::Bash,
        code: String::new(),
    };
    checked(tx, formula)
}

/// Makes what the tags of a category stand for. A value that stands for nothing in its new kind
/// has no effect.
fn make_expansions(tx: &WriteTx<'_>, category: &Formula) -> Result<(), AppError> {
    for (_, value, description) in tags::values_of(tx, category.id)? {
        match make_expansion(tx, category, &value, description.as_deref()) {
            Ok(()) | Err(AppError::Invalid { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
