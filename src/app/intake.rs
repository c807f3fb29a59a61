//! Bytes on their way into a payload: digests, parser and chunk rows in one pass.
//!
//! Memory is constant: a batch that fills, and one that is being written while the next is
//! hashed. Nothing of it is visible, nor need be on disk, before [`Ended::store`] runs in the
//! transaction that records the file; an intake that is dropped earlier takes its rows away.

use bytes::Buf;
use jiff::Timestamp;

use crate::formats::digests::{Digester, Digests, Further};
use crate::formats::package::{Package, PackageError, Reader};
use crate::storage::payloads::{self, CHUNK_BYTES, Payload};
use crate::storage::{StorageError, WriteTx};

use super::reason::reason;
use super::{App, AppError, chain};

/// Bytes hashed and written at once: four chunk rows.
const BATCH_BYTES: usize = 4 * CHUNK_BYTES;
/// Room that an upload leaves whatever comes: cleaning up needs some, and so does all else that a
/// site writes meanwhile.
const RESERVE_BYTES: u64 = 32 << 20;
/// Of that, what must be free on the disk itself: the write-ahead log grows there, also where the
/// rows find room in the file.
const LOG_BYTES: u64 = 16 << 20;

/// A payload that is arriving.
pub(super) struct Intake {
    app: App,
    limit_bytes: u64,
    size_bytes: u64,
    /// Away while a batch is being hashed.
    passed: Option<Passed>,
    filling: Vec<u8>,
    /// Hashed, and not yet written.
    hashed: Vec<u8>,
    rows: Rows,
}

/// What looks at every byte.
#[derive(Default)]
struct Passed {
    digester: Digester,
    /// `None` for a regular file.
    reader: Option<Reader>,
}

impl Passed {
    fn new(reader: Option<Reader>) -> Self {
        let digester = reader.as_ref().map(Reader::digester).unwrap_or_default();
        Self { digester, reader }
    }
}

/// The rows of an incomplete payload; dropping it drops them, too.
struct Rows {
    app: App,
    payload: Option<i64>,
    chunks: u64,
    now: Timestamp,
}

/// All bytes have come.
pub(super) struct Ended {
    pub digests: Digests,
    /// `None` for a regular file.
    pub package: Option<Package>,
    rest: Vec<u8>,
    rows: Rows,
}

impl Intake {
    /// Begins; `reader` looks into a package, `announced` is the size the sender tells, if it does.
    ///
    /// # Errors
    /// [`AppError::TooLarge`] and [`AppError::DiskFull`] before a byte has come.
    pub(super) fn begin(
        app: &App,
        reader: Option<Reader>,
        announced: Option<u64>,
        now: Timestamp,
    ) -> Result<Self, AppError> {
        let limit_bytes = app.options().max_package_size;
        let announced = announced.unwrap_or_default();
        if announced > limit_bytes {
            return Err(AppError::TooLarge { limit_bytes });
        }
        check_room(app, announced)?;
        Ok(Self {
            app: app.clone(),
            limit_bytes,
            size_bytes: 0,
            passed: Some(Passed::new(reader)),
            filling: Vec::new(),
            hashed: Vec::new(),
            rows: Rows { app: app.clone(), payload: None, chunks: 0, now },
        })
    }

    /// Takes the next bytes; returns when there is room for more.
    ///
    /// # Errors
    /// [`AppError::TooLarge`], [`AppError::DiskFull`], or [`AppError::Invalid`] as soon as it is
    /// certain that this is no package. Push no more then.
    pub(super) async fn push(&mut self, mut bytes: impl Buf) -> Result<(), AppError> {
        self.size_bytes += bytes.remaining() as u64;
        if self.size_bytes > self.limit_bytes {
            return Err(AppError::TooLarge { limit_bytes: self.limit_bytes });
        }
        while bytes.has_remaining() {
            let room = BATCH_BYTES.saturating_sub(self.filling.len());
            let slice = bytes.chunk();
            let slice = slice.get(..room).unwrap_or(slice);
            self.filling.extend_from_slice(slice);
            let taken = slice.len();
            bytes.advance(taken);
            if self.filling.len() == BATCH_BYTES {
                self.flush().await?;
            }
        }
        Ok(())
    }

    /// Hashes what filled up while the batch before it is written.
    async fn flush(&mut self) -> Result<(), AppError> {
        check_room(&self.app, 0)?;
        let batch = std::mem::take(&mut self.filling);
        let passed = self.passed.take().unwrap_or_default();
        let hashing = tokio::task::spawn_blocking(move || pass(passed, batch));
        let written = self.rows.append(std::mem::take(&mut self.hashed));
        let (hashing, written) = futures_util::join!(hashing, written);
        let mut emptied = written?;
        let (passed, batch) = hashing.map_err(|error| AppError::Internal(error.into()))??;
        self.passed = Some(passed);
        self.hashed = batch;
        emptied.clear();
        self.filling = emptied;
        Ok(())
    }

