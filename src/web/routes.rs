//! Which page answers where, one line each.

use actix_web::middleware::from_fn;
use actix_web::web::{self, FormConfig, ServiceConfig};

use super::pages::{accounts, audit, door, home, own_password, platforms, projects, tokens};
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
        .default_service(web::to(home::unknown));
    service.service(scope);
}

/// What somebody needs before and after being signed in.
fn doors(service: &mut ServiceConfig) {
    service
        .route(urls::HOME, web::get().to(home::show))
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
        .route("/audit", web::get().to(audit::list));
}
