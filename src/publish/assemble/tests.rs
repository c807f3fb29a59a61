//! Publishing against a shelf in memory.

use std::collections::HashMap;
use std::convert::Infallible;
use std::io::Read as _;

use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use sha2::{Digest as _, Sha256};

use super::*;
use crate::formats::deb822::stanzas;
use crate::formats::decompress::Compression;
use crate::formats::rpm::write::Recipe;
use crate::formats::yum::metadata::Kind;
use crate::formats::{rpm, yum};
use crate::publish::Piece;

/// Keeps everything in memory and counts what is asked.
#[derive(Default)]
struct Memory {
    pieces: HashMap<PieceId, Piece>,
    made: usize,
    read: usize,
}

impl Shelf for Memory {
    type Error = Infallible;

    fn fragment(&mut self, entry: &Entry) -> Result<String, Infallible> {
        let Entry { name, architecture, file_name, .. } = entry;
        if let Some(kind) = entry.metadata {
            return Ok(format!("<{}-of-{file_name}/>\n", kind.name()));
        }
        if file_name.ends_with(".rpm") {
            let package = rpm::parse(&rpm_package(name)).unwrap();
            return Ok(yum::fragment(&package, &entry.sha256, 1));
        }
        Ok(format!("Package: {name}\nArchitecture: {architecture}\nVersion: 1.0\n"))
    }

    fn find_piece(&mut self, id: PieceId, _: &[Form]) -> Result<Option<Sizes>, Infallible> {
        Ok(self.pieces.get(&id).map(Piece::sizes))
    }

    fn put_piece(&mut self, piece: Piece) -> Result<(), Infallible> {
        self.made += 1;
        self.pieces.insert(piece.id, piece);
        Ok(())
    }

    fn read_pieces(
        &mut self,
        ids: &[PieceId],
        form: Form,
        sink: &mut dyn FnMut(&[u8]),
    ) -> Result<(), Infallible> {
        for id in ids {
            self.read += 1;
            sink(self.pieces[id].bytes(form));
        }
        Ok(())
    }
}

impl Memory {
    fn content(&self, generation: &Generation, path: &str) -> Vec<u8> {
        let file = generation.find(path).expect(path);
        let part = |part: &Part| self.pieces[&part.piece].bytes(file.form).to_vec();
        file.parts.iter().flat_map(part).collect()
    }
}

fn key() -> SigningKey {
    SigningKey::parse(include_str!("../../../testdata/openpgp/repository.secret.asc")).unwrap()
}

fn entry(name: &str, architecture: &str) -> Entry {
    Entry {
        metadata: None,
        name: name.to_owned(),
        architecture: architecture.to_owned(),
        file_name: format!("{name}_1.0_{architecture}.deb"),
        sha256: Sha256::digest(name).into(),
    }
}

fn rpm_package(name: &str) -> Vec<u8> {
    let ghosts = vec![format!("/usr/bin/{name}"), format!("/usr/share/{name}/file")];
    let changelog = vec![("Ana - 1.0".to_owned(), 7, "- mended".to_owned())];
    Recipe { ghosts, changelog, ..Recipe::new(name, "1.0") }.build().unwrap()
}

fn rpm_entry(name: &str) -> Entry {
    Entry { file_name: format!("{name}-1.0-1.noarch.rpm"), ..entry(name, "noarch") }
}

fn run(shelf: &mut Memory, entries: &[Entry], previous: Option<&Generation>) -> Outcome {
    let is_rpm = entries.iter().any(|entry| entry.file_name.ends_with(".rpm"));
    let format = if is_rpm { Format::Yum } else { Format::Apt };
    let key = key();
    let now = "2024-06-07T08:09:10Z".parse().unwrap();
    let request = Request { format, slug: "files", key: &key, now };
    publish(shelf, request, StdRng::seed_from_u64(1), entries.to_vec(), previous).unwrap()
}

fn published(shelf: &mut Memory, entries: &[Entry], previous: Option<&Generation>) -> Generation {
    match run(shelf, entries, previous) {
        Outcome::Published(generation) => generation,
        Outcome::Unchanged => panic!("expected a new generation"),
    }
}

fn names(index: &[u8]) -> Vec<String> {
    stanzas(index).map(|stanza| stanza.unwrap().get("Package").unwrap().to_owned()).collect()
}

