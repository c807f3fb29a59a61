//! Runs a package manager to its end.
//!
//! Its output goes to a file, not to a pipe: if the client is killed in the middle, the package
//! manager must not die of a closed pipe with packages half configured. For the same reason it is
//! not ended when the client is interrupted. What an exit status means is the driver's to say.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::process::Command;

use super::ManagerError;
use crate::client::files;

/// How much of the end of the output is looked at, in bytes.
const LOOKED_AT: u64 = 256 * 1024;
/// How much of its end goes into an error, in bytes.
const TOLD: usize = 8 * 1024;
/// What rpm says of a package whose script failed.
pub const SCRIPT_FAILED: &str = "scriptlet failed";
/// How long another package manager at work is waited for, in seconds: a system that updates
/// itself in the background is done by then.
pub const LOCK_PATIENCE_S: u64 = 300;
/// How often a package manager that does not wait by itself is asked again.
const ASK_AGAIN: Duration = Duration::from_secs(3);

/// How a package manager ended.
#[derive(Debug)]
pub struct Ended {
    pub program: String,
    pub status: ExitStatus,
    /// The end of what it printed.
    pub output: String,
}

impl Ended {
    /// The exit status; `None` after a signal.
    pub fn code(&self) -> Option<i32> {
        self.status.code()
    }

    /// Says whether one of these is in what it printed.
    pub fn says(&self, words: &[&str]) -> bool {
        words.iter().any(|words| self.output.contains(words))
    }

    /// The failure that this was.
    pub fn failed(self) -> ManagerError {
        let output = self.told();
        ManagerError::Failed { program: self.program, status: self.status, output }
    }

    /// The failure of one that did nothing because another one is at work.
    pub fn locked(self) -> ManagerError {
        let output = self.told();
        ManagerError::Locked { program: self.program, output }
    }

    /// The failure of a package's script, as rpm tells it.
    pub fn script_failed(&self) -> ManagerError {
        let lines = self.output.lines().filter(|line| line.contains(SCRIPT_FAILED));
        let output = lines.collect::<Vec<_>>().join("\n");
        ManagerError::Script { output: if output.is_empty() { self.told() } else { output } }
    }

    /// The end of the output, not more than anybody wants to read.
    fn told(&self) -> String {
        let from = self.output.len().saturating_sub(TOLD);
        let from = (from..).find(|at| self.output.is_char_boundary(*at)).unwrap_or_default();
        self.output.get(from..).unwrap_or_default().to_owned()
    }
}

/// Runs `command`, called `program` in messages, with both outputs written to `log`.
///
/// # Errors
/// [`ManagerError::Start`], [`ManagerError::File`].
pub async fn run(program: &str, mut command: Command, log: &Path) -> Result<Ended, ManagerError> {
    let file_error = |source| ManagerError::File { path: log.to_path_buf(), source };
    if let Some(directory) = log.parent() {
        files::private_directory(directory).map_err(file_error)?;
    }
    let file = File::create(log).map_err(file_error)?;
    command.stdout(Stdio::from(file.try_clone().map_err(file_error)?)).stderr(Stdio::from(file));
    let start = |source| ManagerError::Start { program: program.to_owned(), source };
    let status = command.status().await.map_err(start)?;
    Ok(Ended { program: program.to_owned(), status, output: tail(log) })
}

/// Waits before a package manager that found itself locked out is asked again; `false` when it
/// has been asked long enough. `asked` counts the times, from 1.
pub async fn wait_for_lock(asked: u32) -> bool {
    let is_worth_it = has_patience(asked);
    if is_worth_it {
        tokio::time::sleep(ASK_AGAIN).await;
    }
    is_worth_it
}

fn has_patience(asked: u32) -> bool {
    ASK_AGAIN.saturating_mul(asked) <= Duration::from_secs(LOCK_PATIENCE_S)
}

/// Runs `command` and returns its standard output.
///
/// # Errors
/// [`ManagerError::Start`], or [`ManagerError::Failed`] with what it said.
pub async fn read(program: &str, command: Command) -> Result<String, ManagerError> {
    let (ended, output) = read_ended(program, command).await?;
    if ended.status.success() { Ok(output) } else { Err(ended.failed()) }
}

/// Runs `command` and returns how it ended, with what it said on standard error, and its standard
/// output.
///
/// # Errors
/// [`ManagerError::Start`].
pub async fn read_ended(
    program: &str,
    mut command: Command,
) -> Result<(Ended, String), ManagerError> {
    let start = |source| ManagerError::Start { program: program.to_owned(), source };
    let output = command.output().await.map_err(start)?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let ended =
        Ended { program: program.to_owned(), status: output.status, output: text(&output.stderr) };
    Ok((ended, text(&output.stdout)))
}

/// Runs `command` at the terminal of whoever asked.
///
/// # Errors
/// [`ManagerError::Start`].
pub async fn ask(program: &str, mut command: Command) -> Result<ExitStatus, ManagerError> {
    let start = |source| ManagerError::Start { program: program.to_owned(), source };
    command.status().await.map_err(start)
}

/// The end of a file as text; empty if it cannot be read.
fn tail(path: &Path) -> String {
    let read = || -> std::io::Result<Vec<u8>> {
        let mut file = File::open(path)?;
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(LOOKED_AT)))?;
        let mut bytes = Vec::new();
        file.take(LOOKED_AT).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    String::from_utf8_lossy(&read().unwrap_or_default()).into_owned()
}

/// An ending for the tests of the drivers.
#[cfg(test)]
pub fn ended(code: i32, output: &str) -> Ended {
    use std::os::unix::process::ExitStatusExt as _;
    let status = ExitStatus::from_raw(code << 8);
    Ended { program: "the program".to_owned(), status, output: output.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_end_of_the_output_is_kept() {
        let directory = tempfile::tempdir().unwrap();
        let log = directory.path().join("state/install.log");
        let mut command = Command::new("sh");
        command.args(["-c", "echo out; echo err >&2; exit 3"]);
        let ended = run("sh", command, &log).await.unwrap();
        assert_eq!((ended.code(), ended.output.as_str()), (Some(3), "out\nerr\n"));
        assert_eq!(ended.failed().to_string(), "sh ended with exit status: 3:\nout\nerr");
        let error = run("x", Command::new("/no/such/program"), &log).await.unwrap_err();
        assert_eq!(error.to_string(), "x cannot be started");
    }

    #[test]
    fn an_error_holds_what_matters_of_the_output() {
        let warning = "warning: %post(x-1-1.noarch) scriptlet failed, exit status 3";
        let long = format!("{warning}\n{}", "é".repeat(TOLD));
        let error = ended(0, &long).script_failed();
        assert!(error.to_string().ends_with(warning), "{error}");
        let ManagerError::Failed { output, .. } = ended(1, &long).failed() else {
            panic!("failed")
        };
        assert_eq!(output.len(), TOLD);
    }

    #[test]
    fn a_lock_is_not_waited_for_for_ever() {
        assert!(has_patience(1) && has_patience(100));
        assert!(!has_patience(101) && !has_patience(u32::MAX));
    }
}
