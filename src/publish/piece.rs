//! Pieces of indexes: where entries are cut, what names a piece, how it is packed.
//!
//! Cuts are content-defined: whether a piece ends after an entry depends on that entry's name, so
//! an entry more or less moves no other cut. A scope is part of the identity, which keeps apart
//! pieces of equal entries whose bytes differ: for apt the repository's name, because every stanza
//! says `Filename: dists/<suite>/…`. (Sharing pieces between deployments would need a path without
//! the deployment's name in it; it would save the compression of the first publish only.)

use std::io::{self, Write as _};

use sha2::{Digest as _, Sha256};

use super::entry::Entry;

/// Changed when stanzas, cuts or packing change, so that no old piece is taken for a new one.
const FORMAT: &[u8] = b"migas-piece-1\n";

/// Mean number of entries of a piece is about this much: a power of two.
const MEAN_ENTRIES: u64 = 32;
/// A piece does not end before this many entries, and always after the next number: small pieces
/// compress badly, large ones are what a change costs.
const MIN_ENTRIES: usize = 16;
const MAX_ENTRIES: usize = 128;

/// zlib's level: 6 costs half of 9 for 1 % more bytes.
const GZIP_LEVEL: u32 = 6;
/// zstd's level: measured on stanzas, see `benches/`.
const ZSTD_LEVEL: i32 = 9;

/// Identity of a piece: follows from its entries and its scope, or from its text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PieceId(pub [u8; 32]);

impl std::fmt::Debug for PieceId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

/// How the bytes of an index are packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    Plain,
    Gzip,
    Zstd,
}

impl Form {
    /// All forms; which ones an index has is decided by its format.
    pub const ALL: [Form; 3] = [Form::Plain, Form::Gzip, Form::Zstd];

    /// Ending of the file name: empty, `.gz` or `.zst`.
    pub fn extension(self) -> &'static str {
        match self {
            Form::Plain => "",
            Form::Gzip => ".gz",
            Form::Zstd => ".zst",
        }
    }

    /// Short name for a column: `plain`, `gz` or `zst`.
    pub fn code(self) -> &'static str {
        match self {
            Form::Plain => "plain",
            Form::Gzip => "gz",
            Form::Zstd => "zst",
        }
    }
}

/// Lengths of a piece by form, in the order of [`Form::ALL`]; zero for a form that is not kept.
pub type Sizes = [u64; 3];

impl Form {
    /// Place of the form in [`Form::ALL`].
    pub fn place(self) -> usize {
        match self {
            Form::Plain => 0,
            Form::Gzip => 1,
            Form::Zstd => 2,
        }
    }

    /// The length of a piece in this form.
    pub fn size(self, sizes: &Sizes) -> u64 {
        sizes.get(self.place()).copied().unwrap_or_default()
    }
}

/// A piece that was just made, in the forms of its format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    pub id: PieceId,
    /// Bytes by form: as they are, one gzip member, one zstd frame.
    pub forms: Vec<(Form, Vec<u8>)>,
}

impl Piece {
    /// Bytes of one form; none for a form that is not kept.
    pub fn bytes(&self, form: Form) -> &[u8] {
        let found = self.forms.iter().find(|(kept, _)| *kept == form);
        found.map_or(&[], |(_, bytes)| bytes)
    }

    /// Lengths of all forms.
    pub fn sizes(&self) -> Sizes {
        Form::ALL.map(|form| self.bytes(form).len() as u64)
    }
}

/// Packs pieces one after the other, with the memory of one.
pub(super) struct Packer {
    zstd: zstd::bulk::Compressor<'static>,
}

impl Packer {
    pub(super) fn new() -> io::Result<Self> {
        let mut zstd = zstd::bulk::Compressor::new(ZSTD_LEVEL)?;
        zstd.include_checksum(false)?;
        Ok(Self { zstd })
    }

