//! Policies: list, form with its groups, deletion (8.2).

use actix_web::http::StatusCode;
use actix_web::web::Path;
use maud::{Markup, html};

use crate::app::AppError;
use crate::app::policies::{GroupForm, PolicyForm, PolicyRow};
use crate::app::related::Kind;
use crate::domain::account::{Action, Model};
use crate::domain::ids::PolicyId;
use crate::http::forms::Fields;
use crate::t;
use crate::web::components::form::{Form, Problems};
use crate::web::components::panel::{Confirm, link_button};
use crate::web::components::status::{Level, enabled, yes_no};
use crate::web::components::table::{Row, Table, column};
use crate::web::components::target::target;
use crate::web::error::{PageResult, problems};
use crate::web::flash::Flash;
use crate::web::layout::{Content, Frame, message};
use crate::web::pages::lookups;
use crate::web::related;
use crate::web::urls;
use crate::web::visit::{Post, Visit};

/// Empty groups that a form offers beside those there are.
const FREE: usize = 2;
/// Most groups that are read from a form.
const MAX_GROUPS: usize = 110;

/// Renders the list.
pub fn list_page(frame: &Frame, policies: &[PolicyRow]) -> Markup {
    let lang = frame.lang();
    let rows = policies.iter().map(|policy| {
        let form = &policy.form;
        let cells = vec![
            html! { a href=(urls::object(urls::POLICIES, policy.id)) { (form.name) } },
            enabled(lang, form.enabled),
            yes_no(lang, form.exclusive),
            target(lang, &form.included_attributes, &form.excluded_attributes),
            html! { (form.groups.len()) },
        ];
        Row::new("policy", policy.id, cells)
    });
    let table = Table {
        lang,
        caption: t!(lang, "nav-policies"),
        columns: ["name", "enabled", "exclusive", "target", "groups"]
            .map(|name| column(lang, name))
            .into(),
        rows: rows.collect(),
        order: None,
        selection: None,
        empty: t!(lang, "policies-empty"),
    };
    let actions = html! {
        @if frame.may(Model::Policy, Action::Add) {
            (link_button(&urls::new(urls::POLICIES), "plus", &t!(lang, "policy-new")))
        }
    };
    frame.page(Content::new(t!(lang, "nav-policies"), table).with_actions(actions))
}

/// One policy, or a new one.
pub struct FormView {
    pub id: Option<PolicyId>,
    pub form: PolicyForm,
    pub problems: Problems,
}

/// Renders the form.
pub fn form_page(frame: &Frame, view: &FormView) -> Markup {
    let lang = frame.lang();
    let action = if view.id.is_some() { Action::Change } else { Action::Add };
    let writable = frame.may(Model::Policy, action);
    let form = Form { lang, csrf: &frame.csrf, problems: &view.problems, writable };
    let data = &view.form;
    let (included, excluded) =
        (data.included_attributes.join("\n"), data.excluded_attributes.join("\n"));
    let free = if writable { FREE } else { 0 };
    let empty = vec![GroupForm::default(); free];
    let fields = html! {
        (form.text("name", &data.name).required().max(50))
        (form.area("comment", &data.comment))
        div.pair {
            (form.tick("enabled", data.enabled).hint("none"))
            (form.tick("exclusive", data.exclusive).hint("hint-exclusive"))
        }
        div.pair {
            (form.picker("included_attributes", &included, urls::SUGGEST_ATTRIBUTES))
            (form.picker("excluded_attributes", &excluded, urls::SUGGEST_ATTRIBUTES))
        }
        h2 { (t!(lang, "policy-groups")) }
        p.hint { (t!(lang, "policy-groups-text")) }
        @if let Some(wrong) = view.problems.of("groups") { (message(Level::Danger, wrong)) }
        @for (place, group) in data.groups.iter().chain(&empty).enumerate() {
            (group_fields(form, place, group, place >= data.groups.len()))
        }
    };
    let url = view.id.map_or(urls::POLICIES.to_owned(), |id| urls::object(urls::POLICIES, id));
    let body = html! {
        section.card { (form.frame(&url, fields, form.save_or(urls::POLICIES))) }
    };
    let title = if view.id.is_some() { data.name.clone() } else { t!(lang, "policy-new") };
    let deletable = view.id.filter(|_| frame.may(Model::Policy, Action::Delete));
    let actions = html! {
        @if let Some(id) = deletable {
            (link_button(&urls::part(urls::POLICIES, id, "delete"), "delete",
                &t!(lang, "ui-delete")))
        }
    };
    let content = Content::new(title, body).below(urls::POLICIES, t!(lang, "nav-policies"));
    frame.page(content.with_actions(actions))
}

