//! What objects with a form of their own have in common: it is shown, searched in, saved; they are
//! deleted after a question, one or a selection of a list, or switched on and off.
//!
//! A page says which operations these are by [`Crud`]; the handlers here are the routes.

use std::fmt::Display;
use std::future::Future;

use actix_web::http::StatusCode;
use actix_web::web::Path;
use serde::de::DeserializeOwned;

use super::components::form::{Form, Problems};
use super::components::lookup::{Lookup, sought_name};
use super::components::panel::Confirm;
use super::components::table::{Action as Button, Selection};
use super::error::{PageResult, problems};
use super::flash::Flash;
use super::layout::{Content, Frame};
use super::pages::lookups::{self, Search, Searches};
use super::urls;
use super::visit::{Post, Visit};
use crate::app::AppError;
use crate::app::actor::Actor;
use crate::catalogue::Lang;
use crate::domain::account::{Action, Model};
use crate::http::forms::Fields;
use crate::t;

/// Objects that are added, changed and deleted by forms.
pub trait Crud: Sized + 'static {
    type Id: Copy + Display + DeserializeOwned + 'static;
    /// What is typed.
    type Form: Clone + 'static;
    /// What the operations return.
    type Stored: 'static;

    const MODEL: Model;
    /// Address of the list.
    const LIST: &'static str;
    /// Message of its name.
    const NAV: &'static str;
    /// Message of the question before one is deleted.
    const QUESTION: &'static str;
    /// Fields with a search for attributes.
    const SEARCHED: &'static [&'static str] = &[];
    /// Can be switched on and off: [`Crud::switch`] does it.
    const SWITCHED: bool = false;

    fn id(number: i64) -> Self::Id;
    fn name(stored: &Self::Stored) -> String;
    /// The form of a new one.
    fn blank() -> Self::Form;
    fn typed(stored: Self::Stored) -> Self::Form;
    fn read(fields: &Fields) -> Self::Form;
    fn find(visit: &Visit, id: Self::Id) -> impl Future<Output = Result<Self::Stored, AppError>>;
    /// Changes the one with this id, or adds one.
    fn save(
        visit: &Visit,
        id: Option<Self::Id>,
        form: Self::Form,
    ) -> impl Future<Output = Result<Self::Stored, AppError>>;
    fn delete(
        visit: &Visit,
        id: Self::Id,
        confirmed: bool,
    ) -> impl Future<Output = Result<(), AppError>>;
    /// Answers with the form.
    fn show(visit: &Visit, typed: Typed<Self>) -> impl Future<Output = PageResult>;

    /// Refuses who may not do it; the operation checks for itself.
    fn permit(actor: &Actor, action: Action) -> Result<(), AppError> {
        Ok(actor.permit(Self::MODEL, action).map(drop)?)
    }

    /// What disappears with it.
    fn losses(_lang: Lang, _stored: &Self::Stored) -> Vec<String> {
        Vec::new()
    }

    /// Where one is after saving.
    fn saved_at(_stored: &Self::Stored) -> String {
        Self::LIST.to_owned()
    }

    /// Switches it on or off.
    fn switch(_form: &mut Self::Form, _enabled: bool) {}
}

/// A form with what was typed, found and wrong.
pub struct Typed<C: Crud> {
    /// Absent while it is new.
    pub id: Option<C::Id>,
    pub form: C::Form,
    pub searches: Searches,
    pub problems: Problems,
}

impl<C: Crud> Typed<C> {
    fn fresh(id: Option<C::Id>, form: C::Form) -> Self {
        Self { id, form, searches: Searches::default(), problems: Problems::none() }
    }

    /// Where the form goes.
    pub fn url(&self) -> String {
        self.id.map_or_else(|| C::LIST.to_owned(), |id| urls::object(C::LIST, id))
    }

    /// Status of the page that shows it.
    pub fn status(&self) -> StatusCode {
        match self.problems.is_empty() {
            true => StatusCode::OK,
            false => StatusCode::UNPROCESSABLE_ENTITY,
        }
    }

    /// The search beside a field.
    pub fn lookup<'a>(&'a self, form: Form<'a>, field: &'a str) -> Lookup<'a> {
        let (sought, found) = self.searches.of(field);
        Lookup { form, field, sought, found }
    }
}

/// `GET /{list}/new`.
pub async fn new<C: Crud>(visit: Visit) -> PageResult {
    C::permit(visit.actor(), Action::Add)?;
    C::show(&visit, Typed::fresh(None, C::blank())).await
}

/// `GET /{list}/{id}`.
pub async fn edit<C: Crud>(visit: Visit, id: Path<C::Id>) -> PageResult {
    let stored = C::find(&visit, *id).await?;
    C::show(&visit, Typed::fresh(Some(*id), C::typed(stored))).await
}

/// `POST /{list}`.
pub async fn add<C: Crud>(post: Post) -> PageResult {
    submit::<C>(post, None).await
}

