//! Own scopes: list, form, deletion (6.5); and the selection of a domain and a scope.

use actix_web::http::StatusCode;
use actix_web::web::Path;
use maud::{Markup, html};

use crate::app::scopes::{ScopeForm, ScopeRow};
use crate::domain::ids::{DomainId, ScopeId};
use crate::http::forms::Fields;
use crate::t;
use crate::web::components::form::{Form, Problems};
use crate::web::components::lookup::{Lookup, enter_button, sought_name};
use crate::web::components::panel::{Confirm, link_button};
use crate::web::components::table::{Row, Table, column};
use crate::web::components::target::target;
use crate::web::error::{PageResult, problems};
use crate::web::flash::Flash;
use crate::web::layout::{Content, Frame};
use crate::web::pages::lookups::{self, Search, Searches};
use crate::web::visit::{Post, Visit};
use crate::web::{respond, urls};

/// Renders the list.
pub fn list_page(frame: &Frame, scopes: &[ScopeRow]) -> Markup {
    let lang = frame.lang();
    let names = |named: &[crate::app::computers::Named]| -> Vec<String> {
        named.iter().map(|one| one.name.clone()).collect()
    };
    let rows = scopes.iter().map(|scope| {
        let cells = vec![
            html! { a href=(urls::object(urls::SCOPES, scope.id)) { (scope.name) } },
            html! {
                @match &scope.domain {
                    Some(domain) => (domain.name),
                    None => (t!(lang, "selection-all-domains")),
                }
            },
            target(lang, &names(&scope.included_attributes), &names(&scope.excluded_attributes)),
        ];
        Row::new("scope", scope.id, cells)
    });
    let table = Table {
        lang,
        caption: t!(lang, "nav-scopes"),
        columns: ["name", "domain", "target"].map(|name| column(lang, name)).into(),
        rows: rows.collect(),
        order: None,
        selection: None,
        empty: t!(lang, "scopes-empty"),
    };
    let actions = link_button(&urls::new(urls::SCOPES), "plus", &t!(lang, "scope-new"));
    frame.page(Content::new(t!(lang, "nav-scopes"), table).with_actions(actions))
}

/// One scope, or a new one.
pub struct FormView {
    /// Absent while it is new.
    pub id: Option<ScopeId>,
    pub form: ScopeForm,
    pub searches: Searches,
    pub problems: Problems,
}

/// Fields with a search.
const SEARCHED: [&str; 2] = ["included_attributes", "excluded_attributes"];

/// Renders the form.
pub fn form_page(frame: &Frame, view: &FormView) -> Markup {
    let lang = frame.lang();
    let form = Form { lang, csrf: &frame.csrf, problems: &view.problems, writable: true };
    let included = view.form.included_attributes.join("\n");
    let excluded = view.form.excluded_attributes.join("\n");
    let fields = html! {
        (enter_button())
        (form.text("name", &view.form.name).required().max(50).hint("hint-scope-name"))
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
    };
    let url = view.id.map_or(urls::SCOPES.to_owned(), |id| urls::object(urls::SCOPES, id));
    let body = html! {
        section.card { (form.frame(&url, fields, form.save_or(urls::SCOPES))) }
    };
    let title = if view.id.is_some() { view.form.name.clone() } else { t!(lang, "scope-new") };
    let actions = html! {
        @if let Some(id) = view.id {
            (link_button(&urls::part(urls::SCOPES, id, "delete"), "delete", &t!(lang, "ui-delete")))
        }
    };
    let content = Content::new(title, body).below(urls::SCOPES, t!(lang, "nav-scopes"));
    frame.page(content.with_actions(actions))
}

fn lookup<'a>(form: Form<'a>, view: &'a FormView, field: &'a str) -> Lookup<'a> {
    let (sought, found) = view.searches.of(field);
    Lookup { form, field, sought, found }
}

/// `GET /scopes`.
pub async fn list(visit: Visit) -> PageResult {
    let scopes = visit.app.scopes(visit.actor()).await?;
    visit.show(|frame| list_page(frame, &scopes)).await
}

/// `GET /scopes/new`.
pub async fn new(visit: Visit) -> PageResult {
    visit.app.scopes(visit.actor()).await?;
    show_form(&visit, None, ScopeForm::default(), Searches::default(), Problems::none()).await
}