/// The fields of one group; a group whose priority is emptied goes.
fn group_fields(form: Form<'_>, place: usize, group: &GroupForm, is_free: bool) -> Markup {
    let lang = form.lang;
    let name = |field: &str| format!("group{place}_{field}");
    let (priority, included, excluded, applications) = (
        name("priority"),
        name("included_attributes"),
        name("excluded_attributes"),
        name("applications"),
    );
    let number = if is_free { String::new() } else { group.priority.to_string() };
    let lines = |names: &[String]| names.join("\n");
    let text = [
        lines(&group.included_attributes),
        lines(&group.excluded_attributes),
        lines(&group.applications),
    ];
    let [included_text, excluded_text, applications_text] = &text;
    html! {
        fieldset {
            legend {
                @if is_free { (t!(lang, "policy-new-group")) }
                @else { (t!(lang, "field-priority")) " " (group.priority) }
            }
            (form.number(&priority, &number).label("field-priority"))
            div.pair {
                (form.picker(&included, included_text, urls::SUGGEST_ATTRIBUTES)
                    .label("field-included-attributes"))
                (form.picker(&excluded, excluded_text, urls::SUGGEST_ATTRIBUTES)
                    .label("field-excluded-attributes"))
            }
            (form.lines(&applications, applications_text).label("field-applications"))
        }
    }
}

/// `GET /policies`.
pub async fn list(visit: Visit) -> PageResult {
    let policies = visit.app.policies(visit.actor()).await?;
    let policies = related::keep(&visit, Kind::Policy, policies, |one| one.id.0).await?;
    visit.show(|frame| list_page(frame, &policies)).await
}

/// `GET /policies/new`.
pub async fn new(visit: Visit) -> PageResult {
    visit.actor().permit(Model::Policy, Action::Add).map_err(AppError::from)?;
    let form = PolicyForm { enabled: true, exclusive: true, ..PolicyForm::default() };
    show_form(&visit, None, form, Problems::none()).await
}

/// `GET /policies/{id}`.
pub async fn edit(visit: Visit, id: Path<PolicyId>) -> PageResult {
    let policy = visit.app.policy(visit.actor(), *id).await?;
    show_form(&visit, Some(*id), policy.form, Problems::none()).await
}

/// `POST /policies`.
pub async fn add(post: Post) -> PageResult {
    submit(post, None).await
}

/// `POST /policies/{id}`.
pub async fn change(post: Post, id: Path<PolicyId>) -> PageResult {
    submit(post, Some(*id)).await
}

async fn submit(post: Post, id: Option<PolicyId>) -> PageResult {
    let (visit, fields) = (post.visit, post.fields);
    let form = read(&fields);
    let (key, saved) = match id {
        Some(id) => ("done-saved", visit.app.change_policy(visit.actor(), id, form.clone()).await),
        None => ("done-added", visit.app.add_policy(visit.actor(), form.clone()).await),
    };
    match saved {
        Ok(saved) => {
            let url = urls::object(urls::POLICIES, saved.id);
            Ok(visit.done(&url, Flash::done(key, saved.form.name)))
        }
        Err(error) => {
            let wrong = problems(visit.lang, error)?;
            show_form(&visit, id, form, wrong).await
        }
    }
}

/// `GET /policies/{id}/delete`.
pub async fn confirm(visit: Visit, id: Path<PolicyId>) -> PageResult {
    visit.actor().permit(Model::Policy, Action::Delete).map_err(AppError::from)?;
    let policy = visit.app.policy(visit.actor(), *id).await?;
    let (lang, name) = (visit.lang, policy.form.name.as_str());
    let page = |frame: &Frame| {
        let confirm = Confirm {
            lang,
            csrf: &frame.csrf,
            url: urls::part(urls::POLICIES, *id, "delete"),
            back: urls::object(urls::POLICIES, *id),
            question: t!(lang, "policy-delete-question", name = name),
            losses: Vec::new(),
            fields: Vec::new(),
            button: t!(lang, "ui-delete"),
        };
        let content = Content::new(t!(lang, "ui-delete"), confirm);
        frame.page(content.below(urls::POLICIES, t!(lang, "nav-policies")))
    };
    visit.show(page).await
}

/// `POST /policies/{id}/delete`.
pub async fn delete(post: Post, id: Path<PolicyId>) -> PageResult {
    let visit = post.visit;
    let policy = visit.app.policy(visit.actor(), *id).await?;
    visit.app.delete_policy(visit.actor(), *id).await?;
    Ok(visit.done(urls::POLICIES, Flash::done("done-deleted", policy.form.name)))
}

async fn show_form(
    visit: &Visit,
    id: Option<PolicyId>,
    form: PolicyForm,
    problems: Problems,
) -> PageResult {
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let view = FormView { id, form, problems };
    visit.show_as(status, |frame| form_page(frame, &view)).await
}

fn read(fields: &Fields) -> PolicyForm {
    let group = |place: usize| -> Option<GroupForm> {
        let name = |field: &str| format!("group{place}_{field}");
        Some(GroupForm {
            priority: fields.get(&name("priority")).trim().parse().ok()?,
            included_attributes: lookups::lines(fields, &name("included_attributes")),
            excluded_attributes: lookups::lines(fields, &name("excluded_attributes")),
            applications: lookups::lines(fields, &name("applications")),
        })
    };
    PolicyForm {
        name: fields.get("name").to_owned(),
        comment: fields.get("comment").to_owned(),
        enabled: fields.ticked("enabled"),
        exclusive: fields.ticked("exclusive"),
        included_attributes: lookups::lines(fields, "included_attributes"),
        excluded_attributes: lookups::lines(fields, "excluded_attributes"),
        groups: (0..MAX_GROUPS).filter_map(group).collect(),
    }
}

#[cfg(test)]
mod tests;
