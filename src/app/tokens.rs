//! Bearer tokens of accounts, for scripts (D-ACC-07). Superusers make, see and revoke them.

use jiff::Timestamp;
use serde_json::json;

use crate::domain::account::{Action, Model};
use crate::domain::ids::TokenId;
use crate::storage::ReadTx;
use crate::storage::related::Related;
use crate::storage::{accounts, tokens};

pub use crate::storage::tokens::Token;

use super::actor::Actor;
use super::grants::{parse_permissions, permission_names};
use super::history::Object;
use super::listed::Listed;
use super::passwords::{random_secret, secret_hash};
use super::{App, AppError};

/// A token to make.
#[derive(Debug, Clone, Default)]
pub struct TokenForm {
    /// Account whose rights, domain and scope it has.
    pub username: String,
    /// What it is for.
    pub name: String,
    /// When it stops working; none: when it is revoked.
    pub expires_at: Option<Timestamp>,
    /// What it may do of what its account may, `package:add` and the like; none: all of it.
    pub rights: Option<Vec<String>>,
}

impl TokenForm {
    /// A token with all rights of the account, for as long as nobody revokes it.
    pub fn of(username: &str, name: &str) -> Self {
        Self { username: username.to_owned(), name: name.to_owned(), ..Self::default() }
    }
}

impl App {
    /// Makes a token for an account and returns its secret, shown this once (D-ACC-07).
    ///
    /// # Errors
    /// [`AppError::Denied`] unless a superuser asks; [`AppError::NotFound`] for an unknown name;
    /// [`AppError::Invalid`].
    pub async fn create_token(&self, actor: &Actor, form: TokenForm) -> Result<String, AppError> {
        let permit = actor.superuser_permit(Model::Account, Action::Change)?;
        if form.name.chars().count() > 50 {
            return Err(AppError::invalid("name", "at most 50 characters"));
        }
        if form.expires_at.is_some_and(|at| at <= permit.at()) {
            return Err(AppError::invalid("expires_at", "this time is over"));
        }
        let rights = form.rights.as_ref();
        let rights = rights.map(|rights| parse_permissions("rights", rights)).transpose()?;
        if rights.as_ref().is_some_and(|rights| rights.is_empty()) {
            return Err(AppError::invalid("rights", "a token without any right is of no use"));
        }
        let secret = random_secret();
        let hash = secret_hash(&secret);
        self.storage()
            .write(move |tx| -> Result<(), AppError> {
                let account = accounts::find_by_username(tx, &form.username)?
                    .ok_or_else(|| AppError::not_found("account", &form.username))?;
                let token = tokens::NewToken {
                    account: account.id,
                    secret_hash: &hash,
                    name: &form.name,
                    created_at: permit.at(),
                    expires_at: form.expires_at,
                    rights: rights.as_ref(),
                };
                tokens::add(tx, &token)?;
                let about = json!({
                    "name": form.name,
                    "expires_at": form.expires_at,
                    "rights": rights.as_ref().map(permission_names),
                });
                let object = Object { id: account.id.0, name: &account.username };
                permit.noted(tx, "create token", object, &about)?;
                Ok(())
            })
            .await?;
        Ok(secret)
    }

    /// Lists tokens, never their secrets.
    ///
    /// # Errors
    /// [`AppError::Denied`] unless a superuser asks.
    pub async fn tokens(
        &self,
        actor: &Actor,
        related: Option<Related>,
        after: Option<TokenId>,
        limit: u32,
    ) -> Result<Listed<Token>, AppError> {
        actor.superuser_permit(Model::Account, Action::View)?;
        let list =
            move |tx: &ReadTx<'_>| Ok::<_, AppError>(tokens::list(tx, related, after, limit)?);
        let found = self.storage().read(list);
        Ok(Listed::new(found.await?, limit, |token| token.id.to_string()))
    }

    /// Revokes a token.
    ///
    /// # Errors
    /// [`AppError::Denied`] unless a superuser asks; [`AppError::NotFound`].
    pub async fn revoke_token(&self, actor: &Actor, id: TokenId) -> Result<(), AppError> {
        let permit = actor.superuser_permit(Model::Account, Action::Change)?;
        self.storage()
            .write(move |tx| -> Result<(), AppError> {
                let token = tokens::get(tx, id)?;
                tokens::delete(tx, id)?;
                let object = Object { id: token.account.0, name: &token.username };
                permit.noted(tx, "revoke token", object, &json!({ "name": token.name }))?;
                Ok(())
            })
            .await
    }
}
