//! Settings, alerts, figures, the audit log, events and users through the API.

use actix_web::http::StatusCode;
use actix_web::test::TestRequest;
use serde_json::{Value, json};

use crate::api::tests::{Site, get, patch, post};
use crate::domain::ids::PlatformId;

fn put(path: &str, body: Value) -> TestRequest {
    TestRequest::put().uri(path).set_json(body)
}

fn ids(page: &Value) -> Vec<i64> {
    page["items"].as_array().unwrap().iter().map(|item| item["id"].as_i64().unwrap()).collect()
}

#[actix_web::test]
async fn d_srv_30_a_setting_tells_where_it_comes_from_and_acts_at_once() {
    let site = Site::small().await;
    let path = "/api/v1/settings/COMPUTER_SEARCH_FIELDS";
    let (_, setting) = site.send(get(path)).await;
    assert_eq!((&setting["value"], &setting["origin"]), (&json!("id, name"), &json!("default")));
    let (status, setting) = site.send(put(path, json!({ "value": "NAME ip_address" }))).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(
        (&setting["value"], &setting["origin"]),
        (&json!("name, ip_address"), &json!("site"))
    );
    let (_, computer) = site.send(get("/api/v1/computers/1")).await;
    assert_eq!(computer["display_name"], "pc-one (CID-1)");
    let (status, _) = site.send(put(path, json!({ "value": "colour" }))).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let (_, setting) = site.send(TestRequest::delete().uri(path)).await;
    assert_eq!((&setting["value"], &setting["origin"]), (&json!("id, name"), &json!("default")));
    let changes = "SELECT count(*) FROM audit WHERE object_kind = 'setting'";
    assert_eq!(site.number(changes).await, 2);
    assert_eq!(site.send(get("/api/v1/settings/TEA")).await.0, StatusCode::NOT_FOUND);
    let (status, _) = site.send_as("configurator", put(path, json!({ "value": "id" }))).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
}

#[actix_web::test]
async fn alerts_count_what_waits_for_the_account() {
    let site = Site::new().await;
    let (_, alerts) = site.send(get("/api/v1/alerts")).await;
    assert_eq!(("D-ALERT-11", &alerts["total"]), ("D-ALERT-11", &json!(0)), "{alerts}");
    let site = Site::small().await;
    let (_, alerts) = site.send(get("/api/v1/alerts")).await;
    let count = |alerts: &Value, name: &str| {
        let items = alerts["items"].as_array().unwrap();
        items
            .iter()
            .find(|item| item["alert"] == name)
            .map_or(0, |item| item["count"].as_i64().unwrap())
    };
    // rule           alert                      count
    let table = [
        ("D-ALERT-01", "unchecked-errors", 2),
        ("D-ALERT-02", "unchecked-faults", 3),
        ("D-ALERT-03", "unchecked-notifications", 2),
        ("D-ALERT-04", "orphan-packages", 0),
    ];
    for (rule, name, expected) in table {
        assert_eq!(count(&alerts, name), expected, "{rule}: {alerts}");
    }
    site.sql(
        "INSERT INTO fault_definition_account
             SELECT 83, id FROM account WHERE username = 'packager'",
    )
    .await;
    let (_, alerts) = site.send_as("checker", get("/api/v1/alerts")).await;
    assert_eq!(("D-FAULT-05", count(&alerts, "unchecked-faults")), ("D-FAULT-05", 2));
    let order: Vec<&Value> =
        alerts["items"].as_array().unwrap().iter().map(|item| &item["level"]).collect();
    assert_eq!(
        ("D-ALERT-10", order),
        ("D-ALERT-10", vec![&json!("warning"), &json!("danger"), &json!("danger")])
    );
}

#[actix_web::test]
async fn d_alert_13_who_may_not_see_computers_has_no_alerts() {
    let site = Site::small().await;
    site.sql("INSERT INTO account (username, date_joined) VALUES ('nobody', 0)").await;
    let (status, _) = site.send_as("nobody", get("/api/v1/alerts")).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let (status, _) = site.send_as("nobody", get("/api/v1/figures")).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
}

