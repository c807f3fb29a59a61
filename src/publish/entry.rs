//! One package of a repository, as far as publishing must know it to find what changed.

use std::cmp::Ordering;

/// A package of a repository. Its stanza is asked for only when its piece must be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub name: String,
    /// `all`, `amd64`…
    pub architecture: String,
    /// Name of the file as it was uploaded.
    pub file_name: String,
    /// Digest of the payload; the stanza follows from it.
    pub sha256: [u8; 32],
}

impl Entry {
    /// Says whether the package is in the index of every architecture.
    pub fn is_for_all(&self) -> bool {
        self.architecture == "all"
    }

    /// Where the payload is below `REPOSITORIES`: see [`payload_path`].
    pub fn payload_path(&self, suite: &str) -> String {
        payload_path(suite, &self.sha256, &self.file_name)
    }

    /// Order of the entries in the indexes: `all` first, then by architecture and name.
    ///
    /// It decides which entries become neighbours, and nothing else: apt does not mind.
    pub(super) fn order(&self, other: &Self) -> Ordering {
        let key = |entry: &Self| !entry.is_for_all();
        key(self)
            .cmp(&key(other))
            .then_with(|| self.architecture.cmp(&other.architecture))
            .then_with(|| self.name.cmp(&other.name))
            .then_with(|| self.file_name.cmp(&other.file_name))
            .then_with(|| self.sha256.cmp(&other.sha256))
    }
}

/// Path of a payload below `REPOSITORIES`, by content: `dists/files/PKGS/0123456789abcdef/a.deb`.
///
/// The first 16 hexadecimal digits of the SHA-256 stand in it, so that a generation goes on
/// naming its own payloads after a file was replaced.
pub fn payload_path(suite: &str, sha256: &[u8; 32], file_name: &str) -> String {
    let digits = hex::encode(sha256.first_chunk::<8>().unwrap_or(&[0; 8]));
    format!("dists/{suite}/PKGS/{digits}/{file_name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d_repo_03_payloads_are_named_by_content() {
        let path = payload_path("files", &[0xab; 32], "a_1.0_all.deb");
        assert_eq!(path, "dists/files/PKGS/abababababababab/a_1.0_all.deb");
    }
}
