//! openSUSE, SLES and their kin: zypper.
//!
//! rpm says what is installed; zypper does everything that changes the machine. Sources are the
//! file `/etc/zypp/repos.d/migas.repo`. It is never told to accept whatever key a repository brings
//! (`--gpg-auto-import-keys`): the key is in rpm's database before. A version in an order needs its
//! epoch here, if the package has one.

use std::path::Path;
use std::sync::Arc;

use super::command::{Ended, LOCK_PATIENCE_S};
use super::rpm::{database, key, repo_file, repomd, token};
use super::{
    Asked, Doing, Found, Inventory, ManagerError, PackageManager, Sources, Stale, Terminal,
    command, sources,
};
use crate::client::facts::os_release;
use crate::client::launcher::Launcher;
use crate::client::places::Places;
use crate::wire::sync::Repository;

const SOURCES: &str = "/etc/zypp/repos.d";
/// Where zypper keeps the indexes it fetched.
const RAW: &str = "/var/cache/zypp/raw";

/// Something silent that is asked of zypper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Duty {
    Refresh,
    Install,
    Remove,
    Upgrade,
    /// Upgrading a distribution that rolls on: `update` would keep what has been replaced or moved.
    Follow,
}

impl Duty {
    /// How a distribution of these families (`ID`, `ID_LIKE`) is upgraded: Tumbleweed and what is
    /// made of it only ever as a whole (openSUSE's wiki, "SDB:Tumbleweed").
    fn upgrade_of(families: &[String]) -> Self {
        match families.iter().any(|family| family == "opensuse-tumbleweed") {
            true => Self::Follow,
            false => Self::Upgrade,
        }
    }

    /// The arguments before the packages: nobody is asked, and what was just refreshed is not
    /// refreshed again.
    fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::Refresh => &["--non-interactive", "refresh"],
            // A token with a version may ask for an older one than is installed.
            Self::Install => &[
                "--non-interactive",
                "--no-refresh",
                "install",
                "--auto-agree-with-licenses",
                "--oldpackage",
            ],
            Self::Remove => &["--non-interactive", "--no-refresh", "remove"],
            Self::Upgrade => {
                &["--non-interactive", "--no-refresh", "update", "--auto-agree-with-licenses"]
            }
            Self::Follow => {
                &["--non-interactive", "--no-refresh", "dup", "--auto-agree-with-licenses"]
            }
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Refresh => "refresh",
            Self::Install => "install",
            Self::Remove => "remove",
            Self::Upgrade | Self::Follow => "upgrade",
        }
    }

    /// What the end of zypper means (zypper(8), "Exit codes"). From 100 on they are information:
    /// some say that all was done, others what was not.
    fn judge(self, ended: Ended) -> Result<(), ManagerError> {
        match ended.code() {
            Some(0 | REBOOT_NEEDED | RESTART_NEEDED) => Ok(()),
            // Nothing to refresh or to upgrade from.
            Some(NO_REPOSITORIES) if !matches!(self, Self::Install | Self::Remove) => Ok(()),
            // Said of every repository that was already left out by the refresh.
            Some(REPOSITORIES_SKIPPED) if self != Self::Refresh => Ok(()),
            Some(LOCKED) => Err(ended.locked()),
            Some(SCRIPT_FAILED) => Err(ended.script_failed()),
            // rpm is at work for somebody else.
            _ if ended.says(&["transaction lock"]) => Err(ended.locked()),
            _ => Err(ended.failed()),
        }
    }
}

const NO_REPOSITORIES: i32 = 6;
const LOCKED: i32 = 7;
const REBOOT_NEEDED: i32 = 102;
const RESTART_NEEDED: i32 = 103;
const NOTHING_FOUND: i32 = 104;
const REPOSITORIES_SKIPPED: i32 = 106;
const SCRIPT_FAILED: i32 = 107;

/// The driver.
#[derive(Debug)]
pub struct Zypper {
    launcher: Launcher,
    places: Places,
}

impl Zypper {
    /// zypper of this system, or of the root that `launcher` and `places` name.
    pub fn new(launcher: Launcher, places: Places) -> Self {
        Self { launcher, places }
    }

    async fn silent(&self, duty: Duty, tokens: &[String]) -> Result<(), ManagerError> {
        let mut command = self.launcher.command("zypper");
        command.env("ZYPP_LOCK_TIMEOUT", LOCK_PATIENCE_S.to_string());
        command.args(duty.arguments());
        if !tokens.is_empty() {
            command.arg("--").args(tokens);
        }
        let log = self.places.state().join(format!("{}.log", duty.name()));
        duty.judge(command::run("zypper", command, &log).await?)
    }

