//! Errors computers report, and the patterns of those that need no look (5.2).

use jiff::Timestamp;
use regex::{RegexSet, RegexSetBuilder};
use serde::{Deserialize, Serialize};

use super::ids::{AutoCheckErrorId, ComputerId, ErrorId, ProjectId};

/// An error as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientError {
    pub id: ErrorId,
    pub computer: ComputerId,
    /// The computer's project at that moment.
    pub project: ProjectId,
    pub created_at: Timestamp,
    pub description: String,
    /// An administrator, or a pattern, has seen to it (D-ERR-04).
    pub checked: bool,
}

/// A regular expression: errors in which it is found are stored as checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AutoCheckError {
    pub id: AutoCheckErrorId,
    pub message: String,
}

/// Why a pattern is refused (D-ERR-03).
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PatternError {
    #[error("an empty pattern would check every error")]
    Empty,
    #[error("not a regular expression")]
    Invalid(#[source] Box<regex::Error>),
}

/// Most memory that compiled patterns take, in bytes.
const MAX_COMPILED: usize = 8 << 20;

/// The patterns of a site, compiled. They are found in time linear in the text, whatever they
/// are (D-ERR-05).
#[derive(Debug, Clone)]
pub struct AutoChecks {
    patterns: RegexSet,
}

impl AutoChecks {
    /// Compiles patterns that were validated when they were saved.
    ///
    /// # Errors
    /// [`PatternError`] for one that was not.
    pub fn new(patterns: &[impl AsRef<str>]) -> Result<Self, PatternError> {
        if patterns.iter().any(|pattern| pattern.as_ref().trim().is_empty()) {
            return Err(PatternError::Empty);
        }
        RegexSetBuilder::new(patterns)
            .size_limit(MAX_COMPILED)
            .dfa_size_limit(MAX_COMPILED)
            .build()
            .map(|patterns| Self { patterns })
            .map_err(|error| PatternError::Invalid(Box::new(error)))
    }

    /// Says whether an error is stored as checked: some pattern is found in it (D-ERR-02).
    pub fn check(&self, description: &str) -> bool {
        self.patterns.is_match(description)
    }
}

/// Checks a pattern before it is saved (D-ERR-03).
///
/// # Errors
/// [`PatternError`] says what is wrong with it.
pub fn validate_pattern(pattern: &str) -> Result<(), PatternError> {
    AutoChecks::new(&[pattern]).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_checked_by_the_patterns_found_in_them() {
        let curl = r".*\sError: Generic error\sInfo: Curl error: Couldn't resolve host 'myserver'";
        let text = "2014-10-03 10:44:47\nError: Generic error\nInfo: Curl error: Couldn't resolve host 'myserver'";
        // rule       patterns                text               checked
        let table: &[(&str, &[&str], &str, bool)] = &[
            ("D-ERR-02", &[curl], text, true),
            ("D-ERR-02", &["nothing", curl], text, true),
            ("D-ERR-02", &["Generic"], text, true),
            ("D-ERR-02", &["^Error"], text, false),
            ("D-ERR-02", &["(?m)^Error"], text, true),
            ("D-ERR-04", &["other"], text, false),
            ("D-ERR-04", &[], text, false),
        ];
        for (rule, patterns, text, expected) in table {
            let checks = AutoChecks::new(patterns).unwrap();
            assert_eq!(checks.check(text), *expected, "{rule}: {patterns:?}");
        }
    }

    #[test]
    fn patterns_are_validated() {
        // rule       pattern       accepted
        let table = [
            ("D-ERR-03", r"E: .*\s", true),
            ("D-ERR-03", "", false),
            ("D-ERR-03", " \n", false),
            ("D-ERR-03", "(", false),
            ("D-ERR-03", "a{1000}{1000}{1000}", false),
            // Look-around needs backtracking, which no pattern may cost.
            ("D-ERR-05", "(?=x)", false),
        ];
        for (rule, pattern, expected) in table {
            assert_eq!(validate_pattern(pattern).is_ok(), expected, "{rule}: {pattern:?}");
        }
    }

    #[test]
    fn d_err_05_no_pattern_backtracks() {
        // Exponential in backtracking engines: it would not end.
        let checks = AutoChecks::new(&["(a+)+$"]).unwrap();
        assert!(!checks.check(&format!("{}!", "a".repeat(100_000))));
    }
}
