//! Messages and signatures between the server and the computers (`/sync/v1/…`).
//!
//! Pure: bytes and values in, bytes and values out; time and random bytes are arguments.
//! `design.md`, "Native client protocol", is the contract; the message types are [`sync`],
//! the bytes that are signed [`signing`], the keys in minisign's formats [`keys`].

pub mod keys;
pub mod signing;
pub mod sync;
pub mod tags;
