//! Which page answers where, one line each.

use actix_web::guard;
use actix_web::middleware::from_fn;
use actix_web::web::{self, FormConfig, PayloadConfig, ServiceConfig};

use super::pages::computers::{self, simulation, software};
use super::pages::projects;
use super::pages::{
    accounts, alerts, applications, attribute_sets, attributes, audit, auto_checks,
};
use super::pages::{
    accounts::Accounts, applications::Applications, attribute_sets::Sets, attributes::Attributes,
    auto_checks::Patterns, deployments::Deployments, domains::Domains,
    fault_definitions::FaultDefinitions, formulas::Formulas, groups::Groups, packages::Packages,
    policies::Policies, projects::Projects, schedules::Schedules, scopes::Scopes, stores::Stores,
    tag_categories::Categories, tags::Tags,
};
use super::pages::{
    data_model, deployments, domains, door, errors, fault_definitions, faults, formulas,
};
use super::pages::{groups, guide, histories, home, lookups, messages, notifications, orphans};
use super::pages::{
    own_password, package, package_folders, package_uploads, packages, platforms, policies,
};
use super::pages::{reference, schedules, scopes, settings, stores, tag_categories, tags, tokens};
use super::{assets, crud, error, preview, urls};

/// Largest form: a deployment that names some ten thousand packages.
const MAX_FORM: usize = 4 << 20;

/// Registers the pages. They are the last edge, since `/` is theirs.
pub fn routes(service: &mut ServiceConfig) {
    service.route("/assets/{hash}/{name}", web::get().to(assets::serve));
    let scope = web::scope("")
        .wrap(from_fn(preview::previews))
        .wrap(from_fn(error::pages))
        .app_data(FormConfig::default().limit(MAX_FORM))
        .app_data(PayloadConfig::new(MAX_FORM))
        .configure(doors)
        .configure(configuration)
        .configure(release)
        .configure(data)
        .default_service(web::to(home::unknown));
    service.service(scope);
}

/// Registers what the forms of the API's reference are sent to: the API once more, for them only.
/// Whoever puts the edges together hands it over; it comes before the pages.
pub fn calls(service: &mut ServiceConfig, api: fn(&mut ServiceConfig)) {
    let scope = web::scope("/docs/{operation}")
        .guard(guard::Post())
        .wrap(from_fn(reference::send::send))
        .wrap(from_fn(error::pages))
        .app_data(FormConfig::default().limit(MAX_FORM))
        .configure(api);
    service.service(scope);
}

