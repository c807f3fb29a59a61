//! Which stored computer an incoming name and UUID mean (3.3).
//!
//! The database is asked for the candidates in the order of [`candidates`]; the first that is
//! there is the computer.

/// Longest identification that is stored, in characters.
pub const MAX_UUID: usize = 36;

/// UUIDs that boards of whole series share: they identify nobody (D-SRV-12).
pub const INVALID_UUIDS: [&str; 4] = [
    "03000200-0400-0500-0006-000700080008",
    "00000000-0000-0000-0000-000000000000",
    "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
    "00000000-0000-0000-0000-FFFFFFFFFFFF",
];

/// Where to look next (D-UUID-05).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Candidate {
    /// The computer with this UUID.
    Uuid(String),
    /// The only computer that has this MAC address, 12 hex digits.
    Mac(String),
}

/// The identification of a computer: its UUID in the usual form, or its name where the board
/// tells none of its own (D-UUID-03, D-UUID-04).
///
/// ```
/// use migas::domain::identification::identification;
/// let none: [&str; 0] = [];
/// let uuid = identification("4c4c4544004a3410804fb5c04f4d3332", "pc1", &none);
/// assert_eq!(uuid, "4C4C4544-004A-3410-804F-B5C04F4D3332");
/// let shared = identification("00000000-0000-0000-0000-000000000000", "pc1", &none);
/// assert_eq!(shared, "pc1");
/// ```
pub fn identification(uuid: &str, name: &str, more_invalid: &[impl AsRef<str>]) -> String {
    let uuid = usual_form(uuid.trim());
    let same = |invalid: &str| invalid.eq_ignore_ascii_case(&uuid);
    let is_invalid = INVALID_UUIDS.into_iter().any(same)
        || more_invalid.iter().any(|invalid| same(invalid.as_ref().trim()));
    let chosen = if uuid.is_empty() || is_invalid { name } else { &uuid };
    chosen.chars().take(MAX_UUID).collect()
}

/// Where to look for a computer, in this order (D-UUID-05).
pub fn candidates(identification: &str, name: &str) -> Vec<Candidate> {
    let mut found = vec![Candidate::Uuid(identification.to_owned())];
    if is_uuid(identification) {
        found.extend(byte_swapped(identification).map(Candidate::Uuid));
        if identification.starts_with("00000000")
            && let Some((_, mac)) = identification.rsplit_once('-')
        {
            found.push(Candidate::Mac(mac.to_owned()));
        }
    }
    let name: String = name.chars().take(MAX_UUID).collect();
    if !name.is_empty() && name != identification {
        found.push(Candidate::Uuid(name));
    }
    found
}

/// The UUID with the bytes of its first three groups in the other order (D-UUID-02).
///
/// ```
/// use migas::domain::identification::byte_swapped;
/// let swapped = byte_swapped("33221100-5544-7766-8899-AABBCCDDEEFF").unwrap();
/// assert_eq!(swapped, "00112233-4455-6677-8899-AABBCCDDEEFF");
/// ```
pub fn byte_swapped(uuid: &str) -> Option<String> {
    let mut groups = uuid.split('-');
    let mut swapped = String::with_capacity(uuid.len());
    for _ in 0..3 {
        let group = groups.next()?;
        let bytes: Vec<&str> =
            (0..group.len()).step_by(2).rev().map_while(|at| group.get(at..at + 2)).collect();
        swapped.push_str(&bytes.concat());
        swapped.push('-');
    }
    swapped.push_str(groups.next()?);
    swapped.push('-');
    swapped.push_str(groups.next()?);
    (swapped.len() == uuid.len() && swapped != uuid).then_some(swapped)
}

/// Dashes and upper case for what is a UUID; anything else stays as it is.
fn usual_form(uuid: &str) -> String {
    let upper = uuid.to_ascii_uppercase();
    if is_uuid(&upper) {
        return upper;
    }
    let is_bare = upper.len() == 32 && upper.bytes().all(|b| b.is_ascii_hexdigit());
    let dashed = || {
        let groups = [(0, 8), (8, 12), (12, 16), (16, 20), (20, 32)];
        let groups = groups.map(|(from, to)| upper.get(from..to).unwrap_or_default());
        groups.join("-")
    };
    if is_bare { dashed() } else { uuid.to_owned() }
}

/// 8-4-4-4-12 hexadecimal digits.
fn is_uuid(text: &str) -> bool {
    let mut lengths = [8, 4, 4, 4, 12].into_iter();
    let fits = |group: &str| {
        lengths.next() == Some(group.len()) && group.bytes().all(|b| b.is_ascii_hexdigit())
    };
    text.len() == MAX_UUID && text.split('-').all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[rustfmt::skip]
    fn a_computer_identifies_itself_by_uuid_or_name() {
        // rule         uuid                                     name   identification
        let table = [
            ("D-UUID-01", "00000000-0000-0000-0000-0800271A2B3C", "pc1", "00000000-0000-0000-0000-0800271A2B3C"),
            ("D-UUID-03", "4C4C4544004A3410804FB5C04F4D3332",     "pc1", "4C4C4544-004A-3410-804F-B5C04F4D3332"),
            ("D-UUID-03", "4c4c4544-004a-3410-804f-b5c04f4d3332", "pc1", "4C4C4544-004A-3410-804F-B5C04F4D3332"),
            ("D-UUID-04", "ffffffff-ffff-ffff-ffff-ffffffffffff", "pc1", "pc1"),
            ("D-UUID-04", "00000000-0000-0000-0000-000000000000", "pc2", "pc2"),
            ("D-UUID-04", "aaaaaaaa-1111-2222-3333-444444444444", "pc3", "pc3"), // the site's own
            ("D-UUID-04", "",                                     "pc4", "pc4"),
        ];
        let own = ["AAAAAAAA-1111-2222-3333-444444444444"];
        for (rule, uuid, name, expected) in table {
            assert_eq!(identification(uuid, name, &own), expected, "{rule}: {uuid}");
        }
    }

    #[test]
    fn d_uuid_05_looks_for_uuid_swapped_mac_and_name_in_this_order() {
        let found = candidates("00000000-0000-0001-0000-0800271A2B3C", "pc1");
        assert_eq!(
            found,
            [
                Candidate::Uuid("00000000-0000-0001-0000-0800271A2B3C".into()),
                Candidate::Uuid("00000000-0000-0100-0000-0800271A2B3C".into()),
                Candidate::Mac("0800271A2B3C".into()),
                Candidate::Uuid("pc1".into()),
            ]
        );
        assert_eq!(candidates("pc1", "pc1"), [Candidate::Uuid("pc1".into())]);
    }

    #[test]
    fn d_uuid_02_swaps_bytes_both_ways() {
        let uuid = "33221100-5544-7766-8899-AABBCCDDEEFF";
        let swapped = byte_swapped(uuid).unwrap();
        assert_eq!(swapped, "00112233-4455-6677-8899-AABBCCDDEEFF");
        assert_eq!(byte_swapped(&swapped).unwrap(), uuid);
    }

    proptest::proptest! {
        #[test]
        fn no_identification_panics_or_is_too_long(uuid in ".{0,60}", name in ".{0,60}") {
            let none: [&str; 0] = [];
            let found = identification(&uuid, &name, &none);
            proptest::prop_assert!(found.chars().count() <= MAX_UUID);
            let _any = candidates(&found, &name);
        }
    }
}
