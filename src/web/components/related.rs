//! What belongs to an object, with counts that lead to the filtered lists (D-UI-06).

use maud::{Markup, html};

use super::icon::icon;
use super::status::Level;
use crate::catalogue::Lang;
use crate::t;

/// A related list.
#[derive(Debug, Clone)]
pub struct Related {
    pub text: String,
    pub count: Option<u64>,
    pub url: String,
    pub current: bool,
    /// Something there waits for somebody.
    pub urgent: bool,
}

impl Related {
    /// The list whose name is the message `key`.
    pub fn new(lang: Lang, key: &str, count: u64, url: String) -> Self {
        Self { text: t!(lang, key), count: Some(count), url, current: false, urgent: false }
    }

    /// Another view of the same object.
    pub fn view(lang: Lang, key: &str, url: String) -> Self {
        Self { text: t!(lang, key), count: None, url, current: false, urgent: false }
    }

    /// Marks what waits for somebody.
    #[must_use]
    pub fn urgent(mut self) -> Self {
        self.urgent = self.count.is_some_and(|count| count > 0);
        self
    }
}

/// The row of related lists.
pub fn related(lang: Lang, lists: &[Related]) -> Markup {
    html! {
        nav aria-label=(t!(lang, "ui-related")) {
            ul.related {
                @for list in lists {
                    li.danger[list.urgent] {
                        a href=(list.url) aria-current=[list.current.then_some("page")] {
                            (list.text)
                            @if let Some(count) = list.count { b { (count) } }
                        }
                    }
                }
            }
        }
    }
}

/// An alert of the panel (D-ALERT): level, text, count, link to the list.
pub struct AlertRow {
    pub level: Level,
    pub text: String,
    pub count: u64,
    pub url: String,
}

/// The panel of alerts; says so when there is none.
pub fn alert_list(lang: Lang, alerts: &[AlertRow]) -> Markup {
    html! {
        @if alerts.is_empty() {
            p.soft { (icon("check")) " " (t!(lang, "alerts-none")) }
        } @else {
            ul.alert-list {
                @for alert in alerts {
                    li {
                        a class=(alert.level.class()) href=(alert.url) {
                            (icon(alert.level.icon())) span { (alert.text) } b { (alert.count) }
                        }
                    }
                }
            }
        }
    }
}
