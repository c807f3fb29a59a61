//! Previews and undoing, through the API as a script uses it.

mod sets;

use actix_web::http::StatusCode;
use actix_web::test::{TestRequest, call_service, init_service, read_body_json};
use actix_web::web::Data;
use proptest::prelude::*;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::app::actor::Actor;
use crate::app::fixtures::{Site, now, package};
use crate::app::tokens::TokenForm;
use crate::http::limits::Limits;
use crate::storage::changes;

/// A site with the API in front.
struct Api {
    site: Site,
    token: String,
}

impl Api {
    async fn new() -> Self {
        let site = Site::new().await;
        let token = site
            .app
            .create_token(&Actor::system(now()), TokenForm::of("admin", "test"))
            .await
            .unwrap();
        Self { site, token }
    }

    /// As [`Api::new`], with ten computers of which the last three are in the network of the lab.
    async fn with_computers() -> Self {
        let api = Self::new().await;
        let added = api.site.app.storage().write(|tx| {
            tx.change_for_tests(
                "INSERT INTO formula (id, prefix, name) VALUES (90, 'LAB', 'lab');
                 INSERT INTO attribute (id, formula_id, value) VALUES (900, 90, 'x');
                 WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
                 INSERT INTO computer (id, uuid, name, project_id, status, created_at, updated_at,
                     sync_start_date)
                 SELECT i, 'U' || i, 'pc' || i, 1, 'intended', 0, 0, 1 FROM n;
                 INSERT INTO computer_attribute (computer_id, attribute_id, valid_from)
                     SELECT id, 1, 0 FROM computer;
                 INSERT INTO computer_attribute (computer_id, attribute_id, valid_from)
                     SELECT id, 900, 0 FROM computer WHERE id > 57;
                 INSERT INTO software VALUES (1, 'acme', '1.0-1', 'all');
                 INSERT INTO software_list VALUES (1, x'01');
                 INSERT INTO software_list_item VALUES (1, 1);
                 UPDATE computer SET software_list_id = 1 WHERE id IN (58, 59);",
            )
        });
        added.await.unwrap();
        api
    }

    async fn send(&self, method: &str, uri: &str, body: Value) -> (StatusCode, Value) {
        let service = init_service(
            actix_web::App::new()
                .app_data(Data::new(self.site.app.clone()))
                .app_data(Data::new(Limits::default()))
                .configure(crate::api::routes),
        )
        .await;
        let request = TestRequest::with_uri(&format!("/api/v1{uri}"))
            .method(method.parse().unwrap())
            .insert_header(("Authorization", format!("Bearer {}", self.token)))
            .set_json(body)
            .to_request();
        let answer = call_service(&service, request).await;
        let status = answer.status();
        match status {
            StatusCode::NO_CONTENT => (status, Value::Null),
            _ => (status, read_body_json(answer).await),
        }
    }

    async fn done(&self, method: &str, uri: &str, body: Value) -> Value {
        let (status, answer) = self.send(method, uri, body).await;
        assert!(status.is_success(), "{method} {uri}: {status} {answer}");
        answer
    }

    fn state(&self) -> String {
        self.site.app.storage().read_now(changes::state_for_tests).unwrap()
    }

    async fn undoable(&self) -> Vec<i64> {
        let log = self.done("GET", "/audit?limit=1000", Value::Null).await;
        let rows = log["items"].as_array().unwrap().iter();
        rows.filter(|row| row["can_be_undone"] == true)
            .map(|row| row["id"].as_i64().unwrap())
            .collect()
    }

    /// What a synchronisation of each computer would bring now.
    async fn simulated(&self) -> Vec<Value> {
        let mut all = Vec::new();
        for id in 1..=60 {
            let uri = format!("/computers/CID-{id}/simulation");
            let mut plan = self.done("GET", &uri, Value::Null).await;
            plan.as_object_mut().unwrap().remove("attributes");
            all.push(plan);
        }
        all
    }
}

fn deployment(name: &str, included: &str) -> Value {
    json!({ "project": "debian-12", "name": name, "start_date": "2024-06-01",
            "included_attributes": [included], "packages_to_install": ["vim"] })
}

