//! `repomd.xml`: names the indexes of a repository with their digests; it is what gets signed.

use std::fmt::Write as _;

use jiff::Timestamp;

use super::xml;

/// What `repomd.xml` says.
#[derive(Debug, Clone)]
pub struct Repomd<'a> {
    /// When the repository was published: its revision, in seconds since 1970.
    pub date: Timestamp,
    pub data: Vec<Data<'a>>,
}

/// A metadata file of a repository.
#[derive(Debug, Clone, Copy)]
pub struct Data<'a> {
    /// `primary`, `group_gz`…
    pub kind: &'a str,
    /// Path below the repository: `repodata/<hex>-primary.xml.gz`.
    pub location: &'a str,
    pub size_bytes: u64,
    pub sha256: [u8; 32],
    /// Size and digest of what comes out when it is unpacked; `None` if it is not packed.
    pub open: Option<(u64, [u8; 32])>,
}

impl Repomd<'_> {
    /// The text, with a newline at its end.
    pub fn text(&self) -> String {
        let mut text = String::from(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <repomd xmlns=\"http://linux.duke.edu/metadata/repo\" \
             xmlns:rpm=\"http://linux.duke.edu/metadata/rpm\">\n",
        );
        let now = self.date.as_second().to_string();
        xml::element(&mut text, "  ", "revision", &now);
        for Data { kind, location, size_bytes, sha256, open } in &self.data {
            text.push_str("  <data");
            xml::attribute(&mut text, "type", kind);
            text.push_str(">\n");
            let digest = hex::encode(sha256);
            let _infallible = writeln!(text, "    <checksum type=\"sha256\">{digest}</checksum>");
            if let Some((_, sha256)) = open {
                let digest = hex::encode(sha256);
                let _infallible =
                    writeln!(text, "    <open-checksum type=\"sha256\">{digest}</open-checksum>");
            }
            text.push_str("    <location");
            xml::attribute(&mut text, "href", location);
            text.push_str("/>\n");
            xml::element(&mut text, "    ", "timestamp", &now);
            xml::element(&mut text, "    ", "size", &size_bytes.to_string());
            if let Some((size_bytes, _)) = open {
                xml::element(&mut text, "    ", "open-size", &size_bytes.to_string());
            }
            text.push_str("  </data>\n");
        }
        text.push_str("</repomd>\n");
        text
    }

    /// Says whether a line of the text tells the time only.
    pub fn is_date(line: &str) -> bool {
        let line = line.trim_start();
        line.starts_with("<revision>") || line.starts_with("<timestamp>")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d_repo_04_repomd_names_files_with_sizes_digests_and_time() {
        let repomd = Repomd {
            date: "2024-06-07T08:09:10Z".parse().unwrap(),
            data: vec![Data {
                kind: "primary",
                location: "repodata/aa-primary.xml.gz",
                size_bytes: 12,
                sha256: [0xab; 32],
                open: Some((34, [0xcd; 32])),
            }],
        };
        let (packed, open) = ("ab".repeat(32), "cd".repeat(32));
        let expected = format!(
            r#"<?xml version="1.0" encoding="UTF-8"?>
<repomd xmlns="http://linux.duke.edu/metadata/repo" xmlns:rpm="http://linux.duke.edu/metadata/rpm">
  <revision>1717747750</revision>
  <data type="primary">
    <checksum type="sha256">{packed}</checksum>
    <open-checksum type="sha256">{open}</open-checksum>
    <location href="repodata/aa-primary.xml.gz"/>
    <timestamp>1717747750</timestamp>
    <size>12</size>
    <open-size>34</open-size>
  </data>
</repomd>
"#
        );
        assert_eq!(repomd.text(), expected);
        let dates = expected.lines().filter(|line| Repomd::is_date(line)).count();
        assert_eq!(dates, 2);
    }
}
