//! The groups of a new site, and what each may do: the table of 6.3.
//!
//! Whatever stands in no cell is denied (D-PERM-01): domains, accounts, groups, tags and attributes
//! are written by superusers, settings by them alone. An external deployment is a model of its own,
//! since a Domain Admin makes internal ones only. Scopes need no group: who may enter the pages has
//! its own (D-SCOPE-01).

use std::collections::BTreeSet;

use super::account::{Action, Model, Permission};

/// What a group may do with a model.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Grant {
    Nothing,
    /// View.
    R,
    /// View, add, change.
    M,
    /// All.
    W,
}

impl Grant {
    fn actions(self) -> &'static [Action] {
        match self {
            Self::Nothing => &[],
            Self::R => &[Action::View],
            Self::M => &[Action::View, Action::Add, Action::Change],
            Self::W => &Action::ALL,
        }
    }
}

/// Name of the group whose members see and change their own domains only (D-ACC-06).
pub const DOMAIN_ADMIN: &str = "Domain Admin";

/// The groups, in the order of the columns of the table.
pub const NAMES: [&str; 8] = [
    "Reader",
    DOMAIN_ADMIN,
    "Configurator",
    "Computer Checker",
    "Liberator",
    "Packager",
    "Query",
    "Device installer",
];

use Grant::{M, Nothing as O, R, W};

// A Domain Admin adds computers by enrolling them (`register --user`), not by hand.
#[rustfmt::skip]
const TABLE: &[(Model, [Grant; 8])] = &[
    //                          Reader Domain Config Check Liber Pack Query Device
    (Model::Computer,           [R,    M,     O,     O,    O,    O,   O,    O]),
    (Model::Hardware,           [R,    O,     O,     O,    O,    O,   O,    O]),
    (Model::User,               [R,    O,     O,     O,    O,    O,   O,    O]),
    (Model::Attribute,          [R,    O,     O,     O,    O,    O,   O,    O]),
    (Model::Formula,            [R,    O,     W,     O,    O,    O,   O,    O]),
    (Model::AttributeSet,       [R,    O,     W,     O,    O,    O,   O,    O]),
    (Model::FaultDefinition,    [R,    O,     W,     O,    O,    O,   O,    O]),
    (Model::AutoCheckError,     [R,    O,     W,     W,    O,    O,   O,    O]),
    (Model::Error,              [R,    O,     O,     W,    O,    O,   O,    O]),
    (Model::Fault,              [R,    O,     O,     W,    O,    O,   O,    O]),
    (Model::Message,            [R,    O,     W,     W,    O,    O,   O,    O]),
    (Model::Synchronization,    [R,    O,     W,     W,    O,    O,   O,    O]),
    (Model::Notification,       [R,    O,     W,     O,    O,    O,   O,    O]),
    (Model::Migration,          [R,    O,     W,     O,    O,    O,   O,    O]),
    (Model::StatusLog,          [R,    O,     O,     O,    O,    O,   O,    O]),
    (Model::Platform,           [R,    O,     W,     O,    O,    O,   O,    O]),
    (Model::Pms,                [R,    O,     W,     O,    O,    O,   O,    O]),
    (Model::Project,            [R,    O,     W,     O,    O,    O,   O,    O]),
    (Model::Deployment,         [R,    W,     O,     O,    W,    O,   O,    O]),
    (Model::ExternalDeployment, [R,    O,     O,     O,    W,    O,   O,    O]),
    (Model::Schedule,           [R,    O,     O,     O,    W,    O,   O,    O]),
    (Model::Application,        [R,    O,     O,     O,    W,    O,   O,    O]),
    (Model::Policy,             [R,    O,     O,     O,    W,    O,   O,    O]),
    (Model::Package,            [R,    O,     O,     O,    O,    W,   O,    O]),
    (Model::Store,              [R,    O,     O,     O,    O,    W,   O,    O]),
    (Model::Query,              [R,    O,     O,     O,    O,    O,   W,    O]),
    (Model::Device,             [R,    W,     O,     O,    O,    O,   O,    W]),
    (Model::DeviceModel,        [R,    O,     O,     O,    O,    O,   O,    W]),
    (Model::Domain,             [R,    O,     O,     O,    O,    O,   O,    O]),
    (Model::Scope,              [O,    W,     O,     O,    O,    O,   O,    O]),
    (Model::Account,            [R,    O,     O,     O,    O,    O,   O,    O]),
    (Model::Group,              [R,    O,     O,     O,    O,    O,   O,    O]),
];

