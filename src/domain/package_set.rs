//! Package sets: folders of files under one record (D-PKG-02).
//!
//! A set is its list of files. The list is a text in the form of `sha256sum`, in the order of the
//! paths, so that equal sets are equal texts and anybody can check a copy with `sha256sum --check`:
//!
//! ```text
//! # migas package set
//! 9f86d0…15b0f00a08 *all/acme_1.0_all.deb
//! 2c26b4…bb266e7ae  notes.txt
//! ```
//!
//! The star marks what repositories hold: the packages of the project. All else are plain files.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::package::Format;

/// Most files of a set.
pub const MAX_FILES: usize = 20_000;
/// Longest path within a set, in characters.
pub const MAX_PATH: usize = 300;
/// Longest name of a file or folder, in bytes: what disks take.
const MAX_SEGMENT: usize = 255;

/// The content of a file, and whether repositories hold it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Content {
    pub sha256: [u8; 32],
    pub is_package: bool,
}

/// The files of a set by path.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Files(BTreeMap<String, Content>);

/// Why files are no set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SetError {
    #[error("{0:?} cannot be a path within a set")]
    Path(String),
    #[error("{0} is named twice")]
    Twice(String),
    #[error("{0} is a file and a folder")]
    FileAndFolder(String),
    #[error("a set of {0} files is too large: {MAX_FILES} at most")]
    TooMany(usize),
    #[error("none of {count} files is a package that ends in .{ending}")]
    NoPackage { count: usize, ending: &'static str },
}

/// Says whether a file of a set is meant as a package of this format: by its name.
pub fn is_package(path: &str, format: Format) -> bool {
    let name = file_name(path);
    let stem = name.strip_suffix(format.as_str()).and_then(|stem| stem.strip_suffix('.'));
    stem.is_some_and(|stem| !stem.is_empty() && !stem.starts_with('.'))
}

/// The last part of a path.
pub fn file_name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// Refuses paths that lead out of the set's folder, or that not every disk takes.
///
/// # Errors
/// [`SetError::Path`].
pub fn check_path(path: &str) -> Result<(), SetError> {
    let is_odd = |c: char| c.is_control() || c == '\\';
    let is_name = |name: &str| !["", ".", ".."].contains(&name) && name.len() <= MAX_SEGMENT;
    let fits = path.chars().count() <= MAX_PATH && !path.chars().any(is_odd);
    if fits && path.split('/').all(is_name) { Ok(()) } else { Err(SetError::Path(path.to_owned())) }
}

impl Files {
    /// Checks the files of a set for a project whose computers install packages of `format`.
    ///
    /// # Errors
    /// [`SetError`] for the first that cannot be.
    pub fn new(
        files: impl IntoIterator<Item = (String, [u8; 32])>,
        format: Format,
    ) -> Result<Self, SetError> {
        let mut checked = BTreeMap::new();
        let mut packages = 0;
        for (path, sha256) in files {
            check_path(&path)?;
            let is_package = is_package(&path, format);
            packages += usize::from(is_package);
            if checked.len() == MAX_FILES {
                return Err(SetError::TooMany(MAX_FILES + 1));
            }
            if checked.insert(path.clone(), Content { sha256, is_package }).is_some() {
                return Err(SetError::Twice(path));
            }
        }
        let within = |folder: &str| format!("{folder}/");
        let is_folder = |path: &&String| {
            let below = within(path);
            let mut after = checked.range::<str, _>((
                std::ops::Bound::Included(below.as_str()),
                std::ops::Bound::Unbounded,
            ));
            after.next().is_some_and(|(other, _)| other.starts_with(&below))
        };
        if let Some(path) = checked.keys().find(is_folder) {
            return Err(SetError::FileAndFolder(path.clone()));
        }
        if packages == 0 {
            let (count, ending) = (checked.len(), format.as_str());
            return Err(SetError::NoPackage { count, ending });
        }
        Ok(Self(checked))
    }

