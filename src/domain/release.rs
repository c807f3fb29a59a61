//! The release evaluator: what one computer gets now, with a reason for every line.
//!
//! Pure: (snapshot of the release, a computer's attributes, today) -> [`Plan`]. A sync, the
//! simulation page and `why` all ask here; no such decision is made anywhere else. Availability
//! (D-DEPLOY-10) is a list of conditions, each of which may find an [`Obstacle`]; schedules,
//! domains and policies join as further conditions and sources of orders.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::deployment;
use super::fault::FaultDefinition;
use super::ids::{AttributeId, DeploymentId, FaultDefinitionId, ProjectId};
use super::target::{Mismatch, Pool, Target, first_common};
use super::text::package_list;

/// All that is released, as of one moment; immutable and shared.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    /// Deployments of each project in name order (D-DEPLOY-13).
    projects: BTreeMap<ProjectId, Vec<Deployment>>,
    /// Enabled and disabled fault definitions in name order.
    faults: Vec<FaultRule>,
}

/// What the evaluator needs of a deployment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deployment {
    pub id: DeploymentId,
    pub project: ProjectId,
    pub name: String,
    pub slug: String,
    pub enabled: bool,
    pub start_date: Date,
    pub target: Target,
    /// Tokens in the order they were typed (D-GEN-02).
    pub install: Vec<String>,
    pub remove: Vec<String>,
}

/// What the evaluator needs of a fault definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultRule {
    pub id: FaultDefinitionId,
    pub name: String,
    pub enabled: bool,
    pub target: Target,
}

/// Whom the question is about, and the day it is asked (in the zone of the site, D-GEN-01).
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    pub project: ProjectId,
    pub pool: &'a Pool,
    pub today: Date,
}

/// Why a deployment reaches a computer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reach {
    /// The included attribute that the computer has; the lowest id where it has several.
    pub by: AttributeId,
    pub since: Date,
}

/// Why a deployment does not reach a computer: the first condition that fails (D-DEPLOY-10).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Obstacle {
    /// It is off for all computers.
    Disabled,
    /// It belongs to another project.
    OtherProject,
    /// The computer has this excluded attribute.
    Excluded(AttributeId),
    /// The computer has none of its included attributes.
    NotIncluded,
    /// Its start date is still to come.
    NotStarted(Date),
}

impl Obstacle {
    /// Stable name for programs: `disabled`, `other_project`, `excluded`…
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Disabled => "disabled",
            Self::OtherProject => "other_project",
            Self::Excluded(_) => "excluded",
            Self::NotIncluded => "not_included",
            Self::NotStarted(_) => "not_started",
        }
    }
}

impl From<&deployment::Deployment> for Deployment {
    fn from(stored: &deployment::Deployment) -> Self {
        Self {
            id: stored.id,
            project: stored.project,
            name: stored.name.clone(),
            slug: stored.slug.clone(),
            enabled: stored.enabled,
            start_date: stored.start_date,
            target: stored.target.clone(),
            install: package_list(&stored.lists.install),
            remove: package_list(&stored.lists.remove),
        }
    }
}

impl From<&FaultDefinition> for FaultRule {
    fn from(stored: &FaultDefinition) -> Self {
        Self {
            id: stored.id,
            name: stored.name.clone(),
            enabled: stored.enabled,
            target: stored.target.clone(),
        }
    }
}

/// A condition that every available deployment fulfils.
type Condition = fn(&Deployment, &Subject<'_>) -> Result<(), Obstacle>;

/// Conditions 1, 2 and 4 of D-DEPLOY-10 in the order in which they are told; a domain's is one
/// more line.
const CONDITIONS: &[Condition] = &[
    |deployment, _| if deployment.enabled { Ok(()) } else { Err(Obstacle::Disabled) },
    |deployment, subject| {
        if deployment.project == subject.project { Ok(()) } else { Err(Obstacle::OtherProject) }
    },
    |deployment, subject| match deployment.target.match_of(subject.pool) {
        Err(Mismatch::Excluded(attribute)) => Err(Obstacle::Excluded(attribute)),
        Ok(_) | Err(Mismatch::NotIncluded) => Ok(()),
    },
];

impl Deployment {
    /// Says whether the deployment reaches the subject, or the first thing in the way.
    ///
    /// # Errors
    /// [`Obstacle`] is the answer "no", with its reason.
    pub fn reaches(&self, subject: &Subject<'_>) -> Result<Reach, Obstacle> {
        for condition in CONDITIONS {
            condition(self, subject)?;
        }
        self.by_attribute(subject)
    }

    /// Path (a) of condition 5: an included attribute, from the start date on. Plain calendar
    /// days: a weekend starts what is due on it.
    fn by_attribute(&self, subject: &Subject<'_>) -> Result<Reach, Obstacle> {
        let by = first_common(&self.target.included, subject.pool).ok_or(Obstacle::NotIncluded)?;
        if self.start_date > subject.today {
            return Err(Obstacle::NotStarted(self.start_date));
        }
        Ok(Reach { by, since: self.start_date })
    }
}

/// What a computer gets.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// In name order.
    pub deployments: Vec<Granted>,
    pub remove: Vec<Order>,
    pub install: Vec<Order>,
    /// Tokens ordered both ways: removed and installed again at each sync (D-MERGE-03).
    pub conflicts: Vec<String>,
    /// In name order.
    pub faults: Vec<FaultDefinitionId>,
}

