//! Why the database could not do what was asked; the only place that sees SQLite's errors.

use std::path::PathBuf;

/// An error of the database, in words of the program.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// The row does not exist.
    #[error("{what} {key} does not exist")]
    NotFound { what: &'static str, key: String },
    /// A unique name is taken, or a reference protects the row.
    #[error("the change contradicts what is stored: {0}")]
    Conflict(String),
    /// The disk or the quota is full; nothing of the change was kept.
    #[error("the disk is full")]
    DiskFull,
    /// The queue of the writer is full; try again.
    #[error("too many changes are waiting")]
    Busy,
    /// The change was not confirmed: whoever made it was to see first what it does.
    #[error("the change takes something from many computers, and was not confirmed")]
    Unconfirmed,
    /// The writer has stopped, or a change died half-way and was rolled back.
    #[error("the change was abandoned")]
    Abandoned,
    /// The file was written by a newer program; it is left untouched.
    #[error(
        "{path} has schema {found}, this program knows up to {known}: use a newer migas",
        path = path.display()
    )]
    Newer { path: PathBuf, found: i64, known: i64 },
    /// The file is no database of ours.
    #[error("{path} is not a migas database: name another directory", path = path.display())]
    Foreign { path: PathBuf },
    /// The file cannot be opened or made.
    #[error("cannot open {path}", path = path.display())]
    Open {
        path: PathBuf,
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A stored value has a form this program does not know.
    #[error("stored {what} is not readable: {value}")]
    Corrupt { what: &'static str, value: String },
    /// Anything else SQLite says.
    #[error("database error")]
    Sqlite(#[source] rusqlite::Error),
}

impl From<rusqlite::Error> for StorageError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            Some(ErrorCode::ConstraintViolation) => Self::Conflict(error.to_string()),
            _ => Self::Sqlite(error),
        }
    }
}

impl StorageError {
    /// Shorthand for [`StorageError::NotFound`].
    pub fn not_found(what: &'static str, key: impl ToString) -> Self {
        Self::NotFound { what, key: key.to_string() }
    }
}
