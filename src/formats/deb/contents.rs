//! File list and changelog of a package, read from its stored payload when somebody asks.
//!
//! Unpacking `data.tar` costs some fifteen times the digests, so an upload does not do it. The
//! walk stops at the limits and then says so: a page can show the beginning of a monstrous
//! package, and a hostile one costs a known amount.

use std::io::{self, Read};

use super::DebError;
use crate::formats::decompress::Compression;
use crate::formats::tar::{Archive, Entry, Kind, Limits, TarError};

/// How far a payload is read.
#[derive(Debug, Clone, Copy)]
pub struct ContentsLimits {
    /// Files listed at most.
    pub files: usize,
    /// Bytes of `data.tar` unpacked at most.
    pub unpacked_bytes: u64,
    /// Bytes of the changelog kept at most.
    pub changelog_bytes: usize,
}

impl Default for ContentsLimits {
    fn default() -> Self {
        Self { files: 200_000, unpacked_bytes: 16 << 30, changelog_bytes: 4 << 20 }
    }
}

/// What a package installs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contents {
    pub files: Vec<FileEntry>,
    /// `changelog.Debian` of the package, or its upstream `changelog` if it is a native one.
    pub changelog: Option<String>,
    /// A limit was reached: there is more than is listed.
    pub truncated: bool,
}

/// A path of a package, with its leading slash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileEntry {
    pub path: String,
    pub kind: Kind,
    pub size_bytes: u64,
    /// Permission bits.
    pub mode: u32,
    pub link: Option<String>,
}

/// Reads the contents of `package` from the bytes of its file.
///
/// # Errors
/// [`DebError`] if the payload is damaged; a limit is no error.
pub fn contents(
    payload: impl Read,
    package: &str,
    limits: ContentsLimits,
) -> Result<Contents, DebError> {
    let data = data_member(payload)?;
    let bounds = Limits { entries: limits.files, bytes: limits.unpacked_bytes };
    let mut archive = Archive::new(data, bounds);
    let mut contents = Contents::default();
    let mut changelog = Changelog::default();
    loop {
        let entry = match archive.next_entry() {
            Ok(Some(entry)) => entry,
            Ok(None) => break,
            Err(TarError::TooManyEntries { .. } | TarError::TooLarge { .. }) => {
                contents.truncated = true;
                break;
            }
            Err(error) => return Err(DebError::Tar(error)),
        };
        if let Some(slot) = changelog.slot(&entry, package)
            && let Some(bytes) =
                archive.body(limits.changelog_bytes as u64).map_err(DebError::Tar)?
        {
            *slot = Some(unpack_changelog(&entry.path, &bytes, limits));
        }
        contents.files.extend(file_entry(entry));
    }
    contents.changelog = changelog.text();
    Ok(contents)
}

/// The three files a changelog may be in.
#[derive(Default)]
struct Changelog {
    /// Entries of a binary rebuild, newer than the rest.
    rebuild: Option<String>,
    debian: Option<String>,
    /// The upstream changelog, which is the package's own in native packages.
    upstream: Option<String>,
}

impl Changelog {
    fn slot(&mut self, entry: &Entry, package: &str) -> Option<&mut Option<String>> {
        if entry.kind != Kind::File {
            return None;
        }
        let path = entry.path.strip_prefix("./").unwrap_or(&entry.path);
        let name = path.strip_prefix("usr/share/doc/")?.strip_prefix(package)?.strip_prefix('/')?;
        match name.strip_suffix(".gz").unwrap_or(name) {
            "changelog.Debian" => Some(&mut self.debian),
            "changelog" => Some(&mut self.upstream),
            other if other.starts_with("changelog.Debian.") && !other.contains('/') => {
                Some(&mut self.rebuild)
            }
            _ => None,
        }
    }

    /// The complete text, newest first.
    fn text(self) -> Option<String> {
        let main = self.debian.or(self.upstream);
        match (self.rebuild, main) {
            (Some(rebuild), Some(main)) => Some(format!("{}\n\n{main}", rebuild.trim_end())),
            (rebuild, main) => rebuild.or(main),
        }
    }
}

/// Goes to `data.tar…` and returns its unpacked bytes.
fn data_member<'a>(mut payload: impl Read + 'a) -> Result<Box<dyn Read + 'a>, DebError> {
    let truncated = |_| DebError::Truncated { inside: "an ar header" };
    let mut magic = [0; 8];
    payload.read_exact(&mut magic).map_err(truncated)?;
    if &magic != b"!<arch>\n" {
        return Err(DebError::NotAPackage { found: "it is no ar archive" });
    }
    loop {
        let mut header = [0_u8; 60];
        payload.read_exact(&mut header).map_err(truncated)?;
        let (name, size) =
            super::ar::parse_header(&header).ok_or(DebError::ArHeader { offset: 0 })?;
        if let Some(extension) = name.strip_prefix("data.tar") {
            let compression = Compression::from_extension(extension);
            let compression = compression.ok_or_else(|| DebError::Member { name: name.clone() })?;
            let member = io::BufReader::with_capacity(64 * 1024, payload.take(size));
            return compression.reader(member).map_err(|e| DebError::Tar(TarError::Read(e)));
        }
        let skip = size + size % 2;
        let skipped = io::copy(&mut payload.by_ref().take(skip), &mut io::sink());
        if skipped.map_err(truncated)? != skip {
            return Err(DebError::Truncated { inside: "a member" });
        }
    }
}

/// The text, cut at the limit; what is damaged is shown as far as it goes.
fn unpack_changelog(path: &str, bytes: &[u8], limits: ContentsLimits) -> String {
    let mut text = Vec::new();
    let limit = limits.changelog_bytes as u64;
    if path.ends_with(".gz") {
        let unpacked = flate2::read::MultiGzDecoder::new(bytes).take(limit).read_to_end(&mut text);
        if unpacked.is_err() {
            text.extend_from_slice(b"\n");
        }
    } else {
        text.extend(bytes.iter().take(limits.changelog_bytes));
    }
    String::from_utf8_lossy(&text).into_owned()
}

/// `None` for the root directory, which every package has.
fn file_entry(entry: Entry) -> Option<FileEntry> {
    let path = entry.path.strip_prefix('.').unwrap_or(&entry.path);
    let path = path.trim_start_matches('/').trim_end_matches('/');
    if path.is_empty() {
        return None;
    }
    Some(FileEntry {
        path: format!("/{path}"),
        kind: entry.kind,
        size_bytes: entry.size_bytes,
        mode: entry.mode & 0o7777,
        link: entry.link,
    })
}
