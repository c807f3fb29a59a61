//! Pages of deployments over a real site.

use actix_web::http::StatusCode;

use crate::app::fixtures::package;
use crate::web::tests::visitor::Visitor;

/// A form as the browser sends it.
fn form<'a>(name: &'a str, start_date: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("enter", "yes"),
        ("name", name),
        ("project", "debian-12"),
        ("enabled", "on"),
        ("start_date", start_date),
        ("included_attributes", "SET-ALL SYSTEMS\r\n"),
        ("packages_to_install", "tool\r\nother"),
    ]
}

#[actix_web::test]
async fn d_deploy_07_a_new_one_starts_today_in_the_only_project() {
    let visitor = Visitor::of("admin").await;
    let html = visitor.page("/deployments/new").await;
    let today = visitor.site.app.today(crate::clock::now());
    assert!(html.contains(&format!("type=\"date\" value=\"{today}\"")), "{html}");
    assert!(html.contains("<option value=\"debian-12\" selected>"), "{html}");
    let project = html.split("id=\"field-project\"").nth(1).unwrap();
    let project = project.split("</select>").next().unwrap();
    assert!(!project.contains("<option value=\"\""), "nothing to choose: {project}");
    assert!(html.contains("value=\"on\" checked"), "enabled");
}

#[actix_web::test]
async fn d_deploy_07_d_deploy_08_the_list_says_who_gets_what_and_can_be_searched() {
    let visitor = Visitor::of("admin").await.with_computers().await;
    let bytes = package("tool", "1.0", b"x");
    visitor.site.upload(&visitor.site.admin, "tool_1.0_all.deb", &bytes, false).await.unwrap();
    let mut now = form("First <b>", "2024-01-01");
    now.push(("available_packages", "tool_1.0_all.deb"));
    assert_eq!(visitor.post("/deployments", &now).await.status, StatusCode::SEE_OTHER);
    let later = form("Later", "2999-01-01");
    assert_eq!(visitor.post("/deployments", &later).await.status, StatusCode::SEE_OTHER);

    let html = visitor.page("/deployments").await;
    let row = |name: &str| {
        let rows = html.split("<tr id=").find(|row| row.contains(name)).unwrap();
        rows.split("</tr>").next().unwrap().to_owned()
    };
    let first = row("First &lt;b&gt;");
    for cell in ["debian-12", "Enabled", "2024-01-01", "SET-ALL SYSTEMS"] {
        assert!(first.contains(cell), "{cell}: {first}");
    }
    // One package; of the two computers one is productive.
    assert_eq!(first.matches(">1</td>").count(), 2, "{first}");
    assert!(row("Later").contains(">0</td>"), "not yet for anybody");
    assert!(!html.contains("First <b>"), "names are text");

    let table = [
        ("?q=tool_1.0", true, false),
        ("?q=late", false, true),
        ("?project=debian-12&enabled=yes", true, true),
        ("?enabled=no", false, false),
        ("?cursor=1.First%20%3Cb%3E", false, true),
    ];
    for (query, first, later) in table {
        let html = visitor.page(&format!("/deployments{query}")).await;
        let main = html.split("<main").nth(1).unwrap();
        assert_eq!(main.contains("First &lt;b&gt;</a>"), first, "{query}");
        assert_eq!(main.contains(">Later</a>"), later, "{query}");
    }
}

