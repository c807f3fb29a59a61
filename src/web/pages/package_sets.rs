//! Package sets: what one contains (D-PKG-02).

use maud::{Markup, html};

use crate::app::package_sets::SetFile;
use crate::app::packages::Listed;
use crate::domain::package::Format;
use crate::http::paths;
use crate::t;
use crate::web::components::facts::Facts;
use crate::web::components::icon::icon;
use crate::web::components::panel::{card, link_button};
use crate::web::components::table::{Row, Table, column, pager};
use crate::web::components::time::time;
use crate::web::error::PageResult;
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

#[cfg(test)]
mod tests {
    use crate::app::fixtures::package;
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
        let delete = [("id", id.as_str()), ("action", "delete"), ("confirmed", "yes")];
        visitor.post("/packages/selection", &delete).await;
        assert!(visitor.page(&format!("/packages/{id}")).await.contains("Register again"));
    }
}
