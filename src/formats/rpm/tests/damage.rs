//! Forged, damaged and lying packages, each with the clear message it gets.

use proptest::prelude::*;

use super::super::*;
use super::forge::{Forged, Value, least, package, version_6};
use super::samples::{SAMPLES, sample};

fn message(bytes: &[u8]) -> String {
    parse(bytes).expect_err("refused").to_string()
}

fn forged(main: &Forged) -> Vec<u8> {
    package(3, &Forged::default(), main, b"payload")
}

#[test]
fn format_6_is_read_like_the_older_ones() {
    let package = parse(&version_6(b"payload")).unwrap();
    assert_eq!(package.evr(), "7:1.0-1");
    assert_eq!(package.modularity_label, "acme:1:20260115:c0ffee");
    assert_eq!((package.installed_bytes, package.archive_bytes), (5 << 32, 6 << 32));
    let [file] = &*package.files else { panic!("one file") };
    assert_eq!((&*file.path, file.size_bytes), ("/usr/share/file", 5 << 32));
    let mut damaged = version_6(b"payload");
    *damaged.last_mut().unwrap() ^= 1;
    assert_eq!(message(&damaged), "the payload differs from its digest: the package is damaged");
}

#[test]
fn the_weak_dependencies_of_old_suse_packages_are_read() {
    use Value::{Int32, Texts};
    // RPMSENSE_STRONG, alone and with "greater or equal".
    const STRONG: u32 = 1 << 27;
    const AT_LEAST: u32 = 1 << 2 | 1 << 3;
    let main = least()
        .with(1156, Texts(vec!["acme-help", "acme-games", "acme-fonts"]))
        .with(1157, Texts(vec!["", "2.0-1", "1"]))
        .with(1158, Int32(vec![STRONG, AT_LEAST, STRONG | AT_LEAST]))
        .with(1159, Texts(vec!["modalias(usb:v1*)", "acme-desktop"]))
        .with(1160, Texts(vec!["", ""]))
        .with(1161, Int32(vec![STRONG, 0]))
        .with(5046, Texts(vec!["acme-new"]))
        .with(5047, Texts(vec![""]))
        .with(5048, Int32(vec![0]));
    let package = parse(&forged(&main)).unwrap();
    // tags               read as              the dependencies
    let table: [(&str, &[Dependency], &[&str]); 4] = [
        ("5046, strong 1156", &package.recommends, &["acme-new", "acme-help", "acme-fonts >= 1"]),
        ("1156", &package.suggests, &["acme-games >= 2.0-1"]),
        ("strong 1159", &package.supplements, &["modalias(usb:v1*)"]),
        ("1159", &package.enhances, &["acme-desktop"]),
    ];
    for (tags, read, expected) in table {
        let read: Vec<String> = read.iter().map(ToString::to_string).collect();
        assert_eq!(read, expected, "{tags}");
    }
    let short = least().with(1156, Texts(vec!["a", "b"])).with(1158, Int32(vec![0]));
    let said = message(&forged(&short));
    assert!(said.contains("suggests"), "{said}");
}

#[test]
fn what_is_no_package_is_named() {
    let table: &[(&[u8], &str)] = &[
        (b"", "the package is truncated in the lead"),
        (b"\xed\xab", "the package is truncated in the lead"),
        (b"!<arch>\ndebian-binary", "not an RPM package: it is a Debian package"),
        (b"\x1f\x8b\x08\x00", "not an RPM package: it is a gzip file"),
        (b"PK\x03\x04", "not an RPM package: it is a zip file"),
        (b"<!DOCTYPE html>", "not an RPM package: it looks like a page of a web site"),
        (b"anything else", "not an RPM package: it has no lead"),
        (b"\xed\xab\xee\xdb\x09\x00", "package format 9 is not supported"),
    ];
    for (bytes, expected) in table {
        assert_eq!(message(bytes), *expected);
    }
}

/// Index of an array of strings that is not one.
const TEXT: u32 = 6;
const TEXTS: u32 = 8;