/// What somebody needs before and after being signed in.
fn doors(service: &mut ServiceConfig) {
    service
        .route(urls::HOME, web::get().to(home::show))
        .route(urls::DOCS, web::get().to(reference::show))
        .route("/docs/{operation}", web::get().to(reference::operation::show))
        .route(urls::DATA_MODEL, web::get().to(data_model::all))
        .route("/data-model/{list}", web::get().to(data_model::of_list))
        .route(urls::GUIDE, web::get().to(guide::index))
        .route("/guide/{name}", web::get().to(guide::page))
        .route(urls::ALERTS, web::get().to(alerts::show))
        .route(urls::ALERTS_COUNT, web::get().to(alerts::count))
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
        .route("/projects/new", web::get().to(crud::new::<Projects>))
        .route("/projects", web::post().to(crud::add::<Projects>))
        .route("/projects/selection", web::post().to(crud::selected::<Projects>))
        .route("/projects/{id}", web::get().to(crud::edit::<Projects>))
        .route("/projects/{id}", web::post().to(crud::change::<Projects>))
        .route("/projects/{id}/delete", web::get().to(crud::confirm::<Projects>))
        .route("/projects/{id}/delete", web::post().to(crud::delete::<Projects>))
        .route("/platforms", web::get().to(platforms::list))
        .route("/platforms/{id}", web::get().to(platforms::edit))
        .route("/platforms/{id}", web::post().to(platforms::change))
        .route("/platforms/{id}/delete", web::get().to(platforms::confirm))
        .route("/platforms/{id}/delete", web::post().to(platforms::delete))
        .route("/formulas", web::get().to(formulas::list))
        .route("/formulas/new", web::get().to(crud::new::<Formulas>))
        .route("/formulas", web::post().to(crud::add::<Formulas>))
        .route("/formulas/selection", web::post().to(crud::selected::<Formulas>))
        .route("/formulas/{id}", web::get().to(crud::edit::<Formulas>))
        .route("/formulas/{id}", web::post().to(crud::change::<Formulas>))
        .route("/formulas/{id}/delete", web::get().to(crud::confirm::<Formulas>))
        .route("/formulas/{id}/delete", web::post().to(crud::delete::<Formulas>))
        .route("/tag-categories", web::get().to(tag_categories::list))
        .route("/tag-categories/new", web::get().to(crud::new::<Categories>))
        .route("/tag-categories", web::post().to(crud::add::<Categories>))
        .route("/tag-categories/selection", web::post().to(crud::selected::<Categories>))
        .route("/tag-categories/{id}", web::get().to(crud::edit::<Categories>))
        .route("/tag-categories/{id}", web::post().to(crud::change::<Categories>))
        .route("/tag-categories/{id}/delete", web::get().to(crud::confirm::<Categories>))
        .route("/tag-categories/{id}/delete", web::post().to(crud::delete::<Categories>))
        .route("/attribute-sets", web::get().to(attribute_sets::list))
        .route("/attribute-sets/new", web::get().to(crud::new::<Sets>))
        .route("/attribute-sets", web::post().to(crud::add::<Sets>))
        .route("/attribute-sets/selection", web::post().to(crud::selected::<Sets>))
        .route("/attribute-sets/{id}", web::get().to(crud::edit::<Sets>))
        .route("/attribute-sets/{id}", web::post().to(crud::change::<Sets>))
        .route("/attribute-sets/{id}/delete", web::get().to(crud::confirm::<Sets>))
        .route("/attribute-sets/{id}/delete", web::post().to(crud::delete::<Sets>))
        .route("/fault-definitions", web::get().to(fault_definitions::list))
        .route("/fault-definitions/new", web::get().to(crud::new::<FaultDefinitions>))
        .route("/fault-definitions", web::post().to(crud::add::<FaultDefinitions>))
        .route("/fault-definitions/selection", web::post().to(crud::selected::<FaultDefinitions>))
        .route("/fault-definitions/{id}", web::get().to(crud::edit::<FaultDefinitions>))
        .route("/fault-definitions/{id}", web::post().to(crud::change::<FaultDefinitions>))
        .route("/fault-definitions/{id}/delete", web::get().to(crud::confirm::<FaultDefinitions>))
        .route("/fault-definitions/{id}/delete", web::post().to(crud::delete::<FaultDefinitions>))
        .route("/auto-check-errors", web::get().to(auto_checks::list))
        .route("/auto-check-errors/new", web::get().to(crud::new::<Patterns>))
        .route("/auto-check-errors", web::post().to(crud::add::<Patterns>))
        .route("/auto-check-errors/selection", web::post().to(crud::selected::<Patterns>))
        .route("/auto-check-errors/{id}", web::get().to(crud::edit::<Patterns>))
        .route("/auto-check-errors/{id}", web::post().to(crud::change::<Patterns>))
        .route("/auto-check-errors/{id}/delete", web::get().to(crud::confirm::<Patterns>))
        .route("/auto-check-errors/{id}/delete", web::post().to(crud::delete::<Patterns>))
        .route("/accounts", web::get().to(accounts::list))
        .route("/accounts/new", web::get().to(crud::new::<Accounts>))
        .route("/accounts", web::post().to(crud::add::<Accounts>))
        .route("/accounts/selection", web::post().to(crud::selected::<Accounts>))
        .route("/accounts/{id}", web::get().to(crud::edit::<Accounts>))
        .route("/accounts/{id}", web::post().to(crud::change::<Accounts>))
        .route("/accounts/{id}/password", web::post().to(accounts::set_password))
        .route("/accounts/{id}/delete", web::get().to(crud::confirm::<Accounts>))
        .route("/accounts/{id}/delete", web::post().to(crud::delete::<Accounts>))
        .route("/groups", web::get().to(groups::list))
        .route("/groups/new", web::get().to(crud::new::<Groups>))
        .route("/groups", web::post().to(crud::add::<Groups>))
        .route("/groups/selection", web::post().to(crud::selected::<Groups>))
        .route("/groups/{id}", web::get().to(crud::edit::<Groups>))
        .route("/groups/{id}", web::post().to(crud::change::<Groups>))
        .route("/groups/{id}/delete", web::get().to(crud::confirm::<Groups>))
        .route("/groups/{id}/delete", web::post().to(crud::delete::<Groups>))
        .route("/domains", web::get().to(domains::list))
        .route("/domains/new", web::get().to(crud::new::<Domains>))
        .route("/domains", web::post().to(crud::add::<Domains>))
        .route("/domains/selection", web::post().to(crud::selected::<Domains>))
        .route("/domains/{id}", web::get().to(crud::edit::<Domains>))
        .route("/domains/{id}", web::post().to(crud::change::<Domains>))
        .route("/domains/{id}/delete", web::get().to(crud::confirm::<Domains>))
        .route("/domains/{id}/delete", web::post().to(crud::delete::<Domains>))
        .route("/scopes", web::get().to(scopes::list))
        .route("/scopes/new", web::get().to(crud::new::<Scopes>))
        .route("/scopes", web::post().to(crud::add::<Scopes>))
        .route("/scopes/selection", web::post().to(crud::selected::<Scopes>))
        .route("/scopes/{id}", web::get().to(crud::edit::<Scopes>))
        .route("/scopes/{id}", web::post().to(crud::change::<Scopes>))
        .route("/scopes/{id}/delete", web::get().to(crud::confirm::<Scopes>))
        .route("/scopes/{id}/delete", web::post().to(crud::delete::<Scopes>))
        .route(urls::SELECT_DOMAIN, web::post().to(scopes::select_domain))
        .route(urls::SELECT_SCOPE, web::post().to(scopes::select_scope))
        .route("/tokens", web::get().to(tokens::list))
        .route("/tokens", web::post().to(tokens::create))
        .route("/tokens/{id}/delete", web::post().to(tokens::revoke))
        .route("/settings", web::get().to(settings::show))
        .route("/settings", web::post().to(settings::change))
        .route("/audit", web::get().to(audit::list))
        .route("/audit", web::post().to(audit::undo));
}

