//! Addresses of the pages. Nothing else writes a path into a page.

use std::fmt::Display;

use url_text::encode;

/// A list's address with its filters, as the browser sent it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    path: String,
    pairs: Vec<(String, String)>,
}

/// The parameter that asks for a list as a file.
const EXPORT: &str = "export";

/// Pages one can go back, by the addresses that travel along.
const WAY_BACK: usize = 30;

impl Query {
    /// Reads the query text of a request to `path`; empty values are dropped.
    pub fn parse(path: &str, text: &str) -> Self {
        let pairs = text
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (url_text::decode(name), url_text::decode(value)))
            .filter(|(_, value)| !value.is_empty())
            .take(200)
            .collect();
        Self { path: path.to_owned(), pairs }
    }

    /// The first value of `name`, empty if absent.
    pub fn get(&self, name: &str) -> &str {
        self.find(name).unwrap_or_default()
    }

    /// The first value of `name`.
    pub fn find(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The value of `name` as a number, an id for example.
    pub fn number<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.find(name).and_then(|value| value.trim().parse().ok())
    }

    /// The cursor of this page.
    pub fn cursor(&self) -> Option<&str> {
        self.find("cursor")
    }

    /// Says whether any of the filters is set.
    pub fn filtered(&self) -> bool {
        self.pairs
            .iter()
            .any(|(name, _)| !matches!(name.as_str(), "cursor" | "back" | "sort" | EXPORT))
    }

    /// The path without a query.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The same list, sorted by `key`, from its first page.
    pub fn sorted(&self, key: &str) -> String {
        let kept = self.pairs.iter().filter(|(name, _)| !is_place(name) && name != "sort");
        self.address(kept.cloned().chain([("sort".into(), key.into())]))
    }

    /// The rows of the list as a file.
    pub fn exported(&self) -> String {
        let kept = self.pairs.iter().filter(|(name, _)| !is_place(name)).cloned();
        self.address(kept.chain([(EXPORT.into(), "csv".into())]))
    }

    /// Says whether the rows are asked for as a file.
    pub fn exports(&self) -> bool {
        self.get(EXPORT) == "csv"
    }

    /// The page after this one.
    pub fn next_page(&self, cursor: &str) -> String {
        let kept = self.pairs.iter().filter(|(name, _)| !is_place(name)).cloned();
        let mut back: Vec<String> = self.back();
        back.push(self.cursor().unwrap_or("-").to_owned());
        let skip = back.len().saturating_sub(WAY_BACK);
        let back = back.into_iter().skip(skip).map(|cursor| ("back".to_owned(), cursor));
        self.address(kept.chain([("cursor".into(), cursor.into())]).chain(back))
    }

    /// The page before this one, unless this is the first.
    pub fn previous_page(&self) -> Option<String> {
        self.cursor()?;
        let kept = self.pairs.iter().filter(|(name, _)| !is_place(name)).cloned();
        let mut back = self.back();
        let before = back.pop().filter(|cursor| cursor != "-");
        let cursor = before.map(|cursor| ("cursor".to_owned(), cursor));
        let back = back.into_iter().map(|cursor| ("back".to_owned(), cursor));
        Some(self.address(kept.chain(cursor).chain(back)))
    }

    fn back(&self) -> Vec<String> {
        let back = self.pairs.iter().filter(|(name, _)| name == "back");
        back.map(|(_, cursor)| cursor.clone()).collect()
    }

    fn address(&self, pairs: impl Iterator<Item = (String, String)>) -> String {
        let pairs: Vec<_> = pairs.collect();
        with_query(&self.path, pairs.iter().map(|(k, v)| (k.as_str(), v.as_str())))
    }
}

fn is_place(name: &str) -> bool {
    matches!(name, "cursor" | "back" | EXPORT)
}

/// A path with a query; empty values are left out.
pub fn with_query<'a>(path: &str, pairs: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let pairs: Vec<String> = pairs
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
        .collect();
    if pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", pairs.join("&")) }
}

/// The list at `path` with one filter set.
pub fn filtered(path: &str, name: &str, value: impl Display) -> String {
    with_query(path, [(name, value.to_string().as_str())].into_iter())
}

/// One object of a list: `/computers/7`.
pub fn object(list: &str, id: impl Display) -> String {
    format!("{list}/{id}")
}

/// Something done to or shown of an object: `/computers/7/hardware`.
pub fn part(list: &str, id: impl Display, part: &str) -> String {
    format!("{list}/{id}/{part}")
}

/// The form that adds an object.
pub fn new(list: &str) -> String {
    format!("{list}/new")
}

/// Where the selection of a list is sent.
pub fn selection(list: &str) -> String {
    format!("{list}/selection")
}

/// The administrator's trail of one object (D-GEN-10).
pub fn history(kind: &str, id: impl Display) -> String {
    let id = id.to_string();
    with_query(AUDIT, [("kind", kind), ("object", id.as_str())].into_iter())
}

/// A folder of the packages information: `STORES` or `REPOSITORIES` of a project.
pub fn browse(project: &str, branch: &str, folder: &str) -> String {
    let pairs = [("project", project), ("branch", branch), ("folder", folder)];
    with_query(BROWSE, pairs.into_iter())
}

