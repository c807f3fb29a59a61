//! Notifications of the site (5.3).

use maud::html;

use super::checks;
use crate::app::checks::Checkable;
use crate::app::listed::Listed;
use crate::app::notices::{NotificationView, Subject};
use crate::domain::account::Model;
use crate::t;
use crate::web::components::filters::Filters;
use crate::web::components::list::List;
use crate::web::components::status::checked;
use crate::web::components::table::{Row, Table, column};
use crate::web::components::time::time;
use crate::web::error::PageResult;
use crate::web::layout::Frame;
use crate::web::urls::{self, Query};
use crate::web::visit::{Post, Visit};

/// Renders the list.
pub fn page<'a>(
    frame: &'a Frame,
    query: &'a Query,
    view: &'a Listed<NotificationView>,
) -> List<'a> {
    let lang = frame.lang();
    let rows = view.items.iter().map(|notification| {
        let link = notification.subject.map(|subject| match subject {
            Subject::Computer(id) => urls::object(urls::COMPUTERS, id),
            Subject::Deployment(id) => urls::object(urls::DEPLOYMENTS, id),
        });
        let cells = vec![
            time(&frame.reader, notification.created_at),
            html! {
                @if let Some(url) = link { a href=(url) { (notification.message) } }
                @else { (notification.message) }
            },
            checked(lang, notification.checked),
        ];
        Row::new("notification", notification.id, cells)
    });
    let table = Table {
        lang,
        caption: t!(lang, "nav-notifications"),
        columns: vec![
            column(lang, "time"),
            column(lang, "notification").wide(),
            column(lang, "checked"),
        ],
        rows: rows.collect(),
        order: None,
        selection: Some(checks::selection(frame, urls::NOTIFICATIONS, Model::Notification)),
        empty: t!(lang, "notifications-empty"),
    };
    let filters = Filters { lang, query, filters: checks::filters(lang) };
    List::new(table).filtered(filters).paged(view.next.as_deref())
}

/// `GET /notifications`.
pub async fn list(visit: Visit) -> PageResult {
    let query = visit.query.clone();
    let frame = visit.frame().await?;
    let limit = frame.page_size;
    let wanted = checks::wanted(&visit, limit)?;
    let view = visit.app.notifications(visit.actor(), wanted, visit.lang).await?;
    visit.list(&frame, page(&frame, &query, &view))
}

/// `POST /notifications/selection`.
pub async fn selected(post: Post) -> PageResult {
    checks::apply(post, Checkable::Notification, urls::NOTIFICATIONS).await
}
