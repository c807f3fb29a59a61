//! Order of RPM versions: a table, its properties, and rpm's own opinion.

use std::cmp::Ordering::{self, Equal, Greater, Less};
use std::process::Command;

use proptest::prelude::*;

use super::*;
use crate::formats::tests::{can_ask, check_table, check_total, pairs};

#[rustfmt::skip]
const TABLE: &[(&str, Ordering, &str)] = &[
    ("1.0-1",        Equal,   "1.0-1"),
    ("1.0-1",        Less,    "1.0-2"),
    ("1.9-1",        Less,    "1.10-1"),
    ("1.09-1",       Equal,   "1.9-1"),
    ("1.0-1",        Greater, "1.0"),          // any release is newer than none
    ("0:1.0-1",      Equal,   "1.0-1"),
    (":1.0-1",       Equal,   "1.0-1"),
    ("1:0.1-1",      Greater, "9-1"),
    ("2:1.0-1",      Greater, "1:9.0-1"),
    ("1.0~rc1-1",    Less,    "1.0-1"),
    ("1.0~rc1-1",    Less,    "1.0~rc2-1"),
    ("1.0~~-1",      Less,    "1.0~-1"),
    ("1.0~rc1^git1-1", Greater, "1.0~rc1-1"),
    ("1.0^git1~pre-1", Less,  "1.0^git1-1"),
    ("1.0^-1",       Greater, "1.0-1"),
    ("1.0^git1-1",   Less,    "1.0.1-1"),
    ("1.0^git1-1",   Less,    "1.0a-1"),       // a caret is less than more of the version
    ("1.0^git1-1",   Less,    "1.0^git2-1"),
    ("1.0a-1",       Less,    "1.0.1-1"),      // letters are older than numbers
    ("1.0a-1",       Greater, "1.0-1"),
    ("1.a-1",        Less,    "1.b-1"),
    ("1.A-1",        Less,    "1.a-1"),
    ("1_0-1",        Equal,   "1.0-1"),        // what separates does not matter
    ("1.0.-1",       Equal,   "1.0-1"),
    ("1..0-1",       Equal,   "1.0-1"),
    ("10-1",         Greater, "9a-1"),
    ("007-1",        Equal,   "7-1"),
    ("0-1",          Equal,   "000-1"),
    ("5.5p10-1",     Greater, "5.5p2-1"),
    ("10xyz-1",      Less,    "10.1xyz-1"),
    ("xyz10-1",      Less,    "xyz10.1-1"),
    ("2.0-3.fc40",   Less,    "2.0-3.fc41"),
    ("2.0-3.fc40",   Less,    "2.0-3.fc40.1"),
    ("2.0-3.el9_4",  Less,    "2.0-3.el9_5"),
    ("20240102-1",   Less,    "20240103-1"),
    ("99999999999999999999999999999998-1", Less, "99999999999999999999999999999999-1"),
    ("é-1",          Equal,   "ñ-1"),          // what is not ASCII separates
];

#[test]
fn versions_have_the_order_of_rpm() {
    check_table(compare, TABLE);
}

#[test]
fn any_text_has_parts() {
    let evr = |epoch, version, release| Evr { epoch, version, release };
    let table = [
        ("1.0", evr(None, "1.0", None)),
        ("1.0-2", evr(None, "1.0", Some("2"))),
        ("3:1.0-2", evr(Some("3"), "1.0", Some("2"))),
        ("1.0-2-3", evr(None, "1.0-2", Some("3"))),
        ("a:1.0-2", evr(None, "a:1.0", Some("2"))),
        (":1.0", evr(None, "1.0", None)),
        ("", evr(None, "", None)),
    ];
    for (text, expected) in table {
        assert_eq!(Evr::split(text), expected, "{text}");
    }
}

/// Asks rpm for many comparisons at once.
fn rpm_compares(pairs: &[(String, String)]) -> Vec<Ordering> {
    let lines = pairs.iter().map(|(a, b)| format!("print(rpm.vercmp('{a}', '{b}') .. ' ')"));
    // `%` begins a macro, and none of the texts has one.
    let script = format!("%{{lua: {}}}", lines.collect::<Vec<_>>().join("\n"));
    let output = Command::new("rpm").args(["--eval", &script]).output().expect("rpm runs");
    let text = String::from_utf8(output.stdout).expect("numbers");
    let numbers = text.split_whitespace().map(|number| number.parse::<i32>().expect("a number"));
    numbers.map(|number| number.cmp(&0)).collect()
}

#[test]
fn rpm_agrees() {
    if !can_ask("rpm") {
        return;
    }
    let pieces =
        ["", "0", "1", "9", "10", "a", "Z", "~", "~~", "^", "^^", "+", ".", "_", "-1", "00", "rc"];
    let mut pairs = pairs(&pieces, 1000);
    pairs.extend(TABLE.iter().map(|(a, _, b)| ((*a).to_owned(), (*b).to_owned())));
    let theirs = rpm_compares(&pairs);
    assert_eq!(theirs.len(), pairs.len());
    for ((a, b), theirs) in pairs.iter().zip(theirs) {
        assert_eq!(compare(a, b), theirs, "{a} against {b}");
    }
}

fn texts() -> impl Strategy<Value = String> {
    "([0-9]{1,2}:)?[0-9a-c~^+._-]{0,8}"
}

proptest! {
    #[test]
    fn the_order_is_total(a in texts(), b in texts(), c in texts()) {
        check_total(compare, &a, &b, &c)?;
    }

    #[test]
    fn any_text_compares(a in any::<String>(), b in any::<String>()) {
        prop_assert_eq!(compare(&a, &b), compare(&b, &a).reverse());
    }
}
