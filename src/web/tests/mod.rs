//! The pages over the real application: what every page keeps to, and what forms do.

pub(crate) mod browser;
mod computers;
mod every_page;
mod forms;
mod keys;
mod lists;
mod permissions;
mod related;
mod selections;
mod view;
pub(crate) mod visitor;
