//! The address a request came from.

use std::net::IpAddr;

use actix_web::HttpRequest;

/// Returns the peer's address: the connection's, or behind a proxy on this same machine the
/// first element of `X-Forwarded-For` (3.1, `forwarded_ip_address`). The header of any other
/// peer is ignored, since anybody can write it.
pub fn address(request: &HttpRequest) -> Option<IpAddr> {
    let peer = request.peer_addr()?.ip().to_canonical();
    if peer.is_loopback() {
        let header = request.headers().get("x-forwarded-for").and_then(|value| value.to_str().ok());
        let first = header.and_then(|list| list.split(',').next());
        return Some(first.and_then(|text| text.trim().parse().ok()).unwrap_or(peer));
    }
    Some(peer)
}
