//! Accounts that administer the site (6.2): who there is, made, changed, deactivated, deleted.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::account::{Account, Action, Model, Permission};
use crate::domain::ids::{AccountId, DomainId, GroupId};
use crate::storage::{ReadTx, StorageError, WriteTx, accounts, domains, groups, sessions, tokens};

use super::account_passwords::check_new_password;
use super::actor::Actor;
use super::domains::check_domain_admins;
use super::grants::{parse_permissions, permission_names};
use super::history::Object;
use super::reason::reason;
use super::{App, AppError};

/// What an administrator types about an account.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct AccountForm {
    pub username: String,
    pub first_name: String,
    pub last_name: String,
    pub email: String,
    pub is_active: bool,
    pub is_superuser: bool,
    pub is_staff: bool,
    /// Names of groups.
    pub groups: Vec<String>,
    /// `deployment:change` and the like, beside those of the groups.
    pub permissions: Vec<String>,
    /// Names of the domains it administers (D-DOM-07); only superusers change them.
    pub domains: Vec<String>,
}

/// An account with what hangs on it.
#[derive(Debug, Clone)]
pub struct AccountDetail {
    pub account: Account,
    /// Names of groups.
    pub groups: Vec<String>,
    /// Granted to the account itself.
    pub permissions: BTreeSet<Permission>,
    /// Names of domains.
    pub domains: Vec<String>,
    pub tokens: i64,
}

impl From<&AccountDetail> for AccountForm {
    fn from(detail: &AccountDetail) -> Self {
        let account = &detail.account;
        Self {
            username: account.username.clone(),
            first_name: account.first_name.clone(),
            last_name: account.last_name.clone(),
            email: account.email.clone(),
            is_active: account.is_active,
            is_superuser: account.is_superuser,
            is_staff: account.is_staff,
            groups: detail.groups.clone(),
            permissions: permission_names(&detail.permissions),
            domains: detail.domains.clone(),
        }
    }
}

/// An account as far as it is shown: to who does not administer accounts only its name (6.3).
#[derive(Debug, Clone)]
pub enum AccountShown {
    Whole(Box<AccountDetail>),
    Name { id: AccountId, username: String },
}

impl AccountShown {
    fn to(actor: &Actor, detail: AccountDetail) -> Self {
        if actor.administers_accounts() {
            return Self::Whole(Box::new(detail));
        }
        Self::Name { id: detail.account.id, username: detail.account.username }
    }

    /// The id of the account.
    pub fn id(&self) -> AccountId {
        match self {
            Self::Whole(detail) => detail.account.id,
            Self::Name { id, .. } => *id,
        }
    }

    /// The name of the account.
    pub fn username(&self) -> &str {
        match self {
            Self::Whole(detail) => &detail.account.username,
            Self::Name { username, .. } => username,
        }
    }
}

impl App {
    /// Lists accounts by name; never a password or token.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right.
    pub async fn accounts(&self, actor: &Actor) -> Result<Vec<AccountShown>, AppError> {
        actor.permit(Model::Account, Action::View)?;
        let actor = actor.clone();
        self.storage()
            .read(move |tx| -> Result<_, AppError> {
                let mut shown = Vec::new();
                for account in accounts::list(tx)? {
                    shown.push(AccountShown::to(&actor, detail(tx, account)?));
                }
                Ok(shown)
            })
            .await
    }

    /// Returns one account.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right, [`AppError::NotFound`].
    pub async fn account(&self, actor: &Actor, id: AccountId) -> Result<AccountShown, AppError> {
        actor.permit(Model::Account, Action::View)?;
        let actor = actor.clone();
        self.storage()
            .read(move |tx| Ok(AccountShown::to(&actor, detail(tx, accounts::get(tx, id)?)?)))
            .await
    }

    /// Returns one account with all its fields, for changing it.
    ///
    /// # Errors
    /// [`AppError::Denied`] for who may not change accounts, [`AppError::NotFound`].
    pub async fn account_detail(
        &self,
        actor: &Actor,
        id: AccountId,
    ) -> Result<AccountDetail, AppError> {
        actor.permit(Model::Account, Action::Change)?;
        self.storage().read(move |tx| Ok(detail(tx, accounts::get(tx, id)?)?)).await
    }

