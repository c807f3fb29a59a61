//! EDGE: JSON API v1, a file per resource. Bearer token, or the session of one of our pages.
//!
//! Lists answer `{"items":[…],"next":CURSOR|null}`, writes the object with its `id`, errors are
//! problem documents (RFC 9457). Things are named by name, `PREFIX-value` or file name.

pub mod accounts;
pub mod applications;
pub mod attribute_sets;
pub mod attributes;
pub mod auto_check_errors;
pub mod caller;
pub mod checks;
pub mod cid;
pub mod computers;
pub mod decisions;
pub mod deployments;
pub mod domains;
pub mod errors;
pub mod events;
pub mod fault_definitions;
pub mod faults;
pub mod formula_name;
pub mod formulas;
pub mod groups;
pub mod notifications;
pub mod openapi;
pub mod packages;
pub mod page;
pub mod policies;
mod preview;
pub mod problem;
pub mod projects;
pub mod release;
pub mod schedules;
pub mod scopes;
pub mod site;
pub mod software;
pub mod stores;
pub mod tag_categories;
pub mod tags;
pub mod timelines;
pub mod tokens;
pub mod upload;
pub mod upload_set;
mod uploader;

use actix_web::HttpRequest;
use actix_web::middleware::from_fn;
use actix_web::web::{self, JsonConfig, PathConfig, QueryConfig, ServiceConfig};

use problem::ApiError;

/// Largest JSON body: a deployment that names ten thousand packages fits several times.
const MAX_BODY: usize = 8 << 20;

/// Registers `/api/v1`.
pub fn routes(service: &mut ServiceConfig) {
    let json = JsonConfig::default().limit(MAX_BODY).error_handler(unreadable);
    let scope = web::scope("/api/v1")
        .wrap(from_fn(preview::previews))
        .app_data(json)
        .app_data(QueryConfig::default().error_handler(unreadable))
        .app_data(PathConfig::default().error_handler(unreadable))
        .configure(resources)
        .default_service(web::to(unknown));
    service.configure(openapi::routes).service(scope);
}

/// A line per resource.
fn resources(service: &mut ServiceConfig) {
    service
        .configure(projects::routes)
        .configure(stores::routes)
        .configure(release::routes)
        .configure(packages::routes)
        .configure(upload::routes)
        .configure(upload_set::routes)
        .configure(deployments::routes)
        .configure(schedules::routes)
        .configure(software::routes)
        .configure(decisions::routes)
        .configure(events::routes)
        .configure(timelines::routes)
        .configure(computers::routes)
        .configure(errors::routes)
        .configure(faults::routes)
        .configure(notifications::routes)
        .configure(formulas::routes)
        .configure(attributes::routes)
        .configure(tag_categories::routes)
        .configure(tags::routes)
        .configure(attribute_sets::routes)
        .configure(fault_definitions::routes)
        .configure(auto_check_errors::routes)
        .configure(accounts::routes)
        .configure(applications::routes)
        .configure(policies::routes)
        .configure(groups::routes)
        .configure(tokens::routes)
        .configure(domains::routes)
        .configure(scopes::routes)
        .configure(site::routes);
}

/// A body, query or path that is not what the route takes, as a problem document.
fn unreadable(error: impl std::fmt::Display, _: &HttpRequest) -> actix_web::Error {
    ApiError::Unreadable(error.to_string()).into()
}

async fn unknown(request: HttpRequest) -> Result<actix_web::HttpResponse, ApiError> {
    let what = format!("{} {}", request.method(), request.path());
    Err(crate::app::AppError::not_found("route", what).into())
}

#[cfg(test)]
pub(crate) mod tests;
