//! The guide for those who run a site: the pages of `docs/guide`, embedded, drawn within the site.
//!
//! A page is shown in the reader's language where it is translated (`docs/guide/es/`), else in
//! English. Links between its pages lead to their addresses here, headings are anchors: those of a
//! translation say the English one, `## Subir {#upload}`. Raw HTML is shown as text, as everywhere.

use maud::{Markup, PreEscaped, html};
use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use rust_embed::RustEmbed;

use super::markdown::leads_outside;
use super::urls;
use crate::catalogue::Lang;

#[derive(RustEmbed)]
#[folder = "docs/guide/"]
struct Files;

/// The page that lists the others.
const INDEX: &str = "README";

/// A page of the guide.
pub struct Page {
    pub title: String,
    pub body: Markup,
    /// What it is written in.
    pub lang: Lang,
}

/// Finds a page by its name, in `lang` if it is translated.
pub fn find(name: &str, lang: Lang) -> Option<Page> {
    let (lang, text) = text(name, lang)?;
    let (title, events) = read(&text);
    let mut rendered = String::new();
    pulldown_cmark::html::push_html(&mut rendered, events.into_iter());
    // Heads of tables are heads of columns; a text of the page has no `<`.
    let rendered = rendered.replace("<th>", "<th scope=\"col\">");
    Some(Page { title, body: PreEscaped(rendered), lang })
}

/// The page that lists the others.
pub fn index(lang: Lang) -> Option<Page> {
    find(INDEX, lang)
}

fn text(name: &str, lang: Lang) -> Option<(Lang, String)> {
    let translated = || Some((lang, Files::get(&format!("{}/{name}.md", lang.code()))?));
    let english = || Some((Lang::En, Files::get(&format!("{name}.md"))?));
    let (lang, file) = translated().or_else(english)?;
    Some((lang, String::from_utf8_lossy(&file.data).into_owned()))
}

/// The title, and what comes below it.
fn read(text: &str) -> (String, Vec<Event<'_>>) {
    let (mut title, mut part) = (String::new(), String::new());
    let mut events = Vec::new();
    let options = Options::ENABLE_TABLES | Options::ENABLE_HEADING_ATTRIBUTES;
    let mut source = Parser::new_ext(text, options);
    while let Some(event) = source.next() {
        let Event::Start(Tag::Heading { level, id, .. }) = event else {
            let is_table = matches!(event, Event::Start(Tag::Table(_)));
            events.push(own(event));
            if is_table {
                events.push(caption(if part.is_empty() { &title } else { &part }));
            }
            continue;
        };
        let is_end = |event: &Event<'_>| matches!(event, Event::End(TagEnd::Heading(_)));
        let inside: Vec<_> = source.by_ref().take_while(|event| !is_end(event)).collect();
        let words: String = inside.iter().filter_map(words).collect();
        if level == HeadingLevel::H1 && title.is_empty() {
            title = words;
            continue;
        }
        let id = Some(id.unwrap_or_else(|| CowStr::from(anchor(&words))));
        let (classes, attrs) = (Vec::new(), Vec::new());
        part = words;
        events.push(Event::Start(Tag::Heading { level, id, classes, attrs }));
        events.extend(inside.into_iter().map(own));
        events.push(Event::End(TagEnd::Heading(level)));
    }
    (title, events)
}

/// What a table is called for those who hear it: as the heading above it, which all others see.
fn caption(text: &str) -> Event<'static> {
    let caption = html! { caption.hidden-text { (text) } };
    Event::Html(CowStr::from(caption.into_string()))
}

fn words<'a>(event: &'a Event<'_>) -> Option<&'a str> {
    match event {
        Event::Text(text) | Event::Code(text) => Some(text),
        _ => None,
    }
}

fn own(event: Event<'_>) -> Event<'_> {
    match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
            let dest_url = CowStr::from(address(&dest_url));
            Event::Start(Tag::Link { link_type, dest_url, title, id })
        }
        other => other,
    }
}