/// `GET /scopes/{id}`.
pub async fn edit(visit: Visit, id: Path<ScopeId>) -> PageResult {
    let scope = visit.app.scope(visit.actor(), *id).await?;
    show_form(&visit, Some(*id), scope.into(), Searches::default(), Problems::none()).await
}

/// `POST /scopes`.
pub async fn add(post: Post) -> PageResult {
    submit(post, None).await
}

/// `POST /scopes/{id}`.
pub async fn change(post: Post, id: Path<ScopeId>) -> PageResult {
    submit(post, Some(*id)).await
}

/// Searches or saves, whatever the button said.
async fn submit(post: Post, id: Option<ScopeId>) -> PageResult {
    let (visit, fields) = (post.visit, post.fields);
    let form = read(&fields);
    if let Some(field) = lookups::asked(&fields, &SEARCHED) {
        let sought = fields.get(&sought_name(field)).to_owned();
        let found = lookups::attributes(&visit, &sought).await?;
        let searches = Searches(vec![Search { field, sought, found }]);
        return show_form(&visit, id, form, searches, Problems::none()).await;
    }
    let (key, saved) = match id {
        Some(id) => ("done-saved", visit.app.change_scope(visit.actor(), id, form.clone()).await),
        None => ("done-added", visit.app.add_scope(visit.actor(), form.clone()).await),
    };
    match saved {
        Ok(saved) => Ok(visit.done(urls::SCOPES, Flash::done(key, saved.name))),
        Err(error) => {
            let wrong = problems(visit.lang, error)?;
            show_form(&visit, id, form, Searches::default(), wrong).await
        }
    }
}

/// `GET /scopes/{id}/delete`.
pub async fn confirm(visit: Visit, id: Path<ScopeId>) -> PageResult {
    let scope = visit.app.scope(visit.actor(), *id).await?;
    let lang = visit.lang;
    let page = |frame: &Frame| {
        let confirm = Confirm {
            lang,
            csrf: &frame.csrf,
            url: urls::part(urls::SCOPES, *id, "delete"),
            back: urls::object(urls::SCOPES, *id),
            question: t!(lang, "scope-delete-question", name = scope.name.as_str()),
            losses: Vec::new(),
            fields: Vec::new(),
            button: t!(lang, "ui-delete"),
        };
        let content = Content::new(t!(lang, "ui-delete"), confirm);
        frame.page(content.below(urls::SCOPES, t!(lang, "nav-scopes")))
    };
    visit.show(page).await
}

/// `POST /scopes/{id}/delete`.
pub async fn delete(post: Post, id: Path<ScopeId>) -> PageResult {
    let visit = post.visit;
    let name = visit.app.scope(visit.actor(), *id).await?.name;
    visit.app.delete_scope(visit.actor(), *id).await?;
    Ok(visit.done(urls::SCOPES, Flash::done("done-deleted", name)))
}

/// `POST /selection/domain`: what the account sees from then on (D-DOM-04).
pub async fn select_domain(post: Post) -> PageResult {
    let domain = post.fields.get("domain").parse().ok().map(DomainId);
    post.visit.app.select_domain(post.visit.actor(), domain).await?;
    Ok(respond::go(respond::own_path(post.fields.get("next")), None))
}

/// `POST /selection/scope`.
pub async fn select_scope(post: Post) -> PageResult {
    let scope = post.fields.get("scope").parse().ok().map(ScopeId);
    post.visit.app.select_scope(post.visit.actor(), scope).await?;
    Ok(respond::go(respond::own_path(post.fields.get("next")), None))
}

async fn show_form(
    visit: &Visit,
    id: Option<ScopeId>,
    form: ScopeForm,
    searches: Searches,
    problems: Problems,
) -> PageResult {
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let view = FormView { id, form, searches, problems };
    visit.show_as(status, |frame| form_page(frame, &view)).await
}

fn read(fields: &Fields) -> ScopeForm {
    ScopeForm {
        name: fields.get("name").to_owned(),
        included_attributes: lookups::lines(fields, "included_attributes"),
        excluded_attributes: lookups::lines(fields, "excluded_attributes"),
    }
}
