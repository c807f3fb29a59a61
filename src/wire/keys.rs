//! Ed25519 keys in minisign's text formats, used with ring.
//!
//! minisign's own Ed25519 is slow on a hot path, so the seed and key are taken out of its
//! files and used with ring; the files stay readable by the `minisign` tool. Layouts (minisign
//! 0.11): a public key is base64 of `"Ed"` + key id (8) + key (32); a secret key without
//! password is base64 of `"Ed"`, kdf `00 00`, `"B2"`, salt (32), limits (16), key id (8),
//! seed + public key (64), and BLAKE2b-256 of `"Ed"` + key id + seed + public key.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use blake2::digest::consts::U32;
use blake2::{Blake2b, Digest as _};
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};

/// Why a key text could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    #[error("not base64")]
    Base64,
    #[error("not a minisign key")]
    Format,
    #[error("the secret key has a password")]
    Encrypted,
    #[error("checksum of the secret key differs")]
    Checksum,
}

/// Eight bytes that name a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyId(pub [u8; 8]);

impl std::fmt::Display for KeyId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl std::str::FromStr for KeyId {
    type Err = KeyError;
    fn from_str(text: &str) -> Result<Self, KeyError> {
        let mut id = [0; 8];
        hex::decode_to_slice(text, &mut id).map_err(|_| KeyError::Format)?;
        Ok(Self(id))
    }
}

/// Public half: verifies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    pub id: KeyId,
    key: [u8; 32],
}

impl PublicKey {
    /// Reads minisign's base64 line, or a whole `.pub` file (the comment line is skipped).
    ///
    /// # Errors
    /// [`KeyError`] says what is wrong with the text.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let bytes = decode(text)?;
        let body = bytes.strip_prefix(b"Ed").ok_or(KeyError::Format)?;
        let (id, key) = body.split_first_chunk::<8>().ok_or(KeyError::Format)?;
        let key = key.try_into().map_err(|_| KeyError::Format)?;
        Ok(Self { id: KeyId(*id), key })
    }

    /// minisign's base64 line.
    pub fn to_base64(&self) -> String {
        let mut bytes = b"Ed".to_vec();
        bytes.extend_from_slice(&self.id.0);
        bytes.extend_from_slice(&self.key);
        BASE64.encode(bytes)
    }

    /// Says whether `signature` (64 bytes) is this key's over `message`.
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, &self.key).verify(message, signature).is_ok()
    }

    /// The same for a signature in base64, as the headers carry it.
    pub fn verifies_base64(&self, message: &[u8], signature: &str) -> bool {
        BASE64.decode(signature).is_ok_and(|bytes| self.verifies(message, &bytes))
    }
}

/// Secret half: signs.
pub struct SecretKey {
    id: KeyId,
    seed: [u8; 32],
    pair: Ed25519KeyPair,
}

impl std::fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SecretKey({})", self.id)
    }
}

impl SecretKey {
    /// Makes a key from 40 random bytes: 8 for its id, 32 for its seed.
    ///
    /// # Errors
    /// [`KeyError::Format`] if ring refuses the seed, which it does not.
    pub fn from_random(random: [u8; 40]) -> Result<Self, KeyError> {
        let (id, seed) = random.split_first_chunk::<8>().ok_or(KeyError::Format)?;
        let seed: [u8; 32] = seed.try_into().map_err(|_| KeyError::Format)?;
        Self::from_parts(KeyId(*id), seed)
    }

