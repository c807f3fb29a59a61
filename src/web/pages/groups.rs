//! Groups of accounts: list, form with the table of permissions, deletion (6.3).

use actix_web::http::StatusCode;
use actix_web::web::Path;
use maud::{Markup, html};

use crate::app::AppError;
use crate::app::computers::Named;
use crate::app::groups::{AccountGroupForm, Group};
use crate::app::related::Kind;
use crate::domain::account::{Action, Model};
use crate::domain::ids::GroupId;
use crate::http::forms::Fields;
use crate::t;
use crate::web::components::form::{Form, Problems};
use crate::web::components::list::List;
use crate::web::components::panel::{Confirm, link_button};
use crate::web::components::permissions::permissions;
use crate::web::components::status::yes_no;
use crate::web::components::table::{Row, Table, column};
use crate::web::error::{PageResult, problems};
use crate::web::flash::Flash;
use crate::web::layout::{Content, Frame};
use crate::web::related;
use crate::web::urls;
use crate::web::visit::{Post, Visit};

/// Renders the list; whoever does not administer accounts sees the names.
pub fn list_page<'a>(frame: &'a Frame, groups: &'a [Group]) -> List<'a> {
    let lang = frame.lang();
    let whole = frame.may(Model::Group, Action::Change);
    let rows = groups.iter().map(|group| {
        let cells = match whole {
            true => vec![
                html! { a href=(urls::object(urls::GROUPS, group.id)) { (group.name) } },
                html! { (group.members) },
                yes_no(lang, group.is_modified),
            ],
            false => vec![html! { (group.name) }],
        };
        Row::new("group", group.id, cells)
    });
    let mut columns = vec![column(lang, "name")];
    if whole {
        columns.extend([column(lang, "members").number(), column(lang, "modified")]);
    }
    let table = Table {
        lang,
        caption: t!(lang, "nav-groups"),
        columns,
        rows: rows.collect(),
        order: None,
        selection: None,
        empty: t!(lang, "groups-empty"),
    };
    let actions = html! {
        @if frame.may(Model::Group, Action::Add) {
            (link_button(&urls::new(urls::GROUPS), "plus", &t!(lang, "group-new")))
        }
    };
    List::new(table).with_actions(actions)
}

/// One group, or a new one.
pub struct FormView {
    /// Absent while it is new.
    pub id: Option<GroupId>,
    pub form: AccountGroupForm,
    /// Accounts in it.
    pub members: Vec<Named>,
    pub is_modified: bool,
    pub problems: Problems,
}

/// Renders the form.
pub fn form_page(frame: &Frame, view: &FormView) -> Markup {
    let lang = frame.lang();
    let action = if view.id.is_some() { Action::Change } else { Action::Add };
    let writable = frame.may(Model::Group, action);
    let form = Form { lang, csrf: &frame.csrf, problems: &view.problems, writable };
    let fields = html! {
        (form.text("name", &view.form.name).required().max(150))
        @if view.id.is_some() {
            p.hint {
                @if view.is_modified { (t!(lang, "group-modified")) }
                @else { (t!(lang, "group-not-modified")) }
            }
        }
        (permissions(&form, "permissions", &view.form.permissions))
    };
    let url = view.id.map_or(urls::GROUPS.to_owned(), |id| urls::object(urls::GROUPS, id));
    let body = html! {
        section.card { (form.frame(&url, fields, form.save_or(urls::GROUPS))) }
        @if view.id.is_some() {
            section.card {
                h2 { (t!(lang, "field-members")) }
                @if view.members.is_empty() { p.soft { (t!(lang, "group-no-members")) } }
                ul.chips {
                    @for member in &view.members {
                        li { a href=(urls::object(urls::ACCOUNTS, member.id)) { (member.name) } }
                    }
                }
            }
        }
    };
    let title = match view.id {
        Some(_) => view.form.name.clone(),
        None => t!(lang, "group-new"),
    };
    let deletable = view.id.filter(|_| frame.may(Model::Group, Action::Delete));
    let actions = html! {
        @if let Some(id) = deletable {
            (link_button(&urls::part(urls::GROUPS, id, "delete"), "delete", &t!(lang, "ui-delete")))
        }
    };
    let content = Content::new(title, body).below(urls::GROUPS, t!(lang, "nav-groups"));
    frame.page(content.with_actions(actions))
}

