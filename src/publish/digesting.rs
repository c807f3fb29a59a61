//! Digests of an index in gzip members while it passes: of its bytes, and of what comes out when it
//! is unpacked.
//!
//! Unpacking costs less than keeping every index a second time, plain. Some kilobytes of it are in
//! memory at a time.

use std::io::{self, Write};

use flate2::write::MultiGzDecoder;

use super::generation::Opened;
use crate::formats::sha256::Resumable;

/// Running digests of an index.
pub(super) struct Digesting {
    packed: Resumable,
    plain: MultiGzDecoder<Plain>,
    failed: Option<io::Error>,
}

/// Hashes plain bytes.
#[derive(Default)]
struct Plain {
    digest: Resumable,
    size_bytes: u64,
}

impl Write for Plain {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.digest.update(bytes);
        self.size_bytes += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Default for Digesting {
    fn default() -> Self {
        let plain = MultiGzDecoder::new(Plain::default());
        Self { packed: Resumable::default(), plain, failed: None }
    }
}

impl Digesting {
    /// Takes the next bytes of the index.
    pub(super) fn update(&mut self, bytes: &[u8]) {
        self.packed.update(bytes);
        if self.failed.is_none() {
            self.failed = self.plain.write_all(bytes).err();
        }
    }

    /// Digest of the bytes, and size and digest of the plain form.
    ///
    /// # Errors
    /// If the index is not what was packed.
    pub(super) fn finish(self) -> io::Result<([u8; 32], Opened)> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        let Plain { digest, size_bytes } = self.plain.finish()?;
        Ok((self.packed.finish(), Opened { size_bytes, sha256: digest.finish() }))
    }
}
