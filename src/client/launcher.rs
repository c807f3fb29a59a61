//! Starts other programs: in this system, or inside another root.
//!
//! The environment is built anew, so that a run from cron, systemd or a login shell is the same
//! (D-CLI-09, D-FAQ-09). With another root the client starts itself as the hidden command
//! `client exec-in`, which calls chroot and then becomes the program; so chroot never happens in
//! a process that goes on. Each program leads a process group of its own: what it started can be
//! ended with it, and an interrupt from the terminal reaches the client alone.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::process::Command;

/// Search path of every program the client starts.
pub const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// How programs are started.
#[derive(Debug, Clone, Default)]
pub struct Launcher {
    root: Option<PathBuf>,
    /// The client itself, for `exec-in`; the running executable when unset.
    executable: Option<PathBuf>,
}

impl Launcher {
    /// Starts programs inside `root`, or in this system.
    pub fn new(root: Option<&Path>) -> Self {
        Self { root: root.map(Path::to_path_buf), executable: None }
    }

    /// Says whether `program`, looked up in [`PATH`], is there.
    pub fn has(&self, program: &str) -> bool {
        self.find(program).is_some()
    }

    /// What `program` is, if it is there: the name at the end of its links, since some programs
    /// are called by the names of their predecessors.
    pub fn real_name(&self, program: &str) -> Option<String> {
        let mut path = self.find(program)?;
        for _ in 0..8 {
            let Ok(target) = path.read_link() else { break };
            // Links inside another root are looked up there.
            path = match target.is_absolute() {
                true => self.outside(&target),
                false => path.parent()?.join(target),
            };
        }
        Some(path.file_name()?.to_string_lossy().into_owned())
    }

    fn find(&self, program: &str) -> Option<PathBuf> {
        // Links inside another root are not followed: a dangling one still names a program there.
        let mut paths =
            PATH.split(':').map(|directory| self.outside(Path::new(directory)).join(program));
        paths.find(|path| path.symlink_metadata().is_ok())
    }

    /// How this process names `path`, which is as programs started here see it.
    fn outside(&self, path: &Path) -> PathBuf {
        let root = self.root.as_deref().unwrap_or(Path::new("/"));
        root.join(path.strip_prefix("/").unwrap_or(path))
    }

    /// How a program started here names `path`, which is as this process sees it.
    pub fn inside(&self, path: &Path) -> PathBuf {
        match self.root.as_deref().and_then(|root| path.strip_prefix(root).ok()) {
            Some(rest) => Path::new("/").join(rest),
            None => path.to_path_buf(),
        }
    }

    /// A command for `program`, with a clean environment, no input, and its own process group.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        self.command_in(Path::new("/"), program)
    }

    /// The same, started in `directory` as the program will see it.
    pub fn command_in(&self, directory: &Path, program: impl AsRef<OsStr>) -> Command {
        let mut command = match &self.root {
            None => {
                let mut command = Command::new(program);
                command.current_dir(directory);
                command
            }
            Some(root) => {
                let own = self.executable.clone().or_else(|| std::env::current_exe().ok());
                let mut command = Command::new(own.unwrap_or_else(|| "migas".into()));
                command.args(["client", "exec-in", "--directory"]).arg(directory).arg(root);
                command.arg("--").arg(program);
                command
            }
        };
        command
            .env_clear()
            .envs([("PATH", PATH), ("HOME", "/root"), ("LANG", "C.UTF-8"), ("LC_ALL", "C.UTF-8")])
            .env("LOGNAME", "root")
            .env("USER", "root")
            .stdin(Stdio::null())
            .process_group(0);
        command
    }

    /// A command that talks to the person at the terminal: their language, their terminal, and
    /// the foreground process group.
    pub fn interactive(&self, program: impl AsRef<OsStr>, lang: &str, term: &str) -> Command {
        let mut command = self.command(program);
        command.env("LANG", lang).env_remove("LC_ALL").env("TERM", term);
        command.stdin(Stdio::inherit()).stdout(Stdio::inherit()).stderr(Stdio::inherit());
        // A background group would be stopped as soon as it reads from the terminal.
        command.process_group(rustix::process::getpgrp().as_raw_nonzero().get());
        command
    }
}

/// `client exec-in`: enters `root` and becomes `program`; returns only if that failed.
pub fn exec_in(
    root: &Path,
    directory: &Path,
    program: &OsStr,
    arguments: &[std::ffi::OsString],
) -> std::io::Error {
    use std::os::unix::process::CommandExt as _;
    if let Err(error) = std::os::unix::fs::chroot(root) {
        return error;
    }
    if let Err(error) = std::env::set_current_dir(directory) {
        return error;
    }
    std::process::Command::new(program).args(arguments).exec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_named_as_programs_inside_see_them() {
        let there = Launcher::new(Some(Path::new("/mnt")));
        assert_eq!(there.inside(Path::new("/mnt/tmp/x")), Path::new("/tmp/x"));
        let here = Launcher::new(None);
        assert_eq!(here.inside(Path::new("/mnt/tmp/x")), Path::new("/mnt/tmp/x"));
        assert!(here.has("sh") && !here.has("no-such-program"));
    }

    #[test]
    fn a_program_is_called_by_its_real_name() {
        let root = tempfile::tempdir().unwrap();
        let bin = root.path().join("usr/bin");
        std::fs::create_dir_all(&bin).unwrap();
        let link = |to: &str, name: &str| std::os::unix::fs::symlink(to, bin.join(name)).unwrap();
        std::fs::write(bin.join("dnf5"), "").unwrap();
        link("dnf5", "dnf");
        link("/usr/bin/dnf", "yum");
        let launcher = Launcher::new(Some(root.path()));
        for name in ["yum", "dnf", "dnf5"] {
            assert_eq!(launcher.real_name(name).as_deref(), Some("dnf5"));
        }
        assert_eq!(launcher.real_name("zypper"), None);
    }

    #[test]
    fn another_root_is_entered_by_the_client_itself() {
        let launcher = Launcher {
            executable: Some("/migas".into()),
            ..Launcher::new(Some(Path::new("/mnt")))
        };
        let command = launcher.command_in(Path::new("/tmp"), "bash");
        let command = command.as_std();
        assert_eq!(command.get_program(), "/migas");
        let args: Vec<_> = command.get_args().collect();
        assert_eq!(args, ["client", "exec-in", "--directory", "/tmp", "/mnt", "--", "bash"]);
    }
}
