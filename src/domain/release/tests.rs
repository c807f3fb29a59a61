//! The rules of deployments, orders and reasons as tables.

mod policies;
mod schedules;
mod tag_packages;

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::domain::attribute::ALL_SYSTEMS;

const P: ProjectId = ProjectId(1);
const Q: ProjectId = ProjectId(2);
const ALL: i64 = ALL_SYSTEMS.0;
const NET: i64 = 2;
const HST: i64 = 3;
const GRP: i64 = 4;

fn set<S: FromIterator<AttributeId>>(ids: &[i64]) -> S {
    ids.iter().copied().map(AttributeId).collect()
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(Into::into).collect()
}

fn deployment(name: &str, included: &[i64], excluded: &[i64], start: &str) -> Deployment {
    Deployment {
        id: DeploymentId(name.len() as i64),
        project: P,
        name: name.into(),
        slug: name.into(),
        enabled: true,
        start_date: start.parse().unwrap(),
        target: Target { included: set(included), excluded: set(excluded) },
        domain: None,
        delays: Arc::from([]),
        install: Vec::new(),
        remove: Vec::new(),
        defaults: Defaults::default(),
    }
}

/// Computer 7 of project P.
fn subject(pool: &Pool, today: Date) -> Subject<'_> {
    Subject { computer: ComputerId(7), project: P, pool, today }
}

fn snapshot(deployments: Vec<Deployment>) -> Snapshot {
    Snapshot::new(Parts { deployments, ..Parts::default() })
}

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn orders(orders: &[Order]) -> Vec<&str> {
    orders.iter().map(|order| order.package.as_str()).collect()
}

/// Rows of D-DEPLOY-15 that need neither schedule nor domain (those are in `schedules`); today is
/// Wed 2024-06-05.
#[test]
fn availability_follows_the_worked_examples() {
    let today: Date = "2024-06-05".parse().unwrap();
    let off = Deployment { enabled: false, ..deployment("d", &[ALL], &[], "2024-06-05") };
    let other = Deployment { project: Q, ..deployment("d", &[ALL], &[], "2024-06-05") };
    let reach_of = |by: i64, since: &str| Reach {
        by: AttributeId(by),
        since: date(since),
        path: Path::Included,
    };
    let reach = |by, since| Ok(reach_of(by, since));
    let table = [
        (
            "D-DEPLOY-15",
            deployment("d", &[ALL], &[], "2024-06-05"),
            vec![ALL],
            reach(ALL, "2024-06-05"),
        ),
        (
            "D-DEPLOY-15",
            deployment("d", &[ALL], &[], "2024-06-06"),
            vec![ALL],
            Err(Obstacle::NotStarted(reach_of(ALL, "2024-06-06"))),
        ),
        (
            "D-SCN-08",
            deployment("d", &[NET], &[HST], "2024-06-05"),
            vec![ALL, NET, HST],
            Err(Obstacle::Excluded(AttributeId(HST))),
        ),
        (
            "D-SCN-08",
            deployment("d", &[NET], &[HST], "2024-06-05"),
            vec![ALL, NET],
            reach(NET, "2024-06-05"),
        ),
        (
            "D-DEPLOY-15",
            deployment("d", &[], &[], "2024-06-05"),
            vec![ALL],
            Err(Obstacle::NotIncluded),
        ),
        (
            "D-DEPLOY-15",
            deployment("d", &[GRP], &[], "2024-06-03"),
            vec![ALL, GRP],
            reach(GRP, "2024-06-03"),
        ),
        (
            "D-DEPLOY-15",
            deployment("d", &[GRP], &[], "2024-06-03"),
            vec![ALL],
            Err(Obstacle::NotIncluded),
        ),
        ("D-DEPLOY-15", off, vec![ALL], Err(Obstacle::Disabled)),
        ("D-DEPLOY-15", other, vec![ALL], Err(Obstacle::OtherProject)),
        // Exclusion beats inclusion, and the calendar has no weekend shift.
        (
            "D-DEPLOY-10",
            deployment("d", &[ALL, GRP], &[GRP], "2024-06-01"),
            vec![ALL, GRP],
            Err(Obstacle::Excluded(AttributeId(GRP))),
        ),
        (
            "D-DEPLOY-10",
            deployment("d", &[ALL], &[], "2024-06-02"),
            vec![ALL],
            reach(ALL, "2024-06-02"),
        ),
    ];
    for (rule, deployment, pool, expected) in table {
        let pool = set(&pool);
        let got = deployment.reaches(&subject(&pool, today));
        assert_eq!(got, expected, "{rule} {deployment:?}");
    }
}

