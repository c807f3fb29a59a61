//! The release evaluator: what one computer gets now, with a reason for every line.
//!
//! Pure: (snapshot of the release, a computer's attributes, today) -> [`Plan`]. A sync, the
//! simulation page, the preview of a change and `why` all ask here; no such decision is made
//! anywhere else. Availability (D-DEPLOY-10) is a list of conditions, each of which may find an
//! [`Obstacle`], and two paths, of which the earlier counts.

mod orders;
mod tag_packages;
mod why;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::classification::{Classification, DomainRule};
use super::fault::FaultDefinition;
use super::ids::{
    ApplicationId, AttributeId, ComputerId, DeploymentId, DomainId, FaultDefinitionId, PolicyId,
    ProjectId,
};
use super::policy::{Inaction, Policy, PolicyGroup, Taken};
use super::schedule::Delay;
use super::target::{Pool, Target, first_common};
use super::text::SharedText;

pub use orders::{Giver, Order};
pub use tag_packages::TagPackages;
pub use why::{Effect, Explanation, PolicyExplanation, Why};

/// All that is released, as of one moment; immutable and shared.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    /// Deployments of each project in name order (D-DEPLOY-13).
    projects: BTreeMap<ProjectId, Vec<Deployment>>,
    /// In name order (D-MERGE-01).
    policies: Vec<Policy>,
    applications: BTreeMap<ApplicationId, ApplicationRule>,
    /// Enabled and disabled fault definitions in name order.
    faults: Vec<FaultRule>,
    classification: Classification,
}

/// What a [`Snapshot`] is made of, in any order.
#[derive(Debug, Clone, Default)]
pub struct Parts {
    pub deployments: Vec<Deployment>,
    pub policies: Vec<Policy>,
    pub applications: Vec<ApplicationRule>,
    pub faults: Vec<FaultRule>,
    pub classification: Classification,
}

/// What the evaluator needs of a deployment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deployment {
    pub id: DeploymentId,
    pub project: ProjectId,
    pub name: SharedText,
    pub slug: SharedText,
    pub enabled: bool,
    pub start_date: Date,
    pub target: Target,
    pub domain: Option<Arc<DomainRule>>,
    /// Those of its schedule; empty without one.
    pub delays: Arc<[Delay]>,
    /// Tokens in the order they were typed (D-GEN-02).
    pub install: Vec<String>,
    pub remove: Vec<String>,
    pub defaults: Defaults,
}

/// Packages that act with `tags --set` only (D-DEPLOY-14).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Defaults {
    pub preincluded: Vec<String>,
    pub included: Vec<String>,
    pub excluded: Vec<String>,
}

/// What the evaluator needs of an application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApplicationRule {
    pub id: ApplicationId,
    pub name: String,
    /// Tokens of each project that has it.
    pub packages: BTreeMap<ProjectId, Vec<String>>,
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
    pub computer: ComputerId,
    pub project: ProjectId,
    pub pool: &'a Pool,
    pub today: Date,
}

/// Why a deployment reaches a computer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reach {
    /// The attribute it rests on that the computer has; the lowest id where it has several.
    pub by: AttributeId,
    pub since: Date,
    pub path: Path,
}

/// How a deployment reaches a computer (D-DEPLOY-10, condition 5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Path {
    /// By an included attribute, from the start date on.
    Included,
    /// By a delay of the schedule; `bucket` of its `duration` is the computer's share of the days.
    Delay { delay: u32, bucket: u32, duration: u32 },
}

/// Why a deployment does not reach a computer: the first condition that fails (D-DEPLOY-10).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Obstacle {
    /// It is off for all computers.
    Disabled,
    /// It belongs to another project.
    OtherProject,
    /// The computer is not in its domain.
    OutsideDomain(DomainId),
    /// The computer has this excluded attribute.
    Excluded(AttributeId),
    /// The computer has none of the attributes that it, or its schedule, names.
    NotIncluded,
    /// The day is still to come.
    NotStarted(Reach),
}

impl Obstacle {
    /// Stable name for programs: `disabled`, `other_project`, `excluded`…
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Disabled => "disabled",
            Self::OtherProject => "other_project",
            Self::OutsideDomain(_) => "outside_domain",
            Self::Excluded(_) => "excluded",
            Self::NotIncluded => "not_included",
            Self::NotStarted(_) => "not_started",
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

/// Conditions 1 to 4 of D-DEPLOY-10 in the order in which they are told.
const CONDITIONS: &[Condition] = &[
    |deployment, _| if deployment.enabled { Ok(()) } else { Err(Obstacle::Disabled) },
    |deployment, subject| {
        if deployment.project == subject.project { Ok(()) } else { Err(Obstacle::OtherProject) }
    },
    |deployment, subject| match &deployment.domain {
        Some(domain) if !domain.target.matches(subject.pool) => {
            Err(Obstacle::OutsideDomain(domain.id))
        }
        _ => Ok(()),
    },
    |deployment, subject| match first_common(&deployment.target.excluded, subject.pool) {
        Some(attribute) => Err(Obstacle::Excluded(attribute)),
        None => Ok(()),
    },
];

impl Deployment {
    /// Says whether the deployment reaches the subject, or the first thing in the way.
    ///
    /// # Errors
    /// [`Obstacle`] is the answer "no", with its reason.
    pub fn reaches(&self, subject: &Subject<'_>) -> Result<Reach, Obstacle> {
        let due = self.due(subject)?;
        if due.since <= subject.today { Ok(due) } else { Err(Obstacle::NotStarted(due)) }
    }