/// `GET /groups`.
pub async fn list(visit: Visit) -> PageResult {
    let frame = visit.frame().await?;
    let groups = visit.app.groups(visit.actor()).await?;
    let groups = related::keep(&visit, Kind::Group, groups, |one| one.id.0).await?;
    visit.list(&frame, list_page(&frame, &groups))
}

/// `GET /groups/new`.
pub async fn new(visit: Visit) -> PageResult {
    visit.actor().permit(Model::Group, Action::Add).map_err(AppError::from)?;
    show_form(&visit, None, AccountGroupForm::default(), Problems::none()).await
}

/// `GET /groups/{id}`.
pub async fn edit(visit: Visit, id: Path<GroupId>) -> PageResult {
    let detail = visit.app.group(visit.actor(), *id).await?;
    show_form(&visit, Some(*id), AccountGroupForm::from(&detail), Problems::none()).await
}

/// `POST /groups`.
pub async fn add(post: Post) -> PageResult {
    let (visit, form) = (post.visit, read(&post.fields));
    match visit.app.add_group(visit.actor(), form.clone()).await {
        Ok(added) => Ok(visit.done(urls::GROUPS, Flash::done("done-added", added.group.name))),
        Err(error) => show_form(&visit, None, form, problems(visit.lang, error)?).await,
    }
}

/// `POST /groups/{id}`.
pub async fn change(post: Post, id: Path<GroupId>) -> PageResult {
    let (visit, form) = (post.visit, read(&post.fields));
    match visit.app.change_group(visit.actor(), *id, form.clone()).await {
        Ok(saved) => Ok(visit.done(urls::GROUPS, Flash::done("done-saved", saved.group.name))),
        Err(error) => show_form(&visit, Some(*id), form, problems(visit.lang, error)?).await,
    }
}

/// `GET /groups/{id}/delete`.
pub async fn confirm(visit: Visit, id: Path<GroupId>) -> PageResult {
    visit.actor().permit(Model::Group, Action::Delete).map_err(AppError::from)?;
    let group = visit.app.group(visit.actor(), *id).await?.group;
    let lang = visit.lang;
    let losses = (group.members > 0).then(|| t!(lang, "loss-members", count = group.members));
    let page = |frame: &Frame| {
        let confirm = Confirm {
            lang,
            csrf: &frame.csrf,
            url: urls::part(urls::GROUPS, *id, "delete"),
            back: urls::object(urls::GROUPS, *id),
            question: t!(lang, "group-delete-question", name = group.name.as_str()),
            losses: losses.into_iter().collect(),
            fields: Vec::new(),
            button: t!(lang, "ui-delete"),
        };
        let content = Content::new(t!(lang, "ui-delete"), confirm);
        frame.page(content.below(urls::GROUPS, t!(lang, "nav-groups")))
    };
    visit.show(page).await
}

/// `POST /groups/{id}/delete`.
pub async fn delete(post: Post, id: Path<GroupId>) -> PageResult {
    let visit = post.visit;
    let name = visit.app.group(visit.actor(), *id).await?.group.name;
    visit.app.delete_group(visit.actor(), *id, post.fields.ticked("confirmed")).await?;
    Ok(visit.done(urls::GROUPS, Flash::done("done-deleted", name)))
}

async fn show_form(
    visit: &Visit,
    id: Option<GroupId>,
    form: AccountGroupForm,
    problems: Problems,
) -> PageResult {
    let (members, is_modified) = match id {
        Some(id) => {
            let detail = visit.app.group(visit.actor(), id).await?;
            (detail.members, detail.group.is_modified)
        }
        None => (Vec::new(), true),
    };
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let view = FormView { id, form, members, is_modified, problems };
    visit.show_as(status, |frame| form_page(frame, &view)).await
}

fn read(fields: &Fields) -> AccountGroupForm {
    AccountGroupForm {
        name: fields.get("name").trim().to_owned(),
        permissions: fields.all("permissions").map(str::to_owned).collect(),
    }
}
