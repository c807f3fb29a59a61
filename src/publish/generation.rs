//! A published state of a repository: what each of its metadata files consists of.

use sha2::{Digest as _, Sha256};

use super::format::Format;
use super::piece::{Form, PieceId};
use crate::formats::sha256::Stored;

/// Everything a repository serves except payloads. Paths are below [`Format::folder`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generation {
    pub format: Format,
    /// The statement that names every index, its signatures, in the order in which they may
    /// appear; the last one is what clients ask for first.
    pub texts: Vec<Text>,
    /// Fingerprint of the key that signed.
    pub signed_by: String,
    pub files: Vec<IndexFile>,
}

/// A short file that is written whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// `InRelease`
    pub path: String,
    pub text: String,
}

/// An index in one of its forms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexFile {
    /// `PKGS/binary-amd64/Packages.gz`: the same in all generations, see [`Format::index_path`].
    pub path: String,
    pub form: Form,
    pub size_bytes: u64,
    pub sha256: [u8; 32],
    /// What comes out when it is unpacked, where the format tells it.
    pub open: Option<Opened>,
    /// The file is these, one after the other, in this form.
    pub parts: Vec<Part>,
    /// In the order of the file.
    pub marks: Vec<Mark>,
}

/// Where a file's digest was put aside: a generation whose file begins with the same parts goes on
/// from there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// How many parts had been taken.
    pub parts: usize,
    pub state: Stored,
}

/// The plain form of an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opened {
    pub size_bytes: u64,
    pub sha256: [u8; 32],
}

/// A piece within a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    pub piece: PieceId,
    /// Length in the file's form.
    pub size_bytes: u64,
}

impl Generation {
    /// SHA-256 in hex of what clients ask for first, which names the generation: `InRelease`.
    pub fn digest(&self) -> String {
        let first = self.texts.last().map_or("", |text| &*text.text);
        hex::encode(Sha256::digest(first))
    }

    /// The text that is signed; empty if there is none.
    pub(super) fn statement(&self) -> &str {
        let path = self.format.layout().statement_path();
        self.texts.iter().find(|text| text.path == path).map_or("", |text| &*text.text)
    }

    /// The index at `path` (below [`Format::folder`]), by its name or by its hash.
    pub fn find(&self, path: &str) -> Option<&IndexFile> {
        let has = |file: &&IndexFile| {
            file.path == path || self.format.index_path(&file.path, &file.sha256) == path
        };
        self.files.iter().find(has)
    }

    /// The pieces this generation needs, each once, in no order.
    pub fn pieces(&self) -> std::collections::BTreeSet<PieceId> {
        self.files.iter().flat_map(|file| file.parts.iter().map(|part| part.piece)).collect()
    }
}
