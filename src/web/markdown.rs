//! Descriptions in Markdown as HTML that cannot do harm (8.1): raw HTML is shown as text, images as
//! their description, and links lead to the web or to a mailbox only.

use maud::{Markup, PreEscaped};
use pulldown_cmark::{CowStr, Event, Parser, Tag, TagEnd, html};

/// Renders a text.
pub fn render(text: &str) -> Markup {
    let mut rendered = String::new();
    html::push_html(&mut rendered, Parser::new(text).map(harmless));
    PreEscaped(rendered)
}

fn harmless(event: Event<'_>) -> Event<'_> {
    match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        Event::Start(Tag::Image { .. }) => Event::Start(Tag::Emphasis),
        Event::End(TagEnd::Image) => Event::End(TagEnd::Emphasis),
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
            let dest_url = if leads_outside(&dest_url) { dest_url } else { CowStr::from("") };
            Event::Start(Tag::Link { link_type, dest_url, title, id })
        }
        other => other,
    }
}

/// Says whether a link leads to the web or to a mailbox.
pub fn leads_outside(url: &str) -> bool {
    let scheme = url.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
    matches!(scheme.as_deref(), Some("http" | "https" | "mailto"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_description_runs() {
        let table = [
            ("**bold** text", "<strong>bold</strong>", "<b"),
            ("<script>alert(1)</script>", "&lt;script&gt;", "<script"),
            ("a <img src=x onerror=alert(1)>", "&lt;img", "<img"),
            ("[x](javascript:alert(1))", "href=\"\"", "javascript"),
            ("[x](JaVaScRiPt:alert(1))", "href=\"\"", "alert"),
            ("[x](data:text/html,hi)", "href=\"\"", "data:"),
            ("[x](https://example.org/)", "href=\"https://example.org/\"", "<script"),
            ("![a cat](http://tracker/x.png)", "<em>a cat</em>", "tracker"),
        ];
        for (text, has, has_not) in table {
            let html = render(text).into_string();
            assert!(html.contains(has), "{text}: {html}");
            assert!(!html.contains(has_not), "{text}: {html}");
        }
    }
}
