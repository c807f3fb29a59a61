//! Projects: list, form, deletion with what hangs on it (2.3).

use actix_web::http::StatusCode;
use actix_web::web::Path;
use maud::{Markup, html};

use crate::app::AppError;
use crate::app::projects::ProjectForm;
use crate::app::related::Kind;
use crate::domain::account::{Action, Model};
use crate::domain::ids::ProjectId;
use crate::domain::pms::Pms;
use crate::domain::project::Project;
use crate::http::forms::Fields;
use crate::t;
use crate::web::components::form::{Choice, Form, Problems};
use crate::web::components::list::List;
use crate::web::components::panel::{Confirm, link_button};
use crate::web::components::status::yes_no;
use crate::web::components::table::{Row, Table, column};
use crate::web::error::{PageResult, problems};
use crate::web::flash::Flash;
use crate::web::layout::{Content, Frame};
use crate::web::related;
use crate::web::urls;
use crate::web::visit::{Post, Visit};

/// Renders the list.
pub fn list_page<'a>(frame: &'a Frame, projects: &'a [Project]) -> List<'a> {
    let lang = frame.lang();
    let rows = projects.iter().map(|project| {
        let cells = vec![
            html! { a href=(urls::object(urls::PROJECTS, project.id)) { (project.name) } },
            html! { (project.platform.name) },
            html! { (project.pms.as_str()) },
            yes_no(lang, project.auto_register_computers),
        ];
        Row::new("project", project.id, cells)
    });
    let table = Table {
        lang,
        caption: t!(lang, "nav-projects"),
        columns: ["name", "platform", "pms", "auto-register-computers"]
            .map(|name| column(lang, name))
            .into(),
        rows: rows.collect(),
        order: None,
        selection: None,
        empty: t!(lang, "projects-empty"),
    };
    let add = frame
        .may(Model::Project, Action::Add)
        .then(|| link_button(&urls::new(urls::PROJECTS), "plus", &t!(lang, "project-new")));
    List::new(table).with_actions(html! { @if let Some(add) = add { (add) } })
}

/// One project, or a new one.
pub struct FormView {
    /// Absent while it is new.
    pub id: Option<ProjectId>,
    pub form: ProjectForm,
    pub problems: Problems,
}

/// Renders the form.
pub fn form_page(frame: &Frame, view: &FormView) -> Markup {
    let lang = frame.lang();
    let action = if view.id.is_some() { Action::Change } else { Action::Add };
    let writable = frame.may(Model::Project, action);
    let form = Form { lang, csrf: &frame.csrf, problems: &view.problems, writable };
    let systems = Pms::ALL.iter().map(|pms| Choice::plain(pms.as_str())).collect();
    let fields = html! {
        (form.text("name", &view.form.name).required().max(50))
        (form.text("platform", &view.form.platform).required().max(50).hint("hint-project-platform"))
        (form.choice("pms", &view.form.pms, systems).required())
        (form.tick("auto_register_computers", view.form.auto_register_computers == Some(true)))
    };
    let url = view.id.map_or(urls::PROJECTS.to_owned(), |id| urls::object(urls::PROJECTS, id));
    let body = html! {
        section.card.narrow { (form.frame(&url, fields, form.save_or(urls::PROJECTS))) }
    };
    let title = match view.id {
        Some(_) => view.form.name.clone(),
        None => t!(lang, "project-new"),
    };
    let delete = view.id.filter(|_| frame.may(Model::Project, Action::Delete)).map(|id| {
        link_button(&urls::part(urls::PROJECTS, id, "delete"), "delete", &t!(lang, "ui-delete"))
    });
    frame.page(
        Content::new(title, body)
            .below(urls::PROJECTS, t!(lang, "nav-projects"))
            .with_actions(html! { @if let Some(delete) = delete { (delete) } }),
    )
}

/// `GET /projects`.
pub async fn list(visit: Visit) -> PageResult {
    let frame = visit.frame().await?;
    let projects = visit.app.projects(visit.actor()).await?;
    let projects = related::keep(&visit, Kind::Project, projects, |one| one.id.0).await?;
    visit.list(&frame, list_page(&frame, &projects))
}

