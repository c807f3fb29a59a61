//! Files of metadata: what is kept of them, and the clear message of what is none.

use std::io::Write as _;

use proptest::prelude::*;

use super::*;

const COMPS: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE comps PUBLIC "-//Red Hat, Inc.//DTD Comps info//EN" "comps.dtd">
<!-- groups of the site -->
<comps>
  <group>
    <id>acme-base</id>
    <name>Acme base &amp; more</name>
    <name xml:lang="es">Base de Acme</name>
    <packagelist><packagereq type="mandatory">acme-tools</packagereq></packagelist>
  </group>
  <environment><id>desk</id><name><![CDATA[A <desk>]]></name></environment>
</comps>
"#;
const UPDATES: &str = r#"<updates>
<update from="acme" type="security" version="1"><id>ACME-2026-1</id><title>tools</title>
<severity>Important</severity><pkglist/></update>
<update type="bugfix"><id>ACME-2026-2</id><title/></update></updates>"#;
const MODULES: &str = r#"# of the site
document: modulemd
version: 2
data:
  name: acme
  stream: "1.0"
  summary: >-
    Tools, "quoted"
    and	folded
  license: {module: [MIT]}
  artifacts:
    rpms:
    - acme-tools-0:1.0-1.noarch
...
---
document: modulemd-defaults
version: 1
data: {module: acme, stream: '1.0', profiles: {}}
"#;

fn read(bytes: &[u8]) -> Result<Metadata, MetadataError> {
    let mut reader = Reader::default();
    reader.push(bytes)?;
    reader.finish()
}

fn sections(metadata: &Metadata) -> Vec<(&str, Vec<&str>)> {
    let lines = |section: &'_ Section| section.lines.len();
    assert!(metadata.summary.iter().all(|section| lines(section) > 0));
    let sections = metadata.summary.iter();
    sections.map(|it| (it.name, it.lines.iter().map(String::as_str).collect())).collect()
}