    pub(super) fn pack(
        &mut self,
        id: PieceId,
        forms: &[Form],
        plain: Vec<u8>,
    ) -> io::Result<Piece> {
        let mut packed = Vec::with_capacity(forms.len());
        for form in forms {
            let bytes = match form {
                Form::Plain => plain.clone(),
                Form::Gzip => gzip(&plain)?,
                Form::Zstd => self.zstd.compress(&plain)?,
            };
            packed.push((*form, bytes));
        }
        Ok(Piece { id, forms: packed })
    }
}

fn gzip(plain: &[u8]) -> io::Result<Vec<u8>> {
    let level = flate2::Compression::new(GZIP_LEVEL);
    let room = Vec::with_capacity(plain.len() / 3);
    let mut gzip = flate2::write::GzEncoder::new(room, level);
    gzip.write_all(plain)?;
    gzip.finish()
}

/// Cuts sorted entries into pieces.
pub(super) fn cut(entries: &[Entry]) -> impl Iterator<Item = &[Entry]> {
    let mut rest = entries;
    std::iter::from_fn(move || {
        let ends = |(at, entry): &(usize, &Entry)| {
            let count = at + 1;
            count >= MAX_ENTRIES || (count >= MIN_ENTRIES && ends_after(entry))
        };
        let end = rest.iter().enumerate().find(ends).map_or(rest.len(), |(at, _)| at + 1);
        let (piece, after) = rest.split_at_checked(end)?;
        rest = after;
        (!piece.is_empty()).then_some(piece)
    })
}

fn ends_after(entry: &Entry) -> bool {
    // FNV-1a, 64 bits: needs no secret, only to stay the same for ever.
    let bytes = entry.name.bytes().chain([0]).chain(entry.file_name.bytes());
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    (hash ^ (hash >> 32)) % MEAN_ENTRIES == 0
}

/// Names the piece of these entries in a scope.
pub(super) fn identify(scope: &str, entries: &[Entry]) -> PieceId {
    let mut digest = Sha256::new();
    digest.update(FORMAT);
    digest.update(scope.as_bytes());
    for entry in entries {
        digest.update(b"\n");
        digest.update(entry.sha256);
        digest.update(entry.file_name.as_bytes());
    }
    PieceId(digest.finalize().into())
}

/// Names a piece that is not made of entries.
pub(super) fn identify_text(text: &str) -> PieceId {
    let mut digest = Sha256::new();
    digest.update(FORMAT);
    // No scope contains a line end.
    digest.update(b"\ntext\n");
    digest.update(text);
    PieceId(digest.finalize().into())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn entries(count: usize) -> Vec<Entry> {
        let entry = |n: usize| Entry {
            metadata: None,
            name: format!("package-{n:05}"),
            architecture: "all".to_owned(),
            file_name: format!("package-{n:05}_1.0_all.deb"),
            sha256: Sha256::digest(n.to_le_bytes()).into(),
        };
        (0..count).map(entry).collect()
    }

    fn ids(entries: &[Entry]) -> BTreeSet<PieceId> {
        cut(entries).map(|piece| identify("s", piece)).collect()
    }

    #[test]
    fn one_entry_more_changes_a_piece_or_two() {
        let all = entries(5_000);
        let before = ids(&all);
        assert!((80..320).contains(&before.len()), "{} pieces", before.len());
        for at in (0..5_000).step_by(97) {
            let mut less = all.clone();
            less.remove(at);
            let changed = ids(&less).difference(&before).count();
            assert!(changed <= 4, "{changed} pieces changed without entry {at}");
        }
    }

    #[test]
    fn pieces_hold_every_entry_once_and_keep_their_bounds() {
        let all = entries(3_000);
        let joined: Vec<&Entry> = cut(&all).flatten().collect();
        assert_eq!(joined, all.iter().collect::<Vec<_>>());
        assert!(cut(&all).all(|piece| piece.len() <= MAX_ENTRIES));
        assert_eq!(cut(&[]).count(), 0);
    }

    #[test]
    fn the_scope_is_in_the_identity() {
        let all = entries(3);
        assert_ne!(identify("a", &all), identify("b", &all));
        assert_ne!(identify("a", &all), identify("a", &all[..2]));
    }
}
