//! Who is meant: included and excluded attributes, and the one match all rules share (D-GEN-05).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::ids::AttributeId;

/// Bits of [`Pool::marks`], a power of two: many times what a computer has.
const MARKS: usize = 1024;

/// The attributes of a computer as of its last synchronisation (D-GEN-06), in order of their ids.
///
/// Asked far more often than changed, and mostly for what is not in it: a deployment names a few
/// of hundreds of attributes. So a bit for each id, modulo [`MARKS`], answers most questions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pool {
    sorted: Vec<AttributeId>,
    marks: [u64; MARKS / 64],
}

impl Default for Pool {
    fn default() -> Self {
        Self { sorted: Vec::new(), marks: [0; MARKS / 64] }
    }
}

impl Pool {
    /// Says whether the computer has an attribute.
    pub fn contains(&self, attribute: &AttributeId) -> bool {
        let (word, bit) = mark(*attribute);
        self.marks.get(word).is_some_and(|marks| marks & bit != 0)
            && self.sorted.binary_search(attribute).is_ok()
    }

    /// Adds an attribute; says whether it is new.
    pub fn insert(&mut self, attribute: AttributeId) -> bool {
        let place = self.sorted.binary_search(&attribute);
        if let Err(place) = place {
            self.sorted.insert(place, attribute);
            self.mark(attribute);
        }
        place.is_err()
    }

    /// The attributes in order of their ids.
    pub fn iter(&self) -> std::slice::Iter<'_, AttributeId> {
        self.sorted.iter()
    }

    /// How many attributes there are.
    pub fn len(&self) -> usize {
        self.sorted.len()
    }

    /// Says whether there is none.
    pub fn is_empty(&self) -> bool {
        self.sorted.is_empty()
    }

    fn mark(&mut self, attribute: AttributeId) {
        let (word, bit) = mark(attribute);
        if let Some(marks) = self.marks.get_mut(word) {
            *marks |= bit;
        }
    }
}

/// Word and bit of an attribute.
fn mark(attribute: AttributeId) -> (usize, u64) {
    let place = attribute.0.cast_unsigned() as usize % MARKS;
    (place / 64, 1 << (place % 64))
}

impl Extend<AttributeId> for Pool {
    fn extend<T: IntoIterator<Item = AttributeId>>(&mut self, attributes: T) {
        let before = self.sorted.len();
        for attribute in attributes {
            self.mark(attribute);
            self.sorted.push(attribute);
        }
        if self.sorted.len() > before {
            self.sorted.sort_unstable();
            self.sorted.dedup();
        }
    }
}

impl FromIterator<AttributeId> for Pool {
    fn from_iter<T: IntoIterator<Item = AttributeId>>(attributes: T) -> Self {
        let mut pool = Self::default();
        pool.extend(attributes);
        pool
    }
}

impl<const N: usize> From<[AttributeId; N]> for Pool {
    fn from(attributes: [AttributeId; N]) -> Self {
        attributes.into_iter().collect()
    }
}

impl<'a> IntoIterator for &'a Pool {
    type Item = &'a AttributeId;
    type IntoIter = std::slice::Iter<'a, AttributeId>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Included and excluded attributes of a deployment, a fault definition…
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Target {
    pub included: BTreeSet<AttributeId>,
    pub excluded: BTreeSet<AttributeId>,
}

impl Target {
    /// A target of these attributes.
    pub fn new(
        included: impl IntoIterator<Item = AttributeId>,
        excluded: impl IntoIterator<Item = AttributeId>,
    ) -> Self {
        Self { included: included.into_iter().collect(), excluded: excluded.into_iter().collect() }
    }

    /// `M(inc, exc, A)`: some included attribute and no excluded one (D-GEN-05).
    ///
    /// ```
    /// use migas::domain::ids::AttributeId;
    /// use migas::domain::target::Target;
    /// let target = Target::new([AttributeId(1)], [AttributeId(7)]);
    /// assert!(target.matches(&[AttributeId(1)].into()));
    /// assert!(!target.matches(&[AttributeId(1), AttributeId(7)].into()));
    /// ```
    pub fn matches(&self, pool: &Pool) -> bool {
        self.match_of(pool).is_ok()
    }

    /// The match with its reason: the included attribute it rests on, or what is against it.
    ///
    /// # Errors
    /// [`Mismatch`]: an excluded attribute wins over any included one.
    pub fn match_of(&self, pool: &Pool) -> Result<AttributeId, Mismatch> {
        match first_common(&self.excluded, pool) {
            Some(attribute) => Err(Mismatch::Excluded(attribute)),
            None => first_common(&self.included, pool).ok_or(Mismatch::NotIncluded),
        }
    }

