//! Fault definitions and faults (5.1): programs that look for something wrong on a computer.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::formula::Language;
use super::ids::{AccountId, ComputerId, FaultDefinitionId, FaultId, ProjectId};
use super::target::Target;

/// Longest name of a definition, in characters.
pub const MAX_NAME: usize = 50;

/// A program, and the computers that run it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaultDefinition {
    pub id: FaultDefinitionId,
    pub name: String,
    pub description: String,
    pub enabled: bool,
    pub language: Language,
    pub code: String,
    pub target: Target,
    /// Accounts it concerns; nobody named means everybody (D-FAULT-05).
    pub users: BTreeSet<AccountId>,
}

/// What a definition found on a computer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    pub id: FaultId,
    pub computer: ComputerId,
    /// The computer's project at that moment.
    pub project: ProjectId,
    pub definition: FaultDefinitionId,
    pub created_at: Timestamp,
    /// What the program printed.
    pub result: String,
    /// An administrator has seen to it (D-FAULT-04).
    pub checked: bool,
}

/// Filter of the list of faults by whom they concern (D-FAULT-05).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Assignment {
    /// Mine or nobody's: also what the alert counts.
    ToCheckForMe,
    AssignedToMe,
    AssignedToOthers,
    Unassigned,
}

impl Assignment {
    /// All filters, in the order they are offered.
    pub const ALL: [Self; 4] =
        [Self::ToCheckForMe, Self::AssignedToMe, Self::AssignedToOthers, Self::Unassigned];

    /// The form in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ToCheckForMe => "to-check-for-me",
            Self::AssignedToMe => "assigned-to-me",
            Self::AssignedToOthers => "assigned-to-others",
            Self::Unassigned => "unassigned",
        }
    }

    /// Reads the form in addresses.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|assignment| assignment.as_str() == text)
    }

    /// Says whether faults of a definition with these users pass the filter of an account.
    pub fn admits(self, users: &BTreeSet<AccountId>, account: AccountId) -> bool {
        let mine = users.contains(&account);
        match self {
            Self::ToCheckForMe => mine || users.is_empty(),
            Self::AssignedToMe => mine,
            Self::AssignedToOthers => !mine && !users.is_empty(),
            Self::Unassigned => users.is_empty(),
        }
    }
}

/// The name as it is stored: white space becomes `_`.
pub fn definition_name(text: &str) -> String {
    text.trim().chars().map(|c| if c.is_whitespace() { '_' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_concern_the_users_of_their_definition() {
        let me = AccountId(1);
        // rule         users    to check, mine, others', nobody's
        let table: &[(&str, &[i64], [bool; 4])] = &[
            ("D-FAULT-05", &[], [true, false, false, true]),
            ("D-FAULT-05", &[1], [true, true, false, false]),
            ("D-FAULT-05", &[1, 2], [true, true, false, false]),
            ("D-FAULT-05", &[2], [false, false, true, false]),
        ];
        for (rule, users, expected) in table {
            let users = users.iter().copied().map(AccountId).collect();
            let got = Assignment::ALL.map(|assignment| assignment.admits(&users, me));
            assert_eq!(got, *expected, "{rule}: {users:?}");
        }
    }

    #[test]
    fn white_space_in_a_name_becomes_an_underscore() {
        assert_eq!(definition_name(" LOW HOME\tSPACE "), "LOW_HOME_SPACE");
    }
}
