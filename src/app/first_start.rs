//! What an empty database gets: groups, default objects, and one administrator (D-ACC-02).
//!
//! The password is generated and shown once with a one-time link, or taken from a file. Only a
//! demonstration site has accounts whose password is known.

use std::path::Path;

use jiff::Timestamp;

use crate::domain::account::{Account, Action, Model};
use crate::domain::groups::{DemoAccount, default_groups, demo_accounts};
use crate::storage::{StorageError, WriteTx, accounts, groups, sessions};

use super::account_passwords::check_new_password;
use super::actor::{Actor, Permit};
use super::history::Object;
use super::passwords::{hash, random_password, random_secret, secret_hash};
use super::sign_in::later;
use super::{App, AppError};

/// Hours for which the link of the first start is valid, once.
const LINK_HOURS: i64 = 24;

/// How the administrator gets in.
#[derive(Debug, Clone)]
pub enum FirstPassword {
    /// Generate one and make a link.
    Generate,
    /// The first line of a file.
    Given(String),
}

/// What a first start has to tell, once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Welcome {
    /// The site had accounts already.
    Known,
    /// The administrator's password came from a file.
    Given,
    /// A generated password, and the secret of the link that sets another.
    Generated { password: String, link: String },
    /// A demonstration: passwords equal the names.
    Demo,
}

/// Why the file with the administrator's password cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PasswordFileError {
    #[error("cannot read the password file {path}")]
    Read {
        path: String,
        #[source]
        source: std::io::Error,
    },
    #[error("the password file {path} needs at least 10 characters in its first line")]
    Short { path: String },
}

/// Reads the first line of the administrator's password file.
///
/// # Errors
/// [`PasswordFileError`] when it is missing, empty or too short.
pub fn read_password_file(path: &Path) -> Result<FirstPassword, PasswordFileError> {
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path)
        .map_err(|source| PasswordFileError::Read { path: name.clone(), source })?;
    let line = text.lines().next().unwrap_or_default().trim_end_matches('\r').to_owned();
    match check_new_password(&line) {
        Ok(()) => Ok(FirstPassword::Given(line)),
        Err(_) => Err(PasswordFileError::Short { path: name }),
    }
}

impl App {
    /// Fills an empty database; does nothing on any other.
    ///
    /// # Errors
    /// [`AppError`] from the database.
    pub fn first_start(
        &self,
        password: FirstPassword,
        now: Timestamp,
    ) -> Result<Welcome, AppError> {
        let known: bool = self.storage().read_now(|tx| Ok::<_, AppError>(accounts::any(tx)?))?;
        if known {
            return Ok(Welcome::Known);
        }
        let demo = self.options().demo;
        let link = random_secret();
        let (text, welcome) = match (demo, password) {
            (true, _) => (String::from("admin"), Welcome::Demo),
            (false, FirstPassword::Given(text)) => (text, Welcome::Given),
            (false, FirstPassword::Generate) => {
                let password = random_password();
                (password.clone(), Welcome::Generated { password, link: link.clone() })
            }
        };
        let hash = hash(&text)?;
        let permit = Actor::system(now).permit(Model::Account, Action::Add)?;
        let demo_hashes = if demo { hash_demo_accounts()? } else { Vec::new() };
        let wants_link = matches!(welcome, Welcome::Generated { .. });
        self.storage().write_now(move |tx| -> Result<(), AppError> {
            add_groups(tx)?;
            super::default_objects::add(tx)?;
            let admin = Account {
                is_superuser: true,
                is_staff: true,
                is_demo: demo,
                ..Account::new("admin", now)
            };
            let id = accounts::insert(tx, &admin, Some(&hash))?;
            permit.added(tx, Object { id: id.0, name: "admin" }, &())?;
            if wants_link {
                sessions::add_link(tx, id, &secret_hash(&link), later(now, LINK_HOURS))?;
            }
            for (account, hash) in &demo_hashes {
                add_demo_account(tx, &permit, account, hash)?;
            }
            Ok(())
        })?;
        Ok(welcome)
    }

    /// Says whether an account whose password everybody knows is active (D-ACC-03).
    ///
    /// # Errors
    /// [`AppError`] from the database.
    pub fn has_demo_accounts(&self) -> Result<bool, AppError> {
        self.storage().read_now(|tx| Ok(accounts::any_active_demo(tx)?))
    }

    /// Drops what a crash left of uploads, and what has expired. Run once, before serving.
    ///
    /// # Errors
    /// [`AppError`] from the database.
    pub fn clean_up(&self, now: Timestamp) -> Result<(), AppError> {
        self.storage().write_now(move |tx| -> Result<(), AppError> {
            crate::storage::payloads::drop_incomplete(tx)?;
            sessions::drop_expired(tx, now)?;
            Ok(())
        })?;
        self.clean_up_external_cache()
    }

    /// Drops sessions and links that have expired.
    ///
    /// # Errors
    /// [`AppError`] from the database.
    pub async fn drop_expired(&self, now: Timestamp) -> Result<(), AppError> {
        self.storage().write(move |tx| Ok(sessions::drop_expired(tx, now)?)).await
    }
}

fn add_groups(tx: &WriteTx<'_>) -> Result<(), StorageError> {
    for (name, permissions) in default_groups() {
        let id = groups::insert(tx, name, false)?;
        groups::set_permissions(tx, id, &permissions)?;
    }
    Ok(())
}

fn hash_demo_accounts() -> Result<Vec<(DemoAccount, String)>, AppError> {
    let hashed = demo_accounts().into_iter().filter(|account| account.name != "admin");
    hashed.map(|account| Ok((account, hash(account.name)?))).collect()
}

fn add_demo_account(
    tx: &WriteTx<'_>,
    permit: &Permit,
    demo: &DemoAccount,
    hash: &str,
) -> Result<(), AppError> {
    let account = Account {
        is_staff: true,
        is_demo: true,
        is_active: demo.is_active,
        ..Account::new(demo.name, permit.at())
    };
    let id = accounts::insert(tx, &account, Some(hash))?;
    let mut ids = Vec::new();
    for group in demo.groups {
        ids.extend(groups::find(tx, group)?);
    }
    groups::set_of(tx, id, &ids)?;
    permit.added(tx, Object { id: id.0, name: demo.name }, &demo.groups)?;
    Ok(())
}
