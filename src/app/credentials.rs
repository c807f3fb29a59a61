//! Who signs a request of the sync protocol, and what becomes of one that is refused.
//!
//! A signature is checked before anything is written. Refusals are recorded as errors of the
//! computer (D-ERR-01, D-STATUS-08), a few for each computer and hour, so that nobody fills the
//! database by being refused.

use std::net::IpAddr;
use std::num::NonZeroU32;

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use jiff::Timestamp;

use crate::domain::ids::ComputerId;
use crate::domain::status::Status;
use crate::storage::WriteTx;
use crate::storage::computers::{self, Credential, SignedTime};
use crate::storage::errors::{self, NewError};
use crate::wire::keys::PublicKey;
use crate::wire::signing::MAX_CLOCK_SKEW_MS;

use super::refusal::Refusal;
use super::{App, AppError};

/// Refusals recorded for one computer in an hour.
const RECORDED_PER_HOUR: NonZeroU32 = NonZeroU32::new(12).unwrap();

/// The circumstances of a request.
#[derive(Debug, Clone, Copy)]
pub struct Call {
    /// Name of the operation, for the record.
    pub operation: &'static str,
    /// Time by the computer's clock as it signed it.
    pub time_ms: i64,
    /// Time by ours.
    pub at: Timestamp,
    pub address: Option<IpAddr>,
}

impl Call {
    /// The signed time, for the check against replays.
    pub(super) fn signed_time(&self) -> SignedTime {
        let horizon_ms = self.at.as_millisecond().saturating_add(MAX_CLOCK_SKEW_MS);
        SignedTime { time_ms: self.time_ms, horizon_ms }
    }

    pub(super) fn address_text(&self) -> Option<String> {
        self.address.map(|address| address.to_string())
    }
}

/// A registered computer that claims to have signed a request.
#[derive(Debug, Clone)]
pub struct Signer {
    credential: Credential,
    key: PublicKey,
}

impl Signer {
    /// Says whether the signature over `digest` is this computer's.
    pub fn verifies(&self, digest: &[u8; 64], signature: &str) -> bool {
        self.key.verifies_base64(digest, signature)
    }
}

/// Proof that a request was signed by a registered computer that is in service.
#[derive(Debug, Clone)]
pub struct Signed {
    pub computer: ComputerId,
    pub call: Call,
    key_id: String,
}

impl Signed {
    /// Accepts the time of the request in its own transaction; the second one of two equal
    /// requests is refused here, whatever happened between.
    pub(super) fn accept(&self, tx: &WriteTx<'_>) -> Result<(), Refusal> {
        let time = self.call.signed_time();
        if computers::accept_time(tx, self.computer, &self.key_id, time)? {
            return Ok(());
        }
        Err(Refusal::Replay)
    }

    pub(super) fn key_id(&self) -> &str {
        &self.key_id
    }
}

/// Counts what was recorded, so that it stays little.
#[derive(Debug)]
pub(super) struct Refusals(DefaultKeyedRateLimiter<ComputerId>);

impl Default for Refusals {
    fn default() -> Self {
        Self(RateLimiter::keyed(Quota::per_hour(RECORDED_PER_HOUR)))
    }
}

impl App {
    /// Finds the computer that signs with a key: one point read, on the worker itself.
    ///
    /// # Errors
    /// [`AppError`] from the database.
    pub fn find_signer(&self, key_id: &str) -> Result<Option<Signer>, AppError> {
        let found: Option<Credential> = self
            .storage()
            .read_now(|tx| computers::find_credential(tx, key_id))
            .map_err(AppError::from)?;
        let Some(credential) = found else { return Ok(None) };
        let key = PublicKey::parse(&credential.public_key)
            .map_err(|error| AppError::Internal(error.into()))?;
        Ok(Some(Signer { credential, key }))
    }

    /// Admits a request whose signature was checked, or records why not.
    ///
    /// # Errors
    /// [`Refusal::Signature`], [`Refusal::Replay`], [`Refusal::Unsubscribed`].
    pub async fn admit(
        &self,
        signer: Signer,
        verified: bool,
        call: Call,
    ) -> Result<Signed, Refusal> {
        let Credential { id, status, last_time_ms, .. } = signer.credential;
        if !verified {
            self.record_refusal(id, call, "Signature is not valid").await?;
            return Err(Refusal::Signature);
        }
        if !call.signed_time().follows(last_time_ms) {
            return Err(Refusal::Replay);
        }
        if status == Status::Unsubscribed {
            self.record_refusal(id, call, "Unsubscribed computer").await?;
            return Err(Refusal::Unsubscribed);
        }
        Ok(Signed { computer: id, call, key_id: signer.key.id.to_string() })
    }

    /// Stores `<address> - <operation> - <reason>` as an error of the computer (D-ERR-01).
    pub(super) async fn record_refusal(
        &self,
        computer: ComputerId,
        call: Call,
        reason: &'static str,
    ) -> Result<(), AppError> {
        let Refusals(limiter) = &self.0.refusals;
        tracing::warn!(%computer, address = ?call.address, call.operation, reason, "refused");
        if limiter.check_key(&computer).is_err() {
            return Ok(());
        }
        limiter.retain_recent();
        let address = call.address_text().unwrap_or_default();
        let description = format!("{address} - {} - {reason}", call.operation);
        self.storage()
            .write(move |tx| -> Result<(), AppError> {
                let project = computers::get(tx, computer)?.project;
                let error = NewError {
                    computer,
                    project,
                    client_time_ms: Some(call.time_ms),
                    description: &description,
                    checked: false,
                };
                Ok(errors::add(tx, &error, call.at)?)
            })
            .await
    }
}
