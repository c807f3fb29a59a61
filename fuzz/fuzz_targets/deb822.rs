//! What parses prints to something that parses to the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use migas::formats::deb822::Stanza;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(stanza) = Stanza::parse(bytes) {
        let printed = stanza.to_string();
        assert_eq!(Stanza::parse(printed.as_bytes()), Ok(stanza));
    }
});
