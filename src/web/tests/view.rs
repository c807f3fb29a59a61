//! What somebody sees who has a domain or a scope selected: the lists of 6.6, and nothing by
//! guessing ids, on any page and in any call of the API (D-VIEW-01).

use std::collections::BTreeSet;

use actix_web::http::header;
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use actix_web::web::Data;
use regex::Regex;
use serde_json::Value;

use crate::api::tests::Site;
use crate::app::accounts::AccountForm;
use crate::app::actor::Actor;
use crate::app::domains::DomainForm;
use crate::app::tokens::TokenForm;
use crate::domain::groups::DOMAIN_ADMIN;
use crate::http::limits::Limits;

const WAYS: &str = include_str!("../../../testdata/permissions.txt");

/// The small site with a domain GOYA, which computer 1 is in and 2 is not, and things of both
/// projects: 11 (computers 1, 3, 4) and 12 (computer 2).
async fn site() -> Site {
    let site = Site::small_with_key().await;
    let system = Actor::system(crate::clock::now());
    let form = DomainForm {
        name: "Goya".into(),
        included_attributes: vec!["CID-1".into()],
        ..DomainForm::default()
    };
    site.app.add_domain(&system, form).await.unwrap();
    for (name, included) in [("Empty", vec![]), ("Other", vec!["CID-1".to_owned()])] {
        let form = DomainForm {
            name: name.into(),
            included_attributes: included,
            ..DomainForm::default()
        };
        site.app.add_domain(&system, form).await.unwrap();
    }
    for (name, groups, domain) in [
        ("dana", vec!["Reader".into(), DOMAIN_ADMIN.into(), "Liberator".into()], "GOYA"),
        ("emma", vec!["Reader".into(), DOMAIN_ADMIN.into()], "EMPTY"),
    ] {
        let form = AccountForm {
            username: name.into(),
            is_active: true,
            is_staff: true,
            groups,
            domains: vec![domain.into()],
            ..AccountForm::default()
        };
        site.app.add_account(&system, form, "a long password".into()).await.unwrap();
    }
    site.sql(
        "INSERT INTO store (id, project_id, name) VALUES (201, 11, 'acme'), (202, 12, 'acme');
         INSERT INTO payload (id, sha256, size, complete, created_at)
             VALUES (301, zeroblob(32), 1, 1, {0});
         INSERT INTO package (id, project_id, store_id, name, payload_id, registered, created_at,
                 uploaded_at)
             VALUES (401, 11, 201, 'a.deb', 301, 1, {0}, {0}),
                    (402, 12, 202, 'b.deb', 301, 1, {0}, {0});
         INSERT INTO deployment (id, project_id, domain_id, name, slug, enabled, source, start_date)
             VALUES (501, 11, 1, 'goya_own', 'goya_own', 1, 'I', '2023-01-01'),
                    (502, 11, NULL, 'common', 'common', 1, 'I', '2023-01-01'),
                    (503, 11, 2, 'empty_other', 'empty_other', 1, 'I', '2023-01-01'),
                    (504, 12, NULL, 'elsewhere', 'elsewhere', 1, 'I', '2023-01-01');
         INSERT INTO fault_definition_attribute (fault_definition_id, attribute_id, excluded)
             SELECT 81, id, 0 FROM attribute WHERE value = 'ALL SYSTEMS'
             UNION ALL SELECT 82, id, 0 FROM attribute WHERE value = '10.9.0.0/24';
         INSERT INTO formula (id, prefix, name, sort) VALUES (601, 'ROO', 'ROOM', 'server');
         INSERT INTO attribute (id, formula_id, value)
             VALUES (611, 601, 'A'), (612, 601, 'B'), (613, 601, 'C');
         INSERT INTO attribute (id, formula_id, value)
             SELECT 621, formula_id, 'NEAR' FROM attribute WHERE value = 'ALL SYSTEMS'
             UNION ALL SELECT 622, formula_id, 'FAR' FROM attribute WHERE value = 'ALL SYSTEMS';
         INSERT INTO computer_attribute (computer_id, attribute_id, valid_from)
             VALUES (1, 611, {60}), (2, 612, {60});
         INSERT INTO computer_tag (computer_id, attribute_id) VALUES (1, 611), (2, 612);
         INSERT INTO domain_tag (domain_id, attribute_id) VALUES (1, 613);
         INSERT INTO attribute_set (id, name, attribute_id)
             VALUES (631, 'NEAR', 621), (632, 'FAR', 622);
         INSERT INTO attribute_set_attribute (attribute_set_id, attribute_id, excluded)
             VALUES (631, 611, 0), (632, 612, 0), (632, 611, 1);
         INSERT INTO schedule (id, name) VALUES (641, 'spread');
         INSERT INTO schedule_delay (id, schedule_id, delay)
             VALUES (651, 641, 2), (652, 641, 4), (653, 641, 6);
         INSERT INTO schedule_delay_attribute (schedule_delay_id, attribute_id)
             VALUES (651, 611), (652, 612), (653, 613);
         UPDATE deployment SET schedule_id = 641 WHERE id IN (501, 503);
         INSERT INTO deployment (id, project_id, domain_id, name, slug, enabled, source, start_date,
                                 packages_to_install)
             VALUES (505, 11, 3, 'other_secret', 'other_secret', 1, 'I', '2023-01-01', 'tool');
         INSERT INTO deployment_attribute (deployment_id, attribute_id, excluded)
             VALUES (505, 611, 0), (501, 611, 0);",
    )
    .await;
    site
}

