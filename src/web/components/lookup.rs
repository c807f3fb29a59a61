//! A search within a form, for lists too long to scroll: what is found is ticked and joins the
//! lines of a field. It posts the form, so it works without scripts.

use maud::{Markup, Render, html};

use super::form::Form;
use super::icon::icon;
use crate::t;

/// Name of the buttons that search instead of saving; the value is the field.
pub const LOOK: &str = "look";
/// Name of the button that the Enter key presses.
pub const ENTER: &str = "enter";

/// Something that may join the lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The line.
    pub name: String,
    /// What people want to know of it.
    pub about: String,
}

/// The search beside the field `field`.
pub struct Lookup<'a> {
    pub form: Form<'a>,
    pub field: &'a str,
    /// What was searched for.
    pub sought: &'a str,
    /// What was found, once somebody has searched.
    pub found: Option<&'a [Found]>,
}

/// Field that carries what is searched for.
pub fn sought_name(field: &str) -> String {
    format!("find_{field}")
}

/// Field that carries what was ticked.
pub fn picked_name(field: &str) -> String {
    format!("pick_{field}")
}

/// The first button of a form with searches: pressed by the Enter key, so that neither saves what
/// was meant to be searched nor the other way round.
pub fn enter_button() -> Markup {
    html! { button.hidden-text type="submit" name=(ENTER) value="yes" tabindex="-1" aria-hidden="true" {} }
}

impl Render for Lookup<'_> {
    fn render(&self) -> Markup {
        if !self.form.writable {
            return html! {};
        }
        let lang = self.form.lang;
        let label = t!(lang, &format!("field-{}", self.field.replace('_', "-")));
        html! {
            details.fold open[self.found.is_some()] {
                summary { (t!(lang, "lookup-open")) span.hidden-text { ": " (label) } }
                div.inside {
                    div.picker-add {
                        input type="search" name=(sought_name(self.field)) value=(self.sought)
                            aria-label={ (t!(lang, "ui-search")) ": " (label) };
                        button.button type="submit" name=(LOOK) value=(self.field) formnovalidate {
                            (icon("search")) (t!(lang, "ui-search"))
                        }
                    }
                    @if let Some(found) = self.found { (self.results(found)) }
                }
            }
        }
    }
}

impl Lookup<'_> {
    fn results(&self, found: &[Found]) -> Markup {
        let lang = self.form.lang;
        html! {
            @if found.is_empty() {
                p.soft { (t!(lang, "ui-nothing-found")) }
            } @else {
                @for (place, one) in found.iter().enumerate() {
                    @let id = format!("{}-{place}", picked_name(self.field));
                    div.tick {
                        input id=(id) type="checkbox" name=(picked_name(self.field))
                            value=(one.name);
                        label for=(id) {
                            (one.name)
                            @if !one.about.is_empty() { " " span.soft { (one.about) } }
                        }
                    }
                }
                p.hint { (t!(lang, "lookup-joins")) }
            }
        }
    }
}
