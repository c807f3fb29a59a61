//! Attributes: list by formula, those added by hand, what names one (4.2).

use actix_web::http::StatusCode;
use actix_web::web::Path;
use maud::{Markup, html};

use crate::app::AppError;
use crate::app::attributes::{AttributeDetail, AttributeFilter, AttributeForm, AttributeRow};
use crate::app::computers::Cursor;
use crate::app::listed::Listed;
use crate::domain::account::{Action, Model};
use crate::domain::formula::{Formula, Sort};
use crate::domain::ids::{AttributeId, FormulaId};
use crate::http::forms::Fields;
use crate::t;
use crate::web::components::filters::{Filter, Filters};
use crate::web::components::form::{Choice, Form, Problems};
use crate::web::components::list::List;
use crate::web::components::panel::{Confirm, link_button};
use crate::web::components::related::Related;
use crate::web::components::table::{Row, Table, column};
use crate::web::error::{PageResult, problems};
use crate::web::flash::Flash;
use crate::web::layout::{Content, Frame};
use crate::web::pages::named;
use crate::web::related;
use crate::web::urls::{self, Query};
use crate::web::visit::{Post, Visit};

/// What the list shows.
pub struct View {
    pub attributes: Listed<AttributeRow>,
    pub formulas: Vec<Formula>,
}

/// Renders the list (D-ATTR-02).
pub fn list_page<'a>(frame: &'a Frame, query: &'a Query, view: &'a View) -> List<'a> {
    let lang = frame.lang();
    let rows = view.attributes.items.iter().map(|attribute| {
        let cells = vec![
            html! { a href=(urls::object(urls::ATTRIBUTES, attribute.id)) { (attribute.name) } },
            html! { (attribute.description.as_deref().unwrap_or_default()) },
            html! { (attribute.formula.name) },
            html! { a href=(computers_of(attribute.id)) { (attribute.computers) } },
        ];
        Row::new("attribute", attribute.id, cells)
    });
    let table = Table {
        lang,
        caption: t!(lang, "nav-attributes"),
        columns: vec![
            column(lang, "attribute"),
            column(lang, "description"),
            column(lang, "formula"),
            column(lang, "computers").number(),
        ],
        rows: rows.collect(),
        order: None,
        selection: None,
        empty: t!(lang, "attributes-empty"),
    };
    let formulas = view
        .formulas
        .iter()
        .map(|formula| Choice::new(formula.id, format!("{} – {}", formula.prefix, formula.name)));
    let filters = Filters {
        lang,
        query,
        filters: vec![
            Filter::Search(t!(lang, "attributes-search")),
            Filter::Choice {
                name: "formula",
                label: t!(lang, "field-formula"),
                options: formulas.collect(),
            },
        ],
    };
    let actions = html! {
        @if frame.may(Model::Attribute, Action::Add) {
            (link_button(&urls::new(urls::ATTRIBUTES), "plus", &t!(lang, "attribute-new")))
        }
    };
    List::new(table).filtered(filters).paged(view.attributes.next.as_deref()).with_actions(actions)
}

fn computers_of(id: AttributeId) -> String {
    let id = id.to_string();
    let pairs = [("attribute", id.as_str()), ("status", "group-productive")];
    urls::with_query(urls::COMPUTERS, pairs.into_iter())
}

/// One attribute.
pub struct DetailView {
    pub detail: AttributeDetail,
    pub form: AttributeForm,
    pub problems: Problems,
}

