//! What administrative changes did to rows, and how it is taken back.
//!
//! The writer's connection has temporary triggers on the tables of [`TABLES`], which note every
//! row that comes, changes or goes. At the end of a job that left audit rows the notes become one
//! [`ChangeSet`]; those of any other job are dropped. So every operation can be undone without
//! knowing of it, as long as it does all its work in one job.

use std::fmt::Write as _;

use jiff::Timestamp;
use rusqlite::types::Value as Cell;
use rusqlite::{Connection, OptionalExtension as _, named_params};
use serde_json::{Map, Value};

use super::{ReadTx, StorageError, WriteTx, pages};
use crate::domain::ids::ChangeId;

/// Tables whose rows are noted: the objects of sections 2 and 4 to 8 of the rules. Passwords and
/// tokens are not among them, nor what computers report.
const TABLES: &[&str] = &[
    "platform",
    "project",
    "formula",
    "attribute",
    "computer_tag",
    "attribute_set",
    "attribute_set_attribute",
    "fault_definition",
    "fault_definition_attribute",
    "fault_definition_account",
    "auto_check_error",
    "account",
    "account_group",
    "group_permission",
    "account_member",
    "account_permission",
    "domain",
    "domain_attribute",
    "domain_tag",
    "domain_administrator",
    "scope",
    "scope_attribute",
    "store",
    "package",
    "deployment",
    "deployment_attribute",
    "deployment_package",
    "schedule",
    "schedule_delay",
    "schedule_delay_attribute",
    "application",
    "application_attribute",
    "application_project",
    "policy",
    "policy_attribute",
    "policy_group",
    "policy_group_attribute",
    "policy_group_application",
];

/// Pools are the computers' own, but those of an attribute that is deleted come back with it.
const ONLY_DELETED: &str = "computer_attribute";

/// Columns that are not noted.
const SECRET: &[(&str, &str)] = &[("account", "password_hash"), ("account", "last_login")];

/// A row before and after a change; one of the two is absent where it came or went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowChange {
    pub table: String,
    pub before: Option<Map<String, Value>>,
    pub after: Option<Map<String, Value>>,
}

/// What one job did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeSet {
    pub id: ChangeId,
    /// Audit rows of the job, from the first to the last.
    pub audit: (i64, i64),
    pub at: Timestamp,
    pub actor: String,
    pub undone: bool,
    /// In the order in which they were made.
    pub rows: Vec<RowChange>,
}

/// A row that stands in the way of taking a change back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{table} {row} was changed again since, or is in use")]
pub struct Obstructed {
    pub table: String,
    /// Key of the row, `id=7`.
    pub row: String,
}

/// Makes the triggers on the connection of the writer.
pub(super) fn watch(connection: &Connection) -> Result<(), StorageError> {
    let mut sql = String::from(
        "CREATE TEMP TABLE change_row (
             seq INTEGER PRIMARY KEY, name TEXT NOT NULL, before TEXT, after TEXT);
         CREATE TEMP TABLE change_audit (id INTEGER PRIMARY KEY);
         CREATE TEMP TABLE change_undone (id INTEGER PRIMARY KEY);
         CREATE TEMP TRIGGER change_audited AFTER INSERT ON main.audit BEGIN
             INSERT INTO change_audit (id) VALUES (NEW.id);
         END;",
    );
    for table in TABLES {
        let columns = columns(connection, table)?;
        let (old, new) = (row_json("OLD", &columns), row_json("NEW", &columns));
        let differs: Vec<String> = columns
            .iter()
            .map(|column| format!("OLD.\"{0}\" IS NOT NEW.\"{0}\"", column.name))
            .collect();
        let differs = differs.join(" OR ");
        let _a_string_takes_all = write!(
            sql,
            "CREATE TEMP TRIGGER change_{table}_i AFTER INSERT ON main.{table} BEGIN
                 INSERT INTO change_row (name, after) VALUES ('{table}', {new});
             END;
             CREATE TEMP TRIGGER change_{table}_u AFTER UPDATE ON main.{table} WHEN {differs} BEGIN
                 INSERT INTO change_row (name, before, after) VALUES ('{table}', {old}, {new});
             END;"
        );
    }
    for table in TABLES.iter().chain([&ONLY_DELETED]) {
        let old = row_json("OLD", &columns(connection, table)?);
        let _a_string_takes_all = write!(
            sql,
            "CREATE TEMP TRIGGER change_{table}_d AFTER DELETE ON main.{table} BEGIN
                 INSERT INTO change_row (name, before) VALUES ('{table}', {old});
             END;"
        );
    }
    Ok(connection.execute_batch(&sql)?)
}

