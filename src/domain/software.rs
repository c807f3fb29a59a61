//! When a package was on a computer, from the changes that are recorded.

use jiff::Timestamp;

/// One package came or went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    pub at: Timestamp,
    pub installed: bool,
}

/// A stretch of time in which a package was installed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interval {
    /// `None`: since before anything is known.
    pub from: Option<Timestamp>,
    /// `None`: still.
    pub to: Option<Timestamp>,
}

/// Returns the stretches of time in which a package was installed; `changes` are in order, and
/// `now` says whether it is installed after the last of them.
///
/// What is installed now was installed at the last change at the latest: changes that never
/// reached the server leave an open end rather than a contradiction.
///
/// ```
/// use migas::domain::software::{Interval, presence};
/// assert_eq!(presence(&[], true), [Interval { from: None, to: None }]);
/// ```
pub fn presence(changes: &[Change], now: bool) -> Vec<Interval> {
    let mut found = Vec::new();
    // A package whose first change is its removal was there from the beginning.
    let first = changes.first().map_or(now, |change| !change.installed);
    let mut open = first.then_some(Interval { from: None, to: None });
    for change in changes {
        match (change.installed, open.take()) {
            (true, None) => open = Some(Interval { from: Some(change.at), to: None }),
            (true, already) => open = already,
            (false, Some(interval)) => found.push(Interval { to: Some(change.at), ..interval }),
            (false, None) => {}
        }
    }
    match open {
        Some(interval) if now => found.push(interval),
        Some(interval) => {
            let last = changes.last().map(|change| change.at);
            found.push(Interval { to: last, ..interval });
        }
        None if now => {
            found.push(Interval { from: changes.last().map(|change| change.at), to: None });
        }
        None => {}
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn d_scn_04_the_changes_tell_when_a_package_was_there() {
        type Row = (&'static [(i64, bool)], bool, &'static [(Option<i64>, Option<i64>)]);
        let table: &[Row] = &[
            (&[], true, &[(None, None)]),
            (&[], false, &[]),
            (&[(5, true)], true, &[(Some(5), None)]),
            (&[(5, false)], false, &[(None, Some(5))]),
            (&[(5, true), (9, false)], false, &[(Some(5), Some(9))]),
            (&[(5, false), (9, true)], true, &[(None, Some(5)), (Some(9), None)]),
            (&[(5, true), (7, true), (9, false)], false, &[(Some(5), Some(9))]),
            // Reports that never came.
            (&[(5, false)], true, &[(None, Some(5)), (Some(5), None)]),
            (&[(5, true)], false, &[(Some(5), Some(5))]),
        ];
        for (changes, now, expected) in table {
            let changes: Vec<Change> = changes
                .iter()
                .map(|(second, installed)| Change { at: at(*second), installed: *installed })
                .collect();
            let expected: Vec<Interval> = expected
                .iter()
                .map(|(from, to)| Interval { from: from.map(at), to: to.map(at) })
                .collect();
            assert_eq!(presence(&changes, *now), expected, "{changes:?} {now}");
        }
    }
}
