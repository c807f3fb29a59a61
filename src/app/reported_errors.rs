//! Reading the errors of computers (5.2).

use crate::domain::account::{Action, Model};
use crate::domain::ids::ErrorId;
use crate::storage::checks::FoundFilter;
use crate::storage::error_lists;

pub use crate::storage::error_lists::ErrorRow;

use super::actor::Actor;
use super::listed::Listed;
use super::{App, AppError};

impl App {
    /// Lists errors, newest first.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right.
    pub async fn errors(
        &self,
        actor: &Actor,
        filter: FoundFilter,
    ) -> Result<Listed<ErrorRow>, AppError> {
        actor.permit(Model::Error, Action::View)?;
        self.see(actor, move |tx| {
            let found = error_lists::list(tx, &filter)?;
            Ok(Listed::new(found, filter.limit, |row| row.id.to_string()))
        })
        .await
    }

    /// Returns one error.
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::NotFound`].
    pub async fn error(&self, actor: &Actor, id: ErrorId) -> Result<ErrorRow, AppError> {
        actor.permit(Model::Error, Action::View)?;
        self.see(actor, move |tx| Ok(error_lists::get(tx, id)?)).await
    }
}
