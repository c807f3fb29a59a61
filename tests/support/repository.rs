//! Reads a published apt repository as suspiciously as apt does, and a little more.
//!
//! Nothing of our own code is used: gpgv checks the signatures, the digests are computed here, and
//! every payload an index names must be there with the digest it promises.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::Path;
use std::process::Command;

use base64::Engine;
use sha2::{Digest, Sha256};

use super::Site;

/// What a repository says, after everything in it was checked.
#[derive(Debug)]
pub struct Repository {
    /// The text of `Release`.
    pub release: String,
    /// Packages of `binary-amd64`, each stanza as its fields.
    pub packages: Vec<BTreeMap<String, String>>,
}

/// Gives the bytes of a file of the repository, or fails the test.
type Fetch<'a> = &'a dyn Fn(&str) -> Vec<u8>;

impl Repository {
    /// Fetches and checks `dists/<slug>` of a project.
    ///
    /// # Panics
    /// If anything is missing, unsigned, or not what was promised.
    pub fn check(site: &Site, project: &str, slug: &str) -> Repository {
        let fetch = |path: &str| {
            let answer = site.fetch(path);
            assert_eq!(answer.status, 200, "{path}");
            answer.body
        };
        let key = fetch("/get_key_repositories");
        let base = format!("/public/{project}/REPOSITORIES/");
        Repository::check_with(&|path| fetch(&format!("{base}{path}")), &key, slug)
    }

    /// Reads and checks `dists/<suite>` of a folder that `migas repo build` made.
    ///
    /// # Panics
    /// If anything is missing, unsigned, or not what was promised.
    pub fn check_folder(folder: &Path, suite: &str) -> Repository {
        let read = |path: &str| {
            std::fs::read(folder.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
        };
        Repository::check_with(&read, &read("migas.asc"), suite)
    }

    fn check_with(fetch: Fetch<'_>, key: &[u8], slug: &str) -> Repository {
        let dists = format!("dists/{slug}");
        let release = signed_release(fetch, key, &dists);
        let mut packages = Vec::new();
        let indexes = indexes_of(&release);
        for architecture in ["i386", "amd64"] {
            let plain = format!("PKGS/binary-{architecture}/Packages");
            assert!(indexes.contains_key(&plain), "{plain} is not in Release:\n{release}");
        }
        let mut seen = BTreeSet::new();
        for (name, (digest, size)) in &indexes {
            let folder = name.rsplit_once('/').unwrap().0;
            let by_hash = fetch(&format!("{dists}/{folder}/by-hash/SHA256/{digest}"));
            assert_eq!(by_hash.len(), *size, "{name}");
            assert_eq!(&sha256(&by_hash), digest, "{name}");
            let found = stanzas(&unpack(name, &by_hash));
            for stanza in &found {
                if seen.insert(stanza["Filename"].clone()) {
                    check_payload(fetch, stanza);
                }
            }
            if name == "PKGS/binary-amd64/Packages" {
                packages = found;
            }
        }
        Repository { release, packages }
    }

    /// `name version` of every package, sorted.
    pub fn names(&self) -> Vec<String> {
        let name = |p: &BTreeMap<String, String>| format!("{} {}", p["Package"], p["Version"]);
        let mut names: Vec<String> = self.packages.iter().map(name).collect();
        names.sort();
        names
    }
}

/// Fetches `InRelease`, `Release` and `Release.gpg`; gpgv must accept them, and they must agree.
fn signed_release(fetch: Fetch<'_>, key: &[u8], dists: &str) -> String {
    let dir = tempfile::TempDir::new().unwrap();
    let at = |name: &str| dir.path().join(name);
    std::fs::write(at("key"), dearmour(std::str::from_utf8(key).unwrap())).unwrap();
    // While a generation is replaced the three may be of different ones; then once more.
    for _ in 0..10 {
        for name in ["InRelease", "Release", "Release.gpg"] {
            std::fs::write(at(name), fetch(&format!("{dists}/{name}"))).unwrap();
        }
        let inline =
            gpgv(&at("key"), &["--output", at("text").to_str().unwrap()], &[&at("InRelease")]);
        assert!(inline.0, "InRelease: {}", inline.1);
        let detached = gpgv(&at("key"), &[], &[&at("Release.gpg"), &at("Release")]);
        let release = std::fs::read_to_string(at("Release")).unwrap();
        // gpgv gives back the line end before the signature, too.
        let inside = std::fs::read_to_string(at("text")).unwrap();
        if detached.0 && inside.strip_suffix('\n') == Some(&*release) {
            return release;
        }
    }
    panic!("{dists}: Release, Release.gpg and InRelease do not agree");
}

fn gpgv(keyring: &Path, options: &[&str], files: &[&Path]) -> (bool, String) {
    let output = Command::new("gpgv")
        .arg("--keyring")
        .arg(keyring)
        .args(options)
        .args(files)
        .output()
        .expect("gpgv is installed (`make deps`)");
    (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
}

/// The bytes inside an ASCII armour (RFC 9580, 6.2); gpgv takes binary keyrings only.
fn dearmour(armour: &str) -> Vec<u8> {
    let body = armour.split_once("\n\n").expect("an armoured key").1;
    let lines = body.lines().take_while(|line| !line.starts_with(['=', '-']));
    base64::engine::general_purpose::STANDARD.decode(lines.collect::<String>()).unwrap()
}

/// name -> (SHA-256, size) of the indexes that Release lists.
fn indexes_of(release: &str) -> BTreeMap<String, (String, usize)> {
    let list = release.split_once("\nSHA256:").expect("SHA256 in Release").1;
    let entries = list.lines().skip(1).take_while(|line| line.starts_with(' '));
    let entry = |line: &str| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        (fields[2].to_owned(), (fields[0].to_owned(), fields[1].parse().unwrap()))
    };
    entries.map(entry).collect()
}

fn unpack(name: &str, bytes: &[u8]) -> String {
    let mut text = String::new();
    let read = match name.rsplit_once('.').map(|(_, suffix)| suffix) {
        Some("gz") => flate2::read::MultiGzDecoder::new(bytes).read_to_string(&mut text),
        Some("xz") => liblzma::read::XzDecoder::new(bytes).read_to_string(&mut text),
        Some("zst") => zstd::Decoder::new(bytes).unwrap().read_to_string(&mut text),
        _ => (&bytes[..]).read_to_string(&mut text),
    };
    read.unwrap_or_else(|error| panic!("{name}: {error}"));
    text
}

fn stanzas(text: &str) -> Vec<BTreeMap<String, String>> {
    let stanza = |block: &str| {
        let mut fields = BTreeMap::<String, String>::new();
        let mut last = String::new();
        for line in block.lines() {
            if line.starts_with([' ', '\t']) {
                fields.get_mut(&last).unwrap().push_str(&format!("\n{line}"));
            } else {
                let (name, value) = line.split_once(':').unwrap();
                last = name.to_owned();
                let twice = fields.insert(last.clone(), value.trim().to_owned());
                assert!(twice.is_none(), "{name} stands twice in {block}");
            }
        }
        fields
    };
    text.split("\n\n").filter(|block| !block.trim().is_empty()).map(stanza).collect()
}

fn check_payload(fetch: Fetch<'_>, stanza: &BTreeMap<String, String>) {
    let path = &stanza["Filename"];
    let payload = fetch(path);
    assert_eq!(payload.len().to_string(), stanza["Size"], "{path}");
    assert_eq!(sha256(&payload), stanza["SHA256"], "{path}");
}

fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}
