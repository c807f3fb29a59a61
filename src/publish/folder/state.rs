//! What a build remembers: packages, pieces, the files of the generation, what was replaced.
//!
//! A text file, one thing a line, rewritten whole and put in place by rename. Anything that does
//! not read as written by this version counts as no state at all.
//!
//! ```text
//! migas-repository 1 files 7 <digest> <digest> <fingerprint>
//! o <replaced at> <generation> dists/files/PKGS/0123456789abcdef/a_1.0_all.deb
//! i <form> <size> <sha256> <inode> <changed ns> <first>-<end>,<first>-<end> PKGS/…/Packages
//! c <piece> <plain> <gzip> <zstd>
//! p <size> <time ns> <inode> <fragment> <sha256> <name> <version> <architecture> sub/a_1.0_all.deb
//! ```

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::path::Path;
use std::str::FromStr;

use jiff::Timestamp;

use super::scan::Scan;
use super::{FolderError, output};
use crate::publish::generation::{Generation, IndexFile, Part};
use crate::publish::{Entry, Form, PieceId, payload_path};

const FORMAT: &str = "migas-repository 1";

/// A file's identity on its file system: the same stamp means the same bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Stamp {
    pub size_bytes: u64,
    pub time_ns: i128,
    pub inode: u64,
}

/// A package that was read before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct KnownPackage {
    /// Below the folder of packages.
    pub path: String,
    pub stamp: Stamp,
    pub sha256: [u8; 32],
    pub name: String,
    pub version: String,
    pub architecture: String,
    /// Length of the stanza without `Filename`.
    pub fragment_bytes: u64,
}

impl KnownPackage {
    pub(super) fn file_name(&self) -> &str {
        self.path.rsplit_once('/').map_or(&self.path, |(_, name)| name)
    }

    pub(super) fn entry(&self) -> Entry {
        Entry {
            name: self.name.clone(),
            architecture: self.architecture.clone(),
            file_name: self.file_name().to_owned(),
            sha256: self.sha256,
        }
    }
}

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
    /// Below the output.
    pub path: String,
}

/// Everything a build remembers.
#[derive(Debug, Clone, Default)]
pub(super) struct State {
    pub suite: String,
    pub generation: u64,
    /// SHA-256 of `InRelease` in hex.
    pub digest: String,
    /// The same of `Release.gpg`.
    pub detached_digest: String,
    pub signed_by: String,
    pub packages: Vec<KnownPackage>,
    pub indexes: Vec<WrittenIndex>,
    pub retired: Vec<Retired>,
}

impl State {
    /// Reads the state; `None` if there is none for this suite, or it is not ours.
    pub(super) fn load(path: &Path, suite: &str) -> Option<Self> {
        let text = std::fs::read_to_string(path).ok()?;
        let state = Self::parse(&text)?;
        (state.suite == suite).then_some(state)
    }

    /// Puts the state in its place.
    pub(super) fn save(&self, path: &Path) -> Result<(), FolderError> {
        output::write_in_place(path, self.text().as_bytes())
    }

    /// The state after a scan, before anything is published.
    pub(super) fn next(&self, scan: &Scan) -> Self {
        Self { packages: scan.packages.clone(), ..self.clone() }
    }

    /// Takes over a new generation and retires what `old` had and it has not.
    pub(super) fn publish(&mut self, generation: &Generation, old: &Self, now: Timestamp) {
        use sha2::{Digest as _, Sha256};
        self.generation += 1;
        self.digest = hex::encode(Sha256::digest(&generation.in_release));
        self.detached_digest = hex::encode(Sha256::digest(&generation.release_gpg));
        self.signed_by.clone_from(&generation.signed_by);
        let written =
            |file: &IndexFile| WrittenIndex { file: file.clone(), stamp: Stamp::default() };
        self.indexes = generation.files.iter().map(written).collect();
        let kept: HashSet<String> = self.immutable_paths().collect();
        self.retired.retain(|retired| !kept.contains(&retired.path));
        let gone = old.immutable_paths().filter(|path| !kept.contains(path));
        let (at_s, generation) = (now.as_second(), self.generation);
        let gone: HashSet<String> = gone.collect();
        self.retired.extend(gone.into_iter().map(|path| Retired { at_s, generation, path }));
    }

