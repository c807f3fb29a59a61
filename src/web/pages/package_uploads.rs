//! The forms that upload packages: files, or a folder as a package set (D-PKG-02).
//!
//! Both are streamed, and begin with the fields, since those are read before a file is taken. What
//! is refused comes back as it was typed; files are chosen again.

use actix_multipart::Multipart;
use maud::{Markup, html};

use crate::app::AppError;
use crate::app::package_sets::SetRequest;
use crate::app::stores::StorePage;
use crate::app::uploads::UploadRequest;
use crate::domain::account::{Action, Model};
use crate::http::forms::Fields;
use crate::http::uploads::{UploadError, receive_form, receive_set};
use crate::t;
use crate::web::components::form::{Choice, Form, Problems};
use crate::web::error::{PageError, PageResult, problems};
use crate::web::flash::Flash;
use crate::web::layout::{Content, Frame};
use crate::web::urls;
use crate::web::visit::Visit;

/// What is uploaded.
#[derive(Clone, Copy)]
enum Kind {
    Files,
    Set,
}

impl Kind {
    fn url(self) -> &'static str {
        match self {
            Self::Files => urls::UPLOAD,
            Self::Set => urls::UPLOAD_SET,
        }
    }

    /// Message of the title and of the button.
    fn title(self) -> &'static str {
        match self {
            Self::Files => "packages-upload",
            Self::Set => "set-upload",
        }
    }
}

/// What a form shows.
struct View {
    kind: Kind,
    typed: Fields,
    projects: Vec<String>,
    /// Names that exist already.
    stores: Vec<String>,
    problems: Problems,
}

fn page(frame: &Frame, view: &View) -> Markup {
    let lang = frame.lang();
    let form = Form { lang, csrf: &frame.csrf, problems: &view.problems, writable: true };
    let projects = view.projects.iter().map(|name| Choice::plain(name)).collect();
    let typed = &view.typed;
    let replace = form.tick("replace", typed.ticked("replace"));
    let no_create_repo = form.tick("no_create_repo", typed.ticked("no_create_repo"));
    let fields = html! {
        div.pair {
            (form.choice("project", typed.get("project"), projects).required())
            (form.text("store", typed.get("store")).required().max(50).hint("hint-upload-store"))
        }
        @match view.kind {
            Kind::Files => {
                @if !view.stores.is_empty() {
                    p.hint { (t!(lang, "upload-known-stores", names = view.stores.join(", "))) }
                }
                (replace)
                (no_create_repo)
                (form.tick("regular_file", typed.ticked("regular_file")))
                (form.file("file").required().several())
            }
            Kind::Set => {
                (form.text("name", typed.get("name")).max(100).hint("hint-set-name"))
                (replace.label("field-replace-set").hint("hint-replace"))
                (no_create_repo)
                (form.file("files").label("field-folder").hint("hint-set-files").required().folder())
            }
        }
    };
    let title = t!(lang, view.kind.title());
    let buttons = html! {
        button.button.main type="submit" { (title) }
        a.button href=(urls::PACKAGES) { (t!(lang, "ui-cancel")) }
    };
    let body = html! {
        section.card.narrow { (form.frame_with_files(view.kind.url(), fields, buttons)) }
    };
    let content = Content::new(title, body);
    frame.page(content.below(urls::PACKAGES, t!(lang, "nav-packages")))
}

/// `GET /packages/upload`.
pub async fn files_form(visit: Visit) -> PageResult {
    blank(&visit, Kind::Files).await
}

/// `GET /packages/upload-set`.
pub async fn set_form(visit: Visit) -> PageResult {
    blank(&visit, Kind::Set).await
}

/// The form as it is first; the address may say where the upload goes.
async fn blank(visit: &Visit, kind: Kind) -> PageResult {
    visit.actor().permit(Model::Package, Action::Add).map_err(AppError::from)?;
    let asked = |name: &str| (name.to_owned(), visit.query.get(name).to_owned());
    let typed = ["project", "store"].map(asked).into_iter().collect();
    show(visit, kind, typed, Problems::none()).await
}

/// `POST /packages/upload`.
pub async fn upload_files(visit: Visit, form: Multipart) -> PageResult {
    let (request, mut typed) = (UploadRequest::default(), Fields::default());
    let admit = |fields: &Fields| keep(&visit, fields, &mut typed);
    match receive_form(&visit.app, visit.actor(), request, form, admit).await {
        Ok(uploaded) => {
            let flash = Flash::counted("done-uploaded", uploaded.len());
            Ok(visit.done(urls::PACKAGES, flash))
        }
        Err(error) => again(&visit, Kind::Files, typed, error).await,
    }
}

/// `POST /packages/upload-set`.
pub async fn upload_set(visit: Visit, form: Multipart) -> PageResult {
    let (request, mut typed) = (SetRequest::default(), Fields::default());
    let admit = |fields: &Fields| keep(&visit, fields, &mut typed);
    match receive_set(&visit.app, visit.actor(), request, form, admit).await {
        Ok(saved) => {
            let set = urls::object(urls::PACKAGES, saved.file.package.id);
            let count = saved.file.set.map(|set| set.files).unwrap_or_default();
            let count = usize::try_from(count).unwrap_or(usize::MAX);
            Ok(visit.done(&set, Flash::counted("done-uploaded", count)))
        }
        Err(error) => again(&visit, Kind::Set, typed, error).await,
    }
}

/// Keeps what was typed; the token is checked before a file is taken.
fn keep(visit: &Visit, fields: &Fields, typed: &mut Fields) -> bool {
    *typed = fields.clone();
    visit.by.accepts_csrf(fields.get("csrf"))
}

/// The form once more, if what was wrong can be mended there.
async fn again(visit: &Visit, kind: Kind, typed: Fields, error: UploadError) -> PageResult {
    match error {
        UploadError::App(error) => {
            let problems = problems(visit.lang, error)?;
            show(visit, kind, typed, problems).await
        }
        error => Err(error.into()),
    }
}

async fn show(visit: &Visit, kind: Kind, typed: Fields, problems: Problems) -> PageResult {
    let projects = visit.if_allowed(visit.app.projects(visit.actor()).await)?;
    let stores = match kind {
        Kind::Files => known_stores(visit).await?,
        Kind::Set => Vec::new(),
    };
    let status = problems.status();
    let projects = projects.into_iter().map(|project| project.name).collect();
    let view = View { kind, typed, projects, stores, problems };
    visit.show_as(status, |frame| page(frame, &view)).await
}

async fn known_stores(visit: &Visit) -> Result<Vec<String>, PageError> {
    let stores = visit.app.stores(visit.actor(), None, StorePage::by_id(None, 100)).await;
    let stores = visit.if_allowed(stores)?.into_iter();
    let mut names: Vec<String> = stores.map(|counted| counted.store.name).collect();
    names.sort();
    names.dedup();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use actix_web::http::StatusCode;
    use actix_web::test::TestRequest;

    use crate::app::fixtures::{self, package};
    use crate::web::tests::browser::Browser;

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
