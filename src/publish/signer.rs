//! The key of a repository at the moment of a publish.

use jiff::Timestamp;
use rand::{CryptoRng, RngCore};

use crate::formats::openpgp::{OpenPgpError, SigningKey};

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
    /// The text with its signature around it.
    ///
    /// # Errors
    /// [`OpenPgpError`] of the key.
    pub(super) fn clear_sign(&mut self, text: &str) -> Result<String, OpenPgpError> {
        self.key.clear_sign(&mut self.random, text, self.now)
    }

    /// An armoured signature over the text.
    ///
    /// # Errors
    /// [`OpenPgpError`] of the key.
    pub(super) fn sign_detached(&mut self, text: &str) -> Result<String, OpenPgpError> {
        self.key.sign_detached(&mut self.random, text.as_bytes(), self.now)
    }
}
