//! MD5, SHA-1, SHA-256 and SHA-512 of the same bytes in one pass.
//!
//! apt's stanzas carry all four. Bytes are taken in blocks that stay in the processor's nearest
//! cache while the four functions read them one after the other.

use md5::Md5;
use sha1::Sha1;
use sha2::{Digest as _, Sha256, Sha512};

/// Bytes each function takes before the next one has its turn.
const BLOCK: usize = 8 * 1024;

/// Length and digests of some bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digests {
    pub size_bytes: u64,
    pub md5: [u8; 16],
    pub sha1: [u8; 20],
    pub sha256: [u8; 32],
    pub sha512: [u8; 64],
}

impl Digests {
    /// Digests of a whole slice.
    pub fn of(bytes: &[u8]) -> Self {
        let mut digester = Digester::default();
        digester.update(bytes);
        digester.finish()
    }
}

/// Takes bytes as they arrive.
#[derive(Clone, Default)]
pub struct Digester {
    size_bytes: u64,
    md5: Md5,
    sha1: Sha1,
    sha256: Sha256,
    sha512: Sha512,
}

impl Digester {
    /// Adds the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        for block in bytes.chunks(BLOCK) {
            self.md5.update(block);
            self.sha1.update(block);
            self.sha256.update(block);
            self.sha512.update(block);
        }
        self.size_bytes += bytes.len() as u64;
    }

    /// Ends the pass.
    pub fn finish(self) -> Digests {
        Digests {
            size_bytes: self.size_bytes,
            md5: self.md5.finalize().into(),
            sha1: self.sha1.finalize().into(),
            sha256: self.sha256.finalize().into(),
            sha512: self.sha512.finalize().into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_digests_in_any_slicing() {
        let whole = Digests::of(b"abc");
        assert_eq!(whole.size_bytes, 3);
        assert_eq!(hex::encode(whole.md5), "900150983cd24fb0d6963f7d28e17f72");
        assert_eq!(hex::encode(whole.sha1), "a9993e364706816aba3e25717850c26c9cd0d89d");
        assert!(hex::encode(whole.sha256).starts_with("ba7816bf8f01cfea414140de5dae2223"));
        assert!(hex::encode(whole.sha512).starts_with("ddaf35a193617abacc417349ae204131"));

        let bytes: Vec<u8> = (0..100_000_u32).map(|n| n as u8).collect();
        let mut sliced = Digester::default();
        bytes.chunks(4_097).for_each(|slice| sliced.update(slice));
        assert_eq!(sliced.finish(), Digests::of(&bytes));
    }
}
