//! The start: alerts and the main figures (D-STATS-03).

use maud::{Markup, html};

use crate::app::figures::{Dashboard, Figure};
use crate::domain::account::{Action, Model};
use crate::domain::alert::Alerts;
use crate::domain::status::Status;
use crate::t;
use crate::web::components::chart::{Bar, bars};
use crate::web::components::panel::card;
use crate::web::components::related::alert_list;
use crate::web::components::status::status;
use crate::web::error::{PageError, PageResult};
use crate::web::layout::{Content, Frame};
use crate::web::pages::alerts::alert_rows;
use crate::web::urls;
use crate::web::visit::Visit;

/// What the start shows.
pub struct View {
    pub alerts: Alerts,
    pub dashboard: Dashboard,
}

/// Renders the start; without a view for those who may not see computers.
pub fn page(frame: &Frame, view: Option<&View>) -> Markup {
    let lang = frame.lang();
    let body = html! {
        @match view {
            None => { section.card { p { (t!(lang, "home-nothing-permitted")) } } }
            Some(view) => {
                (card(&t!(lang, "nav-alerts"), alert_list(lang, &alert_rows(lang, &view.alerts))))
                (tiles(frame, &view.dashboard))
                div.columns { (lists(frame, &view.dashboard)) }
                (charts(frame, &view.dashboard))
            }
        }
    };
    frame.page(Content::new(t!(lang, "home-title"), body))
}

fn tiles(frame: &Frame, dashboard: &Dashboard) -> Markup {
    let lang = frame.lang();
    let sum = |figures: &[Figure]| figures.iter().map(|figure| figure.count).sum::<i64>();
    let today = dashboard.synchronised_days.last().map_or(0, |(_, count)| *count);
    let productive = urls::filtered(urls::COMPUTERS, "status", "group-productive");
    let figures = [
        (sum(&dashboard.productive_computers), "home-productive", productive),
        (today, "home-synchronised-today", urls::SYNCHRONIZATIONS.to_owned()),
        (
            sum(&dashboard.unchecked_errors),
            "home-errors",
            urls::filtered(urls::ERRORS, "checked", "no"),
        ),
        (
            sum(&dashboard.unchecked_faults),
            "home-faults",
            urls::filtered(urls::FAULTS, "checked", "no"),
        ),
    ];
    html! {
        ul.tiles aria-label=(t!(lang, "home-figures")) {
            @for (number, key, url) in figures {
                li { a href=(url) { b { (number) } (t!(lang, key)) } }
            }
        }
    }
}

fn lists(frame: &Frame, dashboard: &Dashboard) -> Markup {
    let lang = frame.lang();
    let by_project =
        |figures: &[Figure], path: &'static str, extra: (&'static str, &'static str)| {
            figure_list(figures, |figure| {
                let id = figure.of.id.to_string();
                urls::with_query(path, [("project", id.as_str()), extra].into_iter())
            })
        };
    let unchecked = ("checked", "no");
    html! {
        (card(&t!(lang, "home-computers-by-project"),
            by_project(&dashboard.productive_computers, urls::COMPUTERS, ("status", "group-productive"))))
        (card(&t!(lang, "home-computers-by-status"), statuses(frame, dashboard)))
        @if !dashboard.unchecked_errors.is_empty() {
            (card(&t!(lang, "home-errors-by-project"),
                by_project(&dashboard.unchecked_errors, urls::ERRORS, unchecked)))
        }
        @if !dashboard.unchecked_faults.is_empty() {
            (card(&t!(lang, "home-faults-by-definition"),
                figure_list(&dashboard.unchecked_faults, |figure| {
                    let id = figure.of.id.to_string();
                    let pairs = [("definition", id.as_str()), unchecked];
                    urls::with_query(urls::FAULTS, pairs.into_iter())
                })))
        }
    }
}

fn figure_list(figures: &[Figure], url: impl Fn(&Figure) -> String) -> Markup {
    html! {
        dl.facts {
            @for figure in figures {
                dt {
                    (figure.of.name)
                    @if !figure.platform.is_empty() { " " span.soft { (figure.platform) } }
                }
                dd { a.number href=(url(figure)) { (figure.count) } }
            }
        }
    }
}

fn statuses(frame: &Frame, dashboard: &Dashboard) -> Markup {
    let count = |one: Status| {
        let found = dashboard.statuses.iter().find(|(name, _)| name == one.as_str());
        found.map_or(0, |(_, count)| *count)
    };
    html! {
        dl.facts {
            @for one in Status::ALL {
                dt { (status(frame.lang(), one)) }
                dd {
                    a.number href=(urls::filtered(urls::COMPUTERS, "status", one.as_str())) {
                        (count(one))
                    }
                }
            }
        }
    }
}

fn charts(frame: &Frame, dashboard: &Dashboard) -> Markup {
    let lang = frame.lang();
    let days = dashboard.synchronised_days.iter().map(|(day, count)| Bar {
        name: day.to_string(),
        count: *count,
        url: {
            let day = day.to_string();
            let pairs = [("from", day.as_str()), ("to", day.as_str())];
            Some(urls::with_query(urls::SYNCHRONIZATIONS, pairs.into_iter()))
        },
    });
    let hours = dashboard.synchronised_hours.iter().map(|(hour, count)| Bar {
        name: frame.reader.date_time(*hour).chars().take(16).collect(),
        count: *count,
        url: None,
    });
    html! {
        (card(&t!(lang, "home-per-day"),
            bars(lang, &t!(lang, "home-per-day"), &days.collect::<Vec<_>>())))
        (card(&t!(lang, "home-per-hour"),
            bars(lang, &t!(lang, "home-per-hour"), &hours.collect::<Vec<_>>())))
    }
}

/// `GET /`.
pub async fn show(visit: Visit) -> PageResult {
    if !visit.actor().may(Model::Computer, Action::View) {
        return visit.show(|frame| page(frame, None)).await;
    }
    let view = View {
        alerts: visit.app.alerts(visit.actor()).await?,
        dashboard: visit.app.dashboard(visit.actor()).await?,
    };
    visit.show(|frame| page(frame, Some(&view))).await
}

/// Any other address.
pub async fn unknown() -> PageResult {
    Err(PageError::Unknown)
}
