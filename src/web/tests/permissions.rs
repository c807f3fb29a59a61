//! The matrix: every role asks for everything there is, by page and by API (D-PERM-01, D-PERM-03).
//!
//! `testdata/permissions.txt` says what each route needs. A request that lacks a right is answered
//! 403 whatever else is wrong with it, and one that has all of them never is.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use actix_web::http::header;
use actix_web::test::{TestRequest, call_service, init_service};
use actix_web::web::Data;
use regex::Regex;

use crate::api::tests::Site;
use crate::app::actor::Actor;
use crate::app::domains::DomainForm;
use crate::app::tokens::TokenForm;
use crate::domain::account::Permission;
use crate::domain::groups::{DOMAIN_ADMIN, default_groups};
use crate::http::limits::Limits;

const WAYS: &str = include_str!("../../../testdata/permissions.txt");

/// One way into the site.
struct Way {
    edge: &'static str,
    method: &'static str,
    path: &'static str,
    needs: &'static str,
    body: &'static str,
}

fn ways() -> Vec<Way> {
    let lines = WAYS.lines().filter(|line| !line.starts_with('#'));
    let ways = lines.map(|line| {
        let fields: Vec<&str> = line.split('|').map(str::trim).collect();
        let (method, path) = fields[1].split_once(' ').unwrap();
        let body = fields.get(3).copied().unwrap_or_default();
        Way { edge: fields[0], method, path, needs: fields[2], body }
    });
    ways.collect()
}

/// Somebody with the rights of one group, of none, or with all.
struct Role {
    name: String,
    superuser: bool,
    rights: BTreeSet<Permission>,
    token: String,
    cookie: String,
    csrf: String,
}

impl Role {
    /// Makes the account.
    async fn new(site: &Site, name: &str, group: Option<&str>, superuser: bool) -> Self {
        let system = Actor::system(crate::clock::now());
        let form = crate::app::accounts::AccountForm {
            username: name.into(),
            is_active: true,
            is_staff: true,
            is_superuser: superuser,
            groups: group.map(str::to_owned).into_iter().collect(),
            domains: group
                .filter(|name| *name == DOMAIN_ADMIN)
                .map(|_| "GOYA".into())
                .into_iter()
                .collect(),
            ..Default::default()
        };
        let password = "a long password".to_owned();
        site.app.add_account(&system, form, password.clone()).await.unwrap();
        let token = site.app.create_token(&system, TokenForm::of(name, "")).await.unwrap();
        let session = site.app.sign_in(name, password, 1, system.at).await.unwrap();
        let csrf = site.app.find_session(&session.key, system.at).unwrap().unwrap().csrf.unwrap();
        let rights = default_groups().into_iter().find(|(known, _)| Some(*known) == group);
        Self {
            name: name.into(),
            superuser,
            rights: rights.map(|(_, rights)| rights).unwrap_or_default(),
            token,
            cookie: format!("migas-session={}", session.key),
            csrf,
        }
    }

    fn may(&self, needs: &str) -> bool {
        self.superuser
            || match needs {
                "anyone" => true,
                "superuser" => false,
                rights => rights
                    .split('+')
                    .all(|right| self.rights.contains(&Permission::parse(right).unwrap())),
            }
    }

