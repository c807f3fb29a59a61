//! A package manager that only keeps a list: for demonstrations without root, tests and load.
//!
//! It fetches the real indexes of the real repositories, so that everything but the unpacking of
//! packages is as on a desktop. Its world is one JSON file, or memory alone. It announces itself
//! as apt.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{
    Asked, Doing, Found, Inventory, ManagerError, PackageManager, Sources, Stale, Terminal,
};
use crate::client::files;
use crate::client::transport::Endpoint;
use crate::formats::version;
use crate::wire::sync::{Repository, SoftwarePackage};

/// Longest index that is fetched, in bytes.
const MAX_INDEX: usize = 256 << 20;
/// What a new world has installed: enough to try orders on.
const FIRST_PACKAGES: [(&str, &str); 4] =
    [("base-files", "12.4"), ("bash", "5.2.15-2"), ("nano", "7.2-1"), ("vim-tiny", "2:9.0.1378-2")];

/// Everything the emulation knows.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct World {
    installed: Vec<SoftwarePackage>,
    repositories: Vec<Repository>,
    /// Contents of the repositories at the last refresh, by package name.
    available: BTreeMap<String, Vec<SoftwarePackage>>,
    /// SHA-256 of each fetched `InRelease`, by repository name.
    fetched: BTreeMap<String, String>,
}

/// The driver.
#[derive(Debug)]
pub struct Emulated {
    file: Option<PathBuf>,
    endpoint: Option<Endpoint>,
    world: Mutex<World>,
    /// The inventory of `world.installed`, until it changes: a load test asks for it all the time.
    inventory: Mutex<Option<Arc<Inventory>>>,
}

impl Emulated {
    /// A world in memory with `installed` packages; without an endpoint nothing is fetched.
    pub fn in_memory(installed: Vec<SoftwarePackage>, endpoint: Option<Endpoint>) -> Self {
        let world = World { installed, ..World::default() };
        Self { file: None, endpoint, world: Mutex::new(world), inventory: Mutex::default() }
    }

    /// A world kept in `file`; a new one has a few packages installed.
    ///
    /// # Errors
    /// [`ManagerError::File`] if the file is there and cannot be read.
    pub fn load(file: &Path, endpoint: Option<Endpoint>) -> Result<Self, ManagerError> {
        let error = |source| ManagerError::File { path: file.to_path_buf(), source };
        let world = match files::read_if_present(file).map_err(error)? {
            Some(content) => serde_json::from_slice(&content)
                .map_err(|source| error(std::io::Error::other(source)))?,
            None => World { installed: first_packages(), ..World::default() },
        };
        let file = Some(file.to_path_buf());
        Ok(Self { file, endpoint, world: Mutex::new(world), inventory: Mutex::default() })
    }

