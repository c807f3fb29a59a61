//! Fault definitions, all of them at once, and the faults that computers report (5.1).

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use rusqlite::named_params;

use super::{ReadTx, StorageError, WriteTx, targets};
use crate::domain::fault::FaultDefinition;
use crate::domain::formula::Language;
use crate::domain::ids::{AccountId, ComputerId, FaultDefinitionId, ProjectId};

/// Returns all definitions by name.
pub fn definitions(tx: &ReadTx<'_>) -> Result<Vec<FaultDefinition>, StorageError> {
    let mut targets = targets::all(tx, "fault_definition")?;
    let mut users = users(tx)?;
    let mut statement = tx.sql().prepare_cached(
        "SELECT id, name, description, enabled, language, code FROM fault_definition ORDER BY name",
    )?;
    let mut rows = statement.query([])?;
    let mut definitions = Vec::new();
    while let Some(row) = rows.next()? {
        let id: i64 = row.get("id")?;
        let language: String = row.get("language")?;
        definitions.push(FaultDefinition {
            id: FaultDefinitionId(id),
            name: row.get("name")?,
            description: row.get::<_, Option<String>>("description")?.unwrap_or_default(),
            enabled: row.get("enabled")?,
            language: Language::parse(&language)
                .ok_or(StorageError::Corrupt { what: "language", value: language })?,
            code: row.get("code")?,
            target: targets.remove(&id).unwrap_or_default(),
            users: users.remove(&id).unwrap_or_default(),
        });
    }
    Ok(definitions)
}

fn users(tx: &ReadTx<'_>) -> Result<BTreeMap<i64, BTreeSet<AccountId>>, StorageError> {
    let sql = "SELECT fault_definition_id, account_id FROM fault_definition_account";
    let mut statement = tx.sql().prepare_cached(sql)?;
    let mut rows = statement.query([])?;
    let mut users: BTreeMap<i64, BTreeSet<AccountId>> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        users.entry(row.get(0)?).or_default().insert(AccountId(row.get(1)?));
    }
    Ok(users)
}

/// Stores what a definition found on a computer (D-FAULT-03).
pub fn add(
    tx: &WriteTx<'_>,
    (computer, project): (ComputerId, ProjectId),
    definition: FaultDefinitionId,
    result: &str,
    now: Timestamp,
) -> Result<(), StorageError> {
    tx.sql()
        .prepare_cached(
            "INSERT INTO fault (computer_id, project_id, fault_definition_id, created_at, result)
             VALUES (:computer, :project, :definition, :now, :result)",
        )?
        .execute(named_params! {
            ":computer": computer.0,
            ":project": project.0,
            ":definition": definition.0,
            ":now": now.as_millisecond(),
            ":result": result,
        })?;
    Ok(())
}