    /// The request with this id where the way names one.
    fn request(&self, way: &Way, id: &str) -> TestRequest {
        let placeholder = Regex::new(r"\{(\w+)\}").unwrap();
        let path = placeholder.replace_all(way.path, |found: &regex::Captures<'_>| {
            if &found[1] == "name" { "ORGANIZATION".to_owned() } else { id.to_owned() }
        });
        let prefix = if way.edge == "api" { "/api/v1" } else { "" };
        let request = TestRequest::default()
            .uri(&format!("{prefix}{path}"))
            .method(way.method.to_uppercase().parse().unwrap());
        let body = way.body.replace("999", id);
        if way.edge == "api" {
            let bearer = format!("Bearer {}", self.token);
            let request = request.insert_header((header::AUTHORIZATION, bearer));
            return match serde_json::from_str::<serde_json::Value>(&body) {
                Ok(json) => request.set_json(json),
                Err(_) => request,
            };
        }
        let request = request.insert_header((header::COOKIE, self.cookie.clone()));
        match (way.method, body.as_str()) {
            ("get", _) => request,
            (_, "multipart") => {
                let part = |name: &str, more: &str, value: &str| {
                    format!(
                        "--b\r\nContent-Disposition: form-data; name=\"{name}\"{more}\r\n\r\n{value}\r\n"
                    )
                };
                let parts = [
                    part("csrf", "", &self.csrf),
                    part("project", "", "debian-12"),
                    part("store", "", "x1"),
                    part("file", "; filename=\"x_1_all.deb\"", "no package"),
                ];
                request
                    .insert_header((header::CONTENT_TYPE, "multipart/form-data; boundary=b"))
                    .set_payload(parts.concat() + "--b--\r\n")
            }
            (_, fields) => request
                .insert_header((header::CONTENT_TYPE, "application/x-www-form-urlencoded"))
                .set_payload(format!("csrf={}&{fields}", self.csrf)),
        }
    }
}

/// Something that is there, for each kind of thing: what is refused is refused about that.
fn there(path: &str) -> &'static str {
    match path.trim_start_matches('/').split('/').next().unwrap_or_default() {
        "attributes" => "4",
        "deployments" => "501",
        "errors" => "71",
        "fault-definitions" => "81",
        "faults" => "91",
        "notifications" => "101",
        "packages" => "401",
        "projects" => "11",
        "tag-categories" => "601",
        "tags" => "602",
        "stores" => "201",
        "users" => "21",
        _ => "1",
    }
}

/// The small site with one more thing of each kind.
async fn site() -> Site {
    let site = Site::small_with_key().await;
    site.sql(
        "INSERT INTO store (id, project_id, name) VALUES (201, 11, 'acme');
         INSERT INTO payload (id, sha256, size, complete, created_at)
             VALUES (301, zeroblob(32), 1, 1, {0});
         INSERT INTO package (id, project_id, store_id, name, payload_id, registered, created_at,
                 uploaded_at)
             VALUES (401, 11, 201, 'a.deb', 301, 1, {0}, {0});
         INSERT INTO deployment (id, project_id, name, slug, start_date)
             VALUES (501, 11, 'one', 'one', '2023-01-01');
         INSERT INTO auto_check_error (id, message) VALUES (1, 'x');
         INSERT INTO application (id, name, icon, icon_type, created_at)
             VALUES (1, 'x', zeroblob(1), 'image/png', {0});
         INSERT INTO policy (id, name) VALUES (1, 'x');
         INSERT INTO formula (id, prefix, name, sort) VALUES (601, 'UBI', 'place', 'server');
         INSERT INTO attribute (id, formula_id, value) VALUES (602, 601, 'MADRID'),
             (603, (SELECT id FROM formula WHERE prefix = 'SET'), 'lab');
         INSERT INTO attribute_set (id, name, attribute_id) VALUES (1, 'lab', 603);
         INSERT INTO attribute_set_attribute VALUES (1, 1, 0);
         INSERT INTO computer_tag VALUES (1, 602);
         INSERT INTO computer_attribute (computer_id, attribute_id, valid_from) VALUES (1, 602, {0});",
    )
    .await;
    site
}

/// The roles: each group alone, nobody, and who may do everything.
async fn roles(site: &Site) -> Vec<Role> {
    let system = Actor::system(crate::clock::now());
    // Its administrator sees the computer 1 and what belongs to it.
    let domain = DomainForm {
        name: "goya".into(),
        included_attributes: vec!["CID-1".into()],
        ..DomainForm::default()
    };
    site.app.add_domain(&system, domain).await.unwrap();
    let mut roles = vec![
        Role::new(site, "with-nothing", None, false).await,
        Role::new(site, "with-everything", None, true).await,
    ];
    for (number, (group, _)) in default_groups().into_iter().enumerate() {
        roles.push(Role::new(site, &format!("only-{number}"), Some(group), false).await);
    }
    roles
}

