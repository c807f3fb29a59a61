//! Formulas: list and form (4.1).

use maud::{Markup, html};

use crate::app::AppError;
use crate::app::formulas::FormulaForm;
use crate::catalogue::Lang;
use crate::domain::account::Model;
use crate::domain::formula::{Formula, Kind, Language, Sort};
use crate::domain::ids::FormulaId;
use crate::http::forms::Fields;
use crate::t;
use crate::web::components::form::Choice;
use crate::web::components::list::List;
use crate::web::components::status::{Level, badge, enabled};
use crate::web::components::table::{Order, Row, Table, column};
use crate::web::crud::{self, Crud, Typed};
use crate::web::error::PageResult;
use crate::web::layout::Frame;
use crate::web::sorting;
use crate::web::urls::{self, Query};
use crate::web::visit::Visit;

/// Renders the list: formulas with the number of their attributes.
pub fn list_page<'a>(frame: &'a Frame, formulas: &'a [(Formula, i64)]) -> List<'a> {
    let lang = frame.lang();
    let rows = formulas.iter().map(|(formula, attributes)| {
        let built_in = formula.sort == Sort::Basic;
        let cells = vec![
            html! { a href=(urls::object(urls::FORMULAS, formula.id)) { (formula.prefix) } },
            html! { (formula.name) },
            html! {
                @if built_in { (badge(Level::Muted, &t!(lang, "formula-built-in"))) }
                @else { (kind_name(lang, formula.kind)) }
            },
            html! { @if !built_in { (formula.language.as_str()) } },
            enabled(lang, formula.enabled),
            html! { a href=(attributes_of(formula.id)) { (attributes) } },
        ];
        Row::new("formula", formula.id, cells)
    });
    let table = Table {
        lang,
        caption: t!(lang, "nav-formulas"),
        columns: vec![
            column(lang, "prefix").sortable("prefix"),
            column(lang, "name").sortable("name"),
            column(lang, "kind").sortable("kind"),
            column(lang, "language").sortable("language"),
            column(lang, "enabled").sortable("enabled"),
            column(lang, "attributes").number().sortable("attributes"),
        ],
        rows: rows.collect(),
        order: Some(Order::of(&frame.query)),
        selection: crud::selection::<Formulas>(frame),
        empty: t!(lang, "formulas-empty"),
    };
    List::new(table).with_actions(crud::addition::<Formulas>(frame))
}

fn attributes_of(id: FormulaId) -> String {
    urls::filtered(urls::ATTRIBUTES, "formula", id)
}

/// What people call a class.
pub fn kind_name(lang: Lang, kind: Kind) -> String {
    let key = match kind {
        Kind::Normal => "formula-kind-normal",
        Kind::List => "formula-kind-list",
        Kind::AddRight => "formula-kind-right",
        Kind::AddLeft => "formula-kind-left",
    };
    t!(lang, key)
}

/// The languages formulas and fault definitions are written in.
pub fn languages() -> Vec<Choice> {
    Language::ALL.iter().map(|language| Choice::plain(language.as_str())).collect()
}

/// The columns that the list is sorted by.
const SORTED: [sorting::Column<(Formula, i64)>; 6] = [
    ("prefix", |(formula, _)| (&formula.prefix).into()),
    ("name", |(formula, _)| (&formula.name).into()),
    ("kind", |(formula, _)| formula.kind.as_str().into()),
    ("language", |(formula, _)| formula.language.as_str().into()),
    ("enabled", |(formula, _)| formula.enabled.into()),
    ("attributes", |(_, attributes)| (*attributes).into()),
];

fn is_built_in((formula, _): &(Formula, i64)) -> bool {
    formula.sort == Sort::Basic
}

