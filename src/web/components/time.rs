//! Instants and ages.

use jiff::Timestamp;
use maud::{Markup, html};

use super::status::{Level, badge};
use crate::t;
use crate::web::reader::{Reader, duration};

/// An instant in the zone of the site; the machine-readable form is UTC (D-GEN-01).
pub fn time(reader: &Reader, at: Timestamp) -> Markup {
    html! { time.nowrap datetime=(at.to_string()) { (reader.date_time(at)) } }
}

/// An instant, or a dash.
pub fn time_or_dash(reader: &Reader, at: Option<Timestamp>) -> Markup {
    match at {
        Some(at) => time(reader, at),
        None => html! { span.soft { "–" } },
    }
}

/// How long ago a synchronisation ended, with its level (D-COMP-06).
pub fn since_sync(reader: &Reader, end: Option<Timestamp>) -> Markup {
    let Some(end) = end else {
        return badge(Level::Danger, &t!(reader.lang, "ui-never"));
    };
    let days = reader.days_since(end);
    let level = match days {
        0 => Level::Info,
        1..30 => Level::Warning,
        _ => Level::Danger,
    };
    let text = if days == 0 {
        t!(reader.lang, "ui-today")
    } else {
        t!(reader.lang, "ui-days-ago", count = days)
    };
    html! { (time(reader, end)) " " (badge(level, &text)) }
}

/// How long the last synchronisation took, or how it stands (D-COMP-05).
pub fn sync_time(
    reader: &Reader,
    start: Option<Timestamp>,
    end: Option<Timestamp>,
    patience_seconds: i64,
) -> Markup {
    let Some(start) = start else { return html! { span.soft { "–" } } };
    if let Some(end) = end.filter(|end| *end >= start) {
        let took = duration(reader.lang, end.as_second() - start.as_second());
        return html! { span.number { (took) } };
    }
    let elapsed = reader.now.as_second() - start.as_second();
    if elapsed <= patience_seconds {
        return badge(Level::Info, &t!(reader.lang, "ui-updating"));
    }
    badge(
        Level::Warning,
        &t!(reader.lang, "ui-delayed", time = duration(reader.lang, elapsed)),
    )
}
