//! A domain administrator's day (the book's GOYA): a computer is enrolled with their name, and
//! nothing beyond the domain can be seen or changed, in the pages and in the API.

use std::io::Write as _;
use std::process::Stdio;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Answer, Browser, Desktop, Emulated, Look, Site, migas, small_package};

const PROJECT: &str = "debian-12";
const NAME: &str = "francisco";
const SECRET: &str = "caprichos y disparates";

/// The site as its superuser leaves it: GOYA with tags and an administrator, PRADO without, a
/// deployment of no domain (1) and one of PRADO (2).
fn site() -> Site {
    let site = Site::start();
    let project = json!({ "name": PROJECT, "platform": "Linux", "pms": "apt",
        "auto_register_computers": false });
    site.post("/projects", &project);
    for name in ["caprichos", "disparates"] {
        site.upload(PROJECT, "acme", &[&small_package(site.dir(), name, "1.0", &[])]);
    }
    let domains =
        ["Goya", "Prado"].map(|name| site.post("/domains", &json!({ "name": name }))["id"].clone());
    let account = json!({ "username": NAME, "password": SECRET, "is_active": true,
        "first_name": "", "last_name": "", "email": "", "is_superuser": false, "is_staff": true,
        "groups": ["Reader", "Domain Admin"], "permissions": [], "domains": ["GOYA"] });
    site.post("/accounts", &account);
    let categories = site.list("/tag-categories");
    let category = &categories.iter().find(|one| one["prefix"] == "DMN").unwrap()["id"];
    let tags = ["GOYA.AULA.A", "GOYA.AULA.B"];
    for value in tags {
        site.post("/tags", &json!({ "category": category, "value": value }));
    }
    let goya = json!({ "name": "GOYA", "included_attributes": ["DMN-GOYA"],
        "tags": tags.map(|value| format!("DMN-{value}")), "administrators": [NAME] });
    let path = format!("/domains/{}", domains[0]);
    site.call(Method::PUT, &path, Some(&goya)).expect_status(StatusCode::OK);
    for (name, domain) in [("common", Value::Null), ("prado_base", json!("PRADO"))] {
        site.post(
            "/deployments",
            &json!({ "project": PROJECT, "name": name, "domain": domain,
                "included_attributes": ["SET-ALL SYSTEMS"] }),
        );
    }
    site
}

/// The API as the domain administrator has it.
struct Api<'a> {
    site: &'a Site,
    token: String,
}

impl Api<'_> {
    fn call(&self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        let request = self.site.request(method, &format!("/api/v1{path}"));
        let request = request.bearer_auth(&self.token);
        self.site.send(match body {
            Some(body) => request.json(body),
            None => request,
        })
    }

    fn ids(&self, path: &str) -> Vec<i64> {
        let list = self.call(Method::GET, path, None).expect_status(StatusCode::OK);
        let items = list["items"].as_array().unwrap().iter();
        items.map(|item| item["id"].as_i64().unwrap()).collect()
    }
}

/// `migas -g --user=…` with the password typed.
fn enrol(desktop: &Desktop) {
    let mut command = migas(["-g", "--user", NAME, "--root"]);
    command.arg(desktop.root.path()).stdin(Stdio::piped()).stderr(Stdio::piped());
    let mut command = command.stdout(Stdio::piped()).spawn().unwrap();
    command.stdin.take().unwrap().write_all(format!("{SECRET}\n").as_bytes()).unwrap();
    let output = command.wait_with_output().unwrap();
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{words}");
    assert!(!words.contains(SECRET), "{words}");
}

#[test]
fn d_scn_11_d_reg_07_d_dom_09_d_view_01_a_domain_is_run_by_its_own_administrator() {
    let site = site();
    let elsewhere = Emulated::new(&site, PROJECT, "elsewhere");
    assert!(!elsewhere.update().status.success(), "the project lets no computer in by itself");
    let desktop = Desktop::new(&site, PROJECT);
    enrol(&desktop);
    desktop.sync();
    // The other one comes to the site through its superuser.
    let project = format!("/projects/{}", site.list("/projects")[0]["id"]);
    site.patch(&project, &json!({ "auto_register_computers": true }));
    assert!(elsewhere.update().status.success());
    assert_eq!(site.list("/computers").len(), 2);

    let token = json!({ "username": NAME, "name": "scripts" });
    let token = site.post("/tokens", &token)["secret"].as_str().unwrap().to_owned();
    let api = Api { site: &site, token };
    assert_eq!(api.ids("/computers"), [1], "the enrolled one, and no other");
    assert_eq!(api.ids("/deployments"), [1], "of no domain, to be read");
    a_tag_of_the_domain_is_chosen(&desktop);

    let browser = Browser::open(Look { javascript: false, ..Look::default() });
    browser.goto(&site.url("/login?next=/computers"));
    browser.fill("[name=username]", NAME);
    browser.fill("[name=password]", SECRET);
    browser.click("main button[type=submit]");
    let rows = browser.texts("main tbody tr");
    assert!(rows.len() == 1 && rows[0].contains("CID-1"), "{rows:?}");
    let made = a_deployment_is_made(&browser, &site);
    let shown = site.get(&format!("/deployments/{made}"));
    assert_eq!((&shown["name"], &shown["domain"]), (&json!("goya_x"), &json!("GOYA")));

    // Everybody of the project is in it by attribute, only those of the domain by domain.
    let orders = json!({ "packages_to_install": ["caprichos"] });
    let own = format!("/deployments/{made}");
    api.call(Method::PATCH, &own, Some(&orders)).expect_status(StatusCode::OK);
    desktop.sync();
    assert!(elsewhere.update().status.success());
    assert!(desktop.root.installed("caprichos").is_some());
    let holders = site.list("/software?package=caprichos-1.0");
    assert_eq!(holders.len(), 1, "D-DOM-10: {holders:?}");

    nothing_of_others_by_the_api(&api);
    nothing_of_others_by_the_pages(&site);
    let names = |path: &str| -> Vec<Value> {
        site.list(path).iter().map(|one| one["name"].clone()).collect()
    };
    assert_eq!(names("/deployments").len(), 3, "{:?}", names("/deployments"));
    assert_eq!(site.get("/deployments/2")["enabled"], true);
    assert_eq!(site.get("/computers/2")["status"], "intended");
}

