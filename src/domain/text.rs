//! Text as people and clients type it (section 1), and errors as they read them.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use serde::{Serialize, Serializer};

/// A text that many hold: a copy counts a number up, and copies no bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SharedText(Arc<str>);

impl<T: Into<Arc<str>>> From<T> for SharedText {
    fn from(text: T) -> Self {
        Self(text.into())
    }
}

impl Deref for SharedText {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SharedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

impl Serialize for SharedText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }
}

/// Line ends as `\n` only (D-GEN-03).
pub fn normalise_lines(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// Tokens of a package list: separated by any white space, order kept (D-GEN-02).
pub fn package_list(text: &str) -> Vec<String> {
    text.split([' ', '\t', '\r', '\n']).filter(|token| !token.is_empty()).map(Into::into).collect()
}

/// Reads a boolean of a configuration text; `None` means: use the default (D-GEN-07).
pub fn boolean(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "false" | "off" | "no" | "n" | "0" => Some(false),
        "true" | "on" | "yes" | "y" | "1" => Some(true),
        _ => None,
    }
}

/// Cuts what a client reports to the length of its field, and takes control characters out
/// (D-SYNC-23); line breaks stay where `lines` allows them.
pub fn cut(text: &str, max_characters: usize, lines: bool) -> String {
    let fits = |c: &char| !c.is_control() || (lines && matches!(c, '\n' | '\t'));
    text.chars().filter(fits).take(max_characters).collect()
}

/// An error and its causes in one line, chained with colons: for logs, terminals and reports. A
/// cause that the text before it tells already is not told again.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    for cause in std::iter::successors(error.source(), |cause| cause.source()) {
        let cause = cause.to_string();
        if !text.ends_with(&cause) {
            text = format!("{text}: {cause}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn package_lists_split_at_any_white_space() {
        let table: &[(&str, &str, &[&str])] = &[
            ("D-GEN-02", "vim emacs", &["vim", "emacs"]),
            ("D-GEN-02", " vim\t\r\n  emacs=1:27-3\n\n", &["vim", "emacs=1:27-3"]),
            ("D-GEN-02", "vim-9.0-1\nacme-2:1.0~rc1-3", &["vim-9.0-1", "acme-2:1.0~rc1-3"]),
            ("D-GEN-02", "b a b", &["b", "a", "b"]),
            ("D-GEN-02", "\n", &[]),
        ];
        for (rule, text, expected) in table {
            assert_eq!(package_list(text), *expected, "{rule} {text:?}");
        }
    }

    #[test]
    fn d_gen_03_line_ends_are_normalised() {
        assert_eq!(normalise_lines("a\r\nb\rc\n"), "a\nb\nc\n");
    }

    #[test]
    fn booleans_of_configuration_text() {
        for text in ["false", "OFF", "no", "n", "0"] {
            assert_eq!(("D-GEN-07", boolean(text)), ("D-GEN-07", Some(false)), "{text}");
        }
        for text in ["true", "On", "YES", "y", "1"] {
            assert_eq!(("D-GEN-07", boolean(text)), ("D-GEN-07", Some(true)), "{text}");
        }
        assert_eq!(("D-GEN-07", boolean("perhaps")), ("D-GEN-07", None));
    }

    #[test]
    fn d_sync_23_reported_text_is_cut_to_its_field() {
        assert_eq!(cut("abc\u{0}d\ne", 4, false), "abcd");
        assert_eq!(cut("a\nb", 10, true), "a\nb");
    }
}
