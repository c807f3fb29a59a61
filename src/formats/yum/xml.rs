//! Writes XML 1.0: escaping, and nothing that a parser would refuse.

use std::fmt::Write as _;

/// Appends text between tags.
pub(super) fn text(out: &mut String, text: &str) {
    escape(out, text, false);
}

/// Appends ` name="value"`.
pub(super) fn attribute(out: &mut String, name: &str, value: &str) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    escape(out, value, true);
    out.push('"');
}

/// Appends a line with an element that holds a text: `  <name>text</name>`.
pub(super) fn element(out: &mut String, indent: &str, name: &str, content: &str) {
    let _infallible = write!(out, "{indent}<{name}>");
    text(out, content);
    let _infallible = writeln!(out, "</{name}>");
}

fn escape(out: &mut String, text: &str, is_attribute: bool) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' if is_attribute => out.push_str("&quot;"),
            // A parser makes these a blank in an attribute, and of a carriage return a line feed.
            '\t' | '\n' if is_attribute => {
                let _infallible = write!(out, "&#{};", u32::from(c));
            }
            '\r' => out.push_str("&#13;"),
            c if is_allowed(c) => out.push(c),
            _ => {}
        }
    }
}

/// The characters of XML 1.0 (2.2).
fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_would_end_a_place_or_a_document_is_escaped_or_left_out() {
        let table = [
            ("a<b> & c", "a&lt;b&gt; &amp; c", "a&lt;b&gt; &amp; c"),
            ("say \"x\"\n\ty", "say \"x\"\n\ty", "say &quot;x&quot;&#10;&#9;y"),
            ("\u{0}\u{1}\u{8}\u{b}\u{1b}[1m\u{1f}", "[1m", "[1m"),
            ("\u{fffe}ñ😀\u{ffff}", "ñ😀", "ñ😀"),
            ("a\r\nb", "a&#13;\nb", "a&#13;&#10;b"),
            ("]]>", "]]&gt;", "]]&gt;"),
        ];
        for (given, as_text, as_attribute) in table {
            let mut out = String::new();
            text(&mut out, given);
            assert_eq!(out, as_text, "{given:?}");
            let mut out = String::new();
            attribute(&mut out, "a", given);
            assert_eq!(out, format!(" a=\"{as_attribute}\""), "{given:?}");
        }
    }

    proptest! {
        #[test]
        fn nothing_but_characters_of_xml_comes_out(given in any::<String>()) {
            let mut out = String::new();
            element(&mut out, "", "x", &given);
            attribute(&mut out, "a", &given);
            prop_assert!(out.chars().all(is_allowed));
            prop_assert_eq!(out.matches('<').count(), 2);
        }
    }
}