#[test]
fn d_repo_03_both_architectures_always_and_all_in_each() {
    let mut shelf = Memory::default();
    let entries = [entry("a", "all"), entry("m", "amd64"), entry("r", "arm64")];
    let generation = published(&mut shelf, &entries, None);
    let table = [
        ("D-REPO-03", "PKGS/binary-amd64/Packages", vec!["a", "m"]),
        ("D-REPO-03", "PKGS/binary-i386/Packages", vec!["a"]),
        ("D-REPO-03", "PKGS/binary-arm64/Packages", vec!["a", "r"]),
        ("D-REPO-03", "PKGS/source/Sources", vec![]),
    ];
    for (rule, path, expected) in table {
        assert_eq!(names(&shelf.content(&generation, path)), expected, "{rule} {path}");
    }
    assert!(generation.statement().contains("\nArchitectures: amd64 arm64 i386\n"));
    assert!(!generation.statement().contains("binary-all"));
}

#[test]
fn d_repo_03_an_empty_deployment_has_valid_indexes() {
    let mut shelf = Memory::default();
    let generation = published(&mut shelf, &[], None);
    for file in &generation.files {
        let bytes = shelf.content(&generation, &file.path);
        let kind = match file.form {
            Form::Plain => Compression::None,
            Form::Gzip => Compression::Gzip,
            Form::Zstd => Compression::Zstd,
        };
        let mut text = Vec::new();
        kind.reader(&bytes[..]).unwrap().read_to_end(&mut text).unwrap();
        assert_eq!(text, b"", "{}", file.path);
        assert!(file.form == Form::Plain || !bytes.is_empty(), "{}", file.path);
    }
    assert_eq!(generation.files.len(), 9);
}

#[test]
fn d_repo_03_release_lists_every_index_with_its_digest() {
    let mut shelf = Memory::default();
    let entries: Vec<Entry> = (0..300).map(|n| entry(&format!("p{n}"), "all")).collect();
    let generation = published(&mut shelf, &entries, None);
    assert!(generation.files[0].parts.len() > 2, "several pieces");
    for file in &generation.files {
        let bytes = shelf.content(&generation, &file.path);
        let digest: [u8; 32] = Sha256::digest(&bytes).into();
        assert_eq!((bytes.len() as u64, digest), (file.size_bytes, file.sha256), "{}", file.path);
        let line = format!(" {} {:>10} {}\n", hex::encode(digest), bytes.len(), file.path);
        assert!(generation.statement().contains(&line), "{}", file.path);
        assert_eq!(
            generation.find(&Format::Apt.index_path(&file.path, &file.sha256)).unwrap().sha256,
            file.sha256
        );
    }
    for (form, kind) in [(".gz", Compression::Gzip), (".zst", Compression::Zstd)] {
        let packed = shelf.content(&generation, &format!("PKGS/binary-i386/Packages{form}"));
        let mut text = Vec::new();
        kind.reader(&packed[..]).unwrap().read_to_end(&mut text).unwrap();
        assert_eq!(text, shelf.content(&generation, "PKGS/binary-i386/Packages"), "{form}");
        assert_eq!(names(&text).len(), 300);
    }
}

#[test]
fn no_change_gives_no_generation_and_reads_nothing() {
    let mut shelf = Memory::default();
    let entries: Vec<Entry> = (0..200).map(|n| entry(&format!("p{n}"), "all")).collect();
    let first = published(&mut shelf, &entries, None);
    (shelf.made, shelf.read) = (0, 0);
    let mut shuffled = entries.clone();
    shuffled.reverse();
    assert_eq!(run(&mut shelf, &shuffled, Some(&first)), Outcome::Unchanged);
    assert_eq!((shelf.made, shelf.read), (0, 0));

    let other_key = Generation { signed_by: "another".to_owned(), ..first.clone() };
    let signed_again = published(&mut shelf, &entries, Some(&other_key));
    assert_eq!(signed_again, first, "D-REPO-05: publishing signs with the present key");
}

#[test]
fn a_change_makes_one_piece_and_leaves_other_architectures_alone() {
    let mut shelf = Memory::default();
    let mut entries: Vec<Entry> = (0..400).map(|n| entry(&format!("p{n}"), "all")).collect();
    entries.extend((0..400).map(|n| entry(&format!("m{n}"), "amd64")));
    let first = published(&mut shelf, &entries, None);
    (shelf.made, shelf.read) = (0, 0);
    entries.push(entry("m77x", "amd64"));
    let second = published(&mut shelf, &entries, Some(&first));
    assert!((1..=2).contains(&shelf.made), "{} pieces made", shelf.made);
    assert_eq!(
        second.find("PKGS/binary-i386/Packages"),
        first.find("PKGS/binary-i386/Packages"),
        "i386 is the same file"
    );
    let fresh = published(&mut Memory::default(), &entries, None);
    assert_eq!(second, fresh, "the way there does not matter");
}

