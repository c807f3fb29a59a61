//! Tags: list by category, form with the computers that have one, deletion (4.3).

use actix_web::http::StatusCode;
use actix_web::web::Path;
use maud::{Markup, html};

use crate::app::AppError;
use crate::app::computers::Cursor;
use crate::app::listed::Listed;
use crate::app::tag_categories::Category;
use crate::app::tags::{TagDetail, TagFilter, TagForm, TagRow};
use crate::domain::account::{Action, Model};
use crate::domain::ids::{AttributeId, FormulaId};
use crate::http::forms::Fields;
use crate::t;
use crate::web::components::filters::{Filter, Filters};
use crate::web::components::form::{Choice, Form, Problems};
use crate::web::components::list::List;
use crate::web::components::panel::{Confirm, link_button};
use crate::web::components::related::Related;
use crate::web::components::status::{Level, badge};
use crate::web::components::table::{Row, Table, column};
use crate::web::error::{PageResult, problems};
use crate::web::flash::Flash;
use crate::web::layout::{Content, Frame};
use crate::web::pages::{lookups, named};
use crate::web::related;
use crate::web::urls::{self, Query};
use crate::web::visit::{Post, Visit};

/// What the list shows.
pub struct View {
    pub tags: Listed<TagRow>,
    pub categories: Vec<Category>,
}

fn choices(categories: &[Category]) -> Vec<Choice> {
    let text = |one: &Category| format!("{} – {}", one.category.prefix, one.category.name);
    categories.iter().map(|one| Choice::new(one.id, text(one))).collect()
}

/// Renders the list.
pub fn list_page<'a>(frame: &'a Frame, query: &'a Query, view: &'a View) -> List<'a> {
    let lang = frame.lang();
    let rows = view.tags.items.iter().map(|tag| {
        let cells = vec![
            html! { a href=(urls::object(urls::TAGS, tag.id)) { (tag.name) } },
            html! { (tag.description.as_deref().unwrap_or_default()) },
            html! {
                (tag.category.name)
                @if !tag.enabled { " " (badge(Level::Muted, &t!(lang, "tag-category-disabled"))) }
            },
            html! { a href=(given_to(tag.id)) { (tag.given) } },
            html! { a href=(had_by(tag.id)) { (tag.computers) } },
        ];
        Row::new("tag", tag.id, cells)
    });
    let table = Table {
        lang,
        caption: t!(lang, "nav-tags"),
        columns: vec![
            column(lang, "tag"),
            column(lang, "description"),
            column(lang, "category"),
            column(lang, "given").number(),
            column(lang, "computers").number(),
        ],
        rows: rows.collect(),
        order: None,
        selection: None,
        empty: t!(lang, "tags-empty"),
    };
    let filters = Filters {
        lang,
        query,
        filters: vec![
            Filter::Search(t!(lang, "tags-search")),
            Filter::Choice {
                name: "category",
                label: t!(lang, "field-category"),
                options: choices(&view.categories),
            },
        ],
    };
    let actions = html! {
        @if frame.may(Model::Attribute, Action::Add) {
            (link_button(&urls::new(urls::TAGS), "plus", &t!(lang, "tag-new")))
        }
    };
    List::new(table).filtered(filters).paged(view.tags.next.as_deref()).with_actions(actions)
}

fn given_to(id: AttributeId) -> String {
    urls::filtered(urls::COMPUTERS, "tag", id)
}

fn had_by(id: AttributeId) -> String {
    let id = id.to_string();
    let pairs = [("attribute", id.as_str()), ("status", "group-productive")];
    urls::with_query(urls::COMPUTERS, pairs.into_iter())
}

/// One tag.
pub struct DetailView {
    pub detail: TagDetail,
    pub form: TagForm,
    pub problems: Problems,
}

