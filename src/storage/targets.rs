//! Whom things are for: included and excluded attributes, in a table `<of>_attribute` for each kind
//! of thing that has them.

use std::collections::BTreeMap;

use rusqlite::named_params;

use super::{ReadTx, StorageError, WriteTx};
use crate::domain::ids::AttributeId;
use crate::domain::target::Target;

/// Returns the targets of all things of a kind, by id.
pub(super) fn all(
    tx: &ReadTx<'_>,
    of: &'static str,
) -> Result<BTreeMap<i64, Target>, StorageError> {
    let sql = format!("SELECT {of}_id, attribute_id, excluded FROM {of}_attribute");
    let mut statement = tx.sql().prepare_cached(&sql)?;
    let mut rows = statement.query([])?;
    let mut targets: BTreeMap<i64, Target> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let target = targets.entry(row.get(0)?).or_default();
        let attribute = AttributeId(row.get(1)?);
        if row.get(2)? {
            target.excluded.insert(attribute);
        } else {
            target.included.insert(attribute);
        }
    }
    Ok(targets)
}

/// The columns `included` and `excluded` of a thing whose id is `id`, read by [`pages::named`].
///
/// [`pages::named`]: super::pages::named
pub(super) fn columns(of: &str, id: &str) -> String {
    let side = |excluded: u8| {
        let condition = format!("target.{of}_id = {id} AND target.excluded = {excluded}");
        names(&format!("{of}_attribute"), &condition)
    };
    format!("{} AS included, {} AS excluded", side(0), side(1))
}

/// Names the attributes of the rows of `table`, called `target`, that meet the condition: a column
/// that [`pages::named`] reads.
///
/// [`pages::named`]: super::pages::named
pub(super) fn names(table: &str, condition: &str) -> String {
    format!(
        "(SELECT json_group_array(json_array(attribute.id, prefix || '-' || value)
                                  ORDER BY prefix, value)
          FROM {table} AS target
          JOIN attribute ON attribute.id = target.attribute_id
          JOIN formula ON formula.id = formula_id
          WHERE {condition})"
    )
}

/// Replaces the target of one thing; only rows that differ are written, and noted for an undo.
pub(super) fn replace<'a>(
    tx: &WriteTx<'_>,
    of: &'static str,
    id: i64,
    included: impl IntoIterator<Item = &'a AttributeId>,
    excluded: impl IntoIterator<Item = &'a AttributeId>,
) -> Result<(), StorageError> {
    let mut drop = tx.sql().prepare_cached(&format!(
        "DELETE FROM {of}_attribute WHERE {of}_id = :id AND excluded = :excluded
         AND attribute_id NOT IN (SELECT value FROM json_each(:attributes))"
    ))?;
    let mut add = tx.sql().prepare_cached(&format!(
        "INSERT OR IGNORE INTO {of}_attribute ({of}_id, attribute_id, excluded)
         SELECT :id, value, :excluded FROM json_each(:attributes)"
    ))?;
    let list = |ids: Vec<&AttributeId>| serde_json::json!(ids).to_string();
    let sides = [
        (list(included.into_iter().collect()), false),
        (list(excluded.into_iter().collect()), true),
    ];
    for (attributes, excluded) in sides {
        let values = named_params! { ":id": id, ":excluded": excluded, ":attributes": attributes };
        drop.execute(values)?;
        add.execute(values)?;
    }
    Ok(())
}