#[actix_web::test]
async fn d_perm_01_d_perm_03_no_cell_of_the_matrix_is_open() {
    let site = site().await;
    let roles = roles(&site).await;
    let service = init_service(
        actix_web::App::new()
            .app_data(Data::new(site.app.clone()))
            .app_data(Data::new(Limits::default()))
            .configure(crate::api::routes)
            .configure(|service| crate::web::calls(service, crate::api::routes))
            .configure(crate::web::routes),
    )
    .await;
    let (mut denied, mut granted, mut wrong) = (0, 0, Vec::new());
    let ways = ways();
    let ways: Vec<&Way> = ways.iter().filter(|way| way.needs != "open").collect();
    // Whoever lacks a right is refused, about things that are there. Nothing is changed by that.
    let before = site.number("SELECT count(*) FROM audit").await;
    for way in &ways {
        for role in roles.iter().filter(|role| !role.may(way.needs)) {
            let request = role.request(way, there(way.path));
            let status = call_service(&service, request.to_request()).await.status().as_u16();
            if status != 403 {
                let Way { edge, method, path, .. } = way;
                wrong.push(format!("{} {edge} {method} {path}: got {status}", role.name));
            }
            denied += 1;
        }
    }
    assert!(wrong.is_empty(), "{} of {denied} are open:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(site.number("SELECT count(*) FROM audit").await, before);
    // Whoever has the rights is not, about things that are not there.
    for way in &ways {
        for role in roles.iter().filter(|role| role.may(way.needs)) {
            let request = role.request(way, "999");
            let status = call_service(&service, request.to_request()).await.status().as_u16();
            if matches!(status, 401 | 403 | 500..) {
                let Way { edge, method, path, .. } = way;
                wrong.push(format!("{} {edge} {method} {path}: got {status}", role.name));
            }
            granted += 1;
        }
    }
    assert!(wrong.is_empty(), "{} of {granted} are shut:\n{}", wrong.len(), wrong.join("\n"));
    let cells = denied + granted;
    println!("{cells} cells, {} ways by {} roles: {denied} denied", ways.len(), roles.len());
    assert!(cells > 2_000 && denied > 1_500, "{cells} cells, {denied} denied");
}

/// `method path` of every route in the source of the pages.
fn pages_in_source() -> BTreeSet<String> {
    let source = |name: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web").join(name);
        std::fs::read_to_string(path).unwrap()
    };
    let constant = Regex::new(r#"pub const (\w+): &str = "([^"]+)""#).unwrap();
    let urls = source("urls.rs");
    let urls: BTreeMap<&str, &str> = constant
        .captures_iter(&urls)
        .map(|found| (found.get(1).unwrap().as_str(), found.get(2).unwrap().as_str()))
        .collect();
    let route = Regex::new(r#"\.route\(\s*(?:"([^"]+)"|urls::(\w+)),\s*web::(\w+)\(\)"#).unwrap();
    let routes = source("routes.rs");
    let found = route.captures_iter(&routes).map(|found| {
        let path = found.get(1).map_or_else(|| urls[&found[2]], |path| path.as_str());
        format!("page {} {path}", &found[3])
    });
    // Registered with the API behind it (`web::calls`).
    found.chain([format!("page post {}/{{operation}}", urls["DOCS"])]).collect()
}

#[test]
fn d_perm_03_the_matrix_knows_every_route_and_no_other() {
    let mut routes = pages_in_source();
    let of_api = crate::api::openapi::routes_in_source();
    routes.extend(of_api.into_iter().map(|route| format!("api {route}")));
    let known: BTreeSet<String> = ways()
        .iter()
        .map(|way| {
            let path = way.path.split('?').next().unwrap_or_default();
            format!("{} {} {path}", way.edge, way.method)
        })
        .collect();
    let missing: Vec<_> = routes.difference(&known).collect();
    assert!(missing.is_empty(), "testdata/permissions.txt lacks {missing:#?}");
    let gone: Vec<_> = known.difference(&routes).collect();
    assert!(gone.is_empty(), "testdata/permissions.txt has no route for {gone:#?}");
}
