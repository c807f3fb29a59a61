//! Domains (6.4): made, changed and deleted by superusers (D-DOM-01).
//!
//! A domain lives by its tag `DMN-<NAME>`, which is made with it and included from the start
//! (D-DOM-02), so its name stays. A change reaches each computer at its next synchronisation.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::account::{Action, Model};
use crate::domain::formula::{Formula, Kind, Language, Sort};
use crate::domain::ids::{AccountId, AttributeId, DomainId, FormulaId};
use crate::domain::scopes::{CATEGORY, MAX_NAME, PREFIX, View, domain_name};
use crate::domain::text::normalise_lines;
use crate::storage::pages::Named;
use crate::storage::related::Related;
use crate::storage::revisions::{self, Revision};
use crate::storage::{
    ReadTx, WriteTx, accounts, attribute_lists, attributes, domains, formula_admin, formulas,
};

pub use crate::storage::domains::DomainRow;

use super::actor::Actor;
use super::attributes::find_named;
use super::history::Object;
use super::listed::Listed;
use super::reason::reason;
use super::{App, AppError};

/// What is typed about a domain.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DomainForm {
    /// Stored as upper-case slug; it stays once saved.
    pub name: String,
    #[serde(default)]
    pub comment: String,
    /// `PREFIX-value` of each; `DMN-<NAME>` joins them.
    #[serde(default)]
    pub included_attributes: Vec<String>,
    #[serde(default)]
    pub excluded_attributes: Vec<String>,
    /// Tags offered to its computers.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Names of accounts.
    #[serde(default)]
    pub administrators: Vec<String>,
}

impl From<DomainRow> for DomainForm {
    fn from(row: DomainRow) -> Self {
        let names = |named: Vec<Named>| named.into_iter().map(|named| named.name).collect();
        Self {
            name: row.name,
            comment: row.comment,
            included_attributes: names(row.included_attributes),
            excluded_attributes: names(row.excluded_attributes),
            tags: names(row.tags),
            administrators: names(row.administrators),
        }
    }
}

/// A form whose names were found.
struct Relations {
    included: Vec<AttributeId>,
    excluded: Vec<AttributeId>,
    tags: Vec<AttributeId>,
    administrators: Vec<AccountId>,
}

impl App {
    /// Lists domains by name; `after` is the name of the last one before.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right.
    pub async fn domains(
        &self,
        actor: &Actor,
        related: Option<Related>,
        after: Option<String>,
        limit: u32,
    ) -> Result<Listed<DomainRow>, AppError> {
        actor.permit(Model::Domain, Action::View)?;
        let list = move |tx: &ReadTx<'_>| Ok(domains::list(tx, related, after.as_deref(), limit)?);
        let found: Result<_, AppError> = self.storage().read(list).await;
        Ok(Listed::new(found?, limit, |row: &DomainRow| row.name.clone()))
    }

