//! The shelf of a static repository: pieces stand in the index files of the last build, new ones
//! in spools that become part of the next files.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read as _};
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use super::known::KnownPackage;
use super::output::{Output, Spool};
use super::scan::Scan;
use super::state::State;
use super::{FolderError, Places};
use crate::formats::{rpm, yum};
use crate::publish::{Entry, Form, Format, Generation, Piece, PieceId, Shelf, Sizes};

/// Why a stanza or a piece cannot be read or kept.
#[derive(Debug, thiserror::Error)]
pub enum FolderShelfError {
    #[error("the indexes cannot be read or written")]
    Io(#[from] io::Error),
    #[error("the stanza of {0} is not where the state says")]
    Stanza(String),
    #[error("a piece of an index is missing")]
    Piece,
}

/// Where some bytes are: one of the open files, from `offset` on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Location {
    /// Index into [`Locations::files`].
    pub file: usize,
    pub offset: u64,
    pub length: u64,
}

/// The place of a form that is not kept.
const NOWHERE: Location = Location { file: usize::MAX, offset: 0, length: 0 };

/// Open files and where the pieces are in them, by form in the order of [`Form::ALL`].
#[derive(Debug, Default)]
pub(super) struct Locations {
    pub files: Vec<File>,
    pub pieces: HashMap<PieceId, [Location; 3]>,
}

impl Locations {
    /// Where some pieces are, one after the other; neighbours count as one.
    pub(super) fn runs<'p>(
        &self,
        pieces: impl Iterator<Item = &'p PieceId>,
        form: Form,
    ) -> Result<Vec<Location>, FolderShelfError> {
        let mut runs: Vec<Location> = Vec::new();
        for piece in pieces {
            let places = self.pieces.get(piece);
            let place = places.and_then(|places| places.get(form.place()));
            let place = place.ok_or(FolderShelfError::Piece)?;
            match runs.last_mut() {
                Some(run) if run.file == place.file && run.offset + run.length == place.offset => {
                    run.length += place.length;
                }
                _ => runs.push(*place),
            }
        }
        Ok(runs)
    }
}

/// Places of stanzas by digest and file name of the payload.
type Stanzas<'a> = HashMap<(&'a [u8; 32], &'a str), Location>;

/// The shelf of one build.
pub(super) struct FolderShelf<'a> {
    locations: Locations,
    old: &'a State,
    scan: &'a Scan,
    fragments: Spool,
    /// Spools of new pieces, and their places in `locations.files`.
    spools: [(Spool, usize); 3],
    /// Stanzas in the old plain indexes; made when the first is asked for.
    stanzas: Option<Stanzas<'a>>,
    buffer: Vec<u8>,
    packages: &'a Path,
    /// Packages of the scan by payload; made when the first is asked for.
    known: Option<HashMap<(&'a [u8; 32], &'a str), &'a KnownPackage>>,
}

/// Bytes of a piece or a package that are read at once.
const READ_BYTES: usize = 256 * 1024;
/// What a stanza has more than its fragment and the path: `Filename: `, `/`, two line ends.
const FILENAME_BYTES: usize = 13;

/// Says whether a package is in the index of every architecture.
fn is_for_all(entry: &Entry) -> bool {
    entry.architecture == "all"
}

impl<'a> FolderShelf<'a> {
    /// Opens the indexes of the last build, and spools for new pieces.
    pub(super) fn new(
        places: &'a Places,
        output: &mut Output,
        old: &'a State,
        scan: &'a Scan,
        fragments: Spool,
        previous: Option<&Generation>,
    ) -> Result<Self, FolderError> {
        let mut locations = Locations::default();
        for file in previous.iter().flat_map(|previous| &previous.files) {
            let path = output.index(file);
            let opened = File::open(&path).map_err(FolderError::io(&path, "read"))?;
            locations.files.push(opened);
            let which = file.form.place();
            let mut offset = 0;
            for part in &file.parts {
                let places = locations.pieces.entry(part.piece).or_insert([NOWHERE; 3]);
                if let Some(place) = places.get_mut(which) {
                    let length = part.size_bytes;
                    *place = Location { file: locations.files.len() - 1, offset, length };
                }
                offset += part.size_bytes;
            }
        }
        let mut spool = |name| {
            let spool = output.spool(name)?;
            locations.files.push(spool.reader()?);
            Ok((spool, locations.files.len() - 1))
        };
        let spools = [spool("plain")?, spool("gzip")?, spool("zstd")?];
        let buffer = vec![0; READ_BYTES];
        let packages = &places.packages;
        let (stanzas, known) = (None, None);
        Ok(Self { locations, old, scan, fragments, spools, stanzas, buffer, packages, known })
    }

    /// Ends with what is needed to write the new index files.
    pub(super) fn into_locations(self) -> Locations {
        self.locations
    }