#[actix_web::test]
async fn packages_are_searched_ticked_and_saved_without_scripts() {
    let visitor = Visitor::of("admin").await.with_computers().await;
    for version in ["1.0", "2.0"] {
        let bytes = package("tool", version, b"x");
        let name = format!("tool_{version}_all.deb");
        visitor.site.upload(&visitor.site.admin, &name, &bytes, false).await.unwrap();
    }
    let mut search = form("Tools", "2024-01-01");
    search.extend([("find_available_packages", "tool"), ("look", "available_packages")]);
    let answer = visitor.post("/deployments", &search).await;
    assert_eq!(answer.status, StatusCode::OK);
    for name in ["tool_1.0_all.deb", "tool_2.0_all.deb"] {
        let tick = format!("name=\"pick_available_packages\" value=\"{name}\"");
        assert!(answer.body.contains(&tick), "{name}: {}", answer.body);
    }
    assert!(answer.body.contains("value=\"Tools\""), "what was typed stays");

    let mut ticked = form("Tools", "2024-01-01");
    ticked.push(("pick_available_packages", "tool_2.0_all.deb"));
    let answer = visitor.post("/deployments", &ticked).await;
    assert_eq!(answer.location, "/deployments/1");
    let html = visitor.page("/deployments/1").await;
    assert!(html.contains("tool_2.0_all.deb") && !html.contains("tool_1.0_all.deb"));
    let line = "deb [signed-by=/etc/apt/keyrings/migas.asc check-date=no] \
                http://localhost:8080/public/debian-12/REPOSITORIES tools PKGS";
    assert!(html.contains(line), "{html}");
    assert!(html.contains(">CID-1</a>") && !html.contains(">CID-2</a>"), "who gets it");

    // Its own form shows it again; the project stays.
    let html = visitor.page("/deployments/1/edit").await;
    assert!(html.contains("tool_2.0_all.deb</textarea>"), "{html}");
    let mut moved = form("Tools", "2024-01-01");
    moved.retain(|(name, _)| *name != "project");
    moved.extend([("project", "another"), ("available_packages", "")]);
    let answer = visitor.post("/deployments/1/edit", &moved).await;
    assert_eq!(answer.location, "/deployments/1");
    let html = visitor.page("/deployments/1").await;
    assert!(html.contains("debian-12") && !html.contains("tool_2.0_all.deb"));
}

#[actix_web::test]
async fn a_refused_form_keeps_what_was_typed_and_says_why() {
    let visitor = Visitor::of("admin").await;
    let mut wrong = form("X", "2024-01-01");
    wrong.push(("excluded_attributes", "NET-nowhere"));
    let answer = visitor.post("/deployments", &wrong).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("There is no attribute NET-nowhere."));
    assert!(answer.body.contains("aria-invalid=\"true\""));
    let answer = visitor.post("/deployments", &form("X", "soon")).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("A day is needed."));
}

