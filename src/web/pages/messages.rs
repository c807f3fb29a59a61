//! What computers are doing now (D-MSG-04).

use maud::{Markup, html};

use crate::app::working::Working;
use crate::t;
use crate::web::components::status::{Level, badge};
use crate::web::components::table::{Row, Table, column};
use crate::web::components::time::time;
use crate::web::error::PageResult;
use crate::web::layout::{Content, Frame};
use crate::web::reader::duration;
use crate::web::urls;
use crate::web::visit::Visit;

/// Renders the list.
pub fn page(frame: &Frame, working: &[Working]) -> Markup {
    let lang = frame.lang();
    let rows = working.iter().map(|one| {
        let computer = &one.computer;
        let age = frame.reader.now.as_second() - one.updated_at.as_second();
        let cells = vec![
            html! {
                a href=(urls::object(urls::COMPUTERS, computer.id)) { (computer.display_name) }
            },
            html! { (computer.project.name) },
            html! { @if let Some(user) = &computer.sync_user { (user.name) } },
            html! { (one.text) },
            html! {
                (time(&frame.reader, one.updated_at)) " "
                @if one.is_delayed {
                    (badge(Level::Warning, &t!(lang, "ui-delayed", time = duration(lang, age))))
                } @else {
                    (badge(Level::Info, &duration(lang, age)))
                }
            },
        ];
        Row::new("message", computer.id, cells)
    });
    let table = Table {
        lang,
        caption: t!(lang, "nav-messages"),
        columns: ["computer", "project", "user", "message", "since"]
            .map(|name| column(lang, name))
            .into(),
        rows: rows.collect(),
        order: None,
        selection: None,
        empty: t!(lang, "messages-empty"),
    };
    // A browser with scripts reads this part again and again.
    let body = html! { div data-live { (table) } };
    frame.page(Content::new(t!(lang, "nav-messages"), body))
}

/// `GET /messages`.
pub async fn list(visit: Visit) -> PageResult {
    let working = visit.app.working(visit.actor()).await?;
    visit.show(|frame| page(frame, &working)).await
}
