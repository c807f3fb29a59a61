//! migas: deployment manager, live orchestration and configuration specification of a site.
//!
//! `ARCHITECTURE.md` is the map; each room below says what it is in its first line.

/// EDGE JSON API v1: a file per resource.
pub mod api;
/// The operations of the appliance: transaction, permission, audit; a file per aggregate.
pub mod app;
/// Messages in English and Spanish: `text(lang, key, args)`.
pub mod catalogue;
/// EDGE `migas <noun> <verb>`: a file per noun.
pub mod cli;
/// The desktop: configuration, facts, hardware, package managers, one synchronisation.
pub mod client;
/// The only reader of the clock.
pub mod clock;
/// PURE computers, attributes, projects, deployments, faults, access.
pub mod domain;
/// PURE file formats of packages and repositories.
pub mod formats;
/// Shared by the web edges: listener, sessions, forms, limits, languages.
pub mod http;
/// Background work of the server; every job may run twice.
pub mod jobs;
/// EDGE wire protocol of existing migasfree clients.
pub mod legacy;
/// Package headers become signed repositories.
pub mod publish;
/// EDGE `/public` and `/src`: repositories and stores as clients browse them.
pub mod repos;
/// Settings of the server process: file, environment, flags -> one typed struct.
pub mod settings;
/// STATE one SQLite file: one writer, many readers.
pub mod storage;
/// EDGE the computers' own protocol, signed both ways.
pub mod sync;
/// Sources of external deployments, and what they sent.
pub mod upstream;
/// EDGE admin pages: HTML that works without JavaScript.
pub mod web;
/// PURE messages and signatures between server, agents and client.
pub mod wire;
