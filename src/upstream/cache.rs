//! The door of the cache: find a file, join the fetch of it or begin one, measure, empty.

use std::collections::HashMap;
use std::io;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http_body_util::BodyExt as _;
use hyper::body::{Body as _, Incoming};
use hyper::{Response, header};
use jiff::Timestamp;
use tokio::sync::Semaphore;

use super::Failure;
use super::download::{Download, Follower, Head};
use super::files::{self, Arriving, Folder, StoredFile, on_disk};
use super::source::Source;
use crate::domain::external::SourcePath;

/// Files that are fetched at the same time; more of them are asked to come again.
const MAX_FETCHES: usize = 256;

/// How long a source is waited for.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// For a connection.
    pub connect: Duration,
    /// For the head of an answer.
    pub answer: Duration,
    /// For the next bytes of a file.
    pub stall: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self { connect: seconds(10), answer: seconds(30), stall: seconds(30) }
    }
}

/// A file that somebody asks for.
#[derive(Debug, Clone)]
pub struct Asked {
    pub folder: Folder,
    pub path: SourcePath,
    pub url: String,
    /// Hosts behind this server to which the source may redirect.
    pub permitted: Vec<String>,
    /// Largest file in bytes.
    pub limit: u64,
    pub at: Timestamp,
}

/// How a file is there.
#[derive(Debug)]
pub enum Found {
    Stored(StoredFile),
    Arriving(Follower),
}

/// What a folder holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usage {
    pub files: u64,
    pub size_bytes: u64,
}

/// The cache of a site. Clones share it.
#[derive(Debug, Clone)]
pub struct Cache(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    root: PathBuf,
    source: Source,
    running: Mutex<HashMap<PathBuf, Arc<Download>>>,
    fetches: Semaphore,
    /// Names for files that arrive.
    number: AtomicU64,
}

impl Cache {
    /// The cache below `root`, which need not be there.
    ///
    /// # Errors
    /// [`rustls::Error`] if the machine's cryptography cannot be used.
    pub fn new(root: PathBuf, patience: Patience) -> Result<Self, rustls::Error> {
        Ok(Self(Arc::new(Parts {
            root,
            source: Source::new(patience)?,
            running: Mutex::default(),
            fetches: Semaphore::new(MAX_FETCHES),
            number: AtomicU64::new(0),
        })))
    }

    /// Opens the stored file, whatever its age.
    ///
    /// # Errors
    /// [`io::Error`] of the disk.
    pub async fn find(&self, folder: &Folder, path: &SourcePath) -> io::Result<Option<StoredFile>> {
        let place = files::place(&self.0.root, folder, path);
        on_disk(move || StoredFile::open(&place)).await
    }

    /// Says whether files are kept below a path.
    pub async fn is_directory(&self, folder: &Folder, path: &SourcePath) -> bool {
        let place = files::directory_of(&self.0.root, folder, path);
        on_disk(move || Ok(place.is_dir())).await.unwrap_or(false)
    }

