//! Every finished rule of the behaviour specification is asserted by a test.
//!
//! `testdata/rules.txt` names the finished rules. A rule counts as asserted if its id is the first
//! column of a table row (`("D-GEN-04", ...`) or part of a test's name (`fn d_gen_04_...`);
//! comments do not count. `testdata/rules_later.txt` names rules, or clauses of rules, that wait
//! for a part of the product that is not there yet, each with its reason.

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;

use crate::source::below;

const FINISHED: &str = include_str!("../../testdata/rules.txt");
const LATER: &str = include_str!("../../testdata/rules_later.txt");

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// Expands `D-GEN 1-13` and `D-OP 1 2 5` to ids.
fn finished() -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    for line in lines(FINISHED) {
        let (area, numbers) = line.split_once(' ').unwrap();
        for part in numbers.split_whitespace() {
            let (from, to) = part.split_once('-').unwrap_or((part, part));
            for number in from.parse::<u32>().unwrap()..=to.parse().unwrap() {
                ids.insert(format!("{area}-{number:02}"));
            }
        }
    }
    ids
}

/// The ids of `rules_later.txt` that wait as a whole.
fn later(finished: &BTreeSet<String>) -> BTreeSet<String> {
    let mut whole = BTreeSet::new();
    for line in lines(LATER) {
        let fields: Vec<&str> = line.split('|').map(str::trim).collect();
        let [id, clause, reason] = fields[..] else {
            panic!("`{line}`: not `id | clause | reason`")
        };
        assert!(finished.contains(id), "{id} waits for later but is no finished rule");
        assert!(!reason.is_empty(), "{id} waits without a reason");
        if clause == "all" {
            whole.insert(id.to_owned());
        }
    }
    whole
}

/// Where each rule is asserted.
fn asserted() -> BTreeMap<String, String> {
    let row = Regex::new(r#"^\s*[(\[]?\s*"(D-[A-Z]+-[0-9]{2})"\s*,"#).unwrap();
    let name = Regex::new(r"^\s*(?:pub )?(?:async )?fn ([a-z0-9_]+)\(").unwrap();
    let id = Regex::new(r"(?:^|_)d_([a-z]+)_([0-9]{2})(?:_|$)").unwrap();
    let mut found = BTreeMap::new();
    for file in below("src").iter().chain(&below("tests")) {
        let mut test = false;
        for (number, line) in file.code() {
            let place = format!("{}:{number}", file.path);
            if let Some(row) = row.captures(line) {
                found.insert(row[1].to_owned(), place.clone());
            }
            test |= line.contains("test]") || line.contains("::test(");
            if let Some(name) = name.captures(line) {
                let mut rest = &name[1];
                while let Some(part) = id.captures(rest).filter(|_| test) {
                    found.insert(
                        format!("D-{}-{}", part[1].to_uppercase(), &part[2]),
                        place.clone(),
                    );
                    rest = &rest[part.get(2).unwrap().end()..];
                }
                test = false;
            }
        }
    }
    found
}

#[test]
fn every_finished_rule_is_asserted() {
    let (finished, asserted) = (finished(), asserted());
    let later = later(&finished);
    let missing: Vec<&str> = finished
        .iter()
        .filter(|id| !asserted.contains_key(*id) && !later.contains(*id))
        .map(String::as_str)
        .collect();
    assert!(missing.is_empty(), "{} rules without a test:\n{}", missing.len(), missing.join(" "));
}

#[test]
fn what_is_asserted_does_not_wait() {
    let asserted = asserted();
    for id in later(&finished()) {
        assert!(!asserted.contains_key(&id), "{id} is asserted at {} and waits", asserted[&id]);
    }
}
