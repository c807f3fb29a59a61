//! What a package says of itself and what it installs (D-PMS-03), in this order of headings:
//! general information, requires, provides, obsoletes, scripts, changelog, files. Of metadata what is
//! in it.

use actix_web::web::Path;
use maud::{Markup, html};

use crate::app::package_information::{Header, PackageContents, PackageInformation};
use crate::app::packages::Listed;
use crate::catalogue::Lang;
use crate::domain::account::{Action, Model};
use crate::domain::ids::PackageId;
use crate::domain::package::Format;
use crate::http::paths;
use crate::t;
use crate::web::components::code::{code, wrapped};
use crate::web::components::facts::Facts;
use crate::web::components::panel::{card, link_button, post_button};
use crate::web::components::time::time;
use crate::web::error::PageResult;
use crate::web::layout::{Content, Frame};
use crate::web::pages::package_sets;
use crate::web::reader::size;
use crate::web::urls;
use crate::web::visit::Visit;

// Fields of both formats; a package has those of its own.
const REQUIRES: [&str; 8] = [
    "Pre-Depends",
    "Depends",
    "Requires",
    "Recommends",
    "Suggests",
    "Supplements",
    "Enhances",
    "Built-Using",
];
const PROVIDES: [&str; 1] = ["Provides"];
const OBSOLETES: [&str; 4] = ["Obsoletes", "Replaces", "Breaks", "Conflicts"];

/// Renders the page.
pub fn page(frame: &Frame, view: &PackageInformation) -> Markup {
    let lang = frame.lang();
    let listed = &view.package;
    let file = paths::store_file(&listed.project, &listed.store, &listed.package.name);
    let facts = Facts::new(lang)
        .add("project", &listed.project)
        .add("store", &listed.store)
        .add("size", size(listed.size_bytes))
        .add("uploaded", time(&frame.reader, listed.package.uploaded_at))
        .add_raw("SHA-256", html! { span.mono { (hex::encode(listed.sha256)) } });
    let body = html! {
        @match &view.header {
            None => (card(&t!(lang, "package-general"), facts)),
            Some(header) if !header.format.is_package() => {
                (card(&t!(lang, "package-general"), html! {
                    p { (t!(lang, "metadata-about")) }
                    (facts.add("kind", format_name(lang, header.format)))
                }))
                @for (section, lines) in &header.control {
                    (card(&t!(lang, &format!("metadata-{section}")), code(lines)))
                }
            }
            Some(header) => {
                (card(&t!(lang, "package-general"), general(facts, &header.control)))
                (relations(frame, "package-requires", header, &REQUIRES))
                (relations(frame, "package-provides", header, &PROVIDES))
                (relations(frame, "package-obsoletes", header, &OBSOLETES))
                (card(&t!(lang, "package-scripts"), html! {
                    @for (name, text) in &header.scripts {
                        h3 { (name) }
                        @if !text.is_empty() { (code(text)) }
                    }
                    @if !header.conffiles.is_empty() {
                        h3 { "conffiles" } (code(&header.conffiles.join("\n")))
                    }
                    @if header.scripts.is_empty() && header.conffiles.is_empty() {
                        (none(frame))
                    }
                }))
                @if let Some(contents) = &view.contents { (installed(frame, contents)) }
            }
        }
    };
    let actions = html! {
        (link_button(&file, "download", &t!(lang, "package-download")))
        (actions(frame, listed))
    };
    let content = Content::new(listed.package.name.clone(), body);
    frame.page(content.below(urls::PACKAGES, t!(lang, "nav-packages")).with_actions(actions))
}

/// What can be done with the record of a package or set.
pub fn actions(frame: &Frame, listed: &Listed) -> Markup {
    let (lang, id) = (frame.lang(), listed.package.id);
    let is_registered = listed.package.is_registered;
    html! {
        @if frame.may(Model::Package, Action::Delete) && is_registered {
            (link_button(&urls::part(urls::PACKAGES, id, "delete"), "delete",
                &t!(lang, "ui-delete")))
        }
        @if frame.may(Model::Package, Action::Add) && listed.format.is_some() && !is_registered {
            (post_button(&urls::selection(urls::PACKAGES), &frame.csrf,
                &t!(lang, "packages-register"),
                &[("action", "register"), ("id", &id.to_string())]))
        }
    }
}

