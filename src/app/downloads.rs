//! A file of the public tree on its way to a client: how much of it is read at once.
//!
//! Reading is the blocking pool's, ahead of the client. Each read wakes a thread and is waited for by
//! another, so larger ones make a download cheaper, and take memory. Those under way share a budget:
//! few of them read a mebibyte at once, fifty a chunk.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, stream};

use crate::storage::ReadTx;
use crate::storage::payloads::CHUNK_BYTES;

use super::public::{PublicFile, Stretch, read};
use super::{App, AppError};

/// Bytes that one read of each download under way takes, all together.
const BUDGET_BYTES: usize = 16 << 20;
/// Bytes that a download reads at once, if the budget allows.
const BATCH_BYTES: usize = 4 * CHUNK_BYTES;
/// Reads under way while what an earlier one brought is sent.
const AHEAD: usize = 2;

/// How many downloads are under way.
#[derive(Debug, Clone, Default)]
pub(super) struct Downloads(Arc<AtomicUsize>);

/// The rest of a file, in batches that are read at once; counts as under way until it is dropped.
#[derive(Debug)]
struct Batches {
    stretches: std::vec::IntoIter<Stretch>,
    under_way: Downloads,
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
        let read_batch = move |batch: Vec<Stretch>| {
            let app = Arc::clone(&self);
            async move {
                let filled = move |tx: &ReadTx<'_>| -> Result<Bytes, AppError> {
                    let mut bytes = vec![0; batch.iter().map(|stretch| stretch.take).sum()];
                    read(tx, &batch, &mut bytes)?;
                    Ok(bytes.into())
                };
                app.storage().read(filled).await
            }
        };
        stream::iter(batches).map(read_batch).buffered(AHEAD)
    }
}

impl Batches {
    fn begin(stretches: Vec<Stretch>, under_way: &Downloads) -> Self {
        under_way.0.fetch_add(1, Ordering::Relaxed);
        Self { stretches: stretches.into_iter(), under_way: under_way.clone() }
    }
}

impl Iterator for Batches {
    type Item = Vec<Stretch>;

    fn next(&mut self) -> Option<Vec<Stretch>> {
        let downloads = self.under_way.0.load(Ordering::Relaxed).max(1);
        let room = (BUDGET_BYTES / downloads).min(BATCH_BYTES);
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
        self.under_way.0.fetch_sub(1, Ordering::Relaxed);
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
        let under_way = Downloads::default();
        let begin = || Batches::begin(Stretch::of_bytes(&[CHUNK_BYTES; 9]), &under_way);
        assert_eq!(sizes(begin()), [4, 4, 1]);
        let others: Vec<Batches> = (0..49).map(|_| begin()).collect();
        assert_eq!(sizes(begin()), [1; 9]);
        drop(others);
        assert_eq!(sizes(begin()), [4, 4, 1]);
    }

    #[test]
    fn small_stretches_are_read_together() {
        let stretches = Stretch::of_bytes(&[1000, 20_000, CHUNK_BYTES, 5, 2 * BATCH_BYTES, 7]);
        assert_eq!(sizes(Batches::begin(stretches, &Downloads::default())), [4, 1, 1]);
    }
}