    /// Every attribute that is named.
    pub fn attributes(&self) -> impl Iterator<Item = AttributeId> {
        self.included.iter().chain(&self.excluded).copied()
    }

    /// Takes an attribute away on both sides (D-STATUS-06); says whether it was there.
    pub fn forget(&mut self, attribute: AttributeId) -> bool {
        let included = self.included.remove(&attribute);
        self.excluded.remove(&attribute) || included
    }
}

/// Why a pool does not match a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mismatch {
    Excluded(AttributeId),
    NotIncluded,
}

/// The smallest attribute of both. The smaller one is walked, the other searched: a target of
/// thousands of CIDs costs no more than one of two sets.
pub fn first_common(named: &BTreeSet<AttributeId>, pool: &Pool) -> Option<AttributeId> {
    match named.len() <= pool.len() {
        true => named.iter().find(|attribute| pool.contains(attribute)).copied(),
        false => pool.iter().find(|attribute| named.contains(attribute)).copied(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ids(ids: &[i64]) -> BTreeSet<AttributeId> {
        ids.iter().copied().map(AttributeId).collect()
    }

    fn target(included: &[i64], excluded: &[i64]) -> Target {
        Target { included: ids(included), excluded: ids(excluded) }
    }

    #[test]
    fn one_match_with_its_reason() {
        type Ids = &'static [i64];
        let included = |id| Ok(AttributeId(id));
        let excluded = |id| Err(Mismatch::Excluded(AttributeId(id)));
        let not_included = Err(Mismatch::NotIncluded);
        // rule       included   excluded  pool      outcome
        type Row = (&'static str, Ids, Ids, Ids, Result<AttributeId, Mismatch>);
        let table: &[Row] = &[
            ("D-GEN-05", &[1], &[], &[1, 2], included(1)),
            ("D-GEN-05", &[1], &[2], &[1, 2], excluded(2)),
            ("D-GEN-05", &[1], &[1], &[1], excluded(1)),
            ("D-GEN-05", &[], &[], &[1], not_included),
            ("D-GEN-05", &[], &[1], &[1], excluded(1)),
            ("D-GEN-05", &[3], &[], &[1, 2], not_included),
            ("D-GEN-05", &[3, 2], &[], &[1, 2], included(2)),
            ("D-GEN-05", &[1], &[3], &[1], included(1)),
            ("D-GEN-05", &[1], &[], &[], not_included),
            ("D-GEN-05", &[2, 4, 6, 8, 9], &[], &[9], included(9)),
        ];
        for (rule, included, excluded, pool, expected) in table {
            let pool = pool.iter().copied().map(AttributeId).collect();
            let got = target(included, excluded).match_of(&pool);
            assert_eq!(got, *expected, "{rule} {included:?} {excluded:?} {pool:?}");
        }
    }

    #[test]
    fn d_status_06_a_forgotten_attribute_is_gone_on_both_sides() {
        let mut both = target(&[1, 2], &[2, 3]);
        assert!(both.forget(AttributeId(2)));
        assert_eq!(both, target(&[1], &[3]));
        assert!(!both.forget(AttributeId(2)));
    }

    proptest! {
        #[test]
        fn d_gen_05_exclusion_always_wins(
            included in prop::collection::btree_set(0i64..12, 0..6),
            excluded in prop::collection::btree_set(0i64..12, 0..6),
            pool in prop::collection::btree_set(0i64..12, 0..12),
        ) {
            let target = Target::new(
                included.iter().copied().map(AttributeId),
                excluded.iter().copied().map(AttributeId),
            );
            let pool_ids: Pool = pool.iter().copied().map(AttributeId).collect();
            let expected = !included.is_disjoint(&pool) && excluded.is_disjoint(&pool);
            prop_assert_eq!(target.matches(&pool_ids), expected);
        }

        #[test]
        fn d_gen_06_a_pool_is_a_set_of_attributes(
            first in prop::collection::vec(0i64..3000, 0..40),
            more in prop::collection::vec(0i64..3000, 0..40),
            one in 0i64..3000,
            asked in prop::collection::vec(0i64..3000, 40),
        ) {
            let ids = |ids: &[i64]| ids.iter().copied().map(AttributeId).collect::<Vec<_>>();
            let mut pool: Pool = ids(&first).into_iter().collect();
            let mut set: BTreeSet<AttributeId> = ids(&first).into_iter().collect();
            pool.extend(ids(&more));
            set.extend(ids(&more));
            prop_assert_eq!(pool.insert(AttributeId(one)), set.insert(AttributeId(one)));
            prop_assert!(pool.iter().eq(set.iter()) && pool.len() == set.len());
            for id in ids(&asked).iter().chain(&set) {
                prop_assert_eq!(pool.contains(id), set.contains(id));
            }
        }
    }
}
