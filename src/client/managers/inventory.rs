//! A list of installed packages, its fingerprint, and how two lists differ.

use std::collections::BTreeSet;

use crate::wire::sync::{SoftwareChange, SoftwarePackage, software_fingerprint};

/// What is installed at one moment. Immutable, sorted, so that it can be shared.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inventory {
    packages: Vec<SoftwarePackage>,
    fingerprint: String,
}

impl Inventory {
    /// Sorts `packages` and computes their fingerprint.
    pub fn new(mut packages: Vec<SoftwarePackage>) -> Self {
        packages.sort_unstable();
        packages.dedup();
        let fingerprint = software_fingerprint(&packages);
        Self { packages, fingerprint }
    }

    /// The packages in order of name, version, architecture.
    pub fn packages(&self) -> &[SoftwarePackage] {
        &self.packages
    }

    /// Fingerprint that the server knows a list by.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// The packages called `name`: several with several architectures or kernels.
    pub fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a SoftwarePackage> {
        let from = self.packages.partition_point(|package| package.name.as_str() < name);
        self.packages.iter().skip(from).take_while(move |package| package.name == name)
    }
}

/// What came and went between two lists (D-SYNC-08, D-SYNC-14); `None` if nothing did.
pub fn difference(
    before: &[SoftwarePackage],
    after: &[SoftwarePackage],
    manual: bool,
    from_ms: i64,
    to_ms: i64,
) -> Option<SoftwareChange> {
    let (old, new): (BTreeSet<_>, BTreeSet<_>) = (before.iter().collect(), after.iter().collect());
    let list = |packages: Vec<&&SoftwarePackage>| packages.into_iter().copied().cloned().collect();
    let installed: Vec<SoftwarePackage> = list(new.difference(&old).collect());
    let removed: Vec<SoftwarePackage> = list(old.difference(&new).collect());
    (!installed.is_empty() || !removed.is_empty()).then_some(SoftwareChange {
        from_ms,
        to_ms,
        manual,
        installed,
        removed,
    })
}

/// Lines of a change as people read them: `+vim-2:9.0`, `-nano-7.2`; `+` before `-` (D-SYNC-19).
pub fn change_lines(change: &SoftwareChange) -> Vec<String> {
    let line = |sign: char| {
        move |package: &SoftwarePackage| format!("{sign}{}-{}", package.name, package.version)
    };
    let installed = change.installed.iter().map(line('+'));
    installed.chain(change.removed.iter().map(line('-'))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, version: &str) -> SoftwarePackage {
        SoftwarePackage {
            name: name.to_owned(),
            version: version.to_owned(),
            architecture: "all".to_owned(),
        }
    }

    #[test]
    fn d_sync_19_an_upgrade_is_a_plus_and_a_minus() {
        let before = [package("acme-test-files", "1.0-1"), package("nano", "7.2")];
        let after = [package("acme-test-files", "1.0-2"), package("vim", "2:9.0")];
        let change = difference(&before, &after, false, 1, 2).unwrap();
        assert_eq!(
            change_lines(&change),
            ["+acme-test-files-1.0-2", "+vim-2:9.0", "-acme-test-files-1.0-1", "-nano-7.2"]
        );
        assert_eq!((change.from_ms, change.to_ms, change.manual), (1, 2, false));
    }

    #[test]
    fn d_sync_21_no_change_gives_no_entry() {
        let list = [package("a", "1"), package("b", "2")];
        let reversed = [package("b", "2"), package("a", "1")];
        assert_eq!(difference(&list, &reversed, true, 1, 2), None);
        let (one, other) = (Inventory::new(list.to_vec()), Inventory::new(reversed.to_vec()));
        assert_eq!(one.fingerprint(), other.fingerprint());
    }

    #[test]
    fn packages_are_found_by_name() {
        let inventory =
            Inventory::new(vec![package("b", "1"), package("a", "1"), package("b", "2")]);
        assert_eq!(inventory.named("b").count(), 2);
        assert_eq!(inventory.named("c").count(), 0);
    }
}
