//! Who is meant: included and excluded attributes, and the one match all rules share (D-GEN-05).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::ids::AttributeId;

/// The attributes of a computer as of its last synchronisation (D-GEN-06).
pub type Pool = BTreeSet<AttributeId>;

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

/// The smallest attribute of both sets. The smaller set is walked, the other searched: a target
/// of thousands of CIDs costs no more than one of two sets.
pub fn first_common(one: &BTreeSet<AttributeId>, other: &Pool) -> Option<AttributeId> {
    let (walked, searched) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    walked.iter().find(|attribute| searched.contains(attribute)).copied()
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
            let got = target(included, excluded).match_of(&ids(pool));
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
    }
}
