//! Schedules: list, form with their delays, deletion that names the deployments (7.6).
//!
//! A delay has a form of its own, so that its attributes can be searched without scripts.

use actix_web::http::StatusCode;
use actix_web::web::Path;
use maud::{Markup, html};

use crate::app::AppError;
use crate::app::schedules::{DelayForm, DelayRow, ScheduleFilter, ScheduleForm, ScheduleRow};
use crate::domain::account::{Action, Model};
use crate::domain::ids::ScheduleId;
use crate::t;
use crate::web::components::filters::{Filter, Filters};
use crate::web::components::form::{Form, Problems};
use crate::web::components::list::List;
use crate::web::components::panel::{Confirm, link_button, post_button, table_card};
use crate::web::components::related::Related;
use crate::web::components::table::{Row, Table, column};
use crate::web::error::{PageResult, problems};
use crate::web::flash::Flash;
use crate::web::layout::{Content, Frame};
use crate::web::related;
use crate::web::urls::{self, Query};
use crate::web::visit::{Post, Visit};

pub mod delay;
pub mod statistics;

/// Renders the list.
pub fn list_page<'a>(
    frame: &'a Frame,
    query: &'a Query,
    schedules: &'a [ScheduleRow],
    next: Option<&'a str>,
) -> List<'a> {
    let lang = frame.lang();
    let rows = schedules.iter().map(|schedule| {
        let deployments = urls::filtered(urls::DEPLOYMENTS, "schedule", &schedule.name);
        let cells = vec![
            html! { a href=(urls::object(urls::SCHEDULES, schedule.id)) { (schedule.name) } },
            html! { (schedule.description) },
            html! {
                ul.chips {
                    @for delay in &schedule.delays { li { (delay_text(frame, delay)) } }
                }
            },
            html! { a href=(deployments) { (schedule.deployments) } },
        ];
        Row::new("schedule", schedule.id, cells)
    });
    let table = Table {
        lang,
        caption: t!(lang, "nav-schedules"),
        columns: vec![
            column(lang, "name"),
            column(lang, "description"),
            column(lang, "delays"),
            column(lang, "deployments").number(),
        ],
        rows: rows.collect(),
        order: None,
        selection: None,
        empty: match query.filtered() {
            true => t!(lang, "ui-nothing-found"),
            false => t!(lang, "schedules-empty"),
        },
    };
    let filters =
        Filters { lang, query, filters: vec![Filter::Search(t!(lang, "schedules-search"))] };
    let actions = html! {
        @if frame.may(Model::Schedule, Action::Add) {
            (link_button(&urls::new(urls::SCHEDULES), "plus", &t!(lang, "schedule-new")))
        }
    };
    List::new(table).filtered(filters).paged(next).with_actions(actions)
}

/// `0 (10 days): SET-ALL SYSTEMS`.
fn delay_text(frame: &Frame, delay: &DelayRow) -> String {
    let names: Vec<&str> = delay.attributes.iter().map(|one| one.name.as_str()).collect();
    let (names, days) = (names.join(", "), i64::from(delay.duration));
    let number = delay.delay.to_string();
    t!(frame.lang(), "schedule-delay", delay = number, count = days, names = names)
}

/// One schedule, or a new one.
pub struct FormView {
    pub stored: Option<ScheduleRow>,
    pub name: String,
    pub description: String,
    pub problems: Problems,
}

/// Renders the form.
pub fn form_page(frame: &Frame, view: &FormView) -> Markup {
    let lang = frame.lang();
    let stored = view.stored.as_ref();
    let action = if stored.is_some() { Action::Change } else { Action::Add };
    let writable = frame.may(Model::Schedule, action);
    let form = Form { lang, csrf: &frame.csrf, problems: &view.problems, writable };
    let fields = html! {
        (form.text("name", &view.name).required().max(50))
        (form.area("description", &view.description))
    };
    let url =
        stored.map_or(urls::SCHEDULES.to_owned(), |row| urls::object(urls::SCHEDULES, row.id));
    let statistics = |row: &ScheduleRow| {
        let url = urls::part(urls::SCHEDULES, row.id, "statistics");
        Related::view(lang, "schedule-statistics", url)
    };
    let views = stored.map(statistics).into_iter().collect();
    let body = html! {
        section.card { (form.frame(&url, fields, form.save_or(urls::SCHEDULES))) }
        @if let Some(row) = stored { (delays(frame, row, writable)) }
    };
    let title = stored.map_or_else(|| t!(lang, "schedule-new"), |row| row.name.clone());
    let deletable = stored.filter(|_| frame.may(Model::Schedule, Action::Delete));
    let actions = html! {
        @if let Some(row) = deletable {
            (link_button(&urls::part(urls::SCHEDULES, row.id, "delete"), "delete",
                &t!(lang, "ui-delete")))
        }
    };
    let content = Content::new(title, body).below(urls::SCHEDULES, t!(lang, "nav-schedules"));
    frame.page(content.with_views(views).with_actions(actions))
}

