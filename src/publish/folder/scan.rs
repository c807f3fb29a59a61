//! Finds the packages of a folder and reads those that are new.

use std::collections::HashMap;
use std::fs::{File, Metadata};
use std::io::{self, Read as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

use super::known::{KnownPackage, Stamp, file_name};
use super::output::Spool;
use super::state::State;
use super::{FolderError, Places, Progress};
use crate::formats::deb::{DebError, check_file_name};
use crate::formats::package::{Package, PackageError, Reader};
use crate::formats::{apt, yum};
use crate::publish::{Entry, Format};

/// A file that looked like a package and was left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Below the folder of packages.
    pub path: String,
    pub reason: String,
}

/// What stands in the folder.
#[derive(Debug)]
pub(super) struct Scan {
    /// In the order of the indexes.
    pub packages: Vec<Arc<KnownPackage>>,
    /// Where the spool has the stanzas of packages read by this run, by payload.
    pub fragments: HashMap<[u8; 32], (u64, u64)>,
    pub refused: Vec<Refused>,
    pub added: usize,
    pub removed: usize,
    /// Something about the packages differs from the state.
    pub changed: bool,
}

/// Why a file is no package of the repository.
#[derive(Debug, thiserror::Error)]
enum Reason {
    #[error("it cannot be read")]
    Io(#[source] io::Error),
    #[error(transparent)]
    Name(DebError),
    #[error(transparent)]
    Package(PackageError),
    #[error("it is metadata of a repository, not a package")]
    Metadata,
    #[error("its path is not UTF-8 or contains a line end")]
    Path,
    #[error("{0} is the same version of the package with other content")]
    Conflict(String),
}

impl Reason {
    /// The error with its causes, chained with colons.
    fn text(&self) -> String {
        let mut text = self.to_string();
        let mut cause = std::error::Error::source(self);
        while let Some(error) = cause {
            text = format!("{text}: {error}");
            cause = error.source();
        }
        text
    }
}

/// A package file: path below the folder, and its stamp.
struct Found {
    path: String,
    stamp: Stamp,
}

/// Files of the folder that are packages by their names.
pub(super) struct Listing {
    found: Vec<Found>,
    refused: Vec<Refused>,
}

/// Lists the folder.
pub(super) fn list(places: &Places) -> Result<Listing, FolderError> {
    let mut listing = Listing { found: Vec::new(), refused: Vec::new() };
    let Listing { found, refused } = &mut listing;
    walk(&places.packages, &places.out, "", found, refused)?;
    Ok(listing)
}

impl Listing {
    /// The one format of the packages; `known` or apt's if there is no package, `None` if there
    /// are packages of several.
    pub(super) fn format(&self, known: Option<Format>) -> Option<Format> {
        let is_there = |format: &Format| self.found.iter().any(|file| file.is_of(*format));
        let mut there = Format::ALL.into_iter().filter(is_there);
        match (there.next(), there.next()) {
            (None, _) => Some(known.unwrap_or(Format::Apt)),
            (Some(format), None) => Some(format),
            (Some(_), Some(_)) => None,
        }
    }
}

impl Found {
    fn is_of(&self, format: Format) -> bool {
        self.path.ends_with(format.package_ending())
    }
}

/// Reads what `old` does not know of a listing, spools its fragments.
pub(super) fn scan(
    places: &Places,
    listing: Listing,
    old: &State,
    fragments: &mut Spool,
    progress: &mut dyn FnMut(Progress),
) -> Result<Scan, FolderError> {
    let Listing { mut found, mut refused } = listing;
    found.retain(|file| file.is_of(old.format));
    let known: HashMap<&str, usize> =
        old.packages.iter().enumerate().map(|(at, package)| (package.path.as_str(), at)).collect();
    let mut kept = vec![false; old.packages.len()];
    let mut unread = Vec::new();
    for file in found {
        let at = known.get(file.path.as_str()).copied();
        let same = |at: &usize| old.packages.get(*at).is_some_and(|old| old.stamp == file.stamp);
        match at.filter(same).and_then(|at| kept.get_mut(at)) {
            Some(kept) => *kept = true,
            None => unread.push(file),
        }
    }
    let kept = old.packages.iter().zip(kept).filter(|(_, kept)| *kept);
    let mut packages: Vec<Arc<KnownPackage>> = kept.map(|(old, _)| Arc::clone(old)).collect();
    let removed = old.packages.len() - packages.len();
    let mut spooled = HashMap::new();
    let bytes = unread.iter().map(|file| file.stamp.size_bytes).sum();
    progress(Progress::Reading { files: unread.len() as u64, bytes });
    let mut added = 0;
    let reading = Reading { folder: &places.packages, format: old.format };
    read_all(reading, &unread, |file, read| {
        progress(Progress::Read { bytes: file.stamp.size_bytes });
        match read {
            Ok((package, fragment)) => {
                let place = fragments.append(fragment.as_bytes());
                let place = place.map_err(FolderError::io(&places.out, "written"))?;
                spooled.insert(package.entry.sha256, place);
                packages.push(Arc::new(package));
                added += 1;
            }
            Err(reason) => {
                refused.push(Refused { path: file.path.clone(), reason: reason.text() });
            }
        }
        Ok(())
    })?;
    if added > 0 {
        packages.sort_by(|a, b| a.order(b, old.format));
        drop_conflicts(&mut packages, &mut refused);
    }
    refused.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    let changed = added > 0 || removed > 0;
    Ok(Scan { packages, fragments: spooled, refused, added, removed, changed })
}

/// Collects the package files below `folder`, without the repository itself.
fn walk(
    folder: &Path,
    out: &Path,
    prefix: &str,
    found: &mut Vec<Found>,
    refused: &mut Vec<Refused>,
) -> Result<(), FolderError> {
    let entries = std::fs::read_dir(folder).map_err(FolderError::io(folder, "read"))?;
    for entry in entries {
        let entry = entry.map_err(FolderError::io(folder, "read"))?;
        let name = entry.file_name();
        let kind = entry.file_type().map_err(FolderError::io(folder, "read"))?;
        let ends =
            |format: Format| name.as_encoded_bytes().ends_with(format.package_ending().as_bytes());
        let is_package = Format::ALL.into_iter().any(ends);
        if !kind.is_dir() && !is_package {
            continue;
        }
        let text = name.to_str().filter(|name| !name.bytes().any(|byte| b"\n\r".contains(&byte)));
        let Some(text) = text else {
            let path = format!("{prefix}{}", name.to_string_lossy());
            refused.push(Refused { path, reason: Reason::Path.text() });
            continue;
        };
        let path = format!("{prefix}{text}");
        if kind.is_dir() {
            let below = entry.path();
            if below != out {
                walk(&below, out, &format!("{path}/"), found, refused)?;
            }
            continue;
        }
        // A link counts as what it leads to; a broken one is refused like an unreadable file.
        let metadata =
            if kind.is_symlink() { std::fs::metadata(entry.path()) } else { entry.metadata() };
        match metadata {
            Ok(metadata) if metadata.is_file() => {
                found.push(Found { path, stamp: Stamp::modified(&metadata) });
            }
            Ok(_) => {}
            Err(error) => refused.push(Refused { path, reason: Reason::Io(error).text() }),
        }
    }
    Ok(())
}

impl Stamp {
    /// Of a package: its modification time. (Its change time differs after a hard link is made.)
    pub(super) fn modified(metadata: &Metadata) -> Self {
        Self::new(metadata, metadata.mtime(), metadata.mtime_nsec())
    }

