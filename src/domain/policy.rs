//! Policies (8.2): the applications of the first group that fits are installed, and those of the
//! other groups removed.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::ids::{ApplicationId, AttributeId, PolicyGroupId, PolicyId};
use super::target::{Mismatch, Pool, Target};

/// Longest name, in characters.
pub const MAX_NAME: usize = 50;

/// A policy with its groups.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    pub id: PolicyId,
    pub name: String,
    pub comment: String,
    pub enabled: bool,
    /// What the groups not taken would install is removed.
    pub exclusive: bool,
    pub target: Target,
    /// By priority, each number once.
    pub groups: Vec<PolicyGroup>,
}

/// A group of a policy; priority only orders (D-POL-03).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyGroup {
    pub id: PolicyGroupId,
    pub priority: i64,
    pub target: Target,
    pub applications: BTreeSet<ApplicationId>,
}

/// Why a policy acts on a computer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// The included attribute of the policy that the computer has.
    pub by: AttributeId,
    pub group: PolicyGroupId,
    pub priority: i64,
    /// The included attribute of the group that the computer has.
    pub group_by: AttributeId,
}

/// Why a policy does nothing on a computer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Inaction {
    Disabled,
    /// The computer has this excluded attribute of the policy.
    Excluded(AttributeId),
    /// The computer has no included attribute of the policy.
    NotIncluded,
    /// No group fits it: nothing is installed, nor removed.
    NoGroup,
}

impl Inaction {
    /// Stable name for programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Disabled => "disabled",
            Self::Excluded(_) => "excluded",
            Self::NotIncluded => "not_included",
            Self::NoGroup => "no_group",
        }
    }
}

impl Policy {
    /// Takes the first group, by priority, that a pool fits (D-POL-01, steps 1 and 2).
    ///
    /// # Errors
    /// [`Inaction`] is the answer "none", with its reason.
    pub fn take(&self, pool: &Pool) -> Result<(Taken, &PolicyGroup), Inaction> {
        if !self.enabled {
            return Err(Inaction::Disabled);
        }
        let by = self.target.match_of(pool).map_err(|mismatch| match mismatch {
            Mismatch::Excluded(attribute) => Inaction::Excluded(attribute),
            Mismatch::NotIncluded => Inaction::NotIncluded,
        })?;
        let fits = |group: &'_ PolicyGroup| group.target.match_of(pool).ok();
        let taken = self.groups.iter().find_map(|group| Some((fits(group)?, group)));
        let (group_by, group) = taken.ok_or(Inaction::NoGroup)?;
        Ok((Taken { by, group: group.id, priority: group.priority, group_by }, group))
    }
}
