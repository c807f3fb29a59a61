//! One field of a form: label, control, hint and what is wrong with it, tied together by ids.

use maud::{Markup, Render, html};

use super::form::{Choice, Form};
use crate::catalogue;
use crate::t;

/// The control of a field.
#[derive(Debug, Clone)]
pub enum Kind<'a> {
    /// `<input type=…>`.
    Line(&'static str),
    /// A text area: class and lines.
    Area(&'static str, u32),
    /// A text area of names, with the address that suggests them.
    Picker(&'a str),
    Choice(Vec<Choice>),
    Tick,
}

/// A field. Its label is the message `field-<name>`, its hint `hint-<name>` if there is one.
#[derive(Debug, Clone)]
pub struct Input<'a> {
    form: Form<'a>,
    name: &'a str,
    value: &'a str,
    kind: Kind<'a>,
    label: Option<&'a str>,
    hint: Option<&'a str>,
    required: bool,
    fixed: bool,
    focus: bool,
    several: bool,
    folder: bool,
    max: Option<u32>,
    complete: Option<&'static str>,
}

impl<'a> Input<'a> {
    pub(super) fn new(form: Form<'a>, name: &'a str, value: &'a str, kind: Kind<'a>) -> Self {
        Self {
            form,
            name,
            value,
            kind,
            label: None,
            hint: None,
            required: false,
            fixed: false,
            focus: false,
            several: false,
            folder: false,
            max: None,
            complete: None,
        }
    }

    /// Takes another message as label.
    #[must_use]
    pub fn label(mut self, key: &'a str) -> Self {
        self.label = Some(key);
        self
    }

    /// Takes another message as hint.
    #[must_use]
    pub fn hint(mut self, key: &'a str) -> Self {
        self.hint = Some(key);
        self
    }

    /// Must be filled in.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Cannot be changed any more.
    #[must_use]
    pub fn fixed(mut self, fixed: bool) -> Self {
        self.fixed = fixed;
        self
    }

    /// Has the cursor when the page opens.
    #[must_use]
    pub fn focus(mut self) -> Self {
        self.focus = true;
        self
    }

    /// Takes several files.
    #[must_use]
    pub fn several(mut self) -> Self {
        self.several = true;
        self
    }

    /// Takes a folder with all files below it; browsers that cannot choose one take several files.
    #[must_use]
    pub fn folder(mut self) -> Self {
        self.folder = true;
        self.several()
    }

    /// Has at most so many characters.
    #[must_use]
    pub fn max(mut self, characters: u32) -> Self {
        self.max = Some(characters);
        self
    }

    /// What the browser may fill in, by the tokens of HTML.
    #[must_use]
    pub fn complete(mut self, token: &'static str) -> Self {
        self.complete = Some(token);
        self
    }

    fn id(&self) -> String {
        format!("field-{}", self.name)
    }

    fn message(&self, kind: &str) -> String {
        format!("{kind}-{}", self.name.replace('_', "-"))
    }

    fn label_text(&self) -> String {
        let key = self.label.map_or_else(|| self.message("field"), str::to_owned);
        t!(self.form.lang, &key)
    }

    fn hint_text(&self) -> Option<String> {
        let key = self.hint.map_or_else(|| self.message("hint"), str::to_owned);
        catalogue::find(self.form.lang, &key)
    }

    /// Ids of what describes the control.
    fn described_by(&self) -> Option<String> {
        let hint = self.hint_text().map(|_| format!("{}-hint", self.id()));
        let wrong = self.form.problems.of(self.name).map(|_| format!("{}-wrong", self.id()));
        let ids: Vec<String> = wrong.into_iter().chain(hint).collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    fn control(&self) -> Markup {
        let (id, name) = (self.id(), self.name);
        let described = self.described_by();
        let wrong = self.form.problems.of(name).map(|_| "true");
        let locked = self.fixed || !self.form.writable;
        match &self.kind {
            Kind::Line(kind) => html! {
                input id=(id) name=(name) type=(kind) value=[self.shown_value()] required[self.required]
                    readonly[locked] maxlength=[self.max] autofocus[self.focus]
                    multiple[self.several] webkitdirectory[self.folder]
                    autocomplete=[self.complete]
                    aria-describedby=[described] aria-invalid=[wrong];
            },
            Kind::Area(class, rows) => html! {
                textarea id=(id) name=(name) class=(class) rows=(rows) spellcheck="false"
                    required[self.required] readonly[locked]
                    aria-describedby=[described] aria-invalid=[wrong] { "\n" (self.value) }
            },
            Kind::Picker(suggest) => self.picker(suggest, described, wrong, locked),
            Kind::Choice(options) => html! {
                select id=(id) name=(name) required[self.required] disabled[locked]
                    aria-describedby=[described] aria-invalid=[wrong] {
                    @for option in options {
                        option value=(option.value) selected[option.value == self.value] {
                            (option.text)
                        }
                    }
                }
                // A disabled control is not posted, its value is.
                @if locked { input type="hidden" name=(name) value=(self.value); }
            },
            Kind::Tick => html! {
                input id=(id) name=(name) type="checkbox" value="on" checked[self.value == "on"]
                    disabled[locked] aria-describedby=[described];
            },
        }
    }

    fn picker(
        &self,
        suggest: &str,
        described: Option<String>,
        wrong: Option<&str>,
        locked: bool,
    ) -> Markup {
        let (id, lang) = (self.id(), self.form.lang);
        html! {
            div data-suggest=[(!locked).then_some(suggest)] {
                @if !locked {
                    div.picker-add hidden {
                        input type="text" list={ (id) "-options" } autocomplete="off"
                            aria-label={ (self.label_text()) ": " (t!(lang, "ui-find-and-add")) }
                            placeholder=(t!(lang, "ui-find-and-add"));
                        datalist id={ (id) "-options" } {}
                        button.button type="button" { (t!(lang, "ui-add")) }
                    }
                }
                textarea.lines id=(id) name=(self.name) rows="4" spellcheck="false"
                    readonly[locked] required[self.required]
                    aria-describedby=[described] aria-invalid=[wrong] { "\n" (self.value) }
            }
        }
    }

    fn shown_value(&self) -> Option<&str> {
        match self.kind {
            Kind::Line("password" | "file") => None,
            _ => Some(self.value),
        }
    }
}

impl Render for Input<'_> {
    fn render(&self) -> Markup {
        let id = self.id();
        let tick = matches!(self.kind, Kind::Tick);
        html! {
            div.field {
                @if tick {
                    div.tick { (self.control()) label for=(id) { (self.label_text()) } }
                } @else {
                    label for=(id) {
                        (self.label_text())
                        @if self.required && self.form.writable {
                            " " span.required { (t!(self.form.lang, "ui-required")) }
                        }
                    }
                    (self.control())
                }
                @if let Some(text) = self.form.problems.of(self.name) {
                    p.wrong id={ (id) "-wrong" } { (text) }
                }
                @if let Some(text) = self.hint_text() { p.hint id={ (id) "-hint" } { (text) } }
            }
        }
    }
}
