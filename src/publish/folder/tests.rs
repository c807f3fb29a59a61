//! Builds of a folder, one after the other, and what apt says of them.

use std::path::Path;
use std::process::Command;

use rand::SeedableRng as _;
use rand::rngs::StdRng;

use super::*;
use crate::formats::deb::write::{Recipe, acme_test_files};
use crate::formats::deb822::{Stanza, stanzas};

/// A folder of packages, a repository beside it, a key, a clock.
struct Lab {
    folder: tempfile::TempDir,
    now: Timestamp,
}

impl Lab {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("packages")).unwrap();
        let key = include_str!("../../../testdata/openpgp/repository.secret.asc");
        std::fs::write(folder.path().join("key.asc"), key).unwrap();
        Self { folder, now: "2024-06-07T08:09:10Z".parse().unwrap() }
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn options(&self) -> Options {
        Options {
            packages: self.path("packages"),
            out: self.path("out"),
            state: None,
            key: Some(self.path("key.asc")),
            suite: "files".to_owned(),
            format: None,
        }
    }

    fn add(&self, name: &str, architecture: &str, version: &str) {
        let control =
            format!("Package: {name}\nVersion: {version}\nArchitecture: {architecture}\n");
        let recipe = Recipe::of(Stanza::parse(control.as_bytes()).unwrap());
        let path = self.path("packages").join(recipe.file_name());
        std::fs::write(path, recipe.build().unwrap()).unwrap();
    }

    fn build(&self) -> Report {
        build(&self.options(), self.now, StdRng::seed_from_u64(3), &mut |_| {}).unwrap()
    }

    fn after_hours(&mut self, hours: i64) {
        self.now = self.now.checked_add(jiff::SignedDuration::from_hours(hours)).unwrap();
    }

    fn read(&self, path: &str) -> Vec<u8> {
        std::fs::read(self.path("out/dists/files").join(path)).expect(path)
    }

    /// Packages of an index, each with its payload there.
    fn names(&self, architecture: &str) -> Vec<String> {
        let index = self.read(&format!("PKGS/binary-{architecture}/Packages"));
        stanzas(&index)
            .map(|stanza| {
                let stanza = stanza.unwrap();
                let payload = self.path("out").join(stanza.get("Filename").unwrap());
                let size = payload.metadata().expect("the payload is there").len();
                assert_eq!(stanza.get("Size").unwrap(), size.to_string());
                stanza.get("Package").unwrap().to_owned()
            })
            .collect()
    }
}

