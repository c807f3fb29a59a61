//! OpenPGP keys and signatures of a repository (RFC 4880 as gpgv, apt, sqv and rpm read it).
//!
//! RSA-4096, version 4, one primary key that signs, no subkeys, no expiry, SHA-512 (D-REPO-05).
//! Random bytes and the time of a signature are arguments. The RSA arithmetic of a signature is
//! ring's ([`rsa`]): it takes half the time, and its timing tells nothing of the key, which is
//! not so for the crate that `pgp` would use (RUSTSEC-2023-0071). Nothing is ever decrypted.

mod rsa;

use std::io;

use pgp::composed::{
    ArmorOptions, CleartextSignedMessage, Deserializable as _, DetachedSignature, KeyType,
    SignedKeyDetails, SignedPublicKey, SignedSecretKey,
};
use pgp::crypto::hash::HashAlgorithm;
use pgp::crypto::public_key::PublicKeyAlgorithm;
use pgp::packet::{
    KeyFlags, PacketTrait as _, PubKeyInner, PublicKey, SecretKey, Signature, SignatureConfig,
    SignatureType, Subpacket, SubpacketData, UserId,
};
use pgp::ser::Serialize as _;
use pgp::types::{
    KeyDetails as _, KeyVersion, PacketHeaderVersion, Password, SignedUser, Timestamp,
};
use rand::{CryptoRng, Rng};

/// When a repository key says it was made: long ago, whenever that was.
///
/// GnuPG refuses a key from the future, so a desktop whose clock is behind would refuse every
/// signature of a young site. Of the time of a signature it only asks that the key be older.
pub const KEY_DATE: jiff::Timestamp = jiff::Timestamp::constant(1_420_070_400, 0);

/// Why a key or a signature could not be made.
#[derive(Debug, thiserror::Error)]
pub enum OpenPgpError {
    #[error("the signing key cannot be read")]
    Key(#[source] Box<pgp::errors::Error>),
    #[error("the signing key cannot be made")]
    Generate(#[source] Box<pgp::errors::Error>),
    #[error("the text cannot be signed")]
    Sign(#[source] Box<pgp::errors::Error>),
    #[error("the time {0} is outside what OpenPGP can say")]
    Time(jiff::Timestamp),
    #[error("the line {0:?} of Release ends in a blank")]
    Blanks(String),
    #[error("the signing key has a password")]
    Locked,
    #[error("the signing key is refused: {0}")]
    Weak(ring::error::KeyRejected),
}

/// Fingerprint of an armoured public key, capital hexadecimal digits; `None` if it is no key.
pub fn public_fingerprint(armoured: &str) -> Option<String> {
    let (key, _headers) = SignedPublicKey::from_string(armoured).ok()?;
    Some(hex::encode_upper(key.primary_key.fingerprint().as_bytes()))
}

/// What apt verifies `Release` by; it asks for the first, and for the second if that is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedRelease {
    pub in_release: String,
    pub release_gpg: String,
}

/// Size of the keys we make.
pub const RSA_BITS: u32 = 4096;

/// The secret key of a repository.
#[derive(Clone)]
pub struct SigningKey {
    key: SignedSecretKey,
    /// Absent for other kinds of keys that somebody brings.
    rsa: Option<rsa::Signer>,
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SigningKey({})", self.fingerprint())
    }
}

impl SigningKey {
    /// Makes a key for `user_id` (`Acme repositories <admin@acme.example>`); takes seconds.
    ///
    /// # Errors
    /// [`OpenPgpError::Generate`] or [`OpenPgpError::Time`].
    pub fn generate<R: Rng + CryptoRng>(
        mut random: R,
        user_id: &str,
        now: jiff::Timestamp,
    ) -> Result<Self, OpenPgpError> {
        let failed = |error| OpenPgpError::Generate(Box::new(error));
        let created = timestamp(now)?;
        let (public, secret) = KeyType::Rsa(RSA_BITS).generate(&mut random).map_err(failed)?;
        let inner =
            PubKeyInner::new(KeyVersion::V4, PublicKeyAlgorithm::RSA, created, None, public)
                .map_err(failed)?;
        let public = PublicKey::from_inner(inner).map_err(failed)?;
        let primary = SecretKey::new(public.clone(), secret).map_err(failed)?;
        let user = certify(&primary, &public, user_id, created).map_err(failed)?;
        let details = SignedKeyDetails::new(Vec::new(), Vec::new(), vec![user], Vec::new());
        Self::from_key(SignedSecretKey::new(primary, details, Vec::new(), Vec::new()))
    }

