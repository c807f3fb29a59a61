//! What belongs to an object: the related lists of D-UI-06, each as the ids of its rows.
//!
//! One table, in `relations.rs`, says what is related to what. Counts and the filtered lists they lead to both stand on
//! it, so they cannot disagree; all counts of an object are one statement. What is out of sight is
//! neither counted nor listed.

use rusqlite::named_params;

use self::Kind::{Account, Attribute, Computer, Migration, Tag};
use self::relations::RELATIONS;
use super::StorageError;
use super::seen::Seen;

mod kinds;
mod relations;

pub use self::kinds::Kind;

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
    use crate::storage::fixtures::small_storage;
    use crate::storage::related::Kind::{Error, Fault, FaultDefinition, Project, User};

    #[test]
    fn d_ui_06_every_relation_is_counted_in_one_statement() {
        let (_dir, storage) = small_storage();
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
        let (_dir, storage) = small_storage();
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