#[actix_web::test]
async fn d_perm_04_readers_see_no_buttons_and_cannot_press_them() {
    let admin = Visitor::of("admin").await;
    admin.post("/deployments", &form("X", "2024-01-01")).await;
    let html = admin.page("/deployments/1").await;
    assert!(html.contains("/deployments/1/edit") && html.contains("/deployments/1/delete"));
    let reader = admin.turns("reader").await;
    for path in ["/deployments", "/deployments/1"] {
        let html = reader.page(path).await;
        for button in ["/edit\"", "/delete\"", "/enabled\"", "/new\"", "value=\"enable\""] {
            assert!(!html.contains(button), "{path}: {button}");
        }
    }
    for (path, fields) in [
        ("/deployments", form("Y", "2024-01-01")),
        ("/deployments/1/edit", form("Y", "2024-01-01")),
        ("/deployments/1/enabled", vec![("enabled", "no")]),
        ("/deployments/selection", vec![("id", "1"), ("action", "disable")]),
        ("/deployments/selection", vec![("id", "1"), ("action", "delete"), ("confirmed", "yes")]),
    ] {
        assert_eq!(reader.post(path, &fields).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!(reader.get("/deployments/new").await.status, StatusCode::FORBIDDEN);
}

#[actix_web::test]
async fn a_deployment_is_switched_and_deleted_after_a_question() {
    let visitor = Visitor::of("admin").await;
    visitor.post("/deployments", &form("X", "2024-01-01")).await;
    visitor.post("/deployments/1/enabled", &[("enabled", "no")]).await;
    assert!(visitor.page("/deployments/1").await.contains(">Disabled<"));
    visitor.post("/deployments/selection", &[("id", "1"), ("action", "enable")]).await;
    assert!(visitor.page("/deployments/1").await.contains(">Enabled<"));
    let publish = [("id", "1"), ("action", "publish")];
    assert_eq!(visitor.post("/deployments/selection", &publish).await.location, "/deployments");
    let copy = visitor.page("/deployments/new?from=1").await;
    assert!(copy.contains("tool") && !copy.contains("value=\"X\""), "all but the name");
    let selected = [("id", "1"), ("action", "delete")];
    for html in [
        visitor.page("/deployments/1/delete").await,
        visitor.post("/deployments/selection", &selected).await.body,
    ] {
        assert!(html.contains("Delete this deployment?"), "{html}");
        assert!(html.contains("X with its repository"), "{html}");
    }
    let confirmed = [selected[0], selected[1], ("confirmed", "yes")];
    let answer = visitor.post("/deployments/selection", &confirmed).await;
    assert_eq!(answer.location, "/deployments");
    assert_eq!(visitor.get("/deployments/1").await.status, StatusCode::NOT_FOUND);
}

/// The form of an external deployment as the browser sends it.
fn external_form<'a>(base_url: &'a str, expire: &'a str) -> Vec<(&'a str, &'a str)> {
    let mut fields = form("Mirror", "2024-01-01");
    fields.extend([
        ("source", "E"),
        ("base_url", base_url),
        ("suite", "stable"),
        ("components", "main contrib"),
        ("options", "[arch=amd64]"),
        ("expire", expire),
    ]);
    fields
}

#[actix_web::test]
async fn d_ext_03_d_ext_05_an_external_deployment_is_made_without_scripts() {
    let visitor = Visitor::of("admin").await;
    let list = visitor.page("/deployments").await;
    assert!(list.contains("/deployments/new?source=E"), "{list}");
    let html = visitor.page("/deployments/new?source=E").await;
    for field in ["base_url", "suite", "components", "options", "frozen", "expire"] {
        assert!(html.contains(&format!("name=\"{field}\"")), "{field}: {html}");
    }
    assert!(!html.contains("name=\"available_packages\""), "its source decides that");
    assert!(html.contains("value=\"on\" checked") && html.contains("value=\"1440\""));
    assert!(!visitor.page("/deployments/new").await.contains("name=\"base_url\""));

    for (base_url, expire, wrong) in [
        ("ftp://mirror/debian", "60", "An address such as http://archive.ubuntu.com/ubuntu"),
        ("http://mirror/debian", "soon", "A whole number of minutes is needed."),
    ] {
        let answer = visitor.post("/deployments", &external_form(base_url, expire)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.body.contains(wrong), "{}", answer.body);
        assert!(answer.body.contains("value=\"main contrib\""), "what was typed stays");
    }
    let answer = visitor.post("/deployments", &external_form("http://mirror/debian", "60")).await;
    assert_eq!(answer.location, "/deployments/1", "{}", answer.body);
    let html = visitor.page("/deployments/1").await;
    let line = "deb [arch=amd64] http://localhost:8080/src/debian-12/EXTERNAL/mirror \
                stable main contrib";
    for text in [line, "http://mirror/debian", "60 minutes", "/deployments/1/cache"] {
        assert!(html.contains(text), "{text}: {html}");
    }
    assert!(visitor.page("/deployments?source=E").await.contains(">Mirror</a>"));
    assert!(!visitor.page("/deployments?source=I").await.contains(">Mirror</a>"));

    // Its own form keeps what it is.
    let html = visitor.page("/deployments/1/edit").await;
    assert!(html.contains("value=\"http://mirror/debian\"") && !html.contains("new?source=E"));
    let mut frozen = external_form("http://mirror/debian", "60");
    frozen.push(("frozen", "on"));
    assert_eq!(visitor.post("/deployments/1/edit", &frozen).await.location, "/deployments/1");
    assert!(!visitor.page("/deployments/1").await.contains("60 minutes"), "frozen: no expiry");

    let question = visitor.page("/deployments/1/cache").await;
    assert!(question.contains("Empty the cache of Mirror?"), "{question}");
    let answer = visitor.post("/deployments/1/cache", &[("confirmed", "yes")]).await;
    assert_eq!(answer.location, "/deployments/1");
    assert!(visitor.page("/audit").await.contains("Cache emptied"));
    let reader = visitor.turns("reader").await;
    assert!(!reader.page("/deployments/1").await.contains("/cache"));
    let refused = reader.post("/deployments/1/cache", &[("confirmed", "yes")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

#[actix_web::test]
async fn d_proc_01_packages_move_on_by_a_form_and_orphans_are_cleaned_up() {
    let visitor = Visitor::of("admin").await;
    for name in ["tool", "lone"] {
        let file = format!("{name}_1.0_all.deb");
        let bytes = package(name, "1.0", b"x");
        visitor.site.upload(&visitor.site.admin, &file, &bytes, false).await.unwrap();
    }
    let mut old = form("Old", "2024-01-01");
    old.push(("available_packages", "tool_1.0_all.deb"));
    visitor.post("/deployments", &old).await;
    visitor.post("/deployments", &form("All", "2024-01-01")).await;
    let html = visitor.page("/deployments/1/move").await;
    assert!(html.contains("tool_1.0_all.deb</textarea>"), "{html}");
    assert!(html.contains("<option value=\"2\">All</option>"), "{html}");
    let nowhere = [("packages", "tool_1.0_all.deb")];
    let answer = visitor.post("/deployments/1/move", &nowhere).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let moving = [("to", "2"), ("packages", "tool_1.0_all.deb"), ("disable", "on")];
    let answer = visitor.post("/deployments/1/move", &moving).await;
    assert_eq!(answer.location, "/deployments/2");
    assert!(visitor.page("/deployments/1").await.contains(">Disabled<"));
    assert!(visitor.page("/deployments/2").await.contains("tool_1.0_all.deb"));

    let question = visitor.page("/packages/orphans").await;
    assert!(question.contains("name=\"count\" value=\"1\""), "{question}");
    let clean = [("project", ""), ("count", "1"), ("files", "on")];
    assert_eq!(visitor.post("/packages/orphans", &clean).await.location, "/packages");
    let html = visitor.page("/packages?show=unregistered").await;
    assert!(!html.contains("lone_1.0_all.deb"), "the file is gone");
    assert!(visitor.page("/packages/orphans").await.contains("Every package is in a deployment."));
}

#[actix_web::test]
async fn d_pkg_07_the_folders_of_a_project_lead_to_the_pages_of_packages() {
    let visitor = Visitor::of("admin").await;
    let bytes = package("tool", "1.0", b"x");
    visitor.site.upload(&visitor.site.admin, "tool_1.0_all.deb", &bytes, false).await.unwrap();
    let mut with_package = form("Tools", "2024-01-01");
    with_package.push(("available_packages", "tool_1.0_all.deb"));
    visitor.post("/deployments", &with_package).await;

    let root = "/packages-information";
    let table = [
        ("", "?project=debian-12"),
        ("?project=debian-12", "?project=debian-12&amp;branch=STORES"),
        ("?project=debian-12", "?project=debian-12&amp;branch=REPOSITORIES"),
        ("?project=debian-12&branch=STORES", "branch=STORES&amp;folder=acme"),
        ("?project=debian-12&branch=REPOSITORIES", "branch=REPOSITORIES&amp;folder=tools"),
        ("?project=debian-12&branch=STORES&folder=acme", "href=\"/packages/1\""),
        ("?project=debian-12&branch=REPOSITORIES&folder=tools", "href=\"/packages/1\""),
        // In REPOSITORIES it says where the file is.
        ("?project=debian-12&branch=REPOSITORIES&folder=tools", "branch=STORES&amp;folder=acme"),
    ];
    for (query, link) in table {
        let html = visitor.page(&format!("{root}{query}")).await;
        assert!(html.contains(link), "{query}: {link}: {html}");
    }
    for query in [
        "?project=..",
        "?project=debian-12&branch=..",
        "?project=debian-12&branch=STORES&folder=..%2F..%2Fetc",
        "?project=debian-12&branch=REPOSITORIES&folder=..",
    ] {
        let answer = visitor.get(&format!("{root}{query}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{query}");
    }
}
