//! Attribute sets (4.4): groups of computers told by attributes and by other sets, and the order
//! in which they are evaluated.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde::{Deserialize, Serialize};

use super::attribute::ALL_SYSTEMS_VALUE;
use super::ids::{AttributeId, AttributeSetId};
use super::target::Target;

/// Longest name, in characters.
pub const MAX_NAME: usize = 50;

/// A set as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttributeSet {
    pub id: AttributeSetId,
    pub name: String,
    pub description: String,
    /// A disabled set is never evaluated: nobody is in it (D-ASET-05).
    pub enabled: bool,
    /// `SET-<name>` (D-ASET-01).
    pub attribute: AttributeId,
    pub target: Target,
}

/// Why a set cannot be saved.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SetError {
    #[error("a name is needed, of at most {MAX_NAME} characters in one line")]
    Name,
    #[error("{ALL_SYSTEMS_VALUE} is the set of every computer")]
    Reserved,
}

/// Checks the name of a set.
///
/// # Errors
/// [`SetError`] says what is wrong.
pub fn check_name(name: &str) -> Result<(), SetError> {
    let length = name.chars().count();
    if name.trim().is_empty() || length > MAX_NAME || name.chars().any(char::is_control) {
        return Err(SetError::Name);
    }
    if name == ALL_SYSTEMS_VALUE {
        return Err(SetError::Reserved);
    }
    Ok(())
}

/// The order in which sets are evaluated, and those that never can be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Order {
    /// Places in the list given: each after the sets it names (D-ASET-03).
    pub places: Vec<usize>,
    /// Places of sets in a cycle, or that name such a set (D-ASET-04).
    pub skipped: Vec<usize>,
}

/// Orders sets: each after those it names, independent ones by name (D-ASET-03).
pub fn order(sets: &[AttributeSet]) -> Order {
    let place_of: BTreeMap<AttributeId, usize> =
        sets.iter().enumerate().map(|(place, set)| (set.attribute, place)).collect();
    let mut waits: Vec<BTreeSet<usize>> = Vec::with_capacity(sets.len());
    let mut needed_by: Vec<Vec<usize>> = vec![Vec::new(); sets.len()];
    for (place, set) in sets.iter().enumerate() {
        let needs: BTreeSet<usize> =
            set.target.attributes().filter_map(|id| place_of.get(&id).copied()).collect();
        for need in &needs {
            if let Some(list) = needed_by.get_mut(*need) {
                list.push(place);
            }
        }
        waits.push(needs);
    }
    let name = |place: usize| sets.get(place).map(|set| set.name.as_str()).unwrap_or_default();
    let free = waits.iter().enumerate().filter(|(_, needs)| needs.is_empty());
    let mut ready: BTreeSet<(&str, usize)> = free.map(|(place, _)| (name(place), place)).collect();
    let mut places = Vec::with_capacity(sets.len());
    while let Some((_, place)) = ready.pop_first() {
        places.push(place);
        for waiting in needed_by.get(place).into_iter().flatten() {
            if let Some(needs) = waits.get_mut(*waiting)
                && needs.remove(&place)
                && needs.is_empty()
            {
                ready.insert((name(*waiting), *waiting));
            }
        }
    }
    let stuck = waits.iter().enumerate().filter(|(_, needs)| !needs.is_empty());
    Order { places, skipped: stuck.map(|(place, _)| place).collect() }
}

