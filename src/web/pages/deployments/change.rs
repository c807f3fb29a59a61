//! What is done to deployments without a form: switching them on and off, deleting one.

use actix_web::web::Path;

use crate::app::deployments::DeploymentChange;
use crate::domain::ids::DeploymentId;
use crate::t;
use crate::web::components::panel::Confirm;
use crate::web::error::PageResult;
use crate::web::flash::Flash;
use crate::web::layout::Content;
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

/// `POST /deployments/selection`: enables or disables what was ticked.
pub async fn selected(post: Post) -> PageResult {
    let (visit, fields) = (post.visit, post.fields);
    let ids = fields.ids("id");
    let url = visit.came_from(urls::DEPLOYMENTS);
    let key = match fields.get("action") {
        _ if ids.is_empty() => return Ok(visit.done(&url, Flash::nothing_selected())),
        "disable" => "done-disabled",
        _ => "done-enabled",
    };
    for id in &ids {
        let change = enabled(key == "done-enabled");
        visit.app.change_deployment(visit.actor(), DeploymentId(*id), change).await?;
    }
    Ok(visit.done(&url, Flash::counted(key, ids.len())))
}

/// `GET /deployments/{id}/delete`.
pub async fn confirm(visit: Visit, id: Path<DeploymentId>) -> PageResult {
    let detail = visit.app.deployment(visit.actor(), *id).await?;
    let (lang, name) = (visit.lang, detail.deployment.name);
    let url = urls::object(urls::DEPLOYMENTS, *id);
    visit
        .show(|frame| {
            let confirm = Confirm {
                lang,
                csrf: &frame.csrf,
                url: urls::part(urls::DEPLOYMENTS, *id, "delete"),
                back: url.clone(),
                question: t!(lang, "deployment-delete-question", name = name.as_str()),
                losses: vec![
                    t!(lang, "loss-repository", name = detail.deployment.slug.as_str()),
                    t!(lang, "loss-reaches", count = detail.computers),
                ],
                fields: Vec::new(),
                button: t!(lang, "ui-delete"),
            };
            let content = Content::new(t!(lang, "ui-delete"), confirm);
            frame.page(
                content
                    .below(urls::DEPLOYMENTS, t!(lang, "nav-deployments"))
                    .below(url.clone(), name.clone()),
            )
        })
        .await
}

/// `POST /deployments/{id}/delete`.
pub async fn delete(post: Post, id: Path<DeploymentId>) -> PageResult {
    let visit = post.visit;
    let detail = visit.app.deployment(visit.actor(), *id).await?;
    visit.app.delete_deployment(visit.actor(), *id).await?;
    Ok(visit.done(urls::DEPLOYMENTS, Flash::done("done-deleted", detail.deployment.name)))
}
