//! Slugs: the part of a name that can stand in a URL (D-GEN-04).

use unicode_normalization::UnicodeNormalization as _;

/// Returns the slug of a name; empty if nothing of the name can stand in one.
///
/// ```
/// use migas::domain::slug::slug;
/// assert_eq!(slug("sustituir nano por vim"), "sustituir-nano-por-vim");
/// ```
pub fn slug(name: &str) -> String {
    let kept: String = name
        .nfkd()
        .filter(char::is_ascii)
        .map(|c| c.to_ascii_lowercase())
        .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-') || c.is_whitespace())
        .collect();
    let mut slug = String::with_capacity(kept.len());
    let mut gap = false;
    for c in kept.trim().chars() {
        if c == '-' || c.is_whitespace() {
            gap = true;
            continue;
        }
        if gap {
            slug.push('-');
        }
        gap = false;
        slug.push(c);
    }
    if gap {
        slug.push('-');
    }
    slug
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn slugs_follow_the_rule() {
        let table = [
            ("D-GEN-04", "sustituir nano por vim", "sustituir-nano-por-vim"),
            ("D-GEN-04", "ficheros de ejemplo #24543", "ficheros-de-ejemplo-24543"),
            ("D-GEN-04", "  Año  Ñandú - 2 ", "ano-nandu-2"),
            ("D-GEN-04", "a_b--c\td", "a_b-c-d"),
            ("D-GEN-04", "ﬁle", "file"),
            ("D-GEN-04", "../x", "x"),
            ("D-GEN-04", "中文", ""),
            ("D-GEN-04", " # ", ""),
        ];
        for (rule, name, expected) in table {
            assert_eq!(slug(name), expected, "{rule}: {name:?}");
        }
    }

    proptest! {
        #[test]
        fn a_slug_is_its_own_slug_and_plain(name in ".{0,60}") {
            let once = slug(&name);
            prop_assert_eq!(slug(&once), once.clone());
            let plain =
                |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-');
            prop_assert!(once.chars().all(plain));
        }
    }
}
