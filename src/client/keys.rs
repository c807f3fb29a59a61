//! The computer's own key and the server's pinned one, below `keys/<server>/` (D-CFG-07).
//!
//! `<uuid>.key` is a minisign secret key made at first run: a cloned machine has another UUID, so
//! it makes its own. `server.pub` is taken at the first registration, or given in the
//! configuration, and from then on every answer is checked with it. Both are readable by root only.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rand::RngCore as _;

use super::files;
use crate::wire::keys::{KeyError, PublicKey, SecretKey};

/// Why a key could not be read or kept.
#[derive(Debug, thiserror::Error)]
pub enum KeyStoreError {
    #[error("key file {} cannot be used", .path.display())]
    Io { path: PathBuf, source: io::Error },
    #[error("key file {} is damaged", .path.display())]
    Key { path: PathBuf, source: KeyError },
}

/// The key directory of one server.
#[derive(Debug, Clone)]
pub struct KeyStore {
    directory: PathBuf,
}

impl KeyStore {
    /// Keys in `directory`, which need not exist.
    pub fn new(directory: PathBuf) -> Self {
        Self { directory }
    }

    /// Where the keys are, for the advice to remove them (D-FAQ-06).
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// The computer's key, if it was made already.
    ///
    /// # Errors
    /// [`KeyStoreError`] for a file that is there and cannot be used.
    pub fn find_own(&self, uuid: &str) -> Result<Option<Arc<SecretKey>>, KeyStoreError> {
        self.read(&self.own_path(uuid), SecretKey::parse).map(|key| key.map(Arc::new))
    }

    /// The computer's key, made now if there is none.
    ///
    /// # Errors
    /// [`KeyStoreError`]; an existing key is never overwritten.
    pub fn own(&self, uuid: &str) -> Result<Arc<SecretKey>, KeyStoreError> {
        if let Some(key) = self.find_own(uuid)? {
            return Ok(key);
        }
        let path = self.own_path(uuid);
        let mut random = [0; 40];
        rand::rngs::OsRng.fill_bytes(&mut random);
        let key = SecretKey::from_random(random)
            .map_err(|source| KeyStoreError::Key { path: path.clone(), source })?;
        self.write(&path, key.to_file().as_bytes())?;
        Ok(Arc::new(key))
    }

    /// The pinned key of the server.
    ///
    /// # Errors
    /// [`KeyStoreError`] for a file that is there and cannot be used.
    pub fn find_server(&self) -> Result<Option<PublicKey>, KeyStoreError> {
        self.read(&self.directory.join("server.pub"), PublicKey::parse)
    }

    /// Pins the server's key in place of an earlier one.
    ///
    /// # Errors
    /// [`KeyStoreError`] if it cannot be written.
    pub fn pin_server(&self, key: &PublicKey) -> Result<(), KeyStoreError> {
        let text =
            format!("untrusted comment: minisign public key {}\n{}\n", key.id, key.to_base64());
        self.write(&self.directory.join("server.pub"), text.as_bytes())
    }

    fn own_path(&self, uuid: &str) -> PathBuf {
        self.directory.join(format!("{uuid}.key"))
    }

    fn read<K>(
        &self,
        path: &Path,
        parse: impl Fn(&str) -> Result<K, KeyError>,
    ) -> Result<Option<K>, KeyStoreError> {
        let content = files::read_if_present(path)
            .map_err(|source| KeyStoreError::Io { path: path.to_path_buf(), source })?;
        let Some(content) = content else { return Ok(None) };
        let key = parse(&String::from_utf8_lossy(&content))
            .map_err(|source| KeyStoreError::Key { path: path.to_path_buf(), source })?;
        Ok(Some(key))
    }

    fn write(&self, path: &Path, content: &[u8]) -> Result<(), KeyStoreError> {
        files::private_directory(&self.directory)
            .and_then(|()| files::replace(path, content, 0o600))
            .map_err(|source| KeyStoreError::Io { path: path.to_path_buf(), source })
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn d_cfg_07_a_key_is_made_once_for_each_uuid_and_readable_by_root_only() {
        let directory = tempfile::tempdir().unwrap();
        let store = KeyStore::new(directory.path().join("keys/server"));
        assert!(store.find_own("U1").unwrap().is_none());
        let first = store.own("U1").unwrap();
        assert_eq!(store.own("U1").unwrap().public(), first.public());
        assert_ne!(store.own("U2").unwrap().public(), first.public());
        let file = store.directory().join("U1.key");
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        let mode = std::fs::metadata(store.directory()).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
        std::fs::write(&file, "garbage").unwrap();
        assert!(matches!(store.own("U1"), Err(KeyStoreError::Key { .. })));
    }

    #[test]
    fn d_cfg_07_the_servers_key_is_pinned() {
        let directory = tempfile::tempdir().unwrap();
        let store = KeyStore::new(directory.path().to_path_buf());
        assert_eq!(store.find_server().unwrap(), None);
        let key = SecretKey::from_random([3; 40]).unwrap().public();
        store.pin_server(&key).unwrap();
        assert_eq!(store.find_server().unwrap(), Some(key));
    }
}