#[test]
fn a_change_near_the_end_is_hashed_from_the_last_mark_on() {
    let mut shelf = Memory::default();
    let mut entries: Vec<Entry> = (0..3_000).map(|n| entry(&format!("p{n:04}"), "all")).collect();
    entries.extend((0..3_000).map(|n| entry(&format!("m{n:04}"), "amd64")));
    let mut previous = published(&mut shelf, &entries, None);
    let pieces = previous.find("PKGS/binary-amd64/Packages").unwrap().parts.len();
    for (name, architecture, most) in [("m2990x", "amd64", 20), ("p2990x", "all", pieces)] {
        entries.push(entry(name, architecture));
        shelf.read = 0;
        previous = published(&mut shelf, &entries, Some(&previous));
        assert!(shelf.read <= 3 * most, "{name}: {} of {pieces} pieces read", shelf.read);
        let fresh = published(&mut Memory::default(), &entries, None);
        assert_eq!(previous, fresh, "{name}: the way there does not matter");
    }
}

#[test]
fn a_name_that_leads_elsewhere_is_no_repository() {
    let key = key();
    for slug in ["", ".", "..", "a/b", "..x/", "a b", "a\n"] {
        let now = Timestamp::UNIX_EPOCH;
        let request = Request { format: Format::Apt, slug, key: &key, now };
        let random = StdRng::seed_from_u64(1);
        let refused = publish(&mut Memory::default(), request, random, Vec::new(), None);
        assert!(matches!(refused, Err(PublishError::Suite(_))), "{slug:?}");
    }
}