/// Renders one attribute with what names it (D-ATTR-04).
pub fn detail_page(frame: &Frame, view: &DetailView) -> Markup {
    let lang = frame.lang();
    let attribute = &view.detail.attribute;
    let by_hand = attribute.sort == Sort::Client;
    let writable = by_hand && frame.may(Model::Attribute, Action::Change);
    let form = Form { lang, csrf: &frame.csrf, problems: &view.problems, writable };
    let description = view.form.description.as_deref().unwrap_or_default();
    let fields = html! {
        (form.text("value", &view.form.value).required().max(250).hint("hint-attribute-value"))
        (form.text("description", description))
    };
    let url = urls::object(urls::ATTRIBUTES, attribute.id);
    let formula = attribute.formula.id;
    let mut views = Vec::new();
    if attribute.sort == Sort::Server {
        let (tag, category) =
            (urls::object(urls::TAGS, attribute.id), urls::object(urls::TAG_CATEGORIES, formula));
        views.push(Related::view(lang, "attribute-tag", tag));
        views.push(Related::view(lang, "tag-category", category));
    } else {
        let formula = urls::object(urls::FORMULAS, formula);
        views.push(Related::view(lang, "attribute-formula", formula));
    }
    if let Some(set) = &view.detail.attribute_set {
        let url = urls::object(urls::ATTRIBUTE_SETS, set.id);
        views.push(Related::view(lang, "attribute-of-set", url));
    }
    let body = html! {
        section.card.narrow { (form.frame(&url, fields, form.save_or(urls::ATTRIBUTES))) }
        (named::lists(frame, &view.detail.named_by))
    };
    let actions = html! {
        @if by_hand && frame.may(Model::Attribute, Action::Delete) {
            (link_button(&urls::part(urls::ATTRIBUTES, attribute.id, "delete"), "delete",
                &t!(lang, "ui-delete")))
        }
    };
    let content = Content::new(attribute.name.clone(), body).with_views(views);
    frame.page(content.below(urls::ATTRIBUTES, t!(lang, "nav-attributes")).with_actions(actions))
}

/// A new attribute.
pub struct NewView {
    pub formula: String,
    pub form: AttributeForm,
    /// Those whose attributes may be added by hand.
    pub formulas: Vec<Formula>,
    pub problems: Problems,
}

/// Renders the form of a new one.
pub fn new_page(frame: &Frame, view: &NewView) -> Markup {
    let lang = frame.lang();
    let form = Form { lang, csrf: &frame.csrf, problems: &view.problems, writable: true };
    let formulas = view
        .formulas
        .iter()
        .map(|formula| Choice::new(formula.id, format!("{} – {}", formula.prefix, formula.name)));
    let fields = html! {
        (form.choice("formula", &view.formula, formulas.collect()).required())
        (form.text("value", &view.form.value).required().max(250).hint("hint-attribute-value"))
        (form.text("description", view.form.description.as_deref().unwrap_or_default()))
    };
    let body = html! {
        section.card.narrow {
            (form.frame(urls::ATTRIBUTES, fields, form.save_or(urls::ATTRIBUTES)))
        }
    };
    let content = Content::new(t!(lang, "attribute-new"), body);
    frame.page(content.below(urls::ATTRIBUTES, t!(lang, "nav-attributes")))
}

/// `GET /attributes`.
pub async fn list(visit: Visit) -> PageResult {
    let query = visit.query.clone();
    let frame = visit.frame().await?;
    let limit = frame.page_size;
    let filter = AttributeFilter {
        related: related::wanted(&visit),
        formula: query.number("formula"),
        search: query.find("q").map(str::to_owned),
        after: query.cursor().and_then(Cursor::parse),
        limit,
    };
    let attributes = visit.app.attributes(visit.actor(), filter).await?;
    let formulas = visit.if_allowed(visit.app.formulas(visit.actor()).await)?;
    let formulas = formulas.into_iter().map(|(formula, _)| formula).collect();
    let view = View { attributes, formulas };
    visit.list(&frame, list_page(&frame, &query, &view))
}

/// `GET /attributes/{id}`.
pub async fn show(visit: Visit, id: Path<AttributeId>) -> PageResult {
    let detail = visit.app.attribute(visit.actor(), *id).await?;
    let form = AttributeForm {
        value: detail.attribute.value.clone(),
        description: detail.attribute.description.clone(),
    };
    let view = DetailView { detail, form, problems: Problems::none() };
    visit.show(|frame| detail_page(frame, &view)).await
}

