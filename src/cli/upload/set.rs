//! `migas upload --dir`: a directory becomes a package set (D-PKG-02).
//!
//! The server is sent the list of files first and says which contents it lacks, so that a set that
//! is uploaded again, or an upload that broke off, costs what differs. The set appears, or takes the
//! place of the old one, with the second list.

use std::collections::HashSet;
use std::io::{Read as _, Write};
use std::path::{Path, PathBuf};

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use indicatif::ProgressBar;
use reqwest::StatusCode;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::cli::CliError;
use crate::t;

use super::site::{Refusal, Site};

/// Files that are sent at the same time: they wait for the disk of the server together.
const AT_ONCE: usize = 4;

/// What set to make of which directory.
pub(super) struct Wanted<'a> {
    pub dir: &'a Path,
    /// The directory's name, if none is given.
    pub name: Option<&'a str>,
    pub replace: bool,
    pub no_create_repo: bool,
}

/// A file of the directory.
struct LocalFile {
    /// Below the directory, with slashes.
    path: String,
    file: PathBuf,
    size_bytes: u64,
    sha256: String,
}

/// Uploads the directory; returns what the server tells of the set, and how many files it lacked.
///
/// # Errors
/// [`Refusal::Reason`] where the server refuses the set or one of its files.
pub(super) async fn upload(site: &Site, wanted: Wanted<'_>) -> Result<Value, Refusal> {
    let name = match wanted.name {
        Some(name) => name.to_owned(),
        None => name_of(site, wanted.dir)?,
    };
    let files = read(site, wanted.dir)?;
    let list = json!({
        "project": site.project, "store": site.store, "name": name,
        "replace": wanted.replace, "no_create_repo": wanted.no_create_repo,
        "files": files.iter()
            .map(|file| json!({ "path": file.path, "sha256": file.sha256 }))
            .collect::<Vec<_>>(),
    });
    let mut saved = site.post_json("set", &list).await?;
    let mut sent = 0;
    if saved.0 == StatusCode::ACCEPTED {
        let missing = missing(&saved.1);
        sent = missing.len();
        send(site, &name, files.iter().filter(|file| missing.contains(file.path.as_str()))).await?;
        saved = site.post_json("set", &list).await?;
    }
    let (status, mut body) = saved;
    match body.as_object_mut() {
        Some(fields) if status != StatusCode::ACCEPTED => fields.insert("sent".into(), sent.into()),
        _ => return Err(site.strange_answer().into()),
    };
    Ok(body)
}

/// The name of a directory, also of one that is called `.`.
fn name_of(site: &Site, dir: &Path) -> Result<String, CliError> {
    let unreadable = |error| crate::cli::unreadable(dir, &error, site.lang);
    let whole = dir.canonicalize().map_err(unreadable)?;
    Ok(whole.file_name().unwrap_or_default().to_string_lossy().into_owned())
}

/// Paths that the server lacks.
fn missing(body: &Value) -> HashSet<&str> {
    let paths = body.get("missing").and_then(Value::as_array).into_iter().flatten();
    paths.filter_map(Value::as_str).collect()
}

/// Sends the contents of files.
async fn send<'a>(
    site: &Site,
    name: &str,
    files: impl Iterator<Item = &'a LocalFile>,
) -> Result<(), Refusal> {
    let files: Vec<&LocalFile> = files.collect();
    let bar = site.progress(files.iter().map(|file| file.size_bytes).sum(), name);
    let sends = files.into_iter().map(|file| send_one(site, file, &bar));
    let done = stream::iter(sends).buffer_unordered(AT_ONCE).try_collect::<Vec<()>>().await;
    bar.finish_and_clear();
    done.map(|_| ())
}

/// Sends a file, and makes sure that it is still what the list says.
async fn send_one(site: &Site, file: &LocalFile, bar: &ProgressBar) -> Result<(), Refusal> {
    let query = [("project", site.project.as_str()), ("path", file.path.as_str())];
    let stored = site.post_file("set/file", &query, &file.file, bar).await?;
    match stored.get("sha256").and_then(Value::as_str) {
        Some(sha256) if sha256 == file.sha256 => Ok(()),
        Some(_) => {
            let path = file.file.display().to_string();
            Err(CliError::failed(t!(site.lang, "upload-changed", file = path)).into())
        }
        None => Err(site.strange_answer().into()),
    }
}

/// Reads all files below a directory, in the order of their paths.
fn read(site: &Site, dir: &Path) -> Result<Vec<LocalFile>, CliError> {
    let mut found = walk(site, dir)?;
    found.sort_by(|a, b| a.0.cmp(&b.0));
    let bytes = found.iter().map(|(_, _, size)| size).sum();
    let bar = site.progress(bytes, &t!(site.lang, "upload-reading"));
    let mut files = Vec::new();
    for (path, file, size_bytes) in found {
        let digest = digest(&file, &bar);
        let digest = digest.map_err(|error| crate::cli::unreadable(&file, &error, site.lang))?;
        files.push(LocalFile { path, file, size_bytes, sha256: hex::encode(digest) });
    }
    bar.finish_and_clear();
    Ok(files)
}

/// Paths within the directory, where they are, and their sizes. Links to files are files; those to
/// directories, which may lead in circles, are left out and told.
fn walk(site: &Site, dir: &Path) -> Result<Vec<(String, PathBuf, u64)>, CliError> {
    let lang = site.lang;
    let mut found = Vec::new();
    let mut folders = vec![(String::new(), dir.to_owned())];
    while let Some((within, folder)) = folders.pop() {
        let unreadable = |error| crate::cli::unreadable(&folder, &error, lang);
        for entry in folder.read_dir().map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            let file = entry.path();
            let unreadable = |error| crate::cli::unreadable(&file, &error, lang);
            let about = file.metadata().map_err(unreadable)?;
            let shown = file.display().to_string();
            let Ok(name) = entry.file_name().into_string() else {
                return Err(CliError::failed(t!(lang, "upload-odd-name", file = shown)));
            };
            let path = if within.is_empty() { name } else { format!("{within}/{name}") };
            if about.is_file() {
                found.push((path, file, about.len()));
            } else if !about.is_dir() {
                return Err(CliError::failed(t!(lang, "upload-odd-file", file = shown)));
            } else if entry.file_type().map_err(unreadable)?.is_symlink() {
                let text = t!(lang, "upload-left-out", file = shown);
                let _closed_pipe_is_fine = writeln!(std::io::stderr(), "migas: {text}");
            } else {
                folders.push((path, file));
            }
        }
    }
    Ok(found)
}

fn digest(file: &Path, bar: &ProgressBar) -> std::io::Result<[u8; 32]> {
    let mut file = std::fs::File::open(file)?;
    let mut digest = Sha256::new();
    let mut buffer = vec![0; super::site::READ_BYTES];
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok(digest.finalize().into());
        }
        digest.update(buffer.get(..read).unwrap_or_default());
        bar.inc(read as u64);
    }
}
