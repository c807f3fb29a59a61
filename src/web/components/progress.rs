//! How far a schedule has come: a bar with its percentage, and the days in words (D-TIME-03).

use maud::{Markup, html};

use crate::catalogue::Lang;
use crate::domain::schedule::Timeline;
use crate::t;

/// The bar and the days.
pub fn summary(lang: Lang, timeline: &Timeline) -> Markup {
    html! {
        (bar(lang, timeline.percent))
        p.soft { (days(lang, timeline)) }
    }
}

/// The name of a schedule that unfolds into the days; only the name without delays.
pub fn folded(lang: Lang, name: &str, timeline: Option<&Timeline>) -> Markup {
    html! {
        @match timeline {
            None => (name),
            Some(timeline) => {
                div {
                    details {
                        summary { (name) }
                        p.soft { (days(lang, timeline)) }
                    }
                    (bar(lang, timeline.percent))
                }
            }
        }
    }
}

/// A percentage as a bar.
pub fn bar(lang: Lang, percent: u8) -> Markup {
    html! {
        span.nowrap {
            progress max="100" value=(percent) aria-label=(t!(lang, "timeline-progress")) {}
            " " (percent) " %"
        }
    }
}

/// `3/28 days (from 2024-06-05 to 2024-07-03)`.
fn days(lang: Lang, timeline: &Timeline) -> String {
    let Timeline { begin, end, elapsed_days, total_days, .. } = timeline;
    let (begin, end) = (begin.to_string(), end.to_string());
    t!(
        lang,
        "timeline-days",
        elapsed = *elapsed_days,
        total = *total_days,
        begin = begin,
        end = end
    )
}