    /// Of a file of ours: its change time, which nobody sets.
    pub(super) fn changed(metadata: &Metadata) -> Self {
        Self::new(metadata, metadata.ctime(), metadata.ctime_nsec())
    }

    fn new(metadata: &Metadata, seconds: i64, nanoseconds: i64) -> Self {
        // Beyond the year 2262 all times count as one.
        let time_ns = seconds.saturating_mul(1_000_000_000).saturating_add(nanoseconds);
        Self { size_bytes: metadata.len(), time_ns, inode: metadata.ino() }
    }
}

/// Where packages are read, and what kind.
#[derive(Clone, Copy)]
struct Reading<'a> {
    folder: &'a Path,
    format: Format,
}

/// A package and its fragment, or why it is none.
type ReadPackage = Result<(KnownPackage, String), Reason>;

/// Reads files on all processors; `each` is called on this thread, in the order of completion.
fn read_all(
    reading: Reading<'_>,
    files: &[Found],
    mut each: impl FnMut(&Found, ReadPackage) -> Result<(), FolderError>,
) -> Result<(), FolderError> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(files.len());
    let next = AtomicUsize::new(0);
    // Bounded, so that stanzas do not pile up when the spool is slow.
    let (sender, receiver) = mpsc::sync_channel(64);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let (sender, next) = (sender.clone(), &next);
            scope.spawn(move || {
                let mut buffer = vec![0; READ_BYTES];
                while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let read = reading.package(file, &mut buffer);
                    if sender.send((file, read)).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        receiver.iter().try_for_each(|(file, read)| each(file, read))
    })
}

