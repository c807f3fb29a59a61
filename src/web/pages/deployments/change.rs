//! What is done to deployments without a form: switching them on and off, deleting them, one or a
//! selection of the list.

use actix_web::web::Path;

use crate::app::AppError;
use crate::app::actor::Actor;
use crate::app::deployments::{DeploymentChange, DeploymentDetail};
use crate::catalogue::Lang;
use crate::domain::account::{Action, Model};
use crate::domain::ids::DeploymentId;
use crate::http::forms::Fields;
use crate::t;
use crate::web::crud::{self, Ticked};
use crate::web::error::PageResult;
use crate::web::flash::Flash;
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

/// `GET /deployments/{id}/delete`.
pub async fn confirm(visit: Visit, id: Path<DeploymentId>) -> PageResult {
    crud::ask_one::<Deployments>(&visit, id.0).await
}

/// Deployments ticked in their list.
pub struct Deployments;

/// What a button does to each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    Switch(bool),
    /// Its repository is made again.
    Publish,
    Delete,
}

impl Ticked for Deployments {
    type Deed = Deed;
    type Stored = DeploymentDetail;

    const LIST: &'static str = urls::DEPLOYMENTS;
    const NAV: &'static str = "nav-deployments";
    const QUESTION: &'static str = "deployments-delete-question";
    const LOSES: Deed = Deed::Delete;

    fn deed(fields: &Fields) -> Option<Deed> {
        Some(match fields.get("action") {
            "enable" => Deed::Switch(true),
            "disable" => Deed::Switch(false),
            "publish" => Deed::Publish,
            "delete" => Deed::Delete,
            _ => return None,
        })
    }

    fn permit(actor: &Actor, deed: Deed) -> Result<(), AppError> {
        let action = if deed == Self::LOSES { Action::Delete } else { Action::Change };
        Ok(actor.permit(Model::Deployment, action).map(drop)?)
    }

    fn done(deed: Deed) -> &'static str {
        match deed {
            Deed::Switch(true) => "done-enabled",
            Deed::Switch(false) => "done-disabled",
            Deed::Publish => "done-regenerating",
            Deed::Delete => "done-deployments-deleted",
        }
    }

    async fn find(visit: &Visit, number: i64) -> Result<DeploymentDetail, AppError> {
        visit.app.deployment(visit.actor(), DeploymentId(number)).await
    }

    fn name(stored: &DeploymentDetail) -> String {
        stored.deployment.name.clone()
    }

    fn losses(lang: Lang, stored: &DeploymentDetail) -> Vec<String> {
        let name = stored.deployment.name.as_str();
        vec![t!(lang, "loss-repository", name = name, count = stored.computers)]
    }

    async fn act(
        visit: &Visit,
        deed: Deed,
        number: i64,
        _stored: &DeploymentDetail,
    ) -> Result<usize, AppError> {
        let (app, actor, id) = (&visit.app, visit.actor(), DeploymentId(number));
        match deed {
            Deed::Switch(on) => drop(app.change_deployment(actor, id, enabled(on)).await?),
            Deed::Publish => app.ask_regeneration(actor, vec![id]).await?,
            Deed::Delete => app.delete_deployment(actor, id).await?,
        }
        Ok(1)
    }
}
