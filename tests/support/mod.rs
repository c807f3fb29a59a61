//! What the end-to-end tests stand on: the executable itself, a real Debian system, packages.
//!
//! Nothing here knows the inside of migas: a [`Site`] is the program started as an administrator
//! starts it, a [`DebianRoot`] is a computer with real apt. Everything made is removed on drop.

mod browser;
mod debian;
mod desktop;
mod disk;
mod emulated;
mod http;
mod network;
mod package_system;
mod packages;
pub mod raw;
mod repository;
mod rpms;
mod site;
mod terminal;
mod upstream;

use std::time::{Duration, Instant};

pub use browser::{Browser, ENTER, Look, TAB, axe_core};
pub use debian::DebianRoot;
pub use desktop::{Desktop, Run};
pub use disk::SmallDisk;
pub use emulated::Emulated;
pub use http::{Answer, Http};
pub use network::{in_network, move_to, with_host_name};
pub use package_system::PackageSystem;
pub use packages::{AcmeTestFiles, small_package};
pub use repository::Repository;
pub use rpms::{Rpm, small_rpm};
pub use site::{PASSWORD, Site, executable, migas};
pub use terminal::Terminal;
pub use upstream::{Says, Upstream};

/// Asks `probe` again until it answers or `limit` has passed.
///
/// # Panics
/// If it never answers; `what` says what was waited for.
pub fn wait_for<T>(what: &str, limit: Duration, mut probe: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = probe() {
            return found;
        }
        assert!(start.elapsed() < limit, "waited {limit:?} for {what}");
        std::thread::park_timeout(Duration::from_millis(5));
    }
}
