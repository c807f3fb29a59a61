//! Signed requests to one server, and answers checked with its pinned key.
//!
//! `design.md`, "Signing". An answer that is not signed by the server is worth nothing, whatever
//! its status says: a proxy's error page and a forged plan look the same from here. The machine's
//! clock is never set; what the server says about the time is kept as an offset.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use rand::RngCore as _;
use reqwest::Method;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::wire::keys::{PublicKey, SecretKey};
use crate::wire::signing;
use crate::wire::sync::Problem;

/// Longest answer that is read, in bytes: a plan with formulas is a small part of it.
const MAX_ANSWER: usize = 32 << 20;

/// How often a busy server is asked again.
const BUSY_WAITS: u32 = 3;
/// However long it says that it is busy.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// Returns milliseconds since the epoch; handed down, since only `clock.rs` reads the clock.
pub type Clock = fn() -> i64;

/// Why a request brought no answer that can be used.
#[derive(Debug, thiserror::Error)]
pub enum TransportError {
    #[error("server {server} cannot be reached")]
    Unreachable { server: String, source: reqwest::Error },
    #[error("answer {status} of server {server} does not come from migas")]
    Foreign { server: String, status: u16 },
    #[error("signature of server {server} is not valid")]
    Signature { server: String },
    #[error("answer of server {server} cannot be read")]
    Malformed { server: String, source: serde_json::Error },
    #[error("answer of server {server} is too long")]
    TooLong { server: String },
    #[error("{}", problem_text(.0))]
    Problem(Box<Problem>),
    #[error("request cannot be written")]
    Request(#[source] serde_json::Error),
}

fn problem_text(problem: &Problem) -> &str {
    let texts = [&problem.detail, &problem.title, &problem.r#type];
    texts.into_iter().find(|text| !text.is_empty()).map_or("refused", String::as_str)
}

impl TransportError {
    /// The type of the problem document, when the server answered with one.
    pub fn problem_type(&self) -> Option<&str> {
        match self {
            Self::Problem(problem) => problem.r#type.rsplit('/').next(),
            _ => None,
        }
    }

    /// The server may well answer the same request later.
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Unreachable { .. } => true,
            Self::Foreign { status, .. } => *status >= 500 || *status == 429,
            Self::Problem(problem) => problem.status >= 500 || problem.status == 429,
            _ => false,
        }
    }
}

/// How the server is reached; shared by all computers of a load test.
#[derive(Debug, Clone)]
pub struct Endpoint {
    http: reqwest::Client,
    base: String,
    server: String,
}

