//! Alerts (5.5): what is waiting for an administrator, in figures.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::computer::Level;

/// What an alert counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Alert {
    /// D-ALERT-07
    Regenerations,
    /// D-ALERT-05
    SynchronisingComputers,
    /// D-ALERT-08
    ActiveSchedules,
    /// D-ALERT-04
    OrphanPackages,
    /// D-ALERT-03
    UncheckedNotifications,
    /// D-ALERT-06
    DelayedComputers,
    /// D-ALERT-09
    FinishedSchedules,
    /// D-ALERT-02
    UncheckedFaults,
    /// D-ALERT-01
    UncheckedErrors,
}

impl Alert {
    /// All alerts in the order in which they are shown (D-ALERT-10).
    pub const ALL: [Self; 9] = [
        Self::Regenerations,
        Self::SynchronisingComputers,
        Self::ActiveSchedules,
        Self::OrphanPackages,
        Self::UncheckedNotifications,
        Self::DelayedComputers,
        Self::FinishedSchedules,
        Self::UncheckedFaults,
        Self::UncheckedErrors,
    ];

    /// How urgent it is.
    pub fn level(self) -> Level {
        match self {
            Self::Regenerations | Self::SynchronisingComputers | Self::ActiveSchedules => {
                Level::Info
            }
            Self::OrphanPackages
            | Self::UncheckedNotifications
            | Self::DelayedComputers
            | Self::FinishedSchedules => Level::Warning,
            Self::UncheckedFaults | Self::UncheckedErrors => Level::Danger,
        }
    }

    /// Name for programs and for the catalogue.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Regenerations => "regenerations",
            Self::SynchronisingComputers => "synchronising-computers",
            Self::ActiveSchedules => "active-schedules",
            Self::OrphanPackages => "orphan-packages",
            Self::UncheckedNotifications => "unchecked-notifications",
            Self::DelayedComputers => "delayed-computers",
            Self::FinishedSchedules => "finished-schedules",
            Self::UncheckedFaults => "unchecked-faults",
            Self::UncheckedErrors => "unchecked-errors",
        }
    }
}

/// Which of the two alerts of messages counts a computer whose message came at `updated_at`:
/// always exactly one, the boundary being delayed (D-ALERT-14).
pub fn of_message(updated_at: Timestamp, threshold: SignedDuration, now: Timestamp) -> Alert {
    if now.duration_since(updated_at) < threshold {
        Alert::SynchronisingComputers
    } else {
        Alert::DelayedComputers
    }
}

/// The alerts of an account with their figures.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Alerts {
    counts: Vec<(Alert, u64)>,
}

impl Alerts {
    /// Puts figures, in any order, together.
    pub fn new(counts: impl IntoIterator<Item = (Alert, u64)>) -> Self {
        let mut counts: Vec<_> = counts.into_iter().collect();
        counts.sort_unstable();
        Self { counts }
    }

    /// The figure of the bar: the sum of all.
    pub fn total(&self) -> u64 {
        self.counts.iter().map(|(_, count)| count).sum()
    }

    /// What the panel shows: those that are not zero, in the order of D-ALERT-10.
    pub fn shown(&self) -> impl Iterator<Item = (Alert, u64)> {
        self.counts.iter().copied().filter(|(_, count)| *count > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alerts_have_a_level_and_an_order() {
        // rule         alert                          level
        let table = [
            ("D-ALERT-07", Alert::Regenerations, Level::Info),
            ("D-ALERT-05", Alert::SynchronisingComputers, Level::Info),
            ("D-ALERT-08", Alert::ActiveSchedules, Level::Info),
            ("D-ALERT-04", Alert::OrphanPackages, Level::Warning),
            ("D-ALERT-03", Alert::UncheckedNotifications, Level::Warning),
            ("D-ALERT-06", Alert::DelayedComputers, Level::Warning),
            ("D-ALERT-09", Alert::FinishedSchedules, Level::Warning),
            ("D-ALERT-02", Alert::UncheckedFaults, Level::Danger),
            ("D-ALERT-01", Alert::UncheckedErrors, Level::Danger),
        ];
        // D-ALERT-10 is the order of this table.
        for ((rule, alert, level), place) in table.iter().zip(Alert::ALL) {
            assert_eq!((alert.level(), *alert), (*level, place), "{rule}");
        }
    }

    #[test]
    fn d_alert_10_shows_info_before_warning_before_danger() {
        let alerts = Alerts::new([
            (Alert::UncheckedErrors, 1),
            (Alert::OrphanPackages, 2),
            (Alert::UncheckedFaults, 0),
            (Alert::SynchronisingComputers, 3),
        ]);
        let shown: Vec<_> = alerts.shown().collect();
        assert_eq!(
            shown,
            [
                (Alert::SynchronisingComputers, 3),
                (Alert::OrphanPackages, 2),
                (Alert::UncheckedErrors, 1),
            ]
        );
        assert_eq!(alerts.total(), 6);
    }

    #[test]
    fn d_alert_11_without_anything_the_bar_shows_zero() {
        assert_eq!(Alerts::default().total(), 0);
        assert_eq!(Alerts::new(Alert::ALL.map(|alert| (alert, 0))).shown().count(), 0);
    }

    #[test]
    fn a_message_is_in_exactly_one_alert() {
        let at = |seconds: i64| Timestamp::from_second(1_700_000_000 + seconds).unwrap();
        let threshold = SignedDuration::from_secs(1800);
        // rule         age    alert
        let table = [
            ("D-ALERT-05", 0, Alert::SynchronisingComputers),
            ("D-ALERT-05", 1799, Alert::SynchronisingComputers),
            ("D-ALERT-14", 1800, Alert::DelayedComputers),
            ("D-ALERT-06", 1801, Alert::DelayedComputers),
        ];
        for (rule, age, expected) in table {
            assert_eq!(of_message(at(0), threshold, at(age)), expected, "{rule}: {age} s");
        }
    }
}
