//! How serious something is, and the status of a computer with its legend (D-UI-09).

use maud::{Markup, html};
use serde::{Deserialize, Serialize};

use super::icon::icon;
use crate::catalogue::Lang;
use crate::domain::computer;
use crate::domain::status::Status;
use crate::t;

/// How serious something is; colour, icon and text say the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Level {
    Muted,
    Ok,
    Info,
    Warning,
    Danger,
}

impl Level {
    /// Class of the style sheet.
    pub fn class(self) -> &'static str {
        match self {
            Self::Muted => "muted",
            Self::Ok => "ok",
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Danger => "danger",
        }
    }

    /// Icon that goes with it.
    pub fn icon(self) -> &'static str {
        match self {
            Self::Ok => "check",
            Self::Muted | Self::Info => "info",
            Self::Warning => "warning",
            Self::Danger => "danger",
        }
    }
}

impl From<computer::Level> for Level {
    fn from(level: computer::Level) -> Self {
        match level {
            computer::Level::Info => Self::Info,
            computer::Level::Warning => Self::Warning,
            computer::Level::Danger => Self::Danger,
        }
    }
}

/// A short text on a coloured ground.
pub fn badge(level: Level, text: &str) -> Markup {
    html! { span class={ "badge " (level.class()) } { (text) } }
}

/// Yes or no, as icon and text.
pub fn yes_no(lang: Lang, value: bool) -> Markup {
    let (level, name, key) =
        if value { (Level::Ok, "check", "ui-yes") } else { (Level::Muted, "cross", "ui-no") };
    html! { span class={ "status " (level.class()) } { (icon(name)) (t!(lang, key)) } }
}

/// Whether somebody has looked at an error, fault or notification.
pub fn checked(lang: Lang, value: bool) -> Markup {
    if value {
        badge(Level::Muted, &t!(lang, "ui-checked"))
    } else {
        badge(Level::Warning, &t!(lang, "ui-unchecked"))
    }
}

/// Whether a formula, deployment… is in use.
pub fn enabled(lang: Lang, value: bool) -> Markup {
    if value {
        badge(Level::Ok, &t!(lang, "ui-enabled"))
    } else {
        badge(Level::Muted, &t!(lang, "ui-disabled"))
    }
}

/// Key of what the catalogue and the icons call a status.
fn status_key(status: Status) -> String {
    format!("status-{}", status.as_str().replace(' ', "-"))
}

/// The name of a status for people.
pub fn status_name(lang: Lang, status: Status) -> String {
    t!(lang, &status_key(status))
}

/// The status of a computer: icon and name.
pub fn status(lang: Lang, status: Status) -> Markup {
    let level = match status {
        Status::Intended => Level::Ok,
        Status::Reserved | Status::Unknown => Level::Info,
        Status::Available | Status::InRepair => Level::Warning,
        Status::Unsubscribed => Level::Muted,
    };
    html! {
        span class={ "status " (level.class()) } {
            (icon(&status_key(status))) (status_name(lang, status))
        }
    }
}

/// What the six icons mean.
pub fn legend(lang: Lang) -> Markup {
    html! {
        ul.legend aria-label=(t!(lang, "ui-legend")) {
            @for one in Status::ALL {
                li title=(t!(lang, &format!("{}-means", status_key(one)))) { (status(lang, one)) }
            }
        }
    }
}
