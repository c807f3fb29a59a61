//! Text of an apt repository: stanzas of `Packages`, `Release`, lines of `sources.list`.

mod release;
mod source;
mod stanza;

pub use release::{IndexDigest, Release};
pub use source::{ExternalLine, SourceLine};
pub use stanza::{fragment, write_entry};
