//! Instants and ages.

use jiff::Timestamp;
use maud::{Markup, html};

use super::status::{Level, badge};
use crate::catalogue::Lang;
use crate::domain::computer::{self, Progress};
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
    let text = if days == 0 {
        t!(reader.lang, "ui-today")
    } else {
        t!(reader.lang, "ui-days-ago", count = days)
    };
    html! { (time(reader, end)) " " (badge(computer::age_level(end, reader.now).into(), &text)) }
}

/// How long the last synchronisation took, or how it stands (D-COMP-05).
pub fn sync_time(lang: Lang, progress: Progress) -> Markup {
    match progress {
        Progress::Never => html! { span.soft { "–" } },
        Progress::Finished(took) => html! { span.number { (duration(lang, took.as_secs())) } },
        Progress::Synchronising => badge(Level::Info, &t!(lang, "ui-updating")),
        Progress::Delayed(elapsed) => {
            let time = duration(lang, elapsed.as_secs());
            badge(Level::Warning, &t!(lang, "ui-delayed", time = time))
        }
    }
}