    /// Says from which day on the deployment reaches the subject, whatever today is.
    ///
    /// # Errors
    /// [`Obstacle`] that no day takes away.
    pub fn due(&self, subject: &Subject<'_>) -> Result<Reach, Obstacle> {
        for condition in CONDITIONS {
            condition(self, subject)?;
        }
        let scheduled = self.by_delay(subject);
        match (self.by_attribute(subject), scheduled) {
            (Some(included), Some(scheduled)) if scheduled.since < included.since => Ok(scheduled),
            (Some(included), _) => Ok(included),
            (None, Some(scheduled)) => Ok(scheduled),
            (None, None) => Err(Obstacle::NotIncluded),
        }
    }

    /// Every attribute that decides whom the deployment reaches, and when.
    pub fn attributes(&self) -> impl Iterator<Item = AttributeId> {
        let domain = self.domain.iter().flat_map(|domain| domain.target.attributes());
        let delays = self.delays.iter().flat_map(|delay| delay.attributes.iter().copied());
        self.target.attributes().chain(domain).chain(delays)
    }

    /// Path (a) of condition 5: an included attribute, from the start date on. Plain calendar
    /// days: a weekend starts what is due on it.
    fn by_attribute(&self, subject: &Subject<'_>) -> Option<Reach> {
        let by = first_common(&self.target.included, subject.pool)?;
        Some(Reach { by, since: self.start_date, path: Path::Included })
    }

    /// Path (b): the earliest delay with an attribute of the computer (D-SCHED-05); no included
    /// attribute is needed (D-DEPLOY-11).
    fn by_delay(&self, subject: &Subject<'_>) -> Option<Reach> {
        let due = |delay: &Delay| {
            let by = first_common(&delay.attributes, subject.pool)?;
            let Delay { delay: days, duration, .. } = *delay;
            let bucket = delay.bucket(subject.computer);
            let path = Path::Delay { delay: days, bucket, duration };
            Some(Reach { by, since: delay.due(self.start_date, subject.computer), path })
        };
        self.delays.iter().filter_map(due).min_by_key(|reach| reach.since)
    }
}

/// What a computer gets.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// In name order.
    pub deployments: Vec<Granted>,
    /// Policies that act, in name order.
    pub policies: Vec<Acting>,
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
    pub name: SharedText,
    pub slug: SharedText,
    pub reach: Reach,
}

/// A policy that acts on the computer, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Acting {
    pub id: PolicyId,
    pub name: String,
    pub taken: Taken,
}

/// Package orders without their reasons, in their order, doubles among them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tokens<'a> {
    pub install: Vec<&'a str>,
    pub remove: Vec<&'a str>,
}

/// What a policy orders on one computer.
struct PolicyOrders<'a> {
    policy: &'a Policy,
    taken: Taken,
    install: Vec<&'a str>,
    remove: Vec<&'a str>,
}

impl Snapshot {
    /// Puts the parts together.
    pub fn new(parts: Parts) -> Self {
        let Parts { deployments, mut policies, applications, mut faults, classification } = parts;
        let mut projects: BTreeMap<ProjectId, Vec<Deployment>> = BTreeMap::new();
        for deployment in deployments {
            projects.entry(deployment.project).or_default().push(deployment);
        }
        for of_project in projects.values_mut() {
            of_project.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
        }
        policies.sort_by(|a, b| a.name.cmp(&b.name));
        for policy in &mut policies {
            policy.groups.sort_by_key(|group| group.priority);
        }
        faults.sort_by(|a, b| a.name.cmp(&b.name));
        let applications = applications.into_iter().map(|rule| (rule.id, rule)).collect();
        Self { projects, policies, applications, faults, classification }
    }

    /// Deployments of a project in name order.
    pub fn deployments(&self, project: ProjectId) -> &[Deployment] {
        self.projects.get(&project).map(Vec::as_slice).unwrap_or_default()
    }

    /// Deployments of all projects.
    pub fn all_deployments(&self) -> impl Iterator<Item = &Deployment> {
        self.projects.values().flatten()
    }

    /// Policies in name order.
    pub fn policies(&self) -> &[Policy] {
        &self.policies
    }

    /// Applications by id.
    pub fn applications(&self) -> impl Iterator<Item = &ApplicationRule> {
        self.applications.values()
    }

    /// Tags, domains and sets.
    pub fn classification(&self) -> &Classification {
        &self.classification
    }

