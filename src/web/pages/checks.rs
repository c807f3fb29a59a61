//! What the lists of errors, faults and notifications share: filters, and checking off one or a
//! selection (D-FAULT-04, D-ERR-04, D-NOTIF-13).

use crate::app::checks::{Checkable, FoundFilter};
use crate::catalogue::Lang;
use crate::domain::account::{Action as Right, Model};
use crate::t;
use crate::web::components::filters::{Filter, yes_no};
use crate::web::components::table::{Action, Selection};
use crate::web::error::{PageError, PageResult};
use crate::web::flash::Flash;
use crate::web::layout::Frame;
use crate::web::urls::{self, Query};
use crate::web::visit::{Post, Visit};

/// Checked or not, and from which day to which.
pub fn filters(lang: Lang) -> Vec<Filter> {
    vec![
        Filter::Choice {
            name: "checked",
            label: t!(lang, "field-checked"),
            options: yes_no(t!(lang, "ui-checked"), t!(lang, "ui-unchecked")),
        },
        Filter::Date { name: "from", label: t!(lang, "field-from") },
        Filter::Date { name: "to", label: t!(lang, "field-to") },
    ]
}

/// Reads these filters from an address.
///
/// # Errors
/// [`PageError`] for a day that is none.
pub fn wanted(visit: &Visit, limit: u32) -> Result<FoundFilter, PageError> {
    let query = &visit.query;
    Ok(FoundFilter {
        checked: checked(query),
        computer: query.number("computer"),
        project: query.number("project"),
        from: query.find("from").map(|day| visit.app.read_from("from", day)).transpose()?,
        to: query.find("to").map(|day| visit.app.read_to("to", day)).transpose()?,
        before: query.number("cursor"),
        limit,
    })
}

fn checked(query: &Query) -> Option<bool> {
    match query.get("checked") {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

/// Check and uncheck, for who may.
pub fn selection<'a>(frame: &'a Frame, list: &str, model: Model) -> Selection<'a> {
    let lang = frame.lang();
    let mut actions = Vec::new();
    if frame.may(model, Right::Change) {
        let action = |name, key| Action { name, label: t!(lang, key), danger: false };
        actions = vec![action("check", "checks-check"), action("uncheck", "checks-uncheck")];
    }
    Selection { url: urls::selection(list), csrf: &frame.csrf, actions, extra: None }
}

/// Checks or unchecks what was ticked, and goes back to the list as it was.
pub async fn apply(post: Post, what: Checkable, list: &str) -> PageResult {
    let (visit, fields) = (post.visit, post.fields);
    let checked = fields.get("action") != "uncheck";
    let changed = visit.app.set_checked(visit.actor(), what, fields.ids("id"), checked).await?;
    let key = if checked { "done-checked" } else { "done-unchecked" };
    Ok(visit.done(&visit.came_from(list), Flash::counted(key, changed)))
}
