//! Tags, domains and attribute sets as the evaluator needs them, and who was given which tag.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rusqlite::named_params;

use super::{ReadTx, StorageError, targets};
use crate::domain::attribute_set::AttributeSet;
use crate::domain::classification::{Classification, DomainRule, TagRule};
use crate::domain::formula::{Kind, expand};
use crate::domain::ids::{AttributeId, AttributeSetId, ComputerId, DomainId, FormulaId};

/// Returns the classification of the site.
pub fn read(tx: &ReadTx<'_>) -> Result<Classification, StorageError> {
    let values = category_values(tx)?;
    let categories: Vec<AttributeId> = values.iter().map(|value| value.id).collect();
    Ok(Classification::new(tag_rules(&values), domains(tx)?, &sets(tx)?, categories))
}

/// An attribute of a tag category.
struct Value {
    id: AttributeId,
    category: FormulaId,
    kind: Kind,
    enabled: bool,
    value: String,
}

fn category_values(tx: &ReadTx<'_>) -> Result<Vec<Value>, StorageError> {
    let mut statement = tx.sql().prepare_cached(
        "SELECT attribute.id, formula_id, kind, enabled, value
         FROM formula JOIN attribute ON formula_id = formula.id
         WHERE sort = 'server' ORDER BY attribute.id",
    )?;
    let mut rows = statement.query([])?;
    let mut values = Vec::new();
    while let Some(row) = rows.next()? {
        let kind: String = row.get("kind")?;
        values.push(Value {
            id: AttributeId(row.get("id")?),
            category: FormulaId(row.get("formula_id")?),
            kind: Kind::parse(&kind).ok_or(StorageError::Corrupt { what: "kind", value: kind })?,
            enabled: row.get("enabled")?,
            value: row.get("value")?,
        });
    }
    Ok(values)
}

/// What each tag of an enabled category stands for (D-TAG-02). The attributes it gives were made
/// with it; one that is missing all the same is in no target, so it is left out.
fn tag_rules(values: &[Value]) -> Vec<TagRule> {
    let known: HashMap<(FormulaId, &str), AttributeId> =
        values.iter().map(|value| ((value.category, value.value.as_str()), value.id)).collect();
    let rule = |tag: &Value| {
        let given = expand(tag.kind, &tag.value).into_iter();
        let gives =
            given.filter_map(|item| known.get(&(tag.category, item.value.as_str())).copied());
        TagRule { tag: tag.id, gives: gives.collect() }
    };
    values.iter().filter(|value| value.enabled).map(rule).collect()
}

/// Returns all attribute sets by name, with their targets.
pub fn sets(tx: &ReadTx<'_>) -> Result<Vec<AttributeSet>, StorageError> {
    let mut targets = targets::all(tx, "attribute_set")?;
    let mut statement = tx.sql().prepare_cached(
        "SELECT id, name, description, enabled, attribute_id FROM attribute_set ORDER BY name",
    )?;
    let mut rows = statement.query([])?;
    let mut sets = Vec::new();
    while let Some(row) = rows.next()? {
        let id: i64 = row.get("id")?;
        sets.push(AttributeSet {
            id: AttributeSetId(id),
            name: row.get("name")?,
            description: row.get("description")?,
            enabled: row.get("enabled")?,
            attribute: AttributeId(row.get("attribute_id")?),
            target: targets.remove(&id).unwrap_or_default(),
        });
    }
    Ok(sets)
}

fn domains(tx: &ReadTx<'_>) -> Result<Vec<DomainRule>, StorageError> {
    let mut targets = targets::all(tx, "domain")?;
    let mut tags: BTreeMap<i64, BTreeSet<AttributeId>> = BTreeMap::new();
    let mut statement =
        tx.sql().prepare_cached("SELECT domain_id, attribute_id FROM domain_tag")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        tags.entry(row.get(0)?).or_default().insert(AttributeId(row.get(1)?));
    }
    let mut statement = tx.sql().prepare_cached("SELECT id, name, attribute_id FROM domain")?;
    let mut rows = statement.query([])?;
    let mut domains = Vec::new();
    while let Some(row) = rows.next()? {
        let id: i64 = row.get("id")?;
        domains.push(DomainRule {
            id: DomainId(id),
            name: row.get("name")?,
            attribute: AttributeId(row.get("attribute_id")?),
            target: targets.remove(&id).unwrap_or_default(),
            tags: tags.remove(&id).unwrap_or_default(),
        });
    }
    Ok(domains)
}

/// Returns the tags that were given by hand, of every computer that has some.
pub fn tags(tx: &ReadTx<'_>) -> Result<BTreeMap<ComputerId, BTreeSet<AttributeId>>, StorageError> {
    let mut tags: BTreeMap<ComputerId, BTreeSet<AttributeId>> = BTreeMap::new();
    let mut statement =
        tx.sql().prepare_cached("SELECT computer_id, attribute_id FROM computer_tag")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        tags.entry(ComputerId(row.get(0)?)).or_default().insert(AttributeId(row.get(1)?));
    }
    Ok(tags)
}

/// Returns the tags that were given to a computer by hand.
pub fn tags_of(
    tx: &ReadTx<'_>,
    computer: ComputerId,
) -> Result<BTreeSet<AttributeId>, StorageError> {
    let sql = "SELECT attribute_id FROM computer_tag WHERE computer_id = :computer";
    let mut statement = tx.sql().prepare_cached(sql)?;
    let rows = statement.query_map(named_params! { ":computer": computer.0 }, |row| row.get(0))?;
    Ok(rows.map(|id| id.map(AttributeId)).collect::<Result<_, _>>()?)
}
