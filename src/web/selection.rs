//! The strip that says which domain and scope are seen, and selects others (D-DOM-04, D-SCOPE-03).
//! Plain forms with a button: it works without scripts.

use maud::{Markup, html};

use super::layout::Frame;
use super::{menu, urls};
use crate::app::computers::Named;
use crate::t;

/// The strip below the bar; nothing where there is nothing to select.
pub fn strip(frame: &Frame) -> Markup {
    let (lang, choices) = (frame.lang(), &frame.choices);
    if choices.domains.is_empty() && choices.scopes.is_empty() {
        return html! {};
    }
    let narrowed = choices.domain.is_some() || choices.scope.is_some();
    let domains = Picker {
        url: urls::SELECT_DOMAIN,
        name: "domain",
        all: choices.all.then(|| t!(lang, "selection-all-domains")),
        options: &choices.domains,
        current: choices.domain.map(|id| id.0),
    };
    let scopes = Picker {
        url: urls::SELECT_SCOPE,
        name: "scope",
        all: Some(t!(lang, "selection-all-computers")),
        options: &choices.scopes,
        current: choices.scope.map(|id| id.0),
    };
    html! {
        div.strip.narrowed[narrowed] role="group" aria-label=(t!(lang, "selection")) {
            (domains.form(frame)) (scopes.form(frame))
            @if narrowed { span.soft { (t!(lang, "selection-narrowed")) } }
        }
    }
}

/// A choice with its button.
struct Picker<'a> {
    url: &'a str,
    name: &'a str,
    /// The choice of all, where it is offered.
    all: Option<String>,
    options: &'a [Named],
    current: Option<i64>,
}

impl Picker<'_> {
    fn form(&self, frame: &Frame) -> Markup {
        let (lang, name, current) = (frame.lang(), self.name, self.current);
        if self.options.is_empty() {
            return html! {};
        }
        let id = format!("select-{name}");
        let label = t!(lang, &format!("selection-{name}"));
        html! {
            form method="post" action=(self.url) {
                input type="hidden" name="csrf" value=(frame.csrf);
                input type="hidden" name="next" value=(next(frame));
                label for=(id) { (label) }
                select id=(id) name=(name) {
                    @if let Some(all) = &self.all {
                        option value="" selected[current.is_none()] { (all) }
                    }
                    @for option in self.options {
                        option value=(option.id) selected[current == Some(option.id)] {
                            (option.name)
                        }
                    }
                }
                button.button.small type="submit" {
                    (t!(lang, "selection-apply")) span.hidden-text { ": " (label) }
                }
            }
        }
    }
}

/// The list one is at: the object that is shown may be out of sight afterwards.
fn next(frame: &Frame) -> &str {
    let menus = menu::menus(&frame.actor);
    let entries = menus.into_iter().flat_map(|menu| menu.entries);
    let mut lists = entries.map(|entry| entry.url);
    lists.find(|url| frame.is_at(url)).unwrap_or(urls::HOME)
}
