//! How many computers of a project a schedule reaches after how many days (D-TIME-06).

use actix_web::web::Path;
use maud::{Markup, html};

use crate::app::schedules::ScheduleRow;
use crate::app::timelines::ProvidedAfter;
use crate::domain::ids::ScheduleId;
use crate::domain::project::Project;
use crate::t;
use crate::web::components::curve::{Curve, Point};
use crate::web::components::filters::Filters;
use crate::web::components::panel::empty;
use crate::web::error::PageResult;
use crate::web::layout::{Content, Frame};
use crate::web::pages::project_filter;
use crate::web::urls::{self, Query};
use crate::web::visit::Visit;

/// What the page shows.
pub struct View {
    pub schedule: ScheduleRow,
    pub projects: Vec<Project>,
    /// None until a project is chosen.
    pub provided: Option<Vec<ProvidedAfter>>,
}

/// Renders the page.
pub fn page(frame: &Frame, query: &Query, view: &View) -> Markup {
    let lang = frame.lang();
    let (title, along) = (t!(lang, "schedule-statistics"), t!(lang, "field-days"));
    let point = |one: &ProvidedAfter| Point {
        name: one.days.to_string(),
        planned: one.computers,
        actual: None,
    };
    let points: Option<Vec<Point>> =
        view.provided.as_ref().map(|provided| provided.iter().map(point).collect());
    let filters =
        Filters { lang, query, filters: vec![project_filter::filter(lang, &view.projects)] };
    let body = html! {
        (filters)
        section.card {
            p.soft { (t!(lang, "schedule-statistics-text")) }
            @match points.as_deref() {
                None => (empty(&t!(lang, "schedule-choose-project"))),
                Some([]) => (empty(&t!(lang, "schedule-statistics-nobody"))),
                Some(points) => {
                    (Curve { lang, title: &title, along: &along, points }.render())
                }
            }
        }
    };
    let schedule = urls::object(urls::SCHEDULES, view.schedule.id);
    let content = Content::new(title, body).below(urls::SCHEDULES, t!(lang, "nav-schedules"));
    frame.page(content.below(schedule, view.schedule.name.clone()))
}

/// `GET /schedules/{id}/statistics`; the only project there is needs no choice.
pub async fn show(visit: Visit, id: Path<ScheduleId>) -> PageResult {
    let query = visit.query.clone();
    let schedule = visit.app.schedule(visit.actor(), *id).await?;
    let projects = visit.if_allowed(visit.app.projects(visit.actor()).await)?;
    let project = project_filter::chosen(&query, &projects).or_else(|| match &projects[..] {
        [only] => Some(only.name.clone()),
        _ => None,
    });
    let provided = match project {
        Some(name) => Some(visit.app.schedule_provided(visit.actor(), *id, name).await?),
        None => None,
    };
    let view = View { schedule, projects, provided };
    visit.show(|frame| page(frame, &query, &view)).await
}
