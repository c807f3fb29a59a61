//! A file of the public tree on its way to a client: where it is read.
//!
//! What the system has in memory is read by the thread that sends it, a chunk at a time: to wake
//! another thread would take as long as the reading, and the bytes would travel between processors.
//! What comes from a disk is read by the blocking pool, ahead of the client. A read tells which it is
//! by the time it took, so a disk holds up other connections for one chunk at most before it is found
//! out.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, stream};

use crate::storage::ReadTx;
use crate::storage::payloads::CHUNK_BYTES;

use super::public::{PublicFile, Stretch, read};
use super::{App, AppError};

/// Bytes that are read at once: one chunk, or as many small pieces.
const BATCH_BYTES: usize = CHUNK_BYTES;
/// Batches being read by the pool while one is sent.
const AHEAD: usize = 2;
/// A batch comes from memory if it took no longer: several times what copying it takes, a fraction
/// of what a disk does.
const FROM_MEMORY: Duration = Duration::from_micros(400);

/// Whether the last batch of a download came from memory.
#[derive(Debug, Clone, Default)]
struct Pace(Arc<AtomicBool>);

impl Pace {
    fn is_from_memory(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Reads a batch, and keeps how long that took.
    fn read(&self, tx: &ReadTx<'_>, batch: &[Stretch]) -> Result<Vec<Bytes>, AppError> {
        let begun = Instant::now();
        let bytes = read(tx, batch)?;
        self.0.store(begun.elapsed() <= FROM_MEMORY, Ordering::Relaxed);
        Ok(bytes)
    }
}

impl App {
    /// Reads `length` bytes of a file from `start` on, in pieces of at most 256 KiB, as fast as they
    /// are asked for.
    ///
    /// # Errors
    /// The stream ends with [`AppError::NotFound`] if the file was collected meanwhile.
    pub fn download(
        self: Arc<Self>,
        file: &PublicFile,
        start: u64,
        length: u64,
    ) -> impl Stream<Item = Result<Vec<Bytes>, AppError>> + use<> {
        let pace = Pace::default();
        let batches = batches(file.stretches(start, length));
        let read = move |batch| read_batch(Arc::clone(&self), pace.clone(), batch);
        stream::iter(batches).map(read).buffered(AHEAD)
    }
}

async fn read_batch(
    app: Arc<App>,
    pace: Pace,
    batch: Vec<Stretch>,
) -> Result<Vec<Bytes>, AppError> {
    if pace.is_from_memory() {
        // Others on this thread have their turn between two batches.
        tokio::task::yield_now().await;
        if let Some(read) = app.storage().try_read_now(|tx| pace.read(tx, &batch)) {
            return read;
        }
    }
    app.storage().read(move |tx| pace.read(tx, &batch)).await
}

/// Stretches that are read together, in order: a large one, or some small ones.
fn batches(stretches: Vec<Stretch>) -> impl Iterator<Item = Vec<Stretch>> {
    let mut stretches = stretches.into_iter().peekable();
    std::iter::from_fn(move || {
        let first = stretches.next()?;
        let (mut bytes, mut batch) = (first.take, vec![first]);
        let fits = |next: &Stretch, bytes: usize| bytes.saturating_add(next.take) <= BATCH_BYTES;
        while let Some(next) = stretches.next_if(|next| fits(next, bytes)) {
            bytes += next.take;
            batch.push(next);
        }
        Some(batch)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_stretches_are_read_together() {
        let stretches = Stretch::of_bytes(&[1000, 20_000, CHUNK_BYTES, 5, 7, CHUNK_BYTES - 12, 1]);
        let sizes: Vec<usize> = batches(stretches).map(|batch| batch.len()).collect();
        assert_eq!(sizes, [2, 1, 3, 1]);
        assert_eq!(batches(Vec::new()).count(), 0);
    }
}
