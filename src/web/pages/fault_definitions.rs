//! Fault definitions: list, form, deletion with its faults (5.1).

use actix_web::http::StatusCode;
use actix_web::web::Path;
use maud::{Markup, html};

use crate::app::AppError;
use crate::app::fault_definitions::{DefinitionForm, DefinitionRow};
use crate::app::related::Kind;
use crate::domain::account::{Action, Model};
use crate::domain::formula::Language;
use crate::domain::ids::FaultDefinitionId;
use crate::http::forms::Fields;
use crate::t;
use crate::web::components::form::{Form, Problems};
use crate::web::components::lookup::{Lookup, enter_button, sought_name};
use crate::web::components::panel::{Confirm, link_button};
use crate::web::components::status::{Level, badge, enabled};
use crate::web::components::table::{Row, Table, column};
use crate::web::components::target::target;
use crate::web::error::{PageResult, problems};
use crate::web::flash::Flash;
use crate::web::layout::{Content, Frame};
use crate::web::pages::formulas::languages;
use crate::web::pages::lookups::{self, Search, Searches};
use crate::web::related;
use crate::web::urls;
use crate::web::visit::{Post, Visit};

/// Renders the list.
pub fn list_page(frame: &Frame, definitions: &[DefinitionRow]) -> Markup {
    let lang = frame.lang();
    let rows = definitions.iter().map(|definition| {
        let names = |named: &[crate::app::computers::Named]| -> Vec<String> {
            named.iter().map(|one| one.name.clone()).collect()
        };
        let included = names(&definition.included_attributes);
        let excluded = names(&definition.excluded_attributes);
        let cells = vec![
            html! {
                a href=(urls::object(urls::FAULT_DEFINITIONS, definition.id)) { (definition.name) }
            },
            html! { (definition.description) },
            html! { (definition.language.as_str()) },
            enabled(lang, definition.enabled),
            target(lang, &included, &excluded),
            html! {
                a href=(urls::filtered(urls::FAULTS, "definition", definition.id)) {
                    (definition.faults)
                }
                @if definition.unchecked_faults > 0 {
                    " " (badge(Level::Danger,
                        &t!(lang, "faults-unchecked", count = definition.unchecked_faults)))
                }
            },
        ];
        Row::new("fault-definition", definition.id, cells)
    });
    let table = Table {
        lang,
        caption: t!(lang, "nav-fault-definitions"),
        columns: ["name", "description", "language", "enabled", "target", "faults"]
            .map(|name| column(lang, name))
            .into(),
        rows: rows.collect(),
        order: None,
        selection: None,
        empty: t!(lang, "fault-definitions-empty"),
    };
    let actions = html! {
        @if frame.may(Model::FaultDefinition, Action::Add) {
            (link_button(&urls::new(urls::FAULT_DEFINITIONS), "plus",
                &t!(lang, "fault-definition-new")))
        }
    };
    frame.page(Content::new(t!(lang, "nav-fault-definitions"), table).with_actions(actions))
}

/// One definition, or a new one.
pub struct FormView {
    pub id: Option<FaultDefinitionId>,
    pub form: DefinitionForm,
    pub searches: Searches,
    pub problems: Problems,
}

/// Fields with a search.
const SEARCHED: [&str; 2] = ["included_attributes", "excluded_attributes"];

/// Renders the form.
pub fn form_page(frame: &Frame, view: &FormView) -> Markup {
    let lang = frame.lang();
    let action = if view.id.is_some() { Action::Change } else { Action::Add };
    let writable = frame.may(Model::FaultDefinition, action);
    let form = Form { lang, csrf: &frame.csrf, problems: &view.problems, writable };
    let data = &view.form;
    let included = data.included_attributes.join("\n");
    let excluded = data.excluded_attributes.join("\n");
    let users = data.users.join("\n");
    let fields = html! {
        (enter_button())
        (form.text("name", &data.name).required().max(50).hint("hint-fault-definition-name"))
        (form.area("description", &data.description))
        (form.tick("enabled", data.enabled).hint("none"))
        (form.choice("language", data.language.as_str(), languages()))
        (form.code("code", &data.code).hint("hint-fault-code"))
        div.pair {
            div {
                (form.picker("included_attributes", &included, urls::SUGGEST_ATTRIBUTES))
                (lookup(form, view, "included_attributes"))
            }
            div {
                (form.picker("excluded_attributes", &excluded, urls::SUGGEST_ATTRIBUTES))
                (lookup(form, view, "excluded_attributes"))
            }
        }
        (form.lines("users", &users))
    };
    let url = view
        .id
        .map_or(urls::FAULT_DEFINITIONS.to_owned(), |id| urls::object(urls::FAULT_DEFINITIONS, id));
    let body = html! {
        section.card { (form.frame(&url, fields, form.save_or(urls::FAULT_DEFINITIONS))) }
    };
    let title =
        if view.id.is_some() { data.name.clone() } else { t!(lang, "fault-definition-new") };
    let deletable = view.id.filter(|_| frame.may(Model::FaultDefinition, Action::Delete));
    let actions = html! {
        @if let Some(id) = deletable {
            (link_button(&urls::part(urls::FAULT_DEFINITIONS, id, "delete"), "delete",
                &t!(lang, "ui-delete")))
        }
    };
    let content = Content::new(title, body);
    let list = t!(lang, "nav-fault-definitions");
    frame.page(content.below(urls::FAULT_DEFINITIONS, list).with_actions(actions))
}