    /// Decides what the subject gets.
    pub fn plan(&self, subject: &Subject<'_>) -> Plan {
        let reaching: Vec<(&Deployment, Reach)> = self
            .deployments(subject.project)
            .iter()
            .filter_map(|deployment| Some((deployment, deployment.reaches(subject).ok()?)))
            .collect();
        let policies: Vec<PolicyOrders<'_>> = self
            .policies
            .iter()
            .filter_map(|policy| self.orders_of(policy, subject).ok())
            .collect();
        let merged = |of_deployment: fn(&Deployment) -> usize,
                      of_policy: fn(&PolicyOrders<'_>) -> usize| {
            let given = reaching.iter().map(|(deployment, _)| of_deployment(deployment));
            orders::Merged::with_capacity(given.chain(policies.iter().map(of_policy)).sum())
        };
        let mut remove = merged(|given| given.remove.len(), |given| given.remove.len());
        let mut install = merged(|given| given.install.len(), |given| given.install.len());
        for (deployment, _) in &reaching {
            let giver = || Giver::Deployment(deployment.name.clone());
            remove.add(giver, deployment.remove.iter().map(String::as_str));
            install.add(giver, deployment.install.iter().map(String::as_str));
        }
        for orders in &policies {
            let giver = || Giver::Policy(orders.policy.name.as_str().into());
            remove.add(giver, orders.remove.iter().copied());
            install.add(giver, orders.install.iter().copied());
        }
        let (remove, install) = (remove.into_orders(), install.into_orders());
        let conflicts = orders::conflicts(&install, &remove);
        let granted = |(deployment, reach): &(&Deployment, Reach)| Granted {
            id: deployment.id,
            name: deployment.name.clone(),
            slug: deployment.slug.clone(),
            reach: *reach,
        };
        let acting = |PolicyOrders { policy, taken, .. }: &PolicyOrders<'_>| Acting {
            id: policy.id,
            name: policy.name.clone(),
            taken: *taken,
        };
        Plan {
            deployments: reaching.iter().map(granted).collect(),
            policies: policies.iter().map(acting).collect(),
            remove,
            install,
            conflicts,
            faults: self.faults(subject.pool),
        }
    }

    /// The tokens that the subject is ordered, those of policies and of the deployments that are
    /// `wanted`: a plan without its reasons, for whoever asks about ten thousand computers.
    pub fn tokens<'a>(
        &'a self,
        subject: &Subject<'_>,
        wanted: impl Fn(&Deployment) -> bool,
    ) -> Tokens<'a> {
        let mut tokens = Tokens::default();
        let all = self.deployments(subject.project).iter();
        for deployment in all.filter(|deployment| wanted(deployment)) {
            let orders = !deployment.install.is_empty() || !deployment.remove.is_empty();
            if orders && deployment.reaches(subject).is_ok() {
                tokens.install.extend(deployment.install.iter().map(String::as_str));
                tokens.remove.extend(deployment.remove.iter().map(String::as_str));
            }
        }
        for orders in self.policies.iter().filter_map(|p| self.orders_of(p, subject).ok()) {
            tokens.install.extend(orders.install);
            tokens.remove.extend(orders.remove);
        }
        tokens
    }

    /// What a policy installs, and removes if it is exclusive (D-POL-01, steps 3 and 4).
    fn orders_of<'a>(
        &'a self,
        policy: &'a Policy,
        subject: &Subject<'_>,
    ) -> Result<PolicyOrders<'a>, Inaction> {
        let (taken, group) = policy.take(subject.pool)?;
        let install = self.packages_of(group, subject.project);
        let mut remove = Vec::new();
        if policy.exclusive {
            let others = policy.groups.iter().filter(|other| other.id != group.id);
            let tokens = others.flat_map(|other| self.packages_of(other, subject.project));
            remove.extend(tokens.filter(|token| !install.contains(token)));
        }
        Ok(PolicyOrders { policy, taken, install, remove })
    }

    /// Packages of a group's applications in a project; one without an entry has none (D-POL-02).
    fn packages_of<'a>(&'a self, group: &PolicyGroup, project: ProjectId) -> Vec<&'a str> {
        let mut rules: Vec<&ApplicationRule> =
            group.applications.iter().filter_map(|id| self.applications.get(id)).collect();
        rules.sort_by(|a, b| a.name.cmp(&b.name));
        let tokens = rules.into_iter().filter_map(|rule| rule.packages.get(&project)).flatten();
        tokens.map(String::as_str).collect()
    }

    /// Enabled fault definitions that concern a pool, in name order (D-FAULT-01).
    fn faults(&self, pool: &Pool) -> Vec<FaultDefinitionId> {
        self.faults
            .iter()
            .filter(|rule| rule.enabled && rule.target.matches(pool))
            .map(|rule| rule.id)
            .collect()
    }
}

/// The package of a token: what stands before `=` (apt), the whole token elsewhere (D-GEN-02).
pub fn token_name(token: &str) -> &str {
    token.split_once('=').map_or(token, |(name, _)| name)
}

#[cfg(test)]
mod tests;