#[test]
fn d_merge_06_orders_are_merged_in_name_order_and_conflicts_flagged() {
    let mut b = deployment("b", &[ALL], &[], "2024-01-01");
    b.install = words("nano emacs vim");
    let mut a = deployment("a", &[ALL], &[], "2024-01-01");
    a.install = words("vim");
    a.remove = words("nano");
    let pool = set(&[ALL]);
    let today = "2024-06-05".parse().unwrap();
    let plan = snapshot(vec![b, a]).plan(&subject(&pool, today));
    assert_eq!(orders(&plan.remove), ["nano"]);
    assert_eq!(orders(&plan.install), ["vim", "nano", "emacs"]);
    assert_eq!(plan.conflicts, ["nano"]);
    let vim = plan.install.first().unwrap();
    let from: Vec<_> = vim.from.iter().map(Giver::name).collect();
    assert_eq!(from, ["a", "b"], "D-MERGE-02: the first is kept, with all its reasons");
}

#[test]
fn d_merge_01_d_merge_02_orders_keep_their_order_and_lose_their_doubles() {
    let lists = [("a", words("x y x")), ("b", words("y z"))];
    let mut merged = orders::Merged::with_capacity(4);
    for (name, list) in &lists {
        merged.add(|| Giver::Deployment((*name).into()), list.iter().map(String::as_str));
    }
    let merged = merged.into_orders();
    let from = |order: &Order| order.from.iter().map(Giver::name).collect::<Vec<_>>().join("+");
    let got: Vec<_> = merged.iter().map(|o| (o.package.as_str(), from(o))).collect();
    let table = [("D-MERGE-01", "x", "a"), ("D-MERGE-02", "y", "a+b"), ("D-MERGE-01", "z", "b")];
    assert_eq!(got.len(), table.len());
    for ((rule, package, from), (got_package, got_from)) in table.iter().zip(&got) {
        assert_eq!((got_package, got_from.as_str()), (package, *from), "{rule}");
    }
    // A version does not hide a conflict (D-MERGE-03).
    let order = |token: &str| Order { package: token.into(), from: Vec::new() };
    assert_eq!(
        ("D-MERGE-03", orders::conflicts(&[order("vim=2:9")], &[order("vim")])),
        ("D-MERGE-03", vec!["vim=2:9".to_owned()])
    );
}

#[test]
fn d_dom_11_what_an_administrator_removes_and_a_domain_installs_is_told_as_a_conflict() {
    let order = |token: &str, by: &str| Order {
        package: token.into(),
        from: vec![Giver::Deployment(by.into())],
    };
    let (install, remove) = (order("games", "goya_games"), order("games", "no games"));
    assert_eq!(orders::conflicts(&[install], &[remove]), ["games"]);
}

#[test]
fn d_deploy_14_only_the_mandatory_lists_act_in_a_synchronisation() {
    let own = Deployment {
        install: words("vim emacs=1:27-3"),
        remove: words("nano"),
        defaults: Defaults {
            preincluded: words("repo-k"),
            included: words("k c"),
            excluded: words("x"),
        },
        ..deployment("own-packages", &[ALL], &[], "2024-06-05")
    };
    let pool = set(&[ALL]);
    let plan = snapshot(vec![own]).plan(&subject(&pool, date("2024-06-05")));
    assert_eq!(&*plan.deployments[0].slug, "own-packages");
    assert_eq!(orders(&plan.install), ["vim", "emacs=1:27-3"]);
    assert_eq!(orders(&plan.remove), ["nano"]);
}

#[test]
fn d_deploy_13_deployments_come_in_name_order() {
    let all = ["c", "a", "b"].map(|name| deployment(name, &[ALL], &[], "2024-01-01"));
    let pool = set(&[ALL]);
    let today = "2024-06-05".parse().unwrap();
    let plan = snapshot(all.to_vec()).plan(&subject(&pool, today));
    let names: Vec<_> = plan.deployments.iter().map(|granted| &*granted.name).collect();
    assert_eq!(names, ["a", "b", "c"]);
}

