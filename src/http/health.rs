//! `/healthz`: the process answers and its database can be read.

use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpResponse, Responder};

use crate::app::{App, chain};

/// Registers `/healthz`.
pub fn routes(service: &mut ServiceConfig) {
    service.route("/healthz", web::get().to(healthz));
}

async fn healthz(app: Data<App>) -> impl Responder {
    match app.has_demo_accounts() {
        Ok(_) => HttpResponse::Ok().content_type("text/plain").body("ok\n"),
        Err(error) => {
            tracing::error!(error = chain(&error), "the database is not there");
            HttpResponse::ServiceUnavailable().body("the database cannot be read\n")
        }
    }
}
