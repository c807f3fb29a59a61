//! The installed packages, from `rpm -qa`: the database has had four formats, the program knows.
//!
//! A version is written `[epoch:]version-release`, as dnf and zypper read it back. The keys that
//! rpm trusts are kept as packages called `gpg-pubkey`; they are no software.

use std::sync::Arc;

use crate::client::launcher::Launcher;
use crate::client::managers::{Inventory, ManagerError, command};
use crate::wire::sync::SoftwarePackage;

/// rpm(8), `--queryformat`: a line for each package, fields separated by tabulators.
const FORMAT: &str = r"%{NAME}\t%|EPOCH?{%{EPOCH}:}|%{VERSION}-%{RELEASE}\t%{ARCH}\n";

/// Asks rpm.
///
/// # Errors
/// [`ManagerError::Start`], [`ManagerError::Failed`].
pub async fn installed(launcher: &Launcher) -> Result<Arc<Inventory>, ManagerError> {
    let mut command = launcher.command("rpm");
    command.args(["-qa", "--queryformat", FORMAT]);
    let lines = command::read("rpm", command).await?;
    Ok(Arc::new(Inventory::new(lines.lines().filter_map(package).collect())))
}

fn package(line: &str) -> Option<SoftwarePackage> {
    let mut fields = line.split('\t');
    let (name, version, architecture) = (fields.next()?, fields.next()?, fields.next()?);
    let package = SoftwarePackage {
        name: name.to_owned(),
        // An epoch of 0 is none.
        version: version.strip_prefix("0:").unwrap_or(version).to_owned(),
        architecture: architecture.to_owned(),
    };
    (name != "gpg-pubkey").then_some(package)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_rpm_are_packages() {
        let table = [
            ("D-CLI-08", "nano\t7.2-1\tx86_64", Some("nano 7.2-1 x86_64")),
            (
                "D-CLI-08",
                "vim-enhanced\t2:9.0.1-1.el9\tx86_64",
                Some("vim-enhanced 2:9.0.1-1.el9 x86_64"),
            ),
            ("D-CLI-08", "a\t0:1-1\tnoarch", Some("a 1-1 noarch")),
            ("D-CLI-08", "gpg-pubkey\t545dc4dd-6b01a9d5\t(none)", None),
            ("D-CLI-08", "", None),
        ];
        for (rule, line, expected) in table {
            let found =
                package(line).map(|p| format!("{} {} {}", p.name, p.version, p.architecture));
            assert_eq!(found.as_deref(), expected, "{rule}: {line}");
        }
    }
}
