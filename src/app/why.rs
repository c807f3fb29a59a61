//! Why a package is, or is not, for a computer: the evaluator's own reasons, in names.

use serde::{Deserialize, Serialize};

use crate::domain::account::{Action, Model};
use crate::domain::ids::{AttributeId, ComputerId};
use crate::domain::release::{Effect, Explanation, Obstacle, Subject};
use crate::storage::{ReadTx, StorageError, attributes, computers, release};
use crate::wire::sync::{WhyAnswer, WhyLine};

use super::actor::Actor;
use super::credentials::Signed;
use super::refusal::Refusal;
use super::{App, AppError};

/// Longest name of a package that is asked for, in characters.
const MAX_PACKAGE: usize = 255;

/// What happens to a package on a computer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Why {
    /// Its CID.
    pub computer: i64,
    pub package: String,
    /// One for each deployment of its project that names or offers the package, in name order.
    pub reasons: Vec<Reason>,
}

/// One deployment's part in the answer, as programs and pages read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Reason {
    pub deployment: i64,
    pub name: String,
    /// The deployment reaches the computer now.
    pub available: bool,
    /// `installs TOKEN`, `removes TOKEN`, `offers VERSION`.
    pub effects: Vec<String>,
    /// `included`, or the first condition that fails: `disabled`, `excluded`, `not_included`,
    /// `not_started`.
    pub condition: String,
    /// The attribute or the date that decided.
    pub detail: String,
}

impl App {
    /// Explains, deployment by deployment, what happens to a package on a computer.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right to view computers, [`AppError::NotFound`].
    pub async fn why(
        &self,
        actor: &Actor,
        computer: ComputerId,
        package: &str,
    ) -> Result<Why, AppError> {
        actor.permit(Model::Computer, Action::View)?;
        let (app, package, at) = (self.clone(), package.trim().to_owned(), actor.at);
        self.storage()
            .read(move |tx| {
                let reasons = app.reasons(tx, computer, &package, at)?;
                Ok(Why { computer: computer.0, package, reasons })
            })
            .await
    }

    /// The same for the computer itself (`POST /sync/v1/why`).
    ///
    /// # Errors
    /// [`Refusal::Replay`], [`Refusal::Invalid`] without a package.
    pub async fn why_here(&self, by: Signed, package: &str) -> Result<WhyAnswer, Refusal> {
        let package = package.trim().to_owned();
        if package.is_empty() || package.chars().count() > MAX_PACKAGE {
            return Err(Refusal::Invalid("package: the name of a package".into()));
        }
        let (computer, at) = (by.computer, by.call.at);
        self.storage().write(move |tx| by.accept(tx)).await?;
        let (app, asked) = (self.clone(), package.clone());
        let reasons = self
            .storage()
            .read(move |tx| app.reasons(tx, computer, &asked, at).map_err(Refusal::from))
            .await?;
        let line = |reason: Reason| WhyLine {
            deployment: reason.name,
            available: reason.available,
            effects: reason.effects,
            condition: reason.condition,
            detail: reason.detail,
        };
        Ok(WhyAnswer { package, lines: reasons.into_iter().map(line).collect() })
    }

    fn reasons(
        &self,
        tx: &ReadTx<'_>,
        computer: ComputerId,
        package: &str,
        at: jiff::Timestamp,
    ) -> Result<Vec<Reason>, StorageError> {
        let project = computers::get(tx, computer)?.project;
        let pool = attributes::pool(tx, computer)?;
        let subject = Subject { project, pool: &pool, today: self.today(at) };
        let offers = release::offers(tx, project, package)?;
        let explained = self.site(tx)?.release.why(&subject, package, &offers);
        let names = attributes::names(tx, explained.iter().filter_map(deciding))?;
        let reason = |explanation: Explanation| {
            let name = |id: AttributeId| names.get(&id).cloned().unwrap_or_default();
            let (condition, detail) = match explanation.answer {
                Ok(reach) => ("included", name(reach.by)),
                Err(Obstacle::Excluded(attribute)) => ("excluded", name(attribute)),
                Err(Obstacle::NotStarted(date)) => ("not_started", date.to_string()),
                Err(other) => (other.as_str(), String::new()),
            };
            Reason {
                deployment: explanation.deployment.0,
                name: explanation.name,
                available: explanation.answer.is_ok(),
                effects: explanation.effects.into_iter().map(effect).collect(),
                condition: condition.to_owned(),
                detail,
            }
        };
        Ok(explained.into_iter().map(reason).collect())
    }
}

/// The attribute that an answer rests on.
fn deciding(explanation: &Explanation) -> Option<AttributeId> {
    match explanation.answer {
        Ok(reach) => Some(reach.by),
        Err(Obstacle::Excluded(attribute)) => Some(attribute),
        Err(_) => None,
    }
}

fn effect(effect: Effect) -> String {
    match effect {
        Effect::Installs(token) => format!("installs {token}"),
        Effect::Removes(token) => format!("removes {token}"),
        Effect::Offers(version) => format!("offers {version}"),
    }
}
