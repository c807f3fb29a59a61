//! A package's elements in `primary`, `filelists` and `other`.
//!
//! The same as `createrepo_c` writes (tested with real packages, see `tests/e2e/yum.rs` for what
//! differs). Everything but `<location>` depends on the payload alone, so the text is made once
//! at upload: the *fragment*. The place of the file is added when an index is assembled.

use std::collections::HashSet;
use std::fmt::Write as _;

use super::xml;
use crate::formats::evr::Evr;
use crate::formats::rpm::{Comparison, Dependency, File, FileKind, Package};

/// Stands between the parts of a fragment. XML cannot contain it, so no element does.
const SEPARATOR: char = '\u{1e}';
/// Changes of a package that the index tells, the newest.
const CHANGES: usize = 10;

/// The parts of a fragment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Elements<'a> {
    before_location: &'a str,
    after_location: &'a str,
    filelists: &'a str,
    other: &'a str,
}

impl<'a> Elements<'a> {
    /// Takes a fragment apart; `None` if it is none.
    pub fn of(fragment: &'a str) -> Option<Self> {
        let mut parts = fragment.split(SEPARATOR);
        let mut next = || parts.next();
        let elements = Self {
            before_location: next()?,
            after_location: next()?,
            filelists: next()?,
            other: next()?,
        };
        next().is_none().then_some(elements)
    }

    /// Appends the element of `primary`; the payload is at `location` below the repository.
    pub fn write_primary(&self, location: &str, index: &mut Vec<u8>) {
        let mut line = String::with_capacity(location.len() + 32);
        line.push_str("  <location");
        xml::attribute(&mut line, "href", location);
        line.push_str("/>\n");
        for part in [self.before_location, &line, self.after_location] {
            index.extend_from_slice(part.as_bytes());
        }
    }

    /// Appends the element of `filelists`.
    pub fn write_filelists(&self, index: &mut Vec<u8>) {
        index.extend_from_slice(self.filelists.as_bytes());
    }

    /// Appends the element of `other`.
    pub fn write_other(&self, index: &mut Vec<u8>) {
        index.extend_from_slice(self.other.as_bytes());
    }
}

/// All elements of a package, without its location. `sha256` and `size_bytes` are those of its
/// file.
pub fn fragment(package: &Package, sha256: &[u8; 32], size_bytes: u64) -> String {
    let mut text = String::with_capacity(4096);
    let id = hex::encode(sha256);
    primary(&mut text, package, &id, size_bytes);
    text.push(SEPARATOR);
    open(&mut text, package, &id);
    for file in &package.files {
        file_element(&mut text, "  ", file);
    }
    text.push_str("</package>\n");
    text.push(SEPARATOR);
    open(&mut text, package, &id);
    changelog(&mut text, package);
    text.push_str("</package>\n");
    text
}

fn primary(out: &mut String, package: &Package, id: &str, size_bytes: u64) {
    out.push_str("<package type=\"rpm\">\n");
    xml::element(out, "  ", "name", &package.name);
    xml::element(out, "  ", "arch", &package.arch);
    version(out, package);
    let _infallible = writeln!(out, "  <checksum type=\"sha256\" pkgid=\"YES\">{id}</checksum>");
    xml::element(out, "  ", "summary", &package.summary);
    xml::element(out, "  ", "description", &package.description);
    xml::element(out, "  ", "packager", &package.packager);
    xml::element(out, "  ", "url", &package.url);
    let Package { build_time, installed_bytes, archive_bytes, .. } = package;
    let _infallible = writeln!(
        out,
        "  <time file=\"{build_time}\" build=\"{build_time}\"/>\n  \
         <size package=\"{size_bytes}\" installed=\"{installed_bytes}\" \
         archive=\"{archive_bytes}\"/>"
    );
    out.push(SEPARATOR);
    out.push_str("  <format>\n");
    for (name, value) in [
        ("rpm:license", &package.license),
        ("rpm:vendor", &package.vendor),
        ("rpm:group", &package.group),
        ("rpm:buildhost", &package.build_host),
        ("rpm:sourcerpm", &package.source_rpm),
    ] {
        xml::element(out, "    ", name, value);
    }
    let range = &package.header_range;
    let _infallible =
        writeln!(out, "    <rpm:header-range start=\"{}\" end=\"{}\"/>", range.start, range.end);
    dependencies(out, "provides", &package.provides, false);
    requires(out, package);
    for (kind, list) in [
        ("conflicts", &package.conflicts),
        ("obsoletes", &package.obsoletes),
        ("suggests", &package.suggests),
        ("enhances", &package.enhances),
        ("recommends", &package.recommends),
        ("supplements", &package.supplements),
    ] {
        dependencies(out, kind, list, false);
    }
    for file in package.files.iter().filter(|file| is_well_known(&file.path)) {
        file_element(out, "    ", file);
    }
    out.push_str("  </format>\n</package>\n");
}

