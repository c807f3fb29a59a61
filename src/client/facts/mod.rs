//! What the client finds out about the machine without running anything.
//!
//! Each file reads one source below a directory given to it (`/`, a root, a folder of a test) and
//! returns values; a source that is missing gives less, never an error.

pub mod names;
pub mod network;
pub mod os_release;
pub mod people;
pub mod uuid;
