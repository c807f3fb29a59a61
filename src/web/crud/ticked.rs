//! What is done to the ticked rows of a list: each is tried by an operation of its own, and what one
//! refuses is told with its reason while the others go on (D-UI-03).

use std::future::Future;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use maud::html;

use crate::app::AppError;
use crate::app::actor::Actor;
use crate::catalogue::Lang;
use crate::http::forms::Fields;
use crate::t;
use crate::web::components::panel::{Confirm, link_button};
use crate::web::components::status::Level;
use crate::web::error::{PageError, PageResult, explain};
use crate::web::flash::Flash;
use crate::web::layout::{Content, Frame, message};
use crate::web::urls;
use crate::web::visit::{Post, Visit};

/// Rows of a list to which something is done as a selection.
pub trait Ticked: 'static {
    /// What a button does to each row.
    type Deed: Copy + PartialEq;
    type Stored;

    /// Address of the list.
    const LIST: &'static str;
    /// Message of its name.
    const NAV: &'static str;
    /// Messages of the question before something is lost, and of the button that does it.
    const QUESTION: &'static str = "selection-delete-question";
    const BUTTON: &'static str = "ui-delete";
    /// Message of what is lost with each of them.
    const LOST: Option<&'static str> = None;
    /// The deed that loses something: it is asked about first.
    const LOSES: Self::Deed;

    /// What the button that was pressed does.
    fn deed(fields: &Fields) -> Option<Self::Deed>;

    /// Refuses who may not do it; the operations check for themselves.
    fn permit(actor: &Actor, deed: Self::Deed) -> Result<(), AppError>;

    /// Message that counts what was done.
    fn done(deed: Self::Deed) -> &'static str;

    fn find(visit: &Visit, number: i64) -> impl Future<Output = Result<Self::Stored, AppError>>;
    fn name(stored: &Self::Stored) -> String;

    /// Lines of the question.
    fn losses(_lang: Lang, stored: &Self::Stored) -> Vec<String> {
        vec![Self::name(stored)]
    }

    /// Does it to one, and says how many it changed: none, if that is how it was.
    fn act(
        visit: &Visit,
        deed: Self::Deed,
        number: i64,
        stored: &Self::Stored,
    ) -> impl Future<Output = Result<usize, AppError>>;

    /// Does it to all in one change, where there is such an operation, and counts them. Refused as a
    /// whole, it is tried for each.
    fn together(
        _visit: &Visit,
        _deed: Self::Deed,
        _numbers: &[i64],
    ) -> impl Future<Output = Option<Result<usize, AppError>>> {
        std::future::ready(None)
    }
}

/// Field of a form that comes again: how many were done before.
const DONE: &str = "done";

/// What a selection had done when a number of computers was asked for: the form that comes again is
/// about the rest, and its message counts all.
#[derive(Debug, Clone)]
pub struct Progress {
    ids: Vec<i64>,
    count: usize,
    key: &'static str,
}

impl Progress {
    /// The fields of the form, to be sent again for the rest.
    pub fn rest(&self, fields: &mut Vec<(String, String)>) {
        let is_done = |value: &str| value.parse().is_ok_and(|id| self.ids.contains(&id));
        fields.retain(|(name, value)| name != DONE && !(name == "id" && is_done(value)));
        fields.push((DONE.to_owned(), self.count.to_string()));
    }

    /// What was done so far, if anything.
    pub fn told(&self, lang: Lang) -> Option<String> {
        (self.count > 0).then(|| t!(lang, self.key, count = self.count))
    }
}

/// `POST /{list}/selection`: does it to what was ticked, after a question if something is lost.
pub async fn ticked<T: Ticked>(post: Post) -> PageResult {
    let (visit, fields) = (post.visit, post.fields);
    let (deed, numbers) = (T::deed(&fields), fields.ids("id"));
    T::permit(visit.actor(), deed.unwrap_or(T::LOSES))?;
    let back = visit.came_from(T::LIST);
    let Some(deed) = deed.filter(|_| !numbers.is_empty()) else {
        return Ok(visit.done(&back, Flash::nothing_selected()));
    };
    if deed == T::LOSES && !fields.ticked("confirmed") {
        return question::<T>(&visit, numbers, back).await;
    }
    let before = fields.get(DONE).parse().unwrap_or_default();
    act::<T>(&visit, deed, numbers, before, &back).await
}

