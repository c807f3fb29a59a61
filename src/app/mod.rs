//! The operations of the appliance: each opens a transaction, checks the permission, loads, asks
//! the domain, stores, records and announces. A file per aggregate, all methods of [`App`].
//!
//! Operations know nothing of HTTP, HTML or exit codes, and never read the clock: the time of a
//! request stands in its [`actor::Actor`].

pub mod accounts;
pub mod actor;
mod error;
pub mod first_start;
pub mod history;
pub mod keys;
pub mod passwords;
pub mod projects;
pub mod surroundings;
