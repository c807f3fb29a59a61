//! Status of a computer (3.2): what it is for, not whether it is switched on.

use serde::{Deserialize, Serialize};

/// Status of a computer (D-STATUS-01, D-STATUS-03).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Status {
    /// In its normal use.
    #[serde(rename = "intended", alias = "assigned")]
    Intended,
    /// Special use, such as tests.
    #[serde(rename = "reserved")]
    Reserved,
    /// Any other use.
    #[serde(rename = "unknown")]
    Unknown,
    /// Free and ready.
    #[serde(rename = "available")]
    Available,
    #[serde(rename = "in repair")]
    InRepair,
    /// Will never be used again.
    #[serde(rename = "unsubscribed")]
    Unsubscribed,
}

impl Status {
    /// All values, in the order they are offered.
    pub const ALL: [Self; 6] = [
        Self::Intended,
        Self::Reserved,
        Self::Unknown,
        Self::Available,
        Self::InRepair,
        Self::Unsubscribed,
    ];

    /// The stored form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Intended => "intended",
            Self::Reserved => "reserved",
            Self::Unknown => "unknown",
            Self::Available => "available",
            Self::InRepair => "in repair",
            Self::Unsubscribed => "unsubscribed",
        }
    }

    /// Reads the stored form, or `assigned` for `intended`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "assigned" => Some(Self::Intended),
            _ => Self::ALL.into_iter().find(|status| status.as_str() == text),
        }
    }

    /// *Alta*: everything but unsubscribed.
    pub fn is_subscribed(self) -> bool {
        self != Self::Unsubscribed
    }

    /// Counted in figures and lists of deployments (D-STATUS-10).
    pub fn is_productive(self) -> bool {
        matches!(self, Self::Intended | Self::Reserved | Self::Unknown)
    }

    /// Subscribed but not productive.
    pub fn is_unproductive(self) -> bool {
        self.is_subscribed() && !self.is_productive()
    }

    /// Productive, or in repair.
    pub fn is_active(self) -> bool {
        self.is_productive() || self == Self::InRepair
    }

    /// Whatever configures the computer is taken away when it gets this status (D-STATUS-06),
    /// and cannot be given to it meanwhile (D-STATUS-07).
    pub fn is_released(self) -> bool {
        matches!(self, Self::Available | Self::Unsubscribed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_and_their_groups() {
        // rule          stored        subscribed productive unproductive active released
        let table = [
            ("D-STATUS-02", "intended", [true, true, false, true, false]),
            ("D-STATUS-02", "reserved", [true, true, false, true, false]),
            ("D-STATUS-02", "unknown", [true, true, false, true, false]),
            ("D-STATUS-02", "available", [true, false, true, false, true]),
            ("D-STATUS-02", "in repair", [true, false, true, true, false]),
            ("D-STATUS-02", "unsubscribed", [false, false, false, false, true]),
        ];
        for (rule, stored, groups) in table {
            let status = Status::parse(stored).unwrap();
            assert_eq!(status.as_str(), stored, "{rule}");
            let found = [
                status.is_subscribed(),
                status.is_productive(),
                status.is_unproductive(),
                status.is_active(),
                status.is_released(),
            ];
            assert_eq!(found, groups, "{rule} {stored}");
        }
    }

    #[test]
    fn d_status_01_assigned_is_another_name_of_intended() {
        assert_eq!(Status::parse("assigned"), Some(Status::Intended));
        assert_eq!(Status::parse("sold"), None);
    }
}
