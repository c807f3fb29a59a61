//! What came and went between two package lists (D-SYNC-19), and how packages are spelled.
//!
//! Name, version and architecture are kept apart; people read the book's `name-version`. Both
//! that and the `name_version_architecture` of later clients are understood:
//!
//! ```text
//! +acme-test-files-1.0-2
//! -acme-test-files_1.0-1_all.deb
//! ```

use std::collections::BTreeSet;

/// A package as its manager names it.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Spelling {
    pub name: String,
    pub version: String,
    /// Empty where the spelling does not tell it.
    pub architecture: String,
}

impl std::fmt::Display for Spelling {
    /// The book's form, `name-version`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.version.is_empty() {
            f.write_str(&self.name)
        } else {
            write!(f, "{}-{}", self.name, self.version)
        }
    }
}

impl Spelling {
    /// Reads `name_version_architecture`, with or without `.deb` or `.rpm`, or `name-version`.
    ///
    /// In the latter the version begins at the first `-` before a digit; a name that has one
    /// itself (`linux-image-6.1.0-13`) cannot be told from a version, and keeps what stands
    /// before it.
    ///
    /// ```
    /// use migas::domain::difference::Spelling;
    /// let spelled = Spelling::parse("acme-test-files_1.0-1_all.deb");
    /// assert_eq!(spelled.to_string(), "acme-test-files-1.0-1");
    /// assert_eq!(spelled.architecture, "all");
    /// ```
    pub fn parse(text: &str) -> Self {
        let text = text.trim();
        let stem = [".deb", ".rpm"].into_iter().find_map(|end| text.strip_suffix(end));
        let stem = stem.unwrap_or(text);
        if let Some(spelled) = Self::with_architecture(stem) {
            return spelled;
        }
        let before_digit = |at: &usize| {
            *at > 0
                && stem
                    .get(at + 1..)
                    .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        };
        let split = stem.match_indices('-').map(|(at, _)| at).find(before_digit);
        let (name, version) = split.and_then(|at| stem.split_at_checked(at)).unwrap_or((stem, ""));
        Self {
            name: name.into(),
            version: version.strip_prefix('-').unwrap_or(version).into(),
            architecture: String::new(),
        }
    }

    /// `name_version_architecture`, from the right: names of rpm packages may have a `_`, and so
    /// has the architecture `x86_64`.
    fn with_architecture(stem: &str) -> Option<Self> {
        let (rest, architecture) = match stem.strip_suffix("_x86_64") {
            Some(rest) => (rest, "x86_64"),
            None => stem.rsplit_once('_')?,
        };
        let (name, version) = rest.rsplit_once('_')?;
        let fits = !name.is_empty() && version.starts_with(|c: char| c.is_ascii_digit());
        fits.then(|| Self {
            name: name.into(),
            version: version.into(),
            architecture: architecture.into(),
        })
    }
}

/// One line of a difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub installed: bool,
    pub package: Spelling,
}

impl std::fmt::Display for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{}", if self.installed { '+' } else { '-' }, self.package)
    }
}

/// Reads `+package` or `-package`.
pub fn parse_line(line: &str) -> Option<Line> {
    let line = line.trim();
    let (installed, rest) = match (line.strip_prefix('+'), line.strip_prefix('-')) {
        (Some(rest), _) => (true, rest),
        (None, Some(rest)) => (false, rest),
        (None, None) => return None,
    };
    let package = Spelling::parse(rest);
    (!package.name.is_empty()).then_some(Line { installed, package })
}

/// Lists what is in one list only: first what was installed, then what was removed, each sorted.
/// An upgrade is both.
pub fn between(before: &BTreeSet<Spelling>, after: &BTreeSet<Spelling>) -> Vec<Line> {
    let line = |installed| move |package: &Spelling| Line { installed, package: package.clone() };
    let installed = after.difference(before).map(line(true));
    installed.chain(before.difference(after).map(line(false))).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn packages_are_spelled_in_two_ways() {
        // rule         given                              name, version, architecture
        let table = [
            ("D-SYNC-19", "acme-test-files-1.0-1", ("acme-test-files", "1.0-1", "")),
            ("D-SYNC-19", "acme-test-files_1.0-1_all.deb", ("acme-test-files", "1.0-1", "all")),
            ("D-SYNC-19", "acme-test-files_1.0-1_all", ("acme-test-files", "1.0-1", "all")),
            ("D-SYNC-19", "vim_2:9.0.1378-2_amd64", ("vim", "2:9.0.1378-2", "amd64")),
            ("D-SYNC-19", "gpg-pubkey", ("gpg-pubkey", "", "")),
            ("D-SYNC-19", "bash_5.1-2.el9_x86_64.rpm", ("bash", "5.1-2.el9", "x86_64")),
            ("D-SYNC-19", "my_lib_1.0-1_noarch", ("my_lib", "1.0-1", "noarch")),
            ("D-SYNC-19", "my_odd_name-1.0", ("my_odd_name", "1.0", "")),
            ("D-SYNC-19", "", ("", "", "")),
        ];
        for (rule, given, (name, version, architecture)) in table {
            let expected = Spelling {
                name: name.into(),
                version: version.into(),
                architecture: architecture.into(),
            };
            assert_eq!(Spelling::parse(given), expected, "{rule}: {given}");
        }
    }

    #[test]
    fn differences_show_what_came_before_what_went() {
        let list = |names: &[&str]| names.iter().map(|name| Spelling::parse(name)).collect();
        // rule         before                            after                         lines
        type Names = &'static [&'static str];
        let table: &[(&str, Names, Names, Names)] = &[
            ("D-SYNC-19", &[], &["acme_1.0-1_all"], &["+acme-1.0-1"]),
            (
                "D-SYNC-19",
                &["acme_1.0-1_all"],
                &["acme_1.0-2_all"],
                &["+acme-1.0-2", "-acme-1.0-1"],
            ),
            (
                "D-SYNC-19",
                &["b_1_all", "a_1_all"],
                &["d_1_all", "c_1_all"],
                &["+c-1", "+d-1", "-a-1", "-b-1"],
            ),
            ("D-SYNC-21", &["a_1_all"], &["a_1_all"], &[]),
        ];
        for (rule, before, after, expected) in table {
            let lines = between(&list(before), &list(after));
            let got: Vec<String> = lines.iter().map(ToString::to_string).collect();
            assert_eq!(got, *expected, "{rule}: {before:?} -> {after:?}");
            for (line, text) in lines.iter().zip(&got) {
                let read = parse_line(text).unwrap();
                assert_eq!(read.installed, line.installed, "{rule}: {text}");
                assert_eq!(read.to_string(), *text, "{rule}");
            }
        }
        assert_eq!(parse_line("# 2026-11-21 10:00:00"), None);
    }

    proptest! {
        #[test]
        fn no_text_panics(text in ".{0,40}") {
            let _any = parse_line(&text);
            let spelled = Spelling::parse(&text);
            prop_assert!(spelled.to_string().len() <= text.len());
        }
    }
}
