//! One fetch of a file, and those who read it while it arrives.
//!
//! The file grows on the disk; a [`Follower`] reads behind, at its own pace, and waits when it has
//! caught up. Nothing of the file is held in memory but the stretch that somebody is being sent.

use std::fs::File;
use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;
use tokio::sync::watch;

use super::{Failure, files};

/// Known as soon as the source has answered.
#[derive(Debug, Clone)]
pub(super) struct Head {
    pub length: Option<u64>,
    /// When it will have been stored.
    pub modified: Timestamp,
    pub file: Arc<File>,
}

#[derive(Debug, Default)]
struct State {
    head: Option<Head>,
    written: u64,
    end: Option<Result<(), Failure>>,
}

/// A fetch in progress.
#[derive(Debug, Default)]
pub(super) struct Download(watch::Sender<State>);

impl Download {
    /// The source has answered.
    pub fn begin(&self, head: Head) {
        self.0.send_modify(|state| state.head = Some(head));
    }

    /// So many bytes are in the file.
    pub fn advance(&self, written: u64) {
        self.0.send_modify(|state| state.written = written);
    }

    /// The fetch has ended; only the first word counts.
    pub fn end(&self, how: Result<(), Failure>) {
        self.0.send_modify(|state| {
            state.end.get_or_insert(how);
        });
    }

    /// Waits for the answer of the source.
    ///
    /// # Errors
    /// [`Failure`] if there is none, or none that can be handed on.
    pub async fn follow(&self) -> Result<Follower, Failure> {
        let mut state = self.0.subscribe();
        loop {
            {
                let now = state.borrow_and_update();
                match (&now.head, &now.end) {
                    (_, Some(Err(failure))) => return Err(failure.clone()),
                    (Some(head), _) => {
                        let head = head.clone();
                        drop(now);
                        return Ok(Follower { head, state, position: 0 });
                    }
                    (None, _) => {}
                }
            }
            if state.changed().await.is_err() {
                return Err(Failure::Broken);
            }
        }
    }
}

/// Somebody who reads a file while it arrives.
#[derive(Debug)]
pub struct Follower {
    head: Head,
    state: watch::Receiver<State>,
    position: u64,
}

impl Follower {
    /// Length of the file, if the source said it.
    pub fn length(&self) -> Option<u64> {
        self.head.length
    }

    /// When the file will have been stored.
    pub fn modified(&self) -> Timestamp {
        self.head.modified
    }

    /// The next stretch; `None` at the end of the file.
    ///
    /// # Errors
    /// [`Failure`]: the file never comes to its end.
    pub async fn next(&mut self) -> Option<Result<Bytes, Failure>> {
        loop {
            if self.head.length == Some(self.position) {
                return None;
            }
            let (written, end) = {
                let now = self.state.borrow_and_update();
                (now.written, now.end.clone())
            };
            if written > self.position {
                let file = Arc::clone(&self.head.file);
                let read = files::read(file, self.position, written - self.position).await;
                return Some(match read {
                    Ok(bytes) => {
                        self.position += bytes.len() as u64;
                        Ok(bytes)
                    }
                    Err(error) => Err(Failure::disk(&error)),
                });
            }
            match end {
                Some(Ok(())) => return None,
                Some(Err(failure)) => return Some(Err(failure)),
                None => {}
            }
            if self.state.changed().await.is_err() {
                return Some(Err(Failure::Broken));
            }
        }
    }
}
