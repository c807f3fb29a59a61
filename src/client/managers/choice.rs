//! Which driver a machine gets (D-CLI-07).
//!
//! The configuration may say so. Otherwise the distribution's own package manager is taken, as
//! `/etc/os-release` names its family: Fedora packages apt and zypper, Debian packages dnf, and
//! whoever has them installed for other work wants none of them here. On a system of no known
//! family it is the first one found, in the order of existing clients: apt-get, yum, zypper.

use std::path::Path;

use super::apt::Apt;
use super::dnf::Dnf;
use super::emulated::Emulated;
use super::zypper::Zypper;
use super::{ManagerError, PackageManager};
use crate::client::facts::os_release;
use crate::client::launcher::Launcher;
use crate::client::places::Places;
use crate::client::transport::Endpoint;

/// A driver that can be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Driver {
    Apt,
    Dnf,
    Zypper,
}

impl Driver {
    /// The order in which existing clients look.
    const ALL: [Self; 3] = [Self::Apt, Self::Dnf, Self::Zypper];

    fn parse(name: &str) -> Option<Self> {
        match name {
            "apt" | "apt-get" => Some(Self::Apt),
            "dnf" | "dnf5" | "yum" => Some(Self::Dnf),
            "zypper" => Some(Self::Zypper),
            _ => None,
        }
    }

    fn programs(self) -> &'static [&'static str] {
        match self {
            Self::Apt => &["apt-get"],
            Self::Dnf => &super::dnf::PROGRAMS,
            Self::Zypper => &["zypper"],
        }
    }

    /// Values of `ID` and `ID_LIKE` in `/etc/os-release`.
    fn families(self) -> &'static [&'static str] {
        match self {
            Self::Apt => &["debian", "ubuntu"],
            Self::Dnf => &["fedora", "rhel", "centos"],
            Self::Zypper => &["suse", "opensuse", "sles", "sled"],
        }
    }
}

/// Chooses the driver: `wanted` from the configuration, else the one of this system.
///
/// # Errors
/// [`ManagerError::Unknown`], [`ManagerError::None`].
pub fn detect(
    wanted: Option<&str>,
    launcher: &Launcher,
    places: &Places,
    endpoint: &Endpoint,
) -> Result<Box<dyn PackageManager>, ManagerError> {
    if wanted == Some("emulated") {
        let file = places.state().join("emulated.json");
        return Ok(Box::new(Emulated::load(&file, Some(endpoint.clone()))?));
    }
    let driver = match wanted {
        Some(name) => Driver::parse(name).ok_or_else(|| ManagerError::Unknown(name.to_owned()))?,
        None => find(launcher, places.root().unwrap_or(Path::new("/")))?,
    };
    let (launcher, places) = (launcher.clone(), places.clone());
    Ok(match driver {
        Driver::Apt => Box::new(Apt::new(launcher, places)),
        Driver::Dnf => Box::new(Dnf::new(launcher, places)),
        Driver::Zypper => Box::new(Zypper::new(launcher, places)),
    })
}

fn find(launcher: &Launcher, root: &Path) -> Result<Driver, ManagerError> {
    let is_there = |driver: &Driver| driver.programs().iter().any(|name| launcher.has(name));
    let families = os_release::families(root);
    let is_own = |driver: &Driver| {
        families.iter().any(|family| driver.families().contains(&family.as_str()))
    };
    let own = Driver::ALL.into_iter().find(|driver| is_own(driver) && is_there(driver));
    own.or_else(|| Driver::ALL.into_iter().find(is_there)).ok_or(ManagerError::None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_package_manager_is_the_one_of_the_system() {
        // rule       os-release                              programs                  driver
        let table = [
            ("D-CLI-07", "ID=debian\n", &["apt-get"][..], Some(Driver::Apt)),
            ("D-CLI-07", "ID=debian\n", &["apt-get", "dnf", "zypper"], Some(Driver::Apt)),
            ("D-CLI-07", "ID=fedora\n", &["apt-get", "dnf", "zypper"], Some(Driver::Dnf)),
            ("D-CLI-07", "ID=x\nID_LIKE=\"rhel fedora\"\n", &["yum", "apt-get"], Some(Driver::Dnf)),
            (
                "D-CLI-07",
                "ID=\"opensuse-leap\"\nID_LIKE=\"suse opensuse\"\n",
                &["dnf", "zypper"],
                Some(Driver::Zypper),
            ),
            ("D-CLI-07", "ID=fedora\n", &["zypper"], Some(Driver::Zypper)),
            ("D-CLI-07", "", &["zypper", "yum"], Some(Driver::Dnf)),
            ("D-CLI-07", "", &["zypper", "apt-get"], Some(Driver::Apt)),
            ("D-CLI-07", "ID=arch\n", &["pacman"], None),
        ];
        for (rule, text, programs, expected) in table {
            let root = tempfile::tempdir().unwrap();
            for directory in ["etc", "usr/bin"] {
                std::fs::create_dir_all(root.path().join(directory)).unwrap();
            }
            std::fs::write(root.path().join("etc/os-release"), text).unwrap();
            for program in programs {
                std::fs::write(root.path().join("usr/bin").join(program), "").unwrap();
            }
            let found = find(&Launcher::new(Some(root.path())), root.path());
            assert_eq!(found.ok(), expected, "{rule}: {text} with {programs:?}");
        }
    }

    #[test]
    fn the_configuration_may_choose() {
        let root = tempfile::tempdir().unwrap();
        let (launcher, places) = (Launcher::new(Some(root.path())), Places::new(Some(root.path())));
        let endpoint = Endpoint::new("http://srv", None, &[]).unwrap();
        let announced = |wanted| detect(Some(wanted), &launcher, &places, &endpoint);
        let table = [
            ("D-PMS-01", "apt", "apt-get"),
            ("D-PMS-01", "apt-get", "apt-get"),
            ("D-PMS-01", "dnf", "yum"),
            ("D-PMS-01", "yum", "yum"),
            ("D-PMS-01", "zypper", "zypper"),
        ];
        for (rule, wanted, pms) in table {
            assert_eq!(announced(wanted).unwrap().pms(), pms, "{rule}: {wanted}");
        }
        assert!(
            matches!(announced("pacman"), Err(ManagerError::Unknown(name)) if name == "pacman")
        );
    }
}
