//! What a package says about itself and what it installs: the information page (D-PMS-03).
//!
//! The header was read at upload. The file list and the changelog are read from the stored payload
//! when somebody asks first, one payload at a time and bounded, and are kept.

use std::io::{self, Read};

use serde::{Deserialize, Serialize};

use crate::domain::account::{Action, Model};
use crate::domain::ids::{PackageId, PayloadId};
use crate::formats::deb::{self, ContentsLimits};
use crate::formats::tar::Kind;
use crate::storage::headers::{self, Header, StoredContents};
use crate::storage::packages::{self, Listed};
use crate::storage::payloads::{self, CHUNK_BYTES};
use crate::storage::{Storage, StorageError};

use super::actor::Actor;
use super::{App, AppError, chain};

/// How far a payload is read for the page.
const LIMITS: ContentsLimits =
    ContentsLimits { files: 100_000, unpacked_bytes: 4 << 30, changelog_bytes: 1 << 20 };

/// All the information page shows.
#[derive(Debug, Clone)]
pub struct PackageInformation {
    pub package: Listed,
    /// `None` for a file that is no package: name, size and date are all there is.
    pub header: Option<Header>,
    pub contents: Option<PackageContents>,
}

/// What a package installs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackageContents {
    pub files: Vec<ContentsFile>,
    /// A limit was reached: there is more than is listed.
    pub truncated: bool,
    /// Newest first; empty if the package has none.
    #[serde(skip)]
    pub changelog: String,
    /// Why the payload could not be read to its end, if it could not.
    pub damage: Option<String>,
}

/// A path a package installs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ContentsFile {
    pub path: String,
    /// `file`, `directory`, `symlink`, `hardlink` or `other`.
    pub kind: String,
    pub size_bytes: u64,
    /// Permission bits.
    pub mode: u32,
    /// Where a link points to.
    pub link: Option<String>,
}

impl App {
    /// Returns what there is to know of a package.
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::NotFound`].
    pub async fn package_information(
        &self,
        actor: &Actor,
        id: PackageId,
    ) -> Result<PackageInformation, AppError> {
        actor.permit(Model::Package, Action::View)?;
        let read = self.storage().read(move |tx| -> Result<_, AppError> {
            let package = packages::get_listed(tx, id)?;
            let header = headers::find(tx, package.package.payload)?;
            let contents = headers::contents(tx, package.package.payload)?;
            Ok((package, header, contents))
        });
        let (package, header, stored) = read.await?;
        let contents = match (&header, stored) {
            (None, _) => None,
            (Some(_), Some(stored)) => Some(restore(stored)?),
            (Some(header), None) => {
                let name = header.identity.name.clone();
                Some(self.read_contents(package.package.payload, name).await?)
            }
        };
        Ok(PackageInformation { package, header, contents })
    }

    /// Reads the contents of a payload and keeps them.
    async fn read_contents(
        &self,
        payload: PayloadId,
        name: String,
    ) -> Result<PackageContents, AppError> {
        let _turn = self.reading_contents().lock().await;
        let kept = self.storage().read(move |tx| headers::contents(tx, payload)).await?;
        if let Some(kept) = kept {
            return restore(kept);
        }
        let app = self.clone();
        let reading = tokio::task::spawn_blocking(move || {
            let bytes = PayloadReader::new(app.storage(), payload.0);
            deb::contents(bytes, &name, LIMITS)
        });
        let read = reading.await.map_err(|error| AppError::Internal(error.into()))?;
        let contents = match read {
            Ok(contents) => PackageContents {
                truncated: contents.truncated,
                changelog: contents.changelog.unwrap_or_default(),
                files: contents.files.into_iter().map(file).collect(),
                damage: None,
            },
            Err(error) => {
                PackageContents { damage: Some(chain(&error)), ..PackageContents::default() }
            }
        };
        let stored = StoredContents {
            files: serde_json::to_string(&contents).unwrap_or_default(),
            changelog: contents.changelog.clone(),
        };
        self.storage().write(move |tx| headers::keep_contents(tx, payload, &stored)).await?;
        Ok(contents)
    }
}

fn restore(stored: StoredContents) -> Result<PackageContents, AppError> {
    let contents: PackageContents =
        serde_json::from_str(&stored.files).map_err(|error| AppError::Internal(error.into()))?;
    Ok(PackageContents { changelog: stored.changelog, ..contents })
}

fn file(entry: deb::FileEntry) -> ContentsFile {
    let deb::FileEntry { path, kind, size_bytes, mode, link } = entry;
    let kind = match kind {
        Kind::File => "file",
        Kind::Directory => "directory",
        Kind::Symlink => "symlink",
        Kind::HardLink => "hardlink",
        Kind::Other => "other",
    };
    ContentsFile { path, kind: kind.to_owned(), size_bytes, mode, link }
}

/// A payload as a stream, a chunk in memory at a time.
struct PayloadReader<'a> {
    storage: &'a Storage,
    payload: i64,
    next: u64,
    chunk: io::Cursor<Vec<u8>>,
    is_last: bool,
}

impl<'a> PayloadReader<'a> {
    fn new(storage: &'a Storage, payload: i64) -> Self {
        Self { storage, payload, next: 0, chunk: io::Cursor::default(), is_last: false }
    }
}

impl Read for PayloadReader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.chunk.read(buffer)?;
        if read > 0 || self.is_last || buffer.is_empty() {
            return Ok(read);
        }
        let (payload, seq) = (self.payload, self.next);
        let chunk = self.storage.read_now(|tx| payloads::chunk(tx, payload, seq));
        let chunk = match chunk {
            Ok(chunk) => chunk,
            // The last chunk was full.
            Err(StorageError::NotFound { .. }) => Vec::new(),
            Err(error) => return Err(io::Error::other(error)),
        };
        self.is_last = chunk.len() < CHUNK_BYTES;
        self.next += 1;
        self.chunk = io::Cursor::new(chunk);
        self.chunk.read(buffer)
    }
}
