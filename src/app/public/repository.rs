//! Below `REPOSITORIES`: what a repository serves, whatever its format.

use crate::domain::ids::ProjectId;
use crate::domain::project::Project;
use crate::publish::Format;
use crate::storage::ReadTx;
use crate::storage::publications::{self, Named};

use super::{FolderEntry, Place, folders, payload, published, timed};
use crate::app::AppError;
use crate::app::handed::{Half, Handed, Reader};

/// The repositories of a project as somebody reads them.
pub(super) struct Repositories<'a> {
    pub tx: &'a ReadTx<'a>,
    pub handed: &'a Handed,
    pub reader: &'a Reader,
    pub project: &'a Project,
}

impl Repositories<'_> {
    /// What stands behind a path below `REPOSITORIES`, where each format has its own folders.
    pub(super) fn find(&self, path: &[&str]) -> Result<Option<Place>, AppError> {
        let Some(format) = Format::of(self.project.pms) else { return Ok(None) };
        match (format, path) {
            (Format::Apt, []) => Ok(Some(folders(["dists".to_owned()]))),
            (Format::Apt, ["dists"]) | (Format::Yum, []) => {
                Ok(Some(folders(publications::slugs(self.tx, self.project.id)?)))
            }
            (Format::Apt, ["dists", slug, rest @ ..]) | (Format::Yum, [slug, rest @ ..]) => {
                Repository { of: self, format, slug }.find(rest)
            }
            (Format::Apt, _) => Ok(None),
        }
    }
}

/// One of them.
struct Repository<'a> {
    of: &'a Repositories<'a>,
    format: Format,
    slug: &'a str,
}

impl Repository<'_> {
    fn project(&self) -> ProjectId {
        self.of.project.id
    }

    fn find(&self, path: &[&str]) -> Result<Option<Place>, AppError> {
        let (tx, project, slug) = (self.of.tx, self.project(), self.slug);
        match path {
            ["PKGS", digits, file] if is_hex(digits) => {
                let mut digest = [0; 8];
                if hex::decode_to_slice(digits, &mut digest).is_err() {
                    return Ok(None);
                }
                let found = publications::find_payload(tx, project, slug, file, Some(&digest))?;
                return found.map(|id| payload(tx, id.0, true)).transpose();
            }
            ["PKGS", file] => {
                if let Some(id) = publications::find_payload(tx, project, slug, file, None)? {
                    return Ok(Some(payload(tx, id.0, false)?));
                }
            }
            _ => {}
        }
        let name = path.join("/");
        if let Some(digest) = self.format.digest_of_index(&name) {
            let found = publications::find_by_hash(tx, project, slug, &digest)?;
            return Ok(found.map(|found| published(found, true)));
        }
        match self.find_file(&name)? {
            Some(place) => Ok(Some(place)),
            None => self.folder(&name),
        }
    }

    /// A file by its name. A statement and its signature are those of one generation.
    fn find_file(&self, name: &str) -> Result<Option<Place>, AppError> {
        let Repositories { tx, handed, reader, .. } = *self.of;
        let (project, slug) = (self.project(), self.slug);
        let Some(mut found) = publications::find_file(tx, project, slug, name)? else {
            return Ok(None);
        };
        let (statement, signature) = self.format.statement_and_signature();
        let half = match name {
            name if name == statement => Some(Half::Statement),
            name if name == signature => Some(Half::Signature),
            _ => None,
        };
        if let Some(half) = half {
            let current = found.generation;
            let generation = handed.generation(reader, (project, slug), half, current);
            if generation != current
                && let Some(older) = publications::find_file_of(tx, generation, name)?
            {
                found = older;
            }
        }
        Ok(Some(published(found, false)))
    }

    /// The part of a repository below `folder`; packages stand in `PKGS` by their file names.
    fn folder(&self, folder: &str) -> Result<Option<Place>, AppError> {
        let (tx, project, slug) = (self.of.tx, self.project(), self.slug);
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let mut entries: Vec<FolderEntry> = Vec::new();
        for named in publications::file_names(tx, project, slug)? {
            let path = self.shown(&named);
            let Some(rest) = path.strip_prefix(&prefix) else { continue };
            let entry = match rest.split_once('/') {
                Some((name, _)) => FolderEntry { name: format!("{name}/"), file: None },
                None => {
                    let file = timed(named.size_bytes, named.published_at_ms);
                    FolderEntry { name: rest.to_owned(), file }
                }
            };
            if !entries.contains(&entry) {
                entries.push(entry);
            }
        }
        let mut names: Vec<String> = Vec::new();
        publications::offered(tx, project, slug, |_, name| names.push(name.to_owned()))?;
        if folder == "PKGS" {
            names.sort_unstable();
            entries.extend(names.into_iter().map(|name| FolderEntry { name, file: None }));
        } else if folder.is_empty() && !names.is_empty() {
            let packages = FolderEntry { name: "PKGS/".to_owned(), file: None };
            if !entries.contains(&packages) {
                entries.push(packages);
            }
        }
        Ok((!entries.is_empty()).then_some(Place::Folder(entries)))
    }

    /// The path that clients know a file by.
    fn shown(&self, named: &Named) -> String {
        let Named { path, sha256, is_index, .. } = named;
        match *is_index && !self.format.serves_plain_paths() {
            true => self.format.index_path(path, sha256),
            false => path.clone(),
        }
    }
}

/// Sixteen hexadecimal digits, which no index's folder is called.
fn is_hex(text: &str) -> bool {
    text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}
