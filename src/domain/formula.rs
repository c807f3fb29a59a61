//! Formulas and the attributes they give (4.1).
//!
//! A formula's output becomes items, an item `value` or `value~description`, and its class turns
//! each value into attributes `PREFIX-value`.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::ids::FormulaId;

/// Longest value of an attribute, in characters (D-FORM-10).
pub const MAX_VALUE: usize = 250;
/// Most attributes one output gives: what a hostile client can ask for is bounded.
pub const MAX_ITEMS: usize = 1_000;
/// Longest part of a value that is kept to tell what was cut off it, in characters.
const MAX_SHOWN: usize = 1_000;

/// A formula (property) or, with sort `server`, a tag category.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Formula {
    pub id: FormulaId,
    /// One to three letters or digits.
    pub prefix: String,
    pub name: String,
    /// A disabled formula is not sent to clients, and its values are ignored.
    pub enabled: bool,
    pub kind: Kind,
    pub sort: Sort,
    /// Unknown values are added (D-FORM-09).
    pub auto_add: bool,
    pub language: Language,
    pub code: String,
}

/// Longest name of a formula, in characters.
pub const MAX_NAME: usize = 50;

/// Why a formula cannot be saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FormulaError {
    #[error("a prefix is one to three letters or digits")]
    Prefix,
    #[error("a name is needed, of at most {MAX_NAME} characters")]
    Name,
    #[error("a formula that clients evaluate needs code")]
    NoCode,
    #[error("the prefix of a built-in formula stays as it is")]
    BuiltInPrefix,
    #[error("a formula stays what it is: built in, evaluated by clients, or a tag category")]
    Sort,
}

impl Formula {
    /// Checks the fields of a formula that is added (4.1).
    ///
    /// # Errors
    /// [`FormulaError`] says what is wrong.
    pub fn check(&self) -> Result<(), FormulaError> {
        if !is_prefix(&self.prefix) {
            return Err(FormulaError::Prefix);
        }
        if self.name.trim().is_empty() || self.name.chars().count() > MAX_NAME {
            return Err(FormulaError::Name);
        }
        if self.sort == Sort::Client && self.code.trim().is_empty() {
            return Err(FormulaError::NoCode);
        }
        Ok(())
    }

    /// Checks a change: a built-in formula may be disabled, but keeps its prefix (D-FORM-14).
    ///
    /// # Errors
    /// [`FormulaError`] says what is wrong.
    pub fn check_change(&self, changed: &Self) -> Result<(), FormulaError> {
        if self.sort != changed.sort {
            return Err(FormulaError::Sort);
        }
        if self.sort == Sort::Basic && self.prefix != changed.prefix {
            return Err(FormulaError::BuiltInPrefix);
        }
        changed.check()
    }

    /// Says whether the formula, and its attributes, may be deleted by hand (D-FORM-14).
    pub fn may_be_deleted(&self) -> bool {
        self.sort != Sort::Basic
    }

    /// Says whether attributes may be added to it by hand (D-ATTR-02).
    pub fn takes_attributes_by_hand(&self) -> bool {
        self.sort == Sort::Client
    }
}

/// The formulas sent to clients: enabled, of sort `client`, by name (D-FORM-02).
pub fn for_clients(formulas: &[Formula]) -> Vec<&Formula> {
    let mut sent: Vec<&Formula> =
        formulas.iter().filter(|formula| formula.enabled && formula.sort == Sort::Client).collect();
    sent.sort_by(|a, b| (&a.name, &a.prefix).cmp(&(&b.name, &b.prefix)));
    sent
}

/// How a value becomes attributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Kind {
    #[serde(rename = "N")]
    Normal,
    #[serde(rename = "-")]
    List,
    #[serde(rename = "R")]
    AddRight,
    #[serde(rename = "L")]
    AddLeft,
}

impl Kind {
    /// All classes.
    pub const ALL: [Self; 4] = [Self::Normal, Self::List, Self::AddRight, Self::AddLeft];

