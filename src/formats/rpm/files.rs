//! The files of a package, as its header lists them.

use super::RpmError;
use super::header::Header;
use super::tags;
use super::text::clean;

const MAX_FILES: u32 = 400_000;
/// A path is its directory and its name, and many files share a directory: a header of some
/// megabytes could spell out paths of gigabytes.
const MAX_PATH_BYTES: usize = 64 << 20;
const WHAT: &str = "files";

const TYPE_BITS: u16 = 0o170_000;
const DIRECTORY: u16 = 0o040_000;
const SYMLINK: u16 = 0o120_000;
const CONFIG: u32 = 1;
const GHOST: u32 = 1 << 6;

/// A path that belongs to a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Absolute; in a source package the name alone.
    pub path: String,
    /// As `st_mode` has it, type included.
    pub mode: u16,
    /// `RPMFILE_…` bits of `rpmfiles.h`.
    pub flags: u32,
    pub size_bytes: u64,
    /// Where a symbolic link points; empty for all else.
    pub link: String,
}

/// What repodata tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    File,
    Directory,
    /// Owned by the package, not in its payload.
    Ghost,
}

impl File {
    /// What repodata calls it: a directory is one even if it is a ghost.
    pub fn kind(&self) -> FileKind {
        match () {
            () if self.mode & TYPE_BITS == DIRECTORY => FileKind::Directory,
            () if self.flags & GHOST != 0 => FileKind::Ghost,
            () => FileKind::File,
        }
    }

    /// Whether it is marked as configuration.
    pub fn is_config(&self) -> bool {
        self.flags & CONFIG != 0
    }

    /// Whether it is a symbolic link.
    pub fn is_symlink(&self) -> bool {
        self.mode & TYPE_BITS == SYMLINK
    }
}

/// Reads the files in the order of the header.
pub(super) fn read(header: &Header<'_>) -> Result<Vec<File>, RpmError> {
    let paths = paths(header)?;
    let modes = header.numbers(tags::FILE_MODES, MAX_FILES)?;
    let flags = header.numbers(tags::FILE_FLAGS, MAX_FILES)?;
    let sizes = match header.numbers(tags::LONG_FILE_SIZES, MAX_FILES)? {
        none if none.is_empty() => header.numbers(tags::FILE_SIZES, MAX_FILES)?,
        sizes => sizes,
    };
    let links = header.strings(tags::FILE_LINKS, MAX_FILES)?;
    let counts = [modes.len(), flags.len(), sizes.len(), links.len()];
    if counts.iter().any(|count| *count != 0 && *count != paths.len()) {
        return Err(RpmError::Mismatch(WHAT));
    }
    let file = |(at, path): (usize, String)| File {
        path,
        mode: modes.get(at).map_or(0, |mode| *mode as u16),
        flags: flags.get(at).map_or(0, |flags| *flags as u32),
        size_bytes: sizes.get(at).copied().unwrap_or_default(),
        link: links.get(at).map(|link| clean(link)).unwrap_or_default(),
    };
    Ok(paths.into_iter().enumerate().map(file).collect())
}

/// Joins directories and names; packages before rpm 4 list whole paths.
fn paths(header: &Header<'_>) -> Result<Vec<String>, RpmError> {
    let names = header.strings(tags::BASE_NAMES, MAX_FILES)?;
    if names.is_empty() {
        let paths = header.strings(tags::OLD_FILE_NAMES, MAX_FILES)?;
        return Ok(paths.into_iter().map(clean).collect());
    }
    let directories = header.strings(tags::DIR_NAMES, MAX_FILES)?;
    let directories: Vec<String> = directories.into_iter().map(clean).collect();
    let indexes = header.numbers(tags::DIR_INDEXES, MAX_FILES)?;
    if indexes.len() != names.len() {
        return Err(RpmError::Mismatch(WHAT));
    }
    let mut total = 0;
    let mut paths = Vec::with_capacity(names.len());
    for (name, index) in names.into_iter().zip(indexes) {
        let directory = usize::try_from(index).ok().and_then(|index| directories.get(index));
        let mut path = directory.ok_or(RpmError::Mismatch(WHAT))?.clone();
        path.push_str(&clean(name));
        total += path.len();
        if total > MAX_PATH_BYTES {
            return Err(RpmError::PathsTooLarge { limit: MAX_PATH_BYTES });
        }
        paths.push(path);
    }
    Ok(paths)
}
