//! Package sets: what one contains, and the form that uploads a folder as one (D-PKG-02).

use actix_multipart::Multipart;
use actix_web::http::StatusCode;
use maud::{Markup, html};

use crate::app::AppError;
use crate::app::package_sets::{SetFile, SetRequest};
use crate::app::packages::Listed;
use crate::domain::account::{Action, Model};
use crate::domain::package::Format;
use crate::http::actor::Refused;
use crate::http::forms::Fields;
use crate::http::paths;
use crate::http::uploads::{UploadError, receive_set};
use crate::t;
use crate::web::components::facts::Facts;
use crate::web::components::form::{Choice, Form, Problems};
use crate::web::components::icon::icon;
use crate::web::components::panel::{card, link_button};
use crate::web::components::table::{Row, Table, column, pager};
use crate::web::components::time::time;
use crate::web::error::{PageError, PageResult, problems};
use crate::web::flash::Flash;
use crate::web::layout::{Content, Frame};
use crate::web::pages::package::{actions, format_name};
use crate::web::reader::size;
use crate::web::urls::{self, Query};
use crate::web::visit::Visit;

/// A set and a page of its files.
pub struct View {
    pub set: Listed,
    pub files: Vec<SetFile>,
    pub next: Option<String>,
}

/// Renders what a set contains.
pub fn page(frame: &Frame, query: &Query, view: &View) -> Markup {
    let lang = frame.lang();
    let Listed { package, project, store, .. } = &view.set;
    let folder = paths::set_folder(project, store, &package.name);
    let totals = view.set.set;
    let facts = Facts::new(lang)
        .add("kind", format_name(lang, Format::Set))
        .add("project", project)
        .add("store", store)
        .add("files", totals.map(|set| set.files).unwrap_or_default())
        .add("packages", totals.map(|set| set.packages).unwrap_or_default())
        .add("size", size(view.set.size_bytes))
        .add("uploaded", time(&frame.reader, package.uploaded_at))
        .add_raw("SHA-256", html! { span.mono { (hex::encode(view.set.sha256)) } });
    let rows = view.files.iter().enumerate().map(|(nth, file)| {
        let url = paths::set_file(project, store, &package.name, &file.path);
        let identity = file.identity.as_ref();
        let cells = vec![
            html! {
                a href=(url) {
                    (icon(if identity.is_some() { "package" } else { "file" })) " " (file.path)
                }
            },
            html! { (identity.map(|it| it.name.as_str()).unwrap_or_default()) },
            html! { span.mono { (identity.map(|it| it.version.as_str()).unwrap_or_default()) } },
            html! { (identity.map(|it| it.architecture.as_str()).unwrap_or_default()) },
            html! { (size(file.size_bytes)) },
        ];
        Row::new("file", nth, cells)
    });
    let table = Table {
        lang,
        caption: t!(lang, "package-files"),
        columns: vec![
            column(lang, "file"),
            column(lang, "package"),
            column(lang, "version"),
            column(lang, "architecture"),
            column(lang, "size").number(),
        ],
        rows: rows.collect(),
        order: None,
        selection: None,
        empty: t!(lang, "package-none"),
    };
    let about = html! { p { (t!(lang, "set-about")) } (facts) };
    let body = html! {
        (card(&t!(lang, "package-general"), about))
        (table) (pager(lang, query, view.files.len(), view.next.as_deref()))
    };
    let actions = html! {
        (link_button(&folder, "folder", &t!(lang, "set-folder")))
        (actions(frame, &view.set))
    };
    let content = Content::new(package.name.clone(), body);
    frame.page(content.below(urls::PACKAGES, t!(lang, "nav-packages")).with_actions(actions))
}

/// The rest of `GET /packages/{id}` for a set.
pub async fn show(visit: Visit, set: Listed) -> PageResult {
    let query = visit.query.clone();
    let limit = visit.frame().await?.page_size;
    let after = query.cursor().map(str::to_owned);
    let found = visit.app.set_files(visit.actor(), set.package.id, after, limit).await?;
    let view = View { set, files: found.items, next: found.next };
    visit.show(|frame| page(frame, &query, &view)).await
}

/// The form that uploads a folder.
pub struct UploadView {
    /// As they were typed; files are chosen again.
    pub typed: Fields,
    pub projects: Vec<String>,
    pub problems: Problems,
}

