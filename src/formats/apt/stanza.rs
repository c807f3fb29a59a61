//! A package's stanza in `Packages`: its control fields, and where and what the payload is.
//!
//! The same fields and values as `apt-ftparchive packages` writes (tested with real packages),
//! in another order. Everything but `Filename` depends on the payload alone, so that text, the
//! *fragment*, is made once at upload; `Filename` names the repository and is added when an
//! index is assembled.

use std::fmt::Write as _;

use crate::formats::deb::Package;
use crate::formats::digests::{Digests, Further};

/// Fields that speak of the payload or of an installed package; a control file cannot set them.
const RESERVED: [&str; 7] = ["Filename", "Size", "MD5sum", "SHA1", "SHA256", "SHA512", "Status"];

/// Stanza without `Filename` and without an empty line at its end.
pub fn fragment(package: &Package, digests: &Digests) -> String {
    let mut text = String::with_capacity(2048);
    for field in package.control.fields() {
        if RESERVED.iter().any(|name| name.eq_ignore_ascii_case(&field.name)) {
            continue;
        }
        let blank = if field.value.is_empty() || field.value.starts_with('\n') { "" } else { " " };
        let _infallible = writeln!(text, "{}:{blank}{}", field.name, field.value);
    }
    let _infallible = writeln!(text, "Size: {}", digests.size_bytes);
    if let Some(Further { md5, sha1, .. }) = &digests.further {
        let (md5, sha1) = (hex::encode(md5), hex::encode(sha1));
        let _infallible = write!(text, "MD5sum: {md5}\nSHA1: {sha1}\n");
    }
    let _infallible = writeln!(text, "SHA256: {}", hex::encode(digests.sha256));
    if let Some(Further { sha512, .. }) = &digests.further {
        let _infallible = writeln!(text, "SHA512: {}", hex::encode(sha512));
    }
    text
}

/// Appends an entry of `Packages`: the fragment, its `Filename`, and the empty line between stanzas.
pub fn write_entry(fragment: &str, filename: &str, index: &mut Vec<u8>) {
    index.extend_from_slice(fragment.as_bytes());
    index.extend_from_slice(b"Filename: ");
    index.extend_from_slice(filename.as_bytes());
    index.extend_from_slice(b"\n\n");
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::path::{Path, PathBuf};
    use std::process::Command;

    use super::*;
    use crate::formats::deb;
    use crate::formats::deb::write::{Recipe, acme_test_files};
    use crate::formats::deb822::{Stanza, stanzas};

    fn stanza_of(bytes: &[u8]) -> Stanza {
        let package = deb::parse(bytes).unwrap();
        let mut entry = Vec::new();
        write_entry(&fragment(&package, &Digests::of(bytes)), "PKGS/x.deb", &mut entry);
        Stanza::parse(&entry).unwrap()
    }

    #[test]
    fn d_repo_03_a_stanza_has_the_control_fields_and_the_payload_s() {
        let (_, bytes) = acme_test_files(1).unwrap();
        let stanza = stanza_of(&bytes);
        assert_eq!(stanza.get("Package"), Some("acme-test-files"));
        assert_eq!(stanza.get("Size"), Some(&*bytes.len().to_string()));
        assert_eq!(stanza.get("Filename"), Some("PKGS/x.deb"));
        assert_eq!(stanza.get("SHA256").map(str::len), Some(64));
    }

    #[test]
    fn a_control_file_cannot_say_where_its_payload_is() {
        let control = "Package: a\nVersion: 1\nArchitecture: all\nFilename: evil\nsha256: 00\n";
        let recipe = Recipe::of(Stanza::parse(control.as_bytes()).unwrap());
        let stanza = stanza_of(&recipe.build().unwrap());
        assert_eq!(stanza.get("Filename"), Some("PKGS/x.deb"));
        assert_eq!(stanza.get("SHA256").map(str::len), Some(64));
    }

    /// Packages to compare with: the cache of real ones if the set-up has filled it (see
    /// `testdata/debs/fetch.sh`), and always the ones we make.
    #[expect(clippy::disallowed_methods, reason = "the set-up says where it put the packages")]
    fn samples(folder: &Path) -> Vec<PathBuf> {
        for revision in [1, 2] {
            let (name, bytes) = acme_test_files(revision).unwrap();
            std::fs::write(folder.join(name), bytes).unwrap();
        }
        let cache = std::env::var_os("MIGAS_CACHE")
            .map(PathBuf::from)
            .or_else(|| std::env::var_os("HOME").map(|home| Path::new(&home).join(".cache/migas")));
        let cached = cache.map(|cache| cache.join("debs")).filter(|debs| debs.is_dir());
        let mut folders = vec![folder.to_owned()];
        folders.extend(cached);
        folders
    }

    #[test]
    fn d_repo_03_apt_ftparchive_writes_the_same_fields() {
        if Command::new("apt-ftparchive").arg("--version").output().is_err() {
            assert!(option_env!("CI").is_none(), "CI has apt-ftparchive");
            eprintln!("skipped: this machine has no apt-ftparchive");
            return;
        }
        let own = tempfile::tempdir().unwrap();
        let mut compared = 0;
        for folder in samples(own.path()) {
            let run = Command::new("apt-ftparchive").arg("packages").arg(&folder).output().unwrap();
            assert!(run.status.success());
            for theirs in stanzas(&run.stdout) {
                let theirs = theirs.unwrap();
                let path = theirs.get("Filename").unwrap();
                let ours = stanza_of(&std::fs::read(path).unwrap());
                let fields = |stanza: &Stanza| -> BTreeMap<String, String> {
                    let fields = stanza.fields().iter();
                    let fields = fields.filter(|field| field.name != "Filename");
                    fields.map(|field| (field.name.clone(), field.value.clone())).collect()
                };
                assert_eq!(fields(&ours), fields(&theirs), "{path}");
                compared += 1;
            }
        }
        assert!(compared >= 2, "{compared} packages compared");
        eprintln!("{compared} packages compared");
    }
}
