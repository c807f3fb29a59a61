//! Logs: the server's on standard error, the client's in a file.

use std::fs::OpenOptions;
use std::io::IsTerminal as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::sync::Mutex;

use tracing_subscriber::EnvFilter;

/// Starts logging with a filter such as `info` or `migas=debug,warn`.
pub fn start(filter: &str) {
    // What the web server says of its threads at the start is nothing an administrator can use.
    let quiet = |filter: &str| format!("actix_server=warn,{filter}");
    let filter = EnvFilter::try_new(quiet(filter)).unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let log = log.with_ansi(std::io::stderr().is_terminal());
    // A second start in one process (tests) keeps the first.
    let _already_started = log.with_target(false).try_init();
}

/// A log file that has grown beyond this is set aside as `<name>.1`, bytes.
const MAX_LOG: u64 = 4 << 20;

/// Starts logging to `path` (D-CFG-06); a file that cannot be opened leaves the run without a log.
pub fn start_file(path: &Path, debug: bool) {
    if path.metadata().is_ok_and(|file| file.len() > MAX_LOG) {
        let mut old = path.as_os_str().to_owned();
        old.push(".1");
        let _kept_growing_if_it_fails = std::fs::rename(path, old);
    }
    let file = OpenOptions::new().append(true).create(true).mode(0o640).open(path);
    let Ok(file) = file else { return };
    let filter = EnvFilter::new(if debug { "migas=debug,info" } else { "migas=info,warn" });
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false);
    let _already_started = log.with_target(false).with_writer(Mutex::new(file)).try_init();
}