/// What a format of files is called, where the name of a package would stand.
pub fn format_name(lang: Lang, format: Format) -> String {
    t!(lang, &format!("format-{}", format.as_str()))
}

/// All fields but those that have a heading of their own.
fn general(facts: Facts, control: &[(String, String)]) -> Facts {
    let named = |name: &str| [&REQUIRES[..], &PROVIDES, &OBSOLETES].concat().contains(&name);
    control.iter().filter(|(name, _)| !named(name)).fold(facts, |facts, (name, value)| {
        if value.contains('\n') {
            facts.add_raw(name, wrapped(value))
        } else {
            facts.add_raw(name, value)
        }
    })
}

/// The fields with these names, one entry a line.
fn relations(frame: &Frame, title: &str, header: &Header, names: &[&str]) -> Markup {
    let fields = header.control.iter();
    let found: Vec<_> = fields.filter(|(name, _)| names.contains(&name.as_str())).collect();
    // Names in an rpm may contain commas, so its entries stand a line each.
    let separator = match header.format {
        Format::Deb => ',',
        _ => '\n',
    };
    let body = html! {
        @for (name, value) in &found {
            h3 { (name) }
            ul { @for entry in value.split(separator) { li { (entry.trim()) } } }
        }
        @if found.is_empty() { (none(frame)) }
    };
    card(&crate::catalogue::text(frame.lang(), title, &[]), body)
}

/// Changelog and files, as far as they could be read.
fn installed(frame: &Frame, contents: &PackageContents) -> Markup {
    let lang = frame.lang();
    html! {
        (card(&t!(lang, "package-changelog"), html! {
            @if contents.changelog.is_empty() { (none(frame)) }
            @else { div id="changelog" { (code(&contents.changelog)) } }
        }))
        (card(&t!(lang, "package-files"), html! {
            @if let Some(damage) = &contents.damage { p { (damage) } }
            @if contents.truncated { p { (t!(lang, "package-files-truncated")) } }
            @if contents.files.is_empty() { (none(frame)) }
            @else { (code(&file_list(contents))) }
        }))
    }
}

