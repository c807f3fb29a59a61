//! `primary`, `filelists` and `other` beside those of createrepo_c, for more than a hundred real
//! packages.
//!
//! Both are parsed and compared element by element. Three things may differ, and are compared as
//! far as they mean the same:
//!
//! - `<time file="…">`: createrepo_c tells when the file on its disk was changed, we tell the time
//!   of the build again, since a site has rows and no such file.
//! - `<location href="…">`: our payloads are named by content (D-REPO-04), so the file names are
//!   compared, and that the file is there with the digest that the index promises.
//! - `<rpm:requires>`: createrepo_c repeats an entry when another one for the same name stood
//!   between (`/bin/sh`, `/bin/sh` before installing, `/bin/sh`); we tell each once.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

use crate::support::migas;

/// An element with all that is in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Element {
    name: String,
    attributes: BTreeMap<String, String>,
    text: String,
    children: Vec<Element>,
}

impl Element {
    fn of(start: &BytesStart<'_>) -> Element {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let attributes = start.attributes().map(|attribute| {
            let attribute = attribute.unwrap();
            (text(attribute.key.as_ref()), attribute.unescape_value().unwrap().into_owned())
        });
        Element {
            name: text(start.name().as_ref()),
            attributes: attributes.collect(),
            ..Element::default()
        }
    }

    fn child(&self, name: &str) -> &Element {
        let found = self.children.iter().find(|child| child.name == name);
        found.unwrap_or_else(|| panic!("{} has no {name}: {self:#?}", self.name))
    }
}

fn parse(text: &str) -> Element {
    let mut reader = Reader::from_str(text);
    let mut open = vec![Element::default()];
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) => open.push(Element::of(&start)),
            Event::Empty(start) => {
                open.last_mut().unwrap().children.push(Element::of(&start));
            }
            Event::End(_) => {
                let mut closed = open.pop().unwrap();
                // Between elements there is only layout.
                if !closed.children.is_empty() {
                    closed.text.clear();
                }
                open.last_mut().unwrap().children.push(closed);
            }
            Event::Text(text) => {
                open.last_mut().unwrap().text.push_str(&text.unescape().unwrap());
            }
            Event::Eof => break,
            _ => {}
        }
    }
    open.remove(0).children.remove(0)
}

/// A repository on disk.
struct Repository {
    root: PathBuf,
    repomd: Element,
}

impl Repository {
    fn at(root: PathBuf) -> Repository {
        let text = std::fs::read_to_string(root.join("repodata/repomd.xml")).unwrap();
        Repository { root, repomd: parse(&text) }
    }

    /// The index of this kind, after all that repomd.xml says of it was checked.
    fn index(&self, kind: &str) -> Element {
        let mut data = self.repomd.children.iter();
        let data = data.find(|data| data.attributes.get("type").is_some_and(|name| name == kind));
        let data = data.expect(kind);
        let packed =
            std::fs::read(self.root.join(&data.child("location").attributes["href"])).unwrap();
        let mut plain = String::new();
        flate2::read::MultiGzDecoder::new(&packed[..]).read_to_string(&mut plain).unwrap();
        let digest = |bytes: &[u8]| hex::encode(Sha256::digest(bytes));
        assert_eq!(data.child("checksum").text, digest(&packed), "{kind}");
        assert_eq!(data.child("open-checksum").text, digest(plain.as_bytes()), "{kind}");
        assert_eq!(data.child("size").text, packed.len().to_string(), "{kind}");
        assert_eq!(data.child("open-size").text, plain.len().to_string(), "{kind}");
        let index = parse(&plain);
        assert_eq!(index.attributes["packages"], index.children.len().to_string(), "{kind}");
        index
    }
}

/// The packages of an index by their digests, with what may differ made equal.
fn packages(index: &Element) -> BTreeMap<String, Element> {
    let package = |element: &Element| {
        let mut element = element.clone();
        let id = match element.attributes.get("pkgid") {
            Some(id) => id.clone(),
            None => element.child("checksum").text.clone(),
        };
        for child in &mut element.children {
            match child.name.as_str() {
                "time" => drop(child.attributes.remove("file")),
                "location" => {
                    let href = child.attributes.get_mut("href").unwrap();
                    *href = href.rsplit('/').next().unwrap().to_owned();
                }
                "format" => {
                    let mut parts = child.children.iter_mut();
                    if let Some(requires) = parts.find(|part| part.name == "rpm:requires") {
                        let mut once: Vec<Element> = Vec::new();
                        for entry in requires.children.drain(..) {
                            if !once.contains(&entry) {
                                once.push(entry);
                            }
                        }
                        requires.children = once;
                    }
                }
                _ => {}
            }
        }
        (id, element)
    };
    index.children.iter().map(package).collect()
}

