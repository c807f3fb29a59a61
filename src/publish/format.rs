//! The formats in which a repository can be published, and what each decides.
//!
//! A format is three things: a reader of its packages and the texts of its indexes in `formats`,
//! the [`Layout`] in a module beside this one (`apt`, `yum`), and its arm in every `match` on [`Format`],
//! which the compiler lists. Pieces, digests, signatures, generations and shelves are shared.

use std::cmp::Ordering;

use jiff::Timestamp;

use super::apt::Apt;
use super::entry::Entry;
use super::generation::{IndexFile, Text};
use super::piece::{Form, PieceId};
use super::signer::Signer;
use super::yum::Yum;
use crate::domain::pms::Pms;
use crate::formats::openpgp::OpenPgpError;

/// A format of repositories.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// `dists/<slug>/Release` and below (D-REPO-03).
    Apt,
    /// `<slug>/repodata/repomd.xml` and below (D-REPO-04).
    Yum,
}

impl Format {
    /// All formats.
    pub const ALL: [Self; 2] = [Self::Apt, Self::Yum];

    /// The format that clients of this package management system read; `None` where repositories
    /// are not published.
    pub fn of(pms: Pms) -> Option<Self> {
        match pms {
            Pms::AptGet => Some(Self::Apt),
            Pms::Yum | Pms::Zypper => Some(Self::Yum),
            Pms::Msi => None,
        }
    }

    /// Short name for a file or an option: `apt`, `yum`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Apt => "apt",
            Self::Yum => "yum",
        }
    }

    /// Ending of package files.
    pub fn package_ending(self) -> &'static str {
        match self {
            Self::Apt => ".deb",
            Self::Yum => ".rpm",
        }
    }

    /// Folder of the repository `slug` below `REPOSITORIES`, without a slash at its end.
    pub fn folder(self, slug: &str) -> String {
        match self {
            Self::Apt => format!("dists/{slug}"),
            Self::Yum => slug.to_owned(),
        }
    }

    /// Where a payload is below [`Format::folder`], by content: `PKGS/0123456789abcdef/a.deb`.
    ///
    /// The first 16 hexadecimal digits of the SHA-256 stand in it, so that a generation goes on
    /// naming its own payloads after a file was replaced.
    pub fn payload_path(self, sha256: &[u8; 32], file_name: &str) -> String {
        let digits = hex::encode(sha256.first_chunk::<8>().unwrap_or(&[0; 8]));
        format!("PKGS/{digits}/{file_name}")
    }

    /// The path of an index that no other content will ever have, below [`Format::folder`].
    pub fn index_path(self, path: &str, sha256: &[u8; 32]) -> String {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let digits = hex::encode(sha256);
        match self {
            Self::Apt => format!("{folder}/by-hash/SHA256/{digits}"),
            Self::Yum => format!("{folder}/{digits}-{name}"),
        }
    }

    /// The digest in a path that [`Format::index_path`] made; `None` for other paths.
    pub fn digest_of_index(self, path: &str) -> Option<[u8; 32]> {
        let (folder, name) = path.rsplit_once('/')?;
        let digits = match self {
            Self::Apt => folder.ends_with("/by-hash/SHA256").then_some(name)?,
            Self::Yum => name.split_once('-')?.0,
        };
        let mut digest = [0; 32];
        hex::decode_to_slice(digits, &mut digest).ok()?;
        Some(digest)
    }

    /// Says whether clients ask for indexes by their plain paths, too.
    pub fn serves_plain_paths(self) -> bool {
        match self {
            Self::Apt => true,
            Self::Yum => false,
        }
    }

    /// The statement about the indexes and its detached signature, which clients fetch one after
    /// the other.
    pub fn statement_and_signature(self) -> (&'static str, &'static str) {
        let statement = self.layout().statement_path();
        match self {
            Self::Apt => (statement, "Release.gpg"),
            Self::Yum => (statement, "repodata/repomd.xml.asc"),
        }
    }

    /// What the format decides about indexes.
    pub(super) fn layout(self) -> &'static dyn Layout {
        match self {
            Self::Apt => &Apt,
            Self::Yum => &Yum,
        }
    }
}

/// What a format decides about the indexes of a repository. Everything is a function of the
/// entries, so that the way to a generation leaves no trace in it.
pub(super) trait Layout {
    /// Forms in which the pieces of a group are kept: those of the indexes they are in.
    fn forms(&self, group: &str) -> &'static [Form];

    /// Whether the statement tells sizes and digests of the plain form of a packed index.
    fn tells_open_digests(&self) -> bool {
        false
    }

    /// The group of an entry. All entries of a group are in the same indexes; each group is cut
    /// into pieces of its own.
    fn group<'e>(&self, entry: &'e Entry) -> &'e str;

    /// Puts entries of a group together, and decides which become neighbours; clients do not mind.
    fn order(&self, a: &Entry, b: &Entry) -> Ordering;

    /// A number that tells most of the order: of two entries with different ones, the lower comes
    /// first. Numbers compare much faster than texts that lie all over the memory.
    fn rank(&self, entry: &Entry) -> u128;

    /// The kinds of index that hold an element for each entry of a group.
    fn tables(&self, group: &str) -> &'static [&'static str];

    /// Distinguishes pieces of equal entries whose bytes differ.
    fn scope(&self, slug: &str, table: &str) -> String;

    /// Appends the elements of an entry, one for each of [`Layout::tables`] in their order; says
    /// whether `fragment` is one of this format.
    #[must_use]
    fn write(&self, slug: &str, entry: &Entry, fragment: &str, tables: &mut [Vec<u8>]) -> bool;

    /// The indexes of a repository with these groups.
    fn indexes(&self, groups: &[Group]) -> Vec<Index>;

    /// The text that names every index with its digest; it is what is signed.
    fn statement(
        &self,
        slug: &str,
        date: Timestamp,
        groups: &[Group],
        files: &[IndexFile],
    ) -> String;

    /// Says whether a line of the statement tells the time only.
    fn is_date(&self, line: &str) -> bool;

    /// Path of the statement.
    fn statement_path(&self) -> &'static str;

    /// The statement and its signatures, in the order in which they may appear one after the
    /// other: last the one that clients ask for first. Its digest names the generation.
    fn sign(&self, statement: String, signer: &mut Signer<'_>) -> Result<Vec<Text>, OpenPgpError>;
}

/// The entries of one group, cut into pieces.
#[derive(Debug)]
pub(super) struct Group {
    pub name: String,
    /// How many entries it has.
    pub count: usize,
    /// Pieces by table, in the order of [`Layout::tables`].
    pub pieces: Vec<Vec<PieceId>>,
}

/// An index, form aside.
#[derive(Debug)]
pub(super) struct Index {
    /// Path without the ending of a form: `PKGS/binary-amd64/Packages`.
    pub stem: String,
    /// Forms in which it is published.
    pub forms: &'static [Form],
    /// The index is these, one after the other.
    pub runs: Vec<Run>,
}

/// A stretch of an index.
#[derive(Debug)]
pub(super) enum Run {
    /// A piece of its own: what stands before or after the entries, or an index without any.
    Text(String),
    /// All pieces of a group's table, by their places.
    Pieces { group: usize, table: usize },
}

/// The first 15 bytes as a number: texts are in its order, as far as it goes.
pub(super) fn beginning(bytes: impl Iterator<Item = u8>) -> u128 {
    bytes
        .chain(std::iter::repeat(0))
        .take(15)
        .fold(0, |number, byte| number << 8 | u128::from(byte))
}
