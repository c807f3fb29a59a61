//! Runs what the server sends: formulas and fault definitions (D-FORM-13, D-FORM-17, D-FAULT-02).
//!
//! A program is a file in a temporary directory of its own, started by its interpreter as root,
//! without a terminal. It has 60 seconds and may print 1 MiB; then it is ended together with
//! everything it started. Only exit status 0 gives a value.

use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use rand::Rng as _;
use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::process::{Child, Command};

use super::facts::people::Person;
use super::files;
use super::launcher::Launcher;
use super::places::Places;
use crate::wire::sync::Program;

pub use super::launcher::PATH;

/// What a program may print on each of its outputs, in bytes.
pub const MAX_OUTPUT: usize = 1 << 20;
/// How long a program may run.
pub const TIMEOUT: Duration = Duration::from_secs(60);
/// How long the outputs of an ended program are still listened to: something it left running in
/// the background may hold them open for ever.
const AFTER_END: Duration = Duration::from_millis(500);

/// Why a program gave no value.
#[derive(Debug, thiserror::Error)]
pub enum ProgramError {
    #[error("cannot start")]
    Start(#[source] std::io::Error),
    #[error("ended with {status}{}", with_text(.stderr))]
    Status { status: ExitStatus, stderr: String },
    #[error("did not end within {} seconds", .0.as_secs())]
    Timeout(Duration),
    #[error("printed more than {MAX_OUTPUT} bytes")]
    TooMuch,
    #[error("output cannot be read")]
    Read(#[source] std::io::Error),
}

fn with_text(stderr: &str) -> String {
    if stderr.trim().is_empty() { String::new() } else { format!(": {}", stderr.trim()) }
}

/// What a finished command printed.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Output {
    pub stdout: String,
    pub stderr: String,
}

/// Where and for whom programs run.
#[derive(Debug, Clone)]
pub struct Runner {
    pub launcher: Launcher,
    pub places: Places,
    pub user: Person,
    pub timeout: Duration,
    /// Keep the temporary directories (D-CFG-06).
    pub keep_files: bool,
}

impl Runner {
    /// Runs `program` and returns its output; `None` for a language this system does not speak,
    /// which is no error (D-FORM-17).
    ///
    /// # Errors
    /// [`ProgramError`] for everything else that gives no value.
    pub async fn run(&self, program: &Program) -> Result<Option<String>, ProgramError> {
        let Some(interpreter) = interpreter(&program.language) else { return Ok(None) };
        let directory = Temporary::new(&self.places, self.keep_files)?;
        let file = directory.path.join("program");
        files::replace(&file, program.code.as_bytes(), 0o700).map_err(ProgramError::Start)?;
        let inside = self.launcher.inside(&directory.path);
        let mut command = self.launcher.command_in(&inside, interpreter);
        command
            .arg(inside.join("program"))
            .env("MIGAS_USER", &self.user.login)
            .env("MIGAS_USER_FULLNAME", &self.user.fullname)
            .env("TMPDIR", &inside);
        run_command(command, self.timeout, MAX_OUTPUT).await.map(|output| Some(output.stdout))
    }
}

/// The program that understands a language of D-FORM-17.
fn interpreter(language: &str) -> Option<&'static str> {
    match language {
        "bash" => Some("bash"),
        "python" => Some("python3"),
        "perl" => Some("perl"),
        "php" => Some("php"),
        "ruby" => Some("ruby"),
        _ => None,
    }
}

/// Runs `command` to its end, for at most `timeout`, reading at most `limit` bytes of each output.
///
/// # Errors
/// [`ProgramError`]; whenever the command did not end by itself its whole process group is killed.
pub async fn run_command(
    mut command: Command,
    timeout: Duration,
    limit: usize,
) -> Result<Output, ProgramError> {
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(ProgramError::Start)?;
    // Also when this future is dropped in the middle, by an interrupt.
    let mut group = Group::of(&child);
    let ended = tokio::time::timeout(timeout, listen(&mut child, limit)).await;
    let (status, stdout, stderr) = ended.map_err(|_| ProgramError::Timeout(timeout))??;
    group.pid = None;
    if !status.success() {
        return Err(ProgramError::Status { status, stderr });
    }
    Ok(Output { stdout, stderr })
}

async fn listen(
    child: &mut Child,
    limit: usize,
) -> Result<(ExitStatus, String, String), ProgramError> {
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let status = {
        let mut reading = std::pin::pin!(async {
            tokio::try_join!(read(stdout, &mut out, limit), read(stderr, &mut err, limit))
        });
        tokio::select! {
            status = child.wait() => {
                let rest = tokio::time::timeout(AFTER_END, &mut reading).await;
                rest.unwrap_or(Ok(((), ())))?;
                status
            }
            read = &mut reading => {
                read?;
                child.wait().await
            }
        }
    };
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ok((status.map_err(ProgramError::Read)?, text(&out), text(&err)))
}

async fn read(
    pipe: Option<impl AsyncRead + Unpin>,
    into: &mut Vec<u8>,
    limit: usize,
) -> Result<(), ProgramError> {
    let Some(pipe) = pipe else { return Ok(()) };
    pipe.take(limit as u64 + 1).read_to_end(into).await.map_err(ProgramError::Read)?;
    if into.len() > limit { Err(ProgramError::TooMuch) } else { Ok(()) }
}

/// Kills a process group when dropped, unless `pid` was taken away.
struct Group {
    pid: Option<Pid>,
}

impl Group {
    fn of(child: &Child) -> Self {
        let pid = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        Self { pid }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(pid) = self.pid {
            // It may have ended meanwhile; there is nothing else to do about a failure.
            let _ = kill_process_group(pid, Signal::KILL);
        }
    }
}

/// A directory for one program, removed with its content.
struct Temporary {
    path: PathBuf,
    keep: bool,
}

impl Temporary {
    fn new(places: &Places, keep: bool) -> Result<Self, ProgramError> {
        use std::os::unix::fs::DirBuilderExt as _;
        let parent = places.temporary();
        std::fs::create_dir_all(&parent).map_err(ProgramError::Start)?;
        let name: u64 = rand::rngs::OsRng.r#gen();
        let path = parent.join(format!("migas-{name:016x}"));
        // create, not create_all: a directory that somebody prepared is an error, not a place.
        std::fs::DirBuilder::new().mode(0o700).create(&path).map_err(ProgramError::Start)?;
        Ok(Self { path, keep })
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !self.keep {
            let _ = std::fs::remove_dir_all(Path::new(&self.path));
        }
    }
}

#[cfg(test)]
mod tests;
