//! Tags (4.3): attributes of tag categories, and which computers were given which by hand.

use std::collections::BTreeSet;

use rusqlite::{Row, named_params};
use serde::Serialize;
use utoipa::ToSchema;

use super::pages::{Conditions, Cursor, Named, contains};
use super::related::{self, Kind, Related};
use super::seen::{Seen, Thing};
use super::{ReadTx, StorageError, WriteTx, display, pages};
use crate::domain::ids::{AttributeId, ComputerId, FormulaId};
use crate::domain::status::Status;
use crate::domain::tag::Tag;

/// A tag as it is listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TagRow {
    #[schema(value_type = i64)]
    pub id: AttributeId,
    /// `PREFIX-value`.
    pub name: String,
    pub prefix: String,
    pub value: String,
    pub description: Option<String>,
    pub category: Named,
    /// The category is enabled; otherwise the tag has no effect (D-TAG-03).
    pub enabled: bool,
    /// Computers it was given to by hand.
    pub given: i64,
    /// Productive computers that have it since their last synchronisation (D-ATTR-03).
    pub computers: i64,
    #[serde(skip)]
    pub cursor: Cursor,
}

fn select(tx: &Seen<'_>) -> String {
    format!(
        "SELECT attribute.id, attribute.value, attribute.description, formula.id AS category,
                formula.prefix, formula.name, formula.enabled,
                (SELECT count(*) FROM computer_tag
                 WHERE attribute_id = attribute.id AND {given}) AS given,
                (SELECT count(*) FROM computer_attribute AS held
                 JOIN computer ON computer.id = held.computer_id
                 WHERE held.attribute_id = attribute.id AND held.valid_to IS NULL
                   AND computer.status IN ('intended', 'reserved', 'unknown')
                   AND {computer}) AS computers
         FROM formula JOIN attribute ON attribute.formula_id = formula.id
         WHERE formula.sort = 'server' AND {attribute}",
        given = tx.computer("computer_tag.computer_id"),
        computer = tx.computer("computer.id"),
        attribute = tx.condition(Thing::Attribute, "attribute"),
    )
}

/// Which tags to list.
#[derive(Debug, Clone, Default)]
pub struct TagFilter {
    pub related: Option<Related>,
    pub category: Option<FormulaId>,
    /// Text in `PREFIX-value` or the description.
    pub search: Option<String>,
    pub after: Option<Cursor>,
    pub limit: u32,
}

/// Lists tags by category and value; one more than asked if there are more.
pub fn list(tx: &Seen<'_>, filter: &TagFilter) -> Result<Vec<TagRow>, StorageError> {
    let mut all = Conditions::default();
    all.with(filter.category.map(|id| id.0), ":category", "attribute.formula_id = :category");
    all.with(
        filter.search.as_deref().map(contains),
        ":search",
        r"(formula.prefix || '-' || attribute.value LIKE :search ESCAPE '\'
           OR attribute.description LIKE :search ESCAPE '\')",
    );
    all.add(related::condition(filter.related, Kind::Tag, "attribute.id"));
    if let Some((category, value)) = filter.after.as_ref().map(Cursor::parts) {
        all.add("(attribute.formula_id, attribute.value) > (:after_category, :after_value)");
        all.bind(":after_category", category);
        all.bind(":after_value", value.to_owned());
    }
    all.bind(":limit", i64::from(filter.limit) + 1);
    let sql = format!(
        "{} AND {} ORDER BY attribute.formula_id, attribute.value LIMIT :limit",
        select(tx),
        all.sql()
    );
    let mut statement = tx.sql().prepare_cached(&sql)?;
    pages::all(statement.query(&*all.parameters())?, from_row)
}

/// Returns one tag.
pub fn get(tx: &Seen<'_>, id: AttributeId) -> Result<TagRow, StorageError> {
    let mut statement =
        tx.sql().prepare_cached(&format!("{} AND attribute.id = :id", select(tx)))?;
    pages::one(statement.query(named_params! { ":id": id.0 })?, from_row, "tag", id)
}

fn from_row(row: &Row<'_>) -> Result<TagRow, StorageError> {
    let (prefix, value): (String, String) = (row.get("prefix")?, row.get("value")?);
    let category: i64 = row.get("category")?;
    Ok(TagRow {
        id: AttributeId(row.get("id")?),
        name: format!("{prefix}-{value}"),
        cursor: Cursor::of_row(category, row.get_ref("value")?),
        prefix,
        value,
        description: row.get("description")?,
        category: Named { id: category, name: row.get("name")? },
        enabled: row.get("enabled")?,
        given: row.get("given")?,
        computers: row.get("computers")?,
    })
}

