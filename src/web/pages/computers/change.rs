//! Changing a computer: name, comment, status, tags, a new key; deleting one or several.

use actix_web::http::StatusCode;
use actix_web::web::Path;
use maud::{Markup, html};

use super::around;
use crate::app::AppError;
use crate::app::actor::Actor;
use crate::app::computer_changes::ComputerForm;
use crate::app::computers::ComputerDetail;
use crate::domain::account::{Action, Model};
use crate::domain::ids::ComputerId;
use crate::domain::status::Status;
use crate::http::forms::Fields;
use crate::t;
use crate::web::components::form::{Choice, Form, Problems};
use crate::web::components::lookup::{Lookup, enter_button, sought_name};
use crate::web::components::panel::{card, post_button};
use crate::web::components::status::{legend, status_name};
use crate::web::crud::{self, Ticked};
use crate::web::error::{PageResult, problems};
use crate::web::flash::Flash;
use crate::web::layout::Frame;
use crate::web::pages::lookups::{self, Search, Searches};
use crate::web::urls;
use crate::web::visit::{Post, Visit};

/// Renders the form.
pub fn page(
    frame: &Frame,
    computer: &ComputerDetail,
    typed: &ComputerForm,
    searches: &Searches,
    problems: &Problems,
) -> Markup {
    let lang = frame.lang();
    let id = computer.row.id;
    let writable = frame.may(Model::Computer, Action::Change);
    let form = Form { lang, csrf: &frame.csrf, problems, writable };
    let name = typed.name.as_deref().unwrap_or(&computer.row.name);
    let comment = typed.comment.as_deref().or(computer.comment.as_deref()).unwrap_or_default();
    let current = typed.status.unwrap_or(computer.row.status);
    let held = || computer.tags.iter().map(|tag| tag.name.clone()).collect();
    let tags = typed.tags.clone().unwrap_or_else(held).join("\n");
    let (sought, found) = searches.of("tags");
    let statuses = Status::ALL.map(|one| Choice::new(one.as_str(), status_name(lang, one)));
    let fields = html! {
        (enter_button())
        (form.text("name", name).max(50).fixed(!frame.actor.is_superuser()).hint("hint-computer-name"))
        (form.choice("status", current.as_str(), statuses.into()).hint("hint-computer-status"))
        (form.area("comment", comment))
        (form.picker("tags", &tags, urls::SUGGEST_TAGS).hint("hint-computer-tags"))
        (Lookup { form, field: "tags", sought, found })
    };
    let back = urls::object(urls::COMPUTERS, id);
    let url = urls::part(urls::COMPUTERS, id, "edit");
    let body = html! {
        section.card.narrow {
            (form.frame(&url, fields, form.save_or(&back)))
            (legend(lang))
        }
        @if writable { (key_card(frame, computer)) }
    };
    around(frame, computer, "edit", body)
}

/// A computer whose key is lost, or that was installed anew, may come with another one.
fn key_card(frame: &Frame, computer: &ComputerDetail) -> Markup {
    let lang = frame.lang();
    let url = urls::part(urls::COMPUTERS, computer.row.id, "key");
    let open = computer.accept_key_until.filter(|until| *until > frame.reader.now);
    let body = match open {
        None => html! {
            p { (t!(lang, "key-text")) }
            (post_button(&url, &frame.csrf, &t!(lang, "key-accept"), &[("accept", "yes")]))
        },
        Some(until) => html! {
            p { (t!(lang, "key-open", time = frame.reader.date_time(until))) }
            (post_button(&url, &frame.csrf, &t!(lang, "key-refuse"), &[("accept", "no")]))
        },
    };
    html! { div.narrow { (card(&t!(lang, "key-title"), body)) } }
}

/// `GET /computers/{id}/edit`.
pub async fn form(visit: Visit, id: Path<ComputerId>) -> PageResult {
    let computer = visit.app.computer(visit.actor(), *id).await?;
    let (typed, searches) = (ComputerForm::default(), Searches::default());
    visit.show(|frame| page(frame, &computer, &typed, &searches, &Problems::none())).await
}