    fn from_key(key: SignedSecretKey) -> Result<Self, OpenPgpError> {
        let rsa = rsa::Signer::new(&key.primary_key)?;
        Ok(Self { key, rsa })
    }

    /// Reads an armoured secret key without password.
    ///
    /// # Errors
    /// [`OpenPgpError::Key`] or [`OpenPgpError::Locked`].
    pub fn parse(armoured: &str) -> Result<Self, OpenPgpError> {
        let failed = |error| OpenPgpError::Key(Box::new(error));
        let (key, _headers) = SignedSecretKey::from_string(armoured).map_err(failed)?;
        key.verify_bindings().map_err(failed)?;
        if key.primary_key.secret_params().is_encrypted() {
            return Err(OpenPgpError::Locked);
        }
        Self::from_key(key)
    }

    /// The secret key, armoured; keep it in a file of mode 0600.
    ///
    /// # Errors
    /// [`OpenPgpError::Key`] if it cannot be written, which does not happen to a key that exists.
    pub fn to_armoured(&self) -> Result<String, OpenPgpError> {
        let armoured = self.key.to_armored_string(ArmorOptions::default());
        armoured.map_err(|error| OpenPgpError::Key(Box::new(error)))
    }

    /// The public key, armoured, as `/get_key_repositories` serves it (D-REPO-05).
    ///
    /// # Errors
    /// As [`SigningKey::to_armoured`].
    pub fn public_armoured(&self) -> Result<String, OpenPgpError> {
        let armoured = self.public().to_armored_string(ArmorOptions::default());
        armoured.map_err(|error| OpenPgpError::Key(Box::new(error)))
    }

    /// The public key in binary form, as an apt keyring `.gpg` holds it.
    ///
    /// # Errors
    /// As [`SigningKey::to_armoured`].
    pub fn public_binary(&self) -> Result<Vec<u8>, OpenPgpError> {
        self.public().to_bytes().map_err(|error| OpenPgpError::Key(Box::new(error)))
    }

    /// 40 capital hexadecimal digits.
    pub fn fingerprint(&self) -> String {
        hex::encode_upper(self.key.primary_key.fingerprint().as_bytes())
    }

    /// `InRelease`, the text of `Release` with its signature around it, and `Release.gpg`, the same
    /// signature alone: it is what signing costs, so there is one, of the text (type 1).
    ///
    /// The framework's line end before the signature is not signed (RFC 4880, 7.1). For both to
    /// sign the last line end of `release`, `InRelease` has an empty line more. Blanks at the end
    /// of a line would be signed in one of the two only: they are refused.
    ///
    /// # Errors
    /// [`OpenPgpError::Sign`], [`OpenPgpError::Time`] or [`OpenPgpError::Blanks`].
    pub fn sign_release<R: Rng + CryptoRng>(
        &self,
        random: R,
        release: &str,
        now: jiff::Timestamp,
    ) -> Result<SignedRelease, OpenPgpError> {
        let failed = |error| OpenPgpError::Sign(Box::new(error));
        timestamp(now)?;
        if let Some(line) = release.split('\n').find(|line| line.trim_end() != *line) {
            return Err(OpenPgpError::Blanks(line.to_owned()));
        }
        let mut detached = None;
        let message = CleartextSignedMessage::new_many(release, |crlf| {
            let signature = self.sign(random, SignatureType::Text, crlf.as_bytes(), now)?;
            detached = Some(DetachedSignature::new(signature.clone()));
            Ok(vec![signature])
        });
        let armoured = message.map_err(failed)?.to_armored_string(ArmorOptions::default());
        let in_release = armoured.map_err(failed)?;
        let detached = detached.map(|it| it.to_armored_string(ArmorOptions::default()));
        let release_gpg = detached.transpose().map_err(failed)?.unwrap_or_default();
        Ok(SignedRelease { in_release, release_gpg })
    }

