//! The audit log: who changed what, when, from what to what (D-GEN-10).
//!
//! Each row's hash is SHA-256 over the hash of the row before and its own fields, so a row
//! cannot be altered or taken out without breaking the chain ([`first_broken`]).

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, named_params};
use sha2::{Digest as _, Sha256};

use super::{ReadTx, StorageError, WriteTx, pages};

/// A change as it is recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub at: Timestamp,
    /// Username, or what acted: `system`, `CID-1`.
    pub actor: String,
    /// `add`, `change`, `delete`, `login`…
    pub action: String,
    /// `deployment`, `computer`…
    pub object_kind: String,
    pub object_id: Option<i64>,
    pub object_name: String,
    /// JSON object of the fields that changed, as they were.
    pub before: Option<String>,
    /// The same fields as they are.
    pub after: Option<String>,
}

/// An entry with its place in the log.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    pub id: i64,
    pub entry: Entry,
    /// What it did to rows is kept, and was not undone yet (`storage::changes`).
    pub can_be_undone: bool,
}

/// Adds an entry at the end of the chain.
pub fn record(tx: &WriteTx<'_>, entry: &Entry) -> Result<(), StorageError> {
    let last: Option<Vec<u8>> = tx
        .sql()
        .prepare_cached("SELECT hash FROM audit ORDER BY id DESC LIMIT 1")?
        .query_row([], |row| row.get(0))
        .optional()?;
    let hash = chain(&last.unwrap_or_default(), entry);
    tx.sql()
        .prepare_cached(
            "INSERT INTO audit
                 (at, actor, action, object_kind, object_id, object_name, before, after, hash)
             VALUES (:at, :actor, :action, :kind, :id, :name, :before, :after, :hash)",
        )?
        .execute(named_params! {
            ":at": entry.at.as_millisecond(),
            ":actor": entry.actor,
            ":action": entry.action,
            ":kind": entry.object_kind,
            ":id": entry.object_id,
            ":name": entry.object_name,
            ":before": entry.before,
            ":after": entry.after,
            ":hash": hash,
        })?;
    Ok(())
}

/// What [`from_row`] reads. The changes of one job are the audit rows from its first to its last.
const COLUMNS: &str = "id, at, actor, action, object_kind, object_id, object_name, before, after,
    ifnull((SELECT audit_last >= audit.id AND undone_by IS NULL FROM change
            WHERE audit_first <= audit.id ORDER BY audit_first DESC LIMIT 1), 0) AS can_be_undone";

/// Which entries to list; newest first.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only entries older than this id (the cursor of the page before).
    pub before_id: Option<i64>,
    pub actor: Option<String>,
    pub object_kind: Option<String>,
    /// Only with `object_kind`.
    pub object_id: Option<i64>,
    pub limit: u32,
}

/// Lists entries, newest first.
pub fn list(tx: &ReadTx<'_>, filter: &Filter) -> Result<Vec<Recorded>, StorageError> {
    let mut statement = tx.sql().prepare_cached(&format!(
        "SELECT {COLUMNS}
         FROM audit
         WHERE id < :before_id
           AND (:actor IS NULL OR actor = :actor)
           AND (:kind IS NULL OR object_kind = :kind)
           AND (:object_id IS NULL OR object_id = :object_id)
         ORDER BY id DESC LIMIT :limit"
    ))?;
    pages::all(
        statement.query(named_params! {
            ":before_id": filter.before_id.unwrap_or(i64::MAX),
            ":actor": filter.actor,
            ":kind": filter.object_kind,
            ":object_id": filter.object_id,
            ":limit": filter.limit,
        })?,
        from_row,
    )
}

/// Returns the entries from one id to another, in their order.
pub fn between(tx: &ReadTx<'_>, first: i64, last: i64) -> Result<Vec<Recorded>, StorageError> {
    let sql = format!("SELECT {COLUMNS} FROM audit WHERE id BETWEEN :first AND :last ORDER BY id");
    let mut statement = tx.sql().prepare_cached(&sql)?;
    let rows = statement.query(named_params! { ":first": first, ":last": last })?;
    pages::all(rows, from_row)
}

/// Returns the id of the first row whose hash does not follow from the one before.
pub fn first_broken(tx: &ReadTx<'_>) -> Result<Option<i64>, StorageError> {
    let mut statement =
        tx.sql().prepare(&format!("SELECT {COLUMNS}, hash FROM audit ORDER BY id"))?;
    let mut rows = statement.query([])?;
    let mut last = Vec::new();
    while let Some(row) = rows.next()? {
        let recorded = from_row(row)?;
        let hash: Vec<u8> = row.get("hash")?;
        if hash != chain(&last, &recorded.entry) {
            return Ok(Some(recorded.id));
        }
        last = hash;
    }
    Ok(None)
}

fn from_row(row: &rusqlite::Row<'_>) -> Result<Recorded, StorageError> {
    let entry = Entry {
        at: super::tx::instant(row.get("at")?)?,
        actor: row.get("actor")?,
        action: row.get("action")?,
        object_kind: row.get("object_kind")?,
        object_id: row.get("object_id")?,
        object_name: row.get("object_name")?,
        before: row.get("before")?,
        after: row.get("after")?,
    };
    Ok(Recorded { id: row.get("id")?, entry, can_be_undone: row.get("can_be_undone")? })
}

fn chain(last: &[u8], entry: &Entry) -> Vec<u8> {
    let mut digest = Sha256::new();
    digest.update(last);
    let id = entry.object_id.map(|id| id.to_string());
    let fields = [
        Some(entry.at.as_millisecond().to_string()),
        Some(entry.actor.clone()),
        Some(entry.action.clone()),
        Some(entry.object_kind.clone()),
        id,
        Some(entry.object_name.clone()),
        entry.before.clone(),
        entry.after.clone(),
    ];
    for field in fields {
        // Length first, so that no two rows hash alike; an absent field is no empty one.
        let length = field.as_ref().map_or(u64::MAX, |text| text.len() as u64);
        digest.update(length.to_be_bytes());
        digest.update(field.unwrap_or_default().as_bytes());
    }
    digest.finalize().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::Storage;

    fn entry(name: &str) -> Entry {
        Entry {
            at: Timestamp::from_millisecond(1_700_000_000_000).unwrap(),
            actor: "admin".into(),
            action: "change".into(),
            object_kind: "project".into(),
            object_id: Some(1),
            object_name: name.into(),
            before: Some("{}".into()),
            after: None,
        }
    }

    #[test]
    fn d_gen_10_changes_are_chained_and_a_forged_row_shows() {
        let dir = tempfile::tempdir().unwrap();
        let storage = Storage::open(dir.path()).unwrap();
        for name in ["a", "b", "c"] {
            let done: Result<(), StorageError> =
                storage.write_now(move |tx| record(tx, &entry(name)));
            done.unwrap();
        }
        let listed: Result<_, StorageError> = storage.read_now(|tx| {
            Ok((list(tx, &Filter { limit: 2, ..Filter::default() })?, first_broken(tx)?))
        });
        let (newest, broken) = listed.unwrap();
        let names: Vec<_> = newest.iter().map(|row| row.entry.object_name.as_str()).collect();
        assert_eq!((names, broken), (vec!["c", "b"], None));

        let forged: Result<_, StorageError> = storage.write_now(|tx| {
            tx.sql().execute("UPDATE audit SET actor = 'nobody' WHERE id = 2", [])?;
            first_broken(tx)
        });
        assert_eq!(forged.unwrap(), Some(2));
    }
}
