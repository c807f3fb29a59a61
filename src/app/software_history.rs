//! What is and was installed, on one computer or on all (D-SYNC-19, D-SCN-04).

use jiff::Timestamp;

use crate::domain::account::{Action, Model};
use crate::domain::ids::ComputerId;
use crate::storage::{computer_lists, software_lists};

pub use crate::storage::software_lists::{HistoryEntry, Holder, HolderFilter, InstalledPackage};

use super::actor::Actor;
use super::listed::Listed;
use super::{App, AppError};

impl App {
    /// Returns the packages of a computer now, or as they were at an instant: all from what the
    /// server holds, the computer may be switched off (D-SCN-04). Before its first inventory
    /// nothing is known.
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::NotFound`].
    pub async fn computer_software(
        &self,
        actor: &Actor,
        id: ComputerId,
        at: Option<Timestamp>,
    ) -> Result<Vec<InstalledPackage>, AppError> {
        actor.permit(Model::Computer, Action::View)?;
        self.see(actor, move |tx| {
            let computer = computer_lists::get(tx, id)?;
            Ok(match at {
                None => software_lists::now(tx, id)?,
                Some(at) if at < computer.created_at => Vec::new(),
                Some(at) => software_lists::at(tx, id, at)?,
            })
        })
        .await
    }

    /// Lists what came and went on a computer, newest first (D-SYNC-19).
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::NotFound`].
    pub async fn computer_software_history(
        &self,
        actor: &Actor,
        id: ComputerId,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Listed<HistoryEntry>, AppError> {
        actor.permit(Model::Computer, Action::View)?;
        self.see(actor, move |tx| {
            computer_lists::get(tx, id)?;
            let found = software_lists::history(tx, id, before, limit)?;
            Ok(Listed::new(found, limit, |entry| entry.id.to_string()))
        })
        .await
    }

    /// Lists who had a package and when, by CID. A page looks at so many computers; some of them
    /// may have had it outside the time asked for only.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right; [`AppError::Invalid`] without a package.
    pub async fn software_holders(
        &self,
        actor: &Actor,
        filter: HolderFilter,
    ) -> Result<Listed<Holder>, AppError> {
        actor.permit(Model::Computer, Action::View)?;
        if filter.package.trim().is_empty() {
            return Err(AppError::invalid("package", "a name, or name-version, is needed"));
        }
        self.see(actor, move |tx| {
            let (items, last) = software_lists::holders(tx, &filter)?;
            Ok(Listed { items, next: last.map(|id| id.to_string()) })
        })
        .await
    }
}
