//! Bytes of a header as text that XML 1.0 can hold.

use std::borrow::Cow;

/// Reads UTF-8, or Latin-1 where it is none, and drops what XML 1.0 (2.2) has no place for.
///
/// A package with such bytes is old, not hostile, so it is cleaned instead of refused.
pub(super) fn clean(bytes: &[u8]) -> String {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(bytes.iter().map(|byte| char::from(*byte)).collect()),
    };
    if text.chars().all(is_xml) {
        text.into_owned()
    } else {
        text.chars().filter(|c| is_xml(*c)).collect()
    }
}

/// `Char` of XML 1.0; surrogates cannot be in a `char`.
fn is_xml(c: char) -> bool {
    !matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
mod tests {
    use super::clean;

    #[test]
    fn texts_are_such_that_xml_can_hold_them() {
        let table: &[(&[u8], &str)] = &[
            (b"plain\tand\nlines", "plain\tand\nlines"),
            ("ñandú €".as_bytes(), "ñandú €"),
            (b"caf\xe9", "café"),
            (b"bell\x07 and escape \x1b[31m", "bell and escape [31m"),
            ("no\u{ffff}character\u{fffe}".as_bytes(), "nocharacter"),
            (b"", ""),
        ];
        for (bytes, expected) in table {
            assert_eq!(clean(bytes), *expected);
        }
    }
}
