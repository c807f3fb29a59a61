//! The order on the disk: `<data>/cache/<deployment>-<digest of its base URL>/dists,d/stable,d/…`
//!
//! Another base URL is another folder, so what one source sent never answers for another one.
//! Names of directories end with `,d`, since a source may have a file `stable` and files below
//! `stable/`; bytes that are not plain are percent-encoded, and a name that would be too long
//! becomes its digest.

use std::fs::File;
use std::io;
use std::os::unix::fs::{FileExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use crate::domain::external::{External, SourcePath};
use crate::domain::ids::DeploymentId;

/// Longest name that is kept as it is, in bytes; file systems take 255.
const MAX_NAME: usize = 200;
/// Longest stretch that is read at once.
const STRETCH: u64 = 256 * 1024;
/// Where files arrive, and where go those that are to be deleted.
pub(super) const TEMPORARY: &str = "tmp";

/// The part of the cache that belongs to a deployment and its base URL.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Folder(pub(super) String);

impl Folder {
    /// The folder of a deployment.
    pub fn of(deployment: DeploymentId, external: &External) -> Self {
        let digest = hex::encode(Sha256::digest(&external.base_url));
        Self(format!("{deployment}-{}", digest.get(..16).unwrap_or_default()))
    }
}

/// A file of the cache, open: it stays readable when it is deleted or replaced.
#[derive(Debug, Clone)]
pub struct StoredFile {
    file: Arc<File>,
    pub length: u64,
    /// When it was stored.
    pub modified: Timestamp,
}

impl StoredFile {
    /// Opens a file; `None` if there is none.
    pub(super) fn open(path: &Path) -> io::Result<Option<Self>> {
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) if is_absent(&error) => return Ok(None),
            Err(error) => return Err(error),
        };
        let meta = file.metadata()?;
        let modified = Timestamp::try_from(meta.modified()?).unwrap_or(Timestamp::UNIX_EPOCH);
        Ok(meta.is_file().then(|| Self { file: Arc::new(file), length: meta.len(), modified }))
    }

    /// Offsets and lengths in which a part of the file is read.
    pub fn stretches(&self, start: u64, length: u64) -> impl Iterator<Item = (u64, u64)> + use<> {
        let end = start.saturating_add(length).min(self.length);
        let mut at = start;
        std::iter::from_fn(move || {
            let take = end.saturating_sub(at).min(STRETCH);
            let stretch = (take > 0).then_some((at, take));
            at += take;
            stretch
        })
    }

    /// Reads a stretch.
    ///
    /// # Errors
    /// [`io::Error`] of the disk.
    pub async fn read(&self, (at, length): (u64, u64)) -> io::Result<Bytes> {
        read(Arc::clone(&self.file), at, length).await
    }
}

/// Reads at most a stretch of what is in a file from `at` on, off the threads that serve.
pub(super) async fn read(file: Arc<File>, at: u64, length: u64) -> io::Result<Bytes> {
    on_disk(move || {
        let mut bytes = vec![0; usize::try_from(length.min(STRETCH)).unwrap_or_default()];
        file.read_exact_at(&mut bytes, at)?;
        Ok(Bytes::from(bytes))
    })
    .await
}

/// Does something with the disk off the threads that serve.
pub(super) async fn on_disk<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(io::Error::other)?
}

/// A file that arrives; unless it is kept, it is gone with this value.
#[derive(Debug)]
pub(super) struct Arriving {
    pub file: Arc<File>,
    path: PathBuf,
}

impl Arriving {
    /// A new file below `root`, for reading and writing.
    pub fn create(root: &Path, number: u64) -> io::Result<Self> {
        let directory = root.join(TEMPORARY);
        std::fs::create_dir_all(&directory)?;
        let path = directory.join(format!("{}-{number}", std::process::id()));
        let mut options = File::options();
        options.read(true).write(true).create(true).truncate(true).mode(0o600);
        Ok(Self { file: Arc::new(options.open(&path)?), path })
    }

