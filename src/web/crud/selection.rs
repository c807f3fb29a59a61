//! What is done to the ticked rows of a list: each is switched or deleted by an operation of its own,
//! and what one refuses is told with its reason while the others go on (D-UI-03).

use maud::html;

use super::{Crud, ask};
use crate::app::AppError;
use crate::domain::account::Action;
use crate::t;
use crate::web::components::panel::link_button;
use crate::web::components::status::Level;
use crate::web::components::table::{Action as Button, Selection};
use crate::web::error::{PageError, PageResult, explain};
use crate::web::flash::Flash;
use crate::web::layout::{Content, Frame, message};
use crate::web::urls;
use crate::web::visit::{Post, Visit};

/// What can be done with the ticked rows of the list.
pub fn selection<C: Crud>(frame: &Frame) -> Option<Selection<'_>> {
    let lang = frame.lang();
    let may = |action| C::permit(&frame.actor, action).is_ok();
    let button = |name, key, danger| Button { name, label: t!(lang, key), danger };
    let mut actions = Vec::new();
    if C::SWITCHED && may(Action::Change) {
        actions.push(button("enable", "ui-enable", false));
        actions.push(button("disable", "ui-disable", false));
    }
    if may(Action::Delete) {
        actions.push(button("delete", "ui-delete", true));
    }
    Some(Selection { url: urls::selection(C::LIST), csrf: &frame.csrf, actions, extra: None })
}

/// What a button does to each row.
#[derive(Clone, Copy)]
enum Deed {
    Switch(bool),
    Delete,
}

impl Deed {
    fn parse<C: Crud>(action: &str) -> Option<Self> {
        match action {
            "enable" | "disable" if C::SWITCHED => Some(Self::Switch(action == "enable")),
            "delete" => Some(Self::Delete),
            _ => None,
        }
    }

    /// The message that counts what was done.
    fn done(self) -> &'static str {
        match self {
            Self::Switch(true) => "done-switched-on",
            Self::Switch(false) => "done-switched-off",
            Self::Delete => "done-selection-deleted",
        }
    }

    async fn to<C: Crud>(
        self,
        visit: &Visit,
        id: C::Id,
        stored: &C::Stored,
    ) -> Result<(), AppError> {
        match self {
            Self::Switch(enabled) => {
                let mut form = C::typed(stored);
                C::switch(&mut form, enabled);
                C::save(visit, Some(id), form).await.map(drop)
            }
            Self::Delete => C::delete(visit, id, true).await,
        }
    }
}

/// `POST /{list}/selection`: switches what was ticked on or off, or deletes it after a question.
pub async fn selected<C: Crud>(post: Post) -> PageResult {
    let (visit, fields) = (post.visit, post.fields);
    let deed = Deed::parse::<C>(fields.get("action"));
    let action = if let Some(Deed::Switch(_)) = deed { Action::Change } else { Action::Delete };
    C::permit(visit.actor(), action)?;
    let (back, numbers) = (visit.came_from(C::LIST), fields.ids("id"));
    let Some(deed) = deed.filter(|_| !numbers.is_empty()) else {
        return Ok(visit.done(&back, Flash::nothing_selected()));
    };
    if matches!(deed, Deed::Delete) && !fields.ticked("confirmed") {
        return question::<C>(&visit, numbers, back).await;
    }
    let (mut done, mut refused) = (0, Vec::new());
    for number in numbers {
        let id = C::id(number);
        let Some(stored) = there::<C>(&visit, id).await? else { continue };
        match deed.to::<C>(&visit, id, &stored).await {
            Ok(()) => done += 1,
            Err(error) => refused.push((C::name(&stored), reason(&visit, error)?)),
        }
        // The number of computers is asked for first; what is left comes again with it.
        if visit.app.is_held() {
            break;
        }
    }
    if refused.is_empty() {
        return Ok(visit.done(&back, Flash::counted(deed.done(), done)));
    }
    told::<C>(&visit, deed, done, &refused, &back).await
}

/// One of the ticked ones, if it is still there.
async fn there<C: Crud>(visit: &Visit, id: C::Id) -> Result<Option<C::Stored>, AppError> {
    match C::find(visit, id).await {
        Ok(stored) => Ok(Some(stored)),
        Err(AppError::NotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Why an operation refused one; what is no refusal ends the request.
fn reason(visit: &Visit, error: AppError) -> Result<String, PageError> {
    match &error {
        AppError::NotFound { .. }
        | AppError::Denied(_)
        | AppError::Invalid { .. }
        | AppError::Conflict(_) => Ok(explain(visit.lang, &error)),
        _ => Err(error.into()),
    }
}

/// Asks before they are deleted.
async fn question<C: Crud>(visit: &Visit, numbers: Vec<i64>, back: String) -> PageResult {
    let (lang, mut losses, mut kept) = (visit.lang, Vec::new(), Vec::new());
    for number in numbers {
        let Some(stored) = there::<C>(visit, C::id(number)).await? else { continue };
        losses.push(C::name(&stored));
        losses.extend(C::losses(lang, &stored));
        kept.push(("id", number.to_string()));
    }
    if kept.is_empty() {
        return Ok(visit.done(&back, Flash::nothing_selected()));
    }
    let question = t!(lang, "selection-delete-question", count = kept.len());
    kept.push(("action", "delete".to_owned()));
    ask::<C>(visit, question, losses, urls::selection(C::LIST), back, kept).await
}

/// Says what was done and what was not.
async fn told<C: Crud>(
    visit: &Visit,
    deed: Deed,
    done: usize,
    refused: &[(String, String)],
    back: &str,
) -> PageResult {
    let lang = visit.lang;
    let page = |frame: &Frame| {
        let body = html! {
            @if done > 0 { (message(Level::Ok, &t!(lang, deed.done(), count = done))) }
            section.card.narrow {
                p { strong { (t!(lang, "selection-refused", count = refused.len())) } }
                ul { @for (name, reason) in refused { li { strong { (name) } ": " (reason) } } }
                div.form-end { (link_button(back, "previous", &t!(lang, "ui-back"))) }
            }
        };
        let content = Content::new(t!(lang, "selection-refused-title"), body);
        frame.page(content.below(C::LIST, t!(lang, C::NAV)))
    };
    visit.show_as(actix_web::http::StatusCode::CONFLICT, page).await
}
