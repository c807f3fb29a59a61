//! A throw-away Debian 12 system with real apt and dpkg, standing for one computer of the site;
//! or one in which Debian's own rpm and dnf or zypper do the work, standing for others.
//!
//! `tests/support/debian-root` and `rpm-root` make the tar file once and keep it; unpacking it takes
//! a second or two, so each test has a system of its own.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use tempfile::TempDir;

use super::PackageSystem;

/// One unpacked system; removed on drop.
pub struct DebianRoot {
    dir: TempDir,
    packages: PackageSystem,
}

impl DebianRoot {
    /// Unpacks a fresh system with apt.
    pub fn new() -> DebianRoot {
        DebianRoot::with(PackageSystem::Apt)
    }

    /// Unpacks a fresh system with another package system in it.
    pub fn with(packages: PackageSystem) -> DebianRoot {
        let dir = tempfile::Builder::new().prefix("migas-root-").tempdir().unwrap();
        let status = Command::new("tar")
            .args(["--numeric-owner", "--xattrs", "-xpf"])
            .arg(tar(packages))
            .arg("-C")
            .arg(dir.path())
            .status()
            .unwrap();
        assert!(status.success(), "unpacking the Debian system: {status}");
        DebianRoot { dir, packages }
    }

    /// Tells whether a system can be made on this machine, and makes it ready to be unpacked.
    pub fn can_be_made() -> bool {
        find_tar(PackageSystem::Apt).is_some()
    }

    /// The package system it works with.
    pub fn packages(&self) -> PackageSystem {
        self.packages
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
        self.packages.installed(self, package)
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

/// The tar file of a system.
fn tar(packages: PackageSystem) -> &'static Path {
    find_tar(packages).expect("a system to test with (run `make deps`, as root)")
}

/// The tar file of a system, made if it is not there yet; `None` if it cannot be made.
fn find_tar(packages: PackageSystem) -> Option<&'static Path> {
    static TARS: [OnceLock<Option<PathBuf>>; PackageSystem::ALL.len()] =
        [const { OnceLock::new() }; PackageSystem::ALL.len()];
    let found = TARS[packages as usize].get_or_init(|| {
        let (script, args) = packages.recipe();
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support").join(script);
        let output = Command::new(script).args(args).stderr(Stdio::inherit()).output().ok()?;
        let path = String::from_utf8(output.stdout).ok()?;
        output.status.success().then(|| PathBuf::from(path.trim_end()))
    });
    found.as_deref()
}
