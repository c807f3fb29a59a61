//! What the client remembers between two runs against one server.
//!
//! One JSON file, `/var/lib/migas-client/state/<server>.json`: the formulas it holds, the package
//! list after the last run (to see what others changed since, D-SYNC-08), errors and a report
//! that could not be delivered (D-SYNC-03, D-SYNC-17). A damaged file counts as an empty one: the
//! server still knows the computer, and everything here can be had again.

use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::files;
use crate::wire::sync::{ClientError, FormulaSet, RegisterAnswer, Report, SoftwarePackage};

/// Errors kept for the next run; the oldest go first when there are more.
const MAX_ERRORS: usize = 100;
/// A longer error text keeps its beginning and its end, in bytes.
const MAX_ERROR_TEXT: usize = 16 * 1024;

/// Everything remembered about one server.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct State {
    /// The computer's number there, 0 before registration.
    pub cid: i64,
    /// UUID under which it was registered.
    pub uuid: String,
    /// Value the server's people search the computer by.
    pub search: String,
    pub server_version: String,
    pub organization: String,
    /// ASCII-armoured key of the repositories (D-REPO-05).
    pub repository_key: String,
    /// Server's clock minus ours, milliseconds.
    pub clock_offset_ms: i64,
    /// Time of the last request the server accepted; the next one must be later.
    pub last_time_ms: i64,
    pub formulas: FormulaSet,
    /// Of the hardware tree sent last.
    pub hardware_fingerprint: String,
    pub software: Option<Snapshot>,
    pub errors: Vec<ClientError>,
    pub unsent: Option<Unsent>,
}

/// The package list as a run left it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Snapshot {
    pub taken_ms: i64,
    pub packages: Vec<SoftwarePackage>,
}

/// A report whose answer never came.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Unsent {
    pub sync_id: String,
    pub report: Report,
}

impl State {
    /// Reads the file; absent or damaged gives an empty state.
    ///
    /// # Errors
    /// A file that exists and cannot be read.
    pub fn load(path: &Path) -> io::Result<Self> {
        let Some(content) = files::read_if_present(path)? else { return Ok(Self::default()) };
        Ok(serde_json::from_slice(&content).unwrap_or_else(|error| {
            tracing::warn!(path = %path.display(), %error, "state file is damaged, starting anew");
            Self::default()
        }))
    }

    /// Writes the file, readable by root only.
    ///
    /// # Errors
    /// What the file system answers; the old file is then still there.
    pub fn save(&self, path: &Path) -> io::Result<()> {
        if let Some(directory) = path.parent() {
            files::private_directory(directory)?;
        }
        files::replace(path, &serde_json::to_vec(self)?, 0o600)
    }

    /// Takes over what a registration answered (D-REG-06).
    pub fn registered(&mut self, uuid: &str, answer: &RegisterAnswer) {
        self.cid = answer.cid;
        uuid.clone_into(&mut self.uuid);
        self.repository_key.clone_from(&answer.repository_key);
        self.server_version.clone_from(&answer.server_version);
        self.organization.clone_from(&answer.organization);
    }

    /// Keeps an error until the server has it. One that waits already is not kept twice: a
    /// laptop that is away for a week has one story to tell, not a hundred.
    pub fn add_error(&mut self, time_ms: i64, text: &str) {
        let text = shorten(text);
        if self.errors.iter().any(|waiting| waiting.text == text) {
            return;
        }
        self.errors.push(ClientError { time_ms, text });
        let surplus = self.errors.len().saturating_sub(MAX_ERRORS);
        self.errors.drain(..surplus);
    }
}

/// Cuts the middle out of a text that is too long: its head names the program, its tail the cause.
fn shorten(text: &str) -> String {
    let text = text.trim();
    if text.len() <= MAX_ERROR_TEXT {
        return text.to_owned();
    }
    let half = MAX_ERROR_TEXT / 2;
    let head = text.get(..text.floor_char_boundary(half)).unwrap_or_default();
    let tail = text.get(text.ceil_char_boundary(text.len() - half)..).unwrap_or_default();
    format!("{head}\n[…]\n{tail}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d_sync_17_errors_survive_on_disk_and_stay_bounded() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("state/server.json");
        let mut state = State::load(&path).unwrap();
        assert_eq!(state, State::default());
        for n in 0..150 {
            state.add_error(n, &format!("error {n}"));
            state.add_error(n, &format!("error {n}"));
        }
        state.add_error(150, &"ñ".repeat(MAX_ERROR_TEXT));
        state.save(&path).unwrap();
        let read = State::load(&path).unwrap();
        assert_eq!(read, state);
        assert_eq!(read.errors.len(), MAX_ERRORS);
        assert_eq!(read.errors[0].text, "error 51");
        assert!(read.errors[99].text.len() <= MAX_ERROR_TEXT + 16);
    }

    #[test]
    fn a_damaged_state_file_counts_as_empty() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("s.json");
        std::fs::write(&path, "{\"cid\": 3, \"formulas\":").unwrap();
        assert_eq!(State::load(&path).unwrap(), State::default());
        std::fs::write(&path, "{\"cid\": 3, \"later_field\": 1}").unwrap();
        assert_eq!(State::load(&path).unwrap().cid, 3);
    }
}
