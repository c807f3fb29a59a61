//! Schedules: list, form with their delays (7.6).
//!
//! A delay has a form of its own, so that its attributes can be searched without scripts.

use maud::{Markup, html};

use crate::app::AppError;
use crate::app::computers::Named;
use crate::app::schedules::{DelayForm, DelayRow, ScheduleFilter, ScheduleForm, ScheduleRow};
use crate::catalogue::Lang;
use crate::domain::account::Model;
use crate::domain::ids::ScheduleId;
use crate::http::forms::Fields;
use crate::t;
use crate::web::components::filters::{Filter, Filters};
use crate::web::components::list::List;
use crate::web::components::panel::{link_button, post_button, table_card};
use crate::web::components::related::Related;
use crate::web::components::table::{Row, Table, column};
use crate::web::crud::{self, Crud, Typed};
use crate::web::error::PageResult;
use crate::web::layout::Frame;
use crate::web::related;
use crate::web::urls::{self, Query};
use crate::web::visit::Visit;

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
        selection: crud::selection::<Schedules>(frame),
        empty: t!(lang, "schedules-empty"),
    };
    let filters =
        Filters { lang, query, filters: vec![Filter::Search(t!(lang, "schedules-search"))] };
    List::new(table).filtered(filters).paged(next).with_actions(crud::addition::<Schedules>(frame))
}

/// `0 (10 days): SET-ALL SYSTEMS`.
fn delay_text(frame: &Frame, delay: &DelayRow) -> String {
    let names: Vec<&str> = delay.attributes.iter().map(|one| one.name.as_str()).collect();
    let (names, days) = (names.join(", "), i64::from(delay.duration));
    let number = delay.delay.to_string();
    t!(frame.lang(), "schedule-delay", delay = number, count = days, names = names)
}

/// Renders the form; of a schedule that there is with its delays.
fn form_page(frame: &Frame, view: &Typed<Schedules>) -> Markup {
    let lang = frame.lang();
    let form = view.form(frame);
    let stored = view.stored.as_ref().map(|stored| &stored.row);
    let fields = html! {
        (form.text("name", &view.form.name).required().max(50))
        (form.area("description", &view.form.description))
    };
    let statistics = |row: &ScheduleRow| {
        let url = urls::part(urls::SCHEDULES, row.id, "statistics");
        Related::view(lang, "schedule-statistics", url)
    };
    let views = stored.map(statistics).into_iter().collect();
    let body = html! {
        section.card { (view.framed(form, fields)) }
        @if let Some(row) = stored { (delays(frame, row, form.writable)) }
    };
    let name = stored.map_or("", |row| row.name.as_str());
    frame.page(view.content(frame, name, body).with_views(views))
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

/// A schedule and the deployments that would lose it.
pub struct Stored {
    row: ScheduleRow,
    used: Vec<Named>,
}

/// What is done with schedules; their delays have forms of their own.
pub struct Schedules;

impl Crud for Schedules {
    type Id = ScheduleId;
    type Form = ScheduleForm;
    type Stored = Stored;

    const MODEL: Model = Model::Schedule;
    const LIST: &'static str = urls::SCHEDULES;
    const NAV: &'static str = "nav-schedules";
    const NEW: &'static str = "schedule-new";
    const QUESTION: &'static str = "schedule-delete-question";

    fn id(number: i64) -> ScheduleId {
        ScheduleId(number)
    }

    fn name(stored: &Stored) -> String {
        stored.row.name.clone()
    }

    fn blank(_query: &Query) -> ScheduleForm {
        ScheduleForm::default()
    }

    fn typed(stored: &Stored) -> ScheduleForm {
        stored.row.clone().into()
    }

    fn read(fields: &Fields) -> ScheduleForm {
        ScheduleForm {
            name: fields.get("name").to_owned(),
            description: fields.get("description").to_owned(),
            delays: Vec::new(),
        }
    }

    async fn find(visit: &Visit, id: ScheduleId) -> Result<Stored, AppError> {
        let row = visit.app.schedule(visit.actor(), id).await?;
        let used = visit.app.schedule_users(visit.actor(), id).await?;
        Ok(Stored { row, used })
    }

    /// Delays stay as they are; those of a new one are added on its page.
    async fn save(
        visit: &Visit,
        id: Option<ScheduleId>,
        form: ScheduleForm,
    ) -> Result<Stored, AppError> {
        let row = match id {
            Some(id) => {
                let stored = visit.app.schedule(visit.actor(), id).await?;
                let form = ScheduleForm { delays: ScheduleForm::from(stored).delays, ..form };
                visit.app.change_schedule(visit.actor(), id, form).await?
            }
            None => visit.app.add_schedule(visit.actor(), form).await?,
        };
        Ok(Stored { row, used: Vec::new() })
    }

    async fn delete(visit: &Visit, id: ScheduleId, confirmed: bool) -> Result<(), AppError> {
        visit.app.delete_schedule(visit.actor(), id, confirmed).await
    }

    async fn show(visit: &Visit, typed: Typed<Self>) -> PageResult {
        visit.show_as(typed.status(), |frame| form_page(frame, &typed)).await
    }

    /// The deployments that lose it (D-GEN-09).
    fn losses(lang: Lang, stored: &Stored) -> Vec<String> {
        let text = |one: &Named| t!(lang, "loss-schedule-of", name = one.name.as_str());
        stored.used.iter().map(text).collect()
    }

    fn saved_at(stored: &Stored) -> String {
        urls::object(urls::SCHEDULES, stored.row.id)
    }
}

/// The delays without that of `number`, if there is one.
fn without(form: ScheduleForm, number: Option<u32>) -> Vec<DelayForm> {
    form.delays.into_iter().filter(|delay| Some(delay.delay) != number).collect()
}

#[cfg(test)]
mod tests;
