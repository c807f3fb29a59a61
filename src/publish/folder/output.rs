//! The files of a static repository: read, written by rename, dropped when nobody needs them.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, Write as _};
use std::os::unix::fs::{FileExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use super::known::{KnownPackage, Stamp};
use super::shelf::Locations;
use super::state::{State, WrittenIndex, digest_of_texts};
use super::{FolderError, FolderShelfError};
use crate::publish::{Format, Generation, IndexFile, Text};

/// What a client may still be reading stays this long.
const KEPT_SECONDS: i64 = 24 * 3600;
/// The folder of the payloads, in every format.
const PAYLOADS: &str = "PKGS";

/// The tree below one output directory, for one suite.
pub(super) struct Output {
    format: Format,
    /// The repository's own, such as `dists/<suite>`.
    folder: PathBuf,
    /// For unfinished files, on the file system of the finished ones.
    scratch: PathBuf,
}

impl Output {
    pub(super) fn open(out: &Path, format: Format, suite: &str) -> Result<Self, FolderError> {
        let folder = out.join(format.folder(suite));
        let scratch = folder.join(".new");
        // What a killed build left; its lock is gone, so nobody is writing there.
        match std::fs::remove_dir_all(&scratch) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(FolderError::io(&scratch, "removed")(error));
            }
            _ => {}
        }
        std::fs::create_dir_all(&scratch).map_err(FolderError::io(&scratch, "made"))?;
        Ok(Self { format, folder, scratch })
    }

    /// The path of an index that clients know.
    pub(super) fn index(&self, file: &IndexFile) -> PathBuf {
        self.path(&index_name(self.format, file))
    }

    /// A file below the repository's folder.
    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub(super) fn spool(&self, name: &str) -> Result<Spool, FolderError> {
        Spool::new(self.scratch.join(name))
    }

    /// Says whether every index is what the last build wrote: by its stamp, else by its digest.
    pub(super) fn still_holds(&self, state: &State) -> bool {
        state.indexes.iter().all(|index| {
            let path = self.path(&index_name(self.format, &index.file));
            let by_content = self.path(&self.index_path(&index.file));
            let Ok(metadata) = path.metadata() else { return false };
            by_content.exists()
                && (Stamp::changed(&metadata) == index.stamp
                    || digest_of(&path).is_ok_and(|digest| digest == index.file.sha256))
        })
    }

    /// The path of an index that no other content will ever have.
    fn index_path(&self, file: &IndexFile) -> String {
        self.format.index_path(&file.path, &file.sha256)
    }

    /// The generation being served, as far as its files are whole. Its texts are left out if they
    /// are not those of the state, so that they are made again.
    pub(super) fn generation(&self, state: &State) -> Option<Generation> {
        if state.indexes.is_empty() {
            return None;
        }
        let read = |path: &String| {
            let text = std::fs::read_to_string(self.path(path)).ok()?;
            Some(Text { path: path.clone(), text })
        };
        let texts: Vec<Text> = state.texts.iter().filter_map(read).collect();
        let is_whole = digest_of_texts(&texts) == state.texts_digest;
        Some(Generation {
            format: self.format,
            texts: if is_whole { texts } else { Vec::new() },
            signed_by: state.signed_by.clone(),
            files: state.indexes.iter().map(|index| index.file.clone()).collect(),
        })
    }

    /// Puts the payloads of `next` in place that `old` did not have, or whose folder was lost.
    pub(super) fn link_payloads(
        &self,
        packages: &Path,
        next: &State,
        old: &State,
    ) -> Result<(), FolderError> {
        let folder = self.path(PAYLOADS);
        std::fs::create_dir_all(&folder).map_err(FolderError::io(&folder, "made"))?;
        let metadata = folder.metadata().map_err(FolderError::io(&folder, "read"))?;
        let mut absent = next.without(old);
        // Nothing came or went since the last build: what it linked is there.
        if Stamp::changed(&metadata) != old.payloads {
            absent.extend(self.without_folder(&folder, next)?);
        }
        for package in absent {
            let (sha256, file_name) = package.payload();
            let to = self.path(&self.format.payload_path(sha256, file_name));
            let from = packages.join(&package.path);
            if let Some(folder) = to.parent() {
                std::fs::create_dir_all(folder).map_err(FolderError::io(folder, "made"))?;
            }
            self.place(&from, &to)?;
        }
        Ok(())
    }

    /// Packages whose payload has no folder: one listing instead of a question for each.
    fn without_folder<'s>(
        &self,
        folder: &Path,
        state: &'s State,
    ) -> Result<Vec<&'s KnownPackage>, FolderError> {
        let listing = std::fs::read_dir(folder).map_err(FolderError::io(folder, "read"))?;
        let there: HashSet<std::ffi::OsString> =
            listing.filter_map(|entry| entry.ok().map(|entry| entry.file_name())).collect();
        let has_none = |package: &&KnownPackage| {
            let (sha256, file_name) = package.payload();
            let path = self.format.payload_path(sha256, file_name);
            let mut names = path.split('/').skip(1);
            names.next().is_none_or(|digits| !there.contains(std::ffi::OsStr::new(digits)))
        };
        Ok(state.packages.iter().map(|package| &**package).filter(has_none).collect())
    }

    /// Makes `to` a link to `from`, or a copy that appears whole.
    fn place(&self, from: &Path, to: &Path) -> Result<(), FolderError> {
        // A symbolic link would lead out of the repository: what it names is what is linked.
        let is_link = std::fs::symlink_metadata(from).is_ok_and(|found| found.is_symlink());
        if !is_link && std::fs::hard_link(from, to).is_ok() {
            return Ok(());
        }
        let scratch = self.scratch.join("place");
        link_or_copy(from, &scratch).map_err(FolderError::io(from, "linked or copied"))?;
        std::fs::rename(&scratch, to).map_err(FolderError::io(to, "written"))?;
        // Renaming one hard link of a file over another does nothing and keeps both.
        let _absent_already = std::fs::remove_file(&scratch);
        Ok(())
    }

    /// Writes a generation; files that `previous` has too stay as they are.
    pub(super) fn write(
        &self,
        generation: &Generation,
        locations: &Locations,
        previous: Option<&Generation>,
    ) -> Result<(), FolderError> {
        let same = |file: &IndexFile| {
            let mut old = previous.iter().flat_map(|previous| &previous.files);
            old.any(|old| old.path == file.path && old.sha256 == file.sha256)
        };
        let changed: Vec<&IndexFile> = generation.files.iter().filter(|file| !same(file)).collect();
        for file in &changed {
            self.write_index(file, locations)?;
        }
        for file in changed.iter().filter(|_| self.format.serves_plain_paths()) {
            self.place(&self.path(&self.index_path(file)), &self.path(&file.path))?;
        }
        for Text { path, text } in &generation.texts {
            write_in_place(&self.path(path), text.as_bytes())?;
        }
        Ok(())
    }

    /// Writes an index under its hash.
    fn write_index(&self, file: &IndexFile, locations: &Locations) -> Result<(), FolderError> {
        let path = self.path(&self.index_path(file));
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(FolderError::io(folder, "made"))?;
        }
        let scratch = self.scratch.join("index");
        let written = write_parts(&scratch, file, locations);
        written.map_err(FolderError::io(&scratch, "written"))?;
        std::fs::rename(&scratch, &path).map_err(FolderError::io(&path, "written"))
    }

    /// Removes what was replaced long enough ago; says whether there was any.
    pub(super) fn drop_retired(&self, state: &mut State, now: Timestamp) -> bool {
        let before = state.retired.len();
        let (generation, now_s) = (state.generation, now.as_second());
        state.retired.retain(|retired| {
            let previous = retired.generation >= generation;
            if previous || now_s.saturating_sub(retired.at_s) < KEPT_SECONDS {
                return true;
            }
            let path = self.path(&retired.path);
            let gone = match std::fs::remove_file(&path) {
                Ok(()) => true,
                Err(error) => error.kind() == io::ErrorKind::NotFound,
            };
            if let Some(folder) = path.parent().filter(|_| gone) {
                let _kept_while_others_are_in_it = std::fs::remove_dir(folder);
            }
            !gone
        });
        state.retired.len() != before
    }

    /// Removes the scratch folder.
    pub(super) fn close(&self) -> Result<(), FolderError> {
        std::fs::remove_dir_all(&self.scratch).map_err(FolderError::io(&self.scratch, "removed"))
    }
}

