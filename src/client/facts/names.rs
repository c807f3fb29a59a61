//! Host name and full domain name, without asking a resolver.

use std::path::Path;

/// The host name without its domain (default of `Computer_Name`).
pub fn host_name() -> String {
    let name = kernel_name();
    name.split('.').next().unwrap_or_default().to_owned()
}

/// The full domain name: the kernel's if it has a domain, else the one `/etc/hosts` gives the
/// host name, else the host name itself. `root` is where `etc/hosts` is looked up.
pub fn fqdn(root: &Path) -> String {
    let name = kernel_name();
    if name.contains('.') {
        return name;
    }
    let hosts = std::fs::read_to_string(root.join("etc/hosts")).unwrap_or_default();
    full_name(&hosts, &name).unwrap_or(name)
}

fn kernel_name() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}

/// The first name with a domain in a line of `/etc/hosts` that names `host` (hosts(5)).
fn full_name(hosts: &str, host: &str) -> Option<String> {
    let full = format!("{host}.");
    hosts.lines().find_map(|line| {
        let mut names = line.split('#').next()?.split_whitespace();
        let _address = names.next()?;
        names.find(|name| name.starts_with(&full) && name.len() > full.len()).map(str::to_owned)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_domain_comes_from_the_hosts_file() {
        let hosts = "127.0.0.1 localhost\n# 10.0.0.1 pc1.wrong\n127.0.1.1 pc1.lab.example pc1\n";
        assert_eq!(full_name(hosts, "pc1").as_deref(), Some("pc1.lab.example"));
        assert_eq!(full_name(hosts, "pc"), None);
        assert!(!host_name().contains('.'));
    }
}