impl Endpoint {
    /// Prepares connections to `base` (`http://host:port`), through `proxy` if given.
    ///
    /// `addresses` are those of a name that hickory cannot resolve (mDNS); usually empty.
    ///
    /// # Errors
    /// A proxy address that is none.
    pub fn new(
        base: &str,
        proxy: Option<&str>,
        addresses: &[std::net::IpAddr],
    ) -> Result<Self, reqwest::Error> {
        let server = base.split_once("://").map_or(base, |(_, rest)| rest).to_owned();
        let mut builder = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("migas/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(Duration::from_secs(10))
            .read_timeout(Duration::from_secs(60));
        if let Some(proxy) = proxy {
            let address =
                if proxy.contains("://") { proxy.to_owned() } else { format!("http://{proxy}") };
            builder = builder.proxy(reqwest::Proxy::all(address)?);
        }
        if !addresses.is_empty() {
            let sockets: Vec<_> = addresses.iter().map(|ip| (*ip, 0).into()).collect();
            let host = server.rsplit_once(':').map_or(server.as_str(), |(host, _)| host);
            builder = builder.resolve_to_addrs(host, &sockets);
        }
        Ok(Self { http: builder.build()?, base: base.to_owned(), server })
    }

    /// Host and port, for messages.
    pub fn server(&self) -> &str {
        &self.server
    }

    /// Fetches a public text, at most `limit` bytes; its content must be checked by other means.
    ///
    /// # Errors
    /// [`TransportError`] without signatures.
    pub async fn get(&self, path: &str, limit: usize) -> Result<Vec<u8>, TransportError> {
        let request = self.http.get(format!("{}{path}", self.base));
        let response = request.send().await.map_err(|source| self.unreachable(source))?;
        let status = response.status().as_u16();
        if status != 200 {
            return Err(TransportError::Foreign { server: self.server.clone(), status });
        }
        self.body(response, limit).await
    }

    async fn body(
        &self,
        mut response: reqwest::Response,
        limit: usize,
    ) -> Result<Vec<u8>, TransportError> {
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|source| self.unreachable(source))? {
            if body.len() + chunk.len() > limit {
                return Err(TransportError::TooLong { server: self.server.clone() });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }

    fn unreachable(&self, source: reqwest::Error) -> TransportError {
        TransportError::Unreachable { server: self.server.clone(), source: source.without_url() }
    }
}

/// One computer's signed way to the server.
#[derive(Debug)]
pub struct Transport {
    endpoint: Endpoint,
    key: Arc<SecretKey>,
    server_key: Option<PublicKey>,
    clock: Clock,
    /// Server's clock minus ours, milliseconds.
    pub offset_ms: i64,
    /// Time of the last accepted request; the server refuses one that is not later.
    pub last_time_ms: i64,
}

/// An answer as it came, before its signature was looked at.
struct RawAnswer {
    status: u16,
    body: Vec<u8>,
    nonce: String,
    signature: Option<String>,
    retry_after_s: Option<u64>,
}

impl RawAnswer {
    fn is_signed_by(&self, key: &PublicKey) -> bool {
        let digest = signing::answer_digest(self.status, &self.body, &self.nonce);
        self.signature.as_deref().is_some_and(|text| key.verifies_base64(&digest, text))
    }
}

impl Transport {
    /// A way to `endpoint` for the holder of `key`; answers are checked with `server_key`.
    pub fn new(
        endpoint: Endpoint,
        key: Arc<SecretKey>,
        server_key: Option<PublicKey>,
        clock: Clock,
    ) -> Self {
        Self { endpoint, key, server_key, clock, offset_ms: 0, last_time_ms: 0 }
    }

    /// The connection below.
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// The computer's public key, as a registration announces it.
    pub fn public_key(&self) -> PublicKey {
        self.key.public()
    }

    /// The server's key, if it is known.
    pub fn server_key(&self) -> Option<&PublicKey> {
        self.server_key.as_ref()
    }

    /// Takes `key` as the server's from now on; `None` accepts whatever the next registration brings.
    pub fn set_server_key(&mut self, key: Option<PublicKey>) {
        self.server_key = key;
    }

    /// Milliseconds since the epoch on this machine's clock.
    pub fn now_ms(&self) -> i64 {
        (self.clock)()
    }

    /// Posts `message` and reads the signed answer.
    ///
    /// # Errors
    /// [`TransportError`]; a problem document of the server is [`TransportError::Problem`].
    pub async fn post<A: DeserializeOwned>(
        &mut self,
        path: &str,
        message: &impl Serialize,
    ) -> Result<A, TransportError> {
        let body = serde_json::to_vec(message).map_err(TransportError::Request)?;
        self.signed_answer(&Method::POST, path, body).await
    }

    /// Puts `message` and reads the signed answer.
    ///
    /// # Errors
    /// As [`Transport::post`].
    pub async fn put<A: DeserializeOwned>(
        &mut self,
        path: &str,
        message: &impl Serialize,
    ) -> Result<A, TransportError> {
        let body = serde_json::to_vec(message).map_err(TransportError::Request)?;
        self.signed_answer(&Method::PUT, path, body).await
    }

    /// Asks, in a signed request as any other, and reads the signed answer.
    ///
    /// # Errors
    /// As [`Transport::post`].
    pub async fn ask<A: DeserializeOwned>(&mut self, path: &str) -> Result<A, TransportError> {
        self.signed_answer(&Method::GET, path, Vec::new()).await
    }

    async fn signed_answer<A: DeserializeOwned>(
        &mut self,
        method: &Method,
        path: &str,
        body: Vec<u8>,
    ) -> Result<A, TransportError> {
        let answer = self.exchange(method, path, body).await?;
        let Some(key) = &self.server_key else {
            return Err(TransportError::Signature { server: self.endpoint.server.clone() });
        };
        if !answer.is_signed_by(key) {
            return Err(TransportError::Signature { server: self.endpoint.server.clone() });
        }
        self.parse(&answer)
    }

    /// Posts `message` to a server whose key is not known yet: `key_of` finds it in the answer,
    /// which must be signed with it.
    ///
    /// # Errors
    /// As [`Transport::post`].
    pub async fn post_first<A: DeserializeOwned>(
        &mut self,
        path: &str,
        message: &impl Serialize,
        key_of: impl Fn(&A) -> Option<PublicKey>,
    ) -> Result<A, TransportError> {
        if self.server_key.is_some() {
            return self.post(path, message).await;
        }
        let body = serde_json::to_vec(message).map_err(TransportError::Request)?;
        let raw = self.exchange(&Method::POST, path, body).await?;
        let answer: A = self.parse(&raw)?;
        let key = key_of(&answer).filter(|key| raw.is_signed_by(key));
        let Some(key) = key else {
            return Err(TransportError::Signature { server: self.endpoint.server.clone() });
        };
        self.server_key = Some(key);
        Ok(answer)
    }

    fn parse<A: DeserializeOwned>(&self, answer: &RawAnswer) -> Result<A, TransportError> {
        serde_json::from_slice(&answer.body).map_err(|source| TransportError::Malformed {
            server: self.endpoint.server.clone(),
            source,
        })
    }

    /// One request, asked once more if the server says that our clock is wrong, and a few times
    /// if it is busy and says for how long.
    async fn exchange(
        &mut self,
        method: &Method,
        path: &str,
        body: Vec<u8>,
    ) -> Result<RawAnswer, TransportError> {
        let body = bytes::Bytes::from(body);
        let mut corrected = false;
        let mut waits = BUSY_WAITS;
        loop {
            let asked_ms = self.now_ms();
            let time_ms = (asked_ms + self.offset_ms).max(self.last_time_ms + 1);
            // Whatever becomes of the request, the server may have accepted its time.
            self.last_time_ms = time_ms;
            let answer = self.send(method, path, body.clone(), time_ms).await?;
            if (200..300).contains(&answer.status) {
                return Ok(answer);
            }
            let problem = self.problem(&answer)?;
            if let (503, Some(seconds), 1..) = (answer.status, answer.retry_after_s, waits) {
                waits -= 1;
                tokio::time::sleep(Duration::from_secs(seconds).min(LONGEST_WAIT)).await;
                continue;
            }
            match (problem.r#type.rsplit('/').next(), problem.server_time_ms) {
                (Some("clock"), Some(server_ms)) if !corrected => {
                    tracing::info!(offset_ms = server_ms - asked_ms, "clock differs from server's");
                    self.offset_ms = server_ms - asked_ms;
                    self.last_time_ms = server_ms - 1;
                    corrected = true;
                }
                _ => return Err(TransportError::Problem(Box::new(problem))),
            }
        }
    }

    /// Reads a refusal; only the server itself may tell us one.
    fn problem(&self, answer: &RawAnswer) -> Result<Problem, TransportError> {
        let foreign = || TransportError::Foreign {
            server: self.endpoint.server.clone(),
            status: answer.status,
        };
        if let Some(key) = &self.server_key
            && !answer.is_signed_by(key)
        {
            return Err(match answer.signature {
                Some(_) => TransportError::Signature { server: self.endpoint.server.clone() },
                None => foreign(),
            });
        }
        let mut problem: Problem = serde_json::from_slice(&answer.body).map_err(|_| foreign())?;
        problem.status = answer.status;
        Ok(problem)
    }

    async fn send(
        &self,
        method: &Method,
        path: &str,
        body: bytes::Bytes,
        time_ms: i64,
    ) -> Result<RawAnswer, TransportError> {
        let mut random = [0; 16];
        rand::rngs::OsRng.fill_bytes(&mut random);
        let nonce = BASE64.encode(random);
        let digest = signing::request_digest(method.as_str(), path, &body, time_ms, &nonce);
        let request = self
            .endpoint
            .http
            .request(method.clone(), format!("{}{path}", self.endpoint.base))
            .header(reqwest::header::CONTENT_TYPE, "application/json")
            .header(signing::KEY_HEADER, self.key.public().id.to_string())
            .header(signing::TIME_HEADER, time_ms)
            .header(signing::NONCE_HEADER, &nonce)
            .header(signing::SIGNATURE_HEADER, self.key.sign_base64(&digest))
            .body(body);
        let response = request.send().await.map_err(|source| self.endpoint.unreachable(source))?;
        let status = response.status().as_u16();
        let header = |name: &str| {
            response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
        };
        let signature = header(signing::SIGNATURE_HEADER);
        let retry_after_s = header("Retry-After").and_then(|seconds| seconds.parse().ok());
        let body = self.endpoint.body(response, MAX_ANSWER).await?;
        Ok(RawAnswer { status, body, nonce, signature, retry_after_s })
    }
}

#[cfg(test)]
mod tests;