/// A column that is noted.
struct Column {
    name: String,
    is_blob: bool,
    is_key: bool,
}

fn columns(connection: &Connection, table: &str) -> Result<Vec<Column>, StorageError> {
    let mut statement =
        connection.prepare_cached("SELECT name, type, pk FROM pragma_table_info(?)")?;
    let rows = statement.query([table])?;
    let columns = pages::all(rows, |row| {
        Ok(Column {
            name: row.get(0)?,
            is_blob: row.get::<_, String>(1)? == "BLOB",
            is_key: row.get::<_, i64>(2)? > 0,
        })
    })?;
    let noted = |column: &Column| !SECRET.contains(&(table, &column.name));
    Ok(columns.into_iter().filter(noted).collect())
}

/// An expression for a row as a JSON object; bytes stand there in hexadecimal.
fn row_json(row: &str, columns: &[Column]) -> String {
    let pairs = columns.iter().map(|Column { name, is_blob, .. }| match is_blob {
        true => format!("'{name}', hex({row}.\"{name}\")"),
        false => format!("'{name}', {row}.\"{name}\""),
    });
    format!("json_object({})", pairs.collect::<Vec<_>>().join(", "))
}

/// Ends a job of the writer: keeps what it noted if it left audit rows, and forgets the rest.
pub(super) fn finish(tx: &WriteTx<'_>) -> Result<(), StorageError> {
    let mut audited = tx.sql().prepare_cached("SELECT min(id), max(id) FROM temp.change_audit")?;
    let span: (Option<i64>, Option<i64>) =
        audited.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if let (Some(first), Some(last)) = span {
        keep(tx, first, last)?;
    }
    for table in ["change_row", "change_audit", "change_undone"] {
        // Cheap where there is nothing.
        tx.sql().prepare_cached(&format!("DELETE FROM temp.{table}"))?.execute([])?;
    }
    Ok(())
}

fn keep(tx: &WriteTx<'_>, first: i64, last: i64) -> Result<(), StorageError> {
    let kept = tx
        .sql()
        .prepare_cached(
            "INSERT INTO change (audit_first, audit_last, rows)
             SELECT :first, :last, json_group_array(
                        json_array(name, json(before), json(after)) ORDER BY seq)
             FROM temp.change_row
             HAVING count(*) FILTER (WHERE name <> 'computer_attribute') > 0",
        )?
        .execute(named_params! { ":first": first, ":last": last })?;
    if kept == 0 {
        return Ok(());
    }
    let id = tx.sql().last_insert_rowid();
    tx.sql()
        .prepare_cached(
            "INSERT OR IGNORE INTO change_payload (change_id, payload_id)
             SELECT :id, payload.id FROM temp.change_row
             JOIN payload ON payload.id = json_extract(before, '$.payload_id')
             WHERE name = 'package'",
        )?
        .execute(named_params! { ":id": id })?;
    tx.sql()
        .prepare_cached(
            "UPDATE change SET undone_by = :id WHERE id IN (SELECT id FROM temp.change_undone)",
        )?
        .execute(named_params! { ":id": id })?;
    Ok(())
}

/// Says whether the job in course has left audit rows.
pub fn is_recorded(tx: &WriteTx<'_>) -> Result<bool, StorageError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM temp.change_audit)";
    Ok(tx.sql().prepare_cached(sql)?.query_row([], |row| row.get(0))?)
}

/// Returns what the job in course has noted so far, in order.
pub fn noted(tx: &WriteTx<'_>) -> Result<Vec<RowChange>, StorageError> {
    let mut statement =
        tx.sql().prepare_cached("SELECT name, before, after FROM temp.change_row ORDER BY seq")?;
    pages::all(statement.query([])?, |row| {
        Ok(RowChange {
            table: row.get(0)?,
            before: read_row(row.get(1)?)?,
            after: read_row(row.get(2)?)?,
        })
    })
}

