//! The document as the handlers' own types describe it.
//!
//! Built in tests only, where it is compared with the embedded file: the code that builds it is
//! large, and each worker would run it at every start.

use std::collections::BTreeSet;
use std::path::Path;

use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::Type;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ObjectBuilder, PathItem, RefOr, SecurityRequirement};
use utoipa::{Modify, OpenApi};

use crate::api::tests::{Site, get};
use crate::api::{
    accounts, applications, attribute_sets, attributes, auto_check_errors, computers, decisions,
    deployments, domains, errors, events, fault_definitions, faults, formulas, groups,
    notifications, packages, policies, projects, release, schedules, scopes, site, software,
    stores, tag_categories, tags, timelines, tokens, upload, upload_set,
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "migas",
        description = "Lists answer `{\"items\":[…],\"next\":CURSOR|null}` with `?limit=` (up to \
                       1,000) and `?cursor=`. Writes answer the object with its `id`. Errors are \
                       problem documents (RFC 9457). Attributes are named `PREFIX-value`, \
                       packages by file name, computers `CID-7` or `7`. A bearer token is made \
                       with `migas token create`."
    ),
    servers((url = "/api/v1")),
    modifiers(&Finish),
    paths(
        accounts::accounts,
        accounts::show,
        accounts::add,
        accounts::change,
        accounts::remove,
        applications::list,
        applications::show,
        applications::add,
        applications::change,
        applications::remove,
        applications::icon,
        applications::set_icon,
        applications::offered,
        policies::list,
        policies::show,
        policies::add,
        policies::change,
        policies::remove,
        attribute_sets::list,
        attribute_sets::show,
        attribute_sets::add,
        attribute_sets::change,
        attribute_sets::remove,
        attributes::list,
        attributes::show,
        attributes::add,
        attributes::change,
        attributes::remove,
        auto_check_errors::list,
        auto_check_errors::show,
        auto_check_errors::add,
        auto_check_errors::change,
        auto_check_errors::remove,
        computers::list,
        computers::show,
        computers::change,
        computers::remove,
        computers::remove_many,
        computers::change_status,
        computers::attributes,
        computers::attribute_history,
        computers::settings,
        computers::hardware,
        computers::capture_hardware,
        computers::accept_key,
        decisions::why,
        decisions::simulation,
        deployments::list,
        deployments::show,
        deployments::add,
        deployments::change,
        deployments::remove,
        deployments::publish,
        deployments::empty_cache,
        deployments::computers,
        domains::list,
        domains::show,
        domains::add,
        domains::change,
        domains::remove,
        errors::list,
        errors::show,
        errors::check,
        errors::check_many,
        events::synchronizations,
        events::migrations,
        events::status_logs,
        events::situation,
        events::users,
        events::user,
        fault_definitions::list,
        fault_definitions::show,
        fault_definitions::add,
        fault_definitions::change,
        fault_definitions::remove,
        faults::list,
        faults::show,
        faults::check,
        faults::check_many,
        formulas::list,
        formulas::show,
        formulas::add,
        formulas::change,
        formulas::remove,
        groups::list,
        groups::show,
        groups::add,
        groups::change,
        groups::remove,
        notifications::list,
        notifications::show,
        notifications::check,
        notifications::check_many,
        packages::list,
        packages::show,
        packages::remove,
        packages::register,
        packages::information,
        packages::set_files,
        projects::list,
        projects::show,
        projects::add,
        projects::change,
        projects::remove,
        projects::platforms,
        release::regenerate,
        release::duplicate,
        release::relocate,
        release::orphans,
        release::clean_up,
        schedules::list,
        schedules::show,
        schedules::add,
        schedules::change,
        schedules::remove,
        schedules::provided,
        scopes::list,
        scopes::show,
        scopes::add,
        scopes::change,
        scopes::remove,
        scopes::selection,
        scopes::select,
        site::settings,
        site::setting,
        site::change_setting,
        site::reset_setting,
        site::audit,
        site::undo,
        site::alerts,
        site::figures,
        software::software,
        software::history,
        software::holders,
        stores::list,
        stores::show,
        stores::add,
        stores::change,
        stores::remove,
        timelines::show,
        tokens::tokens,
        tokens::add_token,
        tokens::revoke_token,
        tag_categories::list,
        tag_categories::show,
        tag_categories::add,
        tag_categories::change,
        tag_categories::remove,
        tags::list,
        tags::show,
        tags::add,
        tags::change,
        tags::remove,
        upload::upload,
        upload_set::save,
        upload_set::file,
    )
)]
struct Api;

fn document() -> utoipa::openapi::OpenApi {
    Api::openapi()
}

/// What no handler says by itself: the bearer token, and an operation's own name.
struct Finish;

