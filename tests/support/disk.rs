//! A small disk that can be filled: a tmpfs, unmounted on drop.

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

/// A mounted disk of a given size.
pub struct SmallDisk {
    dir: TempDir,
}

impl SmallDisk {
    /// Mounts one; needs root.
    pub fn new(size_mib: u32) -> SmallDisk {
        let dir = tempfile::Builder::new().prefix("migas-disk-").tempdir().unwrap();
        let option = format!("size={size_mib}m");
        let mut mount = Command::new("mount");
        let status =
            mount.args(["-t", "tmpfs", "-o", &option, "migas-test"]).arg(dir.path()).status();
        assert!(status.unwrap().success(), "mounting a tmpfs (needs root)");
        SmallDisk { dir }
    }

    /// Where it is mounted.
    pub fn path(&self) -> &Path {
        self.dir.path()
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: a server that is being killed may still hold a file.
        let _best_effort = Command::new("umount").arg("--lazy").arg(self.dir.path()).status();
    }
}
