//! Tags (4.3): attributes that people make and give to computers by hand.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::account::{Action, Model};
use crate::domain::computer::parse_cid;
use crate::domain::formula::{Formula, MAX_VALUE, Sort};
use crate::domain::formula_name::FormulaName;
use crate::domain::ids::{AttributeId, ComputerId, FormulaId};
use crate::domain::scopes::View;
use crate::domain::tag::{self, TagError};
use crate::domain::text;
use crate::storage::named_by::{NamedBy, named_by};
use crate::storage::pages::Named;
use crate::storage::revisions::{self, Revision};
use crate::storage::seen::Seen;
use crate::storage::{ReadTx, WriteTx, attribute_lists, attributes, formula_admin, tags};

pub use crate::storage::tags::{TagFilter, TagOrder, TagRow};

use super::actor::Actor;
use super::attributes::delete;
use super::history::Object;
use super::listed::Listed;
use super::reason::{Reason, reason};
use super::{App, AppError, given_tags};

/// What is typed about a tag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TagForm {
    pub value: String,
    #[serde(default)]
    pub description: Option<String>,
    /// Computers that have it, `CID-7` or `7` each: they replace those that had it (D-TAG-07).
    /// Absent: they stay.
    #[serde(default)]
    pub computers: Option<Vec<String>>,
}

/// A tag with the computers it was given to, and what names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TagDetail {
    #[serde(flatten)]
    pub tag: TagRow,
    pub given_to: Vec<Named>,
    pub named_by: NamedBy,
}

/// A form whose parts were found.
struct Checked {
    value: String,
    description: Option<String>,
    computers: Option<BTreeSet<ComputerId>>,
}

#[derive(Serialize)]
struct TagRecord {
    value: String,
    description: Option<String>,
    computers: Vec<String>,
}

impl App {
    /// Lists tags by category and value, or as asked.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right.
    pub async fn tags(&self, actor: &Actor, filter: TagFilter) -> Result<Listed<TagRow>, AppError> {
        actor.permit(Model::Attribute, Action::View)?;
        self.see(actor, move |tx| {
            let found = tags::list(tx, &filter)?;
            Ok(Listed::new(found, filter.limit, |row| row.cursor.to_string()))
        })
        .await
    }

