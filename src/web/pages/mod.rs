//! A file per page: a view struct, the pure `page` made of it, and the handlers that fill it.

pub mod accounts;
pub mod audit;
pub mod checks;
pub mod computers;
pub mod deployments;
pub mod door;
pub mod errors;
pub mod faults;
pub mod home;
pub mod lookups;
pub mod notifications;
pub mod own_password;
pub mod package_folders;
pub mod packages;
mod paging;
pub mod platforms;
pub mod projects;
pub mod reference;
pub mod settings;
pub mod stores;
pub mod tokens;
