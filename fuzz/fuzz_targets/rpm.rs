//! The reader of RPM packages: any bytes, in two slicings, with the same outcome, and only texts
//! that XML can hold. Seeds: `testdata/rpms/*.rpm`.
//!
//! The digests in the signature header would hide nearly every mutation from what reads the main
//! header, so the same bytes are read a second time behind an empty signature header.
#![no_main]

use libfuzzer_sys::fuzz_target;
use migas::formats::rpm::{Package, Reader};

const LEAD_BYTES: usize = 96;
const INTRO_BYTES: usize = 16;

fuzz_target!(|bytes: &[u8]| {
    assert_eq!(read(bytes, bytes.len().max(1)), read(bytes, 7));
    if let Some(unsigned) = unsigned(bytes) {
        assert_eq!(read(&unsigned, unsigned.len()), read(&unsigned, 4093));
    }
});

/// What the headers say, and what came of the whole package.
fn read(bytes: &[u8], slice_bytes: usize) -> (Option<Package>, Option<String>) {
    let mut reader = Reader::default();
    let pushed = bytes.chunks(slice_bytes).try_for_each(|slice| reader.push(slice));
    let headers = reader.headers().cloned();
    if let Some(package) = &headers {
        check(package);
    }
    let outcome = pushed.and_then(|()| reader.finish().map(drop));
    (headers, outcome.err().map(|error| error.to_string()))
}

/// The same package with an empty signature header.
fn unsigned(bytes: &[u8]) -> Option<Vec<u8>> {
    let word = |at: usize| {
        let word = bytes.get(at..at + 4)?.try_into().ok()?;
        usize::try_from(u32::from_be_bytes(word)).ok()
    };
    let body = word(LEAD_BYTES + 8)?.checked_mul(16)?.checked_add(word(LEAD_BYTES + 12)?)?;
    let main = LEAD_BYTES + body.checked_add(INTRO_BYTES)?.checked_next_multiple_of(8)?;
    let empty = [0x8e, 0xad, 0xe8, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    Some([bytes.get(..LEAD_BYTES)?, &empty, bytes.get(main..)?].concat())
}

fn check(package: &Package) {
    let is_xml = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..);
    let texts = [&package.summary, &package.description, &package.vendor, &package.packager];
    let paths = package.files.iter().map(|file| &file.path);
    let names = package.requires.iter().chain(&package.provides).map(|wanted| &wanted.name);
    let changes = package.changelog.iter().map(|change| &change.text);
    let mut all = texts.into_iter().chain(paths).chain(names).chain(changes);
    assert!(all.all(|text| text.chars().all(is_xml)));
    assert!(package.header_range.start < package.header_range.end);
    for script in &package.scripts {
        assert!(!script.title().is_empty());
    }
}
