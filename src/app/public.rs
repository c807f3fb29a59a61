//! The public tree (D-REPO-01): what stands behind a path below `/public/`, computed from rows.
//!
//! Names are looked up and never joined to a path of the disk, so no path leads out of the tree.
//! A file is read in stretches, some of them at once in a transaction of their own: a slow download
//! holds nothing.

use jiff::Timestamp;

use crate::domain::ids::ProjectId;
use crate::domain::scopes::View;
use crate::storage::packages::FolderLine;
use crate::storage::payloads::{self, CHUNK_BYTES, Chunks};
use crate::storage::publications::{self, Content, Found, Part};
use crate::storage::{ReadTx, package_sets, packages, projects, stores};

use super::handed::Handed;
use super::{App, AppError};
use repository::Repositories;

pub use super::handed::Reader;

mod repository;

/// What stands behind a path.
#[derive(Debug, Clone)]
pub enum Place {
    File(PublicFile),
    /// A folder: what is in it.
    Folder(Vec<FolderEntry>),
}

/// A line of a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FolderEntry {
    /// Folders end with a slash.
    pub name: String,
    /// Size in bytes and time of a file.
    pub file: Option<(u64, Timestamp)>,
}

/// A file of the public tree.
#[derive(Debug, Clone)]
pub struct PublicFile {
    pub size_bytes: u64,
    pub sha256: [u8; 32],
    pub modified: Timestamp,
    /// The path names the content: it never answers with another one.
    pub is_immutable: bool,
    content: Source,
}

/// Where the bytes of a file are.
#[derive(Debug, Clone)]
enum Source {
    Bytes(Vec<u8>),
    Pieces { codec: String, parts: Vec<Part> },
    Payload { id: i64 },
}

/// A stretch of a file, at most 256 KiB.
#[derive(Debug, Clone)]
pub struct Stretch {
    what: What,
    /// Bytes of it to leave out at the beginning, and to give.
    skip: usize,
    pub(super) take: usize,
}

#[derive(Debug, Clone)]
enum What {
    Bytes(Vec<u8>),
    Piece { codec: String, piece: publications::PieceIdentity },
    Chunk { payload: i64, seq: u64 },
}

impl PublicFile {
    /// The stretches that make up `length` bytes from `start` on.
    pub fn stretches(&self, start: u64, length: u64) -> Vec<Stretch> {
        let mut stretches = Vec::new();
        let mut offset = 0;
        let end = start + length;
        for (what, size) in self.units() {
            let (first, last) = (offset.max(start), (offset + size).min(end));
            if first < last {
                let within = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
                let (skip, take) = (within(first - offset), within(last - first));
                stretches.push(Stretch { what, skip, take });
            }
            offset += size;
        }
        stretches
    }

    /// Everything the file is made of, with lengths.
    fn units(&self) -> Vec<(What, u64)> {
        match &self.content {
            Source::Bytes(bytes) => vec![(What::Bytes(bytes.clone()), bytes.len() as u64)],
            Source::Pieces { codec, parts } => parts
                .iter()
                .map(|part| {
                    (What::Piece { codec: codec.clone(), piece: part.piece }, part.size_bytes)
                })
                .collect(),
            Source::Payload { id } => {
                let chunk = CHUNK_BYTES as u64;
                let size = |seq: u64| chunk.min(self.size_bytes - seq * chunk);
                (0..self.size_bytes.div_ceil(chunk))
                    .map(|seq| (What::Chunk { payload: *id, seq }, size(seq)))
                    .collect()
            }
        }
    }
}

impl App {
    /// Finds what stands behind the segments of a path below `/public/`.
    ///
    /// # Errors
    /// [`AppError`] from the database; nothing there is `None`.
    pub async fn public(
        &self,
        reader: Reader,
        path: Vec<String>,
    ) -> Result<Option<Place>, AppError> {
        let app = self.clone();
        self.storage()
            .read(move |tx| {
                let segments: Vec<&str> = path.iter().map(String::as_str).collect();
                find(tx, &app.0.handed, &reader, &segments)
            })
            .await
    }

