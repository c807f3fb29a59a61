//! Errors that computers send, and which of them need no check (5.2).

use jiff::Timestamp;

use crate::domain::client_error::AutoChecks;
use crate::domain::ids::{ComputerId, ProjectId};
use crate::domain::text::{cut, normalise_lines};
use crate::storage::errors::{self, NewError};
use crate::storage::{StorageError, WriteTx};
use crate::wire::sync::ClientError;

use super::{App, AppError, chain};

/// Errors of one request that are stored; a client keeps 100.
const MAX_ERRORS: usize = 200;
/// Longest text that is stored, in characters.
const MAX_TEXT: usize = 32 * 1024;

/// An error as it will be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Classified {
    client_time_ms: i64,
    text: String,
    checked: bool,
}

impl App {
    /// Cuts errors to size and applies the patterns of those that need no check, in linear time
    /// (D-ERR-02, D-ERR-05).
    pub(super) async fn classify(
        &self,
        reported: &[ClientError],
    ) -> Result<Vec<Classified>, AppError> {
        if reported.is_empty() {
            return Ok(Vec::new());
        }
        let patterns: Vec<String> =
            self.storage().read(|tx| Ok::<_, AppError>(errors::patterns(tx)?)).await?;
        let patterns = AutoChecks::new(&patterns)
            .inspect_err(|error| tracing::error!(error = chain(error), "a pattern is not one"))
            .ok();
        let classify = |error: &ClientError| {
            let text = cut(normalise_lines(&error.text).trim(), MAX_TEXT, true);
            let checked = patterns.as_ref().is_some_and(|patterns| patterns.check(&text));
            Classified { client_time_ms: error.time_ms, text, checked }
        };
        let kept = reported.iter().filter(|error| !error.text.trim().is_empty());
        Ok(kept.take(MAX_ERRORS).map(classify).collect())
    }
}

/// Stores errors of a computer.
pub(super) fn store(
    tx: &WriteTx<'_>,
    (computer, project): (ComputerId, ProjectId),
    classified: &[Classified],
    now: Timestamp,
) -> Result<(), StorageError> {
    for error in classified {
        let new = NewError {
            computer,
            project,
            client_time_ms: Some(error.client_time_ms),
            description: &error.text,
            checked: error.checked,
        };
        errors::add(tx, &new, now)?;
    }
    Ok(())
}
