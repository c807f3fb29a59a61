//! Publishes a repository for apt (D-REPO-03).

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io;

use jiff::Timestamp;
use rand::{CryptoRng, Rng};
use sha2::{Digest as _, Sha256};

use super::entry::{Entry, payload_path};
use super::generation::{Generation, IndexFile, Part};
use super::piece::{self, Form, Packer, PieceId};
use super::shelf::Shelf;
use crate::formats::apt::{IndexDigest, Release, write_entry};
use crate::formats::openpgp::{OpenPgpError, SigningKey};

/// The one component of every repository.
const COMPONENT: &str = "PKGS";
/// Architectures that always have an index.
const ALWAYS: [&str; 2] = ["amd64", "i386"];
/// Origin and Label of every repository. apt refuses an update when they change, so they depend
/// on nothing.
const ORIGIN: &str = "migas";

/// Why a repository could not be published.
#[derive(Debug, thiserror::Error)]
pub enum PublishError<E: std::error::Error + 'static> {
    #[error("{0:?} cannot be the name of a repository")]
    Suite(String),
    #[error("the packages or indexes cannot be read or kept")]
    Shelf(#[source] E),
    #[error("an index cannot be compressed")]
    Compress(#[source] io::Error),
    #[error(transparent)]
    Sign(#[from] OpenPgpError),
}

/// What to publish it as.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// Slug of the deployment: `Suite`, `Codename` and the folder below `dists/`.
    pub suite: &'a str,
    pub key: &'a SigningKey,
    /// `Date` of the release and time of its signatures.
    pub now: Timestamp,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The previous generation says the same and is signed by the same key: keep it.
    Unchanged,
    /// Store it and switch.
    Published(Generation),
}

/// Computes the generation that holds `entries`, in any order.
///
/// `previous` is the one being served, if there is one: what it has in common with the new one is
/// neither read nor hashed again.
///
/// # Errors
/// [`PublishError`]; nothing is visible then, though some pieces may have been kept.
pub fn publish<S: Shelf, R: Rng + CryptoRng>(
    shelf: &mut S,
    request: Request<'_>,
    mut random: R,
    mut entries: Vec<Entry>,
    previous: Option<&Generation>,
) -> Result<Outcome, PublishError<S::Error>> {
    let suite = request.suite;
    let is_plain = suite.starts_with(|c: char| c.is_ascii_alphanumeric())
        && suite.chars().all(|c| c.is_ascii_alphanumeric() || "-._".contains(c));
    if !is_plain {
        return Err(PublishError::Suite(suite.to_owned()));
    }
    // Callers keep entries in this order, more or less: a stable sort sees the runs.
    entries.sort_by(Entry::order);
    entries.dedup();
    let mut known = previous.map(piece_sizes).unwrap_or_default();
    let groups = {
        let mut making = Making { shelf, suite, packer: None, known: &mut known };
        let mut groups: BTreeMap<String, Vec<PieceId>> = BTreeMap::new();
        for group in entries.chunk_by(|a, b| a.architecture == b.architecture) {
            if let Some(first) = group.first() {
                groups.insert(first.architecture.clone(), making.pieces(group)?);
            }
        }
        making.piece(&[])?;
        groups
    };
    let own = groups.keys().filter(|name| *name != "all").cloned();
    let architectures: BTreeSet<String> = own.chain(ALWAYS.map(str::to_owned)).collect();
    let architectures: Vec<String> = architectures.into_iter().collect();
    let indexes = Indexes { shelf, known: &known, previous, all_states: [None, None, None] };
    let files = indexes.files(suite, &architectures, &groups)?;
    let release = |date| {
        let index = |file: &IndexFile| (file.path.clone(), file.size_bytes, file.sha256);
        let named: Vec<_> = files.iter().map(index).collect();
        let indexes = named
            .iter()
            .map(|(path, size_bytes, sha256)| IndexDigest {
                path,
                size_bytes: *size_bytes,
                sha256: *sha256,
            })
            .collect();
        let component = COMPONENT;
        let architectures = &architectures;
        Release { origin: ORIGIN, label: ORIGIN, suite, date, architectures, component, indexes }
            .text()
    };
    let text = release(request.now);
    let signed_by = request.key.fingerprint();
    let is_unchanged = |previous: &&Generation| {
        previous.signed_by == signed_by && same_but_for_date(&previous.release, &text)
    };
    if previous.is_some_and(|previous| is_unchanged(&previous)) {
        return Ok(Outcome::Unchanged);
    }
    let in_release = request.key.clear_sign(&mut random, &text, request.now)?;
    let release_gpg = request.key.sign_detached(&mut random, text.as_bytes(), request.now)?;
    Ok(Outcome::Published(Generation { release: text, in_release, release_gpg, signed_by, files }))
}

fn same_but_for_date(a: &str, b: &str) -> bool {
    fn without_date(text: &str) -> impl Iterator<Item = &str> {
        text.lines().filter(|line| !line.starts_with("Date: "))
    }
    without_date(a).eq(without_date(b))
}

/// The pieces of a generation that exist in every form, with their lengths.
fn piece_sizes(generation: &Generation) -> HashMap<PieceId, [u64; 3]> {
    let mut known: HashMap<PieceId, [Option<u64>; 3]> = HashMap::new();
    for file in &generation.files {
        let which = Form::ALL.iter().position(|form| *form == file.form).unwrap_or(0);
        for part in &file.parts {
            let sizes = known.entry(part.piece).or_default();
            if let Some(size) = sizes.get_mut(which) {
                *size = Some(part.size_bytes);
            }
        }
    }
    let whole = |(id, sizes): (PieceId, [Option<u64>; 3])| match sizes {
        [Some(plain), Some(gzip), Some(zstd)] => Some((id, [plain, gzip, zstd])),
        _ => None,
    };
    known.into_iter().filter_map(whole).collect()
}

/// Finds or makes pieces.
struct Making<'a, S> {
    shelf: &'a mut S,
    suite: &'a str,
    /// Made for the first piece that must be packed; most publishes of no change need none.
    packer: Option<Packer>,
    known: &'a mut HashMap<PieceId, [u64; 3]>,
}

