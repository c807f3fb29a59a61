//! The sources of external deployments and the cache of what they sent (7.5).
//!
//! A file is fetched when somebody first asks for it, handed on while it arrives, and kept on the
//! disk once it is whole. [`Cache`] is the door; [`source`] speaks HTTP with the source,
//! [`download`] is one fetch and those who follow it, [`files`] is the order on the disk.
//! Invariants: a file is fetched once at a time, whoever asks; what is not whole is never kept;
//! all that is kept may be deleted at any moment, by us or by hand.

mod addresses;
mod cache;
mod download;
mod failure;
mod files;
mod resolver;
mod source;

pub use cache::{Asked, Cache, Found, Patience, Usage};
pub use download::Follower;
pub use failure::Failure;
pub use files::{Folder, StoredFile};

#[cfg(test)]
#[path = "../../tests/support/upstream.rs"]
#[allow(dead_code, reason = "the end-to-end tests use other parts of it")]
pub(crate) mod fake;
#[cfg(test)]
mod tests;
