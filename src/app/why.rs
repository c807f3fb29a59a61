//! Why a package is, or is not, for a computer: the evaluator's own reasons, in names.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::domain::account::{Action, Model};
use crate::domain::classification::{Classification, Origin};
use crate::domain::ids::{AttributeId, ComputerId};
use crate::domain::policy::Inaction;
use crate::domain::release::{
    Effect, Explanation, Giver, Obstacle, Path, PolicyExplanation, Subject,
};
use crate::domain::scopes::View;
use crate::domain::target::Pool;
use crate::storage::seen::{Seen, Thing};
use crate::storage::{StorageError, attributes, computers, release};
use crate::wire::sync::{WhyAnswer, WhyLine};

use super::actor::Actor;
use super::credentials::Signed;
use super::pools::{self, Expected};
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
    /// One for each deployment of its project that names or offers the package, in name order,
    /// then one for each policy that could install it.
    pub reasons: Vec<Reason>,
}

/// The part of one deployment or policy in the answer, as programs and pages read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Reason {
    /// `deployment` or `policy`.
    pub kind: String,
    pub id: i64,
    pub name: String,
    /// It reaches the computer now.
    pub available: bool,
    /// `installs TOKEN`, `removes TOKEN`, `offers VERSION`.
    pub effects: Vec<String>,
    /// `included`, `delayed` (by the schedule), `group` (of a policy), or the first condition that
    /// fails: `disabled`, `outside_domain`, `excluded`, `not_included`, `not_started`, `no_group`.
    pub condition: String,
    /// The attribute, the date, the domain or the priority that decided.
    pub detail: String,
    /// The first day, where a day matters.
    pub since: Option<String>,
    /// How the computer came by the attribute that decided: that attribute, then what gave it, down
    /// to one that the computer has by itself.
    pub chain: Vec<Link>,
}

/// An attribute of a chain of reasons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Link {
    pub attribute: String,
    /// `own`, or what gives it: `tag`, `domain`, `set`.
    pub origin: String,
}

