//! Attributes for people: lists with the number of computers, changes by hand (4.2).

use rusqlite::{Row, named_params};
use serde::Serialize;
use utoipa::ToSchema;

use super::pages::{Conditions, Cursor, Named, contains};
use super::related::{self, Kind, Related};
use super::seen::{Seen, Thing};
use super::{StorageError, WriteTx, display};
use crate::domain::attribute::Attribute;
use crate::domain::formula::Sort;
use crate::domain::ids::{AttributeId, FormulaId};

/// An attribute as it is listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AttributeRow {
    #[schema(value_type = i64)]
    pub id: AttributeId,
    /// `PREFIX-value`, or how a CID is shown (D-ATTR-01).
    pub name: String,
    pub prefix: String,
    pub value: String,
    pub description: Option<String>,
    pub formula: Named,
    /// `basic`, `client` or `server`: who evaluates its formula.
    #[schema(value_type = String)]
    pub sort: Sort,
    /// Productive computers that have it since their last synchronisation (D-ATTR-03).
    pub computers: i64,
    #[serde(skip)]
    pub cursor: Cursor,
}

fn select(tx: &Seen<'_>) -> String {
    format!(
        "SELECT attribute.id, attribute.value, attribute.description, attribute.formula_id,
           formula.prefix, formula.name AS formula, formula.sort,
           (SELECT count(*) FROM computer_attribute AS held
            JOIN computer ON computer.id = held.computer_id
            WHERE held.attribute_id = attribute.id AND held.valid_to IS NULL
              AND computer.status IN ('intended', 'reserved', 'unknown')
              AND {computer}) AS computers
    FROM attribute JOIN formula ON formula.id = attribute.formula_id
    WHERE {attribute}",
        computer = tx.computer("computer.id"),
        attribute = tx.condition(Thing::Attribute, "attribute"),
    )
}

/// Which attributes to list.
#[derive(Debug, Clone, Default)]
pub struct AttributeFilter {
    pub related: Option<Related>,
    pub formula: Option<FormulaId>,
    /// Text in `PREFIX-value` or the description.
    pub search: Option<String>,
    pub after: Option<Cursor>,
    pub limit: u32,
}

/// Lists attributes by formula and value, which is an index; one more than asked if there are
/// more.
pub fn list(tx: &Seen<'_>, filter: &AttributeFilter) -> Result<Vec<AttributeRow>, StorageError> {
    let mut all = Conditions::default();
    all.with(filter.formula.map(|id| id.0), ":formula", "attribute.formula_id = :formula");
    all.with(
        filter.search.as_deref().map(contains),
        ":search",
        r"(formula.prefix || '-' || attribute.value LIKE :search ESCAPE '\'
           OR attribute.description LIKE :search ESCAPE '\')",
    );
    all.add(related::condition(filter.related, Kind::Attribute, "attribute.id"));
    if let Some((formula, value)) = filter.after.as_ref().map(Cursor::parts) {
        all.add("(attribute.formula_id, attribute.value) > (:after_formula, :after_value)");
        all.bind(":after_formula", formula);
        all.bind(":after_value", value.to_owned());
    }
    all.bind(":limit", i64::from(filter.limit) + 1);
    let sql = format!(
        "{} AND {} ORDER BY attribute.formula_id, attribute.value LIMIT :limit",
        select(tx),
        all.sql()
    );
    let by_id = display::by_id(tx)?;
    let mut statement = tx.sql().prepare_cached(&sql)?;
    let mut rows = statement.query(&*all.parameters())?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(from_row(row, by_id)?);
    }
    Ok(found)
}

/// Returns one attribute.
pub fn get(tx: &Seen<'_>, id: AttributeId) -> Result<AttributeRow, StorageError> {
    let by_id = display::by_id(tx)?;
    let mut statement =
        tx.sql().prepare_cached(&format!("{} AND attribute.id = :id", select(tx)))?;
    let mut rows = statement.query(named_params! { ":id": id.0 })?;
    match rows.next()? {
        Some(row) => from_row(row, by_id),
        None => Err(StorageError::not_found("attribute", id)),
    }
}

fn from_row(row: &Row<'_>, by_id: bool) -> Result<AttributeRow, StorageError> {
    let formula: i64 = row.get("formula_id")?;
    let sort: String = row.get("sort")?;
    let attribute = Attribute {
        id: AttributeId(row.get("id")?),
        formula: FormulaId(formula),
        prefix: row.get("prefix")?,
        value: row.get("value")?,
        description: row.get("description")?,
    };
    Ok(AttributeRow {
        id: attribute.id,
        name: attribute.display(by_id),
        cursor: Cursor::of_row(formula, row.get_ref("value")?),
        prefix: attribute.prefix,
        value: attribute.value,
        description: attribute.description,
        formula: Named { id: formula, name: row.get("formula")? },
        sort: Sort::parse(&sort)
            .ok_or(StorageError::Corrupt { what: "sort of a formula", value: sort })?,
        computers: row.get("computers")?,
    })
}

/// Stores value and description of an attribute.
pub fn update(
    tx: &WriteTx<'_>,
    id: AttributeId,
    value: &str,
    description: Option<&str>,
) -> Result<(), StorageError> {
    tx.sql()
        .prepare_cached(
            "UPDATE attribute SET value = :value, description = :description WHERE id = :id",
        )?
        .execute(named_params! { ":id": id.0, ":value": value, ":description": description })?;
    Ok(())
}

/// Deletes an attribute, also from what names it.
pub fn delete(tx: &WriteTx<'_>, id: AttributeId) -> Result<(), StorageError> {
    let mut statement = tx.sql().prepare_cached("DELETE FROM attribute WHERE id = :id")?;
    statement.execute(named_params! { ":id": id.0 })?;
    Ok(())
}
