//! Platforms: they come with projects or computers; here they are renamed or deleted (2.1).

use actix_web::http::StatusCode;
use actix_web::web::Path;
use maud::{Markup, html};

use crate::app::AppError;
use crate::domain::account::{Action, Model};
use crate::domain::ids::PlatformId;
use crate::domain::project::Platform;
use crate::t;
use crate::web::components::form::{Form, Problems};
use crate::web::components::list::List;
use crate::web::components::panel::{Confirm, link_button};
use crate::web::components::table::{Order, Row, Table, column};
use crate::web::error::{PageError, PageResult, problems};
use crate::web::flash::Flash;
use crate::web::layout::{Content, Frame};
use crate::web::sorting;
use crate::web::urls;
use crate::web::visit::{Post, Visit};

/// Renders the list: platforms with their number of projects.
pub fn list_page<'a>(frame: &'a Frame, platforms: &'a [(Platform, i64)]) -> List<'a> {
    let lang = frame.lang();
    let rows = platforms.iter().map(|(platform, projects)| {
        let cells = vec![
            html! { a href=(urls::object(urls::PLATFORMS, platform.id)) { (platform.name) } },
            html! { (projects) },
        ];
        Row::new("platform", platform.id, cells)
    });
    let table = Table {
        lang,
        caption: t!(lang, "nav-platforms"),
        columns: vec![
            column(lang, "name").sortable("name"),
            column(lang, "projects").number().sortable("projects"),
        ],
        rows: rows.collect(),
        order: Some(Order::of(&frame.query)),
        selection: None,
        empty: t!(lang, "platforms-empty"),
    };
    List::new(table)
}

/// The columns that the list is sorted by.
const SORTED: [sorting::Column<(Platform, i64)>; 2] = [
    ("name", |(platform, _)| (&platform.name).into()),
    ("projects", |(_, projects)| (*projects).into()),
];

/// Renders the form of one.
pub fn form_page(frame: &Frame, platform: &Platform, problems: &Problems) -> Markup {
    let lang = frame.lang();
    let writable = frame.may(Model::Platform, Action::Change);
    let form = Form { lang, csrf: &frame.csrf, problems, writable };
    let url = urls::object(urls::PLATFORMS, platform.id);
    let fields = form.text("name", &platform.name).required().max(50);
    let body = html! {
        section.card.narrow { (form.frame(&url, fields, form.save_or(urls::PLATFORMS))) }
    };
    let delete = frame.may(Model::Platform, Action::Delete);
    let actions = html! {
        @if delete {
            (link_button(&urls::part(urls::PLATFORMS, platform.id, "delete"), "delete",
                &t!(lang, "ui-delete")))
        }
    };
    let content = Content::new(platform.name.clone(), body);
    frame.page(content.below(urls::PLATFORMS, t!(lang, "nav-platforms")).with_actions(actions))
}

/// `GET /platforms`.
pub async fn list(visit: Visit) -> PageResult {
    let frame = visit.frame().await?;
    let mut platforms = visit.app.platforms(visit.actor()).await?;
    sorting::sort(&visit.query, &mut platforms, &SORTED);
    visit.list(&frame, list_page(&frame, &platforms))
}

/// `GET /platforms/{id}`.
pub async fn edit(visit: Visit, id: Path<PlatformId>) -> PageResult {
    let platform = find(&visit, *id).await?;
    visit.show(|frame| form_page(frame, &platform, &Problems::none())).await
}

/// `POST /platforms/{id}`.
pub async fn change(post: Post, id: Path<PlatformId>) -> PageResult {
    let visit = post.visit;
    let name = post.fields.get("name");
    match visit.app.rename_platform(visit.actor(), *id, name).await {
        Ok(platform) => Ok(visit.done(urls::PLATFORMS, Flash::done("done-saved", platform.name))),
        Err(error) => {
            let wrong = problems(visit.lang, error)?;
            let typed = Platform { id: *id, name: name.to_owned() };
            let page = |frame: &Frame| form_page(frame, &typed, &wrong);
            visit.show_as(StatusCode::UNPROCESSABLE_ENTITY, page).await
        }
    }
}

/// `GET /platforms/{id}/delete`.
pub async fn confirm(visit: Visit, id: Path<PlatformId>) -> PageResult {
    visit.actor().permit(Model::Platform, Action::Delete).map_err(AppError::from)?;
    let platform = find(&visit, *id).await?;
    let lang = visit.lang;
    let page = |frame: &Frame| {
        let confirm = Confirm {
            lang,
            csrf: &frame.csrf,
            url: urls::part(urls::PLATFORMS, *id, "delete"),
            back: urls::object(urls::PLATFORMS, *id),
            question: t!(lang, "platform-delete-question", name = platform.name.as_str()),
            losses: Vec::new(),
            fields: Vec::new(),
            button: t!(lang, "ui-delete"),
        };
        let content = Content::new(t!(lang, "ui-delete"), confirm);
        frame.page(content.below(urls::PLATFORMS, t!(lang, "nav-platforms")))
    };
    visit.show(page).await
}

/// `POST /platforms/{id}/delete`.
pub async fn delete(post: Post, id: Path<PlatformId>) -> PageResult {
    let visit = post.visit;
    let platform = find(&visit, *id).await?;
    visit.app.delete_platform(visit.actor(), *id).await?;
    Ok(visit.done(urls::PLATFORMS, Flash::done("done-deleted", platform.name)))
}

async fn find(visit: &Visit, id: PlatformId) -> Result<Platform, PageError> {
    let platforms = visit.app.platforms(visit.actor()).await?.into_iter();
    let found = platforms.map(|(platform, _)| platform).find(|platform| platform.id == id);
    Ok(found.ok_or_else(|| AppError::not_found("platform", id))?)
}
