//! What a file of metadata says in short, for the page and the API.

/// Lines of a section at most; the files of a distribution have thousands.
const MAX_LINES: usize = 1000;

/// Things of one sort.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// `groups`, `environments`, `categories`, `updates`, `modules` or `defaults`.
    pub name: &'static str,
    /// One for each thing: `core: Core`.
    pub lines: Vec<String>,
}

/// Sections that are being filled.
#[derive(Debug, Default)]
pub(super) struct Summary(Vec<Section>);

impl Summary {
    /// Adds a line to a section; after the last one that fits it says only that there is more.
    pub(super) fn add(&mut self, name: &'static str, line: String) {
        let at = match self.0.iter().position(|section| section.name == name) {
            Some(at) => at,
            None => {
                self.0.push(Section { name, lines: Vec::new() });
                self.0.len() - 1
            }
        };
        let Some(section) = self.0.get_mut(at) else { return };
        match section.lines.len() {
            MAX_LINES => section.lines.push("…".to_owned()),
            count if count > MAX_LINES => {}
            _ => section.lines.push(line),
        }
    }

    /// The sections in the order in which they came.
    pub(super) fn finish(self) -> Vec<Section> {
        self.0
    }
}
