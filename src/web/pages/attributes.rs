//! Attributes: list by formula, those added by hand, what names one (4.2).

use maud::{Markup, html};

use crate::app::AppError;
use crate::app::attributes::{
    AttributeDetail, AttributeFilter, AttributeForm, AttributeOrder, AttributeRow, NamedBy,
};
use crate::app::computers::{Cursor, Sorted};
use crate::app::listed::Listed;
use crate::catalogue::Lang;
use crate::domain::account::Model;
use crate::domain::formula::{Formula, Sort};
use crate::domain::ids::{AttributeId, FormulaId};
use crate::http::forms::Fields;
use crate::t;
use crate::web::components::filters::{Filter, Filters};
use crate::web::components::form::{Choice, Form};
use crate::web::components::list::List;
use crate::web::components::related::Related;
use crate::web::components::table::{Order, Row, Table, column};
use crate::web::crud::{self, Crud, Typed};
use crate::web::error::PageResult;
use crate::web::layout::Frame;
use crate::web::pages::named;
use crate::web::related;
use crate::web::urls::{self, Query};
use crate::web::visit::Visit;

/// What the list shows.
pub struct View {
    pub attributes: Listed<AttributeRow>,
    pub formulas: Vec<Formula>,
}

fn choices(formulas: &[Formula]) -> Vec<Choice> {
    let text = |one: &Formula| format!("{} – {}", one.prefix, one.name);
    formulas.iter().map(|one| Choice::new(one.id, text(one))).collect()
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
            column(lang, "attribute").sortable("attribute"),
            column(lang, "description").sortable("description"),
            column(lang, "formula").sortable("formula"),
            column(lang, "computers").number(),
        ],
        rows: rows.collect(),
        order: Some(Order::of(&frame.query)),
        selection: crud::selection::<Attributes>(frame),
        empty: t!(lang, "attributes-empty"),
    };
    let filters = Filters {
        lang,
        query,
        filters: vec![
            Filter::Search(t!(lang, "attributes-search")),
            Filter::Choice {
                name: "formula",
                label: t!(lang, "field-formula"),
                options: choices(&view.formulas),
            },
        ],
    };
    List::new(table)
        .filtered(filters)
        .paged(view.attributes.next.as_deref())
        .with_actions(crud::addition::<Attributes>(frame))
}

fn computers_of(id: AttributeId) -> String {
    let id = id.to_string();
    let pairs = [("attribute", id.as_str()), ("status", "group-productive")];
    urls::with_query(urls::COMPUTERS, pairs.into_iter())
}

/// What is typed about an attribute.
#[derive(Clone)]
pub struct Typing {
    /// Of a new one.
    formula: String,
    attribute: AttributeForm,
}

/// Renders the form, with what names an attribute that there is (D-ATTR-04); `formulas` are those
/// whose attributes may be added by hand.
fn form_page(frame: &Frame, view: &Typed<Attributes>, formulas: &[Formula]) -> Markup {
    let lang = frame.lang();
    let stored = view.stored.as_ref();
    let by_hand = stored.is_none_or(Attributes::deletable);
    let form = view.form(frame);
    let form = Form { writable: by_hand && form.writable, ..form };
    let Typing { formula, attribute } = &view.form;
    let description = attribute.description.as_deref().unwrap_or_default();
    let fields = html! {
        @if stored.is_none() { (form.choice("formula", formula, choices(formulas)).required()) }
        (form.text("value", &attribute.value).required().max(250).hint("hint-attribute-value"))
        (form.text("description", description))
    };
    let body = html! {
        section.card.narrow { (view.framed(form, fields)) }
        @if let Some(detail) = stored { (named::lists(frame, &detail.named_by)) }
    };
    let views = stored.map(|detail| views(lang, detail)).unwrap_or_default();
    let name = stored.map_or("", |detail| detail.attribute.name.as_str());
    frame.page(view.content(frame, name, body).with_views(views))
}

