//! Reading the users of computers (6.1).

use rusqlite::named_params;
use serde::Serialize;
use utoipa::ToSchema;

use super::StorageError;
use super::pages::{Conditions, Cursor, contains};
use super::seen::{Seen, Thing};
use crate::domain::ids::UserId;

/// A user of computers with the number of those that saw them last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct UserRow {
    #[schema(value_type = i64)]
    pub id: UserId,
    /// Login.
    pub name: String,
    pub fullname: String,
    /// Productive computers whose last synchronisation was in their session (D-GEN-11).
    pub computers: i64,
}

fn select(tx: &Seen<'_>) -> String {
    format!(
        "SELECT user.id, user.name, user.fullname,
                (SELECT count(*) FROM computer
                 WHERE sync_user_id = user.id AND status IN ('intended', 'reserved', 'unknown')
                   AND {computer}) AS computers
         FROM user WHERE {user}",
        computer = tx.computer("computer.id"),
        user = tx.condition(Thing::User, "user"),
    )
}

/// Lists users by login; one more than asked if there are more.
pub fn list(
    tx: &Seen<'_>,
    search: Option<&str>,
    after: Option<&Cursor>,
    limit: u32,
) -> Result<Vec<UserRow>, StorageError> {
    let mut all = Conditions::default();
    let pattern = search.map(contains);
    all.with(
        pattern,
        ":search",
        r"(user.name LIKE :search ESCAPE '\' OR user.fullname LIKE :search ESCAPE '\')",
    );
    // Logins are unique: the name alone is the key.
    let after = after.map(|cursor| cursor.parts().1.to_owned());
    all.with(after, ":after", "user.name > :after");
    all.bind(":limit", i64::from(limit) + 1);
    let sql = format!("{} AND {} ORDER BY user.name LIMIT :limit", select(tx), all.sql());
    let mut statement = tx.sql().prepare_cached(&sql)?;
    let rows = statement.query_map(&*all.parameters(), from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Returns one user.
pub fn get(tx: &Seen<'_>, id: UserId) -> Result<UserRow, StorageError> {
    let mut statement = tx.sql().prepare_cached(&format!("{} AND user.id = :id", select(tx)))?;
    let mut rows = statement.query_map(named_params! { ":id": id.0 }, from_row)?;
    rows.next().transpose()?.ok_or_else(|| StorageError::not_found("user", id))
}

fn from_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<UserRow> {
    Ok(UserRow {
        id: UserId(row.get("id")?),
        name: row.get("name")?,
        fullname: row.get("fullname")?,
        computers: row.get("computers")?,
    })
}
