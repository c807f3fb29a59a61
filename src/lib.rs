//! migas: deployment manager, live orchestration and configuration specification of a site.
//!
//! `ARCHITECTURE.md` is the map; each room below says what it is in its first line.

/// Messages in English and Spanish: `text(lang, key, args)`.
pub mod catalogue;
/// EDGE `migas <noun> <verb>`: a file per noun.
pub mod cli;
/// The desktop: configuration, facts, hardware, package managers, one synchronisation.
pub mod client;
/// The only reader of the clock.
pub mod clock;
/// STATE one SQLite file: one writer, many readers.
pub mod storage;
/// PURE file formats of packages and repositories.
pub mod formats;
/// PURE messages and signatures between server, agents and client.
pub mod wire;