    fn from_parts(id: KeyId, seed: [u8; 32]) -> Result<Self, KeyError> {
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed).map_err(|_| KeyError::Format)?;
        Ok(Self { id, seed, pair })
    }

    /// Reads a minisign secret key without password (base64 line or whole file).
    ///
    /// # Errors
    /// [`KeyError`] says what is wrong with the text.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let bytes = decode(text)?;
        let field = |from: usize, to: usize| bytes.get(from..to).ok_or(KeyError::Format);
        if bytes.len() != 158 || field(0, 2)? != b"Ed" || field(4, 6)? != b"B2" {
            return Err(KeyError::Format);
        }
        if field(2, 4)? != [0, 0] {
            return Err(KeyError::Encrypted);
        }
        let id = KeyId(field(54, 62)?.try_into().map_err(|_| KeyError::Format)?);
        let seed: [u8; 32] = field(62, 94)?.try_into().map_err(|_| KeyError::Format)?;
        let key = Self::from_parts(id, seed)?;
        if field(94, 126)? != key.pair.public_key().as_ref() || field(126, 158)? != key.checksum() {
            return Err(KeyError::Checksum);
        }
        Ok(key)
    }

    /// A whole minisign secret key file, without password.
    pub fn to_file(&self) -> String {
        let mut bytes = b"Ed\0\0B2".to_vec();
        bytes.extend_from_slice(&[0; 48]);
        bytes.extend_from_slice(&self.id.0);
        bytes.extend_from_slice(&self.seed);
        bytes.extend_from_slice(self.pair.public_key().as_ref());
        bytes.extend_from_slice(&self.checksum());
        format!("untrusted comment: minisign secret key {}\n{}\n", self.id, BASE64.encode(bytes))
    }

    fn checksum(&self) -> [u8; 32] {
        let mut digest = Blake2b::<U32>::new();
        digest.update(b"Ed");
        digest.update(self.id.0);
        digest.update(self.seed);
        digest.update(self.pair.public_key().as_ref());
        digest.finalize().into()
    }

    /// The public half.
    pub fn public(&self) -> PublicKey {
        let mut key = [0; 32];
        key.copy_from_slice(self.pair.public_key().as_ref());
        PublicKey { id: self.id, key }
    }

    /// Signature over `message`, base64 as the headers carry it.
    pub fn sign_base64(&self, message: &[u8]) -> String {
        BASE64.encode(self.pair.sign(message))
    }
}

/// Takes the last non-empty line that is no comment and decodes it.
fn decode(text: &str) -> Result<Vec<u8>, KeyError> {
    let line = text
        .lines()
        .map(str::trim)
        .rfind(|line| !line.is_empty() && !line.starts_with("untrusted comment:"))
        .ok_or(KeyError::Format)?;
    BASE64.decode(line).map_err(|_| KeyError::Base64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> SecretKey {
        SecretKey::from_random([byte; 40]).unwrap()
    }

    #[test]
    fn a_key_survives_its_file() {
        let secret = SecretKey::parse(&key(7).to_file()).unwrap();
        let public = PublicKey::parse(&key(7).public().to_base64()).unwrap();
        let signature = secret.sign_base64(b"hello");
        assert!(public.verifies_base64(b"hello", &signature));
        assert!(!public.verifies_base64(b"hallo", &signature));
        assert!(!key(8).public().verifies_base64(b"hello", &signature));
    }

    #[test]
    fn the_minisign_crate_reads_our_keys_and_we_read_its() {
        let theirs = minisign::SecretKeyBox::from_string(&key(7).to_file()).unwrap();
        let secret = theirs.into_unencrypted_secret_key().unwrap();
        let public = minisign::PublicKey::from_base64(&key(7).public().to_base64()).unwrap();
        let signature = minisign::sign(Some(&public), &secret, &b"x"[..], None, None).unwrap();
        minisign::verify(&public, &signature, std::io::Cursor::new(b"x"), true, false, false)
            .unwrap();

        let pair = minisign::KeyPair::generate_unencrypted_keypair().unwrap();
        let text = pair.sk.to_box(None).unwrap().to_string();
        let read = SecretKey::parse(&text).unwrap();
        assert_eq!(read.public().to_base64(), pair.pk.to_base64());
    }

    #[test]
    fn a_broken_key_is_refused_with_the_reason() {
        let file = key(1).to_file();
        let line = file.lines().nth(1).unwrap();
        assert_eq!(SecretKey::parse("").unwrap_err(), KeyError::Format);
        assert_eq!(SecretKey::parse("%%%").unwrap_err(), KeyError::Base64);
        assert_eq!(PublicKey::parse(line).unwrap_err(), KeyError::Format);
        let mut bytes = BASE64.decode(line).unwrap();
        bytes[150] ^= 1;
        assert_eq!(SecretKey::parse(&BASE64.encode(&bytes)).unwrap_err(), KeyError::Checksum);
        bytes[2] = b'S';
        assert_eq!(SecretKey::parse(&BASE64.encode(&bytes)).unwrap_err(), KeyError::Encrypted);
    }
}
