//! What computers are doing now, kept in memory only (D-MSG-01): one text for each computer that
//! synchronises, gone when it ends or when the server stops.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

use crate::domain::ids::ComputerId;
use crate::domain::text::cut;

use super::App;
use super::credentials::Signed;
use super::refusal::Refusal;

/// Longest text that is kept, in characters.
const MAX_TEXT: usize = 250;

/// The last message of a computer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub text: String,
    pub updated_at: Timestamp,
    /// Signed time of the request that brought it: an older one changes nothing.
    time_ms: i64,
}

/// All messages. There is at most one for each computer, so they stay few.
#[derive(Debug, Default)]
pub(super) struct Messages(Mutex<BTreeMap<ComputerId, Message>>);

impl Messages {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<ComputerId, Message>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps the text of a signed request.
    ///
    /// # Errors
    /// [`Refusal::Replay`] if a later one was kept already.
    pub(super) fn put(&self, by: &Signed, text: &str) -> Result<(), Refusal> {
        let mut messages = self.lock();
        let time_ms = by.call.time_ms;
        if messages.get(&by.computer).is_some_and(|message| message.time_ms >= time_ms) {
            return Err(Refusal::Replay);
        }
        let text = cut(text, MAX_TEXT, false);
        messages.insert(by.computer, Message { text, updated_at: by.call.at, time_ms });
        Ok(())
    }

    /// Drops the message of a computer whose work has ended.
    pub(super) fn end(&self, computer: ComputerId) {
        self.lock().remove(&computer);
    }
}

impl App {
    /// Messages of all computers that are working, by CID (D-MSG-04). They name no one: callers
    /// show those of the computers that their account sees.
    pub fn messages(&self) -> BTreeMap<ComputerId, Message> {
        self.0.messages.lock().clone()
    }

    /// Drops the message of a computer that is deleted (D-COMP-01).
    pub fn forget_message(&self, computer: ComputerId) {
        self.0.messages.end(computer);
    }

    /// Takes the text of the step a computer is at (D-MSG-01); an empty one ends it.
    ///
    /// # Errors
    /// [`Refusal::UnknownSync`] for the synchronisation of another computer, [`Refusal::Replay`].
    pub async fn progress(&self, by: Signed, sync_id: &str, text: &str) -> Result<(), Refusal> {
        super::synchronization::number_of(&by, sync_id)?;
        if text.trim().is_empty() {
            self.0.messages.end(by.computer);
            return Ok(());
        }
        self.0.messages.put(&by, text)
    }
}
