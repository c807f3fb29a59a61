//! Lists of a name and its value.

use maud::{Markup, Render, html};

use crate::catalogue::Lang;
use crate::t;

/// A definition list; facts without a value are left out.
pub struct Facts {
    lang: Lang,
    rows: Vec<(String, Markup)>,
}

impl Facts {
    /// An empty list.
    pub fn new(lang: Lang) -> Self {
        Self { lang, rows: Vec::new() }
    }

    /// Adds the fact that the catalogue names `field-<name>`.
    #[must_use]
    pub fn add(mut self, name: &str, value: impl Render) -> Self {
        self.rows.push((t!(self.lang, &format!("field-{name}")), value.render()));
        self
    }

    /// Adds the fact unless there is nothing to say.
    #[must_use]
    pub fn add_some(self, name: &str, value: Option<impl Render>) -> Self {
        match value {
            Some(value) => self.add(name, value),
            None => self,
        }
    }

    /// Adds a text unless it is empty.
    #[must_use]
    pub fn add_text(self, name: &str, value: &str) -> Self {
        if value.is_empty() { self } else { self.add(name, value) }
    }

    /// Adds a fact whose name is no message: a field of a package, a property of a device.
    #[must_use]
    pub fn add_raw(mut self, name: &str, value: impl Render) -> Self {
        self.rows.push((name.to_owned(), value.render()));
        self
    }
}

impl Render for Facts {
    fn render(&self) -> Markup {
        html! {
            dl.facts {
                @for (name, value) in &self.rows { dt { (name) } dd { (value) } }
            }
        }
    }
}
