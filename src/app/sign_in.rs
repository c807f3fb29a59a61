//! Signing in: a password, a session, a bearer token or a one-time link becomes an [`Actor`].

use jiff::{SignedDuration, Timestamp};

use crate::domain::account::Account;
use crate::domain::ids::AccountId;
use crate::storage::sessions::{self, Session};
use crate::storage::{ReadTx, StorageError, accounts, domains, tokens};

use super::account_passwords::check_new_password;
use super::actor::Actor;
use super::history::Object;
use super::passwords::{random_secret, secret_hash};
use super::{App, AppError};

/// How precisely it is known when a token was used last: not every request is worth a write.
const NOTED_AGAIN_AFTER: SignedDuration = SignedDuration::from_mins(10);

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

    /// Returns the actor of a name and password that were verified a few minutes ago; such a
    /// request is no attempt to guess.
    ///
    /// # Errors
    /// [`AppError`] from the database.
    pub async fn actor_proven(
        &self,
        username: &str,
        password: &str,
        now: Timestamp,
    ) -> Result<Option<Actor>, AppError> {
        let (app, name, password) = (self.clone(), username.to_owned(), password.to_owned());
        self.storage()
            .read(move |tx| -> Result<_, AppError> {
                let Some(account) = accounts::find_by_username(tx, &name)? else {
                    return Ok(None);
                };
                let stored = accounts::password_hash(tx, account.id)?.unwrap_or_default();
                let known = app.0.passwords.is_proven(&stored, &password, now);
                match known && account.is_active {
                    true => Ok(Some(actor_of(tx, &account, now)?)),
                    false => Ok(None),
                }
            })
            .await
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
        let found = self.check_password(username, password.clone()).await?;
        let account = found.ok_or_else(wrong_password)?;
        let app = self.clone();
        self.storage()
            .read(move |tx| -> Result<_, AppError> {
                if let Some(stored) = accounts::password_hash(tx, account.id)? {
                    app.0.passwords.remember(&stored, &password, now);
                }
                Ok(actor_of(tx, &account, now)?)
            })
            .await
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

    /// Finds who a bearer token belongs to; the actor may do no more than the token. That it was
    /// used is noted from time to time.
    ///
    /// # Errors
    /// [`AppError`] from the database.
    pub fn find_token(&self, secret: &str, now: Timestamp) -> Result<Option<SignIn>, AppError> {
        let hash = secret_hash(secret);
        let found: Option<_> = self.storage().read_now(|tx| -> Result<_, AppError> {
            let Some(token) = tokens::find(tx, &hash, now)? else { return Ok(None) };
            let by = sign_in_of(tx, token.account, None, now)?;
            Ok(by.map(|by| (by, token)))
        })?;
        let Some((by, token)) = found else { return Ok(None) };
        if token.last_used_at.is_none_or(|last| now.duration_since(last) > NOTED_AGAIN_AFTER) {
            let id = token.id;
            let noted = self.storage().note(move |tx| tokens::touch(tx, id, now));
            if let Err(error) = noted {
                tracing::warn!(%error, token = %id, "the use of a token was not noted");
            }
        }
        Ok(Some(SignIn { actor: by.actor.limited_to(token.rights.as_ref()), ..by }))
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
    let selection = domains::selection(tx, account.id)?;
    Ok(Actor::account(account, granted, now).selected(selection))
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
