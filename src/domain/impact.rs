//! What a change of the release would do to computers: two snapshots are asked about each
//! computer, and the answers compared. The preview that an administrator sees before saving.
//!
//! Pure, and the same evaluator as a synchronisation: what is foretold is what happens.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use jiff::civil::Date;

use super::ids::{AttributeId, ComputerId, DeploymentId, PolicyId, ProjectId};
use super::policy::Policy;
use super::release::{ApplicationRule, Deployment, Snapshot, Subject};
use super::target::Pool;

/// A computer as far as the question goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Machine {
    pub id: ComputerId,
    pub project: ProjectId,
    /// As of its last synchronisation.
    pub pool: Pool,
    /// Tags it has now, and after the change.
    pub tags: BTreeSet<AttributeId>,
    pub tags_after: BTreeSet<AttributeId>,
}

/// How the answers about one computer differ.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Difference {
    /// Deployments that reach it only after the change, or on another day, with that day; today
    /// where it has come already.
    pub gained: BTreeMap<DeploymentId, Date>,
    /// Deployments that reached it, or would have, and no longer do, or not yet.
    pub lost: BTreeSet<DeploymentId>,
    /// Tokens that are newly ordered today.
    pub install: Vec<String>,
    pub remove: Vec<String>,
    /// Tokens that are no longer ordered.
    pub released: Vec<String>,
}

impl Difference {
    /// Nothing differs.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Two states of the release, compared once for all computers.
#[derive(Debug)]
pub struct Comparison<'a> {
    before: &'a Snapshot,
    after: &'a Snapshot,
    today: Date,
    /// Deployments whose rules differ, or that are in one state only.
    changed: BTreeSet<DeploymentId>,
    /// Those, and all that order a package which one of those orders.
    related: BTreeSet<DeploymentId>,
    classified_alike: bool,
    policies_alike: bool,
}