/// Renders one tag with the computers it was given to and what names it.
pub fn detail_page(frame: &Frame, view: &DetailView) -> Markup {
    let lang = frame.lang();
    let TagDetail { tag, given_to: given, named_by } = &view.detail;
    let writable = frame.may(Model::Attribute, Action::Change);
    let form = Form { lang, csrf: &frame.csrf, problems: &view.problems, writable };
    let computers = view.form.computers.clone().unwrap_or_default().join("\n");
    let url = urls::object(urls::TAGS, tag.id);
    let fields = fields(form, &view.form, &computers);
    let count = |number: i64| u64::try_from(number).unwrap_or_default();
    let views = vec![
        Related::new(lang, "tag-given-to", count(tag.given), given_to(tag.id)),
        Related::view(lang, "tag-category", urls::object(urls::TAG_CATEGORIES, tag.category.id)),
    ];
    let body = html! {
        section.card.narrow { (form.frame(&url, fields, form.save_or(urls::TAGS))) }
        @if !given.is_empty() {
            ul.chips {
                @for one in given {
                    li { a href=(urls::object(urls::COMPUTERS, one.id)) { (one.name) } }
                }
            }
        }
        (named::lists(frame, named_by))
    };
    let actions = html! {
        @if frame.may(Model::Attribute, Action::Delete) {
            (link_button(&urls::part(urls::TAGS, tag.id, "delete"), "delete", &t!(lang, "ui-delete")))
        }
    };
    let content = Content::new(tag.name.clone(), body).with_views(views);
    frame.page(content.below(urls::TAGS, t!(lang, "nav-tags")).with_actions(actions))
}

fn fields(form: Form<'_>, typed: &TagForm, computers: &str) -> Markup {
    html! {
        (form.text("value", &typed.value).required().max(250).hint("hint-tag-value"))
        (form.text("description", typed.description.as_deref().unwrap_or_default()))
        (form.lines("computers", computers).hint("hint-tag-computers"))
    }
}

/// A new tag.
pub struct NewView {
    pub category: String,
    pub form: TagForm,
    pub categories: Vec<Category>,
    pub problems: Problems,
}

/// Renders the form of a new one.
pub fn new_page(frame: &Frame, view: &NewView) -> Markup {
    let lang = frame.lang();
    let form = Form { lang, csrf: &frame.csrf, problems: &view.problems, writable: true };
    let computers = view.form.computers.clone().unwrap_or_default().join("\n");
    let fields = html! {
        (form.choice("category", &view.category, choices(&view.categories)).required())
        (fields(form, &view.form, &computers))
    };
    let body = html! {
        section.card.narrow { (form.frame(urls::TAGS, fields, form.save_or(urls::TAGS))) }
    };
    let content = Content::new(t!(lang, "tag-new"), body);
    frame.page(content.below(urls::TAGS, t!(lang, "nav-tags")))
}

/// `GET /tags`.
pub async fn list(visit: Visit) -> PageResult {
    let query = visit.query.clone();
    let frame = visit.frame().await?;
    let limit = frame.page_size;
    let filter = TagFilter {
        related: related::wanted(&visit),
        category: query.number("category"),
        search: query.find("q").map(str::to_owned),
        after: query.cursor().and_then(Cursor::parse),
        limit,
    };
    let tags = visit.app.tags(visit.actor(), filter).await?;
    let categories = visit.if_allowed(visit.app.tag_categories(visit.actor()).await)?;
    let view = View { tags, categories };
    visit.list(&frame, list_page(&frame, &query, &view))
}

/// `GET /tags/{id}`.
pub async fn show(visit: Visit, id: Path<AttributeId>) -> PageResult {
    let detail = visit.app.tag(visit.actor(), *id).await?;
    let form = TagForm {
        value: detail.tag.value.clone(),
        description: detail.tag.description.clone(),
        computers: Some(detail.given_to.iter().map(|one| format!("CID-{}", one.id)).collect()),
    };
    let view = DetailView { detail, form, problems: Problems::none() };
    visit.show(|frame| detail_page(frame, &view)).await
}

