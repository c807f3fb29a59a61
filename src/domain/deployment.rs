//! Deployments (7.3): a repository for some computers from some day on, and what to install and
//! remove there.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::external::External;
use super::ids::{DeploymentId, DomainId, PackageId, ProjectId, ScheduleId};
use super::target::Target;
use super::text::package_list;

/// Longest name of a deployment, in characters.
pub const MAX_NAME: usize = 50;

/// A deployment as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deployment {
    pub id: DeploymentId,
    pub project: ProjectId,
    /// Only its computers get it (D-DOM-10).
    pub domain: Option<DomainId>,
    /// As typed (D-DEPLOY-02).
    pub name: String,
    /// Slug of the name: the repository's name.
    pub slug: String,
    /// A disabled deployment reaches nobody.
    pub enabled: bool,
    /// The public repository that it makes available; none for packages of the site's own.
    pub external: Option<External>,
    pub comment: String,
    /// First day on which it is available.
    pub start_date: Date,
    pub target: Target,
    /// Gives it to more computers on later days (D-DEPLOY-10, path b).
    pub schedule: Option<ScheduleId>,
    /// Packages in its repository; being there installs nothing (D-DEPLOY-03).
    pub available_packages: Vec<PackageId>,
    pub lists: PackageLists,
}

/// The package lists of a deployment as they were typed (D-GEN-02).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PackageLists {
    /// Mandatory at each synchronisation.
    #[serde(rename = "packages_to_install")]
    pub install: String,
    /// Mandatory at each synchronisation.
    #[serde(rename = "packages_to_remove")]
    pub remove: String,
    /// The `default_*` lists act with `tags --set` only (D-DEPLOY-14).
    pub default_preincluded_packages: String,
    pub default_included_packages: String,
    pub default_excluded_packages: String,
}

/// Where the packages of a deployment come from; fixed at creation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Source {
    #[serde(rename = "I")]
    Internal,
    #[serde(rename = "E")]
    External,
}

impl Source {
    /// The stored form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Internal => "I",
            Self::External => "E",
        }
    }

    /// Reads the stored form.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "I" => Some(Self::Internal),
            "E" => Some(Self::External),
            _ => None,
        }
    }
}

impl Deployment {
    /// Where its packages come from.
    pub fn source(&self) -> Source {
        if self.external.is_some() { Source::External } else { Source::Internal }
    }

    /// Says whether saving `changed` over `self` makes the repository anew (D-DEPLOY-04,
    /// D-DEPLOY-05): other packages or another slug do; orders, dates and attributes do not.
    pub fn needs_publishing(&self, changed: &Self) -> bool {
        let is_ours = changed.external.is_none();
        is_ours && (self.slug != changed.slug || !same_packages(self, changed))
    }
}

/// Finds a token of a package list that names no package, with or without a version (D-GEN-02):
/// one that begins like an option, or holds what a package manager or shell would act on.
pub fn unusable_token(list: &str) -> Option<String> {
    let usable = |token: &String| {
        token.starts_with(|c: char| c.is_ascii_alphanumeric())
            && token.chars().all(|c| c.is_ascii_alphanumeric() || "+-._:~^=".contains(c))
    };
    package_list(list).into_iter().find(|token| !usable(token))
}

fn same_packages(one: &Deployment, other: &Deployment) -> bool {
    let sorted = |deployment: &Deployment| {
        let mut packages = deployment.available_packages.clone();
        packages.sort_unstable();
        packages.dedup();
        packages
    };
    sorted(one) == sorted(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deployment() -> Deployment {
        Deployment {
            id: DeploymentId(1),
            project: ProjectId(1),
            domain: None,
            name: "Sustituir nano".into(),
            slug: "sustituir-nano".into(),
            enabled: true,
            external: None,
            comment: String::new(),
            start_date: "2024-06-05".parse().unwrap(),
            target: Target::default(),
            schedule: None,
            available_packages: vec![PackageId(2), PackageId(1)],
            lists: PackageLists::default(),
        }
    }

    #[test]
    fn tokens_name_packages() {
        let table = [
            ("D-GEN-02", "vim emacs\nlibstdc++6:i386=12.2.0-14~bpo1", None),
            ("D-GEN-02", "1:2.3-a", None),
            ("D-GEN-02", "acme-tools-2:1.0~rc1-3.fc40 acme_x-1.1^git20260115-1.x86_64", None),
            ("D-GEN-02", "acme-*", Some("acme-*")),
            ("D-GEN-02", "@core", Some("@core")),
            ("D-GEN-02", "", None),
            ("D-GEN-02", "vim --allow-unauthenticated", Some("--allow-unauthenticated")),
            ("D-GEN-02", "vim;reboot", Some("vim;reboot")),
            ("D-GEN-02", "/tmp/x.deb", Some("/tmp/x.deb")),
            ("D-GEN-02", "vim, emacs", Some("vim,")),
        ];
        for (rule, list, expected) in table {
            assert_eq!(unusable_token(list).as_deref(), expected, "{rule}: {list:?}");
        }
    }

    #[test]
    fn a_repository_is_made_anew_for_its_packages_and_its_name_only() {
        type Change = fn(&mut Deployment);
        // rule          change                                             published anew
        let table: &[(&str, Change, bool)] = &[
            ("D-DEPLOY-04", |d| d.available_packages.push(PackageId(3)), true),
            ("D-DEPLOY-04", |d| d.available_packages.clear(), true),
            ("D-DEPLOY-04", |d| d.slug = "otro".into(), true),
            ("D-EXT-01", |d| (d.external, d.slug) = (Some(External::default()), "x".into()), false),
            ("D-DEPLOY-05", |_| (), false),
            ("D-DEPLOY-05", |d| d.available_packages.reverse(), false),
            ("D-DEPLOY-05", |d| d.lists.install = "vim".into(), false),
            ("D-DEPLOY-05", |d| d.enabled = false, false),
            ("D-DEPLOY-05", |d| d.start_date = "2024-07-01".parse().unwrap(), false),
        ];
        for (rule, change, expected) in table {
            let mut changed = deployment();
            change(&mut changed);
            assert_eq!(deployment().needs_publishing(&changed), *expected, "{rule}: {changed:?}");
        }
    }
}