/// A caller of both edges.
struct Caller {
    site: Site,
    token: String,
    cookie: String,
    csrf: String,
}

impl Caller {
    async fn of(site: Site, name: &str) -> Self {
        let system = Actor::system(crate::clock::now());
        let token = site.app.create_token(&system, TokenForm::of(name, "")).await.unwrap();
        let password = if name == "admin" { "admin" } else { "a long password" };
        let session = site.app.sign_in(name, password.into(), 1, system.at).await.unwrap();
        let csrf = site.app.find_session(&session.key, system.at).unwrap().unwrap().csrf.unwrap();
        Self { site, token, cookie: format!("migas-session={}", session.key), csrf }
    }

    async fn send(&self, request: TestRequest) -> (u16, String) {
        let service = init_service(
            actix_web::App::new()
                .app_data(Data::new(self.site.app.clone()))
                .app_data(Data::new(Limits::default()))
                .configure(crate::api::routes)
                .configure(crate::web::routes),
        )
        .await;
        let request = request
            .insert_header((header::COOKIE, self.cookie.clone()))
            .insert_header((header::ACCEPT_LANGUAGE, "en"));
        let response = call_service(&service, request.to_request()).await;
        let status = response.status().as_u16();
        (status, String::from_utf8_lossy(&read_body(response).await).into_owned())
    }

    async fn api(&self, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        let request = TestRequest::default()
            .uri(&format!("/api/v1{path}"))
            .method(method.to_uppercase().parse().unwrap())
            .insert_header((header::AUTHORIZATION, format!("Bearer {}", self.token)));
        let request = match body {
            Some(body) => request.set_json(body),
            None => request,
        };
        let (status, body) = self.send(request).await;
        (status, serde_json::from_str(&body).unwrap_or_default())
    }

    async fn page(&self, path: &str) -> (u16, String) {
        self.send(TestRequest::get().uri(path)).await
    }

    async fn post(&self, path: &str, form: &str) -> u16 {
        let request = TestRequest::post()
            .uri(path)
            .insert_header((header::CONTENT_TYPE, "application/x-www-form-urlencoded"))
            .set_payload(format!("csrf={}&{form}", self.csrf));
        self.send(request).await.0
    }

    /// Ids of a list of the API.
    async fn ids(&self, path: &str) -> BTreeSet<i64> {
        let (status, body) = self.api("get", path, None).await;
        assert_eq!(status, 200, "{path}: {body}");
        let items = body["items"].as_array().unwrap().iter();
        items.map(|item| item["id"].as_i64().unwrap()).collect()
    }
}

