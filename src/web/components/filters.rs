//! The bar above a list: a search and its filters, sent by GET so that a view has an address.

use maud::{Markup, Render, html};

use super::form::Choice;
use super::icon::icon;
use crate::catalogue::Lang;
use crate::t;
use crate::web::urls::Query;

/// One filter.
pub enum Filter {
    /// Any text, the parameter `q`; the text says what is searched.
    Search(String),
    /// One of some values; no choice shows everything.
    Choice { name: &'static str, label: String, options: Vec<Choice> },
    /// A day.
    Date { name: &'static str, label: String },
    /// A text of its own.
    Text { name: &'static str, label: String },
}

/// The filters of a list.
pub struct Filters<'a> {
    pub lang: Lang,
    pub query: &'a Query,
    pub filters: Vec<Filter>,
}

impl Filters<'_> {
    fn filter(&self, filter: &Filter) -> Markup {
        match filter {
            Filter::Search(label) => html! {
                div.field.search {
                    label for="filter-q" { (label) }
                    input id="filter-q" type="search" name="q" value=(self.query.get("q"));
                }
            },
            Filter::Choice { name, label, options } => {
                let current = self.query.get(name);
                html! {
                    div.field {
                        label for={ "filter-" (name) } { (label) }
                        select id={ "filter-" (name) } name=(name) {
                            option value="" { (t!(self.lang, "ui-all")) }
                            @for option in options {
                                option value=(option.value) selected[option.value == current] {
                                    (option.text)
                                }
                            }
                        }
                    }
                }
            }
            Filter::Date { name, label } => self.line(name, label, "date"),
            Filter::Text { name, label } => self.line(name, label, "text"),
        }
    }

    fn line(&self, name: &str, label: &str, kind: &str) -> Markup {
        html! {
            div.field {
                label for={ "filter-" (name) } { (label) }
                input id={ "filter-" (name) } type=(kind) name=(name) value=(self.query.get(name));
            }
        }
    }
}

impl Render for Filters<'_> {
    fn render(&self) -> Markup {
        let kept = ["sort", "related"].map(|name| (name, self.query.get(name)));
        html! {
            form.filters method="get" action=(self.query.path()) role="search" {
                @for filter in &self.filters { (self.filter(filter)) }
                @for (name, value) in kept.into_iter().filter(|(_, value)| !value.is_empty()) {
                    input type="hidden" name=(name) value=(value);
                }
                button.button type="submit" { (icon("search")) (t!(self.lang, "ui-filter")) }
                @if self.query.filtered() {
                    a.button href=(self.query.path()) { (t!(self.lang, "ui-clear")) }
                }
            }
        }
    }
}

/// Yes/no options of a filter.
pub fn yes_no(yes: String, no: String) -> Vec<Choice> {
    vec![Choice::new("yes", yes), Choice::new("no", no)]
}
