//! Collecting what nobody can ask for any more: old generations, pieces, payloads.
//!
//! May run twice and at any time. A generation stays a day after it was replaced, and at least
//! the last that was; a payload goes a day after the last thing that referred to it, so that
//! every download of it has ended. A change that can still be undone refers to what it took away.

use jiff::{SignedDuration, Timestamp};

use crate::storage::{changes, payloads, publications};

use super::{App, AppError};

/// Hours that replaced generations and dropped payloads stay.
const KEEP_HOURS: i64 = 24;
/// Days in which an administrative change can be undone; what it took away stays that long.
const UNDO_DAYS: i64 = 30;
/// Pieces dropped in one transaction.
const PIECES: usize = 256;

impl App {
    /// Collects generations, pieces and payloads that are due.
    ///
    /// # Errors
    /// [`AppError`] from the database; what was collected before stays so.
    pub async fn collect_publications(&self, now: Timestamp) -> Result<(), AppError> {
        let before = now - SignedDuration::from_hours(KEEP_HOURS);
        self.storage()
            .write(move |tx| Ok::<_, AppError>(publications::collect(tx, before)?))
            .await?;
        {
            // Pieces of a repository that is being computed are named by no generation yet.
            let _turn = self.publishing().lock().await;
            let drop = move |tx: &crate::storage::WriteTx<'_>| {
                Ok::<_, AppError>(publications::collect_pieces(tx, PIECES)?)
            };
            while self.storage().write(drop).await? == PIECES {}
        }
        let undoable_from = now - SignedDuration::from_hours(24 * UNDO_DAYS);
        let due = self
            .storage()
            .write(move |tx| {
                changes::forget(tx, undoable_from)?;
                Ok::<_, AppError>(payloads::collect(tx, now, before)?)
            })
            .await?;
        for payload in due {
            let retired = self.storage().write(move |tx| payloads::retire(tx, payload)).await;
            if retired? {
                self.trim_payload(payload).await;
            }
        }
        Ok(())
    }

    /// Counts rows of published repositories: for metrics.
    ///
    /// # Errors
    /// [`AppError`] from the database.
    pub async fn publication_counts(&self) -> Result<publications::Counts, AppError> {
        self.storage().read(|tx| Ok(publications::counts(tx)?)).await
    }
}
