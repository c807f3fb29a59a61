//! Notifications: kind and values; the text is made in the reader's language.

use jiff::Timestamp;
use rusqlite::named_params;

use super::{ReadTx, StorageError, WriteTx};
use crate::domain::ids::ComputerId;
use crate::domain::notification::Notice;

/// Adds an unchecked notification.
pub fn add(tx: &WriteTx<'_>, notice: &Notice, now: Timestamp) -> Result<(), StorageError> {
    let (kind, data) = split(notice);
    tx.sql()
        .prepare_cached(
            "INSERT INTO notification (created_at, kind, data) VALUES (:now, :kind, :data)",
        )?
        .execute(named_params! { ":now": now.as_millisecond(), ":kind": kind, ":data": data })?;
    Ok(())
}

/// Says whether an unchecked notification of this kind about a computer waits already: what a
/// stranger can cause is told once.
pub fn waits(tx: &ReadTx<'_>, kind: &str, computer: ComputerId) -> Result<bool, StorageError> {
    let mut statement = tx.sql().prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM notification
             WHERE checked = 0 AND kind = :kind AND data ->> '$.computer.id' = :computer)",
    )?;
    let values = named_params! { ":kind": kind, ":computer": computer.0 };
    Ok(statement.query_row(values, |row| row.get(0))?)
}

/// Says whether a failure of a source is worth telling (D-NOTIF-10): the same one does not wait
/// unchecked, and fewer than `limit` of its deployment do.
pub fn is_new_of_source(
    tx: &ReadTx<'_>,
    notice: &Notice,
    limit: i64,
) -> Result<bool, StorageError> {
    let Notice::SourceFailed { deployment, url, error, .. } = notice else { return Ok(true) };
    let mut statement = tx.sql().prepare_cached(
        "SELECT count(*), ifnull(sum(data ->> '$.url' = :url AND data ->> '$.error' = :error), 0)
         FROM notification
         WHERE checked = 0 AND kind = 'source-failed' AND data ->> '$.deployment' = :deployment",
    )?;
    let values = named_params! { ":deployment": deployment.0, ":url": url, ":error": error };
    let (waiting, same): (i64, i64) =
        statement.query_row(values, |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(same == 0 && waiting < limit)
}

/// Kind and values as they are stored.
fn split(notice: &Notice) -> (String, String) {
    let mut value = serde_json::to_value(notice).unwrap_or_default();
    let kind = value.as_object_mut().and_then(|fields| fields.remove("kind"));
    let kind = kind.and_then(|kind| kind.as_str().map(str::to_owned)).unwrap_or_default();
    (kind, value.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::notification::Named;

    #[test]
    fn a_notice_is_stored_as_kind_and_values() {
        let computer = Named { id: ComputerId(7), name: "pc7".into() };
        let notice = Notice::KeyMismatch { computer, address: "10.0.0.1".into() };
        let (kind, data) = split(&notice);
        assert_eq!(kind, "key-mismatch");
        assert_eq!(data, r#"{"address":"10.0.0.1","computer":{"id":7,"name":"pc7"}}"#);
    }
}