    /// A search among what was fetched; the answer is a table for people.
    async fn table(&self, arguments: &[&str]) -> Result<String, ManagerError> {
        let mut command = self.launcher.command("zypper");
        command.args(["--non-interactive", "--no-refresh", "--quiet", "search", "--type=package"]);
        command.args(arguments);
        let (ended, table) = command::read_ended("zypper", command).await?;
        match ended.code() {
            Some(0 | NOTHING_FOUND) => Ok(table),
            _ => Err(ended.failed()),
        }
    }
}

/// The package in a row of a search, `i+ | vim | Vi IMproved | package`; a summary may have bars.
fn row(line: &str) -> Option<Found> {
    let (rest, kind) = line.rsplit_once('|')?;
    let mut cells = rest.splitn(3, '|');
    let (_state, name, summary) = (cells.next()?, cells.next()?, cells.next()?);
    let found = Found { name: name.trim().to_owned(), description: summary.trim().to_owned() };
    (kind.trim() == "package").then_some(found)
}

impl PackageManager for Zypper {
    fn pms(&self) -> &'static str {
        "zypper"
    }

    fn installed(&self) -> Doing<'_, Arc<Inventory>> {
        Box::pin(database::installed(&self.launcher))
    }

    fn satisfies(&self, inventory: &Inventory, token: &str) -> bool {
        token::is_satisfied(inventory, token)
    }

    fn import_key<'a>(&'a self, armoured: &'a str) -> Doing<'a, ()> {
        Box::pin(
            async move { key::trust(&self.launcher, &self.places.at(key::KEY), armoured).await },
        )
    }

    fn write_sources(&self, sources: &Sources) -> Result<(), ManagerError> {
        repo_file::write(&self.places.at(SOURCES), sources, repo_file::ZYPPER)
    }

    fn refresh(&self) -> Doing<'_, ()> {
        Box::pin(self.silent(Duty::Refresh, &[]))
    }

    fn stale(&self, sources: &Sources) -> Vec<Stale> {
        let why = |repository: &Repository| {
            let section = repo_file::section(repository);
            let index = self.places.at(RAW).join(section).join("repodata/repomd.xml");
            let fetched = std::fs::read(index).ok();
            let reason = sources::why_stale(fetched.as_deref(), repomd::date, repository)?;
            Some(Stale { name: repository.name.clone(), reason })
        };
        sources.repositories.iter().filter_map(why).collect()
    }

    fn install<'a>(&'a self, tokens: &'a [String]) -> Doing<'a, ()> {
        Box::pin(self.silent(Duty::Install, tokens))
    }

    fn remove<'a>(&'a self, tokens: &'a [String]) -> Doing<'a, ()> {
        Box::pin(self.silent(Duty::Remove, tokens))
    }

    fn upgrade(&self) -> Doing<'_, ()> {
        let families = os_release::families(self.places.root().unwrap_or(Path::new("/")));
        Box::pin(self.silent(Duty::upgrade_of(&families), &[]))
    }

    fn available(&self) -> Doing<'_, Vec<String>> {
        Box::pin(async move {
            let table = self.table(&[]).await?;
            Ok(table.lines().filter_map(row).map(|found| found.name).collect())
        })
    }

    fn search<'a>(&'a self, text: &'a str, _terminal: &'a Terminal) -> Doing<'a, Vec<Found>> {
        Box::pin(async move {
            let arguments = ["--search-descriptions", "--", text];
            let table = self.table(&arguments).await?;
            Ok(table.lines().filter_map(row).collect())
        })
    }

    fn ask<'a>(&'a self, asked: &'a Asked, terminal: &'a Terminal) -> Doing<'a, bool> {
        let (verb, tokens) = match asked {
            Asked::Install(tokens) => ("install", tokens),
            Asked::Remove(tokens) => ("remove", tokens),
        };
        Box::pin(async move {
            let mut command = self.launcher.interactive("zypper", &terminal.lang, &terminal.term);
            command.arg(verb).arg("--").args(tokens);
            let status = command::ask("zypper", command).await?;
            // A script that failed, or a reboot that is due, does not undo the answer.
            let done = [0, REBOOT_NEEDED, RESTART_NEEDED, SCRIPT_FAILED];
            Ok(status.code().is_some_and(|code| done.contains(&code)))
        })
    }
}

#[cfg(test)]
mod tests;
