//! A formula, or a tag category, as people and scripts name it: by its prefix, or by its id.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use super::ids::FormulaId;

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FormulaName {
    Id(FormulaId),
    Prefix(String),
}

/// A number is an id.
impl FromStr for FormulaName {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        let text = text.trim();
        Ok(text.parse().map_or_else(|_| Self::Prefix(text.to_owned()), Self::Id))
    }
}

impl From<FormulaId> for FormulaName {
    fn from(id: FormulaId) -> Self {
        Self::Id(id)
    }
}

impl fmt::Display for FormulaName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => id.fmt(f),
            Self::Prefix(prefix) => prefix.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_an_id_and_the_rest_a_prefix() {
        let table = [
            ("7", FormulaName::Id(FormulaId(7))),
            (" UBI ", FormulaName::Prefix("UBI".into())),
            ("7A", FormulaName::Prefix("7A".into())),
        ];
        for (text, expected) in table {
            assert_eq!(text.parse(), Ok(expected), "{text}");
        }
    }
}
