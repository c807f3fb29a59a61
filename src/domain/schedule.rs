//! Schedules (7.6): who gets a deployment how many business days after its start, and how a delay
//! spreads its computers over some days.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::calendar::{days_between, horizon};
use super::ids::{AttributeId, ComputerId, DelayId, ScheduleId};

/// Longest name, in characters.
pub const MAX_NAME: usize = 50;
/// Longest delay and duration, in business days: some fourteen years.
pub const MAX_DAYS: u32 = 3650;
/// Schedules of a new site: one delay of 0 days for ALL SYSTEMS with this duration (D-SCHED-01).
pub const DEFAULTS: [(&str, u32); 2] = [("2 weeks", 10), ("4 weeks", 20)];

/// A schedule with its delays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    pub id: ScheduleId,
    pub name: String,
    pub description: String,
    /// By delay, each number once.
    pub delays: Vec<Delay>,
}

/// From some business day on, the computers with some attribute, spread over some days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delay {
    pub id: DelayId,
    /// Business days from the start of the deployment.
    pub delay: u32,
    /// Business days over which its computers are spread, 1 or more.
    pub duration: u32,
    pub attributes: BTreeSet<AttributeId>,
}

impl Delay {
    /// The bucket of a computer: the same in every deployment with this duration (D-SCHED-04).
    pub fn bucket(&self, computer: ComputerId) -> u32 {
        let buckets = i64::from(self.duration.max(1));
        u32::try_from(computer.0.rem_euclid(buckets)).unwrap_or(0)
    }

    /// The day on which the delay is due for a computer (D-SCHED-04).
    pub fn due(&self, start: Date, computer: ComputerId) -> Date {
        horizon(start, self.delay.saturating_add(self.bucket(computer)))
    }
}

/// Where a deployment with a schedule stands (7.7).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Timeline {
    /// The first day on which a delay is due.
    pub begin: Date,
    /// The day after which nothing new comes.
    pub end: Date,
    /// Calendar days since `begin`, counting today, within 0 and `total_days`.
    pub elapsed_days: i64,
    pub total_days: i64,
    /// 0 to 100.
    pub percent: u8,
    /// By delay.
    pub delays: Vec<DelayProgress>,
}

/// One delay of a timeline (D-TIME-04).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DelayProgress {
    pub delay: u32,
    pub duration: u32,
    pub attributes: BTreeSet<AttributeId>,
    pub date: Date,
    pub reached: bool,
    pub percent: u8,
}

/// How far a schedule has come in an enabled deployment (D-ALERT-08, D-ALERT-09).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Less than 100 %, also before its first day.
    Active,
    Finished,
}

impl Standing {
    /// Of a percentage.
    pub fn of(percent: u8) -> Self {
        if percent < 100 { Self::Active } else { Self::Finished }
    }

    /// Name for programs and for addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Finished => "finished",
        }
    }

    /// Reads the name.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Active, Self::Finished].into_iter().find(|one| one.as_str() == text)
    }
}

/// The days a schedule takes, whoever they are for (D-TIME-01).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    pub begin: Date,
    pub end: Date,
}

impl Span {
    /// Of a schedule whose first delay is `first` and whose last computers come before `last`,
    /// both in business days.
    pub fn new(start: Date, first: u32, last: u32) -> Self {
        Self { begin: horizon(start, first), end: horizon(start, last) }
    }

    /// How much of it has passed, 0 to 100 (D-TIME-02).
    pub fn percent(self, today: Date) -> u8 {
        percent(self.begin, self.end, today)
    }
}

impl Timeline {
    /// The timeline of a deployment that starts on `start`; none without delays (D-TIME-01).
    pub fn new(delays: &[Delay], start: Date, today: Date) -> Option<Self> {
        let first = delays.iter().map(|delay| delay.delay).min()?;
        let last = delays.iter().map(|delay| delay.delay.saturating_add(delay.duration)).max()?;
        let span = Span::new(start, first, last);
        let Span { begin, end } = span;
        let total_days = days_between(begin, end).max(0);
        let progress = |delay: &Delay| {
            let date = horizon(start, delay.delay);
            let until = horizon(start, delay.delay.saturating_add(delay.duration));
            DelayProgress {
                delay: delay.delay,
                duration: delay.duration,
                attributes: delay.attributes.clone(),
                date,
                reached: date <= today,
                percent: percent(date, until, today),
            }
        };
        let mut delays: Vec<DelayProgress> = delays.iter().map(progress).collect();
        delays.sort_by_key(|delay| delay.delay);
        Some(Self {
            begin,
            end,
            elapsed_days: (days_between(begin, today) + 1).clamp(0, total_days),
            total_days,
            percent: span.percent(today),
            delays,
        })
    }
}

