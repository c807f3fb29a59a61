//! Lists: the conditions a filter asks for, and pages by key.
//!
//! A list is asked for one row more than the page holds: that row tells that there is more.

use rusqlite::types::ValueRef;
use rusqlite::{Row, Rows, ToSql};

use super::StorageError;

/// Conditions of a query with their values. Only those that are asked for are in the statement:
/// `:x IS NULL OR column = :x` would keep SQLite from using an index.
#[derive(Default)]
pub(super) struct Conditions {
    sql: Vec<String>,
    bound: Vec<(&'static str, Box<dyn ToSql>)>,
}

impl Conditions {
    /// Adds a condition whose value is bound elsewhere, or that has none.
    pub(super) fn add(&mut self, sql: impl Into<String>) {
        self.sql.push(sql.into());
    }

    /// Adds the condition if it is wanted.
    pub(super) fn when(&mut self, wanted: bool, sql: &str) {
        if wanted {
            self.add(sql);
        }
    }

    /// Adds the condition and its parameter if there is a value.
    pub(super) fn with<T: ToSql + 'static>(
        &mut self,
        value: Option<T>,
        name: &'static str,
        sql: &str,
    ) {
        if let Some(value) = value {
            self.add(sql);
            self.bind(name, value);
        }
    }

    /// Binds a parameter.
    pub(super) fn bind(&mut self, name: &'static str, value: impl ToSql + 'static) {
        self.bound.push((name, Box::new(value)));
    }

    /// The conditions for `WHERE`.
    pub(super) fn sql(&self) -> String {
        if self.sql.is_empty() { "TRUE".to_owned() } else { self.sql.join(" AND ") }
    }

    /// The parameters of the statement.
    pub(super) fn parameters(&self) -> Vec<(&str, &dyn ToSql)> {
        self.bound.iter().map(|(name, value)| (*name, &**value)).collect()
    }
}

/// Reads every row of a query.
pub(super) fn all<T>(
    mut rows: Rows<'_>,
    read: impl Fn(&Row<'_>) -> Result<T, StorageError>,
) -> Result<Vec<T>, StorageError> {
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(read(row)?);
    }
    Ok(found)
}

/// Reads the one row of a query, or says that the thing is not there.
pub(super) fn one<T>(
    mut rows: Rows<'_>,
    read: impl FnOnce(&Row<'_>) -> Result<T, StorageError>,
    what: &'static str,
    id: impl ToString,
) -> Result<T, StorageError> {
    match rows.next()? {
        Some(row) => read(row),
        None => Err(StorageError::not_found(what, id)),
    }
}

/// A name with its id, as a list shows a related object.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Named {
    pub id: i64,
    pub name: String,
}

impl Named {
    /// Reads a row of an id and a name.
    pub(super) fn from_row(row: &Row<'_>) -> Result<Self, StorageError> {
        Ok(Self { id: row.get(0)?, name: row.get(1)? })
    }
}

/// Reads a column of `[[id, name]…]`, JSON.
pub(super) fn named(row: &Row<'_>, column: &str) -> Result<Vec<Named>, StorageError> {
    let text: String = row.get(column)?;
    let pairs: Vec<(i64, String)> = serde_json::from_str(&text)
        .map_err(|_| StorageError::Corrupt { what: "list of names", value: text })?;
    Ok(pairs.into_iter().map(|(id, name)| Named { id, name }).collect())
}

/// Names the last row of a page: its id and what the list is ordered by.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cursor {
    id: i64,
    value: String,
}

impl Cursor {
    /// The cursor of a list ordered by id.
    pub fn of_id(id: i64) -> Self {
        Self { id, value: String::new() }
    }

    /// The cursor of a list ordered by a number and an id.
    pub(super) fn new(id: i64, value: i64) -> Self {
        Self { id, value: value.to_string() }
    }

    /// The cursor of a list ordered by a name.
    pub fn named(id: i64, name: &str) -> Self {
        Self { id, value: name.to_owned() }
    }

    /// Reads `id` or `id.value`; nothing for what is no cursor.
    pub fn parse(text: &str) -> Option<Self> {
        let (id, value) = text.split_once('.').unwrap_or((text, ""));
        Some(Self { id: id.parse().ok()?, value: value.to_owned() })
    }

    pub(super) fn of_row(id: i64, value: ValueRef<'_>) -> Self {
        let value = match value {
            ValueRef::Integer(number) => number.to_string(),
            ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
            _ => String::new(),
        };
        Self { id, value }
    }

    pub(super) fn parts(&self) -> (i64, &str) {
        (self.id, &self.value)
    }
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.value.as_str() {
            "" => write!(f, "{}", self.id),
            value => write!(f, "{}.{value}", self.id),
        }
    }
}

/// What somebody wants a list ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sorted<T> {
    pub by: T,
    pub descending: bool,
}

impl<T> Sorted<T> {
    /// Reads the name of a column, a minus before it for the opposite direction.
    pub fn parse(text: &str, column: impl FnOnce(&str) -> Option<T>) -> Option<Self> {
        let by = column(text.trim_start_matches('-'))?;
        Some(Self { by, descending: text.starts_with('-') })
    }

    /// In the statement: by an expression that is never NULL, and by id where that is equal.
    pub(super) fn sql(&self, key: impl Into<String>, id: &'static str) -> OrderBy {
        OrderBy { key: key.into(), id, descending: self.descending }
    }
}

/// The order of a statement, whose pages go on after the row of a cursor.
pub(super) struct OrderBy {
    key: String,
    id: &'static str,
    descending: bool,
}

impl OrderBy {
    /// Goes on after a row; `number` if the key is one.
    pub(super) fn after(&self, all: &mut Conditions, cursor: &Cursor, number: bool) {
        let Self { key, id, descending } = self;
        let compare = if *descending { "<" } else { ">" };
        let (after, value) = cursor.parts();
        all.bind(":after_id", after);
        if key == id {
            return all.add(format!("{id} {compare} :after_id"));
        }
        all.add(format!("({key}, {id}) {compare} (:after_value, :after_id)"));
        match value.parse::<i64>() {
            Ok(value) if number => all.bind(":after_value", value),
            _ => all.bind(":after_value", value.to_owned()),
        }
    }
}

impl std::fmt::Display for OrderBy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let direction = if self.descending { "DESC" } else { "ASC" };
        write!(f, "ORDER BY {} {direction}, {} {direction}", self.key, self.id)
    }
}

/// The `LIKE` pattern (escape `\`) of texts that contain `text`.
pub(super) fn contains(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for c in text.trim().chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_back_and_a_search_is_no_pattern() {
        for text in ["7", "7.PC-1", "7.a.b"] {
            assert_eq!(Cursor::parse(text).map(|cursor| cursor.to_string()).as_deref(), Some(text));
        }
        assert_eq!(Cursor::parse("x"), None);
        assert_eq!(contains(" 50%_a\\ "), r"%50\%\_a\\%");
    }
}