/// Renders the form. Of a built-in formula only the name and whether it is enabled change.
pub fn form_page(frame: &Frame, view: &Typed<Formulas>) -> Markup {
    let lang = frame.lang();
    let form = view.form(frame);
    let data = &view.form;
    let built_in = view.stored.as_ref().is_some_and(is_built_in);
    let kinds = Kind::ALL.iter().map(|kind| Choice::new(kind.as_str(), kind_name(lang, *kind)));
    let fields = html! {
        div.pair {
            (form.text("prefix", &data.prefix).required().max(3).fixed(built_in))
            (form.text("name", &data.name).required().max(50))
        }
        (form.tick("enabled", data.enabled).hint("hint-formula-enabled"))
        @if built_in {
            input type="hidden" name="kind" value=(data.kind.as_str());
            input type="hidden" name="language" value=(data.language.as_str());
            @if data.auto_add { input type="hidden" name="auto_add" value="on"; }
            p.hint { (t!(lang, "formula-built-in-text")) }
        } @else {
            div.pair {
                (form.choice("kind", data.kind.as_str(), kinds.collect()).hint("hint-formula-kind"))
                (form.choice("language", data.language.as_str(), languages()))
            }
            (form.tick("auto_add", data.auto_add))
            (form.code("code", &data.code).required().hint("hint-formula-code"))
        }
    };
    let body = html! { section.card { (view.framed(form, fields)) } };
    frame.page(view.content(frame, &data.name, body))
}

/// `GET /formulas`.
pub async fn list(visit: Visit) -> PageResult {
    let frame = visit.frame().await?;
    let mut formulas = visit.app.formulas(visit.actor()).await?;
    formulas.retain(|(formula, _)| formula.sort != Sort::Server);
    sorting::sort(&visit.query, &mut formulas, &SORTED);
    visit.list(&frame, list_page(&frame, &formulas))
}

/// What is done with formulas.
pub struct Formulas;

impl Crud for Formulas {
    type Id = FormulaId;
    type Form = FormulaForm;
    type Stored = (Formula, i64);

    const MODEL: Model = Model::Formula;
    const LIST: &'static str = urls::FORMULAS;
    const NAV: &'static str = "nav-formulas";
    const NEW: &'static str = "formula-new";
    const QUESTION: &'static str = "formula-delete-question";
    const SWITCHED: bool = true;

    fn id(number: i64) -> FormulaId {
        FormulaId(number)
    }

    fn name((formula, _): &(Formula, i64)) -> String {
        formula.name.clone()
    }

    fn blank(_query: &Query) -> FormulaForm {
        FormulaForm {
            prefix: String::new(),
            name: String::new(),
            enabled: true,
            kind: Kind::Normal,
            auto_add: true,
            language: Language::Bash,
            code: String::new(),
        }
    }

    fn typed((formula, _): &(Formula, i64)) -> FormulaForm {
        formula.clone().into()
    }

    fn read(fields: &Fields) -> FormulaForm {
        FormulaForm {
            prefix: fields.get("prefix").to_owned(),
            name: fields.get("name").to_owned(),
            enabled: fields.ticked("enabled"),
            kind: Kind::parse(fields.get("kind")).unwrap_or(Kind::Normal),
            auto_add: fields.ticked("auto_add"),
            language: Language::parse(fields.get("language")).unwrap_or(Language::Bash),
            code: fields.get("code").to_owned(),
        }
    }

    async fn find(visit: &Visit, id: FormulaId) -> Result<(Formula, i64), AppError> {
        visit.app.formula(visit.actor(), id).await
    }

    async fn save(
        visit: &Visit,
        id: Option<FormulaId>,
        form: FormulaForm,
    ) -> Result<(Formula, i64), AppError> {
        let saved = match id {
            Some(id) => visit.app.change_formula(visit.actor(), id, form).await?,
            None => visit.app.add_formula(visit.actor(), form).await?,
        };
        Ok((saved, 0))
    }

    async fn delete(visit: &Visit, id: FormulaId, confirmed: bool) -> Result<(), AppError> {
        visit.app.delete_formula(visit.actor(), id, confirmed).await
    }

    async fn show(visit: &Visit, typed: Typed<Self>) -> PageResult {
        visit.show_as(typed.status(), |frame| form_page(frame, &typed)).await
    }

    fn deletable((formula, _): &(Formula, i64)) -> bool {
        formula.may_be_deleted()
    }

    fn losses(lang: Lang, (_, attributes): &(Formula, i64)) -> Vec<String> {
        let loss = (*attributes > 0).then(|| t!(lang, "loss-attributes", count = *attributes));
        loss.into_iter().collect()
    }

    fn switch(form: &mut FormulaForm, enabled: bool) {
        form.enabled = enabled;
    }
}

#[cfg(test)]
mod tests;
