//! Addresses of the machine, from `/sys/class/net`, `/proc/net` and a socket that sends nothing.

use std::net::{IpAddr, Ipv4Addr, UdpSocket};
use std::path::Path;

/// ARPHRD_ETHER of `linux/if_arp.h`: Ethernet and wireless interfaces.
const ETHERNET: &str = "1";

/// MAC of the first Ethernet interface, `52:54:00:aa:bb:cc`; `sys` is `/sys`.
///
/// Interfaces with a device behind them come before virtual ones, then the kernel's number
/// decides, so that a bridge or a container started later does not change the answer.
pub fn first_mac(sys: &Path) -> Option<String> {
    let mut found: Vec<(bool, u32, String)> = std::fs::read_dir(sys.join("class/net"))
        .ok()?
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let read = |name: &str| {
                std::fs::read_to_string(path.join(name)).ok().map(|text| text.trim().to_owned())
            };
            let mac = read("address")?;
            let usable = read("type")? == ETHERNET && mac.len() == 17 && mac != "00:00:00:00:00:00";
            usable.then_some((!path.join("device").exists(), read("ifindex")?.parse().ok()?, mac))
        })
        .collect();
    found.sort();
    found.into_iter().next().map(|(_, _, mac)| mac)
}

/// The address other machines see: the source of the default route, else the first that is not
/// loopback. Nothing is sent. `proc` is `/proc`.
pub fn ip_address(proc: &Path) -> String {
    let probe = |remote: &str| -> Option<IpAddr> {
        let local = if remote.contains("::") { "[::]:0" } else { "0.0.0.0:0" };
        let socket = UdpSocket::bind(local.parse::<std::net::SocketAddr>().ok()?).ok()?;
        socket.connect(remote.parse::<std::net::SocketAddr>().ok()?).ok()?;
        let address = socket.local_addr().ok()?.ip();
        (!address.is_loopback() && !address.is_unspecified()).then_some(address)
    };
    // Addresses reserved for documentation (RFC 5737, RFC 3849): routed like any other.
    let table = || std::fs::read_to_string(proc.join("net/fib_trie")).unwrap_or_default();
    probe("192.0.2.1:9")
        .or_else(|| first_local(&table()).map(IpAddr::V4))
        .or_else(|| probe("[2001:db8::1]:9"))
        .map(|ip| ip.to_string())
        .unwrap_or_default()
}

/// First local IPv4 address that is not loopback in the kernel's routing table:
///
/// ```text
///            |-- 10.0.2.15
///               /32 host LOCAL
/// ```
fn first_local(fib_trie: &str) -> Option<Ipv4Addr> {
    let mut last = None;
    for line in fib_trie.lines() {
        if let Some((_, address)) = line.split_once("|-- ") {
            last = address.trim().parse::<Ipv4Addr>().ok();
        } else if line.contains("/32 host LOCAL") {
            match last {
                Some(address) if !address.is_loopback() => return Some(address),
                _ => {}
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_routing_table_names_local_addresses() {
        let table = "Local:\n  +-- 0.0.0.0/0 3 0 5\n     |-- 10.0.2.0\n        /24 link UNICAST\n\
            \x20    |-- 127.0.0.1\n        /32 host LOCAL\n\
            \x20    |-- 10.0.2.15\n        /32 host LOCAL\n";
        assert_eq!(first_local(table), Some(Ipv4Addr::new(10, 0, 2, 15)));
        assert_eq!(first_local(""), None);
    }
}