    /// Joins the fetch of a file, or begins one. `is_fresh` says whether a file that was stored at
    /// some time would do, which may just have happened; `failed` is told once why a fetch failed.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn fetch<F>(
        &self,
        asked: Asked,
        is_fresh: impl FnOnce(Timestamp) -> bool,
        failed: impl FnOnce(Failure) -> F + Send + 'static,
    ) -> Result<Found, Failure>
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let place = files::place(&self.0.root, &asked.folder, &asked.path);
        let download = {
            let mut running = self.running();
            match running.get(&place) {
                Some(download) => Arc::clone(download),
                None => {
                    let stored = StoredFile::open(&place).ok().flatten();
                    if let Some(stored) = stored.filter(|stored| is_fresh(stored.modified)) {
                        return Ok(Found::Stored(stored));
                    }
                    let download = Arc::new(Download::default());
                    running.insert(place.clone(), Arc::clone(&download));
                    self.begin(asked, place, &download, failed);
                    download
                }
            }
        };
        download.follow().await.map(Found::Arriving)
    }

    /// The fetch goes on whoever hangs up: the next one will ask for the same file.
    fn begin<F>(
        &self,
        asked: Asked,
        place: PathBuf,
        download: &Arc<Download>,
        failed: impl FnOnce(Failure) -> F + Send + 'static,
    ) where
        F: Future<Output = ()> + Send + 'static,
    {
        let (cache, download) = (self.clone(), Arc::clone(download));
        tokio::spawn(async move {
            let mut running =
                Running { cache: &cache, place: &place, download: &download, how: None };
            let result = cache.bring(&asked, &place, &download).await;
            running.how = Some(result.clone());
            drop(running);
            if let Err(failure) = result {
                failed(failure).await;
            }
        });
    }

    async fn bring(&self, asked: &Asked, place: &Path, download: &Download) -> Result<(), Failure> {
        let Parts { root, source, fetches, number, .. } = &*self.0;
        let _turn = fetches.try_acquire().map_err(|_| Failure::Busy)?;
        let response = source.get(&asked.url, &asked.permitted).await?;
        let length = response.body().size_hint().exact();
        if length.is_some_and(|length| length > asked.limit) {
            return Err(Failure::TooLarge(asked.limit));
        }
        // Without a length or chunks the end of the file and a broken line look the same.
        let has_end =
            length.is_some() || response.headers().contains_key(header::TRANSFER_ENCODING);
        let number = number.fetch_add(1, Ordering::Relaxed);
        let root = root.clone();
        let created = on_disk(move || Arriving::create(&root, number)).await;
        let arriving = created.map_err(|error| Failure::disk(&error))?;
        let modified = asked.at;
        download.begin(Head { length, modified, file: Arc::clone(&arriving.file) });
        let written = self.receive(response, asked.limit, &arriving, download).await?;
        if length.is_some_and(|length| length != written) {
            return Err(Failure::Broken);
        }
        if has_end {
            let place = place.to_path_buf();
            let kept = on_disk(move || arriving.keep(&place, modified)).await;
            kept.map_err(|error| Failure::disk(&error))?;
        }
        Ok(())
    }

    /// Writes what comes, and says how much that was.
    async fn receive(
        &self,
        response: Response<Incoming>,
        limit: u64,
        arriving: &Arriving,
        download: &Download,
    ) -> Result<u64, Failure> {
        let mut body = response.into_body();
        let mut written = 0;
        loop {
            let next = tokio::time::timeout(self.0.source.patience().stall, body.frame()).await;
            let frame = match next.map_err(|_| Failure::Stalled)? {
                None => return Ok(written),
                Some(frame) => frame.map_err(|_| Failure::Broken)?,
            };
            let Ok(bytes) = frame.into_data() else { continue };
            let (at, length) = (written, bytes.len() as u64);
            if at + length > limit {
                return Err(Failure::TooLarge(limit));
            }
            let file = Arc::clone(&arriving.file);
            let wrote = on_disk(move || file.write_all_at(&bytes, at)).await;
            wrote.map_err(|error| Failure::disk(&error))?;
            written += length;
            download.advance(written);
        }
    }

    /// What a folder holds.
    ///
    /// # Errors
    /// [`io::Error`] of the disk.
    pub async fn usage(&self, folder: &Folder) -> io::Result<Usage> {
        let directory = self.0.root.join(&folder.0);
        let (files, size_bytes) = on_disk(move || files::measure(&directory)).await?;
        Ok(Usage { files, size_bytes })
    }

    /// Empties a folder.
    ///
    /// # Errors
    /// [`io::Error`] of the disk.
    pub async fn empty(&self, folder: Folder) -> io::Result<()> {
        let number = self.0.number.fetch_add(1, Ordering::Relaxed);
        let root = self.0.root.clone();
        on_disk(move || files::discard(&root, &folder, number)).await
    }

    /// The folders there are.
    ///
    /// # Errors
    /// [`io::Error`] of the disk.
    pub async fn folders(&self) -> io::Result<Vec<Folder>> {
        let root = self.0.root.clone();
        on_disk(move || {
            let entries = match std::fs::read_dir(&root) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
                entries => entries?,
            };
            let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
            Ok(names.filter(|name| name != files::TEMPORARY).map(Folder).collect())
        })
        .await
    }

    /// Deletes what earlier runs of the server left half-way. Only for the process that serves.
    ///
    /// # Errors
    /// [`io::Error`] of the disk.
    pub fn clean_up(&self) -> io::Result<()> {
        match std::fs::remove_dir_all(self.0.root.join(files::TEMPORARY)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    #[cfg(test)]
    pub(super) fn is_fetching(&self, asked: &Asked) -> bool {
        let place = files::place(&self.0.root, &asked.folder, &asked.path);
        self.running().contains_key(&place)
    }

    fn running(&self) -> MutexGuard<'_, HashMap<PathBuf, Arc<Download>>> {
        self.0.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A fetch in the list of those that run. However it ends, nobody waits for it afterwards.
struct Running<'a> {
    cache: &'a Cache,
    place: &'a Path,
    download: &'a Download,
    how: Option<Result<(), Failure>>,
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        // Stored by now, if at all: whoever comes next finds the file, not the fetch.
        self.cache.running().remove(self.place);
        self.download.end(self.how.take().unwrap_or(Err(Failure::Broken)));
    }
}