    /// Finds the id of an account by its name.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right, [`AppError::NotFound`].
    pub async fn account_named(&self, actor: &Actor, name: &str) -> Result<AccountId, AppError> {
        actor.permit(Model::Account, Action::View)?;
        let name = name.to_owned();
        self.storage()
            .read(move |tx| {
                let found = accounts::find_by_username(tx, &name)?.map(|account| account.id);
                found.ok_or_else(|| AppError::not_found("account", &name))
            })
            .await
    }

    /// Adds an account with its first password.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right, or for rights the actor has not;
    /// [`AppError::Invalid`], [`AppError::Conflict`].
    pub async fn add_account(
        &self,
        actor: &Actor,
        form: AccountForm,
        password: String,
    ) -> Result<AccountDetail, AppError> {
        let permit = actor.permit(Model::Account, Action::Add)?;
        check_username(&form.username)?;
        check_new_password(&password)?;
        let hash = self.0.passwords.hash(password).await?;
        let actor = actor.clone();
        self.storage()
            .write(move |tx| -> Result<_, AppError> {
                check_name_is_free(tx, &form.username, None)?;
                let account = apply(&form, Account::new(&form.username, permit.at()));
                let id = accounts::insert(tx, &account, Some(&hash))?;
                store_relations(tx, &actor, id, &form)?;
                may_administer(tx, &actor, id)?;
                let added = detail(tx, accounts::get(tx, id)?)?;
                let object = Object { id: id.0, name: &form.username };
                permit.added(tx, object, &AccountForm::from(&added))?;
                Ok(added)
            })
            .await
    }

    /// Changes an account. Nobody takes away their own superuser right or activity, so that a
    /// site is not locked by a slip.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right, or where the account has or gets rights that the
    /// actor has not; [`AppError::Invalid`], [`AppError::Conflict`], [`AppError::NotFound`].
    pub async fn change_account(
        &self,
        actor: &Actor,
        id: AccountId,
        form: AccountForm,
    ) -> Result<AccountDetail, AppError> {
        let permit = actor.permit(Model::Account, Action::Change)?;
        check_username(&form.username)?;
        let own = actor.account_id() == Some(id);
        if own && !(form.is_active && form.is_superuser == actor.is_superuser()) {
            return Err(AppError::invalid("is_superuser", "you cannot lock yourself out"));
        }
        let actor = actor.clone();
        self.storage()
            .write(move |tx| -> Result<_, AppError> {
                let before = detail(tx, accounts::get(tx, id)?)?;
                may_administer(tx, &actor, id)?;
                check_name_is_free(tx, &form.username, Some(id))?;
                accounts::update(tx, &apply(&form, before.account.clone()))?;
                store_relations(tx, &actor, id, &form)?;
                may_administer(tx, &actor, id)?;
                if !form.is_active {
                    sessions::end_all(tx, id)?;
                }
                let after = detail(tx, accounts::get(tx, id)?)?;
                let object = Object { id: id.0, name: &form.username };
                let (old, new) = (AccountForm::from(&before), AccountForm::from(&after));
                permit.changed(tx, object, &old, &new)?;
                Ok(after)
            })
            .await
    }

    /// Deletes an account with its tokens, which must be confirmed if there are some. To
    /// deactivate it is mostly better: its name stays taken.
    ///
    /// # Errors
    /// [`AppError::Denied`] as for a change; [`AppError::Invalid`] for the own account;
    /// [`AppError::Conflict`] counts the tokens; [`AppError::NotFound`].
    pub async fn delete_account(
        &self,
        actor: &Actor,
        id: AccountId,
        confirmed: bool,
    ) -> Result<(), AppError> {
        let permit = actor.permit(Model::Account, Action::Delete)?;
        if actor.account_id() == Some(id) {
            return Err(AppError::invalid("username", "you cannot lock yourself out"));
        }
        let actor = actor.clone();
        self.storage()
            .write(move |tx| -> Result<_, AppError> {
                let before = detail(tx, accounts::get(tx, id)?)?;
                may_administer(tx, &actor, id)?;
                let name = &before.account.username;
                if before.tokens > 0 && !confirmed {
                    return Err(AppError::Conflict(reason!(
                        "account {name} has {count} tokens: confirm that they stop working",
                        name = name,
                        count = before.tokens
                    )));
                }
                let object = Object { id: id.0, name };
                permit.deleted(tx, object, &AccountForm::from(&before))?;
                accounts::delete(tx, id)?;
                Ok(())
            })
            .await
    }
}

