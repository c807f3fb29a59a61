//! The page of a folder: plain enough for any browser, and for programs that follow links.

use std::fmt::Write as _;

use crate::app::public::FolderEntry;
use crate::catalogue::Lang;
use crate::http::paths::segment;
use crate::t;

/// The page that lists `entries` of the folder at `path`.
pub(super) fn page(lang: Lang, path: &str, entries: &[FolderEntry]) -> String {
    let title = escape(&t!(lang, "public-folder", path = path.to_owned()));
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"{code}\">\n<head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\">\
         <meta name=\"color-scheme\" content=\"light dark\"><title>{title}</title></head>\n\
         <body>\n<h1>{title}</h1>\n<table>\n<thead><tr><th scope=\"col\">{name}</th>\
         <th scope=\"col\">{size}</th><th scope=\"col\">{date}</th></tr></thead>\n<tbody>\n",
        code = lang.code(),
        name = escape(&t!(lang, "public-name")),
        size = escape(&t!(lang, "public-size")),
        date = escape(&t!(lang, "public-date")),
    );
    let is_root = path.trim_end_matches('/').rfind('/').is_none_or(|at| at == 0);
    if !is_root {
        page.push_str("<tr><td><a href=\"../\">../</a></td><td></td><td></td></tr>\n");
    }
    for FolderEntry { name, file } in entries {
        let (size, date) = match file {
            Some((size, at)) => (size.to_string(), at.strftime("%Y-%m-%d %H:%M UTC").to_string()),
            None => (String::new(), String::new()),
        };
        let (stem, slash) = name.strip_suffix('/').map_or((name.as_str(), ""), |stem| (stem, "/"));
        // `./` keeps a name with a colon from being read as a scheme.
        let link = escape(&format!("./{}{slash}", segment(stem)));
        let name = escape(name);
        let _infallible = writeln!(
            page,
            "<tr><td><a href=\"{link}\">{name}</a></td><td>{size}</td><td>{date}</td></tr>"
        );
    }
    page.push_str("</tbody>\n</table>\n</body>\n</html>\n");
    page
}

/// Text within HTML, in an element or a quoted attribute.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_text_and_links_stay_in_the_folder() {
        let entry = |name: &str| FolderEntry { name: name.into(), file: None };
        let entries = [entry("a<b>&\"c\".deb"), entry("javascript:x"), entry("dists/")];
        let html = page(Lang::En, "/public/p/STORES/s/", &entries);
        assert!(html.contains(">a&lt;b&gt;&amp;&quot;c&quot;.deb</a>"), "{html}");
        assert!(html.contains("href=\"./a%3Cb%3E&amp;%22c%22.deb\""), "{html}");
        assert!(html.contains("href=\"./javascript:x\""), "{html}");
        assert!(html.contains("href=\"./dists/\""), "{html}");
        assert!(html.contains("href=\"../\""), "{html}");
        assert!(!page(Lang::En, "/public/", &[]).contains("../"));
    }
}
