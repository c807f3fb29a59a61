//! Applications: the catalogue that users choose from, and what policies install (8.1).

use serde::{Deserialize, Serialize};

/// Longest name, in characters.
pub const MAX_NAME: usize = 50;

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

/// Tells the media type of an image that browsers show and that carries no script, by its first
/// bytes.
pub fn image_type(bytes: &[u8]) -> Option<&'static str> {
    let kinds: [(&[u8], &str); 4] = [
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"GIF8", "image/gif"),
        (b"RIFF", "image/webp"),
    ];
    let (_, kind) = kinds.into_iter().find(|(first, _)| bytes.starts_with(first))?;
    (kind != "image/webp" || bytes.get(8..12) == Some(b"WEBP")).then_some(kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_are_told_by_their_first_bytes() {
        let table: [(&[u8], Option<&str>); 5] = [
            (b"\x89PNG\r\n\x1a\nrest", Some("image/png")),
            (b"RIFF1234WEBPVP8 ", Some("image/webp")),
            (b"RIFF1234WAVEfmt ", None),
            (b"<svg onload='alert(1)'/>", None),
            (b"", None),
        ];
        for (bytes, expected) in table {
            assert_eq!(image_type(bytes), expected, "{bytes:?}");
        }
    }

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
