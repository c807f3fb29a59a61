//! Attribute sets: list, form, deletion with their attribute (4.4).

use actix_web::http::StatusCode;
use actix_web::web::Path;
use maud::{Markup, html};

use crate::app::AppError;
use crate::app::attribute_sets::{SetDetail, SetFilter, SetForm, SetRow};
use crate::app::computers::Cursor;
use crate::app::listed::Listed;
use crate::domain::account::{Action, Model};
use crate::domain::ids::AttributeSetId;
use crate::http::forms::Fields;
use crate::t;
use crate::web::components::filters::{Filter, Filters};
use crate::web::components::form::{Form, Problems};
use crate::web::components::lookup::{Lookup, enter_button, sought_name};
use crate::web::components::panel::{Confirm, link_button};
use crate::web::components::related::Related;
use crate::web::components::status::enabled;
use crate::web::components::table::{Row, Table, column, pager};
use crate::web::components::target::target;
use crate::web::error::{PageResult, problems};
use crate::web::flash::Flash;
use crate::web::layout::{Content, Frame};
use crate::web::pages::lookups::{self, Search, Searches};
use crate::web::pages::named;
use crate::web::related;
use crate::web::urls::{self, Query};
use crate::web::visit::{Post, Visit};

/// Renders the list.
pub fn list_page(frame: &Frame, query: &Query, sets: &Listed<SetRow>) -> Markup {
    let lang = frame.lang();
    let rows = sets.items.iter().map(|set| {
        let names = |named: &[crate::app::computers::Named]| -> Vec<String> {
            named.iter().map(|one| one.name.clone()).collect()
        };
        let (included, excluded) =
            (names(&set.included_attributes), names(&set.excluded_attributes));
        let cells = vec![
            html! { a href=(urls::object(urls::ATTRIBUTE_SETS, set.id)) { (set.name) } },
            html! { (set.description) },
            enabled(lang, set.enabled),
            target(lang, &included, &excluded),
            html! { a href=(computers_in(set)) { (set.computers) } },
        ];
        Row::new("attribute-set", set.id, cells)
    });
    let table = Table {
        lang,
        caption: t!(lang, "nav-attribute-sets"),
        columns: vec![
            column(lang, "name"),
            column(lang, "description"),
            column(lang, "enabled"),
            column(lang, "set-target"),
            column(lang, "computers").number(),
        ],
        rows: rows.collect(),
        order: None,
        selection: None,
        empty: t!(lang, "attribute-sets-empty"),
    };
    let filters =
        Filters { lang, query, filters: vec![Filter::Search(t!(lang, "attribute-sets-search"))] };
    let actions = html! {
        @if frame.may(Model::AttributeSet, Action::Add) {
            (link_button(&urls::new(urls::ATTRIBUTE_SETS), "plus", &t!(lang, "attribute-set-new")))
        }
    };
    let body = html! {
        (filters) (table)
        (pager(lang, query, sets.items.len(), sets.next.as_deref()))
    };
    frame.page(Content::new(t!(lang, "nav-attribute-sets"), body).with_actions(actions))
}

fn computers_in(set: &SetRow) -> String {
    let id = set.attribute.id.to_string();
    let pairs = [("attribute", id.as_str()), ("status", "group-productive")];
    urls::with_query(urls::COMPUTERS, pairs.into_iter())
}

/// One set, or a new one.
pub struct FormView {
    /// The stored one.
    pub detail: Option<SetDetail>,
    pub form: SetForm,
    pub searches: Searches,
    pub problems: Problems,
}

/// Fields with a search.
const SEARCHED: [&str; 2] = ["included_attributes", "excluded_attributes"];

/// Renders the form with what names the set.
pub fn form_page(frame: &Frame, view: &FormView) -> Markup {
    let lang = frame.lang();
    let stored = view.detail.as_ref().map(|detail| &detail.set);
    let action = if stored.is_some() { Action::Change } else { Action::Add };
    let writable = frame.may(Model::AttributeSet, action);
    let form = Form { lang, csrf: &frame.csrf, problems: &view.problems, writable };
    let data = &view.form;
    let included = data.included_attributes.join("\n");
    let excluded = data.excluded_attributes.join("\n");
    let fields = html! {
        (enter_button())
        (form.text("name", &data.name).required().max(50).hint("hint-attribute-set-name"))
        (form.area("description", &data.description))
        (form.tick("enabled", data.enabled).hint("hint-attribute-set-enabled"))
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
    let url = stored
        .map_or(urls::ATTRIBUTE_SETS.to_owned(), |set| urls::object(urls::ATTRIBUTE_SETS, set.id));
    let attribute = |set: &SetRow| {
        let url = urls::object(urls::ATTRIBUTES, set.attribute.id);
        Related::view(lang, "attribute-set-attribute", url)
    };
    let views = stored.map(attribute).into_iter().collect();
    let body = html! {
        section.card { (form.frame(&url, fields, form.save_or(urls::ATTRIBUTE_SETS))) }
        @if let Some(detail) = &view.detail { (named::lists(frame, &detail.named_by)) }
    };
    let title = stored.map_or_else(|| t!(lang, "attribute-set-new"), |set| set.name.clone());
    let deletable = stored.filter(|_| frame.may(Model::AttributeSet, Action::Delete));
    let actions = html! {
        @if let Some(set) = deletable {
            (link_button(&urls::part(urls::ATTRIBUTE_SETS, set.id, "delete"), "delete",
                &t!(lang, "ui-delete")))
        }
    };
    let content = Content::new(title, body).with_views(views);
    let content = content.below(urls::ATTRIBUTE_SETS, t!(lang, "nav-attribute-sets"));
    frame.page(content.with_actions(actions))
}

fn lookup<'a>(form: Form<'a>, view: &'a FormView, field: &'a str) -> Lookup<'a> {
    let (sought, found) = view.searches.of(field);
    Lookup { form, field, sought, found }
}