const READ_BYTES: usize = 256 * 1024;

impl Reading<'_> {
    fn package(self, file: &Found, buffer: &mut [u8]) -> ReadPackage {
        let file_name = file_name(&file.path);
        check_file_name(file_name).map_err(Reason::Name)?;
        let mut input = File::open(self.folder.join(&file.path)).map_err(Reason::Io)?;
        let mut reader = match self.format {
            Format::Apt => Reader::deb(),
            Format::Yum => Reader::rpm(),
        };
        let mut digester = reader.digester();
        loop {
            let slice = match input.read(buffer) {
                Ok(0) => break,
                Ok(count) => buffer.get(..count).unwrap_or_default(),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(Reason::Io(error)),
            };
            reader.push(slice).map_err(Reason::Package)?;
            digester.update(slice);
        }
        let package = reader.finish().map_err(Reason::Package)?;
        let digests = digester.finish();
        let (name, version, architecture, fragment) = match package {
            Package::Deb(package) => {
                let fragment = apt::fragment(&package, &digests);
                (package.name, package.version, package.architecture, fragment)
            }
            Package::Rpm(package) => {
                let fragment = yum::fragment(&package, &digests.sha256, digests.size_bytes);
                (package.name.clone(), package.evr(), package.arch, fragment)
            }
            Package::Metadata(_) => return Err(Reason::Metadata),
        };
        let known = KnownPackage {
            entry: Entry {
                metadata: None,
                name,
                architecture,
                file_name: file_name.to_owned(),
                sha256: digests.sha256,
            },
            path: file.path.clone(),
            stamp: file.stamp,
            version,
            fragment_bytes: fragment.len() as u64,
        };
        Ok((known, fragment))
    }
}

/// Of files that are the same version of a package with other content, keeps the one whose path
/// is first: clients would take any, and its digest would fit one of them only.
fn drop_conflicts(packages: &mut Vec<Arc<KnownPackage>>, refused: &mut Vec<Refused>) {
    let mut conflicts: HashMap<String, Refused> = HashMap::new();
    let is_sibling = |a: &Arc<KnownPackage>, b: &Arc<KnownPackage>| {
        a.entry.name == b.entry.name && a.entry.architecture == b.entry.architecture
    };
    // Every order keeps the versions of a package together.
    for versions in packages.chunk_by(is_sibling).filter(|versions| versions.len() > 1) {
        let mut firsts: HashMap<&str, &KnownPackage> = HashMap::new();
        for package in versions {
            let first = firsts.entry(&package.version).or_insert(package);
            if first.entry.sha256 != package.entry.sha256 {
                let loser = if first.path < package.path { package } else { *first };
                let winner = if first.path < package.path { *first } else { package };
                let (path, reason) = (loser.path.clone(), Reason::Conflict(winner.path.clone()));
                *first = winner;
                conflicts.insert(path.clone(), Refused { path, reason: reason.text() });
            }
        }
    }
    if !conflicts.is_empty() {
        packages.retain(|package| !conflicts.contains_key(&package.path));
        refused.extend(conflicts.into_values());
    }
}
