//! The one writer: a thread that owns the only read-write connection and commits in groups.
//!
//! It takes every job that waits (at most [`BATCH`]), runs each in a savepoint of one
//! transaction, commits, and only then answers: a change that was acknowledged is on disk, and
//! one flush serves all that waited. A failing or panicking job loses only its own savepoint; a
//! failed commit fails the whole batch.
//!
//! Changes that nothing refers to yet are committed without a flush ([`Fate::StaysLater`]). The log
//! is one file: the flush of the next change that needs one covers all that stands before it there.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::{StorageError, WriteTx, changes};

/// Jobs that may wait before callers are told to come back.
const QUEUE: usize = 1024;
/// Jobs of one commit.
const BATCH: usize = 256;
/// Quiet time after which the write-ahead log is folded into the file.
const IDLE: Duration = Duration::from_secs(5);
/// Free pages given back to the disk in one quiet moment: 64 MiB.
const VACUUM_PAGES: u32 = 4096;

/// What becomes of a job that succeeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is committed, and on disk before it is answered.
    Stays,
    /// It is committed, and on disk with the next that [`Fate::Stays`]; a power failure before
    /// that undoes it.
    StaysLater,
    /// It is rolled back: somebody only wants to know what it would do.
    TriedOut,
}

/// What a job left behind: whether its savepoint stays, and who tells the caller.
struct Ran {
    keep: bool,
    answer: Box<dyn FnOnce(Result<(), StorageError>) + Send>,
}

struct Job {
    needs_flush: bool,
    run: Box<dyn FnOnce(&WriteTx<'_>) -> Ran + Send>,
}

/// Handle to the writer thread; dropping it stops the thread after the jobs that wait.
#[derive(Debug)]
pub(super) struct Writer {
    queue: Option<SyncSender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread on its connection.
    pub(super) fn start(connection: Connection) -> std::io::Result<Self> {
        let (queue, jobs) = sync_channel(QUEUE);
        let thread = std::thread::Builder::new()
            .name("migas-writer".into())
            .spawn(move || run(connection, &jobs))?;
        Ok(Self { queue: Some(queue), thread: Some(thread) })
    }

