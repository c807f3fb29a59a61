//! The site's keys: Ed25519 for the sync protocol, OpenPGP for repositories.
//!
//! The first is made in microseconds when the database is; the second takes seconds and is made
//! by a job ([`App::make_repository_key`]). Whatever must sign meanwhile waits for it, at most
//! 30 seconds.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use rand::RngCore as _;
use tokio::sync::watch;

use crate::formats::openpgp::{KEY_DATE, SigningKey};
use crate::storage::keys::{KeyText, SiteKey};
use crate::storage::{Storage, keys};
use crate::wire::keys::SecretKey;

use super::{App, AppError};

/// What the key says of itself; it does not depend on a setting, since clients pin it.
const USER_ID: &str = "migas repositories";

/// How long something that must sign waits for the key.
const PATIENCE: Duration = Duration::from_secs(30);

/// The keys in memory.
#[derive(Debug)]
pub(super) struct Keys {
    sync: SecretKey,
    repository: watch::Sender<Option<Arc<SigningKey>>>,
}

impl Keys {
    /// Reads the keys, makes the sync key if there is none.
    pub(super) fn load(storage: &Storage, now: Timestamp) -> Result<Self, AppError> {
        let mut random = [0; 40];
        rand::rngs::OsRng.fill_bytes(&mut random);
        let fresh =
            SecretKey::from_random(random).map_err(|error| AppError::Internal(error.into()))?;
        let fresh = KeyText { secret: fresh.to_file(), public: fresh.public().to_base64() };
        let found: Option<KeyText> =
            storage.read_now(|tx| keys::find(tx, SiteKey::Sync)).map_err(AppError::from)?;
        let text = match found {
            Some(text) => text,
            None => storage
                .write_now(move |tx| keys::keep(tx, SiteKey::Sync, &fresh, now))
                .map_err(AppError::from)?,
        };
        let sync =
            SecretKey::parse(&text.secret).map_err(|error| AppError::Internal(error.into()))?;
        let stored: Option<KeyText> =
            storage.read_now(|tx| keys::find(tx, SiteKey::Repository)).map_err(AppError::from)?;
        let repository = stored.map(|text| read_repository_key(&text)).transpose()?;
        Ok(Self { sync, repository: watch::Sender::new(repository) })
    }
}

fn read_repository_key(text: &KeyText) -> Result<Arc<SigningKey>, AppError> {
    let key = SigningKey::parse(&text.secret);
    Ok(Arc::new(key.map_err(|error| AppError::Internal(error.into()))?))
}

impl App {
    /// The key that signs answers of the sync protocol.
    pub fn sync_key(&self) -> &SecretKey {
        &self.0.keys.sync
    }

    /// The key that signs repositories; waits for the job that makes it.
    ///
    /// # Errors
    /// [`AppError::Unavailable`] after 30 seconds.
    pub async fn repository_key(&self) -> Result<Arc<SigningKey>, AppError> {
        let mut ready = self.0.keys.repository.subscribe();
        let waiting = tokio::time::timeout(PATIENCE, ready.wait_for(Option::is_some));
        let found = waiting.await.ok().and_then(Result::ok).and_then(|key| key.clone());
        found.ok_or_else(|| {
            AppError::Unavailable("the signing key of the site is still being made".into())
        })
    }

    /// Makes the key that signs repositories, unless it is there. Takes seconds of a processor.
    ///
    /// # Errors
    /// [`AppError`] when it cannot be made or stored.
    pub fn make_repository_key(&self, now: Timestamp) -> Result<(), AppError> {
        if self.0.keys.repository.borrow().is_some() {
            return Ok(());
        }
        let made = SigningKey::generate(rand::rngs::OsRng, USER_ID, KEY_DATE)
            .map_err(|error| AppError::Internal(error.into()))?;
        let text = KeyText {
            secret: made.to_armoured().map_err(|error| AppError::Internal(error.into()))?,
            public: made.public_armoured().map_err(|error| AppError::Internal(error.into()))?,
        };
        let kept = self
            .storage()
            .write_now(move |tx| keys::keep(tx, SiteKey::Repository, &text, now))
            .map_err(AppError::from)?;
        self.0.keys.repository.send_replace(Some(read_repository_key(&kept)?));
        Ok(())
    }
}
