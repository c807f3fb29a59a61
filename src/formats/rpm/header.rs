//! The header structure: an index of tags into a store of values (rpm's manual, `format_header`).
//!
//! ```text
//! 8e ad e8 01  00 00 00 00  <entries: u32>  <bytes of the store: u32>
//! entries times: <tag: u32> <type: u32> <offset: u32> <count: u32>
//! the store
//! ```
//!
//! All numbers are big-endian. Nothing of it is believed: how large it may be is decided before
//! a byte of it is kept, and every value is looked up within the store. Values are read on
//! demand, each tag with a bound on its count.

use std::ffi::CStr;

use super::RpmError;
use super::text::clean;

/// Bytes before the index.
pub(super) const INTRO_BYTES: usize = 16;
const MAGIC: [u8; 4] = [0x8e, 0xad, 0xe8, 0x01];
const ENTRY_BYTES: usize = 16;
/// Packages have about a hundred.
const MAX_ENTRIES: u32 = 8192;
/// The largest headers of distributions have some ten million bytes; rpm itself stops at 256 MiB.
const MAX_STORE_BYTES: u32 = 32 << 20;

const CHAR: u32 = 1;
const INT8: u32 = 2;
const INT16: u32 = 3;
const INT32: u32 = 4;
const INT64: u32 = 5;
const STRING: u32 = 6;
const BINARY: u32 = 7;
const STRING_ARRAY: u32 = 8;
const I18N_STRING: u32 = 9;

/// What the first bytes of a header say about the rest.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    entries: u32,
    store_bytes: u32,
}

impl Shape {
    /// Reads the intro of `part`, [`INTRO_BYTES`] long.
    pub(super) fn read(part: &'static str, intro: &[u8]) -> Result<Self, RpmError> {
        if !intro.starts_with(&MAGIC) {
            return Err(RpmError::HeaderMagic { part });
        }
        let number = |at| number(intro, at).ok_or(RpmError::HeaderMagic { part });
        let (entries, store_bytes) = (number(8)?, number(12)?);
        let too_large =
            |claimed, unit, limit| Err(RpmError::HeaderTooLarge { part, claimed, unit, limit });
        if entries > MAX_ENTRIES {
            return too_large(entries, "tags", MAX_ENTRIES);
        }
        if store_bytes > MAX_STORE_BYTES {
            return too_large(store_bytes, "bytes", MAX_STORE_BYTES);
        }
        Ok(Self { entries, store_bytes })
    }

    /// Bytes of index and store.
    pub(super) fn body_bytes(self) -> usize {
        self.entries as usize * ENTRY_BYTES + self.store_bytes as usize
    }
}

/// A header whose index has been checked.
pub(super) struct Header<'a> {
    entries: Vec<Entry>,
    store: &'a [u8],
    part: &'static str,
}

#[derive(Clone, Copy)]
struct Entry {
    tag: u32,
    kind: u32,
    offset: u32,
    count: u32,
}

impl<'a> Header<'a> {
    /// Reads index and store of `part`.
    pub(super) fn parse(
        part: &'static str,
        shape: Shape,
        body: &'a [u8],
    ) -> Result<Self, RpmError> {
        let truncated = RpmError::Truncated { inside: part };
        let index_bytes = shape.entries as usize * ENTRY_BYTES;
        let (index, store) = body.split_at_checked(index_bytes).ok_or(truncated.clone())?;
        if store.len() != shape.store_bytes as usize {
            return Err(truncated);
        }
        let mut entries = Vec::with_capacity(shape.entries as usize);
        for bytes in index.chunks_exact(ENTRY_BYTES) {
            let word = |at| number(bytes, at).ok_or(truncated.clone());
            let entry = Entry { tag: word(0)?, kind: word(4)?, offset: word(8)?, count: word(12)? };
            let Entry { tag, kind, offset, count } = entry;
            let width = match kind {
                0 | STRING | STRING_ARRAY | I18N_STRING => 0,
                CHAR | INT8 | BINARY => 1,
                INT16 => 2,
                INT32 => 4,
                INT64 => 8,
                _ => return Err(RpmError::Type { tag, kind }),
            };
            let end = u64::from(offset) + u64::from(count) * width;
            if end > store.len() as u64 {
                return Err(RpmError::OutOfBounds { part, tag });
            }
            entries.push(entry);
        }
        Ok(Self { entries, store, part })
    }