    /// The stored form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Normal => "N",
            Self::List => "-",
            Self::AddRight => "R",
            Self::AddLeft => "L",
        }
    }

    /// Reads the stored form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// Who evaluates it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sort {
    /// Built in, evaluated by the server.
    Basic,
    /// Its code runs on the client.
    Client,
    /// Tag category: assigned by hand.
    Server,
}

impl Sort {
    /// All sorts.
    pub const ALL: [Self; 3] = [Self::Basic, Self::Client, Self::Server];

    /// The stored form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Basic => "basic",
            Self::Client => "client",
            Self::Server => "server",
        }
    }

    /// Reads the stored form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sort| sort.as_str() == text)
    }
}

/// Language of a formula or fault definition (D-SRV-23).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    Bash,
    Python,
    Perl,
    Php,
    Ruby,
    Cmd,
    Powershell,
}

impl Language {
    /// All languages, in the order of the book's numbers 0 to 6.
    pub const ALL: [Self; 7] =
        [Self::Bash, Self::Python, Self::Perl, Self::Php, Self::Ruby, Self::Cmd, Self::Powershell];

    /// The stored form, also the one sent to clients.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Bash => "bash",
            Self::Python => "python",
            Self::Perl => "perl",
            Self::Php => "php",
            Self::Ruby => "ruby",
            Self::Cmd => "cmd",
            Self::Powershell => "powershell",
        }
    }

    /// Reads the stored form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.as_str() == text)
    }
}

/// A value with its description, as an output gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    pub value: String,
    pub description: Option<String>,
}

/// Turns the output of a formula into the attributes it gives, in order and without duplicates.
///
/// ```
/// use migas::domain::formula::{Kind, expand};
/// let values: Vec<_> = expand(Kind::AddRight, "A.B.C\n").into_iter().map(|i| i.value).collect();
/// assert_eq!(values, ["A.B.C", "B.C", "C"]);
/// ```
pub fn expand(kind: Kind, output: &str) -> Vec<Item> {
    let mut items = Items::default();
    match kind {
        Kind::Normal => {
            let (value, description) = item(output);
            items.add(value, description);
        }
        Kind::List => {
            let line: String = output.chars().filter(|c| !matches!(c, '\n' | '\r')).collect();
            for (value, description) in line.split(',').map(item) {
                items.add(value, description);
            }
        }
        Kind::AddRight => {
            let (whole, description) = item(output);
            for value in suffixes(whole) {
                items.add(value, description);
            }
        }
        Kind::AddLeft => {
            let (whole, description) = item(output);
            for value in prefixes(whole) {
                // Only the complete value is described (D-FORM-07).
                items.add(value, description.filter(|_| value == whole));
            }
        }
    }
    items.list
}

/// The attributes so far, each value once.
#[derive(Default)]
struct Items {
    list: Vec<Item>,
    values: HashSet<String>,
}

impl Items {
    /// Adds a value unless it is empty (D-FORM-08), there already, or one too many.
    fn add(&mut self, value: &str, description: Option<&str>) {
        // What stands beyond any length that is ever shown is not copied: a megabyte of `a.a.a`
        // has half a million suffixes.
        let value = value
            .char_indices()
            .nth(MAX_SHOWN)
            .map_or(value, |(end, _)| value.get(..end).unwrap_or(value));
        let value = value.trim();
        if !value.is_empty() && self.list.len() < MAX_ITEMS && self.values.insert(value.to_owned())
        {
            let description = description.map(Into::into);
            self.list.push(Item { value: value.to_owned(), description });
        }
    }
}

/// Reads `value` or `value~description`; any other number of `~` is part of the value
/// (D-FORM-03).
fn item(text: &str) -> (&str, Option<&str>) {
    match text.split_once('~') {
        Some((value, description)) if !description.contains('~') => {
            (value.trim(), Some(description.trim()).filter(|text| !text.is_empty()))
        }
        _ => (text.trim(), None),
    }
}