/// Opens the element of a package in `filelists` and `other`.
fn open(out: &mut String, package: &Package, id: &str) {
    out.push_str("<package");
    xml::attribute(out, "pkgid", id);
    xml::attribute(out, "name", &package.name);
    xml::attribute(out, "arch", &package.arch);
    out.push_str(">\n");
    version(out, package);
}

fn version(out: &mut String, package: &Package) {
    out.push_str("  <version");
    xml::attribute(out, "epoch", &package.epoch.unwrap_or_default().to_string());
    xml::attribute(out, "ver", &package.version);
    xml::attribute(out, "rel", &package.release);
    out.push_str("/>\n");
}

fn file_element(out: &mut String, indent: &str, file: &File) {
    if file.path.is_empty() {
        return;
    }
    out.push_str(indent);
    out.push_str(match file.kind() {
        FileKind::File => "<file>",
        FileKind::Directory => "<file type=\"dir\">",
        FileKind::Ghost => "<file type=\"ghost\">",
    });
    xml::text(out, &file.path);
    out.push_str("</file>\n");
}

/// The files that other packages may require without a client fetching `filelists`.
fn is_well_known(path: &str) -> bool {
    path.starts_with("/etc/") || path == "/usr/lib/sendmail" || path.contains("bin/")
}

/// What must come from elsewhere: neither a feature of rpm itself, nor what the package brings.
fn requires(out: &mut String, package: &Package) {
    let provided: HashSet<_> = package.provides.iter().map(key).collect();
    let mut files: Option<HashSet<&str>> = None;
    let mut brings = |path: &str| {
        let files = files
            .get_or_insert_with(|| package.files.iter().map(|file| file.path.as_str()).collect());
        is_well_known(path) && files.contains(path)
    };
    let mut seen = HashSet::new();
    let wanted: Vec<&Dependency> = package
        .requires
        .iter()
        .filter(|required| {
            let name = required.name.as_str();
            let is_given = required.is_rpmlib()
                || provided.contains(&key(required))
                || (name.starts_with('/') && brings(name));
            !is_given && seen.insert((key(required), required.is_pre()))
        })
        .collect();
    dependencies(out, "requires", wanted, true);
}

/// What makes two dependencies the same.
fn key(dependency: &Dependency) -> (&str, Option<&str>, &str) {
    let flags = dependency.comparison().map(flags);
    (&dependency.name, flags, &dependency.version)
}

fn flags(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Less => "LT",
        Comparison::LessOrEqual => "LE",
        Comparison::Equal => "EQ",
        Comparison::GreaterOrEqual => "GE",
        Comparison::Greater => "GT",
    }
}

fn dependencies<'a>(
    out: &mut String,
    kind: &str,
    list: impl IntoIterator<Item = &'a Dependency>,
    tells_pre: bool,
) {
    let mut list = list.into_iter().peekable();
    if list.peek().is_none() {
        return;
    }
    let _infallible = writeln!(out, "    <rpm:{kind}>");
    for dependency in list {
        out.push_str("      <rpm:entry");
        xml::attribute(out, "name", &dependency.name);
        if let Some(comparison) = dependency.comparison() {
            let Evr { epoch, version, release } = dependency.evr();
            xml::attribute(out, "flags", flags(comparison));
            xml::attribute(out, "epoch", epoch.unwrap_or("0"));
            xml::attribute(out, "ver", version);
            if let Some(release) = release {
                xml::attribute(out, "rel", release);
            }
        }
        if tells_pre && dependency.is_pre() {
            xml::attribute(out, "pre", "1");
        }
        out.push_str("/>\n");
    }
    let _infallible = writeln!(out, "    </rpm:{kind}>");
}

/// The newest changes, the oldest of them first. Changes of one second are told a second apart,
/// as `createrepo_c` does: clients sort them by time.
fn changelog(out: &mut String, package: &Package) {
    let mut last: Option<u64> = None;
    for change in package.changelog.iter().take(CHANGES).rev() {
        let time = match last {
            Some(last) if last >= change.time => last + 1,
            _ => change.time,
        };
        last = Some(time);
        out.push_str("  <changelog");
        xml::attribute(out, "author", change.author.trim_end_matches(' '));
        xml::attribute(out, "date", &time.to_string());
        out.push('>');
        xml::text(out, &change.text);
        out.push_str("</changelog>\n");
    }
}
