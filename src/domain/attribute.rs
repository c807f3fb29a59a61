//! Attributes, and how they are named (4.2).

use serde::{Deserialize, Serialize};

use super::ids::{AttributeId, FormulaId};

/// The attribute of every computer, number 1 (D-FORM-16).
pub const ALL_SYSTEMS: AttributeId = AttributeId(1);
/// Its value; its prefix is `SET`.
pub const ALL_SYSTEMS_VALUE: &str = "ALL SYSTEMS";

/// A value of a formula that some computer has, or may have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribute {
    pub id: AttributeId,
    pub formula: FormulaId,
    pub prefix: String,
    pub value: String,
    pub description: Option<String>,
}

impl Attribute {
    /// `PREFIX-value`; a CID shows its description first when computers are not searched by id
    /// (D-ATTR-01).
    pub fn display(&self, search_by_id: bool) -> String {
        match &self.description {
            Some(description) if self.prefix == "CID" && !search_by_id => {
                format!("{description} (CID-{})", self.value)
            }
            _ => format!("{}-{}", self.prefix, self.value),
        }
    }
}

/// Splits `PREFIX-value` at the first `-`; the names of ALL SYSTEMS are accepted without prefix
/// (D-FORM-16, D-TAG-04).
pub fn parse_name(text: &str) -> Option<(&str, &str)> {
    match text.trim() {
        "ALL SYSTEMS" | "ALL-SYSTEMS" | "SET-ALL SYSTEMS" => Some(("SET", ALL_SYSTEMS_VALUE)),
        name => name
            .split_once('-')
            .filter(|(prefix, value)| super::formula::is_prefix(prefix) && !value.is_empty()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_attributes() {
        let table = [
            ("D-FORM-16", "ALL SYSTEMS", Some(("SET", "ALL SYSTEMS"))),
            ("D-FORM-16", "ALL-SYSTEMS", Some(("SET", "ALL SYSTEMS"))),
            ("D-FORM-16", "SET-ALL SYSTEMS", Some(("SET", "ALL SYSTEMS"))),
            ("D-ATTR-01", "NET-10.0.2.0/24", Some(("NET", "10.0.2.0/24"))),
            ("D-ATTR-01", "HST-PC-13098", Some(("HST", "PC-13098"))),
            ("D-ATTR-01", "nothing", None),
            ("D-ATTR-01", "TOOLONG-x", None),
            ("D-ATTR-01", "NET-", None),
        ];
        for (rule, name, expected) in table {
            assert_eq!(parse_name(name), expected, "{rule} {name}");
        }
    }

    #[test]
    fn d_attr_01_a_cid_shows_what_computers_are_searched_by() {
        let attribute = |prefix: &str, description: Option<&str>| Attribute {
            id: AttributeId(9),
            formula: FormulaId(1),
            prefix: prefix.into(),
            value: "7".into(),
            description: description.map(Into::into),
        };
        assert_eq!(attribute("CID", Some("pc7")).display(true), "CID-7");
        assert_eq!(attribute("CID", Some("pc7")).display(false), "pc7 (CID-7)");
        assert_eq!(attribute("CID", None).display(false), "CID-7");
        assert_eq!(attribute("NET", Some("lan")).display(false), "NET-7");
    }
}