/// The desktop chooses among the tags of its domain, and is in what they imply (class L).
fn a_tag_of_the_domain_is_chosen(desktop: &Desktop) {
    let available = desktop.run(&["tags", "--available"]);
    let offered = json!({ "DOMAIN": ["DMN-GOYA.AULA.A", "DMN-GOYA.AULA.B"] });
    let said: Value = serde_json::from_str(&available.output).unwrap_or_default();
    assert_eq!(said, offered, "{available:?}");
    let set = desktop.run(&["tags", "--set", "DMN-GOYA.AULA.A"]);
    assert_eq!(set.status, Some(0), "{set:?}");
    assert_eq!(desktop.run(&["tags", "--get"]).output, "\"DMN-GOYA.AULA.A\"\n");
}

/// Makes a deployment called `x` through the form; the id.
fn a_deployment_is_made(browser: &Browser, site: &Site) -> i64 {
    browser.goto(&site.url("/deployments/new"));
    browser.fill("[name=name]", "x");
    for (field, text) in [
        ("included_attributes", "SET-ALL SYSTEMS"),
        ("available_packages", "caprichos_1.0_all.deb"),
    ] {
        browser.fill(&format!("[name={field}]"), text);
    }
    browser.click("main button.main");
    assert_eq!(browser.text("h1"), "goya_x", "{}", browser.text("main"));
    browser.url().rsplit('/').next().unwrap().parse().unwrap()
}

fn nothing_of_others_by_the_api(api: &Api<'_>) {
    let change = json!({ "comment": "ours now" });
    // what is asked for                                    body               answer
    let table: [(Method, &str, Option<&Value>, u16); 12] = [
        (Method::GET, "/deployments/1", None, 200), // of no domain: read-only
        (Method::PATCH, "/deployments/1", Some(&change), 403),
        (Method::DELETE, "/deployments/1", None, 403),
        (Method::GET, "/deployments/2", None, 404),
        (Method::PATCH, "/deployments/2", Some(&change), 404),
        (Method::DELETE, "/deployments/2", None, 404),
        (Method::GET, "/deployments/2/timeline", None, 404),
        (Method::GET, "/computers/2", None, 404),
        (Method::PATCH, "/computers/2", Some(&change), 404),
        (Method::GET, "/computers/2/software", None, 404),
        (Method::GET, "/computers/CID-2/why?package=caprichos", None, 404),
        (Method::GET, "/computers/2/simulation", None, 404),
    ];
    for (method, path, body, expected) in table {
        let answer = api.call(method.clone(), path, body);
        assert_eq!(answer.status.as_u16(), expected, "{method} {path}: {}", answer.text());
    }
    let other = json!({ "project": PROJECT, "name": "y", "domain": "PRADO" });
    assert_eq!(api.call(Method::POST, "/deployments", Some(&other)).status, StatusCode::FORBIDDEN);
    let all = json!({ "domain": null });
    let selected = api.call(Method::PUT, "/selection", Some(&all));
    assert_eq!(selected.status, StatusCode::FORBIDDEN, "D-DOM-04");
    let hidden = api.call(Method::GET, "/software?package=disparates", None);
    assert_eq!(hidden.expect_status(StatusCode::OK)["items"], json!([]));
}

/// The same with addresses typed and forms sent that no page of theirs has.
fn nothing_of_others_by_the_pages(site: &Site) {
    let browser = Browser::open(Look::default());
    browser.goto(&site.url("/login?next=/deployments"));
    browser.fill("[name=username]", NAME);
    browser.fill("[name=password]", SECRET);
    browser.click("main button[type=submit]");
    let rows = browser.text("main table");
    assert!(rows.contains("goya_x") && rows.contains("common"), "{rows}");
    assert!(!rows.contains("prado_base"), "{rows}");
    let status = |path: &str, form: Option<&str>| -> u64 {
        let send = match form {
            None => "{}".to_owned(),
            Some(fields) => format!(
                "{{ method: 'POST', body: new URLSearchParams('{fields}&csrf=' + \
                 document.querySelector('[name=csrf]').value) }}"
            ),
        };
        let asked = browser.script(&format!("return fetch('{path}', {send}).then(a => a.status)"));
        asked.as_u64().unwrap_or_else(|| panic!("{path}: {asked}"))
    };
    let edit = "name=z&project=debian-12&start_date=2026-01-01";
    // page or form                        fields          answer
    let table: [(&str, Option<&str>, u64); 11] = [
        ("/deployments/1", None, 200),
        ("/deployments/1/edit", Some(edit), 403),
        ("/deployments/1/enabled", Some("enabled=false"), 403),
        ("/deployments/2", None, 404),
        ("/deployments/2/edit", None, 404),
        ("/deployments/2/edit", Some(edit), 404),
        ("/deployments/2/enabled", Some("enabled=false"), 404),
        ("/computers/2", None, 404),
        ("/computers/2/software", None, 404),
        ("/computers/2/edit", Some("status=available&name=x"), 404),
        ("/packages/upload", None, 403), // D-DOM-09
    ];
    for (path, form, expected) in table {
        assert_eq!(status(path, form), expected, "{path} {form:?}");
    }
}