    /// Ends the stream.
    ///
    /// # Errors
    /// [`AppError::Invalid`] if it is no package, or not all of one.
    pub(super) async fn end(mut self) -> Result<Ended, AppError> {
        if self.rows.payload.is_some() || !self.hashed.is_empty() {
            self.flush().await?;
        } else {
            // A small file: all of it is hashed here and written with its record.
            let batch = std::mem::take(&mut self.filling);
            let passed = self.passed.take().unwrap_or_default();
            let hashing = tokio::task::spawn_blocking(move || pass(passed, batch));
            let (passed, batch) =
                hashing.await.map_err(|error| AppError::Internal(error.into()))??;
            self.passed = Some(passed);
            self.hashed = batch;
        }
        let Passed { digester, reader } = self.passed.take().unwrap_or_default();
        let package = reader.map(|reader| reader.finish().map_err(not_a_package)).transpose()?;
        Ok(Ended { digests: digester.finish(), package, rest: self.hashed, rows: self.rows })
    }
}

/// Looks at a batch, on the blocking pool.
fn pass(mut passed: Passed, batch: Vec<u8>) -> Result<(Passed, Vec<u8>), AppError> {
    passed.digester.update(&batch);
    if let Some(reader) = &mut passed.reader {
        reader.push(&batch).map_err(not_a_package)?;
    }
    Ok((passed, batch))
}

fn not_a_package(error: PackageError) -> AppError {
    let problem = chain(&error);
    let reason = match error {
        PackageError::Metadata(_) => reason!(
            "{problem}, so it cannot be part of a repository (as a regular file it can be stored)",
            problem = problem
        ),
        _ => reason!("{problem}, so it cannot be stored as a package", problem = problem),
    };
    AppError::invalid("file", reason)
}

/// Asked at the start for all that was announced, and before each batch, since nobody else waits.
fn check_room(app: &App, announced: u64) -> Result<(), AppError> {
    let needed = announced.saturating_add(RESERVE_BYTES);
    let Some(free) = app.storage().free_bytes().filter(|free| *free < needed) else {
        return Ok(());
    };
    // What another upload left behind has room again before the disk knows of it.
    if free >= LOG_BYTES && free.saturating_add(app.storage().reusable_bytes()?) >= needed {
        return Ok(());
    }
    Err(AppError::DiskFull)
}

impl Rows {
    /// Writes a batch as chunk rows and gives the buffer back.
    async fn append(&mut self, batch: Vec<u8>) -> Result<Vec<u8>, AppError> {
        if batch.is_empty() {
            return Ok(batch);
        }
        let (payload, first, now) = (self.payload, self.chunks, self.now);
        let chunks = batch.len().div_ceil(CHUNK_BYTES) as u64;
        let written = self.app.storage().write_ahead(move |tx| -> Result<_, AppError> {
            let payload = payload.map_or_else(|| payloads::begin(tx, now), Ok)?;
            payloads::append(tx, payload, first, &batch)?;
            Ok((payload, batch))
        });
        let (payload, batch) = written.await?;
        self.payload = Some(payload);
        self.chunks += chunks;
        Ok(batch)
    }
}

impl Drop for Rows {
    fn drop(&mut self) {
        let Some(payload) = self.payload.take() else { return };
        // Without a runtime the process is ending; the next start drops the rows.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            let app = self.app.clone();
            runtime.spawn(async move { app.trim_payload(payload).await });
        }
    }
}

impl Ended {
    /// Makes the payload real. The caller records what refers to it in the same transaction, and
    /// calls [`Ended::keep`] once that is committed.
    pub(super) fn store(&self, tx: &WriteTx<'_>, now: Timestamp) -> Result<Payload, StorageError> {
        let id = self.rows.payload.map_or_else(|| payloads::begin(tx, now), Ok)?;
        payloads::append(tx, id, self.rows.chunks, &self.rest)?;
        let Digests { size_bytes, sha256, further } = &self.digests;
        let further = further.as_ref().map(|Further { md5, sha1, sha512 }| payloads::Further {
            md5: *md5,
            sha1: *sha1,
            sha512: *sha512,
        });
        let digests = payloads::Digests { sha256: *sha256, further };
        let stored = payloads::finish(tx, id, *size_bytes, &digests)?;
        if stored.id != id && self.rows.payload.is_none() {
            payloads::trim(tx, id)?;
        }
        Ok(stored)
    }

    /// The rows belong to a recorded payload now, unless `stored` is an older one.
    pub(super) fn keep(&mut self, stored: i64) {
        if self.rows.payload == Some(stored) {
            self.rows.payload = None;
        }
    }
}

impl App {
    /// Takes away the rows of a payload in short transactions.
    pub(super) async fn trim_payload(&self, payload: i64) {
        loop {
            let trimmed = self.storage().write(move |tx| payloads::trim(tx, payload)).await;
            match trimmed {
                Ok(true) => break,
                Ok(false) => {}
                Err(error) => {
                    let error = chain(&error);
                    tracing::warn!(
                        payload,
                        error,
                        "an abandoned upload stays until the next start"
                    );
                    break;
                }
            }
        }
    }
}
