//! The files of a package set, one by one: each is content that nothing shows before a set names it.

use std::sync::Arc;

use bytes::Buf;

use super::{package_format, unusable};
use crate::app::actor::Actor;
use crate::app::file_records::Permits;
use crate::app::intake::Intake;
use crate::app::package_header::header;
use crate::app::reason::{Reason, reason};
use crate::app::uploads::Incoming;
use crate::app::{App, AppError};
use crate::domain::ids::PayloadId;
use crate::domain::package::Format;
use crate::domain::package_set;
use crate::formats::package::Reader;
use crate::storage::{WriteTx, headers};

/// A file of a set on its way.
pub struct SetFileUpload {
    app: App,
    path: String,
    permits: Permits,
    intake: Intake,
}

/// A file that a set can name now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFile {
    pub path: String,
    pub size_bytes: u64,
    pub sha256: [u8; 32],
    pub is_package: bool,
}

impl App {
    /// Begins to take a file that a set of this project is to have at `path`.
    ///
    /// # Errors
    /// As [`App::begin_upload`].
    pub async fn begin_set_file(
        &self,
        actor: &Actor,
        project: &str,
        path: String,
        announced_bytes: Option<u64>,
    ) -> Result<SetFileUpload, AppError> {
        let permits = Permits::of(actor)?;
        let format = package_format(self.project_to_upload(project).await?.pms)?;
        package_set::check_path(&path).map_err(unusable)?;
        let reader = package_set::is_package(&path, format).then(|| match format {
            Format::Rpm => Reader::rpm(),
            _ => Reader::deb(),
        });
        let intake = Intake::begin(self, reader, announced_bytes, actor.at)?;
        Ok(SetFileUpload { app: self.clone(), path, permits, intake })
    }
}

impl Incoming for SetFileUpload {
    type Stored = StoredFile;

    async fn push(&mut self, bytes: impl Buf) -> Result<(), AppError> {
        self.intake.push(bytes).await.map_err(|error| of_file(&self.path, error))
    }

    async fn finish(self) -> Result<StoredFile, AppError> {
        let Self { app, path, permits, intake } = self;
        let ended = intake.end().await.map_err(|error| of_file(&path, error))?;
        let header = ended.package.as_ref().map(|package| header(package, &ended.digests));
        let (is_package, sha256) = (header.is_some(), ended.digests.sha256);
        let size_bytes = ended.digests.size_bytes;
        let storing = Arc::new(ended);
        let ended = Arc::clone(&storing);
        let store = move |tx: &WriteTx<'_>| -> Result<i64, AppError> {
            let payload = ended.store(tx, permits.at())?;
            if let Some(header) = &header {
                headers::insert(tx, PayloadId(payload.id), header)?;
            }
            Ok(payload.id)
        };
        let payload = app.storage().write(store).await?;
        if let Some(mut ended) = Arc::into_inner(storing) {
            ended.keep(payload);
        }
        Ok(StoredFile { path, size_bytes, sha256, is_package })
    }
}

/// The error of a file, which says which one it is.
fn of_file(path: &str, error: AppError) -> AppError {
    match error {
        AppError::Invalid { reason, .. } => {
            AppError::invalid("files", refused_file(path, &reason.to_string()))
        }
        other => other,
    }
}

fn refused_file(path: &str, problem: &str) -> Reason {
    reason!("{path} is refused: {problem}", path = path, problem = problem)
}