pub const HOME: &str = "/";
pub const DATA_MODEL: &str = "/data-model";
pub const DOCS: &str = "/docs";
pub const GUIDE: &str = "/guide";
pub const LOGIN: &str = "/login";
pub const LOGOUT: &str = "/logout";
pub const LANGUAGE: &str = "/language";
pub const FIRST_LOGIN: &str = "/first-login";
pub const OWN_PASSWORD: &str = "/account/password";
pub const ALERTS: &str = "/alerts";
pub const ALERTS_COUNT: &str = "/alerts/count";
pub const SUGGEST_ATTRIBUTES: &str = "/suggest/attributes";
pub const SUGGEST_PACKAGES: &str = "/suggest/packages";
pub const SUGGEST_TAGS: &str = "/suggest/tags";

pub const COMPUTERS: &str = "/computers";
pub const USERS: &str = "/users";
pub const ATTRIBUTES: &str = "/attributes";
pub const TAGS: &str = "/tags";
pub const SYNCHRONIZATIONS: &str = "/synchronizations";
pub const MESSAGES: &str = "/messages";
pub const ERRORS: &str = "/errors";
pub const FAULTS: &str = "/faults";
pub const NOTIFICATIONS: &str = "/notifications";
pub const MIGRATIONS: &str = "/migrations";
pub const STATUS_LOGS: &str = "/status-logs";

pub const PLATFORMS: &str = "/platforms";
pub const PROJECTS: &str = "/projects";
pub const FORMULAS: &str = "/formulas";
pub const TAG_CATEGORIES: &str = "/tag-categories";
pub const ATTRIBUTE_SETS: &str = "/attribute-sets";
pub const FAULT_DEFINITIONS: &str = "/fault-definitions";
pub const AUTO_CHECK: &str = "/auto-check-errors";
pub const ACCOUNTS: &str = "/accounts";
pub const GROUPS: &str = "/groups";
pub const DOMAINS: &str = "/domains";
pub const SCOPES: &str = "/scopes";
pub const SELECT_DOMAIN: &str = "/selection/domain";
pub const SELECT_SCOPE: &str = "/selection/scope";
pub const TOKENS: &str = "/tokens";
pub const SETTINGS: &str = "/settings";
pub const AUDIT: &str = "/audit";

pub const DEPLOYMENTS: &str = "/deployments";
pub const APPLICATIONS: &str = "/applications";
pub const POLICIES: &str = "/policies";
pub const SCHEDULES: &str = "/schedules";
pub const STORES: &str = "/stores";
pub const PACKAGES: &str = "/packages";
pub const ORPHANS: &str = "/packages/orphans";
pub const UPLOAD: &str = "/packages/upload";
pub const UPLOAD_SET: &str = "/packages/upload-set";
pub const BROWSE: &str = "/packages-information";

/// Percent-encoding of query text (RFC 3986, with `+` for a space as forms write it).
mod url_text {
    use std::fmt::Write as _;

    pub fn encode(text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        for byte in text.bytes() {
            match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                    out.push(char::from(byte));
                }
                _ => {
                    // Writing to a string does not fail.
                    let _ = write!(out, "%{byte:02X}");
                }
            }
        }
        out
    }

    pub fn decode(text: &str) -> String {
        let mut out = Vec::with_capacity(text.len());
        let mut bytes = text.bytes();
        while let Some(byte) = bytes.next() {
            match byte {
                b'+' => out.push(b' '),
                b'%' => {
                    let mut ahead = bytes.clone();
                    let digits = [ahead.next(), ahead.next()].map(|digit| {
                        digit
                            .and_then(|d| char::from(d).to_digit(16))
                            .and_then(|d| u8::try_from(d).ok())
                    });
                    if let [Some(high), Some(low)] = digits {
                        out.push(high << 4 | low);
                        bytes = ahead;
                    } else {
                        out.push(b'%');
                    }
                }
                other => out.push(other),
            }
        }
        String::from_utf8_lossy(&out).into_owned()
    }
}

pub use url_text::encode as encode_text;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_go_forth_and_back_with_their_filters() {
        let first = Query::parse("/computers", "q=a+b%26c&status=&sort=-name");
        assert_eq!((first.get("q"), first.previous_page()), ("a b&c", None));
        assert!(first.filtered());
        let second = first.next_page("20");
        assert_eq!(second, "/computers?q=a%20b%26c&sort=-name&cursor=20&back=-");
        let second = Query::parse("/computers", second.split_once('?').unwrap().1);
        let third = Query::parse("/computers", second.next_page("40").split_once('?').unwrap().1);
        assert_eq!(third.cursor(), Some("40"));
        assert_eq!(
            third.previous_page().unwrap(),
            "/computers?q=a%20b%26c&sort=-name&cursor=20&back=-"
        );
        assert_eq!(second.previous_page().unwrap(), "/computers?q=a%20b%26c&sort=-name");
        assert_eq!(second.sorted("name"), "/computers?q=a%20b%26c&sort=name");
    }

    #[test]
    fn query_text_that_is_broken_is_read_as_it_stands() {
        let query = Query::parse("/x", "a=%zz&b=%4&c=%C3%B1&&=&d");
        assert_eq!((query.get("a"), query.get("b"), query.get("c")), ("%zz", "%4", "ñ"));
    }
}
