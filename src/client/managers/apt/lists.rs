//! What apt fetched: the names in `/var/lib/apt/lists`, and the date of an `InRelease`.

use jiff::fmt::rfc2822;

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

/// Field `Date` of a Release file, `Sat, 21 Nov 2026 11:22:13 UTC`, in seconds since the epoch.
pub fn date(in_release: &str) -> Option<i64> {
    let value = in_release.lines().find_map(|line| line.strip_prefix("Date:"))?.trim();
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
    fn the_date_of_a_release_is_read() {
        let release = "-----BEGIN\nDate: Sat, 21 Nov 2026 11:22:13 UTC\n";
        assert_eq!(date(release), Some(1_795_260_133));
        assert_eq!(date("Origin: x\n"), None);
    }
}
