//! From entries to a signed generation, whatever the format: pieces are found or made, indexes
//! assembled and hashed, their statement signed.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::io;

use jiff::Timestamp;
use rand::{CryptoRng, Rng};

use super::digesting::Digesting;
use super::entry::Entry;
use super::format::{Format, Group, Index, Layout, Run};
use super::generation::{Generation, IndexFile, Mark, Opened, Part};
use super::piece::{self, Form, Packer, PieceId, Sizes};
use super::shelf::Shelf;
use super::signer::Signer;
use crate::formats::openpgp::{OpenPgpError, SigningKey};
use crate::formats::sha256::Resumable;

/// Why a repository could not be published.
#[derive(Debug, thiserror::Error)]
pub enum PublishError<E: std::error::Error + 'static> {
    #[error("{0:?} cannot be the name of a repository")]
    Suite(String),
    #[error("the packages or indexes cannot be read or kept")]
    Shelf(#[source] E),
    #[error("{0} has no index entry of this format")]
    Fragment(String),
    #[error("an index cannot be compressed")]
    Compress(#[source] io::Error),
    #[error("a piece of an index cannot be unpacked")]
    Unpack(#[source] io::Error),
    #[error(transparent)]
    Sign(#[from] OpenPgpError),
}

/// What to publish it as.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    pub format: Format,
    /// Slug of the deployment: the name of the repository's folder, and of apt's suite.
    pub slug: &'a str,
    pub key: &'a SigningKey,
    /// When it is published, and signed.
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
/// neither read nor hashed again. One of another format has nothing in common.
///
/// # Errors
/// [`PublishError`]; nothing is visible then, though some pieces may have been kept.
pub fn publish<S: Shelf, R: Rng + CryptoRng>(
    shelf: &mut S,
    request: Request<'_>,
    mut random: R,
    entries: Vec<Entry>,
    previous: Option<&Generation>,
) -> Result<Outcome, PublishError<S::Error>> {
    let Request { format, slug, key, now } = request;
    let is_plain = slug.starts_with(|c: char| c.is_ascii_alphanumeric())
        && slug.chars().all(|c| c.is_ascii_alphanumeric() || "-._".contains(c));
    if !is_plain {
        return Err(PublishError::Suite(slug.to_owned()));
    }
    let layout = format.layout();
    let previous = previous.filter(|previous| previous.format == format);
    let mut entries = sorted(layout, entries);
    entries.dedup();
    let mut known = previous.map(piece_sizes).unwrap_or_default();
    let mut making = Making { shelf, layout, slug, packer: None, known: &mut known };
    let groups = making.groups(&entries)?;
    let mut indexes = Vec::new();
    for index in layout.indexes(&groups) {
        indexes.push(making.resolve(index, &groups)?);
    }
    let files = Vec::new();
    let assembling = Assembling { shelf, layout, known: &known, previous, files };
    let files = assembling.files(&indexes)?;
    let statement = layout.statement(slug, now, &groups, &files);
    let signed_by = key.fingerprint();
    let is_unchanged = |previous: &Generation| {
        previous.signed_by == signed_by
            && same_but_for_date(layout, previous.statement(), &statement)
    };
    if previous.is_some_and(is_unchanged) {
        return Ok(Outcome::Unchanged);
    }
    let texts = layout.sign(statement, &mut Signer { key, random: &mut random, now })?;
    Ok(Outcome::Published(Generation { format, texts, signed_by, files }))
}

/// Puts entries in the order of the layout.
fn sorted(layout: &dyn Layout, entries: Vec<Entry>) -> Vec<Entry> {
    let ranked = entries.iter().enumerate().map(|(place, entry)| (layout.rank(entry), place));
    let mut ranked: Vec<(u128, usize)> = ranked.collect();
    // Callers keep entries in order, more or less: a stable sort sees the runs.
    ranked.sort_by(|(a_rank, a), (b_rank, b)| {
        let full = || entries.get(*a).zip(entries.get(*b)).map(|(a, b)| layout.order(a, b));
        a_rank.cmp(b_rank).then_with(|| full().unwrap_or(Ordering::Equal))
    });
    let mut entries: Vec<Option<Entry>> = entries.into_iter().map(Some).collect();
    ranked.into_iter().filter_map(|(_, place)| entries.get_mut(place)?.take()).collect()
}

fn same_but_for_date(layout: &dyn Layout, a: &str, b: &str) -> bool {
    let lines = |text: &'_ str| -> Vec<String> {
        text.lines().filter(|line| !layout.is_date(line)).map(str::to_owned).collect()
    };
    lines(a) == lines(b)
}

/// The lengths of pieces that are known to exist, in the forms in which they are.
type KnownPieces = HashMap<PieceId, [Option<u64>; 3]>;

/// The pieces of a generation.
fn piece_sizes(generation: &Generation) -> KnownPieces {
    let mut known = KnownPieces::new();
    for file in &generation.files {
        for part in &file.parts {
            let sizes = known.entry(part.piece).or_default();
            if let Some(size) = sizes.get_mut(file.form.place()) {
                *size = Some(part.size_bytes);
            }
        }
    }
    known
}

/// The length of a piece in a form, if it is known.
fn known_size(known: &KnownPieces, id: PieceId, form: Form) -> Option<u64> {
    known.get(&id)?.get(form.place()).copied().flatten()
}

/// Finds or makes pieces.
struct Making<'a, S> {
    shelf: &'a mut S,
    layout: &'static dyn Layout,
    slug: &'a str,
    /// Made for the first piece that must be packed; most publishes of no change need none.
    packer: Option<Packer>,
    known: &'a mut KnownPieces,
}

/// An index whose pieces exist.
struct Resolved {
    stem: String,
    forms: &'static [Form],
    /// What it begins with is shared with other indexes; empty if it is not.
    shared: Vec<PieceId>,
    own: Vec<PieceId>,
}

impl<S: Shelf> Making<'_, S> {
    /// Cuts sorted entries into groups and these into pieces.
    fn groups(&mut self, entries: &[Entry]) -> Result<Vec<Group>, PublishError<S::Error>> {
        let layout = self.layout;
        let mut groups = Vec::new();
        for entries in entries.chunk_by(|a, b| layout.group(a) == layout.group(b)) {
            let name = entries.first().map_or("", |first| layout.group(first)).to_owned();
            let tables = layout.tables(&name);
            let scopes: Vec<String> =
                tables.iter().map(|table| layout.scope(self.slug, table)).collect();
            let forms = layout.forms(&name);
            let mut pieces = vec![Vec::new(); tables.len()];
            for piece in piece::cut(entries) {
                let ids = self.pieces(piece, &scopes, forms)?;
                pieces.iter_mut().zip(ids).for_each(|(table, id)| table.push(id));
            }
            groups.push(Group { name, count: entries.len(), pieces });
        }
        Ok(groups)
    }

    /// The pieces of some neighbours, one for each table.
    fn pieces(
        &mut self,
        entries: &[Entry],
        scopes: &[String],
        forms: &[Form],
    ) -> Result<Vec<PieceId>, PublishError<S::Error>> {
        let ids: Vec<PieceId> =
            scopes.iter().map(|scope| piece::identify(scope, entries)).collect();
        let mut is_whole = true;
        for id in &ids {
            is_whole &= self.find(*id, forms)?;
        }
        if is_whole {
            return Ok(ids);
        }
        let mut plain = vec![Vec::new(); ids.len()];
        for entry in entries {
            let fragment = self.shelf.fragment(entry).map_err(PublishError::Shelf)?;
            if !self.layout.write(self.slug, entry, &fragment, &mut plain) {
                return Err(PublishError::Fragment(entry.file_name.clone()));
            }
        }
        for (id, plain) in ids.iter().zip(plain) {
            self.make(*id, forms, plain)?;
        }
        Ok(ids)
    }

    /// Says whether a piece is known in all of these forms.
    fn is_known(&self, id: PieceId, forms: &[Form]) -> bool {
        forms.iter().all(|form| known_size(self.known, id, *form).is_some())
    }

    /// From here on a piece is known in these forms.
    fn know(&mut self, id: PieceId, forms: &[Form], sizes: &Sizes) {
        let known = self.known.entry(id).or_default();
        for form in forms {
            if let Some(size) = known.get_mut(form.place()) {
                *size = Some(form.size(sizes));
            }
        }
    }

    /// Says whether a piece exists in all of these forms.
    fn find(&mut self, id: PieceId, forms: &[Form]) -> Result<bool, PublishError<S::Error>> {
        if self.is_known(id, forms) {
            return Ok(true);
        }
        let found = self.shelf.find_piece(id, forms).map_err(PublishError::Shelf)?;
        if let Some(sizes) = &found {
            self.know(id, forms, sizes);
        }
        Ok(found.is_some())
    }

    /// Packs a piece and keeps it.
    fn make(
        &mut self,
        id: PieceId,
        forms: &[Form],
        plain: Vec<u8>,
    ) -> Result<(), PublishError<S::Error>> {
        if self.is_known(id, forms) {
            return Ok(());
        }
        let packer = match &mut self.packer {
            Some(packer) => packer,
            none => none.insert(Packer::new().map_err(PublishError::Compress)?),
        };
        let piece = packer.pack(id, forms, plain).map_err(PublishError::Compress)?;
        self.know(id, forms, &piece.sizes());
        self.shelf.put_piece(piece).map_err(PublishError::Shelf)
    }

    /// Finds or makes what an index consists of.
    fn resolve(
        &mut self,
        index: Index,
        groups: &[Group],
    ) -> Result<Resolved, PublishError<S::Error>> {
        let Index { stem, forms, runs } = index;
        let mut resolved = Resolved { stem, forms, shared: Vec::new(), own: Vec::new() };
        let last = runs.len().saturating_sub(1);
        for (at, run) in runs.into_iter().enumerate() {
            match run {
                Run::Text(text) => {
                    let id = piece::identify_text(&text);
                    if !self.find(id, forms)? {
                        self.make(id, forms, text.into_bytes())?;
                    }
                    resolved.own.push(id);
                }
                Run::Pieces { group, table } => {
                    let pieces = groups.get(group).and_then(|group| group.pieces.get(table));
                    let is_shared = at == 0 && last > 0;
                    let target = if is_shared { &mut resolved.shared } else { &mut resolved.own };
                    target.extend(pieces.into_iter().flatten());
                }
            }
        }
        Ok(resolved)
    }
}

