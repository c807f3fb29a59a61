//! `comps.xml` and `updateinfo.xml`: read event by event, and written again without what stands
//! around the children of the root (declaration, `DOCTYPE`, comments, the root itself).
//!
//! There are no entities but those of XML itself, and no namespaces: nothing in a fragment depends
//! on what stood before it.

use quick_xml::Reader;
use quick_xml::events::{BytesDecl, BytesStart, Event};

use super::summary::Summary;
use super::{Kind, MAX_BYTES, MAX_DEPTH, Metadata, MetadataError};
use crate::formats::yum::xml;

/// Reads a whole file.
pub(super) fn read(text: &str) -> Result<Metadata, MetadataError> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_comments = true;
    let mut document = Document::default();
    loop {
        let line = |reader: &Reader<&[u8]>| {
            let at = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
            let read = text.as_bytes().get(..at).unwrap_or(text.as_bytes());
            read.iter().filter(|byte| **byte == b'\n').count() + 1
        };
        let event = reader.read_event().map_err(|error| MetadataError::Xml {
            line: line(&reader),
            problem: error.to_string(),
        })?;
        if matches!(event, Event::Eof) {
            return document.finish().map_err(|refused| refused.at(line(&reader)));
        }
        document.take(event).map_err(|refused| refused.at(line(&reader)))?;
        if document.fragment.len() > MAX_BYTES {
            return Err(MetadataError::Large);
        }
    }
}

/// A refusal that does not know its line yet.
enum Refused {
    Xml(String),
    Deep,
    Known(MetadataError),
}

impl Refused {
    fn at(self, line: usize) -> MetadataError {
        match self {
            Self::Xml(problem) => MetadataError::Xml { line, problem },
            Self::Deep => MetadataError::Deep { line },
            Self::Known(error) => error,
        }
    }
}

impl<E: std::error::Error> From<E> for Refused {
    fn from(error: E) -> Self {
        Self::Xml(error.to_string())
    }
}

/// A document as far as it was read.
#[derive(Default)]
struct Document {
    /// The root, once it has come.
    kind: Option<Kind>,
    /// Names of the elements that are open.
    open: Vec<String>,
    fragment: String,
    /// The child of the root that is open.
    item: Item,
    summary: Summary,
}

/// A group, an update…
#[derive(Default)]
struct Item {
    id: String,
    name: String,
    /// `security`, `Important`.
    details: Vec<String>,
    /// The field that is open is one for readers of another language.
    is_translated: bool,
}

impl Document {
    fn take(&mut self, event: Event<'_>) -> Result<(), Refused> {
        match event {
            Event::Decl(declaration) => check_encoding(&declaration),
            Event::Start(element) => self.start(&element, false),
            Event::Empty(element) => self.start(&element, true),
            Event::End(_) => {
                self.end();
                Ok(())
            }
            Event::Text(text) => self.text(&text.unescape()?),
            Event::CData(text) => self.text(&text.decode()?),
            Event::DocType(_) if self.kind.is_some() => {
                Err(Refused::Xml("a DOCTYPE stands before the root element".to_owned()))
            }
            Event::DocType(_) | Event::Comment(_) | Event::PI(_) | Event::Eof => Ok(()),
        }
    }

    fn start(&mut self, element: &BytesStart<'_>, is_empty: bool) -> Result<(), Refused> {
        let qualified = element.name();
        let name = name(qualified.as_ref())?;
        match (self.open.len(), self.kind) {
            (0, None) => {
                let unknown = || Refused::Known(MetadataError::Root(name.to_owned()));
                self.kind = Some(Kind::of_root(name).ok_or_else(unknown)?);
            }
            (0, Some(_)) => {
                return Err(Refused::Xml(format!("{name} stands after the root element")));
            }
            (MAX_DEPTH, _) => return Err(Refused::Deep),
            _ => self.write_start(name, element, is_empty)?,
        }
        if !is_empty {
            self.open.push(name.to_owned());
        } else if self.open.len() == 1 {
            self.close_item(name);
        }
        Ok(())
    }

