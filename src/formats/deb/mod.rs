//! Debian binary packages (deb(5)): an ar archive of `debian-binary`, `control.tar…`, `data.tar…`.
//!
//! [`Reader`] takes the bytes of an upload in slices of any size and gives the [`Package`] at the
//! end; it holds the control member only, bounded, whatever the size of the package.
//! `data.tar` is not unpacked there: [`contents`] does that when somebody asks for the file list.
//! Every bad input is a [`DebError`] that says what is wrong; nothing here panics on any bytes.

mod ar;
mod contents;
mod control;
mod reader;
/// Writes packages reproducibly, for tests and the demonstration.
pub mod write;

pub use contents::{Contents, ContentsLimits, FileEntry, contents};
pub use reader::Reader;

use super::deb822::{Deb822Error, Stanza};
use super::tar::TarError;
use super::version::{Version, VersionError};

/// Why bytes are no Debian package.
#[derive(Debug, thiserror::Error)]
pub enum DebError {
    #[error("not a Debian package: {found}")]
    NotAPackage { found: &'static str },
    #[error("the package is truncated in {inside}")]
    Truncated { inside: &'static str },
    #[error("the ar header at byte {offset} is damaged")]
    ArHeader { offset: u64 },
    #[error("more than {limit} ar members")]
    TooManyMembers { limit: usize },
    #[error("member {name:?} is not expected here")]
    Member { name: String },
    #[error("package format {0:?} is not supported")]
    FormatVersion(String),
    #[error("member {name} is larger than {limit} bytes")]
    MemberTooLarge { name: String, limit: u64 },
    #[error("member {name} does not hold what its name says")]
    Mislabelled { name: String },
    #[error("{0} is missing")]
    Missing(&'static str),
    #[error("the control archive names {0:?}, which leads out of it")]
    Path(String),
    #[error("{name} stands twice in the control archive")]
    Repeated { name: String },
    #[error("{name} is larger than {limit} bytes")]
    FileTooLarge { name: String, limit: u64 },
    #[error("the archive is damaged")]
    Tar(#[source] TarError),
    #[error("the control file is malformed")]
    Control(#[source] Deb822Error),
    #[error("{0} is not UTF-8")]
    Utf8(String),
    #[error("field {field} has the malformed value {value:?}")]
    Field { field: &'static str, value: String },
    #[error("field Version is malformed")]
    Version(#[source] VersionError),
    #[error("the file name {0:?} is not acceptable")]
    FileName(String),
}

/// What a package says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    pub name: String,
    pub version: String,
    pub architecture: String,
    /// All fields of the control file, in its order.
    pub control: Stanza,
    /// Paths the package marks as configuration (Debian Policy 10.7).
    pub conffiles: Vec<String>,
    /// `preinst`, `postinst`, `prerm`, `postrm`, `config` and `triggers`, those that exist.
    pub scripts: Vec<Script>,
}

/// A maintainer script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    pub name: String,
    /// Text; bytes that are not UTF-8 are replaced, since it is only shown.
    pub text: String,
}

/// Reads a whole package from a slice.
///
/// # Errors
/// [`DebError`] says what is wrong with it.
pub fn parse(bytes: &[u8]) -> Result<Package, DebError> {
    let mut reader = Reader::default();
    reader.push(bytes)?;
    reader.finish()
}

/// Accepts the name of a package file, as it may stand in a URL and a directory (D-PKG-04).
///
/// # Errors
/// [`DebError::FileName`] for separators, `..`, control characters, a leading dot, or more than
/// 255 bytes.
pub fn check_file_name(name: &str) -> Result<(), DebError> {
    let bad = name.is_empty()
        || name.len() > 255
        || name.starts_with('.')
        || name.contains("..")
        || name.chars().any(|c| matches!(c, '/' | '\\') || c.is_control());
    if bad { Err(DebError::FileName(name.to_owned())) } else { Ok(()) }
}

impl Package {
    /// Takes the identity out of a control file and checks it.
    fn from_parts(
        control: Stanza,
        conffiles: Vec<String>,
        scripts: Vec<Script>,
    ) -> Result<Self, DebError> {
        let get = |field: &'static str| match control.get(field) {
            Some("") | None => Err(DebError::Missing(field)),
            Some(value) => Ok(value.to_owned()),
        };
        let name = get("Package")?;
        // dpkg's own rule, which is wider than Debian Policy 5.6.1: capitals are accepted.
        let name_is_valid = name.starts_with(|c: char| c.is_ascii_alphanumeric())
            && name.chars().all(|c| c.is_ascii_alphanumeric() || "-+._".contains(c));
        if !name_is_valid || name.contains("..") {
            return Err(DebError::Field { field: "Package", value: name });
        }
        let version = get("Version")?;
        Version::parse(&version).map_err(DebError::Version)?;
        let architecture = get("Architecture")?;
        let architecture_is_valid = architecture.starts_with(|c: char| c.is_ascii_alphanumeric())
            && architecture.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        if !architecture_is_valid {
            return Err(DebError::Field { field: "Architecture", value: architecture });
        }
        Ok(Self { name, version, architecture, control, conffiles, scripts })
    }

    /// Description without its long part.
    pub fn summary(&self) -> &str {
        self.control.get("Description").and_then(|text| text.lines().next()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