    /// The public half of the key that signs repositories, ASCII-armoured (D-REPO-05).
    ///
    /// # Errors
    /// [`AppError::Unavailable`] while the key is being made.
    pub async fn repository_public_key(&self) -> Result<String, AppError> {
        let key = self.repository_key().await?;
        key.public_armoured().map_err(|error| AppError::Internal(error.into()))
    }
}

/// Fills `bytes`, as long as all of them together, with stretches of a file.
///
/// # Errors
/// [`AppError::NotFound`] if what they belong to was collected meanwhile.
pub(super) fn read(
    tx: &ReadTx<'_>,
    stretches: &[Stretch],
    mut bytes: &mut [u8],
) -> Result<(), AppError> {
    let short = || AppError::internal("a stretch of a file is shorter than recorded");
    let mut chunks = Chunks::new(tx);
    for Stretch { what, skip, take } in stretches {
        let (into, rest) = bytes.split_at_mut_checked(*take).ok_or_else(short)?;
        bytes = rest;
        let mut copy = |from: &[u8]| -> Option<()> {
            into.copy_from_slice(from.get(*skip..skip.checked_add(*take)?)?);
            Some(())
        };
        match what {
            What::Bytes(from) => copy(from).ok_or_else(short)?,
            What::Chunk { payload, seq } => chunks.fill(*payload, *seq, *skip, into)?,
            What::Piece { codec, piece } => {
                let mut from = Vec::new();
                publications::read_piece(tx, piece, codec, &mut |slice| {
                    from.extend_from_slice(slice);
                })?;
                copy(&from).ok_or_else(short)?;
            }
        }
    }
    Ok(())
}

fn find(
    tx: &ReadTx<'_>,
    handed: &Handed,
    reader: &Reader,
    path: &[&str],
) -> Result<Option<Place>, AppError> {
    let Some((project, rest)) = path.split_first() else {
        let names =
            projects::list(&tx.seen_by(View::EVERYTHING))?.into_iter().map(|project| project.name);
        return Ok(Some(folders(names)));
    };
    let Some(project) = projects::find_by_name(tx, project)? else { return Ok(None) };
    match rest {
        [] => Ok(Some(folders(["REPOSITORIES", "STORES"].map(str::to_owned)))),
        ["STORES"] => Ok(Some(folders(stores::names(tx, project.id)?))),
        ["STORES", store] => folder_of_store(tx, project.id, store),
        ["STORES", store, file, below @ ..] => in_store(tx, project.id, store, file, below),
        ["REPOSITORIES", rest @ ..] => {
            Repositories { tx, handed, reader, project: &project }.find(rest)
        }
        _ => Ok(None),
    }
}

fn published(found: Found, is_immutable: bool) -> Place {
    let content = match found.file.content {
        Content::Bytes(bytes) => Source::Bytes(bytes),
        Content::Pieces { codec, parts, .. } => Source::Pieces { codec, parts },
    };
    Place::File(PublicFile {
        size_bytes: found.file.size_bytes,
        sha256: found.file.sha256,
        modified: found.published_at,
        is_immutable,
        content,
    })
}

fn payload(tx: &ReadTx<'_>, id: i64, is_immutable: bool) -> Result<Place, AppError> {
    let payload = payloads::get(tx, id)?;
    Ok(Place::File(PublicFile {
        size_bytes: payload.size,
        sha256: payload.sha256,
        modified: payload.created_at,
        is_immutable,
        content: Source::Payload { id },
    }))
}

