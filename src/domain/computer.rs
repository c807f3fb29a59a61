//! Computers (3.1): what is stored, what is shown, whether one is synchronising.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::ids::{ComputerId, ProjectId, UserId};
use super::status::Status;

/// A computer without its lists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Computer {
    /// The CID: immutable, never used again.
    pub id: ComputerId,
    pub uuid: String,
    pub name: String,
    pub fqdn: Option<String>,
    pub project: ProjectId,
    pub status: Status,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub ip_address: Option<String>,
    /// Address the server saw: the host of a virtual machine.
    pub forwarded_ip_address: Option<String>,
    pub comment: Option<String>,
    pub sync_user: Option<UserId>,
    pub sync_start_date: Option<Timestamp>,
    pub sync_end_date: Option<Timestamp>,
    pub last_hardware_capture: Option<Timestamp>,
    pub product: Option<String>,
    pub machine: Machine,
    pub cpu: Option<String>,
    /// Bytes.
    pub ram: Option<i64>,
    /// Bytes.
    pub storage: Option<i64>,
    pub disks: Option<i64>,
    /// Upper-case hexadecimal, concatenated.
    pub mac_address: Option<String>,
}

/// Physical or virtual.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Machine {
    #[serde(rename = "P")]
    Physical,
    #[serde(rename = "V")]
    Virtual,
}

impl Machine {
    /// The stored form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Physical => "P",
            Self::Virtual => "V",
        }
    }

    /// Reads the stored form.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "P" => Some(Self::Physical),
            "V" => Some(Self::Virtual),
            _ => None,
        }
    }
}

/// A field computers are searched by and shown with (D-SRV-04).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SearchField {
    Id,
    Name,
    Uuid,
    Fqdn,
    IpAddress,
    ForwardedIpAddress,
    MacAddress,
    Product,
    Comment,
}

impl SearchField {
    /// All fields.
    pub const ALL: [Self; 9] = [
        Self::Id,
        Self::Name,
        Self::Uuid,
        Self::Fqdn,
        Self::IpAddress,
        Self::ForwardedIpAddress,
        Self::MacAddress,
        Self::Product,
        Self::Comment,
    ];

    /// Name in the setting, also that of the column.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Name => "name",
            Self::Uuid => "uuid",
            Self::Fqdn => "fqdn",
            Self::IpAddress => "ip_address",
            Self::ForwardedIpAddress => "forwarded_ip_address",
            Self::MacAddress => "mac_address",
            Self::Product => "product",
            Self::Comment => "comment",
        }
    }

    /// Reads a name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.as_str() == text)
    }

    /// The value of the field, empty where there is none.
    pub fn value(self, computer: &Computer) -> String {
        match self {
            Self::Id => computer.id.to_string(),
            Self::Name => computer.name.clone(),
            Self::Uuid => computer.uuid.clone(),
            Self::Fqdn => computer.fqdn.clone().unwrap_or_default(),
            Self::IpAddress => computer.ip_address.clone().unwrap_or_default(),
            Self::ForwardedIpAddress => computer.forwarded_ip_address.clone().unwrap_or_default(),
            Self::MacAddress => computer.mac_address.clone().unwrap_or_default(),
            Self::Product => computer.product.clone().unwrap_or_default(),
            Self::Comment => computer.comment.clone().unwrap_or_default(),
        }
    }
}

/// How a computer is shown: `CID-7`, or `name (CID-7)` (D-COMP-02).
pub fn display_name(computer: &Computer, fields: &[SearchField]) -> String {
    match fields.first() {
        None | Some(SearchField::Id) => format!("CID-{}", computer.id),
        Some(field) => format!("{} (CID-{})", field.value(computer), computer.id),
    }
}

/// Description of the CID attribute: the first search field other than the id, normally the name
/// (D-CID-01).
pub fn cid_description(computer: &Computer, fields: &[SearchField]) -> String {
    let other = fields.iter().find(|field| **field != SearchField::Id);
    other.unwrap_or(&SearchField::Name).value(computer)
}

/// Reads `CID-7` or `7`.
pub fn parse_cid(text: &str) -> Option<ComputerId> {
    text.strip_prefix("CID-").unwrap_or(text).parse().ok()
}

/// What the cell "last update time" says (D-COMP-05).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    Never,
    /// How long the last synchronisation took.
    Finished(SignedDuration),
    Synchronising,
    /// Synchronising for longer than the threshold.
    Delayed(SignedDuration),
}

