//! Attributes, and which computer has them: the pool of each as intervals (D-GEN-06).

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, named_params};

use super::{ReadTx, StorageError, WriteTx};
use crate::domain::ids::{AttributeId, ComputerId, FormulaId};
use crate::domain::target::Pool;

/// Finds an attribute, exactly and case-sensitively (D-FORM-11).
pub fn find(
    tx: &ReadTx<'_>,
    formula: FormulaId,
    value: &str,
) -> Result<Option<AttributeId>, StorageError> {
    let mut statement = tx.sql().prepare_cached(
        "SELECT id FROM attribute WHERE formula_id = :formula AND value = :value",
    )?;
    let values = named_params! { ":formula": formula.0, ":value": value };
    Ok(statement.query_row(values, |row| row.get(0)).optional()?.map(AttributeId))
}

/// Finds an attribute by what people call it, `PREFIX-value`.
pub fn find_by_name(
    tx: &ReadTx<'_>,
    prefix: &str,
    value: &str,
) -> Result<Option<AttributeId>, StorageError> {
    let sql = "SELECT attribute.id FROM attribute JOIN formula ON formula.id = formula_id
               WHERE prefix = :prefix AND value = :value";
    let mut statement = tx.sql().prepare_cached(sql)?;
    let params = named_params! { ":prefix": prefix, ":value": value };
    Ok(statement.query_row(params, |row| row.get(0)).optional()?.map(AttributeId))
}

/// Adds an attribute.
pub fn insert(
    tx: &WriteTx<'_>,
    formula: FormulaId,
    value: &str,
    description: Option<&str>,
) -> Result<AttributeId, StorageError> {
    tx.sql()
        .prepare_cached(
            "INSERT INTO attribute (formula_id, value, description)
             VALUES (:formula, :value, :description)",
        )?
        .execute(named_params! {
            ":formula": formula.0,
            ":value": value,
            ":description": description,
        })?;
    Ok(AttributeId(tx.sql().last_insert_rowid()))
}

/// Stores another description, if it is another one.
pub fn describe(
    tx: &WriteTx<'_>,
    id: AttributeId,
    description: Option<&str>,
) -> Result<(), StorageError> {
    tx.sql()
        .prepare_cached(
            "UPDATE attribute SET description = :description
             WHERE id = :id AND description IS NOT :description",
        )?
        .execute(named_params! { ":id": id.0, ":description": description })?;
    Ok(())
}

/// Gives an attribute another value: what names it goes on naming it.
pub fn rename(tx: &WriteTx<'_>, id: AttributeId, value: &str) -> Result<(), StorageError> {
    tx.sql()
        .prepare_cached("UPDATE attribute SET value = :value WHERE id = :id")?
        .execute(named_params! { ":id": id.0, ":value": value })?;
    Ok(())
}

/// Returns the pool of a computer as of its last synchronisation.
pub fn pool(tx: &ReadTx<'_>, computer: ComputerId) -> Result<Pool, StorageError> {
    let mut statement = tx.sql().prepare_cached(
        "SELECT attribute_id FROM computer_attribute
         WHERE computer_id = :computer AND valid_to IS NULL",
    )?;
    let rows = statement.query_map(named_params! { ":computer": computer.0 }, |row| row.get(0))?;
    Ok(rows.map(|id| id.map(AttributeId)).collect::<Result<_, _>>()?)
}

/// Stores the pool of a computer: what left ends, what came begins, the rest is not touched.
pub fn set_pool(
    tx: &WriteTx<'_>,
    computer: ComputerId,
    pool: &Pool,
    now: Timestamp,
) -> Result<(), StorageError> {
    let before = self::pool(tx, computer)?;
    let mut end = tx.sql().prepare_cached(
        "UPDATE computer_attribute SET valid_to = :now
         WHERE computer_id = :computer AND attribute_id = :attribute AND valid_to IS NULL",
    )?;
    let mut begin = tx.sql().prepare_cached(
        "INSERT OR REPLACE INTO computer_attribute (computer_id, attribute_id, valid_from)
         VALUES (:computer, :attribute, :now)",
    )?;
    let now = now.as_millisecond();
    for gone in before.iter().filter(|attribute| !pool.contains(attribute)) {
        end.execute(named_params! {
            ":computer": computer.0, ":attribute": gone.0, ":now": now,
        })?;
    }
    for come in pool.iter().filter(|attribute| !before.contains(attribute)) {
        begin.execute(named_params! {
            ":computer": computer.0, ":attribute": come.0, ":now": now,
        })?;
    }
    Ok(())
}

/// Returns `PREFIX-value` of each attribute.
pub fn names(
    tx: &ReadTx<'_>,
    ids: impl IntoIterator<Item = AttributeId>,
) -> Result<BTreeMap<AttributeId, String>, StorageError> {
    let mut statement = tx.sql().prepare_cached(
        "SELECT prefix || '-' || value FROM attribute
         JOIN formula ON formula.id = formula_id WHERE attribute.id = :id",
    )?;
    let mut names = BTreeMap::new();
    for id in ids {
        let name = statement.query_row(named_params! { ":id": id.0 }, |row| row.get(0));
        if let Some(name) = name.optional()? {
            names.insert(id, name);
        }
    }
    Ok(names)
}
