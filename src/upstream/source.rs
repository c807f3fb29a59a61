//! Requests to a source: plain HTTP or HTTPS, redirects with our own eyes open.
//!
//! The host of the base URL may be anywhere, an administrator typed it. Where a source sends us
//! from there is its own choice, so another host must be on the Internet or in the list of hosts
//! that the site permits: a source must not make this server call its neighbours.

use std::net::IpAddr;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::Empty;
use hyper::body::Incoming;
use hyper::{Request, Response, header};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use reqwest::Url;
use rustls::{ClientConfig, RootCertStore};

use super::addresses::is_internal;
use super::resolver::Resolver;
use super::{Failure, Patience};

/// How often a source may send us elsewhere for one file.
const MAX_REDIRECTS: usize = 8;

type Way = Client<HttpsConnector<HttpConnector<Resolver>>, Empty<Bytes>>;

/// The ways to sources.
#[derive(Debug, Clone)]
pub(super) struct Source {
    open: Way,
    /// To hosts that only a source named.
    guarded: Way,
    patience: Patience,
}

impl Source {
    /// Prepares connections; none is made yet.
    ///
    /// # Errors
    /// [`rustls::Error`] if the machine's cryptography cannot be used.
    pub fn new(patience: Patience) -> Result<Self, rustls::Error> {
        let tls = trust()?;
        let resolver = Resolver::open();
        let way = |resolver| {
            let mut http = HttpConnector::new_with_resolver(resolver);
            http.enforce_http(false);
            http.set_connect_timeout(Some(patience.connect));
            http.set_nodelay(true);
            let tls = hyper_rustls::HttpsConnectorBuilder::new().with_tls_config(tls.clone());
            let connector = tls.https_or_http().enable_http1().wrap_connector(http);
            Client::builder(TokioExecutor::new()).build(connector)
        };
        Ok(Self { guarded: way(resolver.guarded()), open: way(resolver), patience })
    }

    /// How long this waits.
    pub fn patience(&self) -> Patience {
        self.patience
    }

    /// Asks for a file; `permitted` are the hosts behind this server to which a source may redirect.
    ///
    /// # Errors
    /// [`Failure`]; any status but 200 is one.
    pub async fn get(
        &self,
        url: &str,
        permitted: &[String],
    ) -> Result<Response<Incoming>, Failure> {
        let unreadable = |error: &dyn std::error::Error| Failure::Unreachable(error.to_string());
        let mut url = Url::parse(url).map_err(|error| unreadable(&error))?;
        let home = url.host_str().unwrap_or_default().to_owned();
        for _ in 0..=MAX_REDIRECTS {
            let host = url.host_str().unwrap_or_default();
            let is_trusted = host == home || permitted.iter().any(|one| one == host);
            if !is_trusted && is_internal_literal(host) {
                return Err(Failure::Redirect(host.to_owned()));
            }
            let way = if is_trusted { &self.open } else { &self.guarded };
            let response = self.ask(way, &url).await?;
            let location = response.headers().get(header::LOCATION);
            match (response.status().as_u16(), location.and_then(|text| text.to_str().ok())) {
                (200, _) => return Ok(response),
                (301 | 302 | 303 | 307 | 308, Some(location)) => {
                    url = url.join(location).map_err(|error| unreadable(&error))?;
                    if !matches!(url.scheme(), "http" | "https") {
                        return Err(Failure::Redirect(url.scheme().to_owned()));
                    }
                }
                (status, _) => return Err(Failure::Status(status)),
            }
        }
        Err(Failure::Redirects)
    }

    async fn ask(&self, way: &Way, url: &Url) -> Result<Response<Incoming>, Failure> {
        let mut target = url.clone();
        target.set_fragment(None);
        // A password in a redirect is not ours to send.
        let _has_none = (target.set_username(""), target.set_password(None));
        let mut is_again = false;
        loop {
            let request = Request::get(target.as_str())
                .header(header::USER_AGENT, concat!("migas/", env!("CARGO_PKG_VERSION")))
                .header(header::ACCEPT, "*/*")
                // What is kept must be what was signed.
                .header(header::ACCEPT_ENCODING, "identity")
                .body(Empty::new())
                .map_err(|error| Failure::Unreachable(error.to_string()))?;
            match tokio::time::timeout(self.patience.answer, way.request(request)).await {
                Ok(Ok(response)) => return Ok(response),
                // A connection of before, which the source closed just when it was asked again.
                Ok(Err(error)) if !error.is_connect() && !is_again => is_again = true,
                Ok(Err(error)) => return Err(Failure::Unreachable(innermost(&error))),
                Err(_) => return Err(Failure::Stalled),
            }
        }
    }
}

/// What the cause of all causes says: "Connection refused".
fn innermost(error: &dyn std::error::Error) -> String {
    let mut error = error;
    while let Some(cause) = error.source() {
        error = cause;
    }
    error.to_string()
}

/// Says whether a host is written as an address behind this server.
fn is_internal_literal(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare.parse::<IpAddr>().is_ok_and(is_internal)
}

/// The authorities that are trusted: those of the machine and those of the Internet.
fn trust() -> Result<ClientConfig, rustls::Error> {
    let mut roots = RootCertStore::empty();
    roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    let own = rustls_native_certs::load_native_certs();
    let (added, ignored) = roots.add_parsable_certificates(own.certs);
    tracing::debug!(added, ignored, "certificates of the machine");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config =
        ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}