/// A spec file with many packages, each a little different.
fn spec(count: usize) -> String {
    let mut spec = String::from(
        "Name: many\nVersion: 1.0\nRelease: 1\nSummary: Many <packages> & \"more\"\nLicense: MIT\n\
         URL: https://example.org/?a=1&b=2\nBuildArch: noarch\nVendor: Añil & Söhne\n\
         Packager: Ana <ana@example.org>\n%description\nMany.\n%prep\n%build\n%install\n",
    );
    let mut rest = String::new();
    let mut files = String::new();
    for n in 0..count {
        let mut fields = String::new();
        let mut field = |text: String| writeln!(fields, "{text}").unwrap();
        field(format!("Summary: Number {n} <of> many & señor \"{n}\""));
        match n % 6 {
            0 => field(format!("Version: 2.{n}~rc{n}")),
            1 => field(format!("Version: 2.{n}^git{n}")),
            2 => field(format!("Epoch: {n}")),
            _ => {}
        }
        match n % 7 {
            0 => field("Requires: many-1 >= 1.0, (many-2 or many-3 < 4:5-6)".to_owned()),
            1 => field("Requires(pre): /usr/bin/many-2\nRequires: many-2 = 1.0-1".to_owned()),
            2 => field("Conflicts: other < 2\nObsoletes: older <= 1:3-4".to_owned()),
            3 => field("Recommends: many-4\nSuggests: many-5 > 7".to_owned()),
            4 => field("Supplements: many-6\nEnhances: (many-7 and many-8)".to_owned()),
            5 => field("Provides: virtual(a:b) = 3:1.0\nRequires: virtual(a:b) = 3:1.0".to_owned()),
            _ => field(format!("Requires: /etc/many/{n}.conf\nRequires: many-9\nRequires: many-9")),
        }
        write!(rest, "%package -n many-{n}\n{fields}%description -n many-{n}\n").unwrap();
        write!(rest, "  Line one of {n} <b>&amp;</b>\n\n  line \"two\", ñandú.\n").unwrap();
        if n % 3 == 0 {
            write!(rest, "%post -n many-{n}\n/usr/bin/many-{n} || :\n").unwrap();
        }
        for path in [
            format!("/usr/bin/many-{n}"),
            format!("/etc/many/{n}.conf"),
            format!("/usr/share/many-{n}/data & <{n}>"),
            format!("/usr/share/many-{n}/empty/x"),
        ] {
            let line = format!(
                "mkdir -p \"$(dirname '%{{buildroot}}{path}')\"\necho {n} > '%{{buildroot}}{path}'\n"
            );
            spec.push_str(&line);
        }
        write!(
            files,
            "%files -n many-{n}\n/usr/bin/many-{n}\n%config(noreplace) /etc/many/{n}.conf\n\
             %dir /usr/share/many-{n}\n\"/usr/share/many-{n}/data & <{n}>\"\n\
             /usr/share/many-{n}/empty\n%ghost /var/log/many-{n}.log\n"
        )
        .unwrap();
    }
    let change = |age: u32| {
        format!(
            "* Mon Jan {:02} 2024 Ana <ana@example.org> - 1.{age}-1\n- Change {age} & <more>\n\n",
            29 - 7 * (age % 4)
        )
    };
    let changes: String = (0..4).map(change).collect();
    format!("{spec}{rest}{files}%changelog\n{changes}")
}

/// Builds `count` packages of one spec file into `folder`, and copies the samples there.
fn fill(folder: &Path, count: usize) {
    let work = TempDir::new().unwrap();
    let path = work.path().join("many.spec");
    std::fs::write(&path, spec(count)).unwrap();
    let define = |name: &str, value: &Path| format!("{name} {}", value.display());
    let output = Command::new("rpmbuild")
        .args(["-bb", "--quiet"])
        .args(["--define", &define("_topdir", work.path())])
        .args(["--define", &define("_rpmdir", folder)])
        .args(["--define", "_rpmfilename %%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm"])
        .args(["--define", "_binary_payload w1.gzdio"])
        .arg(path)
        .env("LC_ALL", "C.UTF-8")
        .output()
        .expect("rpmbuild is installed (`make deps`)");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/rpms");
    for entry in std::fs::read_dir(&samples).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        // createrepo_c leaves packages out whose texts have control characters; we leave the
        // characters out.
        if name.ends_with(".rpm") && !name.starts_with("acme-latin") {
            std::fs::copy(samples.join(&name), folder.join(&name)).unwrap();
        }
    }
}

#[test]
fn d_pms_02_indexes_mean_what_those_of_createrepo_c_mean() {
    let dir = TempDir::new().unwrap();
    let (folder, out) = (dir.path().join("packages"), dir.path().join("out"));
    std::fs::create_dir(&folder).unwrap();
    fill(&folder, 105);
    let key = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/openpgp/repository.secret.asc");
    let built = migas(["repo", "build", "--suite", "files", "--packages"])
        .arg(&folder)
        .arg("--out")
        .arg(&out)
        .arg("--key")
        .arg(key)
        .output()
        .unwrap();
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    let theirs = dir.path().join("createrepo");
    std::fs::create_dir(&theirs).unwrap();
    let created = Command::new("createrepo_c")
        .args(["--quiet", "--no-database", "--outputdir"])
        .args([&theirs, &folder])
        .output()
        .expect("createrepo_c is installed (`make deps`)");
    assert!(created.status.success(), "{}", String::from_utf8_lossy(&created.stderr));

    let (ours, theirs) = (Repository::at(out.join("files")), Repository::at(theirs));
    for kind in ["primary", "filelists", "other"] {
        let (own, expected) = (ours.index(kind), theirs.index(kind));
        let root = |index: &Element| (index.name.clone(), index.attributes.clone());
        assert_eq!(root(&own), root(&expected), "{kind}");
        let (own, expected) = (packages(&own), packages(&expected));
        assert!(own.len() >= 105, "{kind}: {}", own.len());
        assert_eq!(own.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>(), "{kind}");
        for (id, element) in &own {
            assert_eq!(element, &expected[id], "{kind} {id}");
        }
    }
    for package in &ours.index("primary").children {
        let payload =
            std::fs::read(ours.root.join(&package.child("location").attributes["href"])).unwrap();
        assert_eq!(hex::encode(Sha256::digest(&payload)), package.child("checksum").text);
    }
}
