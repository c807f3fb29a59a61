//! SHA-256 that can be put aside between two bytes and taken up again, also by a later process.
//!
//! An index that grows somewhere in its middle is hashed from there on, instead of from its
//! beginning. The crate's own hasher cannot be stored; its compression function can be called.

use sha2::compress256;
use sha2::digest::block_buffer::EagerBuffer;
use sha2::digest::consts::U64;

/// Bytes of a block.
const BLOCK: usize = 64;
/// The state before the first byte (FIPS 180-4, 5.3.3).
const START: [u32; 8] = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

/// A state as it is stored: eight words, then the block that is not full, zeros after it. How
/// many bytes were taken must be known beside it.
pub type Stored = [u8; 32 + BLOCK];

/// A digest in course.
#[derive(Debug, Clone)]
pub struct Resumable {
    words: [u32; 8],
    size_bytes: u64,
    /// The block that is not full.
    block: EagerBuffer<U64>,
}

impl Default for Resumable {
    fn default() -> Self {
        Self { words: START, size_bytes: 0, block: EagerBuffer::default() }
    }
}

impl Resumable {
    /// Adds the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        let Self { words, size_bytes, block } = self;
        *size_bytes += bytes.len() as u64;
        block.digest_blocks(bytes, |blocks| compress256(words, blocks));
    }

    /// Ends with the digest.
    pub fn finish(self) -> [u8; 32] {
        let Self { mut words, size_bytes, mut block } = self;
        let bits = size_bytes.wrapping_mul(8);
        block.len64_padding_be(bits, |block| compress256(&mut words, std::slice::from_ref(block)));
        print(&words)
    }

    /// Puts the state aside.
    pub fn store(&self) -> Stored {
        let mut stored = [0; 32 + BLOCK];
        let (head, tail) = stored.split_at_mut(32);
        head.copy_from_slice(&print(&self.words));
        for (to, from) in tail.iter_mut().zip(self.block.get_data()) {
            *to = *from;
        }
        stored
    }

    /// Takes up a state that was put aside after `size_bytes` bytes.
    pub fn resume(stored: &Stored, size_bytes: u64) -> Self {
        let (head, tail) = stored.split_at(32);
        let mut words = [0; 8];
        for (word, bytes) in words.iter_mut().zip(head.as_chunks::<4>().0) {
            *word = u32::from_be_bytes(*bytes);
        }
        let filled = usize::try_from(size_bytes % BLOCK as u64).unwrap_or_default();
        // Never longer than a block less one byte, so that it always fits.
        let block = EagerBuffer::try_new(tail.get(..filled).unwrap_or_default());
        Self { words, size_bytes, block: block.unwrap_or_default() }
    }
}

fn print(words: &[u32; 8]) -> [u8; 32] {
    let mut bytes = [0; 32];
    for (to, word) in bytes.as_chunks_mut::<4>().0.iter_mut().zip(words) {
        *to = word.to_be_bytes();
    }
    bytes
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use sha2::{Digest as _, Sha256};

    use super::*;

    proptest! {
        #[test]
        fn the_same_digest_however_often_it_is_put_aside(
            bytes in proptest::collection::vec(any::<u8>(), 0..20_000),
            cuts in proptest::collection::vec(0_usize..20_000, 0..6),
        ) {
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(bytes.len())).collect();
            cuts.sort_unstable();
            cuts.push(bytes.len());
            let (mut state, mut from) = (Resumable::default(), 0);
            for cut in cuts {
                state.update(&bytes[from..cut]);
                state = Resumable::resume(&state.store(), cut as u64);
                from = cut;
            }
            let whole: [u8; 32] = Sha256::digest(&bytes).into();
            prop_assert_eq!(state.finish(), whole);
        }
    }

    #[test]
    fn every_length_around_a_block() {
        let bytes = [0x5a; 200];
        for length in 0..bytes.len() {
            let mut state = Resumable::default();
            state.update(&bytes[..length]);
            let whole: [u8; 32] = Sha256::digest(&bytes[..length]).into();
            assert_eq!(state.finish(), whole, "{length} bytes");
        }
    }
}
