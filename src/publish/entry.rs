//! One package of a repository, as far as publishing must know it to find what changed.

use crate::formats::yum::metadata::Kind;

/// A package of a repository, or a file of its metadata. Its fragment is asked for only when its
/// piece must be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Which metadata it is; `None` for a package.
    pub metadata: Option<Kind>,
    /// Name and architecture of the package; empty for metadata.
    pub name: String,
    /// `all`, `amd64`…
    pub architecture: String,
    /// Name of the file as it was uploaded.
    pub file_name: String,
    /// Digest of the payload; the fragment follows from it.
    pub sha256: [u8; 32],
}
