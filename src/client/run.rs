//! The client of this machine, put together: what `migas client <verb>` calls.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::config::{ConfigError, Environment, Settings};
use super::desktop::{self, Desktop};
use super::keys::{KeyStore, KeyStoreError};
use super::launcher::{self, Launcher};
use super::lock::{Lock, LockError};
use super::managers::{self, ManagerError, PackageManager, Terminal};
use super::places::Places;
use super::session::{Account, Session};
use super::state::State;
use super::sync::{
    Interrupt, Machine as _, Observer, Options, Record, Step, SyncError, Synchronisation, chain,
};
use super::transport::{Clock, Endpoint, Transport, TransportError};
use crate::wire::keys::{KeyError, PublicKey};
use crate::wire::sync::{RegisterAnswer, WhyAnswer};
use crate::wire::tags::{TagPackages, TagsAnswer};

/// Why the client could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    #[error("insufficient privileges: this must be run by root")]
    NotRoot,
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error("address of the proxy is not valid")]
    Proxy(#[source] reqwest::Error),
    #[error("server key in the configuration is not a minisign public key")]
    ServerKey(#[source] KeyError),
    #[error(transparent)]
    Keys(#[from] KeyStoreError),
    #[error("state cannot be read")]
    State(#[source] std::io::Error),
    #[error(transparent)]
    Manager(#[from] ManagerError),
    #[error(transparent)]
    Lock(#[from] LockError),
    #[error("computer cannot be registered")]
    Register(#[source] TransportError),
    #[error("computer has no UUID: neither mainboard nor network interface has one")]
    NoUuid,
    #[error(transparent)]
    Sync(#[from] SyncError),
}

impl ClientError {
    /// The server's refusal or absence, where that is the reason.
    pub fn transport(&self) -> Option<&TransportError> {
        match self {
            Self::Register(error) | Self::Sync(SyncError::Transport(error)) => Some(error),
            _ => None,
        }
    }
}

/// What the command line says.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    pub config: Option<PathBuf>,
    pub root: Option<PathBuf>,
    pub debug: bool,
}

/// This machine's client.
pub struct Client {
    pub settings: Settings,
    pub places: Places,
    pub desktop: Desktop,
    pub manager: Box<dyn PackageManager>,
    pub state: State,
    pub terminal: Terminal,
    uuid: String,
    endpoint: Endpoint,
    keys: KeyStore,
    clock: Clock,
}

impl Client {
    /// Reads the settings, looks at the machine and finds its package manager.
    ///
    /// # Errors
    /// [`ClientError`]; nothing on the machine has changed then.
    pub fn open(
        choice: &Choice,
        environment: &Environment,
        clock: Clock,
    ) -> Result<Self, ClientError> {
        let places = Places::new(choice.root.as_deref());
        let mut settings = Settings::load(
            &places,
            choice.config.as_deref(),
            environment,
            &desktop::defaults(&places),
        )?;
        settings.debug |= choice.debug;
        let addresses = multicast_addresses(settings.server_authority());
        let endpoint = Endpoint::new(&settings.base_url(), settings.proxy.as_deref(), &addresses)
            .map_err(ClientError::Proxy)?;
        let is_emulated = settings.package_manager.as_deref() == Some("emulated");
        // The emulation needs no root, so its programs run in this system.
        let launcher = Launcher::new(if is_emulated { None } else { places.root() });
        let wanted = settings.package_manager.as_deref();
        let manager = managers::detect(wanted, &launcher, &places, &endpoint)?;
        if !is_emulated && !rustix::process::geteuid().is_root() && choice.root.is_some() {
            return Err(ClientError::NotRoot);
        }
        let desktop = Desktop::new(&settings, &places, launcher);
        let state_file = places.state_file(settings.server_authority());
        let state = match State::load(&state_file) {
            Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => State::default(),
            loaded => loaded.map_err(ClientError::State)?,
        };
        let keys = KeyStore::new(places.keys(settings.server_authority()));
        let variable = |name: &str| environment.get(name).cloned().unwrap_or_default();
        let terminal = Terminal { lang: variable("LANG"), term: variable("TERM") };
        let uuid = desktop.identity().uuid;
        Ok(Self {
            settings,
            places,
            desktop,
            manager,
            state,
            terminal,
            uuid,
            endpoint,
            keys,
            clock,
        })
    }

    /// The computer's UUID.
    pub fn uuid(&self) -> &str {
        &self.uuid
    }

    /// Refuses whoever may not change the machine (12.2).
    ///
    /// # Errors
    /// [`ClientError::NotRoot`]; the emulated package manager changes nothing, so it may be run by
    /// anybody.
    pub fn require_root(&self) -> Result<(), ClientError> {
        let is_emulated = self.settings.package_manager.as_deref() == Some("emulated");
        match is_emulated || rustix::process::geteuid().is_root() {
            true => Ok(()),
            false => Err(ClientError::NotRoot),
        }
    }

    /// Takes the lock of runs that change the machine.
    ///
    /// # Errors
    /// [`ClientError::NotRoot`], [`ClientError::Lock`].
    pub fn lock(&self) -> Result<Lock, ClientError> {
        self.require_root()?;
        Ok(Lock::take(&self.places.lock())?)
    }

    /// Where the keys are, for the advice of D-FAQ-06.
    pub fn key_directory(&self) -> &Path {
        self.keys.directory()
    }

    /// A session of a registered computer; one that is not registers itself (D-REG-08).
    ///
    /// # Errors
    /// [`ClientError`]; [`ClientError::Register`] if the server refuses.
    pub async fn session(&mut self, observer: &mut impl Observer) -> Result<Session, ClientError> {
        let is_known = self.keys.find_own(&self.uuid)?.is_some();
        let server_key = self.server_key()?;
        let mut session = self.new_session(server_key.clone())?;
        if !is_known || server_key.is_none() || self.state.uuid != self.uuid {
            observer.begin(Step::Register);
            let registered = self.register_with(&mut session, &Account::default()).await;
            let reason = registered.as_ref().err().map(|error| chain(error));
            observer.end(Step::Register, reason.as_deref().map_or(Ok(()), Err));
            registered?;
        }
        Ok(session)
    }

    /// Registers on somebody's wish: a server whose key changed is trusted anew (D-FAQ-06).
    ///
    /// # Errors
    /// [`ClientError::Register`] if the server refuses.
    pub async fn register(&mut self, account: &Account) -> Result<RegisterAnswer, ClientError> {
        let configured = self.configured_key()?;
        let mut session = self.new_session(configured)?;
        self.register_with(&mut session, account).await
    }

    /// Runs a synchronisation.
    pub async fn update<O: Observer>(
        &mut self,
        session: &mut Session,
        observer: &mut O,
        options: &Options,
        interrupt: Interrupt,
    ) -> (Record, Result<(), SyncError>) {
        Synchronisation::new(
            session,
            &self.desktop,
            &*self.manager,
            observer,
            &mut self.state,
            options,
        )
        .interruptible(interrupt)
        .run()
        .await
    }

    /// Asks the server why a package is, or is not, for this computer.
    ///
    /// # Errors
    /// [`ClientError::Sync`].
    pub async fn why(
        &mut self,
        session: &mut Session,
        package: &str,
    ) -> Result<WhyAnswer, ClientError> {
        let answer = session.why(&self.uuid, package).await;
        self.remember(session);
        Ok(answer.map_err(SyncError::Transport)?)
    }

    /// Asks which tags this computer may have, and which it has.
    ///
    /// # Errors
    /// [`ClientError::Sync`].
    pub async fn tags(&mut self, session: &mut Session) -> Result<TagsAnswer, ClientError> {
        let answer = session.tags().await;
        self.remember(session);
        Ok(answer.map_err(SyncError::Transport)?)
    }

    /// Replaces the tags of this computer; the answer is the packages that follow.
    ///
    /// # Errors
    /// [`ClientError::Sync`].
    pub async fn set_tags(
        &mut self,
        session: &mut Session,
        tags: Vec<String>,
    ) -> Result<TagPackages, ClientError> {
        let answer = session.set_tags(tags).await;
        self.remember(session);
        Ok(answer.map_err(SyncError::Transport)?)
    }

    /// Keeps an error for the next synchronisation (D-SYNC-17).
    pub fn keep_error(&mut self, text: &str) {
        self.state.add_error((self.clock)(), text);
        self.keep();
    }

    async fn register_with(
        &mut self,
        session: &mut Session,
        account: &Account,
    ) -> Result<RegisterAnswer, ClientError> {
        if self.uuid.is_empty() {
            return Err(ClientError::NoUuid);
        }
        let mut identity = self.desktop.identity();
        self.manager.pms().clone_into(&mut identity.pms);
        let answer = session.register(identity, account).await.map_err(ClientError::Register)?;
        if let Some(key) = session.transport.server_key() {
            self.keys.pin_server(key)?;
        }
        self.state.registered(&self.uuid, &answer);
        self.remember(session);
        Ok(answer)
    }

    fn new_session(&self, server_key: Option<PublicKey>) -> Result<Session, ClientError> {
        if self.uuid.is_empty() {
            return Err(ClientError::NoUuid);
        }
        let key = self.keys.own(&self.uuid)?;
        let mut transport =
            Transport::new(self.endpoint.clone(), Arc::clone(&key), server_key, self.clock);
        transport.offset_ms = self.state.clock_offset_ms;
        transport.last_time_ms = self.state.last_time_ms;
        Ok(Session::new(transport))
    }

    fn server_key(&self) -> Result<Option<PublicKey>, ClientError> {
        match self.configured_key()? {
            Some(key) => Ok(Some(key)),
            None => Ok(self.keys.find_server()?),
        }
    }

    fn configured_key(&self) -> Result<Option<PublicKey>, ClientError> {
        let text = self.settings.server_key.as_deref();
        text.map(PublicKey::parse).transpose().map_err(ClientError::ServerKey)
    }

    fn remember(&mut self, session: &Session) {
        self.state.clock_offset_ms = session.transport.offset_ms;
        self.state.last_time_ms = session.transport.last_time_ms;
        self.keep();
    }

    fn keep(&self) {
        if let Err(error) = self.desktop.keep(&self.state) {
            tracing::error!(%error, "state cannot be kept");
        }
    }
}

/// Addresses of a `.local` name: hickory does not speak multicast DNS, the system's resolver may.
fn multicast_addresses(authority: &str) -> Vec<IpAddr> {
    let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
    if !host.ends_with(".local") {
        return Vec::new();
    }
    let output = std::process::Command::new("getent")
        .args(["ahosts", host])
        .env("PATH", launcher::PATH)
        .stdin(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    let addresses = text.unwrap_or_default();
    let addresses = addresses.lines().filter_map(|line| line.split_whitespace().next());
    addresses.filter_map(|address| address.parse().ok()).collect()
}

#[cfg(test)]
mod tests;