    /// Puts the whole file where it belongs. What it says is on the disk before its name is.
    pub fn keep(self, target: &Path, modified: Timestamp) -> io::Result<()> {
        self.file.set_modified(modified.into())?;
        self.file.sync_all()?;
        if let Some(directory) = target.parent() {
            std::fs::create_dir_all(directory)?;
        }
        match std::fs::rename(&self.path, target) {
            // Somebody emptied the cache meanwhile: those who wait have it, nobody keeps it.
            Err(error) if is_absent(&error) => Ok(()),
            renamed => renamed,
        }
    }
}

impl Drop for Arriving {
    fn drop(&mut self) {
        let _kept_or_gone = std::fs::remove_file(&self.path);
    }
}

/// Where a file is kept.
pub(super) fn place(root: &Path, Folder(folder): &Folder, path: &SourcePath) -> PathBuf {
    let mut place = root.join(folder);
    if let Some((name, directories)) = path.segments().split_last() {
        place.extend(directories.iter().map(|name| directory(name)));
        place.push(plain(name));
    }
    place
}

/// Where the files below a path are kept.
pub(super) fn directory_of(root: &Path, Folder(folder): &Folder, path: &SourcePath) -> PathBuf {
    let mut place = root.join(folder);
    place.extend(path.segments().iter().map(|name| directory(name)));
    place
}

fn directory(name: &str) -> String {
    format!("{},d", plain(name))
}

fn plain(name: &str) -> String {
    let encode = |byte: u8| match byte {
        b'-' | b'_' | b'.' | b'~' | b'+' | b':' => char::from(byte).to_string(),
        _ if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    let encoded: String = name.bytes().map(encode).collect();
    match encoded.len() {
        0..=MAX_NAME => encoded,
        _ => format!("{},h", hex::encode(Sha256::digest(name))),
    }
}

/// Number and bytes of the files below a directory that may be gone.
pub(super) fn measure(directory: &Path) -> io::Result<(u64, u64)> {
    let (mut files, mut bytes) = (0, 0);
    let mut open = vec![directory.to_path_buf()];
    while let Some(directory) = open.pop() {
        let entries = match std::fs::read_dir(&directory) {
            Err(error) if is_absent(&error) => continue,
            entries => entries?,
        };
        for entry in entries {
            let entry = entry?;
            match entry.metadata() {
                Ok(meta) if meta.is_dir() => open.push(entry.path()),
                Ok(meta) => (files, bytes) = (files + 1, bytes + meta.len()),
                Err(error) if is_absent(&error) => {}
                Err(error) => return Err(error),
            }
        }
    }
    Ok((files, bytes))
}

/// Takes a folder away. It is out of the way at once, however long the deleting takes.
pub(super) fn discard(root: &Path, Folder(folder): &Folder, number: u64) -> io::Result<()> {
    let directory = root.join(TEMPORARY);
    std::fs::create_dir_all(&directory)?;
    let away = directory.join(format!("{}-{number},d", std::process::id()));
    match std::fs::rename(root.join(folder), &away) {
        Err(error) if is_absent(&error) => Ok(()),
        renamed => renamed.and_then(|()| std::fs::remove_dir_all(&away)),
    }
}

fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d_ext_02_names_keep_apart_and_within_the_folder() {
        let folder = Folder::of(DeploymentId(7), &External::default());
        let at = |path: &str| {
            let path = SourcePath::parse(path).unwrap();
            place(Path::new("/c"), &folder, &path).to_str().unwrap().to_owned()
        };
        let base = format!("/c/{}", folder.0);
        assert!(base.starts_with("/c/7-"), "{base}");
        assert_eq!(at("dists/stable/InRelease"), format!("{base}/dists,d/stable,d/InRelease"));
        assert_eq!(at("dists/stable"), format!("{base}/dists,d/stable"));
        assert_eq!(at("stable%2Cd/x"), format!("{base}/stable%2Cd,d/x"));
        assert_eq!(at("a%2525"), format!("{base}/a%2525"));
        assert_eq!(at("g%2B%2B_1:2~3_all.deb"), format!("{base}/g++_1:2~3_all.deb"));
        let long = at(&"x".repeat(250));
        assert!(long.ends_with(",h") && long.len() < 120, "{long}");
        let other = External { base_url: "http://other".into(), ..External::default() };
        assert_ne!(Folder::of(DeploymentId(7), &other), folder, "D-EXT-06");
    }
}