impl App {
    /// Explains, deployment by deployment and policy by policy, what happens to a package on a computer.
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
        self.see(actor, move |tx| {
            tx.check(Thing::Computer, computer.0)?;
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
            .read(move |tx| {
                let everything = tx.seen_by(View::EVERYTHING);
                app.reasons(&everything, computer, &asked, at).map_err(Refusal::from)
            })
            .await?;
        Ok(WhyAnswer { package, lines: reasons.into_iter().map(line).collect() })
    }

    /// The reasons of what is in sight (6.6).
    fn reasons(
        &self,
        tx: &Seen<'_>,
        computer: ComputerId,
        package: &str,
        at: jiff::Timestamp,
    ) -> Result<Vec<Reason>, StorageError> {
        let project = computers::get(tx, computer)?.project;
        let site = self.site(tx)?;
        let classification = site.release.classification();
        let Expected { pool, tags } = pools::expected(tx, classification, computer)?;
        let subject = Subject { computer, project, pool: &pool, today: self.today(at) };
        let offers = release::offers(tx, project, package)?;
        let mut why = site.release.why(&subject, package, &offers);
        let ids = why.deployments.iter().map(|told| told.deployment).collect();
        let in_sight = tx.deployments_among(&ids)?;
        why.deployments.retain(|told| in_sight.contains(&told.deployment));
        let mut said = Vec::new();
        said.extend(why.deployments.into_iter().map(|told| of_deployment(told, classification)));
        said.extend(why.policies.into_iter().map(of_policy));
        let chain = |by: AttributeId| chain(by, &pool, &tags, classification);
        let chains: Vec<Vec<(AttributeId, Origin)>> =
            said.iter().map(|(_, by)| by.map(chain).unwrap_or_default()).collect();
        let named = chains.iter().flatten().map(|(attribute, _)| *attribute);
        let names = attributes::names(tx, named)?;
        let name = |id: &AttributeId| names.get(id).cloned().unwrap_or_default();
        let finished = said.into_iter().zip(chains).map(|((mut reason, by), chain)| {
            if let Some(by) = by {
                reason.detail = name(&by);
            }
            let link = |(attribute, origin): &(AttributeId, Origin)| Link {
                attribute: name(attribute),
                origin: origin_name(*origin).to_owned(),
            };
            reason.chain = chain.iter().map(link).collect();
            reason
        });
        Ok(finished.collect())
    }
}

/// A reason without names yet, and the attribute that decided.
type Said = (Reason, Option<AttributeId>);

fn of_deployment(told: Explanation, classification: &Classification) -> Said {
    let mut reason = Reason {
        kind: "deployment".to_owned(),
        id: told.deployment.0,
        name: told.name,
        available: told.answer.is_ok(),
        effects: told.effects.into_iter().map(effect).collect(),
        condition: String::new(),
        detail: String::new(),
        since: None,
        chain: Vec::new(),
    };
    let (condition, by) = match told.answer {
        Ok(reach) => {
            reason.since = Some(reach.since.to_string());
            let delayed = matches!(reach.path, Path::Delay { .. });
            (if delayed { "delayed" } else { "included" }, Some(reach.by))
        }
        Err(Obstacle::Excluded(attribute)) => ("excluded", Some(attribute)),
        Err(Obstacle::NotStarted(reach)) => {
            reason.since = Some(reach.since.to_string());
            ("not_started", Some(reach.by))
        }
        Err(obstacle @ Obstacle::OutsideDomain(domain)) => {
            reason.detail =
                classification.domain(domain).map(|d| d.name.clone()).unwrap_or_default();
            (obstacle.as_str(), None)
        }
        Err(other) => (other.as_str(), None),
    };
    condition.clone_into(&mut reason.condition);
    (reason, by)
}

fn of_policy(told: PolicyExplanation) -> Said {
    let (condition, by) = match told.answer {
        Ok(taken) => ("group", Some(taken.group_by)),
        Err(inaction @ Inaction::Excluded(attribute)) => (inaction.as_str(), Some(attribute)),
        Err(inaction) => (inaction.as_str(), None),
    };
    let reason = Reason {
        kind: "policy".to_owned(),
        id: told.policy.0,
        name: told.name,
        available: told.answer.is_ok(),
        effects: told.effects.into_iter().map(effect).collect(),
        condition: condition.to_owned(),
        detail: String::new(),
        since: None,
        chain: Vec::new(),
    };
    (reason, by)
}

/// How a computer came by an attribute, down to one that it has by itself.
fn chain(
    attribute: AttributeId,
    pool: &Pool,
    tags: &BTreeSet<AttributeId>,
    classification: &Classification,
) -> Vec<(AttributeId, Origin)> {
    let mut links: Vec<(AttributeId, Origin)> = Vec::new();
    let mut next = Some(attribute);
    while let Some(at) = next.filter(|at| links.iter().all(|(seen, _)| seen != at)) {
        let origin = classification.origin(at, pool, tags);
        links.push((at, origin));
        next = match origin {
            Origin::Own => None,
            Origin::Tag(by) | Origin::Domain(by) | Origin::Set(by) => Some(by),
        };
    }
    links
}

fn origin_name(origin: Origin) -> &'static str {
    match origin {
        Origin::Own => "own",
        Origin::Tag(_) => "tag",
        Origin::Domain(_) => "domain",
        Origin::Set(_) => "set",
    }
}

fn effect(effect: Effect) -> String {
    match effect {
        Effect::Installs(token) => format!("installs {token}"),
        Effect::Removes(token) => format!("removes {token}"),
        Effect::Offers(version) => format!("offers {version}"),
    }
}

/// A reason on the wire: of a policy, the name says so.
fn line(reason: Reason) -> WhyLine {
    let deployment = match reason.kind.as_str() {
        "policy" => Giver::Policy(reason.name.into()),
        _ => Giver::Deployment(reason.name.into()),
    };
    WhyLine {
        deployment: deployment.to_string(),
        available: reason.available,
        effects: reason.effects,
        condition: reason.condition,
        detail: reason.detail,
        since: reason.since.unwrap_or_default(),
        chain: reason.chain.into_iter().map(|link| link.attribute).collect(),
    }
}
