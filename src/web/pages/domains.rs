//! Domains: list, form, deletion (6.4).

use actix_web::http::StatusCode;
use actix_web::web::Path;
use maud::{Markup, html};

use crate::app::AppError;
use crate::app::domains::{DomainForm, DomainRow};
use crate::app::listed::Listed;
use crate::domain::account::{Action, Model};
use crate::domain::ids::DomainId;
use crate::http::forms::Fields;
use crate::t;
use crate::web::components::form::{Form, Problems};
use crate::web::components::lookup::{Lookup, enter_button, sought_name};
use crate::web::components::panel::{Confirm, link_button};
use crate::web::components::table::{Row, Table, column, pager};
use crate::web::components::target::target;
use crate::web::error::{PageResult, problems};
use crate::web::flash::Flash;
use crate::web::layout::{Content, Frame};
use crate::web::pages::lookups::{self, Search, Searches};
use crate::web::related;
use crate::web::urls::{self, Query};
use crate::web::visit::{Post, Visit};

/// Renders the list.
pub fn list_page(frame: &Frame, query: &Query, domains: &Listed<DomainRow>) -> Markup {
    let lang = frame.lang();
    let names = |named: &[crate::app::computers::Named]| -> Vec<String> {
        named.iter().map(|one| one.name.clone()).collect()
    };
    let rows = domains.items.iter().map(|domain| {
        let cells = vec![
            html! { a href=(urls::object(urls::DOMAINS, domain.id)) { (domain.name) } },
            html! { (domain.comment) },
            target(lang, &names(&domain.included_attributes), &names(&domain.excluded_attributes)),
            html! { ul.chips { @for tag in &domain.tags { li { (tag.name) } } } },
            html! { ul.chips { @for one in &domain.administrators { li { (one.name) } } } },
            html! { (domain.deployments) },
        ];
        Row::new("domain", domain.id, cells)
    });
    let table = Table {
        lang,
        caption: t!(lang, "nav-domains"),
        columns: ["name", "comment", "target", "tags", "administrators", "deployments"]
            .map(|name| column(lang, name))
            .into(),
        rows: rows.collect(),
        order: None,
        selection: None,
        empty: t!(lang, "domains-empty"),
    };
    let actions = html! {
        @if frame.actor.is_superuser() {
            (link_button(&urls::new(urls::DOMAINS), "plus", &t!(lang, "domain-new")))
        }
    };
    let body = html! {
        (table) (pager(lang, query, domains.items.len(), domains.next.as_deref()))
    };
    frame.page(Content::new(t!(lang, "nav-domains"), body).with_actions(actions))
}

/// One domain, or a new one.
pub struct FormView {
    /// Absent while it is new.
    pub id: Option<DomainId>,
    pub form: DomainForm,
    pub searches: Searches,
    pub problems: Problems,
}

/// Fields with a search.
const SEARCHED: [&str; 3] = ["included_attributes", "excluded_attributes", "tags"];

/// Renders the form.
pub fn form_page(frame: &Frame, view: &FormView) -> Markup {
    let lang = frame.lang();
    let writable = frame.actor.is_superuser();
    let form = Form { lang, csrf: &frame.csrf, problems: &view.problems, writable };
    let data = &view.form;
    let included = data.included_attributes.join("\n");
    let excluded = data.excluded_attributes.join("\n");
    let (tags, administrators) = (data.tags.join("\n"), data.administrators.join("\n"));
    let fields = html! {
        (enter_button())
        (form.text("name", &data.name).required().max(50).fixed(view.id.is_some())
            .hint("hint-domain-name"))
        (form.area("comment", &data.comment))
        div.pair {
            div {
                (form.picker("included_attributes", &included, urls::SUGGEST_ATTRIBUTES)
                    .hint("hint-domain-included"))
                (lookup(form, view, "included_attributes"))
            }
            div {
                (form.picker("excluded_attributes", &excluded, urls::SUGGEST_ATTRIBUTES))
                (lookup(form, view, "excluded_attributes"))
            }
        }
        div.pair {
            div {
                (form.picker("tags", &tags, urls::SUGGEST_TAGS)
                    .label("domain-tags").hint("hint-domain-tags"))
                (lookup(form, view, "tags"))
            }
            (form.lines("administrators", &administrators).hint("hint-domain-administrators"))
        }
    };
    let url = view.id.map_or(urls::DOMAINS.to_owned(), |id| urls::object(urls::DOMAINS, id));
    let body = html! {
        section.card { (form.frame(&url, fields, form.save_or(urls::DOMAINS))) }
    };
    let title = if view.id.is_some() { data.name.clone() } else { t!(lang, "domain-new") };
    let actions = html! {
        @if let Some(id) = view.id.filter(|_| writable) {
            (link_button(&urls::part(urls::DOMAINS, id, "delete"), "delete", &t!(lang, "ui-delete")))
        }
    };
    let content = Content::new(title, body).below(urls::DOMAINS, t!(lang, "nav-domains"));
    frame.page(content.with_actions(actions))
}

