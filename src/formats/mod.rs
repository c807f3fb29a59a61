//! PURE: file formats of packages and repositories; bytes in, bytes out.
//!
//! Nothing here knows of the site. Parsers take untrusted bytes and bound size, count and depth;
//! a bad input is a typed error, never a panic. Time and random bytes are arguments.

/// Text of an apt repository: stanzas, `Release`, source lines.
pub mod apt;
/// Debian binary packages: streaming reader, contents, writer.
pub mod deb;
/// Control files of Debian: fields, one stanza, many stanzas.
pub mod deb822;
/// Gzip, xz and zstd behind one `Read`.
pub mod decompress;
/// MD5, SHA-1, SHA-256 and SHA-512 in one pass.
pub mod digests;
/// RPM version numbers and their order.
pub mod evr;
/// OpenPGP keys and signatures of a repository.
pub mod openpgp;
/// Packages of any format behind one reader.
pub mod package;
/// RPM packages: streaming reader of their headers.
pub mod rpm;
/// SHA-256 that can be put aside and taken up again.
pub mod sha256;
/// Tar archives, read entry by entry with bounds.
pub mod tar;
/// Debian version numbers and their order.
pub mod version;
/// Text of a yum repository: elements of packages, `repomd.xml`.
pub mod yum;

#[cfg(test)]
mod tests;
