//! Transactions as types: who may write is in the signature of a function.

use rusqlite::Connection;

/// A consistent view for reading.
#[derive(Debug, Clone, Copy)]
pub struct ReadTx<'a> {
    connection: &'a Connection,
}

impl<'a> ReadTx<'a> {
    pub(super) fn new(connection: &'a Connection) -> Self {
        Self { connection }
    }

    /// The connection, for the SQL of this room.
    pub(super) fn sql(&self) -> &'a Connection {
        self.connection
    }
}

/// A transaction of the writer; also reads, and sees what it wrote.
#[derive(Debug, Clone, Copy)]
pub struct WriteTx<'a> {
    read: ReadTx<'a>,
}

impl<'a> WriteTx<'a> {
    pub(super) fn new(connection: &'a Connection) -> Self {
        Self { read: ReadTx::new(connection) }
    }
}

impl<'a> std::ops::Deref for WriteTx<'a> {
    type Target = ReadTx<'a>;

    fn deref(&self) -> &ReadTx<'a> {
        &self.read
    }
}

/// Reads an instant as it is stored, milliseconds since the epoch.
pub(super) fn instant(ms: i64) -> Result<jiff::Timestamp, super::StorageError> {
    jiff::Timestamp::from_millisecond(ms)
        .map_err(|_| super::StorageError::Corrupt { what: "instant", value: ms.to_string() })
}

#[cfg(test)]
impl ReadTx<'_> {
    /// One value as text, for tests of other rooms that look into the database.
    pub(crate) fn value_for_tests(&self, sql: &str) -> Result<String, super::StorageError> {
        let value: rusqlite::types::Value = self.sql().query_row(sql, [], |row| row.get(0))?;
        Ok(match value {
            rusqlite::types::Value::Null => String::new(),
            rusqlite::types::Value::Integer(number) => number.to_string(),
            rusqlite::types::Value::Real(number) => number.to_string(),
            rusqlite::types::Value::Text(text) => text,
            rusqlite::types::Value::Blob(bytes) => format!("{} bytes", bytes.len()),
        })
    }
}

#[cfg(test)]
impl WriteTx<'_> {
    /// Statements of a test that changes what no operation changes.
    pub(crate) fn change_for_tests(&self, sql: &str) -> Result<(), super::StorageError> {
        Ok(self.sql().execute_batch(sql)?)
    }
}
