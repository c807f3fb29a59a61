//! Uploads over HTTP: a plain body, or the parts of a form, streamed into the application.
//!
//! Memory is constant: a piece of the body is taken when the one before was. A body that breaks
//! off leaves nothing, because an upload that is dropped does not.

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::error::PayloadError;
use actix_web::http::header::{ContentDisposition, DispositionParam};
use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, TryStreamExt as _};

use crate::app::actor::Actor;
use crate::app::package_sets::{SetAnswer, SetRequest, StoredFile, WantedFile};
use crate::app::uploads::{Incoming, UploadRequest, Uploaded};
use crate::app::{App, AppError};
use crate::domain::package_set::MAX_FILES;
use crate::domain::text::boolean;

use super::forms::Fields;

/// Bytes of all text fields of a form.
const TEXT_LIMIT: usize = 64 << 10;

/// Why an upload failed.
#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    #[error(transparent)]
    App(#[from] AppError),
    /// The body broke off, or is not what it claims to be.
    #[error("the body cannot be read: {0}")]
    Body(String),
    /// The form did not come from one of our pages.
    #[error("the form is not from this session")]
    Forged,
}

impl From<PayloadError> for UploadError {
    fn from(error: PayloadError) -> Self {
        Self::Body(error.to_string())
    }
}

impl From<MultipartError> for UploadError {
    fn from(error: MultipartError) -> Self {
        Self::Body(error.to_string())
    }
}

/// Receives a file, of which the body, or part of a form, is all.
///
/// # Errors
/// [`UploadError`]; nothing was stored then.
pub async fn receive<U, S, E>(mut upload: U, mut body: S) -> Result<U::Stored, UploadError>
where
    U: Incoming,
    S: Stream<Item = Result<Bytes, E>> + Unpin,
    UploadError: From<E>,
{
    while let Some(bytes) = body.next().await {
        upload.push(bytes?).await?;
    }
    Ok(upload.finish().await?)
}

/// Receives the files of a form. Its text fields (`project`, `store`, `replace`, `regular_file`,
/// `no_create_repo`) stand before the first file and override `request`; `admit` sees them
/// before a file is taken, and where there is none.
///
/// # Errors
/// [`UploadError`]; files before the one that failed are stored.
pub async fn receive_form(
    app: &App,
    actor: &Actor,
    request: UploadRequest,
    form: Multipart,
    mut admit: impl FnMut(&Fields) -> bool,
) -> Result<Vec<Uploaded>, UploadError> {
    let mut parts = Parts::of(form);
    let mut uploaded = Vec::new();
    while let Some((file_name, part)) = parts.next_file().await? {
        let request = with_fields(&request, &parts.admitted(&mut admit)?);
        let upload = app.begin_upload(actor, UploadRequest { file_name, ..request }).await?;
        uploaded.push(receive(upload, part).await?);
    }
    if uploaded.is_empty() {
        parts.admitted(admit)?;
        return Err(AppError::invalid("file", "choose a file").into());
    }
    Ok(uploaded)
}

/// Receives the files of a form as a package set. Its text fields (`project`, `store`, `name`,
/// `replace`, `no_create_repo`) stand before the first file and override `request`; `admit` sees them
/// before a file is taken, and where there is none. Browsers send
/// the files of a folder with their paths, the folder's own name first: that is the set's if none
/// is given.
///
/// # Errors
/// [`UploadError`]; there is no new set then, nor is an old one changed.
pub async fn receive_set(
    app: &App,
    actor: &Actor,
    mut request: SetRequest,
    form: Multipart,
    mut admit: impl FnMut(&Fields) -> bool,
) -> Result<Uploaded, UploadError> {
    let mut parts = Parts::of(form);
    while let Some((sent, part)) = parts.next_file().await? {
        if request.files.is_empty() {
            request = with_set_fields(request, &parts.admitted(&mut admit)?);
        }
        let (folder, path) = sent.split_once('/').unwrap_or(("", &sent));
        if request.name.is_empty() {
            request.name = folder.to_owned();
        }
        if request.files.len() == MAX_FILES {
            return Err(UploadError::Body(format!("more than {MAX_FILES} files")));
        }
        let upload = app.begin_set_file(actor, &request.project, path.to_owned(), None).await?;
        let StoredFile { path, sha256, .. } = receive(upload, part).await?;
        request.files.push(WantedFile { path, sha256 });
    }
    if request.files.is_empty() {
        parts.admitted(admit)?;
        return Err(AppError::invalid("files", "choose a folder").into());
    }
    match app.save_set(actor, request).await? {
        SetAnswer::Saved(saved) => Ok(*saved),
        // What has just come stays for a day.
        SetAnswer::Missing(_) => Err(AppError::internal("files of a set are gone").into()),
    }
}

