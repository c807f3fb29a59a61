//! Why a computer is not served, in the words of the sync protocol (`design.md`, D-OP-30).

use super::AppError;
use crate::storage::StorageError;

/// A refusal; the edge makes a signed problem document of it.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The clock of the computer is too far off; it asks once more with ours.
    #[error("the clock of the computer differs too much from the server's")]
    Clock,
    /// The signature is not that of the key it names.
    #[error("signature is not valid")]
    Signature,
    /// The time is not later than that of the last request accepted from the key.
    #[error("the request was made before one that was accepted already")]
    Replay,
    /// No computer signs with this key.
    #[error("no computer is registered with this key")]
    UnknownComputer,
    /// The computer is known with another key.
    #[error("the computer is registered with another key: an operator must accept the new one")]
    KeyMismatch,
    /// The computer left service (D-STATUS-08).
    #[error("the computer is unsubscribed")]
    Unsubscribed,
    /// The registration is not permitted (D-REG-03, D-REG-04).
    #[error("the computer cannot be registered: {0}")]
    CanNotRegister(String),
    /// The synchronisation is none that the computer has open.
    #[error("synchronisation {0} is not open")]
    UnknownSync(String),
    /// The request cannot be understood.
    #[error("{0}")]
    Invalid(String),
    /// The body is larger than the operation takes.
    #[error("the request is larger than {limit_bytes} bytes")]
    TooLarge { limit_bytes: usize },
    /// Too many attempts from one address.
    #[error("too many attempts from this address")]
    TooMany { retry_after_s: u64 },
    /// What was computed is stale by the time it is written; never leaves this room.
    #[error("the site changed meanwhile")]
    Stale,
    /// The operation failed.
    #[error(transparent)]
    Failed(#[from] AppError),
}

impl From<StorageError> for Refusal {
    fn from(error: StorageError) -> Self {
        Self::Failed(error.into())
    }
}
