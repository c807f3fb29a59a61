//! Settings of the site (section 11): rows of text by name; an absent row means the default.
//!
//! A value that was stored is always readable: [`SiteSettings::set`] refuses the others.

use std::collections::BTreeMap;

use super::computer::SearchField;
use super::status::Status;
use super::text::boolean as parse_boolean;

/// The settings with their types.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteSettings {
    /// Shown in the pages (D-SRV-01).
    pub organization: String,
    /// Clients may create platforms and projects (D-SRV-02).
    pub autoregister: bool,
    /// Status of new computers (D-SRV-03).
    pub default_computer_status: Status,
    /// Columns that identify a computer to people, the first before all (D-SRV-04).
    pub computer_search_fields: Vec<SearchField>,
    /// Age in seconds from which a message counts as delayed (D-SRV-08).
    pub seconds_message_alert: i64,
    /// Text of the label (D-SRV-09).
    pub help_desk: String,
    /// Days between two captures of hardware (D-SRV-11).
    pub hw_period: i64,
    /// More UUIDs that identify nobody (D-SRV-12).
    pub invalid_uuid: Vec<String>,
    /// Hosts behind the server to which sources of external deployments may redirect.
    pub external_hosts: Vec<String>,
    pub notify_new_computer: bool,
    pub notify_change_uuid: bool,
    pub notify_change_name: bool,
    pub notify_change_ip: bool,
    /// Rows of a list (D-SRV-24).
    pub page_size: u32,
}

/// A stored setting that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("setting {name} is {value:?}, it should be {expected}")]
pub struct InvalidSetting {
    pub name: String,
    pub value: String,
    pub expected: &'static str,
}

impl Default for SiteSettings {
    fn default() -> Self {
        Self {
            organization: "My Organization".into(),
            autoregister: true,
            default_computer_status: Status::Intended,
            computer_search_fields: vec![SearchField::Id, SearchField::Name],
            seconds_message_alert: 1800,
            help_desk: "Put here how you want to be found".into(),
            hw_period: 30,
            invalid_uuid: Vec::new(),
            external_hosts: Vec::new(),
            notify_new_computer: false,
            notify_change_uuid: false,
            notify_change_name: false,
            notify_change_ip: false,
            page_size: 100,
        }
    }
}

impl SiteSettings {
    /// Reads the stored rows.
    pub fn from_rows(rows: &BTreeMap<String, String>) -> Self {
        let mut settings = Self::default();
        for (name, value) in rows {
            // A row of a newer or older program does no harm: its default stands.
            let _unreadable_stays_default = settings.set(name, value);
        }
        settings
    }

    /// Checks the stored rows before a server starts with them (D-STATUS-04): a value that
    /// something else wrote must not silently become its default. Names that are not known here
    /// belong to a newer program and do no harm.
    ///
    /// # Errors
    /// [`InvalidSetting`] names the first that cannot be read.
    pub fn check_rows(rows: &BTreeMap<String, String>) -> Result<(), InvalidSetting> {
        let known = Self::default().rows();
        let ours = rows.iter().filter(|(name, _)| known.iter().any(|(known, _)| known == name));
        for (name, value) in ours {
            Self::default().set(name, value).map_err(|expected| InvalidSetting {
                name: name.clone(),
                value: value.clone(),
                expected,
            })?;
        }
        Ok(())
    }

    /// Sets one by its name; `MIGASFREE_` before it is accepted (section 11).
    ///
    /// # Errors
    /// Says what the value should be, or that there is no such setting.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), &'static str> {
        let value = value.trim();
        match name.strip_prefix("MIGASFREE_").unwrap_or(name) {
            "ORGANIZATION" => value.clone_into(&mut self.organization),
            "AUTOREGISTER" => self.autoregister = boolean(value)?,
            "DEFAULT_COMPUTER_STATUS" => {
                self.default_computer_status =
                    Status::parse(value).ok_or("one of the statuses of a computer")?;
            }
            "COMPUTER_SEARCH_FIELDS" => {
                let wrong = "fields of a computer such as: id, name, ip_address";
                let read = |word: &str| SearchField::parse(&word.to_lowercase()).ok_or(wrong);
                let fields = words(value).map(read).collect::<Result<Vec<_>, _>>()?;
                if fields.is_empty() {
                    return Err(wrong);
                }
                self.computer_search_fields = fields;
            }
            "SECONDS_MESSAGE_ALERT" => self.seconds_message_alert = at_least(value, 1)?,
            "HELP_DESK" => value.clone_into(&mut self.help_desk),
            "HW_PERIOD" => self.hw_period = at_least(value, 0)?,
            "INVALID_UUID" => self.invalid_uuid = words(value).map(str::to_owned).collect(),
            "EXTERNAL_HOSTS" => {
                self.external_hosts = words(value).map(str::to_lowercase).collect();
            }
            "NOTIFY_NEW_COMPUTER" => self.notify_new_computer = boolean(value)?,
            "NOTIFY_CHANGE_UUID" => self.notify_change_uuid = boolean(value)?,
            "NOTIFY_CHANGE_NAME" => self.notify_change_name = boolean(value)?,
            "NOTIFY_CHANGE_IP" => self.notify_change_ip = boolean(value)?,
            "PAGE_SIZE" => {
                let size = u32::try_from(at_least(value, 1)?).unwrap_or(u32::MAX);
                self.page_size = size.min(1_000);
            }
            _ => return Err("there is no such setting"),
        }
        Ok(())
    }

    /// All settings by name as text, in the order they are shown.
    pub fn rows(&self) -> Vec<(&'static str, String)> {
        let fields: Vec<&str> =
            self.computer_search_fields.iter().map(|field| field.as_str()).collect();
        vec![
            ("ORGANIZATION", self.organization.clone()),
            ("AUTOREGISTER", self.autoregister.to_string()),
            ("DEFAULT_COMPUTER_STATUS", self.default_computer_status.as_str().to_owned()),
            ("COMPUTER_SEARCH_FIELDS", fields.join(", ")),
            ("SECONDS_MESSAGE_ALERT", self.seconds_message_alert.to_string()),
            ("HELP_DESK", self.help_desk.clone()),
            ("HW_PERIOD", self.hw_period.to_string()),
            ("INVALID_UUID", self.invalid_uuid.join(", ")),
            ("EXTERNAL_HOSTS", self.external_hosts.join(", ")),
            ("NOTIFY_NEW_COMPUTER", self.notify_new_computer.to_string()),
            ("NOTIFY_CHANGE_UUID", self.notify_change_uuid.to_string()),
            ("NOTIFY_CHANGE_NAME", self.notify_change_name.to_string()),
            ("NOTIFY_CHANGE_IP", self.notify_change_ip.to_string()),
            ("PAGE_SIZE", self.page_size.to_string()),
        ]
    }
}