/// A deployment that reaches the computer, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Granted {
    pub id: DeploymentId,
    pub name: String,
    pub slug: String,
    pub reach: Reach,
}

/// A package order and the deployments that gave it, in name order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Order {
    pub package: String,
    pub from: Vec<String>,
}

/// What one deployment does about a package, for `why`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explanation {
    pub deployment: DeploymentId,
    pub name: String,
    pub answer: Result<Reach, Obstacle>,
    pub effects: Vec<Effect>,
}

/// What a deployment does with a package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// It orders the installation, by this token.
    Installs(String),
    /// It orders the removal, by this token.
    Removes(String),
    /// Its repository has this version; it is not installed for that (D-DEPLOY-03).
    Offers(String),
}

impl Snapshot {
    /// Puts deployments and fault definitions, in any order, together.
    pub fn new(deployments: Vec<Deployment>, mut faults: Vec<FaultRule>) -> Self {
        let mut projects: BTreeMap<ProjectId, Vec<Deployment>> = BTreeMap::new();
        for deployment in deployments {
            projects.entry(deployment.project).or_default().push(deployment);
        }
        for of_project in projects.values_mut() {
            of_project.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
        }
        faults.sort_by(|a, b| a.name.cmp(&b.name));
        Self { projects, faults }
    }

    /// Deployments of a project in name order.
    pub fn deployments(&self, project: ProjectId) -> &[Deployment] {
        self.projects.get(&project).map(Vec::as_slice).unwrap_or_default()
    }

    /// Decides what the subject gets.
    pub fn plan(&self, subject: &Subject<'_>) -> Plan {
        let reaching: Vec<(&Deployment, Reach)> = self
            .deployments(subject.project)
            .iter()
            .filter_map(|deployment| Some((deployment, deployment.reaches(subject).ok()?)))
            .collect();
        let remove = merge(reaching.iter().map(|(d, _)| (d.name.as_str(), d.remove.as_slice())));
        let install = merge(reaching.iter().map(|(d, _)| (d.name.as_str(), d.install.as_slice())));
        let conflicts = conflicts(&install, &remove);
        let granted = |(deployment, reach): &(&Deployment, Reach)| Granted {
            id: deployment.id,
            name: deployment.name.clone(),
            slug: deployment.slug.clone(),
            reach: *reach,
        };
        Plan {
            deployments: reaching.iter().map(granted).collect(),
            remove,
            install,
            conflicts,
            faults: self.faults(subject.pool),
        }
    }

    /// Enabled fault definitions that concern a pool, in name order (D-FAULT-01).
    fn faults(&self, pool: &Pool) -> Vec<FaultDefinitionId> {
        self.faults
            .iter()
            .filter(|rule| rule.enabled && rule.target.matches(pool))
            .map(|rule| rule.id)
            .collect()
    }

    /// Explains, deployment by deployment of the subject's project, what happens to a package
    /// and why, or why not. `offers` says which versions each repository has of it.
    pub fn why(
        &self,
        subject: &Subject<'_>,
        package: &str,
        offers: &BTreeMap<DeploymentId, Vec<String>>,
    ) -> Vec<Explanation> {
        let named = |tokens: &[String]| -> Vec<String> {
            tokens.iter().filter(|token| token_name(token) == package).cloned().collect()
        };
        let explain = |deployment: &Deployment| {
            let mut effects: Vec<Effect> = Vec::new();
            effects.extend(named(&deployment.remove).into_iter().map(Effect::Removes));
            effects.extend(named(&deployment.install).into_iter().map(Effect::Installs));
            let offered = offers.get(&deployment.id).cloned().unwrap_or_default();
            effects.extend(offered.into_iter().map(Effect::Offers));
            (!effects.is_empty()).then(|| Explanation {
                deployment: deployment.id,
                name: deployment.name.clone(),
                answer: deployment.reaches(subject),
                effects,
            })
        };
        self.deployments(subject.project).iter().filter_map(explain).collect()
    }
}

/// Concatenates the lists in their order, keeping the first of equal tokens (D-MERGE-01, 02).
fn merge<'a>(lists: impl Iterator<Item = (&'a str, &'a [String])>) -> Vec<Order> {
    let mut orders: Vec<Order> = Vec::new();
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for (from, tokens) in lists {
        for token in tokens {
            let place = *places.entry(token).or_insert(orders.len());
            match orders.get_mut(place) {
                Some(order) if order.from.last().is_some_and(|last| last == from) => {}
                Some(order) => order.from.push(from.to_owned()),
                None => orders.push(Order { package: token.clone(), from: vec![from.to_owned()] }),
            }
        }
    }
    orders
}

/// Tokens to install whose package is also to be removed, in the order of the installation.
fn conflicts(install: &[Order], remove: &[Order]) -> Vec<String> {
    let removed: BTreeSet<&str> = remove.iter().map(|order| token_name(&order.package)).collect();
    let both = install.iter().filter(|order| removed.contains(token_name(&order.package)));
    both.map(|order| order.package.clone()).collect()
}

/// The package of a token: what stands before `=` (apt), the whole token elsewhere (D-GEN-02).
fn token_name(token: &str) -> &str {
    token.split_once('=').map_or(token, |(name, _)| name)
}

#[cfg(test)]
mod tests;
