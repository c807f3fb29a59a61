//! Packages put together by hand: what rpmbuild of this machine cannot or would not make.

use sha2::{Digest as _, Sha256};

/// A value of a tag.
#[derive(Debug, Clone)]
pub(super) enum Value {
    Text(&'static str),
    Bytes(Vec<u8>),
    Texts(Vec<&'static str>),
    Int16(Vec<u16>),
    Int32(Vec<u32>),
    Int64(Vec<u64>),
}

use Value::{Bytes, Int16, Int32, Int64, Text, Texts};

/// A header: its tags in order, which may lie.
#[derive(Debug, Clone, Default)]
pub(super) struct Forged {
    entries: Vec<[u32; 4]>,
    store: Vec<u8>,
}

impl Forged {
    pub(super) fn with(mut self, tag: u32, value: Value) -> Self {
        let width = match value {
            Int16(_) => 2,
            Int32(_) => 4,
            Int64(_) => 8,
            _ => 1,
        };
        self.store.resize(self.store.len().next_multiple_of(width), 0);
        let offset = u32::try_from(self.store.len()).unwrap();
        let (kind, count) = match value {
            Text(text) => {
                self.store.extend([text.as_bytes(), b"\0"].concat());
                (6, 1)
            }
            Bytes(bytes) => {
                self.store.extend(&bytes);
                (7, bytes.len())
            }
            Texts(texts) => {
                texts.iter().for_each(|text| self.store.extend([text.as_bytes(), b"\0"].concat()));
                (8, texts.len())
            }
            Int16(values) => {
                values.iter().for_each(|value| self.store.extend(value.to_be_bytes()));
                (3, values.len())
            }
            Int32(values) => {
                values.iter().for_each(|value| self.store.extend(value.to_be_bytes()));
                (4, values.len())
            }
            Int64(values) => {
                values.iter().for_each(|value| self.store.extend(value.to_be_bytes()));
                (5, values.len())
            }
        };
        self.entries.push([tag, kind, offset, u32::try_from(count).unwrap()]);
        self
    }

    /// Takes a tag out again.
    pub(super) fn without(mut self, tag: u32) -> Self {
        self.entries.retain(|entry| entry[0] != tag);
        self
    }

    /// An entry that says anything of the store.
    pub(super) fn lying(mut self, entry: [u32; 4]) -> Self {
        self.entries.retain(|other| other[0] != entry[0]);
        self.entries.push(entry);
        self
    }

    /// Intro, index and store.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut bytes = vec![0x8e, 0xad, 0xe8, 1, 0, 0, 0, 0];
        bytes.extend(u32::try_from(self.entries.len()).unwrap().to_be_bytes());
        bytes.extend(u32::try_from(self.store.len()).unwrap().to_be_bytes());
        self.entries.iter().flatten().for_each(|word| bytes.extend(word.to_be_bytes()));
        bytes.extend(&self.store);
        bytes
    }
}

/// What every package must say.
pub(super) fn least() -> Forged {
    Forged::default()
        .with(1000, Text("forged"))
        .with(1001, Text("1.0"))
        .with(1002, Text("1"))
        .with(1022, Text("noarch"))
        .with(1044, Text("forged-1.0-1.src.rpm"))
}

/// Puts a package together.
pub(super) fn package(major: u8, signature: &Forged, main: &Forged, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0xed, 0xab, 0xee, 0xdb, major, 0];
    bytes.resize(96, 0);
    bytes.extend(signature.bytes());
    bytes.resize(bytes.len().next_multiple_of(8), 0);
    bytes.extend(main.bytes());
    bytes.extend(payload);
    bytes
}

/// A package of format 6: digests only in the signature header, sizes in 64 bits, the payload's
/// digest and size in the main header.
pub(super) fn version_6(payload: &[u8]) -> Vec<u8> {
    let digest: &'static str = hex::encode(Sha256::digest(payload)).leak();
    let main = least()
        .with(1003, Int32(vec![7]))
        .with(1030, Int16(vec![0o100_644]))
        .with(1116, Int32(vec![0]))
        .with(1117, Texts(vec!["file"]))
        .with(1118, Texts(vec!["/usr/share/"]))
        .with(5008, Int64(vec![5 << 32]))
        .with(5009, Int64(vec![5 << 32]))
        .with(5092, Texts(vec![digest]))
        .with(5093, Int32(vec![8]))
        .with(5096, Text("acme:1:20260115:c0ffee"))
        .with(5112, Int64(vec![payload.len() as u64]))
        .with(5113, Int64(vec![6 << 32]))
        .with(5114, Int32(vec![6]));
    let digest: &'static str = hex::encode(Sha256::digest(main.bytes())).leak();
    let signature = Forged::default().with(273, Text(digest)).with(999, Bytes(vec![0; 100]));
    package(4, &signature, &main, payload)
}