#[actix_web::test]
async fn a_preview_says_what_would_happen_and_changes_nothing() {
    let api = Api::with_computers().await;
    let acme = package("acme", "2.0-1", b"two");
    api.site.upload(&api.site.admin, "acme_2.0-1_all.deb", &acme, false).await.unwrap();
    let before = api.state();
    let mut wanted = deployment("lab", "LAB-x");
    wanted["available_packages"] = json!(["acme_2.0-1_all.deb"]);
    let preview = api.done("POST", "/deployments?preview=true", wanted.clone()).await;
    assert_eq!(api.state(), before);
    assert_eq!(
        (&preview["gained"], &preview["lost"], &preview["unchanged"]),
        (&json!(3), &json!(0), &json!(57))
    );
    assert_eq!(
        preview["packages"],
        json!([
            { "package": "vim", "effect": "install", "computers": 3, "bytes": 0 },
            { "package": "acme", "effect": "upgrade", "computers": 2, "bytes": 2 * acme.len() },
        ])
    );
    assert_eq!(preview["gaining"][0]["name"], "pc58");
    assert_eq!(preview["days"].as_array().unwrap().len(), 1, "{preview}");

    // A refusal is a refusal, with preview or without.
    let bad = json!({ "project": "debian-12", "name": "", "included_attributes": [] });
    let (status, _) = api.send("POST", "/deployments?preview=true", bad).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);

    // Twenty computers or more that are a fifth of all: their number has to be typed.
    let id = api.done("POST", "/deployments", deployment("all", "ALL SYSTEMS")).await["id"].clone();
    let uri = format!("/deployments/{id}?preview=true");
    let off = api.done("PATCH", &uri, json!({ "enabled": false })).await;
    assert_eq!((&off["lost"], &off["confirm"]), (&json!(60), &json!(60)));
    let comment = api.done("PATCH", &uri, json!({ "comment": "x" })).await;
    assert_eq!((&comment["changed"], &comment["confirm"]), (&json!(0), &Value::Null));
}

#[actix_web::test]
async fn a_script_that_names_a_number_of_computers_takes_nothing_from_others() {
    let api = Api::with_computers().await;
    let id = api.done("POST", "/deployments", deployment("all", "ALL SYSTEMS")).await["id"].clone();
    let uri = |asked: &str| format!("/deployments/{id}{asked}");
    // asked                             body                     status  number that is told
    let table = [
        ("?confirmed_computers=0", json!({ "enabled": false }), 409, json!(60)),
        ("?confirmed_computers=59", json!({ "enabled": false }), 409, json!(60)),
        ("?confirmed_computers=many", json!({ "enabled": false }), 400, Value::Null),
        ("?confirmed_computers=0", json!({ "comment": "x" }), 200, Value::Null),
        ("?confirmed_computers=0", json!({ "name": "" }), 422, Value::Null),
        ("?confirmed_computers=0&preview=true", json!({ "enabled": false }), 200, json!(60)),
        ("?confirmed_computers=60", json!({ "enabled": false }), 200, Value::Null),
        ("", json!({ "enabled": true }), 200, Value::Null),
        ("", json!({ "enabled": false }), 200, Value::Null), // as scripts always did
    ];
    for (asked, body, expected, number) in table {
        let before = api.state();
        let (status, answer) = api.send("PATCH", &uri(asked), body.clone()).await;
        assert_eq!(status.as_u16(), expected, "{asked} {body}: {answer}");
        assert_eq!(answer.get("confirm").cloned().unwrap_or_default(), number, "{asked} {body}");
        let stays = expected == 200 && !asked.contains("preview");
        assert_eq!(api.state() == before, !stays, "{asked} {body}");
    }
    let (status, answer) = api.send("DELETE", &uri("?confirmed_computers=0"), Value::Null).await;
    assert_eq!(status, StatusCode::NO_CONTENT, "it reaches nobody any more: {answer}");
}

