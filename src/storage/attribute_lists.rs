//! Attributes for people: lists with the number of computers, changes by hand (4.2).

use rusqlite::{Row, named_params};
use serde::Serialize;
use utoipa::ToSchema;

use super::pages::{Conditions, Cursor, Named, OrderBy, Sorted, contains};
use super::related::{self, Kind, Related};
use super::seen::{Seen, Thing};
use super::{StorageError, WriteTx, display, formula_admin};
use crate::domain::attribute::Attribute;
use crate::domain::formula::Sort;
use crate::domain::formula_name::FormulaName;
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

/// Counts the productive computers that have an attribute.
pub(super) fn computers(tx: &Seen<'_>) -> String {
    format!(
        "(SELECT count(*) FROM computer_attribute AS held
          JOIN computer ON computer.id = held.computer_id
          WHERE held.attribute_id = attribute.id AND held.valid_to IS NULL
            AND computer.status IN ('intended', 'reserved', 'unknown')
            AND {computer})",
        computer = tx.computer("computer.id"),
    )
}

fn select(tx: &Seen<'_>) -> String {
    format!(
        "SELECT attribute.id, attribute.value, attribute.description, attribute.formula_id,
                formula.prefix, formula.name AS formula, formula.sort, {computers} AS computers
         FROM attribute JOIN formula ON formula.id = attribute.formula_id
         WHERE {attribute}",
        computers = computers(tx),
        attribute = tx.condition(Thing::Attribute, "attribute"),
    )
}

/// What attributes are ordered by, if not by formula and value. The number of computers is not
/// among it: it would have to be counted for each there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttributeOrder {
    Name,
    Description,
    Formula,
}

pub(super) const NAME: &str = "(formula.prefix || '-' || attribute.value) COLLATE NOCASE";
pub(super) const DESCRIPTION: &str = "ifnull(attribute.description, '') COLLATE NOCASE";
pub(super) const FORMULA: &str = "formula.name COLLATE NOCASE";

impl AttributeOrder {
    /// Reads the name of a column of the list.
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "attribute" => Self::Name,
            "description" => Self::Description,
            "formula" => Self::Formula,
            _ => return None,
        })
    }

    fn sql(self) -> &'static str {
        match self {
            Self::Name => NAME,
            Self::Description => DESCRIPTION,
            Self::Formula => FORMULA,
        }
    }

    fn cursor(self, row: &AttributeRow) -> Cursor {
        let id = row.id.0;
        match self {
            Self::Name => Cursor::named(id, &format!("{}-{}", row.prefix, row.value)),
            Self::Description => Cursor::named(id, row.description.as_deref().unwrap_or_default()),
            Self::Formula => Cursor::named(id, &row.formula.name),
        }
    }
}

/// Which attributes to list.
#[derive(Debug, Clone, Default)]
pub struct AttributeFilter {
    pub related: Option<Related>,
    pub formula: Option<FormulaName>,
    /// Text in `PREFIX-value` or the description.
    pub search: Option<String>,
    pub sorted: Option<Sorted<AttributeOrder>>,
    pub after: Option<Cursor>,
    pub limit: u32,
}

/// Lists attributes by formula and value, which is an index, or as asked; one more than asked if
/// there are more.
pub fn list(tx: &Seen<'_>, filter: &AttributeFilter) -> Result<Vec<AttributeRow>, StorageError> {
    let mut all = narrowed(tx, filter.formula.as_ref(), filter.search.as_deref())?;
    all.add(related::condition(filter.related, Kind::Attribute, "attribute.id"));
    all.add(tx.condition(Thing::Attribute, "attribute"));
    let order = filter.sorted.map(|sorted| sorted.sql(sorted.by.sql(), "attribute.id"));
    let sql = page(&mut all, &select(tx), order, filter.after.as_ref(), false);
    all.bind(":limit", i64::from(filter.limit) + 1);
    let by_id = display::by_id(tx)?;
    let mut statement = tx.sql().prepare_cached(&sql)?;
    let mut rows = statement.query(&*all.parameters())?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let mut row = from_row(row, by_id)?;
        if let Some(Sorted { by, .. }) = filter.sorted {
            row.cursor = by.cursor(&row);
        }
        found.push(row);
    }
    Ok(found)
}

/// What attributes are narrowed by, tags or not: a formula, and text in `PREFIX-value` or the
/// description.
pub(super) fn narrowed(
    tx: &Seen<'_>,
    formula: Option<&FormulaName>,
    search: Option<&str>,
) -> Result<Conditions, StorageError> {
    let mut all = Conditions::default();
    let formula = formula.map(|name| formula_admin::named(tx, name)).transpose()?;
    all.with(formula.map(|id| id.0), ":formula", "attribute.formula_id = :formula");
    all.with(
        search.map(contains),
        ":search",
        r"(formula.prefix || '-' || attribute.value LIKE :search ESCAPE '\'
           OR attribute.description LIKE :search ESCAPE '\')",
    );
    Ok(all)
}

/// The statement of a page of attributes. In another order than that of the index the page is found
/// first: what is counted of a row is counted for its rows only.
pub(super) fn page(
    all: &mut Conditions,
    select: &str,
    order: Option<OrderBy>,
    after: Option<&Cursor>,
    number: bool,
) -> String {
    let Some(order) = order else {
        if let Some((formula, value)) = after.map(Cursor::parts) {
            all.add("(attribute.formula_id, attribute.value) > (:after_formula, :after_value)");
            all.bind(":after_formula", formula);
            all.bind(":after_value", value.to_owned());
        }
        let all = all.sql();
        return format!(
            "{select} AND {all} ORDER BY attribute.formula_id, attribute.value LIMIT :limit"
        );
    };
    if let Some(cursor) = after {
        order.after(all, cursor, number);
    }
    let all = all.sql();
    format!(
        "{select} AND attribute.id IN (
            SELECT attribute.id FROM attribute JOIN formula ON formula.id = attribute.formula_id
            WHERE {all} {order} LIMIT :limit)
         {order}"
    )
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