/// Finds a cycle that a set is part of, as places in the order in which they name each other,
/// itself first; a set that names itself is one (D-ASET-04).
pub fn cycle_of(sets: &[AttributeSet], own: AttributeSetId) -> Option<Vec<usize>> {
    let place_of: BTreeMap<AttributeId, usize> =
        sets.iter().enumerate().map(|(place, set)| (set.attribute, place)).collect();
    let named = |place: usize| {
        let attributes = sets.get(place).into_iter().flat_map(|set| set.target.attributes());
        attributes.filter_map(|id| place_of.get(&id).copied())
    };
    let own = sets.iter().position(|set| set.id == own)?;
    // Sets reached so far with the one that names them, the nearest first.
    let mut reached_from: BTreeMap<usize, usize> = BTreeMap::new();
    let mut waiting = VecDeque::from([own]);
    while let Some(at) = waiting.pop_front() {
        for next in named(at) {
            if next == own {
                let back = std::iter::successors(Some(at), |at| reached_from.get(at).copied());
                let mut cycle: Vec<usize> = back.collect();
                cycle.reverse();
                return Some(cycle);
            }
            if let Entry::Vacant(unseen) = reached_from.entry(next) {
                unseen.insert(at);
                waiting.push_back(next);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: i64 = 1;

    /// Sets have the attributes 101, 102… in the order of the rows.
    fn sets(rows: &[(&str, &[i64], &[i64])]) -> Vec<AttributeSet> {
        let ids = |ids: &[i64]| ids.iter().copied().map(AttributeId).collect::<Vec<_>>();
        let set =
            |(place, (name, included, excluded)): (usize, &(&str, &[i64], &[i64]))| AttributeSet {
                id: AttributeSetId(place as i64 + 1),
                name: (*name).into(),
                description: String::new(),
                enabled: true,
                attribute: AttributeId(101 + place as i64),
                target: Target::new(ids(included), ids(excluded)),
            };
        rows.iter().enumerate().map(set).collect()
    }

    #[test]
    fn sets_come_after_those_they_name() {
        type Rows = &'static [(&'static str, &'static [i64], &'static [i64])];
        // rule        sets                                      order                skipped
        let table: &[(&str, Rows, &[&str], &[&str])] = &[
            ("D-ASET-03", &[("b", &[ALL], &[]), ("a", &[ALL], &[])], &["a", "b"], &[]),
            ("D-ASET-03", &[("a", &[102], &[]), ("b", &[ALL], &[])], &["b", "a"], &[]),
            (
                "D-ASET-06",
                &[("RED LENTA", &[7, 8], &[]), ("RED RAPIDA", &[ALL], &[101])],
                &["RED LENTA", "RED RAPIDA"],
                &[],
            ),
            (
                "D-ASET-06",
                &[("A RAPIDA", &[ALL], &[102]), ("RED LENTA", &[7, 8], &[])],
                &["RED LENTA", "A RAPIDA"],
                &[],
            ),
            ("D-ASET-04", &[("self", &[101], &[]), ("x", &[ALL], &[])], &["x"], &["self"]),
            (
                "D-ASET-04",
                &[("a", &[102], &[]), ("b", &[], &[101]), ("c", &[102], &[]), ("d", &[ALL], &[])],
                &["d"],
                &["a", "b", "c"],
            ),
        ];
        for (rule, rows, expected, skipped) in table {
            let sets = sets(rows);
            let got = order(&sets);
            let names =
                |places: &[usize]| places.iter().map(|p| sets[*p].name.clone()).collect::<Vec<_>>();
            assert_eq!(
                (names(&got.places), names(&got.skipped)),
                (
                    expected.iter().map(|s| (*s).to_owned()).collect(),
                    skipped.iter().map(|s| (*s).to_owned()).collect(),
                ),
                "{rule} {rows:?}"
            );
        }
    }

    #[test]
    fn d_aset_04_a_cycle_is_named_without_those_that_only_depend_on_it() {
        let direct = sets(&[("z", &[102], &[]), ("a", &[103], &[]), ("b", &[], &[102])]);
        let cycle = |sets: &[AttributeSet], id: i64| -> Option<Vec<String>> {
            let places = cycle_of(sets, AttributeSetId(id))?;
            Some(places.into_iter().map(|place| sets[place].name.clone()).collect())
        };
        assert_eq!(cycle(&direct, 1), None, "it only names one that is in a cycle");
        assert_eq!(cycle(&direct, 2).unwrap(), ["a", "b"]);
        assert_eq!(cycle(&direct, 3).unwrap(), ["b", "a"]);
        let indirect = sets(&[("a", &[102], &[]), ("b", &[ALL, 103], &[]), ("c", &[], &[101])]);
        assert_eq!(cycle(&indirect, 1).unwrap(), ["a", "b", "c"]);
        assert_eq!(cycle(&sets(&[("a", &[ALL], &[]), ("b", &[101], &[])]), 2), None);
        assert_eq!(cycle(&sets(&[("a", &[101], &[])]), 1).unwrap(), ["a"]);
    }

    #[test]
    fn names_of_sets() {
        let table = [
            ("D-ASET-01", "RED LENTA", Ok(())),
            ("D-FORM-16", "ALL SYSTEMS", Err(SetError::Reserved)),
            ("D-ASET-01", "", Err(SetError::Name)),
            ("D-ASET-01", "a\nb", Err(SetError::Name)),
        ];
        for (rule, name, expected) in table {
            assert_eq!(check_name(name), expected, "{rule} {name:?}");
        }
    }
}
