//! Moving packages from a deployment to another one (D-PROC-01).

use actix_web::web::Path;
use maud::{Markup, html};

use crate::app::AppError;
use crate::app::package_moves::Move;
use crate::domain::account::{Action, Model};
use crate::domain::ids::DeploymentId;
use crate::t;
use crate::web::components::form::{Choice, Form, Problems};
use crate::web::components::panel::empty;
use crate::web::error::{PageResult, problems};
use crate::web::flash::Flash;
use crate::web::layout::{Content, Frame};
use crate::web::pages::lookups;
use crate::web::urls;
use crate::web::visit::{Post, Visit};

/// The form.
pub struct View {
    pub id: DeploymentId,
    pub name: String,
    /// Deployments that can take them, by name.
    pub targets: Vec<Choice>,
    pub to: String,
    /// File names, one in a line.
    pub packages: String,
    pub disable: bool,
    pub problems: Problems,
}

/// Renders the form.
pub fn page(frame: &Frame, view: &View) -> Markup {
    let lang = frame.lang();
    let form = Form { lang, csrf: &frame.csrf, problems: &view.problems, writable: true };
    let back = urls::object(urls::DEPLOYMENTS, view.id);
    let fields = html! {
        (form.choice("to", &view.to, view.targets.clone()).label("move-to").required())
        (form.lines("packages", &view.packages).hint("move-packages-text").required())
        (form.tick("disable", view.disable).label("move-disable").hint("move-disable-text"))
    };
    let buttons = html! {
        button.button.main type="submit" { (t!(lang, "move-packages")) }
        a.button href=(back) { (t!(lang, "ui-cancel")) }
    };
    let body = html! {
        section.card {
            @if view.targets.is_empty() {
                (empty(&t!(lang, "move-nowhere")))
            } @else {
                (form.frame(&urls::part(urls::DEPLOYMENTS, view.id, "move"), fields, buttons))
            }
        }
    };
    let content = Content::new(t!(lang, "move-packages"), body);
    let content = content.below(urls::DEPLOYMENTS, t!(lang, "nav-deployments"));
    frame.page(content.below(back, view.name.clone()))
}

/// `GET /deployments/{id}/move`: all packages stand there; what is taken out of the list stays.
pub async fn form(visit: Visit, id: Path<DeploymentId>) -> PageResult {
    visit.actor().permit(Model::Deployment, Action::Change).map_err(AppError::from)?;
    let detail = visit.app.deployment(visit.actor(), *id).await?;
    let packages = detail.available_packages.join("\n");
    show(&visit, *id, (String::new(), packages, true), Problems::none()).await
}

/// `POST /deployments/{id}/move`.
pub async fn submit(post: Post, id: Path<DeploymentId>) -> PageResult {
    let (visit, fields) = (post.visit, post.fields);
    let packages = lookups::lines(&fields, "packages");
    let (to, disable) = (fields.get("to").to_owned(), fields.ticked("disable"));
    let moved = match to.parse() {
        Ok(to) => {
            let wanted = Move { to, packages: Some(packages.clone()), disable };
            visit.app.move_packages(visit.actor(), *id, wanted).await
        }
        Err(_) => Err(AppError::invalid("to", "a deployment is needed")),
    };
    match moved {
        Ok(count) => {
            let url = urls::object(urls::DEPLOYMENTS, to);
            Ok(visit.done(&url, Flash::counted("done-packages-moved", count)))
        }
        Err(error) => {
            let wrong = problems(visit.lang, error)?;
            show(&visit, *id, (to, packages.join("\n"), disable), wrong).await
        }
    }
}

async fn show(
    visit: &Visit,
    id: DeploymentId,
    (to, packages, disable): (String, String, bool),
    problems: Problems,
) -> PageResult {
    let detail = visit.app.deployment(visit.actor(), id).await?;
    let targets = visit.app.move_targets(visit.actor(), id).await?;
    let targets = targets.into_iter().map(|one| Choice::new(one.id, one.name)).collect();
    let status = problems.status();
    let name = detail.deployment.name;
    let view = View { id, name, targets, to, packages, disable, problems };
    visit.show_as(status, |frame| page(frame, &view)).await
}
