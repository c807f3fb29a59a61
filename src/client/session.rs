//! The conversation of one computer with its server: register, sync, progress, report, why, tags.
//!
//! Nothing here touches the machine, so that a load test can hold a thousand sessions.

use super::transport::{Transport, TransportError};
use crate::wire::keys::PublicKey;
use crate::wire::sync::{
    Identity, Progress, RegisterAnswer, RegisterRequest, Report, ReportAnswer, SyncAnswer,
    SyncRequest, WhyAnswer, WhyRequest,
};
use crate::wire::tags::{SetTags, TagPackages, TagsAnswer};

/// An account that vouches for a computer; empty for automatic registration (D-REG-04).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Account {
    pub name: String,
    pub password: String,
}

/// The protocol over one [`Transport`].
#[derive(Debug)]
pub struct Session {
    pub transport: Transport,
}

impl Session {
    /// Talks over `transport`.
    pub fn new(transport: Transport) -> Self {
        Self { transport }
    }

    /// Registers the computer; a server met for the first time is trusted from now on (D-REG-06).
    ///
    /// # Errors
    /// [`TransportError`]; a refusal is the problem `can-not-register` or `key-mismatch`.
    pub async fn register(
        &mut self,
        identity: Identity,
        account: &Account,
    ) -> Result<RegisterAnswer, TransportError> {
        let request = RegisterRequest {
            identity,
            username: account.name.clone(),
            password: account.password.clone(),
            public_key: self.transport.public_key().to_base64(),
            client_version: env!("CARGO_PKG_VERSION").to_owned(),
        };
        let key_of = |answer: &RegisterAnswer| PublicKey::parse(&answer.server_key).ok();
        self.transport.post_first("/sync/v1/register", &request, key_of).await
    }

    /// Says who and how the computer is; the answer is formulas to evaluate first, or the plan.
    ///
    /// # Errors
    /// [`TransportError`].
    pub async fn sync(&mut self, request: &SyncRequest) -> Result<SyncAnswer, TransportError> {
        self.transport.post("/sync/v1/sync", request).await
    }

    /// Says what the computer is doing (D-MSG-01).
    ///
    /// # Errors
    /// [`TransportError`], which nobody needs to mind.
    pub async fn progress(&mut self, sync_id: &str, text: &str) -> Result<(), TransportError> {
        let path = format!("/sync/v1/sync/{sync_id}/progress");
        let answer: Result<serde_json::Value, _> =
            self.transport.post(&path, &Progress { text: text.to_owned() }).await;
        match answer {
            // The answer says nothing, so it may be empty.
            Ok(_) | Err(TransportError::Malformed { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Delivers what happened and ends the synchronisation.
    ///
    /// # Errors
    /// [`TransportError`].
    pub async fn report(
        &mut self,
        sync_id: &str,
        report: &Report,
    ) -> Result<ReportAnswer, TransportError> {
        self.transport.post(&format!("/sync/v1/sync/{sync_id}/report"), report).await
    }

    /// Asks why a package is, or is not, for this computer.
    ///
    /// # Errors
    /// [`TransportError`].
    pub async fn why(&mut self, uuid: &str, package: &str) -> Result<WhyAnswer, TransportError> {
        let request = WhyRequest { uuid: uuid.to_owned(), package: package.to_owned() };
        self.transport.post("/sync/v1/why", &request).await
    }

    /// Asks which tags the computer may have, and which it has (D-TAG-05).
    ///
    /// # Errors
    /// [`TransportError`].
    pub async fn tags(&mut self) -> Result<TagsAnswer, TransportError> {
        self.transport.ask("/sync/v1/tags").await
    }

    /// Replaces the tags of the computer; the answer is the packages that follow (D-TAG-06).
    ///
    /// # Errors
    /// [`TransportError`]; an unknown tag is the problem `invalid`.
    pub async fn set_tags(&mut self, tags: Vec<String>) -> Result<TagPackages, TransportError> {
        self.transport.put("/sync/v1/tags", &SetTags { tags }).await
    }
}
