//! Policies: the worked examples of D-POL-05.

use super::*;
use crate::domain::ids::PolicyGroupId;

const JULIAN: i64 = 21;
const NO_MEDIA: i64 = 22;
const MADRID: i64 = 23;
const GRP_A: i64 = 24;
const GRP_B: i64 = 25;
const CID_5: i64 = 26;

/// Applications are numbered; one letter is one package of the same name.
fn applications() -> Vec<ApplicationRule> {
    let in_p = |id, name: &str, packages: &str| ApplicationRule {
        id: ApplicationId(id),
        name: name.into(),
        packages: BTreeMap::from([(P, words(packages))]),
    };
    let office = ApplicationRule {
        id: ApplicationId(9),
        name: "OFFICE".into(),
        packages: BTreeMap::from([(ProjectId(16), words("o-16")), (P, words("o-18"))]),
    };
    let elsewhere = ApplicationRule {
        id: ApplicationId(8),
        name: "ELSEWHERE".into(),
        packages: BTreeMap::from([(Q, words("q"))]),
    };
    vec![
        in_p(1, "NO-MEDIA", "acme-media-disable"),
        in_p(2, "GIMP", "gimp"),
        in_p(3, "X", "X"),
        in_p(4, "Y", "Y"),
        in_p(5, "Z", "Z"),
        in_p(6, "W", "W"),
        elsewhere,
        office,
    ]
}

type Group<'a> = (i64, &'a [i64], &'a [i64], &'a [i64]);

fn policy(target: (&[i64], &[i64]), exclusive: bool, groups: &[Group<'_>]) -> Policy {
    let group = |(priority, included, excluded, applications): &Group<'_>| PolicyGroup {
        id: PolicyGroupId(*priority),
        priority: *priority,
        target: Target { included: set(included), excluded: set(excluded) },
        applications: applications.iter().copied().map(ApplicationId).collect(),
    };
    Policy {
        id: PolicyId(1),
        name: "p".into(),
        comment: String::new(),
        enabled: true,
        exclusive,
        target: Target { included: set(target.0), excluded: set(target.1) },
        groups: groups.iter().map(group).collect(),
    }
}

fn with(policy: Policy) -> Snapshot {
    let parts = Parts { policies: vec![policy], applications: applications(), ..Parts::default() };
    Snapshot::new(parts)
}

#[test]
fn policies_follow_the_worked_examples() {
    let all: (&[i64], &[i64]) = (&[ALL], &[]);
    let julian = || policy(all, true, &[(1, &[JULIAN], &[], &[1]), (2, &[ALL], &[], &[])]);
    let media = || policy(all, true, &[(1, &[NO_MEDIA], &[], &[1]), (2, &[ALL], &[], &[])]);
    let only_julian = || policy(all, true, &[(1, &[JULIAN], &[], &[1])]);
    let not_madrid = || policy((&[ALL], &[MADRID]), true, &[(1, &[ALL], &[], &[2])]);
    let gentle = || policy(all, false, &[(1, &[GRP_A], &[], &[3]), (2, &[ALL], &[], &[4])]);
    let three = || {
        // Given out of order: priority orders.
        policy(
            all,
            true,
            &[(3, &[ALL], &[], &[6]), (1, &[GRP_A], &[], &[3, 4]), (2, &[GRP_B], &[], &[4, 5])],
        )
    };
    let but_cid_5 = || policy(all, true, &[(1, &[GRP_A], &[CID_5], &[3]), (2, &[ALL], &[], &[4])]);
    let office = || policy(all, true, &[(1, &[ALL], &[], &[8, 9])]);
    let off = || Policy { enabled: false, ..office() };
    // rule      policy          pool                  install                 remove
    type Row<'a> = (&'static str, Policy, &'a [i64], &'a str, &'a str);
    let table: Vec<Row<'_>> = vec![
        ("D-POL-05", julian(), &[ALL, JULIAN], "acme-media-disable", ""),
        ("D-POL-04", julian(), &[ALL], "", "acme-media-disable"),
        ("D-POL-05", media(), &[ALL, NO_MEDIA], "acme-media-disable", ""),
        ("D-SCN-05", media(), &[ALL], "", "acme-media-disable"),
        ("D-POL-01", only_julian(), &[ALL], "", ""),
        ("D-POL-05", not_madrid(), &[ALL, MADRID], "", ""),
        ("D-POL-03", gentle(), &[ALL, GRP_A], "X", ""),
        ("D-POL-05", three(), &[ALL, GRP_A, GRP_B], "X Y", "Z W"),
        ("D-POL-05", three(), &[ALL, GRP_B], "Y Z", "X W"),
        ("D-POL-05", but_cid_5(), &[ALL, GRP_A, CID_5], "Y", "X"),
        ("D-POL-02", office(), &[ALL], "o-18", ""),
        ("D-POL-05", off(), &[ALL], "", ""),
    ];
    for (row, (rule, policy, pool, install, remove)) in table.into_iter().enumerate() {
        let pool = set(pool);
        let plan = with(policy).plan(&subject(&pool, date("2024-06-05")));
        let got = (orders(&plan.install).join(" "), orders(&plan.remove).join(" "));
        assert_eq!(got, (install.to_owned(), remove.to_owned()), "{rule} row {row}");
    }
}

