//! Bars as SVG, with a table for those who do not see them (D-STATS-05).

use maud::{Markup, html};

use crate::catalogue::Lang;
use crate::t;

/// A bar.
pub struct Bar {
    pub name: String,
    pub count: i64,
    /// The filtered list behind it.
    pub url: Option<String>,
}

const HEIGHT: i64 = 120;
const STEP: i64 = 12;
const WIDTH: i64 = 9;

/// Bars side by side; each says its name and count when it is pointed at.
pub fn bars(lang: Lang, title: &str, bars: &[Bar]) -> Markup {
    let most = bars.iter().map(|bar| bar.count).max().unwrap_or(0).max(1);
    let across = i64::try_from(bars.len()).unwrap_or(0) * STEP;
    let first = bars.first().map(|bar| bar.name.as_str()).unwrap_or_default();
    let last = bars.last().map(|bar| bar.name.as_str()).unwrap_or_default();
    // What is within a picture cannot be reached; within a group it can.
    let role = if bars.iter().any(|bar| bar.url.is_some()) { "group" } else { "img" };
    html! {
        figure.chart {
            svg role=(role) aria-label=(title) viewBox={ "0 0 " (across) " " (HEIGHT) }
                preserveAspectRatio="none" {
                @for (place, bar) in (0_i64..).zip(bars) {
                    @let tall = bar.count * (HEIGHT - 2) / most;
                    @let tall = if bar.count > 0 { tall.max(2) } else { 0 };
                    @if let Some(url) = &bar.url {
                        a href=(url) aria-label={ (bar.name) ": " (bar.count) } {
                            (column(place, tall, bar))
                        }
                    }
                    @else { (column(place, tall, bar)) }
                }
            }
            figcaption.chart-ends { span { (first) } span { (t!(lang, "chart-most", count = most)) } span { (last) } }
        }
        details {
            summary { (t!(lang, "chart-as-table")) }
            div.table-box {
                table {
                    caption.hidden-text { (title) }
                    thead { tr {
                        th scope="col" { (t!(lang, "field-time")) }
                        th.number scope="col" { (t!(lang, "nav-computers")) }
                    } }
                    tbody {
                        @for bar in bars.iter().rev().filter(|bar| bar.count > 0) {
                            tr {
                                th scope="row" {
                                    @if let Some(url) = &bar.url { a href=(url) { (bar.name) } }
                                    @else { (bar.name) }
                                }
                                td.number { (bar.count) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The whole height answers to the pointer, the coloured part is the count.
fn column(place: i64, tall: i64, bar: &Bar) -> Markup {
    html! {
        g {
            title { (bar.name) ": " (bar.count) }
            rect.bar-ground x=(place * STEP) y="0" width=(STEP) height=(HEIGHT) {}
            rect.bar-count x=(place * STEP + 1) y=(HEIGHT - tall) width=(WIDTH) height=(tall) {}
        }
    }
}
