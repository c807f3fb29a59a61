//! Uploading package files: one pass over the bytes, then one transaction (D-PKG-01 to D-PKG-04).
//!
//! [`App::begin_upload`] checks all that can be known before a byte has come, [`Upload::push`]
//! takes bytes, [`Upload::finish`] commits payload, record and, where a package in a deployment
//! was replaced, the repositories. An upload that is dropped before that leaves nothing.

use bytes::Buf;
use serde::Serialize;

use crate::domain::account::{Action, Model};
use crate::domain::ids::{PackageId, PayloadId, ProjectId};
use crate::domain::package::{Format, MAX_FILE_NAME, Package, Store, store_name};
use crate::domain::pms::Pms;
use crate::domain::scopes::View;
use crate::formats::deb;
use crate::formats::package::Reader;
use crate::storage::headers::{self, Header};
use crate::storage::packages::{self, Listed};
use crate::storage::{ReadTx, WriteTx, projects, stores};

use super::actor::{Actor, Permit};
use super::history::Object;
use super::intake::{Ended, Intake};
use super::package_header::{header, metadata_kind};
use super::publishing::{Effects, Member, Target};
use super::reason::reason;
use super::shelf::Fresh;
use super::stores::{project_id, unusable_name};
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

/// An upload in course.
pub struct Upload {
    app: App,
    request: UploadRequest,
    permits: Permits,
    intake: Intake,
}

#[derive(Clone)]
struct Permits {
    add_package: Permit,
    change_package: Permit,
    add_store: Permit,
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
        let permits = Permits {
            add_package: actor.permit(Model::Package, Action::Add)?,
            change_package: actor.permit(Model::Package, Action::Change)?,
            add_store: actor.permit(Model::Store, Action::Add)?,
        };
        actor.permit(Model::Store, Action::Change)?;
        check_file_name(&request.file_name)?;
        request.store = store_name(&request.store)
            .map_err(|error| AppError::invalid("store", unusable_name(error)))?;
        let name = request.project.clone();
        let project = self.storage().read(move |tx| -> Result<_, AppError> {
            projects::find_by_name(tx, &name)?.ok_or_else(|| AppError::not_found("project", name))
        });
        let pms = project.await?.pms;
        let reader = if request.is_regular_file { None } else { Some(reader(pms)?) };
        let intake = Intake::begin(self, reader, request.announced_bytes, actor.at)?;
        Ok(Upload { app: self.clone(), request, permits, intake })
    }
}

impl Upload {
    /// Takes the next bytes; returns when there is room for more.
    ///
    /// # Errors
    /// [`AppError::Invalid`] as soon as it is certain that this is no package or metadata,
    /// [`AppError::TooLarge`], [`AppError::DiskFull`]. The upload is over then.
    pub async fn push(&mut self, bytes: impl Buf) -> Result<(), AppError> {
        self.intake.push(bytes).await
    }