fn lookup<'a>(form: Form<'a>, view: &'a FormView, field: &'a str) -> Lookup<'a> {
    let (sought, found) = view.searches.of(field);
    Lookup { form, field, sought, found }
}

/// `GET /domains`.
pub async fn list(visit: Visit) -> PageResult {
    let page_size = visit.frame().await?.page_size;
    let after = visit.query.cursor().map(str::to_owned);
    let domains =
        visit.app.domains(visit.actor(), related::wanted(&visit), after, page_size).await?;
    visit.show(|frame| list_page(frame, &visit.query, &domains)).await
}

/// `GET /domains/new`.
pub async fn new(visit: Visit) -> PageResult {
    visit.actor().superuser_permit(Model::Domain, Action::Add).map_err(AppError::from)?;
    show_form(&visit, None, DomainForm::default(), Searches::default(), Problems::none()).await
}

/// `GET /domains/{id}`.
pub async fn edit(visit: Visit, id: Path<DomainId>) -> PageResult {
    let domain = visit.app.domain(visit.actor(), *id).await?;
    show_form(&visit, Some(*id), domain.into(), Searches::default(), Problems::none()).await
}

/// `POST /domains`.
pub async fn add(post: Post) -> PageResult {
    submit(post, None).await
}

/// `POST /domains/{id}`.
pub async fn change(post: Post, id: Path<DomainId>) -> PageResult {
    submit(post, Some(*id)).await
}

/// Searches or saves, whatever the button said.
async fn submit(post: Post, id: Option<DomainId>) -> PageResult {
    let (visit, fields) = (post.visit, post.fields);
    let form = read(&fields);
    if let Some(field) = lookups::asked(&fields, &SEARCHED) {
        let sought = fields.get(&sought_name(field)).to_owned();
        let found = lookups::attributes(&visit, &sought).await?;
        let searches = Searches(vec![Search { field, sought, found }]);
        return show_form(&visit, id, form, searches, Problems::none()).await;
    }
    let (key, saved) = match id {
        Some(id) => ("done-saved", visit.app.change_domain(visit.actor(), id, form.clone()).await),
        None => ("done-added", visit.app.add_domain(visit.actor(), form.clone()).await),
    };
    match saved {
        Ok(saved) => Ok(visit.done(urls::DOMAINS, Flash::done(key, saved.name))),
        Err(error) => {
            let wrong = problems(visit.lang, error)?;
            show_form(&visit, id, form, Searches::default(), wrong).await
        }
    }
}

/// `GET /domains/{id}/delete`.
pub async fn confirm(visit: Visit, id: Path<DomainId>) -> PageResult {
    visit.actor().superuser_permit(Model::Domain, Action::Delete).map_err(AppError::from)?;
    let domain = visit.app.domain(visit.actor(), *id).await?;
    let lang = visit.lang;
    let losses = (domain.deployments > 0)
        .then(|| t!(lang, "loss-domain-deployments", count = domain.deployments));
    let name = domain.name.as_str();
    let page = |frame: &Frame| {
        let confirm = Confirm {
            lang,
            csrf: &frame.csrf,
            url: urls::part(urls::DOMAINS, *id, "delete"),
            back: urls::object(urls::DOMAINS, *id),
            question: t!(lang, "domain-delete-question", name = name),
            losses: losses.into_iter().collect(),
            fields: Vec::new(),
            button: t!(lang, "ui-delete"),
        };
        let content = Content::new(t!(lang, "ui-delete"), confirm);
        frame.page(content.below(urls::DOMAINS, t!(lang, "nav-domains")))
    };
    visit.show(page).await
}

/// `POST /domains/{id}/delete`.
pub async fn delete(post: Post, id: Path<DomainId>) -> PageResult {
    let visit = post.visit;
    visit.actor().superuser_permit(Model::Domain, Action::Delete).map_err(AppError::from)?;
    let name = visit.app.domain(visit.actor(), *id).await?.name;
    visit.app.delete_domain(visit.actor(), *id, post.fields.ticked("confirmed")).await?;
    Ok(visit.done(urls::DOMAINS, Flash::done("done-deleted", name)))
}

async fn show_form(
    visit: &Visit,
    id: Option<DomainId>,
    form: DomainForm,
    searches: Searches,
    problems: Problems,
) -> PageResult {
    if let Some(id) = id {
        visit.app.domain(visit.actor(), id).await?;
    }
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let view = FormView { id, form, searches, problems };
    visit.show_as(status, |frame| form_page(frame, &view)).await
}

fn read(fields: &Fields) -> DomainForm {
    DomainForm {
        name: fields.get("name").to_owned(),
        comment: fields.get("comment").to_owned(),
        included_attributes: lookups::lines(fields, "included_attributes"),
        excluded_attributes: lookups::lines(fields, "excluded_attributes"),
        tags: lookups::lines(fields, "tags"),
        administrators: lookups::lines(fields, "administrators"),
    }
}

#[cfg(test)]
mod tests;
