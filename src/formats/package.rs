//! Package files, whatever their format, behind one streaming reader.
//!
//! A further format enters here: a module of its own beside `deb` and `rpm`, with a reader that is
//! pushed bytes, and an arm in each `match` below, which the compiler lists.

use super::deb::{self, DebError};
use super::digests::Digester;
use super::rpm::{self, RpmError};

/// What a package says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Package {
    Deb(Box<deb::Package>),
    Rpm(Box<rpm::Package>),
}

/// Why bytes are no package of the format that was expected.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    #[error(transparent)]
    Deb(#[from] DebError),
    #[error(transparent)]
    Rpm(#[from] RpmError),
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

    /// Computes the digests that the indexes of this format tell.
    pub fn digester(&self) -> Digester {
        match self {
            Self::Deb(_) => Digester::of_all(),
            Self::Rpm(_) => Digester::default(),
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
        }
    }
}
