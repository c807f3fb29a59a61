//! Scopes, each account's own (6.5), and what an account selected to see (D-DOM-04 to D-DOM-06).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::account::{Action, Model};
use crate::domain::ids::{AccountId, AttributeId, DomainId, ScopeId};
use crate::domain::scopes::MAX_NAME;
use crate::domain::slug::slug;
use crate::storage::pages::Named;
use crate::storage::{ReadTx, StorageError, WriteTx, domains, scopes};

pub use crate::storage::scopes::ScopeRow;

use super::actor::{Actor, Denied, Permit};
use super::attributes::find_named;
use super::history::Object;
use super::reason::reason;
use super::{App, AppError};

/// What is typed about a scope. It belongs to the domain that is selected while it is made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScopeForm {
    /// Stored as a slug.
    pub name: String,
    /// `PREFIX-value` of each.
    #[serde(default)]
    pub included_attributes: Vec<String>,
    #[serde(default)]
    pub excluded_attributes: Vec<String>,
}

impl From<ScopeRow> for ScopeForm {
    fn from(row: ScopeRow) -> Self {
        let names = |named: Vec<Named>| named.into_iter().map(|named| named.name).collect();
        Self {
            name: row.name,
            included_attributes: names(row.included_attributes),
            excluded_attributes: names(row.excluded_attributes),
        }
    }
}

/// What somebody can select, and what is selected.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choices {
    /// Whether ALL is among the domains.
    pub all: bool,
    pub domains: Vec<Named>,
    pub domain: Option<DomainId>,
    /// Own scopes of the selected domain (D-SCOPE-03).
    pub scopes: Vec<Named>,
    pub scope: Option<ScopeId>,
}

impl Choices {
    /// Name of the selected domain.
    pub fn domain_name(&self) -> Option<&str> {
        let found = self.domains.iter().find(|one| Some(DomainId(one.id)) == self.domain);
        found.map(|one| one.name.as_str())
    }

    /// Name of the selected scope.
    pub fn scope_name(&self) -> Option<&str> {
        let found = self.scopes.iter().find(|one| Some(ScopeId(one.id)) == self.scope);
        found.map(|one| one.name.as_str())
    }
}

impl Actor {
    /// The account, and the permit to do something with a scope of its own. Whoever enters the
    /// pages has scopes, whatever its groups (D-SCOPE-01).
    fn own_scopes(&self, action: Action) -> Result<(AccountId, Permit), AppError> {
        let model = Model::Scope;
        match self.account_id().filter(|_| self.enters_pages()) {
            Some(account) => Ok((account, self.own_permit_for(model))),
            None => Err(Denied { actor: self.name().to_owned(), model, action }.into()),
        }
    }
}

impl App {
    /// Lists the own scopes of the selected domain (D-SCOPE-03).
    ///
    /// # Errors
    /// [`AppError::Denied`] for who does not enter the pages.
    pub async fn scopes(&self, actor: &Actor) -> Result<Vec<ScopeRow>, AppError> {
        let (account, _) = actor.own_scopes(Action::View)?;
        let domain = actor.view().domain();
        self.storage().read(move |tx| Ok(scopes::list(tx, account, domain)?)).await
    }

    /// Returns a scope: one's own, for superusers any (D-SCOPE-01).
    ///
    /// # Errors
    /// [`AppError::NotFound`], also for those of others.
    pub async fn scope(&self, actor: &Actor, id: ScopeId) -> Result<ScopeRow, AppError> {
        actor.own_scopes(Action::View)?;
        let actor = actor.clone();
        self.storage().read(move |tx| own(tx, &actor, id)).await
    }

