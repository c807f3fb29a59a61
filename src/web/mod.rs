//! EDGE admin pages: HTML that works without JavaScript, on a narrow screen, light and dark.
//!
//! A handler asks one operation of `app` and hands a view struct to a pure `page` function; forms
//! post and redirect (303). Nothing is inline: style and script are files of `assets/`, and the
//! content security policy of [`respond`] allows nothing else.

mod assets;
pub mod components;
mod crud;
mod csv;
mod error;
mod flash;
pub mod guide;
mod help;
mod layout;
mod markdown;
mod menu;
pub mod pages;
mod preview;
pub mod reader;
mod related;
mod respond;
mod routes;
mod selection;
mod sorting;
pub mod urls;
mod visit;

#[cfg(test)]
pub(crate) mod tests;

pub use routes::{calls, routes};
