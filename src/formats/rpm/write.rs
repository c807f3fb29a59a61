//! Writes small RPM packages (format 4), as rpm, dnf and createrepo_c accept them: for tests and
//! measurements that need many packages fast. Files are named, not contained.

use std::io::{self, Write as _};

use md5::Md5;
use sha1::Sha1;
use sha2::{Digest as _, Sha256};

const INTRO: [u8; 8] = [0x8e, 0xad, 0xe8, 1, 0, 0, 0, 0];
const BINARY: u32 = 7;
/// Tags of the regions, which say that index and store are one piece.
const SIGNATURES: u32 = 62;
const IMMUTABLE: u32 = 63;
/// `RPMSENSE_EQUAL`
const EQUAL: u32 = 1 << 3;
/// A cpio archive (`newc`) without files.
const EMPTY_ARCHIVE: &str = "07070100000000000000000000000000000000000000010000000000000000\
                             000000000000000000000000000000000000000B00000000TRAILER!!!\0\0\0\0";

/// What to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipe {
    pub name: String,
    pub version: String,
    pub release: String,
    pub arch: String,
    pub summary: String,
    pub description: String,
    /// Absolute paths of files that rpm calls ghosts: they belong to the package, and nothing of
    /// them is in its payload.
    pub ghosts: Vec<String>,
    /// Names without a version.
    pub requires: Vec<String>,
    /// Author, seconds since 1970, text; newest first.
    pub changelog: Vec<(String, u32, String)>,
    /// Makes the payload differ.
    pub salt: Vec<u8>,
    /// Bytes that make the payload longer: the archive is followed by nothing that is read.
    pub padding_bytes: usize,
}

impl Recipe {
    /// A package for all architectures without files.
    pub fn new(name: &str, version: &str) -> Self {
        Self {
            name: name.to_owned(),
            version: version.to_owned(),
            release: "1".to_owned(),
            arch: "noarch".to_owned(),
            summary: format!("{name} of the tests"),
            description: format!("{name} was made for the tests."),
            ghosts: Vec::new(),
            requires: Vec::new(),
            changelog: Vec::new(),
            salt: Vec::new(),
            padding_bytes: 0,
        }
    }

    /// `name-version-release.arch.rpm`
    pub fn file_name(&self) -> String {
        format!("{}-{}-{}.{}.rpm", self.name, self.version, self.release, self.arch)
    }

    /// The bytes of the package.
    ///
    /// # Errors
    /// None that a gzip stream in memory does not give.
    pub fn build(&self) -> io::Result<Vec<u8>> {
        let mut payload =
            flate2::GzBuilder::new().extra(self.salt.clone()).write(Vec::new(), LEVEL);
        payload.write_all(EMPTY_ARCHIVE.as_bytes())?;
        let mut payload = payload.finish()?;
        payload.resize(payload.len() + self.padding_bytes, 0);
        let main = self.main(&payload).bytes(IMMUTABLE);
        let mut md5 = Md5::new_with_prefix(&main);
        md5.update(&payload);
        let signature = Table::default()
            .text(269, &hex::encode(Sha1::digest(&main)))
            .text(273, &hex::encode(Sha256::digest(&main)))
            .numbers(1000, &[word(main.len() + payload.len())])
            .binary(1004, &md5.finalize())
            .numbers(1007, &[word(EMPTY_ARCHIVE.len())]);
        let mut bytes = vec![0xed, 0xab, 0xee, 0xdb, 3, 0, 0, 0, 0, 1];
        let name = self.name.as_bytes();
        bytes.extend_from_slice(name.get(..65).unwrap_or(name));
        bytes.resize(76, 0);
        bytes.extend_from_slice(&[0, 1, 0, 5]);
        bytes.resize(96, 0);
        bytes.extend(signature.bytes(SIGNATURES));
        bytes.resize(bytes.len().next_multiple_of(8), 0);
        bytes.extend(main);
        bytes.extend(payload);
        Ok(bytes)
    }

    fn main(&self, payload: &[u8]) -> Table {
        let Self { name, version, release, arch, summary, description, .. } = self;
        let evr = format!("{version}-{release}");
        let mut main = Table::default()
            .texts(100, &["C"])
            .text(1000, name)
            .text(1001, version)
            .text(1002, release)
            .localized(1004, summary)
            .localized(1005, description)
            .numbers(1006, &[1_717_747_750])
            .text(1007, "builder.example")
            .numbers(1009, &[0])
            .text(1014, "MIT")
            .localized(1016, "Unspecified")
            .text(1021, "linux")
            .text(1022, arch)
            .text(1044, &format!("{name}-{evr}.src.rpm"))
            .texts(1047, &[name])
            .texts(1113, &[&evr])
            .numbers(1112, &[EQUAL]);
        if !self.requires.is_empty() {
            let names: Vec<&str> = self.requires.iter().map(String::as_str).collect();
            main = main
                .numbers(1048, &vec![0; names.len()])
                .texts(1049, &names)
                .texts(1050, &vec![""; names.len()]);
        }
        if !self.changelog.is_empty() {
            let times: Vec<u32> = self.changelog.iter().map(|change| change.1).collect();
            let authors: Vec<&str> = self.changelog.iter().map(|change| &*change.0).collect();
            let texts: Vec<&str> = self.changelog.iter().map(|change| &*change.2).collect();
            main = main.numbers(1080, &times).texts(1081, &authors).texts(1082, &texts);
        }
        main.files(&self.ghosts)
            .text(1124, "cpio")
            .text(1125, "gzip")
            .text(1126, "6")
            .texts(5092, &[&hex::encode(Sha256::digest(payload))])
            .numbers(5093, &[8])
    }
}

