//! Small functions from values to markup, without I/O, shared by the pages.

pub mod chart;
pub mod code;
pub mod curve;
pub mod facts;
pub mod filters;
pub mod form;
pub mod icon;
pub mod input;
pub mod list;
pub mod lookup;
pub mod panel;
pub mod permissions;
pub mod progress;
pub mod related;
pub mod status;
pub mod table;
pub mod target;
pub mod time;
pub mod tree;

#[cfg(test)]
mod tests;
