//! The start: alerts and the main figures.

use maud::{Markup, html};

use crate::t;
use crate::web::components::panel::card;
use crate::web::components::related::{AlertRow, alert_list};
use crate::web::error::{PageError, PageResult};
use crate::web::layout::{Content, Frame};
use crate::web::visit::Visit;

/// A figure with the list behind it.
pub struct Figure {
    pub text: String,
    pub number: u64,
    pub url: String,
}

/// What the start shows.
pub struct View {
    pub alerts: Vec<AlertRow>,
    pub figures: Vec<Figure>,
}

/// Renders the start.
pub fn page(frame: &Frame, view: &View) -> Markup {
    let lang = frame.lang();
    let body = html! {
        @if !view.figures.is_empty() {
            ul.tiles aria-label=(t!(lang, "home-figures")) {
                @for figure in &view.figures {
                    li { a href=(figure.url) { b { (figure.number) } (figure.text) } }
                }
            }
        }
        (card(&t!(lang, "nav-alerts"), alert_list(lang, &view.alerts)))
    };
    frame.page(Content { title: t!(lang, "home-title"), ..Content::new("", body) })
}

/// `GET /`.
pub async fn show(visit: Visit) -> PageResult {
    let view = View { alerts: Vec::new(), figures: Vec::new() };
    visit.show(|frame| page(frame, &view)).await
}

/// Any other address.
pub async fn unknown() -> PageResult {
    Err(PageError::Unknown)
}