#[actix_web::test]
async fn a_change_is_undone_with_its_repository_and_that_can_be_seen_first() {
    let api = Api::with_computers().await;
    let acme = package("acme", "2.0-1", b"two");
    api.site.upload(&api.site.admin, "acme_2.0-1_all.deb", &acme, false).await.unwrap();
    let mut wanted = deployment("lab", "LAB-x");
    wanted["available_packages"] = json!(["acme_2.0-1_all.deb"]);
    let made = api.done("POST", "/deployments", wanted).await;
    let uri = format!("/deployments/{}", made["id"]);
    let before = api.state();
    api.done("DELETE", &uri, Value::Null).await;
    let newest = api.undoable().await[0];

    let preview = api.done("POST", "/undo?preview=true", json!({ "audit": [newest] })).await;
    assert_eq!(preview["gained"], 3, "{preview}");
    api.done("POST", "/undo", json!({ "audit": [newest] })).await;
    assert_eq!(api.state(), before);
    let again = api.done("GET", &uri, Value::Null).await;
    assert_eq!(again["available_packages"], json!(["acme_2.0-1_all.deb"]));
    assert!(again["generation"].is_string(), "it is published: {again}");

    let (status, problem) = api.send("POST", "/undo", json!({ "audit": [newest] })).await;
    assert_eq!(status, StatusCode::CONFLICT, "{problem}");
    // A reader may undo nothing.
    let reader = api
        .site
        .app
        .create_token(&Actor::system(now()), TokenForm::of("reader", "test"))
        .await
        .unwrap();
    let api = Api { token: reader, ..api };
    let (status, _) = api.send("POST", "/undo", json!({ "audit": [newest + 1] })).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
}

/// Kinds of changes.
const KINDS: u8 = 23;