#[actix_web::test]
#[rustfmt::skip]
async fn the_lists_of_6_6_show_what_belongs_to_the_domain() {
    let caller = Caller::of(site().await, "dana").await;
    // rule        list                   ids in it
    let table: [(&str, &str, &[i64]); 16] = [
        ("D-VIEW-02", "/computers",         &[1]),
        ("D-DOM-04",  "/errors",            &[71, 72]),
        ("D-DOM-04",  "/faults",            &[91, 94]),
        ("D-DOM-04",  "/synchronizations",  &[1, 2]),
        ("D-DOM-04",  "/migrations",        &[2]),
        ("D-DOM-04",  "/status-logs",       &[1]),
        ("D-DOM-04",  "/users",             &[21]),
        ("D-DOM-04",  "/projects",          &[11]),
        ("D-DOM-04",  "/packages",          &[401]),
        ("D-DOM-04",  "/stores",            &[201]),
        ("D-DOM-09",  "/deployments",       &[501, 502]),
        ("D-DEPLOY-07", "/deployments?domain=GOYA", &[501]),
        ("D-DEPLOY-07", "/deployments?domain=OTHER", &[]),
        ("D-DOM-04",  "/fault-definitions", &[1, 2, 81]), // two are for ALL SYSTEMS
        ("D-VIEW-01", "/attribute-sets",    &[631]),
        ("D-VIEW-01", "/tags",              &[611, 613]), // one that the domain offers
    ];
    for (rule, list, expected) in table {
        assert_eq!(caller.ids(list).await, expected.iter().copied().collect(), "{rule}: {list}");
    }
    let (_, attributes) = caller.api("get", "/attributes", None).await;
    let names: Vec<&str> =
        attributes["items"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert!(names.contains(&"CID-1") && names.contains(&"NET-10.0.0.0/24"), "{names:?}");
    assert!(!names.contains(&"CID-2") && !names.contains(&"NET-10.9.0.0/24"), "{names:?}");
    let (_, platforms) = caller.api("get", "/platforms", None).await;
    assert_eq!(platforms["items"].as_array().unwrap().len(), 1, "{platforms}");
    let (_, holders) = caller.api("get", "/software?package=base-files", None).await;
    assert_eq!(holders["items"].as_array().unwrap().len(), 1, "{holders}");
    // Counts are of productive computers in sight (D-GEN-11).
    let all = attributes["items"].as_array().unwrap();
    let all_systems = all.iter().find(|one| one["name"] == "SET-ALL SYSTEMS").unwrap();
    assert_eq!(all_systems["computers"], 1);
    let (_, figures) = caller.api("get", "/figures", None).await;
    assert_eq!(figures["productive_computers"].as_array().unwrap().len(), 1, "{figures}");
    assert_eq!(figures["statuses"], serde_json::json!([["intended", 1]]));
    let (_, alerts) = caller.api("get", "/alerts", None).await;
    let errors = alerts["items"].as_array().unwrap().iter().find(|one| one["alert"] == "unchecked-errors");
    assert_eq!(errors.map(|one| one["count"].as_i64().unwrap()), Some(1), "{alerts}");
}

#[actix_web::test]
async fn d_view_01_delays_out_of_sight_are_not_shown_and_stay() {
    let caller = Caller::of(site().await, "dana").await;
    let (_, schedule) = caller.api("get", "/schedules/641", None).await;
    let numbers = |schedule: &Value| -> Vec<i64> {
        let delays = schedule["delays"].as_array().unwrap().iter();
        delays.map(|delay| delay["delay"].as_i64().unwrap()).collect()
    };
    assert_eq!(numbers(&schedule), [2, 6], "the attribute of one is a tag of the domain");
    assert_eq!(schedule["deployments"], 1, "another domain's is not counted");
    let delays = |number: i64| {
        Some(serde_json::json!({ "delays": [{ "delay": number, "attributes": ["ROO-A"] }] }))
    };
    assert_eq!(caller.api("patch", "/schedules/641", delays(4)).await.0, 422, "it is taken");
    let (status, changed) = caller.api("patch", "/schedules/641", delays(3)).await;
    assert_eq!((status, numbers(&changed)), (200, vec![3]), "{changed}");
    let left = "SELECT sum(delay) FROM schedule_delay WHERE schedule_id = 641";
    assert_eq!(caller.site.number(left).await, 3 + 4);
    assert_eq!(caller.page("/schedules/641/delays/4").await.0, 404);
    let (_, body) = caller.api("delete", "/schedules/641", None).await;
    let told = body.to_string();
    assert!(told.contains("goya_own, +1") && !told.contains("empty_other"), "{told}");
}

#[actix_web::test]
async fn d_view_01_reasons_and_orders_name_no_deployment_of_another_domain() {
    let site = site().await;
    let everybody = Caller::of(site, "admin").await;
    let ways = ["/computers/1/why?package=tool", "/computers/1/simulation", "/tags/611"];
    let own = ["/computers/1/why?package=tool", "/computers/1/simulation", "/attributes/611"];
    for way in ways {
        let (status, body) = everybody.api("get", way, None).await;
        assert_eq!(status, 200, "{way}: {body}");
        assert!(body.to_string().contains("other_secret"), "{way}: {body}");
    }
    let caller = Caller::of(everybody.site, "dana").await;
    for way in ways.into_iter().chain(own) {
        let (status, body) = caller.api("get", way, None).await;
        assert_eq!(status, 200, "{way}: {body}");
        assert!(!body.to_string().contains("other_secret"), "{way}: {body}");
    }
    let (_, simulation) = caller.api("get", "/computers/1/simulation", None).await;
    let order = serde_json::json!([{ "package": "tool", "deployments": [], "policies": [] }]);
    assert_eq!(simulation["install"], order, "what the computer is given stays true");
    let (_, tag) = caller.api("get", "/tags/611", None).await;
    // Of the deployment and of the set that excludes it.
    assert_eq!(tag["named_by"]["out_of_sight"], 2, "{tag}");
    let html = caller.page("/tags/611").await.1;
    assert!(html.contains("2 more that the selected domain") && !html.contains("FAR"), "{html}");
}

#[actix_web::test]
async fn d_gen_11_d_view_01_a_domain_without_computers_shows_nothing() {
    let caller = Caller::of(site().await, "emma").await;
    for list in [
        "/computers",
        "/errors",
        "/faults",
        "/synchronizations",
        "/migrations",
        "/status-logs",
        "/users",
        "/projects",
        "/packages",
        "/stores",
        "/deployments",
        "/fault-definitions",
        "/attributes",
        "/attribute-sets",
        "/tags",
    ] {
        assert!(caller.ids(list).await.is_empty(), "{list}");
    }
    let told = "There is nothing here of the selected domain or scope.";
    assert!(caller.page("/stores").await.1.contains(told), "D-UI-03");
}

#[actix_web::test]
async fn d_scope_04_a_scope_narrows_further_and_only_the_own_view() {
    let caller = Caller::of(site().await, "admin").await;
    let all = caller.ids("/computers").await;
    let scope = serde_json::json!({ "name": "office", "included_attributes": ["NET-10.0.0.0/24"],
                                    "excluded_attributes": ["CID-2"] });
    let (status, made) = caller.api("post", "/scopes", Some(scope)).await;
    assert_eq!(status, 201, "{made}");
    let select = serde_json::json!({ "domain": null, "scope": made["id"] });
    assert_eq!(caller.api("put", "/selection", Some(select)).await.0, 200);
    assert_eq!(caller.ids("/computers").await, BTreeSet::from([1]));
    assert_eq!(caller.page("/computers/2").await.0, 404);
    assert!(caller.page("/").await.1.contains("office"));
    let everything = serde_json::json!({ "domain": null });
    caller.api("put", "/selection", Some(everything)).await;
    assert_eq!(caller.ids("/computers").await, all);
}

/// What is out of sight of `dana`: the first segment of a path, and an id.
const OUTSIDE: &[(&str, i64)] = &[
    ("computers", 2),
    ("computers", 3),
    ("errors", 73),
    ("faults", 92),
    ("users", 22),
    ("projects", 12),
    ("packages", 402),
    ("stores", 202),
    ("deployments", 503),
    ("deployments", 504),
    ("deployments", 505),
    ("fault-definitions", 82),
    ("attribute-sets", 632),
    ("tags", 612),
];

#[actix_web::test]
async fn d_view_01_nothing_outside_is_reached_by_guessing_ids() {
    let site = site().await;
    // Even with every right of every group.
    site.sql(
        "INSERT OR IGNORE INTO account_member (account_id, group_id)
              SELECT account.id, account_group.id FROM account, account_group
              WHERE username = 'dana' AND name <> 'Nothing'",
    )
    .await;
    let attribute = site.number("SELECT id FROM attribute WHERE value = '10.9.0.0/24'").await;
    let platform = site.number("SELECT id FROM platform WHERE name = 'Haiku'").await;
    let caller = Caller::of(site, "dana").await;
    let mut outside = OUTSIDE.to_vec();
    outside.extend([("attributes", attribute), ("platforms", platform)]);
    let placeholder = Regex::new(r"\{\w+\}").unwrap();
    let (mut tried, mut open) = (0, Vec::new());
    for line in WAYS.lines().filter(|line| !line.starts_with('#')) {
        let fields: Vec<&str> = line.split('|').map(str::trim).collect();
        let (method, path) = fields[1].split_once(' ').unwrap();
        let body = fields.get(3).copied().unwrap_or_default();
        let kind = path.trim_start_matches('/').split('/').next().unwrap();
        for (_, id) in outside.iter().filter(|(one, _)| *one == kind) {
            let by_id = placeholder.is_match(path);
            // Lists of ids in a body reach things too.
            let body = body.replace("999", &id.to_string());
            if !by_id && !body.contains(&id.to_string()) {
                continue;
            }
            let path = placeholder.replace_all(path, id.to_string());
            let status = match (fields[0], method) {
                ("api", _) => {
                    let body = serde_json::from_str(&body).ok();
                    caller.api(method, &path, body).await.0
                }
                (_, "get") => caller.page(&path).await.0,
                (_, _) => caller.post(&path, &body).await,
            };
            tried += 1;
            // What is checked off as a selection leaves out what is not there.
            let skipped = path.ends_with("/check") || path.ends_with("/selection");
            if !matches!(status, 403 | 404) && !skipped {
                open.push(format!("{} {method} {path}: {status}", fields[0]));
            }
        }
    }
    assert!(open.is_empty(), "{} of {tried} are open:\n{}", open.len(), open.join("\n"));
    println!("{tried} guesses of ids, none open");
    assert!(tried > 150, "{tried}");
    let untouched = "SELECT (SELECT count(*) FROM computer) * 1000 + (SELECT count(*) FROM error
                     WHERE checked = 1) * 100 + (SELECT count(*) FROM fault WHERE checked = 1) * 10
                     + (SELECT count(*) FROM computer WHERE status = 'available')";
    assert_eq!(caller.site.number(untouched).await, 4110);
}