fn detail(tx: &ReadTx<'_>, account: Account) -> Result<AccountDetail, StorageError> {
    let id = account.id;
    Ok(AccountDetail {
        groups: groups::names_of(tx, id)?,
        permissions: accounts::own_permissions(tx, id)?,
        domains: domains::of_account(tx, id)?.into_iter().map(|domain| domain.name).collect(),
        tokens: tokens::count_of(tx, id)?,
        account,
    })
}

fn store_relations(
    tx: &WriteTx<'_>,
    actor: &Actor,
    id: AccountId,
    form: &AccountForm,
) -> Result<(), AppError> {
    let find = |name: &String| {
        groups::find(tx, name)?.ok_or_else(|| {
            AppError::invalid("groups", reason!("there is no group {name}", name = name))
        })
    };
    let ids: Vec<GroupId> = form.groups.iter().map(find).collect::<Result<_, AppError>>()?;
    groups::set_of(tx, id, &ids)?;
    let own = parse_permissions("permissions", &form.permissions)?;
    accounts::set_own_permissions(tx, id, &own)?;
    store_domains(tx, actor, id, &form.domains)?;
    check_domain_admins(tx)
}

/// Whoever is no superuser leaves the domains of an account as they are: they are limits too.
fn store_domains(
    tx: &WriteTx<'_>,
    actor: &Actor,
    id: AccountId,
    names: &[String],
) -> Result<(), AppError> {
    let before = domains::of_account(tx, id)?.into_iter().map(|domain| domain.name);
    let (before, wanted): (BTreeSet<_>, BTreeSet<_>) =
        (before.collect(), names.iter().cloned().collect());
    if before == wanted {
        return Ok(());
    }
    actor.superuser_permit(Model::Domain, Action::Change)?;
    let find = |name: &String| {
        domains::find(tx, name)?.ok_or_else(|| {
            AppError::invalid("domains", reason!("there is no domain {name}", name = name))
        })
    };
    let ids: Vec<DomainId> = wanted.iter().map(find).collect::<Result<_, AppError>>()?;
    domains::set_of_account(tx, id, &ids)?;
    Ok(())
}

/// The account has no right that the actor lacks, as it stands.
fn may_administer(tx: &ReadTx<'_>, actor: &Actor, id: AccountId) -> Result<(), AppError> {
    if actor.is_superuser() {
        return Ok(());
    }
    if accounts::get(tx, id)?.is_superuser {
        actor.superuser_permit(Model::Account, Action::Change)?;
    }
    actor.holds(&accounts::permissions(tx, id)?)
}

fn apply(form: &AccountForm, account: Account) -> Account {
    Account {
        username: form.username.clone(),
        first_name: form.first_name.clone(),
        last_name: form.last_name.clone(),
        email: form.email.clone(),
        is_active: form.is_active,
        is_superuser: form.is_superuser,
        is_staff: form.is_staff,
        ..account
    }
}

fn check_username(name: &str) -> Result<(), AppError> {
    let fits = !name.is_empty() && name.chars().count() <= 150;
    if fits && !name.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Ok(());
    }
    Err(AppError::invalid("username", "1 to 150 characters without spaces"))
}

fn check_name_is_free(tx: &ReadTx<'_>, name: &str, own: Option<AccountId>) -> Result<(), AppError> {
    let other = accounts::find_by_username(tx, name)?.filter(|found| Some(found.id) != own);
    match other {
        None => Ok(()),
        Some(_) => {
            let text = reason!("an account named {name} exists already", name = name);
            Err(AppError::Conflict(text))
        }
    }
}
