//! Deployments: list, form, what one does and to whom (7.3).

mod change;
mod detail;
mod form;
mod list;
pub mod moves;
mod timeline;

#[cfg(test)]
mod tests;

pub use change::{confirm, delete, selected, switch};
pub use detail::show;
pub use form::{add, edit, new, save};
pub use list::list;
