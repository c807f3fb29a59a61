//! Projects: list and form (2.3).

use maud::{Markup, html};

use crate::app::AppError;
use crate::app::projects::{Dependants, ProjectForm};
use crate::app::related::Kind;
use crate::catalogue::Lang;
use crate::domain::account::Model;
use crate::domain::ids::ProjectId;
use crate::domain::pms::Pms;
use crate::domain::project::Project;
use crate::http::forms::Fields;
use crate::t;
use crate::web::components::form::Choice;
use crate::web::components::list::List;
use crate::web::components::status::yes_no;
use crate::web::components::table::{Order, Row, Table, column};
use crate::web::crud::{self, Crud, Typed};
use crate::web::error::PageResult;
use crate::web::layout::Frame;
use crate::web::urls::{self, Query};
use crate::web::visit::Visit;
use crate::web::{related, sorting};

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
            .map(|name| column(lang, name).sortable(name))
            .into(),
        rows: rows.collect(),
        order: Some(Order::of(&frame.query)),
        selection: crud::selection::<Projects>(frame),
        empty: t!(lang, "projects-empty"),
    };
    List::new(table).with_actions(crud::addition::<Projects>(frame))
}

/// The columns that the list is sorted by.
const SORTED: [sorting::Column<Project>; 4] = [
    ("name", |project| (&project.name).into()),
    ("platform", |project| (&project.platform.name).into()),
    ("pms", |project| project.pms.as_str().into()),
    ("auto-register-computers", |project| project.auto_register_computers.into()),
];

/// Renders the form.
fn form_page(frame: &Frame, view: &Typed<Projects>) -> Markup {
    let form = view.form(frame);
    let data = &view.form;
    let systems = Pms::ALL.iter().map(|pms| Choice::plain(pms.as_str())).collect();
    let fields = html! {
        (form.text("name", &data.name).required().max(50))
        (form.text("platform", &data.platform).required().max(50).hint("hint-project-platform"))
        (form.choice("pms", &data.pms, systems).required())
        (form.tick("auto_register_computers", data.auto_register_computers == Some(true)))
    };
    let body = html! { section.card.narrow { (view.framed(form, fields)) } };
    frame.page(view.content(frame, &data.name, body))
}

/// `GET /projects`.
pub async fn list(visit: Visit) -> PageResult {
    let frame = visit.frame().await?;
    let projects = visit.app.projects(visit.actor()).await?;
    let mut projects = related::keep(&visit, Kind::Project, projects, |one| one.id.0).await?;
    sorting::sort(&visit.query, &mut projects, &SORTED);
    visit.list(&frame, list_page(&frame, &projects))
}

/// What is done with projects.
pub struct Projects;

impl Crud for Projects {
    type Id = ProjectId;
    type Form = ProjectForm;
    type Stored = (Project, Dependants);

    const MODEL: Model = Model::Project;
    const LIST: &'static str = urls::PROJECTS;
    const NAV: &'static str = "nav-projects";
    const NEW: &'static str = "project-new";
    const QUESTION: &'static str = "project-delete-question";

    fn id(number: i64) -> ProjectId {
        ProjectId(number)
    }

    fn name((project, _): &(Project, Dependants)) -> String {
        project.name.clone()
    }

    fn blank(_query: &Query) -> ProjectForm {
        ProjectForm {
            name: String::new(),
            platform: "Linux".into(),
            pms: Pms::AptGet.as_str().into(),
            auto_register_computers: Some(false),
        }
    }

    fn typed((project, _): &(Project, Dependants)) -> ProjectForm {
        project.into()
    }

    fn read(fields: &Fields) -> ProjectForm {
        ProjectForm {
            name: fields.get("name").to_owned(),
            platform: fields.get("platform").to_owned(),
            pms: fields.get("pms").to_owned(),
            auto_register_computers: Some(fields.ticked("auto_register_computers")),
        }
    }

    async fn find(visit: &Visit, id: ProjectId) -> Result<(Project, Dependants), AppError> {
        visit.app.project(visit.actor(), id).await
    }

    async fn save(
        visit: &Visit,
        id: Option<ProjectId>,
        form: ProjectForm,
    ) -> Result<(Project, Dependants), AppError> {
        let saved = match id {
            Some(id) => visit.app.change_project(visit.actor(), id, form).await?,
            None => visit.app.add_project(visit.actor(), form).await?,
        };
        Ok((saved, Dependants::default()))
    }

    async fn delete(visit: &Visit, id: ProjectId, confirmed: bool) -> Result<(), AppError> {
        visit.app.delete_project(visit.actor(), id, confirmed).await
    }

    async fn show(visit: &Visit, typed: Typed<Self>) -> PageResult {
        visit.show_as(typed.status(), |frame| form_page(frame, &typed)).await
    }

    fn losses(lang: Lang, (_, hangs_on): &(Project, Dependants)) -> Vec<String> {
        let losses = [
            ("loss-computers", hangs_on.computers),
            ("loss-deployments", hangs_on.deployments),
            ("loss-packages", hangs_on.packages),
        ];
        let losses = losses.into_iter().filter(|(_, count)| *count > 0);
        losses.map(|(key, count)| t!(lang, key, count = count)).collect()
    }
}