/// A file of a store, or what is in a set below these folders.
fn in_store(
    tx: &ReadTx<'_>,
    project: ProjectId,
    store: &str,
    name: &str,
    below: &[&str],
) -> Result<Option<Place>, AppError> {
    let Some(store) = stores::find(tx, project, store)? else { return Ok(None) };
    let package = match packages::find(tx, project, name)? {
        Some(package) if package.store == store.id => package,
        _ => return Ok(None),
    };
    let modified = package.uploaded_at;
    let file = |id| -> Result<Option<Place>, AppError> {
        Ok(Some(match payload(tx, id, false)? {
            Place::File(file) => Place::File(PublicFile { modified, ..file }),
            folder => folder,
        }))
    };
    let set = package.payload;
    if !package_sets::is_set(tx, set)? {
        return if below.is_empty() { file(set.0) } else { Ok(None) };
    }
    let path = below.join("/");
    if let Some(found) = package_sets::find_file(tx, set, &path)? {
        return file(found.payload.0);
    }
    let entries = folder_of_set(package_sets::below(tx, set, &path)?, &path, modified);
    Ok((!entries.is_empty()).then_some(Place::Folder(entries)))
}

/// The lines of a folder of a set: `files` is all below it, by path.
fn folder_of_set(files: Vec<(String, u64)>, folder: &str, modified: Timestamp) -> Vec<FolderEntry> {
    let mut entries: Vec<FolderEntry> = Vec::new();
    for (path, size) in files {
        let rest = path.strip_prefix(folder).unwrap_or(&path).trim_start_matches('/');
        let entry = match rest.split_once('/') {
            Some((name, _)) => FolderEntry { name: format!("{name}/"), file: None },
            None => FolderEntry { name: rest.to_owned(), file: Some((size, modified)) },
        };
        // What is in one folder comes together.
        if entries.last() != Some(&entry) {
            entries.push(entry);
        }
    }
    entries
}

fn folder_of_store(
    tx: &ReadTx<'_>,
    project: ProjectId,
    store: &str,
) -> Result<Option<Place>, AppError> {
    let Some(store) = stores::find(tx, project, store)? else { return Ok(None) };
    let line = |line: FolderLine| match line.is_set {
        true => FolderEntry { name: format!("{}/", line.name), file: None },
        false => FolderEntry { file: timed(line.size_bytes, line.uploaded_at_ms), name: line.name },
    };
    Ok(Some(Place::Folder(packages::files(tx, store.id)?.into_iter().map(line).collect())))
}

fn timed(size_bytes: u64, at_ms: i64) -> Option<(u64, Timestamp)> {
    Some((size_bytes, Timestamp::from_millisecond(at_ms).ok()?))
}

fn folders(names: impl IntoIterator<Item = String>) -> Place {
    let entry = |name: String| FolderEntry { name: format!("{name}/"), file: None };
    Place::Folder(names.into_iter().map(entry).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(content: Source, size_bytes: u64) -> PublicFile {
        let modified = Timestamp::UNIX_EPOCH;
        PublicFile { size_bytes, sha256: [0; 32], modified, is_immutable: false, content }
    }

    impl Stretch {
        /// Stretches of so many bytes.
        pub(in crate::app) fn of_bytes(sizes: &[usize]) -> Vec<Self> {
            let stretch =
                |take: &usize| Self { what: What::Bytes(Vec::new()), skip: 0, take: *take };
            sizes.iter().map(stretch).collect()
        }
    }

    #[test]
    fn a_range_reads_only_the_chunks_it_touches() {
        let chunk = CHUNK_BYTES as u64;
        let payload = file(Source::Payload { id: 1 }, 3 * chunk + 10);
        let stretches = |start, length| -> Vec<(u64, usize, usize)> {
            let stretches = payload.stretches(start, length).into_iter();
            stretches
                .map(|stretch| match stretch.what {
                    What::Chunk { seq, .. } => (seq, stretch.skip, stretch.take),
                    other => panic!("{other:?}"),
                })
                .collect()
        };
        assert_eq!(stretches(0, 3 * chunk + 10).len(), 4);
        assert_eq!(stretches(3 * chunk, 10), [(3, 0, 10)]);
        assert_eq!(stretches(chunk - 1, 2), [(0, CHUNK_BYTES - 1, 1), (1, 0, 1)]);
        assert_eq!(stretches(5, 0), []);
    }
}
