//! Schedules, buckets and domains: the worked examples of D-SCHED-06 and the rows of D-DEPLOY-15
//! that need them.

use super::*;
use crate::domain::ids::DelayId;

const PERSONAL: i64 = 11;
const TAX: i64 = 12;
const CTX: i64 = 13;
const CID_572: i64 = 14;
const DMN_GOYA: i64 = 15;
const CID_GOYA: i64 = 16;

fn delays(rows: &[(u32, &[i64], u32)]) -> Arc<[Delay]> {
    let delay = |(delay, attributes, duration): &(u32, &[i64], u32)| Delay {
        id: DelayId(i64::from(*delay)),
        delay: *delay,
        duration: *duration,
        attributes: set(attributes),
    };
    rows.iter().map(delay).collect()
}

fn slow() -> Arc<[Delay]> {
    delays(&[(0, &[GRP], 1), (5, &[PERSONAL], 1), (10, &[TAX], 1), (15, &[ALL], 1)])
}

#[test]
fn schedules_follow_the_worked_examples() {
    let twenty = || delays(&[(0, &[ALL], 20)]);
    let very_fast = || delays(&[(0, &[PERSONAL, TAX], 1), (2, &[ALL], 1)]);
    let none: &[i64] = &[];
    // row, delays, included, excluded, start, id, pool, effective on
    type Row<'a> = (
        &'static str,
        Arc<[Delay]>,
        &'a [i64],
        &'a [i64],
        &'a str,
        i64,
        &'a [i64],
        Option<&'a str>,
    );
    let table: Vec<Row<'_>> = vec![
        ("D-SCHED-06", twenty(), none, none, "06-05", 572, &[ALL], Some("06-21")),
        ("D-SCHED-06", twenty(), none, none, "06-05", 120, &[ALL], Some("06-05")),
        ("D-SCHED-06", twenty(), none, none, "06-05", 1291, &[ALL], Some("06-20")),
        ("D-SCHED-06", twenty(), none, none, "06-05", 3245, &[ALL], Some("06-12")),
        ("D-SCHED-06", twenty(), none, none, "06-05", 39, &[ALL], Some("07-02")),
        ("D-SCHED-06", slow(), none, none, "06-03", 7, &[ALL, PERSONAL], Some("06-10")),
        ("D-SCHED-06", slow(), none, none, "06-03", 7, &[ALL], Some("06-24")),
        ("D-SCHED-05", slow(), none, none, "06-03", 7, &[ALL, GRP, TAX], Some("06-03")),
        ("D-SCHED-06", delays(&[(5, &[ALL], 5)]), none, none, "06-07", 7, &[ALL], Some("06-18")),
        ("D-SCHED-06", delays(&[(0, &[ALL], 1)]), none, none, "06-08", 7, &[ALL], Some("06-10")),
        ("D-DEPLOY-11", slow(), &[ALL], none, "06-08", 7, &[ALL], Some("06-08")),
        ("D-SCHED-06", twenty(), none, &[CID_572], "06-05", 572, &[ALL, CID_572], None),
        ("D-SCHED-06", very_fast(), none, none, "06-06", 7, &[ALL], Some("06-10")),
        // A delay that nobody belongs to reaches nobody.
        ("D-SCN-06", delays(&[(0, &[CTX], 20)]), none, none, "06-05", 7, &[ALL], None),
    ];
    for (rule, delays, included, excluded, start, id, pool, expected) in table {
        let start = format!("2024-{start}");
        let scheduled = Deployment { delays, ..deployment("d", included, excluded, &start) };
        let pool = set(pool);
        let asked = |today| Subject { computer: ComputerId(id), ..subject(&pool, today) };
        let due = scheduled.due(&asked(date("2024-06-01"))).map(|reach| reach.since);
        assert_eq!(due.ok(), expected.map(|day| date(&format!("2024-{day}"))), "{rule} {id}");
        if let Ok(day) = due {
            assert!(scheduled.reaches(&asked(day)).is_ok(), "{rule} {id}: on the day");
            let before = scheduled.reaches(&asked(day.yesterday().unwrap()));
            assert!(matches!(before, Err(Obstacle::NotStarted(_))), "{rule} {id}: the day before");
        }
    }
}

#[test]
fn availability_with_schedules_and_domains() {
    let today = date("2024-06-05");
    let delayed = |delays, included: &[i64], start| Deployment {
        delays,
        ..deployment("d", included, &[], start)
    };
    let at_once = delayed(delays(&[(0, &[CTX], 1)]), &[], "2024-06-03");
    let group_first = || delayed(delays(&[(5, &[ALL], 1)]), &[GRP], "2024-06-03");
    let goya = DomainRule {
        id: DomainId(3),
        name: "GOYA".into(),
        attribute: AttributeId(DMN_GOYA),
        target: Target { included: set(&[DMN_GOYA, CID_GOYA]), excluded: set(&[]) },
        tags: BTreeSet::new(),
    };
    let of_goya = || Deployment {
        domain: Some(Arc::new(goya.clone())),
        ..deployment("d", &[ALL], &[], "2024-06-01")
    };
    let reach =
        |by: i64, since: &str, path| Reach { by: AttributeId(by), since: date(since), path };
    let delay = |delay| Path::Delay { delay, bucket: 0, duration: 1 };
    let table = [
        ("D-DEPLOY-15", at_once, vec![ALL, CTX], Ok(reach(CTX, "2024-06-03", delay(0)))),
        (
            "D-DEPLOY-15",
            group_first(),
            vec![ALL, GRP],
            Ok(reach(GRP, "2024-06-03", Path::Included)),
        ),
        (
            "D-DEPLOY-15",
            group_first(),
            vec![ALL],
            Err(Obstacle::NotStarted(reach(ALL, "2024-06-10", delay(5)))),
        ),
        ("D-DEPLOY-15", of_goya(), vec![ALL], Err(Obstacle::OutsideDomain(DomainId(3)))),
        ("D-DOM-10", of_goya(), vec![ALL, DMN_GOYA], Ok(reach(ALL, "2024-06-01", Path::Included))),
        ("D-DOM-10", of_goya(), vec![ALL, CID_GOYA], Ok(reach(ALL, "2024-06-01", Path::Included))),
    ];
    for (rule, deployment, pool, expected) in table {
        let pool = set(&pool);
        assert_eq!(deployment.reaches(&subject(&pool, today)), expected, "{rule} {deployment:?}");
    }
}