fn read_row(text: Option<String>) -> Result<Option<Map<String, Value>>, StorageError> {
    text.map(|text| {
        serde_json::from_str(&text)
            .map_err(|_| StorageError::Corrupt { what: "row of a change", value: text })
    })
    .transpose()
}

/// Finds the change that an audit row belongs to.
pub fn find_by_audit(tx: &ReadTx<'_>, audit: i64) -> Result<Option<ChangeId>, StorageError> {
    let sql = "SELECT id, audit_last FROM change WHERE audit_first <= :audit
               ORDER BY audit_first DESC LIMIT 1";
    let mut statement = tx.sql().prepare_cached(sql)?;
    let found: Option<(i64, i64)> = statement
        .query_row(named_params! { ":audit": audit }, |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(found.filter(|(_, last)| *last >= audit).map(|(id, _)| ChangeId(id)))
}

/// Returns a change.
///
/// # Errors
/// [`StorageError::NotFound`].
pub fn get(tx: &ReadTx<'_>, id: ChangeId) -> Result<ChangeSet, StorageError> {
    let mut statement = tx.sql().prepare_cached(
        "SELECT audit_first, audit_last, rows, undone_by, at, actor
         FROM change JOIN audit ON audit.id = audit_first WHERE change.id = :id",
    )?;
    pages::one(
        statement.query(named_params! { ":id": id.0 })?,
        |row| {
            let rows: String = row.get("rows")?;
            type Stored = (String, Option<Map<String, Value>>, Option<Map<String, Value>>);
            let stored: Vec<Stored> = serde_json::from_str(&rows)
                .map_err(|_| StorageError::Corrupt { what: "change", value: id.to_string() })?;
            let change = |(table, before, after)| RowChange { table, before, after };
            Ok(ChangeSet {
                id,
                audit: (row.get("audit_first")?, row.get("audit_last")?),
                at: super::tx::instant(row.get("at")?)?,
                actor: row.get("actor")?,
                undone: row.get::<_, Option<i64>>("undone_by")?.is_some(),
                rows: stored.into_iter().map(change).collect(),
            })
        },
        "change",
        id,
    )
}

/// Takes changes back, the last row first. Nothing is left half done: the caller's job fails.
///
/// # Errors
/// `Ok(Err(_))` names a row that was changed again since, or that something else needs.
pub fn revert(
    tx: &WriteTx<'_>,
    change: &ChangeSet,
) -> Result<Result<(), Obstructed>, StorageError> {
    for row in change.rows.iter().rev() {
        let columns = match TABLES.iter().chain([&ONLY_DELETED]).find(|name| **name == row.table) {
            Some(table) => columns(tx.sql(), table)?,
            None => {
                let (what, value) = ("table of a change", row.table.clone());
                return Err(StorageError::Corrupt { what, value });
            }
        };
        if !revert_row(tx, row, &columns)? {
            let key = columns.iter().filter(|column| column.is_key);
            let fields = row.after.as_ref().or(row.before.as_ref());
            let value = |column: &Column| {
                let value = fields.and_then(|fields| fields.get(&column.name))?;
                Some(format!("{}={value}", column.name))
            };
            let row_key: Vec<String> = key.filter_map(value).collect();
            let (table, row) = (row.table.clone(), row_key.join(" "));
            return Ok(Err(Obstructed { table, row }));
        }
    }
    tx.sql()
        .prepare_cached("INSERT OR IGNORE INTO temp.change_undone (id) VALUES (:id)")?
        .execute(named_params! { ":id": change.id.0 })?;
    Ok(Ok(()))
}

/// Takes one row back; false if it is not what it was, or cannot be.
fn revert_row(tx: &WriteTx<'_>, row: &RowChange, columns: &[Column]) -> Result<bool, StorageError> {
    let table = &row.table;
    let named = |columns: &[&Column]| -> Vec<String> {
        columns.iter().map(|column| format!("\"{}\"", column.name)).collect()
    };
    let equal = |columns: &[&Column], mark: &str| -> Vec<String> {
        columns.iter().map(|column| format!("\"{0}\" {mark} ?", column.name)).collect()
    };
    let all: Vec<&Column> = columns.iter().collect();
    let (sql, cells) = match (&row.before, &row.after) {
        (None, Some(after)) => {
            let sql = format!("DELETE FROM main.{table} WHERE {}", equal(&all, "IS").join(" AND "));
            (sql, cells(&all, after)?)
        }
        (Some(before), None) => {
            let names = named(&all).join(", ");
            let marks = vec!["?"; all.len()].join(", ");
            (format!("INSERT INTO main.{table} ({names}) VALUES ({marks})"), cells(&all, before)?)
        }
        (Some(before), Some(after)) => {
            let differs = |column: &&&Column| before.get(&column.name) != after.get(&column.name);
            let changed: Vec<&Column> = all.iter().filter(differs).copied().collect();
            if changed.is_empty() {
                return Ok(true);
            }
            let found: Vec<&Column> =
                all.iter().filter(|column| column.is_key || differs(column)).copied().collect();
            let sql = format!(
                "UPDATE main.{table} SET {} WHERE {}",
                equal(&changed, "=").join(", "),
                equal(&found, "IS").join(" AND ")
            );
            let mut values = cells(&changed, before)?;
            values.extend(cells(&found, after)?);
            (sql, values)
        }
        (None, None) => return Ok(true),
    };
    let done = tx.sql().prepare_cached(&sql)?.execute(rusqlite::params_from_iter(cells));
    match done {
        Ok(rows) => Ok(rows == 1),
        Err(error) => match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::ConstraintViolation) => Ok(false),
            _ => Err(error.into()),
        },
    }
}

