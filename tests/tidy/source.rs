//! The Rust files of the repository, with their comments cut off.

use std::path::{Path, PathBuf};

/// One source file.
pub struct Source {
    /// Relative to the repository: `src/app/mod.rs`.
    pub path: String,
    /// Everything, comments included.
    pub text: String,
}

impl Source {
    /// The lines that are not comments, each with its number.
    pub fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let numbered = self.text.lines().enumerate().map(|(at, line)| (at + 1, line));
        numbered.filter(|(_, line)| !line.trim_start().starts_with("//"))
    }

    /// The same without tests, which may reach for what they need.
    pub fn product(&self) -> impl Iterator<Item = (usize, &str)> {
        let test_file = self.path.ends_with("/tests.rs") || self.path.contains("/tests/");
        let tests_begin = self.text.lines().position(|line| line.trim() == "#[cfg(test)]");
        let end = if test_file { 0 } else { tests_begin.unwrap_or(usize::MAX) };
        self.code().filter(move |(number, _)| *number <= end)
    }

    /// The room a file of `src/` belongs to: `app` of `src/app/mod.rs`, `clock` of `src/clock.rs`.
    pub fn room(&self) -> Option<&str> {
        let inside = self.path.strip_prefix("src/")?;
        Some(inside.split('/').next()?.trim_end_matches(".rs"))
    }
}

/// Reads every `.rs` file below a folder of the repository.
pub fn below(folder: &str) -> Vec<Source> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = vec![top.join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                let path = path.strip_prefix(top).unwrap().to_str().unwrap().to_owned();
                found.push(Source { path, text });
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(!found.is_empty(), "no source below {folder}");
    found
}