/// `GET /attribute-sets`.
pub async fn list(visit: Visit) -> PageResult {
    let query = visit.query.clone();
    let filter = SetFilter {
        related: related::wanted(&visit),
        search: query.find("q").map(str::to_owned),
        after: query.cursor().and_then(Cursor::parse),
        limit: visit.frame().await?.page_size,
    };
    let sets = visit.app.attribute_sets(visit.actor(), filter).await?;
    visit.show(|frame| list_page(frame, &query, &sets)).await
}

/// `GET /attribute-sets/new`.
pub async fn new(visit: Visit) -> PageResult {
    visit.actor().permit(Model::AttributeSet, Action::Add).map_err(AppError::from)?;
    let form = SetForm {
        name: String::new(),
        description: String::new(),
        enabled: true,
        included_attributes: Vec::new(),
        excluded_attributes: Vec::new(),
    };
    show_form(&visit, None, form, Searches::default(), Problems::none()).await
}

/// `GET /attribute-sets/{id}`.
pub async fn edit(visit: Visit, id: Path<AttributeSetId>) -> PageResult {
    let form = SetForm::from(visit.app.attribute_set(visit.actor(), *id).await?.set);
    show_form(&visit, Some(*id), form, Searches::default(), Problems::none()).await
}

/// `POST /attribute-sets`.
pub async fn add(post: Post) -> PageResult {
    submit(post, None).await
}

/// `POST /attribute-sets/{id}`.
pub async fn change(post: Post, id: Path<AttributeSetId>) -> PageResult {
    submit(post, Some(*id)).await
}

/// Searches or saves, whatever the button said.
async fn submit(post: Post, id: Option<AttributeSetId>) -> PageResult {
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
            ("done-saved", visit.app.change_attribute_set(visit.actor(), id, form.clone()).await)
        }
        None => ("done-added", visit.app.add_attribute_set(visit.actor(), form.clone()).await),
    };
    match saved {
        Ok(saved) => Ok(visit.done(urls::ATTRIBUTE_SETS, Flash::done(key, saved.name))),
        Err(error) => {
            let wrong = problems(visit.lang, error)?;
            show_form(&visit, id, form, Searches::default(), wrong).await
        }
    }
}

/// `GET /attribute-sets/{id}/delete`.
pub async fn confirm(visit: Visit, id: Path<AttributeSetId>) -> PageResult {
    visit.actor().permit(Model::AttributeSet, Action::Delete).map_err(AppError::from)?;
    let SetDetail { set, named_by } = visit.app.attribute_set(visit.actor(), *id).await?;
    let lang = visit.lang;
    let losses = named::losses(lang, &named_by);
    let page = |frame: &Frame| {
        let confirm = Confirm {
            lang,
            csrf: &frame.csrf,
            url: urls::part(urls::ATTRIBUTE_SETS, *id, "delete"),
            back: urls::object(urls::ATTRIBUTE_SETS, *id),
            question: t!(lang, "attribute-set-delete-question", name = set.name.as_str()),
            losses,
            fields: Vec::new(),
            button: t!(lang, "ui-delete"),
        };
        let content = Content::new(t!(lang, "ui-delete"), confirm);
        frame.page(content.below(urls::ATTRIBUTE_SETS, t!(lang, "nav-attribute-sets")))
    };
    visit.show(page).await
}

/// `POST /attribute-sets/{id}/delete`.
pub async fn delete(post: Post, id: Path<AttributeSetId>) -> PageResult {
    let visit = post.visit;
    let set = visit.app.attribute_set(visit.actor(), *id).await?.set;
    let confirmed = post.fields.ticked("confirmed");
    visit.app.delete_attribute_set(visit.actor(), *id, confirmed).await?;
    Ok(visit.done(urls::ATTRIBUTE_SETS, Flash::done("done-deleted", set.name)))
}

async fn show_form(
    visit: &Visit,
    id: Option<AttributeSetId>,
    form: SetForm,
    searches: Searches,
    problems: Problems,
) -> PageResult {
    let detail = match id {
        Some(id) => Some(visit.app.attribute_set(visit.actor(), id).await?),
        None => None,
    };
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let view = FormView { detail, form, searches, problems };
    visit.show_as(status, |frame| form_page(frame, &view)).await
}

fn read(fields: &Fields) -> SetForm {
    SetForm {
        name: fields.get("name").to_owned(),
        description: fields.get("description").to_owned(),
        enabled: fields.ticked("enabled"),
        included_attributes: lookups::lines(fields, "included_attributes"),
        excluded_attributes: lookups::lines(fields, "excluded_attributes"),
    }
}

#[cfg(test)]
mod tests;
