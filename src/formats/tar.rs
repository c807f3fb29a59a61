//! Tar archives read entry by entry, with bounds on entries, bytes and name lengths.
//!
//! The `tar` crate reads a long name of any declared length into memory; an archive from outside
//! must not choose that, so the walk is ours and only the fields of the header are its. GNU long
//! names (`L`, `K`) and pax records `path`, `linkpath` and `size` are understood (POSIX.1-2001
//! pax; GNU tar 1.34 manual, "Basic Tar Format").

use std::io::{self, Read};

use ::tar::{EntryType, Header};

/// Why an archive cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum TarError {
    #[error("the archive ends in the middle of an entry")]
    Truncated,
    #[error("entry {entry} has a damaged header")]
    Header { entry: usize },
    #[error("entry {entry} has a name longer than {limit} bytes")]
    LongName { entry: usize, limit: usize },
    #[error("more than {limit} entries")]
    TooManyEntries { limit: usize },
    #[error("more than {limit} bytes unpacked")]
    TooLarge { limit: u64 },
    #[error("the archive cannot be unpacked")]
    Read(#[source] io::Error),
}

/// How much of an archive is read before it is refused.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    pub entries: usize,
    /// Unpacked bytes, headers included.
    pub bytes: u64,
}

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    File,
    Directory,
    Symlink,
    HardLink,
    Other,
}

/// One entry; its body is read with [`Archive::body`] or skipped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Path as stored (`./usr/bin/x`), bytes that are not UTF-8 replaced.
    pub path: String,
    pub kind: Kind,
    pub size_bytes: u64,
    pub mode: u32,
    /// Target of a link.
    pub link: Option<String>,
}

const BLOCK: usize = 512;
const MAX_NAME_BYTES: usize = 16 * 1024;
const MAX_PAX_BYTES: usize = 64 * 1024;

/// An archive being read.
pub struct Archive<R> {
    input: R,
    limits: Limits,
    read_bytes: u64,
    entries: usize,
    /// Bytes of the present entry's body not read yet, and the padding after them.
    body: u64,
    padding: u64,
}

/// What extension entries said about the next one.
#[derive(Default)]
struct Extension {
    path: Option<Vec<u8>>,
    link: Option<Vec<u8>>,
    size: Option<u64>,
}

impl<R: Read> Archive<R> {
    /// Begins to read `input`.
    pub fn new(input: R, limits: Limits) -> Self {
        Self { input, limits, read_bytes: 0, entries: 0, body: 0, padding: 0 }
    }

    /// Goes to the next entry; `None` at the end.
    ///
    /// # Errors
    /// [`TarError`] for a damaged archive or a crossed limit.
    pub fn next_entry(&mut self) -> Result<Option<Entry>, TarError> {
        let mut extension = Extension::default();
        loop {
            self.skip_body()?;
            let mut block = [0_u8; BLOCK];
            if !self.read_block(&mut block)? || block == [0_u8; BLOCK] {
                return Ok(None);
            }
            if self.entries == self.limits.entries {
                return Err(TarError::TooManyEntries { limit: self.limits.entries });
            }
            self.entries += 1;
            let header = Header::from_byte_slice(&block);
            let damaged = |_| TarError::Header { entry: self.entries };
            if header.cksum().map_err(damaged)? != checksum(&block) {
                return Err(TarError::Header { entry: self.entries });
            }
            let size = extension.size.take().map_or_else(|| header.entry_size(), Ok);
            let size = size.map_err(damaged)?;
            self.body = size;
            self.padding = (BLOCK as u64 - size % BLOCK as u64) % BLOCK as u64;
            match header.entry_type() {
                EntryType::GNULongName => extension.path = Some(self.name()?),
                EntryType::GNULongLink => extension.link = Some(self.name()?),
                EntryType::XHeader => self.pax(&mut extension)?,
                EntryType::XGlobalHeader => {}
                kind => return Ok(Some(self.entry(header, kind, extension, size))),
            }
        }
    }

    /// Reads the body of the present entry, at most `limit` bytes; `None` if it is longer.
    ///
    /// # Errors
    /// [`TarError`] as [`Archive::next_entry`].
    pub fn body(&mut self, limit: u64) -> Result<Option<Vec<u8>>, TarError> {
        if self.body > limit {
            return Ok(None);
        }
        let mut bytes = Vec::new();
        self.drain_body(&mut |slice| bytes.extend_from_slice(slice))?;
        Ok(Some(bytes))
    }

