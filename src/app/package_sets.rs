//! Package sets: files that come one by one, then one transaction that makes a set of them
//! (D-PKG-02, D-PKG-09).
//!
//! A set is known by its list of paths and digests. [`App::save_set`] takes the list and says which
//! contents are not there; [`App::begin_set_file`] takes such a file, which nothing shows yet; the
//! list once more makes the set. So a set is replaced whole or not at all, whoever was interrupted
//! goes on where they stopped, and a new version costs what differs. Contents that no set came to
//! name are collected like all that nobody refers to.

use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use crate::domain::account::{Action, Model};
use crate::domain::ids::{PackageId, PayloadId};
use crate::domain::package::Format;
use crate::domain::package_set::{Files, MAX_FILES, SetError, file_name};
use crate::domain::pms::Pms;
use crate::storage::deployment_packages::EntryRow;
use crate::storage::package_sets::{self, Member};
use crate::storage::{ReadTx, WriteTx, packages, payloads};

use super::actor::Actor;
use super::file_records::{
    Kind, Permits, Record, check_file_name, check_plain_name, checked_store,
};
use super::listed::Listed as Page;
use super::publishing::{Effects, Target};
use super::reason::reason;
use super::stores::project_id;
use super::uploads::{Uploaded, not_handled};
use super::{App, AppError};

mod files;

pub use self::files::{SetFileUpload, StoredFile};
pub use crate::storage::package_sets::SetFile;

/// A set as somebody wants it; things are named.
#[derive(Debug, Clone, Default)]
pub struct SetRequest {
    pub project: String,
    /// Made if it does not exist (D-STORE-02).
    pub store: String,
    pub name: String,
    pub files: Vec<WantedFile>,
    /// Other files may take the place of those of a set of the same name.
    pub replace: bool,
    /// Deployments with the set keep what it held until published again.
    pub no_create_repo: bool,
}

/// A file of a set that is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedFile {
    /// Below the set's folder.
    pub path: String,
    pub sha256: [u8; 32],
}

/// What became of it.
#[derive(Debug, Clone)]
pub enum SetAnswer {
    /// Nothing yet: the content of these files is not there.
    Missing(Vec<String>),
    Saved(Box<Uploaded>),
}

impl App {
    /// Makes a set of files whose contents are there, or gives it other files, which deployments
    /// with it publish in the same transaction (D-PKG-01).
    ///
    /// # Errors
    /// [`AppError::Denied`]; [`AppError::NotFound`] for the project; [`AppError::Invalid`] for names
    /// that cannot be, or without a package; [`AppError::Conflict`] if the name is taken.
    pub async fn save_set(&self, actor: &Actor, asked: SetRequest) -> Result<SetAnswer, AppError> {
        let permits = Permits::of(actor)?;
        check_file_name(&asked.name)?;
        let store = checked_store(&asked.store)?;
        let format = package_format(self.project_to_upload(&asked.project).await?.pms)?;
        let SetRequest { project, name, files, replace, no_create_repo, .. } = asked;
        let wanted = files.into_iter().map(|file| (file.path, file.sha256));
        let files = Files::new(wanted, format).map_err(unusable)?;
        for (path, _) in files.iter().filter(|(_, content)| content.is_package) {
            check_plain_name(file_name(path))?;
        }
        let text = files.text().into_bytes();
        let sha256 = Sha256::digest(&text).into();
        let saving = Arc::new(Saving {
            permits,
            project,
            store,
            name,
            replace,
            format,
            files,
            text,
            sha256,
        });
        let looking = Arc::clone(&saving);
        let missing = self.storage().read(move |tx| looking.missing(tx)).await?;
        if !missing.is_empty() {
            return Ok(SetAnswer::Missing(missing));
        }
        let changing = Arc::clone(&saving);
        let saved = if replace && !no_create_repo {
            let plan = move |tx: &ReadTx<'_>| Ok(((), saving.effects(tx)?));
            self.release(actor.at, plan, move |tx, ()| changing.store(tx)).await?
        } else {
            self.storage().write(move |tx| changing.store(tx)).await?
        };
        Ok(SetAnswer::Saved(Box::new(saved)))
    }