/// A line a path, links with where they point.
fn file_list(contents: &PackageContents) -> String {
    let line = |file: &crate::app::package_information::ContentsFile| match &file.link {
        Some(link) => format!("{} -> {link}", file.path),
        None => file.path.clone(),
    };
    contents.files.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn none(frame: &Frame) -> Markup {
    html! { p.muted { (t!(frame.lang(), "package-none")) } }
}

/// `GET /packages/{id}`.
pub async fn show(visit: Visit, id: Path<PackageId>) -> PageResult {
    let view = visit.app.package_information(visit.actor(), *id).await?;
    if view.package.set.is_some() {
        return package_sets::show(visit, view.package).await;
    }
    visit.show(|frame| page(frame, &view)).await
}

#[cfg(test)]
mod tests {
    use crate::app::uploads::{Incoming as _, UploadRequest};
    use crate::formats::deb::write::acme_test_files;
    use crate::web::tests::visitor::Visitor;

    #[actix_web::test]
    async fn d_pms_03_the_headings_come_in_order_and_the_newest_change_first() {
        let visitor = Visitor::of("admin").await;
        let (name, bytes) = acme_test_files(2).unwrap();
        let site = &visitor.site;
        let stored = site.upload(&site.admin, &name, &bytes, false).await.unwrap();
        let id = stored.file.package.id;
        let html = visitor.page(&format!("/packages/{id}")).await;
        let headings = [
            "General information",
            "Requires",
            "Provides",
            "Obsoletes, replaces",
            "Maintainer scripts",
            "Changelog",
            "Files",
        ];
        let places: Vec<_> = headings
            .iter()
            .map(|heading| html.find(&format!("<h2>{heading}</h2>")).expect(heading))
            .collect();
        assert!(places.is_sorted(), "{places:?}");
        let (newer, older) = (html.find("(1.0-2)"), html.find("(1.0-1)"));
        assert!(newer.is_some() && newer < older, "newest first");
        assert!(html.contains(&format!("/public/debian-12/STORES/acme/{name}")), "download");
        let browse = visitor.get("/packages/999").await;
        assert_eq!(browse.status, actix_web::http::StatusCode::NOT_FOUND);
    }

    #[actix_web::test]
    async fn metadata_says_what_it_is_and_what_is_in_it() {
        let visitor = Visitor::of("admin").await;
        let site = &visitor.site;
        site.add_project("fedora-40", "yum").await;
        let text = "<comps><group><id>acme</id><name>A&lt;b&gt;</name></group></comps>";
        let upload = site.upload_to("fedora-40", &site.admin, "g.xml", text.as_bytes(), false);
        let id = upload.await.unwrap().file.package.id;
        let html = visitor.page(&format!("/packages/{id}")).await;
        for part in ["Package groups", "<h2>Groups</h2>", "acme: A&lt;b&gt;"] {
            assert!(html.contains(part), "{part}: {html}");
        }
        assert!(!html.contains("<h2>Requires</h2>") && !html.contains("<h2>Files</h2>"));
        assert!(visitor.page("/packages").await.contains("Package groups"));
    }

    #[actix_web::test]
    async fn d_pkg_06_the_page_of_a_file_without_record_registers_it_again() {
        let visitor = Visitor::of("admin").await;
        let (name, bytes) = acme_test_files(1).unwrap();
        let site = &visitor.site;
        let stored = site.upload(&site.admin, &name, &bytes, false).await.unwrap();
        let id = stored.file.package.id.to_string();
        let path = format!("/packages/{id}");
        assert!(!visitor.page(&path).await.contains("Register again"));
        let delete = [("id", id.as_str()), ("action", "delete"), ("confirmed", "yes")];
        visitor.post("/packages/selection", &delete).await;
        assert!(visitor.page(&path).await.contains("Register again"));
        visitor.post("/packages/selection", &[("action", "register"), ("id", &id)]).await;
        assert!(!visitor.page(&path).await.contains("Register again"));
    }

    #[actix_web::test]
    async fn d_pms_03_an_rpm_has_the_same_headings() {
        let visitor = Visitor::of("admin").await;
        let site = &visitor.site;
        site.add_project("fedora-40", "yum").await;
        let bytes = include_bytes!("../../../testdata/rpms/acme-full-1.0~rc1-3.x86_64.rpm");
        let name = "acme-full-1.0~rc1-3.x86_64.rpm";
        let stored = site.upload_to("fedora-40", &site.admin, name, bytes, false).await.unwrap();
        let html = visitor.page(&format!("/packages/{}", stored.file.package.id)).await;
        // What must be found below each heading.
        let table = [
            ("General information", "Everything a header can say, con ñ y €"),
            ("Requires", "<li>(acme-gtk if acme-desktop else acme-tui)</li>"),
            ("Provides", "<li>acme-engine = 5.1</li>"),
            ("Obsoletes, replaces", "<li>acme-old &lt;= 0.8-2</li>"),
            ("Maintainer scripts", "<h3>%triggerpostun -- acme-old &lt; 0.8</h3>"),
            ("Changelog", "* Thu Jan 15 2026 Ana Núñez"),
            ("Files", "/usr/bin/acme -&gt; acme-full"),
        ];
        let mut rest = html.as_str();
        for (heading, text) in table {
            let heading = format!("<h2>{heading}</h2>");
            let (_, below) = rest.split_once(&heading).expect(&heading);
            let card = below.split("<h2>").next().unwrap();
            assert!(card.contains(text), "{heading}: {text}\n{card}");
            rest = below;
        }
        let (newer, older) = (html.find("1.0~rc1-2"), html.find("1.0~rc1-1"));
        assert!(newer.is_some() && newer < older, "newest first");
    }

    #[actix_web::test]
    async fn d_pms_03_another_file_shows_name_size_and_date_only() {
        let visitor = Visitor::of("admin").await;
        let site = &visitor.site;
        let request = UploadRequest {
            project: "debian-12".into(),
            store: "acme".into(),
            file_name: "notes.txt".into(),
            is_regular_file: true,
            ..Default::default()
        };
        let mut upload = site.app.begin_upload(&site.admin, request).await.unwrap();
        upload.push(&b"hello"[..]).await.unwrap();
        let stored = upload.finish().await.unwrap();
        let html = visitor.page(&format!("/packages/{}", stored.file.package.id)).await;
        assert!(html.contains("notes.txt") && html.contains("General information"));
        assert!(!html.contains("<h2>Requires</h2>") && !html.contains("<h2>Files</h2>"));
    }
}