/// `POST /attributes/{id}`.
pub async fn change(post: Post, id: Path<AttributeId>) -> PageResult {
    let (visit, form) = (post.visit, read(&post.fields));
    match visit.app.change_attribute(visit.actor(), *id, form.clone()).await {
        Ok(saved) => Ok(visit.done(urls::ATTRIBUTES, Flash::done("done-saved", saved.name))),
        Err(error) => {
            let problems = problems(visit.lang, error)?;
            let detail = visit.app.attribute(visit.actor(), *id).await?;
            let view = DetailView { detail, form, problems };
            let page = |frame: &Frame| detail_page(frame, &view);
            visit.show_as(StatusCode::UNPROCESSABLE_ENTITY, page).await
        }
    }
}

/// `GET /attributes/new`.
pub async fn new(visit: Visit) -> PageResult {
    visit.actor().permit(Model::Attribute, Action::Add).map_err(AppError::from)?;
    let formula = visit.query.get("formula").to_owned();
    let form = AttributeForm { value: String::new(), description: None };
    show_new(&visit, formula, form, Problems::none()).await
}

/// `POST /attributes`.
pub async fn add(post: Post) -> PageResult {
    let (visit, form) = (post.visit, read(&post.fields));
    let formula = post.fields.get("formula").to_owned();
    let id = FormulaId(formula.parse().unwrap_or_default());
    match visit.app.add_attribute(visit.actor(), id, form.clone()).await {
        Ok(added) => Ok(visit.done(urls::ATTRIBUTES, Flash::done("done-added", added.name))),
        Err(error) => show_new(&visit, formula, form, problems(visit.lang, error)?).await,
    }
}

async fn show_new(
    visit: &Visit,
    formula: String,
    form: AttributeForm,
    problems: Problems,
) -> PageResult {
    let formulas = visit.if_allowed(visit.app.formulas(visit.actor()).await)?.into_iter();
    let formulas = formulas.map(|(formula, _)| formula);
    let formulas = formulas.filter(Formula::takes_attributes_by_hand).collect();
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let view = NewView { formula, form, formulas, problems };
    visit.show_as(status, |frame| new_page(frame, &view)).await
}

/// `GET /attributes/{id}/delete`.
pub async fn confirm(visit: Visit, id: Path<AttributeId>) -> PageResult {
    visit.actor().permit(Model::Attribute, Action::Delete).map_err(AppError::from)?;
    let AttributeDetail { attribute, named_by, .. } =
        visit.app.attribute(visit.actor(), *id).await?;
    let lang = visit.lang;
    let losses = named::losses(lang, &named_by);
    let page = |frame: &Frame| {
        let confirm = Confirm {
            lang,
            csrf: &frame.csrf,
            url: urls::part(urls::ATTRIBUTES, *id, "delete"),
            back: urls::object(urls::ATTRIBUTES, *id),
            question: t!(lang, "attribute-delete-question", name = attribute.name.as_str()),
            losses,
            fields: Vec::new(),
            button: t!(lang, "ui-delete"),
        };
        let content = Content::new(t!(lang, "ui-delete"), confirm);
        frame.page(content.below(urls::ATTRIBUTES, t!(lang, "nav-attributes")))
    };
    visit.show(page).await
}

/// `POST /attributes/{id}/delete`.
pub async fn delete(post: Post, id: Path<AttributeId>) -> PageResult {
    let visit = post.visit;
    let detail = visit.app.attribute(visit.actor(), *id).await?;
    visit.app.delete_attribute(visit.actor(), *id, post.fields.ticked("confirmed")).await?;
    Ok(visit.done(urls::ATTRIBUTES, Flash::done("done-deleted", detail.attribute.name)))
}

fn read(fields: &Fields) -> AttributeForm {
    let description = fields.find("description").map(str::to_owned);
    AttributeForm { value: fields.get("value").to_owned(), description }
}

#[cfg(test)]
mod tests;
