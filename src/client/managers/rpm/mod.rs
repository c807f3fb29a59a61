//! What the package managers of rpm systems have in common, whichever resolves dependencies.
//!
//! The database of installed packages ([`database`]) and how an order names one of them
//! ([`token`]), the `.repo` file ([`repo_file`]), the key that repositories are checked with
//! ([`key`]) and the index that was fetched ([`repomd`]).

pub mod database;
pub mod key;
pub mod repo_file;
pub mod repomd;
pub mod token;