#[test]
fn what_stands_in_the_root_is_kept_and_written_anew() {
    let comps = read(COMPS.as_bytes()).unwrap();
    assert_eq!(comps.kind, Kind::Comps);
    assert_eq!(
        sections(&comps),
        [("groups", vec!["acme-base: Acme base & more"]), ("environments", vec!["desk: A <desk>"])]
    );
    assert_eq!(
        comps.fragment,
        r#"<group>
    <id>acme-base</id>
    <name>Acme base &amp; more</name>
    <name xml:lang="es">Base de Acme</name>
    <packagelist><packagereq type="mandatory">acme-tools</packagereq></packagelist>
  </group>
<environment><id>desk</id><name>A &lt;desk&gt;</name></environment>
"#
    );
    let updates = read(UPDATES.as_bytes()).unwrap();
    assert_eq!(updates.kind, Kind::Updateinfo);
    assert_eq!(
        sections(&updates),
        [("updates", vec!["ACME-2026-1: tools (security, Important)", "ACME-2026-2 (bugfix)"])]
    );
    let modules = read(MODULES.as_bytes()).unwrap();
    assert_eq!(modules.kind, Kind::Modules);
    assert_eq!(sections(&modules), [("modules", vec!["acme:1.0"]), ("defaults", vec!["acme:1.0"])]);
    assert!(modules.fragment.contains(r#""summary": "Tools, \"quoted\" and\tfolded""#));
    assert!(modules.fragment.contains(r#""rpms": ["acme-tools-0:1.0-1.noarch"]"#));
}

/// A whole file of these fragments.
fn whole(kind: Kind, fragments: &[&str]) -> String {
    format!("{}{}{}", kind.head(), fragments.concat(), kind.tail())
}

#[test]
fn fragments_one_after_the_other_are_a_file_again() {
    for text in [COMPS, UPDATES, MODULES] {
        let one = read(text.as_bytes()).unwrap();
        let again = read(whole(one.kind, &[&one.fragment]).as_bytes()).unwrap();
        assert_eq!(again, one);
        let twice = read(whole(one.kind, &[&one.fragment, &one.fragment]).as_bytes()).unwrap();
        assert_eq!(twice.fragment, one.fragment.repeat(2));
        assert_eq!(twice.summary.len(), one.summary.len());
    }
    for empty in ["<comps/>", "<updates></updates>", "<updates>\n</updates>\n"] {
        assert_eq!(read(empty.as_bytes()).unwrap().fragment, "", "{empty}");
    }
}

#[test]
fn packed_files_are_unpacked() {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(COMPS.as_bytes()).unwrap();
    let packed = [
        gzip.finish().unwrap(),
        liblzma::encode_all(COMPS.as_bytes(), 1).unwrap(),
        zstd::encode_all(COMPS.as_bytes(), 1).unwrap(),
        [b"\xef\xbb\xbf", COMPS.as_bytes()].concat(),
    ];
    for bytes in packed {
        assert!(Reader::recognises(&bytes[..Reader::FIRST_BYTES]));
        assert_eq!(read(&bytes).unwrap(), read(COMPS.as_bytes()).unwrap());
    }
}

#[test]
fn what_is_no_metadata_is_named() {
    let deep = format!("<comps>{}", "<a>".repeat(100));
    let deep_yaml = format!("document: {}", "[".repeat(100));
    let long_key = format!("{}: 1", "k".repeat(1001));
    // file                                    what is said
    let table: [(&str, &str); 27] = [
        ("<html><body/></html>", "its root element is \"html\""),
        ("<comps><group></comps>", "line 1 is no well-formed XML"),
        ("<comps>\n<group>\n", "line 3 is no well-formed XML: it ends within group"),
        ("<comps/><comps/>", "comps stands after the root element"),
        ("<comps/>text", "text stands outside of every element"),
        ("<comps><group>&acme;</group></comps>", "line 1 is no well-formed XML"),
        ("<!DOCTYPE a [<!ENTITY x \"y\">]><comps><a>&x;</a></comps>", "no well-formed XML"),
        ("<comps><x:group/></comps>", "x:group has a prefix"),
        ("<comps><a b='1' b='2'/></comps>", "line 1 is no well-formed XML"),
        ("<comps><a b/></comps>", "line 1 is no well-formed XML"),
        ("<comps><1/></comps>", "\"1\" is no name"),
        ("<!-- nothing -->", "there is no element"),
        ("<comps><!DOCTYPE comps></comps>", "a DOCTYPE stands before the root element"),
        ("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><comps/>", "in UTF-8, not \"ISO-8859-1\""),
        (&deep, "line 1 is nested deeper than 64 levels"),
        ("---\ndocument: [", "is no well-formed YAML"),
        ("---\n- a\n", "the document in line 1 is no module metadata: it is a list"),
        ("document: a recipe\nversion: 1\n", "does not say \"document: modulemd\""),
        ("document: modulemd\ndata: {name: a}\n", "it has no version"),
        ("document: modulemd\nversion: 2\ndata: 1\n", "it has no data"),
        ("document: modulemd\nversion: 2\ndata: {}\n", "it names no module"),
        ("document: &a modulemd\nversion: 2\ndata: {name: *a}\n", "refers to another place"),
        ("? [a]\n: b\n", "a key is no text"),
        ("# nothing\n", "the file is empty"),
        ("--- one text\n", "it is a single text"),
        (&deep_yaml, "line 1 is nested deeper than 64 levels"),
        (&long_key, "a key has more than 1000 bytes"),
    ];
    for (text, expected) in table {
        let said = read(text.as_bytes()).expect_err(text).to_string();
        assert!(said.contains(expected), "{text}: {said}");
    }
    assert!(matches!(read(b"<comps>\xff</comps>"), Err(MetadataError::NotText)));
    assert!(matches!(read(b"\x1f\x8b\x08\0truncated"), Err(MetadataError::Unpack(_))));
}

#[test]
fn size_is_bounded_packed_and_unpacked_and_written_anew() {
    let mut reader = Reader::default();
    let piece = vec![b' '; 1 << 20];
    let pushed = (0..33).try_for_each(|_| reader.push(&piece));
    assert!(matches!(pushed, Err(MetadataError::Large)));
    let bomb = zstd::encode_all(&vec![b' '; MAX_BYTES + 1][..], 1).unwrap();
    assert!(matches!(read(&bomb), Err(MetadataError::Large)));
    let growing = format!("<comps><a>{}</a></comps>", ">".repeat(MAX_BYTES / 3));
    assert!(matches!(read(growing.as_bytes()), Err(MetadataError::Large)));
}

#[test]
fn a_summary_ends_where_nobody_reads_on() {
    let many: String = (0..1500).map(|n| format!("<group><id>g{n}</id></group>")).collect();
    let comps = read(format!("<comps>{many}</comps>").as_bytes()).unwrap();
    let [groups] = &*comps.summary else { panic!("one section") };
    assert_eq!((groups.lines.len(), groups.lines.last().unwrap().as_str()), (1001, "…"));
}

fn texts() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), "[<>/&;!\\[\\]a-c\"'= \\n:{},#*-]{0,40}"]
}

proptest! {
    #[test]
    fn any_text_in_an_element_comes_back(text in texts()) {
        let mut element = String::new();
        crate::formats::yum::xml::element(&mut element, "", "a", &text);
        let file = format!("<comps><group>{element}</group></comps>");
        let one = read(file.as_bytes()).unwrap();
        let again = read(whole(one.kind, &[&one.fragment]).as_bytes()).unwrap();
        prop_assert_eq!(again, one);
    }

    #[test]
    fn what_is_accepted_is_accepted_again(text in texts(), kind in 0..3) {
        let file = match kind {
            0 => format!("<updates>{text}</updates>"),
            1 => format!("document: modulemd\nversion: 2\ndata: {{name: a}}\nmore: {text}\n"),
            _ => text,
        };
        if let Ok(one) = read(file.as_bytes()) {
            let again = read(whole(one.kind, &[&one.fragment]).as_bytes()).unwrap();
            prop_assert_eq!(again.fragment, one.fragment);
        }
    }

    #[test]
    fn any_text_is_the_same_within_quotes(text in any::<String>()) {
        let mut quoted = String::new();
        modules::quote(&mut quoted, &text);
        let file = format!("document: modulemd\nversion: 2\ndata: {{name: a, stream: {quoted}}}\n");
        let read = read(file.as_bytes()).unwrap();
        let line = if text.is_empty() { "a".to_owned() } else { format!("a:{text}") };
        prop_assert_eq!(&read.summary[0].lines[0], &line);
    }
}