/// How much of an interval has passed, in calendar days (D-TIME-02).
fn percent(begin: Date, end: Date, today: Date) -> u8 {
    let total = days_between(begin, end);
    if total <= 0 {
        return 100;
    }
    let passed = days_between(begin, today).saturating_mul(100).div_euclid(total);
    u8::try_from(passed.clamp(0, 100)).unwrap_or(100)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn delay(delay: u32, duration: u32) -> Delay {
        Delay { id: DelayId(0), delay, duration, attributes: [AttributeId(1)].into() }
    }

    #[test]
    fn buckets_are_even_and_weekends_bring_nothing_new() {
        let twenty = delay(0, 20);
        let mut sizes = [0; 20];
        for id in 1..=1000 {
            sizes[twenty.bucket(ComputerId(id)) as usize] += 1;
        }
        assert_eq!(sizes, [50; 20], "D-SCHED-07");
        let start = day("2024-06-05");
        let available = |on: &str| {
            (1..=1000).filter(|id| twenty.due(start, ComputerId(*id)) <= day(on)).count()
        };
        let table = [
            ("D-SCHED-07", "2024-06-07", 150),
            ("D-SCHED-07", "2024-06-08", 150),
            ("D-SCHED-07", "2024-06-09", 150),
            ("D-SCHED-07", "2024-06-10", 200),
            ("D-SCHED-04", "2024-07-02", 1000),
        ];
        for (rule, on, expected) in table {
            assert_eq!(available(on), expected, "{rule} {on}");
        }
        // The book's printers: 120 computers, some six a day.
        let mut a_day = std::collections::BTreeMap::new();
        for id in (7..).step_by(13).take(120) {
            *a_day.entry(twenty.due(start, ComputerId(id))).or_insert(0) += 1;
        }
        assert_eq!((a_day.len(), a_day.values().max()), (20, Some(&6)), "D-SCN-06");
    }

    #[test]
    fn a_timeline_says_how_far_it_is() {
        let twenty = vec![delay(0, 20)];
        let slow = vec![delay(0, 1), delay(5, 1), delay(10, 1), delay(15, 1)];
        let early_but_long = vec![delay(0, 20), delay(5, 1)];
        // rule         delays          start         today         begin         end    elapsed/total  %
        type Row<'a> = (&'a str, &'a [Delay], &'a str, &'a str, &'a str, &'a str, i64, i64, u8);
        let table: [Row<'_>; 8] = [
            ("D-TIME-01", &twenty, "06-05", "06-05", "06-05", "07-03", 1, 28, 0),
            ("D-TIME-02", &twenty, "06-05", "06-04", "06-05", "07-03", 0, 28, 0),
            ("D-TIME-02", &twenty, "06-05", "05-01", "06-05", "07-03", 0, 28, 0),
            ("D-TIME-02", &twenty, "06-05", "06-19", "06-05", "07-03", 15, 28, 50),
            ("D-TIME-03", &twenty, "06-05", "07-03", "06-05", "07-03", 28, 28, 100),
            ("D-TIME-02", &twenty, "06-05", "12-31", "06-05", "07-03", 28, 28, 100),
            ("D-TIME-01", &slow, "06-08", "06-10", "06-10", "07-02", 1, 22, 0),
            ("D-TIME-01", &early_but_long, "06-05", "06-05", "06-05", "07-03", 1, 28, 0),
        ];
        for (rule, delays, start, today, begin, end, elapsed, total, percent) in table {
            let date = |text: &str| day(&format!("2024-{text}"));
            let got = Timeline::new(delays, date(start), date(today)).unwrap();
            assert_eq!(
                (got.begin, got.end, got.elapsed_days, got.total_days, got.percent),
                (date(begin), date(end), elapsed, total, percent),
                "{rule} {start} {today}"
            );
        }
        assert_eq!(Timeline::new(&[], day("2024-06-05"), day("2024-06-05")), None, "D-ALERT-12");
    }

    #[test]
    fn d_time_04_each_delay_has_its_own_progress() {
        let delays = [delay(5, 5), delay(0, 1)];
        let got = Timeline::new(&delays, day("2024-06-03"), day("2024-06-12")).unwrap();
        let rows: Vec<_> = got
            .delays
            .iter()
            .map(|d| (d.delay, d.date.to_string(), d.reached, d.percent))
            .collect();
        assert_eq!(
            rows,
            [(0, "2024-06-03".to_owned(), true, 100), (5, "2024-06-10".to_owned(), true, 28)]
        );
    }
}
