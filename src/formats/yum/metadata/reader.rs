//! Takes a file of metadata in slices, packed or not, and finds out what it is.

use std::io::Read as _;

use super::{MAX_BYTES, Metadata, MetadataError, elements, modules};
use crate::formats::decompress::Compression;

/// How packed files begin.
const PACKED: [Compression; 3] = [Compression::Gzip, Compression::Xz, Compression::Zstd];
/// How text of ours begins: an element, a YAML document, a comment or directive before one.
const BEGINNINGS: [&[u8]; 7] = [b"<", b"---", b"document:", b"version:", b"data:", b"#", b"%YAML"];
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Collects a file; it is small enough for the memory.
#[derive(Debug, Default)]
pub struct Reader {
    bytes: Vec<u8>,
}

impl Reader {
    /// Bytes that [`Reader::recognises`] must see, unless the file is shorter.
    pub const FIRST_BYTES: usize = 16;

    /// Says by the first bytes whether a file may be metadata; its end tells whether it is.
    pub fn recognises(first: &[u8]) -> bool {
        if PACKED.iter().any(|packed| first.starts_with(packed.magic())) {
            return true;
        }
        let text = first.strip_prefix(BYTE_ORDER_MARK.as_bytes()).unwrap_or(first);
        let text = text.trim_ascii_start();
        BEGINNINGS.iter().any(|beginning| text.starts_with(beginning))
    }

    /// Takes the next bytes.
    ///
    /// # Errors
    /// [`MetadataError::Large`]; do not push more then.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), MetadataError> {
        if self.bytes.len() + bytes.len() > MAX_BYTES {
            return Err(MetadataError::Large);
        }
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    /// Ends the file.
    ///
    /// # Errors
    /// [`MetadataError`] says what it is not.
    pub fn finish(self) -> Result<Metadata, MetadataError> {
        let bytes = unpack(self.bytes)?;
        let text = String::from_utf8(bytes).map_err(|_| MetadataError::NotText)?;
        let text = text.trim_start_matches(BYTE_ORDER_MARK);
        match text.trim_start().starts_with('<') {
            true => elements::read(text),
            false => modules::read(text),
        }
    }
}

fn unpack(bytes: Vec<u8>) -> Result<Vec<u8>, MetadataError> {
    let Some(packed) = PACKED.into_iter().find(|packed| bytes.starts_with(packed.magic())) else {
        return Ok(bytes);
    };
    let reader = packed.reader(&*bytes).map_err(MetadataError::Unpack)?;
    let mut plain = Vec::new();
    reader.take(MAX_BYTES as u64 + 1).read_to_end(&mut plain).map_err(MetadataError::Unpack)?;
    if plain.len() > MAX_BYTES { Err(MetadataError::Large) } else { Ok(plain) }
}
