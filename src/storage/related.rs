//! What belongs to an object: the related lists of D-UI-06, each as the ids of its rows.
//!
//! One table says what is related to what. Counts and the filtered lists they lead to both stand on
//! it, so they cannot disagree; all counts of an object are one statement. What is out of sight is
//! neither counted nor listed.

use rusqlite::named_params;

use super::StorageError;
use super::seen::{Seen, Thing};
use crate::domain::account::Model;

/// Kinds of objects, each with a list of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Account,
    Application,
    Attribute,
    AttributeSet,
    Computer,
    Deployment,
    Domain,
    Error,
    Fault,
    FaultDefinition,
    Formula,
    Group,
    Migration,
    Package,
    Platform,
    Policy,
    Project,
    Schedule,
    Scope,
    Store,
    Tag,
    TagCategory,
    Token,
    User,
}

use Kind::{
    Account, Application, Attribute, AttributeSet, Computer, Deployment, Domain, Error, Fault,
    FaultDefinition, Formula, Group, Migration, Package, Platform, Policy, Project, Schedule,
    Scope, Store, Tag, TagCategory, Token, User,
};

/// What is related: of which object, the rows of which list, and their ids, `{id}` being the id of
/// the object.
#[rustfmt::skip]
const RELATIONS: &[(Kind, Kind, &str)] = &[
    (Account, Group, "SELECT group_id FROM account_member WHERE account_id = {id}"),
    (Account, Domain, "SELECT domain_id FROM domain_administrator WHERE account_id = {id}"),
    (Account, FaultDefinition,
        "SELECT fault_definition_id FROM fault_definition_account WHERE account_id = {id}"),
    (Account, Token, "SELECT id FROM token WHERE account_id = {id}"),
    (Application, Policy,
        "SELECT policy_id FROM policy_group_application
         JOIN policy_group ON policy_group.id = policy_group_id WHERE application_id = {id}"),
    (Application, Project, "SELECT project_id FROM application_project WHERE application_id = {id}"),
    (Application, Attribute,
        "SELECT attribute_id FROM application_attribute WHERE application_id = {id}"),
    (Attribute, Computer,
        "SELECT computer_id FROM computer_attribute
         WHERE attribute_id = {id} AND valid_to IS NULL"),
    (Attribute, Deployment, "SELECT deployment_id FROM deployment_attribute WHERE attribute_id = {id}"),
    (Attribute, AttributeSet,
        "SELECT attribute_set_id FROM attribute_set_attribute WHERE attribute_id = {id}"),
    (Attribute, FaultDefinition,
        "SELECT fault_definition_id FROM fault_definition_attribute WHERE attribute_id = {id}"),
    (Attribute, Policy,
        "SELECT policy_id FROM policy_attribute WHERE attribute_id = {id}
         UNION SELECT policy_id FROM policy_group
         JOIN policy_group_attribute ON policy_group_id = policy_group.id WHERE attribute_id = {id}"),
    (Attribute, Application,
        "SELECT application_id FROM application_attribute WHERE attribute_id = {id}"),
    (Attribute, Schedule,
        "SELECT schedule_id FROM schedule_delay
         JOIN schedule_delay_attribute ON schedule_delay_id = schedule_delay.id
         WHERE attribute_id = {id}"),
    (Attribute, Domain,
        "SELECT domain_id FROM domain_attribute WHERE attribute_id = {id}
         UNION SELECT domain_id FROM domain_tag WHERE attribute_id = {id}"),
    (AttributeSet, Computer,
        "SELECT computer_id FROM computer_attribute WHERE valid_to IS NULL AND attribute_id =
             (SELECT attribute_id FROM attribute_set WHERE id = {id})"),
    (AttributeSet, Deployment,
        "SELECT deployment_id FROM deployment_attribute WHERE attribute_id =
             (SELECT attribute_id FROM attribute_set WHERE id = {id})"),
    (AttributeSet, Attribute,
        "SELECT attribute_id FROM attribute_set_attribute WHERE attribute_set_id = {id}"),
    (Deployment, Package, "SELECT package_id FROM deployment_package WHERE deployment_id = {id}"),
    (Deployment, Attribute, "SELECT attribute_id FROM deployment_attribute WHERE deployment_id = {id}"),
    (Domain, Computer,
        "SELECT computer_id FROM computer_attribute
         WHERE valid_to IS NULL AND attribute_id IN
             (SELECT attribute_id FROM domain_attribute WHERE domain_id = {id} AND excluded = 0)
         EXCEPT SELECT computer_id FROM computer_attribute
         WHERE valid_to IS NULL AND attribute_id IN
             (SELECT attribute_id FROM domain_attribute WHERE domain_id = {id} AND excluded = 1)"),
    (Domain, Deployment, "SELECT id FROM deployment WHERE domain_id = {id}"),
    (Domain, Tag, "SELECT attribute_id FROM domain_tag WHERE domain_id = {id}"),
    (Domain, Account, "SELECT account_id FROM domain_administrator WHERE domain_id = {id}"),
    (FaultDefinition, Fault, "SELECT id FROM fault WHERE fault_definition_id = {id}"),
    (FaultDefinition, Attribute,
        "SELECT attribute_id FROM fault_definition_attribute WHERE fault_definition_id = {id}"),
    (FaultDefinition, Account,
        "SELECT account_id FROM fault_definition_account WHERE fault_definition_id = {id}"),
    (Formula, Attribute, "SELECT id FROM attribute WHERE formula_id = {id}"),
    (Group, Account, "SELECT account_id FROM account_member WHERE group_id = {id}"),
    (Package, Deployment, "SELECT deployment_id FROM deployment_package WHERE package_id = {id}"),
    (Platform, Project, "SELECT id FROM project WHERE platform_id = {id}"),
    (Platform, Computer,
        "SELECT computer.id FROM computer JOIN project ON project.id = project_id
         WHERE platform_id = {id}"),
    (Policy, Application,
        "SELECT application_id FROM policy_group_application
         JOIN policy_group ON policy_group.id = policy_group_id WHERE policy_id = {id}"),
    (Policy, Attribute, "SELECT attribute_id FROM policy_attribute WHERE policy_id = {id}"),
    (Project, Computer, "SELECT id FROM computer WHERE project_id = {id}"),
    (Project, Deployment, "SELECT id FROM deployment WHERE project_id = {id}"),
    (Project, Store, "SELECT id FROM store WHERE project_id = {id}"),
    (Project, Package, "SELECT id FROM package WHERE project_id = {id} AND registered = 1"),
    (Project, Application, "SELECT application_id FROM application_project WHERE project_id = {id}"),
    (Project, Error, "SELECT id FROM error WHERE project_id = {id}"),
    (Project, Fault, "SELECT id FROM fault WHERE project_id = {id}"),
    (Project, Migration, "SELECT id FROM migration WHERE project_id = {id}"),
    (Schedule, Deployment, "SELECT id FROM deployment WHERE schedule_id = {id}"),
    (Schedule, Attribute,
        "SELECT attribute_id FROM schedule_delay_attribute
         JOIN schedule_delay ON schedule_delay.id = schedule_delay_id WHERE schedule_id = {id}"),
    (Scope, Computer,
        "SELECT computer_id FROM computer_attribute
         WHERE valid_to IS NULL AND attribute_id IN
             (SELECT attribute_id FROM scope_attribute WHERE scope_id = {id} AND excluded = 0)
         EXCEPT SELECT computer_id FROM computer_attribute
         WHERE valid_to IS NULL AND attribute_id IN
             (SELECT attribute_id FROM scope_attribute WHERE scope_id = {id} AND excluded = 1)"),
    (Scope, Attribute, "SELECT attribute_id FROM scope_attribute WHERE scope_id = {id}"),
    (Store, Package, "SELECT id FROM package WHERE store_id = {id} AND registered = 1"),
    (TagCategory, Tag, "SELECT id FROM attribute WHERE formula_id = {id}"),
    (User, Computer, "SELECT id FROM computer WHERE sync_user_id = {id}"),
];

/// An object whose related rows are asked for: `attribute.7` in addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Related {
    pub of: Kind,
    pub id: i64,
}

impl Related {
    /// Reads `attribute.7`.
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, id) = text.split_once('.')?;
        let of = RELATIONS.iter().map(|(of, ..)| *of).find(|of| of.name() == kind)?;
        Some(Self { of, id: id.parse().ok()? })
    }

    /// The condition that `column` is the id of a row of `list` that belongs to the object.
    fn condition(self, list: Kind, column: &str) -> String {
        let found = RELATIONS.iter().find(|(of, to, _)| (*of, *to) == (self.of, list));
        found.map_or_else(
            || "FALSE".to_owned(),
            |(.., ids)| format!("{column} IN ({})", ids.replace("{id}", &self.id.to_string())),
        )
    }
}

/// The same for a list that may be narrowed; else that of all.
pub(super) fn condition(related: Option<Related>, list: Kind, column: &str) -> String {
    related.map_or_else(|| "TRUE".to_owned(), |related| related.condition(list, column))
}

impl std::fmt::Display for Related {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.of.name(), self.id)
    }
}

impl Kind {
    /// Its name in addresses.
    pub fn name(self) -> &'static str {
        match self {
            Tag => "tag",
            TagCategory => "tag_category",
            Group => "group",
            other => other.table(),
        }
    }

    fn table(self) -> &'static str {
        match self {
            Account => "account",
            Application => "application",
            Attribute | Tag => "attribute",
            AttributeSet => "attribute_set",
            Computer => "computer",
            Deployment => "deployment",
            Domain => "domain",
            Error => "error",
            Fault => "fault",
            FaultDefinition => "fault_definition",
            Formula | TagCategory => "formula",
            Group => "account_group",
            Migration => "migration",
            Package => "package",
            Platform => "platform",
            Policy => "policy",
            Project => "project",
            Schedule => "schedule",
            Scope => "scope",
            Store => "store",
            Token => "token",
            User => "user",
        }
    }

    /// What one must be allowed to view.
    pub fn model(self) -> Model {
        match self {
            Account | Token => Model::Account,
            Application => Model::Application,
            Attribute | Tag => Model::Attribute,
            AttributeSet => Model::AttributeSet,
            Computer => Model::Computer,
            Deployment => Model::Deployment,
            Domain => Model::Domain,
            Error => Model::Error,
            Fault => Model::Fault,
            FaultDefinition => Model::FaultDefinition,
            Formula | TagCategory => Model::Formula,
            Group => Model::Group,
            Migration => Model::Migration,
            Package => Model::Package,
            Platform => Model::Platform,
            Policy => Model::Policy,
            Project => Model::Project,
            Schedule => Model::Schedule,
            Scope => Model::Scope,
            Store => Model::Store,
            User => Model::User,
        }
    }

    /// What of it can be out of sight.
    fn thing(self) -> Option<Thing> {
        Some(match self {
            Attribute | Tag => Thing::Attribute,
            AttributeSet => Thing::AttributeSet,
            Computer => Thing::Computer,
            Deployment => Thing::Deployment,
            Error => Thing::Error,
            Fault => Thing::Fault,
            FaultDefinition => Thing::FaultDefinition,
            Package => Thing::Package,
            Platform => Thing::Platform,
            Project => Thing::Project,
            Store => Thing::Store,
            User => Thing::User,
            _ => return None,
        })
    }
}

/// The related lists of a kind, in the order of the table.
pub fn lists(of: Kind) -> impl Iterator<Item = Kind> {
    RELATIONS.iter().filter(move |(one, ..)| *one == of).map(|(_, list, _)| *list)
}

/// Counts what belongs to an object, in each of these lists: of computers the productive ones
/// (D-GEN-11).
pub fn counts(
    tx: &Seen<'_>,
    related: Related,
    lists: &[Kind],
) -> Result<Vec<(Kind, i64)>, StorageError> {
    let count = |list: &Kind| {
        let table = list.table();
        let seen = match list.thing() {
            Some(thing) => tx.condition(thing, table),
            None if *list == Migration => tx.event(table),
            None => "TRUE".to_owned(),
        };
        let productive = match list {
            Computer => " AND status IN ('intended', 'reserved', 'unknown')",
            _ => "",
        };
        let belongs = related.condition(*list, &format!("{table}.id"));
        format!("(SELECT count(*) FROM {table} WHERE {belongs} AND {seen}{productive})")
    };
    let columns: Vec<String> = lists.iter().map(count).collect();
    if columns.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = tx.sql().prepare_cached(&format!("SELECT {}", columns.join(", ")))?;
    Ok(statement.query_row([], |row| {
        lists.iter().enumerate().map(|(place, list)| Ok((*list, row.get(place)?))).collect()
    })?)
}

/// Refuses an object that is not there or out of sight, and returns its name.
pub fn name(tx: &Seen<'_>, Related { of, id }: Related) -> Result<String, StorageError> {
    let table = of.table();
    if let Some(thing) = of.thing() {
        tx.check(thing, id)?;
    }
    let name = match of {
        Account => "username",
        Attribute | Tag => "(SELECT prefix FROM formula WHERE id = formula_id) || '-' || value",
        _ => "name",
    };
    let sql = format!("SELECT {name} FROM {table} WHERE id = :id");
    let mut statement = tx.sql().prepare_cached(&sql)?;
    let mut rows = statement.query(named_params! { ":id": id })?;
    match rows.next()? {
        Some(row) => Ok(row.get(0)?),
        None => Err(StorageError::not_found(of.name(), id)),
    }
}

/// Lists the ids of the rows of `list` that belong to an object: of lists that are never long.
pub fn ids(tx: &Seen<'_>, related: Related, list: Kind) -> Result<Vec<i64>, StorageError> {
    let table = list.table();
    let belongs = related.condition(list, &format!("{table}.id"));
    let sql = format!("SELECT id FROM {table} WHERE {belongs} ORDER BY id");
    let mut statement = tx.sql().prepare_cached(&sql)?;
    let rows = statement.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::scopes::View;
    use crate::storage::Storage;
    use crate::storage::fixtures::small_site;

    #[test]
    fn d_ui_06_every_relation_is_counted_in_one_statement() {
        let dir = tempfile::tempdir().unwrap();
        let storage = Storage::open(dir.path()).unwrap();
        storage.write_now(small_site).unwrap();
        let kinds: std::collections::BTreeSet<Kind> =
            RELATIONS.iter().map(|(of, ..)| *of).collect();
        for of in kinds {
            let all: Vec<Kind> = lists(of).collect();
            let related = Related { of, id: 11 };
            let counted: Result<_, StorageError> =
                storage.read_now(|tx| counts(&tx.seen_by(View::EVERYTHING), related, &all));
            let counted = counted.unwrap();
            assert_eq!(counted.iter().map(|(list, _)| *list).collect::<Vec<_>>(), all, "{of:?}");
            for (list, count) in counted.into_iter().filter(|(list, _)| *list != Computer) {
                let found: Result<_, StorageError> =
                    storage.read_now(|tx| ids(&tx.seen_by(View::EVERYTHING), related, list));
                assert_eq!(
                    found.unwrap().len(),
                    usize::try_from(count).unwrap(),
                    "{of:?} {list:?}"
                );
            }
            assert_eq!(Related::parse(&related.to_string()), Some(related));
        }
        assert_eq!(Related::parse("secret.1"), None);
        assert_eq!(Related::parse("attribute.1 OR 1"), None);
    }

    #[test]
    fn d_ui_06_d_gen_11_the_numbers_of_a_project_are_those_of_its_lists() {
        let dir = tempfile::tempdir().unwrap();
        let storage = Storage::open(dir.path()).unwrap();
        storage.write_now(small_site).unwrap();
        let table = [
            (Related { of: Project, id: 11 }, Computer, 1), // of three, one is productive
            (Related { of: Project, id: 11 }, Error, 2),
            (Related { of: Project, id: 11 }, Fault, 2),
            (Related { of: Project, id: 11 }, Migration, 2),
            (Related { of: FaultDefinition, id: 81 }, Fault, 2),
            (Related { of: User, id: 22 }, Computer, 1),
        ];
        for (related, list, expected) in table {
            let counted: Result<_, StorageError> =
                storage.read_now(|tx| counts(&tx.seen_by(View::EVERYTHING), related, &[list]));
            assert_eq!(counted.unwrap(), [(list, expected)], "D-UI-06: {related}");
        }
    }
}