fn views(lang: Lang, detail: &AttributeDetail) -> Vec<Related> {
    let (attribute, formula) = (&detail.attribute, detail.attribute.formula.id);
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
    if let Some(set) = &detail.attribute_set {
        let url = urls::object(urls::ATTRIBUTE_SETS, set.id);
        views.push(Related::view(lang, "attribute-of-set", url));
    }
    views
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
        sorted: Sorted::parse(query.get("sort"), AttributeOrder::parse),
        after: query.cursor().and_then(Cursor::parse),
        limit,
    };
    let attributes = visit.app.attributes(visit.actor(), filter).await?;
    let formulas = visit.if_allowed(visit.app.formulas(visit.actor()).await)?;
    let formulas = formulas.into_iter().map(|(formula, _)| formula).collect();
    let view = View { attributes, formulas };
    visit.list(&frame, list_page(&frame, &query, &view))
}

/// What is done with attributes.
pub struct Attributes;

impl Crud for Attributes {
    type Id = AttributeId;
    type Form = Typing;
    type Stored = AttributeDetail;

    const MODEL: Model = Model::Attribute;
    const LIST: &'static str = urls::ATTRIBUTES;
    const NAV: &'static str = "nav-attributes";
    const NEW: &'static str = "attribute-new";
    const QUESTION: &'static str = "attribute-delete-question";

    fn id(number: i64) -> AttributeId {
        AttributeId(number)
    }

    fn name(stored: &AttributeDetail) -> String {
        stored.attribute.name.clone()
    }

    fn blank(query: &Query) -> Typing {
        let attribute = AttributeForm { value: String::new(), description: None };
        Typing { formula: query.get("formula").to_owned(), attribute }
    }

    fn typed(stored: &AttributeDetail) -> Typing {
        let attribute = AttributeForm {
            value: stored.attribute.value.clone(),
            description: stored.attribute.description.clone(),
        };
        Typing { formula: stored.attribute.formula.id.to_string(), attribute }
    }

    fn read(fields: &Fields) -> Typing {
        let attribute = AttributeForm {
            value: fields.get("value").to_owned(),
            description: fields.find("description").map(str::to_owned),
        };
        Typing { formula: fields.get("formula").to_owned(), attribute }
    }

    async fn find(visit: &Visit, id: AttributeId) -> Result<AttributeDetail, AppError> {
        visit.app.attribute(visit.actor(), id).await
    }

    async fn save(
        visit: &Visit,
        id: Option<AttributeId>,
        form: Typing,
    ) -> Result<AttributeDetail, AppError> {
        let formula = FormulaId(form.formula.parse().unwrap_or_default());
        let attribute = match id {
            Some(id) => visit.app.change_attribute(visit.actor(), id, form.attribute).await?,
            None => visit.app.add_attribute(visit.actor(), formula, form.attribute).await?,
        };
        Ok(AttributeDetail { attribute, attribute_set: None, named_by: NamedBy::default() })
    }

    async fn delete(visit: &Visit, id: AttributeId, confirmed: bool) -> Result<(), AppError> {
        visit.app.delete_attribute(visit.actor(), id, confirmed).await
    }

    async fn show(visit: &Visit, typed: Typed<Self>) -> PageResult {
        let formulas = visit.if_allowed(visit.app.formulas(visit.actor()).await)?.into_iter();
        let formulas = formulas.map(|(formula, _)| formula);
        let formulas: Vec<_> = formulas.filter(Formula::takes_attributes_by_hand).collect();
        visit.show_as(typed.status(), |frame| form_page(frame, &typed, &formulas)).await
    }

    /// The others come and go with what they stand for.
    fn deletable(stored: &AttributeDetail) -> bool {
        stored.attribute.sort == Sort::Client
    }

    fn losses(lang: Lang, stored: &AttributeDetail) -> Vec<String> {
        named::losses(lang, &stored.named_by)
    }
}

#[cfg(test)]
mod tests;