fn delays(frame: &Frame, schedule: &ScheduleRow, writable: bool) -> Markup {
    let lang = frame.lang();
    let place = |number: u32| delay::url(schedule.id, number);
    let rows = schedule.delays.iter().map(|one| {
        let cells = vec![
            html! {
                @if writable { a href=(place(one.delay)) { (one.delay) } }
                @else { (one.delay) }
            },
            html! { (one.duration) },
            html! {
                ul.chips {
                    @for attribute in &one.attributes {
                        li {
                            a href=(urls::object(urls::ATTRIBUTES, attribute.id)) {
                                (attribute.name)
                            }
                        }
                    }
                }
            },
            html! {
                @if writable {
                    (post_button(&format!("{}/delete", place(one.delay)), &frame.csrf,
                        &t!(lang, "schedule-take-delay"), &[]))
                }
            },
        ];
        Row::new("delay", one.delay, cells)
    });
    let table = Table {
        lang,
        caption: t!(lang, "field-delays"),
        columns: ["delay", "duration", "attributes", "actions"]
            .map(|name| column(lang, name))
            .into(),
        rows: rows.collect(),
        order: None,
        selection: None,
        empty: t!(lang, "schedule-without-delays"),
    };
    html! {
        (table_card(&t!(lang, "field-delays"), None, html! {
            p.inset.soft { (t!(lang, "schedule-delays-text")) }
            (table)
        }))
        @if writable {
            (link_button(&urls::part(urls::SCHEDULES, schedule.id, "delays/new"), "plus",
                &t!(lang, "schedule-add-delay")))
        }
    }
}

/// `GET /schedules`.
pub async fn list(visit: Visit) -> PageResult {
    let frame = visit.frame().await?;
    let query = visit.query.clone();
    let filter = ScheduleFilter {
        related: related::wanted(&visit),
        search: query.find("q").map(|text| text.trim().to_owned()),
        after: query.cursor().map(str::to_owned),
        limit: frame.page_size,
    };
    let found = visit.app.schedules(visit.actor(), filter).await?;
    visit.list(&frame, list_page(&frame, &query, &found.items, found.next.as_deref()))
}

/// `GET /schedules/new`.
pub async fn new(visit: Visit) -> PageResult {
    visit.actor().permit(Model::Schedule, Action::Add).map_err(AppError::from)?;
    show_form(&visit, None, ScheduleForm::default(), Problems::none()).await
}

/// `GET /schedules/{id}`.
pub async fn edit(visit: Visit, id: Path<ScheduleId>) -> PageResult {
    let stored = visit.app.schedule(visit.actor(), *id).await?;
    show_form(&visit, Some(stored.clone()), stored.into(), Problems::none()).await
}

/// `POST /schedules`: the delays of a new one are added on its page.
pub async fn add(post: Post) -> PageResult {
    let visit = post.visit;
    let form = ScheduleForm {
        name: post.fields.get("name").to_owned(),
        description: post.fields.get("description").to_owned(),
        delays: Vec::new(),
    };
    match visit.app.add_schedule(visit.actor(), form.clone()).await {
        Ok(row) => {
            let url = urls::object(urls::SCHEDULES, row.id);
            Ok(visit.done(&url, Flash::done("done-added", row.name)))
        }
        Err(error) => show_form(&visit, None, form, problems(visit.lang, error)?).await,
    }
}

/// `POST /schedules/{id}`.
pub async fn change(post: Post, id: Path<ScheduleId>) -> PageResult {
    let visit = post.visit;
    let stored = visit.app.schedule(visit.actor(), *id).await?;
    let form = ScheduleForm {
        name: post.fields.get("name").to_owned(),
        description: post.fields.get("description").to_owned(),
        ..ScheduleForm::from(stored.clone())
    };
    match visit.app.change_schedule(visit.actor(), *id, form.clone()).await {
        Ok(row) => Ok(visit.done(urls::SCHEDULES, Flash::done("done-saved", row.name))),
        Err(error) => show_form(&visit, Some(stored), form, problems(visit.lang, error)?).await,
    }
}

/// `GET /schedules/{id}/delete`: names the deployments that lose it (D-GEN-09).
pub async fn confirm(visit: Visit, id: Path<ScheduleId>) -> PageResult {
    visit.actor().permit(Model::Schedule, Action::Delete).map_err(AppError::from)?;
    let schedule = visit.app.schedule(visit.actor(), *id).await?;
    let used = visit.app.schedule_users(visit.actor(), *id).await?;
    let lang = visit.lang;
    let losses = used.iter().map(|one| t!(lang, "loss-schedule-of", name = one.name.as_str()));
    let name = schedule.name.as_str();
    let page = |frame: &Frame| {
        let confirm = Confirm {
            lang,
            csrf: &frame.csrf,
            url: urls::part(urls::SCHEDULES, *id, "delete"),
            back: urls::object(urls::SCHEDULES, *id),
            question: t!(lang, "schedule-delete-question", name = name),
            losses: losses.collect(),
            fields: Vec::new(),
            button: t!(lang, "ui-delete"),
        };
        let content = Content::new(t!(lang, "ui-delete"), confirm);
        frame.page(content.below(urls::SCHEDULES, t!(lang, "nav-schedules")))
    };
    visit.show(page).await
}

/// `POST /schedules/{id}/delete`.
pub async fn delete(post: Post, id: Path<ScheduleId>) -> PageResult {
    let visit = post.visit;
    let schedule = visit.app.schedule(visit.actor(), *id).await?;
    let confirmed = post.fields.ticked("confirmed");
    visit.app.delete_schedule(visit.actor(), *id, confirmed).await?;
    Ok(visit.done(urls::SCHEDULES, Flash::done("done-deleted", schedule.name)))
}

async fn show_form(
    visit: &Visit,
    stored: Option<ScheduleRow>,
    form: ScheduleForm,
    problems: Problems,
) -> PageResult {
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let ScheduleForm { name, description, .. } = form;
    let view = FormView { stored, name, description, problems };
    visit.show_as(status, |frame| form_page(frame, &view)).await
}

/// The delays without that of `number`, if there is one.
fn without(form: ScheduleForm, number: Option<u32>) -> Vec<DelayForm> {
    form.delays.into_iter().filter(|delay| Some(delay.delay) != number).collect()
}

#[cfg(test)]
mod tests;
