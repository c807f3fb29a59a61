//! STATE: one SQLite file. Every SQL statement of the program is in this room.
//!
//! [`db::Storage`] opens the file and hands out transactions: [`ReadTx`] from a pool of
//! read-only connections, [`WriteTx`] from the one writer thread, which commits in groups
//! (`docs/adr/0002-single-writer.md`). The other files hold one aggregate each: functions that
//! take a transaction and return domain types, never rows.

pub mod accounts;
pub mod attribute_lists;
pub mod attribute_sets;
pub mod attributes;
pub mod audit;
pub mod auto_checks;
pub mod catalogue;
pub mod changes;
pub mod checks;
pub mod classification;
pub mod computer_admin;
pub mod computer_details;
pub mod computer_lists;
pub mod computers;
pub mod db;
pub mod deployment_lists;
pub mod deployment_packages;
pub mod deployments;
mod display;
pub mod domains;
mod error;
pub mod error_lists;
pub mod errors;
pub mod external_deployments;
pub mod fault_definition_admin;
pub mod fault_lists;
pub mod faults;
pub mod figures;
#[cfg(test)]
pub(crate) mod fixtures;
pub mod formula_admin;
pub mod formulas;
pub mod groups;
pub mod hardware;
pub mod hardware_tree;
pub mod headers;
pub mod history_lists;
pub mod keys;
pub mod machines;
pub mod migrations;
pub mod named_by;
pub mod notification_lists;
pub mod notifications;
pub mod package_lists;
pub mod package_sets;
pub mod packages;
pub mod pages;
pub mod payloads;
pub mod policies;
pub mod productive;
pub mod projects;
pub mod publications;
pub mod regenerations;
pub mod related;
pub mod release;
pub mod revisions;
pub mod schedule_admin;
pub mod schedules;
pub mod schema;
pub mod scopes;
pub mod seen;
pub mod sessions;
pub mod settings;
pub mod software;
pub mod software_lists;
pub mod stores;
pub mod synchronizations;
pub mod tags;
mod targets;
pub mod tokens;
mod tx;
pub mod user_lists;
pub mod users;
mod writer;

pub use db::Storage;
pub use error::StorageError;
pub use tx::{ReadTx, WriteTx};
