//! What a computer is taken for beyond what it says itself: its tags, domains and attribute sets
//! (D-SYNC-20, steps 7 to 10).
//!
//! Pure: (the site's classification, attributes the computer has by itself, tags given to it) ->
//! its pool. A synchronisation stores the result; the preview of a change and the packages that
//! follow a tag ask again with other tags, sets or domains.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Serialize;

use super::attribute::ALL_SYSTEMS;
use super::attribute_set::{self, AttributeSet};
use super::ids::{AttributeId, DomainId};
use super::target::{Pool, Target};

/// A domain as the evaluator needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DomainRule {
    pub id: DomainId,
    pub name: String,
    /// `DMN-<NAME>`: what its computers get (D-DOM-03).
    pub attribute: AttributeId,
    pub target: Target,
    /// Tags it offers (D-TAG-05).
    pub tags: BTreeSet<AttributeId>,
}

/// A tag of an enabled category and the attributes it stands for, itself among them (D-TAG-02).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagRule {
    pub tag: AttributeId,
    pub gives: Vec<AttributeId>,
}

/// Tags, domains and sets of the site, as of one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Classification {
    tags: BTreeMap<AttributeId, Vec<AttributeId>>,
    /// In name order.
    domains: Vec<Arc<DomainRule>>,
    /// Enabled sets in the order of their evaluation (D-ASET-03).
    sets: Vec<SetRule>,
    /// Attributes that only classification gives: what is taken off a stored pool to have the
    /// computer's own ones.
    derived: BTreeSet<AttributeId>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct SetRule {
    attribute: AttributeId,
    target: Target,
}

/// Where an attribute of a pool comes from, for a chain of reasons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "origin", content = "by")]
pub enum Origin {
    /// The computer has it by itself: a formula, or built in.
    Own,
    /// A tag given by hand: this one or a longer one.
    Tag(AttributeId),
    /// The domain has this attribute among its included ones.
    Domain(AttributeId),
    /// The set has this attribute among its included ones.
    Set(AttributeId),
}

impl Classification {
    /// Puts tags, domains and sets, in any order, together. `categories` are the attributes of
    /// all tag categories, disabled ones too.
    pub fn new(
        tags: Vec<TagRule>,
        mut domains: Vec<DomainRule>,
        sets: &[AttributeSet],
        categories: impl IntoIterator<Item = AttributeId>,
    ) -> Self {
        let mut derived: BTreeSet<AttributeId> = categories.into_iter().collect();
        derived.extend(tags.iter().flat_map(|rule| rule.gives.iter().copied()));
        derived.extend(domains.iter().map(|domain| domain.attribute));
        derived.extend(sets.iter().map(|set| set.attribute));
        derived.remove(&ALL_SYSTEMS);
        domains.sort_by(|a, b| a.name.cmp(&b.name));
        let places = attribute_set::order(sets).places;
        let ordered = places.into_iter().filter_map(|place| sets.get(place));
        let rule =
            |set: &AttributeSet| SetRule { attribute: set.attribute, target: set.target.clone() };
        Self {
            tags: tags.into_iter().map(|rule| (rule.tag, rule.gives)).collect(),
            domains: domains.into_iter().map(Arc::new).collect(),
            sets: ordered.filter(|set| set.enabled).map(rule).collect(),
            derived,
        }
    }

    /// Domains in name order.
    pub fn domains(&self) -> &[Arc<DomainRule>] {
        &self.domains
    }

    /// Finds a domain.
    pub fn domain(&self, id: DomainId) -> Option<&Arc<DomainRule>> {
        self.domains.iter().find(|domain| domain.id == id)
    }

    /// The attributes that a computer has by itself, told from a stored pool.
    pub fn own(&self, pool: &Pool) -> Pool {
        pool.iter().filter(|attribute| !self.derived.contains(attribute)).copied().collect()
    }

    /// The pool of a computer with these attributes of its own and these tags (D-GEN-06).
    pub fn pool(&self, own: Pool, tags: &BTreeSet<AttributeId>) -> Pool {
        let mut pool = own;
        self.add_domains(&mut pool);
        let given = tags.iter().filter_map(|tag| self.tags.get(tag)).flatten();
        pool.extend(given.copied());
        self.add_domains(&mut pool);
        for set in &self.sets {
            if set.target.matches(&pool) {
                pool.insert(set.attribute);
            }
        }
        // For domains that name sets; what they add does not wake sets again.
        self.add_domains(&mut pool);
        pool
    }

    fn add_domains(&self, pool: &mut Pool) {
        let matching: Vec<AttributeId> = self
            .domains
            .iter()
            .filter(|domain| domain.target.matches(pool))
            .map(|domain| domain.attribute)
            .collect();
        pool.extend(matching);
    }

    /// Domains that a pool belongs to, in name order (D-DOM-03).
    pub fn domains_of<'a>(&'a self, pool: &'a Pool) -> impl Iterator<Item = &'a DomainRule> {
        self.domains.iter().map(Arc::as_ref).filter(|domain| domain.target.matches(pool))
    }

    /// Tells where an attribute of a pool comes from: the tag, or the included attribute of a
    /// domain or set that the pool has.
    pub fn origin(
        &self,
        attribute: AttributeId,
        pool: &Pool,
        tags: &BTreeSet<AttributeId>,
    ) -> Origin {
        if !self.derived.contains(&attribute) {
            return Origin::Own;
        }
        let gives =
            |tag: &&AttributeId| self.tags.get(tag).is_some_and(|gives| gives.contains(&attribute));
        if let Some(tag) = tags.iter().find(gives) {
            return Origin::Tag(*tag);
        }
        let of_set = self.sets.iter().find(|set| set.attribute == attribute);
        if let Some(Ok(by)) = of_set.map(|set| set.target.match_of(pool)) {
            return Origin::Set(by);
        }
        // A domain names its own tag, too, which explains nothing.
        let of_domain = self.domains.iter().find(|domain| domain.attribute == attribute);
        let included = of_domain.into_iter().flat_map(|domain| &domain.target.included);
        let by = included.copied().find(|by| *by != attribute && pool.contains(by));
        by.map_or(Origin::Own, Origin::Domain)
    }
}

#[cfg(test)]
mod tests;
