//! Tag categories: list, form, deletion with their tags (4.3).

use actix_web::http::StatusCode;
use actix_web::web::Path;
use maud::{Markup, html};

use crate::app::AppError;
use crate::app::tag_categories::{Category, CategoryForm};
use crate::domain::account::{Action, Model};
use crate::domain::formula::Kind;
use crate::domain::ids::FormulaId;
use crate::http::forms::Fields;
use crate::t;
use crate::web::components::form::{Choice, Form, Problems};
use crate::web::components::list::List;
use crate::web::components::panel::{Confirm, link_button};
use crate::web::components::status::enabled;
use crate::web::components::table::{Row, Table, column};
use crate::web::error::{PageResult, problems};
use crate::web::flash::Flash;
use crate::web::layout::{Content, Frame};
use crate::web::pages::formulas::kind_name;
use crate::web::pages::named;
use crate::web::urls;
use crate::web::visit::{Post, Visit};

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
            column(lang, "prefix"),
            column(lang, "name"),
            column(lang, "kind"),
            column(lang, "enabled"),
            column(lang, "tags").number(),
        ],
        rows: rows.collect(),
        order: None,
        selection: None,
        empty: t!(lang, "tag-categories-empty"),
    };
    let actions = html! {
        @if frame.may(Model::Formula, Action::Add) {
            (link_button(&urls::new(urls::TAG_CATEGORIES), "plus", &t!(lang, "tag-category-new")))
        }
    };
    List::new(table).with_actions(actions)
}

/// One category, or a new one.
pub struct FormView {
    pub id: Option<FormulaId>,
    pub form: CategoryForm,
    pub problems: Problems,
}

/// Renders the form.
pub fn form_page(frame: &Frame, view: &FormView) -> Markup {
    let lang = frame.lang();
    let action = if view.id.is_some() { Action::Change } else { Action::Add };
    let writable = frame.may(Model::Formula, action);
    let form = Form { lang, csrf: &frame.csrf, problems: &view.problems, writable };
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
    let url = view
        .id
        .map_or(urls::TAG_CATEGORIES.to_owned(), |id| urls::object(urls::TAG_CATEGORIES, id));
    let body = html! {
        section.card.narrow { (form.frame(&url, fields, form.save_or(urls::TAG_CATEGORIES))) }
    };
    let title = if view.id.is_some() { data.name.clone() } else { t!(lang, "tag-category-new") };
    let deletable = view.id.filter(|_| frame.may(Model::Formula, Action::Delete));
    let actions = html! {
        @if let Some(id) = deletable {
            (link_button(&urls::part(urls::TAG_CATEGORIES, id, "delete"), "delete",
                &t!(lang, "ui-delete")))
        }
    };
    let content = Content::new(title, body);
    let content = content.below(urls::TAG_CATEGORIES, t!(lang, "nav-tag-categories"));
    frame.page(content.with_actions(actions))
}

/// `GET /tag-categories`.
pub async fn list(visit: Visit) -> PageResult {
    let frame = visit.frame().await?;
    let categories = visit.app.tag_categories(visit.actor()).await?;
    visit.list(&frame, list_page(&frame, &categories))
}

/// `GET /tag-categories/new`.
pub async fn new(visit: Visit) -> PageResult {
    visit.actor().permit(Model::Formula, Action::Add).map_err(AppError::from)?;
    let form = CategoryForm {
        prefix: String::new(),
        name: String::new(),
        enabled: true,
        kind: Kind::Normal,
    };
    show_form(&visit, None, form, Problems::none()).await
}

/// `GET /tag-categories/{id}`.
pub async fn edit(visit: Visit, id: Path<FormulaId>) -> PageResult {
    let (found, _) = visit.app.tag_category(visit.actor(), *id).await?;
    show_form(&visit, Some(*id), found.category, Problems::none()).await
}

/// `POST /tag-categories`.
pub async fn add(post: Post) -> PageResult {
    let (visit, form) = (post.visit, read(&post.fields));
    match visit.app.add_tag_category(visit.actor(), form.clone()).await {
        Ok(added) => {
            Ok(visit.done(urls::TAG_CATEGORIES, Flash::done("done-added", added.category.name)))
        }
        Err(error) => show_form(&visit, None, form, problems(visit.lang, error)?).await,
    }
}

/// `POST /tag-categories/{id}`.
pub async fn change(post: Post, id: Path<FormulaId>) -> PageResult {
    let (visit, form) = (post.visit, read(&post.fields));
    match visit.app.change_tag_category(visit.actor(), *id, form.clone()).await {
        Ok(saved) => {
            Ok(visit.done(urls::TAG_CATEGORIES, Flash::done("done-saved", saved.category.name)))
        }
        Err(error) => show_form(&visit, Some(*id), form, problems(visit.lang, error)?).await,
    }
}

/// `GET /tag-categories/{id}/delete`.
pub async fn confirm(visit: Visit, id: Path<FormulaId>) -> PageResult {
    visit.actor().permit(Model::Formula, Action::Delete).map_err(AppError::from)?;
    let (found, named_by) = visit.app.tag_category(visit.actor(), *id).await?;
    let lang = visit.lang;
    let tags = (found.tags > 0).then(|| t!(lang, "loss-tags", count = found.tags));
    let losses = tags.into_iter().chain(named::losses(lang, &named_by)).collect();
    let page = |frame: &Frame| {
        let confirm = Confirm {
            lang,
            csrf: &frame.csrf,
            url: urls::part(urls::TAG_CATEGORIES, *id, "delete"),
            back: urls::object(urls::TAG_CATEGORIES, *id),
            question: t!(lang, "tag-category-delete-question", name = found.category.name.as_str()),
            losses,
            fields: Vec::new(),
            button: t!(lang, "ui-delete"),
        };
        let content = Content::new(t!(lang, "ui-delete"), confirm);
        frame.page(content.below(urls::TAG_CATEGORIES, t!(lang, "nav-tag-categories")))
    };
    visit.show(page).await
}

/// `POST /tag-categories/{id}/delete`.
pub async fn delete(post: Post, id: Path<FormulaId>) -> PageResult {
    let visit = post.visit;
    let (found, _) = visit.app.tag_category(visit.actor(), *id).await?;
    let confirmed = post.fields.ticked("confirmed");
    visit.app.delete_tag_category(visit.actor(), *id, confirmed).await?;
    Ok(visit.done(urls::TAG_CATEGORIES, Flash::done("done-deleted", found.category.name)))
}

async fn show_form(
    visit: &Visit,
    id: Option<FormulaId>,
    form: CategoryForm,
    problems: Problems,
) -> PageResult {
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let view = FormView { id, form, problems };
    visit.show_as(status, |frame| form_page(frame, &view)).await
}

fn read(fields: &Fields) -> CategoryForm {
    CategoryForm {
        prefix: fields.get("prefix").to_owned(),
        name: fields.get("name").to_owned(),
        enabled: fields.ticked("enabled"),
        kind: Kind::parse(fields.get("kind")).unwrap_or(Kind::Normal),
    }
}
