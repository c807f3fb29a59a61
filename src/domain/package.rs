//! Stores, and the files and package records in them (7.1, 7.2).

use jiff::Timestamp;

use super::ids::{PackageId, PayloadId, ProjectId, StoreId};
use super::slug::slug;

/// Longest name of a store, in characters.
pub const MAX_STORE_NAME: usize = 50;
/// Longest name of a package file, in characters.
pub const MAX_FILE_NAME: usize = 100;

/// A folder of package files within a project (D-STORE-01).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Store {
    pub id: StoreId,
    pub project: ProjectId,
    pub name: String,
}

/// A file of a store, or a set of files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    pub id: PackageId,
    pub project: ProjectId,
    pub store: StoreId,
    /// The file's name, or that of the set's folder; unique within the project.
    pub name: String,
    /// Its bytes; of a set the list of its files.
    pub payload: PayloadId,
    /// A package record, which deployments may name. Files without one are regular files
    /// (D-PKG-03), or had their record deleted (D-PKG-06).
    pub is_registered: bool,
    pub created_at: Timestamp,
    /// When its present bytes came.
    pub uploaded_at: Timestamp,
}

/// Format of what deployments may hold: packages, the metadata of yum's repositories, which are
/// released like packages, and sets of packages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    Deb,
    Rpm,
    /// Groups of packages.
    Comps,
    /// Notices of updates.
    Updateinfo,
    /// Modules.
    Modules,
    /// A folder of files, packages among them.
    Set,
}

impl Format {
    /// All formats.
    pub const ALL: [Self; 6] =
        [Self::Deb, Self::Rpm, Self::Comps, Self::Updateinfo, Self::Modules, Self::Set];

    /// The name that is stored and shown; of packages the usual ending of such files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Deb => "deb",
            Self::Rpm => "rpm",
            Self::Comps => "comps",
            Self::Updateinfo => "updateinfo",
            Self::Modules => "modules",
            Self::Set => "set",
        }
    }

    /// Says whether it is a format of packages, not of what stands beside them.
    pub fn is_package(self) -> bool {
        matches!(self, Self::Deb | Self::Rpm)
    }

    /// Reads a name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.as_str() == text)
    }
}

/// What a package says it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Identity {
    pub name: String,
    pub version: String,
    pub architecture: String,
}

/// Why a name cannot be a store's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreNameError {
    #[error("{0:?} has no letter or digit that can stand in a URL")]
    Empty(String),
    #[error("at most {MAX_STORE_NAME} characters")]
    Long,
}

/// Returns the name of a store as it is kept: its slug.
///
/// # Errors
/// [`StoreNameError`] when nothing remains, or too much.
pub fn store_name(text: &str) -> Result<String, StoreNameError> {
    let name = slug(text);
    match name.len() {
        0 => Err(StoreNameError::Empty(text.to_owned())),
        1..=MAX_STORE_NAME => Ok(name),
        _ => Err(StoreNameError::Long),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_stores_are_slugs() {
        let table = [
            ("D-GEN-04", "acme", Ok("acme")),
            ("D-GEN-04", "Third Party", Ok("third-party")),
            ("D-GEN-04", "../..", Err(StoreNameError::Empty("../..".into()))),
        ];
        for (rule, text, expected) in table {
            assert_eq!(store_name(text), expected.map(str::to_owned), "{rule}: {text}");
        }
        assert_eq!(store_name(&"x".repeat(51)), Err(StoreNameError::Long));
    }
}
