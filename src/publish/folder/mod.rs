//! A folder of packages becomes a signed static repository: `migas repo build`.
//!
//! Below the output stand `dists/<suite>/…` and the public key `migas.asc`; payloads are hard
//! links to the packages, or copies where links cannot be made (another file system, FAT). What
//! is known of the packages is kept in a state file beside the output, so that a run reads what
//! changed only: packages by size, time and inode, indexes by size, inode and change time, or
//! else by their digest. A state that fits nothing costs a full run, never a wrong repository.
//!
//! Order of a run: payloads, indexes under their hash, indexes under their names, the signed texts
//! (`Release`, `Release.gpg`, `InRelease`), each by rename; then what has been replaced for a day, and is not of
//! the generation before, goes away. So a client in the middle of an update never fails.

mod known;
mod output;
mod scan;
mod shelf;
mod state;

use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rand::{CryptoRng, Rng};

use super::{Entry, Format, Outcome, PublishError, Request, publish};
use crate::formats::openpgp::{KEY_DATE, OpenPgpError, SigningKey};

pub use scan::Refused;
pub use shelf::FolderShelfError;

/// Where things are.
#[derive(Debug, Clone)]
pub struct Options {
    /// Folder with packages, sub-folders included.
    pub packages: PathBuf,
    /// Root of the repository: what the source line names.
    pub out: PathBuf,
    /// State file; beside the output if absent.
    pub state: Option<PathBuf>,
    /// Armoured secret key; made beside the state file if absent.
    pub key: Option<PathBuf>,
    pub suite: String,
    /// Format of the repository; that of the packages in the folder if absent.
    pub format: Option<Format>,
}

/// Why nothing could be built.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    #[error("{} cannot be {done}", path.display())]
    Io { path: PathBuf, done: &'static str, source: io::Error },
    #[error("{} is not a directory", .0.display())]
    NotADirectory(PathBuf),
    #[error("{} has packages of several formats: name the one to publish", .0.display())]
    Mixed(PathBuf),
    #[error("another build uses {}", .0.display())]
    Locked(PathBuf),
    #[error("{} is inside the repository, where everybody could read it", .0.display())]
    Exposed(PathBuf),
    #[error("the key {} cannot be used", path.display())]
    Key { path: PathBuf, source: OpenPgpError },
    #[error("the repository cannot be published")]
    Publish(#[source] Box<PublishError<FolderShelfError>>),
}

impl FolderError {
    fn io(path: &Path, done: &'static str) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { path, done, source }
    }
}

/// How far a build is, for a progress bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// So much will be read.
    Reading { files: u64, bytes: u64 },
    /// One more file has been read.
    Read { bytes: u64 },
    /// A signing key is being made, which takes seconds.
    MakingKey,
    /// Indexes are being assembled and signed.
    Publishing,
}

/// What a build did.
#[derive(Debug, Clone)]
pub struct Report {
    pub format: Format,
    /// `false`: the repository already said the same, and no file was written.
    pub changed: bool,
    /// Packages in the repository.
    pub packages: usize,
    pub added: usize,
    pub removed: usize,
    /// Packages that were left out, each with its reason.
    pub refused: Vec<Refused>,
    /// SHA-256 in hex of what clients ask for first (`InRelease`): names the generation.
    pub digest: String,
    pub fingerprint: String,
    /// The key file, if this run made it.
    pub made_key: Option<PathBuf>,
    pub state: PathBuf,
}

/// Builds or updates the repository.
///
/// # Errors
/// [`FolderError`]; the repository that was there is still whole then. A package that is none is
/// no error: it is left out and named in the report.
pub fn build<R: Rng + CryptoRng>(
    options: &Options,
    now: Timestamp,
    mut random: R,
    progress: &mut dyn FnMut(Progress),
) -> Result<Report, FolderError> {
    let places = Places::new(options)?;
    let _lock = places.lock()?;
    let (key, made_key) = places.key(&mut random, progress)?;
    let old = state::State::load(&places.state, &options.suite);
    let listing = scan::list(&places)?;
    let known = old.as_ref().map(|old| old.format);
    let mixed = || FolderError::Mixed(places.packages.clone());
    let format = options.format.or_else(|| listing.format(known)).ok_or_else(mixed)?;
    let mut output = output::Output::open(&places.out, format, &options.suite)?;
    let fresh = || state::State::new(format, &options.suite);
    let old = old.filter(|old| old.format == format && output.still_holds(old));
    let old = old.unwrap_or_else(fresh);

    let mut fragments = output.spool("fragments")?;
    let scan = scan::scan(&places, listing, &old, &mut fragments, progress)?;
    progress(Progress::Publishing);
    let entries: Vec<Entry> = scan.packages.iter().map(|package| package.entry.clone()).collect();
    let previous = output.generation(&old);
    let mut shelf =
        shelf::FolderShelf::new(&places, &mut output, &old, &scan, fragments, previous.as_ref())?;
    let request = Request { format, slug: &options.suite, key: &key, now };
    let outcome = publish(&mut shelf, request, random, entries, previous.as_ref())
        .map_err(|error| FolderError::Publish(Box::new(error)))?;
    let locations = shelf.into_locations();

    let mut next = old.next(&scan);
    let changed = match &outcome {
        Outcome::Published(generation) => {
            output.link_payloads(&places.packages, &next, &old)?;
            output.write(generation, &locations, previous.as_ref())?;
            let public = places.out.join("migas.asc");
            let text = key.public_armoured();
            let text = text.map_err(|source| FolderError::Key { path: public.clone(), source })?;
            output::write_if_other(&public, text.as_bytes())?;
            next.publish(generation, &old, now);
            true
        }
        Outcome::Unchanged => false,
    };
    let dropped = output.drop_retired(&mut next, now);
    output.close()?;
    if changed || dropped || scan.changed {
        output::stamp(&places.out, &mut next)?;
        next.save(&places.state)?;
    }
    Ok(Report {
        format,
        changed,
        packages: next.packages.len(),
        added: scan.added,
        removed: scan.removed,
        refused: scan.refused,
        digest: next.digest.clone(),
        fingerprint: key.fingerprint(),
        made_key,
        state: places.state,
    })
}