/// `POST /{list}/{id}`.
pub async fn change<C: Crud>(post: Post, id: Path<C::Id>) -> PageResult {
    submit::<C>(post, Some(*id)).await
}

/// Searches or saves, whatever the button said.
async fn submit<C: Crud>(post: Post, id: Option<C::Id>) -> PageResult {
    let (visit, fields) = (post.visit, post.fields);
    let typed = Typed::<C>::fresh(id, C::read(&fields));
    if let Some(field) = lookups::asked(&fields, C::SEARCHED) {
        let sought = fields.get(&sought_name(field)).to_owned();
        let found = lookups::attributes(&visit, &sought).await?;
        let searches = Searches(vec![Search { field, sought, found }]);
        return C::show(&visit, Typed { searches, ..typed }).await;
    }
    match C::save(&visit, id, typed.form.clone()).await {
        Ok(saved) => {
            let key = if id.is_some() { "done-saved" } else { "done-added" };
            Ok(visit.done(&C::saved_at(&saved), Flash::done(key, C::name(&saved))))
        }
        Err(error) => {
            let problems = problems(visit.lang, error)?;
            C::show(&visit, Typed { problems, ..typed }).await
        }
    }
}

/// `GET /{list}/{id}/delete`.
pub async fn confirm<C: Crud>(visit: Visit, id: Path<C::Id>) -> PageResult {
    C::permit(visit.actor(), Action::Delete)?;
    let stored = C::find(&visit, *id).await?;
    let name = C::name(&stored);
    let question = t!(visit.lang, C::QUESTION, name = name.as_str());
    let losses = C::losses(visit.lang, &stored);
    let url = urls::part(C::LIST, *id, "delete");
    ask::<C>(&visit, question, losses, url, urls::object(C::LIST, *id), Vec::new()).await
}

/// `POST /{list}/{id}/delete`.
pub async fn delete<C: Crud>(post: Post, id: Path<C::Id>) -> PageResult {
    let visit = post.visit;
    C::permit(visit.actor(), Action::Delete)?;
    let name = C::name(&C::find(&visit, *id).await?);
    C::delete(&visit, *id, post.fields.ticked("confirmed")).await?;
    Ok(visit.done(C::LIST, Flash::done("done-deleted", name)))
}

/// `POST /{list}/selection`: switches what was ticked on or off, or deletes it after a question.
pub async fn selected<C: Crud>(post: Post) -> PageResult {
    let (visit, fields) = (post.visit, post.fields);
    let numbers = fields.ids("id");
    let ids: Vec<C::Id> = numbers.iter().map(|number| C::id(*number)).collect();
    let back = visit.came_from(C::LIST);
    let action = fields.get("action");
    let switched = matches!(action, "enable" | "disable") && C::SWITCHED;
    C::permit(visit.actor(), if switched { Action::Change } else { Action::Delete })?;
    if ids.is_empty() || !(switched || action == "delete") {
        return Ok(visit.done(&back, Flash::nothing_selected()));
    }
    if switched {
        for id in &ids {
            let mut form = C::typed(C::find(&visit, *id).await?);
            C::switch(&mut form, action == "enable");
            C::save(&visit, Some(*id), form).await?;
        }
        let key = if action == "enable" { "done-switched-on" } else { "done-switched-off" };
        return Ok(visit.done(&back, Flash::counted(key, ids.len())));
    }
    if fields.ticked("confirmed") {
        for id in &ids {
            C::delete(&visit, *id, true).await?;
        }
        return Ok(visit.done(C::LIST, Flash::counted("done-selection-deleted", ids.len())));
    }
    let (lang, mut losses) = (visit.lang, Vec::new());
    for id in &ids {
        let stored = C::find(&visit, *id).await?;
        losses.push(C::name(&stored));
        losses.extend(C::losses(lang, &stored));
    }
    let question = t!(lang, "selection-delete-question", count = ids.len());
    let id = |number: &i64| ("id", number.to_string());
    let kept = numbers.iter().map(id).chain([("action", "delete".to_owned())]).collect();
    ask::<C>(&visit, question, losses, urls::selection(C::LIST), back, kept).await
}

/// Asks before something is deleted.
async fn ask<C: Crud>(
    visit: &Visit,
    question: String,
    losses: Vec<String>,
    url: String,
    back: String,
    fields: Vec<(&'static str, String)>,
) -> PageResult {
    let lang = visit.lang;
    let page = |frame: &Frame| {
        let button = t!(lang, "ui-delete");
        let csrf = &frame.csrf;
        let confirm = Confirm { lang, csrf, url, back, question, losses, fields, button };
        let content = Content::new(t!(lang, "ui-delete"), confirm);
        frame.page(content.below(C::LIST, t!(lang, C::NAV)))
    };
    visit.show(page).await
}

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