/// The menu Release.
fn release(service: &mut ServiceConfig) {
    service
        .route("/deployments", web::get().to(deployments::list))
        .route("/deployments/new", web::get().to(deployments::new))
        .route("/deployments", web::post().to(deployments::add))
        .route("/deployments/selection", web::post().to(crud::ticked::<Deployments>))
        .route("/deployments/{id}", web::get().to(deployments::show))
        .route("/deployments/{id}/edit", web::get().to(deployments::edit))
        .route("/deployments/{id}/edit", web::post().to(deployments::save))
        .route("/deployments/{id}/enabled", web::post().to(deployments::switch))
        .route("/deployments/{id}/delete", web::get().to(deployments::confirm))
        .route("/deployments/{id}/move", web::get().to(deployments::moves::form))
        .route("/deployments/{id}/move", web::post().to(deployments::moves::submit))
        .route("/schedules", web::get().to(schedules::list))
        .route("/schedules/new", web::get().to(crud::new::<Schedules>))
        .route("/schedules", web::post().to(crud::add::<Schedules>))
        .route("/schedules/selection", web::post().to(crud::selected::<Schedules>))
        .route("/schedules/{id}", web::get().to(crud::edit::<Schedules>))
        .route("/schedules/{id}", web::post().to(crud::change::<Schedules>))
        .route("/schedules/{id}/delete", web::get().to(crud::confirm::<Schedules>))
        .route("/schedules/{id}/delete", web::post().to(crud::delete::<Schedules>))
        .route("/schedules/{id}/statistics", web::get().to(schedules::statistics::show))
        .route("/schedules/{id}/delays", web::post().to(schedules::delay::add))
        .route("/schedules/{id}/delays/new", web::get().to(schedules::delay::new))
        .route("/schedules/{id}/delays/{delay}", web::get().to(schedules::delay::edit))
        .route("/schedules/{id}/delays/{delay}", web::post().to(schedules::delay::change))
        .route("/schedules/{id}/delays/{delay}/delete", web::post().to(schedules::delay::delete))
        .route("/deployments/{id}/cache", web::get().to(deployments::confirm_emptying))
        .route("/deployments/{id}/cache", web::post().to(deployments::empty))
        .route(urls::BROWSE, web::get().to(package_folders::show))
        .route(urls::SUGGEST_ATTRIBUTES, web::get().to(lookups::suggest_attributes))
        .route(urls::SUGGEST_PACKAGES, web::get().to(lookups::suggest_packages))
        .route("/applications", web::get().to(applications::list))
        .route("/applications/new", web::get().to(crud::new::<Applications>))
        .route("/applications", web::post().to(crud::add::<Applications>))
        .route("/applications/selection", web::post().to(crud::selected::<Applications>))
        .route("/applications/{id}", web::get().to(crud::edit::<Applications>))
        .route("/applications/{id}", web::post().to(crud::change::<Applications>))
        .route("/applications/{id}/icon", web::get().to(applications::icon))
        .route("/applications/{id}/icon", web::post().to(applications::set_icon))
        .route("/applications/{id}/delete", web::get().to(crud::confirm::<Applications>))
        .route("/applications/{id}/delete", web::post().to(crud::delete::<Applications>))
        .route("/policies", web::get().to(policies::list))
        .route("/policies/new", web::get().to(crud::new::<Policies>))
        .route("/policies", web::post().to(crud::add::<Policies>))
        .route("/policies/selection", web::post().to(crud::selected::<Policies>))
        .route("/policies/{id}", web::get().to(crud::edit::<Policies>))
        .route("/policies/{id}", web::post().to(crud::change::<Policies>))
        .route("/policies/{id}/delete", web::get().to(crud::confirm::<Policies>))
        .route("/policies/{id}/delete", web::post().to(crud::delete::<Policies>))
        .route(urls::SUGGEST_TAGS, web::get().to(lookups::suggest_tags))
        .route("/stores", web::get().to(stores::list))
        .route("/stores/new", web::get().to(crud::new::<Stores>))
        .route("/stores", web::post().to(crud::add::<Stores>))
        .route("/stores/selection", web::post().to(crud::selected::<Stores>))
        .route("/stores/{id}", web::get().to(crud::edit::<Stores>))
        .route("/stores/{id}", web::post().to(crud::change::<Stores>))
        .route("/stores/{id}/delete", web::get().to(crud::confirm::<Stores>))
        .route("/stores/{id}/delete", web::post().to(crud::delete::<Stores>))
        .route("/packages", web::get().to(packages::list))
        .route("/packages/selection", web::post().to(crud::ticked::<Packages>))
        .route(urls::UPLOAD, web::get().to(package_uploads::files_form))
        .route(urls::UPLOAD, web::post().to(package_uploads::upload_files))
        .route(urls::UPLOAD_SET, web::get().to(package_uploads::set_form))
        .route(urls::UPLOAD_SET, web::post().to(package_uploads::upload_set))
        .route(urls::ORPHANS, web::get().to(orphans::show))
        .route(urls::ORPHANS, web::post().to(orphans::clean_up))
        .route("/packages/{id}/delete", web::get().to(packages::confirm_one))
        .route("/packages/{id}", web::get().to(package::show));
}