/// `A.B.C` -> `A.B.C`, `B.C`, `C` (D-FORM-06).
fn suffixes(value: &str) -> impl Iterator<Item = &str> {
    let starts = std::iter::once(0).chain(value.match_indices('.').map(|(at, _)| at + 1));
    starts.filter_map(|start| value.get(start..)).map(str::trim).take(MAX_ITEMS)
}

/// `A.B.C` -> `A`, `A.B`, `A.B.C` (D-FORM-07).
fn prefixes(value: &str) -> impl Iterator<Item = &str> {
    let ends = value.match_indices('.').map(|(at, _)| at).chain(std::iter::once(value.len()));
    ends.filter_map(|end| value.get(..end)).map(str::trim).take(MAX_ITEMS)
}

/// Cuts a value to [`MAX_VALUE`] characters; says whether anything was cut (D-FORM-10).
pub fn cut(value: &str) -> (&str, bool) {
    match value.char_indices().nth(MAX_VALUE) {
        Some((end, _)) => (value.get(..end).unwrap_or(value), true),
        None => (value, false),
    }
}

/// Says whether a prefix is one to three ASCII letters or digits (4.1).
pub fn is_prefix(text: &str) -> bool {
    (1..=3).contains(&text.len()) && text.chars().all(|c| c.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn formula(prefix: &str, name: &str, sort: Sort, code: &str) -> Formula {
        Formula {
            id: FormulaId(1),
            prefix: prefix.into(),
            name: name.into(),
            enabled: true,
            kind: Kind::Normal,
            sort,
            auto_add: true,
            language: Language::Bash,
            code: code.into(),
        }
    }

    #[test]
    fn d_form_02_clients_get_their_enabled_formulas_by_name() {
        let mut off = formula("OFF", "A", Sort::Client, "x");
        off.enabled = false;
        let all = [
            formula("ZZZ", "B", Sort::Client, "x"),
            formula("AAA", "C", Sort::Client, "x"),
            formula("SET", "A", Sort::Basic, ""),
            formula("TAG", "A", Sort::Server, ""),
            off,
        ];
        let sent: Vec<_> = for_clients(&all).iter().map(|f| f.prefix.as_str()).collect();
        assert_eq!(sent, ["ZZZ", "AAA"]);
    }

    #[test]
    #[rustfmt::skip]
    fn built_in_formulas_keep_what_they_are() {
        let set = formula("SET", "ATTRIBUTES SET", Sort::Basic, "");
        let own = formula("CTX", "CONTEXT", Sort::Client, "echo a");
        let disabled = |formula: &Formula| Formula { enabled: false, ..formula.clone() };
        let named = |formula: &Formula, prefix: &str| Formula { prefix: prefix.into(), ..formula.clone() };
        let sorted = |formula: &Formula, sort| Formula { sort, ..formula.clone() };
        let coded = |formula: &Formula, code: &str| Formula { code: code.into(), ..formula.clone() };
        // rule        before changed                        outcome
        let table = [
            ("D-FORM-14", &set, disabled(&set),              Ok(())),
            ("D-FORM-14", &set, named(&set, "XET"),          Err(FormulaError::BuiltInPrefix)),
            ("D-FORM-14", &set, sorted(&set, Sort::Client),  Err(FormulaError::Sort)),
            ("D-FORM-14", &own, named(&own, "CT2"),          Ok(())),
            ("D-FORM-14", &own, named(&own, "LONG"),         Err(FormulaError::Prefix)),
            ("D-FORM-14", &own, coded(&own, " "),            Err(FormulaError::NoCode)),
        ];
        for (rule, before, changed, expected) in table {
            assert_eq!(before.check_change(&changed), expected, "{rule}: {changed:?}");
        }
        assert!(own.may_be_deleted() && !set.may_be_deleted());
        assert!(own.takes_attributes_by_hand() && !set.takes_attributes_by_hand());
    }

    #[test]
    #[rustfmt::skip]
    fn outputs_become_attributes() {
        type Row = (&'static str, Kind, &'static str, &'static [(&'static str, Option<&'static str>)]);
        // rule        class           output                    value, description
        let table: &[Row] = &[
            ("D-FORM-04", Kind::Normal, "white\n", &[("white", None)]),
            ("D-FORM-04", Kind::Normal, "a\nb\n", &[("a\nb", None)]),
            ("D-FORM-03", Kind::Normal, "jdoe~John Doe\n", &[("jdoe", Some("John Doe"))]),
            ("D-FORM-03", Kind::Normal, " jdoe ~ John Doe \n", &[("jdoe", Some("John Doe"))]),
            ("D-FORM-03", Kind::Normal, "a~b~c", &[("a~b~c", None)]),
            ("D-FORM-08", Kind::Normal, "\n", &[]),
            ("D-FORM-08", Kind::AddRight, "", &[]),
            ("D-FORM-08", Kind::AddLeft, ".", &[(".", None)]),
            ("D-FORM-05", Kind::List, "8086:1237~Host bridge,8086:7000~ISA bridge,\n",
                &[("8086:1237", Some("Host bridge")), ("8086:7000", Some("ISA bridge"))]),
            ("D-FORM-05", Kind::List, "a, b ,,a", &[("a", None), ("b", None)]),
            ("D-FORM-05", Kind::List, "a,\nb\r\n", &[("a", None), ("b", None)]),
            ("D-FORM-06", Kind::AddRight, "A.B.C\n", &[("A.B.C", None), ("B.C", None), ("C", None)]),
            ("D-FORM-06", Kind::AddRight, "A.B~x", &[("A.B", Some("x")), ("B", Some("x"))]),
            ("D-FORM-06", Kind::AddRight, "ONE", &[("ONE", None)]),
            ("D-FORM-06", Kind::AddRight, "A..B", &[("A..B", None), (".B", None), ("B", None)]),
            ("D-FORM-07", Kind::AddLeft, "A.B.C", &[("A", None), ("A.B", None), ("A.B.C", None)]),
            ("D-FORM-07", Kind::AddLeft, "A.B~x", &[("A", None), ("A.B", Some("x"))]),
            ("D-FAQ-03", Kind::AddRight, "ou1.ou2.o", &[("ou1.ou2.o", None), ("ou2.o", None), ("o", None)]),
            ("D-FAQ-04", Kind::List, "A, B", &[("A", None), ("B", None)]),
            ("D-FAQ-04", Kind::List, "", &[]),
        ];
        for (rule, kind, output, expected) in table {
            let got = expand(*kind, output);
            let got: Vec<_> =
                got.iter().map(|item| (item.value.as_str(), item.description.as_deref())).collect();
            assert_eq!(got, *expected, "{rule} {kind:?} {output:?}");
        }
    }

    #[test]
    fn d_form_10_a_long_value_is_cut_at_250_characters() {
        let long = "ñ".repeat(251);
        assert_eq!(cut(&long), ("ñ".repeat(250).as_str(), true));
        assert_eq!(cut("short"), ("short", false));
    }

    #[test]
    fn a_prefix_is_one_to_three_letters_or_digits() {
        for (prefix, ok) in [
            ("IP", true),
            ("USR", true),
            ("9", true),
            ("", false),
            ("ABCD", false),
            ("A-", false),
            ("ñ", false),
        ] {
            assert_eq!(is_prefix(prefix), ok, "{prefix}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_class_gives_an_empty_or_a_double_value(output in ".{0,80}") {
            for kind in Kind::ALL {
                let items = expand(kind, &output);
                for (at, item) in items.iter().enumerate() {
                    assert!(!item.value.is_empty());
                    assert!(items[at + 1..].iter().all(|other| other.value != item.value));
                }
            }
        }
    }
}
