//! What is done to deployments without a form: switching them on and off, deleting one.

use actix_web::web::Path;

use crate::app::AppError;
use crate::app::deployments::DeploymentChange;
use crate::domain::account::{Action, Model};
use crate::domain::ids::DeploymentId;
use crate::t;
use crate::web::components::panel::Confirm;
use crate::web::error::PageResult;
use crate::web::flash::Flash;
use crate::web::layout::{Content, Frame};
use crate::web::urls;
use crate::web::visit::{Post, Visit};

fn enabled(enabled: bool) -> DeploymentChange {
    DeploymentChange { enabled: Some(enabled), ..DeploymentChange::default() }
}

/// `POST /deployments/{id}/enabled`.
pub async fn switch(post: Post, id: Path<DeploymentId>) -> PageResult {
    let visit = post.visit;
    let change = enabled(post.fields.get("enabled") == "yes");
    let detail = visit.app.change_deployment(visit.actor(), *id, change).await?;
    let url = urls::object(urls::DEPLOYMENTS, *id);
    Ok(visit.done(&url, Flash::done("done-saved", detail.deployment.name)))
}

/// `POST /deployments/selection`: enables, disables or publishes again what was ticked; asks
/// before it is deleted.
pub async fn selected(post: Post) -> PageResult {
    let (visit, fields) = (post.visit, post.fields);
    let ids: Vec<DeploymentId> = fields.ids("id").into_iter().map(DeploymentId).collect();
    let url = visit.came_from(urls::DEPLOYMENTS);
    if ids.is_empty() {
        return Ok(visit.done(&url, Flash::nothing_selected()));
    }
    let key = match fields.get("action") {
        "delete" => return ask(&visit, ids, urls::DEPLOYMENTS).await,
        "publish" => {
            let count = ids.len();
            visit.app.ask_regeneration(visit.actor(), ids).await?;
            return Ok(visit.done(&url, Flash::counted("done-regenerating", count)));
        }
        "disable" => "done-disabled",
        _ => "done-enabled",
    };
    for id in &ids {
        let change = enabled(key == "done-enabled");
        visit.app.change_deployment(visit.actor(), *id, change).await?;
    }
    Ok(visit.done(&url, Flash::counted(key, ids.len())))
}

/// `GET /deployments/{id}/delete`.
pub async fn confirm(visit: Visit, id: Path<DeploymentId>) -> PageResult {
    ask(&visit, vec![*id], &urls::object(urls::DEPLOYMENTS, *id)).await
}

/// Asks before deployments and their repositories are deleted; "cancel" leads to `back`.
async fn ask(visit: &Visit, ids: Vec<DeploymentId>, back: &str) -> PageResult {
    visit.actor().permit(Model::Deployment, Action::Delete).map_err(AppError::from)?;
    let lang = visit.lang;
    let mut losses = Vec::new();
    for id in &ids {
        let detail = visit.app.deployment(visit.actor(), *id).await?;
        let name = detail.deployment.name.as_str();
        losses.push(t!(lang, "loss-repository", name = name, count = detail.computers));
    }
    let count = i64::try_from(ids.len()).unwrap_or(i64::MAX);
    let page = |frame: &Frame| {
        let confirm = Confirm {
            lang,
            csrf: &frame.csrf,
            url: urls::object(urls::DEPLOYMENTS, "delete"),
            back: back.to_owned(),
            question: t!(lang, "deployments-delete-question", count = count),
            losses,
            fields: ids.iter().map(|id| ("id", id.to_string())).collect(),
            button: t!(lang, "ui-delete"),
        };
        let content = Content::new(t!(lang, "ui-delete"), confirm);
        frame.page(content.below(urls::DEPLOYMENTS, t!(lang, "nav-deployments")))
    };
    visit.show(page).await
}

/// `POST /deployments/delete`.
pub async fn delete(post: Post) -> PageResult {
    let (visit, fields) = (post.visit, post.fields);
    let ids = fields.ids("id");
    for id in &ids {
        visit.app.delete_deployment(visit.actor(), DeploymentId(*id)).await?;
    }
    Ok(visit.done(urls::DEPLOYMENTS, Flash::counted("done-deployments-deleted", ids.len())))
}
