//! Applications: the catalogue that users choose from, and what policies install (8.1).

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ids::{ApplicationId, AttributeId, ProjectId};

/// Longest name, in characters.
pub const MAX_NAME: usize = 50;

/// An application; its icon is kept apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Application {
    pub id: ApplicationId,
    pub name: String,
    pub category: Category,
    pub level: Level,
    /// 1 to 5: how much it matters to the organisation.
    pub score: u8,
    /// Markdown; rendered without raw HTML.
    pub description: String,
    /// Who is offered it (D-APP-01).
    pub available_for: BTreeSet<AttributeId>,
    /// Package list of each project that has it, as typed (D-APP-03).
    pub packages: BTreeMap<ProjectId, String>,
    pub created_at: Timestamp,
}

/// Who may install it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Level {
    /// Whoever uses the computer.
    #[serde(rename = "U")]
    User,
    /// Whoever gives the login of an administrator of it.
    #[serde(rename = "A")]
    Admin,
}

impl Level {
    /// All levels.
    pub const ALL: [Self; 2] = [Self::User, Self::Admin];

    /// The stored form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "U",
            Self::Admin => "A",
        }
    }

    /// Reads the stored form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.as_str() == text)
    }
}

/// Category of an application, by the book's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    Accessories = 1,
    Books,
    DevelopersTools,
    Education,
    Fonts,
    Games,
    Graphics,
    Internet,
    Medicine,
    Office,
    Science,
    SoundVideo,
    Themes,
    UniversalAccess,
}

impl Category {
    /// All categories in the order of their numbers.
    pub const ALL: [Self; 14] = [
        Self::Accessories,
        Self::Books,
        Self::DevelopersTools,
        Self::Education,
        Self::Fonts,
        Self::Games,
        Self::Graphics,
        Self::Internet,
        Self::Medicine,
        Self::Office,
        Self::Science,
        Self::SoundVideo,
        Self::Themes,
        Self::UniversalAccess,
    ];

    /// The book's number, 1 to 14: the stored form.
    pub fn number(self) -> i64 {
        self as i64
    }

    /// Reads the stored form.
    pub fn of_number(number: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|category| category.number() == number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn categories_and_levels_are_read_back() {
        for (category, number) in Category::ALL.into_iter().zip(1..) {
            assert_eq!((category.number(), Category::of_number(number)), (number, Some(category)));
        }
        assert_eq!(Category::of_number(15), None);
        for level in Level::ALL {
            assert_eq!(Level::parse(level.as_str()), Some(level));
        }
    }
}
