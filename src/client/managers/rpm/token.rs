//! How an order names a package on an rpm system (D-GEN-02): `name`, `name-version`,
//! `name-version-release`, with the epoch before the version and `.architecture` at the end where
//! they are needed.
//!
//! A name may hold hyphens and dots itself, so a token alone does not say where its version
//! begins; the installed packages do. `name=version`, which zypper also reads, is understood.

use crate::client::managers::Inventory;
use crate::wire::sync::SoftwarePackage;

/// Says whether an installed package is what `token` names.
pub fn is_satisfied(inventory: &Inventory, token: &str) -> bool {
    let ends = token.char_indices().filter(|(_, c)| ['-', '.', '='].contains(c));
    let ends = ends.map(|(at, _)| at).chain([token.len()]);
    ends.into_iter().any(|end| {
        let (name, rest) = token.split_at(end);
        inventory.named(name).any(|package| names_version_of(rest, package))
    })
}

/// Says whether `rest`, what follows the name in a token, fits `package`.
fn names_version_of(rest: &str, package: &SoftwarePackage) -> bool {
    let architecture = format!(".{}", package.architecture);
    let without = rest.strip_suffix(&architecture).unwrap_or(rest);
    if without.is_empty() {
        return true;
    }
    let Some(wanted) = without.strip_prefix(['-', '=']) else { return false };
    let wanted = wanted.strip_prefix("0:").unwrap_or(wanted);
    let full = package.version.as_str();
    let plain = full.split_once(':').map_or(full, |(_epoch, rest)| rest);
    [full, plain].iter().any(|version| {
        let upstream = version.rsplit_once('-').map_or(*version, |(upstream, _release)| upstream);
        wanted == *version || wanted == upstream
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_and_what_is_installed() {
        let installed = [
            ("acme-test-files", "1.0-2", "noarch"),
            ("vim-enhanced", "2:9.0.1-1.el9", "x86_64"),
            ("glibc", "2.34-60.el9", "i686"),
            ("python3.11", "3.11.5-1", "x86_64"),
        ];
        let package = |(name, version, architecture): (&str, &str, &str)| SoftwarePackage {
            name: name.to_owned(),
            version: version.to_owned(),
            architecture: architecture.to_owned(),
        };
        let inventory = Inventory::new(installed.into_iter().map(package).collect());
        let table = [
            ("D-GEN-02", "acme-test-files", true),
            ("D-GEN-02", "acme-test-files-1.0", true),
            ("D-GEN-02", "acme-test-files-1.0-2", true),
            ("D-GEN-02", "acme-test-files-1.0-2.noarch", true),
            ("D-GEN-02", "acme-test-files.noarch", true),
            ("D-GEN-02", "acme-test-files-0:1.0-2", true),
            ("D-GEN-02", "acme-test-files=1.0-2", true),
            ("D-GEN-02", "acme-test-files-1.0-1", false),
            ("D-GEN-02", "acme-test-files-1", false),
            ("D-GEN-02", "acme-test-files-1.0-2.x86_64", false),
            ("D-GEN-02", "acme-test", false),
            ("D-GEN-02", "acme", false),
            ("D-GEN-02", "vim-enhanced-2:9.0.1-1.el9", true),
            ("D-GEN-02", "vim-enhanced-9.0.1-1.el9.x86_64", true),
            ("D-GEN-02", "vim-enhanced-9.0.1", true),
            ("D-GEN-02", "vim-enhanced-1:9.0.1", false),
            ("D-GEN-02", "glibc.i686", true),
            ("D-GEN-02", "glibc.x86_64", false),
            ("D-GEN-02", "python3.11", true),
            ("D-GEN-02", "python3.11-3.11.5-1", true),
            ("D-GEN-02", "python3", false),
            ("D-GEN-02", "", false),
        ];
        for (rule, token, expected) in table {
            assert_eq!(is_satisfied(&inventory, token), expected, "{rule}: {token}");
        }
    }
}
