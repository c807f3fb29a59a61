//! The site's own key, Ed25519, that signs the answers of the sync protocol.

use jiff::Timestamp;
use rand::RngCore as _;

use crate::storage::keys::{KeyText, SiteKey};
use crate::storage::{Storage, keys};
use crate::wire::keys::SecretKey;

use super::{App, AppError};

/// The keys in memory.
#[derive(Debug)]
pub(super) struct Keys {
    sync: SecretKey,
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
        Ok(Self { sync })
    }
}

impl App {
    /// The key that signs answers of the sync protocol.
    pub fn sync_key(&self) -> &SecretKey {
        &self.0.keys.sync
    }
}
