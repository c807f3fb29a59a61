//! `Release`: names the indexes of a repository with their digests; it is what gets signed.
//!
//! SHA-256 only (apt needs no more, and hashing is what an incremental publish still pays for), no
//! `Valid-Until`, dates in UTC (D-REPO-03).

use std::fmt::Write as _;

use jiff::Timestamp;

/// What a `Release` file says.
#[derive(Debug, Clone)]
pub struct Release<'a> {
    /// Never changes for a repository: apt refuses an update when it does.
    pub origin: &'a str,
    /// Never changes either.
    pub label: &'a str,
    pub suite: &'a str,
    pub date: Timestamp,
    pub architectures: &'a [String],
    pub component: &'a str,
    pub indexes: Vec<IndexDigest<'a>>,
}

/// An index file: its path below the `Release`, and its content.
#[derive(Debug, Clone, Copy)]
pub struct IndexDigest<'a> {
    pub path: &'a str,
    pub size_bytes: u64,
    pub sha256: [u8; 32],
}

impl Release<'_> {
    /// The text, with a newline at its end.
    pub fn text(&self) -> String {
        let mut text = format!(
            "Origin: {}\nLabel: {}\nSuite: {suite}\nCodename: {suite}\nDate: {}\n\
             Architectures: {}\nComponents: {}\nAcquire-By-Hash: yes\nSHA256:\n",
            self.origin,
            self.label,
            self.date.strftime("%a, %d %b %Y %H:%M:%S UTC"),
            self.architectures.join(" "),
            self.component,
            suite = self.suite,
        );
        for IndexDigest { path, size_bytes, sha256 } in &self.indexes {
            let _infallible = writeln!(text, " {} {size_bytes:>10} {path}", hex::encode(sha256));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::deb822::Stanza;

    #[test]
    fn d_repo_03_release_has_its_fields_in_utc() {
        let release = Release {
            origin: "migas",
            label: "migas",
            suite: "files",
            date: "2024-06-07T08:09:10+02:00".parse().unwrap(),
            architectures: &["amd64".to_owned(), "i386".to_owned()],
            component: "PKGS",
            indexes: vec![IndexDigest {
                path: "PKGS/binary-amd64/Packages",
                size_bytes: 12,
                sha256: [0xab; 32],
            }],
        };
        let text = release.text();
        let stanza = Stanza::parse(text.as_bytes()).unwrap();
        for (field, value) in [
            ("Origin", "migas"),
            ("Label", "migas"),
            ("Suite", "files"),
            ("Codename", "files"),
            ("Date", "Fri, 07 Jun 2024 06:09:10 UTC"),
            ("Architectures", "amd64 i386"),
            ("Components", "PKGS"),
            ("Acquire-By-Hash", "yes"),
        ] {
            assert_eq!(stanza.get(field), Some(value), "D-REPO-03 {field}");
        }
        assert!(text.ends_with(" 12 PKGS/binary-amd64/Packages\n"));
        assert_eq!(stanza.get("Valid-Until"), None);
        assert_eq!(stanza.get("MD5Sum"), None);
    }
}