    /// All files, in the order of their paths.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Content)> {
        self.0.iter().map(|(path, content)| (path.as_str(), content))
    }

    /// The list as text.
    pub fn text(&self) -> String {
        let mut text = String::from("# migas package set\n");
        for (path, Content { sha256, is_package }) in &self.0 {
            for byte in sha256 {
                let _a_string_takes_all = write!(text, "{byte:02x}");
            }
            text.push_str(if *is_package { " *" } else { "  " });
            text.push_str(path);
            text.push('\n');
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(paths: &[&str]) -> Result<Files, SetError> {
        Files::new(paths.iter().map(|path| ((*path).to_owned(), [7; 32])), Format::Deb)
    }

    #[test]
    fn d_pkg_04_paths_stay_within_the_set() {
        let (long, deep) = ("x".repeat(256), "d/".repeat(150) + "x");
        // rule        path                 stays within
        let table = [
            ("D-PKG-02", "a_1_all.deb", true),
            ("D-PKG-02", "pool/main/a/a_1_all.deb", true),
            ("D-PKG-02", "docs/léame notes.txt", true),
            ("D-PKG-02", ".treeinfo", true),
            ("D-PKG-04", "", false),
            ("D-PKG-04", "/etc/passwd", false),
            ("D-PKG-04", "../a.deb", false),
            ("D-PKG-04", "a/../../b.deb", false),
            ("D-PKG-04", "a/./b.deb", false),
            ("D-PKG-04", "a//b.deb", false),
            ("D-PKG-04", "a/", false),
            ("D-PKG-04", "a\\b.deb", false),
            ("D-PKG-04", "a\nb.deb", false),
            ("D-PKG-04", "a\0b.deb", false),
            ("D-PKG-04", &long, false),
            ("D-PKG-04", &deep, false),
        ];
        for (rule, path, expected) in table {
            assert_eq!(check_path(path).is_ok(), expected, "{rule}: {path:?}");
        }
    }

    #[test]
    fn d_pkg_02_packages_are_told_by_their_names_and_the_others_are_plain_files() {
        let table = [
            ("pool/a_1_all.deb", Format::Deb, true),
            ("a-1.noarch.rpm", Format::Rpm, true),
            ("a-1.noarch.rpm", Format::Deb, false),
            ("a_1_all.deb", Format::Rpm, false),
            ("a_1_all.deb.asc", Format::Deb, false),
            (".deb", Format::Deb, false),
            ("x/.a_1_all.deb", Format::Deb, false),
            ("deb", Format::Deb, false),
        ];
        for (path, format, expected) in table {
            assert_eq!(is_package(path, format), expected, "{path} for {}", format.as_str());
        }
    }

    #[test]
    fn d_pkg_02_what_is_no_set_is_told() {
        let no_package = SetError::NoPackage { count: 1, ending: "deb" };
        let table: [(&[&str], Result<(), SetError>); 6] = [
            (&["a.deb", "x/b.deb", "x/notes"], Ok(())),
            (&["a.deb", "../b.deb"], Err(SetError::Path("../b.deb".into()))),
            (&["a.deb", "a.deb"], Err(SetError::Twice("a.deb".into()))),
            (&["a.deb/b.deb", "a.deb"], Err(SetError::FileAndFolder("a.deb".into()))),
            (&["a.deb", "a.deb-b", "a.deb.x"], Ok(())),
            (&["a.rpm"], Err(no_package)),
        ];
        for (paths, expected) in table {
            assert_eq!(files(paths).map(|_| ()), expected, "{paths:?}");
        }
        let many: Vec<String> = (0..=MAX_FILES).map(|n| format!("{n}.deb")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(files(&many), Err(SetError::TooMany(MAX_FILES + 1)));
    }

    #[test]
    fn the_list_is_the_same_in_whatever_order_files_are_named() {
        let (one, other) = (files(&["b/a.deb", "a"]).unwrap(), files(&["a", "b/a.deb"]).unwrap());
        assert_eq!(one, other);
        let digest = "07".repeat(32);
        let text = format!("# migas package set\n{digest}  a\n{digest} *b/a.deb\n");
        assert_eq!(one.text(), text);
    }
}