/// Receives the one file of a form, whole; `admit` sees the text fields before it.
///
/// # Errors
/// [`UploadError`] for a file of more than `limit` bytes, and for none.
pub async fn receive_small_file(
    form: Multipart,
    admit: impl Fn(&Fields) -> bool,
    limit: usize,
) -> Result<Vec<u8>, UploadError> {
    let mut parts = Parts::of(form);
    let Some((_, mut part)) = parts.next_file().await? else {
        return Err(AppError::invalid("file", "choose a file").into());
    };
    parts.admitted(admit)?;
    let mut file = Vec::new();
    while let Some(bytes) = part.try_next().await? {
        if file.len() + bytes.len() > limit {
            return Err(AppError::TooLarge { limit_bytes: limit as u64 }.into());
        }
        file.extend_from_slice(&bytes);
    }
    Ok(file)
}

/// The parts of a form: texts are kept, files are handed out as they come.
struct Parts {
    form: Multipart,
    texts: Vec<(String, String)>,
    /// Bytes that texts may still have.
    room: usize,
}

impl Parts {
    fn of(form: Multipart) -> Self {
        Self { form, texts: Vec::new(), room: TEXT_LIMIT }
    }

    /// The next file with the name it was sent by, after the texts before it.
    async fn next_file(&mut self) -> Result<Option<(String, Field)>, UploadError> {
        while let Some(part) = self.form.try_next().await? {
            let name = part.name().unwrap_or_default().to_owned();
            match part.content_disposition().and_then(file_name) {
                None => self.texts.push((name, text(part, &mut self.room).await?)),
                // A browser sends a file field that was left empty so.
                Some(sent) if sent.is_empty() => drop(text(part, &mut self.room).await?),
                Some(sent) => return Ok(Some((sent, part))),
            }
        }
        Ok(None)
    }

    /// The texts that have come, if they are of a form that may be taken.
    fn admitted(&self, admit: impl FnOnce(&Fields) -> bool) -> Result<Fields, UploadError> {
        let fields: Fields = self.texts.iter().cloned().collect();
        if admit(&fields) { Ok(fields) } else { Err(UploadError::Forged) }
    }
}

/// The name a file has by its `Content-Disposition`.
pub fn file_name(disposition: &ContentDisposition) -> Option<String> {
    let extended = disposition.get_filename_ext();
    let extended = extended.map(|name| String::from_utf8_lossy(&name.value).into_owned());
    let plain = disposition.parameters.iter().find_map(DispositionParam::as_filename);
    extended.or_else(|| plain.map(str::to_owned))
}

async fn text<S>(mut part: S, room: &mut usize) -> Result<String, UploadError>
where
    S: Stream<Item = Result<Bytes, MultipartError>> + Unpin,
{
    let mut text = Vec::new();
    while let Some(bytes) = part.try_next().await? {
        *room = room
            .checked_sub(bytes.len())
            .ok_or_else(|| UploadError::Body("the fields of the form are too long".into()))?;
        text.extend_from_slice(&bytes);
    }
    String::from_utf8(text).map_err(|_| UploadError::Body("a field is not UTF-8".into()))
}

fn with_set_fields(request: SetRequest, fields: &Fields) -> SetRequest {
    let flag = |name: &str| boolean(fields.get(name)).unwrap_or(false);
    SetRequest {
        project: fields.get("project").to_owned(),
        store: fields.get("store").to_owned(),
        name: fields.get("name").trim().to_owned(),
        replace: flag("replace"),
        no_create_repo: flag("no_create_repo"),
        ..request
    }
}

fn with_fields(request: &UploadRequest, fields: &Fields) -> UploadRequest {
    let or = |name: &str, old: &str| fields.find(name).unwrap_or(old).to_owned();
    let flag = |name: &str, old: bool| {
        fields.find(name).map_or(old, |text| boolean(text).unwrap_or(false))
    };
    UploadRequest {
        project: or("project", &request.project),
        store: or("store", &request.store),
        replace: flag("replace", request.replace),
        is_regular_file: flag("regular_file", request.is_regular_file),
        no_create_repo: flag("no_create_repo", request.no_create_repo),
        ..request.clone()
    }
}
