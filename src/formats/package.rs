//! Package files, whatever their format, behind one streaming reader.
//!
//! Files of metadata go the same way as packages: see [`yum::metadata`](super::yum::metadata).
//!
//! A further format enters here: a module of its own beside `deb` and `rpm`, with a reader that is
//! pushed bytes, and an arm in each `match` below, which the compiler lists.

use super::deb::{self, DebError};
use super::digests::Digester;
use super::rpm::{self, RpmError};
use super::yum::metadata::{self, Metadata, MetadataError};

/// What a package says about itself, or what stands beside packages in a repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Package {
    Deb(Box<deb::Package>),
    Rpm(Box<rpm::Package>),
    Metadata(Box<Metadata>),
}

/// Why bytes are no package of the format that was expected.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    #[error(transparent)]
    Deb(#[from] DebError),
    #[error(transparent)]
    Rpm(#[from] RpmError),
    #[error(transparent)]
    Metadata(#[from] MetadataError),
}

/// Takes a package of one format in slices of any size.
///
/// ```
/// use migas::formats::package::Reader;
/// let refused = Reader::rpm().push(b"!<arch>\ndebian-binary").unwrap_err();
/// assert_eq!(refused.to_string(), "not an RPM package: it is a Debian package");
/// ```
pub enum Reader {
    Deb(Box<deb::Reader>),
    Rpm(Box<rpm::Reader>),
    Metadata(metadata::Reader),
    /// An RPM package, or metadata: the first bytes will tell.
    Yum(Vec<u8>),
}

impl Reader {
    /// A reader of Debian packages.
    pub fn deb() -> Self {
        Self::Deb(Box::default())
    }

    /// A reader of RPM packages.
    pub fn rpm() -> Self {
        Self::Rpm(Box::default())
    }

    /// A reader of all that a repository of yum takes: RPM packages and metadata.
    pub fn yum() -> Self {
        Self::Yum(Vec::new())
    }

    /// Computes the digests that the indexes of this format tell.
    pub fn digester(&self) -> Digester {
        match self {
            Self::Deb(_) => Digester::of_all(),
            Self::Rpm(_) | Self::Metadata(_) | Self::Yum(_) => Digester::default(),
        }
    }

    /// Takes the next bytes of the package.
    ///
    /// # Errors
    /// As soon as it is certain that this is no package; do not push more then.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), PackageError> {
        match self {
            Self::Deb(reader) => Ok(reader.push(bytes)?),
            Self::Rpm(reader) => Ok(reader.push(bytes)?),
            Self::Metadata(reader) => Ok(reader.push(bytes)?),
            Self::Yum(first) => {
                let enough = metadata::Reader::FIRST_BYTES;
                if first.is_empty() && bytes.len() >= enough {
                    *self = decided(bytes)?;
                    return Ok(());
                }
                first.extend_from_slice(bytes);
                if first.len() >= enough {
                    *self = decided(first)?;
                }
                Ok(())
            }
        }
    }

    /// Ends the stream and returns what the package says about itself.
    ///
    /// # Errors
    /// If something has not come, or is damaged.
    pub fn finish(self) -> Result<Package, PackageError> {
        match self {
            Self::Deb(reader) => Ok(Package::Deb(Box::new(reader.finish()?))),
            Self::Rpm(reader) => Ok(Package::Rpm(Box::new(reader.finish()?))),
            Self::Metadata(reader) => Ok(Package::Metadata(Box::new(reader.finish()?))),
            Self::Yum(first) => decided(&first)?.finish(),
        }
    }
}

/// The reader for what begins like this, which has taken it.
fn decided(first: &[u8]) -> Result<Reader, PackageError> {
    let mut reader = match metadata::Reader::recognises(first) {
        true => Reader::Metadata(metadata::Reader::default()),
        false => Reader::rpm(),
    };
    reader.push(first)?;
    Ok(reader)
}
