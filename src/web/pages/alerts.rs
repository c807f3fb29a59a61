//! The panel of alerts, and the figure of the bar for scripts (5.5).

use actix_web::HttpResponse;
use actix_web::http::header;
use maud::{Markup, html};
use serde::Serialize;

use crate::catalogue::Lang;
use crate::domain::alert::{Alert, Alerts};
use crate::t;
use crate::web::components::related::{AlertRow, alert_list};
use crate::web::error::PageError;
use crate::web::error::PageResult;
use crate::web::layout::{Content, Frame};
use crate::web::urls;
use crate::web::visit::Visit;

/// The alerts as rows: text, figure and the list where they are seen to.
pub fn alert_rows(lang: Lang, alerts: &Alerts) -> Vec<AlertRow> {
    let row = |(alert, count): (Alert, u64)| AlertRow {
        level: alert.level().into(),
        text: t!(lang, &format!("alert-{}", alert.as_str())),
        count,
        url: list_of(alert),
    };
    alerts.shown().map(row).collect()
}

fn list_of(alert: Alert) -> String {
    match alert {
        Alert::UncheckedErrors => urls::filtered(urls::ERRORS, "checked", "no"),
        Alert::UncheckedFaults => {
            let pairs = [("checked", "no"), ("whose", "to-check-for-me")];
            urls::with_query(urls::FAULTS, pairs.into_iter())
        }
        Alert::UncheckedNotifications => urls::filtered(urls::NOTIFICATIONS, "checked", "no"),
        Alert::Regenerations => urls::filtered(urls::DEPLOYMENTS, "show", "regenerating"),
        Alert::ActiveSchedules => urls::filtered(urls::DEPLOYMENTS, "timeline", "active"),
        Alert::FinishedSchedules => urls::filtered(urls::DEPLOYMENTS, "timeline", "finished"),
        Alert::OrphanPackages => urls::filtered(urls::PACKAGES, "show", "orphan"),
        Alert::SynchronisingComputers | Alert::DelayedComputers => urls::MESSAGES.to_owned(),
    }
}

/// Renders the panel.
pub fn page(frame: &Frame, alerts: &Alerts) -> Markup {
    let lang = frame.lang();
    let body = html! {
        section.card.narrow { (alert_list(lang, &alert_rows(lang, alerts))) }
    };
    frame.page(Content::new(t!(lang, "nav-alerts"), body))
}

/// `GET /alerts`.
pub async fn show(visit: Visit) -> PageResult {
    let alerts = visit.app.alerts(visit.actor()).await?;
    visit.show(|frame| page(frame, &alerts)).await
}

/// What the script of the bar asks for.
#[derive(Serialize)]
struct Count {
    total: u64,
    text: String,
}

/// `GET /alerts/count`: the figure of the bar, asked for every 20 seconds (D-ALERT-13).
pub async fn count(visit: Visit) -> Result<HttpResponse, PageError> {
    let total = visit.app.alerts(visit.actor()).await?.total();
    let count = i64::try_from(total).unwrap_or(i64::MAX);
    let text = t!(visit.lang, "alerts-count", count = count);
    let mut response = HttpResponse::Ok();
    response.insert_header((header::CACHE_CONTROL, "no-store"));
    Ok(response.json(Count { total, text }))
}
