//! STATE: one SQLite file. Every SQL statement of the program is in this room.
//!
//! [`db::Storage`] opens the file and hands out transactions: [`ReadTx`] from a pool of
//! read-only connections, [`WriteTx`] from the one writer thread, which commits in groups
//! (`docs/adr/0002-single-writer.md`). The other files hold one aggregate each: functions that
//! take a transaction and return domain types, never rows.

pub mod accounts;
pub mod audit;
pub mod db;
pub mod deployments;
mod error;
pub mod headers;
pub mod keys;
pub mod packages;
pub mod payloads;
pub mod projects;
pub mod publications;
pub mod revisions;
pub mod sessions;
pub mod settings;
pub mod stores;
mod tx;
mod writer;

pub use db::Storage;
pub use error::StorageError;
pub use tx::{ReadTx, WriteTx};
