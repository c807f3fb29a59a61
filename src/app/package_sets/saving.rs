//! Making a set of files whose contents are there, or giving the set of that name other files.

use crate::app::AppError;
use crate::app::file_records::{Kind, Permits, Record};
use crate::app::publishing::{Effects, Target};
use crate::app::reason::reason;
use crate::app::stores::project_id;
use crate::app::uploads::Uploaded;
use crate::domain::ids::{PackageId, PayloadId};
use crate::domain::package::Format;
use crate::domain::package_set::{Files, file_name};
use crate::storage::deployment_packages::EntryRow;
use crate::storage::package_sets::{self, Member};
use crate::storage::{ReadTx, WriteTx, packages, payloads};

/// A set that can be.
pub(super) struct Saving {
    pub permits: Permits,
    pub project: String,
    pub store: String,
    pub name: String,
    pub replace: bool,
    /// Of the project's packages.
    pub format: Format,
    pub files: Files,
    /// The list of the files, which is the payload, and its digest.
    pub text: Vec<u8>,
    pub sha256: [u8; 32],
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
    pub(super) fn missing(&self, tx: &ReadTx<'_>) -> Result<Vec<String>, AppError> {
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
    pub(super) fn effects(&self, tx: &ReadTx<'_>) -> Result<Effects, AppError> {
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
    pub(super) fn store(&self, tx: &WriteTx<'_>) -> Result<Uploaded, AppError> {
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

/// Content that was there was collected meanwhile: whoever asks again is told what is missing.
fn went_away(path: &str) -> AppError {
    AppError::Unavailable(reason!("the content of {path} is no longer there", path = path))
}
