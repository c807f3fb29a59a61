//! Domains and scopes: which computers an account sees (6.4, 6.5, 6.6).
//!
//! A domain is a set of computers with administrators of its own; a scope a subset that an account
//! makes for itself. What an account selected becomes its [`View`], which every list, count and
//! query is made through. Names are the field's: our room of the database is `storage`.

use super::ids::{DomainId, ScopeId};
use super::slug::slug;

/// Prefix of the tag category that domains live by (D-DOM-02).
pub const PREFIX: &str = "DMN";
/// Name of that category.
pub const CATEGORY: &str = "DOMAIN";
/// Most characters of the name of a domain or scope.
pub const MAX_NAME: usize = 50;

/// The name of a domain as it is stored: the upper-case slug of what was typed; empty if nothing
/// of it can stand in one.
///
/// ```
/// use migas::domain::scopes::domain_name;
/// assert_eq!(domain_name("Instituto Goya"), "INSTITUTO-GOYA");
/// ```
pub fn domain_name(typed: &str) -> String {
    slug(typed).to_ascii_uppercase()
}

/// The name of a deployment of a domain: it begins with the lower-case name of the domain
/// (D-DOM-09).
///
/// ```
/// use migas::domain::scopes::deployment_name;
/// assert_eq!(deployment_name("GOYA", "printers"), "goya_printers");
/// assert_eq!(deployment_name("GOYA", "goya-printers"), "goya-printers");
/// ```
pub fn deployment_name(domain: &str, name: &str) -> String {
    let prefix = domain.to_lowercase();
    if name.to_lowercase().starts_with(&prefix) {
        return name.to_owned();
    }
    format!("{prefix}_{name}")
}

/// What somebody sees: everything, or the computers of a domain, a scope, or both, with all that
/// belongs to them (6.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct View {
    domain: Option<DomainId>,
    scope: Option<ScopeId>,
}

impl View {
    /// All there is: the program itself, and the client protocol (D-VIEW-03).
    pub const EVERYTHING: Self = Self { domain: None, scope: None };

    /// No computer at all: a Domain Admin who has no domain. No domain has this id.
    pub const NOTHING: Self = Self { domain: Some(DomainId(0)), scope: None };

    /// The selected domain.
    pub fn domain(self) -> Option<DomainId> {
        self.domain
    }

    /// The selected scope.
    pub fn scope(self) -> Option<ScopeId> {
        self.scope
    }

    /// Says whether nothing is filtered.
    pub fn is_everything(self) -> bool {
        self == Self::EVERYTHING
    }
}

/// What an account may select, and what it selected.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    pub is_superuser: bool,
    /// Is in the group of domain administrators.
    pub is_domain_admin: bool,
    /// The domains it administers, by name.
    pub own: Vec<DomainId>,
    pub domain: Option<DomainId>,
    /// One of its own scopes, within the selected domain.
    pub scope: Option<ScopeId>,
}

impl Selection {
    /// Says whether the account is held to its own domains: whoever administers some and is no
    /// superuser (D-DOM-04).
    pub fn is_confined(&self) -> bool {
        !self.is_superuser && (self.is_domain_admin || !self.own.is_empty())
    }

    /// Says whether the account may select this domain, or ALL (D-DOM-04).
    pub fn may_select(&self, domain: Option<DomainId>) -> bool {
        match domain {
            _ if !self.is_confined() => true,
            Some(domain) => self.own.contains(&domain),
            None => false,
        }
    }

    /// What the account sees: what it selected, or its first domain where that is not permitted
    /// any more (D-DOM-06).
    pub fn view(&self) -> View {
        if self.may_select(self.domain) {
            return View { domain: self.domain, scope: self.scope };
        }
        match self.own.first() {
            Some(first) => View { domain: Some(*first), scope: None },
            None => View::NOTHING,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: Option<DomainId> = Some(DomainId(1));
    const B: Option<DomainId> = Some(DomainId(2));
    const C: Option<DomainId> = Some(DomainId(3));

    #[test]
    #[rustfmt::skip]
    fn an_account_selects_what_it_may() {
        // rule       superuser admin  own        wanted  may
        let table = [
            ("D-DOM-04", false, false, vec![],     None,  true),
            ("D-DOM-04", false, false, vec![],     A,     true),
            ("D-DOM-04", true,  false, vec![1],    None,  true),
            ("D-DOM-04", true,  true,  vec![1],    B,     true),
            ("D-DOM-04", false, true,  vec![1, 2], A,     true),
            ("D-DOM-04", false, true,  vec![1, 2], B,     true),
            ("D-DOM-04", false, true,  vec![1, 2], C,     false),
            ("D-DOM-04", false, true,  vec![1, 2], None,  false),
            ("D-DOM-04", false, false, vec![1],    None,  false),
            ("D-ACC-06", false, true,  vec![],     None,  false),
            ("D-ACC-06", false, true,  vec![],     A,     false),
        ];
        for (rule, is_superuser, is_domain_admin, own, wanted, may) in table {
            let own: Vec<_> = own.into_iter().map(DomainId).collect();
            let selection = Selection { is_superuser, is_domain_admin, own, ..Selection::default() };
            assert_eq!(selection.may_select(wanted), may, "{rule}: {selection:?} {wanted:?}");
        }
    }

    #[test]
    #[rustfmt::skip]
    fn what_is_seen_is_what_was_selected_or_the_first_own_domain() {
        let scope = Some(ScopeId(9));
        // rule       admin  own        selected       seen
        let table = [
            ("D-DOM-04", false, vec![],     (None, None),  View::EVERYTHING),
            ("D-SCOPE-02", false, vec![],   (None, scope), View { domain: None, scope }),
            ("D-SCOPE-02", false, vec![],   (A, scope),    View { domain: A, scope }),
            ("D-DOM-06", true,  vec![2, 1], (None, None),  View { domain: B, scope: None }),
            ("D-DOM-06", true,  vec![2, 1], (C, scope),    View { domain: B, scope: None }),
            ("D-DOM-07", true,  vec![2, 1], (A, scope),    View { domain: A, scope }),
            ("D-ACC-06", true,  vec![],     (A, None),     View::NOTHING),
        ];
        for (rule, is_domain_admin, own, (domain, scope), seen) in table {
            let own = own.into_iter().map(DomainId).collect();
            let selection = Selection { is_superuser: false, is_domain_admin, own, domain, scope };
            assert_eq!(selection.view(), seen, "{rule}: {selection:?}");
        }
    }

    #[test]
    fn names_of_domains_and_of_their_deployments() {
        // rule        domain            deployment      its name
        let table = [
            ("D-DOM-09", "GOYA", "printers", "goya_printers"),
            ("D-DOM-09", "GOYA", "goya_printers", "goya_printers"),
            ("D-DOM-09", "GOYA", "Goya printers", "Goya printers"),
            ("D-DOM-09", "INSTITUTO-GOYA", "x", "instituto-goya_x"),
        ];
        for (rule, domain, name, expected) in table {
            assert_eq!(deployment_name(domain, name), expected, "{rule}: {name}");
        }
        assert_eq!(domain_name("¿?"), "");
    }
}
