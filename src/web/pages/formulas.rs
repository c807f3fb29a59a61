//! Formulas: list, form, deletion with its attributes (4.1).

use actix_web::http::StatusCode;
use actix_web::web::Path;
use maud::{Markup, html};

use crate::app::AppError;
use crate::app::formulas::FormulaForm;
use crate::catalogue::Lang;
use crate::domain::account::{Action, Model};
use crate::domain::formula::{Formula, Kind, Language, Sort};
use crate::domain::ids::FormulaId;
use crate::http::forms::Fields;
use crate::t;
use crate::web::components::form::{Choice, Form, Problems};
use crate::web::components::list::List;
use crate::web::components::panel::{Confirm, link_button};
use crate::web::components::status::{Level, badge, enabled};
use crate::web::components::table::{Row, Table, column};
use crate::web::error::{PageResult, problems};
use crate::web::flash::Flash;
use crate::web::layout::{Content, Frame};
use crate::web::urls;
use crate::web::visit::{Post, Visit};

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
            column(lang, "prefix"),
            column(lang, "name"),
            column(lang, "kind"),
            column(lang, "language"),
            column(lang, "enabled"),
            column(lang, "attributes").number(),
        ],
        rows: rows.collect(),
        order: None,
        selection: None,
        empty: t!(lang, "formulas-empty"),
    };
    let actions = html! {
        @if frame.may(Model::Formula, Action::Add) {
            (link_button(&urls::new(urls::FORMULAS), "plus", &t!(lang, "formula-new")))
        }
    };
    List::new(table).with_actions(actions)
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

/// One formula, or a new one.
pub struct FormView {
    pub id: Option<FormulaId>,
    pub sort: Sort,
    pub form: FormulaForm,
    pub problems: Problems,
}

/// Renders the form. Of a built-in formula only the name and whether it is enabled change.
pub fn form_page(frame: &Frame, view: &FormView) -> Markup {
    let lang = frame.lang();
    let action = if view.id.is_some() { Action::Change } else { Action::Add };
    let writable = frame.may(Model::Formula, action);
    let form = Form { lang, csrf: &frame.csrf, problems: &view.problems, writable };
    let data = &view.form;
    let built_in = view.sort == Sort::Basic;
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
    let url = view.id.map_or(urls::FORMULAS.to_owned(), |id| urls::object(urls::FORMULAS, id));
    let body = html! {
        section.card { (form.frame(&url, fields, form.save_or(urls::FORMULAS))) }
    };
    let title = if view.id.is_some() { data.name.clone() } else { t!(lang, "formula-new") };
    let deletable = view.id.filter(|_| !built_in && frame.may(Model::Formula, Action::Delete));
    let actions = html! {
        @if let Some(id) = deletable {
            (link_button(&urls::part(urls::FORMULAS, id, "delete"), "delete", &t!(lang, "ui-delete")))
        }
    };
    let content = Content::new(title, body).below(urls::FORMULAS, t!(lang, "nav-formulas"));
    frame.page(content.with_actions(actions))
}

/// `GET /formulas`.
pub async fn list(visit: Visit) -> PageResult {
    let frame = visit.frame().await?;
    let mut formulas = visit.app.formulas(visit.actor()).await?;
    formulas.retain(|(formula, _)| formula.sort != Sort::Server);
    visit.list(&frame, list_page(&frame, &formulas))
}

/// `GET /formulas/new`.
pub async fn new(visit: Visit) -> PageResult {
    visit.actor().permit(Model::Formula, Action::Add).map_err(AppError::from)?;
    let form = FormulaForm {
        prefix: String::new(),
        name: String::new(),
        enabled: true,
        kind: Kind::Normal,
        auto_add: true,
        language: Language::Bash,
        code: String::new(),
    };
    show_form(&visit, None, form, Problems::none()).await
}

/// `GET /formulas/{id}`.
pub async fn edit(visit: Visit, id: Path<FormulaId>) -> PageResult {
    let (formula, _) = visit.app.formula(visit.actor(), *id).await?;
    show_form(&visit, Some(*id), formula.into(), Problems::none()).await
}

/// `POST /formulas`.
pub async fn add(post: Post) -> PageResult {
    let (visit, form) = (post.visit, read(&post.fields));
    match visit.app.add_formula(visit.actor(), form.clone()).await {
        Ok(formula) => Ok(visit.done(urls::FORMULAS, Flash::done("done-added", formula.name))),
        Err(error) => show_form(&visit, None, form, problems(visit.lang, error)?).await,
    }
}

/// `POST /formulas/{id}`.
pub async fn change(post: Post, id: Path<FormulaId>) -> PageResult {
    let (visit, form) = (post.visit, read(&post.fields));
    match visit.app.change_formula(visit.actor(), *id, form.clone()).await {
        Ok(formula) => Ok(visit.done(urls::FORMULAS, Flash::done("done-saved", formula.name))),
        Err(error) => show_form(&visit, Some(*id), form, problems(visit.lang, error)?).await,
    }
}

/// `GET /formulas/{id}/delete`.
pub async fn confirm(visit: Visit, id: Path<FormulaId>) -> PageResult {
    visit.actor().permit(Model::Formula, Action::Delete).map_err(AppError::from)?;
    let (formula, attributes) = visit.app.formula(visit.actor(), *id).await?;
    let lang = visit.lang;
    let losses = (attributes > 0).then(|| t!(lang, "loss-attributes", count = attributes));
    let page = |frame: &Frame| {
        let confirm = Confirm {
            lang,
            csrf: &frame.csrf,
            url: urls::part(urls::FORMULAS, *id, "delete"),
            back: urls::object(urls::FORMULAS, *id),
            question: t!(lang, "formula-delete-question", name = formula.name.as_str()),
            losses: losses.into_iter().collect(),
            fields: Vec::new(),
            button: t!(lang, "ui-delete"),
        };
        let content = Content::new(t!(lang, "ui-delete"), confirm);
        frame.page(content.below(urls::FORMULAS, t!(lang, "nav-formulas")))
    };
    visit.show(page).await
}

/// `POST /formulas/{id}/delete`.
pub async fn delete(post: Post, id: Path<FormulaId>) -> PageResult {
    let visit = post.visit;
    let (formula, _) = visit.app.formula(visit.actor(), *id).await?;
    visit.app.delete_formula(visit.actor(), *id, post.fields.ticked("confirmed")).await?;
    Ok(visit.done(urls::FORMULAS, Flash::done("done-deleted", formula.name)))
}

async fn show_form(
    visit: &Visit,
    id: Option<FormulaId>,
    form: FormulaForm,
    problems: Problems,
) -> PageResult {
    let sort = match id {
        Some(id) => visit.app.formula(visit.actor(), id).await?.0.sort,
        None => Sort::Client,
    };
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let view = FormView { id, sort, form, problems };
    visit.show_as(status, |frame| form_page(frame, &view)).await
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

#[cfg(test)]
mod tests;