impl Modify for Finish {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let bearer =
            SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
        let components = document.components.get_or_insert_with(Default::default);
        components.add_security_scheme("token", bearer);
        document.security = Some(vec![SecurityRequirement::new::<_, [&str; 0], &str>("token", [])]);
        for (path, item) in &mut document.paths.paths {
            for (method, operation) in operations(item) {
                // Handlers are called `list` or `show` in many files: the path tells them apart.
                let words = path.split(['/', '-', '{', '}', '_']).filter(|word| !word.is_empty());
                let name: Vec<&str> = std::iter::once(method).chain(words).collect();
                operation.operation_id = Some(name.join("_"));
                if method != "get" {
                    operation.parameters.get_or_insert_default().extend(on_trial());
                }
            }
        }
    }
}

/// What every change takes: `?preview=true` and `?confirmed_computers=N`.
fn on_trial() -> [RefOr<Parameter>; 2] {
    let parameter = |name: &str, kind, text: &str| {
        let parameter = ParameterBuilder::new()
            .name(name)
            .parameter_in(ParameterIn::Query)
            .description(Some(text))
            .schema(Some(ObjectBuilder::new().schema_type(kind).build()));
        RefOr::T(parameter.build())
    };
    let preview = "Changes nothing, and answers with what the change would do to computers";
    let confirmed = "Refuses a change, with 409 and their number, that would take something from \
                     more than 50 computers, or from 20 or more that are a fifth of all, unless \
                     this is their number";
    [
        parameter("preview", Type::Boolean, preview),
        parameter("confirmed_computers", Type::Integer, confirmed),
    ]
}

fn operations(
    item: &mut PathItem,
) -> impl Iterator<Item = (&'static str, &mut utoipa::openapi::path::Operation)> {
    [
        ("get", item.get.as_mut()),
        ("post", item.post.as_mut()),
        ("put", item.put.as_mut()),
        ("patch", item.patch.as_mut()),
        ("delete", item.delete.as_mut()),
    ]
    .into_iter()
    .filter_map(|(method, operation)| Some((method, operation?)))
}

/// `get /computers/{cid}` of every route attribute and `web::get()` in this folder.
pub(crate) fn routes_in_source() -> BTreeSet<String> {
    let attribute = regex::Regex::new(r#"(?m)^#\[(get|post|put|patch|delete)\("([^"]+)"\)\]"#);
    let call = regex::Regex::new(r#"route\("([^"]+)", web::(get|post|put|patch|delete)\(\)"#);
    let (attribute, call) = (attribute.unwrap(), call.unwrap());
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/api");
    let mut routes = BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|e| e != "rs") {
            continue;
        }
        let text = std::fs::read_to_string(path).unwrap();
        routes.extend(attribute.captures_iter(&text).map(|c| format!("{} {}", &c[1], &c[2])));
        routes.extend(call.captures_iter(&text).map(|c| format!("{} {}", &c[2], &c[1])));
    }
    routes
}

#[test]
fn d_op_32_the_document_describes_every_route_and_no_other() {
    let mut described = BTreeSet::new();
    for (path, mut item) in document().paths.paths {
        described.extend(operations(&mut item).map(|(method, _)| format!("{method} {path}")));
    }
    let routes = routes_in_source();
    assert!(routes.len() > 60, "{routes:?}");
    let missing: Vec<_> = routes.difference(&described).collect();
    assert!(missing.is_empty(), "add the handlers to `paths` above: {missing:?}");
    let gone: Vec<_> = described.difference(&routes).collect();
    assert!(gone.is_empty(), "described, but no route: {gone:?}");
}

#[test]
fn every_operation_has_a_name_of_its_own_a_summary_and_known_bodies() {
    let value = serde_json::to_value(document()).unwrap();
    let schemas = value["components"]["schemas"].as_object().unwrap();
    let mut names = BTreeSet::new();
    for (path, item) in value["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let name = operation["operationId"].as_str().unwrap();
            assert!(names.insert(name.to_owned()), "{name} stands twice");
            let summary = operation["summary"].as_str().unwrap_or_default();
            assert!(!summary.is_empty(), "{method} {path} has no summary");
        }
    }
    let text = value.to_string();
    let reference = regex::Regex::new(r##""#/components/schemas/([^"]+)""##).unwrap();
    for found in reference.captures_iter(&text) {
        assert!(schemas.contains_key(&found[1]), "schema {} is not there", &found[1]);
    }
}

#[actix_web::test]
async fn d_op_32_the_document_is_served() {
    let site = Site::new().await;
    let (status, document) = site.send(get("/api/openapi.json")).await;
    assert_eq!(status, actix_web::http::StatusCode::OK);
    assert!(document["openapi"].as_str().unwrap().starts_with("3."), "{document}");
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the switch of insta, which `make golden` sets")]
fn the_embedded_document_is_that_of_the_handlers() {
    let described = document().to_pretty_json().unwrap() + "\n";
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/api/openapi.json");
    if std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
        std::fs::write(path, &described).unwrap();
    }
    let embedded = std::fs::read_to_string(path).unwrap();
    assert!(embedded == described, "the API has changed: run `make golden` and review the diff");
}
