//! What a build remembers: packages, pieces, the files of the generation, what was replaced.
//!
//! One file, rewritten whole and put in place by rename: a text, one thing a line, and after it the
//! packages as bytes. Anything that does not read as written by this version counts as no state at
//! all.
//!
//! ```text
//! migas-repository 5 apt files 7 <digest> <digest of the texts> <fingerprint>
//! t InRelease
//! o <replaced at> <generation> PKGS/0123456789abcdef/a_1.0_all.deb
//! i <form> <size> <sha256> <plain size> <plain sha256> <inode> <changed ns> <first>-<end>,… PKGS/…
//! m <parts> <state of the digest after them>        (of the index before it)
//! d <size> <changed ns> <inode>                     (of the folder of the payloads)
//! c <piece> <plain> <gzip> <zstd>
//! p <how many packages follow>                      (see `known.rs`)
//! ```

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;

use jiff::Timestamp;

use super::known::{KnownPackage, Stamp};
use super::scan::Scan;
use super::{FolderError, output};
use crate::publish::{
    Form, Format, Generation, IndexFile, Mark, Opened, Part, PieceId, Sizes, Text,
};

const FORMAT: &str = "migas-repository 5";

/// An index file as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WrittenIndex {
    pub file: IndexFile,
    pub stamp: Stamp,
}

/// A file no generation needs since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Retired {
    pub at_s: i64,
    /// The generation that no longer had it.
    pub generation: u64,
    /// Below the repository's folder.
    pub path: String,
}

/// Everything a build remembers.
#[derive(Debug, Clone)]
pub(super) struct State {
    pub format: Format,
    pub suite: String,
    pub generation: u64,
    /// Names the generation: [`Generation::digest`].
    pub digest: String,
    /// SHA-256 in hex of all texts.
    pub texts_digest: String,
    pub signed_by: String,
    /// Paths of the texts in the order of the generation.
    pub texts: Vec<String>,
    /// In the order of the indexes.
    pub packages: Vec<Arc<KnownPackage>>,
    pub indexes: Vec<WrittenIndex>,
    /// Of the folder of the payloads: who takes one away changes it.
    pub payloads: Stamp,
    pub retired: Vec<Retired>,
}

impl State {
    /// Nothing is known of the repository.
    pub(super) fn new(format: Format, suite: &str) -> Self {
        Self {
            format,
            suite: suite.to_owned(),
            generation: 0,
            digest: String::new(),
            texts_digest: String::new(),
            signed_by: String::new(),
            texts: Vec::new(),
            packages: Vec::new(),
            indexes: Vec::new(),
            payloads: Stamp::default(),
            retired: Vec::new(),
        }
    }

    /// Reads the state; `None` if there is none for this suite, or it is not ours.
    pub(super) fn load(path: &Path, suite: &str) -> Option<Self> {
        let state = Self::parse(&std::fs::read(path).ok()?)?;
        (state.suite == suite).then_some(state)
    }

    /// Puts the state in its place.
    pub(super) fn save(&self, path: &Path) -> Result<(), FolderError> {
        output::write_in_place(path, &self.print())
    }

    /// The state after a scan, before anything is published.
    pub(super) fn next(&self, scan: &Scan) -> Self {
        Self { packages: scan.packages.clone(), ..self.clone() }
    }

    /// Takes over a new generation and retires what `old` had and it has not.
    pub(super) fn publish(&mut self, generation: &Generation, old: &Self, now: Timestamp) {
        self.generation += 1;
        self.digest = generation.digest();
        self.texts_digest = digest_of_texts(&generation.texts);
        self.texts = generation.texts.iter().map(|text| text.path.clone()).collect();
        self.signed_by.clone_from(&generation.signed_by);
        let written =
            |file: &IndexFile| WrittenIndex { file: file.clone(), stamp: Stamp::default() };
        self.indexes = generation.files.iter().map(written).collect();
        let indexes: HashSet<String> = self.index_paths().collect();
        let mut gone: Vec<String> =
            old.index_paths().filter(|path| !indexes.contains(path)).collect();
        let withdrawn = old.without(self);
        if !withdrawn.is_empty() {
            // The same payload may stand in the folder under another path.
            let kept: HashSet<(&[u8; 32], &str)> =
                self.packages.iter().map(|package| package.payload()).collect();
            let withdrawn = withdrawn.iter().filter(|package| !kept.contains(&package.payload()));
            gone.extend(withdrawn.map(|package| self.payload_path(package)));
        }
        gone.sort_unstable();
        gone.dedup();
        // What comes back is no longer on its way out.
        let come = self.without(old).into_iter().map(|package| self.payload_path(package));
        let there: HashSet<String> = indexes.into_iter().chain(come).collect();
        self.retired.retain(|retired| !there.contains(&retired.path));
        let (at_s, generation) = (now.as_second(), self.generation);
        self.retired.extend(gone.into_iter().map(|path| Retired { at_s, generation, path }));
    }