    /// Enqueues a change; the receiver resolves once it is on disk, or rolled back. What it noted
    /// of rows is kept with it, see [`changes`].
    ///
    /// # Errors
    /// [`StorageError::Busy`] with a full queue; what the job itself returns.
    pub(super) fn submit<T, E, F>(
        &self,
        change: F,
        fate: Fate,
    ) -> Result<oneshot::Receiver<Result<T, E>>, StorageError>
    where
        F: FnOnce(&WriteTx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StorageError> + Send + 'static,
    {
        let (reply, receiver) = oneshot::channel();
        let stays = fate != Fate::TriedOut;
        let run = Box::new(move |tx: &WriteTx<'_>| {
            let result = change(tx).and_then(|value| {
                if stays {
                    changes::finish(tx)?;
                }
                Ok(value)
            });
            let keep = result.is_ok() && stays;
            let answer = move |committed: Result<(), StorageError>| {
                let outcome = match stays {
                    true => result.and_then(|value| Ok(committed.map(|()| value)?)),
                    false => result,
                };
                let _the_caller_may_have_gone = reply.send(outcome);
            };
            Ran { keep, answer: Box::new(answer) }
        });
        let queue = self.queue.as_ref().ok_or(StorageError::Abandoned)?;
        let job = Job { needs_flush: fate == Fate::Stays, run };
        queue.try_send(job).map_err(|error| match error {
            TrySendError::Full(_) => StorageError::Busy,
            TrySendError::Disconnected(_) => StorageError::Abandoned,
        })?;
        Ok(receiver)
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        drop(self.queue.take());
        if let Some(thread) = self.thread.take() {
            let _a_panic_was_logged = thread.join();
        }
    }
}

fn run(connection: Connection, jobs: &Receiver<Job>) {
    let mut waiting = None;
    loop {
        let first = match waiting.take() {
            Some(job) => Ok(job),
            None => jobs.recv_timeout(IDLE),
        };
        match first {
            Ok(first) => waiting = batch(&connection, first, jobs),
            Err(RecvTimeoutError::Timeout) => fold_log(&connection),
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    fold_log(&connection);
}

/// Runs `first` and all that wait behind it in one transaction, then answers them. A job that
/// needs a flush is not taken along where `first` needs none: it is returned.
fn batch(connection: &Connection, first: Job, jobs: &Receiver<Job>) -> Option<Job> {
    let flushes = first.needs_flush;
    let begun = connection.execute_batch(match flushes {
        true => "PRAGMA synchronous = FULL; BEGIN IMMEDIATE",
        false => "PRAGMA synchronous = NORMAL; BEGIN IMMEDIATE",
    });
    let mut answers = Vec::new();
    let (mut next, mut waiting) = (Some(first), None);
    while let Some(job) = next.take() {
        if begun.is_ok() {
            answers.extend(run_job(connection, job));
        }
        if answers.len() < BATCH {
            next = jobs.try_recv().ok();
        }
        waiting = next.take_if(|next| next.needs_flush && !flushes);
    }
    let committed = begun.and_then(|()| connection.execute_batch("COMMIT"));
    if let Err(error) = &committed {
        tracing::error!(%error, changes = answers.len(), "a group of changes was not committed");
        let _nothing_open_is_fine = connection.execute_batch("ROLLBACK");
    }
    for answer in answers {
        // rusqlite's errors do not clone: the first part of the text is what callers need.
        answer(match &committed {
            Ok(()) => Ok(()),
            Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::DiskFull) => {
                Err(StorageError::DiskFull)
            }
            Err(_) => Err(StorageError::Abandoned),
        });
    }
    waiting
}

type Answer = Box<dyn FnOnce(Result<(), StorageError>) + Send>;

/// Runs one job in a savepoint; a panic drops its answer, so that the caller is told.
fn run_job(connection: &Connection, job: Job) -> Option<Answer> {
    if let Err(error) = connection.execute_batch("SAVEPOINT job") {
        tracing::error!(%error, "a change could not begin");
        return None;
    }
    let ran = catch_unwind(AssertUnwindSafe(|| (job.run)(&WriteTx::new(connection))));
    let keep = matches!(&ran, Ok(ran) if ran.keep);
    let end = if keep { "RELEASE job" } else { "ROLLBACK TO job; RELEASE job" };
    let ended = connection.execute_batch(end);
    match (ran, ended) {
        (Ok(ran), Ok(())) => Some(ran.answer),
        // A full disk may have ended the whole transaction: COMMIT will say so for all.
        (Ok(ran), Err(_)) => Some(ran.answer),
        (Err(_), _) => {
            tracing::error!("a change panicked and was rolled back");
            None
        }
    }
}

/// Gives the disk back what deleted payloads left, a piece at a time, and empties the log.
fn fold_log(connection: &Connection) {
    let folded = connection
        .prepare(&format!("PRAGMA incremental_vacuum({VACUUM_PAGES})"))
        .and_then(|mut vacuum| {
            // The pragma frees one page for each row that is asked of it.
            let mut rows = vacuum.query([])?;
            while rows.next()?.is_some() {}
            Ok(())
        })
        .and_then(|()| connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())));
    if let Err(error) = folded {
        tracing::debug!(%error, "the write-ahead log stays for now");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quiet_moment_gives_the_disk_back_what_was_deleted() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("t.db");
        let connection = Connection::open(&path).unwrap();
        let schema = "PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL;
                      CREATE TABLE t (b BLOB) STRICT;";
        connection.execute_batch(schema).unwrap();
        connection.execute("INSERT INTO t VALUES (zeroblob(4000000))", []).unwrap();
        connection.execute("DELETE FROM t", []).unwrap();
        fold_log(&connection);
        assert!(std::fs::metadata(&path).unwrap().len() < 100_000);
        assert_eq!(std::fs::metadata(dir.path().join("t.db-wal")).unwrap().len(), 0);
    }
}
