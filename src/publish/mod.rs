//! Package headers become signed repositories; the cost follows what changed, not what is there.
//!
//! An index is a concatenation of *pieces* of some dozens of stanzas. Each piece is compressed once
//! to a gzip member and, for apt, a zstd frame, and kept under an identity that follows from its entries;
//! an index of 10,000 packages with one more differs in one piece. Pieces of `all` packages come
//! first in every architecture's index, so that what the indexes share is hashed once.
//!
//! [`Format`] names the formats; what one decides (which indexes, in which forms, what is signed)
//! is its `Layout`. That is where a further format enters.
//!
//! [`publish`] is written against the narrow [`Shelf`], so that a site (rows of its database) and
//! `migas repo build` (a folder and a state file) share it. It computes and never switches: what it returns, a
//! [`Generation`], becomes visible when the caller stores it. Invariants: at no time is a whole
//! index in memory; a piece that exists is neither decompressed nor compressed again; publishing
//! the same entries again gives [`Outcome::Unchanged`] and reads no piece.

mod apt;
mod assemble;
mod digesting;
mod entry;
/// `migas repo build`: a folder of packages becomes a static repository.
pub mod folder;
mod format;
mod generation;
mod piece;
mod shelf;
mod signer;
mod yum;

pub use assemble::{Outcome, PublishError, Request, publish};
pub use entry::Entry;
pub use format::Format;
pub use generation::{Generation, IndexFile, Mark, Opened, Part, Text};
pub use piece::{Form, Piece, PieceId, Sizes};
pub use shelf::Shelf;
