//! What apt fetched: `/var/lib/apt/lists`, and whether it is what the server promised.

use jiff::fmt::rfc2822;
use sha2::{Digest as _, Sha256};

use crate::wire::sync::Repository;

/// The name under which apt keeps what it fetched from `url` (`URItoFileName` of apt-pkg): no
/// scheme, some characters as `%xx`, slashes as underscores.
pub fn file_name(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let mut name = String::with_capacity(rest.len());
    for byte in rest.bytes() {
        match byte {
            b'/' => name.push('_'),
            b'\\'
            | b'|'
            | b'{'
            | b'}'
            | b'['
            | b']'
            | b'<'
            | b'>'
            | b'"'
            | b'^'
            | b'~'
            | b'_'
            | b'='
            | b'!'
            | b'@'
            | b'#'
            | b'$'
            | b'%'
            | b'&'
            | b'*'
            | 0..=b' '
            | 0x7f.. => {
                name += &format!("%{byte:02x}");
            }
            _ => name.push(char::from(byte)),
        }
    }
    name
}

/// Says why a fetched `InRelease` is not the promised generation or a later one; `None` if it is.
pub fn why_stale(in_release: Option<&[u8]>, promised: &Repository) -> Option<&'static str> {
    if promised.digest.is_empty() {
        return None; // nothing was promised: not one of our own repositories
    }
    let Some(in_release) = in_release else { return Some("it could not be fetched") };
    if hex::encode(Sha256::digest(in_release)).eq_ignore_ascii_case(&promised.digest) {
        return None;
    }
    match date(in_release) {
        Some(date) if date >= promised.published_at => None,
        Some(_) => Some("what was fetched is older than what the server promised"),
        None => Some("what was fetched has no date"),
    }
}

/// Field `Date` of a Release file, `Sat, 21 Nov 2026 11:22:13 UTC`, in seconds since the epoch.
fn date(in_release: &[u8]) -> Option<i64> {
    let text = String::from_utf8_lossy(in_release);
    let value = text.lines().find_map(|line| line.strip_prefix("Date:"))?.trim();
    let zoned = value.replace(" UTC", " +0000");
    rfc2822::DateTimeParser::new().parse_timestamp(&zoned).ok().map(|time| time.as_second())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_apt_uses() {
        let table = [
            (
                "http://localhost:8080/public/debian-12/REPOSITORIES/dists/a/InRelease",
                "localhost:8080_public_debian-12_REPOSITORIES_dists_a_InRelease",
            ),
            ("http://s/public/my_project/x", "s_public_my%5fproject_x"),
            ("http://s/a~b/x", "s_a%7eb_x"),
        ];
        for (url, expected) in table {
            assert_eq!(file_name(url), expected);
        }
    }

    #[test]
    fn an_old_repository_is_told_from_the_promised_one() {
        let release = b"-----BEGIN\nDate: Sat, 21 Nov 2026 11:22:13 UTC\n".as_slice();
        let at = 1_795_260_133;
        assert_eq!(date(release), Some(at));
        let digest = hex::encode(Sha256::digest(release));
        let promised = |digest: &str, published_at: i64| Repository {
            digest: digest.to_owned(),
            published_at,
            ..Repository::default()
        };
        let table = [
            (Some(release), promised(&digest, at + 60), true),
            (Some(release), promised("00", at), true),
            (Some(release), promised("00", at - 1), true),
            (Some(release), promised("00", at + 1), false),
            (Some(b"Origin: x\n".as_slice()), promised("00", at), false),
            (None, promised("00", at), false),
            (None, promised("", at), true),
        ];
        for (fetched, promised, fresh) in table {
            assert_eq!(why_stale(fetched, &promised).is_none(), fresh, "{promised:?}");
        }
    }
}