    /// Adds packages to what can be installed, as if a repository had brought them.
    pub fn offer(&self, packages: impl IntoIterator<Item = SoftwarePackage>) {
        let mut world = self.world();
        for package in packages {
            world.available.entry(package.name.clone()).or_default().push(package);
        }
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the world and keeps it.
    fn change(
        &self,
        change: impl FnOnce(&mut World) -> Result<(), ManagerError>,
    ) -> Result<(), ManagerError> {
        let mut world = self.world();
        change(&mut world)?;
        *self.inventory.lock().unwrap_or_else(PoisonError::into_inner) = None;
        let Some(file) = &self.file else { return Ok(()) };
        let content = serde_json::to_vec_pretty(&*world).unwrap_or_default();
        let kept = file.parent().map_or(Ok(()), files::private_directory);
        kept.and_then(|()| files::replace(file, &content, 0o600))
            .map_err(|source| ManagerError::File { path: file.clone(), source })
    }

    async fn fetch_all(&self) -> Result<(), ManagerError> {
        let Some(endpoint) = &self.endpoint else { return Ok(()) };
        let repositories = self.world().repositories.clone();
        let ours = ["PKGS".to_owned()];
        let mut available: BTreeMap<String, Vec<SoftwarePackage>> = BTreeMap::new();
        let mut fetched = BTreeMap::new();
        for repository in repositories {
            let (suite, components) = match &repository.external {
                Some(external) => (external.suite.as_str(), external.components.as_slice()),
                None => (repository.name.as_str(), &ours[..]),
            };
            let base = format!("{}/dists/{suite}", repository.path);
            let failed = |source| ManagerError::Fetch { name: repository.name.clone(), source };
            let release = format!("{base}/InRelease");
            let release = endpoint.get(&release, MAX_INDEX).await.map_err(failed)?;
            for component in components {
                let index = format!("{base}/{component}/binary-amd64/Packages");
                let index = endpoint.get(&index, MAX_INDEX).await.map_err(failed)?;
                for package in stanzas(&String::from_utf8_lossy(&index)) {
                    available.entry(package.name.clone()).or_default().push(package);
                }
            }
            fetched.insert(repository.name.clone(), hex::encode(Sha256::digest(&release)));
        }
        self.change(|world| {
            world.available = available;
            world.fetched = fetched;
            Ok(())
        })
    }
}

fn first_packages() -> Vec<SoftwarePackage> {
    let package = |(name, version): (&str, &str)| SoftwarePackage {
        name: name.to_owned(),
        version: version.to_owned(),
        architecture: "amd64".to_owned(),
    };
    FIRST_PACKAGES.into_iter().map(package).collect()
}

/// Name, version and architecture of each stanza of a `Packages` index.
fn stanzas(index: &str) -> Vec<SoftwarePackage> {
    let stanza = |text: &str| {
        let field = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
            line.map(|value| value.trim().to_owned())
        };
        let architecture = field("Architecture").unwrap_or_default();
        Some(SoftwarePackage { name: field("Package")?, version: field("Version")?, architecture })
    };
    index.split("\n\n").filter_map(stanza).collect()
}

fn split(token: &str) -> (&str, Option<&str>) {
    token.split_once('=').map_or((token, None), |(name, version)| (name, Some(version)))
}

impl World {
    /// The package a token would install: the named version, else the highest.
    fn candidate(&self, token: &str) -> Option<&SoftwarePackage> {
        let (name, version) = split(token);
        let offered = self.available.get(name)?.iter();
        offered
            .filter(|package| version.is_none_or(|version| package.version == version))
            .max_by(|a, b| version::compare(&a.version, &b.version))
    }

    fn put(&mut self, package: SoftwarePackage) {
        self.installed.retain(|old| old.name != package.name);
        self.installed.push(package);
    }
}

