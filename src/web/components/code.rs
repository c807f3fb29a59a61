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

/// Characters of a longer text that a list shows.
const SHOWN: usize = 160;

/// The beginning of a longer text in one line, with all of it behind.
pub fn folded(text: &str) -> Markup {
    let text = text.trim();
    let words: Vec<&str> = text.split_whitespace().collect();
    let line = words.join(" ");
    let short: String = line.chars().take(SHOWN).collect();
    let more = short.len() < line.len() || text.contains('\n');
    html! {
        @if more {
            details {
                summary { (short) @if short.len() < line.len() { "…" } }
                (wrapped(text))
            }
        } @else {
            (text)
        }
    }
}
