//! Changing the own password (D-ACC-05).

use actix_web::http::StatusCode;
use maud::{Markup, html};

use crate::t;
use crate::web::components::form::{Form, Problems};
use crate::web::error::{PageResult, problems};
use crate::web::flash::Flash;
use crate::web::layout::{Content, Frame};
use crate::web::urls;
use crate::web::visit::{Post, Visit};

/// Renders the form.
pub fn page(frame: &Frame, problems: &Problems) -> Markup {
    let lang = frame.lang();
    let form = Form { lang, csrf: &frame.csrf, problems, writable: true };
    let fields = html! {
        input type="hidden" autocomplete="username" value=(frame.actor.name());
        (form.password("old_password").required().complete("current-password").focus())
        (form.password("password").label("field-new-password").required().complete("new-password"))
        (form.password("repeated").required().complete("new-password"))
    };
    let body = html! {
        section.card.narrow {
            (form.frame(urls::OWN_PASSWORD, fields, form.save_or(urls::HOME)))
        }
    };
    frame.page(Content::new(t!(lang, "nav-own-password"), body))
}

/// `GET /account/password`.
pub async fn form(visit: Visit) -> PageResult {
    visit.show(|frame| page(frame, &Problems::none())).await
}

/// `POST /account/password`. All sessions end, this one too: the new password signs in again.
pub async fn change(post: Post) -> PageResult {
    let (visit, fields) = (post.visit, post.fields);
    let new = fields.get("password").to_owned();
    let wrong = if new == fields.get("repeated") {
        let old = fields.get("old_password").to_owned();
        match visit.app.change_own_password(visit.actor(), old, new).await {
            Ok(()) => return Ok(visit.done(urls::LOGIN, Flash::done("done-password", ""))),
            Err(error) => problems(visit.lang, error)?,
        }
    } else {
        Problems::field("repeated", t!(visit.lang, "error-repeated"))
    };
    visit.show_as(StatusCode::UNPROCESSABLE_ENTITY, |frame| page(frame, &wrong)).await
}
