//! Administration of attribute sets (4.4): their attributes and targets by name.

use rusqlite::{OptionalExtension as _, Row, named_params};
use serde::Serialize;
use utoipa::ToSchema;

use super::pages::{Conditions, Cursor, Named, contains, named};
use super::related::{self, Kind, Related};
use super::seen::{Seen, Thing};
use super::{ReadTx, StorageError, WriteTx, pages, targets};
use crate::domain::ids::{AttributeId, AttributeSetId};

/// A set as people see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SetRow {
    #[schema(value_type = i64)]
    pub id: AttributeSetId,
    pub name: String,
    pub description: String,
    pub enabled: bool,
    /// `SET-<name>`.
    pub attribute: Named,
    /// `PREFIX-value` of each.
    pub included_attributes: Vec<Named>,
    pub excluded_attributes: Vec<Named>,
    /// Productive computers in it since their last synchronisation.
    pub computers: i64,
    #[serde(skip)]
    pub cursor: Cursor,
}

/// The sets in sight, with the computers in sight.
fn select(tx: &Seen<'_>) -> String {
    format!(
        "SELECT sets.id, sets.name, sets.description, sets.enabled, sets.attribute_id,
           (SELECT count(*) FROM computer_attribute AS held
            JOIN computer ON computer.id = held.computer_id
            WHERE held.attribute_id = sets.attribute_id AND held.valid_to IS NULL
              AND computer.status IN ('intended', 'reserved', 'unknown')
              AND {computer}) AS computers,
           {target}
    FROM attribute_set AS sets
    WHERE {set}",
        computer = tx.computer("computer.id"),
        target = targets::columns("attribute_set", "sets.id"),
        set = tx.condition(Thing::AttributeSet, "sets"),
    )
}

/// Which sets to list.
#[derive(Debug, Clone, Default)]
pub struct SetFilter {
    pub related: Option<Related>,
    /// Text in the name or the description.
    pub search: Option<String>,
    pub after: Option<Cursor>,
    pub limit: u32,
}

/// Lists sets by name; one more than asked if there are more.
pub fn list(tx: &Seen<'_>, filter: &SetFilter) -> Result<Vec<SetRow>, StorageError> {
    let mut all = Conditions::default();
    all.with(
        filter.search.as_deref().map(contains),
        ":search",
        r"(sets.name LIKE :search ESCAPE '\' OR sets.description LIKE :search ESCAPE '\')",
    );
    all.add(related::condition(filter.related, Kind::AttributeSet, "sets.id"));
    if let Some((_, name)) = filter.after.as_ref().map(Cursor::parts) {
        all.add("sets.name > :after");
        all.bind(":after", name.to_owned());
    }
    all.bind(":limit", i64::from(filter.limit) + 1);
    let sql = format!("{} AND {} ORDER BY sets.name LIMIT :limit", select(tx), all.sql());
    let mut statement = tx.sql().prepare_cached(&sql)?;
    pages::all(statement.query(&*all.parameters())?, from_row)
}

/// Returns one set.
pub fn get(tx: &Seen<'_>, id: AttributeSetId) -> Result<SetRow, StorageError> {
    let mut statement = tx.sql().prepare_cached(&format!("{} AND sets.id = :id", select(tx)))?;
    pages::one(statement.query(named_params! { ":id": id.0 })?, from_row, "attribute set", id)
}

fn from_row(row: &Row<'_>) -> Result<SetRow, StorageError> {
    let name: String = row.get("name")?;
    Ok(SetRow {
        id: AttributeSetId(row.get("id")?),
        cursor: Cursor::named(row.get("id")?, &name),
        attribute: Named { id: row.get("attribute_id")?, name: format!("SET-{name}") },
        name,
        description: row.get("description")?,
        enabled: row.get("enabled")?,
        included_attributes: named(row, "included")?,
        excluded_attributes: named(row, "excluded")?,
        computers: row.get("computers")?,
    })
}

/// Finds the set that an attribute stands for.
pub fn find_by_attribute(
    tx: &ReadTx<'_>,
    attribute: AttributeId,
) -> Result<Option<AttributeSetId>, StorageError> {
    let sql = "SELECT id FROM attribute_set WHERE attribute_id = :attribute";
    let mut statement = tx.sql().prepare_cached(sql)?;
    let found = statement.query_row(named_params! { ":attribute": attribute.0 }, |row| row.get(0));
    Ok(found.optional()?.map(AttributeSetId))
}

/// The fields of a set that are stored in its own row.
#[derive(Debug, Clone)]
pub struct Fields<'a> {
    pub name: &'a str,
    pub description: &'a str,
    pub enabled: bool,
}

/// Adds a set that `attribute` stands for, and returns its id.
pub fn insert(
    tx: &WriteTx<'_>,
    attribute: AttributeId,
    fields: &Fields<'_>,
) -> Result<AttributeSetId, StorageError> {
    tx.sql()
        .prepare_cached(
            "INSERT INTO attribute_set (name, description, enabled, attribute_id)
             VALUES (:name, :description, :enabled, :attribute)",
        )?
        .execute(named_params! {
            ":name": fields.name,
            ":description": fields.description,
            ":enabled": fields.enabled,
            ":attribute": attribute.0,
        })?;
    Ok(AttributeSetId(tx.sql().last_insert_rowid()))
}

/// Stores the fields of a set.
pub fn update(
    tx: &WriteTx<'_>,
    id: AttributeSetId,
    fields: &Fields<'_>,
) -> Result<(), StorageError> {
    tx.sql()
        .prepare_cached(
            "UPDATE attribute_set
             SET name = :name, description = :description, enabled = :enabled WHERE id = :id",
        )?
        .execute(named_params! {
            ":id": id.0,
            ":name": fields.name,
            ":description": fields.description,
            ":enabled": fields.enabled,
        })?;
    Ok(())
}

/// Replaces the attributes that put computers into a set, and those that keep them out.
pub fn set_targets(
    tx: &WriteTx<'_>,
    id: AttributeSetId,
    included: &[AttributeId],
    excluded: &[AttributeId],
) -> Result<(), StorageError> {
    targets::replace(tx, "attribute_set", id.0, included, excluded)
}

/// Deletes a set; its attribute is deleted after it.
pub fn delete(tx: &WriteTx<'_>, id: AttributeSetId) -> Result<(), StorageError> {
    let mut statement = tx.sql().prepare_cached("DELETE FROM attribute_set WHERE id = :id")?;
    statement.execute(named_params! { ":id": id.0 })?;
    Ok(())
}
