//! Where the client keeps things, on this machine or below another root.
//!
//! With `--root DIR` everything the client reads or writes is below DIR; only the hardware is the
//! host's (`design.md`, "On the desktop"). Invariant: no other file of the room spells these paths.

use std::path::{Path, PathBuf};

/// When a hook directory is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HookStage {
    Pre,
    Post,
}

/// The paths of the client below one root directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    root: Option<PathBuf>,
}

impl Places {
    /// Paths below `root`; `None` or `/` is the running system itself. A relative root is made
    /// absolute, since programs run in folders of their own.
    pub fn new(root: Option<&Path>) -> Self {
        let root = root.filter(|root| *root != Path::new("/"));
        let absolute = |root: &Path| std::path::absolute(root).unwrap_or_else(|_| root.into());
        Self { root: root.map(absolute) }
    }

    /// The other root, if it is one.
    pub fn root(&self) -> Option<&Path> {
        self.root.as_deref()
    }

    /// Where `path`, absolute inside the root, is for this process.
    pub fn at(&self, path: &str) -> PathBuf {
        match &self.root {
            Some(root) => root.join(path.trim_start_matches('/')),
            None => PathBuf::from(path),
        }
    }

    /// `/etc/migas.conf`
    pub fn config(&self) -> PathBuf {
        self.at("/etc/migas.conf")
    }

    /// `/etc/migasfree.conf`, read when ours is absent (D-CFG-09).
    pub fn book_config(&self) -> PathBuf {
        self.at("/etc/migasfree.conf")
    }

    /// `/etc/migas.conf.d`, the drop-in directory (D-CFG-08).
    pub fn config_directory(&self) -> PathBuf {
        self.at("/etc/migas.conf.d")
    }

    /// `/etc/migas/pre-sync.d` or `post-sync.d` (D-SYNC-05, D-SYNC-15).
    pub fn hooks(&self, stage: HookStage) -> PathBuf {
        self.at(match stage {
            HookStage::Pre => "/etc/migas/pre-sync.d",
            HookStage::Post => "/etc/migas/post-sync.d",
        })
    }

    /// `/var/lib/migas-client`, mode 0700.
    pub fn state(&self) -> PathBuf {
        self.at("/var/lib/migas-client")
    }

    /// `/var/lib/migas-client/keys/<server>` (D-CFG-07).
    pub fn keys(&self, server: &str) -> PathBuf {
        self.state().join("keys").join(file_name(server))
    }

    /// `/var/lib/migas-client/state/<server>.json`
    pub fn state_file(&self, server: &str) -> PathBuf {
        self.state().join("state").join(format!("{}.json", file_name(server)))
    }

    /// `/var/log/migas-client.log` (D-CFG-06).
    pub fn log(&self) -> PathBuf {
        self.at("/var/log/migas-client.log")
    }

    /// `/run/migas.lock`
    pub fn lock(&self) -> PathBuf {
        self.at("/run/migas.lock")
    }

    /// `/tmp`, where formulas get their temporary directories.
    pub fn temporary(&self) -> PathBuf {
        self.at("/tmp")
    }
}

/// A server's name as one file name: `host:port` stays, anything that could leave the directory
/// does not.
fn file_name(server: &str) -> String {
    let name: String = server
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || ".-_:[]".contains(c) { c } else { '_' })
        .collect();
    if name.trim_matches('.').is_empty() { format!("_{name}") } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d_cfg_07_everything_is_below_the_root() {
        let here = std::env::current_dir().unwrap();
        assert_eq!(Places::new(Some(Path::new("image"))).at("/etc"), here.join("image/etc"));
        let here = Places::new(None);
        assert_eq!(here.keys("server:8080"), Path::new("/var/lib/migas-client/keys/server:8080"));
        let there = Places::new(Some(Path::new("/mnt")));
        assert_eq!(there.config(), Path::new("/mnt/etc/migas.conf"));
        assert_eq!(Places::new(Some(Path::new("/"))), here);
        assert_eq!(here.keys("../x"), Path::new("/var/lib/migas-client/keys/.._x"));
        assert_eq!(here.keys(".."), Path::new("/var/lib/migas-client/keys/_.."));
    }
}
