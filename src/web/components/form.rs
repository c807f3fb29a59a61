//! Forms: where they go, what is wrong with what was typed, who may change it.

use actix_web::http::StatusCode;
use maud::{Markup, Render, html};

use super::input::{Input, Kind};
use crate::catalogue::Lang;
use crate::t;

/// What is wrong with a posted form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problems {
    /// Field and text.
    fields: Vec<(String, String)>,
    /// What concerns the whole form.
    whole: Option<String>,
}

impl Problems {
    /// Nothing is wrong, or nothing was posted yet.
    pub fn none() -> Self {
        Self::default()
    }

    /// Something about one field.
    pub fn field(name: &str, text: String) -> Self {
        Self { fields: vec![(name.to_owned(), text)], whole: None }
    }

    /// Something about the whole.
    pub fn whole(text: String) -> Self {
        Self { fields: Vec::new(), whole: Some(text) }
    }

    /// What is wrong with `name`.
    pub fn of(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(field, _)| field == name).map(|(_, text)| text.as_str())
    }

    /// Says whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.whole.is_none()
    }

    /// Status of the page that shows the form.
    pub fn status(&self) -> StatusCode {
        match self.is_empty() {
            true => StatusCode::OK,
            false => StatusCode::UNPROCESSABLE_ENTITY,
        }
    }
}

/// A form in the language of its reader.
#[derive(Debug, Clone, Copy)]
pub struct Form<'a> {
    pub lang: Lang,
    pub csrf: &'a str,
    pub problems: &'a Problems,
    /// Without the right the same fields are shown, but cannot be changed (D-PERM-04).
    pub writable: bool,
}

impl<'a> Form<'a> {
    fn input(&self, name: &'a str, value: &'a str, kind: Kind<'a>) -> Input<'a> {
        Input::new(*self, name, value, kind)
    }

    /// One line of text.
    pub fn text(&self, name: &'a str, value: &'a str) -> Input<'a> {
        self.input(name, value, Kind::Line("text"))
    }

    /// A password, never filled in.
    pub fn password(&self, name: &'a str) -> Input<'a> {
        self.input(name, "", Kind::Line("password"))
    }

    /// A date of the calendar.
    pub fn date(&self, name: &'a str, value: &'a str) -> Input<'a> {
        self.input(name, value, Kind::Line("date"))
    }

    /// A whole number.
    pub fn number(&self, name: &'a str, value: &'a str) -> Input<'a> {
        self.input(name, value, Kind::Line("number"))
    }

    /// A file to upload.
    pub fn file(&self, name: &'a str) -> Input<'a> {
        self.input(name, "", Kind::Line("file"))
    }

    /// Several lines of text.
    pub fn area(&self, name: &'a str, value: &'a str) -> Input<'a> {
        self.input(name, value, Kind::Area("", 4))
    }

    /// A program.
    pub fn code(&self, name: &'a str, value: &'a str) -> Input<'a> {
        self.input(name, value, Kind::Area("code", 16))
    }

    /// Names of packages, one in a line.
    pub fn lines(&self, name: &'a str, value: &'a str) -> Input<'a> {
        self.input(name, value, Kind::Area("lines", 5))
    }

    /// Names, one in a line, with a search for them where scripts run.
    pub fn picker(&self, name: &'a str, value: &'a str, suggest: &'a str) -> Input<'a> {
        self.input(name, value, Kind::Picker(suggest))
    }

    /// One of several values.
    pub fn choice(&self, name: &'a str, value: &'a str, options: Vec<Choice>) -> Input<'a> {
        self.input(name, value, Kind::Choice(options))
    }

    /// Yes or no.
    pub fn tick(&self, name: &'a str, value: bool) -> Input<'a> {
        self.input(name, if value { "on" } else { "" }, Kind::Tick)
    }

    /// The whole form around its fields.
    pub fn frame(&self, url: &str, fields: impl Render, buttons: impl Render) -> Markup {
        html! {
            form method="post" action=(url) {
                input type="hidden" name="csrf" value=(self.csrf);
                (self.complaint())
                (fields)
                div.form-end { (buttons) }
            }
        }
    }

    /// The same with files.
    pub fn frame_with_files(&self, url: &str, fields: impl Render, buttons: impl Render) -> Markup {
        html! {
            form method="post" action=(url) enctype="multipart/form-data" {
                input type="hidden" name="csrf" value=(self.csrf);
                (self.complaint())
                (fields)
                div.form-end { (buttons) }
            }
        }
    }

    /// Save and cancel; only a way back for who may not change anything.
    pub fn save_or(&self, back: &str) -> Markup {
        html! {
            @if self.writable {
                button.button.main type="submit" { (t!(self.lang, "ui-save")) }
                button.button type="submit" name=(crate::web::preview::ASKED) value="yes" {
                    (t!(self.lang, "ui-preview"))
                }
                a.button href=(back) { (t!(self.lang, "ui-cancel")) }
            } @else {
                a.button href=(back) { (t!(self.lang, "ui-back")) }
            }
        }
    }

    /// What is wrong, at the top of the form.
    pub fn complaint(&self) -> Markup {
        let text = match (&self.problems.whole, self.problems.fields.is_empty()) {
            (Some(text), _) => text.clone(),
            (None, false) => t!(self.lang, "ui-look-at-fields"),
            (None, true) => return html! {},
        };
        html! {
            div.flash.danger role="alert" { (super::icon::icon("danger")) p { (text) } }
        }
    }
}

/// A value of a choice and what people read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub value: String,
    pub text: String,
}

impl Choice {
    /// A value with its text.
    pub fn new(value: impl ToString, text: impl Into<String>) -> Self {
        Self { value: value.to_string(), text: text.into() }
    }

    /// A value that is its own text.
    pub fn plain(value: &str) -> Self {
        Self { value: value.to_owned(), text: value.to_owned() }
    }
}
