//! A computer of the site without a machine: the real client with its emulated package manager.

use std::path::Path;
use std::process::Output;

use tempfile::TempDir;

use super::desktop::own_uuid;
use super::{Site, migas};

/// One computer; what the client keeps is in a directory of its own, removed on drop.
pub struct Emulated {
    root: TempDir,
}

impl Emulated {
    /// A computer called `name` that belongs to `project`.
    pub fn new(site: &Site, project: &str, name: &str) -> Emulated {
        let root = tempfile::Builder::new().prefix("migas-emulated-").tempdir().unwrap();
        std::fs::create_dir(root.path().join("etc")).unwrap();
        let text = format!(
            "[client]\nServer = {}\nProject = {project}\nComputer_Name = {name}\n\
             Package_Manager = emulated\nComputer_UUID = {}\n",
            site.address(),
            own_uuid()
        );
        std::fs::write(root.path().join("etc/migas.conf"), text).unwrap();
        Emulated { root }
    }

    /// The directory that stands for the computer's disk.
    pub fn path(&self) -> &Path {
        self.root.path()
    }

    /// Synchronises, whatever comes of it.
    pub fn update(&self) -> Output {
        migas(["client", "update", "--root"]).arg(self.path()).output().unwrap()
    }
}
