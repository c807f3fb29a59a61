//! Passwords as Argon2id, and secrets that are random enough for plain SHA-256.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use argon2::password_hash::{PasswordHash, PasswordHasher as _, PasswordVerifier as _, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use jiff::{SignedDuration, Timestamp};
use rand::RngCore as _;
use rand::rngs::OsRng;
use sha2::{Digest as _, Sha256};
use tokio::sync::Semaphore;

use super::AppError;

/// Shortest password that an account may choose.
pub const MIN_LENGTH: usize = 10;

/// How long a verified password need not be verified again.
const PROVEN_FOR: SignedDuration = SignedDuration::from_mins(5);

/// Hashes and verifies; at most two at a time, since each takes 19 MiB and some 25 ms.
#[derive(Debug, Clone)]
pub struct Passwords {
    at_once: Arc<Semaphore>,
    /// Verified against when the account does not exist, so that the time tells nothing.
    decoy: Arc<str>,
    proven: Arc<Proven>,
}

/// Passwords that were verified a moment ago, so that a script which sends its own with each of a
/// thousand files neither waits for Argon2 each time nor looks like somebody who guesses.
struct Proven {
    /// Random for this process: what is kept is of no use to anybody else.
    pepper: [u8; 32],
    /// Digest of pepper, stored hash and password; and until when it counts. A changed password
    /// has another stored hash, so it is not found any more.
    until: Mutex<HashMap<[u8; 32], Timestamp>>,
}

impl std::fmt::Debug for Proven {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Proven")
    }
}

impl Proven {
    fn digest(&self, stored: &str, password: &str) -> [u8; 32] {
        let mut digest = Sha256::new();
        digest.update(self.pepper);
        digest.update((stored.len() as u64).to_be_bytes());
        digest.update(stored);
        digest.update(password);
        digest.finalize().into()
    }
}

impl Passwords {
    /// Prepares the decoy.
    ///
    /// # Errors
    /// [`AppError::Internal`] if hashing fails, which it does not with sane parameters.
    pub fn new() -> Result<Self, AppError> {
        let decoy = hash("no account has this password")?.into();
        let mut pepper = [0; 32];
        OsRng.fill_bytes(&mut pepper);
        let proven = Arc::new(Proven { pepper, until: Mutex::default() });
        Ok(Self { at_once: Arc::new(Semaphore::new(2)), decoy, proven })
    }

    /// Remembers for a few minutes that `password` is the one behind `stored`.
    pub fn remember(&self, stored: &str, password: &str, now: Timestamp) {
        let digest = self.proven.digest(stored, password);
        let until = now.checked_add(PROVEN_FOR).unwrap_or(now);
        let mut proven = self.proven.until.lock().unwrap_or_else(PoisonError::into_inner);
        proven.retain(|_, until| *until > now);
        proven.insert(digest, until);
    }

    /// Says whether `password` was verified against `stored` a few minutes ago.
    pub fn is_proven(&self, stored: &str, password: &str, now: Timestamp) -> bool {
        let digest = self.proven.digest(stored, password);
        let proven = self.proven.until.lock().unwrap_or_else(PoisonError::into_inner);
        proven.get(&digest).is_some_and(|until| *until > now)
    }

    /// Hashes a password into a PHC string.
    ///
    /// # Errors
    /// [`AppError::Internal`] as in [`Passwords::new`].
    pub async fn hash(&self, password: String) -> Result<String, AppError> {
        self.run(move || hash(&password)).await
    }

    /// Says whether `password` is the one behind `stored`; takes as long without one.
    ///
    /// # Errors
    /// [`AppError::Internal`] when the work could not be run.
    pub async fn verify(&self, password: String, stored: Option<String>) -> Result<bool, AppError> {
        let decoy = Arc::clone(&self.decoy);
        self.run(move || {
            let matches = verify(&password, stored.as_deref().unwrap_or(&decoy));
            Ok(matches && stored.is_some())
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        let _permit = self.at_once.acquire().await.map_err(|_| AppError::internal("closing"))?;
        tokio::task::spawn_blocking(work).await.map_err(|_| AppError::internal("hashing died"))?
    }
}

/// Hashes on this thread: for the command line and the first start.
///
/// # Errors
/// [`AppError::Internal`] as in [`Passwords::new`].
pub fn hash(password: &str) -> Result<String, AppError> {
    let salt = SaltString::generate(&mut OsRng);
    let hashed = argon().hash_password(password.as_bytes(), &salt);
    Ok(hashed.map_err(|error| AppError::internal(error.to_string()))?.to_string())
}

fn verify(password: &str, stored: &str) -> bool {
    PasswordHash::new(stored)
        .is_ok_and(|stored| argon().verify_password(password.as_bytes(), &stored).is_ok())
}

/// Argon2id with the parameters OWASP names first: 19 MiB, 2 passes, 1 lane.
fn argon() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::default())
}

/// A secret for people and scripts: 32 random bytes in URL-safe base64.
pub fn random_secret() -> String {
    use base64::Engine as _;
    let mut bytes = [0; 32];
    OsRng.fill_bytes(&mut bytes);
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}

/// A password that can be read aloud and typed: 20 letters and digits in groups of five.
pub fn random_password() -> String {
    const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut bytes = [0_u8; 20];
    OsRng.fill_bytes(&mut bytes);
    let letter = |byte: &u8| ALPHABET.get(usize::from(byte % 32)).copied().unwrap_or(b'a');
    let groups = bytes.chunks(5).map(|five| five.iter().map(|b| char::from(letter(b))).collect());
    groups.collect::<Vec<String>>().join("-")
}

/// What is stored of a random secret: it needs no slow hash, its entropy is its protection.
pub fn secret_hash(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_verifies_and_another_does_not() {
        let stored = hash("correct horse").unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(verify("correct horse", &stored));
        assert!(!verify("correct cow", &stored));
        assert!(!verify("x", "not a hash"));
    }

    #[test]
    fn generated_passwords_are_long_and_differ() {
        assert_eq!(random_password().len(), 23);
        assert_ne!(random_password(), random_password());
        assert_ne!(random_secret(), random_secret());
    }
}