    /// Adds a scope to the selected domain.
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::Invalid`], [`AppError::Conflict`].
    pub async fn add_scope(&self, actor: &Actor, form: ScopeForm) -> Result<ScopeRow, AppError> {
        let (account, permit) = actor.own_scopes(Action::Add)?;
        let domain = actor.view().domain();
        self.storage()
            .write(move |tx| -> Result<_, AppError> {
                let name = checked_name(tx, account, domain, &form.name, None)?;
                let id = scopes::insert(tx, account, domain, &name)?;
                set_targets(tx, id, &form)?;
                let added = scopes::get(tx, id)?;
                let object = Object { id: id.0, name: &name };
                permit.added(tx, object, &ScopeForm::from(added.clone()))?;
                Ok(added)
            })
            .await
    }

    /// Changes a scope.
    ///
    /// # Errors
    /// [`AppError::NotFound`], also for those of others; [`AppError::Invalid`],
    /// [`AppError::Conflict`].
    pub async fn change_scope(
        &self,
        actor: &Actor,
        id: ScopeId,
        form: ScopeForm,
    ) -> Result<ScopeRow, AppError> {
        let (_, permit) = actor.own_scopes(Action::Change)?;
        let actor = actor.clone();
        self.storage()
            .write(move |tx| -> Result<_, AppError> {
                let before = own(tx, &actor, id)?;
                let account = AccountId(before.account.id);
                let domain = before.domain.as_ref().map(|domain| DomainId(domain.id));
                let name = checked_name(tx, account, domain, &form.name, Some(id))?;
                scopes::rename(tx, id, &name)?;
                set_targets(tx, id, &form)?;
                let after = scopes::get(tx, id)?;
                let object = Object { id: id.0, name: &name };
                let (old, new) = (ScopeForm::from(before), ScopeForm::from(after.clone()));
                permit.changed(tx, object, &old, &new)?;
                Ok(after)
            })
            .await
    }

    /// Deletes a scope; where it is selected, all of its domain is seen again.
    ///
    /// # Errors
    /// [`AppError::NotFound`], also for those of others.
    pub async fn delete_scope(&self, actor: &Actor, id: ScopeId) -> Result<(), AppError> {
        let (_, permit) = actor.own_scopes(Action::Delete)?;
        let actor = actor.clone();
        self.storage()
            .write(move |tx| -> Result<_, AppError> {
                let before = own(tx, &actor, id)?;
                let name = before.name.clone();
                permit.deleted(tx, Object { id: id.0, name: &name }, &ScopeForm::from(before))?;
                scopes::delete(tx, id)?;
                Ok(())
            })
            .await
    }

    /// Returns what the account can select and what is selected.
    ///
    /// # Errors
    /// [`AppError`] from the database.
    pub async fn choices(&self, actor: &Actor) -> Result<Choices, AppError> {
        let actor = actor.clone();
        self.storage().read(move |tx| Ok(choices(tx, &actor)?)).await
    }

    /// Selects a domain, or ALL; the scope is cleared (D-DOM-04, D-DOM-05).
    ///
    /// # Errors
    /// [`AppError::Denied`] for one that is not the account's; [`AppError::NotFound`].
    pub async fn select_domain(
        &self,
        actor: &Actor,
        domain: Option<DomainId>,
    ) -> Result<Choices, AppError> {
        let (account, permit) = actor.selecting()?;
        let mut actor = actor.clone();
        self.storage()
            .write(move |tx| -> Result<_, AppError> {
                let selection = domains::selection(tx, account)?;
                if !selection.may_select(domain) {
                    let (actor, model) = (actor.name().to_owned(), Model::Domain);
                    return Err(Denied { actor, model, action: Action::View }.into());
                }
                let name = match domain {
                    Some(id) => domains::get(tx, id)?.name,
                    None => "ALL".to_owned(),
                };
                if selection.domain != domain || selection.scope.is_some() {
                    domains::select(tx, account, domain, None)?;
                    let object = Object { id: account.0, name: actor.name() };
                    permit.noted(tx, "select domain", object, &name)?;
                }
                actor = actor.selected(domains::selection(tx, account)?);
                Ok(choices(tx, &actor)?)
            })
            .await
    }

    /// Selects one of the own scopes of the selected domain, or all of it.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for one of another account or domain.
    pub async fn select_scope(
        &self,
        actor: &Actor,
        scope: Option<ScopeId>,
    ) -> Result<Choices, AppError> {
        let (account, permit) = actor.selecting()?;
        let mut actor = actor.clone();
        self.storage()
            .write(move |tx| -> Result<_, AppError> {
                let selection = domains::selection(tx, account)?;
                let domain = selection.view().domain();
                let name = match scope {
                    None => "all".to_owned(),
                    Some(id) => {
                        let named = scopes::names(tx, account, domain)?;
                        let own = named.into_iter().find(|one| one.id == id.0);
                        own.ok_or_else(|| AppError::not_found("scope", id))?.name
                    }
                };
                if selection.domain != domain || selection.scope != scope {
                    domains::select(tx, account, domain, scope)?;
                    let object = Object { id: account.0, name: actor.name() };
                    permit.noted(tx, "select scope", object, &name)?;
                }
                actor = actor.selected(domains::selection(tx, account)?);
                Ok(choices(tx, &actor)?)
            })
            .await
    }
}

impl Actor {
    /// The account that selects, and the permit to change that of itself.
    fn selecting(&self) -> Result<(AccountId, Permit), AppError> {
        let account = self.account_id().ok_or_else(|| Denied {
            actor: self.name().to_owned(),
            model: Model::Domain,
            action: Action::View,
        })?;
        Ok((account, self.own_permit()))
    }
}

/// What the account can select and what is selected.
pub(super) fn choices(tx: &ReadTx<'_>, actor: &Actor) -> Result<Choices, StorageError> {
    let Some(account) = actor.account_id() else { return Ok(Choices::default()) };
    let all = !actor.is_confined();
    let (domain, scope) = (actor.view().domain(), actor.view().scope());
    Ok(Choices {
        all,
        domains: if all { domains::names(tx)? } else { domains::of_account(tx, account)? },
        domain,
        scopes: scopes::names(tx, account, domain)?,
        scope,
    })
}

/// The scope, if it is the actor's own or a superuser asks.
pub(super) fn own(tx: &ReadTx<'_>, actor: &Actor, id: ScopeId) -> Result<ScopeRow, AppError> {
    let row = scopes::get(tx, id)?;
    let is_own = actor.account_id() == Some(AccountId(row.account.id));
    if is_own || actor.is_superuser() { Ok(row) } else { Err(AppError::not_found("scope", id)) }
}

fn set_targets(tx: &WriteTx<'_>, id: ScopeId, form: &ScopeForm) -> Result<(), AppError> {
    let find = |field, names: &[String]| -> Result<Vec<AttributeId>, AppError> {
        find_named(tx, field, names)
    };
    let included = find("included_attributes", &form.included_attributes)?;
    let excluded = find("excluded_attributes", &form.excluded_attributes)?;
    scopes::set_targets(tx, id, &included, &excluded)?;
    Ok(())
}

fn checked_name(
    tx: &ReadTx<'_>,
    account: AccountId,
    domain: Option<DomainId>,
    typed: &str,
    own: Option<ScopeId>,
) -> Result<String, AppError> {
    let name = slug(typed);
    if !(1..=MAX_NAME).contains(&name.chars().count()) {
        let reason = reason!("1 to {limit} letters or digits", limit = MAX_NAME);
        return Err(AppError::invalid("name", reason));
    }
    if scopes::find(tx, account, domain, &name)?.is_some_and(|other| Some(other) != own) {
        let taken = reason!("a scope named {name} exists already", name = name);
        return Err(AppError::Conflict(taken));
    }
    Ok(name)
}
