//! `modules.yaml`: a stream of documents `modulemd`, `modulemd-defaults`, `modulemd-obsoletes`…
//! (libmodulemd, `yaml_specs/`), read event by event and written again.
//!
//! ```yaml
//! ---
//! document: modulemd
//! version: 2
//! data:
//!   name: nodejs
//!   stream: "18"
//! …
//! ```
//!
//! A document is written as one flow mapping with every text in quotes. That is all the same to
//! libmodulemd, and libyaml and our parser cannot read it differently.

use saphyr_parser::{Event, Parser, ScanError, Span};

use super::summary::Summary;
use super::{Kind, MAX_BYTES, MAX_DEPTH, Metadata, MetadataError};

/// Bytes of a key at most, as it is written: libyaml looks for the colon no further than 1,024.
const MAX_KEY: usize = 1000;

/// Reads a whole file.
pub(super) fn read(text: &str) -> Result<Metadata, MetadataError> {
    let mut stream = Stream::default();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| malformed(&error))?;
        stream.take(event, line(&span))?;
        if stream.fragment.len() > MAX_BYTES {
            return Err(MetadataError::Large);
        }
    }
    if stream.documents == 0 {
        return Err(MetadataError::Document { line: 1, problem: "the file is empty" });
    }
    let Stream { fragment, summary, .. } = stream;
    Ok(Metadata { kind: Kind::Modules, fragment, summary: summary.finish() })
}

fn line(span: &Span) -> usize {
    span.start.line()
}

fn malformed(error: &ScanError) -> MetadataError {
    MetadataError::Yaml { line: error.marker().line(), problem: error.info().to_owned() }
}

/// Documents as far as they were read.
#[derive(Default)]
struct Stream {
    documents: usize,
    /// Line of the document that is open.
    begun: usize,
    open: Vec<Collection>,
    said: Said,
    fragment: String,
    summary: Summary,
}

/// A mapping or a sequence that is open.
struct Collection {
    is_mapping: bool,
    /// The key whose value comes next.
    key: Option<String>,
    is_empty: bool,
}

/// What a document says of itself.
#[derive(Default)]
struct Said {
    document: String,
    version: String,
    has_data: bool,
    name: String,
    stream: String,
}

impl Stream {
    fn take(&mut self, event: Event<'_>, line: usize) -> Result<(), MetadataError> {
        match event {
            Event::DocumentStart(_) => {
                self.documents += 1;
                self.begun = line;
                self.said = Said::default();
                self.fragment.push_str("---\n");
            }
            Event::DocumentEnd => return self.close_document(),
            Event::MappingStart(..) => return self.open(true, line),
            Event::SequenceStart(..) => return self.open(false, line),
            Event::MappingEnd => self.close("}"),
            Event::SequenceEnd => self.close("]"),
            Event::Scalar(text, ..) => return self.scalar(&text, line),
            Event::Alias(_) => {
                let problem = "it refers to another place of the file".to_owned();
                return Err(MetadataError::Yaml { line, problem });
            }
            Event::StreamStart | Event::StreamEnd | Event::Nothing => {}
        }
        Ok(())
    }

    fn open(&mut self, is_mapping: bool, line: usize) -> Result<(), MetadataError> {
        if self.open.len() == MAX_DEPTH {
            return Err(MetadataError::Deep { line });
        }
        match self.open.last() {
            None if !is_mapping => return Err(self.refuse("it is a list")),
            Some(outer) if outer.is_mapping && outer.key.is_none() => {
                let problem = "a key is no text".to_owned();
                return Err(MetadataError::Yaml { line, problem });
            }
            _ => {}
        }
        if let [Collection { key: Some(key), .. }] = &*self.open
            && key == "data"
        {
            self.said.has_data = is_mapping;
        }
        self.begin_value();
        self.fragment.push(if is_mapping { '{' } else { '[' });
        self.open.push(Collection { is_mapping, key: None, is_empty: true });
        Ok(())
    }

    fn close(&mut self, bracket: &str) {
        self.open.pop();
        self.fragment.push_str(bracket);
        self.end_value();
    }

    fn scalar(&mut self, text: &str, line: usize) -> Result<(), MetadataError> {
        let Some(inner) = self.open.last_mut() else {
            return Err(self.refuse("it is a single text"));
        };
        if !inner.is_mapping || inner.key.is_some() {
            self.note(text);
            self.begin_value();
            quote(&mut self.fragment, text);
            self.end_value();
            return Ok(());
        }
        if !inner.is_empty {
            self.fragment.push_str(",\n");
        }
        inner.key = Some(text.to_owned());
        inner.is_empty = false;
        let begin = self.fragment.len();
        quote(&mut self.fragment, text);
        if self.fragment.len() - begin > MAX_KEY {
            let problem = format!("a key has more than {MAX_KEY} bytes");
            return Err(MetadataError::Yaml { line, problem });
        }
        self.fragment.push_str(": ");
        Ok(())
    }

    /// A comma between the values of a sequence; that of a mapping stands before the key.
    fn begin_value(&mut self) {
        if let Some(Collection { is_mapping: false, is_empty, .. }) = self.open.last_mut() {
            if !*is_empty {
                self.fragment.push_str(",\n");
            }
            *is_empty = false;
        }
    }

    fn end_value(&mut self) {
        if let Some(inner) = self.open.last_mut() {
            inner.key = None;
        }
    }

    /// Keeps what a document says of itself.
    fn note(&mut self, text: &str) {
        let keys: Vec<&str> = self.open.iter().filter_map(|open| open.key.as_deref()).collect();
        if keys.len() != self.open.len() {
            return;
        }
        let place = match &*keys {
            ["document"] => &mut self.said.document,
            ["version"] => &mut self.said.version,
            ["data", "name" | "module"] => &mut self.said.name,
            ["data", "stream"] => &mut self.said.stream,
            _ => return,
        };
        text.clone_into(place);
    }

    fn close_document(&mut self) -> Result<(), MetadataError> {
        self.fragment.push('\n');
        let Said { document, version, has_data, name, stream } = std::mem::take(&mut self.said);
        if !document.starts_with("modulemd") {
            return Err(self.refuse("it does not say \"document: modulemd\""));
        }
        if version.is_empty() || !version.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(self.refuse("it has no version"));
        }
        if !has_data {
            return Err(self.refuse("it has no data"));
        }
        let section = match document.as_str() {
            "modulemd-defaults" => "defaults",
            "modulemd" | "modulemd-stream" | "modulemd-packager" => "modules",
            _ => return Ok(()),
        };
        if name.is_empty() {
            return Err(self.refuse("it names no module"));
        }
        let line = if stream.is_empty() { name } else { format!("{name}:{stream}") };
        self.summary.add(section, line);
        Ok(())
    }

    fn refuse(&self, problem: &'static str) -> MetadataError {
        MetadataError::Document { line: self.begun, problem }
    }
}

/// Writes a text in double quotes (YAML 1.1 and 1.2, 5.7).
pub(super) fn quote(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            // What is not printable, or a line end to one of the two.
            '\0'..'\u{20}' => escape(out, c),
            '\u{7f}'..='\u{a0}'
            | '\u{2028}'
            | '\u{2029}'
            | '\u{feff}'
            | '\u{fffe}'
            | '\u{ffff}' => {
                escape(out, c);
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

fn escape(out: &mut String, c: char) {
    out.push_str(&format!("\\U{:08X}", u32::from(c)));
}
