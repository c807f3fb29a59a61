//! The `.repo` file of dnf, yum and zypper (dnf.conf(5), zypper(8)): all managed repositories, and
//! only them (D-REPO-02, D-REPO-06).
//!
//! ```text
//! [REPO-acme-test-files]
//! name=REPO-acme-test-files
//! baseurl=http://server/public/fedora-41/REPOSITORIES/acme-test-files
//! enabled=1
//! repo_gpgcheck=1
//! gpgkey=file:///etc/pki/rpm-gpg/RPM-GPG-KEY-migas
//! gpgcheck=0
//! ```
//! The signature of the index is required, and the index names each package by its digest, so
//! packages need no signature of their own. What is checked of an external source, its administrator
//! said.

use std::path::Path;

use super::key::KEY;
use crate::client::managers::sources::{self, is_plain};
use crate::client::managers::{ManagerError, Sources};
use crate::domain::external;
use crate::formats::yum::ExternalSection;
use crate::wire::sync::Repository;

/// Lines in which dnf and yum differ from zypper. A desktop away from its server goes on with the
/// other repositories.
pub const DNF: Dialect = Dialect { checks: "gpgcheck=0\n", more: "skip_if_unavailable=1\n" };
/// The same for zypper, for which `gpgcheck` is the default of both other checks.
pub const ZYPPER: Dialect = Dialect {
    checks: "gpgcheck=1\npkg_gpgcheck=0\n",
    more: "autorefresh=1\ntype=rpm-md\nkeeppackages=0\n",
};

/// Lines of a family member.
#[derive(Debug, Clone, Copy)]
pub struct Dialect {
    /// How signatures of our own repositories are checked; an external source says that itself.
    checks: &'static str,
    more: &'static str,
}

/// Writes `migas.repo` in `directory`, and removes what the book's client left (D-CFG-09).
///
/// # Errors
/// [`ManagerError::File`].
pub fn write(directory: &Path, sources: &Sources, dialect: Dialect) -> Result<(), ManagerError> {
    sources::place(&directory.join("migas.repo"), text(sources, dialect).as_deref())?;
    sources::place(&directory.join("migasfree.repo"), None)
}

/// Name of a repository's section.
pub fn section(repository: &Repository) -> String {
    format!("REPO-{}", repository.name)
}

/// Address of a repository.
pub fn base_url(sources: &Sources, repository: &Repository) -> String {
    format!("{}/{}", sources.url(repository), repository.name)
}

/// The file's text, one section per repository in the plan's order; `None` when there is nothing
/// to write.
fn text(sources: &Sources, Dialect { checks, more }: Dialect) -> Option<String> {
    let mut text = String::from("# Written by migas at each synchronisation\n");
    let plain: Vec<_> = sources.repositories.iter().filter(|one| is_plain(one)).collect();
    for repository in &plain {
        if let Some(source) = &repository.external {
            let (suite, components) = (&source.suite, &source.components);
            for (id, path) in external::sections(&repository.name, suite, components) {
                let base_url = format!("{}/{path}", sources.url(repository));
                let options = &source.options;
                let section = ExternalSection { id: &id, base_url: &base_url, options };
                text += &format!("\n{}", section.with_defaults(more));
            }
            continue;
        }
        let (section, url) = (section(repository), base_url(sources, repository));
        text += &format!(
            "\n[{section}]\nname={section}\nbaseurl={url}\nenabled=1\n\
             repo_gpgcheck=1\ngpgkey=file://{KEY}\n{checks}{more}"
        );
    }
    (!plain.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::sync::ExternalSource;

    fn sources(names: &[&str]) -> Sources {
        let repository = |name: &&str| Repository {
            name: (*name).to_owned(),
            path: "/public/fedora-41/REPOSITORIES".to_owned(),
            ..Repository::default()
        };
        Sources::new("http://srv", None, names.iter().map(repository).collect())
    }

    #[test]
    fn d_repo_02_d_repo_06_the_file_has_all_sources_and_only_them() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("migas.repo");
        std::fs::write(directory.path().join("migasfree.repo"), "[old]\n").unwrap();
        write(directory.path(), &sources(&["a", "b"]), DNF).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        let sections: Vec<&str> = text.split("\n\n").skip(1).map(str::trim_end).collect();
        let url = "http://srv/public/fedora-41/REPOSITORIES";
        let section = |name: &str| {
            format!(
                "[REPO-{name}]\nname=REPO-{name}\nbaseurl={url}/{name}\nenabled=1\n\
                 repo_gpgcheck=1\ngpgkey=file:///etc/pki/rpm-gpg/RPM-GPG-KEY-migas\n\
                 gpgcheck=0\nskip_if_unavailable=1"
            )
        };
        assert_eq!(sections, [section("a"), section("b")]);
        assert!(!directory.path().join("migasfree.repo").exists(), "D-CFG-09");

        write(directory.path(), &sources(&["b"]), ZYPPER).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(!text.contains("[REPO-a]") && text.contains("pkg_gpgcheck=0\n"), "{text}");
        write(directory.path(), &sources(&[]), DNF).unwrap();
        assert!(!path.exists());
    }

    #[test]
    fn d_ext_03_an_external_source_has_a_section_for_each_component() {
        let external = ExternalSource {
            suite: "7".to_owned(),
            components: vec!["os/x86_64".to_owned(), "updates/x86_64".to_owned()],
            options: "gpgcheck=1 autorefresh=0".to_owned(),
        };
        let mut sources = sources(&["centos"]);
        sources.repositories[0].path = "/src/centos-7/EXTERNAL/centos".to_owned();
        sources.repositories[0].external = Some(external);
        let section = |part: &str, path: &str| {
            format!(
                "[EXTERNAL-centos-{part}]\nname=EXTERNAL-centos-{part}\n\
                 baseurl=http://srv/src/centos-7/EXTERNAL/centos/7/{path}\nenabled=1\n"
            )
        };
        let text = text(&sources, DNF).unwrap();
        for (part, path) in [("os-x86_64", "os/x86_64"), ("updates-x86_64", "updates/x86_64")] {
            let dnf = "skip_if_unavailable=1\ngpgcheck=1\nautorefresh=0\n";
            assert!(text.contains(&(section(part, path) + dnf)), "{text}");
        }
        let text = super::text(&sources, ZYPPER).unwrap();
        let zypper = "type=rpm-md\nkeeppackages=0\ngpgcheck=1\nautorefresh=0\n";
        assert!(text.contains(&(section("os-x86_64", "os/x86_64") + zypper)), "{text}");
        assert!(!text.contains("RPM-GPG-KEY-migas"), "{text}");
    }

    #[test]
    fn nothing_but_plain_names_gets_in() {
        assert_eq!(text(&sources(&["a\nbaseurl=http://evil"]), DNF), None);
        assert_eq!(text(&sources(&["a]b"]), DNF), None);
    }
}
