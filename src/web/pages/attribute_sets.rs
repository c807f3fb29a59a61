//! Attribute sets: list, form, deletion with their attribute (4.4).

use maud::{Markup, html};

use crate::app::AppError;
use crate::app::attribute_sets::{SetDetail, SetFilter, SetForm, SetRow};
use crate::app::attributes::NamedBy;
use crate::app::computers::Cursor;
use crate::app::listed::Listed;
use crate::catalogue::Lang;
use crate::domain::account::Model;
use crate::domain::ids::AttributeSetId;
use crate::http::forms::Fields;
use crate::t;
use crate::web::components::filters::{Filter, Filters};
use crate::web::components::list::List;
use crate::web::components::lookup::enter_button;
use crate::web::components::related::Related;
use crate::web::components::status::enabled;
use crate::web::components::table::{Row, Table, column};
use crate::web::components::target::target;
use crate::web::crud::{self, Crud, Typed};
use crate::web::error::PageResult;
use crate::web::layout::Frame;
use crate::web::pages::lookups;
use crate::web::pages::named;
use crate::web::related;
use crate::web::urls::{self, Query};
use crate::web::visit::Visit;

/// Renders the list.
pub fn list_page<'a>(frame: &'a Frame, query: &'a Query, sets: &'a Listed<SetRow>) -> List<'a> {
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
        selection: crud::selection::<Sets>(frame),
        empty: t!(lang, "attribute-sets-empty"),
    };
    let filters =
        Filters { lang, query, filters: vec![Filter::Search(t!(lang, "attribute-sets-search"))] };
    List::new(table)
        .filtered(filters)
        .paged(sets.next.as_deref())
        .with_actions(crud::addition::<Sets>(frame))
}

fn computers_in(set: &SetRow) -> String {
    let id = set.attribute.id.to_string();
    let pairs = [("attribute", id.as_str()), ("status", "group-productive")];
    urls::with_query(urls::COMPUTERS, pairs.into_iter())
}

/// Renders the form with what names the set.
fn form_page(frame: &Frame, view: &Typed<Sets>) -> Markup {
    let lang = frame.lang();
    let stored = view.stored.as_ref();
    let form = view.form(frame);
    let data = &view.form;
    let fields = html! {
        (enter_button())
        (form.text("name", &data.name).required().max(50).hint("hint-attribute-set-name"))
        (form.area("description", &data.description))
        (form.tick("enabled", data.enabled).hint("hint-attribute-set-enabled"))
        (view.target(form, &data.included_attributes, &data.excluded_attributes))
    };
    let attribute = |detail: &SetDetail| {
        let url = urls::object(urls::ATTRIBUTES, detail.set.attribute.id);
        Related::view(lang, "attribute-set-attribute", url)
    };
    let views = stored.map(attribute).into_iter().collect();
    let body = html! {
        section.card { (view.framed(form, fields)) }
        @if let Some(detail) = stored { (named::lists(frame, &detail.named_by)) }
    };
    frame.page(view.content(frame, &view.form.name, body).with_views(views))
}

/// `GET /attribute-sets`.
pub async fn list(visit: Visit) -> PageResult {
    let frame = visit.frame().await?;
    let query = visit.query.clone();
    let filter = SetFilter {
        related: related::wanted(&visit),
        search: query.find("q").map(str::to_owned),
        after: query.cursor().and_then(Cursor::parse),
        limit: frame.page_size,
    };
    let sets = visit.app.attribute_sets(visit.actor(), filter).await?;
    visit.list(&frame, list_page(&frame, &query, &sets))
}

/// What is done with attribute sets.
pub struct Sets;

impl Crud for Sets {
    type Id = AttributeSetId;
    type Form = SetForm;
    type Stored = SetDetail;

    const MODEL: Model = Model::AttributeSet;
    const LIST: &'static str = urls::ATTRIBUTE_SETS;
    const NAV: &'static str = "nav-attribute-sets";
    const NEW: &'static str = "attribute-set-new";
    const QUESTION: &'static str = "attribute-set-delete-question";
    const SEARCHED: &'static [&'static str] = crud::TARGET;
    const SWITCHED: bool = true;

    fn id(number: i64) -> AttributeSetId {
        AttributeSetId(number)
    }

    fn name(stored: &SetDetail) -> String {
        stored.set.name.clone()
    }

    fn blank(_query: &Query) -> SetForm {
        SetForm {
            name: String::new(),
            description: String::new(),
            enabled: true,
            included_attributes: Vec::new(),
            excluded_attributes: Vec::new(),
        }
    }

    fn typed(stored: &SetDetail) -> SetForm {
        stored.set.clone().into()
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

    async fn find(visit: &Visit, id: AttributeSetId) -> Result<SetDetail, AppError> {
        visit.app.attribute_set(visit.actor(), id).await
    }

    async fn save(
        visit: &Visit,
        id: Option<AttributeSetId>,
        form: SetForm,
    ) -> Result<SetDetail, AppError> {
        let set = match id {
            Some(id) => visit.app.change_attribute_set(visit.actor(), id, form).await?,
            None => visit.app.add_attribute_set(visit.actor(), form).await?,
        };
        Ok(SetDetail { set, named_by: NamedBy::default() })
    }

    async fn delete(visit: &Visit, id: AttributeSetId, confirmed: bool) -> Result<(), AppError> {
        visit.app.delete_attribute_set(visit.actor(), id, confirmed).await
    }

    async fn show(visit: &Visit, typed: Typed<Self>) -> PageResult {
        visit.show_as(typed.status(), |frame| form_page(frame, &typed)).await
    }

    fn losses(lang: Lang, stored: &SetDetail) -> Vec<String> {
        named::losses(lang, &stored.named_by)
    }

    fn switch(form: &mut SetForm, enabled: bool) {
        form.enabled = enabled;
    }
}

#[cfg(test)]
mod tests;
