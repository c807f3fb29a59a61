//! The record of what was uploaded: made, moved to another store, or given new content
//! (D-PKG-01 to D-PKG-04).

use crate::domain::account::{Action, Model};
use crate::domain::ids::{PackageId, PayloadId, ProjectId};
use crate::domain::package::{MAX_FILE_NAME, Package, Store, store_name};
use crate::domain::scopes::View;
use crate::formats::deb;
use crate::storage::packages;
use crate::storage::payloads::Payload;
use crate::storage::{WriteTx, package_sets, stores};

use super::AppError;
use super::actor::{Actor, Permit};
use super::history::Object;
use super::reason::reason;
use super::stores::{project_id, unusable_name};
use super::uploads::{Outcome, Uploaded};

/// What whoever uploads must be permitted (D-PERM-03).
#[derive(Clone)]
pub(super) struct Permits {
    add_package: Permit,
    change_package: Permit,
    add_store: Permit,
}

impl Permits {
    /// Obtains them.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the rights to add and change packages and stores.
    pub(super) fn of(actor: &Actor) -> Result<Self, AppError> {
        let permits = Self {
            add_package: actor.permit(Model::Package, Action::Add)?,
            change_package: actor.permit(Model::Package, Action::Change)?,
            add_store: actor.permit(Model::Store, Action::Add)?,
        };
        actor.permit(Model::Store, Action::Change)?;
        Ok(permits)
    }

    /// When the upload is.
    pub(super) fn at(&self) -> jiff::Timestamp {
        self.add_package.at()
    }
}

/// What came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Package,
    /// It gets no record (D-PKG-03).
    RegularFile,
    Set,
}

/// A record to be made or changed; things are named.
pub(super) struct Record<'a> {
    pub permits: &'a Permits,
    pub project: &'a str,
    pub store: &'a str,
    pub name: &'a str,
    /// Other content may take the place of what has this name.
    pub replace: bool,
    pub kind: Kind,
}

impl Record<'_> {
    /// Records the payload; says what became of it.
    ///
    /// # Errors
    /// [`AppError::Conflict`] if the name is taken.
    pub(super) fn store(&self, tx: &WriteTx<'_>, payload: &Payload) -> Result<Uploaded, AppError> {
        let now = self.permits.at();
        let project = project_id(tx, self.project)?;
        let store = self.find_or_add_store(tx, project)?;
        let (id, outcome) = match packages::find(tx, project, self.name)? {
            None => {
                let package = Package {
                    id: PackageId(0),
                    project,
                    store: store.id,
                    name: self.name.to_owned(),
                    payload: PayloadId(payload.id),
                    is_registered: self.kind != Kind::RegularFile,
                    created_at: now,
                    uploaded_at: now,
                };
                let id = packages::insert(tx, &package)?;
                let about = about(&package, &store.name, &payload.sha256);
                let object = Object { id: id.0, name: self.name };
                self.permits.add_package.added(tx, object, &about)?;
                (id, Outcome::Stored)
            }
            Some(known) => self.update(tx, known, &store, payload)?,
        };
        let file = packages::get_listed(&tx.seen_by(View::EVERYTHING), id)?;
        Ok(Uploaded { file, outcome })
    }

    /// Refuses what may not take the place of what has its name.
    ///
    /// # Errors
    /// [`AppError::Conflict`].
    pub(super) fn check(
        &self,
        tx: &crate::storage::ReadTx<'_>,
        known: &Package,
        is_other: bool,
    ) -> Result<(), AppError> {
        let name = &known.name;
        let text = match (package_sets::is_set(tx, known.payload)?, self.kind) {
            (true, Kind::Package | Kind::RegularFile) => {
                reason!("{name} is a package set, not a file", name = name)
            }
            (false, Kind::Set) => reason!("{name} is a file, not a package set", name = name),
            // A record stays where a regular file replaces the package: it may be in deployments.
            (false, Kind::RegularFile) if known.is_registered => {
                reason!("{name} is a package, not a regular file", name = name)
            }
            _ if is_other && !self.replace => reason!(
                "{name} exists with other content: it must be replaced expressly, or renamed",
                name = name
            ),
            _ => return Ok(()),
        };
        Err(AppError::Conflict(text))
    }

    fn update(
        &self,
        tx: &WriteTx<'_>,
        known: Package,
        store: &Store,
        payload: &Payload,
    ) -> Result<(PackageId, Outcome), AppError> {
        let replaced = known.payload.0 != payload.id;
        self.check(tx, &known, replaced)?;
        let old = packages::get_listed(&tx.seen_by(View::EVERYTHING), known.id)?;
        let after = Package {
            store: store.id,
            payload: PayloadId(payload.id),
            is_registered: self.kind != Kind::RegularFile,
            uploaded_at: if replaced { self.permits.at() } else { known.uploaded_at },
            ..known.clone()
        };
        let outcome = match replaced {
            true => Outcome::Replaced,
            false if after == known => return Ok((known.id, Outcome::Unchanged)),
            false => Outcome::Moved,
        };
        packages::update(tx, &after)?;
        let before = about(&known, &old.store, &old.sha256);
        let changed = about(&after, &store.name, &payload.sha256);
        let object = Object { id: known.id.0, name: &known.name };
        self.permits.change_package.changed(tx, object, &before, &changed)?;
        Ok((known.id, outcome))
    }

    fn find_or_add_store(&self, tx: &WriteTx<'_>, project: ProjectId) -> Result<Store, AppError> {
        let name = self.store;
        if let Some(store) = stores::find(tx, project, name)? {
            return Ok(store);
        }
        let store = stores::insert(tx, project, name)?;
        let about = serde_json::json!({ "project": self.project, "name": name });
        self.permits.add_store.added(tx, Object { id: store.id.0, name }, &about)?;
        Ok(store)
    }
}

/// What the audit log keeps of a file.
fn about(package: &Package, store: &str, sha256: &[u8; 32]) -> serde_json::Value {
    serde_json::json!({
        "store": store,
        "sha256": hex::encode(sha256),
        "registered": package.is_registered,
    })
}

/// The name of a store as it is kept.
pub(super) fn checked_store(name: &str) -> Result<String, AppError> {
    store_name(name).map_err(|error| AppError::invalid("store", unusable_name(error)))
}

/// Refuses names that cannot be those of files.
pub(super) fn check_file_name(name: &str) -> Result<(), AppError> {
    let length = name.chars().count();
    if length > MAX_FILE_NAME {
        let text = reason!(
            "{name} has {length} characters, and the name of a file {limit} at most: give it a \
             shorter one, a package stays what it is",
            name = name.escape_debug().to_string(),
            length = length,
            limit = MAX_FILE_NAME
        );
        return Err(AppError::invalid("name", text));
    }
    check_plain_name(name)
}

/// Refuses names that no folder takes.
pub(super) fn check_plain_name(name: &str) -> Result<(), AppError> {
    if deb::check_file_name(name).is_err() {
        let text = reason!(
            "the file name {name} is not acceptable: it must not be empty, begin with a dot, or \
             contain a slash, two dots or control characters",
            name = format!("{name:?}")
        );
        return Err(AppError::invalid("name", text));
    }
    Ok(())
}
