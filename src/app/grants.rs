//! Handing out rights: nobody gives, or takes from somebody, more than they have themselves.
//!
//! Superusers administer accounts, and so may an account with the explicit permission (D-PERM-01).
//! Without this limit that permission would be every permission.

use std::collections::BTreeSet;

use crate::domain::account::{Action, Model, Permission};

use super::AppError;
use super::actor::{Actor, Denied};
use super::reason::reason;

/// Reads `deployment:change` and the like.
///
/// # Errors
/// [`AppError::Invalid`] names what is none.
pub(super) fn parse_permissions(
    field: &'static str,
    names: &[String],
) -> Result<BTreeSet<Permission>, AppError> {
    let read = |name: &String| {
        Permission::parse(name).ok_or_else(|| {
            AppError::invalid(field, reason!("{name} is no permission", name = name))
        })
    };
    names.iter().map(read).collect()
}

/// The names that [`parse_permissions`] reads.
pub(super) fn permission_names(permissions: &BTreeSet<Permission>) -> Vec<String> {
    permissions.iter().map(ToString::to_string).collect()
}

impl Actor {
    /// Checks that the actor holds all of these.
    ///
    /// # Errors
    /// [`AppError::Denied`] names the first that is lacking.
    pub(super) fn holds(&self, permissions: &BTreeSet<Permission>) -> Result<(), AppError> {
        let lacking = permissions.iter().find(|one| !self.may(one.model, one.action));
        match lacking {
            None => Ok(()),
            Some(Permission { model, action }) => {
                let actor = self.name().to_owned();
                Err(Denied { actor, model: *model, action: *action }.into())
            }
        }
    }

    /// Says whether accounts are shown to the actor with all their fields; others see their
    /// names (6.3).
    pub fn administers_accounts(&self) -> bool {
        self.may(Model::Account, Action::Change)
    }
}
