//! What objects with a form of their own have in common: it is shown, searched in, saved; they are
//! deleted after a question, one or a selection of a list, or switched on and off.
//!
//! A page says which operations these are by [`Crud`]; the handlers here are the routes.

mod selection;
mod ticked;

use std::fmt::Display;
use std::future::Future;

use actix_web::http::StatusCode;
use actix_web::web::Path;
use maud::{Markup, Render, html};
use serde::de::DeserializeOwned;

use super::components::form::{Form, Problems};
use super::components::lookup::{Lookup, sought_name};
use super::components::panel::{Confirm, link_button};
use super::error::{PageError, PageResult, problems};
use super::flash::Flash;
use super::layout::{Content, Frame};
use super::pages::lookups::{self, Search, Searches};
use super::urls::{self, Query};
use super::visit::{Post, Visit};
use crate::app::AppError;
use crate::app::actor::Actor;
use crate::catalogue::Lang;
use crate::domain::account::{Action, Model};
use crate::http::forms::Fields;
use crate::t;

pub use selection::{selected, selection};
pub use ticked::{Progress, Ticked, ask_one, ticked};

/// The fields that say whom something concerns: [`Typed::target`].
pub const TARGET: &[&str] = &["included_attributes", "excluded_attributes"];

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
    /// Message of the button that adds one.
    const NEW: &'static str;
    /// Message of the question before one is deleted.
    const QUESTION: &'static str;
    /// Fields with a search for attributes.
    const SEARCHED: &'static [&'static str] = &[];
    /// Can be switched on and off: [`Crud::switch`] does it.
    const SWITCHED: bool = false;

    fn id(number: i64) -> Self::Id;
    fn name(stored: &Self::Stored) -> String;
    /// The form of a new one; the address may say what it belongs to.
    fn blank(query: &Query) -> Self::Form;
    fn typed(stored: &Self::Stored) -> Self::Form;
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

    /// Can be deleted at all; the operation checks for itself.
    fn deletable(_stored: &Self::Stored) -> bool {
        true
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
    /// As it is without what was typed.
    pub stored: Option<C::Stored>,
    pub form: C::Form,
    pub searches: Searches,
    pub problems: Problems,
}

impl<C: Crud> Typed<C> {
    fn new(id: Option<C::Id>, stored: Option<C::Stored>, form: C::Form) -> Self {
        Self { id, stored, form, searches: Searches::default(), problems: Problems::none() }
    }

    /// What was typed, to be shown again.
    async fn again(visit: &Visit, id: Option<C::Id>, form: C::Form) -> Result<Self, PageError> {
        let stored = match id {
            Some(id) => Some(C::find(visit, id).await?),
            None => None,
        };
        Ok(Self::new(id, stored, form))
    }

    /// Where the form goes.
    pub fn url(&self) -> String {
        self.id.map_or_else(|| C::LIST.to_owned(), |id| urls::object(C::LIST, id))
    }

    /// Status of the page that shows it.
    pub fn status(&self) -> StatusCode {
        self.problems.status()
    }

    /// The form, locked for who may not save it.
    pub fn form<'a>(&'a self, frame: &'a Frame) -> Form<'a> {
        let action = if self.id.is_some() { Action::Change } else { Action::Add };
        let writable = C::permit(&frame.actor, action).is_ok();
        Form { lang: frame.lang(), csrf: &frame.csrf, problems: &self.problems, writable }
    }

    /// The fields with the buttons that save them.
    pub fn framed(&self, form: Form<'_>, fields: impl Render) -> Markup {
        form.frame(&self.url(), fields, form.save_or(C::LIST))
    }

    /// The page below its list, with the button that deletes; a new one has no name yet.
    pub fn content(&self, frame: &Frame, name: &str, body: impl Render) -> Content {
        let lang = frame.lang();
        let title = if self.id.is_some() { name.to_owned() } else { t!(lang, C::NEW) };
        let may = self.stored.as_ref().is_some_and(C::deletable)
            && C::permit(&frame.actor, Action::Delete).is_ok();
        let delete = self.id.filter(|_| may).map(|id| urls::part(C::LIST, id, "delete"));
        let delete = delete.map(|url| link_button(&url, "delete", &t!(lang, "ui-delete")));
        Content::new(title, body)
            .below(C::LIST, t!(lang, C::NAV))
            .with_actions(html! { @if let Some(delete) = delete { (delete) } })
    }

    /// The fields of a target, each with the search that adds to it.
    pub fn target(&self, form: Form<'_>, included: &[String], excluded: &[String]) -> Markup {
        html! {
            div.pair {
                @for (field, names) in TARGET.iter().zip([included, excluded]) {
                    div {
                        (form.picker(field, &names.join("\n"), urls::SUGGEST_ATTRIBUTES))
                        (self.lookup(form, field))
                    }
                }
            }
        }
    }

    /// The search beside a field.
    pub fn lookup<'a>(&'a self, form: Form<'a>, field: &'a str) -> Lookup<'a> {
        let (sought, found) = self.searches.of(field);
        Lookup { form, field, sought, found }
    }
}

/// The button of the list that adds one.
pub fn addition<C: Crud>(frame: &Frame) -> Markup {
    let may = C::permit(&frame.actor, Action::Add).is_ok();
    html! {
        @if may { (link_button(&urls::new(C::LIST), "plus", &t!(frame.lang(), C::NEW))) }
    }
}

/// `GET /{list}/new`.
pub async fn new<C: Crud>(visit: Visit) -> PageResult {
    C::permit(visit.actor(), Action::Add)?;
    let form = C::blank(&visit.query);
    C::show(&visit, Typed::new(None, None, form)).await
}

/// `GET /{list}/{id}`.
pub async fn edit<C: Crud>(visit: Visit, id: Path<C::Id>) -> PageResult {
    let stored = C::find(&visit, *id).await?;
    let form = C::typed(&stored);
    C::show(&visit, Typed::new(Some(*id), Some(stored), form)).await
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
    let form = C::read(&fields);
    if let Some(field) = lookups::asked(&fields, C::SEARCHED) {
        let sought = fields.get(&sought_name(field)).to_owned();
        let found = lookups::attributes(&visit, &sought).await?;
        let searches = Searches(vec![Search { field, sought, found }]);
        let typed = Typed::<C>::again(&visit, id, form).await?;
        return C::show(&visit, Typed { searches, ..typed }).await;
    }
    match C::save(&visit, id, form.clone()).await {
        Ok(saved) => {
            let key = if id.is_some() { "done-saved" } else { "done-added" };
            Ok(visit.done(&C::saved_at(&saved), Flash::done(key, C::name(&saved))))
        }
        Err(error) => {
            let problems = problems(visit.lang, error)?;
            let typed = Typed::<C>::again(&visit, id, form).await?;
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