/// The path that clients know an index by: its plain one, if the format serves that.
pub(super) fn index_name(format: Format, file: &IndexFile) -> String {
    match format.serves_plain_paths() {
        true => file.path.clone(),
        false => format.index_path(&file.path, &file.sha256),
    }
}

/// Notes how indexes and payloads look on disk now, so that the next build need not read them.
pub(super) fn stamp(out: &Path, state: &mut State) -> Result<(), FolderError> {
    let folder = out.join(state.format.folder(&state.suite));
    for WrittenIndex { file, stamp } in &mut state.indexes {
        let path = folder.join(index_name(state.format, file));
        let metadata = path.metadata().map_err(FolderError::io(&path, "read"))?;
        *stamp = Stamp::changed(&metadata);
    }
    let path = folder.join(PAYLOADS);
    let metadata = path.metadata().map_err(FolderError::io(&path, "read"))?;
    state.payloads = Stamp::changed(&metadata);
    Ok(())
}

/// Copies the parts of an index, runs of neighbours at once; the kernel moves the bytes.
fn write_parts(path: &Path, file: &IndexFile, locations: &Locations) -> io::Result<()> {
    use std::io::{Read as _, Seek as _};
    let pieces = file.parts.iter().map(|part| &part.piece);
    let runs = locations.runs(pieces, file.form).map_err(io::Error::other)?;
    let mut target = File::create(path)?;
    for run in runs {
        let source = locations.files.get(run.file);
        let mut source = source.ok_or_else(|| io::Error::other(FolderShelfError::Piece))?;
        source.seek(io::SeekFrom::Start(run.offset))?;
        if io::copy(&mut source.take(run.length), &mut target)? != run.length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(())
}

fn digest_of(path: &Path) -> io::Result<[u8; 32]> {
    let mut digest = Sha256::new();
    io::copy(&mut File::open(path)?, &mut digest)?;
    Ok(digest.finalize().into())
}

/// A hard link where the file system has them, else a copy.
fn link_or_copy(from: &Path, to: &Path) -> io::Result<()> {
    let _absent_already = std::fs::remove_file(to);
    // A symbolic link would lead out of the repository: what it names is what is linked.
    let from = from.canonicalize()?;
    if std::fs::hard_link(&from, to).is_err() {
        std::fs::copy(&from, to)?;
    }
    Ok(())
}

/// Writes a file beside its place and renames it there.
pub(super) fn write_in_place(path: &Path, bytes: &[u8]) -> Result<(), FolderError> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let scratch = path.with_file_name(name);
    std::fs::write(&scratch, bytes).map_err(FolderError::io(&scratch, "written"))?;
    std::fs::rename(&scratch, path).map_err(FolderError::io(path, "written"))
}