    fn entry(&self, header: &Header, kind: EntryType, extension: Extension, size: u64) -> Entry {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let kind = match kind {
            EntryType::Regular | EntryType::Continuous | EntryType::GNUSparse => Kind::File,
            EntryType::Directory => Kind::Directory,
            EntryType::Symlink => Kind::Symlink,
            EntryType::Link => Kind::HardLink,
            _ => Kind::Other,
        };
        let link = match kind {
            Kind::Symlink | Kind::HardLink => {
                extension.link.or_else(|| header.link_name_bytes().map(|link| link.into_owned()))
            }
            _ => None,
        };
        Entry {
            path: text(&extension.path.unwrap_or_else(|| header.path_bytes().into_owned())),
            kind,
            size_bytes: size,
            mode: header.mode().unwrap_or(0),
            link: link.map(|link| text(&link)),
        }
    }

    fn name(&mut self) -> Result<Vec<u8>, TarError> {
        let long = TarError::LongName { entry: self.entries, limit: MAX_NAME_BYTES };
        let mut name = self.body(MAX_NAME_BYTES as u64)?.ok_or(long)?;
        while name.last() == Some(&0) {
            name.pop();
        }
        Ok(name)
    }

    /// Reads pax records, each `<length> <key>=<value>\n`.
    fn pax(&mut self, extension: &mut Extension) -> Result<(), TarError> {
        let entry = self.entries;
        let long = TarError::LongName { entry, limit: MAX_PAX_BYTES };
        let body = self.body(MAX_PAX_BYTES as u64)?.ok_or(long)?;
        let mut rest = body.as_slice();
        while !rest.is_empty() {
            let record = pax_record(rest).ok_or(TarError::Header { entry })?;
            rest = record.rest;
            match record.key {
                b"path" => extension.path = Some(record.value.to_vec()),
                b"linkpath" => extension.link = Some(record.value.to_vec()),
                b"size" => {
                    let text = std::str::from_utf8(record.value).ok();
                    let size = text.and_then(|text| text.parse().ok());
                    extension.size = Some(size.ok_or(TarError::Header { entry })?);
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn skip_body(&mut self) -> Result<(), TarError> {
        self.drain_body(&mut |_| {})
    }

    fn drain_body(&mut self, sink: &mut dyn FnMut(&[u8])) -> Result<(), TarError> {
        let mut buffer = [0_u8; 16 * 1024];
        while self.body > 0 {
            let want = usize::try_from(self.body).unwrap_or(usize::MAX).min(buffer.len());
            let slice = buffer.get_mut(..want).unwrap_or(&mut []);
            self.read_exactly(slice)?;
            self.body -= want as u64;
            sink(slice);
        }
        let padding = usize::try_from(std::mem::take(&mut self.padding)).unwrap_or(0);
        let slice = buffer.get_mut(..padding).unwrap_or(&mut []);
        self.read_exactly(slice)
    }

    /// Reads a block; `false` at a clean end of the input.
    fn read_block(&mut self, block: &mut [u8; BLOCK]) -> Result<bool, TarError> {
        let mut filled = 0;
        while let Some(rest) = block.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            match self.input.read(rest) {
                Ok(0) if filled == 0 => return Ok(false),
                Ok(0) => return Err(TarError::Truncated),
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(TarError::Read(error)),
            }
        }
        self.count(BLOCK)?;
        Ok(true)
    }

    fn read_exactly(&mut self, slice: &mut [u8]) -> Result<(), TarError> {
        self.count(slice.len())?;
        self.input.read_exact(slice).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => TarError::Truncated,
            _ => TarError::Read(error),
        })
    }

    fn count(&mut self, bytes: usize) -> Result<(), TarError> {
        self.read_bytes += bytes as u64;
        if self.read_bytes > self.limits.bytes {
            return Err(TarError::TooLarge { limit: self.limits.bytes });
        }
        Ok(())
    }
}

/// Sum of the header's bytes, its own field counted as blanks.
fn checksum(block: &[u8; BLOCK]) -> u32 {
    let field = 148..156;
    block
        .iter()
        .enumerate()
        .map(|(at, byte)| if field.contains(&at) { u32::from(b' ') } else { u32::from(*byte) })
        .sum()
}

struct PaxRecord<'a> {
    key: &'a [u8],
    value: &'a [u8],
    rest: &'a [u8],
}

