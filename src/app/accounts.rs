//! Accounts that administer the site: signing in, passwords, tokens (6.2).

use jiff::{SignedDuration, Timestamp};

use crate::domain::account::{Account, Action, Model};
use crate::domain::ids::{AccountId, GroupId};
use crate::storage::sessions::{self, Session, Token};
use crate::storage::{ReadTx, StorageError, accounts};

use super::actor::{Actor, Permit};
use super::history::Object;
use super::passwords::{self, MIN_LENGTH, random_secret, secret_hash};
use super::{App, AppError};

/// Whoever is behind a session or token.
#[derive(Debug, Clone)]
pub struct SignIn {
    pub actor: Actor,
    pub account: Account,
    /// Token of the session's forms; none with a bearer token.
    pub csrf: Option<String>,
}

/// A new session: the key goes into the cookie and nowhere else.
#[derive(Debug, Clone)]
pub struct NewSession {
    pub key: String,
    pub account: Account,
}

/// What an administrator types about an account.
#[derive(Debug, Clone, Default, serde::Serialize, serde::Deserialize)]
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
    /// Checks a name and password and starts a session. Only staff may enter (D-UI-05); the
    /// answer does not tell which of the two was wrong.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when they do not match, or the account may not enter.
    pub async fn sign_in(
        &self,
        username: &str,
        password: String,
        hours: i64,
        now: Timestamp,
    ) -> Result<NewSession, AppError> {
        let account = self.check_password(username, password).await?;
        let account = account.filter(|account| account.is_staff || account.is_superuser);
        let account = account.ok_or_else(wrong_password)?;
        self.start_session(account, hours, now).await
    }

    /// Returns the active account whose password this is.
    ///
    /// # Errors
    /// [`AppError::Internal`] when the check could not be made.
    pub async fn check_password(
        &self,
        username: &str,
        password: String,
    ) -> Result<Option<Account>, AppError> {
        let name = username.to_owned();
        let found: Option<(Account, Option<String>)> = self
            .storage()
            .read(move |tx| -> Result<_, AppError> {
                let Some(account) = accounts::find_by_username(tx, &name)? else {
                    return Ok(None);
                };
                let hash = accounts::password_hash(tx, account.id)?;
                Ok(Some((account, hash)))
            })
            .await?;
        let (account, hash) = found.unzip();
        let matches = self.0.passwords.verify(password, hash.flatten()).await?;
        Ok(account.filter(|account| matches && account.is_active))
    }

    /// Checks a name and password and returns the actor: for operations that carry them
    /// (registration, upload).
    ///
    /// # Errors
    /// [`AppError::Invalid`] when they do not match.
    pub async fn actor_by_password(
        &self,
        username: &str,
        password: String,
        now: Timestamp,
    ) -> Result<Actor, AppError> {
        let account = self.check_password(username, password).await?.ok_or_else(wrong_password)?;
        self.storage().read(move |tx| Ok(actor_of(tx, &account, now)?)).await
    }

    async fn start_session(
        &self,
        account: Account,
        hours: i64,
        now: Timestamp,
    ) -> Result<NewSession, AppError> {
        let key = random_secret();
        let hash = secret_hash(&key);
        let session = Session { account: account.id, csrf: random_secret() };
        let expires_at = later(now, hours);
        let actor = Actor::account(&account, Default::default(), now);
        let (id, name) = (account.id, account.username.clone());
        self.storage()
            .write(move |tx| -> Result<(), AppError> {
                sessions::start(tx, &hash, &session, expires_at)?;
                accounts::touch_login(tx, id, now)?;
                let object = Object { id: id.0, name: &name };
                actor.own_permit().noted(tx, "login", object, &())?;
                Ok(())
            })
            .await?;
        Ok(NewSession { key, account })
    }

    /// Ends a session.
    ///
    /// # Errors
    /// [`AppError`] from the database.
    pub async fn sign_out(&self, key: &str) -> Result<(), AppError> {
        let hash = secret_hash(key);
        self.storage().write(move |tx| Ok(sessions::end(tx, &hash)?)).await
    }

    /// Finds who a session belongs to. Two point reads on this thread.
    ///
    /// # Errors
    /// [`AppError`] from the database.
    pub fn find_session(&self, key: &str, now: Timestamp) -> Result<Option<SignIn>, AppError> {
        let hash = secret_hash(key);
        self.storage().read_now(|tx| {
            let Some(session) = sessions::find(tx, &hash, now)? else { return Ok(None) };
            sign_in_of(tx, session.account, Some(session.csrf), now)
        })
    }

    /// Finds who a bearer token belongs to.
    ///
    /// # Errors
    /// [`AppError`] from the database.
    pub fn find_token(&self, secret: &str, now: Timestamp) -> Result<Option<SignIn>, AppError> {
        let hash = secret_hash(secret);
        self.storage().read_now(|tx| {
            let Some(account) = sessions::token_account(tx, &hash)? else { return Ok(None) };
            sign_in_of(tx, account, None, now)
        })
    }

    /// Makes a token for an account and returns its secret, shown this once (D-ACC-07).
    ///
    /// # Errors
    /// [`AppError::Denied`] unless a superuser asks; [`AppError::NotFound`] for an unknown name.
    pub async fn create_token(
        &self,
        actor: &Actor,
        username: &str,
        name: &str,
    ) -> Result<String, AppError> {
        let permit = actor.superuser_permit(Model::Account, Action::Change)?;
        let (username, name) = (username.to_owned(), name.to_owned());
        let secret = random_secret();
        let hash = secret_hash(&secret);
        self.storage()
            .write(move |tx| -> Result<(), AppError> {
                let account = accounts::find_by_username(tx, &username)?
                    .ok_or_else(|| AppError::not_found("account", &username))?;
                sessions::add_token(tx, account.id, &hash, &name, permit.at())?;
                let object = Object { id: account.id.0, name: &account.username };
                permit.noted(tx, "create token", object, &serde_json::json!({ "name": name }))?;
                Ok(())
            })
            .await?;
        Ok(secret)
    }

    /// Lists tokens, never their secrets.
    ///
    /// # Errors
    /// [`AppError::Denied`] unless a superuser asks.
    pub async fn tokens(&self, actor: &Actor) -> Result<Vec<Token>, AppError> {
        actor.superuser_permit(Model::Account, Action::View)?;
        self.storage().read(|tx| Ok(sessions::tokens(tx)?)).await
    }

    /// Revokes a token.
    ///
    /// # Errors
    /// [`AppError::Denied`] unless a superuser asks; [`AppError::NotFound`].
    pub async fn revoke_token(&self, actor: &Actor, id: i64) -> Result<(), AppError> {
        let permit = actor.superuser_permit(Model::Account, Action::Change)?;
        self.storage()
            .write(move |tx| -> Result<(), AppError> {
                sessions::remove_token(tx, id)?;
                permit.noted(tx, "revoke token", Object { id, name: "token" }, &())?;
                Ok(())
            })
            .await
    }

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

    /// Uses a one-time link: sets the password of its account and signs it in.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when the link was used or has expired.
    pub async fn use_link(
        &self,
        secret: &str,
        new_password: String,
        hours: i64,
        now: Timestamp,
    ) -> Result<NewSession, AppError> {
        check_new_password(&new_password)?;
        let link = secret_hash(secret);
        let account = self.link_account(secret, now).await?.ok_or_else(link_is_gone)?;
        let hash = self.0.passwords.hash(new_password).await?;
        let actor = Actor::account(&account, Default::default(), now);
        let (id, name) = (account.id, account.username.clone());
        self.storage()
            .write(move |tx| -> Result<(), AppError> {
                // Asked again inside the transaction: two browsers may hold the same link.
                sessions::link_account(tx, &link, now)?.ok_or_else(link_is_gone)?;
                sessions::remove_link(tx, &link)?;
                accounts::set_password_hash(tx, id, &hash)?;
                sessions::end_all(tx, id)?;
                let object = Object { id: id.0, name: &name };
                actor.own_permit().noted(tx, "use one-time link", object, &())?;
                Ok(())
            })
            .await?;
        self.start_session(account, hours, now).await
    }

    /// Finds the account of a one-time link that is still valid.
    ///
    /// # Errors
    /// [`AppError`] from the database.
    pub async fn link_account(
        &self,
        secret: &str,
        now: Timestamp,
    ) -> Result<Option<Account>, AppError> {
        let link = secret_hash(secret);
        self.storage()
            .read(move |tx| -> Result<_, AppError> {
                let found = sessions::link_account(tx, &link, now)?;
                Ok(found.map(|id| accounts::get(tx, id)).transpose()?)
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
                    let text = format!("an account named {} exists already", form.username);
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

fn sign_in_of(
    tx: &ReadTx<'_>,
    id: AccountId,
    csrf: Option<String>,
    now: Timestamp,
) -> Result<Option<SignIn>, AppError> {
    let account = accounts::get(tx, id)?;
    if !account.is_active {
        return Ok(None);
    }
    let actor = actor_of(tx, &account, now)?;
    Ok(Some(SignIn { actor, account, csrf }))
}

fn actor_of(tx: &ReadTx<'_>, account: &Account, now: Timestamp) -> Result<Actor, StorageError> {
    let granted = if account.is_superuser {
        Default::default()
    } else {
        accounts::permissions(tx, account.id)?
    };
    Ok(Actor::account(account, granted, now))
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
    Err(AppError::invalid("password", format!("at least {MIN_LENGTH} characters")))
}

/// The instant `hours` after `now`.
pub(super) fn later(now: Timestamp, hours: i64) -> Timestamp {
    now.checked_add(SignedDuration::from_hours(hours)).unwrap_or(Timestamp::MAX)
}

fn wrong_password() -> AppError {
    AppError::invalid("password", "account and password do not match")
}

fn link_is_gone() -> AppError {
    AppError::not_found("link", "(used or expired)")
}

/// A hash for the command line and first start, where there is no runtime.
pub(super) fn hash_now(password: &str) -> Result<String, AppError> {
    passwords::hash(password)
}