#[test]
fn d_fault_01_enabled_definitions_that_match_are_sent_in_name_order() {
    let rule = |id, name: &str, enabled, included: &[i64], excluded: &[i64]| FaultRule {
        id: FaultDefinitionId(id),
        name: name.into(),
        enabled,
        target: Target { included: set(included), excluded: set(excluded) },
    };
    let rules = vec![
        rule(1, "Z", true, &[ALL], &[]),
        rule(2, "A", true, &[ALL], &[]),
        rule(3, "B", false, &[ALL], &[]),
        rule(4, "C", true, &[ALL], &[NET]),
        rule(5, "D", true, &[], &[]),
    ];
    let parts = Parts { faults: rules, ..Parts::default() };
    let faults = Snapshot::new(parts).faults(&set(&[ALL, NET]));
    assert_eq!(faults, [FaultDefinitionId(2), FaultDefinitionId(1)]);
}

#[test]
fn d_deploy_03_why_tells_orders_from_offers_and_yes_from_no() {
    let today = "2024-06-05".parse().unwrap();
    let mut now = deployment("now", &[ALL], &[], "2024-06-01");
    now.install = words("vim=2:9 emacs");
    let mut soon = deployment("later", &[ALL], &[], "2024-07-01");
    soon.remove = words("vim");
    let silent = deployment("silent!", &[ALL], &[], "2024-06-01");
    let offers = BTreeMap::from([(now.id, vec!["2:9".to_owned()])]);
    let snapshot = snapshot(vec![now, soon, silent]);
    let pool = set(&[ALL]);
    let why = snapshot.why(&subject(&pool, today), "vim", &offers);
    let summary: Vec<_> = why
        .deployments
        .iter()
        .map(|line| (line.name.as_str(), line.answer.is_ok(), line.effects.clone()))
        .collect();
    assert_eq!(
        summary,
        [
            ("later", false, vec![Effect::Removes("vim".into())]),
            ("now", true, vec![Effect::Installs("vim=2:9".into()), Effect::Offers("2:9".into())]),
        ]
    );
}

fn any_deployment() -> impl Strategy<Value = Deployment> {
    let ids = || prop::collection::btree_set((1_i64..6).prop_map(AttributeId), 0..4);
    ("[a-d]", any::<bool>(), ids(), ids(), 1_i8..28, 1_i64..1000).prop_map(
        |(name, enabled, included, excluded, day, id)| Deployment {
            id: DeploymentId(id),
            enabled,
            target: Target { included, excluded },
            start_date: Date::constant(2024, 6, day),
            install: words("p q"),
            remove: words("q r"),
            ..deployment(&name, &[], &[], "2024-06-01")
        },
    )
}

/// The deployments of other projects cost a synchronisation nothing.
#[test]
fn a_plan_looks_at_the_deployments_of_the_project_only() {
    let mut own = deployment("own", &[ALL], &[], "2024-06-01");
    own.install = words("vim");
    let others = (0..1_000).map(|id| Deployment {
        id: DeploymentId(100 + id),
        project: ProjectId(100 + id),
        ..own.clone()
    });
    let snapshot = snapshot(others.chain([own.clone()]).collect());
    assert_eq!(snapshot.deployments(P), [own]);
}

proptest! {
    #[test]
    fn exclusion_always_wins_and_order_of_insertion_does_not_matter(
        deployments in prop::collection::vec(any_deployment(), 0..8),
        pool in prop::collection::btree_set((1_i64..6).prop_map(AttributeId), 0..5),
        day in 1_i8..28,
    ) {
        let today = Date::constant(2024, 6, day);
        let known: Pool = pool.iter().copied().collect();
        let subject = subject(&known, today);
        let mut unique = deployments;
        unique.sort_by_key(|deployment| deployment.id);
        unique.dedup_by_key(|deployment| deployment.id);
        let mut reversed = unique.clone();
        reversed.reverse();
        let plan = snapshot(unique.clone()).plan(&subject);
        prop_assert_eq!(&plan, &snapshot(reversed).plan(&subject));
        for deployment in &unique {
            let granted = plan.deployments.iter().any(|granted| granted.id == deployment.id);
            prop_assert_eq!(granted, deployment.reaches(&subject).is_ok());
            if !deployment.target.excluded.is_disjoint(&pool) {
                prop_assert!(!granted);
            }
        }
    }

    #[test]
    fn d_deploy_12_what_is_available_stays_available(
        deployment in any_deployment(),
        pool in prop::collection::btree_set((1_i64..6).prop_map(AttributeId), 0..5),
        day in 1_i8..27,
    ) {
        let pool: Pool = pool.into_iter().collect();
        let on = |day| deployment.reaches(&subject(&pool, Date::constant(2024, 6, day)));
        if on(day).is_ok() {
            prop_assert!(on(day + 1).is_ok());
        }
    }
}
