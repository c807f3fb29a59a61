//! The timeline of a deployment: days, delays, and the computers provided by day (7.7).

use maud::{Markup, html};

use crate::app::timelines::DeploymentTimeline;
use crate::catalogue::Lang;
use crate::t;
use crate::web::components::curve::{Curve, Point};
use crate::web::components::panel::card;
use crate::web::components::progress;
use crate::web::components::status::{Level, badge};
use crate::web::components::table::{Row, Table, column};

/// The card of the page.
pub fn timeline(lang: Lang, view: &DeploymentTimeline) -> Markup {
    let point = |day: &crate::domain::provided::ProvidedDay| Point {
        name: day.date.to_string(),
        planned: day.planned,
        actual: day.actual,
    };
    let points: Vec<Point> = view.days.iter().map(point).collect();
    let (title, along) = (t!(lang, "timeline-provided"), t!(lang, "field-date"));
    let curve = Curve { lang, title: &title, along: &along, points: &points };
    html! {
        div id="timeline" {
            (card(&t!(lang, "field-timeline"), html! {
                (progress::summary(lang, &view.timeline))
                (delays(lang, view))
                h3 { (title) }
                (curve.render())
            }))
        }
    }
}

/// One row for each delay, by its number (D-TIME-04).
fn delays(lang: Lang, view: &DeploymentTimeline) -> Table<'static> {
    let none = Vec::new();
    let names = view.attributes.iter().chain(std::iter::repeat(&none));
    let rows = view.timeline.delays.iter().zip(names).map(|(delay, names)| {
        let (level, key) = match delay.reached {
            true => (Level::Ok, "timeline-reached"),
            false => (Level::Muted, "timeline-to-come"),
        };
        let cells = vec![
            html! { (delay.delay) },
            html! { span.nowrap { (delay.date) } " " (badge(level, &t!(lang, key))) },
            html! { (delay.duration) },
            html! { ul.chips { @for name in names { li { (name) } } } },
            progress::bar(lang, delay.percent),
        ];
        Row::new("delay", delay.delay, cells)
    });
    Table {
        lang,
        caption: t!(lang, "field-delays"),
        columns: ["delay", "date", "duration", "attributes", "progress"]
            .map(|name| column(lang, name))
            .into(),
        rows: rows.collect(),
        order: None,
        selection: None,
        empty: String::new(),
    }
}