const LEVEL: flate2::Compression = flate2::Compression::new(6);

/// A header that is being put together.
#[derive(Default)]
struct Table {
    values: Vec<Stored>,
}

/// A value and where it will be.
struct Stored {
    tag: u32,
    kind: u32,
    count: usize,
    /// Offsets are multiples of it.
    width: usize,
    bytes: Vec<u8>,
}

impl Table {
    fn add(mut self, tag: u32, kind: u32, count: usize, width: usize, bytes: &[u8]) -> Self {
        self.values.push(Stored { tag, kind, count, width, bytes: bytes.to_vec() });
        self
    }

    fn text(self, tag: u32, text: &str) -> Self {
        self.add(tag, 6, 1, 1, &[text.as_bytes(), b"\0"].concat())
    }

    fn localized(self, tag: u32, text: &str) -> Self {
        self.add(tag, 9, 1, 1, &[text.as_bytes(), b"\0"].concat())
    }

    fn texts(self, tag: u32, texts: &[&str]) -> Self {
        let bytes: Vec<u8> =
            texts.iter().flat_map(|text| [text.as_bytes(), b"\0"].concat()).collect();
        self.add(tag, 8, texts.len(), 1, &bytes)
    }

    fn numbers(self, tag: u32, numbers: &[u32]) -> Self {
        let bytes: Vec<u8> = numbers.iter().flat_map(|number| number.to_be_bytes()).collect();
        self.add(tag, 4, numbers.len(), 4, &bytes)
    }

    fn short_numbers(self, tag: u32, numbers: &[u16]) -> Self {
        let bytes: Vec<u8> = numbers.iter().flat_map(|number| number.to_be_bytes()).collect();
        self.add(tag, 3, numbers.len(), 2, &bytes)
    }

    fn binary(self, tag: u32, bytes: &[u8]) -> Self {
        self.add(tag, BINARY, bytes.len(), 1, bytes)
    }

    /// The lists that describe files: each path as its folder and its name.
    fn files(self, paths: &[String]) -> Self {
        if paths.is_empty() {
            return self;
        }
        let count = paths.len();
        let split = |path: &'_ String| {
            let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
            (format!("{folder}/"), name.to_owned())
        };
        let parts: Vec<(String, String)> = paths.iter().map(split).collect();
        let mut folders: Vec<&str> = parts.iter().map(|(folder, _)| folder.as_str()).collect();
        folders.sort_unstable();
        folders.dedup();
        let place = |folder: &str| folders.binary_search(&folder).map_or(0, word);
        let places: Vec<u32> = parts.iter().map(|(folder, _)| place(folder)).collect();
        let names: Vec<&str> = parts.iter().map(|(_, name)| name.as_str()).collect();
        self.numbers(1028, &vec![0; count])
            .short_numbers(1030, &vec![0o100_644; count])
            .short_numbers(1033, &vec![0; count])
            .numbers(1034, &vec![1_717_747_750; count])
            .texts(1035, &vec![""; count])
            .texts(1036, &vec![""; count])
            .numbers(1037, &vec![1 << 6; count])
            .texts(1039, &vec!["root"; count])
            .texts(1040, &vec!["root"; count])
            .numbers(1095, &vec![1; count])
            .numbers(1096, &(1..=word(count)).collect::<Vec<_>>())
            .texts(1097, &vec![""; count])
            .numbers(1116, &places)
            .texts(1117, &names)
            .texts(1118, &folders)
            .numbers(5011, &[8])
    }

    /// Intro, index and store, with the region `tag` around them. rpm wants the values in the
    /// order of their tags.
    fn bytes(mut self, tag: u32) -> Vec<u8> {
        self.values.sort_by_key(|value| value.tag);
        let (mut entries, mut store) = (Vec::new(), Vec::new());
        for Stored { tag, kind, count, width, bytes } in self.values {
            store.resize(store.len().next_multiple_of(width), 0);
            entries.push([tag, kind, word(store.len()), word(count)]);
            store.extend(bytes);
        }
        let count = word(entries.len() + 1);
        let trailer = [tag, BINARY, (count * 16).wrapping_neg(), 16];
        let region = [tag, BINARY, word(store.len()), 16];
        let mut bytes = INTRO.to_vec();
        bytes.extend(count.to_be_bytes());
        bytes.extend(word(store.len() + 16).to_be_bytes());
        let entries = std::iter::once(&region).chain(&entries);
        entries.flatten().for_each(|word| bytes.extend(word.to_be_bytes()));
        bytes.extend(store);
        trailer.iter().for_each(|word| bytes.extend(word.to_be_bytes()));
        bytes
    }
}

/// Sizes within a header, which are never near the limit here.
fn word(size: usize) -> u32 {
    u32::try_from(size).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::super::{FileKind, parse};
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let recipe = Recipe {
            ghosts: vec!["/usr/bin/a".to_owned(), "/etc/a/b".to_owned()],
            requires: vec!["other".to_owned()],
            changelog: vec![("Ana <a@e.x> - 1.0".to_owned(), 7, "- more".to_owned())],
            ..Recipe::new("a", "1.0")
        };
        let package = parse(&recipe.build().unwrap()).unwrap();
        assert_eq!((&*package.name, &*package.evr(), &*package.arch), ("a", "1.0-1", "noarch"));
        let files: Vec<_> = package.files.iter().map(|file| (&*file.path, file.kind())).collect();
        assert_eq!(files, [("/usr/bin/a", FileKind::Ghost), ("/etc/a/b", FileKind::Ghost)]);
        assert_eq!(package.requires[0].to_string(), "other");
        assert_eq!(package.provides[0].to_string(), "a = 1.0-1");
        assert_eq!(package.changelog[0].text, "- more");
    }
}
