//! Icons: symbols of one file, drawn in the colour of the text around them.

use maud::{Markup, html};

use crate::web::assets;

/// A decorative icon; what it means is said in text beside it.
pub fn icon(name: &str) -> Markup {
    html! {
        svg.icon aria-hidden="true" focusable="false" {
            use href={ (assets::url("icons.svg")) "#" (name) } {}
        }
    }
}

/// An icon that stands alone, with its meaning for those who do not see it.
pub fn meaning(name: &str, text: &str) -> Markup {
    html! {
        span title=(text) { (icon(name)) span.hidden-text { (text) } }
    }
}
