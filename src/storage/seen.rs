//! The database as an account sees it (6.6): what lists, counts and queries are made through.
//!
//! A [`View`] is a domain, a scope, both or neither; `C(u)` are the computers that match what is
//! selected, by the attributes of their last synchronisation. Every list of things that belong to
//! computers takes a [`Seen`] and not a plain transaction, so that forgetting the view does not
//! compile. The set is a subquery that SQLite evaluates once for each statement, over the index of
//! current attributes; with nothing selected the conditions are `TRUE` and cost nothing.
//!
//! Ids are put into the text, which is safe for numbers and keeps them out of the way of the
//! parameters of each statement.

use std::collections::BTreeSet;
use std::ops::Deref;

use rusqlite::named_params;

use super::{ReadTx, StorageError};
use crate::domain::ids::{ComputerId, DeploymentId};
use crate::domain::scopes::View;

/// A transaction through the eyes of somebody.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    tx: ReadTx<'a>,
    view: View,
}

impl<'a> Deref for Seen<'a> {
    type Target = ReadTx<'a>;

    fn deref(&self) -> &ReadTx<'a> {
        &self.tx
    }
}

impl<'a> ReadTx<'a> {
    /// The same transaction through the eyes of somebody.
    pub fn seen_by(&self, view: View) -> Seen<'a> {
        Seen { tx: *self, view }
    }
}

/// What can be out of sight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thing {
    Computer,
    Error,
    Fault,
    User,
    Attribute,
    AttributeSet,
    FaultDefinition,
    Project,
    Platform,
    Package,
    Store,
    Deployment,
    ScheduleDelay,
}

impl Thing {
    /// Name of its table.
    fn table(self) -> &'static str {
        match self {
            Self::Computer => "computer",
            Self::Error => "error",
            Self::Fault => "fault",
            Self::User => "user",
            Self::Attribute => "attribute",
            Self::AttributeSet => "attribute_set",
            Self::FaultDefinition => "fault_definition",
            Self::Project => "project",
            Self::Platform => "platform",
            Self::Package => "package",
            Self::Store => "store",
            Self::Deployment => "deployment",
            Self::ScheduleDelay => "schedule_delay",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::AttributeSet => "attribute set",
            Self::FaultDefinition => "fault definition",
            Self::ScheduleDelay => "delay",
            other => other.table(),
        }
    }
}