    /// Places of all stanzas in the old plain indexes. Within an index they stand in the order of
    /// the entries, first those for all architectures; the state knows their lengths.
    fn old_stanzas(&self) -> Stanzas<'a> {
        let mut packages: Vec<&KnownPackage> =
            self.old.packages.iter().map(|package| &**package).collect();
        packages.sort_by(|a, b| a.order(b, self.old.format));
        packages.dedup_by(|a, b| a.entry == b.entry);
        let mut places = HashMap::with_capacity(packages.len());
        let mut shared_bytes = 0;
        let (mut architecture, mut offset) = ("", 0);
        let mut index = None;
        // The path of every payload is as long as its file name, and this much more.
        let path = Format::Apt.payload_path(&[0; 32], "");
        let longer = Format::Apt.folder(&self.old.suite).len() + path.len() + FILENAME_BYTES;
        for package in packages {
            let entry = &package.entry;
            if architecture != entry.architecture {
                architecture = &entry.architecture;
                offset = shared_bytes;
                index = self.plain_index(entry);
            }
            let length = package.fragment_bytes;
            if let Some(file) = index {
                places.insert(package.payload(), Location { file, offset, length });
            }
            offset += length + (longer + entry.file_name.len()) as u64;
            if is_for_all(entry) {
                shared_bytes = offset;
            }
        }
        places
    }

    /// The first old plain index that holds the entry.
    fn plain_index(&self, entry: &Entry) -> Option<usize> {
        self.old.indexes.iter().position(|index| {
            let path = index.file.path.strip_suffix("/Packages");
            let found = path.and_then(|path| path.strip_prefix("PKGS/binary-"));
            found.is_some_and(|found| is_for_all(entry) || found == entry.architecture)
        })
    }

    fn read(&self, place: Location) -> Result<Vec<u8>, FolderShelfError> {
        let file = self.locations.files.get(place.file).ok_or(FolderShelfError::Piece)?;
        let length = usize::try_from(place.length).map_err(|_| FolderShelfError::Piece)?;
        let mut bytes = vec![0; length];
        file.read_exact_at(&mut bytes, place.offset)?;
        Ok(bytes)
    }

    /// The stanza of a package that an earlier build read, out of its plain indexes: it tells
    /// digests that the state does not have.
    fn stanza(&mut self, entry: &Entry) -> Option<String> {
        if self.stanzas.is_none() {
            self.stanzas = Some(self.old_stanzas());
        }
        let key = (&entry.sha256, entry.file_name.as_str());
        let place = self.stanzas.as_ref().and_then(|stanzas| stanzas.get(&key)).copied();
        // The same payload under another name has the same stanza.
        let place = place.or_else(|| {
            let mut stanzas = self.stanzas.iter().flatten();
            stanzas.find(|((sha256, _), _)| **sha256 == entry.sha256).map(|(_, place)| *place)
        })?;
        let text = String::from_utf8(self.read(place).ok()?).ok()?;
        let digest = format!("\nSHA256: {}\n", hex::encode(entry.sha256));
        let fits = text.contains(&digest) && text.ends_with('\n') && !text.contains("\n\n");
        fits.then_some(text)
    }

    /// The elements of a package that an earlier build read, out of its headers: they are at the
    /// beginning of the file, which is the one of the scan.
    fn elements(&mut self, entry: &Entry) -> Result<Option<String>, FolderShelfError> {
        let scan = self.scan;
        let known = self.known.get_or_insert_with(|| {
            scan.packages.iter().map(|package| (package.payload(), &**package)).collect()
        });
        let Some(package) = known.get(&(&entry.sha256, entry.file_name.as_str())) else {
            return Ok(None);
        };
        let mut file = File::open(self.packages.join(&package.path))?;
        let mut reader = rpm::Reader::default();
        while reader.headers().is_none() {
            let count = file.read(&mut self.buffer)?;
            let bytes = self.buffer.get(..count).unwrap_or_default();
            if bytes.is_empty() || reader.push(bytes).is_err() {
                return Ok(None);
            }
        }
        let elements =
            |read: &rpm::Package| yum::fragment(read, &entry.sha256, package.stamp.size_bytes);
        Ok(reader.headers().filter(|read| read.name == entry.name).map(elements))
    }
}

impl Shelf for FolderShelf<'_> {
    type Error = FolderShelfError;

    fn fragment(&mut self, entry: &Entry) -> Result<String, FolderShelfError> {
        let missing = || FolderShelfError::Stanza(entry.file_name.clone());
        if let Some((offset, length)) = self.scan.fragments.get(&entry.sha256) {
            let bytes = self.fragments.read(*offset, *length)?;
            return String::from_utf8(bytes).map_err(|_| missing());
        }
        match self.old.format {
            Format::Apt => self.stanza(entry).ok_or_else(missing),
            Format::Yum => self.elements(entry)?.ok_or_else(missing),
        }
    }

    fn find_piece(
        &mut self,
        id: PieceId,
        _forms: &[Form],
    ) -> Result<Option<Sizes>, FolderShelfError> {
        let places = self.locations.pieces.get(&id);
        Ok(places.map(|places| places.map(|place| place.length)))
    }

    fn put_piece(&mut self, piece: Piece) -> Result<(), FolderShelfError> {
        let mut places = [NOWHERE; 3];
        for ((place, form), (spool, file)) in places.iter_mut().zip(Form::ALL).zip(&mut self.spools)
        {
            let (offset, length) = spool.append(piece.bytes(form))?;
            *place = Location { file: *file, offset, length };
        }
        self.locations.pieces.insert(piece.id, places);
        Ok(())
    }

    /// Neighbours in a file are read together.
    fn read_pieces(
        &mut self,
        ids: &[PieceId],
        form: Form,
        sink: &mut dyn FnMut(&[u8]),
    ) -> Result<(), FolderShelfError> {
        for run in self.locations.runs(ids.iter(), form)? {
            let file = self.locations.files.get(run.file).ok_or(FolderShelfError::Piece)?;
            let (mut offset, mut left) = (run.offset, run.length);
            while left > 0 {
                let want = usize::try_from(left).unwrap_or(usize::MAX).min(self.buffer.len());
                let slice = self.buffer.get_mut(..want).unwrap_or_default();
                file.read_exact_at(slice, offset)?;
                sink(slice);
                offset += want as u64;
                left -= want as u64;
            }
        }
        Ok(())
    }
}
