//! Version 4 RSA signatures over SHA-512, computed by ring.
//!
//! ring hashes what it signs itself, so the bytes that OpenPGP hashes after the text are put
//! together here (RFC 4880, 5.2.4): the hashed part of the signature packet, then a trailer with
//! its length.

use std::io;
use std::sync::Arc;

use ::rsa::BigUint;
use pgp::packet::{SecretKey, Signature, SignatureConfig};
use pgp::ser::Serialize as _;
use pgp::types::KeyDetails as _;
use pgp::types::{Mpi, PlainSecretParams, PublicParams, SecretParams, SignatureBytes};
use ring::rand::SystemRandom;
use ring::rsa::{KeyPair, KeyPairComponents, PublicKeyComponents};
use sha2::{Digest as _, Sha512};

use super::OpenPgpError;

/// Algorithm numbers of RFC 4880, 9.1 and 9.4.
const RSA: u8 = 1;
const SHA_512: u8 = 10;

/// An RSA key in the form ring computes with.
#[derive(Clone)]
pub(super) struct Signer {
    pair: Arc<KeyPair>,
}

impl Signer {
    /// Takes the numbers out of an OpenPGP key; `None` if it is of another kind.
    ///
    /// # Errors
    /// [`OpenPgpError::Weak`] for a key ring refuses: shorter than 2048 bits, longer than 4096, or
    /// with numbers that do not fit together.
    pub(super) fn new(key: &SecretKey) -> Result<Option<Self>, OpenPgpError> {
        let SecretParams::Plain(PlainSecretParams::RSA(secret)) = key.secret_params() else {
            return Ok(None);
        };
        let PublicParams::RSA(public) = key.public_key().public_params() else {
            return Ok(None);
        };
        // OpenPGP keeps the inverse of the first prime modulo the second, ring wants it the other
        // way round: so the primes change places.
        let (d, second, first, inverse) = secret.to_bytes();
        let exponent = |prime: &[u8]| {
            let less_one = BigUint::from_bytes_be(prime) - 1_u8;
            (BigUint::from_bytes_be(&d) % less_one).to_bytes_be()
        };
        let (modulus, public_exponent) = public_numbers(&public.key);
        let components = KeyPairComponents {
            public_key: PublicKeyComponents { n: modulus, e: public_exponent },
            dP: exponent(&first),
            dQ: exponent(&second),
            d,
            p: first,
            q: second,
            qInv: inverse,
        };
        let pair = KeyPair::from_components(&components).map_err(OpenPgpError::Weak)?;
        Ok(Some(Self { pair: Arc::new(pair) }))
    }

    /// Signs `bytes` as they are hashed.
    pub(super) fn sign(
        &self,
        config: SignatureConfig,
        bytes: &[u8],
    ) -> pgp::errors::Result<Signature> {
        let mut subpackets = Vec::new();
        for subpacket in config.hashed_subpackets() {
            subpacket.to_writer(&mut subpackets)?;
        }
        let length = u16::try_from(subpackets.len()).map_err(io::Error::other)?;
        let mut hashed = vec![4, config.typ().into(), RSA, SHA_512];
        hashed.extend_from_slice(&length.to_be_bytes());
        hashed.append(&mut subpackets);
        let length = u32::try_from(hashed.len()).map_err(io::Error::other)?;
        let mut message = [bytes, &hashed, &[4, 0xff]].concat();
        message.extend_from_slice(&length.to_be_bytes());

        let mut signature = vec![0; self.pair.public().modulus_len()];
        let padding = &ring::signature::RSA_PKCS1_SHA512;
        let signed = self.pair.sign(padding, &SystemRandom::new(), &message, &mut signature);
        signed.map_err(|_| io::Error::other("ring cannot sign"))?;
        let digest = Sha512::digest(&message);
        let start = digest.first_chunk::<2>().copied().unwrap_or_default();
        let number = SignatureBytes::Mpis(vec![Mpi::from_slice(&signature)]);
        Signature::from_config(config, start, number)
    }
}

fn public_numbers(key: &::rsa::RsaPublicKey) -> (Vec<u8>, Vec<u8>) {
    use ::rsa::traits::PublicKeyParts as _;
    (key.n().to_bytes_be(), key.e().to_bytes_be())
}
