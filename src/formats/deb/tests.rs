//! Packages good and bad, in slices of every size.

use std::process::Command;
use std::sync::LazyLock;

use proptest::prelude::*;

use super::write::{Recipe, acme_test_files};
use super::*;
use crate::formats::decompress::Compression;
use crate::formats::tar::{Kind, Limits};

const CONTROL: &str = "Package: demo\nVersion: 1:2.0-1\nArchitecture: all\nDescription: x\n y\n";

fn recipe(compression: Compression) -> Recipe {
    let mut recipe = Recipe::of(Stanza::parse(CONTROL.as_bytes()).unwrap());
    recipe.compression = compression;
    recipe.scripts = vec![("postinst".into(), "#!/bin/sh\n".into())];
    recipe.conffiles = vec!["/etc/demo.conf".into()];
    recipe.file("etc/demo.conf", "a=1\n").file("usr/share/doc/demo/changelog.gz", b"".to_vec())
}

/// Pushes the package in slices of `step` bytes.
fn parse_in_steps(bytes: &[u8], step: usize) -> Result<Package, DebError> {
    let mut reader = Reader::default();
    for slice in bytes.chunks(step) {
        reader.push(slice)?;
    }
    reader.finish()
}

/// An ar archive of any members.
fn ar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut bytes = b"!<arch>\n".to_vec();
    for (name, body) in members {
        let header =
            format!("{name:<16}{:<12}{:<6}{:<6}{:<8}{:<10}`\n", 0, 0, 0, 100_644, body.len());
        bytes.extend_from_slice(header.as_bytes());
        bytes.extend_from_slice(body);
        if body.len() % 2 == 1 {
            bytes.push(b'\n');
        }
    }
    bytes
}

/// A tar archive of files with these names and bodies.
fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = ::tar::Builder::new(Vec::new());
    for (path, body) in files {
        let mut header = ::tar::Header::new_gnu();
        header.set_size(body.len() as u64);
        header.set_mode(0o644);
        header.as_mut_bytes()[..path.len()].copy_from_slice(path.as_bytes());
        header.set_cksum();
        builder.append(&header, *body).unwrap();
    }
    builder.into_inner().unwrap()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A package around a control archive.
fn around(control: &[u8]) -> Vec<u8> {
    ar(&[("debian-binary", b"2.0\n"), ("control.tar", control), ("data.tar", &tar(&[]))])
}

#[test]
fn a_package_is_read_whatever_its_compression_and_slicing() {
    for kind in [Compression::None, Compression::Gzip, Compression::Xz, Compression::Zstd] {
        let bytes = recipe(kind).build().unwrap();
        for step in [1, 7, 61, 4096, bytes.len()] {
            let package = parse_in_steps(&bytes, step).unwrap();
            assert_eq!((&*package.name, &*package.version), ("demo", "1:2.0-1"), "{kind:?}");
            assert_eq!(package.conffiles, ["/etc/demo.conf"]);
            assert_eq!(package.scripts[0].name, "postinst");
            assert_eq!(package.control.get("Description"), Some("x\n y"));
            assert_eq!(package.summary(), "x");
        }
    }
}

#[test]
fn members_that_begin_with_an_underscore_or_follow_the_data_are_ignored() {
    let control = tar(&[("control", CONTROL.as_bytes())]);
    let bytes = ar(&[
        ("debian-binary", b"2.1\nmore\n"),
        ("_extra", b"x"),
        ("control.tar/", &control),
        ("_extra2", b"xy"),
        ("data.tar.gz/", &gzip(b"")),
        ("_gpgorigin", b"signature"),
    ]);
    assert_eq!(parse_in_steps(&bytes, 13).unwrap().name, "demo");
}

