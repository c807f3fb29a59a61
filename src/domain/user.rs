//! Users of the computers (6.1): whoever had the session when a computer synchronised.

use serde::{Deserialize, Serialize};

use super::ids::UserId;
use super::text::cut;

/// Longest login, in characters.
pub const MAX_NAME: usize = 50;
/// Longest full name, in characters.
pub const MAX_FULLNAME: usize = 100;

/// A user of computers; not an account of the site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    pub id: UserId,
    /// Login.
    pub name: String,
    pub fullname: String,
}

impl User {
    /// `name (fullname)`, or `name` (D-USR-02).
    pub fn display(&self) -> String {
        if self.fullname.is_empty() {
            self.name.clone()
        } else {
            format!("{} ({})", self.name, self.fullname)
        }
    }

    /// Takes over the full name of a synchronisation, unless it is empty (D-USR-01); says
    /// whether that changed anything.
    pub fn update_fullname(&mut self, reported: &str) -> bool {
        let fullname = reported_fullname(reported);
        let changes = !fullname.is_empty() && fullname != self.fullname;
        if changes {
            self.fullname = fullname;
        }
        changes
    }
}

/// A reported login as it is stored; empty when there is none.
pub fn reported_name(text: &str) -> String {
    cut(text.trim(), MAX_NAME, false)
}

/// A reported full name as it is stored.
pub fn reported_fullname(text: &str) -> String {
    cut(text.trim(), MAX_FULLNAME, false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_keep_the_last_full_name_that_was_told() {
        // rule       known      reported        kept
        let table = [
            ("D-USR-01", "", "John Doe", "John Doe"),
            ("D-USR-01", "John", " John Doe ", "John Doe"),
            ("D-USR-01", "John Doe", "", "John Doe"),
            ("D-USR-01", "John Doe", " \n", "John Doe"),
        ];
        for (rule, known, reported, kept) in table {
            let mut user = User { id: UserId(1), name: "jdoe".into(), fullname: known.into() };
            assert_eq!(user.update_fullname(reported), known != kept, "{rule}: {reported:?}");
            assert_eq!(user.fullname, kept, "{rule}: {reported:?}");
        }
    }

    #[test]
    fn d_usr_02_users_are_shown_with_their_full_name() {
        // rule       name    fullname    shown
        let table =
            [("D-USR-02", "jdoe", "John Doe", "jdoe (John Doe)"), ("D-USR-02", "root", "", "root")];
        for (rule, name, fullname, shown) in table {
            let user = User { id: UserId(1), name: name.into(), fullname: fullname.into() };
            assert_eq!(user.display(), shown, "{rule}");
        }
    }
}