#[actix_web::test]
async fn d_stats_03_d_status_10_figures_count_productive_computers_by_project() {
    let site = Site::small().await;
    let (_, figures) = site.send(get("/api/v1/figures")).await;
    let named = |list: &Value| -> Vec<(String, i64)> {
        let items = list.as_array().unwrap().iter();
        items
            .map(|f| (f["of"]["name"].as_str().unwrap().to_owned(), f["count"].as_i64().unwrap()))
            .collect()
    };
    let two = |first: &str, a, second: &str, b| vec![(first.to_owned(), a), (second.to_owned(), b)];
    assert_eq!(named(&figures["productive_computers"]), two("haiku-1", 1, "debian-12", 1));
    assert_eq!(named(&figures["unchecked_errors"]), two("haiku-1", 1, "debian-12", 1));
    assert_eq!(named(&figures["unchecked_faults"]).len(), 3);
    assert_eq!(figures["synchronised_days"].as_array().unwrap().len(), 35);
    assert_eq!(figures["synchronised_hours"].as_array().unwrap().len(), 72);
}

#[actix_web::test]
async fn d_gen_10_the_history_of_an_object_tells_who_when_and_what() {
    let site = Site::small().await;
    site.send(patch("/api/v1/computers/1", json!({ "comment": "a" }))).await;
    site.send(patch("/api/v1/computers/1", json!({ "comment": "b" }))).await;
    let path = "/api/v1/audit?object_kind=computer&object_id=1";
    let (_, page) = site.send(get(path)).await;
    let change = &page["items"][0];
    assert_eq!((&change["actor"], &change["action"]), (&json!("admin"), &json!("change")));
    assert_eq!(
        (&change["before"], &change["after"]),
        (&json!({ "comment": "a" }), &json!({ "comment": "b" }))
    );
    assert!(change["at"].is_string());
    let (_, page) = site.send(get(&format!("{path}&limit=1"))).await;
    assert!(page["next"].is_string());
    let (status, _) = site.send_as("reader", get(path)).await;
    assert_eq!(status, StatusCode::OK);
    let (status, _) = site.send_as("reader", get("/api/v1/audit")).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let (status, _) = site.send(get("/api/v1/audit?object_kind=colour")).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[actix_web::test]
async fn events_are_read_only_and_filtered() {
    let site = Site::small().await;
    // rule         path                                            found
    let table = [
        ("D-MIG-02", "/api/v1/migrations", 4),
        ("D-MIG-02", "/api/v1/migrations?computer=CID-1", 2),
        ("D-MIG-02", "/api/v1/migrations?project=12", 2),
        ("D-MIG-02", "/api/v1/migrations?to=2023-11-14T22:13:25Z", 1),
        ("D-MIG-02", "/api/v1/status-logs", 4),
        ("D-MIG-02", "/api/v1/status-logs?status=reserved", 1),
        ("D-MIG-02", "/api/v1/status-logs?from=2023-11-15", 0),
        ("D-MSG-02", "/api/v1/synchronizations", 3),
        ("D-MSG-02", "/api/v1/synchronizations?user=21", 2),
        ("D-MSG-02", "/api/v1/synchronizations?ok=false", 1),
        ("D-USR-01", "/api/v1/users", 2),
        ("D-USR-01", "/api/v1/users?search=n%C3%BA%C3%B1ez", 1),
    ];
    for (rule, path, expected) in table {
        let (status, page) = site.send(get(path)).await;
        assert_eq!(status, StatusCode::OK, "{rule}: {path} {page}");
        assert_eq!(ids(&page).len(), expected, "{rule}: {path}");
        let path = path.split('?').next().unwrap();
        let (status, _) = site.send(post(path, json!({}))).await;
        assert!(status.is_client_error(), "{rule}: {path} is read-only");
    }
    let (_, user) = site.send(get("/api/v1/users/21")).await;
    assert_eq!((&user["fullname"], &user["computers"]), (&json!("Ana Núñez"), &json!(1)));
}

#[actix_web::test]
async fn d_mig_03_the_situation_of_a_computer_at_a_moment() {
    let site = Site::small().await;
    let ask = async |at: &str| {
        let path = format!("/api/v1/computers/1/situation?at={at}");
        site.send(get(&path)).await.1
    };
    assert_eq!(ask("2023-11-14T22:13:00Z").await, Value::Null);
    let then = ask("2023-11-14T22:13:20Z").await;
    assert_eq!(
        (&then["project"]["name"], &then["platform"]["name"]),
        (&json!("haiku-1"), &json!("Haiku"))
    );
    let now = ask("2023-11-15").await;
    assert_eq!(
        (&now["project"]["name"], &now["status"]),
        (&json!("debian-12"), &json!("intended"))
    );
}

#[actix_web::test]
async fn d_acc_07_accounts_and_tokens_show_no_secret() {
    let site = Site::new().await;
    let body = json!({ "username": "ana", "password": "long enough", "is_active": true, "groups": ["Reader"] });
    let (status, account) = site.send(post("/api/v1/accounts", body)).await;
    assert_eq!((status, &account["groups"]), (StatusCode::CREATED, &json!(["Reader"])));
    assert!(account.get("password").is_none() && account.get("password_hash").is_none());
    let path = format!("/api/v1/accounts/{}", account["id"]);
    let (_, account) = site.send(patch(&path, json!({ "is_active": false }))).await;
    assert_eq!((&account["is_active"], &account["username"]), (&json!(false), &json!("ana")));
    let body = json!({ "username": "reader", "name": "script" });
    let (status, token) = site.send(post("/api/v1/tokens", body.clone())).await;
    assert_eq!(status, StatusCode::CREATED);
    assert!(token["secret"].as_str().unwrap().len() > 20);
    let (_, tokens) = site.send(get("/api/v1/tokens")).await;
    let made = tokens["items"].as_array().unwrap().iter().find(|t| t["name"] == "script").unwrap();
    assert!(made.get("secret").is_none());
    let (status, _) =
        site.send(TestRequest::delete().uri(&format!("/api/v1/tokens/{}", made["id"]))).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    let (status, _) = site.send_as("reader", post("/api/v1/tokens", body)).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let (_, groups) = site.send(get("/api/v1/groups")).await;
    let named = |group: &serde_json::Value| group["name"] == "Computer Checker";
    assert!(groups["items"].as_array().unwrap().iter().any(named));
}

#[actix_web::test]
async fn d_prj_02_the_attribute_of_a_project_or_platform_is_renamed_with_it() {
    let site = Site::small_with_key().await;
    site.sql(
        "INSERT OR IGNORE INTO formula (prefix, name, sort) VALUES
             ('PRJ', 'PROJECT', 'basic'), ('PLT', 'PLATFORM', 'basic');
         INSERT INTO attribute (formula_id, value)
             SELECT id, value FROM formula JOIN
                 (SELECT 'PRJ' AS of, 'debian-12' AS value UNION ALL SELECT 'PRJ', 'left'
                  UNION ALL SELECT 'PRJ', 'named' UNION ALL SELECT 'PLT', 'Haiku') ON prefix = of",
    )
    .await;
    let deployment = |name: &str, attributes: Value| {
        let body =
            json!({ "project": "debian-12", "name": name, "included_attributes": attributes });
        post("/api/v1/deployments", body)
    };
    let (status, made) =
        site.send(deployment("files", json!(["PRJ-debian-12", "PLT-Haiku"]))).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    let (status, other) = site.send(deployment("other", json!(["PRJ-named"]))).await;
    assert_eq!(status, StatusCode::CREATED, "{other}");
    let named = async || {
        let (_, body) = site.send(get(&format!("/api/v1/deployments/{}", made["id"]))).await;
        let names = body["included_attributes"].as_array().unwrap().iter();
        let mut names: Vec<String> = names.map(|name| name.as_str().unwrap().to_owned()).collect();
        names.sort();
        names
    };
    let rename = |name: &str| {
        let form = json!({ "name": name, "platform": "Linux", "pms": "apt-get" });
        patch("/api/v1/projects/11", form)
    };
    // new name         status                  what the deployment names then
    let table = [
        ("acme-desktop", StatusCode::OK, "PRJ-acme-desktop"),
        // An attribute that a deleted project left behind is in nobody's way...
        ("left", StatusCode::OK, "PRJ-left"),
        // ...unless a deployment still names it.
        ("named", StatusCode::CONFLICT, "PRJ-left"),
        ("debian-12", StatusCode::OK, "PRJ-debian-12"),
    ];
    for (name, expected, attribute) in table {
        let (status, body) = site.send(rename(name)).await;
        assert_eq!(status, expected, "D-PRJ-02 {name}: {body}");
        assert_eq!(named().await, ["PLT-Haiku", attribute], "D-PRJ-02 {name}");
    }
    let haiku = site.number("SELECT id FROM platform WHERE name = 'Haiku'").await;
    let admin = crate::app::actor::Actor::system(crate::clock::now());
    site.app.rename_platform(&admin, PlatformId(haiku), "BeOS").await.unwrap();
    assert_eq!(named().await, ["PLT-BeOS", "PRJ-debian-12"]);
}