/// One change, by number: what it is about, and how.
async fn change(api: &Api, what: u8, which: u8, how: u8) -> bool {
    let name = format!("n{}", which % 5);
    let some = ["ALL SYSTEMS", "LAB-x", "LAB-n0", "SET-n1", "DMN-N0"][usize::from(how % 5)];
    let kinds = ["N", "-", "R", "L"];
    let id = |list: Value, field: &str, wanted: &str| -> Option<i64> {
        let found = list["items"].as_array()?.iter().find(|item| item[field] == wanted)?;
        found["id"].as_i64()
    };
    let find = |list: &'static str| async move { api.done("GET", list, Value::Null).await };
    let (method, uri, body) = match what % KINDS {
        0 => ("POST", "/deployments".into(), deployment(&name, some)),
        1..=3 => match id(find("/deployments").await, "name", &name) {
            None => return false,
            Some(id) if what % KINDS == 1 => ("DELETE", format!("/deployments/{id}"), Value::Null),
            Some(id) => {
                let body = match how % 4 {
                    0 => json!({ "enabled": which.is_multiple_of(2) }),
                    1 => json!({ "name": format!("n{}", how % 5) }),
                    2 => {
                        let package =
                            ["acme_2.0-1_all.deb", "set0", "set1"][usize::from(which % 3)];
                        json!({ "available_packages": [package] })
                    }
                    _ => json!({ "excluded_attributes": [some], "packages_to_remove": ["nano"] }),
                };
                ("PATCH", format!("/deployments/{id}"), body)
            }
        },
        4 => ("POST", "/attributes".into(), json!({ "formula": "LAB", "value": name })),
        5 => match id(find("/attributes?formula=90").await, "value", &name) {
            None => return false,
            Some(id) => ("DELETE", format!("/attributes/{id}?confirm=true"), Value::Null),
        },
        6 => (
            "POST",
            "/fault-definitions".into(),
            json!({ "name": name, "language": "bash",
            "code": "true", "included_attributes": [some] }),
        ),
        7 => match id(find("/fault-definitions").await, "name", &name) {
            None => return false,
            Some(id) => ("DELETE", format!("/fault-definitions/{id}?confirm=true"), Value::Null),
        },
        8 => ("POST", "/stores".into(), json!({ "project": "debian-12", "name": name })),
        9 => match id(find("/stores").await, "name", &name) {
            None => return false,
            Some(id) => ("DELETE", format!("/stores/{id}?confirm=true"), Value::Null),
        },
        10 => (
            "POST",
            "/formulas".into(),
            json!({ "prefix": format!("F{}", which % 5), "name": name,
            "language": "bash", "code": "echo" }),
        ),
        11 => match id(find("/formulas").await, "name", &name) {
            None => return false,
            Some(id) => ("DELETE", format!("/formulas/{id}?confirm=true"), Value::Null),
        },
        12 => {
            ("POST", "/projects".into(), json!({ "name": name, "platform": "Linux", "pms": "apt" }))
        }
        13 => match id(find("/projects").await, "name", &name) {
            None => return false,
            Some(id) => ("DELETE", format!("/projects/{id}?confirm=true"), Value::Null),
        },
        // The same package elsewhere in a set, which may be new, or move to another store.
        22 => {
            let bytes = package("acme", "2.0-1", b"two");
            let path = format!("pool{}/acme_2.0-1_all.deb", how % 3);
            let file = json!({ "path": path, "sha256": hex::encode(Sha256::digest(bytes)) });
            let set = json!({ "project": "debian-12", "store": name, "replace": true,
                "name": format!("set{}", how % 2), "files": [file] });
            ("POST", "/upload/set".into(), set)
        }
        kind => {
            let (list, field, add, patch) = match kind {
                14 => (
                    "/attribute-sets",
                    "name",
                    json!({ "name": name, "included_attributes": [some] }),
                    json!({ "excluded_attributes": [some], "enabled": !how.is_multiple_of(3) }),
                ),
                15 => (
                    "/tag-categories",
                    "name",
                    json!({ "prefix": format!("T{}", which % 5),
                    "name": name, "kind": kinds[usize::from(how % 4)] }),
                    json!({ "kind": kinds[usize::from(how / 4 % 4)] }),
                ),
                16 => {
                    let category = find("/tag-categories").await["items"][0]["id"].clone();
                    let value = format!("{name}.x,y");
                    (
                        "/tags",
                        "value",
                        json!({ "category": category, "value": value,
                        "computers": ["CID-1", "CID-58"] }),
                        json!({ "computers": ["CID-2"] }),
                    )
                }
                17 => (
                    "/schedules",
                    "name",
                    json!({ "name": name,
                    "delays": [{ "delay": how % 7, "attributes": [some] }] }),
                    json!({ "delays": [{ "delay": 1, "attributes": [some] }, { "delay": 4 }] }),
                ),
                18 => (
                    "/applications",
                    "name",
                    json!({ "name": name,
                    "available_for_attributes": [some], "packages": { "debian-12": "vim" } }),
                    json!({ "packages": { "debian-12": "nano emacs" }, "score": 1 + how % 5 }),
                ),
                19 => (
                    "/policies",
                    "name",
                    json!({ "name": name, "included_attributes": ["ALL SYSTEMS"],
                    "groups": [{ "priority": 1, "included_attributes": [some],
                                 "applications": if how.is_multiple_of(2) { json!([]) } else { json!([name]) } }] }),
                    json!({ "groups": [{ "priority": 1, "included_attributes": [some] },
                                       { "priority": 2, "included_attributes": [some] }] }),
                ),
                20 => (
                    "/domains",
                    "name",
                    json!({ "name": name, "included_attributes": [some] }),
                    json!({ "excluded_attributes": [some] }),
                ),
                _ => (
                    "/groups",
                    "name",
                    json!({ "name": name, "permissions": ["package:view"] }),
                    json!({ "permissions": ["store:view", "store:add"] }),
                ),
            };
            let wanted = match list {
                "/domains" => name.to_uppercase(),
                "/tags" => format!("{name}.x,y"),
                _ => name.clone(),
            };
            match id(find(list).await, field, &wanted) {
                None => ("POST", list.to_owned(), add),
                Some(id) if how % 5 < 2 => {
                    ("DELETE", format!("{list}/{id}?confirm=true"), Value::Null)
                }
                Some(id) => ("PATCH", format!("{list}/{id}"), patch),
            }
        }
    };
    let (status, answer) = api.send(method, &uri, body).await;
    assert!(!status.is_server_error(), "{method} {uri}: {status} {answer}");
    status.is_success()
}

