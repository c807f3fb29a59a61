//! A throw-away Debian 12 system with real apt and dpkg, standing for one computer of the site.
//!
//! `tests/support/debian-root` makes the tar file once and keeps it; unpacking it takes less than
//! a second, so each test has a system of its own.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use tempfile::TempDir;

/// One unpacked system; removed on drop.
pub struct DebianRoot {
    dir: TempDir,
}

impl DebianRoot {
    /// Unpacks a fresh system.
    pub fn new() -> DebianRoot {
        let dir = tempfile::Builder::new().prefix("migas-root-").tempdir().unwrap();
        let status = Command::new("tar")
            .args(["--numeric-owner", "--xattrs", "-xpf"])
            .arg(tar())
            .arg("-C")
            .arg(dir.path())
            .status()
            .unwrap();
        assert!(status.success(), "unpacking the Debian system: {status}");
        DebianRoot { dir }
    }

    /// Tells whether a system can be made on this machine, and makes it ready to be unpacked.
    pub fn can_be_made() -> bool {
        find_tar().is_some()
    }

    /// The directory of the system, as `--root` wants it.
    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    /// A command that runs inside the system, without the environment of the tests.
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new("chroot");
        command
            .arg(self.path())
            .arg(program)
            .env_clear()
            .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
            .env("LC_ALL", "C.UTF-8")
            .env("DEBIAN_FRONTEND", "noninteractive")
            .stdin(Stdio::null());
        command
    }

    /// Runs a command inside and returns what it printed on standard output.
    ///
    /// # Panics
    /// If it fails.
    pub fn run(&self, program: &str, args: &[&str]) -> String {
        let output = self.try_run(program, args);
        assert!(
            output.status.success(),
            "{program} {args:?}: {}\n{}{}",
            output.status,
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs a command inside, whatever comes of it.
    pub fn try_run(&self, program: &str, args: &[&str]) -> Output {
        self.command(program).args(args).output().unwrap()
    }

    /// The version of a package that is installed; `None` if it is not.
    pub fn installed(&self, package: &str) -> Option<String> {
        let format = "--showformat=${db:Status-Status} ${Version}";
        let output = self.try_run("dpkg-query", &[format, "--show", package]);
        let text = String::from_utf8(output.stdout).unwrap();
        text.strip_prefix("installed ").map(str::to_owned)
    }

    /// Reads a file of the system; `None` if it is not there.
    pub fn read(&self, path: &str) -> Option<String> {
        std::fs::read_to_string(self.at(path)).ok()
    }

    /// Writes a file of the system, with the folders above it.
    pub fn write(&self, path: &str, text: &str) {
        let path = self.at(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// Shows the devices of this machine inside, read-only, until the value is dropped.
    pub fn with_devices(&self) -> Devices {
        let inside = self.at("/sys");
        let mut mount = Command::new("mount");
        let status = mount.args(["-o", "bind,ro", "/sys"]).arg(&inside).status().unwrap();
        assert!(status.success(), "mounting /sys (needs root)");
        Devices { inside }
    }

    fn at(&self, path: &str) -> PathBuf {
        self.path().join(path.trim_start_matches('/'))
    }
}

/// A mounted `/sys`.
pub struct Devices {
    inside: PathBuf,
}

impl Drop for Devices {
    fn drop(&mut self) {
        let _best_effort = Command::new("umount").arg(&self.inside).status();
    }
}

/// The tar file of the system.
fn tar() -> &'static Path {
    find_tar().expect("a Debian system to test with (run `make deps`, as root)")
}

/// The tar file of the system, made if it is not there yet; `None` if it cannot be made.
fn find_tar() -> Option<&'static Path> {
    static TAR: OnceLock<Option<PathBuf>> = OnceLock::new();
    let found = TAR.get_or_init(|| {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/debian-root");
        let output = Command::new(script).stderr(Stdio::inherit()).output().ok()?;
        let path = String::from_utf8(output.stdout).ok()?;
        output.status.success().then(|| PathBuf::from(path.trim_end()))
    });
    found.as_deref()
}
