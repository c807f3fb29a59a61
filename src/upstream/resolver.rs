//! Addresses of the hosts of sources. Not those of glibc, which a static program must not ask, and
//! for hosts that an administrator did not name, only those of the Internet.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use hickory_resolver::TokioResolver;
use hyper_util::client::legacy::connect::dns::Name;
use tokio::sync::OnceCell;

use super::addresses::is_internal;

/// Resolves names for hyper.
#[derive(Debug, Clone)]
pub(super) struct Resolver {
    shared: Arc<OnceCell<TokioResolver>>,
    /// Only addresses of the Internet.
    guarded: bool,
}

impl Resolver {
    /// A resolver of any address.
    pub fn open() -> Self {
        Self { shared: Arc::default(), guarded: false }
    }

    /// The same without addresses behind this server.
    pub fn guarded(&self) -> Self {
        Self { guarded: true, ..self.clone() }
    }

    async fn addresses(self, name: Name) -> io::Result<std::vec::IntoIter<SocketAddr>> {
        let make = async || TokioResolver::builder_tokio()?.build();
        let resolver = self.shared.get_or_try_init(make).await.map_err(io::Error::other)?;
        let found = resolver.lookup_ip(name.as_str()).await.map_err(io::Error::other)?;
        let may = |address: &std::net::IpAddr| !(self.guarded && is_internal(*address));
        let addresses: Vec<SocketAddr> =
            found.iter().filter(may).map(|address| SocketAddr::new(address, 0)).collect();
        if addresses.is_empty() {
            let text = format!("{} has no address of the Internet", name.as_str());
            return Err(io::Error::other(text));
        }
        Ok(addresses.into_iter())
    }
}

impl tower_service::Service<Name> for Resolver {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, io::Error>> + Send>>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        Box::pin(self.clone().addresses(name))
    }
}