/// Renders the form. The fields stand before the files, since they are read first.
pub fn upload_page(frame: &Frame, view: &UploadView) -> Markup {
    let lang = frame.lang();
    let form = Form { lang, csrf: &frame.csrf, problems: &view.problems, writable: true };
    let projects = view.projects.iter().map(|name| Choice::plain(name)).collect();
    let typed = &view.typed;
    let fields = html! {
        div.pair {
            (form.choice("project", typed.get("project"), projects).required())
            (form.text("store", typed.get("store")).required().max(50).hint("hint-upload-store"))
        }
        (form.text("name", typed.get("name")).max(100).hint("hint-set-name"))
        (form.tick("replace", typed.ticked("replace")).label("field-replace-set").hint("hint-replace"))
        (form.tick("no_create_repo", typed.ticked("no_create_repo")))
        (form.file("files").label("field-folder").hint("hint-set-files").required().folder())
    };
    let buttons = html! {
        button.button.main type="submit" { (t!(lang, "set-upload")) }
        a.button href=(urls::PACKAGES) { (t!(lang, "ui-cancel")) }
    };
    let body = html! {
        section.card.narrow { (form.frame_with_files(urls::UPLOAD_SET, fields, buttons)) }
    };
    let content = Content::new(t!(lang, "set-upload"), body);
    frame.page(content.below(urls::PACKAGES, t!(lang, "nav-packages")))
}

/// `GET /packages/upload-set`.
pub async fn upload_form(visit: Visit) -> PageResult {
    visit.actor().permit(Model::Package, Action::Add).map_err(AppError::from)?;
    show_upload(&visit, Fields::default(), Problems::none()).await
}

/// `POST /packages/upload-set`: streamed; the token is checked before a file is taken.
pub async fn upload(visit: Visit, form: Multipart) -> PageResult {
    let (request, mut typed) = (SetRequest::default(), Fields::default());
    let admit = |fields: &Fields| {
        typed = fields.clone();
        visit.by.accepts_csrf(fields.get("csrf"))
    };
    match receive_set(&visit.app, visit.actor(), request, form, admit).await {
        Ok(saved) => {
            let set = urls::object(urls::PACKAGES, saved.file.package.id);
            let count = saved.file.set.map(|set| set.files).unwrap_or_default();
            let count = usize::try_from(count).unwrap_or(usize::MAX);
            Ok(visit.done(&set, Flash::counted("done-uploaded", count)))
        }
        Err(UploadError::App(error)) => {
            let wrong = problems(visit.lang, error)?;
            show_upload(&visit, typed, wrong).await
        }
        Err(UploadError::Forged) => Err(Refused::Forged.into()),
        Err(UploadError::Body(_)) => Err(PageError::Refused(Refused::Unreadable)),
    }
}

async fn show_upload(visit: &Visit, typed: Fields, problems: Problems) -> PageResult {
    let projects = visit.if_allowed(visit.app.projects(visit.actor()).await)?;
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let projects = projects.into_iter().map(|project| project.name).collect();
    let view = UploadView { typed, projects, problems };
    visit.show_as(status, |frame| upload_page(frame, &view)).await
}

#[cfg(test)]
mod tests {
    use actix_web::http::StatusCode;
    use actix_web::test::TestRequest;

    use crate::app::fixtures::{self, package};
    use crate::web::tests::browser::Browser;
    use crate::web::tests::visitor::Visitor;

    #[actix_web::test]
    async fn d_pkg_02_d_pkg_05_the_page_of_a_set_shows_what_it_contains() {
        let visitor = Visitor::of("admin").await;
        let site = &visitor.site;
        let tool = package("tool", "1.0", b"x");
        let files = [("pool/tool_1.0_all.deb", &tool[..]), ("docs/a&b.txt", b"x")];
        let stored = site.upload_set(&site.admin, "acme-set", &files, false).await.unwrap();
        let id = stored.file.package.id.to_string();
        let html = visitor.page(&format!("/packages/{id}")).await;
        for part in [
            "Package set",
            "pool/tool_1.0_all.deb",
            ">1.0<",
            "docs/a&amp;b.txt",
            "/public/debian-12/STORES/acme/acme-set/pool/tool_1.0_all.deb",
            "/public/debian-12/STORES/acme/acme-set/docs/a&amp;b.txt",
        ] {
            assert!(html.contains(part), "{part}: {html}");
        }
        let list = visitor.page("/packages?show=orphan").await;
        assert!(list.contains("acme-set") && list.contains("Package set"), "D-PKG-08: {list}");
        let folder = "/packages-information?project=debian-12&branch=STORES&folder=acme";
        let folder = visitor.page(folder).await;
        assert!(folder.contains(&format!("/packages/{id}")), "D-PKG-07: {folder}");
        visitor.post("/packages/delete", &[("id", &id)]).await;
        assert!(visitor.page(&format!("/packages/{id}")).await.contains("Register again"));
    }

