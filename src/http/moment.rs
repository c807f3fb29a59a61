//! When a request came, for the few that nobody signed.

use actix_web::HttpRequest;
use jiff::Timestamp;

/// The instant at which a request is being handled. Requests of somebody who is signed in carry
/// it in their [`Actor`](crate::app::actor::Actor).
pub fn of(_: &HttpRequest) -> Timestamp {
    crate::clock::now()
}
