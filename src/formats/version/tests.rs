//! Order of versions: a table, its properties, and dpkg's own opinion.

use std::cmp::Ordering::{self, Equal, Greater, Less};
use std::process::Command;

use proptest::prelude::*;

use super::*;
use crate::formats::tests::{can_ask, check_table, check_total, pairs};

#[rustfmt::skip]
const TABLE: &[(&str, Ordering, &str)] = &[
    ("1.0",        Equal,   "1.0"),
    ("1.0",        Less,    "1.1"),
    ("1.9",        Less,    "1.10"),
    ("1.09",       Equal,   "1.9"),
    ("1.0-1",      Less,    "1.0-2"),
    ("1.0-1",      Greater, "1.0"),
    ("1.0-0",      Equal,   "1.0"),
    ("1.0-1-1",    Greater, "1.0-1"),       // the revision begins after the last hyphen
    ("1.0-1-1",    Less,    "1.0-1.1-1"),
    ("0:1.0",      Equal,   "1.0"),
    ("1:0.1",      Greater, "9"),
    ("1.0~rc1",    Less,    "1.0"),
    ("1.0~~",      Less,    "1.0~"),
    ("1.0~~a",     Less,    "1.0~"),
    ("1.0~",       Less,    "1.0"),
    ("1.0",        Less,    "1.0a"),
    ("1.0a",       Less,    "1.0+"),        // letters before everything else
    ("1.0+b1",     Greater, "1.0"),
    ("1.0-1+b1",   Greater, "1.0-1"),
    ("1.0-1~bpo1", Less,    "1.0-1"),
    ("1.0.",       Greater, "1.0"),
    ("1.a",        Less,    "1.b"),
    ("1.2.3",      Greater, "1.2"),
    ("007",        Equal,   "7"),
    ("99999999999999999999999999999998", Less, "99999999999999999999999999999999"),
    ("1.0-10",     Greater, "1.0-9"),
    ("2:1.0-1",    Greater, "1:9.0-1"),
    ("1.0+dfsg-1", Greater, "1.0-9"),
    ("2.0.7~git20200101-1", Less, "2.0.7-1"),
    ("1.0-1ubuntu1", Greater, "1.0-1"),
];

#[test]
fn versions_have_the_order_of_policy() {
    check_table(compare, TABLE);
}

#[test]
fn a_malformed_version_is_refused() {
    let table = [
        ("", VersionError::Empty),
        (":1", VersionError::Epoch),
        ("a:1", VersionError::Epoch),
        ("3000000000:1", VersionError::Epoch),
        ("1:", VersionError::Upstream),
        ("1-", VersionError::Revision),
        ("-1", VersionError::Upstream),
        ("1/2", VersionError::Character('/')),
        ("1 2", VersionError::Character(' ')),
        ("1-2:3", VersionError::Character(':')),
        ("1.0é", VersionError::Character('é')),
    ];
    for (text, error) in table {
        // A colon after a hyphen makes the part before it the epoch.
        let expected = if text == "1-2:3" { VersionError::Epoch } else { error };
        assert_eq!(Version::parse(text), Err(expected), "{text}");
    }
    let parts = Version::parse("2:1.0-rc:1-3").unwrap();
    assert_eq!(parts, Version { epoch: 2, upstream: "1.0-rc:1", revision: "3" });
}

/// Asks dpkg for `a` against `b`.
fn dpkg_compares(a: &str, b: &str) -> Ordering {
    let holds = |operator| {
        Command::new("dpkg")
            .args(["--compare-versions", a, operator, b])
            .stderr(std::process::Stdio::null())
            .status()
            .expect("dpkg runs")
            .success()
    };
    if holds("lt") {
        Less
    } else if holds("eq") {
        Equal
    } else {
        Greater
    }
}

#[test]
fn dpkg_agrees() {
    if !can_ask("dpkg") {
        return;
    }
    for (a, order, b) in TABLE {
        assert_eq!(dpkg_compares(a, b), *order, "{a} against {b}");
    }
    let pieces = ["", "0", "1", "9", "10", "a", "Z", "~", "~~", "+", ".", "-1", "00", "rc", "b"];
    for (a, b) in pairs(&pieces, 400) {
        assert_eq!(compare(&a, &b), dpkg_compares(&a, &b), "{a} against {b}");
    }
}

fn texts() -> impl Strategy<Value = String> {
    "([0-9]{1,2}:)?[0-9a-c~+.:-]{0,8}"
}

proptest! {
    #[test]
    fn the_order_is_total(a in texts(), b in texts(), c in texts()) {
        check_total(compare, &a, &b, &c)?;
    }

    #[test]
    fn any_text_compares(a in any::<String>(), b in any::<String>()) {
        prop_assert_eq!(compare(&a, &b), compare(&b, &a).reverse());
        let _never_panics = Version::parse(&a);
    }
}
