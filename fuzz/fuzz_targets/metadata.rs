//! The reader of yum's metadata: what it accepts is, put together with itself, accepted again, and
//! nothing changes by it. Seeds: any comps.xml, updateinfo.xml, modules.yaml.
#![no_main]

use libfuzzer_sys::fuzz_target;
use migas::formats::yum::metadata::{Metadata, MetadataError, Reader};

fuzz_target!(|bytes: &[u8]| {
    let Ok(Metadata { kind, fragment, .. }) = read(bytes) else { return };
    let twice = format!("{}{fragment}{fragment}{}", kind.head(), kind.tail());
    if fragment.is_empty() && kind.head().is_empty() {
        return;
    }
    let again = read(twice.as_bytes()).expect("what we wrote is read");
    assert_eq!((again.kind, again.fragment), (kind, fragment.repeat(2)));
});

fn read(bytes: &[u8]) -> Result<Metadata, MetadataError> {
    let mut reader = Reader::default();
    reader.push(bytes)?;
    reader.finish()
}