fn pax_record(bytes: &[u8]) -> Option<PaxRecord<'_>> {
    let blank = bytes.iter().position(|byte| *byte == b' ')?;
    let length: usize = std::str::from_utf8(bytes.get(..blank)?).ok()?.parse().ok()?;
    let record = bytes.get(blank + 1..length)?.strip_suffix(b"\n")?;
    let equals = record.iter().position(|byte| *byte == b'=')?;
    let (key, value) = (record.get(..equals)?, record.get(equals + 1..)?);
    Some(PaxRecord { key, value, rest: bytes.get(length..)? })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LIMITS: Limits = Limits { entries: 10, bytes: 1 << 20 };

    fn archive(build: impl FnOnce(&mut ::tar::Builder<Vec<u8>>)) -> Vec<u8> {
        let mut builder = ::tar::Builder::new(Vec::new());
        build(&mut builder);
        builder.into_inner().unwrap()
    }

    fn add(builder: &mut ::tar::Builder<Vec<u8>>, path: &str, body: &[u8]) {
        let mut header = Header::new_gnu();
        header.set_size(body.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        builder.append_data(&mut header, path, body).unwrap();
    }

    fn paths(bytes: &[u8], limits: Limits) -> Result<Vec<String>, TarError> {
        let mut archive = Archive::new(bytes, limits);
        let mut paths = Vec::new();
        while let Some(entry) = archive.next_entry()? {
            paths.push(entry.path);
        }
        Ok(paths)
    }

    #[test]
    fn entries_come_with_bodies_and_long_names() {
        let long = format!("usr/{}", "x/".repeat(200));
        let bytes = archive(|tar| {
            add(tar, "a", b"first");
            add(tar, &format!("{long}end"), &[7; 1000]);
            let mut header = Header::new_gnu();
            header.set_entry_type(EntryType::Symlink);
            header.set_size(0);
            tar.append_link(&mut header, "link", "a").unwrap();
        });
        let mut read = Archive::new(&bytes[..], LIMITS);
        assert_eq!(read.next_entry().unwrap().unwrap().path, "a");
        assert_eq!(read.body(100).unwrap().unwrap(), b"first");
        let second = read.next_entry().unwrap().unwrap();
        assert_eq!((second.path, second.size_bytes), (format!("{long}end"), 1000));
        assert!(read.body(999).unwrap().is_none(), "too long to be read");
        let link = read.next_entry().unwrap().unwrap();
        assert_eq!((link.kind, link.link.as_deref()), (Kind::Symlink, Some("a")));
        assert!(read.next_entry().unwrap().is_none());
    }

    #[test]
    fn pax_records_name_the_next_entry() {
        let bytes = archive(|tar| {
            tar.append_pax_extensions([("path", &b"long/name"[..]), ("size", b"3")]).unwrap();
            add(tar, "short", b"abc");
        });
        assert_eq!(paths(&bytes, LIMITS).unwrap(), ["long/name"]);
    }

    #[test]
    fn limits_and_damage_are_refused() {
        let many = archive(|tar| (0..20).for_each(|n| add(tar, &n.to_string(), b"x")));
        assert!(matches!(paths(&many, LIMITS), Err(TarError::TooManyEntries { limit: 10 })));
        let small = Limits { entries: 10, bytes: 2_000 };
        assert!(matches!(paths(&many, small), Err(TarError::TooLarge { limit: 2_000 })));
        assert!(matches!(paths(&many[..700], LIMITS), Err(TarError::Truncated)));
        let mut damaged = many;
        damaged[3] ^= 1;
        assert!(matches!(paths(&damaged, LIMITS), Err(TarError::Header { entry: 1 })));
    }

    #[test]
    fn a_name_of_gigabytes_is_not_read_into_memory() {
        let mut header = Header::new_gnu();
        header.set_entry_type(EntryType::GNULongName);
        header.set_size(4 << 30);
        header.set_cksum();
        let endless = header.as_bytes().chain(io::repeat(b'x'));
        let mut archive = Archive::new(endless, Limits { entries: 10, bytes: u64::MAX });
        assert!(matches!(archive.next_entry(), Err(TarError::LongName { entry: 1, .. })));
    }

    proptest! {
        #[test]
        fn any_bytes_end(seed in prop::collection::vec(any::<u8>(), 0..2000), at in 0_usize..1500) {
            let _any_outcome = paths(&seed, LIMITS);
            let mut bytes = archive(|tar| { add(tar, "a", b"first"); add(tar, "b", &seed) });
            let at = at % bytes.len();
            bytes[at] ^= seed.first().copied().unwrap_or(1);
            let _any_outcome = paths(&bytes, LIMITS);
        }
    }
}
