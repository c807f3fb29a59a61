//! A file of the public tree on its way to a client: how much of it is read at once.
//!
//! Reading is the blocking pool's, ahead of the client. Each read wakes a thread and is waited for by
//! another, so larger ones make a download cheaper, and take memory. Those under way share a budget:
//! few of them read a mebibyte at once and several ahead, fifty a chunk and two. What a full read
//! filled is filled again once it is sent: new memory would be cleared first, which costs half of what
//! reading does (docs/adr/0021).

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, stream};

use crate::storage::ReadTx;
use crate::storage::payloads::CHUNK_BYTES;

use super::public::{PublicFile, Stretch, read};
use super::{App, AppError};

/// Bytes that the reads of all downloads under way take together, while there is a chunk for each.
const BUDGET_BYTES: usize = 16 << 20;
/// Bytes that a download reads at once, if the budget allows.
const BATCH_BYTES: usize = 4 * CHUNK_BYTES;
/// Reads under way while what an earlier one brought is sent: of one download among many, and of the
/// only one.
const AHEAD: (usize, usize) = (2, 6);

/// How many downloads are under way, and the memory they read into.
#[derive(Debug, Clone, Default)]
pub(super) struct Downloads(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    under_way: AtomicUsize,
    /// [`BATCH_BYTES`] each, at most what one download needs.
    idle: Mutex<Vec<Vec<u8>>>,
}

/// What a read filled; its memory goes back when the last slice of it was sent.
struct Filled {
    bytes: Vec<u8>,
    downloads: Downloads,
}

/// The rest of a file, in batches that are read at once; counts as under way until it is dropped.
#[derive(Debug)]
struct Batches {
    stretches: std::vec::IntoIter<Stretch>,
    downloads: Downloads,
}

impl App {
    /// Reads `length` bytes of a file from `start` on, in pieces of at most a mebibyte, as fast as
    /// they are asked for.
    ///
    /// # Errors
    /// The stream ends with [`AppError::NotFound`] if the file was collected meanwhile.
    pub fn download(
        self: Arc<Self>,
        file: &PublicFile,
        start: u64,
        length: u64,
    ) -> impl Stream<Item = Result<Bytes, AppError>> + use<> {
        let batches = Batches::begin(file.stretches(start, length), &self.0.downloads);
        let ahead = batches.downloads.ahead();
        let read_batch = move |batch: Vec<Stretch>| {
            let app = Arc::clone(&self);
            async move {
                let downloads = app.0.downloads.clone();
                let filled = move |tx: &ReadTx<'_>| -> Result<Bytes, AppError> {
                    let mut filled =
                        downloads.memory(batch.iter().map(|stretch| stretch.take).sum());
                    read(tx, &batch, &mut filled.bytes)?;
                    Ok(Bytes::from_owner(filled))
                };
                app.storage().read(filled).await
            }
        };
        stream::iter(batches).map(read_batch).buffered(ahead)
    }
}

impl Downloads {
    fn under_way(&self) -> usize {
        self.0.under_way.load(Ordering::Relaxed).max(1)
    }

    /// Reads ahead of a download that begins now.
    fn ahead(&self) -> usize {
        let (least, most) = AHEAD;
        (BUDGET_BYTES / BATCH_BYTES / self.under_way()).clamp(least, most)
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Vec<u8>>> {
        self.0.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Memory of this size, with whatever stood in it.
    fn memory(&self, length: usize) -> Filled {
        let used = if length == BATCH_BYTES { self.idle().pop() } else { None };
        Filled { bytes: used.unwrap_or_else(|| vec![0; length]), downloads: self.clone() }
    }
}

impl AsRef<[u8]> for Filled {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for Filled {
    fn drop(&mut self) {
        if self.bytes.len() == BATCH_BYTES {
            let mut idle = self.downloads.idle();
            if idle.len() < AHEAD.1 {
                idle.push(std::mem::take(&mut self.bytes));
            }
        }
    }
}

impl Batches {
    fn begin(stretches: Vec<Stretch>, downloads: &Downloads) -> Self {
        downloads.0.under_way.fetch_add(1, Ordering::Relaxed);
        Self { stretches: stretches.into_iter(), downloads: downloads.clone() }
    }
}

impl Iterator for Batches {
    type Item = Vec<Stretch>;

    fn next(&mut self) -> Option<Vec<Stretch>> {
        let room = (BUDGET_BYTES / self.downloads.under_way() / AHEAD.0).min(BATCH_BYTES);
        let first = self.stretches.next()?;
        let (mut bytes, mut batch) = (first.take, vec![first]);
        while let Some(next) = self.stretches.as_slice().first() {
            bytes = bytes.saturating_add(next.take);
            if bytes > room {
                break;
            }
            batch.extend(self.stretches.next());
        }
        Some(batch)
    }
}

impl Drop for Batches {
    fn drop(&mut self) {
        self.downloads.0.under_way.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sizes(batches: Batches) -> Vec<usize> {
        batches.map(|batch| batch.len()).collect()
    }

    #[test]
    fn few_downloads_read_more_at_once_than_many() {
        let downloads = Downloads::default();
        let begin = || Batches::begin(Stretch::of_bytes(&[CHUNK_BYTES; 9]), &downloads);
        assert_eq!(sizes(begin()), [4, 4, 1]);
        let others: Vec<Batches> = (0..49).map(|_| begin()).collect();
        assert_eq!(sizes(begin()), [1; 9]);
        drop(others);
        assert_eq!(sizes(begin()), [4, 4, 1]);
    }

    #[test]
    fn few_downloads_read_further_ahead_than_many() {
        let downloads = Downloads::default();
        let mut others = Vec::new();
        let mut begin = || {
            others.push(Batches::begin(Vec::new(), &downloads));
            downloads.ahead()
        };
        let ahead: Vec<usize> = (0..9).map(|_| begin()).collect();
        assert_eq!(ahead, [6, 6, 5, 4, 3, 2, 2, 2, 2]);
    }

    #[test]
    fn memory_of_full_reads_is_used_again_up_to_what_one_download_needs() {
        let downloads = Downloads::default();
        let idle = || downloads.idle().len();
        let first = downloads.memory(BATCH_BYTES);
        let address = first.bytes.as_ptr();
        drop((Bytes::from_owner(first), downloads.memory(BATCH_BYTES - 1)));
        assert_eq!(idle(), 1);
        assert_eq!(downloads.memory(BATCH_BYTES).bytes.as_ptr(), address);
        drop((0..10).map(|_| downloads.memory(BATCH_BYTES)).collect::<Vec<_>>());
        assert_eq!(idle(), AHEAD.1);
    }

    #[test]
    fn small_stretches_are_read_together() {
        let stretches = Stretch::of_bytes(&[1000, 20_000, CHUNK_BYTES, 5, 2 * BATCH_BYTES, 7]);
        assert_eq!(sizes(Batches::begin(stretches, &Downloads::default())), [4, 1, 1]);
    }
}