/// Relative paths of all files below a folder, sorted.
fn files(folder: &Path) -> Vec<String> {
    fn walk(folder: &Path, root: &Path, files: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, root, files);
            } else {
                files.push(path.strip_prefix(root).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    let mut list = Vec::new();
    walk(folder, folder, &mut list);
    list.sort();
    list
}

#[test]
fn a_second_build_of_the_same_folder_writes_nothing() {
    let mut lab = Lab::new();
    lab.add("a", "all", "1.0");
    lab.add("m", "amd64", "1:1.0");
    let first = lab.build();
    assert!(first.changed);
    assert_eq!((first.packages, first.added), (2, 2));
    let stamps = |lab: &Lab| -> Vec<_> {
        let out = lab.path("out");
        let stamp = |path: String| {
            let time = out.join(&path).metadata().unwrap().modified().unwrap();
            (path, time)
        };
        files(&out).into_iter().map(stamp).collect()
    };
    let before = stamps(&lab);
    lab.after_hours(1);
    let second = lab.build();
    assert!(!second.changed);
    assert_eq!(second.digest, first.digest);
    assert_eq!(stamps(&lab), before);
    assert_eq!(lab.names("amd64"), ["a", "m"]);
    assert_eq!(lab.names("i386"), ["a"]);
}

#[test]
fn steps_lead_to_the_same_indexes_as_one_build() {
    let lab = Lab::new();
    for n in 0..150 {
        lab.add(&format!("p{n:03}"), if n % 2 == 0 { "all" } else { "amd64" }, "1.0");
    }
    lab.build();
    lab.add("p070x", "all", "2.0");
    lab.add("p003", "arm64", "1.0");
    std::fs::remove_file(lab.path("packages/p011_1.0_amd64.deb")).unwrap();
    let report = lab.build();
    assert_eq!((report.packages, report.added, report.removed), (151, 2, 1));

    std::fs::rename(lab.path("out"), lab.path("by-steps")).unwrap();
    std::fs::remove_file(lab.path("out.migas-state")).unwrap();
    lab.build();
    for name in ["Release", "InRelease", "PKGS/binary-amd64/Packages.gz"] {
        let by_steps = std::fs::read(lab.path("by-steps/dists/files").join(name)).unwrap();
        assert!(by_steps == lab.read(name), "{name}");
    }
    assert_eq!(lab.names("arm64").len(), 77);
}

#[test]
fn what_was_replaced_stays_a_day_and_one_generation() {
    let mut lab = Lab::new();
    lab.add("a", "all", "1.0");
    lab.build();
    let first = files(&lab.path("out"));
    let is_there = |lab: &Lab, path: &str| lab.path("out").join(path).exists();
    let old_payload = first.iter().find(|path| path.ends_with(".deb")).unwrap().clone();
    let immutable: Vec<&String> =
        first.iter().filter(|path| path.contains("by-hash") || path.contains(".deb")).collect();

    std::fs::remove_file(lab.path("packages/a_1.0_all.deb")).unwrap();
    lab.add("a", "all", "2.0");
    lab.after_hours(1);
    lab.build();
    assert!(immutable.iter().all(|path| is_there(&lab, path)), "a client may be reading them");
    lab.after_hours(30);
    lab.build();
    assert!(is_there(&lab, &old_payload), "it is of the generation before");

    lab.add("b", "all", "1.0");
    assert!(lab.build().changed);
    assert!(!is_there(&lab, &old_payload), "a day old and two generations back");
    assert_eq!(lab.names("i386"), ["a", "b"]);
}

#[test]
fn a_damaged_repository_is_made_again() {
    let lab = Lab::new();
    lab.add("a", "all", "1.0");
    lab.add("b", "amd64", "1.0");
    let digest = lab.build().digest;
    for path in [
        "dists/files/PKGS/binary-amd64/Packages",
        "dists/files/PKGS/binary-i386/Packages.gz",
        "dists/files/InRelease",
        "dists/files/Release.gpg",
        "dists/files/Release",
    ] {
        let path = lab.path("out").join(path);
        std::fs::remove_file(&path).unwrap();
        std::fs::write(&path, b"Package: evil\n").unwrap();
        lab.build();
        assert!(std::fs::read(&path).unwrap() != b"Package: evil\n", "{}", path.display());
        assert_eq!(lab.names("amd64"), ["a", "b"]);
    }
    std::fs::remove_dir_all(lab.path("out")).unwrap();
    assert_eq!(lab.build().digest, digest);
    std::fs::write(lab.path("out.migas-state"), b"something else").unwrap();
    assert_eq!(lab.build().digest, digest);
    assert_eq!(lab.names("amd64"), ["a", "b"]);
}

#[test]
fn files_that_are_no_packages_are_left_out_with_the_reason() {
    let lab = Lab::new();
    lab.add("a", "all", "1.0");
    std::fs::create_dir(lab.path("packages/sub")).unwrap();
    std::fs::write(lab.path("packages/sub/broken.deb"), b"PK\x03\x04....").unwrap();
    std::fs::write(lab.path("packages/notes.txt"), b"no package by name").unwrap();
    let (name, bytes) = acme_test_files(1).unwrap();
    std::fs::write(lab.path("packages").join(&name), &bytes[..bytes.len() - 9]).unwrap();
    // The same version of `a` with other content, under another path.
    let control = "Package: a\nVersion: 1.0\nArchitecture: all\nHomepage: x\n";
    let other = Recipe::of(Stanza::parse(control.as_bytes()).unwrap()).build().unwrap();
    std::fs::write(lab.path("packages/sub/a_1.0_all.deb"), other).unwrap();
    for _ in 0..2 {
        let report = lab.build();
        assert_eq!(report.packages, 1);
        let refused: Vec<(&str, &str)> =
            report.refused.iter().map(|r| (r.path.as_str(), r.reason.as_str())).collect();
        assert_eq!(
            refused,
            [
                ("acme-test-files_1.0-1_all.deb", "the package is truncated in a member"),
                (
                    "sub/a_1.0_all.deb",
                    "a_1.0_all.deb is the same version of the package with other content"
                ),
                ("sub/broken.deb", "not a Debian package: it is a zip file"),
            ]
        );
    }
}

#[test]
fn the_same_payload_under_another_name_is_found_again() {
    let lab = Lab::new();
    lab.add("a", "all", "1.0");
    lab.build();
    let from = lab.path("packages/a_1.0_all.deb");
    std::fs::rename(&from, lab.path("packages/renamed.deb")).unwrap();
    assert!(lab.build().changed);
    let index = String::from_utf8(lab.read("PKGS/binary-i386/Packages")).unwrap();
    assert!(index.contains("/renamed.deb\n"), "{index}");
    assert_eq!(lab.names("i386"), ["a"]);
}

#[test]
fn a_key_is_made_once_with_mode_0600_and_never_inside_the_repository() {
    use std::os::unix::fs::PermissionsExt as _;
    let lab = Lab::new();
    let exposed = Options { key: Some(lab.path("out/key.asc")), ..lab.options() };
    let refused = build(&exposed, lab.now, StdRng::seed_from_u64(3), &mut |_| {});
    assert!(matches!(refused, Err(FolderError::Exposed(_))));

    let places = Places::new(&Options { key: None, ..lab.options() }).unwrap();
    assert_eq!(places.key.file_name().unwrap(), "out.migas-state.key.asc");
    output::write_secret(&places.key, b"secret").unwrap();
    assert!(output::write_secret(&places.key, b"other").is_err(), "never over an old one");
    let mode = places.key.metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn two_builds_at_once_are_refused() {
    let lab = Lab::new();
    let places = Places::new(&lab.options()).unwrap();
    let _held = places.lock().unwrap();
    let refused = build(&lab.options(), lab.now, StdRng::seed_from_u64(3), &mut |_| {});
    assert!(matches!(refused, Err(FolderError::Locked(_))));
}

/// apt with a root of its own; `None` where there is none.
fn apt(lab: &Lab, arguments: &[&str]) -> Option<(bool, String)> {
    let root = lab.path("apt");
    for folder in
        ["etc/apt/preferences.d", "var/lib/apt/lists/partial", "var/cache/apt/archives/partial"]
    {
        std::fs::create_dir_all(root.join(folder)).unwrap();
    }
    std::fs::write(root.join("status"), b"").unwrap();
    let out = lab.path("out").canonicalize().unwrap();
    let line =
        format!("deb [signed-by={0}/migas.asc check-date=no] copy:{0} files PKGS\n", out.display());
    std::fs::write(root.join("etc/apt/sources.list"), line).unwrap();
    let option = |name: &str, value: &str| format!("{name}={value}");
    let run = Command::new("apt-get")
        .current_dir(&root)
        .env("LC_ALL", "C")
        .args(["-q", "-y"])
        .args(["-o", &option("Dir", root.to_str().unwrap())])
        .args(["-o", &option("Dir::State::status", root.join("status").to_str().unwrap())])
        .args(["-o", "APT::Sandbox::User=root", "-o", "APT::Architecture=amd64"])
        .args(["-o", "APT::Architectures::=amd64", "-o", "APT::Architectures::=i386"])
        .args(["-o", "Debug::NoLocking=1"])
        .args(arguments)
        .output();
    let Ok(run) = run else {
        assert!(option_env!("CI").is_none(), "CI has apt");
        eprintln!("skipped: this machine has no apt-get");
        return None;
    };
    let words = [run.stdout, run.stderr].concat();
    Some((run.status.success(), String::from_utf8_lossy(&words).into_owned()))
}

#[test]
fn d_repo_03_apt_updates_by_hash_and_downloads_without_a_warning() {
    let lab = Lab::new();
    lab.build();
    let Some((good, words)) = apt(&lab, &["update"]) else { return };
    assert!(good && !words.contains("W:") && !words.contains("N:"), "empty: {words}");

    lab.add("demo", "all", "1:1.0-1");
    lab.add("demo-bin", "amd64", "1.0+b1~x");
    lab.build();
    // Without the plain names, what apt reads must come from by-hash.
    for name in ["amd64", "i386"] {
        for ending in ["", ".gz", ".zst"] {
            let path = format!("out/dists/files/PKGS/binary-{name}/Packages{ending}");
            std::fs::remove_file(lab.path(&path)).unwrap();
        }
    }
    let (good, words) = apt(&lab, &["update"]).unwrap();
    assert!(good && !words.contains("W:") && !words.contains("N:"), "{words}");
    let (good, words) = apt(&lab, &["install", "--download-only", "demo", "demo-bin"]).unwrap();
    assert!(good, "{words}");
    let downloaded = files(&lab.path("apt/var/cache/apt/archives"));
    assert!(downloaded.iter().any(|name| name == "demo_1%3a1.0-1_all.deb"), "{downloaded:?}");
    assert!(downloaded.iter().any(|name| name == "demo-bin_1.0+b1~x_amd64.deb"), "{downloaded:?}");
}
