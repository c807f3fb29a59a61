//! The upload's reader: any bytes, in two slicings, with the same outcome.
#![no_main]

use libfuzzer_sys::fuzz_target;
use migas::formats::deb::{Reader, parse};

fuzz_target!(|bytes: &[u8]| {
    let whole = parse(bytes).ok();
    let mut reader = Reader::default();
    let pushed = bytes.chunks(7).try_for_each(|slice| reader.push(slice));
    let sliced = pushed.and_then(|()| reader.finish()).ok();
    assert_eq!(whole, sliced);
});