#[test]
fn a_bad_package_is_refused_with_the_reason() {
    let good = recipe(Compression::Gzip).build().unwrap();
    let control = tar(&[("./control", CONTROL.as_bytes())]);
    let binary: (&str, &[u8]) = ("debian-binary", b"2.0\n");
    let with = |text: &str| around(&tar(&[("./control", text.as_bytes())]));
    let table: Vec<(&str, Vec<u8>, &str)> = vec![
        ("empty", vec![], "truncated in the ar magic"),
        ("text", b"hello".to_vec(), "no ar archive"),
        ("rpm", b"\xed\xab\xee\xdb\x03\0\0\0".to_vec(), "RPM"),
        ("page", b"<!DOCTYPE html>".to_vec(), "page of a web site"),
        ("cut in the magic", good[..5].to_vec(), "truncated in the ar magic"),
        ("cut in a header", good[..30].to_vec(), "truncated in an ar header"),
        ("cut in control", good[..200].to_vec(), "truncated in a member"),
        ("cut in data", good[..good.len() - 20].to_vec(), "truncated in a member"),
        ("other ar", ar(&[("lib.o", b"x")]), "ar archive of other things"),
        ("no control", ar(&[binary, ("data.tar.gz", &gzip(b""))]), "control.tar is missing"),
        ("no data", ar(&[binary, ("control.tar", &control)]), "data.tar is missing"),
        ("nothing inside", ar(&[binary]), "control.tar is missing"),
        ("version 3", ar(&[("debian-binary", b"3.0\n")]), "format \"3.0\""),
        ("unknown packing", ar(&[binary, ("control.tar.lz4", b"x")]), "control.tar.lz4"),
        (
            "mislabelled control",
            ar(&[binary, ("control.tar.xz", &gzip(&control))]),
            "what its name",
        ),
        (
            "mislabelled data",
            ar(&[binary, ("control.tar", &control), ("data.tar.zst", b"nothing")]),
            "data.tar.zst does not hold",
        ),
        ("no control file", around(&tar(&[("./postinst", b"")])), "control is missing"),
        ("path out", around(&tar(&[("../../etc/passwd", b"")])), "leads out"),
        ("absolute path", around(&tar(&[("/etc/passwd", b"")])), "leads out"),
        (
            "two controls",
            around(&tar(&[("control", CONTROL.as_bytes()), ("./control", CONTROL.as_bytes())])),
            "control stands twice",
        ),
        ("damaged tar", around(&[7; 1024]), "archive is damaged"),
        ("no package", with("Version: 1\nArchitecture: all\n"), "Package is missing"),
        ("no version", with("Package: a\nArchitecture: all\n"), "Version is missing"),
        ("no architecture", with("Package: a\nVersion: 1\n"), "Architecture is missing"),
        ("name with a slash", with("Package: a/../b\nVersion: 1\nArchitecture: all\n"), "Package"),
        ("bad version", with("Package: a\nVersion: 1/2\nArchitecture: all\n"), "Version"),
        ("bad architecture", with("Package: a\nVersion: 1\nArchitecture: ../x\n"), "Architecture"),
        ("twice", with("Package: a\npackage: b\n"), "control file is malformed"),
    ];
    for (name, bytes, expected) in table {
        for step in [1, 1000] {
            let error = parse_in_steps(&bytes, step).expect_err(name).to_string();
            assert!(error.contains(expected), "{name}: {error}");
        }
    }
    let not_text = tar(&[("./control", b"Package: \xff\xfe\n")]);
    assert!(matches!(
        parse(&around(&not_text)),
        Err(DebError::Control(Deb822Error::Utf8 { line: 1 }))
    ));
}

#[test]
fn monstrous_control_archives_are_refused_early() {
    let many: Vec<String> = (0..100_000).map(|n| format!("f{n}")).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|name| (name.as_str(), &b""[..])).collect();
    let package = ar(&[("debian-binary", b"2.0\n"), ("control.tar.gz", &gzip(&tar(&many)))]);
    let error = parse(&package).unwrap_err();
    assert!(matches!(error, DebError::Tar(TarError::TooManyEntries { limit: 1000 })), "{error:?}");

    let zeros = vec![0_u8; 80 << 20];
    let package =
        ar(&[("debian-binary", b"2.0\n"), ("control.tar.gz", &gzip(&tar(&[("md5sums", &zeros)])))]);
    let error = parse(&package).unwrap_err();
    assert!(matches!(error, DebError::Tar(TarError::TooLarge { .. })), "{error:?}");

    let package = around(&tar(&[("control", &zeros[..2 << 20])]));
    assert!(matches!(parse(&package), Err(DebError::FileTooLarge { .. })));

    // The size is refused when the header says it, before the bytes come.
    let mut header = ar(&[("debian-binary", b"2.0\n"), ("control.tar", b"")]);
    header.truncate(header.len() - 12);
    header.extend_from_slice(b"9999999999`\n");
    let mut reader = Reader::default();
    assert!(matches!(reader.push(&header), Err(DebError::MemberTooLarge { .. })));
}

#[test]
fn d_pkg_04_names_of_package_files() {
    for good in ["a_1.0_all.deb", "a b.deb", "a_1%3a2_amd64.deb", "ñ.deb", &"x".repeat(255)] {
        check_file_name(good).unwrap();
    }
    for bad in
        ["", ".", "..", ".a", "a/b", "../a.deb", "a..deb", "a\\b", "a\nb", "a\0", "/", "\u{9b}a"]
    {
        assert!(check_file_name(bad).is_err(), "{bad:?}");
    }
    assert!(check_file_name(&"x".repeat(256)).is_err());
}