/// The values of a noted row as SQLite takes them.
fn cells(columns: &[&Column], row: &Map<String, Value>) -> Result<Vec<Cell>, StorageError> {
    let cell = |column: &&Column| -> Option<Cell> {
        match (row.get(&column.name).unwrap_or(&Value::Null), column.is_blob) {
            (Value::Null, _) => Some(Cell::Null),
            (Value::String(text), true) => hex::decode(text).ok().map(Cell::Blob),
            (Value::String(text), false) => Some(Cell::Text(text.clone())),
            (Value::Number(number), _) => number.as_i64().map(Cell::Integer),
            _ => None,
        }
    };
    let corrupt = |column: &&Column| StorageError::Corrupt {
        what: "value of a change",
        value: column.name.clone(),
    };
    columns.iter().map(|column| cell(column).ok_or_else(|| corrupt(column))).collect()
}

/// Forgets changes older than some moment: they can no longer be undone, and their payloads go.
pub fn forget(tx: &WriteTx<'_>, before: Timestamp) -> Result<usize, StorageError> {
    // A later one may name an earlier one as what it undid.
    tx.sql()
        .prepare_cached(
            "UPDATE change SET undone_by = NULL WHERE undone_by IN (
                 SELECT change.id FROM change JOIN audit ON audit.id = audit_first
                 WHERE at < :before)",
        )?
        .execute(named_params! { ":before": before.as_millisecond() })?;
    let gone = tx
        .sql()
        .prepare_cached(
            "DELETE FROM change WHERE audit_first IN (SELECT id FROM audit WHERE at < :before)",
        )?
        .execute(named_params! { ":before": before.as_millisecond() })?;
    Ok(gone)
}

/// Every noted table as text, a line each, for tests of other rooms.
#[cfg(test)]
pub(crate) fn state_for_tests(tx: &ReadTx<'_>) -> Result<String, StorageError> {
    let mut text = String::new();
    for table in TABLES.iter().chain([&ONLY_DELETED]) {
        let row = row_json("t", &columns(tx.sql(), table)?);
        let sql = format!("SELECT json_group_array({row} ORDER BY {row}) FROM {table} AS t");
        let rows: String = tx.sql().query_row(&sql, [], |row| row.get(0))?;
        text.push_str(&format!("{table} {rows}\n"));
    }
    Ok(text)
}

#[cfg(test)]
mod tests;
