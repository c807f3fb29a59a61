//! End to end: the executable itself with real apt, dpkg, gpgv and a real browser (`make e2e`).
//!
//! Each module is one story or one promise; the rule ids it proves stand in the names of its tests.

#[cfg(test)]
mod accessibility;
#[cfg(test)]
mod bad_input;
#[cfg(test)]
mod browser;
#[cfg(test)]
mod client;
#[cfg(test)]
mod command_line;
#[cfg(test)]
mod debian_system;
#[cfg(test)]
mod domain_admin;
#[cfg(test)]
mod endurance;
#[cfg(test)]
mod external;
#[cfg(test)]
mod package_sets;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod practical_examples;
#[cfg(test)]
mod projects;
#[cfg(test)]
mod reference;
#[cfg(test)]
mod repo_build;
#[cfg(test)]
mod repositories;
#[cfg(test)]
mod rpm_uploads;
#[cfg(test)]
mod scenarios;
#[cfg(test)]
mod server;
#[cfg(test)]
#[path = "../support/mod.rs"]
#[allow(dead_code, unused_imports, reason = "the demo uses other parts of it")]
mod support;
#[cfg(test)]
mod synchronisation;
#[cfg(test)]
mod tags;
#[cfg(test)]
mod yum;
#[cfg(test)]
mod yum_indexes;
#[cfg(test)]
mod yum_metadata;