impl<'a> Comparison<'a> {
    /// Compares two states on a day.
    pub fn new(before: &'a Snapshot, after: &'a Snapshot, today: Date) -> Self {
        let by_id = |snapshot: &'a Snapshot| -> BTreeMap<DeploymentId, &'a Deployment> {
            snapshot.all_deployments().map(|deployment| (deployment.id, deployment)).collect()
        };
        let (old, new) = (by_id(before), by_id(after));
        let ids = old.keys().chain(new.keys()).copied();
        let changed: BTreeSet<DeploymentId> = ids.filter(|id| old.get(id) != new.get(id)).collect();
        let both = || old.values().chain(new.values());
        let tokens = |d: &'a Deployment| d.install.iter().chain(&d.remove);
        let ordered: HashSet<&str> = both()
            .filter(|deployment| changed.contains(&deployment.id))
            .flat_map(|deployment| tokens(deployment))
            .map(String::as_str)
            .collect();
        let orders = |deployment: &&&'a Deployment| {
            tokens(deployment).any(|token| ordered.contains(token.as_str()))
        };
        let related = both().filter(orders).map(|deployment| deployment.id).collect();
        Self {
            before,
            after,
            today,
            changed,
            related,
            classified_alike: before.classification() == after.classification(),
            policies_alike: policies(before) == policies(after),
        }
    }

    /// Says whether no computer can be told apart by its rules: only repositories changed, if
    /// anything did.
    pub fn rules_are_alike(&self) -> bool {
        self.changed.is_empty() && self.classified_alike && self.policies_alike
    }

    /// The pool that a machine has after the change.
    pub fn pool_after(&self, machine: &Machine) -> Pool {
        let own = self.before.classification().own(&machine.pool);
        let own = self.after.classification().own(&own);
        self.after.classification().pool(own, &machine.tags_after)
    }

    /// Compares the answers about one computer.
    pub fn of(&self, machine: &Machine) -> Difference {
        let same_class = self.classified_alike && machine.tags == machine.tags_after;
        if same_class && self.rules_are_alike() {
            return Difference::default();
        }
        let own = self.before.classification().own(&machine.pool);
        let old_pool = self.before.classification().pool(own, &machine.tags);
        let new_pool = if same_class { old_pool.clone() } else { self.pool_after(machine) };
        let same_pool = old_pool == new_pool;
        let subject = |pool| Subject {
            computer: machine.id,
            project: machine.project,
            pool,
            today: self.today,
        };
        let (old, new) = (subject(&old_pool), subject(&new_pool));
        let mut difference = Difference::default();
        self.compare_deployments(&old, &new, same_pool, &mut difference);
        let orders_may_differ = !same_pool || !self.policies_alike || !self.changed.is_empty();
        if orders_may_differ {
            self.compare_orders(&old, &new, same_pool, &mut difference);
        }
        difference
    }

    fn compare_deployments(
        &self,
        old: &Subject<'_>,
        new: &Subject<'_>,
        same_pool: bool,
        difference: &mut Difference,
    ) {
        let concerned =
            |deployment: &&Deployment| !same_pool || self.changed.contains(&deployment.id);
        let due = |snapshot: &'a Snapshot, subject: &Subject<'_>| -> BTreeMap<DeploymentId, Date> {
            let all = snapshot.deployments(subject.project).iter().filter(concerned);
            all.filter_map(|d| Some((d.id, d.due(subject).ok()?.since))).collect()
        };
        let (had, has) = (due(self.before, old), due(self.after, new));
        for (id, day) in &has {
            let day = (*day).max(self.today);
            if had.get(id).map(|day| (*day).max(self.today)) != Some(day) {
                difference.gained.insert(*id, day);
            }
        }
        for (id, day) in had {
            let reached = day <= self.today;
            let later = difference.gained.get(&id).is_some_and(|day| *day > self.today);
            if !has.contains_key(&id) || (reached && later) {
                difference.lost.insert(id);
            }
        }
    }

    fn compare_orders(
        &self,
        old: &Subject<'_>,
        new: &Subject<'_>,
        same_pool: bool,
        difference: &mut Difference,
    ) {
        // What nothing else orders cannot differ where the pool and the policies are the same.
        let few = same_pool && self.policies_alike;
        let wanted = |deployment: &Deployment| !few || self.related.contains(&deployment.id);
        let (had, has) = (self.before.tokens(old, wanted), self.after.tokens(new, wanted));
        let without = |all: &[&str], others: &[&str]| -> Vec<String> {
            let mut others: HashSet<&str> = others.iter().copied().collect();
            let new = all.iter().filter(|token| others.insert(token));
            new.map(|token| (*token).to_owned()).collect()
        };
        difference.released = without(&had.install, &has.install);
        difference.released.extend(without(&had.remove, &has.remove));
        difference.install = without(&has.install, &had.install);
        difference.remove = without(&has.remove, &had.remove);
    }
}

type Policies<'a> = (BTreeMap<PolicyId, &'a Policy>, Vec<&'a ApplicationRule>);