    /// Returns one domain.
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::NotFound`].
    pub async fn domain(&self, actor: &Actor, id: DomainId) -> Result<DomainRow, AppError> {
        actor.permit(Model::Domain, Action::View)?;
        self.storage().read(move |tx| Ok(domains::get(tx, id)?)).await
    }

    /// Adds a domain with its tag, and the tag category where it is missing (D-DOM-02).
    ///
    /// # Errors
    /// [`AppError::Denied`] unless a superuser asks; [`AppError::Invalid`], [`AppError::Conflict`].
    pub async fn add_domain(&self, actor: &Actor, form: DomainForm) -> Result<DomainRow, AppError> {
        let permit = actor.superuser_permit(Model::Domain, Action::Add)?;
        self.storage()
            .write(move |tx| -> Result<_, AppError> {
                let name = checked_name(&form.name)?;
                if domains::find(tx, &name)?.is_some() {
                    let taken = reason!("a domain named {name} exists already", name = name);
                    return Err(AppError::Conflict(taken));
                }
                let tag = keep_tag(tx, &name)?;
                let comment = normalise_lines(form.comment.trim());
                let mut relations = find(tx, &form)?;
                relations.included.push(tag);
                let id = domains::insert(tx, &name, &comment, tag)?;
                store(tx, id, &relations)?;
                let added = domains::get(tx, id)?;
                let object = Object { id: id.0, name: &name };
                permit.added(tx, object, &DomainForm::from(added.clone()))?;
                Ok(added)
            })
            .await
    }

    /// Changes a domain.
    ///
    /// # Errors
    /// [`AppError::Denied`] unless a superuser asks; [`AppError::Invalid`] for another name and
    /// for what is unknown; [`AppError::Conflict`] where a Domain Admin would be left without
    /// domain (D-ACC-06); [`AppError::NotFound`].
    pub async fn change_domain(
        &self,
        actor: &Actor,
        id: DomainId,
        form: DomainForm,
    ) -> Result<DomainRow, AppError> {
        let permit = actor.superuser_permit(Model::Domain, Action::Change)?;
        self.storage()
            .write(move |tx| -> Result<_, AppError> {
                let before = domains::get(tx, id)?;
                if domain_name(&form.name) != before.name {
                    let name = &before.name;
                    return Err(AppError::invalid(
                        "name",
                        reason!("it is {name} and cannot change", name = name),
                    ));
                }
                domains::set_comment(tx, id, &normalise_lines(form.comment.trim()))?;
                store(tx, id, &find(tx, &form)?)?;
                let after = domains::get(tx, id)?;
                let object = Object { id: id.0, name: &after.name };
                let (old, new) = (DomainForm::from(before), DomainForm::from(after.clone()));
                permit.changed(tx, object, &old, &new)?;
                Ok(after)
            })
            .await
    }

    /// Deletes a domain. Its deployments lose it and are for all that match them from then on,
    /// which must be confirmed if there are some.
    ///
    /// # Errors
    /// [`AppError::Denied`] unless a superuser asks; [`AppError::Conflict`] counts the deployments,
    /// or names who would be left without domain (D-ACC-06); [`AppError::NotFound`].
    pub async fn delete_domain(
        &self,
        actor: &Actor,
        id: DomainId,
        confirmed: bool,
    ) -> Result<(), AppError> {
        let permit = actor.superuser_permit(Model::Domain, Action::Delete)?;
        self.storage()
            .write(move |tx| -> Result<_, AppError> {
                let before = domains::get(tx, id)?;
                let name = before.name.clone();
                if before.deployments > 0 && !confirmed {
                    return Err(AppError::Conflict(reason!(
                        "domain {name} has {count} deployments: confirm that they lose it",
                        name = name,
                        count = before.deployments
                    )));
                }
                let object = Object { id: id.0, name: &name };
                permit.deleted(tx, object, &DomainForm::from(before))?;
                domains::delete(tx, id)?;
                check_domain_admins(tx)?;
                decides_anew(tx)
            })
            .await
    }
}

/// No active Domain Admin is without domain (D-ACC-06), as things stand.
pub(super) fn check_domain_admins(tx: &ReadTx<'_>) -> Result<(), AppError> {
    let without = domains::administrators_without(tx)?;
    if without.is_empty() {
        return Ok(());
    }
    Err(AppError::Conflict(reason!(
        "a domain administrator needs a domain: {names}",
        names = without.join(", ")
    )))
}

fn checked_name(typed: &str) -> Result<String, AppError> {
    let name = domain_name(typed);
    if (1..=MAX_NAME).contains(&name.chars().count()) {
        return Ok(name);
    }
    Err(AppError::invalid("name", reason!("1 to {limit} letters or digits", limit = MAX_NAME)))
}

/// The tag `DMN-<NAME>` in its category; either is made if it is missing.
fn keep_tag(tx: &WriteTx<'_>, name: &str) -> Result<AttributeId, AppError> {
    let category = match formula_admin::find_by_prefix(tx, PREFIX)? {
        Some(id) => id,
        None => formulas::insert(tx, &category())?,
    };
    match attributes::find(tx, category, name)? {
        Some(tag) => Ok(tag),
        None => Ok(attributes::insert(tx, category, name, None)?),
    }
}

/// The category of domain tags, class *add to the left*.
fn category() -> Formula {
    Formula {
        id: FormulaId(0),
        prefix: PREFIX.to_owned(),
        name: CATEGORY.to_owned(),
        enabled: true,
        kind: Kind::AddLeft,
        sort: Sort::Server,
        auto_add: false,
        language: Language::Bash,
        code: String::new(),
    }
}

fn find(tx: &ReadTx<'_>, form: &DomainForm) -> Result<Relations, AppError> {
    let tags = find_named(tx, "tags", &form.tags)?;
    for tag in &tags {
        let attribute = attribute_lists::get(&tx.seen_by(View::EVERYTHING), *tag)?;
        if attribute.sort != Sort::Server {
            let name = &attribute.name;
            return Err(AppError::invalid("tags", reason!("{name} is no tag", name = name)));
        }
    }
    let account = |username: &String| {
        let found = accounts::find_by_username(tx, username)?.map(|account| account.id);
        found.ok_or_else(|| {
            let reason = reason!("there is no account {name}", name = username);
            AppError::invalid("administrators", reason)
        })
    };
    Ok(Relations {
        included: find_named(tx, "included_attributes", &form.included_attributes)?,
        excluded: find_named(tx, "excluded_attributes", &form.excluded_attributes)?,
        tags,
        administrators: form.administrators.iter().map(account).collect::<Result<_, AppError>>()?,
    })
}

/// Stores what belongs to a domain.
fn store(tx: &WriteTx<'_>, id: DomainId, relations: &Relations) -> Result<(), AppError> {
    domains::set_targets(tx, id, &relations.included, &relations.excluded)?;
    domains::set_tags(tx, id, &relations.tags)?;
    domains::set_administrators(tx, id, &relations.administrators)?;
    check_domain_admins(tx)?;
    decides_anew(tx)
}

/// Domains decide pools, and which deployments reach a computer: both are read anew.
fn decides_anew(tx: &WriteTx<'_>) -> Result<(), AppError> {
    revisions::bump(tx, Revision::Formulas)?;
    revisions::bump(tx, Revision::Release)?;
    Ok(())
}
