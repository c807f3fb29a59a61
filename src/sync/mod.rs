//! EDGE: the protocol of the computers, `/sync/v1/…` (`design.md`, "Native client protocol").
//!
//! Every request is signed by the computer, every answer, refusals included, by the site. The
//! handlers hold no rule: they name the operation of `app` and its limit.

mod envelope;
mod exchange;
mod problem;
mod routes;
pub use routes::routes;

#[cfg(test)]
mod tests;
