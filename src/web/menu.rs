//! The menus of D-UI-01, as far as what they lead to exists and may be seen.

use super::urls;
use crate::app::actor::Actor;
use crate::domain::account::{Action, Model};

/// A menu with the entries that its reader may open.
pub struct Menu {
    /// Message of its name.
    pub key: &'static str,
    pub entries: Vec<Entry>,
}

/// A list that a menu leads to.
pub struct Entry {
    pub key: &'static str,
    pub url: &'static str,
    model: Model,
    superuser: bool,
    /// For everybody who enters the pages, whatever their groups.
    own: bool,
}

const fn entry(key: &'static str, url: &'static str, model: Model) -> Entry {
    Entry { key, url, model, superuser: false, own: false }
}

const fn restricted(key: &'static str, url: &'static str, model: Model) -> Entry {
    Entry { key, url, model, superuser: true, own: false }
}

const fn own(key: &'static str, url: &'static str) -> Entry {
    Entry { key, url, model: Model::Scope, superuser: false, own: true }
}

/// The menus for `actor`; a menu without entries is left out.
pub fn menus(actor: &Actor) -> Vec<Menu> {
    let menus = [
        Menu {
            key: "menu-configuration",
            entries: vec![
                entry("nav-formulas", urls::FORMULAS, Model::Formula),
                entry("nav-tag-categories", urls::TAG_CATEGORIES, Model::Formula),
                entry("nav-attribute-sets", urls::ATTRIBUTE_SETS, Model::AttributeSet),
                entry("nav-fault-definitions", urls::FAULT_DEFINITIONS, Model::FaultDefinition),
                entry("nav-auto-check-errors", urls::AUTO_CHECK, Model::AutoCheckError),
                entry("nav-projects", urls::PROJECTS, Model::Project),
                entry("nav-platforms", urls::PLATFORMS, Model::Platform),
                entry("nav-accounts", urls::ACCOUNTS, Model::Account),
                entry("nav-groups", urls::GROUPS, Model::Group),
                entry("nav-domains", urls::DOMAINS, Model::Domain),
                own("nav-scopes", urls::SCOPES),
                restricted("nav-tokens", urls::TOKENS, Model::Account),
                restricted("nav-settings", urls::SETTINGS, Model::Setting),
                restricted("nav-audit", urls::AUDIT, Model::Account),
            ],
        },
        Menu {
            key: "menu-release",
            entries: vec![
                entry("nav-deployments", urls::DEPLOYMENTS, Model::Deployment),
                entry("nav-schedules", urls::SCHEDULES, Model::Schedule),
                entry("nav-stores", urls::STORES, Model::Store),
                entry("nav-packages", urls::PACKAGES, Model::Package),
                entry("nav-packages-information", urls::BROWSE, Model::Package),
                entry("nav-applications", urls::APPLICATIONS, Model::Application),
                entry("nav-policies", urls::POLICIES, Model::Policy),
            ],
        },
        Menu {
            key: "menu-data",
            entries: vec![
                entry("nav-computers", urls::COMPUTERS, Model::Computer),
                entry("nav-users", urls::USERS, Model::User),
                entry("nav-attributes", urls::ATTRIBUTES, Model::Attribute),
                entry("nav-tags", urls::TAGS, Model::Attribute),
                entry("nav-synchronizations", urls::SYNCHRONIZATIONS, Model::Synchronization),
                entry("nav-errors", urls::ERRORS, Model::Error),
                entry("nav-faults", urls::FAULTS, Model::Fault),
                entry("nav-status-logs", urls::STATUS_LOGS, Model::StatusLog),
                entry("nav-migrations", urls::MIGRATIONS, Model::Migration),
                entry("nav-notifications", urls::NOTIFICATIONS, Model::Notification),
                entry("nav-messages", urls::MESSAGES, Model::Message),
            ],
        },
    ];
    let allowed = |entry: &Entry| {
        let may =
            actor.may(entry.model, Action::View) && (!entry.superuser || actor.is_superuser());
        may || (entry.own && actor.enters_pages())
    };
    let kept = menus.into_iter().map(|menu| Menu {
        key: menu.key,
        entries: menu.entries.into_iter().filter(allowed).collect(),
    });
    kept.filter(|menu| !menu.entries.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::account::{Account, Permission};

    #[test]
    fn d_ui_01_menus_lead_only_where_one_may_go() {
        let now = jiff::Timestamp::UNIX_EPOCH;
        let all = menus(&Actor::system(now));
        let keys: Vec<_> = all.iter().map(|menu| menu.key).collect();
        assert_eq!(keys, ["menu-configuration", "menu-release", "menu-data"]);
        let granted = [Permission { model: Model::Package, action: Action::View }];
        let packager = Actor::account(&Account::new("p", now), granted.into(), now);
        let seen: Vec<_> =
            menus(&packager).into_iter().flat_map(|menu| menu.entries).map(|e| e.url).collect();
        assert_eq!(seen, [urls::PACKAGES, urls::BROWSE]);
        let nobody = Actor::account(&Account::new("n", now), [].into(), now);
        assert!(menus(&nobody).is_empty());
    }
}
