//! Bearer tokens of accounts, for scripts (D-ACC-07).

use crate::domain::account::{Action, Model};
use crate::storage::accounts;
use crate::storage::sessions;

pub use crate::storage::sessions::Token;

use super::actor::Actor;
use super::history::Object;
use super::passwords::{random_secret, secret_hash};
use super::{App, AppError};

impl App {
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
}
