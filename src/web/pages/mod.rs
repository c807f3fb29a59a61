//! A file per page: a view struct, the pure `page` made of it, and the handlers that fill it.

pub mod accounts;
pub mod audit;
pub mod door;
pub mod home;
pub mod own_password;
pub mod platforms;
pub mod projects;
pub mod tokens;
