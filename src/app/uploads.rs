//! Uploading package files: one pass over the bytes, then one transaction (D-PKG-01 to D-PKG-04).
//!
//! [`App::begin_upload`] checks all that can be known before a byte has come, [`Incoming::push`]
//! takes bytes, [`Incoming::finish`] commits payload, record and, where a package in a deployment
//! was replaced, the repositories. An upload that is dropped before that leaves nothing.

use std::future::Future;

use bytes::Buf;
use serde::Serialize;

use crate::domain::ids::PayloadId;
use crate::domain::package::Format;
use crate::domain::pms::Pms;
use crate::domain::project::Project;
use crate::domain::scopes::View;
use crate::formats::package::Reader;
use crate::publish::Entry;
use crate::storage::deployment_packages::EntryRow;
use crate::storage::headers::{self, Header};
use crate::storage::packages::{self, Listed};
use crate::storage::{ReadTx, WriteTx, projects};

use super::actor::Actor;
use super::file_records::{Kind as RecordKind, Permits, Record, check_file_name, checked_store};
use super::intake::{Ended, Intake};
use super::package_header::{header, metadata_kind};
use super::publishing::{Effects, Target};
use super::reason::reason;
use super::shelf::Fresh;
use super::stores::project_id;
use super::{App, AppError};

/// What an upload says before its bytes.
#[derive(Debug, Clone, Default)]
pub struct UploadRequest {
    /// Name of the project.
    pub project: String,
    /// Name of the store; made if it does not exist (D-STORE-02).
    pub store: String,
    /// Name of the file.
    pub file_name: String,
    /// Other content may take the place of a file of the same name.
    pub replace: bool,
    /// The file is stored without a package record and not looked into (D-PKG-03).
    pub is_regular_file: bool,
    /// Deployments with a replaced package keep the old one until published again.
    pub no_create_repo: bool,
    /// Size in bytes, if the sender tells.
    pub announced_bytes: Option<u64>,
}

/// What became of an upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// A new file.
    Stored,
    /// Other content under the same name.
    Replaced,
    /// The same content; the file moved to another store, or has a record again.
    Moved,
    /// All of it was there.
    Unchanged,
}

/// A file that was uploaded.
#[derive(Debug, Clone)]
pub struct Uploaded {
    pub file: Listed,
    pub outcome: Outcome,
}

/// A file on its way in: its bytes are pushed, then it is finished.
pub trait Incoming {
    /// What is known of it at the end.
    type Stored;

    /// Takes the next bytes; returns when there is room for more.
    ///
    /// # Errors
    /// [`AppError::Invalid`] as soon as it is certain that this is not what its name and project
    /// say, [`AppError::TooLarge`], [`AppError::DiskFull`]. The upload is over then.
    fn push(&mut self, bytes: impl Buf) -> impl Future<Output = Result<(), AppError>>;

    /// Ends the upload: what it brought is on disk when this returns.
    ///
    /// # Errors
    /// [`AppError::Invalid`] if it is not what its name and project say, [`AppError::Conflict`] if
    /// the name is taken by other content.
    fn finish(self) -> impl Future<Output = Result<Self::Stored, AppError>>;
}

/// An upload in course. When it is finished it is served, too.
pub struct Upload {
    app: App,
    request: UploadRequest,
    permits: Permits,
    intake: Intake,
}

impl App {
    /// Begins an upload.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the rights to add and change packages and stores (D-PERM-03);
    /// [`AppError::NotFound`] for an unknown project (D-PKG-04); [`AppError::Invalid`] for a name
    /// that cannot be; [`AppError::TooLarge`] or [`AppError::DiskFull`] for the announced size.
    pub async fn begin_upload(
        &self,
        actor: &Actor,
        mut request: UploadRequest,
    ) -> Result<Upload, AppError> {
        let permits = Permits::of(actor)?;
        check_file_name(&request.file_name)?;
        request.store = checked_store(&request.store)?;
        let pms = self.project_to_upload(&request.project).await?.pms;
        let reader = if request.is_regular_file { None } else { Some(reader(pms)?) };
        let intake = Intake::begin(self, reader, request.announced_bytes, actor.at)?;
        Ok(Upload { app: self.clone(), request, permits, intake })
    }