fn boolean(value: &str) -> Result<bool, &'static str> {
    parse_boolean(value).ok_or("true or false")
}

fn at_least(value: &str, least: i64) -> Result<i64, &'static str> {
    value.parse().ok().filter(|number| *number >= least).ok_or("a whole number, not negative")
}

fn words(value: &str) -> impl Iterator<Item = &str> {
    value.split([',', ' ', '\n', '\r', '\t', ';']).map(str::trim).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absent_rows_are_the_defaults_of_the_book() {
        let settings = SiteSettings::from_rows(&BTreeMap::new());
        // rule        name                       default
        let table = [
            ("D-SRV-01", "ORGANIZATION", "My Organization"),
            ("D-SRV-02", "AUTOREGISTER", "true"),
            ("D-SRV-03", "DEFAULT_COMPUTER_STATUS", "intended"),
            ("D-SRV-04", "COMPUTER_SEARCH_FIELDS", "id, name"),
            ("D-SRV-08", "SECONDS_MESSAGE_ALERT", "1800"),
            ("D-SRV-09", "HELP_DESK", "Put here how you want to be found"),
            ("D-SRV-11", "HW_PERIOD", "30"),
            ("D-SRV-12", "INVALID_UUID", ""),
            ("D-EXT-02", "EXTERNAL_HOSTS", ""),
            ("D-SRV-13", "NOTIFY_NEW_COMPUTER", "false"),
            ("D-SRV-14", "NOTIFY_CHANGE_UUID", "false"),
            ("D-SRV-15", "NOTIFY_CHANGE_NAME", "false"),
            ("D-SRV-16", "NOTIFY_CHANGE_IP", "false"),
            ("D-SRV-24", "PAGE_SIZE", "100"),
        ];
        let rows: BTreeMap<_, _> = settings.rows().into_iter().collect();
        assert_eq!(rows.len(), table.len());
        for (rule, name, default) in table {
            assert_eq!(rows.get(name).map(String::as_str), Some(default), "{rule}: {name}");
        }
    }

    #[test]
    fn what_is_stored_is_read_back_and_nonsense_is_refused() {
        let mut settings = SiteSettings::default();
        settings.set("MIGASFREE_COMPUTER_SEARCH_FIELDS", "name, ip_address").unwrap();
        settings.set("DEFAULT_COMPUTER_STATUS", "in repair").unwrap();
        settings.set("INVALID_UUID", "A, B").unwrap();
        let rows = settings.rows().into_iter().map(|(name, value)| (name.to_owned(), value));
        assert_eq!(SiteSettings::from_rows(&rows.collect()), settings);
        for (name, value) in [
            ("COMPUTER_SEARCH_FIELDS", ""),
            ("COMPUTER_SEARCH_FIELDS", "colour"),
            ("DEFAULT_COMPUTER_STATUS", "lost"),
            ("HW_PERIOD", "-1"),
            ("AUTOREGISTER", "maybe"),
            ("TEA", "1"),
        ] {
            assert!(settings.set(name, value).is_err(), "{name}={value}");
        }
    }

    #[test]
    fn stored_rows_are_checked_before_a_start() {
        // rule           name                      value        complaint
        let table = [
            ("D-STATUS-04", "DEFAULT_COMPUTER_STATUS", "reserved", None),
            ("D-STATUS-04", "DEFAULT_COMPUTER_STATUS", "assigned", None),
            (
                "D-STATUS-04",
                "DEFAULT_COMPUTER_STATUS",
                "lost",
                Some(
                    "setting DEFAULT_COMPUTER_STATUS is \"lost\", \
                     it should be one of the statuses of a computer",
                ),
            ),
            ("D-STATUS-04", "OF_THE_FUTURE", "x", None),
        ];
        for (rule, name, value, complaint) in table {
            let rows = BTreeMap::from([(name.to_owned(), value.to_owned())]);
            let got = SiteSettings::check_rows(&rows).err().map(|error| error.to_string());
            assert_eq!(got.as_deref(), complaint, "{rule}: {name}={value}");
        }
    }
}
