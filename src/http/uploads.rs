//! Uploads over HTTP: a plain body, or the parts of a form, streamed into the application.
//!
//! Memory is constant: a piece of the body is taken when the one before was. A body that breaks
//! off leaves nothing, because an upload that is dropped does not.

use actix_multipart::{Multipart, MultipartError};
use actix_web::error::PayloadError;
use actix_web::http::header::{ContentDisposition, DispositionParam};
use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, TryStreamExt as _};

use crate::app::actor::Actor;
use crate::app::package_sets::{SetAnswer, SetFileUpload, SetRequest, StoredFile, WantedFile};
use crate::app::uploads::{Upload, UploadRequest, Uploaded};
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

/// Receives a file that is the whole body.
///
/// # Errors
/// [`UploadError`]; nothing was stored then.
pub async fn receive_body<S, E>(
    app: &App,
    actor: &Actor,
    request: UploadRequest,
    body: S,
) -> Result<Uploaded, UploadError>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
    UploadError: From<E>,
{
    pump(app.begin_upload(actor, request).await?, body).await
}

/// Receives a file of a set that is the whole body.
///
/// # Errors
/// [`UploadError`]; nothing was stored then.
pub async fn receive_set_file<S, E>(
    mut upload: SetFileUpload,
    mut body: S,
) -> Result<StoredFile, UploadError>
where
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
    mut form: Multipart,
    mut admit: impl FnMut(&Fields) -> bool,
) -> Result<Vec<Uploaded>, UploadError> {
    let mut texts: Vec<(String, String)> = Vec::new();
    let mut room = TEXT_LIMIT;
    let mut uploaded = Vec::new();
    while let Some(part) = form.try_next().await? {
        let name = part.name().unwrap_or_default().to_owned();
        let file_name = part.content_disposition().and_then(file_name);
        match file_name {
            None => texts.push((name, text(part, &mut room).await?)),
            // A browser sends a file field that was left empty so.
            Some(file_name) if file_name.is_empty() => drop(text(part, &mut room).await?),
            Some(file_name) => {
                let fields = admitted(&texts, &mut admit)?;
                let request = UploadRequest { file_name, ..with_fields(&request, &fields) };
                uploaded.push(pump(app.begin_upload(actor, request).await?, part).await?);
            }
        }
    }
    if uploaded.is_empty() {
        admitted(&texts, admit)?;
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
    mut form: Multipart,
    mut admit: impl FnMut(&Fields) -> bool,
) -> Result<Uploaded, UploadError> {
    let mut texts: Vec<(String, String)> = Vec::new();
    let mut room = TEXT_LIMIT;
    while let Some(part) = form.try_next().await? {
        let name = part.name().unwrap_or_default().to_owned();
        let file_name = part.content_disposition().and_then(file_name);
        let Some(sent) = file_name.filter(|name| !name.is_empty()) else {
            texts.push((name, text(part, &mut room).await?));
            continue;
        };
        if request.files.is_empty() {
            request = with_set_fields(request, &admitted(&texts, &mut admit)?);
        }
        let (folder, path) = sent.split_once('/').unwrap_or(("", &sent));
        if request.name.is_empty() {
            request.name = folder.to_owned();
        }
        if request.files.len() == MAX_FILES {
            return Err(UploadError::Body(format!("more than {MAX_FILES} files")));
        }
        let upload = app.begin_set_file(actor, &request.project, path.to_owned(), None).await?;
        let StoredFile { path, sha256, .. } = receive_set_file(upload, part).await?;
        request.files.push(WantedFile { path, sha256 });
    }
    if request.files.is_empty() {
        admitted(&texts, admit)?;
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
    mut form: Multipart,
    admit: impl Fn(&Fields) -> bool,
    limit: usize,
) -> Result<Vec<u8>, UploadError> {
    let mut texts: Vec<(String, String)> = Vec::new();
    let mut room = TEXT_LIMIT;
    while let Some(mut part) = form.try_next().await? {
        let name = part.name().unwrap_or_default().to_owned();
        let file_name = part.content_disposition().and_then(file_name);
        if file_name.is_none_or(|name| name.is_empty()) {
            texts.push((name, text(part, &mut room).await?));
            continue;
        }
        admitted(&texts, admit)?;
        let mut file = Vec::new();
        while let Some(bytes) = part.try_next().await? {
            if file.len() + bytes.len() > limit {
                return Err(AppError::TooLarge { limit_bytes: limit as u64 }.into());
            }
            file.extend_from_slice(&bytes);
        }
        return Ok(file);
    }
    Err(AppError::invalid("file", "choose a file").into())
}

/// The text fields, if they are of a form that may be taken.
fn admitted(
    texts: &[(String, String)],
    admit: impl FnOnce(&Fields) -> bool,
) -> Result<Fields, UploadError> {
    let fields: Fields = texts.iter().cloned().collect();
    if admit(&fields) { Ok(fields) } else { Err(UploadError::Forged) }
}

/// The name a file has by its `Content-Disposition`.
pub fn file_name(disposition: &ContentDisposition) -> Option<String> {
    let extended = disposition.get_filename_ext();
    let extended = extended.map(|name| String::from_utf8_lossy(&name.value).into_owned());
    let plain = disposition.parameters.iter().find_map(DispositionParam::as_filename);
    extended.or_else(|| plain.map(str::to_owned))
}

async fn pump<S, E>(mut upload: Upload, mut body: S) -> Result<Uploaded, UploadError>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
    UploadError: From<E>,
{
    while let Some(bytes) = body.next().await {
        upload.push(bytes?).await?;
    }
    Ok(upload.finish().await?)
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
