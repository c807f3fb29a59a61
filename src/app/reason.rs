//! Why an operation refuses, in a form that other languages can say too.
//!
//! The English text stands where the refusal is made, as it does on every error, with the values
//! beside it: `reason!("a store named {name} exists already", name = name)`. Edges that speak to
//! people find the translation under the key of the text (`assets/i18n/<language>/reasons.ftl`).
//! Invariant (tested): every text of the source has its translation, with the same values.

use std::borrow::Cow;
use std::fmt;

/// A refusal in words; [`Display`](fmt::Display) says it in English, as a clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    text: Cow<'static, str>,
    values: Vec<(&'static str, Value)>,
}

/// What stands in a reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Text(String),
    /// A number that decides between one and many.
    Count(u64),
}

impl Reason {
    /// Made by `reason!`.
    pub fn new(text: &'static str, values: Vec<(&'static str, Value)>) -> Self {
        Self { text: text.into(), values }
    }

    /// The words of an error of another room, which has its translation like any other text.
    pub fn of(error: &dyn std::error::Error) -> Self {
        Self { text: error.to_string().into(), values: Vec::new() }
    }

    /// The key of its translation: the words of the text, without the values.
    pub fn key(&self) -> String {
        let words = outside(&self.text).collect::<Vec<_>>().join(" ");
        let words = words.split(|c: char| !c.is_ascii_alphanumeric());
        let words = words.filter(|word| !word.is_empty()).map(str::to_ascii_lowercase);
        std::iter::once("reason".to_owned()).chain(words).collect::<Vec<_>>().join("-")
    }

    /// The values by name.
    pub fn values(&self) -> &[(&'static str, Value)] {
        &self.values
    }

    /// Whether it begins with a value, whose first letter is not ours to change.
    pub fn begins_with_value(&self) -> bool {
        self.text.starts_with('{')
    }
}

/// The pieces of a text between its values.
fn outside(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').enumerate().map(|(nth, piece)| match piece.split_once('}') {
        Some((_, after)) if nth > 0 => after,
        _ => piece,
    })
}

impl fmt::Display for Reason {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (nth, piece) in self.text.split('{').enumerate() {
            let value = piece.split_once('}').filter(|_| nth > 0).and_then(|(name, after)| {
                let value = self.values.iter().find(|(known, _)| *known == name);
                value.map(|(_, value)| (value, after))
            });
            match value {
                Some((Value::Text(text), after)) => write!(out, "{text}{after}")?,
                Some((Value::Count(count), after)) => write!(out, "{count}{after}")?,
                None if nth > 0 => write!(out, "{{{piece}")?,
                None => out.write_str(piece)?,
            }
        }
        Ok(())
    }
}

impl From<&'static str> for Reason {
    fn from(text: &'static str) -> Self {
        Self::new(text, Vec::new())
    }
}

macro_rules! value_from {
    ($variant:ident: $($type:ty => $convert:expr),* $(,)?) => {
        $(impl From<$type> for Value {
            fn from(value: $type) -> Self {
                Self::$variant($convert(value))
            }
        })*
    };
}

value_from!(Text: String => String::from, &String => String::clone, &str => str::to_owned);
value_from!(Count: u64 => u64::from, usize => |count| u64::try_from(count).unwrap_or(u64::MAX),
    i64 => |count| u64::try_from(count).unwrap_or_default());

/// `reason!("text")` or `reason!("{name} is no package", name = name)`: a [`Reason`].
macro_rules! reason {
    ($text:literal $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::app::reason::Reason::new($text, vec![
            $((stringify!($name), $crate::app::reason::Value::from($value))),*
        ])
    };
}

pub(crate) use reason;

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::{Path, PathBuf};

    use super::*;
    use crate::catalogue::{self, Lang};

    #[test]
    fn a_reason_says_its_values_and_is_found_without_them() {
        let table = [
            (reason!("at most {count} files", count = 3_u64), "at most 3 files", "at-most-files"),
            (reason!("{name} is no package", name = "a{b}"), "a{b} is no package", "is-no-package"),
            (Reason::from("a day is needed"), "a day is needed", "a-day-is-needed"),
        ];
        for (reason, text, key) in table {
            assert_eq!((reason.to_string(), reason.key()), (text.into(), format!("reason-{key}")));
        }
    }

    fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, found);
            } else if path.extension().is_some_and(|end| end == "rs") && !path.ends_with(file!()) {
                found.push(path);
            }
        }
    }

    #[test]
    fn d_gen_13_every_reason_has_a_translation_with_its_values() {
        let mut files = Vec::new();
        sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
        let plain = r#"invalid\(\s*[\w"]+,\s*"((?:[^"\\]|\\.)*)"(?:\.into\(\))?,?\s*\)"#;
        let made = r#"reason!\(\s*"((?:[^"\\]|\\.|\\\n)*)""#;
        let texts = regex::Regex::new(&format!("{plain}|{made}")).unwrap();
        let line_end = regex::Regex::new(r"\\\n\s*").unwrap();
        let name = regex::Regex::new(r"\{(\w+)\}").unwrap();
        let (mut lacking, mut seen) = (BTreeSet::new(), 0);
        for file in files.iter().filter(|file| !file.ends_with("app/reason.rs")) {
            let source = std::fs::read_to_string(file).unwrap();
            for found in texts.captures_iter(&source) {
                let text = found.get(1).or(found.get(2)).unwrap().as_str();
                let text = line_end.replace_all(text, "");
                let reason = Reason { text: text.into_owned().into(), values: Vec::new() };
                seen += 1;
                for lang in Lang::ALL.into_iter().filter(|lang| *lang != Lang::En) {
                    let values = name.captures_iter(&reason.text).map(|found| found[1].to_owned());
                    let marks: Vec<String> = values.map(|name| format!("{{${name}}}")).collect();
                    let said = catalogue::find(lang, &reason.key());
                    let has_all =
                        |said: &String| marks.iter().all(|mark| said.contains(mark.as_str()));
                    if !said.as_ref().is_some_and(has_all) {
                        let (lang, key) = (lang.code(), reason.key());
                        lacking.insert(format!("{lang}: {key} = ({}) {said:?}", reason.text));
                    }
                }
            }
        }
        assert!(seen > 40, "only {seen} reasons found in the source");
        let lacking: Vec<String> = lacking.into_iter().collect();
        assert!(lacking.is_empty(), "reasons.ftl lacks:\n{}", lacking.join("\n"));
    }
}