/// `POST /tags/{id}`.
pub async fn change(post: Post, id: Path<AttributeId>) -> PageResult {
    let (visit, form) = (post.visit, read(&post.fields));
    match visit.app.change_tag(visit.actor(), *id, form.clone()).await {
        Ok(saved) => Ok(visit.done(urls::TAGS, Flash::done("done-saved", saved.tag.name))),
        Err(error) => {
            let problems = problems(visit.lang, error)?;
            let detail = visit.app.tag(visit.actor(), *id).await?;
            let view = DetailView { detail, form, problems };
            let page = |frame: &Frame| detail_page(frame, &view);
            visit.show_as(StatusCode::UNPROCESSABLE_ENTITY, page).await
        }
    }
}

/// `GET /tags/new`.
pub async fn new(visit: Visit) -> PageResult {
    visit.actor().permit(Model::Attribute, Action::Add).map_err(AppError::from)?;
    let category = visit.query.get("category").to_owned();
    let form = TagForm { value: String::new(), description: None, computers: None };
    show_new(&visit, category, form, Problems::none()).await
}

/// `POST /tags`.
pub async fn add(post: Post) -> PageResult {
    let (visit, form) = (post.visit, read(&post.fields));
    let category = post.fields.get("category").to_owned();
    let id = FormulaId(category.parse().unwrap_or_default());
    match visit.app.add_tag(visit.actor(), id, form.clone()).await {
        Ok(added) => Ok(visit.done(urls::TAGS, Flash::done("done-added", added.tag.name))),
        Err(error) => show_new(&visit, category, form, problems(visit.lang, error)?).await,
    }
}

async fn show_new(
    visit: &Visit,
    category: String,
    form: TagForm,
    problems: Problems,
) -> PageResult {
    let categories = visit.if_allowed(visit.app.tag_categories(visit.actor()).await)?;
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let view = NewView { category, form, categories, problems };
    visit.show_as(status, |frame| new_page(frame, &view)).await
}

/// `GET /tags/{id}/delete`.
pub async fn confirm(visit: Visit, id: Path<AttributeId>) -> PageResult {
    visit.actor().permit(Model::Attribute, Action::Delete).map_err(AppError::from)?;
    let TagDetail { tag, named_by, .. } = visit.app.tag(visit.actor(), *id).await?;
    let lang = visit.lang;
    let given = (tag.given > 0).then(|| t!(lang, "loss-tag-given", count = tag.given));
    let losses = given.into_iter().chain(named::losses(lang, &named_by)).collect();
    let page = |frame: &Frame| {
        let confirm = Confirm {
            lang,
            csrf: &frame.csrf,
            url: urls::part(urls::TAGS, *id, "delete"),
            back: urls::object(urls::TAGS, *id),
            question: t!(lang, "tag-delete-question", name = tag.name.as_str()),
            losses,
            fields: Vec::new(),
            button: t!(lang, "ui-delete"),
        };
        let content = Content::new(t!(lang, "ui-delete"), confirm);
        frame.page(content.below(urls::TAGS, t!(lang, "nav-tags")))
    };
    visit.show(page).await
}

/// `POST /tags/{id}/delete`.
pub async fn delete(post: Post, id: Path<AttributeId>) -> PageResult {
    let visit = post.visit;
    let detail = visit.app.tag(visit.actor(), *id).await?;
    visit.app.delete_tag(visit.actor(), *id, post.fields.ticked("confirmed")).await?;
    Ok(visit.done(urls::TAGS, Flash::done("done-deleted", detail.tag.name)))
}

fn read(fields: &Fields) -> TagForm {
    TagForm {
        value: fields.get("value").to_owned(),
        description: fields.find("description").map(str::to_owned),
        computers: fields.find("computers").map(|_| lookups::lines(fields, "computers")),
    }
}

#[cfg(test)]
mod tests;
