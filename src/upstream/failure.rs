//! Why a file of a source cannot be had.

/// The words are the same each time for the same reason, so that it is told once.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The source refuses, with this status.
    #[error("the source answers with status {0}")]
    Status(u16),
    #[error("the source cannot be reached: {0}")]
    Unreachable(String),
    #[error("the source sends nothing any more")]
    Stalled,
    #[error("the source redirects to {0}, which is no address of the Internet")]
    Redirect(String),
    #[error("the source redirects without end")]
    Redirects,
    #[error("the source broke off before the end of the file")]
    Broken,
    #[error("the file is larger than {0} bytes")]
    TooLarge(u64),
    #[error("the file cannot be kept: {0}")]
    Disk(String),
    #[error("too many files are being fetched")]
    Busy,
}

impl Failure {
    /// An error of our own disk.
    pub(super) fn disk(error: &std::io::Error) -> Self {
        Self::Disk(error.to_string())
    }
}
