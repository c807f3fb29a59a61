//! What a synchronisation asks of the platform's package manager (D-CLI-08).
//!
//! One file per package manager: [`apt`], [`dnf`] (which is also yum) and [`zypper`]; what the last
//! two share is in [`rpm`]. A new one implements [`PackageManager`] and adds its lines to [`choice`].
//! Silent duties never ask and never read a terminal; the interactive ones belong to
//! `migas client search|install|remove` and leave the terminal to the package manager.
//! Invariant: no driver passes an option that accepts unsigned repositories.

pub mod apt;
pub mod choice;
pub mod command;
pub mod dnf;
pub mod emulated;
pub mod inventory;
pub mod rpm;
pub mod sources;
pub mod zypper;

use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::process::ExitStatus;
use std::sync::Arc;

pub use choice::detect;
pub use inventory::Inventory;
pub use sources::Sources;

/// A duty in progress.
pub type Doing<'a, T> = Pin<Box<dyn Future<Output = Result<T, ManagerError>> + Send + 'a>>;

/// Why a duty failed.
#[derive(Debug, thiserror::Error)]
pub enum ManagerError {
    #[error("no supported package manager is installed")]
    None,
    #[error("package manager {0:?} is not supported")]
    Unknown(String),
    #[error("{program} cannot be started")]
    Start { program: String, source: std::io::Error },
    #[error("{program} ended with {status}{}", after_colon(.output))]
    Failed { program: String, status: ExitStatus, output: String },
    #[error("another program holds the lock of {program}{}", after_colon(.output))]
    Locked { program: String, output: String },
    #[error("packages were changed, but a script of one of them failed{}", after_colon(.output))]
    Script { output: String },
    #[error("{} cannot be read or written", .path.display())]
    File { path: PathBuf, source: std::io::Error },
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Stale(Vec<Stale>),
    #[error("package {0} is not available")]
    NotAvailable(String),
    #[error("repository {name} cannot be fetched")]
    Fetch { name: String, source: super::transport::TransportError },
}

impl ManagerError {
    /// Says whether one of the packages may be the reason, so that the others are worth a try.
    pub fn is_about_packages(&self) -> bool {
        matches!(self, Self::Failed { .. } | Self::NotAvailable(_))
    }
}

fn after_colon(output: &str) -> String {
    if output.trim().is_empty() { String::new() } else { format!(":\n{}", output.trim()) }
}

/// A repository of which the package manager holds something older than the server promised.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("repository {name}: {reason}")]
pub struct Stale {
    pub name: String,
    pub reason: &'static str,
}

/// A change asked for at the terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    Install(Vec<String>),
    Remove(Vec<String>),
}

/// A package that a search found.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Found {
    pub name: String,
    pub description: String,
}

impl Found {
    /// Says whether name or description has `text`, in whatever case.
    pub fn matches(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        [&self.name, &self.description].iter().any(|field| field.to_lowercase().contains(&text))
    }
}

/// The terminal of whoever asks: their `LANG` and `TERM`.
#[derive(Debug, Clone, Default)]
pub struct Terminal {
    pub lang: String,
    pub term: String,
}

/// Duties of a package-manager driver. Tokens are as D-GEN-02 says: a name, or name and version
/// in the manager's own syntax.
pub trait PackageManager: Send + Sync {
    /// Name announced to the server (D-PMS-01): `apt-get`, `yum`, `zypper`.
    fn pms(&self) -> &'static str;

    /// What is installed now.
    fn installed(&self) -> Doing<'_, Arc<Inventory>>;

    /// Says whether `token` is satisfied: installed, in that version if it names one (D-MERGE-04).
    fn satisfies(&self, inventory: &Inventory, token: &str) -> bool;

    /// Imports the key that signs the repositories, ASCII-armoured (D-REPO-05).
    ///
    /// # Errors
    /// [`ManagerError::File`].
    fn import_key<'a>(&'a self, armoured: &'a str) -> Doing<'a, ()>;

    /// Writes all managed sources, and only them (D-REPO-06).
    ///
    /// # Errors
    /// [`ManagerError::File`].
    fn write_sources(&self, sources: &Sources) -> Result<(), ManagerError>;

    /// Fetches the indexes of all repositories of the machine.
    fn refresh(&self) -> Doing<'_, ()>;

    /// Names the repositories that are older than promised after a refresh: an old one could be
    /// replayed to a machine that does not look (`design.md`, Publishing).
    fn stale(&self, sources: &Sources) -> Vec<Stale>;

    /// Installs `tokens`, none of which is satisfied.
    fn install<'a>(&'a self, tokens: &'a [String]) -> Doing<'a, ()>;

    /// Removes `tokens`, all of which are installed.
    fn remove<'a>(&'a self, tokens: &'a [String]) -> Doing<'a, ()>;

    /// Upgrades everything, keeping changed configuration files.
    fn upgrade(&self) -> Doing<'_, ()>;

    /// Names of all packages that could be installed.
    fn available(&self) -> Doing<'_, Vec<String>>;

    /// Packages whose name or description has `text`: name and description of each.
    fn search<'a>(&'a self, text: &'a str, terminal: &'a Terminal) -> Doing<'a, Vec<Found>>;

    /// Does what a person asked for, at their terminal; `false` is the manager's negative answer.
    fn ask<'a>(&'a self, asked: &'a Asked, terminal: &'a Terminal) -> Doing<'a, bool>;
}