    fn write_start(
        &mut self,
        name: &str,
        element: &BytesStart<'_>,
        is_empty: bool,
    ) -> Result<(), Refused> {
        self.fragment.push('<');
        self.fragment.push_str(name);
        self.item.is_translated = false;
        for attribute in element.attributes() {
            let attribute = attribute?;
            let value = attribute.unescape_value()?;
            match attribute.key.as_ref() {
                key @ (b"xml:lang" | b"xml:space") => {
                    self.item.is_translated |= key == b"xml:lang";
                    xml::attribute(&mut self.fragment, &String::from_utf8_lossy(key), &value);
                }
                key => xml::attribute(&mut self.fragment, self::name(key)?, &value),
            }
            if self.open.len() == 1 && attribute.key.as_ref() == b"type" {
                self.item.details.push(value.into_owned());
            }
        }
        self.fragment.push_str(if is_empty { "/>" } else { ">" });
        Ok(())
    }

    fn end(&mut self) {
        let Some(name) = self.open.pop() else { return };
        if !self.open.is_empty() {
            self.fragment.push_str("</");
            self.fragment.push_str(&name);
            self.fragment.push('>');
        }
        if self.open.len() == 1 {
            self.close_item(&name);
        }
    }

    fn text(&mut self, text: &str) -> Result<(), Refused> {
        if self.open.len() < 2 {
            return match text.trim().is_empty() {
                true => Ok(()),
                false => Err(Refused::Xml("text stands outside of every element".to_owned())),
            };
        }
        xml::text(&mut self.fragment, text);
        if let [_, _, field] = &*self.open {
            match field.as_str() {
                "id" => self.item.id.push_str(text),
                "name" | "title" if !self.item.is_translated => self.item.name.push_str(text),
                "severity" => self.item.details.push(text.to_owned()),
                _ => {}
            }
        }
        Ok(())
    }

    /// A child of the root is complete.
    fn close_item(&mut self, name: &str) {
        self.fragment.push('\n');
        let Item { id, name: title, details, .. } = std::mem::take(&mut self.item);
        let section = match name {
            "group" => "groups",
            "environment" => "environments",
            "category" => "categories",
            "update" => "updates",
            _ => return,
        };
        let mut line = id;
        if !title.is_empty() {
            line.push_str(": ");
            line.push_str(&title);
        }
        if section == "updates" && !details.is_empty() {
            line.push_str(&format!(" ({})", details.join(", ")));
        }
        self.summary.add(section, line);
    }

    fn finish(self) -> Result<Metadata, Refused> {
        if let Some(open) = self.open.last() {
            return Err(Refused::Xml(format!("it ends within {open}")));
        }
        let kind = self.kind.ok_or_else(|| Refused::Xml("there is no element".to_owned()))?;
        Ok(Metadata { kind, fragment: self.fragment, summary: self.summary.finish() })
    }
}

fn check_encoding(declaration: &BytesDecl<'_>) -> Result<(), Refused> {
    let Some(encoding) = declaration.encoding().transpose()? else { return Ok(()) };
    let encoding = String::from_utf8_lossy(&encoding).into_owned();
    match encoding.to_ascii_lowercase().as_str() {
        "utf-8" | "utf8" | "us-ascii" | "ascii" => Ok(()),
        _ => Err(Refused::Known(MetadataError::Encoding(encoding))),
    }
}

/// A name without a prefix (XML 1.0, 2.3).
fn name(bytes: &[u8]) -> Result<&str, Refused> {
    let name = std::str::from_utf8(bytes)?;
    let begins = |c: char| c.is_alphabetic() || c == '_';
    let goes_on = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    match name.starts_with(begins) && name.chars().all(goes_on) {
        true => Ok(name),
        false if name.contains(':') => Err(Refused::Xml(format!("{name} has a prefix"))),
        false => Err(Refused::Xml(format!("{name:?} is no name"))),
    }
}
