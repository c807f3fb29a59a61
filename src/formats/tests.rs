//! What the order of versions must keep in every format: the tests of `version` and `evr` say of
//! which order, with a table of their own and the format's own program.

use std::cmp::Ordering::{self, Equal, Greater};
use std::process::Command;

use proptest::prelude::*;

/// Says how one version stands to another.
pub(super) type Compare = fn(&str, &str) -> Ordering;

/// Checks a table, both ways round.
pub(super) fn check_table(compare: Compare, table: &[(&str, Ordering, &str)]) {
    for (a, order, b) in table {
        assert_eq!(compare(a, b), *order, "{a} against {b}");
        assert_eq!(compare(b, a), order.reverse(), "{b} against {a}");
    }
}

/// Pairs of versions made of the pieces that matter, from a fixed sequence.
pub(super) fn pairs(pieces: &[&str], count: usize) -> Vec<(String, String)> {
    let mut state = 42_u32;
    let mut piece = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        pieces[(state >> 16) as usize % pieces.len()]
    };
    let mut version = || format!("1{}{}{}{}", piece(), piece(), piece(), piece());
    (0..count).map(|_| (version(), version())).collect()
}

/// Whether the program that knows the order is here to be asked.
pub(super) fn can_ask(program: &str) -> bool {
    let is_there = Command::new(program).arg("--version").output().is_ok();
    if !is_there {
        assert!(option_env!("CI").is_none(), "CI has {program}");
        eprintln!("skipped: this machine has no {program} to compare with");
    }
    is_there
}

/// Any two versions compare one way only, and the order has no circles.
pub(super) fn check_total(
    compare: Compare,
    a: &str,
    b: &str,
    c: &str,
) -> Result<(), TestCaseError> {
    prop_assert_eq!(compare(a, a), Equal);
    prop_assert_eq!(compare(a, b), compare(b, a).reverse());
    if compare(a, b) != Greater && compare(b, c) != Greater {
        prop_assert_ne!(compare(a, c), Greater, "{} {} {}", a, b, c);
    }
    Ok(())
}
