//! Passwords of accounts: the own one, and any by a superuser (D-ACC-05).

use crate::domain::account::{Account, Action, Model};
use crate::domain::ids::AccountId;
use crate::storage::{accounts, sessions};

use super::actor::{Actor, Permit};
use super::history::Object;
use super::passwords::MIN_LENGTH;
use super::reason::reason;
use super::{App, AppError};

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
}

/// Checks a password somebody chose.
pub(super) fn check_new_password(password: &str) -> Result<(), AppError> {
    if password.chars().count() >= MIN_LENGTH {
        return Ok(());
    }
    Err(AppError::invalid("password", reason!("at least {limit} characters", limit = MIN_LENGTH)))
}
