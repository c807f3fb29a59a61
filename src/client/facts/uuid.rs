//! The computer's UUID (D-UUID-01 to D-UUID-03).
//!
//! The kernel shows the mainboard's UUID in `/sys/class/dmi/id/product_uuid`, readable by root,
//! in the byte order of the SMBIOS version that `/sys/firmware/dmi/tables/smbios_entry_point`
//! names. A board without a usable one is known by its first network interface.

use std::io::ErrorKind;
use std::path::Path;

use super::network;

/// A value that careless makers put into every board.
const DUMMY: &str = "03000200-0400-0500-0006-000700080009";

/// Finds the UUID; `sys` is `/sys`. Empty on a machine with neither board nor network, and for a
/// user who may not read the board's: another one in its place would name another computer.
pub fn computer_uuid(sys: &Path) -> String {
    let board = match std::fs::read_to_string(sys.join("class/dmi/id/product_uuid")) {
        Err(error) if error.kind() == ErrorKind::PermissionDenied => return String::new(),
        read => read.ok(),
    };
    let version = std::fs::read(sys.join("firmware/dmi/tables/smbios_entry_point"))
        .ok()
        .and_then(|entry| smbios_version(&entry));
    board
        .and_then(|text| board_uuid(&text, version.unwrap_or((3, 0))))
        .or_else(|| network::first_mac(sys).map(|mac| mac_uuid(&mac)))
        .unwrap_or_default()
}

/// SMBIOS version from the entry point structure (SMBIOS 5.2.1 and 5.2.2).
fn smbios_version(entry: &[u8]) -> Option<(u8, u8)> {
    let at = if entry.starts_with(b"_SM3_") {
        7
    } else if entry.starts_with(b"_SM_") {
        6
    } else {
        return None;
    };
    Some((*entry.get(at)?, *entry.get(at + 1)?))
}

/// Normalises what the board says; `None` if it is worthless.
fn board_uuid(text: &str, version: (u8, u8)) -> Option<String> {
    let uuid = dashed(text.trim())?;
    let uuid = if version < (2, 6) { swap_groups(&uuid)? } else { uuid };
    let digits: String = uuid.chars().filter(|c| *c != '-').collect();
    let worthless =
        ["0", "F"].iter().any(|digit| digits.trim_matches(|c| digit.contains(c)).is_empty());
    (!worthless && uuid != DUMMY).then_some(uuid)
}

/// Upper case 8-4-4-4-12; `None` unless it has 32 hexadecimal digits (D-UUID-03).
pub fn dashed(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(|c| *c != '-').collect::<String>().to_uppercase();
    if digits.len() != 32 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let groups = [0..8, 8..12, 12..16, 16..20, 20..32].map(|range| digits.get(range).unwrap_or(""));
    Some(groups.join("-"))
}

/// Turns the bytes of the first three groups round (D-UUID-02).
fn swap_groups(uuid: &str) -> Option<String> {
    let mut bytes = hex::decode(uuid.replace('-', "")).ok()?;
    for range in [0..4, 4..6, 6..8] {
        bytes.get_mut(range)?.reverse();
    }
    dashed(&hex::encode(bytes))
}

/// The UUID of a machine without one: zeros and the MAC's 12 digits.
fn mac_uuid(mac: &str) -> String {
    format!("00000000-0000-0000-0000-{}", mac.replace(':', "").to_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boards_and_what_becomes_of_their_uuid() {
        let usual = "33221100-5544-7766-8899-AABBCCDDEEFF";
        let table = [
            ("D-UUID-01", "33221100-5544-7766-8899-aabbccddeeff\n", (2, 6), Some(usual)),
            ("D-UUID-02", "00112233-4455-6677-8899-aabbccddeeff\n", (2, 5), Some(usual)),
            ("D-UUID-02", "33221100-5544-7766-8899-aabbccddeeff\n", (3, 2), Some(usual)),
            ("D-UUID-03", "33221100554477668899AABBCCDDEEFF", (2, 8), Some(usual)),
            ("D-UUID-01", "00000000-0000-0000-0000-000000000000", (2, 8), None),
            ("D-UUID-01", "ffffffff-ffff-ffff-ffff-ffffffffffff", (2, 8), None),
            ("D-UUID-01", "03000200-0400-0500-0006-000700080009", (2, 8), None),
            ("D-UUID-01", "Not Settable", (2, 8), None),
        ];
        for (rule, text, version, expected) in table {
            assert_eq!(board_uuid(text, version).as_deref(), expected, "{rule}: {text}");
        }
    }

    #[test]
    fn d_uuid_01_without_a_board_the_first_interface_counts() {
        let sys = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &[u8]| {
            let path = sys.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        for (name, index, mac) in [
            ("lo", "1", "00:00:00:00:00:00"),
            ("eth1", "3", "52:54:00:aa:bb:cd"),
            ("eth0", "2", "52:54:00:aa:bb:cc"),
        ] {
            write(&format!("class/net/{name}/ifindex"), index.as_bytes());
            write(&format!("class/net/{name}/address"), mac.as_bytes());
            write(&format!("class/net/{name}/type"), if name == "lo" { b"772" } else { b"1" });
        }
        assert_eq!(computer_uuid(sys.path()), "00000000-0000-0000-0000-525400AABBCC");
        write("class/dmi/id/product_uuid", b"00112233-4455-6677-8899-aabbccddeeff\n");
        write("firmware/dmi/tables/smbios_entry_point", b"_SM_\x00\x1f\x02\x05");
        assert_eq!(computer_uuid(sys.path()), "33221100-5544-7766-8899-AABBCCDDEEFF");
    }
}