/// The groups of a new site with what each may do.
pub fn default_groups() -> Vec<(&'static str, BTreeSet<Permission>)> {
    let of = |column: usize| {
        let granted = |(model, grants): &(Model, [Grant; 8])| {
            let actions = grants.get(column).map_or(&[][..], |grant| grant.actions());
            let model = *model;
            actions.iter().map(move |action| Permission { model, action: *action })
        };
        TABLE.iter().flat_map(granted).collect()
    };
    NAMES.into_iter().enumerate().map(|(column, name)| (name, of(column))).collect()
}

/// An account of the book.
#[derive(Debug, Clone, Copy)]
pub struct DemoAccount {
    pub name: &'static str,
    pub groups: &'static [&'static str],
    pub is_active: bool,
}

/// The accounts of the book, with their groups; `admin` is superuser (D-ACC-02). `domain-admin`
/// waits for a domain before it may be active (D-ACC-04).
pub fn demo_accounts() -> Vec<DemoAccount> {
    let account = |name, groups| DemoAccount { name, groups, is_active: true };
    vec![
        account("admin", &[]),
        account("packager", &["Reader", "Packager"]),
        account("configurator", &["Reader", "Configurator"]),
        account("installer", &["Reader", "Device installer"]),
        account("query", &["Reader", "Query"]),
        account("liberator", &["Reader", "Liberator"]),
        account("checker", &["Reader", "Computer Checker"]),
        account("reader", &["Reader"]),
        DemoAccount { is_active: false, ..account("domain-admin", &["Reader", DOMAIN_ADMIN]) },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of 6.3 as it is written: model, then the cells that are not empty.
    const BOOK: &str = "
        computer: Reader R, Domain Admin M
        hardware: Reader R
        user: Reader R
        attribute: Reader R
        formula: Reader R, Configurator W
        attribute_set: Reader R, Configurator W
        fault_definition: Reader R, Configurator W
        auto_check_error: Reader R, Configurator W, Computer Checker W
        error: Reader R, Computer Checker W
        fault: Reader R, Computer Checker W
        message: Reader R, Configurator W, Computer Checker W
        synchronization: Reader R, Configurator W, Computer Checker W
        notification: Reader R, Configurator W
        migration: Reader R, Configurator W
        status_log: Reader R
        platform: Reader R, Configurator W
        pms: Reader R, Configurator W
        project: Reader R, Configurator W
        deployment: Reader R, Domain Admin W, Liberator W
        external_deployment: Reader R, Liberator W
        schedule: Reader R, Liberator W
        application: Reader R, Liberator W
        policy: Reader R, Liberator W
        package: Reader R, Packager W
        store: Reader R, Packager W
        query: Reader R, Query W
        device: Reader R, Domain Admin W, Device installer W
        device_model: Reader R, Device installer W
        domain: Reader R
        scope: Domain Admin W
        account: Reader R
        group: Reader R
        setting:";

    #[test]
    fn d_perm_01_every_cell_of_the_table_is_granted_or_denied_as_it_stands() {
        let groups = default_groups();
        let mut cells = 0;
        let lines: Vec<&str> =
            BOOK.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        assert_eq!(lines.len(), Model::ALL.len(), "every model has its line");
        for line in lines {
            let (model, granted) = line.split_once(':').unwrap();
            let model = Model::parse(model).unwrap();
            for (name, permissions) in &groups {
                let letter = granted
                    .split(',')
                    .filter_map(|cell| cell.trim().rsplit_once(' '))
                    .find(|(group, _)| group == name)
                    .map_or("", |(_, letter)| letter);
                for action in Action::ALL {
                    let expected = matches!(
                        (letter, action),
                        ("W", _) | ("R" | "M", Action::View) | ("M", Action::Add | Action::Change)
                    );
                    let got = permissions.contains(&Permission { model, action });
                    assert_eq!(got, expected, "{name}: {} {}", action.as_str(), model.as_str());
                    cells += 1;
                }
            }
        }
        assert_eq!(cells, 8 * 4 * Model::ALL.len());
    }

    #[test]
    fn d_perm_02_no_model_of_checks_or_server_messages_is_left() {
        for gone in ["check", "checks", "server_message", "server_messages"] {
            assert_eq!(Model::parse(gone), None, "{gone}");
        }
    }

    #[test]
    fn d_acc_04_the_demonstration_has_a_domain_admin_that_waits_for_a_domain() {
        let accounts = demo_accounts();
        let waiting: Vec<_> = accounts.iter().filter(|one| !one.is_active).collect();
        assert_eq!(waiting.len(), 1);
        assert_eq!(
            (waiting[0].name, waiting[0].groups),
            ("domain-admin", &["Reader", "Domain Admin"][..])
        );
    }
}