    /// Lists the files of a set by path; none for what is no set.
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::NotFound`].
    pub async fn set_files(
        &self,
        actor: &Actor,
        id: PackageId,
        after: Option<String>,
        limit: u32,
    ) -> Result<Page<SetFile>, AppError> {
        actor.permit(Model::Package, Action::View)?;
        self.see(actor, move |tx| -> Result<_, AppError> {
            let set = packages::get_listed(tx, id)?.package.payload;
            let files = package_sets::files(tx, set, after.as_deref(), limit + 1)?;
            Ok(Page::new(files, limit, |file| file.path.clone()))
        })
        .await
    }
}

/// A set that can be.
struct Saving {
    permits: Permits,
    project: String,
    store: String,
    name: String,
    replace: bool,
    /// Of the project's packages.
    format: Format,
    files: Files,
    /// The list of the files, which is the payload, and its digest.
    text: Vec<u8>,
    sha256: [u8; 32],
}

impl Saving {
    fn record(&self) -> Record<'_> {
        Record {
            permits: &self.permits,
            project: &self.project,
            store: &self.store,
            name: &self.name,
            replace: self.replace,
            kind: Kind::Set,
        }
    }

    /// Paths of files whose content is not there. A name that is taken is told before that.
    fn missing(&self, tx: &ReadTx<'_>) -> Result<Vec<String>, AppError> {
        let project = project_id(tx, &self.project)?;
        if let Some(known) = packages::find(tx, project, &self.name)? {
            let is_other = payloads::get(tx, known.payload.0)?.sha256 != self.sha256;
            self.record().check(tx, &known, is_other)?;
        }
        let mut missing = Vec::new();
        for (path, content) in self.files.iter() {
            let format = content.is_package.then_some(self.format);
            if package_sets::find_content(tx, &content.sha256, format)?.is_none() {
                missing.push(path.to_owned());
            }
        }
        Ok(missing)
    }

    /// The repositories that hold the set, with what it is to hold.
    fn effects(&self, tx: &ReadTx<'_>) -> Result<Effects, AppError> {
        let project = project_id(tx, &self.project)?;
        let Some(known) = packages::find(tx, project, &self.name)? else {
            return Ok(Effects::default());
        };
        if payloads::get(tx, known.payload.0)?.sha256 == self.sha256 {
            return Ok(Effects::default());
        }
        let inside = self.entries(tx, known.id)?;
        let mut publish = Vec::new();
        for deployment in packages::deployments_of(tx, known.id)? {
            publish.extend(Target::with_set(tx, deployment, known.id, inside.clone())?);
        }
        Ok(Effects { publish, ..Effects::default() })
    }

    /// The packages of the set as publishing sees them.
    fn entries(&self, tx: &ReadTx<'_>, set: PackageId) -> Result<Vec<EntryRow>, AppError> {
        let mut entries = Vec::new();
        for (path, content) in self.files.iter().filter(|(_, content)| content.is_package) {
            let found = package_sets::find_content(tx, &content.sha256, Some(self.format))?;
            let Some(found) = found else { return Err(went_away(path)) };
            let (identity_name, architecture) = found.identity.unwrap_or_default();
            entries.push(EntryRow {
                package: set,
                file_name: file_name(path).to_owned(),
                payload: found.payload,
                sha256: content.sha256,
                format: self.format,
                identity_name,
                architecture,
            });
        }
        Ok(entries)
    }

    /// Keeps list and record.
    fn store(&self, tx: &WriteTx<'_>) -> Result<Uploaded, AppError> {
        let mut members = Vec::new();
        for (path, content) in self.files.iter() {
            let is_package = content.is_package;
            let format = is_package.then_some(self.format);
            let found = package_sets::find_content(tx, &content.sha256, format)?;
            let Some(found) = found else { return Err(went_away(path)) };
            let (payload, size_bytes) = (found.payload, found.size_bytes);
            members.push(Member { path: path.to_owned(), payload, size_bytes, is_package });
        }
        let id = payloads::begin(tx, self.permits.at())?;
        payloads::append(tx, id, 0, &self.text)?;
        let digests = payloads::Digests { sha256: self.sha256, further: None };
        let payload = payloads::finish(tx, id, self.text.len() as u64, &digests)?;
        if payload.id != id {
            payloads::trim(tx, id)?;
        }
        package_sets::insert(tx, PayloadId(payload.id), &members)?;
        self.record().store(tx, &payload)
    }
}

/// The format of a project's packages.
fn package_format(pms: Pms) -> Result<Format, AppError> {
    pms.package_format().ok_or_else(|| not_handled(pms))
}

/// Content that was there was collected meanwhile: whoever asks again is told what is missing.
fn went_away(path: &str) -> AppError {
    AppError::Unavailable(reason!("the content of {path} is no longer there", path = path))
}

fn unusable(error: SetError) -> AppError {
    let reason = match error {
        SetError::Path(path) => reason!(
            "{path} cannot be a path within a set: it must stay below the set's folder, in parts \
             without control characters",
            path = format!("{path:?}")
        ),
        SetError::Twice(path) => reason!("{path} is named twice", path = path),
        SetError::FileAndFolder(path) => reason!("{path} is a file and a folder", path = path),
        SetError::TooMany(count) => reason!(
            "a set has {limit} files at most, and these are {count} or more: make several sets",
            limit = MAX_FILES,
            count = count
        ),
        SetError::NoPackage { count, ending } => reason!(
            "none of {count} files is a package of this project: their names end in {ending}",
            count = count,
            ending = format!(".{ending}")
        ),
    };
    AppError::invalid("files", reason)
}

#[cfg(test)]
mod tests;
