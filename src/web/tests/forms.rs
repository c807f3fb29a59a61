//! What forms do: logging in, changing things, being refused.

use actix_web::http::StatusCode;

use super::browser::{Browser, text_of};
use crate::api::tests::Site;
use crate::app::fixtures;

#[actix_web::test]
async fn d_ui_05_strangers_are_sent_to_the_login_and_come_back() {
    let site = Site::new().await;
    let browser = Browser::new(&site.app);
    let shown = browser.get("/computers?q=a").await;
    assert_eq!(
        (shown.status, shown.location.as_str()),
        (StatusCode::SEE_OTHER, "/login?next=/computers%3Fq%3Da",)
    );
    let wrong = browser.post("/login", &[("username", "admin"), ("password", "x")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("Account and password do not match."), "{}", text_of(&wrong.body));
    let fields = [("username", "admin"), ("password", "admin"), ("next", "/computers?q=a")];
    let right = browser.post("/login", &fields).await;
    assert_eq!((right.status, right.location.as_str()), (StatusCode::SEE_OTHER, "/computers?q=a"));
    assert_eq!(browser.get("/computers").await.status, 200);
}

#[actix_web::test]
async fn the_eleventh_wrong_password_waits() {
    let site = Site::new().await;
    let browser = Browser::new(&site.app);
    for _ in 0..10 {
        let shown = browser.post("/login", &[("username", "reader"), ("password", "x")]).await;
        assert_eq!(shown.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let shown = browser.post("/login", &[("username", "reader"), ("password", "x")]).await;
    assert_eq!(shown.status, StatusCode::TOO_MANY_REQUESTS);
}

#[actix_web::test]
async fn logging_out_ends_the_session() {
    let site = Site::new().await;
    let browser = Browser::signed_in(&site.app, "admin").await;
    assert_eq!(browser.post("/logout", &[]).await.location, "/login");
    assert_eq!(browser.get("/").await.location, "/login");
}

#[actix_web::test]
async fn a_form_without_the_token_changes_nothing() {
    let site = Site::new().await;
    let browser = Browser::signed_in(&site.app, "admin").await;
    browser.forget_token();
    let fields = [("name", "x"), ("platform", "Linux"), ("pms", "apt-get")];
    let shown = browser.post("/projects", &fields).await;
    assert_eq!(shown.status, StatusCode::FORBIDDEN);
    assert!(!browser.get("/projects").await.body.contains("id=\"project-"));
}

#[actix_web::test]
async fn a_form_that_is_too_long_is_refused_with_a_page() {
    let site = Site::new().await;
    let browser = Browser::signed_in(&site.app, "admin").await;
    let long = "x".repeat(9 << 20);
    let fields = [("name", long.as_str()), ("platform", "Linux"), ("pms", "apt-get")];
    let shown = browser.post("/projects", &fields).await;
    assert_eq!(shown.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(shown.body.contains("<main"), "{}", text_of(&shown.body));
    assert!(!shown.policy.is_empty());
}

#[actix_web::test]
async fn d_gen_13_the_language_is_switched_and_kept() {
    let site = Site::new().await;
    let browser = Browser::signed_in(&site.app, "admin").await;
    assert!(browser.get("/computers").await.body.contains("<h1>Computers</h1>"));
    let fields = [("language", "es"), ("next", "/computers")];
    let shown = browser.submit("/language", &fields).await;
    assert!(shown.body.contains("<h1>Ordenadores</h1>"));
    let shown = browser.post("/language", &[("language", "en"), ("next", "//evil.example")]).await;
    assert_eq!(shown.location, "/");
}

#[actix_web::test]
async fn d_acc_03_every_page_warns_of_known_passwords() {
    let site = Site::new().await;
    let browser = Browser::signed_in(&site.app, "reader").await;
    for path in ["/", "/computers", "/settings"] {
        let shown = browser.get(path).await;
        let warns = shown.body.contains("site-warning");
        assert_eq!(warns, shown.status == 200, "{path}");
    }
}

#[actix_web::test]
async fn d_perm_04_buttons_appear_with_the_right_only() {
    let site = Site::small().await;
    let reader = Browser::signed_in(&site.app, "reader").await;
    for (path, button) in [
        ("/projects", "/projects/new"),
        ("/formulas", "/formulas/new"),
        ("/deployments", "/deployments/new"),
        ("/packages", "/packages/upload"),
        ("/computers", "value=\"delete\""),
        ("/computers/1", "/computers/1/edit"),
        ("/errors", "value=\"check\""),
    ] {
        let shown = reader.get(path).await;
        assert_eq!(shown.status, 200, "{path}");
        assert!(!shown.body.contains(button), "{path} offers {button}");
    }
    // What is not offered is not permitted either.
    let shown = reader.post("/errors/selection", &[("id", "1"), ("action", "check")]).await;
    assert_eq!(shown.status, StatusCode::FORBIDDEN);
    let shown = reader.get("/projects/11").await;
    assert!(shown.body.contains("readonly"), "the fields are shown, but cannot be changed");
    assert_eq!(reader.get("/settings").await.status, StatusCode::FORBIDDEN);
}

#[actix_web::test]
async fn d_acc_05_the_own_password_needs_the_old_one() {
    let site = Site::new().await;
    let browser = Browser::signed_in(&site.app, "reader").await;
    let wrong =
        [("old_password", "x"), ("password", "correct horse"), ("repeated", "correct horse")];
    let shown = browser.post("/account/password", &wrong).await;
    assert_eq!(shown.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(shown.body.contains("That is not the current password."), "{}", text_of(&shown.body));
    let right =
        [("old_password", "reader"), ("password", "correct horse"), ("repeated", "correct horse")];
    let shown = browser.submit("/account/password", &right).await;
    assert!(shown.body.contains("The password was changed."), "{}", text_of(&shown.body));
    let shown =
        browser.post("/login", &[("username", "reader"), ("password", "correct horse")]).await;
    assert_eq!(shown.status, StatusCode::SEE_OTHER);
}

#[actix_web::test]
async fn d_prj_02_a_project_is_added_and_a_wrong_one_comes_back_as_it_was() {
    let site = Site::new().await;
    let browser = Browser::signed_in(&site.app, "admin").await;
    let fields = [("name", "aula 3"), ("platform", "Linux"), ("pms", "apt-get")];
    let shown = browser.submit("/projects", &fields).await;
    assert!(shown.body.contains("aula-3 was added."), "{}", text_of(&shown.body));
    let fields = [("name", "../etc"), ("platform", "Haiku"), ("pms", "apt-get")];
    let shown = browser.post("/projects", &fields).await;
    assert_eq!(shown.status, StatusCode::UNPROCESSABLE_ENTITY);
    for part in ["value=\"../etc\"", "value=\"Haiku\"", "aria-invalid=\"true\"", "role=\"alert\""] {
        assert!(shown.body.contains(part), "{part}");
    }
}

#[actix_web::test]
async fn d_status_05_the_status_of_a_selection_changes() {
    let site = Site::small().await;
    let browser = Browser::signed_in(&site.app, "admin").await;
    let fields = [("id", "1"), ("id", "2"), ("action", "status"), ("status", "in repair")];
    let shown = browser.submit("/computers/selection", &fields).await;
    assert!(
        shown.body.contains("The status of 2 computers was changed."),
        "{}",
        text_of(&shown.body)
    );
    // A reload does not tell it again.
    assert!(!browser.get("/computers").await.body.contains("was changed"));
}

#[actix_web::test]
async fn d_comp_01_deleting_computers_asks_first() {
    let site = Site::small().await;
    let browser = Browser::signed_in(&site.app, "admin").await;
    let asked = browser.post("/computers/selection", &[("id", "3"), ("action", "delete")]).await;
    assert_eq!(asked.status, 200);
    assert!(asked.body.contains("CID-3") && asked.body.contains("action=\"/computers/selection\""));
    assert_eq!(browser.get("/computers/3").await.status, 200);
    browser
        .submit("/computers/selection", &[("id", "3"), ("action", "delete"), ("confirmed", "yes")])
        .await;
    assert_eq!(browser.get("/computers/3").await.status, StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn d_err_04_errors_are_checked_one_or_several() {
    let site = Site::small().await;
    let browser = Browser::signed_in(&site.app, "admin").await;
    let ids = regex::Regex::new(r#"name="id" value="(\d+)""#).unwrap();
    let open = |page: &str| -> Vec<String> {
        ids.captures_iter(page).map(|found| found[1].to_owned()).collect()
    };
    let unchecked = open(&browser.get("/errors?checked=no").await.body);
    assert!(unchecked.len() > 1, "{unchecked:?}");
    let mut fields = vec![("action", "check")];
    fields.extend(unchecked.iter().map(|id| ("id", id.as_str())));
    browser.submit("/errors/selection", &fields).await;
    assert!(open(&browser.get("/errors?checked=no").await.body).is_empty());
    let fields = [("action", "uncheck"), ("id", unchecked[0].as_str())];
    browser.submit("/errors/selection", &fields).await;
    assert_eq!(open(&browser.get("/errors?checked=no").await.body).len(), 1);
}

#[actix_web::test]
async fn d_alert_13_the_figure_of_the_bar_is_asked_for() {
    let site = Site::small().await;
    let browser = Browser::signed_in(&site.app, "admin").await;
    let page = browser.get("/").await.body;
    assert!(page.contains("data-alerts=\"/alerts/count\""));
    let shown = browser.get("/alerts/count").await;
    let count: serde_json::Value = serde_json::from_str(&shown.body).unwrap();
    assert!(count["total"].as_u64().unwrap() > 0, "{count}");
    assert!(page.contains(&format!("<b>{}</b>", count["total"])));
}

#[actix_web::test]
async fn d_pkg_08_orphans_are_listed_and_records_deleted_not_files() {
    let site = fixtures::Site::new().await;
    let package = fixtures::package("acme", "1.0-1", b"x");
    site.upload(&site.admin, "acme_1.0-1_all.deb", &package, false).await.unwrap();
    let browser = Browser::signed_in(&site.app, "packager").await;
    let shown = browser.get("/packages?show=orphan").await;
    assert!(shown.body.contains("acme_1.0-1_all.deb") && shown.body.contains("in no deployment"));
    browser
        .submit("/packages/selection", &[("id", "1"), ("action", "delete"), ("confirmed", "yes")])
        .await;
    assert!(!browser.get("/packages").await.body.contains("acme_1.0-1_all.deb"));
    let shown = browser.get("/packages?show=unregistered").await;
    assert!(shown.body.contains("acme_1.0-1_all.deb"));
    browser.submit("/packages/selection", &[("id", "1"), ("action", "register")]).await;
    assert!(browser.get("/packages").await.body.contains("acme_1.0-1_all.deb"));
}

#[actix_web::test]
async fn d_pkg_01_files_are_uploaded_through_the_form() {
    let site = fixtures::Site::new().await;
    let browser = Browser::signed_in(&site.app, "packager").await;
    let token = browser.get("/packages/upload").await.body;
    let csrf = regex::Regex::new(r#"name="csrf" value="([^"]+)""#).unwrap();
    let csrf = csrf.captures(&token).unwrap()[1].to_owned();
    let package = fixtures::package("acme", "1.0-1", b"x");
    for (token, status) in [("forged", 403), (csrf.as_str(), 303)] {
        let mut body = Vec::new();
        for (name, value) in [("csrf", token), ("project", "debian-12"), ("store", "own")] {
            let part = format!(
                "--xx\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            );
            body.extend_from_slice(part.as_bytes());
        }
        body.extend_from_slice(
            b"--xx\r\nContent-Disposition: form-data; name=\"file\"; filename=\"acme_1.0-1_all.deb\"\r\n\
              Content-Type: application/octet-stream\r\n\r\n",
        );
        body.extend_from_slice(&package);
        body.extend_from_slice(b"\r\n--xx--\r\n");
        let request = actix_web::test::TestRequest::post()
            .uri("/packages/upload")
            .insert_header(("content-type", "multipart/form-data; boundary=xx"))
            .set_payload(body);
        let shown = browser.send(request).await;
        assert_eq!(shown.status, status, "{}", text_of(&shown.body));
    }
    assert!(browser.get("/packages").await.body.contains("acme_1.0-1_all.deb"));
}

#[actix_web::test]
async fn d_gen_13_refusals_name_their_values_in_the_language_of_the_reader() {
    let site = Site::new().await;
    let browser = Browser::signed_in(&site.app, "admin").await.speaks("es");
    let project = [("name", "aula"), ("platform", "Linux"), ("pms", "apt-get")];
    assert_eq!(browser.post("/projects", &project).await.status, StatusCode::SEE_OTHER);
    let table = [
        ("/projects", project.to_vec(), "Ya existe un proyecto llamado aula."),
        ("/stores", vec![("project", "aula"), ("name", "#")], "«#» no tiene letras ni cifras"),
        ("/settings", vec![("name", "HW_PERIOD"), ("value", "soon")], "Un número entero"),
        ("/auto-check-errors", vec![("message", "(")], "No es una expresión regular: "),
    ];
    for (path, fields, expected) in table {
        let shown = browser.post(path, &fields).await;
        assert!(shown.status.is_client_error(), "{path}: {}", shown.status);
        assert!(shown.body.contains(expected), "{path}: {}", text_of(&shown.body));
    }
}