/// A digest is put aside after each so many parts of a file, and where what it shares ends.
const MARK_PARTS: usize = 16;

/// The digest of a file, and its marks.
type Hashed = ([u8; 32], Vec<Mark>);

/// Assembles index files out of pieces.
struct Assembling<'a, S> {
    shelf: &'a mut S,
    layout: &'static dyn Layout,
    known: &'a KnownPieces,
    previous: Option<&'a Generation>,
    files: Vec<IndexFile>,
}

impl<S: Shelf> Assembling<'_, S> {
    /// Every index of the repository in all its forms.
    fn files(mut self, indexes: &[Resolved]) -> Result<Vec<IndexFile>, PublishError<S::Error>> {
        for index in indexes {
            for form in index.forms {
                let file = self.file(index, *form)?;
                self.files.push(file);
            }
        }
        Ok(self.files)
    }

    fn file(&mut self, index: &Resolved, form: Form) -> Result<IndexFile, PublishError<S::Error>> {
        let path = format!("{}{}", index.stem, form.extension());
        let part = |id: &PieceId| {
            let size_bytes = known_size(self.known, *id, form).unwrap_or_default();
            Part { piece: *id, size_bytes }
        };
        let parts: Vec<Part> = index.shared.iter().chain(&index.own).map(part).collect();
        let size_bytes = parts.iter().map(|part| part.size_bytes).sum();
        let same = |file: &&IndexFile| file.path == path && file.parts == parts;
        let old = self.previous.and_then(|previous| previous.files.iter().find(same));
        let (sha256, open, marks) = match old {
            Some(old) => (old.sha256, old.open, old.marks.clone()),
            None if self.layout.tells_open_digests() && form != Form::Plain => {
                let (sha256, open) = self.digest_and_open(form, &parts)?;
                (sha256, Some(open), Vec::new())
            }
            None => {
                let (sha256, marks) = self.digest(form, &parts, index.shared.len())?;
                (sha256, None, marks)
            }
        };
        Ok(IndexFile { path, form, size_bytes, sha256, open, parts, marks })
    }

    /// Hashes a file and its plain form. Such a file begins with the number of its packages, so
    /// that nothing it begins with is ever known.
    fn digest_and_open(
        &mut self,
        form: Form,
        parts: &[Part],
    ) -> Result<([u8; 32], Opened), PublishError<S::Error>> {
        let mut digesting = Digesting::default();
        let pieces: Vec<PieceId> = parts.iter().map(|part| part.piece).collect();
        for run in pieces.chunks(MARK_PARTS) {
            let read = self.shelf.read_pieces(run, form, &mut |bytes| digesting.update(bytes));
            read.map_err(PublishError::Shelf)?;
        }
        digesting.finish().map_err(PublishError::Unpack)
    }

    /// Hashes a file from the last mark on that a file of the previous generation, or one that was
    /// just assembled, has in what it begins with.
    fn digest(
        &mut self,
        form: Form,
        parts: &[Part],
        shared: usize,
    ) -> Result<Hashed, PublishError<S::Error>> {
        let is_mark = |at: usize| at.is_multiple_of(MARK_PARTS) || at == shared;
        let mut marks = self.marks(form, parts);
        let mut at = marks.last().map_or(0, |mark| mark.parts);
        let size_bytes = parts.iter().take(at).map(|part| part.size_bytes).sum();
        let mut digest = match marks.last() {
            Some(mark) => Resumable::resume(&mark.state, size_bytes),
            None => Resumable::default(),
        };
        // Where another file's shared part ended, this one need not have a mark.
        marks.retain(|mark| is_mark(mark.parts));
        while at < parts.len() {
            let end = (at + 1..parts.len()).find(|at| is_mark(*at)).unwrap_or(parts.len());
            let run = parts.get(at..end).unwrap_or_default();
            let run: Vec<PieceId> = run.iter().map(|part| part.piece).collect();
            let read = self.shelf.read_pieces(&run, form, &mut |bytes| digest.update(bytes));
            read.map_err(PublishError::Shelf)?;
            at = end;
            if is_mark(at) {
                marks.push(Mark { parts: at, state: digest.store() });
            }
        }
        Ok((digest.finish(), marks))
    }

    /// The most marks that a known file has among the parts with which this one begins, too.
    fn marks(&self, form: Form, parts: &[Part]) -> Vec<Mark> {
        let before = self.previous.iter().flat_map(|previous| &previous.files);
        let known = before.chain(&self.files).filter(|file| file.form == form);
        let usable = known.map(|file| {
            let same = file.parts.iter().zip(parts).take_while(|(a, b)| a == b).count();
            let usable = file.marks.partition_point(|mark| mark.parts <= same);
            file.marks.get(..usable).unwrap_or_default()
        });
        let reach = |marks: &&[Mark]| marks.last().map(|mark| mark.parts);
        usable.max_by_key(reach).unwrap_or_default().to_vec()
    }
}

#[cfg(test)]
mod tests;
