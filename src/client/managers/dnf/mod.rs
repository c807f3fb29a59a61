//! Fedora, RHEL and their kin: dnf 4 and 5, and yum 3 where that is all there is.
//!
//! rpm says what is installed; the family member ([`words`]) does everything that changes the
//! machine. Sources are the file `/etc/yum.repos.d/migas.repo`. To the server all of them are
//! `yum` (D-PMS-01).

mod words;

use std::path::PathBuf;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};
use tokio::process::Command;

use self::words::{Duty, Member};
use super::command::Ended;
use super::rpm::{database, key, repo_file, repomd, token};
use super::{
    Asked, Doing, Found, Inventory, ManagerError, PackageManager, Sources, Stale, Terminal,
    command, sources,
};
use crate::client::launcher::Launcher;
use crate::client::places::Places;
use crate::wire::sync::Repository;

/// The programs of the family, the one that the system prefers first.
pub const PROGRAMS: [&str; 3] = ["dnf", "dnf5", "yum"];
const SOURCES: &str = "/etc/yum.repos.d";

/// The driver.
#[derive(Debug)]
pub struct Dnf {
    launcher: Launcher,
    places: Places,
    program: &'static str,
    member: Member,
}

impl Dnf {
    /// The family's program of this system, or of the root that `launcher` and `places` name.
    pub fn new(launcher: Launcher, places: Places) -> Self {
        let there = |name: &&str| launcher.has(name);
        let program = PROGRAMS.into_iter().find(there).unwrap_or("dnf");
        let real_name = launcher.real_name(program).unwrap_or_default();
        let member = Member::of(&real_name);
        Self { launcher, places, program, member }
    }

    fn command(&self, duty: Duty) -> Command {
        let mut command = self.launcher.command(self.program);
        command.args(self.member.arguments(duty));
        command
    }

    /// Does a duty; while another package manager is at work it is tried again, since only dnf 4
    /// would wait by itself, and that for ever.
    async fn silent(&self, name: &str, duty: Duty, tokens: &[String]) -> Result<(), ManagerError> {
        let log = self.places.state().join(format!("{name}.log"));
        let mut asked = 0;
        loop {
            let mut command = self.command(duty);
            if !tokens.is_empty() {
                command.args(self.member.end_of_options()).args(tokens);
            }
            let result = judge(duty, command::run(self.program, command, &log).await?);
            asked += 1;
            let is_locked = matches!(result, Err(ManagerError::Locked { .. }));
            if !(is_locked && command::wait_for_lock(asked).await) {
                return result;
            }
        }
    }

    /// The index of a repository, as it was fetched last.
    fn fetched(&self, sources: &Sources, repository: &Repository) -> Option<Vec<u8>> {
        let url = repo_file::base_url(sources, repository);
        let section = repo_file::section(repository);
        let pattern = self.member.index(&section, &hex::encode(Sha256::digest(url)));
        let parts: Vec<&str> = pattern.split('/').skip(1).collect();
        first_match(self.places.at("/"), &parts).and_then(|path| std::fs::read(path).ok())
    }
}

/// The first path that is there and fits `parts`, of which `*` fits any directory.
fn first_match(at: PathBuf, parts: &[&str]) -> Option<PathBuf> {
    match parts.split_first() {
        None => at.exists().then_some(at),
        Some((&"*", rest)) => {
            let mut entries = std::fs::read_dir(at).ok()?;
            entries.find_map(|entry| first_match(entry.ok()?.path(), rest))
        }
        Some((part, rest)) => first_match(at.join(part), rest),
    }
}

/// What a silent run came to. A failed script of a package is a warning to dnf, which says that
/// all is well; a repository that it left out is one too.
fn judge(duty: Duty, ended: Ended) -> Result<(), ManagerError> {
    /// dnf(8), "Exit codes": trouble with locks.
    const LOCKED: i32 = 200;
    match ended.code() {
        Some(0) if ended.says(&[command::SCRIPT_FAILED]) => Err(ended.script_failed()),
        Some(0) if duty == Duty::Refresh && ended.says(&["Ignoring repositories"]) => {
            Err(ended.failed())
        }
        Some(0) => Ok(()),
        Some(LOCKED) => Err(ended.locked()),
        _ if ended.says(&["transaction lock", "holding the yum lock"]) => Err(ended.locked()),
        _ => Err(ended.failed()),
    }
}

