//! Tags: list by category, form with the computers that have one (4.3).

use maud::{Markup, html};

use crate::app::AppError;
use crate::app::computers::{Cursor, Sorted};
use crate::app::listed::Listed;
use crate::app::tag_categories::Category;
use crate::app::tags::{TagDetail, TagFilter, TagForm, TagOrder, TagRow};
use crate::catalogue::Lang;
use crate::domain::account::Model;
use crate::domain::ids::{AttributeId, FormulaId};
use crate::http::forms::Fields;
use crate::t;
use crate::web::components::filters::{Filter, Filters};
use crate::web::components::form::Choice;
use crate::web::components::list::List;
use crate::web::components::related::Related;
use crate::web::components::status::{Level, badge};
use crate::web::components::table::{Order, Row, Table, column};
use crate::web::crud::{self, Crud, Typed};
use crate::web::error::PageResult;
use crate::web::layout::Frame;
use crate::web::pages::{lookups, named};
use crate::web::related;
use crate::web::urls::{self, Query};
use crate::web::visit::Visit;

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
            column(lang, "tag").sortable("tag"),
            column(lang, "description").sortable("description"),
            column(lang, "category").sortable("category"),
            column(lang, "given").number().sortable("given"),
            column(lang, "computers").number().sortable("computers"),
        ],
        rows: rows.collect(),
        order: Some(Order::of(&frame.query)),
        selection: crud::selection::<Tags>(frame),
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
    List::new(table)
        .filtered(filters)
        .paged(view.tags.next.as_deref())
        .with_actions(crud::addition::<Tags>(frame))
}

fn given_to(id: AttributeId) -> String {
    urls::filtered(urls::COMPUTERS, "tag", id)
}

fn had_by(id: AttributeId) -> String {
    let id = id.to_string();
    let pairs = [("attribute", id.as_str()), ("status", "group-productive")];
    urls::with_query(urls::COMPUTERS, pairs.into_iter())
}

/// What is typed about a tag.
#[derive(Clone)]
pub struct Typing {
    /// Of a new one.
    category: String,
    tag: TagForm,
}

/// Renders the form; of a tag that there is with the computers it was given to and what names it.
fn form_page(frame: &Frame, view: &Typed<Tags>, categories: &[Category]) -> Markup {
    let lang = frame.lang();
    let form = view.form(frame);
    let Typing { category, tag } = &view.form;
    let stored = view.stored.as_ref();
    let computers = tag.computers.clone().unwrap_or_default().join("\n");
    let fields = html! {
        @if stored.is_none() { (form.choice("category", category, choices(categories)).required()) }
        (form.text("value", &tag.value).required().max(250).hint("hint-tag-value"))
        (form.text("description", tag.description.as_deref().unwrap_or_default()))
        (form.lines("computers", &computers).hint("hint-tag-computers"))
    };
    let body = html! {
        section.card.narrow { (view.framed(form, fields)) }
        @if let Some(TagDetail { given_to, named_by, .. }) = stored {
            @if !given_to.is_empty() {
                ul.chips {
                    @for one in given_to {
                        li { a href=(urls::object(urls::COMPUTERS, one.id)) { (one.name) } }
                    }
                }
            }
            (named::lists(frame, named_by))
        }
    };
    let views = stored.map(|detail| views(lang, &detail.tag)).unwrap_or_default();
    let name = stored.map_or("", |detail| detail.tag.name.as_str());
    frame.page(view.content(frame, name, body).with_views(views))
}

fn views(lang: Lang, tag: &TagRow) -> Vec<Related> {
    let given = u64::try_from(tag.given).unwrap_or_default();
    vec![
        Related::new(lang, "tag-given-to", given, given_to(tag.id)),
        Related::view(lang, "tag-category", urls::object(urls::TAG_CATEGORIES, tag.category.id)),
    ]
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
        sorted: Sorted::parse(query.get("sort"), TagOrder::parse),
        after: query.cursor().and_then(Cursor::parse),
        limit,
    };
    let tags = visit.app.tags(visit.actor(), filter).await?;
    let categories = visit.if_allowed(visit.app.tag_categories(visit.actor()).await)?;
    let view = View { tags, categories };
    visit.list(&frame, list_page(&frame, &query, &view))
}

/// What is done with tags.
pub struct Tags;

impl Crud for Tags {
    type Id = AttributeId;
    type Form = Typing;
    type Stored = TagDetail;

    const MODEL: Model = Model::Attribute;
    const LIST: &'static str = urls::TAGS;
    const NAV: &'static str = "nav-tags";
    const NEW: &'static str = "tag-new";
    const QUESTION: &'static str = "tag-delete-question";

    fn id(number: i64) -> AttributeId {
        AttributeId(number)
    }

    fn name(stored: &TagDetail) -> String {
        stored.tag.name.clone()
    }

    fn blank(query: &Query) -> Typing {
        let tag = TagForm { value: String::new(), description: None, computers: None };
        Typing { category: query.get("category").to_owned(), tag }
    }

    fn typed(stored: &TagDetail) -> Typing {
        let computers = stored.given_to.iter().map(|one| format!("CID-{}", one.id)).collect();
        let tag = TagForm {
            value: stored.tag.value.clone(),
            description: stored.tag.description.clone(),
            computers: Some(computers),
        };
        Typing { category: stored.tag.category.id.to_string(), tag }
    }

    fn read(fields: &Fields) -> Typing {
        let tag = TagForm {
            value: fields.get("value").to_owned(),
            description: fields.find("description").map(str::to_owned),
            computers: fields.find("computers").map(|_| lookups::lines(fields, "computers")),
        };
        Typing { category: fields.get("category").to_owned(), tag }
    }

    async fn find(visit: &Visit, id: AttributeId) -> Result<TagDetail, AppError> {
        visit.app.tag(visit.actor(), id).await
    }

    async fn save(
        visit: &Visit,
        id: Option<AttributeId>,
        form: Typing,
    ) -> Result<TagDetail, AppError> {
        let category = FormulaId(form.category.parse().unwrap_or_default());
        match id {
            Some(id) => visit.app.change_tag(visit.actor(), id, form.tag).await,
            None => visit.app.add_tag(visit.actor(), category, form.tag).await,
        }
    }

    async fn delete(visit: &Visit, id: AttributeId, confirmed: bool) -> Result<(), AppError> {
        visit.app.delete_tag(visit.actor(), id, confirmed).await
    }

    async fn show(visit: &Visit, typed: Typed<Self>) -> PageResult {
        let categories = visit.if_allowed(visit.app.tag_categories(visit.actor()).await)?;
        visit.show_as(typed.status(), |frame| form_page(frame, &typed, &categories)).await
    }

    fn losses(lang: Lang, stored: &TagDetail) -> Vec<String> {
        let given = stored.tag.given;
        let given = (given > 0).then(|| t!(lang, "loss-tag-given", count = given));
        given.into_iter().chain(named::losses(lang, &stored.named_by)).collect()
    }
}

#[cfg(test)]
mod tests;