    /// Packages that `other` has not; both are in the order of the indexes.
    pub(super) fn without(&self, other: &Self) -> Vec<&KnownPackage> {
        let mut others = other.packages.iter().peekable();
        let mut missing = Vec::new();
        for package in &self.packages {
            let is_before = |other: &&Arc<KnownPackage>| {
                !Arc::ptr_eq(other, package) && other.order(package, self.format).is_lt()
            };
            while others.next_if(is_before).is_some() {}
            let same =
                |other: &&Arc<KnownPackage>| Arc::ptr_eq(other, package) || *other == package;
            if others.next_if(same).is_none() {
                missing.push(&**package);
            }
        }
        missing
    }

    /// Paths of the indexes that no other content will ever have.
    fn index_paths(&self) -> impl Iterator<Item = String> + '_ {
        self.indexes
            .iter()
            .map(|index| self.format.index_path(&index.file.path, &index.file.sha256))
    }

    fn payload_path(&self, package: &KnownPackage) -> String {
        let (sha256, file_name) = package.payload();
        self.format.payload_path(sha256, file_name)
    }

    fn print(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.packages.len() * 256);
        bytes.extend_from_slice(self.head().as_bytes());
        for package in &self.packages {
            let start = bytes.len();
            // One that cannot be kept is missing when they are counted: the next run reads all.
            if package.print(&mut bytes).is_none() {
                bytes.truncate(start);
            }
        }
        bytes
    }

    /// The part that is text.
    fn head(&self) -> String {
        let mut text = String::new();
        let Self { suite, generation, digest, texts_digest, signed_by, .. } = self;
        let format = self.format.code();
        let _infallible = writeln!(
            text,
            "{FORMAT} {format} {suite} {generation} {digest} {texts_digest} {signed_by}"
        );
        for path in &self.texts {
            let _infallible = writeln!(text, "t {path}");
        }
        for Retired { at_s, generation, path } in &self.retired {
            let _infallible = writeln!(text, "o {at_s} {generation} {path}");
        }
        let (pieces, ranges) = self.pieces();
        for (WrittenIndex { file, stamp }, ranges) in self.indexes.iter().zip(ranges) {
            let IndexFile { path, form, size_bytes, sha256, open, .. } = file;
            let Stamp { inode, time_ns, .. } = stamp;
            let (form, sha256) = (form.code(), hex::encode(sha256));
            let (open_bytes, open) = match open {
                Some(Opened { size_bytes, sha256 }) => (*size_bytes, hex::encode(sha256)),
                None => (0, "-".to_owned()),
            };
            let _infallible = writeln!(
                text,
                "i {form} {size_bytes} {sha256} {open_bytes} {open} {inode} {time_ns} {ranges} {path}"
            );
            for Mark { parts, state } in &file.marks {
                let _infallible = writeln!(text, "m {parts} {}", hex::encode(state));
            }
        }
        let Stamp { size_bytes, time_ns, inode } = self.payloads;
        let _infallible = writeln!(text, "d {size_bytes} {time_ns} {inode}");
        for (id, [plain, gzip, zstd]) in pieces {
            let _infallible = writeln!(text, "c {} {plain} {gzip} {zstd}", hex::encode(id.0));
        }
        let _infallible = writeln!(text, "p {}", self.packages.len());
        text
    }

    /// Every piece once with its lengths, and for each index the ranges of pieces it consists of.
    fn pieces(&self) -> (Vec<(PieceId, Sizes)>, Vec<String>) {
        let mut pieces: Vec<(PieceId, Sizes)> = Vec::new();
        let mut places: HashMap<PieceId, usize> = HashMap::new();
        let mut all_ranges = Vec::new();
        for WrittenIndex { file, .. } in &self.indexes {
            let mut ranges: Vec<(usize, usize)> = Vec::new();
            for part in &file.parts {
                let at = *places.entry(part.piece).or_insert_with(|| {
                    pieces.push((part.piece, [0; 3]));
                    pieces.len() - 1
                });
                let which = file.form.place();
                if let Some(size) = pieces.get_mut(at).and_then(|(_, sizes)| sizes.get_mut(which)) {
                    *size = part.size_bytes;
                }
                match ranges.last_mut() {
                    Some((_, end)) if *end == at => *end += 1,
                    _ => ranges.push((at, at + 1)),
                }
            }
            let ranges: Vec<String> =
                ranges.iter().map(|(first, end)| format!("{first}-{end}")).collect();
            all_ranges.push(ranges.join(","));
        }
        (pieces, all_ranges)
    }

    fn parse(mut bytes: &[u8]) -> Option<Self> {
        let mut head = Words(line(&mut bytes)?.strip_prefix(FORMAT)?.strip_prefix(' ')?);
        let code = head.word()?;
        let format = Format::ALL.into_iter().find(|format| format.code() == code)?;
        let mut state = Self::new(format, head.word()?);
        state.generation = head.parse()?;
        state.digest = head.word()?.to_owned();
        state.texts_digest = head.word()?.to_owned();
        state.signed_by = head.rest()?.to_owned();
        let mut pieces: Vec<(PieceId, Sizes)> = Vec::new();
        let mut ranges: Vec<&str> = Vec::new();
        while !bytes.is_empty() {
            let (kind, rest) = line(&mut bytes)?.split_once(' ')?;
            let mut words = Words(rest);
            match kind {
                "t" => state.texts.push(words.rest()?.to_owned()),
                "o" => state.retired.push(Retired {
                    at_s: words.parse()?,
                    generation: words.parse()?,
                    path: words.rest()?.to_owned(),
                }),
                "i" => {
                    let code = words.word()?;
                    let form = Form::ALL.into_iter().find(|form| form.code() == code)?;
                    let (size_bytes, sha256) = (words.parse()?, words.bytes()?);
                    let (open_bytes, digest) = (words.parse()?, words.word()?);
                    let open = match digest {
                        "-" => None,
                        digest => {
                            let sha256 = Words(digest).bytes()?;
                            Some(Opened { size_bytes: open_bytes, sha256 })
                        }
                    };
                    let (inode, time_ns) = (words.parse()?, words.parse()?);
                    ranges.push(words.word()?);
                    let path = words.rest()?.to_owned();
                    let parts = Vec::new();
                    let marks = Vec::new();
                    let file = IndexFile { path, form, size_bytes, sha256, open, parts, marks };
                    let stamp = Stamp { size_bytes, time_ns, inode };
                    state.indexes.push(WrittenIndex { file, stamp });
                }
                "m" => {
                    let mark = Mark { parts: words.parse()?, state: words.bytes()? };
                    state.indexes.last_mut()?.file.marks.push(mark);
                }
                "d" => state.payloads = words.stamp()?,
                "c" => {
                    let id = PieceId(words.bytes()?);
                    pieces.push((id, [words.parse()?, words.parse()?, words.parse()?]));
                }
                "p" => {
                    let count = words.parse()?;
                    state.packages = packages(&mut bytes, count)?;
                }
                _ => return None,
            }
        }
        for (WrittenIndex { file, .. }, ranges) in state.indexes.iter_mut().zip(ranges) {
            let which = file.form.place();
            for range in ranges.split(',') {
                let (first, end) = range.split_once('-')?;
                for (id, sizes) in pieces.get(first.parse().ok()?..end.parse().ok()?)? {
                    file.parts.push(Part { piece: *id, size_bytes: *sizes.get(which)? });
                }
            }
            let sum: u64 = file.parts.iter().map(|part| part.size_bytes).sum();
            if sum != file.size_bytes {
                return None;
            }
        }
        Some(state)
    }
}

