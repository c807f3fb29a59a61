//! `/var/lib/dpkg/status`: one paragraph per package dpkg knows (deb822(5), dpkg(1)).
//!
//! ```text
//! Package: vim
//! Status: install ok installed
//! Architecture: amd64
//! Version: 2:9.0.1378-2
//! ```
//! `Status` is what is wanted, whether dpkg is content, and what is: only the third word counts.
//! Half-configured and removed packages (`config-files`) are not installed.

use crate::wire::sync::SoftwarePackage;

/// The installed packages of a status file, in its order.
pub fn installed(status: &str) -> Vec<SoftwarePackage> {
    let mut packages = Vec::new();
    let mut package = SoftwarePackage::default();
    let mut is_installed = false;
    // One more empty line ends the last paragraph.
    for line in status.lines().chain([""]) {
        if line.is_empty() {
            let complete = std::mem::take(&mut package);
            if std::mem::take(&mut is_installed) && !complete.name.is_empty() {
                packages.push(complete);
            }
        } else if let Some((field, value)) = line.split_once(':')
            && !line.starts_with([' ', '\t'])
        {
            let value = value.trim();
            match field {
                "Package" => package.name = value.to_owned(),
                "Version" => package.version = value.to_owned(),
                "Architecture" => package.architecture = value.to_owned(),
                "Status" => {
                    let state = value.split_whitespace().nth(2).unwrap_or_default();
                    is_installed =
                        ["installed", "triggers-pending", "triggers-awaited"].contains(&state);
                }
                _ => {}
            }
        }
    }
    packages
}
