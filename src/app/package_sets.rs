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
use crate::domain::ids::PackageId;
use crate::domain::package::Format;
use crate::domain::package_set::{Files, MAX_FILES, SetError, file_name};
use crate::domain::pms::Pms;
use crate::storage::{ReadTx, package_sets, packages};

use self::saving::Saving;
use super::actor::Actor;
use super::file_records::{Permits, check_file_name, check_plain_name, checked_store};
use super::listed::Listed as Page;
use super::reason::reason;
use super::uploads::{Uploaded, not_handled};
use super::{App, AppError};

mod files;
mod saving;

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

/// The format of a project's packages.
fn package_format(pms: Pms) -> Result<Format, AppError> {
    pms.package_format().ok_or_else(|| not_handled(pms))
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