/// SHA-256 in hex of texts, one after the other.
pub(super) fn digest_of_texts(texts: &[Text]) -> String {
    use sha2::{Digest as _, Sha256};
    let mut digest = Sha256::new();
    texts.iter().for_each(|text| digest.update(&text.text));
    hex::encode(digest.finalize())
}

/// Takes a line of text off the front of `bytes`.
fn line<'b>(bytes: &mut &'b [u8]) -> Option<&'b str> {
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    let (line, rest) = bytes.split_at_checked(end)?;
    *bytes = rest.get(1..)?;
    std::str::from_utf8(line).ok()
}

/// Takes so many packages off the front of `bytes`.
fn packages(bytes: &mut &[u8], count: usize) -> Option<Vec<Arc<KnownPackage>>> {
    let mut packages = Vec::with_capacity(count.min(bytes.len()));
    for _ in 0..count {
        packages.push(Arc::new(KnownPackage::parse(bytes)?));
    }
    Some(packages)
}

/// Words of a line, separated by one blank.
struct Words<'a>(&'a str);

impl<'a> Words<'a> {
    fn word(&mut self) -> Option<&'a str> {
        let (word, rest) = self.0.split_once(' ').unwrap_or((self.0, ""));
        self.0 = rest;
        (!word.is_empty()).then_some(word)
    }

    fn parse<T: FromStr>(&mut self) -> Option<T> {
        self.word()?.parse().ok()
    }

    /// Hexadecimal digits.
    fn bytes<const N: usize>(&mut self) -> Option<[u8; N]> {
        let mut bytes = [0; N];
        hex::decode_to_slice(self.word()?, &mut bytes).ok()?;
        Some(bytes)
    }

    fn stamp(&mut self) -> Option<Stamp> {
        Some(Stamp { size_bytes: self.parse()?, time_ns: self.parse()?, inode: self.parse()? })
    }

    /// A path at the end of the line, which may contain blanks.
    fn rest(&mut self) -> Option<&'a str> {
        (!self.0.is_empty()).then(|| std::mem::take(&mut self.0))
    }
}
