//! External deployments (7.5): a public repository that the site's computers reach through a cache
//! of ours, and the rules of that cache.
//!
//! Pure: what a source may be called, which paths it has, and how long a copy of a file is good.

use core::net::Ipv6Addr;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::pms::Pms;

/// Longest base URL, suite, components and options, in characters (7.3).
pub const MAX_BASE_URL: usize = 100;
pub const MAX_SUITE: usize = 50;
pub const MAX_COMPONENTS: usize = 100;
pub const MAX_OPTIONS: usize = 250;

/// Longest path of a file within a source, in bytes.
const MAX_PATH: usize = 2_000;
/// A clock that was set back may make a copy seem to come from the future; not by more than this.
const CLOCK_SLACK: SignedDuration = SignedDuration::from_mins(1);

/// Where the packages of an external deployment come from, and how long a copy of them is good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct External {
    /// `http://host/path`, without a slash at the end.
    pub base_url: String,
    pub suite: String,
    /// Separated by single spaces.
    pub components: String,
    /// As they stand in a source line: `[arch=amd64]` for apt, `gpgcheck=1 gpgkey=…` for the others.
    pub options: String,
    /// What is kept once is never fetched again (D-EXT-05).
    pub frozen: bool,
    /// Minutes after which a copy that is no package is fetched again; 0 and less: always.
    #[serde(rename = "expire")]
    pub expire_minutes: i32,
}

impl Default for External {
    fn default() -> Self {
        Self {
            base_url: String::new(),
            suite: String::new(),
            components: String::new(),
            options: String::new(),
            frozen: true,
            expire_minutes: 1440,
        }
    }
}

/// What a field of a source should be, and is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// The base URL.
    BaseUrl,
    /// The suite; apt needs one.
    Suite,
    Components,
    /// Two components would be the same section of a `.repo` file.
    SameComponents,
    /// Options of apt: `[name=value …]`.
    BracketOptions,
    /// Options of yum and zypper: `name=value …`.
    LineOptions,
    /// Longer than so many characters.
    TooLong(usize),
}

impl External {
    /// Tidies what was typed, and checks it for computers of `pms`.
    ///
    /// # Errors
    /// The name of a field, and what is wrong with it.
    pub fn checked(self, pms: Pms) -> Result<Self, (&'static str, Wrong)> {
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let is_apt = matches!(pms, Pms::AptGet | Pms::Msi);
        let tidy = Self {
            base_url: self.base_url.trim().trim_end_matches('/').to_owned(),
            suite: self.suite.trim().to_owned(),
            components: words(&self.components),
            options: match words(&self.options) {
                bare if is_apt && !bare.is_empty() && !bare.starts_with('[') => format!("[{bare}]"),
                options => options,
            },
            ..self
        };
        for (field, text, limit) in [
            ("base_url", &tidy.base_url, MAX_BASE_URL),
            ("suite", &tidy.suite, MAX_SUITE),
            ("components", &tidy.components, MAX_COMPONENTS),
            ("options", &tidy.options, MAX_OPTIONS),
        ] {
            if text.chars().count() > limit {
                return Err((field, Wrong::TooLong(limit)));
            }
        }
        if !is_base_url(&tidy.base_url) {
            return Err(("base_url", Wrong::BaseUrl));
        }
        let variables = if is_apt { "" } else { "$" };
        let is_plain = |text: &str| is_plain_path(text, variables);
        let suite_missing = tidy.suite.is_empty() && is_apt;
        if suite_missing || !(tidy.suite.is_empty() || is_plain(&tidy.suite)) {
            return Err(("suite", Wrong::Suite));
        }
        if !tidy.components.split_whitespace().all(is_plain) {
            return Err(("components", Wrong::Components));
        }
        let mut sections: Vec<String> =
            tidy.components.split_whitespace().map(section_part).collect();
        let all = sections.len();
        sections.sort_unstable();
        sections.dedup();
        if sections.len() < all {
            return Err(("components", Wrong::SameComponents));
        }
        match is_apt {
            true if !are_bracket_options(&tidy.options) => Err(("options", Wrong::BracketOptions)),
            false if !are_line_options(&tidy.options) => Err(("options", Wrong::LineOptions)),
            _ => Ok(tidy),
        }
    }

    /// Address of a file of the source.
    pub fn url_of(&self, path: &SourcePath) -> String {
        format!("{}/{}", self.base_url, path.encoded())
    }

    /// Says whether a copy stored at `stored` still answers at `now` (D-EXT-04, D-EXT-05).
    pub fn is_fresh(&self, path: &SourcePath, stored: Timestamp, now: Timestamp) -> bool {
        if self.frozen || path.is_package() {
            return true;
        }
        let age = now.duration_since(stored);
        let expiry = SignedDuration::from_mins(i64::from(self.expire_minutes));
        self.expire_minutes > 0 && age <= expiry && age >= -CLOCK_SLACK
    }
}

/// A component as a part of the name of a section: plain, slashes become hyphens (D-EXT-03).
fn section_part(component: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || "-_.:".contains(c) { c } else { '-' };
    component.trim_matches('/').chars().map(plain).collect()
}