    /// Ends the upload: what it brought is on disk and served when this returns.
    ///
    /// # Errors
    /// [`AppError::Invalid`] if it is no package, [`AppError::Conflict`] if the name is taken by
    /// other content.
    pub async fn finish(self) -> Result<Uploaded, AppError> {
        let Self { app, request, permits, intake } = self;
        let ended = intake.end().await?;
        let header = ended.package.as_ref().map(|package| header(package, &ended.digests));
        let publishes = request.replace && !request.no_create_repo && header.is_some();
        let now = permits.add_package.at();
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
            let Some(mut target) = Target::of(tx, deployment)? else { continue };
            for Member { entry, payload } in &mut target.members {
                if entry.file_name == known.name {
                    entry.metadata = metadata_kind(header.format);
                    entry.name = header.identity.name.clone();
                    entry.architecture = header.identity.architecture.clone();
                    entry.sha256 = sha256;
                    *payload = None;
                }
            }
            publish.push(target);
        }
        let fresh = Some(Fresh { sha256, fragment: header.fragment.clone() });
        Ok(Effects { publish, fresh, ..Effects::default() })
    }

    /// Records the file; returns what became of it, and the payload behind it.
    fn store(&self, tx: &WriteTx<'_>) -> Result<(Uploaded, i64), AppError> {
        let now = self.permits.add_package.at();
        let project = project_id(tx, &self.request.project)?;
        let store = self.find_or_add_store(tx, project)?;
        let payload = self.ended.store(tx, now)?;
        let id = PayloadId(payload.id);
        if let Some(header) = &self.header {
            headers::insert(tx, id, header)?;
        }
        let is_registered = !self.request.is_regular_file;
        let name = &self.request.file_name;
        let (id, outcome) = match packages::find(tx, project, name)? {
            None => {
                let package = Package {
                    id: PackageId(0),
                    project,
                    store: store.id,
                    name: name.clone(),
                    payload: id,
                    is_registered,
                    created_at: now,
                    uploaded_at: now,
                };
                let id = packages::insert(tx, &package)?;
                let about = about(&package, &store.name, &payload.sha256);
                self.permits.add_package.added(tx, Object { id: id.0, name }, &about)?;
                (id, Outcome::Stored)
            }
            Some(known) => self.update(tx, known, &store, id)?,
        };
        let file = packages::get_listed(&tx.seen_by(View::EVERYTHING), id)?;
        Ok((Uploaded { file, outcome }, payload.id))
    }

    fn update(
        &self,
        tx: &WriteTx<'_>,
        known: Package,
        store: &Store,
        payload: PayloadId,
    ) -> Result<(PackageId, Outcome), AppError> {
        let replaced = known.payload != payload;
        if replaced && !self.request.replace {
            return Err(AppError::Conflict(reason!(
                "{name} exists with other content: it must be replaced expressly, or renamed",
                name = &known.name
            )));
        }
        // A record stays where a regular file replaces the package: it may be in deployments.
        if known.is_registered && self.request.is_regular_file {
            let text = reason!("{name} is a package, not a regular file", name = &known.name);
            return Err(AppError::Conflict(text));
        }
        let old = packages::get_listed(&tx.seen_by(View::EVERYTHING), known.id)?;
        let after = Package {
            store: store.id,
            payload,
            is_registered: !self.request.is_regular_file,
            uploaded_at: if replaced { self.permits.add_package.at() } else { known.uploaded_at },
            ..known.clone()
        };
        let outcome = match replaced {
            true => Outcome::Replaced,
            false if after == known => return Ok((known.id, Outcome::Unchanged)),
            false => Outcome::Moved,
        };
        packages::update(tx, &after)?;
        let sha256 = self.ended.digests.sha256;
        let before = about(&known, &old.store, &old.sha256);
        let changed = about(&after, &store.name, &sha256);
        let object = Object { id: known.id.0, name: &known.name };
        self.permits.change_package.changed(tx, object, &before, &changed)?;
        Ok((known.id, outcome))
    }

    fn find_or_add_store(&self, tx: &WriteTx<'_>, project: ProjectId) -> Result<Store, AppError> {
        let name = &self.request.store;
        if let Some(store) = stores::find(tx, project, name)? {
            return Ok(store);
        }
        let store = stores::insert(tx, project, name)?;
        let about = serde_json::json!({ "project": self.request.project, "name": name });
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

fn check_file_name(name: &str) -> Result<(), AppError> {
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

/// The reader of what the project's computers install, and of the metadata of its repositories:
/// other packages are refused by it.
fn reader(pms: Pms) -> Result<Reader, AppError> {
    match pms.package_format() {
        Some(Format::Deb) => Ok(Reader::deb()),
        Some(Format::Rpm) => Ok(Reader::yum()),
        _ => {
            let text = reason!("packages of {pms} are not handled yet", pms = pms.as_str());
            Err(AppError::invalid("project", text))
        }
    }
}
