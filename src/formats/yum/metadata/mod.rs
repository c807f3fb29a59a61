//! Metadata of a yum repository that is not about single packages: groups of packages
//! (`comps.xml`), notices of updates (`updateinfo.xml`) and modules (`modules.yaml`). A site passes
//! on what somebody uploaded.
//!
//! A repository has one file of each kind, so what several files say is put together. Of each file
//! a *fragment* is kept: what stands in its root element, or its YAML documents. [`Kind::head`], the
//! fragments and [`Kind::tail`] are a whole file again:
//!
//! ```xml
//! <?xml version="1.0" encoding="UTF-8"?>
//! <updates>
//! <update from="acme@example.org" status="final" type="security" version="1"><id>ACME-2026-1</id>…</update>
//! </updates>
//! ```
//!
//! Invariant: fragments are written anew from what was read. None can break out of its place, and
//! one that a parser of ours accepts is one that libxml2 or libyaml accept.

mod elements;
mod modules;
mod reader;
mod summary;

pub use reader::Reader;
pub use summary::Section;

/// Bytes of a file at most, packed or not, and of its fragment.
pub const MAX_BYTES: usize = 32 << 20;
/// Elements or collections within each other at most.
const MAX_DEPTH: usize = 64;

/// A kind of metadata, in the order of `repomd.xml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Groups, categories and environments: `dnf group list`.
    Comps,
    /// Notices of updates: `dnf updateinfo list`, `zypper list-patches`.
    Updateinfo,
    /// Modules, their defaults and what became obsolete: `dnf module list`.
    Modules,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Comps, Self::Updateinfo, Self::Modules];

    /// Short name, which is stored and shown: `comps`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Comps => "comps",
            Self::Updateinfo => "updateinfo",
            Self::Modules => "modules",
        }
    }

    /// The kind of this [`Kind::name`].
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Name of the file in a repository, without what a digest or packing adds: `comps.xml`.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Comps => "comps.xml",
            Self::Updateinfo => "updateinfo.xml",
            Self::Modules => "modules.yaml",
        }
    }

    /// The kind that has this root element.
    fn of_root(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.root() == Some(name))
    }

    /// The root element; `None` for YAML.
    fn root(self) -> Option<&'static str> {
        match self {
            Self::Comps => Some("comps"),
            Self::Updateinfo => Some("updates"),
            Self::Modules => None,
        }
    }

    /// What stands before the fragments; empty for YAML.
    pub fn head(self) -> String {
        let head = |root| format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{root}>\n");
        self.root().map(head).unwrap_or_default()
    }

    /// What stands after them.
    pub fn tail(self) -> String {
        self.root().map(|root| format!("</{root}>\n")).unwrap_or_default()
    }
}

/// What a file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metadata {
    pub kind: Kind,
    pub fragment: String,
    /// What is in it, for people.
    pub summary: Vec<Section>,
}

/// Why a file is no metadata of a repository.
#[derive(Debug, thiserror::Error)]
pub enum MetadataError {
    #[error("repository metadata has {} MiB at most, unpacked", MAX_BYTES >> 20)]
    Large,
    #[error("the file cannot be unpacked")]
    Unpack(#[source] std::io::Error),
    #[error("the file is neither an RPM package nor repository metadata: it is no text")]
    NotText,
    #[error("repository metadata must be in UTF-8, not {0:?}")]
    Encoding(String),
    #[error("line {line} is no well-formed XML: {problem}")]
    Xml { line: usize, problem: String },
    #[error(
        "its root element is {0:?}: that of package groups is \"comps\", that of notices of \
         updates \"updates\""
    )]
    Root(String),
    #[error("line {line} is no well-formed YAML: {problem}")]
    Yaml { line: usize, problem: String },
    #[error("the document in line {line} is no module metadata: {problem}")]
    Document { line: usize, problem: &'static str },
    #[error("line {line} is nested deeper than {MAX_DEPTH} levels")]
    Deep { line: usize },
}

#[cfg(test)]
mod tests;
