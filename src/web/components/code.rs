//! Code and other text whose spaces count.

use maud::{Markup, html};

/// Text as it is, in its own scroll box.
pub fn code(text: &str) -> Markup {
    html! { pre.code tabindex="0" { (text) } }
}

/// Text as it is, long lines broken: descriptions of errors, changelogs.
pub fn wrapped(text: &str) -> Markup {
    html! { pre.code.wrap tabindex="0" { (text) } }
}

/// The first line of a longer text with the rest behind it.
pub fn folded(text: &str) -> Markup {
    let text = text.trim();
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let short: String = first.chars().take(160).collect();
    let more = !rest.trim().is_empty() || short.len() < first.len();
    html! {
        @if more {
            details { summary { (short) "…" } (wrapped(text)) }
        } @else {
            (first)
        }
    }
}
