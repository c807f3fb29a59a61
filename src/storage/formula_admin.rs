//! Administration of formulas (4.1): one with the number of its attributes; changing, deleting.

use rusqlite::{OptionalExtension as _, Row, named_params};

use super::seen::{Seen, Thing};
use super::{ReadTx, StorageError, WriteTx, formulas, pages};
use crate::domain::formula::Formula;
use crate::domain::formula_name::FormulaName;
use crate::domain::ids::FormulaId;

/// Formulas are seen by all, with the number of their attributes in sight.
fn select(tx: &Seen<'_>) -> String {
    format!(
        "SELECT id, prefix, name, enabled, kind, sort, auto_add, language, code,
                (SELECT count(*) FROM attribute
                 WHERE formula_id = formula.id AND {}) AS attributes
         FROM formula",
        tx.condition(Thing::Attribute, "attribute"),
    )
}

/// Lists formulas by name with the number of their attributes: there are some dozens.
pub fn list(tx: &Seen<'_>) -> Result<Vec<(Formula, i64)>, StorageError> {
    let mut statement =
        tx.sql().prepare_cached(&format!("{} ORDER BY name, prefix", select(tx)))?;
    pages::all(statement.query([])?, from_row)
}

/// Returns a formula with the number of its attributes.
pub fn get(tx: &Seen<'_>, id: FormulaId) -> Result<(Formula, i64), StorageError> {
    let mut statement = tx.sql().prepare_cached(&format!("{} WHERE id = :id", select(tx)))?;
    pages::one(statement.query(named_params! { ":id": id.0 })?, from_row, "formula", id)
}

/// Finds a formula by its prefix.
pub fn find_by_prefix(tx: &ReadTx<'_>, prefix: &str) -> Result<Option<FormulaId>, StorageError> {
    let mut statement = tx.sql().prepare_cached("SELECT id FROM formula WHERE prefix = :prefix")?;
    let found = statement.query_row(named_params! { ":prefix": prefix }, |row| row.get(0));
    Ok(found.optional()?.map(FormulaId))
}

/// Returns the id of the formula that is named; that a named id exists is not looked at.
pub fn named(tx: &ReadTx<'_>, name: &FormulaName) -> Result<FormulaId, StorageError> {
    match name {
        FormulaName::Id(id) => Ok(*id),
        FormulaName::Prefix(prefix) => {
            find_by_prefix(tx, prefix)?.ok_or_else(|| StorageError::not_found("formula", prefix))
        }
    }
}

/// Stores the fields of a formula.
pub fn update(tx: &WriteTx<'_>, formula: &Formula) -> Result<(), StorageError> {
    tx.sql()
        .prepare_cached(
            "UPDATE formula SET prefix = :prefix, name = :name, enabled = :enabled, kind = :kind,
                 auto_add = :auto_add, language = :language, code = :code
             WHERE id = :id",
        )?
        .execute(named_params! {
            ":id": formula.id.0,
            ":prefix": formula.prefix,
            ":name": formula.name,
            ":enabled": formula.enabled,
            ":kind": formula.kind.as_str(),
            ":auto_add": formula.auto_add,
            ":language": formula.language.as_str(),
            ":code": formula.code,
        })?;
    Ok(())
}

/// Deletes a formula with its attributes (D-FORM-14).
pub fn delete(tx: &WriteTx<'_>, id: FormulaId) -> Result<(), StorageError> {
    let mut statement = tx.sql().prepare_cached("DELETE FROM formula WHERE id = :id")?;
    statement.execute(named_params! { ":id": id.0 })?;
    Ok(())
}

fn from_row(row: &Row<'_>) -> Result<(Formula, i64), StorageError> {
    Ok((formulas::from_row(row)?, row.get("attributes")?))
}
