//! The clean-up of packages in no deployment: what it removes, and whether with the files
//! (D-PKG-08, D-PROC-01).

use maud::{Markup, html};

use crate::app::AppError;
use crate::app::orphans::{CleanUp, OrphanTotals};
use crate::domain::account::{Action, Model};
use crate::domain::project::Project;
use crate::t;
use crate::web::components::facts::Facts;
use crate::web::components::filters::Filters;
use crate::web::components::form::{Form, Problems};
use crate::web::components::panel::empty;
use crate::web::error::PageResult;
use crate::web::flash::Flash;
use crate::web::layout::{Content, Frame};
use crate::web::pages::project_filter;
use crate::web::reader::size;
use crate::web::urls::{self, Query};
use crate::web::visit::{Post, Visit};

/// What the page shows.
pub struct View {
    pub totals: OrphanTotals,
    /// Name of the project; empty for all.
    pub project: String,
    pub projects: Vec<Project>,
}

/// Renders the page.
pub fn page(frame: &Frame, query: &Query, view: &View) -> Markup {
    let lang = frame.lang();
    let OrphanTotals { count, bytes, freed_bytes } = view.totals;
    let problems = Problems::none();
    let form = Form { lang, csrf: &frame.csrf, problems: &problems, writable: true };
    let list = urls::filtered(urls::PACKAGES, "show", "orphan");
    let fields = html! {
        input type="hidden" name="project" value=(view.project);
        input type="hidden" name="count" value=(count);
        (form.tick("files", false).label("orphans-with-files").hint("orphans-with-files-text"))
    };
    let buttons = html! {
        button.button.danger type="submit" { (t!(lang, "orphans-clean-up")) }
        a.button href=(list) { (t!(lang, "ui-cancel")) }
    };
    let facts = Facts::new(lang)
        .add("packages", html! { a href=(list) { (count) } })
        .add("size", size(unsigned(bytes)))
        .add("freed", size(unsigned(freed_bytes)));
    let filters =
        Filters { lang, query, filters: vec![project_filter::filter(lang, &view.projects)] };
    let body = html! {
        (filters)
        section.card.narrow {
            @if count == 0 {
                (empty(&t!(lang, "orphans-none")))
            } @else {
                p { (t!(lang, "orphans-text")) }
                (facts)
                (form.frame(urls::ORPHANS, fields, buttons))
            }
        }
    };
    let content = Content::new(t!(lang, "orphans-clean-up"), body);
    frame.page(content.below(urls::PACKAGES, t!(lang, "nav-packages")))
}

fn unsigned(bytes: i64) -> u64 {
    u64::try_from(bytes).unwrap_or_default()
}

/// `GET /packages/orphans`.
pub async fn show(visit: Visit) -> PageResult {
    visit.actor().permit(Model::Package, Action::Delete).map_err(AppError::from)?;
    let query = visit.query.clone();
    let projects = visit.if_allowed(visit.app.projects(visit.actor()).await)?;
    let project = project_filter::chosen(&query, &projects);
    let totals = visit.app.orphans(visit.actor(), project.clone()).await?;
    let view = View { totals, project: project.unwrap_or_default(), projects };
    visit.show(|frame| page(frame, &query, &view)).await
}

/// `POST /packages/orphans`.
pub async fn clean_up(post: Post) -> PageResult {
    let (visit, fields) = (post.visit, post.fields);
    let wanted = CleanUp {
        project: Some(fields.get("project").to_owned()).filter(|name| !name.is_empty()),
        files: fields.ticked("files"),
        count: fields.get("count").parse().unwrap_or(-1),
    };
    let count = visit.app.clean_up_orphans(visit.actor(), wanted).await?;
    Ok(visit.done(urls::PACKAGES, Flash::counted("done-orphans-removed", count)))
}