/// The same, if the file does not say it already.
pub(super) fn write_if_other(path: &Path, bytes: &[u8]) -> Result<(), FolderError> {
    if std::fs::read(path).is_ok_and(|old| old == bytes) {
        return Ok(());
    }
    write_in_place(path, bytes)
}

/// Writes a new file that only its owner may read; never over an old one.
pub(super) fn write_secret(path: &Path, bytes: &[u8]) -> Result<(), FolderError> {
    let file = File::options().write(true).create_new(true).mode(0o600).open(path);
    let mut file = file.map_err(FolderError::io(path, "made"))?;
    file.write_all(bytes).map_err(FolderError::io(path, "written"))?;
    file.sync_all().map_err(FolderError::io(path, "written"))
}

/// Bytes set aside while a build runs, so that they are not kept in memory.
#[derive(Debug)]
pub(super) struct Spool {
    path: PathBuf,
    writer: File,
    length: u64,
}

impl Spool {
    fn new(path: PathBuf) -> Result<Self, FolderError> {
        let mut options = File::options();
        let writer = options.read(true).write(true).create(true).truncate(true).open(&path);
        let writer = writer.map_err(FolderError::io(&path, "made"))?;
        Ok(Self { path, writer, length: 0 })
    }

    /// A second handle for readers.
    pub(super) fn reader(&self) -> Result<File, FolderError> {
        File::open(&self.path).map_err(FolderError::io(&self.path, "read"))
    }

    /// Adds bytes; returns where they begin and how many they are.
    pub(super) fn append(&mut self, bytes: &[u8]) -> io::Result<(u64, u64)> {
        self.writer.write_all_at(bytes, self.length)?;
        let place = (self.length, bytes.len() as u64);
        self.length += place.1;
        Ok(place)
    }

    /// Reads bytes that were appended.
    pub(super) fn read(&self, offset: u64, length: u64) -> io::Result<Vec<u8>> {
        let length = usize::try_from(length).map_err(io::Error::other)?;
        let mut bytes = vec![0; length];
        self.writer.read_exact_at(&mut bytes, offset)?;
        Ok(bytes)
    }
}