/// `GET /projects/new`.
pub async fn new(visit: Visit) -> PageResult {
    visit.actor().permit(Model::Project, Action::Add).map_err(crate::app::AppError::from)?;
    let form = ProjectForm {
        name: String::new(),
        platform: "Linux".into(),
        pms: Pms::AptGet.as_str().into(),
        auto_register_computers: Some(false),
    };
    show_form(&visit, None, form, Problems::none()).await
}

/// `GET /projects/{id}`.
pub async fn edit(visit: Visit, id: Path<ProjectId>) -> PageResult {
    let (project, _) = visit.app.project(visit.actor(), *id).await?;
    let form = ProjectForm {
        name: project.name,
        platform: project.platform.name,
        pms: project.pms.as_str().into(),
        auto_register_computers: Some(project.auto_register_computers),
    };
    show_form(&visit, Some(*id), form, Problems::none()).await
}

/// `POST /projects`.
pub async fn add(post: Post) -> PageResult {
    let (visit, form) = (post.visit, read(&post.fields));
    match visit.app.add_project(visit.actor(), form.clone()).await {
        Ok(project) => Ok(visit.done(urls::PROJECTS, Flash::done("done-added", project.name))),
        Err(error) => show_form(&visit, None, form, problems(visit.lang, error)?).await,
    }
}

/// `POST /projects/{id}`.
pub async fn change(post: Post, id: Path<ProjectId>) -> PageResult {
    let (visit, form) = (post.visit, read(&post.fields));
    match visit.app.change_project(visit.actor(), *id, form.clone()).await {
        Ok(project) => Ok(visit.done(urls::PROJECTS, Flash::done("done-saved", project.name))),
        Err(error) => show_form(&visit, Some(*id), form, problems(visit.lang, error)?).await,
    }
}

/// `GET /projects/{id}/delete`.
pub async fn confirm(visit: Visit, id: Path<ProjectId>) -> PageResult {
    visit.actor().permit(Model::Project, Action::Delete).map_err(AppError::from)?;
    let (project, hangs_on) = visit.app.project(visit.actor(), *id).await?;
    let lang = visit.lang;
    let losses = [
        ("loss-computers", hangs_on.computers),
        ("loss-deployments", hangs_on.deployments),
        ("loss-packages", hangs_on.packages),
    ];
    let losses = losses.into_iter().filter(|(_, count)| *count > 0);
    let losses = losses.map(|(key, count)| t!(lang, key, count = count)).collect();
    visit
        .show(|frame| {
            let confirm = Confirm {
                lang,
                csrf: &frame.csrf,
                url: urls::part(urls::PROJECTS, *id, "delete"),
                back: urls::object(urls::PROJECTS, *id),
                question: t!(lang, "project-delete-question", name = project.name.as_str()),
                losses,
                fields: Vec::new(),
                button: t!(lang, "ui-delete"),
            };
            let content = Content::new(t!(lang, "ui-delete"), confirm)
                .below(urls::PROJECTS, t!(lang, "nav-projects"))
                .below(urls::object(urls::PROJECTS, *id), project.name.clone());
            frame.page(content)
        })
        .await
}

/// `POST /projects/{id}/delete`.
pub async fn delete(post: Post, id: Path<ProjectId>) -> PageResult {
    let visit = post.visit;
    let (project, _) = visit.app.project(visit.actor(), *id).await?;
    visit.app.delete_project(visit.actor(), *id, post.fields.ticked("confirmed")).await?;
    Ok(visit.done(urls::PROJECTS, Flash::done("done-deleted", project.name)))
}

async fn show_form(
    visit: &Visit,
    id: Option<ProjectId>,
    form: ProjectForm,
    problems: Problems,
) -> PageResult {
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let view = FormView { id, form, problems };
    visit.show_as(status, |frame| form_page(frame, &view)).await
}

fn read(fields: &Fields) -> ProjectForm {
    ProjectForm {
        name: fields.get("name").to_owned(),
        platform: fields.get("platform").to_owned(),
        pms: fields.get("pms").to_owned(),
        auto_register_computers: Some(fields.ticked("auto_register_computers")),
    }
}
