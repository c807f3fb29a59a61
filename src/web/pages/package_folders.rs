//! Packages information (D-PKG-07): the folders STORES and REPOSITORIES of a project. In
//! REPOSITORIES the files are links to those in STORES; each leads to its information page.

use maud::{Markup, html};

use crate::app::package_folders::{Branch, FolderQuery};
use crate::app::packages::Listed;
use crate::t;
use crate::web::components::icon::icon;
use crate::web::components::panel::empty;
use crate::web::components::table::{Row, Table, column, pager};
use crate::web::components::time::time;
use crate::web::error::{PageError, PageResult};
use crate::web::layout::{Content, Frame};
use crate::web::reader::size;
use crate::web::urls::{self, Query};
use crate::web::visit::Visit;

/// A folder of folders: names with their addresses.
pub struct Folders {
    /// Folders above this one, from the projects down; the last is this one.
    pub path: Vec<(String, String)>,
    pub folders: Vec<(String, String)>,
}

/// Renders a folder of folders.
pub fn folders_page(frame: &Frame, view: &Folders) -> Markup {
    let body = html! {
        section.card {
            @if view.folders.is_empty() {
                (empty(&t!(frame.lang(), "folder-empty")))
            } @else {
                ul.tree {
                    @for (url, name) in &view.folders {
                        li { a href=(url) { (icon("folder")) " " (name) } }
                    }
                }
            }
        }
    };
    within(frame, &view.path, body)
}

/// A folder of files.
pub struct Files {
    pub path: Vec<(String, String)>,
    pub branch: Branch,
    pub files: Vec<Listed>,
    pub next: Option<String>,
}

/// Renders a folder of files.
pub fn files_page(frame: &Frame, query: &Query, view: &Files) -> Markup {
    let lang = frame.lang();
    let rows = view.files.iter().map(|file| {
        let package = &file.package;
        let identity = file.identity.as_ref();
        let mut cells = vec![
            html! {
                a href=(urls::object(urls::PACKAGES, package.id)) {
                    (icon(icon_of(file))) " " (package.name)
                }
            },
            html! { span.mono { (identity.map(|it| it.version.as_str()).unwrap_or_default()) } },
            html! { (identity.map(|it| it.architecture.as_str()).unwrap_or_default()) },
            html! { (size(file.size_bytes)) },
            time(&frame.reader, package.uploaded_at),
        ];
        if view.branch == Branch::Repositories {
            let store = urls::browse(&file.project, Branch::Stores.as_str(), &file.store);
            cells.push(html! { "→ " a href=(store) { (file.store) } });
        }
        Row::new("package", package.id, cells)
    });
    let mut columns = vec![
        column(lang, "file"),
        column(lang, "version"),
        column(lang, "architecture"),
        column(lang, "size").number(),
        column(lang, "uploaded"),
    ];
    if view.branch == Branch::Repositories {
        columns.push(column(lang, "store"));
    }
    let table = Table {
        lang,
        caption: t!(lang, "nav-packages-information"),
        columns,
        rows: rows.collect(),
        order: None,
        selection: None,
        empty: t!(lang, "folder-empty"),
    };
    let body = html! {
        (table) (pager(lang, query, view.files.len(), view.next.as_deref()))
    };
    within(frame, &view.path, body)
}

/// The picture of a line.
fn icon_of(file: &Listed) -> &'static str {
    match (file.set, file.format) {
        (Some(_), _) => "folder",
        (None, Some(_)) => "package",
        (None, None) => "file",
    }
}

fn within(frame: &Frame, path: &[(String, String)], body: Markup) -> Markup {
    let root = t!(frame.lang(), "nav-packages-information");
    let Some(((_, here), above)) = path.split_last() else {
        return frame.page(Content::new(root, body));
    };
    let mut content = Content::new(here.clone(), body).below(urls::BROWSE, root);
    for (url, name) in above {
        content = content.below(url, name);
    }
    frame.page(content)
}

/// `GET /packages-information?project=&branch=&folder=`.
pub async fn show(visit: Visit) -> PageResult {
    let query = visit.query.clone();
    let named = |name: &str| (urls::browse(name, "", ""), name.to_owned());
    let Some(project) = query.find("project") else {
        let projects = visit.app.package_projects(visit.actor()).await?;
        let folders = projects.iter().map(|name| named(name)).collect();
        return folders_of(&visit, Vec::new(), folders).await;
    };
    let mut path = vec![named(project)];
    let branch_url = |branch: Branch| urls::browse(project, branch.as_str(), "");
    let Some(branch) = query.find("branch") else {
        // Also tells a project that is none.
        visit.app.package_folders(visit.actor(), project.to_owned(), Branch::Stores).await?;
        let both = Branch::ALL.map(|branch| (branch_url(branch), branch.as_str().to_owned()));
        return folders_of(&visit, path, both.into()).await;
    };
    let branch = Branch::parse(branch).ok_or(PageError::Unknown)?;
    path.push((branch_url(branch), branch.as_str().to_owned()));
    let Some(folder) = query.find("folder") else {
        let found = visit.app.package_folders(visit.actor(), project.to_owned(), branch).await?;
        let url = |name: &String| urls::browse(project, branch.as_str(), name);
        let folders = found.into_iter().map(|name| (url(&name), name)).collect();
        return folders_of(&visit, path, folders).await;
    };
    path.push((urls::browse(project, branch.as_str(), folder), folder.to_owned()));
    let wanted = FolderQuery {
        project: project.to_owned(),
        branch,
        folder: folder.to_owned(),
        after: query.cursor().map(str::to_owned),
        limit: visit.frame().await?.page_size,
    };
    let found = visit.app.package_files(visit.actor(), wanted).await?;
    let view = Files { path, branch, files: found.items, next: found.next };
    visit.show(|frame| files_page(frame, &query, &view)).await
}

async fn folders_of(
    visit: &Visit,
    path: Vec<(String, String)>,
    folders: Vec<(String, String)>,
) -> PageResult {
    let view = Folders { path, folders };
    visit.show(|frame| folders_page(frame, &view)).await
}
