//! PURE: what the site knows and how it decides. Values in, values out; no clock, no I/O.
//!
//! A file per aggregate. Rule ids (`D-…`) stand beside what follows them.

pub mod account;
pub mod alert;
pub mod application;
pub mod attribute;
pub mod attribute_set;
pub mod calendar;
pub mod classification;
pub mod client_error;
pub mod computer;
pub mod defaults;
pub mod deployment;
pub mod difference;
pub mod external;
pub mod fault;
pub mod formula;
pub mod formula_name;
pub mod groups;
pub mod hardware;
pub mod identification;
pub mod ids;
pub mod impact;
pub mod notification;
pub mod package;
pub mod package_set;
pub mod pms;
pub mod policy;
pub mod pool;
pub mod project;
pub mod provided;
pub mod release;
pub mod schedule;
pub mod scopes;
pub mod site_settings;
pub mod situation;
pub mod slug;
pub mod software;
pub mod status;
pub mod tag;
pub mod target;
pub mod text;
pub mod user;
