//! Control stanzas: `Name: value` fields, continuation lines begin with a blank (Debian Policy 5.1).
//!
//! ```text
//! Package: acme-test-files
//! Version: 1.0-1
//! Description: files of the first change
//!  The long text follows, each line after a blank.
//! ```
//!
//! A value keeps its continuation lines as they stand, so that printing a parsed stanza gives the
//! same text (trailing blanks of a line aside). Invariants: field names are unique whatever their
//! case, no value contains an empty line, and the order of the fields is the file's.

use std::fmt;

/// Why a text is no stanza. Lines count from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Deb822Error {
    #[error("line {line} is not UTF-8")]
    Utf8 { line: usize },
    #[error("line {line} has no colon")]
    NoColon { line: usize },
    #[error("line {line} has a malformed field name")]
    Name { line: usize },
    #[error("line {line} continues no field")]
    Orphan { line: usize },
    #[error("line {line} repeats field {name}")]
    Duplicate { line: usize, name: String },
    #[error("line {line} contains a control character")]
    ControlCharacter { line: usize },
    #[error("more than one stanza")]
    SecondStanza,
    #[error("no field")]
    Empty,
    #[error("more than {limit} fields")]
    TooManyFields { limit: usize },
}

/// Most fields a stanza may have; real ones have about twenty.
const MAX_FIELDS: usize = 500;

/// What a line may be trimmed of. Other white space of Unicode is text: without it a line of it
/// alone would print as an empty one, which ends a stanza in the middle of an index.
const BLANKS: [char; 2] = [' ', '\t'];

/// Fields of one stanza, in the order of the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stanza {
    fields: Vec<Field>,
}

/// A field: its name as written and its value with continuation lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    pub name: String,
    /// First line without surrounding blanks, then each continuation line with its first blank.
    pub value: String,
}

impl Stanza {
    /// Reads the only stanza of `bytes` (a `control` file). Empty lines before and after are fine.
    ///
    /// # Errors
    /// [`Deb822Error`] names the line.
    pub fn parse(bytes: &[u8]) -> Result<Self, Deb822Error> {
        let mut stanzas = stanzas(bytes);
        let first = stanzas.next().ok_or(Deb822Error::Empty)??;
        match stanzas.next() {
            None => Ok(first),
            Some(_) => Err(Deb822Error::SecondStanza),
        }
    }

    /// Value of the field, whatever the case of its name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|field| field.name.eq_ignore_ascii_case(name))
            .map(|field| field.value.as_str())
    }

    /// The fields in order.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// Sets a field in place, or appends it.
    ///
    /// # Errors
    /// [`Deb822Error`] if name or value would not survive printing and parsing.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), Deb822Error> {
        let mut probe = Stanza::default();
        for (index, line) in format!("{name}: {value}").lines().enumerate() {
            probe.push_line(index + 1, line)?;
        }
        let field = probe.fields.pop().ok_or(Deb822Error::Empty)?;
        if !probe.fields.is_empty() || value.ends_with('\n') {
            return Err(Deb822Error::NoColon { line: 1 });
        }
        match self.fields.iter_mut().find(|old| old.name.eq_ignore_ascii_case(name)) {
            Some(old) => old.value = field.value,
            None => self.fields.push(field),
        }
        Ok(())
    }

    /// Removes a field if it is there.
    pub fn remove(&mut self, name: &str) {
        self.fields.retain(|field| !field.name.eq_ignore_ascii_case(name));
    }

    fn push_line(&mut self, line: usize, text: &str) -> Result<(), Deb822Error> {
        // A tab is a blank; any other control character would reach terminals and pages.
        if text.chars().any(|c| c.is_control() && c != '\t') {
            return Err(Deb822Error::ControlCharacter { line });
        }
        if text.starts_with([' ', '\t']) {
            let field = self.fields.last_mut().ok_or(Deb822Error::Orphan { line })?;
            field.value.push('\n');
            field.value.push_str(text.trim_end_matches(BLANKS));
            return Ok(());
        }
        let (name, value) = text.split_once(':').ok_or(Deb822Error::NoColon { line })?;
        let name_is_valid = !name.is_empty()
            && !name.starts_with(['-', '#'])
            && name.bytes().all(|b| b.is_ascii_graphic());
        if !name_is_valid {
            return Err(Deb822Error::Name { line });
        }
        if self.get(name).is_some() {
            return Err(Deb822Error::Duplicate { line, name: name.to_owned() });
        }
        if self.fields.len() == MAX_FIELDS {
            return Err(Deb822Error::TooManyFields { limit: MAX_FIELDS });
        }
        self.fields
            .push(Field { name: name.to_owned(), value: value.trim_matches(BLANKS).to_owned() });
        Ok(())
    }
}

impl fmt::Display for Stanza {
    /// One line `Name: value` for each field, without an empty line at the end.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Field { name, value } in &self.fields {
            let blank = if value.is_empty() || value.starts_with('\n') { "" } else { " " };
            writeln!(f, "{name}:{blank}{value}")?;
        }
        Ok(())
    }
}

/// Reads the stanzas of a file such as `Packages`, one at a time; it ends at the first error.
pub fn stanzas(bytes: &[u8]) -> Stanzas<'_> {
    Stanzas { rest: bytes, line: 0 }
}