/// Sets of changes and how many rows of the log are undone at once.
fn run<T>(work: impl Future<Output = T>) -> T {
    actix_web::rt::System::new().block_on(work)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2, max_shrink_iters: 0, ..ProptestConfig::default() })]

    /// Two hundred changes, and the way back: the identical state, ids and all.
    #[test]
    fn whatever_was_changed_undoing_gives_back_the_identical_state(
        steps in prop::collection::vec((any::<u8>(), any::<u8>(), any::<u8>()), 200),
        at_once in 1..40usize,
    ) {
        run(async {
            let api = Api::with_computers().await;
            let acme = package("acme", "2.0-1", b"two");
            api.site.upload(&api.site.admin, "acme_2.0-1_all.deb", &acme, false).await.unwrap();
            let (before, simulated) = (api.state(), api.simulated().await);
            let known = api.undoable().await;
            let mut made = std::collections::BTreeMap::new();
            for (what, which, how) in steps {
                if change(&api, what, which, how).await {
                    *made.entry(what % KINDS).or_insert(0) += 1;
                }
            }
            assert!(made.values().sum::<u32>() > 40 && made.len() > 15, "changes of kinds: {made:?}");
            let mut rows = api.undoable().await;
            rows.retain(|row| !known.contains(row));
            while !rows.is_empty() {
                let part: Vec<i64> = rows.drain(..at_once.min(rows.len())).collect();
                let (status, answer) = api.send("POST", "/undo", json!({ "audit": part })).await;
                assert!(status.is_success(), "{part:?}: {status} {answer}");
                // Others of an operation went with it.
                let left = api.undoable().await;
                rows.retain(|row| left.contains(row));
            }
            assert_eq!(api.state(), before);
            assert_eq!(api.simulated().await, simulated);
        });
    }

    /// What is foretold of each computer is what a synchronisation would then bring.
    #[test]
    fn d_sim_01_a_preview_is_the_difference_of_all_simulations(
        steps in prop::collection::vec((0..4u8, any::<u8>(), any::<u8>()), 12),
    ) {
        run(async {
            let api = Api::with_computers().await;
            let mut before = api.simulated().await;
            for (what, which, how) in steps {
                let preview = foretold(&api, what, which, how).await;
                let Some(preview) = preview else { continue };
                let after = api.simulated().await;
                let differ = before.iter().zip(&after).filter(|(old, new)| served(old) != served(new));
                assert_eq!(preview, differ.count() as i64);
                before = after;
            }
        });
    }
}

/// What of a simulation a computer notices.
fn served(plan: &Value) -> Value {
    let names = |list: &Value, field: &str| -> Vec<String> {
        list.as_array().unwrap().iter().map(|item| item[field].to_string()).collect()
    };
    json!([
        names(&plan["deployments"], "id"),
        names(&plan["install"], "package"),
        names(&plan["remove"], "package")
    ])
}

/// Makes a change whose preview was asked for first, and returns how many computers it named.
async fn foretold(api: &Api, what: u8, which: u8, how: u8) -> Option<i64> {
    let included = ["ALL SYSTEMS", "LAB-x"][usize::from(how % 2)];
    let name = format!("n{}", which % 3);
    let list = api.done("GET", "/deployments", Value::Null).await;
    let known = list["items"].as_array().unwrap().iter().find(|item| item["name"] == name.as_str());
    let (method, uri, body) = match (known, what) {
        (None, _) => ("POST", "/deployments".to_owned(), deployment(&name, included)),
        (Some(item), 0) => ("DELETE", format!("/deployments/{}", item["id"]), Value::Null),
        (Some(item), 1) => (
            "PATCH",
            format!("/deployments/{}", item["id"]),
            json!({ "enabled": how.is_multiple_of(3) }),
        ),
        (Some(item), _) => {
            let body = json!({ "included_attributes": [included],
                "packages_to_remove": if how.is_multiple_of(5) { json!(["nano"]) } else { json!([]) } });
            ("PATCH", format!("/deployments/{}", item["id"]), body)
        }
    };
    let preview = api.done(method, &format!("{uri}?preview=true"), body.clone()).await;
    api.done(method, &uri, body).await;
    preview["changed"].as_i64()
}