    /// The project of this name (D-PKG-04).
    pub(super) async fn project_to_upload(&self, name: &str) -> Result<Project, AppError> {
        let name = name.to_owned();
        let read = self.storage().read(move |tx| -> Result<_, AppError> {
            projects::find_by_name(tx, &name)?.ok_or_else(|| AppError::not_found("project", name))
        });
        read.await
    }
}

impl Incoming for Upload {
    type Stored = Uploaded;

    async fn push(&mut self, bytes: impl Buf) -> Result<(), AppError> {
        self.intake.push(bytes).await
    }

    async fn finish(self) -> Result<Uploaded, AppError> {
        let Self { app, request, permits, intake } = self;
        let ended = intake.end().await?;
        let header = ended.package.as_ref().map(|package| header(package, &ended.digests));
        let publishes = request.replace && !request.no_create_repo && header.is_some();
        let now = permits.at();
        let arrived = std::sync::Arc::new(Arrived { request, permits, header, ended });
        let changing = std::sync::Arc::clone(&arrived);
        let (uploaded, payload) = if publishes {
            let planning = std::sync::Arc::clone(&arrived);
            let plan = move |tx: &ReadTx<'_>| Ok(((), planning.effects(tx)?));
            app.release(now, plan, move |tx, ()| changing.store(tx)).await?
        } else {
            app.storage().write(move |tx| changing.store(tx)).await?
        };
        if let Some(mut arrived) = std::sync::Arc::into_inner(arrived) {
            arrived.ended.keep(payload);
        }
        Ok(uploaded)
    }
}

/// All that came, ready to be recorded.
struct Arrived {
    request: UploadRequest,
    permits: Permits,
    header: Option<Header>,
    ended: Ended,
}

impl Arrived {
    /// The repositories that hold a package of this name, with its new content.
    fn effects(&self, tx: &ReadTx<'_>) -> Result<Effects, AppError> {
        let sha256 = self.ended.digests.sha256;
        let project = project_id(tx, &self.request.project)?;
        let (Some(known), Some(header)) =
            (packages::find(tx, project, &self.request.file_name)?, &self.header)
        else {
            return Ok(Effects::default());
        };
        if packages::get_listed(&tx.seen_by(View::EVERYTHING), known.id)?.sha256 == sha256 {
            return Ok(Effects::default());
        }
        let mut publish = Vec::new();
        for deployment in packages::deployments_of(tx, known.id)? {
            let others = |row: &EntryRow| row.package != known.id;
            let Some(mut target) = Target::keeping(tx, deployment, others)? else { continue };
            target.put(Entry {
                metadata: metadata_kind(header.format),
                name: header.identity.name.clone(),
                architecture: header.identity.architecture.clone(),
                file_name: known.name.clone(),
                sha256,
            });
            publish.push(target);
        }
        let fresh = Some(Fresh { sha256, fragment: header.fragment.clone() });
        Ok(Effects { publish, fresh, ..Effects::default() })
    }

    /// Records the file; returns what became of it, and the payload behind it.
    fn store(&self, tx: &WriteTx<'_>) -> Result<(Uploaded, i64), AppError> {
        let payload = self.ended.store(tx, self.permits.at())?;
        let id = PayloadId(payload.id);
        if let Some(header) = &self.header {
            headers::insert(tx, id, header)?;
        }
        let record = Record {
            permits: &self.permits,
            project: &self.request.project,
            store: &self.request.store,
            name: &self.request.file_name,
            replace: self.request.replace,
            kind: match self.request.is_regular_file {
                true => RecordKind::RegularFile,
                false => RecordKind::Package,
            },
        };
        Ok((record.store(tx, &payload)?, payload.id))
    }
}

/// The reader of what the project's computers install, and of the metadata of its repositories:
/// other packages are refused by it.
fn reader(pms: Pms) -> Result<Reader, AppError> {
    match pms.package_format() {
        Some(Format::Deb) => Ok(Reader::deb()),
        Some(Format::Rpm) => Ok(Reader::yum()),
        _ => Err(not_handled(pms)),
    }
}

/// Refuses a project whose packages are not known.
pub(super) fn not_handled(pms: Pms) -> AppError {
    let text = reason!("packages of {pms} are not handled yet", pms = pms.as_str());
    AppError::invalid("project", text)
}