/// Iterator of [`stanzas`].
pub struct Stanzas<'a> {
    rest: &'a [u8],
    line: usize,
}

impl Iterator for Stanzas<'_> {
    type Item = Result<Stanza, Deb822Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut stanza = Stanza::default();
        while !self.rest.is_empty() {
            let end = self.rest.iter().position(|b| *b == b'\n');
            let (line, rest) = match end {
                Some(end) => self.rest.split_at(end),
                None => (self.rest, &[][..]),
            };
            self.rest = rest.strip_prefix(b"\n").unwrap_or(rest);
            self.line += 1;
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if line.iter().all(|b| matches!(b, b' ' | b'\t')) {
                if stanza.fields.is_empty() {
                    continue;
                }
                return Some(Ok(stanza));
            }
            let pushed = match std::str::from_utf8(line) {
                Ok(text) => stanza.push_line(self.line, text),
                Err(_) => Err(Deb822Error::Utf8 { line: self.line }),
            };
            if let Err(error) = pushed {
                self.rest = &[];
                return Some(Err(error));
            }
        }
        (!stanza.fields.is_empty()).then_some(Ok(stanza))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_line_of_unicode_blanks_is_not_an_empty_line() {
        for blank in ["\u{200a}", "\u{a0}", "\u{3000}", "\u{2028}"] {
            let stanza = Stanza::parse(format!("A: {blank}\n {blank}\n end\n").as_bytes()).unwrap();
            assert_eq!(stanza.get("A"), Some(&*format!("{blank}\n {blank}\n end")));
            assert_eq!(Stanza::parse(stanza.to_string().as_bytes()), Ok(stanza));
        }
    }

    #[test]
    fn a_stanza_prints_as_it_was_read() {
        let text = "Package: a\nVersion: 1\nX-Empty:\nDescription: short\n long\n .\n  verbatim\n";
        let stanza = Stanza::parse(text.as_bytes()).unwrap();
        assert_eq!(stanza.to_string(), text);
        assert_eq!(stanza.get("version"), Some("1"));
        assert_eq!(stanza.get("Description"), Some("short\n long\n .\n  verbatim"));
        assert_eq!(stanza.get("absent"), None);
    }

    #[test]
    fn a_bad_stanza_names_the_line() {
        let table: [(&[u8], Deb822Error); 11] = [
            (b"", Deb822Error::Empty),
            (b"\n \n", Deb822Error::Empty),
            (b"Package a\n", Deb822Error::NoColon { line: 1 }),
            (b": a\n", Deb822Error::Name { line: 1 }),
            (b"A b: a\n", Deb822Error::Name { line: 1 }),
            (b" a\n", Deb822Error::Orphan { line: 1 }),
            (b"A: \xff\n", Deb822Error::Utf8 { line: 1 }),
            (b"A: 1\nB: 2\na: 3\n", Deb822Error::Duplicate { line: 3, name: "a".into() }),
            (b"A: \x1b[1m\n", Deb822Error::ControlCharacter { line: 1 }),
            (b"A: 1\n\nB: 2\n", Deb822Error::SecondStanza),
            (b"#: 1\n", Deb822Error::Name { line: 1 }),
        ];
        for (bytes, error) in table {
            assert_eq!(Stanza::parse(bytes).unwrap_err(), error, "{}", bytes.escape_ascii());
        }
    }

    #[test]
    fn a_file_of_stanzas_is_read_one_by_one() {
        let read: Vec<String> = stanzas(b"\nA: 1\nB: 2\n\n\nA: 3\r\n\nA: 4")
            .map(|stanza| stanza.unwrap().to_string())
            .collect();
        assert_eq!(read, ["A: 1\nB: 2\n", "A: 3\n", "A: 4\n"]);
    }

    #[test]
    fn setting_a_field_cannot_smuggle_another() {
        let mut stanza = Stanza::parse(b"Package: a\n").unwrap();
        stanza.set("package", "b").unwrap();
        stanza.set("Depends", "c,\n d").unwrap();
        assert!(stanza.set("X", "1\nPackage: evil").is_err());
        assert!(stanza.set("X", "1\n").is_err());
        assert!(stanza.set("X:Y", "\n\n1").is_err());
        assert_eq!(stanza.to_string(), "Package: b\nDepends: c,\n d\n");
        stanza.remove("PACKAGE");
        assert_eq!(stanza.to_string(), "Depends: c,\n d\n");
    }

    proptest! {
        #[test]
        fn any_bytes_parse_or_fail(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            if let Ok(stanza) = Stanza::parse(&bytes) {
                let again = Stanza::parse(stanza.to_string().as_bytes()).unwrap();
                prop_assert_eq!(stanza, again);
            }
        }

        #[test]
        fn what_is_printed_parses_to_the_same(text in "([A-Z][a-z-]{0,6}: ?[ -~é]{0,9}\n( [!-~][ -~]{0,9}\n){0,2}){1,5}") {
            if let Ok(stanza) = Stanza::parse(text.as_bytes()) {
                let again = Stanza::parse(stanza.to_string().as_bytes()).unwrap();
                prop_assert_eq!(stanza, again);
            }
        }
    }
}