/// The menu Data.
fn data(service: &mut ServiceConfig) {
    service
        .route("/computers", web::get().to(computers::list::list))
        .route("/computers/selection", web::post().to(computers::list::selected))
        .route("/computers/{id}", web::get().to(computers::detail::show))
        .route("/computers/{id}/edit", web::get().to(computers::change::form))
        .route("/computers/{id}/edit", web::post().to(computers::change::save))
        .route("/computers/{id}/key", web::post().to(computers::change::accept_key))
        .route("/computers/{id}/delete", web::get().to(computers::change::delete_form))
        .route("/computers/{id}/attributes", web::get().to(computers::attributes::show))
        .route("/computers/{id}/software", web::get().to(software::packages))
        .route("/computers/{id}/history", web::get().to(software::history))
        .route("/computers/{id}/hardware", web::get().to(computers::hardware::show))
        .route("/computers/{id}/hardware", web::post().to(computers::hardware::capture))
        .route("/computers/{id}/simulation", web::get().to(simulation::show))
        .route("/messages", web::get().to(messages::list))
        .route("/users", web::get().to(histories::users))
        .route("/synchronizations", web::get().to(histories::synchronizations))
        .route("/migrations", web::get().to(histories::migrations))
        .route("/status-logs", web::get().to(histories::status_logs))
        .route("/attributes", web::get().to(attributes::list))
        .route("/attributes/new", web::get().to(crud::new::<Attributes>))
        .route("/attributes", web::post().to(crud::add::<Attributes>))
        .route("/attributes/selection", web::post().to(crud::selected::<Attributes>))
        .route("/attributes/{id}", web::get().to(crud::edit::<Attributes>))
        .route("/attributes/{id}", web::post().to(crud::change::<Attributes>))
        .route("/attributes/{id}/delete", web::get().to(crud::confirm::<Attributes>))
        .route("/attributes/{id}/delete", web::post().to(crud::delete::<Attributes>))
        .route("/tags", web::get().to(tags::list))
        .route("/tags/new", web::get().to(crud::new::<Tags>))
        .route("/tags", web::post().to(crud::add::<Tags>))
        .route("/tags/selection", web::post().to(crud::selected::<Tags>))
        .route("/tags/{id}", web::get().to(crud::edit::<Tags>))
        .route("/tags/{id}", web::post().to(crud::change::<Tags>))
        .route("/tags/{id}/delete", web::get().to(crud::confirm::<Tags>))
        .route("/tags/{id}/delete", web::post().to(crud::delete::<Tags>))
        .route("/errors", web::get().to(errors::list))
        .route("/errors/selection", web::post().to(errors::selected))
        .route("/faults", web::get().to(faults::list))
        .route("/faults/selection", web::post().to(faults::selected))
        .route("/notifications", web::get().to(notifications::list))
        .route("/notifications/selection", web::post().to(notifications::selected));
}