/// Where a link of the guide leads: `releasing.md#deploy` becomes `/guide/releasing#deploy`.
fn address(link: &str) -> String {
    if leads_outside(link) || link.starts_with('#') {
        return link.to_owned();
    }
    let (file, part) = link
        .split_once('#')
        .map_or((link, String::new()), |(file, part)| (file, format!("#{part}")));
    let page = match file.strip_suffix(".md").unwrap_or(file) {
        INDEX => urls::GUIDE.to_owned(),
        name => urls::object(urls::GUIDE, name),
    };
    page + &part
}

/// The anchor of a heading, as code hosts make them: lower case, blanks as hyphens, no punctuation.
fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.flat_map(char::to_lowercase).map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// Says whether an address of the guide leads to a page, and to a part of it.
#[cfg(test)]
pub fn leads_somewhere(url: &str) -> bool {
    let (path, part) = url.split_once('#').unwrap_or((url, ""));
    let name = path.strip_prefix("/guide/").unwrap_or(INDEX);
    Lang::ALL.into_iter().all(|lang| {
        let Some((_, text)) = text(name, lang) else { return false };
        let (_, events) = read(&text);
        let is_it = |event: &Event<'_>| matches!(event, Event::Start(Tag::Heading { id: Some(id), .. }) if &**id == part);
        part.is_empty() || events.iter().any(is_it)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Links of a file, those of its own parts with its name.
    fn links(file: &str) -> Vec<String> {
        let text = String::from_utf8(Files::get(file).unwrap().data.into_owned()).unwrap();
        let name = file.trim_end_matches(".md").rsplit('/').next().unwrap();
        let (_, events) = read(&text);
        let own = |url: &str| {
            if url.starts_with('#') { format!("/guide/{name}{url}") } else { url.to_owned() }
        };
        let link = |event: &Event<'_>| match event {
            Event::Start(Tag::Link { dest_url, .. }) => Some(own(dest_url)),
            _ => None,
        };
        events.iter().filter_map(link).filter(|url| !leads_outside(url)).collect()
    }

    #[test]
    fn d_ui_07_every_page_has_a_title_and_every_link_of_the_guide_leads_somewhere() {
        let mut followed = 0;
        for file in Files::iter() {
            let name = file.trim_end_matches(".md");
            assert!(!find(name, Lang::En).unwrap().title.is_empty(), "{file}");
            for url in links(&file) {
                assert!(leads_somewhere(&url), "{file}: {url}");
                followed += 1;
            }
        }
        assert!(followed > 15, "{followed}");
    }

    #[test]
    fn d_gen_13_a_translation_has_the_parts_of_the_english_page() {
        let parts = |file: &str| -> Vec<String> {
            let text = String::from_utf8(Files::get(file).unwrap().data.into_owned()).unwrap();
            let id = |event: &Event<'_>| match event {
                Event::Start(Tag::Heading { id, .. }) => id.as_ref().map(ToString::to_string),
                _ => None,
            };
            read(&text).1.iter().filter_map(id).collect()
        };
        let mut compared = 0;
        for file in Files::iter() {
            let Some(english) = file.strip_prefix("es/") else { continue };
            assert_eq!(parts(&file), parts(english), "{file}");
            compared += 1;
        }
        assert!(compared > 9, "{compared}");
    }

    #[test]
    fn d_ui_07_pages_are_drawn_with_anchors_tables_and_no_html_of_their_own() {
        let (title, events) = read(
            "# A *title*\n\n## What's `this`?\n\n[x](releasing.md#deploy) [y](#z) <b>\n\n\
             | a |\n| --- |\n| b |\n",
        );
        let mut drawn = String::new();
        pulldown_cmark::html::push_html(&mut drawn, events.into_iter());
        assert_eq!(title, "A title");
        for part in [
            "<h2 id=\"whats-this\">What's <code>this</code>?</h2>",
            "href=\"/guide/releasing#deploy\"",
            "href=\"#z\"",
            "&lt;b&gt;",
            "<td>b</td>",
        ] {
            assert!(drawn.contains(part), "{part}: {drawn}");
        }
        assert!(find("../../Cargo", Lang::En).is_none() && find("nothing", Lang::Es).is_none());
    }
}
