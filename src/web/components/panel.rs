//! Boxes of a page: cards, empty states, questions before something is done.

use maud::{Markup, Render, html};

use super::icon::icon;
use crate::catalogue::Lang;
use crate::t;

/// A titled box.
pub fn card(title: &str, body: impl Render) -> Markup {
    html! { section.card { h2 { (title) } (body) } }
}

/// A titled box with a table that reaches its borders.
pub fn table_card(title: &str, more: Option<(&str, String)>, body: impl Render) -> Markup {
    html! {
        section.card.flush {
            h2 {
                (title)
                @if let Some((url, text)) = more { a.more href=(url) { (text) } }
            }
            (body)
        }
    }
}

/// What stands in place of an empty list.
pub fn empty(text: &str) -> Markup {
    empty_with(text, &Markup::default())
}

/// The same with buttons that change that, for who has some.
pub fn empty_with(text: &str, buttons: &Markup) -> Markup {
    html! {
        div.empty {
            (icon("folder")) p { (text) }
            @if !buttons.0.is_empty() { div.actions { (buttons) } }
        }
    }
}

/// A link that looks like a button.
pub fn link_button(url: &str, icon_name: &str, text: &str) -> Markup {
    html! { a.button href=(url) { (icon(icon_name)) (text) } }
}

/// One button that posts: for what is done without further questions.
pub fn post_button(url: &str, csrf: &str, text: &str, fields: &[(&str, &str)]) -> Markup {
    html! {
        form method="post" action=(url) {
            input type="hidden" name="csrf" value=(csrf);
            @for (name, value) in fields { input type="hidden" name=(name) value=(value); }
            button.button type="submit" { (text) }
        }
    }
}

/// The question before something is lost: what, and all that goes with it (D-GEN-09).
pub struct Confirm<'a> {
    pub lang: Lang,
    pub csrf: &'a str,
    pub url: String,
    /// Where "cancel" leads.
    pub back: String,
    pub question: String,
    /// Lines that say what will disappear.
    pub losses: Vec<String>,
    /// Hidden fields, ids of a selection for example.
    pub fields: Vec<(&'static str, String)>,
    pub button: String,
}

impl Render for Confirm<'_> {
    fn render(&self) -> Markup {
        html! {
            section.card.narrow {
                p { strong { (self.question) } }
                @if !self.losses.is_empty() {
                    p { (t!(self.lang, "ui-will-be-lost")) }
                    ul { @for loss in &self.losses { li { (loss) } } }
                }
                form method="post" action=(self.url) {
                    input type="hidden" name="csrf" value=(self.csrf);
                    input type="hidden" name="confirmed" value="yes";
                    @for (name, value) in &self.fields {
                        input type="hidden" name=(name) value=(value);
                    }
                    div.form-end {
                        button.button.danger type="submit" { (self.button) }
                        a.button href=(self.back) { (t!(self.lang, "ui-cancel")) }
                    }
                }
            }
        }
    }
}
