//! Provided computers (D-TIME-05, D-TIME-06): how many have a deployment, day by day.

use jiff::civil::Date;
use serde::Serialize;

use super::calendar::{days_between, later};
use super::ids::ComputerId;
use super::schedule::{Delay, Span};
use super::target::{Pool, first_common};

/// Longest curve in days: a schedule has some fourteen years at most, and what is asked years
/// later ends there.
const MAX_DAYS: i64 = 12_000;

/// When a computer is to have a deployment, and when it had the chance to take it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Provision {
    pub due: Date,
    /// Day of the first synchronisation that it completed on its due day or later.
    pub synchronised: Option<Date>,
}

/// How many computers have a deployment at the end of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ProvidedDay {
    pub date: Date,
    /// Those that are due by then.
    pub planned: usize,
    /// Those of them that have synchronised since; none for days to come.
    pub actual: Option<usize>,
}

/// The curve from the first day of the schedule, or the first on which a computer is due, to the
/// last on which something happens.
pub fn provided_days(span: Span, computers: &[Provision], today: Date) -> Vec<ProvidedDay> {
    let mut due: Vec<Date> = computers.iter().map(|one| one.due).collect();
    let mut had: Vec<Date> = computers.iter().filter_map(|one| one.synchronised).collect();
    had.retain(|day| *day <= today);
    due.sort_unstable();
    had.sort_unstable();
    let first = due.first().map_or(span.begin, |day| span.begin.min(*day));
    let last = [due.last(), had.last()].into_iter().flatten().fold(span.end, |a, b| a.max(*b));
    let until = |days: &[Date], date: Date| days.partition_point(|day| *day <= date);
    let length = days_between(first, last).clamp(0, MAX_DAYS);
    let day = |offset| {
        let date = later(first, offset);
        let actual = (date <= today).then(|| until(&had, date));
        ProvidedDay { date, planned: until(&due, date), actual }
    };
    (0..=length).map(day).collect()
}

/// Business days after the start on which a schedule alone reaches a computer (D-SCHED-05).
pub fn days_until(delays: &[Delay], computer: ComputerId, pool: &Pool) -> Option<u32> {
    let matching = delays.iter().filter(|delay| first_common(&delay.attributes, pool).is_some());
    matching.map(|delay| delay.delay.saturating_add(delay.bucket(computer))).min()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::{AttributeId, DelayId};

    fn day(text: &str) -> Date {
        format!("2024-{text}").parse().unwrap()
    }

    #[test]
    fn computers_are_counted_by_day() {
        let span = Span { begin: day("06-06"), end: day("06-11") };
        let computers = [
            Provision { due: day("06-06"), synchronised: Some(day("06-06")) },
            Provision { due: day("06-06"), synchronised: Some(day("06-08")) },
            Provision { due: day("06-07"), synchronised: None },
            // Synchronised after today, which nobody can know yet.
            Provision { due: day("06-10"), synchronised: Some(day("06-12")) },
        ];
        // rule         day      planned  actual
        let table = [
            ("D-TIME-05", "06-06", 2, Some(1)),
            ("D-TIME-05", "06-07", 3, Some(1)),
            // A weekend plans nothing; whoever works on it synchronises.
            ("D-TIME-05", "06-08", 3, Some(2)),
            ("D-TIME-05", "06-09", 3, Some(2)),
            ("D-TIME-05", "06-10", 4, None),
            ("D-TIME-05", "06-11", 4, None),
        ];
        let got = provided_days(span, &computers, day("06-09"));
        assert_eq!(got.len(), table.len());
        for ((rule, date, planned, actual), got) in table.into_iter().zip(got) {
            assert_eq!(got, ProvidedDay { date: day(date), planned, actual }, "{rule} {date}");
        }
        let late = provided_days(span, &computers, day("06-30"));
        let last = ProvidedDay { date: day("06-12"), planned: 4, actual: Some(3) };
        assert_eq!(late.last(), Some(&last), "it goes on until the last that came");
        assert_eq!(provided_days(span, &[], day("06-01")).len(), 6, "nobody to count");
    }

    #[test]
    fn d_time_06_a_computer_counts_by_its_earliest_delay() {
        let delay = |delay, duration, attribute| Delay {
            id: DelayId(0),
            delay,
            duration,
            attributes: [AttributeId(attribute)].into(),
        };
        let delays = [delay(0, 5, 7), delay(3, 1, 1)];
        let until = |computer, pool: &[i64]| {
            let pool: Pool = pool.iter().map(|id| AttributeId(*id)).collect();
            days_until(&delays, ComputerId(computer), &pool)
        };
        assert_eq!(until(14, &[1, 7]), Some(3), "bucket 4 of the first comes later");
        assert_eq!(until(12, &[1, 7]), Some(2));
        assert_eq!(until(12, &[1]), Some(3));
        assert_eq!(until(12, &[2]), None);
    }
}
