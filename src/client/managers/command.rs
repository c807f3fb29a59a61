//! Runs a package manager to its end.
//!
//! Its output goes to a file, not to a pipe: if the client is killed in the middle, the package
//! manager must not die of a closed pipe with packages half configured. For the same reason it is
//! not ended when the client is interrupted.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::Path;
use std::process::Stdio;

use tokio::process::Command;

use super::ManagerError;
use crate::client::files;

/// How much of the end of the output goes into an error, in bytes.
const TAIL: u64 = 8 * 1024;

/// Runs `command`, called `program` in messages, with both outputs written to `log`.
///
/// # Errors
/// [`ManagerError::Start`], or [`ManagerError::Failed`] with the end of the output.
pub async fn run(program: &str, mut command: Command, log: &Path) -> Result<(), ManagerError> {
    let file_error = |source| ManagerError::File { path: log.to_path_buf(), source };
    if let Some(directory) = log.parent() {
        files::private_directory(directory).map_err(file_error)?;
    }
    let file = File::create(log).map_err(file_error)?;
    command.stdout(Stdio::from(file.try_clone().map_err(file_error)?)).stderr(Stdio::from(file));
    let start = |source| ManagerError::Start { program: program.to_owned(), source };
    let status = command.status().await.map_err(start)?;
    if status.success() {
        return Ok(());
    }
    Err(ManagerError::Failed { program: program.to_owned(), status, output: tail(log) })
}

/// Runs `command` and returns its standard output.
///
/// # Errors
/// As [`run`].
pub async fn read(program: &str, mut command: Command) -> Result<String, ManagerError> {
    let start = |source| ManagerError::Start { program: program.to_owned(), source };
    let output = command.output().await.map_err(start)?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    match output.status.success() {
        true => Ok(text(&output.stdout)),
        false => Err(ManagerError::Failed {
            program: program.to_owned(),
            status: output.status,
            output: text(&output.stderr),
        }),
    }
}

/// The end of a file as text; empty if it cannot be read.
fn tail(path: &Path) -> String {
    let read = || -> std::io::Result<Vec<u8>> {
        let mut file = File::open(path)?;
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(TAIL)))?;
        let mut bytes = Vec::new();
        file.take(TAIL).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    String::from_utf8_lossy(&read().unwrap_or_default()).into_owned()
}
