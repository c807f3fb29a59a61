//! When a request came, and from where: what an operation knows of the world outside.
//!
//! The edges take the time from here, so that a test of an edge can hold it still.

use std::future::{Ready, ready};
use std::net::IpAddr;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use jiff::Timestamp;

use super::peer;

/// Where the time of a request comes from, registered as application data by tests only.
#[derive(Clone)]
pub struct Clock(pub Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Clock")
    }
}

/// Extractor: the moment of a request and the address of its peer.
#[derive(Debug, Clone, Copy)]
pub struct Arrival {
    pub at: Timestamp,
    pub address: Option<IpAddr>,
}

impl Arrival {
    /// Reads the clock and the address of `request`.
    pub fn of(request: &HttpRequest) -> Self {
        let clock = request.app_data::<web::Data<Clock>>();
        let at = clock.map_or_else(crate::clock::now, |clock| (clock.0)());
        Self { at, address: peer::address(request) }
    }
}

impl FromRequest for Arrival {
    type Error = std::convert::Infallible;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::of(request)))
    }
}