    fn find(&self, tag: u32) -> Option<Entry> {
        self.entries.iter().find(|entry| entry.tag == tag).copied()
    }

    pub(super) fn has(&self, tag: u32) -> bool {
        self.find(tag).is_some()
    }

    /// The strings of a tag; none if it is absent.
    pub(super) fn strings(&self, tag: u32, limit: u32) -> Result<Vec<&'a [u8]>, RpmError> {
        let Some(Entry { kind, offset, count, .. }) = self.find(tag) else { return Ok(Vec::new()) };
        if ![STRING, STRING_ARRAY, I18N_STRING].contains(&kind) {
            return Err(RpmError::Type { tag, kind });
        }
        if count > limit {
            return Err(RpmError::TooManyValues { tag, count, limit });
        }
        let out_of_bounds = || RpmError::OutOfBounds { part: self.part, tag };
        let mut rest = self.store.get(offset as usize..).ok_or_else(out_of_bounds)?;
        // Each string takes a byte at least, so a count that lies reserves no more than there is.
        let mut strings = Vec::with_capacity((count as usize).min(rest.len()));
        for _ in 0..count {
            let text = CStr::from_bytes_until_nul(rest).map_err(|_| out_of_bounds())?.to_bytes();
            strings.push(text);
            rest = rest.get(text.len() + 1..).unwrap_or_default();
        }
        Ok(strings)
    }

    /// The numbers of a tag; none if it is absent.
    pub(super) fn numbers(&self, tag: u32, limit: u32) -> Result<Vec<u64>, RpmError> {
        let Some(Entry { kind, offset, count, .. }) = self.find(tag) else { return Ok(Vec::new()) };
        if count > limit {
            return Err(RpmError::TooManyValues { tag, count, limit });
        }
        let width = match kind {
            CHAR | INT8 => 1,
            INT16 => 2,
            INT32 => 4,
            INT64 => 8,
            _ => return Err(RpmError::Type { tag, kind }),
        };
        let (start, bytes) = (offset as usize, count as usize * width);
        let values = self.store.get(start..start.saturating_add(bytes));
        let values = values.ok_or(RpmError::OutOfBounds { part: self.part, tag })?;
        let value = |bytes: &[u8]| bytes.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
        Ok(values.chunks_exact(width).map(value).collect())
    }

    /// The one text of a tag, of its first language; empty if it is absent.
    pub(super) fn text(&self, tag: u32) -> Result<String, RpmError> {
        let texts = self.strings(tag, MAX_LANGUAGES)?;
        Ok(texts.first().map(|bytes| clean(bytes)).unwrap_or_default())
    }

    /// The one number of a tag.
    pub(super) fn number(&self, tag: u32) -> Result<Option<u64>, RpmError> {
        Ok(self.numbers(tag, MAX_SCALARS)?.first().copied())
    }

    /// The bytes of a tag.
    pub(super) fn binary(&self, tag: u32) -> Result<Option<&'a [u8]>, RpmError> {
        let Some(Entry { kind, offset, count, .. }) = self.find(tag) else { return Ok(None) };
        if kind != BINARY {
            return Err(RpmError::Type { tag, kind });
        }
        Ok(self.store.get(offset as usize..).and_then(|rest| rest.get(..count as usize)))
    }
}

/// Translations of a summary.
const MAX_LANGUAGES: u32 = 1024;
const MAX_SCALARS: u32 = 64;

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..at + 4)?;
    Some(u32::from_be_bytes(bytes.try_into().ok()?))
}
