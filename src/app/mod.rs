//! The operations of the appliance: each opens a transaction, checks the permission, loads, asks
//! the domain, stores, records and announces. A file per aggregate, all methods of [`App`].
//!
//! Operations know nothing of HTTP, HTML or exit codes, and never read the clock: the time of a
//! request stands in its [`actor::Actor`].

mod account_passwords;
pub mod accounts;
pub mod actor;
pub mod alerts;
pub mod attribute_sets;
pub mod attributes;
pub mod auto_checks;
pub mod catalogue;
pub mod checks;
mod collection;
pub mod computer_changes;
pub mod computers;
pub mod credentials;
pub mod data_model;
mod default_objects;
mod deployment_changes;
mod deployment_lists;
pub mod deployments;
pub mod domains;
mod downloads;
mod error;
mod errors;
pub mod external_cache;
mod external_changes;
pub mod fault_definitions;
pub mod figures;
mod file_records;
pub mod first_start;
#[cfg(test)]
pub(crate) mod fixtures;
pub mod formulas;
pub mod found_faults;
mod given_tags;
pub mod grants;
pub mod groups;
mod handed;
mod hardware;
pub mod histories;
pub mod history;
mod identity;
mod instants;
mod intake;
pub mod keys;
pub mod listed;
pub mod messages;
pub mod notices;
pub mod orphans;
mod own_tags;
pub mod package_folders;
mod package_header;
pub mod package_information;
pub mod package_moves;
pub mod package_sets;
pub mod packages;
pub mod passwords;
pub mod policies;
mod pools;
pub mod preview;
pub mod projects;
pub mod public;
mod publishing;
mod reach;
pub mod reason;
pub mod refusal;
mod regeneration;
pub mod registration;
pub mod related;
mod release_cache;
mod report;
pub mod reported_errors;
pub mod schedules;
pub mod scopes;
mod shelf;
pub mod sign_in;
pub mod simulation;
pub mod site_settings;
pub mod software_history;
mod start_check;
pub mod stores;
pub mod surroundings;
mod synchronization;
pub mod tag_categories;
pub mod tags;
pub mod timelines;
pub mod tokens;
pub mod trial;
pub mod undo;
pub mod uploads;
pub mod why;
pub mod working;

use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::storage::Storage;
use crate::storage::seen::Seen;
use crate::upstream::{Cache, Patience};

pub use crate::domain::text::chain;
pub use error::AppError;

/// The appliance. Clones share everything; one with a [`trial::Trial`] keeps nothing it writes.
#[derive(Debug, Clone)]
pub struct App(Arc<Parts>, Option<Arc<trial::Trial>>);

#[derive(Debug)]
struct Parts {
    storage: Storage,
    options: Options,
    passwords: passwords::Passwords,
    keys: keys::Keys,
    /// Changes that publish take turns.
    publishing: tokio::sync::Mutex<()>,
    /// Wakes the job that publishes selections again.
    regeneration: tokio::sync::Notify,
    /// One payload is unpacked at a time.
    reading_contents: tokio::sync::Mutex<()>,
    process_settings: std::sync::OnceLock<Vec<site_settings::SettingView>>,
    refusals: credentials::Refusals,
    messages: messages::Messages,
    release_cache: release_cache::ReleaseCache,
    handed: handed::Handed,
    downloads: downloads::Downloads,
    /// What sources of external deployments sent.
    upstream: Cache,
}

/// What the process decides for the appliance.
#[derive(Debug, Clone)]
pub struct Options {
    /// Zone of all "today" decisions and of the times shown (D-GEN-01).
    pub time_zone: TimeZone,
    /// Largest upload in bytes.
    pub max_package_size: u64,
    /// A demonstration site: accounts of the book, loopback only (D-ACC-03).
    pub demo: bool,
}

impl App {
    /// Takes over an opened database.
    ///
    /// # Errors
    /// [`AppError::Internal`] when the keys of the site cannot be read or made.
    pub fn new(storage: Storage, options: Options, now: jiff::Timestamp) -> Result<Self, AppError> {
        let keys = keys::Keys::load(&storage, now)?;
        let passwords = passwords::Passwords::new()?;
        let upstream = Cache::new(storage.path().with_file_name("cache"), Patience::default())
            .map_err(|error| AppError::Internal(error.into()))?;
        let parts = Parts {
            storage,
            options,
            passwords,
            keys,
            publishing: Default::default(),
            regeneration: Default::default(),
            reading_contents: Default::default(),
            process_settings: std::sync::OnceLock::new(),
            refusals: Default::default(),
            messages: Default::default(),
            release_cache: Default::default(),
            handed: Default::default(),
            downloads: Default::default(),
            upstream,
        };
        Ok(Self(Arc::new(parts), None))
    }

    /// The database, for the operations of this room.
    pub(crate) fn storage(&self) -> trial::Store<'_> {
        trial::Store { storage: &self.0.storage, trial: self.1.as_ref() }
    }

    /// Reads the database as `actor` sees it (6.6).
    pub(crate) async fn see<T, F>(&self, actor: &actor::Actor, query: F) -> Result<T, AppError>
    where
        F: FnOnce(&Seen<'_>) -> Result<T, AppError> + Send + 'static,
        T: Send + 'static,
    {
        let view = actor.view();
        self.storage().read(move |tx| query(&tx.seen_by(view))).await
    }

    /// The turn of changes that publish.
    pub(crate) fn publishing(&self) -> &tokio::sync::Mutex<()> {
        &self.0.publishing
    }

    /// Told when repositories are to be published again.
    pub(crate) fn regeneration_asked(&self) -> &tokio::sync::Notify {
        &self.0.regeneration
    }

    /// The turn of unpacking a payload.
    pub(crate) fn reading_contents(&self) -> &tokio::sync::Mutex<()> {
        &self.0.reading_contents
    }

    /// What the process decided.
    pub fn options(&self) -> &Options {
        &self.0.options
    }

    /// The civil date in the zone of the site (D-GEN-01).
    pub fn today(&self, now: jiff::Timestamp) -> jiff::civil::Date {
        now.to_zoned(self.0.options.time_zone.clone()).date()
    }
}

#[cfg(test)]
mod tests;
