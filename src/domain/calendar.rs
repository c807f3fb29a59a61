//! Business days: Monday to Friday, no public holidays (D-SCHED-02).

use jiff::Span;
use jiff::civil::Date;

/// `H(S, n)`: the day `n` business days after `start` (D-SCHED-03). A start on a weekend counts
/// from the next Monday, so the result is never a weekend day; past the end of the calendar it is
/// the last day there is.
///
/// ```
/// use migas::domain::calendar::horizon;
/// let friday = jiff::civil::date(2024, 6, 7);
/// assert_eq!(horizon(friday, 0), friday);
/// assert_eq!(horizon(friday, 1), jiff::civil::date(2024, 6, 10));
/// ```
pub fn horizon(start: Date, business_days: u32) -> Date {
    let weekday = i64::from(start.weekday().to_monday_zero_offset());
    let (to_monday, weekday) = if weekday >= 5 { (7 - weekday, 0) } else { (0, weekday) };
    let days = i64::from(business_days);
    later(start, to_monday + days + 2 * ((weekday + days) / 5))
}

/// Calendar days from one day to another, negative when `to` is the earlier one.
pub fn days_between(from: Date, to: Date) -> i64 {
    from.until(to).map_or(0, |span| i64::from(span.get_days()))
}

/// The day some calendar days later.
pub fn later(day: Date, calendar_days: i64) -> Date {
    Span::new().try_days(calendar_days).map_or(Date::MAX, |span| day.saturating_add(span))
}

#[cfg(test)]
mod tests {
    use jiff::civil::Weekday;
    use proptest::prelude::*;

    use super::*;

    fn is_weekend(day: Date) -> bool {
        matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
    }

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn business_days_follow_the_table() {
        const DAYS: [u32; 7] = [0, 1, 2, 4, 5, 10, 15];
        // rule           start         n = 0, 1, 2, 4, 5, 10, 15
        let table: [(&str, &str, [&str; 7]); 7] = [
            (
                "D-SCHED-03",
                "06-03",
                ["06-03", "06-04", "06-05", "06-07", "06-10", "06-17", "06-24"],
            ),
            (
                "D-SCHED-03",
                "06-04",
                ["06-04", "06-05", "06-06", "06-10", "06-11", "06-18", "06-25"],
            ),
            (
                "D-SCHED-03",
                "06-05",
                ["06-05", "06-06", "06-07", "06-11", "06-12", "06-19", "06-26"],
            ),
            (
                "D-SCHED-03",
                "06-06",
                ["06-06", "06-07", "06-10", "06-12", "06-13", "06-20", "06-27"],
            ),
            (
                "D-SCHED-03",
                "06-07",
                ["06-07", "06-10", "06-11", "06-13", "06-14", "06-21", "06-28"],
            ),
            (
                "D-SCHED-03",
                "06-08",
                ["06-10", "06-11", "06-12", "06-14", "06-17", "06-24", "07-01"],
            ),
            (
                "D-SCHED-02",
                "06-09",
                ["06-10", "06-11", "06-12", "06-14", "06-17", "06-24", "07-01"],
            ),
        ];
        for (rule, start, expected) in table {
            for (n, expected) in DAYS.into_iter().zip(expected) {
                let got = horizon(day(&format!("2024-{start}")), n);
                assert_eq!(got, day(&format!("2024-{expected}")), "{rule} H({start}, {n})");
            }
        }
    }

    proptest! {
        /// Counting day by day, and skipping weekends, is what the formula says at once.
        #[test]
        fn d_sched_03_is_counting_days_that_are_no_weekend(offset in 0i64..4000, n in 0u32..400) {
            let start = later(day("2020-01-01"), offset);
            let mut counted = start;
            while is_weekend(counted) {
                counted = later(counted, 1);
            }
            for _ in 0..n {
                counted = later(counted, 1);
                while is_weekend(counted) {
                    counted = later(counted, 1);
                }
            }
            prop_assert_eq!(horizon(start, n), counted);
            prop_assert_eq!(days_between(start, later(start, 17)), 17);
        }
    }

    #[test]
    fn the_end_of_the_calendar_is_no_panic() {
        assert_eq!(horizon(Date::MAX, u32::MAX), Date::MAX);
    }
}
