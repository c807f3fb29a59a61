//! Reading notifications (5.3).

use rusqlite::{Row, named_params};

use super::checks::FoundFilter;
use super::tx::instant;
use super::{ReadTx, StorageError, pages};
use crate::domain::ids::NotificationId;
use crate::domain::notification::{Notice, Notification};

/// Lists a page of notifications, newest first; one more than asked if there are more.
pub fn list(tx: &ReadTx<'_>, filter: &FoundFilter) -> Result<Vec<Notification>, StorageError> {
    let conditions = filter.since_and_checked();
    let sql = format!(
        "SELECT id, created_at, kind, data, checked FROM notification AS found
         WHERE {} ORDER BY id DESC LIMIT :limit",
        conditions.sql()
    );
    let mut statement = tx.sql().prepare_cached(&sql)?;
    pages::all(statement.query(&*conditions.parameters())?, from_row)
}

/// Returns one notification.
pub fn get(tx: &ReadTx<'_>, id: NotificationId) -> Result<Notification, StorageError> {
    let sql = "SELECT id, created_at, kind, data, checked FROM notification WHERE id = :id";
    let mut statement = tx.sql().prepare_cached(sql)?;
    pages::one(statement.query(named_params! { ":id": id.0 })?, from_row, "notification", id)
}

/// The notice is stored in two columns, its kind and the rest, and read as one value.
fn from_row(row: &Row<'_>) -> Result<Notification, StorageError> {
    let kind: String = row.get("kind")?;
    let data: String = row.get("data")?;
    let notice: Option<Notice> = match serde_json::from_str(&data) {
        Ok(serde_json::Value::Object(mut fields)) => {
            fields.insert("kind".to_owned(), kind.into());
            serde_json::from_value(serde_json::Value::Object(fields)).ok()
        }
        _ => None,
    };
    Ok(Notification {
        id: NotificationId(row.get("id")?),
        created_at: instant(row.get("created_at")?)?,
        notice: notice.ok_or(StorageError::Corrupt { what: "notification", value: data })?,
        checked: row.get("checked")?,
    })
}
