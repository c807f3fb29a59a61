//! EDGE: what existing migasfree clients ask. Public questions first; the signed protocol joins
//! with the issue that serves those clients.

mod projects;

use actix_web::web::{self, ServiceConfig};

/// Registers the addresses of the book's API (D-OP-01).
pub fn routes(service: &mut ServiceConfig) {
    for path in ["/get_projects", "/get_projects/"] {
        service.route(path, web::get().to(projects::list));
    }
}

#[cfg(test)]
mod tests;
