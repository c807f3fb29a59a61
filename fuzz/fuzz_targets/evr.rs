//! Any two RPM versions have an order, and it is antisymmetric.
#![no_main]

use libfuzzer_sys::fuzz_target;
use migas::formats::evr::compare;

fuzz_target!(|texts: (&str, &str)| {
    assert_eq!(compare(texts.0, texts.1), compare(texts.1, texts.0).reverse());
});