/// `POST /computers/{id}/edit`.
pub async fn save(post: Post, id: Path<ComputerId>) -> PageResult {
    let (visit, fields) = (post.visit, post.fields);
    let typed = ComputerForm {
        name: fields.find("name").map(str::to_owned),
        comment: fields.find("comment").map(str::to_owned),
        status: fields.find("status").and_then(Status::parse),
        tags: fields.find("tags").map(|_| lookups::lines(&fields, "tags")),
    };
    if let Some(field) = lookups::asked(&fields, &["tags"]) {
        let sought = fields.get(&sought_name(field)).to_owned();
        let found = lookups::tags(&visit, &sought).await?;
        let searches = Searches(vec![Search { field, sought, found }]);
        let computer = visit.app.computer(visit.actor(), *id).await?;
        let page = |frame: &Frame| page(frame, &computer, &typed, &searches, &Problems::none());
        return visit.show(page).await;
    }
    match visit.app.change_computer(visit.actor(), *id, typed.clone()).await {
        Ok(saved) => {
            let url = urls::object(urls::COMPUTERS, *id);
            Ok(visit.done(&url, Flash::done("done-saved", saved.row.display_name)))
        }
        Err(error) => {
            let wrong = problems(visit.lang, error)?;
            let computer = visit.app.computer(visit.actor(), *id).await?;
            let page = |frame: &Frame| page(frame, &computer, &typed, &Searches::default(), &wrong);
            visit.show_as(StatusCode::UNPROCESSABLE_ENTITY, page).await
        }
    }
}

/// `POST /computers/{id}/key`.
pub async fn accept_key(post: Post, id: Path<ComputerId>) -> PageResult {
    let accept = post.fields.get("accept") == "yes";
    post.visit.app.accept_new_key(post.visit.actor(), *id, accept).await?;
    let key = if accept { "done-key-accepted" } else { "done-key-refused" };
    let url = urls::part(urls::COMPUTERS, *id, "edit");
    Ok(post.visit.done(&url, Flash::done(key, "")))
}

/// `GET /computers/{id}/delete`.
pub async fn delete_form(visit: Visit, id: Path<ComputerId>) -> PageResult {
    crud::ask_one::<Computers>(&visit, id.0).await
}

/// Computers ticked in their list.
pub struct Computers;

/// What a button does to each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    Status(Status),
    Delete,
}

impl Ticked for Computers {
    type Deed = Deed;
    type Stored = ComputerDetail;

    const LIST: &'static str = urls::COMPUTERS;
    const NAV: &'static str = "nav-computers";
    const QUESTION: &'static str = "computers-delete-question";
    const LOST: Option<&'static str> = Some("computers-delete-losses");
    const LOSES: Deed = Deed::Delete;

    fn deed(fields: &Fields) -> Option<Deed> {
        match fields.get("action") {
            "delete" => Some(Deed::Delete),
            _ => Status::parse(fields.get("status")).map(Deed::Status),
        }
    }

    fn permit(actor: &Actor, deed: Deed) -> Result<(), AppError> {
        let action = if deed == Self::LOSES { Action::Delete } else { Action::Change };
        Ok(actor.permit(Model::Computer, action).map(drop)?)
    }

    fn done(deed: Deed) -> &'static str {
        match deed {
            Deed::Status(_) => "done-status",
            Deed::Delete => "done-computers-deleted",
        }
    }

    async fn find(visit: &Visit, number: i64) -> Result<ComputerDetail, AppError> {
        visit.app.computer(visit.actor(), ComputerId(number)).await
    }

    fn name(stored: &ComputerDetail) -> String {
        stored.row.display_name.clone()
    }

    async fn act(
        visit: &Visit,
        deed: Deed,
        number: i64,
        _stored: &ComputerDetail,
    ) -> Result<usize, AppError> {
        act(visit, deed, vec![ComputerId(number)]).await
    }

    async fn together(
        visit: &Visit,
        deed: Deed,
        numbers: &[i64],
    ) -> Option<Result<usize, AppError>> {
        Some(act(visit, deed, numbers.iter().copied().map(ComputerId).collect()).await)
    }
}

async fn act(visit: &Visit, deed: Deed, ids: Vec<ComputerId>) -> Result<usize, AppError> {
    let count = ids.len();
    match deed {
        Deed::Status(status) => visit.app.change_status(visit.actor(), ids, status).await,
        Deed::Delete => visit.app.delete_computers(visit.actor(), ids).await.map(|()| count),
    }
}
