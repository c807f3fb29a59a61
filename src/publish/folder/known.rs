//! Packages that an earlier build read, and how they stand in the state file: there are many, so
//! as numbers of fixed width and bytes, which are read without looking for ends.
//!
//! ```text
//! size u64, modified ns i64, inode u64, fragment u64, SHA-256, four lengths u16, little-endian;
//! name, version, architecture, path
//! ```

use std::cmp::Ordering;

use crate::publish::{Entry, Format};

/// A file's identity on its file system: the same stamp means the same bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Stamp {
    pub size_bytes: u64,
    pub time_ns: i64,
    pub inode: u64,
}

/// A package that was read before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct KnownPackage {
    pub entry: Entry,
    /// Below the folder of packages.
    pub path: String,
    pub stamp: Stamp,
    pub version: String,
    /// Length of the stanza without `Filename`.
    pub fragment_bytes: u64,
}

impl KnownPackage {
    /// What names the payload within the repository.
    pub(super) fn payload(&self) -> (&[u8; 32], &str) {
        (&self.entry.sha256, &self.entry.file_name)
    }

    /// Order of the entries in the indexes of `format`, then of the paths.
    pub(super) fn order(&self, other: &Self, format: Format) -> Ordering {
        let entries = format.layout().order(&self.entry, &other.entry);
        entries.then_with(|| self.path.cmp(&other.path))
    }

    /// Appends the package; `None` if a text of it is too long to be kept.
    #[must_use]
    pub(super) fn print(&self, bytes: &mut Vec<u8>) -> Option<()> {
        let Self { entry, path, stamp, version, fragment_bytes } = self;
        bytes.extend_from_slice(&stamp.size_bytes.to_le_bytes());
        bytes.extend_from_slice(&stamp.time_ns.to_le_bytes());
        bytes.extend_from_slice(&stamp.inode.to_le_bytes());
        bytes.extend_from_slice(&fragment_bytes.to_le_bytes());
        bytes.extend_from_slice(&entry.sha256);
        let texts = [&entry.name, version, &entry.architecture, path];
        for text in texts {
            bytes.extend_from_slice(&u16::try_from(text.len()).ok()?.to_le_bytes());
        }
        texts.iter().for_each(|text| bytes.extend_from_slice(text.as_bytes()));
        Some(())
    }

    /// Takes a package off the front of `bytes`; `None` if none was printed there.
    pub(super) fn parse(bytes: &mut &[u8]) -> Option<Self> {
        let stamp = Stamp {
            size_bytes: u64::from_le_bytes(take(bytes)?),
            time_ns: i64::from_le_bytes(take(bytes)?),
            inode: u64::from_le_bytes(take(bytes)?),
        };
        let fragment_bytes = u64::from_le_bytes(take(bytes)?);
        let sha256 = take(bytes)?;
        let mut lengths = [0; 4];
        for length in &mut lengths {
            *length = usize::from(u16::from_le_bytes(take(bytes)?));
        }
        let mut text = |length| {
            let (text, rest) = bytes.split_at_checked(length)?;
            *bytes = rest;
            std::str::from_utf8(text).ok().map(str::to_owned)
        };
        let [name, version, architecture, path] = lengths;
        let (name, version) = (text(name)?, text(version)?);
        let (architecture, path) = (text(architecture)?, text(path)?);
        let file_name = file_name(&path).to_owned();
        let entry = Entry { metadata: None, name, architecture, file_name, sha256 };
        Some(Self { entry, path, stamp, version, fragment_bytes })
    }
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (first, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(*first)
}

/// Last component of a path.
pub(super) fn file_name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_printed_is_read_again_and_nothing_less() {
        let package = |name: &str, path: &str| KnownPackage {
            entry: Entry {
                metadata: None,
                name: name.into(),
                architecture: "all".into(),
                file_name: file_name(path).into(),
                sha256: [7; 32],
            },
            path: path.into(),
            stamp: Stamp { size_bytes: 5, time_ns: -1, inode: u64::MAX },
            version: "1:2~3-4".into(),
            fragment_bytes: 900,
        };
        let both = [package("a", "a b/ñandú_1_all.deb"), package("", "")];
        let mut bytes = Vec::new();
        both.iter().for_each(|package| package.print(&mut bytes).unwrap());
        let mut rest = &*bytes;
        let read = [KnownPackage::parse(&mut rest), KnownPackage::parse(&mut rest)];
        assert_eq!(read, both.map(Some));
        assert!(rest.is_empty() && KnownPackage::parse(&mut rest).is_none());
        for length in 0..bytes.len() {
            let mut cut = &bytes[..length];
            let first = KnownPackage::parse(&mut cut);
            assert!(first.is_none() || KnownPackage::parse(&mut cut).is_none(), "{length} bytes");
        }
        assert!(package("a", &"x".repeat(70_000)).print(&mut bytes).is_none());
    }
}