/// The repositories that an external deployment is to yum and zypper: name of the section, and path
/// below the deployment's address. One for each component, or one for all (D-EXT-03).
pub fn sections(slug: &str, suite: &str, components: &[String]) -> Vec<(String, String)> {
    let base = if suite.is_empty() { String::new() } else { format!("{suite}/") };
    let section = |component: &String| {
        let id = format!("EXTERNAL-{slug}-{}", section_part(component));
        (id, format!("{base}{component}"))
    };
    match components {
        [] => vec![(format!("EXTERNAL-{slug}"), base)],
        components => components.iter().map(section).collect(),
    }
}

/// Path of a file within a source, its segments decoded. It never leads out of the source.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SourcePath(Vec<String>);

impl SourcePath {
    /// Reads a path as it stands in a request; `None` for one that is refused: with `..`, an empty
    /// segment, a control character, an encoded slash, or too long.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > MAX_PATH {
            return None;
        }
        let segment = |text: &str| {
            let decoded = decode(text)?;
            let refused = matches!(decoded.as_str(), "" | "." | "..")
                || decoded.chars().any(|c| c == '/' || c == '\\' || c.is_control());
            (!refused).then_some(decoded)
        };
        Some(Self(text.split('/').map(segment).collect::<Option<_>>()?))
    }

    /// Segments, decoded.
    pub fn segments(&self) -> &[String] {
        &self.0
    }

    /// Name of the file.
    pub fn name(&self) -> &str {
        self.0.last().map(String::as_str).unwrap_or_default()
    }

    /// As people read it.
    pub fn text(&self) -> String {
        self.0.join("/")
    }

    /// As it stands in an address. A plus is encoded too: some stores of files read it as a blank.
    pub fn encoded(&self) -> String {
        let segment = |segment: &String| {
            let encode = |byte: u8| match byte {
                b'-' | b'.' | b'_' | b'~' | b':' | b'@' | b'=' | b',' => {
                    char::from(byte).to_string()
                }
                _ if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
                _ => format!("%{byte:02X}"),
            };
            segment.bytes().map(encode).collect::<String>()
        };
        self.0.iter().map(segment).collect::<Vec<_>>().join("/")
    }

    /// Packages never expire (D-EXT-04).
    pub fn is_package(&self) -> bool {
        let extension = self.name().rsplit_once('.').map(|(_, extension)| extension);
        extension.is_some_and(|extension| ["deb", "rpm", "udeb", "drpm"].contains(&extension))
    }
}

/// Decodes `%41`; `None` for what is no such text, or no UTF-8.
fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let mut digit = || char::from(rest.next()?).to_digit(16);
                u8::try_from(digit()? * 16 + digit()?).ok()?
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}

/// `http://host[:port][/path]`, nothing behind it: a password in it would be shown to many.
fn is_base_url(url: &str) -> bool {
    let rest = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://"));
    let Some(rest) = rest else { return false };
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => match rest.split_once(']') {
            Some((host, port)) if host.parse::<Ipv6Addr>().is_ok() => ("x", port),
            _ => return false,
        },
        None => match authority.find(':') {
            Some(at) => authority.split_at(at),
            None => (authority, ""),
        },
    };
    let is_host = !host.is_empty()
        && host.chars().all(|c| c.is_ascii_alphanumeric() || "-._".contains(c))
        && host.starts_with(|c: char| c.is_ascii_alphanumeric());
    let is_port = port.is_empty()
        || port.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok_and(|n| n > 0));
    is_host && is_port && (path.is_empty() || SourcePath::parse(path).is_some_and(|_| is_url(path)))
}

fn is_url(path: &str) -> bool {
    path.chars().all(|c| c.is_ascii_graphic() && !"<>\"'`{|}?#^[]".contains(c))
}

/// A path of plain words, which may stand in a source line; `./` is one.
fn is_plain_path(text: &str, more: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-_.+~:/".contains(c) || more.contains(c))
        && !text.starts_with('/')
        && !text.contains("//")
        && text.split('/').all(|segment| segment != "..")
}

fn are_bracket_options(options: &str) -> bool {
    if options.is_empty() {
        return true;
    }
    let inner = options.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    inner.is_some_and(|inner| {
        let mut pairs = inner.split_whitespace().peekable();
        pairs.peek().is_some() && pairs.all(|pair| is_pair(pair, "-+", "[]#"))
    })
}

fn are_line_options(options: &str) -> bool {
    options.split_whitespace().all(|pair| is_pair(pair, "_", "[]#"))
}

/// `name=value`; `more` may stand in the name beside letters and digits, `never` not in the value.
fn is_pair(pair: &str, more: &str, never: &str) -> bool {
    let Some((name, value)) = pair.split_once('=') else { return false };
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || more.contains(c))
        && !value.is_empty()
        && value.chars().all(|c| c.is_ascii_graphic() && !never.contains(c))
}

#[cfg(test)]
mod tests;
