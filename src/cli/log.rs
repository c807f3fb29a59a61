//! The log of the server: plain lines on standard error.

use tracing_subscriber::EnvFilter;

/// Starts logging with a filter such as `info` or `migas=debug,warn`.
pub fn start(filter: &str) {
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second start in one process (tests) keeps the first.
    let _already_started = log.with_target(false).try_init();
}
