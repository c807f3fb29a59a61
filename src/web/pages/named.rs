//! What names an attribute, tag or set: lists on its page, losses before it is deleted (D-ATTR-04).

use maud::{Markup, html};

use crate::app::attributes::NamedBy;
use crate::catalogue::Lang;
use crate::t;
use crate::web::components::panel::card;
use crate::web::layout::Frame;
use crate::web::urls;

/// The page of a list, by the name of its messages, where there is one.
fn path(kind: &str) -> Option<&'static str> {
    match kind {
        "deployments" => Some(urls::DEPLOYMENTS),
        "fault-definitions" => Some(urls::FAULT_DEFINITIONS),
        "attribute-sets" => Some(urls::ATTRIBUTE_SETS),
        "policies" => Some(urls::POLICIES),
        "schedules" => Some(urls::SCHEDULES),
        "domains" => Some(urls::DOMAINS),
        "applications" => Some(urls::APPLICATIONS),
        _ => None,
    }
}

/// A box for each kind of what names it, with how many there are.
pub fn lists(frame: &Frame, named_by: &NamedBy) -> Markup {
    let lang = frame.lang();
    let hidden = named_by.out_of_sight;
    html! {
        @if named_by.is_empty() { p.soft { (t!(lang, "attribute-not-named")) } }
        div.columns {
            @for (kind, named) in named_by.kinds().into_iter().filter(|(_, named)| !named.is_empty()) {
                @let title = format!("{} ({})", t!(lang, &format!("named-{kind}")), named.len());
                (card(&title, html! {
                    ul.chips {
                        @for one in named {
                            li {
                                @match path(kind) {
                                    Some(path) => { a href=(urls::object(path, one.id)) { (one.name) } }
                                    None => { (one.name) }
                                }
                            }
                        }
                    }
                }))
            }
        }
        @if hidden > 0 { p.soft { (t!(lang, "named-out-of-sight", count = hidden)) } }
    }
}

/// A line for each place that it would disappear from.
pub fn losses(lang: Lang, named_by: &NamedBy) -> Vec<String> {
    let kinds = named_by.kinds().into_iter();
    let lines = kinds.flat_map(|(kind, named)| {
        let key = format!("loss-in-{kind}");
        named.iter().map(move |one| t!(lang, &key, name = one.name.as_str()))
    });
    let hidden = named_by.out_of_sight;
    let hidden = (hidden > 0).then(|| t!(lang, "named-out-of-sight", count = hidden));
    lines.chain(hidden).collect()
}
