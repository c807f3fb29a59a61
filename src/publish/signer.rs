//! The key of a repository at the moment of a publish.

use jiff::Timestamp;
use rand::{CryptoRng, RngCore};

use crate::formats::openpgp::{OpenPgpError, SignedRelease, SigningKey};

/// A source of random bytes that is good enough for signatures.
pub(super) trait Random: RngCore + CryptoRng {}

impl<R: RngCore + CryptoRng> Random for R {}

/// Signs the texts of one generation.
pub(super) struct Signer<'a> {
    pub key: &'a SigningKey,
    pub random: &'a mut dyn Random,
    /// Time of the signatures.
    pub now: Timestamp,
}

impl Signer<'_> {
    /// What apt verifies a `Release` by.
    ///
    /// # Errors
    /// [`OpenPgpError`] of the key.
    pub(super) fn sign_release(&mut self, release: &str) -> Result<SignedRelease, OpenPgpError> {
        self.key.sign_release(&mut self.random, release, self.now)
    }

    /// An armoured signature over the text.
    ///
    /// # Errors
    /// [`OpenPgpError`] of the key.
    pub(super) fn sign_detached(&mut self, text: &str) -> Result<String, OpenPgpError> {
        self.key.sign_detached(&mut self.random, text.as_bytes(), self.now)
    }
}
