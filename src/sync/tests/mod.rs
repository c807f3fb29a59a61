//! The protocol as a computer meets it: real handlers, real signatures, a fixed clock.

mod permissions;
mod plans;
mod registration;
mod reports;
mod signing;
mod site;
mod tags;