fn policies(snapshot: &Snapshot) -> Policies<'_> {
    let policies = snapshot.policies().iter().map(|policy| (policy.id, policy)).collect();
    (policies, snapshot.applications().collect())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::domain::attribute::ALL_SYSTEMS;
    use crate::domain::attribute_set::AttributeSet;
    use crate::domain::classification::Classification;
    use crate::domain::ids::AttributeSetId;
    use crate::domain::release::{Defaults, Parts};
    use crate::domain::target::Target;

    const NET: AttributeId = AttributeId(2);
    const SET: AttributeId = AttributeId(3);

    fn deployment(id: i64, included: AttributeId, start: &str, install: &str) -> Deployment {
        Deployment {
            id: DeploymentId(id),
            project: ProjectId(1),
            name: format!("d{id}").into(),
            slug: format!("d{id}").into(),
            enabled: true,
            start_date: start.parse().unwrap(),
            target: Target::new([included], []),
            domain: None,
            delays: Arc::from([]),
            install: install.split_whitespace().map(Into::into).collect(),
            remove: Vec::new(),
            defaults: Defaults::default(),
        }
    }

    fn snapshot(deployments: Vec<Deployment>, set_of: AttributeId) -> Snapshot {
        let set = AttributeSet {
            id: AttributeSetId(1),
            name: "S".into(),
            description: String::new(),
            enabled: true,
            attribute: SET,
            target: Target::new([set_of], []),
        };
        let classification = Classification::new(Vec::new(), Vec::new(), &[set], []);
        Snapshot::new(Parts { deployments, classification, ..Parts::default() })
    }

    fn machine(pool: &[AttributeId]) -> Machine {
        Machine {
            id: ComputerId(7),
            project: ProjectId(1),
            pool: pool.iter().copied().collect(),
            tags: BTreeSet::new(),
            tags_after: BTreeSet::new(),
        }
    }

    #[test]
    fn a_computer_gains_loses_or_stays() {
        let today: Date = "2024-06-05".parse().unwrap();
        let at = |start| deployment(1, ALL_SYSTEMS, start, "vim");
        let none = || Vec::new();
        // before, after, gained on, lost, install, released
        type Row<'a> = (Vec<Deployment>, Vec<Deployment>, Option<&'a str>, bool, &'a str, &'a str);
        let table: Vec<Row<'_>> = vec![
            (none(), vec![at("2024-06-01")], Some("2024-06-05"), false, "vim", ""),
            (none(), vec![at("2024-06-08")], Some("2024-06-08"), false, "", ""),
            (vec![at("2024-06-01")], none(), None, true, "", "vim"),
            (vec![at("2024-06-01")], vec![at("2024-06-02")], None, false, "", ""),
            (vec![at("2024-06-01")], vec![at("2024-06-09")], Some("2024-06-09"), true, "", "vim"),
            (vec![at("2024-06-09")], vec![at("2024-06-01")], Some("2024-06-05"), false, "vim", ""),
            (vec![at("2024-06-09")], none(), None, true, "", ""),
            (
                vec![at("2024-06-01")],
                vec![deployment(1, ALL_SYSTEMS, "2024-06-01", "emacs")],
                None,
                false,
                "emacs",
                "vim",
            ),
        ];
        for (row, (before, after, gained, lost, install, released)) in table.into_iter().enumerate()
        {
            let (before, after) = (snapshot(before, NET), snapshot(after, NET));
            let got = Comparison::new(&before, &after, today).of(&machine(&[ALL_SYSTEMS]));
            let day = got.gained.get(&DeploymentId(1)).map(ToString::to_string);
            assert_eq!(day.as_deref(), gained, "row {row}");
            assert_eq!(!got.lost.is_empty(), lost, "row {row}");
            assert_eq!(
                (got.install.join(" "), got.released.join(" ")),
                (install.to_owned(), released.to_owned()),
                "row {row}"
            );
        }
    }

    #[test]
    fn d_aset_02_a_set_that_changes_moves_the_computers_of_its_deployments() {
        let today: Date = "2024-06-05".parse().unwrap();
        let deployments = || vec![deployment(1, SET, "2024-06-01", "vim")];
        let before = snapshot(deployments(), NET);
        let after = snapshot(deployments(), ALL_SYSTEMS);
        let comparison = Comparison::new(&before, &after, today);
        assert!(!comparison.rules_are_alike());
        // The stored pool of the first still holds what the old set gave.
        assert!(comparison.of(&machine(&[ALL_SYSTEMS, NET, SET])).is_empty());
        assert_eq!(comparison.of(&machine(&[ALL_SYSTEMS])).install, ["vim"]);
        assert_eq!(comparison.of(&machine(&[])), Difference::default());
    }
}
