//! Debian, Ubuntu and their kin: `apt-get`, `apt-cache` and dpkg's own files.
//!
//! The list of installed packages is read from `/var/lib/dpkg/status` and what apt fetched from
//! `/var/lib/apt/lists`, without a process; apt itself does everything that changes the machine.
//! Sources are the file `migas.list` (`migas.sources` from apt 3 on, which warns about the old
//! form), the key is `/etc/apt/keyrings/migas.asc` (sources.list(5)).

mod lists;
mod source_file;
mod status;

use std::path::PathBuf;
use std::sync::Arc;

use tokio::process::Command;

use super::command::Ended;
use super::{
    Asked, Doing, Found, Inventory, ManagerError, PackageManager, Sources, Stale, Terminal,
    command, sources,
};
use crate::client::launcher::Launcher;
use crate::client::places::Places;

/// Where apt finds the key of our repositories, inside the root.
const KEYRING: &str = "/etc/apt/keyrings/migas.asc";
const SOURCES: &str = "/etc/apt/sources.list.d";

/// Options of every silent run: nobody is asked, changed configuration files stay, another
/// package manager at work is waited for.
const SILENT: [&str; 10] = [
    "-q",
    "-y",
    "-o",
    "Dpkg::Options::=--force-confdef",
    "-o",
    "Dpkg::Options::=--force-confold",
    "-o",
    "Dpkg::Use-Pty=0",
    "-o",
    "DPkg::Lock::Timeout=300",
];

/// The driver.
#[derive(Debug)]
pub struct Apt {
    launcher: Launcher,
    places: Places,
}

impl Apt {
    /// apt of this system, or of the root that `launcher` and `places` name.
    pub fn new(launcher: Launcher, places: Places) -> Self {
        Self { launcher, places }
    }

    fn silent(&self, program: &str) -> Command {
        let mut command = self.launcher.command(program);
        command.env("DEBIAN_FRONTEND", "noninteractive").env("APT_LISTCHANGES_FRONTEND", "none");
        command.env("NEEDRESTART_MODE", "a"); // it would ask which services to restart
        command
    }

    async fn apt_get(
        &self,
        duty: &str,
        arguments: &[&str],
        tokens: &[String],
    ) -> Result<(), ManagerError> {
        let mut command = self.silent("apt-get");
        // A token is never an option: `--` ends them.
        command.args(SILENT).args(arguments).arg("--").args(tokens);
        let log = self.places.state().join(format!("{duty}.log"));
        judge(command::run("apt-get", command, &log).await?)
    }

    fn status(&self) -> Result<Arc<Inventory>, ManagerError> {
        let path = self.places.at("/var/lib/dpkg/status");
        let bytes = std::fs::read(&path).map_err(|source| ManagerError::File { path, source })?;
        Ok(Arc::new(Inventory::new(status::installed(&String::from_utf8_lossy(&bytes)))))
    }

    fn has_apt_3(&self) -> bool {
        let Ok(inventory) = self.status() else { return false };
        let version = inventory.named("apt").next().map(|package| package.version.clone());
        let major = version.and_then(|version| version.split('.').next()?.parse::<u32>().ok());
        major.is_some_and(|major| major >= 3)
    }
}

/// What a run of apt-get came to. It has one exit status for everything, 100.
fn judge(ended: Ended) -> Result<(), ManagerError> {
    let locks = ["Could not get lock", "Unable to lock", "Unable to acquire the dpkg"];
    match ended.status.success() {
        true => Ok(()),
        false if ended.says(&locks) => Err(ended.locked()),
        false => Err(ended.failed()),
    }
}

