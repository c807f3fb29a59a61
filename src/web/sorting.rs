//! The order of lists that are read whole: by the column whose head was pressed (D-UI-03). Lists that
//! go in pages are ordered by the database.

use std::cmp::Reverse;

use super::urls::Query;

/// What a row is sorted by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    Text(String),
    Number(i64),
}

impl From<&str> for Key {
    fn from(text: &str) -> Self {
        Self::Text(text.to_lowercase())
    }
}

impl From<&String> for Key {
    fn from(text: &String) -> Self {
        text.as_str().into()
    }
}

impl From<i64> for Key {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<bool> for Key {
    fn from(yes: bool) -> Self {
        Self::Number(yes.into())
    }
}

impl From<Option<jiff::Timestamp>> for Key {
    fn from(at: Option<jiff::Timestamp>) -> Self {
        Self::Number(at.map_or(i64::MIN, jiff::Timestamp::as_millisecond))
    }
}

/// A column by which rows can be sorted.
pub type Column<T> = (&'static str, fn(&T) -> Key);

/// Sorts the rows as the address says; they stay as they are if it says nothing.
pub fn sort<T>(query: &Query, rows: &mut [T], columns: &[Column<T>]) {
    let asked = query.get("sort");
    let name = asked.trim_start_matches('-');
    let Some((_, key)) = columns.iter().find(|(column, _)| *column == name) else { return };
    match asked.starts_with('-') {
        true => rows.sort_by_cached_key(|row| Reverse(key(row))),
        false => rows.sort_by_cached_key(key),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d_ui_03_rows_go_by_the_column_that_was_pressed() {
        let columns: [Column<(&str, i64)>; 2] =
            [("name", |row| row.0.into()), ("count", |row| row.1.into())];
        // address, expected order
        let table = [
            ("", ["b", "A", "c"]),
            ("sort=name", ["A", "b", "c"]),
            ("sort=-name", ["c", "b", "A"]),
            ("sort=count", ["c", "b", "A"]),
            ("sort=-count", ["A", "b", "c"]),
            ("sort=password", ["b", "A", "c"]),
        ];
        for (address, expected) in table {
            let mut rows = [("b", 9), ("A", 10), ("c", 2)];
            sort(&Query::parse("/x", address), &mut rows, &columns);
            assert_eq!(rows.map(|row| row.0), expected, "D-UI-03: {address}");
        }
    }
}
