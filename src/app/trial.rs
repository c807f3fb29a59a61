//! Looking at what an operation writes before it stays.
//!
//! [`App::on_trial`] hands out an appliance whose operations do all they always do, checks and
//! refusals among it. For a preview nothing stays; on guard it stays unless many computers would
//! lose something and nobody confirmed that. What the release would be is kept in the [`Trial`],
//! which a preview compares with what it was. So every operation has a preview, and none knows.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::civil::Date;

use crate::domain::ids::{AttributeId, ComputerId, DeploymentId, PackageId};
use crate::domain::release::Snapshot;
use crate::domain::scopes::View;
use crate::storage::changes::RowChange;
use crate::storage::release::Offer;
use crate::storage::{
    ReadTx, Storage, StorageError, WriteTx, changes, classification, packages, release,
};

use super::actor::Actor;
use super::release_cache::Site;
use super::{App, AppError, preview};

/// A change that is looked at before it stays, if it does.
#[derive(Debug)]
pub struct Trial {
    app: App,
    before: Before,
    purpose: Purpose,
    seen: Mutex<Option<Tried>>,
}

/// What becomes of a change that was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// It is rolled back: somebody asks what it would do.
    Preview,
    /// It stays, unless many computers lose something by it and `confirmed` is not their number.
    Guard { confirmed: Option<i64> },
}

/// The site before the change.
#[derive(Debug, Clone)]
pub(super) struct Before {
    pub site: Arc<Site>,
    pub tags: Tags,
    pub today: Date,
    /// What is seen by who asks: a preview is about these computers.
    pub view: View,
}

/// Tags of all computers that have some.
pub(super) type Tags = BTreeMap<ComputerId, BTreeSet<AttributeId>>;

/// The site as it would be.
#[derive(Debug)]
pub(super) struct Tried {
    pub release: Snapshot,
    pub tags: Tags,
    /// Packages of the deployments whose packages change.
    pub offers: BTreeMap<DeploymentId, Vec<Offer>>,
}

impl Trial {
    /// Looks at what an operation has written; one that recorded nothing changes nothing.
    fn see(&self, tx: &WriteTx<'_>) -> Result<(), StorageError> {
        if !changes::is_recorded(tx)? {
            return Ok(());
        }
        let mut touched = BTreeSet::new();
        for row in changes::noted(tx)? {
            touched.extend(touched_by(tx, &row)?);
        }
        let tried = Tried {
            release: Snapshot::new(release::parts(tx)?),
            tags: classification::tags(tx)?,
            offers: release::offers_of(tx, &touched)?,
        };
        if let Purpose::Guard { confirmed } = self.purpose {
            // Computers are asked as they were: in this transaction they may have lost attributes.
            let storage = self.app.storage();
            let lost = storage.read_now(|before| preview::losing(before, &self.before, &tried));
            match lost? {
                Some(lost) if confirmed != Some(lost) => {}
                _ => return Ok(()),
            }
        }
        *self.lock() = Some(tried);
        match self.purpose {
            Purpose::Preview => Ok(()),
            Purpose::Guard { .. } => Err(StorageError::Unconfirmed),
        }
    }

    /// What was seen, if an operation got as far as changing something.
    pub(super) fn take(&self) -> Option<(Before, Tried)> {
        Some((self.before.clone(), self.lock().take()?))
    }

    /// Says whether there is something to show: what a change would do, or why it must be
    /// confirmed first.
    pub fn has_seen(&self) -> bool {
        self.lock().is_some()
    }

    fn lock(&self) -> MutexGuard<'_, Option<Tried>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The deployments whose packages a row is about.
fn touched_by(tx: &ReadTx<'_>, row: &RowChange) -> Result<Vec<DeploymentId>, StorageError> {
    let fields = row.after.as_ref().or(row.before.as_ref());
    let number = |column| fields.and_then(|fields| fields.get(column)?.as_i64());
    Ok(match row.table.as_str() {
        "deployment" => number("id").map(DeploymentId).into_iter().collect(),
        "deployment_package" => number("deployment_id").map(DeploymentId).into_iter().collect(),
        // It has other content, or a set other files.
        "package" => match number("id") {
            Some(id) => packages::deployments_of(tx, PackageId(id))?,
            None => Vec::new(),
        },
        _ => Vec::new(),
    })
}

impl App {
    /// Begins a trial of what `actor` asks for, with the site as it is then.
    ///
    /// # Errors
    /// [`AppError`] from the database.
    pub async fn trial(&self, purpose: Purpose, actor: &Actor) -> Result<Arc<Trial>, AppError> {
        let (app, today, view) = (self.clone(), self.today(actor.at), actor.view());
        let before = self.storage().read(move |tx| -> Result<_, AppError> {
            Ok(Before { site: app.site(tx)?, tags: classification::tags(tx)?, today, view })
        });
        let (before, app) = (before.await?, self.clone());
        Ok(Arc::new(Trial { app, before, purpose, seen: Mutex::default() }))
    }

    /// The same appliance, except that what operations write is looked at first.
    pub fn on_trial(&self, trial: &Arc<Trial>) -> Self {
        let Self(parts, _) = self;
        Self(Arc::clone(parts), Some(Arc::clone(trial)))
    }

    /// Says whether a change waits for somebody to confirm how many computers lose something.
    pub fn is_held(&self) -> bool {
        let held =
            |trial: &Arc<Trial>| matches!(trial.purpose, Purpose::Guard { .. }) && trial.has_seen();
        self.1.as_ref().is_some_and(held)
    }

    /// Says whether operations are only tried out, and nothing they write stays.
    pub(super) fn is_preview(&self) -> bool {
        self.1.as_ref().is_some_and(|trial| trial.purpose == Purpose::Preview)
    }
}

/// The database as operations have it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Store<'a> {
    pub(super) storage: &'a Storage,
    pub(super) trial: Option<&'a Arc<Trial>>,
}

impl Deref for Store<'_> {
    type Target = Storage;

    fn deref(&self) -> &Storage {
        self.storage
    }
}

impl Store<'_> {
    /// [`Storage::read`].
    pub(crate) async fn read<T, E, F>(self, query: F) -> Result<T, E>
    where
        F: FnOnce(&ReadTx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StorageError> + Send + 'static,
    {
        self.storage.read(query).await
    }

    /// [`Storage::write`], on a trial with a look at what was written.
    pub(crate) async fn write<T, E, F>(self, change: F) -> Result<T, E>
    where
        F: FnOnce(&WriteTx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StorageError> + Send + 'static,
    {
        match self.trial {
            None => self.storage.write(change).await,
            Some(trial) => {
                let (trial, purpose) = (Arc::clone(trial), trial.purpose);
                let tried = move |tx: &WriteTx<'_>| {
                    let value = change(tx)?;
                    trial.see(tx)?;
                    Ok(value)
                };
                match purpose {
                    Purpose::Preview => self.storage.try_out(tried).await,
                    Purpose::Guard { .. } => self.storage.write(tried).await,
                }
            }
        }
    }

    /// [`Storage::write_ahead`], which leaves nothing to look at; on a trial as [`Store::write`].
    pub(crate) async fn write_ahead<T, E, F>(self, change: F) -> Result<T, E>
    where
        F: FnOnce(&WriteTx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StorageError> + Send + 'static,
    {
        match self.trial {
            None => self.storage.write_ahead(change).await,
            Some(_) => self.write(change).await,
        }
    }
}
