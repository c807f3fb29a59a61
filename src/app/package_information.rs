//! What a package says about itself and what it installs: the information page (D-PMS-03).
//!
//! The header was read at upload. The file list and the changelog are read from the stored payload
//! when somebody asks first, one payload at a time and bounded, and are kept; those of an rpm
//! stand in its headers.

use std::io::{self, Read};

use serde::{Deserialize, Serialize};

use crate::domain::account::{Action, Model};
use crate::domain::ids::{PackageId, PayloadId};
use crate::domain::package::Format;
use crate::formats::deb::{self, ContentsLimits};
use crate::formats::rpm::{self, FileKind, RpmError};
use crate::formats::tar::Kind;
use crate::storage::headers::{self, StoredContents};
use crate::storage::packages::{self, Listed};
use crate::storage::payloads::{CHUNK_BYTES, Chunks};
use crate::storage::{Storage, StorageError};

use super::actor::Actor;
use super::package_header::rpm_changelog;
use super::{App, AppError, chain};

pub use crate::storage::headers::Header;

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
    /// `file`, `directory`, `symlink`, `hardlink`, `ghost` (of an rpm: not in it) or `other`.
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
        let read = self.see(actor, move |tx| -> Result<_, AppError> {
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
                Some(self.read_contents(package.package.payload, header).await?)
            }
        };
        Ok(PackageInformation { package, header, contents })
    }

    /// Reads the contents of a payload and keeps them.
    async fn read_contents(
        &self,
        payload: PayloadId,
        header: &Header,
    ) -> Result<PackageContents, AppError> {
        let _turn = self.reading_contents().lock().await;
        let kept = self.storage().read(move |tx| headers::contents(tx, payload)).await?;
        if let Some(kept) = kept {
            return restore(kept);
        }
        let (app, format, name) = (self.clone(), header.format, header.identity.name.clone());
        let reading = tokio::task::spawn_blocking(move || {
            let store = app.storage();
            let bytes = PayloadReader::new(&store, payload.0);
            match format {
                Format::Deb => deb_contents(bytes, &name),
                Format::Rpm => rpm_contents(bytes),
                // It installs nothing.
                Format::Comps | Format::Updateinfo | Format::Modules | Format::Set => {
                    Ok(PackageContents::default())
                }
            }
        });
        let read = reading.await.map_err(|error| AppError::Internal(error.into()))?;
        let contents = read.unwrap_or_else(|damage| PackageContents {
            damage: Some(damage),
            ..PackageContents::default()
        });
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

/// Unpacks the payload as far as the limits go.
fn deb_contents(bytes: PayloadReader<'_>, name: &str) -> Result<PackageContents, String> {
    let contents = deb::contents(bytes, name, LIMITS).map_err(|error| chain(&error))?;
    Ok(PackageContents {
        truncated: contents.truncated,
        changelog: contents.changelog.unwrap_or_default(),
        files: contents.files.into_iter().map(deb_file).collect(),
        damage: None,
    })
}

/// Reads the headers once more: all of it stands there, the payload is not touched.
fn rpm_contents(mut bytes: PayloadReader<'_>) -> Result<PackageContents, String> {
    let mut reader = rpm::Reader::default();
    let mut buffer = vec![0; CHUNK_BYTES];
    loop {
        let count = bytes.read(&mut buffer).map_err(|error| chain(&error))?;
        let slice = buffer.get(..count).unwrap_or_default();
        reader.push(slice).map_err(|error| chain(&error))?;
        if let Some(package) = reader.headers() {
            let files = package.files.iter().take(LIMITS.files);
            return Ok(PackageContents {
                truncated: package.files.len() > LIMITS.files,
                changelog: rpm_changelog(package, LIMITS.changelog_bytes),
                files: files.map(rpm_file).collect(),
                damage: None,
            });
        }
        if count == 0 {
            return Err(chain(&RpmError::Truncated { inside: "the headers" }));
        }
    }
}

fn rpm_file(file: &rpm::File) -> ContentsFile {
    let kind = match file.kind() {
        FileKind::Directory => "directory",
        FileKind::Ghost => "ghost",
        FileKind::File if file.is_symlink() => "symlink",
        FileKind::File => "file",
    };
    ContentsFile {
        path: file.path.clone(),
        kind: kind.to_owned(),
        size_bytes: file.size_bytes,
        mode: u32::from(file.mode) & 0o7777,
        link: Some(file.link.clone()).filter(|link| !link.is_empty()),
    }
}

fn deb_file(entry: deb::FileEntry) -> ContentsFile {
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
        let chunk = self.storage.read_now(|tx| Chunks::new(tx).read(payload, seq));
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
