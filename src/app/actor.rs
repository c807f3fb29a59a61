//! Who acts, and what they may do: a permission is a value an operation must hold to write.
//!
//! An edge proves who is asking and makes an [`Actor`]; an operation asks it for a [`Permit`] and
//! hands that to the audit log. Without a permit nothing can be recorded, and what is not
//! recorded is not written (D-GEN-10, D-PERM-01).

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::domain::account::{Account, Action, Model, Permission};
use crate::domain::ids::{AccountId, ComputerId};
use crate::domain::scopes::{Selection, View};

/// The actor lacks a right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{actor} may not {action} {model}", action = .action.as_str(), model = .model.as_str())]
pub struct Denied {
    pub actor: String,
    pub model: Model,
    pub action: Action,
}

/// Whoever asks for an operation, at the moment they ask.
#[derive(Debug, Clone)]
pub struct Actor {
    name: String,
    account: Option<AccountId>,
    rights: Rights,
    /// May enter the administration pages.
    is_staff: bool,
    view: View,
    is_confined: bool,
    /// When the request came: the `now` of the operation.
    pub at: Timestamp,
}

#[derive(Debug, Clone)]
enum Rights {
    All,
    Some(BTreeSet<Permission>),
}

impl Actor {
    /// An account with its effective permissions (D-ACC-01); an inactive one has none. What it
    /// selected is told by [`Actor::selected`]; until then it sees nothing.
    pub fn account(account: &Account, granted: BTreeSet<Permission>, at: Timestamp) -> Self {
        let rights = match (account.is_active, account.is_superuser) {
            (true, true) => Rights::All,
            (true, false) => Rights::Some(granted),
            (false, _) => Rights::Some(BTreeSet::new()),
        };
        Self {
            name: account.username.clone(),
            account: Some(account.id),
            rights,
            is_staff: account.is_active && (account.is_staff || account.is_superuser),
            view: View::NOTHING,
            is_confined: true,
            at,
        }
    }

    /// The same, seeing what the account selected (D-DOM-04).
    #[must_use]
    pub fn selected(mut self, selection: Selection) -> Self {
        self.view = selection.view();
        self.is_confined = selection.is_confined();
        if let (true, Rights::Some(granted)) = (self.is_confined, &mut self.rights) {
            // Whatever its other groups: these are for every domain (D-DOM-09).
            let common = [Model::Formula, Model::FaultDefinition, Model::Package];
            granted.retain(|one| one.action == Action::View || !common.contains(&one.model));
        }
        self
    }

    /// The same with no more than these rights: a token may do less than its account.
    #[must_use]
    pub fn limited_to(mut self, rights: Option<&BTreeSet<Permission>>) -> Self {
        if let Some(rights) = rights {
            let held = rights.iter().filter(|right| self.may(right.model, right.action));
            self.rights = Rights::Some(held.copied().collect());
        }
        self
    }

    /// The program itself: first start, jobs, the command line beside the database.
    pub fn system(at: Timestamp) -> Self {
        Self {
            name: "system".into(),
            account: None,
            rights: Rights::All,
            is_staff: true,
            view: View::EVERYTHING,
            is_confined: false,
            at,
        }
    }

    /// Name for the audit log.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The account, if one acts.
    pub fn account_id(&self) -> Option<AccountId> {
        self.account
    }

    /// What the actor sees of the computers and of all that belongs to them (6.6).
    pub fn view(&self) -> View {
        self.view
    }

    /// Says whether the actor is held to domains of its own: a Domain Admin (D-DOM-09).
    pub fn is_confined(&self) -> bool {
        self.is_confined
    }

    /// Says whether the actor may enter the administration pages.
    pub fn enters_pages(&self) -> bool {
        self.is_staff
    }

    /// Says whether the actor has every right.
    pub fn is_superuser(&self) -> bool {
        matches!(self.rights, Rights::All)
    }

    /// Says whether the actor has the right: for showing or hiding a button (D-PERM-04).
    pub fn may(&self, model: Model, action: Action) -> bool {
        match &self.rights {
            Rights::All => true,
            Rights::Some(granted) => granted.contains(&Permission { model, action }),
        }
    }

    /// Returns the permit to do `action` on `model`.
    ///
    /// # Errors
    /// [`Denied`] names what is lacking.
    pub fn permit(&self, model: Model, action: Action) -> Result<Permit, Denied> {
        if self.may(model, action) {
            Ok(Permit { actor: self.name.clone(), model, at: self.at })
        } else {
            Err(Denied { actor: self.name.clone(), model, action })
        }
    }

    /// The refusal of what the actor's rights would permit, for another reason.
    pub(super) fn denied(&self, model: Model, action: Action) -> Denied {
        Denied { actor: self.name.clone(), model, action }
    }

    /// Returns the permit for what only superusers may do (D-PERM-01).
    ///
    /// # Errors
    /// [`Denied`] for everybody else.
    pub fn superuser_permit(&self, model: Model, action: Action) -> Result<Permit, Denied> {
        match self.rights {
            Rights::All => self.permit(model, action),
            Rights::Some(_) => Err(Denied { actor: self.name.clone(), model, action }),
        }
    }

    /// Returns the permit of an account to change itself: its password, its sessions.
    pub fn own_permit(&self) -> Permit {
        self.own_permit_for(Model::Account)
    }

    /// Returns the permit of an account for what is its own without any right: its scopes.
    pub(super) fn own_permit_for(&self, model: Model) -> Permit {
        Permit { actor: self.name.clone(), model, at: self.at }
    }
}

/// Proof that an actor may do one kind of thing; only [`Actor`] makes it, and a signed request of a
/// computer for what is its own.
#[derive(Debug, Clone)]
pub struct Permit {
    pub(super) actor: String,
    pub(super) model: Model,
    pub(super) at: Timestamp,
}

impl Permit {
    /// The permit of a computer that signed its request: it chooses its tags (D-TAG-06).
    pub(super) fn of_computer(id: ComputerId, at: Timestamp) -> Self {
        Self { actor: format!("computer CID-{id}"), model: Model::Computer, at }
    }

    /// Name of who was permitted.
    pub fn actor(&self) -> &str {
        &self.actor
    }

    /// When the permitted request came.
    pub fn at(&self) -> Timestamp {
        self.at
    }
}
