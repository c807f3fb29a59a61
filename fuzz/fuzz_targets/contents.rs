//! File list and changelog of any bytes, within small limits.
#![no_main]

use libfuzzer_sys::fuzz_target;
use migas::formats::deb::{ContentsLimits, contents};

fuzz_target!(|bytes: &[u8]| {
    let limits = ContentsLimits { files: 100, unpacked_bytes: 1 << 20, changelog_bytes: 4096 };
    if let Ok(read) = contents(bytes, "demo", limits) {
        assert!(read.files.len() <= limits.files);
        assert!(read.changelog.is_none_or(|text| text.len() <= 3 * limits.changelog_bytes * 2));
    }
});