/// The paths of a build, made absolute and checked.
#[derive(Debug)]
struct Places {
    packages: PathBuf,
    out: PathBuf,
    state: PathBuf,
    key: PathBuf,
    key_is_given: bool,
}

impl Places {
    fn new(options: &Options) -> Result<Self, FolderError> {
        let packages = options.packages.canonicalize();
        let packages = packages.map_err(FolderError::io(&options.packages, "read"))?;
        if !packages.is_dir() {
            return Err(FolderError::NotADirectory(packages));
        }
        std::fs::create_dir_all(&options.out).map_err(FolderError::io(&options.out, "made"))?;
        let out = options.out.canonicalize();
        let out = out.map_err(FolderError::io(&options.out, "read"))?;
        let beside = |ending: &str| {
            let mut name = out.file_name().unwrap_or_default().to_owned();
            name.push(ending);
            out.with_file_name(name)
        };
        let absolute =
            |path: &Path| std::path::absolute(path).map_err(FolderError::io(path, "found"));
        let state = match &options.state {
            Some(state) => absolute(state)?,
            None => beside(".migas-state"),
        };
        let key = match &options.key {
            Some(key) => absolute(key)?,
            None => {
                let mut name = state.file_name().unwrap_or_default().to_owned();
                name.push(".key.asc");
                state.with_file_name(name)
            }
        };
        if key.starts_with(&out) {
            return Err(FolderError::Exposed(key));
        }
        Ok(Self { packages, out, state, key, key_is_given: options.key.is_some() })
    }

    /// Holds the state file's lock until it is dropped.
    fn lock(&self) -> Result<Held, FolderError> {
        let mut name = self.state.file_name().unwrap_or_default().to_owned();
        name.push(".lock");
        let path = self.state.with_file_name(name);
        let file = std::fs::File::options().create(true).append(true).open(&path);
        let file = file.map_err(FolderError::io(&path, "opened"))?;
        match file.try_lock() {
            Ok(()) => Ok(Held(file)),
            Err(std::fs::TryLockError::WouldBlock) => Err(FolderError::Locked(path)),
            // A file system without locks is no reason to refuse.
            Err(std::fs::TryLockError::Error(_)) => Ok(Held(file)),
        }
    }

    /// The signing key, and its path if it had to be made.
    fn key<R: Rng + CryptoRng>(
        &self,
        random: &mut R,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(SigningKey, Option<PathBuf>), FolderError> {
        let unusable = |source| FolderError::Key { path: self.key.clone(), source };
        match std::fs::read_to_string(&self.key) {
            Ok(text) => return Ok((SigningKey::parse(&text).map_err(unusable)?, None)),
            Err(error) if error.kind() == io::ErrorKind::NotFound && !self.key_is_given => {}
            // A key that was asked for and is absent is made there too.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(FolderError::io(&self.key, "read")(error)),
        }
        progress(Progress::MakingKey);
        let name = "migas repository";
        let key = SigningKey::generate(random, name, KEY_DATE).map_err(unusable)?;
        let text = key.to_armoured().map_err(unusable)?;
        output::write_secret(&self.key, text.as_bytes())?;
        Ok((key, Some(self.key.clone())))
    }
}

/// The lock of a state file. Released by name and not only by closing the file: a program that
/// another thread is just starting holds a copy of the descriptor until it runs.
struct Held(std::fs::File);

impl Drop for Held {
    fn drop(&mut self) {
        let _a_file_system_without_locks = self.0.unlock();
    }
}

#[cfg(test)]
mod tests;
