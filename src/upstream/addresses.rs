//! Addresses that a source on the Internet has no business leading to.

use std::net::{IpAddr, Ipv4Addr};

/// Says whether an address belongs to this machine or to a network behind it: loopback,
/// link-local, private, and what is no single machine.
pub(super) fn is_internal(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_internal_v4(v4),
        IpAddr::V6(v6) => {
            let [first, second, .., a, b] = v6.segments();
            let embedded = Ipv4Addr::from((u32::from(a) << 16) | u32::from(b));
            let is_nat64 = first == 0x64 && second == 0xff9b;
            // ::/96 has loopback, the unspecified address and old forms of IPv4.
            let is_v4 = v6.to_ipv4().is_some() || is_nat64;
            v6.is_loopback()
                || v6.is_unspecified()
                || v6.is_multicast()
                || (first & 0xfe00) == 0xfc00
                || (first & 0xffc0) == 0xfe80
                || (first & 0xffc0) == 0xfec0
                || first == 0x2002
                || (first == 0x2001 && second == 0)
                || (is_v4 && is_internal_v4(embedded))
        }
    }
}

fn is_internal_v4(v4: Ipv4Addr) -> bool {
    let [a, b, ..] = v4.octets();
    v4.is_private()
        || v4.is_loopback()
        || v4.is_link_local()
        || v4.is_multicast()
        || v4.is_broadcast()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 198 && (18..20).contains(&b))
        || v4.octets().starts_with(&[192, 0, 0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_behind_the_server_are_told_from_those_of_the_internet() {
        let table = [
            ("D-EXT-02", "127.0.0.1", true),
            ("D-EXT-02", "0.0.0.0", true),
            ("D-EXT-02", "10.1.2.3", true),
            ("D-EXT-02", "172.16.0.1", true),
            ("D-EXT-02", "192.168.92.10", true),
            ("D-EXT-02", "169.254.169.254", true),
            ("D-EXT-02", "100.64.0.1", true),
            ("D-EXT-02", "255.255.255.255", true),
            ("D-EXT-02", "224.0.0.1", true),
            ("D-EXT-02", "::1", true),
            ("D-EXT-02", "::", true),
            ("D-EXT-02", "fe80::1", true),
            ("D-EXT-02", "fd00::1", true),
            ("D-EXT-02", "::ffff:127.0.0.1", true),
            ("D-EXT-02", "::127.0.0.1", true),
            ("D-EXT-02", "64:ff9b::10.0.0.1", true),
            ("D-EXT-02", "2002:7f00:1::", true),
            ("D-EXT-02", "151.101.2.132", false),
            ("D-EXT-02", "172.32.0.1", false),
            ("D-EXT-02", "100.128.0.1", false),
            ("D-EXT-02", "2a04:4e42::644", false),
            ("D-EXT-02", "::ffff:151.101.2.132", false),
            ("D-EXT-02", "64:ff9b::151.101.2.132", false),
        ];
        for (rule, address, expected) in table {
            assert_eq!(is_internal(address.parse().unwrap()), expected, "{rule}: {address}");
        }
    }
}
