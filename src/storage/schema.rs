//! The tables as they are, read from the database itself: the page of the data model draws them
//! (D-UI-07), so it says what is there and cannot go stale.

use super::{ReadTx, StorageError, pages};

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub name: String,
    pub columns: Vec<Column>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub name: String,
    /// `TEXT`, `INTEGER`, `REAL` or `BLOB`.
    pub kind: String,
    pub required: bool,
    /// The table whose id it holds.
    pub references: Option<String>,
}

/// Lists the tables by name, with their columns in the order they were made.
pub fn tables(tx: &ReadTx<'_>) -> Result<Vec<Table>, StorageError> {
    let mut statement = tx.sql().prepare_cached(
        r#"SELECT a.name, c.name, c.type, c."notnull" OR c.pk > 0,
                  (SELECT r."table" FROM pragma_foreign_key_list(a.name) AS r
                   WHERE r."from" = c.name)
           FROM sqlite_schema AS a JOIN pragma_table_info(a.name) AS c
           WHERE a.type = 'table' AND a.name NOT LIKE 'sqlite\_%' ESCAPE '\'
           ORDER BY a.name, c.cid"#,
    )?;
    let columns = pages::all(statement.query([])?, |row| {
        let (kind, required, references) = (row.get(2)?, row.get(3)?, row.get(4)?);
        Ok((row.get(0)?, Column { name: row.get(1)?, kind, required, references }))
    })?;
    let mut tables: Vec<Table> = Vec::new();
    for (name, column) in columns {
        match tables.last_mut().filter(|table| table.name == name) {
            Some(table) => table.columns.push(column),
            None => tables.push(Table { name, columns: vec![column] }),
        }
    }
    Ok(tables)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::Storage;

    #[test]
    fn tables_are_read_with_what_they_refer_to() {
        let dir = tempfile::tempdir().unwrap();
        let storage = Storage::open(dir.path()).unwrap();
        let all = storage.read_now(tables).unwrap();
        let project = all.iter().find(|table| table.name == "project").unwrap();
        let column = |name: &str| project.columns.iter().find(|one| one.name == name).unwrap();
        let platform = column("platform_id");
        assert_eq!(platform.references.as_deref(), Some("platform"));
        assert_eq!((platform.kind.as_str(), platform.required), ("INTEGER", true));
        assert_eq!(column("name").references, None);
        assert!(all.iter().all(|table| !table.name.starts_with("sqlite_")));
    }
}
