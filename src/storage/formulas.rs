//! Formulas (4.1), all of them at once: there are a few dozen.

use rusqlite::{Row, named_params};

use super::{ReadTx, StorageError, WriteTx, pages};
use crate::domain::formula::{Formula, Kind, Language, Sort};
use crate::domain::ids::FormulaId;

/// Returns all formulas by name, the order in which clients get them (D-FORM-02).
pub fn all(tx: &ReadTx<'_>) -> Result<Vec<Formula>, StorageError> {
    let mut statement = tx.sql().prepare_cached(
        "SELECT id, prefix, name, enabled, kind, sort, auto_add, language, code
         FROM formula ORDER BY name, prefix",
    )?;
    pages::all(statement.query([])?, from_row)
}

/// Adds a formula with the id it has, or the next one where that is 0.
pub fn insert(tx: &WriteTx<'_>, formula: &Formula) -> Result<FormulaId, StorageError> {
    tx.sql()
        .prepare_cached(
            "INSERT INTO formula
                 (id, prefix, name, enabled, kind, sort, auto_add, language, code)
             VALUES (nullif(:id, 0), :prefix, :name, :enabled, :kind, :sort, :auto_add,
                 :language, :code)",
        )?
        .execute(named_params! {
            ":id": formula.id.0,
            ":prefix": formula.prefix,
            ":name": formula.name,
            ":enabled": formula.enabled,
            ":kind": formula.kind.as_str(),
            ":sort": formula.sort.as_str(),
            ":auto_add": formula.auto_add,
            ":language": formula.language.as_str(),
            ":code": formula.code,
        })?;
    Ok(FormulaId(tx.sql().last_insert_rowid()))
}

/// Reads a formula out of a row of the whole table.
pub(super) fn from_row(row: &Row<'_>) -> Result<Formula, StorageError> {
    let text = |name: &str| -> Result<String, StorageError> { Ok(row.get(name)?) };
    let corrupt = |what| move |value: String| StorageError::Corrupt { what, value };
    let (kind, sort, language) = (text("kind")?, text("sort")?, text("language")?);
    Ok(Formula {
        id: FormulaId(row.get("id")?),
        prefix: text("prefix")?,
        name: text("name")?,
        enabled: row.get("enabled")?,
        kind: Kind::parse(&kind).ok_or_else(|| corrupt("kind of formula")(kind))?,
        sort: Sort::parse(&sort).ok_or_else(|| corrupt("sort of formula")(sort))?,
        auto_add: row.get("auto_add")?,
        language: Language::parse(&language).ok_or_else(|| corrupt("language")(language))?,
        code: text("code")?,
    })
}