fn lookup<'a>(form: Form<'a>, view: &'a FormView, field: &'a str) -> Lookup<'a> {
    let (sought, found) = view.searches.of(field);
    Lookup { form, field, sought, found }
}

/// `GET /fault-definitions`.
pub async fn list(visit: Visit) -> PageResult {
    let definitions = visit.app.fault_definitions(visit.actor()).await?;
    let definitions =
        related::keep(&visit, Kind::FaultDefinition, definitions, |one| one.id.0).await?;
    visit.show(|frame| list_page(frame, &definitions)).await
}

/// `GET /fault-definitions/new`.
pub async fn new(visit: Visit) -> PageResult {
    visit.actor().permit(Model::FaultDefinition, Action::Add).map_err(AppError::from)?;
    let form = DefinitionForm {
        name: String::new(),
        description: String::new(),
        enabled: true,
        language: Language::Bash,
        code: String::new(),
        included_attributes: Vec::new(),
        excluded_attributes: Vec::new(),
        users: Vec::new(),
    };
    show_form(&visit, None, form, Searches::default(), Problems::none()).await
}

/// `GET /fault-definitions/{id}`.
pub async fn edit(visit: Visit, id: Path<FaultDefinitionId>) -> PageResult {
    let definition = visit.app.fault_definition(visit.actor(), *id).await?;
    show_form(&visit, Some(*id), definition.into(), Searches::default(), Problems::none()).await
}

/// `POST /fault-definitions`.
pub async fn add(post: Post) -> PageResult {
    submit(post, None).await
}

/// `POST /fault-definitions/{id}`.
pub async fn change(post: Post, id: Path<FaultDefinitionId>) -> PageResult {
    submit(post, Some(*id)).await
}

/// Searches or saves, whatever the button said.
async fn submit(post: Post, id: Option<FaultDefinitionId>) -> PageResult {
    let (visit, fields) = (post.visit, post.fields);
    let form = read(&fields);
    if let Some(field) = lookups::asked(&fields, &SEARCHED) {
        let sought = fields.get(&sought_name(field)).to_owned();
        let found = lookups::attributes(&visit, &sought).await?;
        let searches = Searches(vec![Search { field, sought, found }]);
        return show_form(&visit, id, form, searches, Problems::none()).await;
    }
    let (key, saved) = match id {
        Some(id) => {
            let saved = visit.app.change_fault_definition(visit.actor(), id, form.clone()).await;
            ("done-saved", saved)
        }
        None => ("done-added", visit.app.add_fault_definition(visit.actor(), form.clone()).await),
    };
    match saved {
        Ok(saved) => Ok(visit.done(urls::FAULT_DEFINITIONS, Flash::done(key, saved.name))),
        Err(error) => {
            let wrong = problems(visit.lang, error)?;
            show_form(&visit, id, form, Searches::default(), wrong).await
        }
    }
}

/// `GET /fault-definitions/{id}/delete`.
pub async fn confirm(visit: Visit, id: Path<FaultDefinitionId>) -> PageResult {
    visit.actor().permit(Model::FaultDefinition, Action::Delete).map_err(AppError::from)?;
    let definition = visit.app.fault_definition(visit.actor(), *id).await?;
    let lang = visit.lang;
    let losses =
        (definition.faults > 0).then(|| t!(lang, "loss-faults", count = definition.faults));
    let name = definition.name.as_str();
    let page = |frame: &Frame| {
        let confirm = Confirm {
            lang,
            csrf: &frame.csrf,
            url: urls::part(urls::FAULT_DEFINITIONS, *id, "delete"),
            back: urls::object(urls::FAULT_DEFINITIONS, *id),
            question: t!(lang, "fault-definition-delete-question", name = name),
            losses: losses.into_iter().collect(),
            fields: Vec::new(),
            button: t!(lang, "ui-delete"),
        };
        let content = Content::new(t!(lang, "ui-delete"), confirm);
        frame.page(content.below(urls::FAULT_DEFINITIONS, t!(lang, "nav-fault-definitions")))
    };
    visit.show(page).await
}

/// `POST /fault-definitions/{id}/delete`.
pub async fn delete(post: Post, id: Path<FaultDefinitionId>) -> PageResult {
    let visit = post.visit;
    let definition = visit.app.fault_definition(visit.actor(), *id).await?;
    let confirmed = post.fields.ticked("confirmed");
    visit.app.delete_fault_definition(visit.actor(), *id, confirmed).await?;
    Ok(visit.done(urls::FAULT_DEFINITIONS, Flash::done("done-deleted", definition.name)))
}

async fn show_form(
    visit: &Visit,
    id: Option<FaultDefinitionId>,
    form: DefinitionForm,
    searches: Searches,
    problems: Problems,
) -> PageResult {
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let view = FormView { id, form, searches, problems };
    visit.show_as(status, |frame| form_page(frame, &view)).await
}

fn read(fields: &Fields) -> DefinitionForm {
    DefinitionForm {
        name: fields.get("name").to_owned(),
        description: fields.get("description").to_owned(),
        enabled: fields.ticked("enabled"),
        language: Language::parse(fields.get("language")).unwrap_or(Language::Bash),
        code: fields.get("code").to_owned(),
        included_attributes: lookups::lines(fields, "included_attributes"),
        excluded_attributes: lookups::lines(fields, "excluded_attributes"),
        users: lookups::lines(fields, "users"),
    }
}

#[cfg(test)]
mod tests;
