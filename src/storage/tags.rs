//! Tags (4.3): attributes of tag categories, and which computers were given which by hand.

use std::collections::BTreeSet;

use rusqlite::{Row, named_params};
use serde::Serialize;
use utoipa::ToSchema;

use super::pages::{Cursor, Named, Sorted};
use super::related::{self, Kind, Related};
use super::seen::{Seen, Thing};
use super::{ReadTx, StorageError, WriteTx, attribute_lists, display, pages};
use crate::domain::formula_name::FormulaName;
use crate::domain::ids::{AttributeId, ComputerId, FormulaId};
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

/// Counts the computers that a tag was given to.
fn given(tx: &Seen<'_>) -> String {
    format!(
        "(SELECT count(*) FROM computer_tag WHERE attribute_id = attribute.id AND {given})",
        given = tx.computer("computer_tag.computer_id"),
    )
}

fn select(tx: &Seen<'_>) -> String {
    format!(
        "SELECT attribute.id, attribute.value, attribute.description, formula.id AS category,
                formula.prefix, formula.name, formula.enabled,
                {given} AS given, {computers} AS computers
         FROM formula JOIN attribute ON attribute.formula_id = formula.id
         WHERE {condition}",
        given = given(tx),
        computers = attribute_lists::computers(tx),
        condition = condition(tx),
    )
}

fn condition(tx: &Seen<'_>) -> String {
    format!("formula.sort = 'server' AND {}", tx.condition(Thing::Attribute, "attribute"))
}

/// What tags are ordered by, if not by category and value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TagOrder {
    Name,
    Description,
    Category,
    Given,
    Computers,
}

impl TagOrder {
    /// Reads the name of a column of the list.
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "tag" => Self::Name,
            "description" => Self::Description,
            "category" => Self::Category,
            "given" => Self::Given,
            "computers" => Self::Computers,
            _ => return None,
        })
    }

    fn sql(self, tx: &Seen<'_>) -> String {
        match self {
            Self::Name => attribute_lists::NAME.to_owned(),
            Self::Description => attribute_lists::DESCRIPTION.to_owned(),
            Self::Category => attribute_lists::FORMULA.to_owned(),
            Self::Given => given(tx),
            Self::Computers => attribute_lists::computers(tx),
        }
    }

    fn is_number(self) -> bool {
        matches!(self, Self::Given | Self::Computers)
    }

    fn cursor(self, row: &TagRow) -> Cursor {
        match self {
            Self::Name => Cursor::named(row.id.0, &row.name),
            Self::Description => {
                Cursor::named(row.id.0, row.description.as_deref().unwrap_or_default())
            }
            Self::Category => Cursor::named(row.id.0, &row.category.name),
            Self::Given => Cursor::new(row.id.0, row.given),
            Self::Computers => Cursor::new(row.id.0, row.computers),
        }
    }
}

/// Which tags to list.
#[derive(Debug, Clone, Default)]
pub struct TagFilter {
    pub related: Option<Related>,
    pub category: Option<FormulaName>,
    /// Text in `PREFIX-value` or the description.
    pub search: Option<String>,
    pub sorted: Option<Sorted<TagOrder>>,
    pub after: Option<Cursor>,
    pub limit: u32,
}

/// Lists tags by category and value, or as asked; one more than asked if there are more.
pub fn list(tx: &Seen<'_>, filter: &TagFilter) -> Result<Vec<TagRow>, StorageError> {
    let (category, search) = (filter.category.as_ref(), filter.search.as_deref());
    let mut all = attribute_lists::narrowed(tx, category, search)?;
    all.add(related::condition(filter.related, Kind::Tag, "attribute.id"));
    all.add(condition(tx));
    let order = filter.sorted.map(|sorted| sorted.sql(sorted.by.sql(tx), "attribute.id"));
    let number = filter.sorted.is_some_and(|sorted| sorted.by.is_number());
    let sql = attribute_lists::page(&mut all, &select(tx), order, filter.after.as_ref(), number);
    all.bind(":limit", i64::from(filter.limit) + 1);
    let mut statement = tx.sql().prepare_cached(&sql)?;
    let mut found = pages::all(statement.query(&*all.parameters())?, from_row)?;
    if let Some(Sorted { by, .. }) = filter.sorted {
        found.iter_mut().for_each(|row| row.cursor = by.cursor(row));
    }
    Ok(found)
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
    pages::all(rows, Named::from_row)
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
    pages::all(rows, Named::from_row)
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