/// Says where a computer is in its synchronisation; `threshold` is SECONDS_MESSAGE_ALERT.
pub fn progress(
    start: Option<Timestamp>,
    end: Option<Timestamp>,
    threshold: SignedDuration,
    now: Timestamp,
) -> Progress {
    let Some(start) = start else { return Progress::Never };
    match end {
        Some(end) if end >= start => Progress::Finished(end.duration_since(start)),
        _ => {
            let elapsed = now.duration_since(start);
            if elapsed > threshold { Progress::Delayed(elapsed) } else { Progress::Synchronising }
        }
    }
}

/// `HH:MM:SS`, from one day on `N days, HH:MM:SS` (D-COMP-05).
pub fn duration_text(duration: SignedDuration) -> String {
    let seconds = duration.as_secs().max(0);
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    let clock = format!("{:02}:{:02}:{:02}", rest / 3600, rest / 60 % 60, rest % 60);
    match days {
        0 => clock,
        1 => format!("1 day, {clock}"),
        _ => format!("{days} days, {clock}"),
    }
}

/// How worrying the time since the last synchronisation is (D-COMP-06).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    Info,
    Warning,
    Danger,
}

/// Level of the time since the last synchronisation ended (D-COMP-06).
pub fn age_level(end: Timestamp, now: Timestamp) -> Level {
    match now.duration_since(end).as_hours() {
        ..24 => Level::Info,
        24..720 => Level::Warning,
        _ => Level::Danger,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_700_000_000 + seconds).unwrap()
    }

    fn computer() -> Computer {
        Computer {
            id: ComputerId(7),
            uuid: "U".into(),
            name: "pc7".into(),
            fqdn: None,
            project: ProjectId(1),
            status: Status::Intended,
            created_at: at(0),
            updated_at: at(0),
            ip_address: Some("10.0.0.7".into()),
            forwarded_ip_address: None,
            comment: None,
            sync_user: None,
            sync_start_date: None,
            sync_end_date: None,
            last_hardware_capture: None,
            product: None,
            machine: Machine::Physical,
            cpu: None,
            ram: None,
            storage: None,
            disks: None,
            mac_address: None,
        }
    }

    #[test]
    fn a_computer_is_shown_by_its_first_search_field() {
        use SearchField::{Id, IpAddress, Name};
        let table: &[(&str, &[SearchField], &str, &str)] = &[
            ("D-COMP-02", &[Id, Name], "CID-7", "pc7"),
            ("D-COMP-02", &[Name, IpAddress], "pc7 (CID-7)", "pc7"),
            ("D-CID-01", &[IpAddress], "10.0.0.7 (CID-7)", "10.0.0.7"),
            ("D-CID-01", &[Id], "CID-7", "pc7"),
        ];
        for (rule, fields, shown, description) in table {
            assert_eq!(display_name(&computer(), fields), *shown, "{rule} {fields:?}");
            assert_eq!(cid_description(&computer(), fields), *description, "{rule} {fields:?}");
        }
        assert_eq!(parse_cid("CID-7"), parse_cid("7"));
    }

    #[test]
    fn a_synchronisation_is_finished_running_or_delayed() {
        let threshold = SignedDuration::from_secs(1800);
        let seconds = SignedDuration::from_secs;
        // rule        start    end       now    shows
        let table = [
            ("D-COMP-05", None, None, 0, Progress::Never),
            ("D-COMP-05", Some(10), Some(75), 80, Progress::Finished(seconds(65))),
            ("D-COMP-05", Some(10), None, 20, Progress::Synchronising),
            ("D-COMP-05", Some(10), Some(5), 1810, Progress::Synchronising),
            ("D-COMP-05", Some(10), Some(5), 1811, Progress::Delayed(seconds(1801))),
        ];
        for (rule, start, end, now, expected) in table {
            let got = progress(start.map(at), end.map(at), threshold, at(now));
            assert_eq!(got, expected, "{rule} {start:?} {end:?} {now}");
        }
        assert_eq!(("D-COMP-05", duration_text(seconds(3_725))), ("D-COMP-05", "01:02:05".into()));
        let long = duration_text(seconds(2 * 86_400 + 61));
        assert_eq!(("D-COMP-05", long), ("D-COMP-05", "2 days, 00:01:01".into()));
    }

    #[test]
    fn the_time_since_the_last_synchronisation_has_a_level() {
        let table = [
            ("D-COMP-06", 0, Level::Info),
            ("D-COMP-06", 86_399, Level::Info),
            ("D-COMP-06", 86_400, Level::Warning),
            ("D-COMP-06", 30 * 86_400 - 1, Level::Warning),
            ("D-COMP-06", 30 * 86_400, Level::Danger),
        ];
        for (rule, age, expected) in table {
            assert_eq!(age_level(at(0), at(age)), expected, "{rule} {age}");
        }
    }
}