#[actix_web::test]
async fn d_dom_09_deployments_of_a_domain_admin_are_its_domains() {
    let caller = Caller::of(site().await, "dana").await;
    let new = |domain: Option<&str>| {
        let mut body = serde_json::json!({ "project": "debian-12", "name": "printers" });
        if let Some(domain) = domain {
            body["domain"] = domain.into();
        }
        body
    };
    for other in ["EMPTY", ""] {
        let (status, _) = caller.api("post", "/deployments", Some(new(Some(other)))).await;
        assert_eq!(status, 403, "another domain, or none: {other}");
    }
    let (status, made) = caller.api("post", "/deployments", Some(new(None))).await;
    assert_eq!(
        (status, &made["name"], &made["domain"]),
        (201, &"goya_printers".into(), &"GOYA".into())
    );
    let change = Some(serde_json::json!({ "comment": "mine now" }));
    let own = format!("/deployments/{}", made["id"]);
    assert_eq!(caller.api("patch", &own, change.clone()).await.0, 200);
    // One without domain is read-only.
    assert_eq!(caller.api("get", "/deployments/502", None).await.0, 200);
    assert_eq!(caller.api("patch", "/deployments/502", change).await.0, 403);
    assert_eq!(caller.api("delete", "/deployments/502", None).await.0, 403);
    assert!(!caller.page("/deployments/502").await.1.contains("/deployments/502/edit"));
    assert!(caller.page("/deployments/501").await.1.contains("/deployments/501/edit"));
    assert!(caller.page("/deployments/502/edit").await.1.contains("readonly"));
    assert_eq!(caller.api("delete", &own, None).await.0, 204);
}
