//! Text of a yum repository: elements of `primary`, `filelists` and `other`, and `repomd.xml`
//! (`createrepo_c`'s `xml_dump*.c`, the format dnf, yum and zypper read).
//!
//! ```xml
//! <?xml version="1.0" encoding="UTF-8"?>
//! <metadata xmlns="http://linux.duke.edu/metadata/common" xmlns:rpm="…" packages="1">
//! <package type="rpm">
//!   <name>acme-tools</name>
//!   <arch>noarch</arch>
//!   <version epoch="0" ver="1.0" rel="1"/>
//!   …
//! </package>
//! </metadata>
//! ```
//!
//! No text can break out of its place: [`xml`] escapes what it must and leaves out the characters
//! that XML 1.0 cannot hold, which would make a whole repository unreadable.

mod fragment;
/// Groups, notices of updates and modules.
pub mod metadata;
mod repomd;
mod source;
mod table;
mod xml;

pub use fragment::{Elements, fragment};
pub use repomd::{Data, Repomd};
pub use source::{ExternalSection, Section};
pub use table::Table;