    /// Returns one tag.
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::NotFound`].
    pub async fn tag(&self, actor: &Actor, id: AttributeId) -> Result<TagDetail, AppError> {
        actor.permit(Model::Attribute, Action::View)?;
        self.see(actor, move |tx| detail(tx, id)).await
    }

    /// Adds a tag with every attribute it stands for (D-TAG-02).
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::Invalid`], [`AppError::Conflict`], [`AppError::NotFound`].
    pub async fn add_tag(
        &self,
        actor: &Actor,
        category: impl Into<FormulaName>,
        form: TagForm,
    ) -> Result<TagDetail, AppError> {
        let permit = actor.permit(Model::Attribute, Action::Add)?;
        let category = category.into();
        let view = actor.view();
        self.storage()
            .write(move |tx| -> Result<_, AppError> {
                let category = category_of(tx, &category)?;
                let checked = check(form)?;
                check_free(tx, &category, &checked.value, None)?;
                make_expansion(tx, &category, &checked.value, checked.description.as_deref())?;
                // A list such as `a,b` is not among the attributes it stands for.
                let id = match attributes::find(tx, category.id, &checked.value)? {
                    Some(id) => id,
                    None => attributes::insert(tx, category.id, &checked.value, None)?,
                };
                attributes::describe(tx, id, checked.description.as_deref())?;
                if let Some(computers) = &checked.computers {
                    given_tags::replace_computers(&tx.seen_by(view), tx, id, computers)?;
                }
                let added = detail(&tx.seen_by(View::EVERYTHING), id)?;
                permit.added(tx, Object { id: id.0, name: &added.tag.name }, &record(&added))?;
                revisions::bump(tx, Revision::Formulas)?;
                Ok(added)
            })
            .await
    }

    /// Changes a tag; its computers keep it unless the form names others.
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::Invalid`], [`AppError::Conflict`], [`AppError::NotFound`].
    pub async fn change_tag(
        &self,
        actor: &Actor,
        id: AttributeId,
        form: TagForm,
    ) -> Result<TagDetail, AppError> {
        let permit = actor.permit(Model::Attribute, Action::Change)?;
        let view = actor.view();
        self.storage()
            .write(move |tx| -> Result<_, AppError> {
                tags::get(&tx.seen_by(view), id)?;
                let before = detail(&tx.seen_by(View::EVERYTHING), id)?;
                let category = category_of(tx, &FormulaId(before.tag.category.id).into())?;
                let checked = check(form)?;
                let description = checked.description.as_deref();
                if checked.value != before.tag.value {
                    check_no_domain(tx, &before.tag)?;
                    check_free(tx, &category, &checked.value, Some(id))?;
                }
                attribute_lists::update(tx, id, &checked.value, description)?;
                make_expansion(tx, &category, &checked.value, description)?;
                if let Some(computers) = &checked.computers {
                    given_tags::replace_computers(&tx.seen_by(view), tx, id, computers)?;
                }
                let after = detail(&tx.seen_by(View::EVERYTHING), id)?;
                let (old, new) = (record(&before), record(&after));
                if permit.changed(tx, Object { id: id.0, name: &after.tag.name }, &old, &new)?
                    && old.value != new.value
                {
                    revisions::bump(tx, Revision::Formulas)?;
                    revisions::bump(tx, Revision::Release)?;
                }
                Ok(after)
            })
            .await
    }

    /// Deletes a tag. Whose it is and what names it must be confirmed (D-GEN-09).
    ///
    /// # Errors
    /// [`AppError::Conflict`] says what would disappear; [`AppError::Denied`],
    /// [`AppError::NotFound`].
    pub async fn delete_tag(
        &self,
        actor: &Actor,
        id: AttributeId,
        confirmed: bool,
    ) -> Result<(), AppError> {
        let permit = actor.permit(Model::Attribute, Action::Delete)?;
        let view = actor.view();
        self.storage()
            .write(move |tx| -> Result<_, AppError> {
                tags::get(&tx.seen_by(view), id)?;
                let before = detail(&tx.seen_by(View::EVERYTHING), id)?;
                check_no_domain(tx, &before.tag)?;
                let in_use = !before.named_by.is_empty() || !before.given_to.is_empty();
                if in_use && !confirmed {
                    return Err(AppError::Conflict(reason!(
                        "tag {name} was given to {count} computers and is named by: {objects}; \
                         confirm that it disappears",
                        name = &before.tag.name,
                        count = before.given_to.len(),
                        objects = named_by(&tx.seen_by(view), &[id])?.listed(),
                    )));
                }
                let object = Object { id: id.0, name: &before.tag.name };
                permit.deleted(tx, object, &record(&before))?;
                Ok(delete(tx, id)?)
            })
            .await
    }
}

fn detail(tx: &Seen<'_>, id: AttributeId) -> Result<TagDetail, AppError> {
    Ok(TagDetail {
        tag: tags::get(tx, id)?,
        given_to: tags::computers_of(tx, id)?,
        named_by: named_by(tx, &[id])?,
    })
}

fn record(detail: &TagDetail) -> TagRecord {
    TagRecord {
        value: detail.tag.value.clone(),
        description: detail.tag.description.clone(),
        computers: detail.given_to.iter().map(|named| format!("CID-{}", named.id)).collect(),
    }
}

fn category_of(tx: &ReadTx<'_>, name: &FormulaName) -> Result<Formula, AppError> {
    let id = formula_admin::named(tx, name)?;
    let (formula, _) = formula_admin::get(&tx.seen_by(View::EVERYTHING), id)?;
    if formula.sort == Sort::Server {
        return Ok(formula);
    }
    Err(AppError::not_found("tag category", name))
}

/// Makes the attributes that a tag stands for and that are not there yet.
pub(super) fn make_expansion(
    tx: &WriteTx<'_>,
    category: &Formula,
    value: &str,
    description: Option<&str>,
) -> Result<(), AppError> {
    let invalid = |error: TagError| AppError::invalid("value", Reason::of(&error));
    for item in tag::expansion(category.kind, value, description).map_err(invalid)? {
        if attributes::find(tx, category.id, &item.value)?.is_none() {
            attributes::insert(tx, category.id, &item.value, item.description.as_deref())?;
        }
    }
    Ok(())
}

fn check(form: TagForm) -> Result<Checked, AppError> {
    let value = form.value.trim().to_owned();
    if !(1..=MAX_VALUE).contains(&value.chars().count()) {
        let reason = reason!("1 to {limit} characters", limit = MAX_VALUE);
        return Err(AppError::invalid("value", reason));
    }
    let description = form.description.map(|text| text::normalise_lines(text.trim()));
    let cid = |name: &String| {
        let reason = || reason!("there is no computer {name}", name = name);
        parse_cid(name.trim()).ok_or_else(|| AppError::invalid("computers", reason()))
    };
    let computers = form.computers.map(|names| names.iter().map(cid).collect()).transpose()?;
    let description = description.filter(|text| !text.is_empty());
    Ok(Checked { value, description, computers })
}

fn check_free(
    tx: &ReadTx<'_>,
    category: &Formula,
    value: &str,
    own: Option<AttributeId>,
) -> Result<(), AppError> {
    match attributes::find(tx, category.id, value)? {
        Some(other) if Some(other) != own => Err(AppError::Conflict(reason!(
            "tag {name} exists already",
            name = format!("{}-{value}", category.prefix)
        ))),
        _ => Ok(()),
    }
}

/// The tag of a domain comes and goes with it (D-DOM-02).
fn check_no_domain(tx: &ReadTx<'_>, tag: &TagRow) -> Result<(), AppError> {
    match tags::domain_of(tx, &BTreeSet::from([tag.id]))? {
        None => Ok(()),
        Some(domain) => Err(AppError::Conflict(reason!(
            "tag {name} stands for the domain {domain}: change or delete that",
            name = &tag.name,
            domain = domain
        ))),
    }
}