impl Seen<'_> {
    /// Refuses what is out of sight as if it were not there (D-VIEW-01).
    ///
    /// # Errors
    /// [`StorageError::NotFound`].
    pub fn check(&self, thing: Thing, id: i64) -> Result<(), StorageError> {
        if self.view.is_everything() || self.contains(thing, id)? {
            return Ok(());
        }
        let key = if thing == Thing::Computer { format!("CID-{id}") } else { id.to_string() };
        Err(StorageError::not_found(thing.name(), key))
    }

    /// Says whether the thing is there and in sight.
    pub fn contains(&self, thing: Thing, id: i64) -> Result<bool, StorageError> {
        let table = thing.table();
        let condition = self.condition(thing, table);
        let sql =
            format!("SELECT EXISTS (SELECT 1 FROM {table} WHERE {table}.id = :id AND {condition})");
        let mut statement = self.sql().prepare_cached(&sql)?;
        Ok(statement.query_row(named_params! { ":id": id }, |row| row.get(0))?)
    }

    /// Keeps the computers that are in sight.
    pub fn computers_among(
        &self,
        ids: &BTreeSet<ComputerId>,
    ) -> Result<BTreeSet<ComputerId>, StorageError> {
        if self.view.is_everything() {
            return Ok(ids.clone());
        }
        let sql = format!("SELECT value FROM json_each(:ids) WHERE {}", self.computer("value"));
        let mut statement = self.sql().prepare_cached(&sql)?;
        let ids = serde_json::json!(ids).to_string();
        let rows = statement.query_map(named_params! { ":ids": ids }, |row| row.get(0))?;
        Ok(rows.map(|id| id.map(ComputerId)).collect::<Result<_, _>>()?)
    }

    /// Keeps the deployments that are in sight.
    pub fn deployments_among(
        &self,
        ids: &BTreeSet<DeploymentId>,
    ) -> Result<BTreeSet<DeploymentId>, StorageError> {
        if self.view.is_everything() {
            return Ok(ids.clone());
        }
        let sql = format!(
            "SELECT id FROM deployment WHERE id IN (SELECT value FROM json_each(:ids)) AND {}",
            self.condition(Thing::Deployment, "deployment")
        );
        let mut statement = self.sql().prepare_cached(&sql)?;
        let ids = serde_json::json!(ids).to_string();
        let rows = statement.query_map(named_params! { ":ids": ids }, |row| row.get(0))?;
        Ok(rows.map(|id| id.map(DeploymentId)).collect::<Result<_, _>>()?)
    }

    /// The condition that a row of `alias`, the table of these things, is in sight.
    pub(super) fn condition(&self, thing: Thing, alias: &str) -> String {
        if self.view.is_everything() {
            return "TRUE".to_owned();
        }
        match thing {
            Thing::Computer => self.computer(&format!("{alias}.id")),
            Thing::Error | Thing::Fault => self.event(alias),
            Thing::User => format!(
                "EXISTS (SELECT 1 FROM computer AS seen
                         WHERE seen.sync_user_id = {alias}.id AND {})",
                self.computer("seen.id")
            ),
            Thing::Attribute => self.attribute(&format!("{alias}.id")),
            Thing::AttributeSet | Thing::FaultDefinition => {
                let table = thing.table();
                format!(
                    "EXISTS (SELECT 1 FROM {table}_attribute AS names
                             WHERE names.{table}_id = {alias}.id AND names.excluded = 0
                               AND {})",
                    self.held("names.attribute_id")
                )
            }
            Thing::ScheduleDelay => format!(
                "EXISTS (SELECT 1 FROM schedule_delay_attribute AS names
                         WHERE names.schedule_delay_id = {alias}.id AND {})",
                self.attribute("names.attribute_id")
            ),
            Thing::Project => self.project(&format!("{alias}.id")),
            Thing::Platform => format!(
                "EXISTS (SELECT 1 FROM project AS of WHERE of.platform_id = {alias}.id AND {})",
                self.project("of.id")
            ),
            Thing::Package | Thing::Store => self.project(&format!("{alias}.project_id")),
            Thing::Deployment => self.deployment(alias),
        }
    }

    /// The column names a computer of `C(u)`.
    pub(super) fn computer(&self, column: &str) -> String {
        match self.computers() {
            Some(computers) => format!("{column} IN ({computers})"),
            None => "TRUE".to_owned(),
        }
    }

    /// The row belongs to a computer of `C(u)` and to a project of one.
    pub(super) fn event(&self, alias: &str) -> String {
        if self.view.is_everything() {
            return "TRUE".to_owned();
        }
        let computer = self.computer(&format!("{alias}.computer_id"));
        format!("({computer} AND {})", self.project(&format!("{alias}.project_id")))
    }

    /// The column names a project of a computer of `C(u)`.
    pub(super) fn project(&self, column: &str) -> String {
        match self.computers() {
            Some(computers) => {
                format!("{column} IN (SELECT project_id FROM computer WHERE id IN ({computers}))")
            }
            None => "TRUE".to_owned(),
        }
    }

    /// A computer of `C(u)` has the attribute that the column names, since its last
    /// synchronisation.
    fn held(&self, column: &str) -> String {
        format!(
            "EXISTS (SELECT 1 FROM computer_attribute AS held
                     WHERE held.attribute_id = {column} AND held.valid_to IS NULL AND {})",
            self.computer("held.computer_id")
        )
    }

    /// The column names an attribute of a computer of `C(u)`, or a tag that the domain offers.
    fn attribute(&self, column: &str) -> String {
        let held = self.held(column);
        match self.view.domain() {
            Some(domain) => format!(
                "({held} OR {column} IN
                     (SELECT attribute_id FROM domain_tag WHERE domain_id = {domain}))"
            ),
            None => held,
        }
    }

    /// Deployments of projects in sight; those of other domains are not.
    fn deployment(&self, alias: &str) -> String {
        let project = self.project(&format!("{alias}.project_id"));
        match self.view.domain() {
            Some(domain) => {
                format!("({project} AND ifnull({alias}.domain_id, {domain}) = {domain})")
            }
            None => project,
        }
    }

    /// The ids of the computers of `C(u)`, unless these are all.
    fn computers(&self) -> Option<String> {
        let domain = self.view.domain().map(|id| matching("domain", id.0));
        let scope = self.view.scope().map(|id| matching("scope", id.0));
        match (domain, scope) {
            (None, None) => None,
            (Some(one), None) | (None, Some(one)) => Some(one),
            (Some(domain), Some(scope)) => {
                Some(format!("SELECT computer_id FROM ({domain}) WHERE computer_id IN ({scope})"))
            }
        }
    }
}

