//! Whom something concerns: included attributes, and excluded ones struck out.

use maud::{Markup, html};

use crate::catalogue::Lang;
use crate::t;

/// Names shown before the rest is counted.
const SHOWN: usize = 6;

/// The attributes of a deployment or fault definition.
pub fn target(lang: Lang, included: &[String], excluded: &[String]) -> Markup {
    let more = (included.len() + excluded.len()).saturating_sub(SHOWN);
    let excluded_shown = SHOWN.saturating_sub(included.len());
    html! {
        ul.chips {
            @for name in included.iter().take(SHOWN) { li { (name) } }
            @for name in excluded.iter().take(excluded_shown) {
                li.out { span.hidden-text { (t!(lang, "target-without")) " " } (name) }
            }
            @if more > 0 { li { "+" (more) } }
        }
    }
}
