//! RPM packages, file formats 3, 4 and 6: a lead of 96 bytes, the signature header, the main
//! header, the payload (rpm's manual: `format_lead`, `format_header`, `format_v4`, `format_v6`).
//!
//! [`Reader`] takes the bytes of an upload in slices of any size and gives the [`Package`] at the
//! end. It holds one header at a time, bounded; the payload is never unpacked, only compared with
//! the digests that the headers carry, so that a damaged package is refused here instead of on
//! every desktop. All texts of a [`Package`] can stand in XML 1.0: bytes that are not UTF-8 are
//! read as Latin-1, which old packages are in, and characters that XML cannot hold are dropped
//! (`createrepo_c` leaves out a package with such a character). Every bad input is an
//! [`RpmError`]; nothing here panics on any bytes.

mod dependency;
mod files;
mod header;
mod package;
mod reader;
mod scripts;
mod tags;
mod text;
/// Writes small packages: for tests and measurements.
pub mod write;

pub use dependency::{Comparison, Dependency};
pub use files::{File, FileKind};
pub use package::{Change, Package};
pub use reader::{Reader, parse};
pub use scripts::Script;

/// Why bytes are no RPM package.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RpmError {
    #[error("not an RPM package: {found}")]
    NotAPackage { found: &'static str },
    #[error("package format {0} is not supported")]
    FormatVersion(u8),
    #[error("the package is truncated in {inside}")]
    Truncated { inside: &'static str },
    #[error("{part} does not begin as one")]
    HeaderMagic { part: &'static str },
    #[error("{part} claims {claimed} {unit}, more than {limit}")]
    HeaderTooLarge { part: &'static str, claimed: u32, unit: &'static str, limit: u32 },
    #[error("tag {tag} of {part} leads out of it")]
    OutOfBounds { part: &'static str, tag: u32 },
    #[error("tag {tag} has type {kind}, which it cannot have")]
    Type { tag: u32, kind: u32 },
    #[error("tag {tag} has {count} values, more than {limit}")]
    TooManyValues { tag: u32, count: u32, limit: u32 },
    #[error("the paths of the files take more than {limit} bytes")]
    PathsTooLarge { limit: usize },
    #[error("the lists of {0} do not fit together")]
    Mismatch(&'static str),
    #[error("{0} is missing")]
    Missing(&'static str),
    #[error("{field} has the malformed value {value:?}")]
    Field { field: &'static str, value: String },
    #[error("{part} differs from its digest: the package is damaged")]
    Damaged { part: &'static str },
    #[error("the package goes on after the {announced} bytes that its signature header announces")]
    TooLong { announced: u64 },
}

#[cfg(test)]
mod tests;