/// Returns the tags of all enabled categories (D-TAG-03).
pub fn enabled(tx: &ReadTx<'_>) -> Result<Vec<Tag>, StorageError> {
    let mut statement = tx.sql().prepare_cached(
        "SELECT attribute.id, prefix, name, value
         FROM formula JOIN attribute ON formula_id = formula.id
         WHERE sort = 'server' AND enabled",
    )?;
    pages::all(statement.query([])?, |row| {
        Ok(Tag {
            id: AttributeId(row.get("id")?),
            prefix: row.get("prefix")?,
            category: row.get("name")?,
            value: row.get("value")?,
        })
    })
}

/// Returns the tags of a computer by name, those of disabled categories too.
pub fn of_computer(tx: &ReadTx<'_>, computer: ComputerId) -> Result<Vec<Named>, StorageError> {
    let mut statement = tx.sql().prepare_cached(
        "SELECT attribute.id, prefix || '-' || value AS name
         FROM computer_tag
         JOIN attribute ON attribute.id = attribute_id
         JOIN formula ON formula.id = formula_id
         WHERE computer_id = :computer ORDER BY prefix, value",
    )?;
    let rows = statement.query(named_params! { ":computer": computer.0 })?;
    pages::all(rows, |row| Ok(Named { id: row.get(0)?, name: row.get(1)? }))
}

/// Returns the computers that were given a tag, as people know them.
pub fn computers_of(tx: &Seen<'_>, tag: AttributeId) -> Result<Vec<Named>, StorageError> {
    let sql = format!(
        "SELECT computer.id, {} FROM computer_tag JOIN computer ON computer.id = computer_id
         WHERE attribute_id = :tag AND {} ORDER BY computer.id",
        display::expression(tx)?,
        tx.computer("computer.id"),
    );
    let mut statement = tx.sql().prepare_cached(&sql)?;
    let rows = statement.query(named_params! { ":tag": tag.0 })?;
    pages::all(rows, |row| Ok(Named { id: row.get(0)?, name: row.get(1)? }))
}

/// Returns the status of a computer.
pub fn status_of(tx: &ReadTx<'_>, computer: ComputerId) -> Result<Option<Status>, StorageError> {
    let sql = "SELECT status FROM computer WHERE id = :id";
    let mut statement = tx.sql().prepare_cached(sql)?;
    let mut rows = statement.query(named_params! { ":id": computer.0 })?;
    let Some(row) = rows.next()? else { return Ok(None) };
    Ok(Status::parse(&row.get::<_, String>(0)?))
}

/// Gives a computer a tag.
pub fn give(tx: &WriteTx<'_>, computer: ComputerId, tag: AttributeId) -> Result<(), StorageError> {
    tx.sql()
        .prepare_cached(
            "INSERT OR IGNORE INTO computer_tag (computer_id, attribute_id)
             VALUES (:computer, :tag)",
        )?
        .execute(named_params! { ":computer": computer.0, ":tag": tag.0 })?;
    Ok(())
}

/// Takes a tag from a computer.
pub fn take(tx: &WriteTx<'_>, computer: ComputerId, tag: AttributeId) -> Result<(), StorageError> {
    tx.sql()
        .prepare_cached(
            "DELETE FROM computer_tag WHERE computer_id = :computer AND attribute_id = :tag",
        )?
        .execute(named_params! { ":computer": computer.0, ":tag": tag.0 })?;
    Ok(())
}

/// Returns the attributes of a category with their values and descriptions.
pub fn values_of(
    tx: &ReadTx<'_>,
    category: FormulaId,
) -> Result<Vec<(AttributeId, String, Option<String>)>, StorageError> {
    let sql = "SELECT id, value, description FROM attribute WHERE formula_id = :category";
    let mut statement = tx.sql().prepare_cached(sql)?;
    let rows = statement.query(named_params! { ":category": category.0 })?;
    pages::all(rows, |row| Ok((AttributeId(row.get(0)?), row.get(1)?, row.get(2)?)))
}

/// Returns the name of the domain that an attribute of these stands for, if one does: it comes and
/// goes with the domain (D-DOM-02).
pub fn domain_of(
    tx: &ReadTx<'_>,
    ids: &BTreeSet<AttributeId>,
) -> Result<Option<String>, StorageError> {
    let ids = serde_json::json!(ids).to_string();
    let mut statement = tx.sql().prepare_cached(
        "SELECT name FROM domain WHERE attribute_id IN (SELECT value FROM json_each(:ids))
         ORDER BY name LIMIT 1",
    )?;
    let mut rows = statement.query(named_params! { ":ids": ids })?;
    Ok(rows.next()?.map(|row| row.get(0)).transpose()?)
}