#[test]
fn headers_that_lie_are_refused() {
    let intro = |entries: u32, store: u32| {
        let mut bytes = package(3, &Forged::default(), &least(), b"");
        bytes.truncate(96);
        bytes.extend([0x8e, 0xad, 0xe8, 1, 0, 0, 0, 0]);
        bytes.extend(entries.to_be_bytes());
        bytes.extend(store.to_be_bytes());
        bytes
    };
    let digest = |signature: Forged| package(3, &signature, &least(), b"payload");
    let files = least()
        .with(1116, Value::Int32(vec![1]))
        .with(1117, Value::Texts(vec!["a"]))
        .with(1118, Value::Texts(vec!["/"]));
    let long = "x".repeat(1 << 20).leak();
    let paths = least()
        .with(1116, Value::Int32(vec![0; 100]))
        .with(1117, Value::Texts(vec!["a"; 100]))
        .with(1118, Value::Texts(vec![long]));
    let triggers = least()
        .with(1065, Value::Texts(vec!["text"]))
        .with(1066, Value::Texts(vec!["a"]))
        .with(1067, Value::Texts(vec![""]))
        .with(1068, Value::Int32(vec![1 << 16]))
        .with(1069, Value::Int32(vec![1]));
    let table = [
        (intro(u32::MAX, 0), "the signature header claims 4294967295 tags, more than 8192"),
        (intro(1, u32::MAX), "the signature header claims 4294967295 bytes, more than 33554432"),
        (intro(1, 1 << 20), "the package is truncated in the signature header"),
        (
            [&package(3, &Forged::default(), &least(), b"")[..112], &[0; 16]].concat(),
            "the main header does not begin as one",
        ),
        (
            forged(&least().lying([1000, TEXT, 9999, 1])),
            "tag 1000 of the main header leads out of it",
        ),
        (
            forged(&least().lying([1000, TEXT, u32::MAX, 1])),
            "tag 1000 of the main header leads out of it",
        ),
        (
            forged(&least().lying([1047, TEXTS, 0, 100])),
            "tag 1047 of the main header leads out of it",
        ),
        (
            forged(&least().lying([1048, 4, 0, u32::MAX])),
            "tag 1048 of the main header leads out of it",
        ),
        (forged(&least().lying([1000, 4, 0, 1])), "tag 1000 has type 4, which it cannot have"),
        (forged(&least().lying([4711, 77, 0, 1])), "tag 4711 has type 77, which it cannot have"),
        (
            forged(&least().lying([1047, TEXTS, 0, u32::MAX])),
            "tag 1047 has 4294967295 values, more than 200000",
        ),
        (forged(&least().without(1000)), "the name is missing"),
        (forged(&least().without(1001)), "the version is missing"),
        (forged(&least().without(1022)), "the architecture is missing"),
        (
            forged(&least().without(1000).with(1000, Value::Text("../etc"))),
            "the name has the malformed value \"../etc\"",
        ),
        (
            forged(&least().without(1002).with(1002, Value::Text("1-2"))),
            "the release has the malformed value \"1-2\"",
        ),
        (
            forged(&least().with(1003, Value::Int64(vec![1 << 40]))),
            "the epoch has the malformed value \"1099511627776\"",
        ),
        (forged(&files), "the lists of files do not fit together"),
        (
            forged(&least().with(1117, Value::Texts(vec!["a"]))),
            "the lists of files do not fit together",
        ),
        (forged(&paths), "the paths of the files take more than 67108864 bytes"),
        (
            forged(
                &least().with(1049, Value::Texts(vec!["a", "b"])).with(1048, Value::Int32(vec![0])),
            ),
            "the lists of requires do not fit together",
        ),
        (
            forged(&least().with(1080, Value::Int32(vec![0]))),
            "the lists of changes do not fit together",
        ),
        (forged(&triggers), "the lists of triggers do not fit together"),
        (
            digest(Forged::default().with(273, Value::Text("00"))),
            "the main header differs from its digest: the package is damaged",
        ),
        (
            digest(Forged::default().with(269, Value::Text("00"))),
            "the main header differs from its digest: the package is damaged",
        ),
        (
            digest(Forged::default().with(1004, Value::Bytes(vec![0; 16]))),
            "the payload differs from its digest: the package is damaged",
        ),
        (
            digest(Forged::default().with(1000, Value::Int32(vec![1 << 20]))),
            "the package is truncated in the payload",
        ),
    ];
    for (bytes, expected) in table {
        assert_eq!(message(&bytes), expected);
    }
    let bytes = digest(Forged::default().with(1000, Value::Int32(vec![10])));
    assert!(matches!(parse(&bytes), Err(RpmError::TooLong { announced: 10 })));
}

#[test]
fn a_package_that_ends_early_or_goes_on_is_refused() {
    for name in SAMPLES {
        let bytes = sample(name);
        for end in (0..bytes.len()).step_by(97).chain([bytes.len() - 1]) {
            let refused = parse(&bytes[..end]).expect_err("refused");
            assert!(matches!(refused, RpmError::Truncated { .. }), "{name} at {end}: {refused}");
        }
        let longer = [&bytes[..], b"more"].concat();
        assert!(matches!(parse(&longer), Err(RpmError::TooLong { .. })), "{name}");
    }
}

#[test]
fn no_byte_of_header_or_payload_changes_unnoticed() {
    let bytes = sample("acme-plain-1.0-1.noarch.rpm");
    let start = usize::try_from(parse(&bytes).unwrap().header_range.start).unwrap();
    for at in (start..bytes.len()).step_by(13) {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0x20;
        assert!(parse(&damaged).is_err(), "byte {at}");
    }
}

proptest! {
    #[test]
    fn any_bytes_give_an_answer(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        let _never_panics = parse(&bytes);
    }

    #[test]
    fn a_forged_header_gives_an_answer_whatever_its_index_says(
        entries in prop::collection::vec(
            (prop::sample::select(&[1000_u32, 1001, 1027, 1030, 1047, 1048, 1049, 1050, 1065, 1066,
                1067, 1068, 1069, 1080, 1081, 1082, 1116, 1117, 1118, 5008, 5092]),
             0_u32..11, 0_u32..200, 0_u32..20), 0..30),
        payload in prop::collection::vec(any::<u8>(), 0..50),
    ) {
        let mut main = least();
        for (tag, kind, offset, count) in entries {
            main = main.lying([tag, kind, offset, count]);
        }
        let bytes = package(3, &Forged::default(), &main, &payload);
        let whole = parse(&bytes);
        let mut reader = Reader::default();
        let sliced = bytes.chunks(11).try_for_each(|slice| reader.push(slice));
        prop_assert_eq!(whole, sliced.and_then(|()| reader.finish()));
    }

    #[test]
    fn a_mutated_sample_gives_an_answer(
        which in 0..SAMPLES.len(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
    ) {
        let mut bytes = sample(SAMPLES[which]);
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Ok(package) = parse(&bytes) {
            prop_assert!(!package.name.is_empty());
        }
    }
}
