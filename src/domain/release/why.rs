//! Why, and why not: what each deployment and each policy does about a package on a computer.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Obstacle, Reach, Snapshot, Subject, token_name};
use crate::domain::ids::{DeploymentId, PolicyId};
use crate::domain::policy::{Inaction, Policy, PolicyGroup, Taken};

/// Everything that names or offers a package.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Why {
    /// In name order.
    pub deployments: Vec<Explanation>,
    /// In name order.
    pub policies: Vec<PolicyExplanation>,
}

/// What one deployment does about a package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explanation {
    pub deployment: DeploymentId,
    pub name: String,
    pub answer: Result<Reach, Obstacle>,
    pub effects: Vec<Effect>,
}

/// What one policy does about a package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PolicyExplanation {
    pub policy: PolicyId,
    pub name: String,
    pub answer: Result<Taken, Inaction>,
    /// What it does now; nothing where it does not act, or leaves the package alone.
    pub effects: Vec<Effect>,
    /// Priorities of the groups that would install the package.
    pub groups: Vec<i64>,
}

/// What is done with a package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Its installation is ordered, by this token.
    Installs(String),
    /// Its removal is ordered, by this token.
    Removes(String),
    /// The repository has this version; it is not installed for that (D-DEPLOY-03).
    Offers(String),
}

impl Snapshot {
    /// Explains what happens to a package on the subject and why, or why not. `offers` says which
    /// versions each repository has of it.
    pub fn why(
        &self,
        subject: &Subject<'_>,
        package: &str,
        offers: &BTreeMap<DeploymentId, Vec<String>>,
    ) -> Why {
        let named = |tokens: &[String]| -> Vec<String> {
            tokens.iter().filter(|token| token_name(token) == package).cloned().collect()
        };
        let explain = |deployment: &super::Deployment| {
            let mut effects: Vec<Effect> = Vec::new();
            effects.extend(named(&deployment.remove).into_iter().map(Effect::Removes));
            effects.extend(named(&deployment.install).into_iter().map(Effect::Installs));
            let offered = offers.get(&deployment.id).cloned().unwrap_or_default();
            effects.extend(offered.into_iter().map(Effect::Offers));
            (!effects.is_empty()).then(|| Explanation {
                deployment: deployment.id,
                name: deployment.name.to_string(),
                answer: deployment.reaches(subject),
                effects,
            })
        };
        let deployments = self.deployments(subject.project).iter();
        let policies = self.policies.iter();
        Why {
            deployments: deployments.filter_map(explain).collect(),
            policies: policies.filter_map(|p| self.explain_policy(p, subject, package)).collect(),
        }
    }

    fn explain_policy(
        &self,
        policy: &Policy,
        subject: &Subject<'_>,
        package: &str,
    ) -> Option<PolicyExplanation> {
        let names = |group: &&PolicyGroup| {
            let tokens = self.packages_of(group, subject.project);
            tokens.into_iter().any(|token| token_name(token) == package)
        };
        let groups: Vec<i64> = policy.groups.iter().filter(names).map(|g| g.priority).collect();
        if groups.is_empty() {
            return None;
        }
        let named = |tokens: &[&str]| -> Vec<String> {
            let named = tokens.iter().filter(|token| token_name(token) == package);
            named.map(|token| (*token).to_owned()).collect()
        };
        let mut effects = Vec::new();
        let answer = self.orders_of(policy, subject).map(|orders| {
            effects.extend(named(&orders.remove).into_iter().map(Effect::Removes));
            effects.extend(named(&orders.install).into_iter().map(Effect::Installs));
            orders.taken
        });
        let (policy, name) = (policy.id, policy.name.clone());
        Some(PolicyExplanation { policy, name, answer, effects, groups })
    }
}