/// The computers that a domain or scope matches: with an attribute that it includes and none that
/// it excludes (D-GEN-05).
fn matching(of: &str, id: i64) -> String {
    let with = |excluded: i64| {
        format!(
            "SELECT computer_id FROM computer_attribute
             WHERE valid_to IS NULL AND attribute_id IN
                 (SELECT attribute_id FROM {of}_attribute
                  WHERE {of}_id = {id} AND excluded = {excluded})"
        )
    };
    format!("{} EXCEPT {}", with(0), with(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::{DomainId, ScopeId};
    use crate::domain::scopes::Selection;
    use crate::storage::Storage;
    use crate::storage::fixtures::{run, small_storage};

    fn view(domain: Option<i64>, scope: Option<i64>) -> View {
        let selection = Selection {
            is_superuser: true,
            domain: domain.map(DomainId),
            scope: scope.map(ScopeId),
            ..Selection::default()
        };
        selection.view()
    }

    /// The small site with domains 1 (CID-1 and CID-2), 2 (the same without CID-2), 3 (nothing)
    /// and scope 1 (the office).
    fn site() -> (tempfile::TempDir, Storage) {
        let (dir, storage) = small_storage();
        let sql = "
            INSERT INTO domain (id, name, attribute_id)
                SELECT 1, 'A', id FROM attribute WHERE value = '1'
                UNION ALL SELECT 2, 'B', id FROM attribute WHERE value = '2'
                UNION ALL SELECT 3, 'C', id FROM attribute WHERE value = 'ALL SYSTEMS';
            INSERT INTO domain_attribute (domain_id, attribute_id, excluded)
                SELECT 1, id, 0 FROM attribute WHERE value IN ('1', '2')
                UNION ALL SELECT 2, id, 0 FROM attribute WHERE value IN ('1', '2')
                UNION ALL SELECT 2, id, 1 FROM attribute WHERE value = '2';
            INSERT INTO account (id, username, date_joined) VALUES (7, 'ana', 0);
            INSERT INTO scope (id, name, account_id) VALUES (1, 'office', 7);
            INSERT INTO scope_attribute (scope_id, attribute_id, excluded)
                SELECT 1, id, 0 FROM attribute WHERE value = '2';";
        storage.write_now(|tx| run(tx, sql)).unwrap();
        (dir, storage)
    }

    #[test]
    #[rustfmt::skip]
    fn the_computers_in_sight_are_those_that_match_what_is_selected() {
        let (_dir, storage) = site();
        let all: BTreeSet<ComputerId> = (1..=4).map(ComputerId).collect();
        // rule         domain   scope    computers
        type Row<'a> = (&'a str, Option<i64>, Option<i64>, &'a [i64]);
        let table: [Row<'_>; 7] = [
            ("D-VIEW-01",  None,    None,    &[1, 2, 3, 4]),
            ("D-DOM-03",   Some(1), None,    &[1, 2]),
            ("D-GEN-05",   Some(2), None,    &[1]),
            ("D-VIEW-01",  Some(3), None,    &[]),
            ("D-SCOPE-02", None,    Some(1), &[2]),
            ("D-SCOPE-02", Some(1), Some(1), &[2]),
            ("D-SCOPE-02", Some(2), Some(1), &[]),
        ];
        for (rule, domain, scope, expected) in table {
            let found: Result<_, StorageError> =
                storage.read_now(|tx| tx.seen_by(view(domain, scope)).computers_among(&all));
            let expected: BTreeSet<_> = expected.iter().copied().map(ComputerId).collect();
            assert_eq!(found.unwrap(), expected, "{rule}: {domain:?} {scope:?}");
        }
        let nothing: Result<_, StorageError> =
            storage.read_now(|tx| tx.seen_by(View::NOTHING).computers_among(&all));
        assert!(nothing.unwrap().is_empty(), "D-ACC-06");
    }

    #[test]
    fn the_set_is_found_by_the_index_of_current_attributes() {
        let (_dir, storage) = site();
        let plan: Result<Vec<String>, StorageError> = storage.read_now(|tx| {
            let seen = tx.seen_by(view(Some(2), None));
            let sql = format!(
                "EXPLAIN QUERY PLAN SELECT id FROM computer WHERE {} ORDER BY id LIMIT 50",
                seen.condition(Thing::Computer, "computer")
            );
            let mut statement = tx.sql().prepare(&sql)?;
            let rows = statement.query_map([], |row| row.get("detail"))?;
            Ok(rows.collect::<Result<_, _>>()?)
        });
        let plan = plan.unwrap().join("\n");
        assert!(plan.contains("computer_attribute_now"), "{plan}");
        assert!(!plan.contains("CORRELATED"), "{plan}");
    }
}
