//! What the differences of all computers come to: packages, bytes, days, and whether the number of
//! those that lose something must be typed.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::packages::{Effect, REMOVE};
use super::{AffectedComputer, Found, PackageEffect, Preview, PreviewDay};
use crate::storage::machines::Known;

/// Computers and packages that are listed one by one.
const LISTED: usize = 100;
/// Losing more computers than this, the number must be typed.
const MANY: i64 = 50;
/// So must be losing this many, if they are a fifth of all.
const SOME: i64 = 20;

/// Computers and bytes.
type Count = (i64, u64);

/// The differences that were added so far.
#[derive(Default)]
pub(super) struct Sum<'a> {
    /// By package and kind of effect.
    effects: BTreeMap<(String, &'static str), Count>,
    days: BTreeMap<Date, Count>,
    gaining: Vec<&'a Known>,
    losing: Vec<&'a Known>,
}

impl<'a> Sum<'a> {
    /// Adds one computer.
    pub(super) fn add(&mut self, found: &Found<'a>, effects: Vec<Effect>, today: Date) {
        let Found { known, difference, refreshed } = found;
        let removes = effects.iter().any(|effect| effect.kind == REMOVE);
        let mut days: BTreeMap<Date, u64> =
            difference.gained.values().map(|day| (*day, 0)).collect();
        for Effect { package, kind, bytes, day } in effects {
            count_one(self.effects.entry((package, kind)).or_default(), bytes);
            *days.entry(day).or_default() += bytes;
        }
        let reached = !difference.gained.is_empty()
            || !difference.install.is_empty()
            || !refreshed.is_empty();
        if reached {
            self.gaining.push(known);
            if days.is_empty() {
                days.insert(today, 0);
            }
        }
        if removes || !difference.lost.is_empty() || !difference.released.is_empty() {
            self.losing.push(known);
        }
        for (day, bytes) in days {
            count_one(self.days.entry(day).or_default(), bytes);
        }
    }

    /// Returns what there is to say of `all` productive computers, some of which are `changed`.
    pub(super) fn preview(self, all: usize, changed: usize) -> Preview {
        let (all, changed, lost) = (number(all), number(changed), number(self.losing.len()));
        let effect = |((package, kind), (computers, bytes)): ((String, &str), Count)| {
            PackageEffect { package, effect: kind.to_owned(), computers, bytes }
        };
        let mut packages: Vec<PackageEffect> = self.effects.into_iter().map(effect).collect();
        let bytes = packages.iter().map(|effect| effect.bytes).sum();
        packages
            .sort_by(|a, b| b.computers.cmp(&a.computers).then_with(|| a.package.cmp(&b.package)));
        packages.truncate(LISTED);
        let day = |(date, (computers, bytes)): (Date, Count)| PreviewDay {
            date: date.to_string(),
            computers,
            bytes,
        };
        Preview {
            gained: number(self.gaining.len()),
            lost,
            changed,
            unchanged: all - changed,
            gaining: listed(self.gaining),
            losing: listed(self.losing),
            packages,
            bytes,
            days: self.days.into_iter().map(day).collect(),
            confirm: must_be_typed(lost, all).then_some(lost),
        }
    }
}

fn count_one((computers, all): &mut Count, bytes: u64) {
    *computers += 1;
    *all += bytes;
}

/// Says whether the number of computers that lose something must be typed before saving.
fn must_be_typed(lost: i64, all: i64) -> bool {
    lost > MANY || (lost >= SOME && lost * 5 >= all)
}

fn listed(mut known: Vec<&Known>) -> Vec<AffectedComputer> {
    known.sort_by(|a, b| (&a.name, a.machine.id).cmp(&(&b.name, b.machine.id)));
    let one = |known: &Known| AffectedComputer { id: known.machine.id.0, name: known.name.clone() };
    known.into_iter().take(LISTED).map(one).collect()
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn losing_many_computers_wants_the_number_typed() {
        let table = [
            (51, 10_000, true),
            (50, 10_000, false),
            (20, 100, true),
            (20, 101, false),
            (19, 19, false),
        ];
        for (lost, all, expected) in table {
            assert_eq!(must_be_typed(lost, all), expected, "{lost} of {all}");
        }
    }
}