    /// An armoured signature over bytes: `repomd.xml.asc`.
    ///
    /// # Errors
    /// [`OpenPgpError::Sign`] or [`OpenPgpError::Time`].
    pub fn sign_detached<R: Rng + CryptoRng>(
        &self,
        random: R,
        bytes: &[u8],
        now: jiff::Timestamp,
    ) -> Result<String, OpenPgpError> {
        let failed = |error| OpenPgpError::Sign(Box::new(error));
        timestamp(now)?;
        let signature = self.sign(random, SignatureType::Binary, bytes, now);
        let signature = DetachedSignature::new(signature.map_err(failed)?);
        signature.to_armored_string(ArmorOptions::default()).map_err(failed)
    }

    fn public(&self) -> SignedPublicKey {
        self.key.to_public_key()
    }

    /// Signs bytes as they are hashed: a text has its lines ended by CR and LF already.
    fn sign<R: Rng + CryptoRng>(
        &self,
        random: R,
        kind: SignatureType,
        bytes: &[u8],
        now: jiff::Timestamp,
    ) -> pgp::errors::Result<Signature> {
        let primary = &self.key.primary_key;
        let mut config = SignatureConfig::from_key(random, primary, kind)?;
        config.hash_alg = HashAlgorithm::Sha512;
        config.hashed_subpackets = subpackets([
            SubpacketData::SignatureCreationTime(timestamp(now).map_err(io::Error::other)?),
            SubpacketData::IssuerFingerprint(primary.fingerprint()),
        ])?;
        config.unhashed_subpackets =
            subpackets([SubpacketData::IssuerKeyId(primary.legacy_key_id())])?;
        match &self.rsa {
            Some(signer) => signer.sign(config, bytes),
            None => config.sign(primary, &Password::empty(), bytes),
        }
    }
}

/// Signs the name of a key with the key itself, at the time it was made.
fn certify(
    primary: &SecretKey,
    public: &PublicKey,
    user_id: &str,
    created: Timestamp,
) -> pgp::errors::Result<SignedUser> {
    let user = UserId::from_str(PacketHeaderVersion::default(), user_id)?;
    let mut flags = KeyFlags::default();
    flags.set_certify(true);
    flags.set_sign(true);
    let mut config = SignatureConfig::v4(
        SignatureType::CertPositive,
        PublicKeyAlgorithm::RSA,
        HashAlgorithm::Sha512,
    );
    config.hashed_subpackets = subpackets([
        SubpacketData::SignatureCreationTime(created),
        SubpacketData::IssuerFingerprint(primary.fingerprint()),
        SubpacketData::KeyFlags(flags),
        SubpacketData::IsPrimary(true),
        SubpacketData::PreferredHashAlgorithms([HashAlgorithm::Sha512].into_iter().collect()),
    ])?;
    config.unhashed_subpackets = subpackets([SubpacketData::IssuerKeyId(primary.legacy_key_id())])?;
    let signature =
        config.sign_certification(primary, public, &Password::empty(), user.tag(), &user)?;
    Ok(SignedUser::new(user, vec![signature]))
}

fn subpackets<const N: usize>(data: [SubpacketData; N]) -> pgp::errors::Result<Vec<Subpacket>> {
    data.into_iter().map(Subpacket::regular).collect()
}

/// OpenPGP counts seconds since 1970 in 32 bits.
fn timestamp(now: jiff::Timestamp) -> Result<Timestamp, OpenPgpError> {
    let seconds = u32::try_from(now.as_second()).map_err(|_| OpenPgpError::Time(now))?;
    Ok(Timestamp::from_secs(seconds))
}

#[cfg(test)]
mod tests;
