//! EDGE: JSON API v1, a file per resource. Bearer token, or the session of one of our pages.
//!
//! Lists answer `{"items":[…],"next":CURSOR|null}`, writes the object with its `id`, errors are
//! problem documents (RFC 9457). Things are named by name, `PREFIX-value` or file name.

pub mod caller;
pub mod page;
pub mod problem;

use actix_web::web::{self, ServiceConfig};

/// Registers `/api/v1`.
pub fn routes(service: &mut ServiceConfig) {
    service.service(web::scope("/api/v1").configure(resources));
}

/// A line per resource.
fn resources(_service: &mut ServiceConfig) {}