    /// Paths below the output that name their content.
    fn immutable_paths(&self) -> impl Iterator<Item = String> + '_ {
        let suite = &self.suite;
        let indexes = self
            .indexes
            .iter()
            .map(move |index| format!("dists/{suite}/{}", index.file.by_hash_path()));
        let payloads = self.packages.iter();
        let payloads =
            payloads.map(move |package| payload_path(suite, &package.sha256, package.file_name()));
        indexes.chain(payloads)
    }

    fn text(&self) -> String {
        let mut text = String::with_capacity(self.packages.len() * 256);
        let Self { suite, generation, digest, detached_digest, signed_by, .. } = self;
        let _infallible =
            writeln!(text, "{FORMAT} {suite} {generation} {digest} {detached_digest} {signed_by}");
        for Retired { at_s, generation, path } in &self.retired {
            let _infallible = writeln!(text, "o {at_s} {generation} {path}");
        }
        let (pieces, ranges) = self.pieces();
        for (WrittenIndex { file, stamp }, ranges) in self.indexes.iter().zip(ranges) {
            let IndexFile { path, form, size_bytes, sha256, .. } = file;
            let Stamp { inode, time_ns, .. } = stamp;
            let (form, sha256) = (form.code(), hex::encode(sha256));
            let _infallible =
                writeln!(text, "i {form} {size_bytes} {sha256} {inode} {time_ns} {ranges} {path}");
        }
        for (id, [plain, gzip, zstd]) in pieces {
            let _infallible = writeln!(text, "c {} {plain} {gzip} {zstd}", hex::encode(id.0));
        }
        for package in &self.packages {
            let KnownPackage { path, stamp, sha256, name, version, architecture, fragment_bytes } =
                package;
            let Stamp { size_bytes, time_ns, inode } = stamp;
            let sha256 = hex::encode(sha256);
            let _infallible = writeln!(
                text,
                "p {size_bytes} {time_ns} {inode} {fragment_bytes} {sha256} {name} {version} \
                 {architecture} {path}"
            );
        }
        text
    }

    /// Every piece once with its lengths, and for each index the ranges of pieces it consists of.
    fn pieces(&self) -> (Vec<(PieceId, [u64; 3])>, Vec<String>) {
        let mut pieces: Vec<(PieceId, [u64; 3])> = Vec::new();
        let mut places: HashMap<PieceId, usize> = HashMap::new();
        let mut all_ranges = Vec::new();
        for WrittenIndex { file, .. } in &self.indexes {
            let mut ranges: Vec<(usize, usize)> = Vec::new();
            for part in &file.parts {
                let at = *places.entry(part.piece).or_insert_with(|| {
                    pieces.push((part.piece, [0; 3]));
                    pieces.len() - 1
                });
                let which = Form::ALL.iter().position(|form| *form == file.form).unwrap_or(0);
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

    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        let mut head = Words(lines.next()?.strip_prefix(FORMAT)?.strip_prefix(' ')?);
        let mut state = Self {
            suite: head.word()?.to_owned(),
            generation: head.parse()?,
            digest: head.word()?.to_owned(),
            detached_digest: head.word()?.to_owned(),
            signed_by: head.rest()?.to_owned(),
            ..Self::default()
        };
        let mut pieces: Vec<(PieceId, [u64; 3])> = Vec::new();
        let mut ranges: Vec<&str> = Vec::new();
        for line in lines {
            let (kind, rest) = line.split_once(' ')?;
            let mut words = Words(rest);
            match kind {
                "o" => state.retired.push(Retired {
                    at_s: words.parse()?,
                    generation: words.parse()?,
                    path: words.rest()?.to_owned(),
                }),
                "i" => {
                    let code = words.word()?;
                    let form = Form::ALL.into_iter().find(|form| form.code() == code)?;
                    let (size_bytes, sha256) = (words.parse()?, words.digest()?);
                    let (inode, time_ns) = (words.parse()?, words.parse()?);
                    ranges.push(words.word()?);
                    let path = words.rest()?.to_owned();
                    let parts = Vec::new();
                    let file = IndexFile { path, form, size_bytes, sha256, parts };
                    let stamp = Stamp { size_bytes, time_ns, inode };
                    state.indexes.push(WrittenIndex { file, stamp });
                }
                "c" => {
                    let id = PieceId(words.digest()?);
                    pieces.push((id, [words.parse()?, words.parse()?, words.parse()?]));
                }
                "p" => state.packages.push(KnownPackage {
                    stamp: Stamp {
                        size_bytes: words.parse()?,
                        time_ns: words.parse()?,
                        inode: words.parse()?,
                    },
                    fragment_bytes: words.parse()?,
                    sha256: words.digest()?,
                    name: words.word()?.to_owned(),
                    version: words.word()?.to_owned(),
                    architecture: words.word()?.to_owned(),
                    path: words.rest()?.to_owned(),
                }),
                _ => return None,
            }
        }
        for (WrittenIndex { file, .. }, ranges) in state.indexes.iter_mut().zip(ranges) {
            let which = Form::ALL.iter().position(|form| *form == file.form)?;
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

    fn digest(&mut self) -> Option<[u8; 32]> {
        let mut digest = [0; 32];
        hex::decode_to_slice(self.word()?, &mut digest).ok()?;
        Some(digest)
    }

    /// A path at the end of the line, which may contain blanks.
    fn rest(&mut self) -> Option<&'a str> {
        (!self.0.is_empty()).then(|| std::mem::take(&mut self.0))
    }
}
