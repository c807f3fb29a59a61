//! Why an operation failed, without a word about HTTP or exit codes.

use crate::storage::StorageError;

use super::actor::Denied;
use super::reason::{Reason, reason};

/// An error of an operation.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The thing named does not exist, or the caller may not know that it does.
    #[error("{what} {key} does not exist")]
    NotFound { what: &'static str, key: String },
    /// The caller is known but lacks the right.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A value the caller gave is not acceptable; `field` names it.
    #[error("{field}: {reason}")]
    Invalid { field: &'static str, reason: Reason },
    /// The change contradicts what is there: a taken name, a protected reference.
    #[error("{0}")]
    Conflict(Reason),
    /// The upload is larger than the site accepts.
    #[error(
        "the file has more than the {limit_bytes} bytes that the server takes (MAX_PACKAGE_SIZE)"
    )]
    TooLarge { limit_bytes: u64 },
    /// No room on the disk; nothing of the change was kept.
    #[error("the disk of the server is full, nothing was stored")]
    DiskFull,
    /// The server has too much to do, or is still preparing: come back.
    #[error("{0}, try again")]
    Unavailable(Reason),
    /// Our fault; the cause goes to the log, never to the caller.
    #[error("internal error")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl AppError {
    /// Shorthand for [`AppError::Internal`] with a text for the log.
    pub fn internal(text: impl Into<String>) -> Self {
        Self::Internal(text.into().into())
    }

    /// Shorthand for [`AppError::Invalid`].
    pub fn invalid(field: &'static str, reason: impl Into<Reason>) -> Self {
        Self::Invalid { field, reason: reason.into() }
    }

    /// Shorthand for [`AppError::NotFound`].
    pub fn not_found(what: &'static str, key: impl ToString) -> Self {
        Self::NotFound { what, key: key.to_string() }
    }
}

impl From<StorageError> for AppError {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::NotFound { what, key } => Self::NotFound { what, key },
            StorageError::Conflict(text) => {
                Self::Conflict(reason!("it contradicts what is stored: {problem}", problem = text))
            }
            StorageError::DiskFull => Self::DiskFull,
            StorageError::Unconfirmed => Self::Conflict(
                "many computers would lose something: see what the change does, and confirm it"
                    .into(),
            ),
            StorageError::Busy => Self::Unavailable("too many changes are waiting".into()),
            other => Self::Internal(other.into()),
        }
    }
}
