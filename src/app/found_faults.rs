//! Reading the faults of computers (5.1).

use crate::domain::account::{Action, Model};
use crate::domain::fault::Assignment;
use crate::domain::ids::{AccountId, FaultDefinitionId, FaultId};
use crate::storage::checks::FoundFilter;
use crate::storage::fault_lists::{self, FaultFilter};

pub use crate::storage::fault_lists::FaultRow;

use super::actor::Actor;
use super::listed::Listed;
use super::{App, AppError};

/// Which faults to list.
#[derive(Debug, Clone, Default)]
pub struct FaultQuery {
    pub found: FoundFilter,
    pub definition: Option<FaultDefinitionId>,
    /// Whom they concern, as seen by whoever asks.
    pub assignment: Option<Assignment>,
}

impl App {
    /// Lists faults, newest first.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right.
    pub async fn faults(
        &self,
        actor: &Actor,
        query: FaultQuery,
    ) -> Result<Listed<FaultRow>, AppError> {
        actor.permit(Model::Fault, Action::View)?;
        // The program itself is no account: nothing is assigned to it.
        let account = actor.account_id().unwrap_or(AccountId(0));
        let filter = FaultFilter {
            found: query.found,
            definition: query.definition,
            assignment: query.assignment.map(|assignment| (assignment, account)),
        };
        self.see(actor, move |tx| {
            let found = fault_lists::list(tx, &filter)?;
            Ok(Listed::new(found, filter.found.limit, |row| row.id.to_string()))
        })
        .await
    }

    /// Returns one fault.
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::NotFound`].
    pub async fn fault(&self, actor: &Actor, id: FaultId) -> Result<FaultRow, AppError> {
        actor.permit(Model::Fault, Action::View)?;
        self.see(actor, move |tx| Ok(fault_lists::get(tx, id)?)).await
    }
}