    fn form(csrf: &str, name: &str, files: &[(&str, &[u8])]) -> TestRequest {
        let mut body = Vec::new();
        let fields = [
            ("csrf", csrf),
            ("project", "debian-12"),
            ("store", "own<1>"),
            ("name", name),
            ("replace", "on"),
        ];
        for (name, value) in fields {
            let head = format!("--xx\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n");
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(format!("{value}\r\n").as_bytes());
        }
        for (path, bytes) in files {
            let head = format!(
                "--xx\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{path}\"\r\n\
                 Content-Type: application/octet-stream\r\n\r\n"
            );
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--xx--\r\n");
        TestRequest::post()
            .uri("/packages/upload-set")
            .insert_header(("content-type", "multipart/form-data; boundary=xx"))
            .set_payload(body)
    }

    #[actix_web::test]
    async fn d_pkg_02_a_folder_is_uploaded_through_the_form_whole_or_not_at_all() {
        let site = fixtures::Site::new().await;
        let browser = Browser::signed_in(&site.app, "packager").await;
        let shown = browser.get("/packages/upload-set").await.body;
        assert!(shown.contains("webkitdirectory"), "{shown}");
        let csrf = regex::Regex::new(r#"name="csrf" value="([^"]+)""#).unwrap();
        let csrf = csrf.captures(&shown).unwrap()[1].to_owned();
        let tool = package("tool", "1.0", b"x");
        // As browsers send a folder: its own name comes first.
        let good: [(&str, &[u8]); 2] =
            [("mine/pool/tool_1.0_all.deb", &tool), ("mine/notes", b"x")];
        let bad: [(&str, &[u8]); 2] = [good[0], ("mine/pool/other_1.0_all.deb", b"no package")];
        let table = [
            ("forged", "", good, StatusCode::FORBIDDEN, ""),
            (&csrf, "", bad, StatusCode::UNPROCESSABLE_ENTITY, "pool/other_1.0_all.deb is refused"),
            (&csrf, "a/b", good, StatusCode::UNPROCESSABLE_ENTITY, "is not acceptable"),
            (
                &csrf,
                "x",
                [("", &[]), ("", &[])],
                StatusCode::UNPROCESSABLE_ENTITY,
                "Choose a folder",
            ),
            (&csrf, "", good, StatusCode::SEE_OTHER, ""),
        ];
        for (token, name, files, expected, told) in table {
            let answer = browser.send(form(token, name, &files)).await;
            assert_eq!(answer.status, expected, "{name}: {}", answer.body);
            assert!(answer.body.contains(told), "{told}: {}", answer.body);
            if expected == StatusCode::UNPROCESSABLE_ENTITY {
                // What was typed is there again; browsers let nobody fill in files.
                let field = |field: &str| {
                    let is_it = |tag: &&str| tag.contains(&format!("name=\"{field}\""));
                    answer.body.split("<input").find(is_it).unwrap_or_default()
                };
                assert!(field("store").contains("value=\"own&lt;1&gt;\""), "{}", answer.body);
                assert!(field("name").contains(&format!("value=\"{name}\"")), "{}", answer.body);
                assert!(field("replace").contains(" checked"), "{}", answer.body);
                assert!(!field("no_create_repo").contains(" checked"), "{}", answer.body);
                assert!(answer.body.contains("value=\"debian-12\" selected"), "{}", answer.body);
            }
            let after = browser.get("/packages").await.body;
            let is_there = after.contains(">mine<");
            assert_eq!(is_there, expected == StatusCode::SEE_OTHER, "nothing half: {after}");
        }
    }
}