impl PackageManager for Emulated {
    fn pms(&self) -> &'static str {
        "apt-get"
    }

    fn installed(&self) -> Doing<'_, Arc<Inventory>> {
        let world = self.world();
        let mut cached = self.inventory.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = || Arc::new(Inventory::new(world.installed.clone()));
        let inventory = cached.get_or_insert_with(fresh).clone();
        Box::pin(std::future::ready(Ok(inventory)))
    }

    fn satisfies(&self, inventory: &Inventory, token: &str) -> bool {
        let (name, version) = split(token);
        let mut installed = inventory.named(name);
        installed.any(|package| version.is_none_or(|version| package.version == version))
    }

    fn import_key<'a>(&'a self, _armoured: &'a str) -> Doing<'a, ()> {
        Box::pin(std::future::ready(Ok(())))
    }

    fn write_sources(&self, sources: &Sources) -> Result<(), ManagerError> {
        if self.world().repositories == sources.repositories {
            return Ok(());
        }
        self.change(|world| {
            world.repositories.clone_from(&sources.repositories);
            Ok(())
        })
    }

    fn refresh(&self) -> Doing<'_, ()> {
        Box::pin(self.fetch_all())
    }

    fn stale(&self, sources: &Sources) -> Vec<Stale> {
        if self.endpoint.is_none() {
            return Vec::new();
        }
        let world = self.world();
        let fetched = |one: &Repository| world.fetched.contains_key(&one.name);
        let missing = sources.repositories.iter().filter(|one| !fetched(one));
        let reason = "it could not be fetched";
        missing.map(|one| Stale { name: one.name.clone(), reason }).collect()
    }

    fn install<'a>(&'a self, tokens: &'a [String]) -> Doing<'a, ()> {
        let installed = self.change(|world| {
            let found: Result<Vec<_>, _> = tokens
                .iter()
                .map(|token| {
                    let candidate = world.candidate(token).cloned();
                    candidate.ok_or_else(|| ManagerError::NotAvailable(token.clone()))
                })
                .collect();
            found?.into_iter().for_each(|package| world.put(package));
            Ok(())
        });
        Box::pin(std::future::ready(installed))
    }

    fn remove<'a>(&'a self, tokens: &'a [String]) -> Doing<'a, ()> {
        let removed = self.change(|world| {
            world.installed.retain(|old| !tokens.iter().any(|token| split(token).0 == old.name));
            Ok(())
        });
        Box::pin(std::future::ready(removed))
    }

    fn upgrade(&self) -> Doing<'_, ()> {
        let newer: Vec<SoftwarePackage> = {
            let world = self.world();
            let newer = |old: &SoftwarePackage| {
                let candidate = world.candidate(&old.name)?;
                version::compare(&candidate.version, &old.version)
                    .is_gt()
                    .then(|| candidate.clone())
            };
            world.installed.iter().filter_map(newer).collect()
        };
        let upgraded = match newer.is_empty() {
            true => Ok(()),
            false => self.change(|world| {
                newer.into_iter().for_each(|package| world.put(package));
                Ok(())
            }),
        };
        Box::pin(std::future::ready(upgraded))
    }

    fn available(&self) -> Doing<'_, Vec<String>> {
        Box::pin(std::future::ready(Ok(self.world().available.keys().cloned().collect())))
    }

    fn search<'a>(&'a self, text: &'a str, _terminal: &'a Terminal) -> Doing<'a, Vec<Found>> {
        let world = self.world();
        let names = world.available.keys().filter(|name| name.contains(text));
        let found = names.map(|name| Found { name: name.clone(), description: String::new() });
        Box::pin(std::future::ready(Ok(found.collect())))
    }

    fn ask<'a>(&'a self, asked: &'a Asked, _terminal: &'a Terminal) -> Doing<'a, bool> {
        Box::pin(async move {
            match asked {
                Asked::Install(tokens) => self.install(tokens).await.map(|()| true),
                Asked::Remove(tokens) => self.remove(tokens).await.map(|()| true),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::fake_server::FakeServer;

    const PACKAGES: &str = "Package: vim\nVersion: 2:9.0\nArchitecture: amd64\n\n\
        Package: acme\nVersion: 1.0-2\nArchitecture: all\n\n\
        Package: acme\nVersion: 1.0-10\nArchitecture: all\n";

    #[tokio::test]
    async fn d_cli_08_the_emulation_does_the_same_duties() {
        let base = "/public/p/REPOSITORIES/dists/a";
        let files = vec![
            (format!("{base}/InRelease"), b"Date: x\n".to_vec()),
            (format!("{base}/PKGS/binary-amd64/Packages"), PACKAGES.as_bytes().to_vec()),
        ];
        let server = FakeServer::start_with(Vec::new(), files).await;
        let endpoint = Endpoint::new(&server.base, None, &[]).unwrap();
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("state/emulated.json");
        let manager = Emulated::load(&file, Some(endpoint)).unwrap();
        let repository = Repository {
            name: "a".to_owned(),
            path: "/public/p/REPOSITORIES".to_owned(),
            ..Repository::default()
        };
        let sources = Sources::new(&server.base, None, vec![repository]);
        assert_eq!(manager.stale(&sources).len(), 1);
        manager.write_sources(&sources).unwrap();
        manager.refresh().await.unwrap();
        assert_eq!(manager.stale(&sources), []);
        assert_eq!(manager.available().await.unwrap(), ["acme", "vim"]);
        manager.install(&["acme=1.0-2".to_owned(), "vim".to_owned()]).await.unwrap();
        manager.remove(&["nano".to_owned()]).await.unwrap();
        let names = async |manager: &Emulated| -> Vec<String> {
            let list = manager.installed().await.unwrap();
            list.packages().iter().map(|p| format!("{} {}", p.name, p.version)).collect()
        };
        assert!(names(&manager).await.contains(&"acme 1.0-2".to_owned()));
        assert!(!names(&manager).await.iter().any(|name| name.starts_with("nano")));
        manager.upgrade().await.unwrap();
        let again = Emulated::load(&file, None).unwrap();
        assert!(names(&again).await.contains(&"acme 1.0-10".to_owned()));
        let error = again.install(&["no-such".to_owned()]).await.unwrap_err();
        assert_eq!(error.to_string(), "package no-such is not available");
    }
}