#[test]
fn d_pms_03_contents_of_the_book_s_package() {
    let (name, bytes) = acme_test_files(2).unwrap();
    assert_eq!(name, "acme-test-files_1.0-2_all.deb");
    let read = contents(&bytes[..], "acme-test-files", ContentsLimits::default()).unwrap();
    let paths: Vec<&str> = read
        .files
        .iter()
        .filter(|file| file.kind == Kind::File)
        .map(|file| file.path.as_str())
        .collect();
    assert_eq!(
        paths,
        [
            "/usr/share/acme-test-files/example.csv",
            "/usr/share/acme-test-files/example.txt",
            "/usr/share/acme-test-files/tux.svg",
            "/usr/share/doc/acme-test-files/changelog.Debian.gz",
            "/usr/share/doc/acme-test-files/copyright",
        ]
    );
    let changelog = read.changelog.unwrap();
    let (newest, oldest) = (changelog.find("(1.0-2)"), changelog.find("(1.0-1)"));
    assert!(newest.unwrap() < oldest.unwrap(), "newest first");
    assert!(!read.truncated);
}

#[test]
fn d_pms_03_a_rebuild_s_changelog_stands_before_the_rest() {
    let recipe = Recipe::of(Stanza::parse(CONTROL.as_bytes()).unwrap())
        .file("usr/share/doc/demo/changelog.Debian.amd64.gz", gzip(b"demo (2.0-1+b1)\n"))
        .file("usr/share/doc/demo/changelog.Debian.gz", gzip(b"demo (2.0-1)\n"))
        .file("usr/share/doc/demo/changelog.gz", gzip(b"upstream"));
    let bytes = recipe.build().unwrap();
    let read = contents(&bytes[..], "demo", ContentsLimits::default()).unwrap();
    assert_eq!(read.changelog.unwrap(), "demo (2.0-1+b1)\n\ndemo (2.0-1)\n");
}

#[test]
fn contents_stop_at_their_limits_and_say_so() {
    let bytes = recipe(Compression::Zstd).build().unwrap();
    let few = ContentsLimits { files: 2, ..ContentsLimits::default() };
    let read = contents(&bytes[..], "demo", few).unwrap();
    assert!(read.truncated);
    assert!(read.files.len() < 3);
    let small = ContentsLimits { unpacked_bytes: 700, ..ContentsLimits::default() };
    assert!(contents(&bytes[..], "demo", small).unwrap().truncated);
    assert!(contents(&bytes[..100], "demo", few).is_err());
    assert!(contents(&b"nothing"[..], "demo", few).is_err());
}

#[test]
fn the_book_s_package_is_always_the_same_and_dpkg_accepts_it() {
    assert_eq!(acme_test_files(1).unwrap(), acme_test_files(1).unwrap());
    if Command::new("dpkg-deb").arg("--version").output().is_err() {
        assert!(option_env!("CI").is_none(), "CI has dpkg-deb");
        eprintln!("skipped: this machine has no dpkg-deb");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for kind in [Compression::None, Compression::Gzip, Compression::Xz, Compression::Zstd] {
        let path = folder.path().join("x.deb");
        std::fs::write(&path, recipe(kind).build().unwrap()).unwrap();
        for option in ["--info", "--contents"] {
            let run = Command::new("dpkg-deb").arg(option).arg(&path).output().unwrap();
            let words = String::from_utf8_lossy(&run.stderr).into_owned();
            assert!(run.status.success() && words.is_empty(), "{kind:?} {option}: {words}");
        }
    }
}

static GOOD: LazyLock<Vec<u8>> = LazyLock::new(|| recipe(Compression::Zstd).build().unwrap());

proptest! {
    #[test]
    fn a_damaged_package_is_read_or_refused(at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<prop::sample::Index>()) {
        let mut bytes = GOOD.clone();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let whole = parse(&bytes).is_ok();
        prop_assert_eq!(whole, parse_in_steps(&bytes, 3).is_ok());
        let _any_outcome = contents(&bytes[..], "demo", ContentsLimits::default());
        let _any_outcome = parse(&bytes[..cut.index(bytes.len())]);
    }

    #[test]
    fn any_bytes_are_refused_not_fatal(tail in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(parse(&tail).is_err());
        let _any_outcome = parse(&[&b"!<arch>\n"[..], &tail].concat());
        let bounds = Limits { entries: 5, bytes: 5_000 };
        let _any_outcome = crate::formats::tar::Archive::new(&tail[..], bounds).next_entry();
    }
}