impl<S: Shelf> Making<'_, S> {
    fn pieces(&mut self, group: &[Entry]) -> Result<Vec<PieceId>, PublishError<S::Error>> {
        piece::cut(group).map(|entries| self.piece(entries)).collect()
    }

    fn piece(&mut self, entries: &[Entry]) -> Result<PieceId, PublishError<S::Error>> {
        let id = piece::identify(self.suite, entries);
        if self.known.contains_key(&id) {
            return Ok(id);
        }
        if let Some(sizes) = self.shelf.find_piece(id).map_err(PublishError::Shelf)? {
            self.known.insert(id, sizes);
            return Ok(id);
        }
        let mut plain = Vec::new();
        for entry in entries {
            let fragment = self.shelf.stanza(entry).map_err(PublishError::Shelf)?;
            let path = payload_path(self.suite, &entry.sha256, &entry.file_name);
            write_entry(&fragment, &path, &mut plain);
        }
        let packer = match &mut self.packer {
            Some(packer) => packer,
            none => none.insert(Packer::new().map_err(PublishError::Compress)?),
        };
        let piece = packer.pack(id, plain).map_err(PublishError::Compress)?;
        self.known.insert(id, piece.sizes());
        self.shelf.put_piece(piece).map_err(PublishError::Shelf)?;
        Ok(id)
    }
}

/// Assembles index files out of pieces.
struct Indexes<'a, S> {
    shelf: &'a mut S,
    known: &'a HashMap<PieceId, [u64; 3]>,
    previous: Option<&'a Generation>,
    /// Digest of the `all` pieces by form, computed when first needed.
    all_states: [Option<Sha256>; 3],
}

impl<S: Shelf> Indexes<'_, S> {
    /// Every index of the repository.
    fn files(
        mut self,
        suite: &str,
        architectures: &[String],
        groups: &BTreeMap<String, Vec<PieceId>>,
    ) -> Result<Vec<IndexFile>, PublishError<S::Error>> {
        let all = groups.get("all").map_or(&[][..], Vec::as_slice);
        let empty = [piece::identify(suite, &[])];
        let mut files = Vec::new();
        for architecture in architectures {
            let own = groups.get(architecture).map_or(&[][..], Vec::as_slice);
            let stem = format!("{COMPONENT}/binary-{architecture}/Packages");
            match (all, own) {
                ([], []) => self.index(&stem, &[], &empty, &mut files)?,
                (all, own) => self.index(&stem, all, own, &mut files)?,
            }
        }
        self.index(&format!("{COMPONENT}/source/Sources"), &[], &empty, &mut files)?;
        Ok(files)
    }

    /// One index in all its forms; `all` stands before `own`.
    fn index(
        &mut self,
        stem: &str,
        all: &[PieceId],
        own: &[PieceId],
        files: &mut Vec<IndexFile>,
    ) -> Result<(), PublishError<S::Error>> {
        for (which, form) in Form::ALL.into_iter().enumerate() {
            let path = format!("{stem}{}", form.extension());
            let part = |id: &PieceId| {
                let sizes = self.known.get(id).and_then(|sizes| sizes.get(which));
                Part { piece: *id, size_bytes: sizes.copied().unwrap_or_default() }
            };
            let parts: Vec<Part> = all.iter().chain(own).map(part).collect();
            let size_bytes = parts.iter().map(|part| part.size_bytes).sum();
            let same = |file: &&IndexFile| file.path == path && file.parts == parts;
            let old = self.previous.and_then(|previous| previous.files.iter().find(same));
            let sha256 = match old {
                Some(old) => old.sha256,
                None => self.digest(form, which, all, own)?,
            };
            files.push(IndexFile { path, form, size_bytes, sha256, parts });
        }
        Ok(())
    }

    fn digest(
        &mut self,
        form: Form,
        which: usize,
        all: &[PieceId],
        own: &[PieceId],
    ) -> Result<[u8; 32], PublishError<S::Error>> {
        let shared = match self.all_states.get(which) {
            Some(Some(state)) if !all.is_empty() => state.clone(),
            _ => {
                let mut state = Sha256::new();
                self.feed(&mut state, form, all)?;
                if let Some(slot) = self.all_states.get_mut(which).filter(|_| !all.is_empty()) {
                    *slot = Some(state.clone());
                }
                state
            }
        };
        let mut state = shared;
        self.feed(&mut state, form, own)?;
        Ok(state.finalize().into())
    }

    fn feed(
        &mut self,
        state: &mut Sha256,
        form: Form,
        pieces: &[PieceId],
    ) -> Result<(), PublishError<S::Error>> {
        for id in pieces {
            let fed = self.shelf.read_piece(*id, form, &mut |bytes| state.update(bytes));
            fed.map_err(PublishError::Shelf)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
