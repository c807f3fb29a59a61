//! Accounts that administer the site: who there is, and their passwords (6.2).

use crate::domain::account::{Account, Action, Model};
use crate::domain::ids::{AccountId, GroupId};
use crate::storage::{ReadTx, StorageError, accounts, sessions};

use super::actor::{Actor, Permit};
use super::history::Object;
use super::passwords::MIN_LENGTH;
use super::reason::reason;
use super::{App, AppError};

/// What an administrator types about an account.
#[derive(Debug, Clone, Default, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
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
}

/// An account with the names of its groups.
#[derive(Debug, Clone)]
pub struct AccountDetail {
    pub account: Account,
    pub groups: Vec<String>,
}

impl App {
    /// Changes the own password; the old one is required (D-ACC-05). Other sessions end.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when the old one is wrong or the new one too short.
    pub async fn change_own_password(
        &self,
        actor: &Actor,
        old: String,
        new: String,
    ) -> Result<(), AppError> {
        let account = self.check_password(actor.name(), old).await?;
        let account = account.ok_or_else(|| AppError::invalid("old_password", "does not match"))?;
        self.store_password(actor.own_permit(), account, new).await
    }

    /// Sets the password of any account.
    ///
    /// # Errors
    /// [`AppError::Denied`] unless a superuser asks; [`AppError::Invalid`] when it is too short.
    pub async fn set_password(
        &self,
        actor: &Actor,
        id: AccountId,
        new: String,
    ) -> Result<(), AppError> {
        let permit = actor.superuser_permit(Model::Account, Action::Change)?;
        let account = self.storage().read(move |tx| Ok::<_, AppError>(accounts::get(tx, id)?));
        self.store_password(permit, account.await?, new).await
    }

    async fn store_password(
        &self,
        permit: Permit,
        account: Account,
        new: String,
    ) -> Result<(), AppError> {
        check_new_password(&new)?;
        let hash = self.0.passwords.hash(new).await?;
        self.storage()
            .write(move |tx| -> Result<(), AppError> {
                accounts::set_password_hash(tx, account.id, &hash)?;
                sessions::end_all(tx, account.id)?;
                let object = Object { id: account.id.0, name: &account.username };
                permit.noted(tx, "change password", object, &())?;
                Ok(())
            })
            .await
    }

    /// Lists accounts with their groups; never a password or token.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right.
    pub async fn accounts(&self, actor: &Actor) -> Result<Vec<AccountDetail>, AppError> {
        actor.permit(Model::Account, Action::View)?;
        self.storage()
            .read(|tx| -> Result<_, AppError> {
                let accounts = accounts::list(tx)?.into_iter();
                let detailed = accounts.map(|account| detail(tx, account));
                Ok(detailed.collect::<Result<_, _>>()?)
            })
            .await
    }

    /// Returns one account with its groups.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right, [`AppError::NotFound`].
    pub async fn account(&self, actor: &Actor, id: AccountId) -> Result<AccountDetail, AppError> {
        actor.permit(Model::Account, Action::View)?;
        self.storage().read(move |tx| Ok(detail(tx, accounts::get(tx, id)?)?)).await
    }

    /// Names of the groups there are.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right.
    pub async fn group_names(&self, actor: &Actor) -> Result<Vec<String>, AppError> {
        actor.permit(Model::Account, Action::View)?;
        self.storage()
            .read(|tx| Ok(accounts::groups(tx)?.into_iter().map(|(_, name)| name).collect()))
            .await
    }

    /// Adds an account with its first password.
    ///
    /// # Errors
    /// [`AppError::Denied`] unless a superuser asks; [`AppError::Invalid`], [`AppError::Conflict`].
    pub async fn add_account(
        &self,
        actor: &Actor,
        form: AccountForm,
        password: String,
    ) -> Result<AccountDetail, AppError> {
        let permit = actor.superuser_permit(Model::Account, Action::Add)?;
        check_username(&form.username)?;
        check_new_password(&password)?;
        let hash = self.0.passwords.hash(password).await?;
        self.storage()
            .write(move |tx| -> Result<_, AppError> {
                if accounts::find_by_username(tx, &form.username)?.is_some() {
                    let name = &form.username;
                    let text = reason!("an account named {name} exists already", name = name);
                    return Err(AppError::Conflict(text));
                }
                let account = apply(&form, Account::new(&form.username, permit.at()));
                let id = accounts::insert(tx, &account, Some(&hash))?;
                accounts::set_groups(tx, id, &group_ids(tx, &form.groups)?)?;
                permit.added(tx, Object { id: id.0, name: &form.username }, &form)?;
                Ok(detail(tx, accounts::get(tx, id)?)?)
            })
            .await
    }

    /// Changes an account. Nobody takes away their own superuser right or activity, so that a
    /// site is not locked by a slip.
    ///
    /// # Errors
    /// [`AppError::Denied`] unless a superuser asks; [`AppError::Invalid`], [`AppError::NotFound`].
    pub async fn change_account(
        &self,
        actor: &Actor,
        id: AccountId,
        form: AccountForm,
    ) -> Result<AccountDetail, AppError> {
        let permit = actor.superuser_permit(Model::Account, Action::Change)?;
        check_username(&form.username)?;
        let own = actor.account_id() == Some(id);
        if own && !(form.is_active && form.is_superuser) {
            return Err(AppError::invalid("is_superuser", "you cannot lock yourself out"));
        }
        self.storage()
            .write(move |tx| -> Result<_, AppError> {
                let before = accounts::get(tx, id)?;
                let old_groups = accounts::groups_of(tx, id)?;
                let after = apply(&form, before.clone());
                accounts::update(tx, &after)?;
                accounts::set_groups(tx, id, &group_ids(tx, &form.groups)?)?;
                if !after.is_active {
                    sessions::end_all(tx, id)?;
                }
                let old = AccountForm {
                    groups: old_groups.into_iter().map(|(_, name)| name).collect(),
                    ..form_of(&before)
                };
                permit.changed(tx, Object { id: id.0, name: &after.username }, &old, &form)?;
                Ok(detail(tx, after)?)
            })
            .await
    }
}

fn detail(tx: &ReadTx<'_>, account: Account) -> Result<AccountDetail, StorageError> {
    let groups = accounts::groups_of(tx, account.id)?.into_iter().map(|(_, name)| name).collect();
    Ok(AccountDetail { account, groups })
}

fn group_ids(tx: &ReadTx<'_>, names: &[String]) -> Result<Vec<GroupId>, AppError> {
    let find = |name: &String| {
        accounts::find_group(tx, name)?.ok_or_else(|| AppError::not_found("group", name))
    };
    names.iter().map(find).collect()
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

fn form_of(account: &Account) -> AccountForm {
    AccountForm {
        username: account.username.clone(),
        first_name: account.first_name.clone(),
        last_name: account.last_name.clone(),
        email: account.email.clone(),
        is_active: account.is_active,
        is_superuser: account.is_superuser,
        is_staff: account.is_staff,
        groups: Vec::new(),
    }
}

fn check_username(name: &str) -> Result<(), AppError> {
    let fits = !name.is_empty() && name.chars().count() <= 150;
    if fits && !name.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Ok(());
    }
    Err(AppError::invalid("username", "1 to 150 characters without spaces"))
}

/// Checks a password somebody chose.
pub(super) fn check_new_password(password: &str) -> Result<(), AppError> {
    if password.chars().count() >= MIN_LENGTH {
        return Ok(());
    }
    Err(AppError::invalid("password", reason!("at least {limit} characters", limit = MIN_LENGTH)))
}