impl PackageManager for Apt {
    fn pms(&self) -> &'static str {
        "apt-get"
    }

    fn installed(&self) -> Doing<'_, Arc<Inventory>> {
        Box::pin(std::future::ready(self.status()))
    }

    fn satisfies(&self, inventory: &Inventory, token: &str) -> bool {
        let (name, version) = match token.split_once('=') {
            Some((name, version)) => (name, Some(version)),
            None => (token, None),
        };
        let (name, architecture) = match name.split_once(':') {
            Some((name, architecture)) => (name, Some(architecture)),
            None => (name, None),
        };
        inventory.named(name).any(|package| {
            version.is_none_or(|version| package.version == version)
                && architecture.is_none_or(|wanted| {
                    ["any", "native"].contains(&wanted) || package.architecture == wanted
                })
        })
    }

    fn import_key<'a>(&'a self, armoured: &'a str) -> Doing<'a, ()> {
        Box::pin(async move { sources::place(&self.places.at(KEYRING), Some(armoured)) })
    }

    fn write_sources(&self, sources: &Sources) -> Result<(), ManagerError> {
        let directory = self.places.at(SOURCES);
        let (list, deb822) = (directory.join("migas.list"), directory.join("migas.sources"));
        let modern = self.has_apt_3();
        let (path, other) = if modern { (deb822, list) } else { (list, deb822) };
        sources::place(&path, source_file::text(sources, modern).as_deref())?;
        // The other spelling, and what the book's client left (D-CFG-09).
        let book = ["migasfree.list", "migasfree.sources"].map(|name| directory.join(name));
        book.iter().chain([&other]).try_for_each(|path| sources::place(path, None))
    }

    fn refresh(&self) -> Doing<'_, ()> {
        Box::pin(self.apt_get("refresh", &["update"], &[]))
    }

    fn stale(&self, sources: &Sources) -> Vec<Stale> {
        let directory: PathBuf = self.places.at("/var/lib/apt/lists");
        sources
            .repositories
            .iter()
            .filter_map(|repository| {
                let url =
                    format!("{}/dists/{}/InRelease", sources.url(repository), repository.name);
                let fetched = std::fs::read(directory.join(lists::file_name(&url))).ok();
                let reason = sources::why_stale(fetched.as_deref(), lists::date, repository)?;
                Some(Stale { name: repository.name.clone(), reason })
            })
            .collect()
    }

    fn install<'a>(&'a self, tokens: &'a [String]) -> Doing<'a, ()> {
        // A token with a version may ask for an older one than is installed.
        let arguments: &[&str] = match tokens.iter().any(|token| token.contains('=')) {
            true => &["install", "--allow-downgrades"],
            false => &["install"],
        };
        Box::pin(self.apt_get("install", arguments, tokens))
    }

    fn remove<'a>(&'a self, tokens: &'a [String]) -> Doing<'a, ()> {
        Box::pin(self.apt_get("remove", &["remove", "--purge"], tokens))
    }

    fn upgrade(&self) -> Doing<'_, ()> {
        Box::pin(self.apt_get("upgrade", &["dist-upgrade", "--auto-remove"], &[]))
    }

    fn available(&self) -> Doing<'_, Vec<String>> {
        Box::pin(async move {
            let mut command = self.silent("apt-cache");
            command.arg("pkgnames");
            let names = command::read("apt-cache", command).await?;
            let mut names: Vec<String> = names.lines().map(str::to_owned).collect();
            names.sort_unstable();
            Ok(names)
        })
    }

    fn search<'a>(&'a self, text: &'a str, terminal: &'a Terminal) -> Doing<'a, Vec<Found>> {
        Box::pin(async move {
            let mut command = self.silent("apt-cache");
            // Descriptions in the reader's language.
            command.env_remove("LC_ALL").env("LANG", &terminal.lang);
            command.args(["search", "--", text]);
            let lines = command::read("apt-cache", command).await?;
            let found = |line: &str| {
                let (name, description) = line.split_once(" - ").unwrap_or((line, ""));
                Found { name: name.to_owned(), description: description.to_owned() }
            };
            Ok(lines.lines().map(found).collect())
        })
    }

    fn ask<'a>(&'a self, asked: &'a Asked, terminal: &'a Terminal) -> Doing<'a, bool> {
        let (duty, tokens) = match asked {
            Asked::Install(tokens) => ("install", tokens),
            Asked::Remove(tokens) => ("purge", tokens),
        };
        Box::pin(async move {
            let mut command = self.launcher.interactive("apt-get", &terminal.lang, &terminal.term);
            command.arg(duty).arg("--").args(tokens);
            Ok(command::ask("apt-get", command).await?.success())
        })
    }
}

#[cfg(test)]
mod tests;
