//! Platforms and projects (2.1, 2.3).

use serde::{Deserialize, Serialize};

use super::ids::{PlatformId, ProjectId};
use super::pms::Pms;

/// Longest name of a platform or project, in characters.
pub const MAX_NAME: usize = 50;

/// An operating-system family: `Linux`, `Windows`… Any string is accepted (D-PLT-01).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Platform {
    pub id: PlatformId,
    pub name: String,
}

/// A set of computers that share one base operating system (D-PRJ-01).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Project {
    pub id: ProjectId,
    pub name: String,
    pub platform: Platform,
    pub pms: Pms,
    /// Computers of this project are added without any account (D-PRJ-03).
    pub auto_register_computers: bool,
}

/// Why a name cannot be a project's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    #[error("a name is needed")]
    Empty,
    #[error("at most {MAX_NAME} characters")]
    Long,
    #[error("letters, digits and . _ + - only, beginning with a letter or digit")]
    Characters,
}

/// Returns the name as it is stored: spaces become `-`; the rest stands in URLs and source files
/// and so must be plain (2.3).
///
/// # Errors
/// [`NameError`] says what is wrong.
pub fn project_name(text: &str) -> Result<String, NameError> {
    let name: String =
        text.trim().chars().map(|c| if c.is_whitespace() { '-' } else { c }).collect();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '+' | '-');
    match name.chars().next() {
        None => Err(NameError::Empty),
        Some(_) if name.chars().count() > MAX_NAME => Err(NameError::Long),
        Some(first) if first.is_ascii_alphanumeric() && name.chars().all(plain) => Ok(name),
        Some(_) => Err(NameError::Characters),
    }
}

/// Returns the name of a platform: any text that fits (D-PLT-01).
///
/// # Errors
/// [`NameError::Empty`] or [`NameError::Long`].
pub fn platform_name(text: &str) -> Result<String, NameError> {
    let name: String = text.trim().chars().filter(|c| !c.is_control()).collect();
    match name.chars().count() {
        0 => Err(NameError::Empty),
        1..=MAX_NAME => Ok(name),
        _ => Err(NameError::Long),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_projects_stand_in_urls() {
        let long = "x".repeat(51);
        // rule        typed                stored
        let table = [
            ("D-PRJ-02", "debian-9.3", Ok("debian-9.3")),
            ("D-PRJ-02", "aula 3 norte", Ok("aula-3-norte")),
            ("D-PRJ-02", "ubuntu_24.04+x", Ok("ubuntu_24.04+x")),
            ("D-PRJ-02", "", Err(NameError::Empty)),
            ("D-PRJ-02", "../etc", Err(NameError::Characters)),
            ("D-PRJ-02", "-x", Err(NameError::Characters)),
            ("D-PRJ-02", "a/b", Err(NameError::Characters)),
            ("D-PRJ-02", "año", Err(NameError::Characters)),
            ("D-PRJ-02", long.as_str(), Err(NameError::Long)),
        ];
        for (rule, typed, stored) in table {
            assert_eq!(project_name(typed), stored.map(str::to_owned), "{rule} {typed}");
        }
    }

    #[test]
    fn d_plt_01_any_string_is_a_platform() {
        for name in ["Linux", "Windows", "Darwin", "Haiku OS", "ñ"] {
            assert_eq!(platform_name(name), Ok(name.to_owned()));
        }
        assert_eq!(platform_name(" "), Err(NameError::Empty));
    }
}
