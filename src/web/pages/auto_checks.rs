//! Patterns of errors that need no check (5.2): list, form, deletion.

use actix_web::http::StatusCode;
use actix_web::web::Path;
use maud::{Markup, html};

use crate::app::AppError;
use crate::domain::account::{Action, Model};
use crate::domain::client_error::AutoCheckError;
use crate::domain::ids::AutoCheckErrorId;
use crate::t;
use crate::web::components::form::{Form, Problems};
use crate::web::components::list::List;
use crate::web::components::panel::{Confirm, link_button};
use crate::web::components::related::Related;
use crate::web::components::table::{Row, Table, column};
use crate::web::error::{PageResult, problems};
use crate::web::flash::Flash;
use crate::web::layout::{Content, Frame};
use crate::web::urls;
use crate::web::visit::{Post, Visit};

/// Renders the list.
pub fn list_page<'a>(frame: &'a Frame, patterns: &'a [AutoCheckError]) -> List<'a> {
    let lang = frame.lang();
    let rows = patterns.iter().map(|pattern| {
        let url = urls::object(urls::AUTO_CHECK, pattern.id);
        Row::new(
            "pattern",
            pattern.id,
            vec![html! { a.mono.break href=(url) { (pattern.message) } }],
        )
    });
    let table = Table {
        lang,
        caption: t!(lang, "nav-auto-check-errors"),
        columns: vec![column(lang, "pattern").wide()],
        rows: rows.collect(),
        order: None,
        selection: None,
        empty: t!(lang, "patterns-empty"),
    };
    let actions = html! {
        @if frame.may(Model::AutoCheckError, Action::Add) {
            (link_button(&urls::new(urls::AUTO_CHECK), "plus", &t!(lang, "pattern-new")))
        }
    };
    let intro = html! { p.soft { (t!(lang, "patterns-text")) } };
    List::new(table).introduced(intro).with_actions(actions)
}

/// Renders the form of one, or of a new one.
pub fn form_page(
    frame: &Frame,
    id: Option<AutoCheckErrorId>,
    message: &str,
    problems: &Problems,
) -> Markup {
    let lang = frame.lang();
    let action = if id.is_some() { Action::Change } else { Action::Add };
    let writable = frame.may(Model::AutoCheckError, action);
    let form = Form { lang, csrf: &frame.csrf, problems, writable };
    let url = id.map_or(urls::AUTO_CHECK.to_owned(), |id| urls::object(urls::AUTO_CHECK, id));
    let fields = form.lines("message", message).label("field-pattern").hint("hint-pattern");
    let body = html! {
        section.card.narrow { (form.frame(&url, fields.required(), form.save_or(urls::AUTO_CHECK))) }
    };
    let key = if id.is_some() { "pattern-one" } else { "pattern-new" };
    let deletable = id.filter(|_| frame.may(Model::AutoCheckError, Action::Delete));
    let actions = html! {
        @if let Some(id) = deletable {
            (link_button(&urls::part(urls::AUTO_CHECK, id, "delete"), "delete", &t!(lang, "ui-delete")))
        }
    };
    let history =
        id.map(|id| Related::view(lang, "nav-history", urls::history("auto_check_error", id)));
    let content = Content::new(t!(lang, key), body).with_views(history.into_iter().collect());
    frame.page(
        content.below(urls::AUTO_CHECK, t!(lang, "nav-auto-check-errors")).with_actions(actions),
    )
}

/// `GET /auto-check-errors`.
pub async fn list(visit: Visit) -> PageResult {
    let frame = visit.frame().await?;
    let patterns = visit.app.auto_check_errors(visit.actor()).await?;
    visit.list(&frame, list_page(&frame, &patterns))
}

/// `GET /auto-check-errors/new`.
pub async fn new(visit: Visit) -> PageResult {
    visit.actor().permit(Model::AutoCheckError, Action::Add).map_err(AppError::from)?;
    visit.show(|frame| form_page(frame, None, "", &Problems::none())).await
}

/// `GET /auto-check-errors/{id}`.
pub async fn edit(visit: Visit, id: Path<AutoCheckErrorId>) -> PageResult {
    let pattern = visit.app.auto_check_error(visit.actor(), *id).await?;
    visit.show(|frame| form_page(frame, Some(*id), &pattern.message, &Problems::none())).await
}

/// `POST /auto-check-errors`.
pub async fn add(post: Post) -> PageResult {
    let visit = post.visit;
    let message = post.fields.get("message");
    match visit.app.add_auto_check_error(visit.actor(), message).await {
        Ok(added) => Ok(visit.done(urls::AUTO_CHECK, Flash::done("done-added", added.message))),
        Err(error) => {
            let wrong = problems(visit.lang, error)?;
            let page = |frame: &Frame| form_page(frame, None, message, &wrong);
            visit.show_as(StatusCode::UNPROCESSABLE_ENTITY, page).await
        }
    }
}

/// `POST /auto-check-errors/{id}`.
pub async fn change(post: Post, id: Path<AutoCheckErrorId>) -> PageResult {
    let visit = post.visit;
    let message = post.fields.get("message");
    match visit.app.change_auto_check_error(visit.actor(), *id, message).await {
        Ok(saved) => Ok(visit.done(urls::AUTO_CHECK, Flash::done("done-saved", saved.message))),
        Err(error) => {
            let wrong = problems(visit.lang, error)?;
            let page = |frame: &Frame| form_page(frame, Some(*id), message, &wrong);
            visit.show_as(StatusCode::UNPROCESSABLE_ENTITY, page).await
        }
    }
}

/// `GET /auto-check-errors/{id}/delete`.
pub async fn confirm(visit: Visit, id: Path<AutoCheckErrorId>) -> PageResult {
    visit.actor().permit(Model::AutoCheckError, Action::Delete).map_err(AppError::from)?;
    let pattern = visit.app.auto_check_error(visit.actor(), *id).await?;
    let lang = visit.lang;
    let page = |frame: &Frame| {
        let confirm = Confirm {
            lang,
            csrf: &frame.csrf,
            url: urls::part(urls::AUTO_CHECK, *id, "delete"),
            back: urls::object(urls::AUTO_CHECK, *id),
            question: t!(lang, "pattern-delete-question", name = pattern.message.as_str()),
            losses: Vec::new(),
            fields: Vec::new(),
            button: t!(lang, "ui-delete"),
        };
        let content = Content::new(t!(lang, "ui-delete"), confirm);
        frame.page(content.below(urls::AUTO_CHECK, t!(lang, "nav-auto-check-errors")))
    };
    visit.show(page).await
}

/// `POST /auto-check-errors/{id}/delete`.
pub async fn delete(post: Post, id: Path<AutoCheckErrorId>) -> PageResult {
    let visit = post.visit;
    let pattern = visit.app.auto_check_error(visit.actor(), *id).await?;
    visit.app.delete_auto_check_error(visit.actor(), *id).await?;
    Ok(visit.done(urls::AUTO_CHECK, Flash::done("done-deleted", pattern.message)))
}

#[cfg(test)]
mod tests;
