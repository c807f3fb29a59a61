//! What is done to the ticked rows of a list of objects with forms: they are switched or deleted.

use std::marker::PhantomData;

use super::Crud;
use super::ticked::{Ticked, ticked};
use crate::app::AppError;
use crate::app::actor::Actor;
use crate::catalogue::Lang;
use crate::domain::account::Action;
use crate::http::forms::Fields;
use crate::t;
use crate::web::components::table::{Action as Button, Selection};
use crate::web::error::PageResult;
use crate::web::layout::Frame;
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

/// `POST /{list}/selection`: switches what was ticked on or off, or deletes it after a question.
pub async fn selected<C: Crud>(post: Post) -> PageResult {
    ticked::<Objects<C>>(post).await
}

/// Objects with forms, ticked in their list.
struct Objects<C>(PhantomData<C>);

/// What a button does to each row.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Deed {
    Switch(bool),
    Delete,
}

impl<C: Crud> Ticked for Objects<C> {
    type Deed = Deed;
    type Stored = C::Stored;

    const LIST: &'static str = C::LIST;
    const NAV: &'static str = C::NAV;
    const LOSES: Deed = Deed::Delete;

    fn deed(fields: &Fields) -> Option<Deed> {
        match fields.get("action") {
            "enable" if C::SWITCHED => Some(Deed::Switch(true)),
            "disable" if C::SWITCHED => Some(Deed::Switch(false)),
            "delete" => Some(Deed::Delete),
            _ => None,
        }
    }

    fn permit(actor: &Actor, deed: Deed) -> Result<(), AppError> {
        let delete = deed == Self::LOSES;
        C::permit(actor, if delete { Action::Delete } else { Action::Change })
    }

    fn done(deed: Deed) -> &'static str {
        match deed {
            Deed::Switch(true) => "done-switched-on",
            Deed::Switch(false) => "done-switched-off",
            Deed::Delete => "done-selection-deleted",
        }
    }

    async fn find(visit: &Visit, number: i64) -> Result<C::Stored, AppError> {
        C::find(visit, C::id(number)).await
    }

    fn name(stored: &C::Stored) -> String {
        C::name(stored)
    }

    fn losses(lang: Lang, stored: &C::Stored) -> Vec<String> {
        [C::name(stored)].into_iter().chain(C::losses(lang, stored)).collect()
    }

    async fn act(
        visit: &Visit,
        deed: Deed,
        number: i64,
        stored: &C::Stored,
    ) -> Result<usize, AppError> {
        let id = C::id(number);
        match deed {
            Deed::Switch(enabled) => {
                let mut form = C::typed(stored);
                C::switch(&mut form, enabled);
                C::save(visit, Some(id), form).await?;
            }
            Deed::Delete => C::delete(visit, id, true).await?,
        }
        Ok(1)
    }
}