/// An index of yum, unpacked.
fn unpacked(shelf: &Memory, generation: &Generation, path: &str) -> String {
    let packed = shelf.content(generation, path);
    let mut text = String::new();
    Compression::Gzip.reader(&packed[..]).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[test]
fn d_repo_04_repomd_tells_what_the_indexes_are_packed_and_plain() {
    let mut shelf = Memory::default();
    let entries: Vec<Entry> = (0..200).map(|n| rpm_entry(&format!("p{n:03}"))).collect();
    let generation = published(&mut shelf, &entries, None);
    let rows = [
        ("D-REPO-04", "repodata/primary.xml.gz", "<metadata ", "<name>p007</name>"),
        ("D-REPO-04", "repodata/filelists.xml.gz", "<filelists ", "/usr/share/p007/file"),
        ("D-REPO-04", "repodata/other.xml.gz", "<otherdata ", "name=\"p007\""),
    ];
    assert_eq!(generation.files.len(), rows.len());
    for (rule, path, root, part) in rows {
        let file = generation.find(path).expect(path);
        assert!(file.parts.len() > 3, "{rule} {path}: head, pieces, tail");
        let packed = shelf.content(&generation, path);
        let text = unpacked(&shelf, &generation, path);
        assert!(text.contains(root) && text.contains(part), "{rule} {path}");
        assert!(text.contains(" packages=\"200\">"), "{rule} {path}");
        assert_eq!(text.matches("<package ").count(), 200, "{rule} {path}");
        let digest = |bytes: &[u8]| hex::encode(Sha256::digest(bytes));
        let repomd = generation.statement();
        for expected in [
            format!("<checksum type=\"sha256\">{}</checksum>", digest(&packed)),
            format!("<open-checksum type=\"sha256\">{}</open-checksum>", digest(text.as_bytes())),
            format!("<size>{}</size>", packed.len()),
            format!("<open-size>{}</open-size>", text.len()),
            format!("href=\"{}\"", Format::Yum.index_path(path, &file.sha256)),
        ] {
            assert!(repomd.contains(&expected), "{rule} {path} {expected}: {repomd}");
        }
    }
    let last = generation.texts.last().unwrap();
    assert_eq!(last.path, "repodata/repomd.xml", "it appears after its signature");
}

#[test]
fn d_repo_04_one_package_more_makes_its_pieces_and_the_heads_only() {
    let mut shelf = Memory::default();
    let mut entries: Vec<Entry> = (0..400).map(|n| rpm_entry(&format!("p{n:03}"))).collect();
    let first = published(&mut shelf, &entries, None);
    shelf.made = 0;
    entries.push(rpm_entry("p077x"));
    let second = published(&mut shelf, &entries, Some(&first));
    // Each table: one piece or two of packages, and the head with the number of packages.
    assert!((6..=9).contains(&shelf.made), "{} pieces made", shelf.made);
    let fresh = published(&mut Memory::default(), &entries, None);
    assert_eq!(second, fresh, "the way there does not matter");
    (shelf.made, shelf.read) = (0, 0);
    assert_eq!(run(&mut shelf, &entries, Some(&second)), Outcome::Unchanged);
    assert_eq!((shelf.made, shelf.read), (0, 0));
}

fn metadata(kind: Kind, file_name: &str) -> Entry {
    Entry { metadata: Some(kind), file_name: file_name.to_owned(), ..entry("", "") }
}

#[test]
fn d_repo_04_metadata_stands_beside_the_packages_what_several_files_say_together() {
    let mut shelf = Memory::default();
    let packages = [rpm_entry("b"), rpm_entry("a")];
    let plain = published(&mut shelf, &packages, None);
    let entries = [
        metadata(Kind::Modules, "m.yaml"),
        metadata(Kind::Comps, "y.xml"),
        rpm_entry("b"),
        metadata(Kind::Comps, "x.xml"),
        rpm_entry("a"),
        metadata(Kind::Updateinfo, "u.xml"),
    ];
    shelf.made = 0;
    let generation = published(&mut shelf, &entries, Some(&plain));
    // Head, fragments and tail of each; modules have fragments only.
    assert_eq!(shelf.made, 7, "nothing of the packages is made again");
    let comps = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<comps>\n<comps-of-x.xml/>\n\
                 <comps-of-y.xml/>\n</comps>\n";
    let rows = [
        ("D-REPO-04", "group", "repodata/comps.xml", comps),
        ("D-REPO-04", "group_gz", "repodata/comps.xml.gz", comps),
        (
            "D-REPO-04",
            "updateinfo",
            "repodata/updateinfo.xml.gz",
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<updates>\n<updateinfo-of-u.xml/>\n\
             </updates>\n",
        ),
        ("D-REPO-04", "modules", "repodata/modules.yaml.gz", "<modules-of-m.yaml/>\n"),
    ];
    assert_eq!(generation.files.len(), 3 + rows.len());
    let repomd = generation.statement();
    for (rule, kind, path, expected) in rows {
        let content = shelf.content(&generation, path);
        let text = match path.ends_with(".gz") {
            true => unpacked(&shelf, &generation, path),
            false => String::from_utf8(content.clone()).unwrap(),
        };
        assert_eq!(text, expected, "{rule} {path}");
        let begin = format!("<data type=\"{kind}\">");
        let (_, about) = repomd.split_once(&begin).expect(kind);
        let (about, _) = about.split_once("</data>").unwrap();
        let sha256 = Sha256::digest(&content).into();
        let href = format!("href=\"{}\"", Format::Yum.index_path(path, &sha256));
        assert!(about.contains(&href), "{rule} {kind}: {about}");
        assert_eq!(about.contains("open-size"), path.ends_with(".gz"), "{rule} {kind}: {about}");
    }
    let primary = unpacked(&shelf, &generation, "repodata/primary.xml.gz");
    assert!(primary.contains(" packages=\"2\">"), "metadata is no package");
    assert_eq!(run(&mut shelf, &entries, Some(&generation)), Outcome::Unchanged);
    let fresh = published(&mut Memory::default(), &entries, None);
    assert_eq!(generation, fresh, "the way there does not matter");
    assert_eq!(published(&mut shelf, &packages, Some(&generation)), plain, "and back");
}

#[test]
fn a_package_of_another_format_is_refused() {
    let mut shelf = Memory::default();
    let key = key();
    let now = Timestamp::UNIX_EPOCH;
    let request = Request { format: Format::Yum, slug: "files", key: &key, now };
    let entries = vec![entry("a", "all")];
    let refused = publish(&mut shelf, request, StdRng::seed_from_u64(1), entries, None);
    assert!(matches!(refused, Err(PublishError::Fragment(name)) if name == "a_1.0_all.deb"));
}

proptest! {
    #[test]
    fn ranks_are_in_the_order_of_the_entries(
        a in ("[a-c]{0,18}", "all|a|ar|arm64|armhf", "[a-c]{0,2}"),
        b in ("[a-c]{0,18}", "all|a|ar|arm64|armhf", "[a-c]{0,2}"),
        kinds in (option::of(select(&Kind::ALL[..])), option::of(select(&Kind::ALL[..]))),
    ) {
        for format in Format::ALL {
            let layout = format.layout();
            let [a, b] = [(&a, kinds.0), (&b, kinds.1)].map(|((name, architecture, file), kind)| {
                let metadata = kind.filter(|_| format == Format::Yum);
                Entry { metadata, file_name: file.clone(), ..entry(name, architecture) }
            });
            let ranks = layout.rank(&a).cmp(&layout.rank(&b));
            prop_assert!(ranks.is_eq() || ranks == layout.order(&a, &b), "{:?} {:?}", a, b);
        }
    }
}
