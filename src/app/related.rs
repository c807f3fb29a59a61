//! What belongs to an object, as far as one may see it: numbers for its page, and the object that a
//! list is narrowed to (D-UI-06).

use std::collections::BTreeSet;

use crate::domain::account::{Action, Model};
use crate::domain::ids::ScopeId;
use crate::storage::related;
use crate::storage::seen::Seen;

pub use crate::storage::related::{Kind, Related, lists as related_kinds};

use super::actor::Actor;
use super::{App, AppError, scopes};

impl App {
    /// Counts what belongs to an object, in each list that one may see.
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::NotFound`].
    pub async fn related(
        &self,
        actor: &Actor,
        related: Related,
    ) -> Result<Vec<(Kind, i64)>, AppError> {
        let may = |list: &Kind| {
            let is_open = match list {
                Kind::Token => actor.is_superuser(),
                Kind::Account | Kind::Group => actor.administers_accounts(),
                _ => true,
            };
            is_open && actor.may(list.model(), Action::View)
        };
        let lists: Vec<Kind> = related::lists(related.of).filter(may).collect();
        let by = actor.clone();
        self.see(actor, move |tx| {
            name(tx, &by, related)?;
            Ok(related::counts(tx, related, &lists)?)
        })
        .await
    }

    /// Returns the name of an object that a list is narrowed to.
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::NotFound`].
    pub async fn related_name(&self, actor: &Actor, related: Related) -> Result<String, AppError> {
        let by = actor.clone();
        self.see(actor, move |tx| name(tx, &by, related)).await
    }

    /// Returns the ids of the rows of `list` that belong to an object: for lists that are read
    /// whole.
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::NotFound`].
    pub async fn related_ids(
        &self,
        actor: &Actor,
        related: Related,
        list: Kind,
    ) -> Result<BTreeSet<i64>, AppError> {
        let by = actor.clone();
        self.see(actor, move |tx| {
            name(tx, &by, related)?;
            Ok(related::ids(tx, related, list)?.into_iter().collect())
        })
        .await
    }
}

/// Refuses an object that one may not see; scopes are each account's own.
fn name(tx: &Seen<'_>, actor: &Actor, related: Related) -> Result<String, AppError> {
    match related.of.model() {
        Model::Scope => Ok(scopes::own(tx, actor, ScopeId(related.id))?.name),
        model => {
            // Of accounts and groups the others see the names only (6.3).
            let is_secret = matches!(model, Model::Account | Model::Group);
            actor.permit(model, if is_secret { Action::Change } else { Action::View })?;
            Ok(related::name(tx, related)?)
        }
    }
}