async fn act<T: Ticked>(
    visit: &Visit,
    deed: T::Deed,
    numbers: Vec<i64>,
    before: usize,
    back: &str,
) -> PageResult {
    let (mut ids, mut refused, mut count) = (Vec::new(), Vec::new(), before);
    let held = |ids: Vec<i64>, count: usize| {
        let mut response = HttpResponse::Conflict().finish();
        response.extensions_mut().insert(Progress { ids, count, key: T::done(deed) });
        Ok(response)
    };
    if let Some(all) = T::together(visit, deed, &numbers).await {
        if visit.app.is_held() {
            return held(ids, count);
        }
        match all {
            Ok(all) => {
                let done = Flash::counted(T::done(deed), count.saturating_add(all));
                return Ok(visit.done(back, done));
            }
            Err(error) => drop(reason(visit, error)?),
        }
    }
    for number in numbers {
        let Some(stored) = there::<T>(visit, number).await? else { continue };
        let done = T::act(visit, deed, number, &stored).await;
        // The number of computers is asked for first; what is left comes again with it.
        if visit.app.is_held() {
            return held(ids, count);
        }
        match done {
            Ok(changed) => {
                ids.push(number);
                count = count.saturating_add(changed);
            }
            Err(error) => refused.push((T::name(&stored), reason(visit, error)?)),
        }
    }
    if refused.is_empty() {
        return Ok(visit.done(back, Flash::counted(T::done(deed), count)));
    }
    told::<T>(visit, T::done(deed), count, &refused, back).await
}

/// One of the ticked ones, if it is still there.
async fn there<T: Ticked>(visit: &Visit, number: i64) -> Result<Option<T::Stored>, AppError> {
    match T::find(visit, number).await {
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
        | AppError::Conflict(_)
        | AppError::Unavailable(_) => Ok(explain(visit.lang, &error)),
        _ => Err(error.into()),
    }
}

/// Asks before one is lost that must be there: "cancel" leads to its page.
pub async fn ask_one<T: Ticked>(visit: &Visit, number: i64) -> PageResult {
    T::permit(visit.actor(), T::LOSES)?;
    T::find(visit, number).await?;
    question::<T>(visit, vec![number], urls::object(T::LIST, number)).await
}

/// Asks before they are lost.
async fn question<T: Ticked>(visit: &Visit, numbers: Vec<i64>, back: String) -> PageResult {
    let (lang, mut losses, mut fields) = (visit.lang, Vec::new(), Vec::new());
    for number in numbers {
        let Some(stored) = there::<T>(visit, number).await? else { continue };
        losses.extend(T::losses(lang, &stored));
        fields.push(("id", number.to_string()));
    }
    if fields.is_empty() {
        return Ok(visit.done(&back, Flash::nothing_selected()));
    }
    losses.extend(T::LOST.map(|key| t!(lang, key)));
    let question = t!(lang, T::QUESTION, count = fields.len());
    fields.push(("action", "delete".to_owned()));
    let page = |frame: &Frame| {
        let (url, button) = (urls::selection(T::LIST), t!(lang, T::BUTTON));
        let csrf = &frame.csrf;
        let confirm = Confirm { lang, csrf, url, back, question, losses, fields, button };
        let content = Content::new(t!(lang, "ui-delete"), confirm);
        frame.page(content.below(T::LIST, t!(lang, T::NAV)))
    };
    visit.show(page).await
}

/// Says what was done and what was not.
async fn told<T: Ticked>(
    visit: &Visit,
    key: &str,
    done: usize,
    refused: &[(String, String)],
    back: &str,
) -> PageResult {
    let lang = visit.lang;
    let page = |frame: &Frame| {
        let body = html! {
            @if done > 0 { (message(Level::Ok, &t!(lang, key, count = done))) }
            section.card.narrow {
                p { strong { (t!(lang, "selection-refused", count = refused.len())) } }
                ul { @for (name, reason) in refused { li { strong { (name) } ": " (reason) } } }
                div.form-end { (link_button(back, "previous", &t!(lang, "ui-back"))) }
            }
        };
        let content = Content::new(t!(lang, "selection-refused-title"), body);
        frame.page(content.below(T::LIST, t!(lang, T::NAV)))
    };
    visit.show_as(StatusCode::CONFLICT, page).await
}
