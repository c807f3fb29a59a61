//! Failures of the client as words and exit statuses, and lines of data.

use std::io::Write;

use serde::Serialize;

use crate::catalogue::Lang;
use crate::cli::CliError;
use crate::client::lock::LockError;
use crate::client::run::{Client, ClientError};
use crate::client::sync::{SyncError, chain};
use crate::client::transport::TransportError;
use crate::t;

/// The book's client: a package operation failed, the synchronisation itself completed.
pub const BOOK_PACKAGES_FAILED: u8 = 71;

/// Exit status of a failure (`design.md`, Command line), or of the book's client
/// (`legacy-api.md` 5): 1 no keys or unsubscribed, 13 the server refuses, 56 it cannot be reached.
pub fn status(error: &ClientError, book: bool) -> u8 {
    let temporary = error.transport().is_some_and(TransportError::is_temporary);
    match error {
        ClientError::NotRoot => 13,
        ClientError::Lock(LockError::Held { .. }) => 75,
        ClientError::Sync(SyncError::Interrupted) => 130,
        ClientError::Register(_) if book => 1,
        _ if temporary => {
            if book {
                56
            } else {
                69
            }
        }
        _ if book => match error.transport().and_then(TransportError::problem_type) {
            Some("unsubscribed") => 1,
            _ => 13,
        },
        _ => 2,
    }
}

/// The failure in words, with advice where the reader can do something.
pub fn failure(error: &ClientError, client: Option<&Client>, lang: Lang, book: bool) -> CliError {
    let mut text = match error {
        ClientError::NotRoot => t!(lang, "client-not-root"),
        ClientError::Lock(LockError::Held { pid }) => {
            t!(lang, "client-locked", pid = pid.as_str())
        }
        ClientError::Sync(SyncError::Interrupted) => t!(lang, "cli-interrupted"),
        other => chain(other),
    };
    let problem = error.transport().and_then(TransportError::problem_type);
    let wrong_key = matches!(error.transport(), Some(TransportError::Signature { .. }));
    if let Some(client) = client
        && (wrong_key || problem == Some("signature"))
    {
        let directory = client.key_directory().display().to_string();
        text = format!("{text}\n{}", t!(lang, "client-key-advice", directory = directory));
    } else if problem == Some("key-mismatch") {
        text = format!("{text}\n{}", t!(lang, "client-key-mismatch-advice"));
    } else if let Some(TransportError::Unreachable { server, .. }) = error.transport() {
        let advice = t!(lang, "client-unreachable-advice", server = server.as_str());
        text = format!("{text}\n{advice}");
    }
    CliError::failed(text).with_status(status(error, book))
}

/// Writes a line of data; a closed pipe is the reader's wish.
pub fn line(out: &mut dyn Write, text: &str) -> Result<(), CliError> {
    match writeln!(out, "{text}") {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(CliError::failure(error))
        }
        _ => Ok(()),
    }
}

/// Writes a value as one line of JSON.
pub fn json(out: &mut dyn Write, value: &impl Serialize) -> Result<(), CliError> {
    line(out, &serde_json::to_string(value).map_err(CliError::failure)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::sync::Problem;

    #[test]
    fn failures_and_their_exit_status() {
        let problem = |status: u16, kind: &str| {
            TransportError::Problem(Box::new(Problem {
                r#type: kind.to_owned(),
                status,
                ..Problem::default()
            }))
        };
        let foreign = |status| TransportError::Foreign { server: String::new(), status };
        let sync = |error| ClientError::Sync(SyncError::Transport(error));
        let held = LockError::Held { pid: "1".to_owned() };
        // rule, failure, ours, the book's
        let table = [
            ("D-CLI-05", ClientError::NotRoot, 13, 13),
            ("D-CLI-05", ClientError::Lock(held), 75, 75),
            ("D-CLI-05", ClientError::Sync(SyncError::Interrupted), 130, 130),
            ("D-CLI-05", sync(foreign(502)), 69, 56),
            ("D-STATUS-08", sync(problem(403, "unsubscribed")), 2, 1),
            ("D-CLI-05", sync(problem(400, "invalid")), 2, 13),
            ("D-REG-08", ClientError::Register(problem(403, "can-not-register")), 2, 1),
            ("D-REG-08", ClientError::Register(foreign(503)), 69, 1),
        ];
        for (rule, error, ours, books) in table {
            assert_eq!(status(&error, false), ours, "{rule}: {error:?}");
            assert_eq!(status(&error, true), books, "{rule}: {error:?}");
        }
    }
}
