//! Digests of a package in one pass: SHA-256, which names it, and what its format tells beside it.
//!
//! A stanza of apt carries MD5, SHA-1 and SHA-512, too; the indexes of yum carry SHA-256 alone.
//! MD5, SHA-1 and SHA-256 spend most of their time waiting for their own last step. Fed a block of
//! 64 bytes in turns, the processor works at all three side by side, which saves a tenth of the
//! whole. SHA-512 has no such gaps and takes longer stretches.

use md5::Md5;
use ring::digest::{Context, SHA512};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};

/// Bytes that stay in the processor's nearest cache while one function after the other reads them.
const STRETCH: usize = 8 * 1024;
/// Bytes that MD5, SHA-1 and SHA-256 take in turns: a block of each.
const BLOCK: usize = 64;

/// Length and digests of some bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digests {
    pub size_bytes: u64,
    pub sha256: [u8; 32],
    /// Only where they were asked for.
    pub further: Option<Further>,
}

/// What the stanzas of apt carry beside SHA-256.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Further {
    pub md5: [u8; 16],
    pub sha1: [u8; 20],
    pub sha512: [u8; 64],
}

impl Digests {
    /// All digests of a whole slice.
    pub fn of(bytes: &[u8]) -> Self {
        let mut digester = Digester::of_all();
        digester.update(bytes);
        digester.finish()
    }
}

/// Takes bytes as they arrive. The default one computes SHA-256 alone.
#[derive(Clone, Default)]
pub struct Digester {
    size_bytes: u64,
    sha256: Sha256,
    further: Option<FurtherDigester>,
}

#[derive(Clone)]
struct FurtherDigester {
    md5: Md5,
    sha1: Sha1,
    sha512: Context,
}

impl Digester {
    /// Computes everything that a stanza of apt tells.
    pub fn of_all() -> Self {
        let (md5, sha1, sha512) = (Md5::new(), Sha1::new(), Context::new(&SHA512));
        Self { further: Some(FurtherDigester { md5, sha1, sha512 }), ..Self::default() }
    }

    /// Adds the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.size_bytes += bytes.len() as u64;
        let Some(FurtherDigester { md5, sha1, sha512 }) = &mut self.further else {
            return self.sha256.update(bytes);
        };
        for stretch in bytes.chunks(STRETCH) {
            for block in stretch.chunks(BLOCK) {
                md5.update(block);
                sha1.update(block);
                self.sha256.update(block);
            }
            sha512.update(stretch);
        }
    }

    /// Ends the pass.
    pub fn finish(self) -> Digests {
        let further = self.further.map(|FurtherDigester { md5, sha1, sha512 }| {
            let mut long = [0; 64];
            long.iter_mut().zip(sha512.finish().as_ref()).for_each(|(to, from)| *to = *from);
            Further { md5: md5.finalize().into(), sha1: sha1.finalize().into(), sha512: long }
        });
        Digests { size_bytes: self.size_bytes, sha256: self.sha256.finalize().into(), further }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_digests_in_any_slicing() {
        let whole = Digests::of(b"abc");
        let further = whole.further.unwrap();
        assert_eq!(whole.size_bytes, 3);
        assert_eq!(hex::encode(further.md5), "900150983cd24fb0d6963f7d28e17f72");
        assert_eq!(hex::encode(further.sha1), "a9993e364706816aba3e25717850c26c9cd0d89d");
        assert!(hex::encode(whole.sha256).starts_with("ba7816bf8f01cfea414140de5dae2223"));
        assert!(hex::encode(further.sha512).starts_with("ddaf35a193617abacc417349ae204131"));

        let bytes: Vec<u8> = (0..100_000_u32).map(|n| n as u8).collect();
        let mut sliced = Digester::of_all();
        bytes.chunks(4_097).for_each(|slice| sliced.update(slice));
        assert_eq!(sliced.finish(), Digests::of(&bytes));
    }

    #[test]
    fn sha_256_alone_is_the_same() {
        let bytes = [0x5a; 10_000];
        let mut alone = Digester::default();
        bytes.chunks(777).for_each(|slice| alone.update(slice));
        assert_eq!(alone.finish(), Digests { further: None, ..Digests::of(&bytes) });
    }
}