/// The package in a line of a query: name and summary.
fn queried(line: &str) -> Option<Found> {
    let (name, description) = line.split_once('\t')?;
    Some(Found { name: name.to_owned(), description: description.to_owned() })
}

/// The package in a line of yum's search, `vim-enhanced.x86_64 : A version of the VIM editor`.
fn searched(line: &str) -> Option<Found> {
    let (package, description) = line.split_once(" : ")?;
    let (name, _architecture) = package.trim().rsplit_once('.')?;
    Some(Found { name: name.to_owned(), description: description.trim().to_owned() })
}

/// The package in a line of yum's list, `vim-enhanced.x86_64   2:7.4.629-8.el7   updates`.
fn listed(line: &str) -> Option<&str> {
    let package = line.split(char::is_whitespace).next()?;
    package.rsplit_once('.').map(|(name, _architecture)| name)
}

impl PackageManager for Dnf {
    fn pms(&self) -> &'static str {
        "yum"
    }

    fn installed(&self) -> Doing<'_, Arc<Inventory>> {
        Box::pin(database::installed(&self.launcher))
    }

    fn satisfies(&self, inventory: &Inventory, token: &str) -> bool {
        token::is_satisfied(inventory, token)
    }

    fn import_key<'a>(&'a self, armoured: &'a str) -> Doing<'a, ()> {
        Box::pin(async move { key::write(&self.places.at(key::KEY), armoured) })
    }

    fn write_sources(&self, sources: &Sources) -> Result<(), ManagerError> {
        repo_file::write(&self.places.at(SOURCES), sources, repo_file::DNF)
    }

    fn refresh(&self) -> Doing<'_, ()> {
        Box::pin(async move {
            if self.member == Member::Yum {
                self.silent("refresh", Duty::Expire, &[]).await?;
            }
            self.silent("refresh", Duty::Refresh, &[]).await
        })
    }

    fn stale(&self, sources: &Sources) -> Vec<Stale> {
        let why = |repository: &Repository| {
            let fetched = self.fetched(sources, repository);
            let reason = sources::why_stale(fetched.as_deref(), repomd::date, repository)?;
            Some(Stale { name: repository.name.clone(), reason })
        };
        sources.repositories.iter().filter_map(why).collect()
    }

    fn install<'a>(&'a self, tokens: &'a [String]) -> Doing<'a, ()> {
        Box::pin(self.silent("install", Duty::Install, tokens))
    }

    fn remove<'a>(&'a self, tokens: &'a [String]) -> Doing<'a, ()> {
        Box::pin(self.silent("remove", Duty::Remove, tokens))
    }

    fn upgrade(&self) -> Doing<'_, ()> {
        Box::pin(self.silent("upgrade", Duty::Upgrade, &[]))
    }

    fn available(&self) -> Doing<'_, Vec<String>> {
        Box::pin(async move {
            let text = command::read(self.program, self.command(Duty::Available)).await?;
            let name = |line| if self.member == Member::Yum { listed(line) } else { Some(line) };
            let mut names: Vec<String> = text.lines().filter_map(name).map(str::to_owned).collect();
            names.sort_unstable();
            names.dedup();
            Ok(names)
        })
    }

    fn search<'a>(&'a self, text: &'a str, _terminal: &'a Terminal) -> Doing<'a, Vec<Found>> {
        Box::pin(async move {
            let mut command = self.command(Duty::Summaries);
            if self.member == Member::Yum {
                command.args(["--", text]);
            }
            let lines = command::read(self.program, command).await?;
            let mut found: Vec<Found> = match self.member {
                Member::Yum => lines.lines().filter_map(searched).collect(),
                _ => lines.lines().filter_map(queried).filter(|one| one.matches(text)).collect(),
            };
            found.sort_unstable_by(|a, b| a.name.cmp(&b.name));
            found.dedup_by(|a, b| a.name == b.name);
            Ok(found)
        })
    }

    fn ask<'a>(&'a self, asked: &'a Asked, terminal: &'a Terminal) -> Doing<'a, bool> {
        let (verb, tokens) = match asked {
            Asked::Install(tokens) => ("install", tokens),
            Asked::Remove(tokens) => ("remove", tokens),
        };
        Box::pin(async move {
            let mut command =
                self.launcher.interactive(self.program, &terminal.lang, &terminal.term);
            command.arg(verb).args(self.member.end_of_options()).args(tokens);
            Ok(command::ask(self.program, command).await?.success())
        })
    }
}

#[cfg(test)]
mod tests;
