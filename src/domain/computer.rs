//! Computers: their fields (3.1) and their status (3.2).

use jiff::Timestamp;

use super::ids::{ComputerId, ProjectId, UserId};

/// Longest name of a computer, in characters.
pub const MAX_NAME: usize = 50;
/// Longest fully qualified name.
pub const MAX_FQDN: usize = 255;
/// Longest address.
pub const MAX_ADDRESS: usize = 50;

/// Where a computer stands in its life (D-STATUS-01).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Status {
    /// In its normal use.
    #[default]
    Intended,
    /// In special use, tests for example.
    Reserved,
    /// In any other use.
    Unknown,
    /// Free and ready.
    Available,
    InRepair,
    /// Never to be used again.
    Unsubscribed,
}

impl Status {
    /// All of them, in the order they are offered.
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

    /// Reads the stored form, and `assigned`, which later releases of the book's server say for
    /// `intended`.
    pub fn parse(text: &str) -> Option<Self> {
        if text == "assigned" {
            return Some(Self::Intended);
        }
        Self::ALL.into_iter().find(|status| status.as_str() == text)
    }

    /// Counted in boards and lists (D-STATUS-02, D-STATUS-10).
    pub fn is_productive(self) -> bool {
        matches!(self, Self::Intended | Self::Reserved | Self::Unknown)
    }

    /// Not yet out of service (D-STATUS-02).
    pub fn is_subscribed(self) -> bool {
        self != Self::Unsubscribed
    }

    /// Productive, or coming back from repair (D-STATUS-02): its CID may be named by deployments
    /// (D-STATUS-07).
    pub fn is_active(self) -> bool {
        self.is_productive() || self == Self::InRepair
    }
}

impl std::fmt::Display for Status {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A computer as it is stored (3.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Computer {
    pub id: ComputerId,
    pub uuid: String,
    pub name: String,
    pub fqdn: Option<String>,
    pub project: ProjectId,
    pub status: Status,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub ip_address: Option<String>,
    pub forwarded_ip_address: Option<String>,
    pub comment: Option<String>,
    pub sync_user: Option<UserId>,
    pub sync_start_date: Option<Timestamp>,
    pub sync_end_date: Option<Timestamp>,
    pub last_hardware_capture: Option<Timestamp>,
    pub product: Option<String>,
    /// A virtual machine (D-HW-03).
    pub is_virtual: bool,
    pub cpu: Option<String>,
    /// Bytes.
    pub ram: Option<i64>,
    /// Bytes.
    pub storage: Option<i64>,
    pub disks: Option<i64>,
    pub mac_address: Option<String>,
    /// An operator lets it come with a new key until then.
    pub accept_key_until: Option<Timestamp>,
}

impl Computer {
    /// A synchronisation is in course (D-COMP-05).
    pub fn is_synchronising(&self) -> bool {
        match (self.sync_start_date, self.sync_end_date) {
            (Some(start), Some(end)) => end < start,
            (Some(_), None) => true,
            (None, _) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[rustfmt::skip]
    fn statuses_are_grouped_as_the_rule_says() {
        // rule           status                productive subscribed active
        let table = [
            ("D-STATUS-02", Status::Intended,     true,  true,  true),
            ("D-STATUS-02", Status::Reserved,     true,  true,  true),
            ("D-STATUS-02", Status::Unknown,      true,  true,  true),
            ("D-STATUS-02", Status::Available,    false, true,  false),
            ("D-STATUS-02", Status::InRepair,     false, true,  true),
            ("D-STATUS-02", Status::Unsubscribed, false, false, false),
        ];
        for (rule, status, productive, subscribed, active) in table {
            let got = (status.is_productive(), status.is_subscribed(), status.is_active());
            assert_eq!(got, (productive, subscribed, active), "{rule}: {status}");
        }
    }

    #[test]
    fn d_status_01_the_six_values_are_read_back_and_assigned_is_an_alias() {
        for status in Status::ALL {
            assert_eq!(Status::parse(status.as_str()), Some(status));
        }
        assert_eq!(Status::parse("assigned"), Some(Status::Intended));
        assert_eq!(Status::parse("lost"), None);
    }
}
