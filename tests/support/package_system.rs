//! What differs between desktops of different package systems, so that one story is told once.

use std::path::{Path, PathBuf};

use super::{AcmeTestFiles, DebianRoot, Rpm};

/// The package system of a desktop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PackageSystem {
    Apt,
    Dnf,
    Zypper,
}

impl PackageSystem {
    /// All of them.
    pub const ALL: [PackageSystem; 3] =
        [PackageSystem::Apt, PackageSystem::Dnf, PackageSystem::Zypper];

    /// The name by which the server knows it.
    pub fn pms(self) -> &'static str {
        match self {
            PackageSystem::Apt => "apt-get",
            PackageSystem::Dnf => "yum",
            PackageSystem::Zypper => "zypper",
        }
    }

    /// The name that a configuration chooses it by.
    pub fn chosen_by(self) -> &'static str {
        match self {
            PackageSystem::Apt => "apt",
            PackageSystem::Dnf => "dnf",
            PackageSystem::Zypper => "zypper",
        }
    }

    /// The project that a system without configuration belongs to.
    pub fn project(self) -> &'static str {
        match self {
            PackageSystem::Apt => "debian-12",
            PackageSystem::Dnf => "acme-enterprise-9.4",
            PackageSystem::Zypper => "acme-leap-9.4",
        }
    }

    /// The script that makes a system, and its argument.
    pub fn recipe(self) -> (&'static str, &'static [&'static str]) {
        match self {
            PackageSystem::Apt => ("debian-root", &[]),
            PackageSystem::Dnf => ("rpm-root", &["dnf"]),
            PackageSystem::Zypper => ("rpm-root", &["zypper"]),
        }
    }

    /// The file in which the client names its repositories.
    pub fn source_file(self) -> &'static str {
        match self {
            PackageSystem::Apt => "/etc/apt/sources.list.d/migas.list",
            PackageSystem::Dnf => "/etc/yum.repos.d/migas.repo",
            PackageSystem::Zypper => "/etc/zypp/repos.d/migas.repo",
        }
    }

    /// How that file names the repository of a deployment.
    pub fn source(self, slug: &str) -> String {
        match self {
            PackageSystem::Apt => format!(" {slug} PKGS\n"),
            PackageSystem::Dnf | PackageSystem::Zypper => format!("/REPOSITORIES/{slug}\n"),
        }
    }

    /// The file with the key that repositories are checked with.
    pub fn key_file(self) -> &'static str {
        match self {
            PackageSystem::Apt => "/etc/apt/keyrings/migas.asc",
            PackageSystem::Dnf | PackageSystem::Zypper => "/etc/pki/rpm-gpg/RPM-GPG-KEY-migas",
        }
    }

    /// How it asks at the terminal whether it shall go on.
    pub fn question(self) -> &'static str {
        match self {
            PackageSystem::Apt => "[Y/n]",
            PackageSystem::Dnf => "[y/N]",
            PackageSystem::Zypper => "Continue?",
        }
    }

    /// How an order names a version of a package (D-GEN-02).
    pub fn token(self, name: &str, version: &str) -> String {
        match self {
            PackageSystem::Apt => format!("{name}={version}"),
            PackageSystem::Dnf | PackageSystem::Zypper => format!("{name}-{version}"),
        }
    }

    /// The version of a package that is installed in a system; `None` if it is not.
    pub fn installed(self, root: &DebianRoot, package: &str) -> Option<String> {
        let (program, args) = match self {
            PackageSystem::Apt => {
                ("dpkg-query", ["--showformat=${db:Status-Status} ${Version}", "--show"])
            }
            PackageSystem::Dnf | PackageSystem::Zypper => {
                ("rpm", ["--queryformat=installed %{VERSION}-%{RELEASE}", "--query"])
            }
        };
        let output = root.try_run(program, &[args[0], args[1], package]);
        let text = String::from_utf8(output.stdout).unwrap();
        text.strip_prefix("installed ").map(str::to_owned)
    }

    /// The two versions of the example package, 1.0-1 and 1.0-2, built into `dir`.
    pub fn acme_test_files(self, dir: &Path) -> [PathBuf; 2] {
        if self == PackageSystem::Apt {
            let acme = AcmeTestFiles::build();
            return [acme.first, acme.second].map(|built| {
                let path = dir.join(built.file_name().unwrap());
                std::fs::copy(built, &path).unwrap();
                path
            });
        }
        ["1.0-1", "1.0-2"].map(|evr| {
            let rpm = Rpm {
                name: "acme-test-files",
                evr,
                fields: &[],
                files: &[("/usr/share/acme-test-files/LÉEME", evr)],
                rest: "%post\necho configured >/var/lib/acme-test-files.state",
            };
            rpm.build(dir)
        })
    }
}
