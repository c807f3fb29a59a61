//! Package management systems (2.2): predefined, not edited by users (D-PMS-01).

use serde::{Deserialize, Serialize};

use super::package::Format;

/// A package management system, by the name that is stored and shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Pms {
    #[serde(rename = "apt-get", alias = "apt")]
    AptGet,
    #[serde(rename = "yum", alias = "dnf")]
    Yum,
    #[serde(rename = "zypper")]
    Zypper,
    #[serde(rename = "msi")]
    Msi,
}

impl Pms {
    /// All systems.
    pub const ALL: [Self; 4] = [Self::AptGet, Self::Yum, Self::Zypper, Self::Msi];

    /// The stored and shown name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AptGet => "apt-get",
            Self::Yum => "yum",
            Self::Zypper => "zypper",
            Self::Msi => "msi",
        }
    }

    /// Reads a name or one of its aliases, `apt` and `dnf`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "apt" => Some(Self::AptGet),
            "dnf" => Some(Self::Yum),
            _ => Self::ALL.into_iter().find(|pms| pms.as_str() == text),
        }
    }

    /// Format of the packages it installs; `None` where packages are not read.
    pub fn package_format(self) -> Option<Format> {
        match self {
            Self::AptGet => Some(Format::Deb),
            Self::Yum | Self::Zypper => Some(Format::Rpm),
            Self::Msi => None,
        }
    }

    /// Path between the directory of the project and that of a repository.
    pub fn slug(self) -> &'static str {
        match self {
            Self::AptGet => "REPOSITORIES/dists",
            Self::Yum | Self::Zypper | Self::Msi => "REPOSITORIES",
        }
    }

    /// Value of the basic attribute `PMS` (D-FORM-15).
    pub fn attribute_value(self) -> &'static str {
        match self {
            Self::AptGet => "apt",
            other => other.as_str(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn predefined_systems_and_their_aliases() {
        // rule        given      stored            path                  attribute
        let table = [
            ("D-PMS-01", "apt-get", Some("apt-get"), "REPOSITORIES/dists", "apt"),
            ("D-PMS-01", "apt", Some("apt-get"), "REPOSITORIES/dists", "apt"),
            ("D-PMS-01", "yum", Some("yum"), "REPOSITORIES", "yum"),
            ("D-PMS-01", "dnf", Some("yum"), "REPOSITORIES", "yum"),
            ("D-PMS-01", "zypper", Some("zypper"), "REPOSITORIES", "zypper"),
            ("D-PMS-01", "msi", Some("msi"), "REPOSITORIES", "msi"),
            ("D-PMS-01", "pacman", None, "", ""),
        ];
        for (rule, given, stored, path, attribute) in table {
            let pms = Pms::parse(given);
            assert_eq!(pms.map(Pms::as_str), stored, "{rule} {given}");
            if let Some(pms) = pms {
                assert_eq!(
                    (pms.slug(), pms.attribute_value()),
                    (path, attribute),
                    "{rule} {given}"
                );
            }
        }
    }
}