#[test]
fn d_merge_06_policies_come_after_deployments() {
    let mut a = deployment("a", &[ALL], &[], "2024-01-01");
    a.install = words("vim");
    a.remove = words("nano");
    let mut b = deployment("b", &[ALL], &[], "2024-01-01");
    b.install = words("nano emacs vim");
    let application = |id, package: &str| ApplicationRule {
        id: ApplicationId(id),
        name: package.into(),
        packages: BTreeMap::from([(P, words(package))]),
    };
    let p = policy((&[ALL], &[]), true, &[(1, &[ALL], &[], &[1]), (2, &[ALL], &[], &[2])]);
    let snapshot = Snapshot::new(Parts {
        deployments: vec![b, a],
        policies: vec![p],
        applications: vec![application(1, "x"), application(2, "emacs")],
        ..Parts::default()
    });
    let pool = set(&[ALL]);
    let plan = snapshot.plan(&subject(&pool, date("2024-06-05")));
    assert_eq!(orders(&plan.remove), ["nano", "emacs"]);
    assert_eq!(orders(&plan.install), ["vim", "nano", "emacs", "x"]);
    assert_eq!(plan.conflicts, ["nano", "emacs"]);
    assert_eq!(plan.policies[0].taken.priority, 1);
    let givers: Vec<String> = plan.remove[1].from.iter().map(ToString::to_string).collect();
    assert_eq!(givers, ["policy p"]);
}

#[test]
fn d_pol_01_why_names_the_groups_that_would_install() {
    let all: (&[i64], &[i64]) = (&[ALL], &[]);
    let snapshot = with(policy(all, true, &[(1, &[GRP_A], &[], &[3]), (2, &[ALL], &[], &[4])]));
    let pool = set(&[ALL]);
    let asked = subject(&pool, date("2024-06-05"));
    let why = |package: &str| snapshot.why(&asked, package, &BTreeMap::new()).policies;
    let x = why("X").pop().unwrap();
    assert_eq!((x.effects, x.groups), (vec![Effect::Removes("X".into())], vec![1]));
    assert_eq!(x.answer.map(|taken| taken.priority), Ok(2));
    assert_eq!(why("unheard-of"), []);
    let nobody = with(policy((&[GRP_B], &[]), true, &[(1, &[ALL], &[], &[3])]));
    let why = nobody.why(&asked, "X", &BTreeMap::new()).policies.pop().unwrap();
    assert_eq!((why.answer, why.effects), (Err(Inaction::NotIncluded), vec![]));
}
