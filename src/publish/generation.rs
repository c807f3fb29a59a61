//! A published state of a repository: what each of its metadata files consists of.

use super::piece::{Form, PieceId};

/// Everything a repository serves except payloads. Paths are below `dists/<suite>/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generation {
    pub release: String,
    /// `release`, clear-signed.
    pub in_release: String,
    /// Armoured signature over `release`.
    pub release_gpg: String,
    /// Fingerprint of the key that signed.
    pub signed_by: String,
    pub files: Vec<IndexFile>,
}

/// An index in one of its forms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexFile {
    /// `PKGS/binary-amd64/Packages.gz`
    pub path: String,
    pub form: Form,
    pub size_bytes: u64,
    pub sha256: [u8; 32],
    /// The file is these, one after the other, in this form.
    pub parts: Vec<Part>,
}

/// A piece within a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    pub piece: PieceId,
    /// Length in the file's form.
    pub size_bytes: u64,
}

impl IndexFile {
    /// Immutable second path of the file: `PKGS/binary-amd64/by-hash/SHA256/<hex>`.
    pub fn by_hash_path(&self) -> String {
        let folder = self.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        format!("{folder}/by-hash/SHA256/{}", hex::encode(self.sha256))
    }
}

impl Generation {
    /// The index at `path` (below `dists/<suite>/`), by its name or by its hash.
    pub fn find(&self, path: &str) -> Option<&IndexFile> {
        self.files.iter().find(|file| file.path == path || file.by_hash_path() == path)
    }

    /// The pieces this generation needs, each once, in no order.
    pub fn pieces(&self) -> std::collections::BTreeSet<PieceId> {
        self.files.iter().flat_map(|file| file.parts.iter().map(|part| part.piece)).collect()
    }
}
