//! Which page answers where, one line each.

use actix_web::middleware::from_fn;
use actix_web::web::{self, FormConfig, ServiceConfig};

use super::pages::computers::{attributes, change, detail, hardware, list as computers, software};
use super::pages::{accounts, audit, door, errors, faults, home, notifications, own_password};
use super::pages::{deployments, lookups, package_folders, reference};
use super::pages::{packages, platforms, projects, settings, stores, tokens};
use super::{assets, error, urls};

/// Largest form: a deployment that names some ten thousand packages.
const MAX_FORM: usize = 4 << 20;

/// Registers the pages. They are the last edge, since `/` is theirs.
pub fn routes(service: &mut ServiceConfig) {
    service.route("/assets/{hash}/{name}", web::get().to(assets::serve));
    let scope = web::scope("")
        .wrap(from_fn(error::pages))
        .app_data(FormConfig::default().limit(MAX_FORM))
        .configure(doors)
        .configure(configuration)
        .configure(release)
        .configure(data)
        .default_service(web::to(home::unknown));
    service.service(scope);
}

/// What somebody needs before and after being signed in.
fn doors(service: &mut ServiceConfig) {
    service
        .route(urls::HOME, web::get().to(home::show))
        .route("/docs", web::get().to(reference::show))
        .route(urls::LOGIN, web::get().to(door::login_form))
        .route(urls::LOGIN, web::post().to(door::login))
        .route(urls::LOGOUT, web::post().to(door::logout))
        .route(urls::LANGUAGE, web::post().to(door::language))
        .route("/first-login/{secret}", web::get().to(door::first_form))
        .route("/first-login/{secret}", web::post().to(door::first))
        .route(urls::OWN_PASSWORD, web::get().to(own_password::form))
        .route(urls::OWN_PASSWORD, web::post().to(own_password::change));
}

/// The menu Configuration.
fn configuration(service: &mut ServiceConfig) {
    service
        .route("/projects", web::get().to(projects::list))
        .route("/projects/new", web::get().to(projects::new))
        .route("/projects", web::post().to(projects::add))
        .route("/projects/{id}", web::get().to(projects::edit))
        .route("/projects/{id}", web::post().to(projects::change))
        .route("/projects/{id}/delete", web::get().to(projects::confirm))
        .route("/projects/{id}/delete", web::post().to(projects::delete))
        .route("/platforms", web::get().to(platforms::list))
        .route("/platforms/{id}", web::get().to(platforms::edit))
        .route("/platforms/{id}", web::post().to(platforms::change))
        .route("/platforms/{id}/delete", web::get().to(platforms::confirm))
        .route("/platforms/{id}/delete", web::post().to(platforms::delete))
        .route("/accounts", web::get().to(accounts::list))
        .route("/accounts/new", web::get().to(accounts::new))
        .route("/accounts", web::post().to(accounts::add))
        .route("/accounts/{id}", web::get().to(accounts::edit))
        .route("/accounts/{id}", web::post().to(accounts::change))
        .route("/accounts/{id}/password", web::post().to(accounts::set_password))
        .route("/tokens", web::get().to(tokens::list))
        .route("/tokens", web::post().to(tokens::create))
        .route("/tokens/{id}/delete", web::post().to(tokens::revoke))
        .route("/settings", web::get().to(settings::show))
        .route("/settings", web::post().to(settings::change))
        .route("/audit", web::get().to(audit::list));
}

/// The menu Release.
fn release(service: &mut ServiceConfig) {
    service
        .route("/deployments", web::get().to(deployments::list))
        .route("/deployments/new", web::get().to(deployments::new))
        .route("/deployments", web::post().to(deployments::add))
        .route("/deployments/selection", web::post().to(deployments::selected))
        .route("/deployments/delete", web::post().to(deployments::delete))
        .route("/deployments/{id}", web::get().to(deployments::show))
        .route("/deployments/{id}/edit", web::get().to(deployments::edit))
        .route("/deployments/{id}/edit", web::post().to(deployments::save))
        .route("/deployments/{id}/enabled", web::post().to(deployments::switch))
        .route("/deployments/{id}/delete", web::get().to(deployments::confirm))
        .route(urls::BROWSE, web::get().to(package_folders::show))
        .route(urls::SUGGEST_ATTRIBUTES, web::get().to(lookups::suggest_attributes))
        .route(urls::SUGGEST_PACKAGES, web::get().to(lookups::suggest_packages))
        .route("/stores", web::get().to(stores::list))
        .route("/stores/new", web::get().to(stores::new))
        .route("/stores", web::post().to(stores::add))
        .route("/stores/{id}", web::get().to(stores::edit))
        .route("/stores/{id}", web::post().to(stores::change))
        .route("/stores/{id}/delete", web::get().to(stores::confirm))
        .route("/stores/{id}/delete", web::post().to(stores::delete))
        .route("/packages", web::get().to(packages::list))
        .route("/packages/selection", web::post().to(packages::selected))
        .route("/packages/delete", web::post().to(packages::delete))
        .route("/packages/upload", web::get().to(packages::upload_form))
        .route("/packages/upload", web::post().to(packages::upload))
        .route("/packages/{id}/delete", web::get().to(packages::confirm_one));
}

/// The menu Data.
fn data(service: &mut ServiceConfig) {
    service
        .route("/computers", web::get().to(computers::list))
        .route("/computers/selection", web::post().to(computers::selected))
        .route("/computers/delete", web::post().to(change::delete))
        .route("/computers/{id}", web::get().to(detail::show))
        .route("/computers/{id}/edit", web::get().to(change::form))
        .route("/computers/{id}/edit", web::post().to(change::save))
        .route("/computers/{id}/key", web::post().to(change::accept_key))
        .route("/computers/{id}/delete", web::get().to(change::delete_form))
        .route("/computers/{id}/attributes", web::get().to(attributes::show))
        .route("/computers/{id}/software", web::get().to(software::packages))
        .route("/computers/{id}/history", web::get().to(software::history))
        .route("/computers/{id}/hardware", web::get().to(hardware::show))
        .route("/computers/{id}/hardware", web::post().to(hardware::capture))
        .route("/errors", web::get().to(errors::list))
        .route("/errors/selection", web::post().to(errors::selected))
        .route("/faults", web::get().to(faults::list))
        .route("/faults/selection", web::post().to(faults::selected))
        .route("/notifications", web::get().to(notifications::list))
        .route("/notifications/selection", web::post().to(notifications::selected));
}
