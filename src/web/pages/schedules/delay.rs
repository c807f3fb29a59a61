//! The form of one delay of a schedule: how many days after the start, for whom, over how long.

use actix_web::web::Path;
use maud::{Markup, html};

use crate::app::AppError;
use crate::app::schedules::{DelayForm, ScheduleForm, ScheduleRow};
use crate::domain::account::{Action, Model};
use crate::domain::ids::ScheduleId;
use crate::http::forms::Fields;
use crate::t;
use crate::web::components::form::{Form, Problems};
use crate::web::components::lookup::{Lookup, enter_button, sought_name};
use crate::web::error::{PageResult, problems};
use crate::web::flash::Flash;
use crate::web::layout::{Content, Frame};
use crate::web::pages::lookups::{self, Search, Searches};
use crate::web::urls;
use crate::web::visit::{Post, Visit};

use super::without;

/// Fields with a search.
const SEARCHED: [&str; 1] = ["attributes"];

/// What is typed about a delay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typed {
    pub delay: String,
    pub duration: String,
    pub attributes: Vec<String>,
}

/// The form.
pub struct View {
    pub schedule: ScheduleRow,
    /// The number of the delay that is changed; none for a new one.
    pub number: Option<u32>,
    pub typed: Typed,
    pub searches: Searches,
    pub problems: Problems,
}

/// Address of a delay: within a schedule each number is there once.
pub fn url(schedule: ScheduleId, number: u32) -> String {
    format!("{}/{number}", urls::part(urls::SCHEDULES, schedule, "delays"))
}

/// Renders the form.
pub fn page(frame: &Frame, view: &View) -> Markup {
    let lang = frame.lang();
    let writable = frame.may(Model::Schedule, Action::Change);
    let form = Form { lang, csrf: &frame.csrf, problems: &view.problems, writable };
    let attributes = view.typed.attributes.join("\n");
    let (sought, found) = view.searches.of("attributes");
    let fields = html! {
        (enter_button())
        div.pair {
            (form.number("delay", &view.typed.delay).required())
            (form.number("duration", &view.typed.duration).required())
        }
        (form.picker("attributes", &attributes, urls::SUGGEST_ATTRIBUTES)
            .hint("hint-delay-attributes"))
        (Lookup { form, field: "attributes", sought, found })
    };
    let schedule = urls::object(urls::SCHEDULES, view.schedule.id);
    let to = match view.number {
        Some(number) => url(view.schedule.id, number),
        None => urls::part(urls::SCHEDULES, view.schedule.id, "delays"),
    };
    let body = html! { section.card { (form.frame(&to, fields, form.save_or(&schedule))) } };
    let title = match view.number {
        Some(_) => t!(lang, "schedule-change-delay"),
        None => t!(lang, "schedule-add-delay"),
    };
    let content = Content::new(title, body).below(urls::SCHEDULES, t!(lang, "nav-schedules"));
    frame.page(content.below(schedule, view.schedule.name.clone()))
}

/// `GET /schedules/{id}/delays/new`.
pub async fn new(visit: Visit, id: Path<ScheduleId>) -> PageResult {
    let schedule = changeable(&visit, *id).await?;
    let typed = Typed { delay: String::new(), duration: "1".to_owned(), attributes: Vec::new() };
    show(&visit, View::of(schedule, None, typed)).await
}

/// `GET /schedules/{id}/delays/{delay}`.
pub async fn edit(visit: Visit, place: Path<(ScheduleId, u32)>) -> PageResult {
    let (id, number) = place.into_inner();
    let schedule = changeable(&visit, id).await?;
    let delay = schedule.delays.iter().find(|delay| delay.delay == number).cloned();
    let delay = delay.ok_or_else(|| AppError::not_found("delay", number))?;
    let DelayForm { delay, duration, attributes } = delay.into();
    let typed = Typed { delay: delay.to_string(), duration: duration.to_string(), attributes };
    show(&visit, View::of(schedule, Some(number), typed)).await
}

/// `POST /schedules/{id}/delays`.
pub async fn add(post: Post, id: Path<ScheduleId>) -> PageResult {
    submit(post, *id, None).await
}

/// `POST /schedules/{id}/delays/{delay}`.
pub async fn change(post: Post, place: Path<(ScheduleId, u32)>) -> PageResult {
    let (id, number) = place.into_inner();
    submit(post, id, Some(number)).await
}

/// `POST /schedules/{id}/delays/{delay}/delete`.
pub async fn delete(post: Post, place: Path<(ScheduleId, u32)>) -> PageResult {
    let (id, number) = place.into_inner();
    let visit = post.visit;
    let form = ScheduleForm::from(visit.app.schedule(visit.actor(), id).await?);
    let form = ScheduleForm { delays: without(form.clone(), Some(number)), ..form };
    let row = visit.app.change_schedule(visit.actor(), id, form).await?;
    Ok(visit.done(&urls::object(urls::SCHEDULES, id), Flash::done("done-saved", row.name)))
}

/// Searches or saves, whatever the button said.
async fn submit(post: Post, id: ScheduleId, number: Option<u32>) -> PageResult {
    let (visit, fields) = (post.visit, post.fields);
    let typed = read(&fields);
    let schedule = changeable(&visit, id).await?;
    if let Some(field) = lookups::asked(&fields, &SEARCHED) {
        let sought = fields.get(&sought_name(field)).to_owned();
        let found = lookups::attributes(&visit, &sought).await?;
        let searches = Searches(vec![Search { field, sought, found }]);
        return show(&visit, View { searches, ..View::of(schedule, number, typed) }).await;
    }
    let form = ScheduleForm::from(schedule.clone());
    let saved = match delay(&typed) {
        Ok(delay) => {
            let mut delays = without(form.clone(), number);
            delays.push(delay);
            let form = ScheduleForm { delays, ..form };
            visit.app.change_schedule(visit.actor(), id, form).await
        }
        Err(error) => Err(error),
    };
    match saved {
        Ok(row) => {
            let url = urls::object(urls::SCHEDULES, id);
            Ok(visit.done(&url, Flash::done("done-saved", row.name)))
        }
        Err(error) => {
            let problems = problems(visit.lang, error)?;
            show(&visit, View { problems, ..View::of(schedule, number, typed) }).await
        }
    }
}

impl View {
    fn of(schedule: ScheduleRow, number: Option<u32>, typed: Typed) -> Self {
        let (searches, problems) = (Searches::default(), Problems::none());
        Self { schedule, number, typed, searches, problems }
    }
}

/// The schedule, for whoever may change it.
async fn changeable(visit: &Visit, id: ScheduleId) -> Result<ScheduleRow, AppError> {
    visit.actor().permit(Model::Schedule, Action::Change)?;
    visit.app.schedule(visit.actor(), id).await
}

async fn show(visit: &Visit, view: View) -> PageResult {
    visit.show_as(view.problems.status(), |frame| page(frame, &view)).await
}

fn read(fields: &Fields) -> Typed {
    Typed {
        delay: fields.get("delay").trim().to_owned(),
        duration: fields.get("duration").trim().to_owned(),
        attributes: lookups::lines(fields, "attributes"),
    }
}

fn delay(typed: &Typed) -> Result<DelayForm, AppError> {
    let number = |field, text: &str| {
        text.parse().map_err(|_| AppError::invalid(field, "a number of days is needed"))
    };
    Ok(DelayForm {
        delay: number("delay", &typed.delay)?,
        duration: number("duration", &typed.duration)?,
        attributes: typed.attributes.clone(),
    })
}
