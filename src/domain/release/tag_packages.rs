//! Packages that follow a change of tags: what the new deployments want and the inverse of what
//! the lost ones did (D-TAGPKG).

use std::collections::{BTreeSet, HashSet};

use serde::Serialize;

use super::{Deployment, Snapshot, Subject};
use crate::domain::ids::DeploymentId;

/// What `tags --set` does with packages, each list in its order and without doubles.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct TagPackages {
    pub preinstall: Vec<String>,
    pub install: Vec<String>,
    pub remove: Vec<String>,
}

impl Snapshot {
    /// The packages that follow when the pool of a computer changes from `before` to `after`; both
    /// subjects are the same computer on the same day (D-TAGPKG-01, D-TAGPKG-02).
    pub fn tag_packages(&self, before: &Subject<'_>, after: &Subject<'_>) -> TagPackages {
        let available = |subject: &Subject<'_>| -> Vec<&Deployment> {
            let all = self.deployments(subject.project).iter();
            all.filter(|deployment| deployment.reaches(subject).is_ok()).collect()
        };
        let now = available(after);
        let kept: BTreeSet<DeploymentId> = now.iter().map(|deployment| deployment.id).collect();
        let mut lost = available(before);
        lost.retain(|deployment| !kept.contains(&deployment.id));

        let preinstall = tokens(&now, |d| vec![&d.defaults.preincluded]);
        let wanted = tokens(&now, |d| vec![&d.install, &d.defaults.included]);
        let unwanted = tokens(&now, |d| vec![&d.remove, &d.defaults.excluded]);
        // The inverse never contradicts the new state (D-TAGPKG-03).
        let mut install = tokens(&lost, |d| vec![&d.remove, &d.defaults.excluded]);
        install.retain(|token| !unwanted.contains(token));
        let mut remove =
            tokens(&lost, |d| vec![&d.install, &d.defaults.included, &d.defaults.preincluded]);
        remove.retain(|token| !preinstall.contains(token) && !wanted.contains(token));
        install.extend(wanted);
        remove.extend(unwanted);
        TagPackages {
            preinstall: firsts(preinstall),
            install: firsts(install),
            remove: firsts(remove),
        }
    }
}

/// The tokens of some lists of each deployment.
fn tokens<'a>(
    deployments: &[&'a Deployment],
    lists: impl Fn(&'a Deployment) -> Vec<&'a Vec<String>>,
) -> Vec<&'a str> {
    let all = deployments.iter().flat_map(|deployment| lists(deployment)).flatten();
    all.map(String::as_str).collect()
}

/// The first of equal tokens, owned.
fn firsts(tokens: Vec<&str>) -> Vec<String> {
    let mut seen = HashSet::new();
    tokens.into_iter().filter(|token| seen.insert(*token)).map(str::to_owned).collect()
}
