//! Tag categories: list and form (4.3).

use maud::{Markup, html};

use crate::app::AppError;
use crate::app::attributes::NamedBy;
use crate::app::tag_categories::{Category, CategoryForm};
use crate::catalogue::Lang;
use crate::domain::account::Model;
use crate::domain::formula::Kind;
use crate::domain::ids::FormulaId;
use crate::http::forms::Fields;
use crate::t;
use crate::web::components::form::Choice;
use crate::web::components::list::List;
use crate::web::components::status::enabled;
use crate::web::components::table::{Order, Row, Table, column};
use crate::web::crud::{self, Crud, Typed};
use crate::web::error::PageResult;
use crate::web::layout::Frame;
use crate::web::pages::named;
use crate::web::sorting;
use crate::web::urls::{self, Query};
use crate::web::visit::Visit;

/// Renders the list: categories with the number of their tags.
pub fn list_page<'a>(frame: &'a Frame, categories: &'a [Category]) -> List<'a> {
    let lang = frame.lang();
    let rows = categories.iter().map(|Category { id, category, tags }| {
        let cells = vec![
            html! { a href=(urls::object(urls::TAG_CATEGORIES, id)) { (category.prefix) } },
            html! { (category.name) },
            html! { (kind_name(lang, category.kind)) },
            enabled(lang, category.enabled),
            html! { a href=(urls::filtered(urls::TAGS, "category", id)) { (tags) } },
        ];
        Row::new("tag-category", id, cells)
    });
    let table = Table {
        lang,
        caption: t!(lang, "nav-tag-categories"),
        columns: vec![
            column(lang, "prefix").sortable("prefix"),
            column(lang, "name").sortable("name"),
            column(lang, "kind").sortable("kind"),
            column(lang, "enabled").sortable("enabled"),
            column(lang, "tags").number().sortable("tags"),
        ],
        rows: rows.collect(),
        order: Some(Order::of(&frame.query)),
        selection: crud::selection::<Categories>(frame),
        empty: t!(lang, "tag-categories-empty"),
    };
    List::new(table).with_actions(crud::addition::<Categories>(frame))
}

/// What people call a class, of tags.
fn kind_name(lang: Lang, kind: Kind) -> String {
    let key = match kind {
        Kind::Normal => "tag-kind-normal",
        Kind::List => "tag-kind-list",
        Kind::AddRight => "tag-kind-right",
        Kind::AddLeft => "tag-kind-left",
    };
    t!(lang, key)
}

/// The columns that the list is sorted by.
const SORTED: [sorting::Column<Category>; 5] = [
    ("prefix", |one| (&one.category.prefix).into()),
    ("name", |one| (&one.category.name).into()),
    ("kind", |one| one.category.kind.as_str().into()),
    ("enabled", |one| one.category.enabled.into()),
    ("tags", |one| one.tags.into()),
];

/// Renders the form.
fn form_page(frame: &Frame, view: &Typed<Categories>) -> Markup {
    let lang = frame.lang();
    let form = view.form(frame);
    let data = &view.form;
    let kinds = Kind::ALL.iter().map(|kind| Choice::new(kind.as_str(), kind_name(lang, *kind)));
    let fields = html! {
        div.pair {
            (form.text("prefix", &data.prefix).required().max(3))
            (form.text("name", &data.name).required().max(50))
        }
        (form.tick("enabled", data.enabled).hint("hint-tag-category-enabled"))
        (form.choice("kind", data.kind.as_str(), kinds.collect()).hint("hint-tag-category-kind"))
    };
    let body = html! { section.card.narrow { (view.framed(form, fields)) } };
    frame.page(view.content(frame, &data.name, body))
}

/// `GET /tag-categories`.
pub async fn list(visit: Visit) -> PageResult {
    let frame = visit.frame().await?;
    let mut categories = visit.app.tag_categories(visit.actor()).await?;
    sorting::sort(&visit.query, &mut categories, &SORTED);
    visit.list(&frame, list_page(&frame, &categories))
}

/// What is done with tag categories.
pub struct Categories;

impl Crud for Categories {
    type Id = FormulaId;
    type Form = CategoryForm;
    type Stored = (Category, NamedBy);

    const MODEL: Model = Model::Formula;
    const LIST: &'static str = urls::TAG_CATEGORIES;
    const NAV: &'static str = "nav-tag-categories";
    const NEW: &'static str = "tag-category-new";
    const QUESTION: &'static str = "tag-category-delete-question";
    const SWITCHED: bool = true;

    fn id(number: i64) -> FormulaId {
        FormulaId(number)
    }

    fn name((stored, _): &(Category, NamedBy)) -> String {
        stored.category.name.clone()
    }

    fn blank(_query: &Query) -> CategoryForm {
        CategoryForm {
            prefix: String::new(),
            name: String::new(),
            enabled: true,
            kind: Kind::Normal,
        }
    }

    fn typed((stored, _): &(Category, NamedBy)) -> CategoryForm {
        stored.category.clone()
    }

    fn read(fields: &Fields) -> CategoryForm {
        CategoryForm {
            prefix: fields.get("prefix").to_owned(),
            name: fields.get("name").to_owned(),
            enabled: fields.ticked("enabled"),
            kind: Kind::parse(fields.get("kind")).unwrap_or(Kind::Normal),
        }
    }

    async fn find(visit: &Visit, id: FormulaId) -> Result<(Category, NamedBy), AppError> {
        visit.app.tag_category(visit.actor(), id).await
    }

    async fn save(
        visit: &Visit,
        id: Option<FormulaId>,
        form: CategoryForm,
    ) -> Result<(Category, NamedBy), AppError> {
        let saved = match id {
            Some(id) => visit.app.change_tag_category(visit.actor(), id, form).await?,
            None => visit.app.add_tag_category(visit.actor(), form).await?,
        };
        Ok((saved, NamedBy::default()))
    }

    async fn delete(visit: &Visit, id: FormulaId, confirmed: bool) -> Result<(), AppError> {
        visit.app.delete_tag_category(visit.actor(), id, confirmed).await
    }

    async fn show(visit: &Visit, typed: Typed<Self>) -> PageResult {
        visit.show_as(typed.status(), |frame| form_page(frame, &typed)).await
    }

    fn losses(lang: Lang, (stored, named_by): &(Category, NamedBy)) -> Vec<String> {
        let tags = (stored.tags > 0).then(|| t!(lang, "loss-tags", count = stored.tags));
        tags.into_iter().chain(named::losses(lang, named_by)).collect()
    }

    fn switch(form: &mut CategoryForm, enabled: bool) {
        form.enabled = enabled;
    }
}
