//! Administration of fault definitions (5.1): their programs, targets and accounts by name.

use rusqlite::{OptionalExtension as _, Row, named_params};
use serde::Serialize;
use utoipa::ToSchema;

use super::pages::Named;
use super::seen::{Seen, Thing};
use super::{ReadTx, StorageError, WriteTx, pages, targets};
use crate::domain::formula::Language;
use crate::domain::ids::{AccountId, AttributeId, FaultDefinitionId};

/// A fault definition as people see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DefinitionRow {
    #[schema(value_type = i64)]
    pub id: FaultDefinitionId,
    pub name: String,
    pub description: String,
    pub enabled: bool,
    #[schema(value_type = String)]
    pub language: Language,
    pub code: String,
    /// `PREFIX-value` of each.
    pub included_attributes: Vec<Named>,
    pub excluded_attributes: Vec<Named>,
    /// Accounts the faults concern; none: everybody.
    pub users: Vec<Named>,
    /// Faults found so far.
    pub faults: i64,
    pub unchecked_faults: i64,
}

/// The definitions in sight, with the faults in sight.
fn select(tx: &Seen<'_>) -> String {
    format!(
        "
    SELECT id, name, description, enabled, language, code,
           (SELECT count(*) FROM fault
            WHERE fault_definition_id = definition.id AND {fault}) AS faults,
           (SELECT count(*) FROM fault
            WHERE fault_definition_id = definition.id AND checked = 0 AND {fault}) AS unchecked,
           (SELECT json_group_array(json_array(account.id, account.username)
                                    ORDER BY account.username)
            FROM fault_definition_account JOIN account ON account.id = account_id
            WHERE fault_definition_id = definition.id) AS users,
           {target}
    FROM fault_definition AS definition
    WHERE {definition}",
        target = targets::columns("fault_definition", "definition.id"),
        fault = tx.condition(Thing::Fault, "fault"),
        definition = tx.condition(Thing::FaultDefinition, "definition"),
    )
}

/// Lists all definitions by name, the order in which clients get them (D-FAULT-01).
pub fn list(tx: &Seen<'_>) -> Result<Vec<DefinitionRow>, StorageError> {
    let sql = format!("{} ORDER BY name", select(tx));
    let mut statement = tx.sql().prepare_cached(&sql)?;
    pages::all(statement.query([])?, from_row)
}

/// Returns one definition.
pub fn get(tx: &Seen<'_>, id: FaultDefinitionId) -> Result<DefinitionRow, StorageError> {
    let sql = format!("{} AND id = :id", select(tx));
    let mut statement = tx.sql().prepare_cached(&sql)?;
    pages::one(statement.query(named_params! { ":id": id.0 })?, from_row, "fault definition", id)
}

/// Finds a definition by its name.
pub fn find_by_name(
    tx: &ReadTx<'_>,
    name: &str,
) -> Result<Option<FaultDefinitionId>, StorageError> {
    let sql = "SELECT id FROM fault_definition WHERE name = :name";
    let mut statement = tx.sql().prepare_cached(sql)?;
    let found = statement.query_row(named_params! { ":name": name }, |row| row.get(0));
    Ok(found.optional()?.map(FaultDefinitionId))
}

/// The fields of a definition that are stored in its own row.
#[derive(Debug, Clone)]
pub struct Fields<'a> {
    pub name: &'a str,
    pub description: &'a str,
    pub enabled: bool,
    pub language: Language,
    pub code: &'a str,
}

/// Adds a definition, and returns its id.
pub fn insert(tx: &WriteTx<'_>, fields: &Fields<'_>) -> Result<FaultDefinitionId, StorageError> {
    tx.sql()
        .prepare_cached(
            "INSERT INTO fault_definition (name, description, enabled, language, code)
             VALUES (:name, nullif(:description, ''), :enabled, :language, :code)",
        )?
        .execute(named_params! {
            ":name": fields.name,
            ":description": fields.description,
            ":enabled": fields.enabled,
            ":language": fields.language.as_str(),
            ":code": fields.code,
        })?;
    Ok(FaultDefinitionId(tx.sql().last_insert_rowid()))
}

/// Stores the fields of a definition; its faults stay its own (D-FAULT-07).
pub fn update(
    tx: &WriteTx<'_>,
    id: FaultDefinitionId,
    fields: &Fields<'_>,
) -> Result<(), StorageError> {
    tx.sql()
        .prepare_cached(
            "UPDATE fault_definition SET name = :name, description = nullif(:description, ''),
                 enabled = :enabled, language = :language, code = :code
             WHERE id = :id",
        )?
        .execute(named_params! {
            ":id": id.0,
            ":name": fields.name,
            ":description": fields.description,
            ":enabled": fields.enabled,
            ":language": fields.language.as_str(),
            ":code": fields.code,
        })?;
    Ok(())
}

/// Replaces whom a definition is for.
pub fn set_targets(
    tx: &WriteTx<'_>,
    id: FaultDefinitionId,
    included: &[AttributeId],
    excluded: &[AttributeId],
) -> Result<(), StorageError> {
    targets::replace(tx, "fault_definition", id.0, included, excluded)
}

/// Replaces the accounts a definition's faults concern (D-FAULT-05).
pub fn set_users(
    tx: &WriteTx<'_>,
    id: FaultDefinitionId,
    users: &[AccountId],
) -> Result<(), StorageError> {
    tx.sql()
        .prepare_cached("DELETE FROM fault_definition_account WHERE fault_definition_id = :id")?
        .execute(named_params! { ":id": id.0 })?;
    let mut insert = tx.sql().prepare_cached(
        "INSERT OR IGNORE INTO fault_definition_account (fault_definition_id, account_id)
         VALUES (:id, :account)",
    )?;
    for account in users {
        insert.execute(named_params! { ":id": id.0, ":account": account.0 })?;
    }
    Ok(())
}

/// Deletes a definition with its faults (D-FAULT-07).
pub fn delete(tx: &WriteTx<'_>, id: FaultDefinitionId) -> Result<(), StorageError> {
    let mut statement = tx.sql().prepare_cached("DELETE FROM fault_definition WHERE id = :id")?;
    statement.execute(named_params! { ":id": id.0 })?;
    Ok(())
}

fn from_row(row: &Row<'_>) -> Result<DefinitionRow, StorageError> {
    let language: String = row.get("language")?;
    let named = |column| pages::named(row, column);
    Ok(DefinitionRow {
        id: FaultDefinitionId(row.get("id")?),
        name: row.get("name")?,
        description: row.get::<_, Option<String>>("description")?.unwrap_or_default(),
        enabled: row.get("enabled")?,
        language: Language::parse(&language)
            .ok_or(StorageError::Corrupt { what: "language", value: language })?,
        code: row.get("code")?,
        included_attributes: named("included")?,
        excluded_attributes: named("excluded")?,
        users: named("users")?,
        faults: row.get("faults")?,
        unchecked_faults: row.get("unchecked")?,
    })
}
